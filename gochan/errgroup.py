"""Groups of goroutines that work on one task until one of them fails: Go's golang.org/x/sync/errgroup.

Where a Go function returns an error, a function here raises an Exception.  A Panic, and a BaseException that
is not an Exception (KeyboardInterrupt, SystemExit), is not collected: it leaves the goroutine and ends the
program, as a panic in a group does in Go.

Invariants
- `_err` is set once, before the context is canceled and before the failed goroutine counts as finished.
- `_slots` is the semaphore of the limit, a channel with one value for each goroutine that was started under
  the limit and has not finished.  `set_limit` panics while goroutines are active, because they would take
  their values from the new channel.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any, ParamSpec, final

from greenlet import GreenletExit

from ._engine.arguments import check_int
from ._engine.error import Deadlock, Goexit, Panic, Unwind, set_context
from ._engine.functions import check_namespace
from ._engine.impl import Chan, WaitGroup, poll_point, spawn
from ._engine.keep import keep
from ._engine.panic import call_deferring
from ._engine.pickling import refuse_pickling
from ._engine.run import check_result
from ._engine.traceback import strip
from .context import CancelCauseFunc, Context, with_cancel_cause

__all__ = ["Group", "with_context"]

_P = ParamSpec("_P")


@final
class Group:
    """A group of goroutines that you wait for, and whose first error `wait` raises: Go's errgroup.Group.

    A `with` statement waits for the group at its end.  If the body raises, it cancels the group's context
    with that exception as the cause, waits for the goroutines, and raises the body's exception.

    >>> from gochan import errgroup, run
    >>> def main() -> None:
    ...     squares = [0] * 4
    ...     def square(i: int) -> None:
    ...         squares[i] = i * i
    ...     with errgroup.Group() as g:
    ...         for i in range(4):
    ...             g.go(square, i)
    ...     print(squares)
    >>> run(main)
    [0, 1, 4, 9]
    """

    def __init__(self) -> None:
        self._cancel: CancelCauseFunc | None = None
        self._wg = WaitGroup()
        self._active = 0
        self._slots: Chan[None] | None = None
        self._err: Exception | None = None
        self._traceback: TracebackType | None = None

    def go(self, fn: Callable[_P, object], /, *args: _P.args, **kwargs: _P.kwargs) -> Any:
        """Call `fn(*args, **kwargs)` in a new goroutine, blocking while the group is at its limit.

        The first Exception that leaves any fn cancels the group's context, and `wait` raises it.  Later
        exceptions are dropped, and so are results.  A Panic ends the program.  Works as a decorator, as
        `gochan.go` does.  Go's Group.Go.

        Raises `TypeError` if fn is not callable.
        """
        _check_callable("Group.go", fn, args, kwargs)
        self._start("Group.go", fn, args, kwargs, Chan.send)

    def try_go(self, fn: Callable[_P, object], /, *args: _P.args, **kwargs: _P.kwargs) -> bool:
        """Start a goroutine as `go` does unless the group is at its limit; return whether it did.

        Go's Group.TryGo.  Raises `TypeError` if fn is not callable.
        """
        _check_callable("Group.try_go", fn, args, kwargs)
        if self._start("Group.try_go", fn, args, kwargs, Chan._offer):
            return True
        # In a loop that polls try_go, other goroutines run only here.
        poll_point()
        return False

    def set_limit(self, n: int, /) -> None:
        """Limit the group to n active goroutines; a negative n means no limit: Go's Group.SetLimit.

        With a limit of 0, `go` blocks forever.

        Raises `Panic` while goroutines of the group are active, unless n is negative; `TypeError` if n is not
        an int.
        """
        n = check_int("Group.set_limit", "number of goroutines", n)
        if n < 0:
            self._slots = None
            return
        # Go counts only those that were started under a limit.  The others would block at their end, in the
        # receive from the new channel, and the group would never finish.
        if self._active:
            n = self._active
            raise Panic(f"errgroup: modify limit while {n} goroutines in the group are still active")
        self._slots = Chan(min(n, sys.maxsize))

    def wait(self) -> None:
        """Wait until every goroutine of the group has finished, then cancel its context: Go's Group.Wait.

        Raises the first Exception that left one of them, the same object at each call.
        """
        self._wg.wait()
        if self._cancel is not None:
            self._cancel(self._err)
        if self._err is not None:
            # The traceback of fn without the lines of earlier waiters.
            raise self._err.with_traceback(self._traceback)

    def __enter__(self) -> Group:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        if exc is None:
            self.wait()
            return
        if isinstance(exc, (Deadlock, Unwind, GreenletExit)):
            # The program has ended, and its goroutines with it.
            return
        if self._cancel is not None:
            self._cancel(exc)
        self._wg.wait()
        if self._err is not None:
            _keep(self._err.with_traceback(self._traceback), exc)

    __reduce__ = refuse_pickling

    def __repr__(self) -> str:
        limit = None if self._slots is None else self._slots.cap
        return f"<Group limit={limit} active={self._active} at {id(self):#x}>"

    def _start(
        self,
        call: str,
        fn: Callable[..., object],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        take: Callable[[Chan[None], None], bool | None],
    ) -> bool:
        """Take a slot, and start the goroutine; return whether there was one.

        An exception, such as a signal handler's, leaves the group as it was.
        """
        slots = self._slots
        taken: list[bool | None] = []
        started: list[object] = []
        active = False
        try:
            if slots is not None:
                keep(taken, take, slots, None)
                if taken[0] is False:
                    return False
            self._active += 1
            active = True
            begin = partial(spawn, self._call, (call, fn, args, kwargs))
            # The same as `keep` does, and a signal handler cannot raise between the two calls either.
            started.extend(map(operator.call, (partial(self._wg.add, 1), begin)))
        except BaseException:
            if len(started) < 2:
                if started:
                    self._wg.done()
                self._active -= active
                if slots is not None and taken and taken[0] is not False:
                    slots.recv()
            raise
        return True

    def _call(
        self, call: str, fn: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        try:
            result = call_deferring(fn, args, kwargs)
            if result is not None:
                check_result(fn, result, call)
                if issubclass(type(result), BaseException):
                    name = getattr(fn, "__qualname__", repr(fn))
                    raise TypeError(f"{call}: {name} returned {result!r}, which would be dropped; raise it")
        except Panic:
            raise
        except Exception as exc:
            self._fail(exc)
        except Goexit:
            self._done()
            raise
        self._done()

    def _fail(self, exc: Exception) -> None:
        if self._err is not None:
            return
        self._err = exc
        self._traceback = strip(exc.__traceback__)
        if self._cancel is not None:
            self._cancel(exc)

    def _done(self) -> None:
        self._active -= 1
        if self._slots is not None:
            self._slots.recv()
        self._wg.done()


class Pair(tuple[Group, Context]):
    """A group and its context, as `with_context` returns them.

    A `with` statement binds both, and waits for the group at its end.
    """

    __slots__ = ()

    def __enter__(self) -> Pair:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self[0].__exit__(kind, exc, tb)


def with_context(parent: Context, /) -> Pair:
    """Make a group, and a context that is canceled when a goroutine of the group fails: Go's WithContext.

    Returns `(group, ctx)`, where ctx is a child of parent; a `with` statement binds both, and waits for the
    group at its end.  ctx is canceled at the first Exception that leaves a goroutine of the group, with the
    Exception as the cause, or when `wait` returns.

    Raises `Panic` if parent is None, `TypeError` if it is not a context.

    >>> from gochan import context, errgroup, run
    >>> def main() -> None:
    ...     group, ctx = errgroup.with_context(context.background())
    ...     group.go(lambda: ctx.done().recv())
    ...     group.go(int, "seven")
    ...     try:
    ...         group.wait()
    ...     except ValueError as error:
    ...         print(error)
    ...         print(context.cause(ctx) is error)
    >>> run(main)
    invalid literal for int() with base 10: 'seven'
    True
    """
    group = Group()
    made = with_cancel_cause(parent)
    try:
        ctx, group._cancel = made
        return Pair((group, ctx))
    except BaseException:
        # A signal handler has raised: parent must not keep the child.
        made[1]()
        raise


def _check_callable(call: str, fn: object, args: tuple[object, ...], kwargs: dict[str, object]) -> None:
    if not callable(fn):
        raise TypeError(f"{call}: {fn!r} is not callable; give the function and its arguments")
    check_namespace(call, fn, args, kwargs)


def _keep(earlier: BaseException, raised: BaseException) -> None:
    """Append earlier to the chain of contexts of raised, because earlier is often the cause of raised."""
    seen: set[int] = set()
    link: BaseException | None = earlier
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        link = link.__cause__ or link.__context__
    last = raised
    while id(last) not in seen:
        seen.add(id(last))
        before = last.__cause__ or last.__context__
        if before is None:
            set_context(last, earlier)
            return
        last = before
