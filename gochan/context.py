"""Deadlines, cancellation and values that go down a tree of calls: Go's package context.

Invariants
- A context ends once: `err()` goes from None to one exception and stays.
- A child of a context that can end is in its parent's `_children` until either of them has ended; then it is
  dropped, so that a long-lived parent keeps nothing of what came and went below it.
- The parent's done channel is closed before its children end, and they end in the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar, runtime_checkable

from . import time
from .runtime.chan import Chan
from .runtime.ends import RecvChan
from .runtime.error import Panic
from .runtime.instant import aware
from .runtime.proc import new_g, place_at_caller, poll_point, start
from .runtime.select import recv, select
from .runtime.time import seconds

__all__ = [
    "CancelCauseFunc",
    "CancelFunc",
    "Canceled",
    "Context",
    "DeadlineExceeded",
    "after_func",
    "background",
    "cause",
    "todo",
    "with_cancel",
    "with_cancel_cause",
    "with_deadline",
    "with_deadline_cause",
    "with_timeout",
    "with_timeout_cause",
    "with_value",
    "without_cancel",
]

CancelFunc: TypeAlias = Callable[[], None]


class CancelCauseFunc(Protocol):
    """What with_cancel_cause returns beside the context: cancels it, for a reason that `cause` tells.

    >>> from gochan import context
    >>> ctx, cancel = context.with_cancel_cause(context.background())
    >>> cancel(ValueError("no such page"))
    >>> context.cause(ctx)
    ValueError('no such page')
    """

    def __call__(self, cause: BaseException | None = None, /) -> None: ...


class Canceled(Exception):
    """The context was cancelled: Go's context.Canceled.

    >>> from gochan import context
    >>> ctx, cancel = context.with_cancel(context.background())
    >>> cancel()
    >>> isinstance(ctx.err(), context.Canceled)
    True
    """

    def __init__(self, message: str = "context canceled") -> None:
        super().__init__(message)


class DeadlineExceeded(TimeoutError):
    """The context's deadline has passed: Go's context.DeadlineExceeded.

    >>> from gochan import context
    >>> ctx, cancel = context.with_timeout(context.background(), 0)
    >>> isinstance(ctx.err(), context.DeadlineExceeded), isinstance(ctx.err(), TimeoutError)
    (True, True)
    """

    def __init__(self, message: str = "context deadline exceeded") -> None:
        super().__init__(message)


@runtime_checkable
class Context(Protocol):
    """What a context can be asked: Go's interface context.Context.  Any object with these methods is one.

    >>> from gochan import context
    >>> def describe(ctx: context.Context) -> str:
    ...     return "running" if ctx.err() is None else str(ctx.err())
    >>> ctx, cancel = context.with_cancel(context.background())
    >>> describe(ctx)
    'running'
    >>> cancel()
    >>> describe(ctx)
    'context canceled'
    """

    def deadline(self) -> datetime | None:
        """Tell when the context will end; None if no deadline is set."""
        ...

    def done(self) -> RecvChan[Any] | None:
        """Return the channel that is closed when the context ends; None if it never can."""
        ...

    def err(self) -> BaseException | None:
        """Tell why the context ended, Canceled or DeadlineExceeded; None while it has not."""
        ...

    def value(self, key: object, /) -> Any:
        """Look up the value that with_value gave to key, here or further up; None if there is none."""
        ...


_F = TypeVar("_F", bound=Callable[..., None])


class Pair(tuple[Context, _F], Generic[_F]):
    """A context and the function that cancels it; as a context manager it gives the context and cancels it.

    >>> from gochan import context
    >>> with context.with_cancel(context.background()) as ctx:
    ...     print(ctx.err())
    None
    >>> ctx.err()
    Canceled('context canceled')
    """

    __slots__ = ()

    def __enter__(self) -> Context:
        return self[0]

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self[1]()


# --- contexts that never end -----------------------------------------------------------------------------


class _Empty:
    """A context that never ends and holds nothing."""

    def __init__(self, name: str) -> None:
        self._name = name

    def deadline(self) -> datetime | None:
        return None

    def done(self) -> RecvChan[Any] | None:
        return None

    def err(self) -> BaseException | None:
        return None

    def value(self, key: object, /) -> Any:
        return None

    def __repr__(self) -> str:
        return self._name


_BACKGROUND: Final = _Empty("context.background")
_TODO: Final = _Empty("context.todo")


def background() -> Context:
    """Return the root of all contexts, which never ends: Go's context.Background.

    >>> from gochan import context
    >>> context.background().err(), context.background().done()
    (None, None)
    """
    return _BACKGROUND


def todo() -> Context:
    """Return what background returns, where it is not yet clear which context to use: Go's context.TODO.

    >>> from gochan import context
    >>> context.todo()
    context.todo
    """
    return _TODO


class _Derived:
    """A context that asks its parent; each kind changes what it must."""

    def __init__(self, parent: Context) -> None:
        self._parent = parent

    def deadline(self) -> datetime | None:
        return self._parent.deadline()

    def done(self) -> RecvChan[Any] | None:
        return self._parent.done()

    def err(self) -> BaseException | None:
        return self._parent.err()


class _WithValue(_Derived):
    def __init__(self, parent: Context, key: object, value: object) -> None:
        super().__init__(parent)
        self._key = key
        self._value = value

    def value(self, key: object, /) -> Any:
        # As Go compares interface values: by type and value, so that 1 and True are two keys.
        if key is self._key or (type(key) is type(self._key) and key == self._key):
            return self._value
        return self._parent.value(key)

    def __repr__(self) -> str:
        return f"{self._parent!r}.with_value({self._key!r}, {type(self._value).__name__})"


class _WithoutCancel(_Derived):
    def deadline(self) -> datetime | None:
        return None

    def done(self) -> RecvChan[Any] | None:
        return None

    def err(self) -> BaseException | None:
        return None

    def value(self, key: object, /) -> Any:
        return None if key is _SELF else self._parent.value(key)

    def __repr__(self) -> str:
        return f"{self._parent!r}.without_cancel"


def with_value(parent: Context, key: object, value: object, /) -> Context:
    """Make a child of parent in which `value(key)` gives value: Go's context.WithValue.

    For data of a request that crosses packages, not for optional arguments.  A key of a type of your own
    collides with nobody's.  Raises Panic for a key of None, or a parent of None, and TypeError for a parent
    that is no context.

    >>> from gochan import context
    >>> USER = object()
    >>> ctx = context.with_value(context.background(), USER, "Ann")
    >>> ctx.value(USER)
    'Ann'
    """
    _check(parent)
    if key is None:
        raise Panic("nil key")
    return _WithValue(parent, key, value)


def without_cancel(parent: Context, /) -> Context:
    """Make a child that has parent's values and outlives it: Go's context.WithoutCancel.

    >>> from gochan import context
    >>> ctx, cancel = context.with_cancel(context.background())
    >>> log = context.without_cancel(ctx)
    >>> cancel()
    >>> ctx.err(), log.err()
    (Canceled('context canceled'), None)
    """
    _check(parent)
    return _WithoutCancel(parent)


# --- contexts that end -----------------------------------------------------------------------------------

# The key by which a context, however wrapped, tells of the nearest one that can cancel its children.
_SELF: Final = object()


class _Cancel(_Derived):
    def __init__(self, parent: Context) -> None:
        super().__init__(parent)
        self._done: Chan[Any] | None = None
        self._err: BaseException | None = None
        self._cause: BaseException | None = None
        self._children: dict[_Cancel, None] = {}
        # Takes this context out of a parent that is none of ours.
        self._leave: Callable[[], object] | None = None

    def done(self) -> RecvChan[Any] | None:
        if self._done is None:
            self._done = Chan()
            if self._err is not None:
                self._done.close()
        return self._done

    def err(self) -> BaseException | None:
        if self._err is None:
            # Nothing else lets the others run in a loop that waits for the end.
            poll_point()
        return self._err

    def value(self, key: object, /) -> Any:
        return self if key is _SELF else self._parent.value(key)

    def follow(self) -> None:
        """End when the parent does: Go's propagateCancel."""
        parent = self._parent
        done = _channel(parent)
        if done is None:
            return
        # The channel decides, as in Go: a context of somebody else's may close it later than it has an err().
        if done._can_recv():
            self._inherit()
            return
        canceler = _canceler_of(parent, done)
        if canceler is not None:
            canceler._children[self] = None
        elif hasattr(parent, "after_func"):
            self._leave = parent.after_func(self._inherit)
        else:
            _spawn(self._watch, done)

    def _inherit(self) -> None:
        """End for the parent's reason."""
        err, why = _error(self._parent), cause(self._parent)
        self.cancel(True, err, err if why is None else why)

    def _watch(self, done: RecvChan[Any]) -> None:
        """Wait for a parent that somebody else wrote."""
        index, _, _ = select(recv(done), recv(self.done()))
        if index == 0:
            self._inherit()

    def cancel(self, from_parent: bool, err: BaseException, cause: BaseException) -> None:
        if self._err is not None:
            return
        self._err = err
        self._cause = cause
        if self._done is not None:
            self._done.close()
        children, self._children = self._children, {}
        for child in children:
            child.cancel(True, err, cause)
        if not from_parent:
            self._drop()

    def _drop(self) -> None:
        """Take this context out of its parent."""
        if self._leave is not None:
            self._leave()
            return
        done = self._parent.done()
        canceler = None if done is None else _canceler_of(self._parent, done)
        if canceler is not None:
            canceler._children.pop(self, None)

    def __repr__(self) -> str:
        return f"{self._parent!r}.with_cancel"


