"""Deadlines, cancellation and values for a tree of calls: Go's package context.

Contexts can be used from any thread.

Invariants
- A context ends once: `err()` changes from None to one exception and stays.
- A child of a context that can end is in its parent's `_children` until one of them has ended.  Then it is
  removed, so that a long-lived parent keeps no reference to children that have ended.
- When a context ends, its done channel is closed first, and then those of its children, in the order in which
  the children were made.  Each child is followed by its own children.
- No function recurses along the tree: it can be as deep as memory allows.
- There is no lock.  Each function reads and writes in an order that is safe when another thread, a signal
  handler or a finalizer runs in between.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from types import TracebackType
from typing import Any, Final, Generic, Literal, NoReturn, Protocol, TypeAlias, TypeVar, runtime_checkable

from . import time
from ._engine.depth import ENOUGH, check_depth
from ._engine.ends import RecvChan
from ._engine.error import Panic
from ._engine.impl import Chan, poll_point, recv, sched, select, spawn
from ._engine.instant import aware
from ._engine.seconds import seconds

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
    """The function that `with_cancel_cause` returns to cancel its context, with an optional cause.

    Go's context.CancelCauseFunc.

    >>> from gochan import context
    >>> ctx, cancel = context.with_cancel_cause(context.background())
    >>> cancel(ValueError("no such page"))
    >>> context.cause(ctx)
    ValueError('no such page')
    """

    def __call__(self, cause: BaseException | None = None, /) -> None: ...


class Canceled(Exception):
    """The error of a context that was canceled: Go's context.Canceled.

    >>> from gochan import context
    >>> ctx, cancel = context.with_cancel(context.background())
    >>> cancel()
    >>> isinstance(ctx.err(), context.Canceled)
    True
    """

    def __init__(self, message: str = "context canceled") -> None:
        super().__init__(message)


class DeadlineExceeded(TimeoutError):
    """The error of a context whose deadline has passed, a `TimeoutError`: Go's context.DeadlineExceeded.

    >>> from gochan import context
    >>> ctx, cancel = context.with_timeout(context.background(), 0)
    >>> isinstance(ctx.err(), context.DeadlineExceeded), isinstance(ctx.err(), TimeoutError)
    (True, True)
    """

    def __init__(self, message: str = "context deadline exceeded") -> None:
        super().__init__(message)


@runtime_checkable
class Context(Protocol):
    """A deadline, a cancellation signal and values, passed from call to call: Go's context.Context.

    A protocol: any object with these four methods is a context.  Each of them can be called from any thread,
    and any number of times.

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

    def deadline(self) -> tuple[datetime, Literal[True]] | tuple[None, Literal[False]]:
        """Return `(time, True)` if the context ends at that time, `(None, False)` if it has no deadline.

        Go's Context.Deadline.
        """
        ...

    def done(self) -> RecvChan[Any] | None:
        """Return the channel that is closed when the context ends; None if it can never end.

        Go's Context.Done.
        """
        ...

    def err(self) -> BaseException | None:
        """Return why the context ended, a Canceled or a DeadlineExceeded; None if it has not ended.

        Go's Context.Err.
        """
        ...

    def value(self, key: object, /) -> Any:
        """Return the value that `with_value` set for key in this context or an ancestor; None if not set.

        Go's Context.Value.
        """
        ...


F = TypeVar("F", bound=Callable[..., None])


