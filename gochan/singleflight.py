"""Duplicate call suppression, one call at a time for each key: Go's golang.org/x/sync/singleflight.

Invariants
- A call is in `_calls` from its start until its function has ended, unless `forget` removed it before.
- Every caller that finds it there gets its outcome: the value, the exception, the panic, or the Goexit.
- A panic in a call that a `do_chan` waits for ends the program: a channel cannot carry it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import suppress
from types import TracebackType
from typing import Any, Generic, NamedTuple, NoReturn, TypeVar, final

from greenlet import GreenletExit

from ._engine.depth import check_depth
from ._engine.ends import RecvChan
from ._engine.error import Deadlock, Goexit, Panic, Unwind
from ._engine.impl import Chan, G, WaitGroup, getg, sched, select, spawn
from ._engine.keep import keep
from ._engine.panic import call_deferring
from ._engine.pickling import refuse_pickling
from ._engine.run import goexit
from ._engine.traceback import strip

__all__ = ["Group", "Result"]

T = TypeVar("T")


class Result(NamedTuple, Generic[T]):
    """The result that `do_chan` sends: the value, the exception or None, and whether it was shared.

    If err is an exception, val is None.  Go's singleflight.Result.

    >>> from gochan import run, singleflight
    >>> def main() -> None:
    ...     group = singleflight.Group()
    ...     print(group.do_chan("key", lambda: 7).recv())
    >>> run(main)
    Result(val=7, err=None, shared=False)
    """

    val: T
    err: BaseException | None
    shared: bool


@final
class _Call:
    """A call that is in flight, or its outcome."""

    __slots__ = ("chans", "dups", "exc", "over", "result", "traceback", "val", "wg")

    def __init__(self) -> None:
        self.wg = WaitGroup()
        self.wg.add(1)
        self.val: Any = None
        self.exc: BaseException | None = None
        # Whether the outcome is a value or an error, which a channel can carry; False for a panic or Goexit.
        self.result = True
        self.traceback: TracebackType | None = None
        # Whether those that wait have been woken; the outcome does not change any more.
        self.over = False
        # The number of callers that have joined, and the channels of those that called do_chan.
        self.dups = 0
        self.chans: list[Chan[Result[Any]]] = []

    def fail(self, exc: BaseException) -> None:
        """Make exc the outcome, unless there is one."""
        if not self.over:
            self.exc = exc
            self.result = isinstance(exc, Exception) and not isinstance(exc, (Panic, Deadlock))
            self.traceback = strip(exc.__traceback__)


@final
class Group:
    """A namespace of keys, for each of which at most one call is in flight: Go's singleflight.Group.

    A caller with the key of a call that is in flight waits for it and gets its result.

    >>> from gochan import run, runtime, singleflight, sync
    >>> def main() -> None:
    ...     group, wg = singleflight.Group(), sync.WaitGroup()
    ...     def load() -> str:
    ...         print("loading")
    ...         runtime.gosched()  # the other callers come
    ...         return "seven"
    ...     for _ in range(3):
    ...         wg.go(lambda: print(group.do("key", load)))
    ...     wg.wait()
    >>> run(main)
    loading
    ('seven', True)
    ('seven', True)
    ('seven', True)
    """

    def __init__(self) -> None:
        self._calls: dict[Hashable, _Call] = {}
        self._program: G | None = None
        # Makes what do_chan sends; ports have a Result of their own.
        self._outcome: Callable[[Any, BaseException | None, bool], Any] = Result

    def do(self, key: Hashable, fn: Callable[[], T], /) -> tuple[T, bool]:
        """Call fn, or wait for the call in flight for the same key: Go's Group.Do.

        Returns `(value, shared)`: what the call returned, and whether several callers get it.

        Raises in each caller what the call raises, including a Panic; a `runtime.goexit` in the call ends
        each caller's goroutine.  Raises `TypeError` if key is not hashable or fn is not callable.
        """
        check_depth()
        call = self._find("Group.do", key, fn)
        ours: _Call | None = None
        if call is None:
            ours = _Call()
            try:
                # Another thread, or a goroutine that runs while the key's `__eq__` yields, may have stored a
                # call first.
                call = self._calls.setdefault(key, ours)
                if call is ours:
                    self._run(ours, key, fn)
            except (Unwind, GreenletExit):
                # The program, or the bubble, has ended; the group may be used in another.
                self._drop(ours, key)
                raise
            except BaseException as exc:
                # A signal handler has raised outside of fn.
                ours.fail(exc)
                self._end(ours, key)
                raise
        if call is ours:
            if call.chans and not call.result and not isinstance(call.exc, Goexit):
                _crash(call)
            shared = call.dups > 0
        else:
            call.dups += 1
            call.wg.wait()
            if isinstance(call.exc, Goexit):
                goexit()
            shared = True
        if call.exc is None:
            return call.val, shared
        try:
            # The traceback of fn without the lines of the other callers.
            raise call.exc.with_traceback(call.traceback)
        finally:
            # The traceback refers to this frame: a reference back would make a cycle.
            del call, ours

    def do_chan(self, key: Hashable, fn: Callable[[], T], /) -> RecvChan[Result[T]]:
        """Start a goroutine that does what `do` does; return a channel for its Result: Go's Group.DoChan.

        The channel is never closed, and receives nothing if fn calls `runtime.goexit`.  A Panic in fn, and a
        BaseException that is not an Exception, ends the program.

        Raises `TypeError` if key is not hashable or fn is not callable.
        """
        check_depth()
        ch: Chan[Result[T]] = Chan(1)
        call = self._find("Group.do_chan", key, fn)
        if call is None:
            ours = _Call()
            ours.chans.append(ch)
            started: list[None] = []
            try:
                # As in `do`.
                call = self._calls.setdefault(key, ours)
                if call is ours:
                    keep(started, spawn, self._alone, (ours, key, fn))
                    return ch
            except BaseException as exc:
                if not started:
                    ours.fail(exc)
                    self._end(ours, key)
                raise
        call.dups += 1
        call.chans.append(ch)
        if call.over:
            # The call has ended since it was found.
            self._end(call, key)
        return ch

    def forget(self, key: Hashable, /) -> None:
        """Forget key: its next `do` calls its function even if a call is in flight: Go's Group.Forget.

        Raises `TypeError` if key is not hashable.
        """
        self._find("Group.forget", key, _raise)
        self._calls.pop(key, None)

    __reduce__ = refuse_pickling

    def __repr__(self) -> str:
        return f"<Group calls={len(self._calls)} at {id(self):#x}>"

    def _find(self, method: str, key: Hashable, fn: object) -> _Call | None:
        """Return the call of key that is in flight, or None; raise TypeError for a bad key or fn."""
        if not callable(fn):
            raise TypeError(f"{method}: {fn!r} is not callable; give a key and a function without arguments")
        getg()
        if self._program is not sched.main:
            # Calls that an earlier program left here never end.
            self._program = sched.main
            self._calls.clear()
        try:
            return self._calls.get(key)
        except TypeError as error:
            raise TypeError(f"{method}: {key!r} is not hashable ({error}); give a str or a tuple") from None

    def _run(self, call: _Call, key: Hashable, fn: Callable[[], object]) -> None:
        """Call fn, keep its outcome, and wake those that wait for it."""
        try:
            call.val = call_deferring(fn, (), {})
        except (Unwind, GreenletExit):
            raise
        except BaseException as exc:
            call.fail(exc)
        self._end(call, key)
        # The traceback refers to this frame, too.
        del call

    def _end(self, call: _Call, key: Hashable) -> None:
        """Wake those that wait for the outcome.  May be called again, after a signal handler has raised."""
        if not call.over:
            call.over = True
            call.wg.done()
        self._drop(call, key)
        while call.result and call.chans:
            ch = call.chans[0]
            del call.chans[0]
            ch.send(self._outcome(call.val, call.exc, call.dups > 0))

    def _alone(self, call: _Call, key: Hashable, fn: Callable[[], object]) -> None:
        """Run in the goroutine of a do_chan."""
        try:
            self._run(call, key, fn)
        except (Unwind, GreenletExit):
            self._drop(call, key)
            raise
        if call.exc is not None and not call.result:
            raise call.exc.with_traceback(call.traceback)

    def _drop(self, call: _Call, key: Hashable) -> None:
        calls = self._calls
        with suppress(KeyError):
            # After `forget`, the key may belong to another call.  No function is called in between, because
            # another thread could then forget the key.
            if key in calls and calls[key] is call:
                del calls[key]


def _crash(call: _Call) -> NoReturn:
    """End the program with the panic of a call: the caller of `do` might recover it while others wait on."""
    assert call.exc is not None
    spawn(_raise, (call.exc.with_traceback(call.traceback),))
    select()


def _raise(exc: BaseException) -> NoReturn:
    raise exc