class _Deadline(_Cancel):
    def __init__(self, parent: Context, deadline: datetime) -> None:
        super().__init__(parent)
        self._deadline = deadline
        self._timer: time.Timer | None = None

    def deadline(self) -> datetime | None:
        return self._deadline

    def cancel(self, from_parent: bool, err: BaseException, cause: BaseException) -> None:
        super().cancel(from_parent, err, cause)
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def __repr__(self) -> str:
        # A duration of Go's ends at 292 years, and so does what its time.Until tells.
        left = time.duration_string(max(-9223372036.0, min(9223372036.0, time.until(self._deadline))))
        return f"{self._parent!r}.with_deadline({self._deadline} [{left}])"


class _AfterFunc(_Cancel):
    """Calls a function when its parent ends; nobody sees it as a context."""

    def __init__(self, parent: Context, fn: Callable[[], object]) -> None:
        super().__init__(parent)
        self._fn: Callable[[], object] | None = fn

    def cancel(self, from_parent: bool, err: BaseException, cause: BaseException) -> None:
        super().cancel(from_parent, err, cause)
        fn, self._fn = self._fn, None
        if fn is not None:
            _spawn(fn)

    def stop(self) -> bool:
        """Keep fn from being called; False if it was, or was stopped before."""
        if self._fn is None:
            return False
        self._fn = None
        gone = Canceled()
        self.cancel(False, gone, gone)
        return True