class Pair(tuple[Context, F], Generic[F]):
    """A context and the function that cancels it: what `with_cancel` and its siblings return.

    Unpack it, `ctx, cancel = with_cancel(parent)`, or use it in a `with` statement, which binds the context
    and cancels it at the end.

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
    """A context that never ends and has no values."""

    def __init__(self, name: str) -> None:
        self._name = name

    def deadline(self) -> tuple[datetime, Literal[True]] | tuple[None, Literal[False]]:
        return None, False

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
    """Return the root of all contexts, which never ends and has no values: Go's context.Background.

    >>> from gochan import context
    >>> context.background().err(), context.background().done()
    (None, None)
    """
    return _BACKGROUND


def todo() -> Context:
    """Return an empty context, for code in which it is not yet clear which context to use: Go's context.TODO.

    >>> from gochan import context
    >>> context.todo()
    context.todo
    """
    return _TODO


class _Derived:
    """A context that delegates to its parent each method that its own class does not define."""

    def __init__(self, parent: Context) -> None:
        self._parent = parent

    # Each of these methods searches the ancestors in a loop for the first one that defines it.  If it called
    # the parent's method, a tree of a thousand levels would exceed Python's recursion limit.

    def deadline(self) -> tuple[datetime, Literal[True]] | tuple[None, Literal[False]]:
        ctx = self._parent
        while isinstance(ctx, _Derived) and type(ctx).deadline is _Derived.deadline:
            ctx = ctx._parent
        return ctx.deadline()

    def done(self) -> RecvChan[Any] | None:
        ctx = self._parent
        while isinstance(ctx, _Derived) and type(ctx).done is _Derived.done:
            ctx = ctx._parent
        return ctx.done()

    def err(self) -> BaseException | None:
        ctx = self._parent
        while isinstance(ctx, _Derived) and type(ctx).err is _Derived.err:
            ctx = ctx._parent
        return ctx.err()

    def value(self, key: object, /) -> Any:
        ctx: Context = self
        while isinstance(ctx, _Derived):
            value = ctx._lookup(key)
            if value is not _MISSING:
                return value
            ctx = ctx._parent
        return ctx.value(key)

    def _lookup(self, key: object) -> Any:
        """Return the value that this context itself has for key, or _MISSING."""
        return _MISSING

    def __repr__(self) -> str:
        return f"<{self._string()}{self._state()} at {id(self):#x}>"

    def _string(self) -> str:
        """Return how the context was made, as the String method of Go's contexts does."""
        before: list[str] = []
        after: list[str] = []
        ctx: Context = self
        while isinstance(ctx, _Derived):
            left, right = ctx._around()
            before.append(left)
            after.append(right)
            ctx = ctx._parent
        # For a context defined by the user, only its type: a repr must not run the user's code.
        root = ctx._name if isinstance(ctx, _Empty) else type(ctx).__qualname__
        return "".join([*before, root, *reversed(after)])

    def _around(self) -> tuple[str, str]:
        """Return the text before and after the parent's in `_string`."""
        raise AssertionError("each kind of context has its own")

    def _state(self) -> str:
        """Return the state of the nearest context that can end, for the repr; "" if it isn't gochan's."""
        ctx: Context = self
        while isinstance(ctx, _Derived) and not isinstance(ctx, (_Cancel, _WithoutCancel)):
            ctx = ctx._parent
        if not isinstance(ctx, _Cancel):
            return " active" if isinstance(ctx, (_Empty, _WithoutCancel)) else ""
        # Not err(), which may yield.
        match ctx._err:
            case None:
                return " active"
            case Canceled():
                return " canceled"
            case DeadlineExceeded():
                return " expired"
            case _:
                return " ended"


# What _lookup returns for a key that it does not have.
_MISSING: Final = object()


class _WithValue(_Derived):
    def __init__(self, parent: Context, key: object, value: object) -> None:
        super().__init__(parent)
        self._key = key
        self._value = value

    def _lookup(self, key: object) -> Any:
        # Go compares interface values by type and value: 1 and True are different keys.
        if key is self._key or (type(key) is type(self._key) and key == self._key):
            return self._value
        return _MISSING

    def _around(self) -> tuple[str, str]:
        return "", f".with_value({_key_text(self._key)}, {type(self._value).__name__})"


def _key_text(key: object) -> str:
    """Name a key for a repr, without calling the key's repr: a str or int as it is, others by their type."""
    if type(key) in (str, int):
        return repr(key)
    name = type(key).__name__
    return f"{name}.{key._name_}" if isinstance(key, Enum) else name


class _WithoutCancel(_Derived):
    def deadline(self) -> tuple[datetime, Literal[True]] | tuple[None, Literal[False]]:
        return None, False

    def done(self) -> RecvChan[Any] | None:
        return None

    def err(self) -> BaseException | None:
        return None

    def _lookup(self, key: object) -> Any:
        return None if key is _SELF else _MISSING

    def _around(self) -> tuple[str, str]:
        return "", ".without_cancel"


