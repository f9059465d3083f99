"""Groups of goroutines that work on parts of one task, where the first failure ends it: Go's x/sync/errgroup.

What a Go function returns as its error, a function here raises: an Exception.  A Panic, and a BaseException
that is no Exception (KeyboardInterrupt, SystemExit), is nobody's result: it leaves the goroutine and ends the
program, as a panic in a group does in Go.

Invariants
- `_err` is set once, before the context is cancelled and before the failed goroutine is counted as finished.
- A goroutine that started under a limit holds one place in `_places` until it has finished; a new limit is
  refused as long as anybody could take its place from the wrong channel.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, final

from greenlet import GreenletExit

from .context import CancelCauseFunc, Context, with_cancel_cause
from .runtime.chan import Chan
from .runtime.error import Deadlock, Goexit, Panic, Unwind
from .runtime.panic import call_deferring
from .runtime.proc import new_g, place_at_caller, poll_point, refuse_unrun, start
from .runtime.traceback import strip
from .sync import WaitGroup

__all__ = ["Group", "with_context"]


@final
class Group:
    """Starts goroutines, waits for all of them, raises the first of their exceptions: Go's errgroup.Group.

    In a `with` statement it is waited for at the end.  If the body raises, the group's context is cancelled
    with that exception as its cause, the goroutines are waited for, and the body's exception goes on.

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
        self._places: Chan[None] | None = None
        self._err: Exception | None = None
        self._traceback: TracebackType | None = None

    def go(self, fn: Callable[..., object], /, *args: Any, **kwargs: Any) -> None:
        """Call `fn(*args, **kwargs)` in a new goroutine, once the limit leaves a place: Go's Group.Go.

        The first Exception that any fn raises is what `wait` raises; it cancels the group's context at once.
        Later ones are dropped, and so is what fn returns.  A Panic ends the program.  Works as a decorator.

        Raises TypeError if fn is not callable.
        """
        _check_callable("Group.go", fn)
        if self._places is not None:
            self._places.send(None)
        self._start(fn, args, kwargs)

    def try_go(self, fn: Callable[..., object], /, *args: Any, **kwargs: Any) -> bool:
        """Do what `go` does if the limit leaves a place now; tell whether it did: Go's Group.TryGo."""
        _check_callable("Group.try_go", fn)
        if self._places is not None:
            if not self._places._can_send():
                # Nothing else lets the others run in a loop that tries again and again.
                poll_point()
                return False
            self._places.send(None)
        self._start(fn, args, kwargs)
        return True

    def set_limit(self, n: int, /) -> None:
        """Let at most n goroutines of the group be active at a time: Go's Group.SetLimit.

        With a negative n there is no limit; with 0 no goroutine can be added.  Raises Panic while goroutines
        of the group are active, unless n is negative; TypeError for what is no int.
        """
        if not isinstance(n, int) or isinstance(n, bool):
            raise TypeError(f"Group.set_limit: {n!r} is not a number of goroutines; give an int")
        if n < 0:
            self._places = None
            return
        # Go looks only at those that hold a place.  Any other would in the end wait for a place to give back,
        # and the group would never finish: better to say so here.
        if self._active:
            n = self._active
            raise Panic(f"errgroup: modify limit while {n} goroutines in the group are still active")
        self._places = Chan(n)

    def wait(self) -> None:
        """Wait until every goroutine of the group has finished; then cancel its context: Go's Group.Wait.

        Raises the first Exception that one of them raised, the very same each time.
        """
        self._wg.wait()
        if self._cancel is not None:
            self._cancel(self._err)
        if self._err is not None:
            # Each waiter sees where fn failed and its own line, not those of other waiters.
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
            # The program has ended: nobody is left to wait for.
            return
        if self._cancel is not None:
            self._cancel(exc)
        self._wg.wait()
        if self._err is not None:
            _keep(self._err.with_traceback(self._traceback), exc)

    def _start(self, fn: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._wg.add(1)
        self._active += 1
        gp = new_g(self._call, (fn, args, kwargs), {})
        place_at_caller(gp)
        start(gp)

    def _call(self, fn: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        try:
            result = call_deferring(fn, args, kwargs)
            if result is not None:
                refuse_unrun(fn, result)
                if isinstance(result, BaseException):
                    name = getattr(fn, "__qualname__", repr(fn))
                    raise TypeError(f"Group.go: {name} returned {result!r}, which would go unseen; raise it")
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
        if self._places is not None:
            self._places.recv()
        self._wg.done()


class Pair(tuple[Group, Context]):
    """A group and its context; a `with` statement gives both, and waits for the group at the end."""

    __slots__ = ()

    def __enter__(self) -> Pair:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self[0].__exit__(kind, exc, tb)


def with_context(parent: Context, /) -> Pair:
    """Make a group, and a child of parent that ends with it: Go's errgroup.WithContext.

    Returns `(group, ctx)`; in a `with` statement the pair gives both, and the group is waited for at the end.
    ctx is cancelled when the first goroutine of the group fails, with its exception as the cause, and else
    when the group has been waited for.  Raises Panic for a parent of None, TypeError for what is no context.

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
    ctx, cancel = with_cancel_cause(parent)
    group = Group()
    group._cancel = cancel
    return Pair((group, ctx))


def _check_callable(where: str, fn: object) -> None:
    if not callable(fn):
        raise TypeError(f"{where}: {fn!r} is not callable; give the function and its arguments")


def _keep(earlier: BaseException, raised: BaseException) -> None:
    """Show earlier as the context of raised, at the end of its line: it is often what raised came from."""
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
            last.__context__ = earlier
            return
        last = before
