"""One call at a time for each key, whose result all who ask for it share: Go's x/sync/singleflight.

Invariants
- A call is in `_calls` from its start until its function has ended, unless `forget` took it out before.
- Whoever finds it there gets its outcome: the value, the exception, the panic, or the Goexit.
- A panic in a call that somebody waits for on a channel ends the program: a channel cannot pass it on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from types import TracebackType
from typing import Any, Generic, NamedTuple, NoReturn, TypeVar, final

from greenlet import GreenletExit

from .runtime.chan import Chan
from .runtime.ends import RecvChan
from .runtime.error import Deadlock, Goexit, Panic, Unwind
from .runtime.panic import call_deferring
from .runtime.proc import getg, goexit, new_g, place_at_caller, start
from .runtime.runtime2 import G, sched
from .runtime.select import select
from .runtime.traceback import strip
from .sync import WaitGroup

__all__ = ["Group", "Result"]

T = TypeVar("T")


class Result(NamedTuple, Generic[T]):
    """What `do_chan` sends: the value, the exception or None, and whether others got it too.

    Where err is an exception, val is None.  Answers to Go's singleflight.Result.

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
    """A function on its way, or its outcome."""

    __slots__ = ("chans", "dups", "exc", "result", "traceback", "val", "wg")

    def __init__(self) -> None:
        self.wg = WaitGroup()
        self.wg.add(1)
        self.val: Any = None
        self.exc: BaseException | None = None
        # A value or an error, and no panic or Goexit: what a channel can carry.
        self.result = True
        self.traceback: TracebackType | None = None
        # How many have joined, and the channels among them.
        self.dups = 0
        self.chans: list[Chan[Result[Any]]] = []


@final
class Group:
    """Calls of functions by key, each key's one at a time: Go's singleflight.Group.

    Whoever asks for a key while its function runs waits for that one's result.

    >>> from gochan import run, singleflight, sync, time
    >>> def main() -> None:
    ...     group, wg = singleflight.Group(), sync.WaitGroup()
    ...     def load() -> str:
    ...         print("loading")
    ...         time.sleep(0.001)
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

    def do(self, key: Hashable, fn: Callable[[], T], /) -> tuple[T, bool]:
        """Call fn, or wait for the call of key that is on its way: Go's Group.Do.

        Returns `(value, shared)`: what the call returned, and whether several callers got it.  What it
        raises, a Panic too, is raised in each of them; its `runtime.goexit` ends each of them.

        Raises TypeError for a key that cannot be hashed or an fn that is not callable.
        """
        call = self._find("Group.do", key, fn)
        if call is not None:
            call.dups += 1
            call.wg.wait()
            if isinstance(call.exc, Goexit):
                goexit()
            shared = True
        else:
            call = self._calls[key] = _Call()
            self._run(call, key, fn)
            if call.chans and not call.result and not isinstance(call.exc, Goexit):
                _crash(call)
            shared = call.dups > 0
        if call.exc is None:
            return call.val, shared
        try:
            # Each caller sees where fn failed and its own line, not those of other callers.
            raise call.exc.with_traceback(call.traceback)
        finally:
            # The traceback holds this frame, which must not hold the exception in turn.
            del call

    def do_chan(self, key: Hashable, fn: Callable[[], T], /) -> RecvChan[Result[T]]:
        """Do what `do` does in another goroutine; return a channel that gets the Result: Go's Group.DoChan.

        The channel is not closed, and gets nothing when fn calls `runtime.goexit`.  A Panic in fn, and a
        BaseException that is no Exception, ends the program, whoever else waits for it.

        Raises TypeError for a key that cannot be hashed or an fn that is not callable.
        """
        ch: Chan[Result[T]] = Chan(1)
        call = self._find("Group.do_chan", key, fn)
        if call is not None:
            call.dups += 1
            call.chans.append(ch)
            return ch
        call = self._calls[key] = _Call()
        call.chans.append(ch)
        gp = new_g(self._alone, (call, key, fn), {})
        place_at_caller(gp)
        start(gp)
        return ch

    def forget(self, key: Hashable, /) -> None:
        """Let the next `do` of key call its function, whatever is on its way: Go's Group.Forget.

        Raises TypeError for a key that cannot be hashed.
        """
        if self._find("Group.forget", key, _raise) is not None:
            del self._calls[key]

    def _find(self, where: str, key: Hashable, fn: object) -> _Call | None:
        """Find the call of key that is on its way; refuse a bad key or fn."""
        if not callable(fn):
            raise TypeError(f"{where}: {fn!r} is not callable; give a key and a function without arguments")
        getg()
        if self._program is not sched.main:
            # What an earlier program left here never ends.
            self._program = sched.main
            self._calls.clear()
        try:
            return self._calls.get(key)
        except TypeError as error:
            raise TypeError(f"{where}: {key!r} cannot be a key ({error}); give a str or a tuple") from None

    def _run(self, call: _Call, key: Hashable, fn: Callable[[], object]) -> None:
        """Call fn, keep what comes of it, and let those go on who wait for it."""
        try:
            call.val = call_deferring(fn, (), {})
        except (Unwind, GreenletExit):
            # The goroutines of this program, or bubble, have ended; the group may serve others.
            self._drop(call, key)
            raise
        except BaseException as exc:
            call.exc = exc
            call.result = isinstance(exc, Exception) and not isinstance(exc, (Panic, Deadlock))
            call.traceback = strip(exc.__traceback__)
        call.wg.done()
        self._drop(call, key)
        if call.result:
            for ch in call.chans:
                ch.send(Result(call.val, call.exc, call.dups > 0))
        # The traceback holds this frame too.
        del call

    def _alone(self, call: _Call, key: Hashable, fn: Callable[[], object]) -> None:
        """Be the goroutine of a do_chan."""
        self._run(call, key, fn)
        if call.exc is not None and not call.result:
            raise call.exc.with_traceback(call.traceback)

    def _drop(self, call: _Call, key: Hashable) -> None:
        # Forgotten meanwhile, the key may be another call's.
        if self._calls.get(key) is call:
            del self._calls[key]


def _crash(call: _Call) -> NoReturn:
    """End the program with the panic of a `do` whose caller could recover it, and so leave others waiting."""
    assert call.exc is not None
    gp = new_g(_raise, (call.exc.with_traceback(call.traceback),), {})
    place_at_caller(gp)
    start(gp)
    select()


def _raise(exc: BaseException) -> NoReturn:
    raise exc