def with_value(parent: Context, key: object, value: object, /) -> Context:
    """Make a child of parent whose `value(key)` returns value: Go's context.WithValue.

    Use it for data of a request that crosses APIs, not for optional arguments.  Two keys are equal if both
    their types and their values are equal.  Use an object of your own as the key, so that it can't collide
    with another package's.

    Raises `Panic` if key or parent is None, `TypeError` if parent is not a context.

    >>> from gochan import context
    >>> USER = object()
    >>> ctx = context.with_value(context.background(), USER, "Ann")
    >>> ctx.value(USER)
    'Ann'
    """
    check_parent("context.with_value", parent)
    if key is None:
        raise Panic("nil key")
    return _WithValue(parent, key, value)


def without_cancel(parent: Context, /) -> Context:
    """Make a child that has parent's values but does not end with it: Go's context.WithoutCancel.

    It has no deadline.  Raises `Panic` if parent is None, `TypeError` if it is not a context.

    >>> from gochan import context
    >>> ctx, cancel = context.with_cancel(context.background())
    >>> log = context.without_cancel(ctx)
    >>> cancel()
    >>> ctx.err(), log.err()
    (Canceled('context canceled'), None)
    """
    check_parent("context.without_cancel", parent)
    return _WithoutCancel(parent)


# --- contexts that end -----------------------------------------------------------------------------------

# The key for which `value` returns the nearest _Cancel, even if contexts defined by the user are in between.
_SELF: Final = object()