def _canceler_of(parent: Context, done: RecvChan[Any]) -> _Cancel | None:
    """Find the context of ours that ends with parent, if parent's done channel is its very own."""
    found = parent.value(_SELF)
    return found if isinstance(found, _Cancel) and found.done() is done else None


def _channel(ctx: Context) -> Chan[Any] | None:
    """Return ctx's done channel."""
    done = ctx.done()
    if done is not None and not isinstance(done, Chan):
        raise TypeError(f"done() of the context {ctx!r} gave {done!r}; it gives a Chan, or None")
    return done


def _error(ctx: Context) -> BaseException:
    """Return the err() of a context whose channel is closed."""
    err = ctx.err()
    if err is None:
        raise Panic("context: internal error: missing cancel error")
    return err


def _spawn(fn: Callable[..., object], *args: Any) -> None:
    gp = new_g(fn, args, {})
    place_at_caller(gp)
    start(gp)


def _check(parent: object) -> None:
    if parent is None:
        raise Panic("cannot create context from nil parent")
    _check_context(parent)


def _check_context(ctx: object) -> None:
    # The first two are quick to tell; a runtime protocol costs microseconds.
    if not isinstance(ctx, (_Derived, _Empty)) and not isinstance(ctx, Context):
        raise TypeError(f"{ctx!r} is not a context; give context.background() or one derived from it")


