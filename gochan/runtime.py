"""Control and inspection of the scheduler: Go's package runtime.

`gosched` yields, `goexit` ends the calling goroutine, `num_goroutine` counts the goroutines, `stack` returns
their stacks, `goroutines` the same as data, and `leaked_goroutines` those that can never continue.
`set_watchdog` reports goroutines that block the thread, and `set_preempt` preempts goroutines that compute.

`COMPILED` is True if the C implementation of the engine is used, False if the Python one is: there was no C
compiler when gochan was installed, or GOCHAN_PURE=1 is set.

A forked child starts with a fresh runtime.
"""

import os

from ._engine.arguments import check_int
from ._engine.goroutine import Frame, Goroutine
from ._engine.impl import COMPILED, gosched
from ._engine.preempt import set_preempt
from ._engine.run import goexit, num_goroutine, stack
from ._engine.traceback import goroutines
from ._engine.watchdog import set_watchdog

__all__ = [
    "COMPILED",
    "Frame",
    "Goroutine",
    "goexit",
    "gomaxprocs",
    "goroutines",
    "gosched",
    "leaked_goroutines",
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
    check_int("runtime.gomaxprocs", "number of processors", n)
    return 1


def leaked_goroutines() -> list[Goroutine]:
    """Return the goroutines that can never continue, in the form of `goroutines`.

    Nothing that can still run has a reference to the channels and locks that they wait for: no other
    goroutine or thread, no callback, timer or global variable.  So they never end, and what they refer to is
    never freed.  Go's counterpart is the profile "goroutineleak".

    Each goroutine that is returned is a leak, but not all leaks are found: a goroutine that waits for
    something in a global variable may wait forever, too.  A leak is also not found if a C extension refers to
    the channel, if a debugger or profiler refers to the frame, or if the wait is inside C code, as in
    `list(ch)`.  Main is left out, because Ctrl-C can wake it.

    It collects garbage first.  The search takes about 4 seconds per million objects, and no goroutine runs in
    that time.  If another thread calls it, the search begins when the goroutines switch; the thread waits for
    that for at most 10 seconds.

    Raises `NotImplementedError` on Pythons other than CPython 3.11 to 3.13 on 64 bits, and `TimeoutError` in
    another thread if a goroutine computes or blocks in a call that is not gochan's.

    >>> from gochan import Chan, go, run, runtime
    >>> def main() -> None:
    ...     go(Chan[int]().recv)
    ...     kept = Chan[int]()
    ...     go(kept.recv)
    ...     runtime.gosched()
    ...     for g in runtime.leaked_goroutines():
    ...         print(g.number, g.reason)
    >>> run(main)
    2 chan receive
    """
    # Imported here, since few programs need it.
    from ._engine.leaks import leaked

    return leaked()