class _Cancel(_Derived):
    def __init__(self, parent: Context) -> None:
        super().__init__(parent)
        self._done: Chan[Any] | None = None
        self._err: BaseException | None = None
        self._cause: BaseException | None = None
        self._children: dict[_Cancel, None] = {}
        # Removes this context from a parent that the user has defined, with an `after_func` method.
        self._leave: Callable[[], object] | None = None

    def __reduce__(self) -> NoReturn:
        raise TypeError("a context that can end cannot be pickled or copied: the copy would not end with it")

    def done(self) -> RecvChan[Any] | None:
        if self._done is None:
            done: Chan[Any] = Chan()
            # Another thread may have made one since the first check.
            if self._done is None:
                self._done = done
            # Check only after the channel is stored: if the context ends later, whatever ends it closes the
            # channel.
            if self._err is not None:
                self._close_done()
        return self._done

    def err(self) -> BaseException | None:
        if self._err is None:
            # A loop that polls err() lets other goroutines run only here.
            poll_point()
        return self._err

    def _lookup(self, key: object) -> Any:
        return self if key is _SELF else _MISSING

    def _around(self) -> tuple[str, str]:
        return "", ".with_cancel"

    def _state(self) -> str:
        return f"{super()._state()} children={len(self._children)}"

    def follow(self) -> None:
        """End this context when the parent ends: Go's propagateCancel.

        If a signal handler raises in here, the parent does not keep it.
        """
        try:
            self._join()
        except BaseException:
            self.abandon()
            raise

    def abandon(self) -> None:
        """End this context without a cause."""
        gone = Canceled()
        self.cancel(gone, gone)

    def _join(self) -> None:
        parent = self._parent
        done = _channel(parent)
        if done is None:
            return
        # The channel decides, as in Go: a context defined by the user may return an err() before it closes
        # its channel.
        if done._can_recv():
            self._inherit()
            return
        canceler = _canceler_of(parent, done)
        if canceler is not None:
            canceler._children[self] = None
            # After it is stored: another thread may have ended the parent since done was checked.
            if canceler._err is not None:
                canceler._children.pop(self, None)
                self._inherit()
        elif hasattr(parent, "after_func"):
            # Assigned by map, so that no signal handler can raise between the call and the assignment.
            (self._leave,) = map(parent.after_func, (self._inherit,))
        else:
            spawn(self._watch, (done,))

    def _inherit(self) -> None:
        """End this context with the parent's error and cause."""
        err, why = _error(self._parent), cause(self._parent)
        self._end(err, err if why is None else why)

    def _watch(self, done: RecvChan[Any]) -> None:
        """Wait in a goroutine until a parent that the user has defined ends."""
        index, _, _ = select(recv(done), recv(self.done()))
        if index == 0:
            self._inherit()

    def cancel(self, err: BaseException, cause: BaseException) -> None:
        """End this context and its descendants, and remove it from its parent."""
        if self._err is None:
            try:
                self._end(err, cause)
            finally:
                try:
                    self._drop()
                except BaseException:
                    # A signal handler has raised in it.
                    self._drop()
                    raise

    def _end(self, err: BaseException, cause: BaseException) -> None:
        """End this context and its descendants.

        In plain Python a signal handler that raises, or a MemoryError, can interrupt between any two steps.
        (gochan's own handler of Ctrl-C raises only in the user's code.)  So this first sets the error in the
        whole tree, then closes the channels.  Both steps can be repeated; after an exception, they are
        repeated before the exception is raised.  Only a second exception, during the repetition, can leave a
        part of the tree with an err() and an open done channel.  A channel that cannot be closed because it
        belongs to a synctest bubble that the caller is not in is skipped, and its Panic raised at the end.
        """
        check_depth()
        tree: list[_Cancel] | None = None
        try:
            tree = self._mark(err, cause)
            # The loop is in a function: Python 3.13 would miss an exception at its backward jump here.
            _end_each(tree)
        except BaseException:
            if tree is None:
                tree = self._mark(err, cause)
            for ctx in tree:
                try:  # noqa: SIM105  # suppress() is Python code, where a handler may raise again
                    ctx._ended()
                except BaseException:
                    pass
            raise

    def _mark(self, err: BaseException, cause: BaseException) -> list[_Cancel]:
        """Set the error of this context and its descendants; return them in the order in which they end."""
        found: list[_Cancel] = []
        todo: list[_Cancel] = [self]
        while todo:
            ctx = todo.pop()
            if ctx._err is None:
                ctx._cause = cause
                ctx._err = err
            elif ctx._err is not err:
                # This child ended earlier, with another error, and will be removed from its parent soon.
                continue
            found.append(ctx)
            # Read only after _err is set: a child that another thread adds from now on ends itself, in
            # `follow`.
            todo += reversed(ctx._children)
        return found

    def _ended(self) -> None:
        """Close this context's channel and drop its children; a second call does nothing."""
        self._close_done()
        self._children = {}

    def _close_done(self) -> None:
        done = self._done
        if done is None:
            return
        try:
            done.close()
        except Panic:
            # It may be closed already, by another thread or before an exception.  Raise only for a channel of
            # another bubble.
            if not done._can_recv():
                raise

    def _drop(self) -> None:
        """Remove this context from its parent."""
        if self._leave is not None:
            self._leave()
            return
        done = self._parent.done()
        canceler = None if done is None else _canceler_of(self._parent, done)
        if canceler is not None:
            canceler._children.pop(self, None)


class _Deadline(_Cancel):
    def __init__(self, parent: Context, deadline: datetime) -> None:
        super().__init__(parent)
        self._deadline = deadline
        self._timer: time.Timer | None = None

    def deadline(self) -> tuple[datetime, Literal[True]] | tuple[None, Literal[False]]:
        return self._deadline, True

    def set_timer(self, left: float, expire: Callable[[], None]) -> None:
        """Call expire in `left` seconds."""
        # Assigned by map, so that no signal handler can raise before the timer is stored and can be stopped.
        (self._timer,) = map(time.after_func, (left,), (expire,))
        timer = self._timer
        # Check only after the timer is stored: another thread may have ended this context before, and found
        # no timer to stop.
        if self._err is not None:
            timer.stop()

    def _ended(self) -> None:
        super()._ended()
        timer = self._timer
        if timer is not None:
            timer.stop()
            self._timer = None

    def _around(self) -> tuple[str, str]:
        # Go's Duration, which its time.Until returns, ends at 292 years.
        left = time.duration_string(max(-9223372036.0, min(9223372036.0, time.until(self._deadline))))
        return "", f".with_deadline({self._deadline} [{left}])"


