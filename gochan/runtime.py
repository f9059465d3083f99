"""Control and inspection of the scheduler: Go's package runtime.

`gosched` yields, `goexit` ends the calling goroutine, `num_goroutine` counts the goroutines, `stack` returns
their stacks, `set_watchdog` reports goroutines that block the thread, and `set_preempt` takes the thread from
those that compute.

`COMPILED` is True if the C implementation of the engine is used, False if the Python one is: there was no C
compiler when gochan was installed, or GOCHAN_PURE=1 is set.

A forked child starts with a fresh runtime.
"""

import os

from ._engine.impl import COMPILED, gosched
from ._engine.preempt import set_preempt
from ._engine.run import goexit, num_goroutine, stack
from ._engine.watchdog import set_watchdog

__all__ = [
    "COMPILED",
    "goexit",
    "gomaxprocs",
    "gosched",
    "num_cpu",
    "num_goroutine",
    "set_preempt",
    "set_watchdog",
    "stack",
]


def num_cpu() -> int:
    """Return the number of processors that the process may use: Go's runtime.NumCPU.

    >>> from gochan import runtime
    >>> runtime.num_cpu() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def gomaxprocs(n: int = 0, /) -> int:
    """Return 1, since goroutines run in one thread; n is ignored: Go's runtime.GOMAXPROCS.

    Raises `TypeError` if n is not an int.

    >>> from gochan import runtime
    >>> runtime.gomaxprocs(4)
    1
    """
    if type(n) is not int:
        raise TypeError(f"runtime.gomaxprocs: {n!r} is not a number of processors; give an int")
    return 1