def _check_cause(cause: object) -> None:
    if cause is not None and not isinstance(cause, BaseException):
        raise TypeError(f"the cause {cause!r} is not an exception; give one, or None")


def with_cancel(parent: Context, /) -> Pair[CancelFunc]:
    """Make a child of parent that ends when cancel is called, or when parent ends: Go's context.WithCancel.

    Returns `(ctx, cancel)`; in a `with` statement the pair gives ctx, and cancels it at the end.  Call cancel
    as soon as the work is done: until then the parent holds the child.  Raises Panic for a parent of None,
    TypeError for what is no context.

    >>> from gochan import context
    >>> ctx, cancel = context.with_cancel(context.background())
    >>> ctx.err()
    >>> cancel()
    >>> ctx.err()
    Canceled('context canceled')
    """
    ctx = _with_cancel(parent)

    def cancel() -> None:
        gone = Canceled()
        ctx.cancel(False, gone, gone)

    return Pair((ctx, cancel))


def with_cancel_cause(parent: Context, /) -> Pair[CancelCauseFunc]:
    """Do what with_cancel does, with a cancel that takes a cause: Go's context.WithCancelCause.

    `cancel(exc)` makes `cause(ctx)` return exc, while `ctx.err()` is Canceled; with None, or nothing, the
    cause is the Canceled too.

    >>> from gochan import context
    >>> ctx, cancel = context.with_cancel_cause(context.background())
    >>> cancel(ValueError("no such page"))
    >>> ctx.err(), context.cause(ctx)
    (Canceled('context canceled'), ValueError('no such page'))
    """
    ctx = _with_cancel(parent)

    def cancel(cause: BaseException | None = None, /) -> None:
        _check_cause(cause)
        gone = Canceled()
        ctx.cancel(False, gone, gone if cause is None else cause)

    return Pair((ctx, cancel))


def _with_cancel(parent: Context) -> _Cancel:
    _check(parent)
    ctx = _Cancel(parent)
    ctx.follow()
    return ctx


def with_deadline(parent: Context, d: datetime, /) -> Pair[CancelFunc]:
    """Make a child of parent that ends at the moment d at the latest: Go's context.WithDeadline.

    Its `err()` is then a DeadlineExceeded, which is a TimeoutError.  A d without a time zone is in local
    time.  Returns `(ctx, cancel)`, as with_cancel does.  Raises TypeError for what is no datetime.

    >>> from datetime import datetime, timedelta
    >>> from gochan import context
    >>> yesterday = datetime.now() - timedelta(days=1)
    >>> with context.with_deadline(context.background(), yesterday) as ctx:
    ...     ctx.err()
    DeadlineExceeded('context deadline exceeded')
    """
    return with_deadline_cause(parent, d, None)


def with_deadline_cause(parent: Context, d: datetime, cause: BaseException | None, /) -> Pair[CancelFunc]:
    """Do what with_deadline does; when d passes, `cause(ctx)` returns cause: Go's WithDeadlineCause.

    >>> from datetime import datetime, timedelta
    >>> from gochan import context
    >>> yesterday = datetime.now() - timedelta(days=1)
    >>> late = TimeoutError("the train has left")
    >>> with context.with_deadline_cause(context.background(), yesterday, late) as ctx:
    ...     context.cause(ctx)
    TimeoutError('the train has left')
    """
    _check(parent)
    _check_cause(cause)
    if not isinstance(d, datetime):
        raise TypeError(f"with_deadline: {d!r} is not a datetime; give one, or use with_timeout for seconds")
    d = aware(d)
    sooner = parent.deadline()
    if sooner is not None and aware(sooner) < d:
        return with_cancel(parent)
    ctx = _Deadline(parent, d)
    ctx.follow()
    left = time.until(d)

    def expire() -> None:
        late = DeadlineExceeded()
        ctx.cancel(False, late, late if cause is None else cause)

    def cancel() -> None:
        gone = Canceled()
        ctx.cancel(False, gone, gone)

    if left <= 0:
        expire()
    elif ctx._err is None:
        ctx._timer = time.after_func(left, expire)
    return Pair((ctx, cancel))