# The depth of the calls in `_AfterFunc.stop`: `abandon`, `cancel`, `_end`, and the check in `_end`.
_TO_STOP: Final = ENOUGH + 4


class _AfterFunc(_Cancel):
    """Calls a function when its parent ends; never visible to the user as a context."""

    def __init__(self, parent: Context, fn: Callable[[], object]) -> None:
        super().__init__(parent)
        self._fn: Callable[[], object] | None = fn

    def _ended(self) -> None:
        super()._ended()
        fn, self._fn = self._fn, None
        if fn is None:
            return
        live = sched.live
        try:
            spawn(fn)
        except BaseException:
            if sched.live == live:
                # It was not started.
                self._fn = fn
            raise

    def stop(self) -> bool:
        """Prevent the call of fn; return False if it was called or stopped before."""
        check_depth(_TO_STOP)
        fn, self._fn = self._fn, None
        if fn is None:
            return False
        try:
            super().abandon()
        except BaseException:
            # A signal handler has raised in it.
            super().abandon()
            raise
        return True

    def abandon(self) -> None:
        """Prevent the call of fn: an exception ends `after_func`."""
        self.stop()


def _end_each(tree: list[_Cancel]) -> None:
    for ctx in tree:
        ctx._ended()


def _canceler_of(parent: Context, done: RecvChan[Any]) -> _Cancel | None:
    """Return the nearest _Cancel at or above parent, if it has the same done channel as parent."""
    found = parent.value(_SELF)
    return found if isinstance(found, _Cancel) and found.done() is done else None


def _channel(ctx: Context) -> Chan[Any] | None:
    """Return ctx's done channel, or raise TypeError if it is not one."""
    done = ctx.done()
    if done is not None and not isinstance(done, Chan):
        raise TypeError(f"{type(ctx).__qualname__}.done: returned {done!r}; return a Chan or None")
    return done


def deadline_of(ctx: Context) -> datetime | None:
    """Return ctx's deadline, or None if it has none; raise `TypeError` if ctx returns anything else."""
    answer: object = ctx.deadline()
    match answer:
        case (datetime() as deadline, True):
            return deadline
        case (_, False):
            return None
    raise TypeError(
        f"{type(ctx).__qualname__}.deadline: returned {answer!r}; return (datetime, True) or (None, False)"
    )


def _error(ctx: Context) -> BaseException:
    """Return the err() of a context whose done channel is closed."""
    err = ctx.err()
    if err is None:
        raise Panic("context: internal error: missing cancel error")
    return err


def check_parent(call: str, parent: object) -> None:
    """Raise `Panic` if parent is None, `TypeError` if it is not a context."""
    if parent is None:
        raise Panic("cannot create context from nil parent")
    check_context(call, parent)


def check_context(call: str, ctx: object) -> None:
    """Raise `TypeError` if ctx is not a context."""
    # The first check is fast; an isinstance check of a runtime protocol takes microseconds.
    if not isinstance(ctx, (_Derived, _Empty)) and not isinstance(ctx, Context):
        raise TypeError(f"{call}: {ctx!r} is not a context; give context.background() or one derived from it")


def _check_cause(call: str, cause: object) -> None:
    if cause is not None and not isinstance(cause, BaseException):
        raise TypeError(f"{call}: the cause {cause!r} is not an exception; give an exception or None")


def with_cancel(parent: Context, /) -> Pair[CancelFunc]:
    """Make a child of parent that ends when `cancel` is called or parent ends: Go's context.WithCancel.

    Returns `(ctx, cancel)`; a `with` statement binds ctx alone, and calls cancel at the end.  Always call
    cancel when the work is done, also after success: until then parent keeps a reference to the child.

    Raises `Panic` if parent is None, `TypeError` if it is not a context.

    >>> from gochan import context
    >>> ctx, cancel = context.with_cancel(context.background())
    >>> ctx.err()
    >>> cancel()
    >>> ctx.err()
    Canceled('context canceled')
    """
    check_parent("context.with_cancel", parent)
    ctx = _Cancel(parent)

    def cancel() -> None:
        ctx.abandon()

    pair = Pair((ctx, cancel))
    # This is last, because a signal handler may raise after any call: the parent would then keep the child.
    ctx.follow()
    return pair


