"""Tests of concurrent code on a virtual clock: Go's package testing/synctest.

`test(fn)` runs fn, and every goroutine that it starts, in a bubble.  The bubble's clock starts at midnight
UTC 2000-01-01 and stands still while any of its goroutines can run.  When all are durably blocked, the clock
advances to the next timer.  So a test that sleeps for an hour takes no time and is deterministic, except that
timers due at the same time fire in random order, as in Go.

A goroutine is durably blocked when only its bubble can wake it: it waits for a channel that was made in the
bubble, in a select of such channels, in `time.sleep` or `sync.Cond.wait`, or for a `sync.WaitGroup` whose
`add` was called in the bubble.  A wait for a mutex, for I/O, or for a channel from outside is not durable.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from greenlet import GreenletExit

from . import time
from ._engine import tracing
from ._engine.depth import check_depth
from ._engine.error import Deadlock, Goexit, Panic, Unwind
from ._engine.functions import check_namespace
from ._engine.impl import Bubble, getg, gosched, sched, without_frames
from ._engine.panic import call_deferring
from ._engine.run import check_result, take_unwind_error
from ._engine.traceback import bubble_stacks

__all__ = ["sleep", "test", "wait"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


def test(fn: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Call `fn(*args, **kwargs)` in a new bubble; return its result after all the bubble's goroutines end.

    After fn has returned, the clock no longer advances.  Using the bubble's channels, timers and WaitGroups
    from outside raises a Panic.  Go's synctest.Test.

    Raises what leaves fn, after its deferred calls; an exception that leaves another goroutine ends the
    program, as usual.  Raises `Deadlock`, with the bubble's stacks, if all its goroutines are blocked and no
    timer is set, or if fn has returned and other goroutines don't end; they are unwound.  Raises `Panic` in a
    bubble, `TypeError` if fn is not callable, `RuntimeError` in a thread other than the runtime's.

    >>> from gochan import run, synctest, time
    >>> def main() -> None:
    ...     start = time.now()
    ...     time.sleep(3600)
    ...     print(time.since(start))
    >>> run(synctest.test, main)
    3600.0
    """
    if not callable(fn):
        raise TypeError(f"synctest.test: {fn!r} is not callable; give the function to test")
    check_namespace("synctest.test", fn, args, kwargs)
    check_depth()
    gp = getg()
    if gp.bubble is not None:
        raise Panic("synctest.Run called from within a synctest bubble")
    if gp.thread:
        raise RuntimeError(
            "synctest.test: called in a thread that is not the runtime's; from here, "
            "thread.submit(synctest.test, f) calls it in a goroutine"
        )
    b = Bubble(_next_id())
    outcome: list[Any] = [None, None]
    deadlock: Deadlock | None = None

    def main() -> None:
        try:
            outcome[0] = call_deferring(fn, args, kwargs)
            if outcome[0] is not None:
                check_result(fn, outcome[0], "synctest.test")
        except (Unwind, GreenletExit, Goexit):
            raise
        except BaseException as raised:
            outcome[1] = raised

    b.enter()
    try:
        b.start(main)
        if b.run():
            deadlock = _deadlock(b)
            late = b.unwind() or take_unwind_error()
            if late is not None:
                deadlock.add_note(f"when it was unwound, a goroutine raised {late!r}")
    except BaseException:
        if not sched.ending:
            _abandon(b)
        raise
    finally:
        b.leave()
    result, exc = outcome
    if exc is not None:
        try:
            raise exc
        finally:
            # Its traceback holds this frame.
            del exc, outcome
    if deadlock is not None:
        raise deadlock
    return result  # type: ignore[no-any-return]


# Otherwise pytest would collect a function named test.
test.__test__ = False  # type: ignore[attr-defined]


def _abandon(b: Bubble) -> None:
    """Unwind the goroutines of b, whose root ends early because of an exception such as Ctrl-C."""
    for _ in range(100):
        b.unwind()
        take_unwind_error()
        if not any(gp.bubble is b and gp is not b.root for gp in sched.goroutines()):
            return
        # The remaining goroutines have not started; they run until they block.
        gosched()


def _deadlock(b: Bubble) -> Deadlock:
    """Return the Deadlock that reports the goroutines that remain in b."""
    text = (
        "deadlock: main bubble goroutine has exited but blocked goroutines remain"
        if b.done
        else "deadlock: all goroutines in bubble are blocked"
    )
    return tracing.offer_picture(Deadlock(f"{text}\n\n{bubble_stacks(b)}"))


def wait() -> None:
    """Block until every other goroutine of the bubble is durably blocked or has ended: Go's synctest.Wait.

    Raises `Panic` outside a bubble, and while another goroutine of the bubble is in `wait`.

    >>> from gochan import go, run, synctest
    >>> def main() -> None:
    ...     done: list[str] = []
    ...     go(done.append, "ready")
    ...     synctest.wait()
    ...     print(done)
    >>> run(synctest.test, main)
    ['ready']
    """
    b = getg().bubble
    if b is None:
        raise Panic("goroutine is not in a bubble")
    b.wait()


def sleep(d: float | timedelta, /) -> None:
    """Sleep for d, a number of seconds or a timedelta, then `wait`: Go's synctest.Sleep.

    Raises what `time.sleep` and `wait` raise.

    >>> from gochan import run, synctest, time
    >>> def main() -> None:
    ...     rang: list[str] = []
    ...     time.after_func(60, lambda: rang.append("ring"))
    ...     synctest.sleep(60)
    ...     print(rang)
    >>> run(synctest.test, main)
    ['ring']
    """
    time.sleep(d)
    wait()


_ids = 0


def _next_id() -> int:
    global _ids
    _ids += 1
    return _ids


if not TYPE_CHECKING:
    test = without_frames(test, "gochan.synctest")
