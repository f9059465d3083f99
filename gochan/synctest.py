"""Tests of concurrent code on a virtual clock: Go's package testing/synctest.

`test(fn)` runs fn, and every goroutine that comes of it, in a bubble.  The bubble's clock begins at midnight
UTC 2000-01-01 and stands still while any of its goroutines can run; when all are durably blocked it jumps to
the next timer.  So a test that sleeps for an hour takes no time, and always goes the same way.  Which of the
timers due at one moment is first has no rule, as in Go, so that no test relies on one.

A goroutine is durably blocked when only its bubble can wake it: it waits for a channel that was made in the
bubble, in a select of such channels, in `time.sleep`, `sync.Cond.wait`, or for a `sync.WaitGroup` that the
bubble counts in.  A wait for a mutex, for I/O, or for a channel from outside is not durable.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from greenlet import GreenletExit

from . import time
from .runtime.error import Deadlock, Goexit, Panic, Unwind
from .runtime.panic import call_deferring
from .runtime.proc import blocker, getg, new_g, park, place_at_caller, refuse_unrun, start, unwind_bubble
from .runtime.runtime2 import Bubble, sched
from .runtime.traceback import bubble_stacks

__all__ = ["sleep", "test", "wait"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


def test(fn: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Call `fn(*args, **kwargs)` in a new bubble; return its result when all goroutines in it have ended.

    Time stands still once fn has returned.  Channels, timers and groups of the bubble cannot be used from
    outside: a Panic says so.

    Raises what leaves fn, after its deferred calls; what leaves another goroutine ends the program, as
    anywhere.  Raises Deadlock, with the bubble's stacks, when all its goroutines are blocked and no timer is
    left, or when fn has returned and the others don't end; they are unwound.  Panic inside a bubble,
    TypeError if fn is not callable.  Answers to Go's synctest.Test.

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
    root = blocker()
    if root.bubble is not None:
        raise Panic("synctest.Run called from within a synctest bubble")
    b = Bubble(_next_id(), root)
    outcome: list[Any] = [None, None]

    def main() -> None:
        try:
            outcome[0] = call_deferring(fn, args, kwargs)
            if outcome[0] is not None:
                refuse_unrun(fn, outcome[0])
        except (Unwind, GreenletExit, Goexit):
            raise
        except BaseException as raised:
            outcome[1] = raised

    root.bubble = b
    try:
        gp = b.main = new_g(main, (), {})
        place_at_caller(gp)
        start(gp)
        deadlock = _run_timers(b)
        if deadlock is not None:
            late = unwind_bubble(b)
            if late is not None:
                deadlock.add_note(f"when it was unwound, a goroutine raised {late!r}")
    finally:
        root.bubble = None
        b.timers.clear()
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


# pytest takes a function called test for a test of its own.
test.__test__ = False  # type: ignore[attr-defined]


def _run_timers(b: Bubble) -> Deadlock | None:
    """Move the bubble's clock from timer to timer until nobody is left; the Deadlock if somebody is."""
    root = b.root
    timers = b.timers
    b.active += 1
    while True:
        timers.run(timers.moment)
        if b.running == 1:
            # All others are blocked, or have ended, already.
            pass
        else:
            b.active -= 1
            park(root, "synctest.Run")
        if b.done or not timers.heap:
            break
        timers.moment = max(timers.moment, timers.heap[0].when)
    if b.total == 1:
        return None
    text = (
        "deadlock: main bubble goroutine has exited but blocked goroutines remain"
        if b.done
        else "deadlock: all goroutines in bubble are blocked"
    )
    return Deadlock(f"{text}\n\n{bubble_stacks(sched, b)}")


def wait() -> None:
    """Wait until every other goroutine in the bubble is durably blocked, or has ended.

    Raises Panic outside a bubble, and while another goroutine of the bubble waits here.  Answers to Go's
    synctest.Wait.

    >>> from gochan import go, run, synctest
    >>> def main() -> None:
    ...     done: list[str] = []
    ...     go(done.append, "ready")
    ...     synctest.wait()
    ...     print(done)
    >>> run(synctest.test, main)
    ['ready']
    """
    gp = getg()
    b = gp.bubble
    if b is None:
        raise Panic("goroutine is not in a bubble")
    if b.waiter is not None:
        raise Panic("wait already in progress")
    gp = blocker()
    b.waiter = gp
    try:
        park(gp, "synctest.Wait")
    finally:
        b.waiter = None
    b.active -= 1


def sleep(d: float | timedelta, /) -> None:
    """Sleep for d seconds, or a timedelta, and then wait until all others are durably blocked: see `wait`.

    Raises as `time.sleep` and `wait` do.  Answers to Go's synctest.Sleep.

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