def with_cancel_cause(parent: Context, /) -> Pair[CancelCauseFunc]:
    """Make a context as `with_cancel` does, with a cancel that takes a cause: Go's context.WithCancelCause.

    Returns `(ctx, cancel)`.  After `cancel(exc)`, `cause(ctx)` returns exc, and `ctx.err()` a Canceled.
    After `cancel()` or `cancel(None)`, both return the Canceled.

    Raises `Panic` if parent is None, `TypeError` if it is not a context; cancel raises `TypeError` if exc is
    not an exception.

    >>> from gochan import context
    >>> ctx, cancel = context.with_cancel_cause(context.background())
    >>> cancel(ValueError("no such page"))
    >>> ctx.err(), context.cause(ctx)
    (Canceled('context canceled'), ValueError('no such page'))
    """
    check_parent("context.with_cancel_cause", parent)
    ctx = _Cancel(parent)

    def cancel(cause: BaseException | None = None, /) -> None:
        _check_cause("cancel", cause)
        gone = Canceled()
        ctx.cancel(gone, gone if cause is None else cause)

    pair = Pair((ctx, cancel))
    # As in with_cancel.
    ctx.follow()
    return pair


def with_deadline(parent: Context, t: datetime, /) -> Pair[CancelFunc]:
    """Make a child of parent that ends at time t at the latest: Go's context.WithDeadline.

    Then its `err()` is a DeadlineExceeded.  A t without a time zone is local time.  Returns `(ctx, cancel)`
    as `with_cancel` does.

    Raises `Panic` if parent is None, `TypeError` if it is not a context or t is not a datetime.

    >>> from datetime import datetime, timedelta
    >>> from gochan import context
    >>> yesterday = datetime.now() - timedelta(days=1)
    >>> with context.with_deadline(context.background(), yesterday) as ctx:
    ...     ctx.err()
    DeadlineExceeded('context deadline exceeded')
    """
    return _with_deadline("context.with_deadline", parent, t, None)


def with_deadline_cause(parent: Context, t: datetime, cause: BaseException | None, /) -> Pair[CancelFunc]:
    """Make a context as `with_deadline` does, whose cause is set at t: Go's context.WithDeadlineCause.

    When t has passed, `cause(ctx)` returns cause; with None, the DeadlineExceeded.  A call of cancel does not
    set the cause.

    Raises what `with_deadline` raises, and `TypeError` if cause is not an exception or None.

    >>> from datetime import datetime, timedelta
    >>> from gochan import context
    >>> yesterday = datetime.now() - timedelta(days=1)
    >>> late = TimeoutError("the train has left")
    >>> with context.with_deadline_cause(context.background(), yesterday, late) as ctx:
    ...     context.cause(ctx)
    TimeoutError('the train has left')
    """
    return _with_deadline("context.with_deadline_cause", parent, t, cause)


def _with_deadline(call: str, parent: Context, t: datetime, cause: BaseException | None) -> Pair[CancelFunc]:
    check_parent(call, parent)
    _check_cause(call, cause)
    if not isinstance(t, datetime):
        raise TypeError(
            f"{call}: {t!r} is not a datetime; give one, or use "
            f"{call.replace('deadline', 'timeout')} for seconds"
        )
    t = aware(t)
    sooner = deadline_of(parent)
    if sooner is not None and aware(sooner) < t:
        return with_cancel(parent)
    ctx = _Deadline(parent, t)

    def expire() -> None:
        late = DeadlineExceeded()
        ctx.cancel(late, late if cause is None else cause)

    def cancel() -> None:
        ctx.abandon()

    pair = Pair((ctx, cancel))
    ctx.follow()
    try:
        left = time.until(t)
        if left <= 0:
            expire()
        elif ctx._err is None:
            ctx.set_timer(left, expire)
        return pair
    except BaseException:
        ctx.abandon()
        raise


