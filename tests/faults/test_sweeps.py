"""Each operation, disturbed at one point after another: no value is lost, no goroutine is stuck, nothing crashes.

See points.py for the disturbances, operations.py for the operations, and stage.py for what is checked after each. A test
here is one process, or several where the first one dies.
"""

from __future__ import annotations

import re
import sys

import further_operations
import package_operations
import pytest
from operations import LIBRARIES, OPERATIONS
from run_sweep import Spec, sweep

from gochan.runtime import COMPILED

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="no signals to send"),
    pytest.mark.skipif("coverage" in sys.modules, reason="a tracer's own code would be disturbed, too"),
]

SURROUNDINGS = ("plain", "timer", "watchdog", "loop")
# What is promised for the C alone. In the Python engine a step has bytecodes in its middle: a signal handler that was set
# while the program runs may run and raise there, other threads are kept out by a lock that the interrupted code may hold, and a
# RecursionError or MemoryError may strike.
FOR_C = ("alarm", "handler", "thread", "memory", "depth")
QUICK = [
    ("alarm", "plain", "main"),
    ("alarm", "watchdog", "goroutine"),
    ("alarm", "loop", "main"),
    ("interrupt", "plain", "main"),
    ("timeout", "plain", "main"),
    ("timeout", "plain", "goroutine"),
    ("interrupt", "loop", "goroutine"),
    ("handler", "plain", "main"),
    ("handler", "watchdog", "main"),
    ("handler", "loop", "goroutine"),
    ("thread", "timer", "main"),
    ("collection", "plain", "main"),
    ("collection", "loop", "main"),
    ("memory", "plain", "main"),
    ("depth", "plain", "main"),
    ("depth", "watchdog", "goroutine"),
]
# With a recording, whose hooks are in the middle of every operation.
QUICK_RECORDED = [
    ("alarm", "plain", "main"),
    ("handler", "watchdog", "main"),
    ("memory", "plain", "main"),
]

# What is built on the engine's operations, and waits in no other way.
BUILT = {name for name, fn in OPERATIONS.items() if fn.__module__ in (package_operations.__name__, further_operations.__name__)}


def check(kind: str, surroundings: str, place: str, thorough: bool = False, recorded: bool = False) -> None:
    """Sweep over the operations that are promised to stand it."""
    names = [name for name in OPERATIONS if thorough or surroundings == "plain" or name not in BUILT]
    waits = True
    if kind == "memory":
        pytest.importorskip("_testcapi")
        if sys.version_info >= (3, 12):
            pytest.skip("greenlet crashes without memory for the frames that it copies at a switch, from Python 3.12 on")
        # asyncio and threading do not stand it: a loop that is half made complains, and a thread ends without a word.
        # Nor does frame.f_back, by which a stack is read: it returns None and leaves the MemoryError set.
        # CPython 3.11 does not say so where it has no memory for the frame of a function: SystemError.
        names = [name for name in names if name not in LIBRARIES and name != "stack"]
        names = [name for name in names if not name.startswith(("net:", "signal.", "tls:", "defers"))]
    if COMPILED and kind == "timeout":
        pytest.skip("the C engine puts no handler off, since no bytecode of it can be interrupted")
    if not COMPILED:
        if kind in FOR_C:
            pytest.skip("not promised for the Python engine")
        if kind in ("interrupt", "timeout") and surroundings != "plain":
            pytest.skip("the Python engine puts an interrupt off until the user's code runs, and here a loop or timer is that")
        if kind == "collection" and sys.version_info >= (3, 12):
            pytest.skip("a collection may come between any two bytecodes of the Python engine")
        # A finalizer that waits in the middle of a step is promised nothing; an interrupt may come between a partner's lock
        # and its unlock, which are Python functions.
        waits = False
        names = [name for name in names if name not in LIBRARIES and not re.search("utex|the lock is taken", name)]
    if recorded:
        # The text of what goes through a pipe, and so to a buffer, is a repr of several objects', and an exception
        # in such a one is ignored.
        names = [name for name in names if not name.startswith(("pipe:", "bufio:"))]
    points = 400 if thorough else 120
    spec = Spec(kind, surroundings, place, tuple(names), waits=waits, thorough=thorough, points=points, recorded=recorded)
    report = sweep(spec)
    assert not report.problems, str(report)
    assert report.trials > len(names)


@pytest.mark.parametrize(("kind", "surroundings", "place"), QUICK)
def test_operations_are_whole(kind: str, surroundings: str, place: str) -> None:
    check(kind, surroundings, place)


@pytest.mark.parametrize(("kind", "surroundings", "place"), QUICK_RECORDED)
def test_operations_that_are_recorded_are_whole(kind: str, surroundings: str, place: str) -> None:
    check(kind, surroundings, place, recorded=True)


@pytest.mark.soak
@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("place", ["main", "goroutine"])
@pytest.mark.parametrize("surroundings", SURROUNDINGS)
@pytest.mark.parametrize("kind", ["alarm", "interrupt", "timeout", "handler", "thread", "collection", "memory", "depth"])
def test_operations_are_whole_everywhere(kind: str, surroundings: str, place: str, recorded: bool) -> None:
    """Everything that can be done in the middle, at every point."""
    check(kind, surroundings, place, thorough=True, recorded=recorded)