def with_timeout(parent: Context, after: float | timedelta, /) -> Pair[CancelFunc]:
    """Make a child of parent that ends `after` seconds from now at the latest: Go's context.WithTimeout.

    after is a number of seconds, or a timedelta; with 0, less, or NaN the context has ended at once.  Returns
    `(ctx, cancel)`, as with_cancel does.

    >>> from gochan import context, run, time
    >>> def main() -> None:
    ...     with context.with_timeout(context.background(), 0.01) as ctx:
    ...         ctx.done().recv()
    ...         print(ctx.err())
    >>> run(main)
    context deadline exceeded
    """
    return with_timeout_cause(parent, after, None)


def with_timeout_cause(
    parent: Context, after: float | timedelta, cause: BaseException | None, /
) -> Pair[CancelFunc]:
    """Do what with_timeout does; when the time is over, `cause(ctx)` returns cause: Go's WithTimeoutCause.

    >>> from gochan import context
    >>> late = TimeoutError("no answer")
    >>> with context.with_timeout_cause(context.background(), 0, late) as ctx:
    ...     ctx.err(), context.cause(ctx)
    (DeadlineExceeded('context deadline exceeded'), TimeoutError('no answer'))
    """
    d = seconds("with_timeout", after)
    return with_deadline_cause(parent, _moment(d), cause)


def _moment(d: float) -> datetime:
    """Find the moment d seconds from now, or the last that a datetime can tell."""
    if not d > 0:
        return time.now()
    try:
        return time.now() + timedelta(seconds=d)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def after_func(ctx: Context, fn: Callable[[], object], /) -> Callable[[], bool]:
    """Call fn in a goroutine of its own once ctx has ended: Go's context.AfterFunc.

    Returns stop: it keeps fn from being called, and returns False if fn was called, or stopped, before.
    Raises TypeError for what is no context or not callable.

    >>> from gochan import Chan, context, run
    >>> def main() -> None:
    ...     told = Chan[str](1)
    ...     ctx, cancel = context.with_cancel(context.background())
    ...     stop = context.after_func(ctx, lambda: told << "it has ended")
    ...     cancel()
    ...     print(told.recv(), stop())
    >>> run(main)
    it has ended False
    """
    _check_context(ctx)
    if not callable(fn):
        raise TypeError(f"after_func: {fn!r} is not callable; give the function: after_func(ctx, f)")
    waiter = _AfterFunc(ctx, fn)
    waiter.follow()
    return waiter.stop


def cause(ctx: Context, /) -> BaseException | None:
    """Tell why ctx ended: the cause that its cancel was given, or else its err(); None while it has not.

    Go's context.Cause.  Raises TypeError for what is no context.

    >>> from gochan import context
    >>> ctx, cancel = context.with_cancel_cause(context.background())
    >>> context.cause(ctx)
    >>> cancel(KeyError("Ann"))
    >>> context.cause(ctx)
    KeyError('Ann')
    """
    _check_context(ctx)
    err = ctx.err()
    if err is None:
        return None
    found = ctx.value(_SELF)
    # None: ctx is somebody else's, and ended before the one of ours above it.
    if isinstance(found, _Cancel) and found._cause is not None:
        return found._cause
    return err


def ended(ctx: Context) -> BaseException | None:
    """Return what a call that ctx ends is to raise; None while it has not.  For other packages' calls."""
    _check_context(ctx)
    done = _channel(ctx)
    if done is None or not done._can_recv():
        return None
    # One exception for all calls: each raise would add to the traceback that the last one left.
    return _error(ctx).with_traceback(None)