def with_timeout(parent: Context, d: float | timedelta, /) -> Pair[CancelFunc]:
    """Make a child of parent that ends after duration d at the latest: Go's context.WithTimeout.

    d is a number of seconds or a timedelta.  If it is 0, negative or NaN, the context has ended already.
    After d its `err()` is a DeadlineExceeded.  Returns `(ctx, cancel)` as `with_cancel` does.

    Raises `Panic` if parent is None, `TypeError` if it is not a context or d is not a duration.

    >>> from gochan import context, run, time
    >>> def main() -> None:
    ...     with context.with_timeout(context.background(), 0.01) as ctx:
    ...         ctx.done().recv()
    ...         print(ctx.err())
    >>> run(main)
    context deadline exceeded
    """
    return _with_timeout("context.with_timeout", parent, d, None)


def with_timeout_cause(
    parent: Context, d: float | timedelta, cause: BaseException | None, /
) -> Pair[CancelFunc]:
    """Make a context as `with_timeout` does, whose cause is set after d: Go's context.WithTimeoutCause.

    After d, `cause(ctx)` returns cause; with None, the DeadlineExceeded.  A call of cancel does not set the
    cause.

    Raises what `with_timeout` raises, and `TypeError` if cause is not an exception or None.

    >>> from gochan import context
    >>> late = TimeoutError("no answer")
    >>> with context.with_timeout_cause(context.background(), 0, late) as ctx:
    ...     ctx.err(), context.cause(ctx)
    (DeadlineExceeded('context deadline exceeded'), TimeoutError('no answer'))
    """
    return _with_timeout("context.with_timeout_cause", parent, d, cause)


def _with_timeout(
    call: str, parent: Context, d: float | timedelta, cause: BaseException | None
) -> Pair[CancelFunc]:
    return _with_deadline(call, parent, _time_after(seconds(call, d)), cause)


def _time_after(d: float) -> datetime:
    """Return the time d seconds from now, or the last that a datetime can represent."""
    if not d > 0:
        return time.now()
    try:
        return time.now() + timedelta(seconds=d)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def after_func(ctx: Context, fn: Callable[[], object], /) -> Callable[[], bool]:
    """Call fn in a new goroutine after ctx has ended: Go's context.AfterFunc.

    If ctx has ended already, fn is called at once, in its own goroutine.  Returns a function `stop` that
    prevents the call; `stop()` returns False if fn was called or stopped before.

    Raises `TypeError` if ctx is not a context or fn is not callable.

    >>> from gochan import Chan, context, run
    >>> def main() -> None:
    ...     notes = Chan[str](1)
    ...     ctx, cancel = context.with_cancel(context.background())
    ...     stop = context.after_func(ctx, lambda: notes << "it has ended")
    ...     cancel()
    ...     print(notes.recv(), stop())
    >>> run(main)
    it has ended False
    """
    check_context("context.after_func", ctx)
    if not callable(fn):
        raise TypeError(f"context.after_func: {fn!r} is not callable; give a function without arguments")
    # So that the recursion limit also leaves room for a call of `stop`.
    check_depth(_TO_STOP + 1)
    waiter = _AfterFunc(ctx, fn)
    stop = waiter.stop
    # Last, as in with_cancel.
    waiter.follow()
    return stop


def cause(ctx: Context, /) -> BaseException | None:
    """Return the cause that ended ctx, or else its err(); None if it has not ended: Go's context.Cause.

    Raises `TypeError` if ctx is not a context.

    >>> from gochan import context
    >>> ctx, cancel = context.with_cancel_cause(context.background())
    >>> context.cause(ctx)
    >>> cancel(KeyError("Ann"))
    >>> context.cause(ctx)
    KeyError('Ann')
    """
    check_context("context.cause", ctx)
    err = ctx.err()
    if err is None:
        return None
    found = ctx.value(_SELF)
    # If there is no cause, the user has defined ctx, and ctx ended before its ancestor `found`.
    if isinstance(found, _Cancel) and found._cause is not None:
        return found._cause
    return err


def ended(call: str, ctx: Context) -> BaseException | None:
    """Return the exception that `call`, in another package, raises if ctx has ended; None if it has not."""
    check_context(call, ctx)
    done = _channel(ctx)
    if done is None or not done._can_recv():
        return None
    # All calls raise the same exception object.  Without this, each raise would make its traceback longer.
    return _error(ctx).with_traceback(None)
