"""Steps: how the Python implementation changes the engine's state without being interrupted.

CPython runs signal handlers, other threads and (from 3.12 on) the garbage collector only where a function
begins, after a call to a C function, and before a loop's next iteration.  So a stretch of code without calls
and loops is never interrupted.  The most frequent operations (a send into a buffer, locking a free mutex) are
such a stretch.  Anything longer is a step, between `begin` and `end`:

- At most one thread is in a step.  The stretches above check `sched.step` first, and take the slow path while
  a thread is in a step.
- A handler or finalizer that interrupts a step may use the engine, in a nested step, but it may not wait.
  The interrupted operation notices by `sched.nested`, and tries again before it waits.  So the state is
  consistent at each call within a step.
- A trace or profile function, or a callback of the collector, may interrupt each try.  After MAX_TRIES, an
  operation tries once more while `silence` keeps them from being called.
- A step ends before the thread switches greenlets, and it calls no user code.

Python cannot delay a signal handler until a step ends.  So the handlers do that themselves:
gochan's own, and those that are set when a program begins, wait until the user's code runs (see
interrupt.py).  Nothing can protect a step from a handler that is set later and raises, or from a trace
function in Python, which runs at each line.  The C implementation has neither problem: no Python code runs
during its steps.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any, Final

from ..unpatched import get_ident, sleep
from .hooks import hooks
from .state import sched

# How many times an operation tries to wait before it silences what interrupts it.
MAX_TRIES: Final = 10
# How many tools sys.monitoring knows.
_TOOLS: Final = 6


def silence() -> Callable[[], None]:
    """Keep trace and profile functions and the collector from running; return a function that ends that."""
    trace, profile, collects = sys.gettrace(), sys.getprofile(), gc.isenabled()
    monitoring: Any = getattr(sys, "monitoring", None)
    tools = [] if monitoring is None else [i for i in range(_TOOLS) if monitoring.get_tool(i) is not None]
    events = [(i, monitoring.get_events(i)) for i in tools]
    for i in tools:
        monitoring.set_events(i, 0)
    sys.settrace(None)
    sys.setprofile(None)
    gc.disable()

    def restore() -> None:
        if collects:
            gc.enable()
        for tool, asked in events:
            monitoring.set_events(tool, asked)
        sys.setprofile(profile)
        sys.settrace(trace)

    return restore


def begin() -> int:
    """Begin a step once no other thread is in one; return the argument for `end`."""
    s = sched
    me = get_ident()
    before = wait_for_step(me) if s.step else 0
    s.step = me
    return before


def wait_for_step(me: int) -> int:
    """Wait until no other thread is in a step; return the argument for `end`.

    `me` is the calling thread's ident.
    """
    s = sched
    while s.step:
        if s.step == me:
            s.nested += 1
            return me
        sleep(2e-5)
    # No other thread can begin a step now: nothing is called before the caller's `s.step = me`.
    return 0


def end(before: int) -> None:
    """End a step, and wake the hub if it sleeps, since a goroutine may be runnable now."""
    s = sched
    s.step = before
    if s.hub_asleep and not before:
        hooks.wake()
