"""The idle wait: how the thread sleeps when no goroutine can run (Go's runtime/netpoll.go).

A lock that nobody holds open is slept on.  Its timeout is exact to the kernel's timer slack, where a poll
of file descriptors rounds to a millisecond; it works on every system; a signal interrupts it, so that the
handler runs and `wake` ends the wait.

Invariant: `wake` may be called from any thread and from a signal handler, any number of times; a wake that
comes before the wait makes the next wait return at once.
"""

from __future__ import annotations

import contextlib
from _thread import TIMEOUT_MAX, allocate_lock
from typing import final


@final
class Poller:
    """Sleeps until a time or a wake, whichever comes first."""

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._lock.acquire()

    def wait(self, ns: int) -> None:
        """Sleep for at most ns nanoseconds, or with -1 until woken.

        Whatever a signal's handler raises comes out of here.
        """
        if ns < 0:
            self._lock.acquire()
        elif ns > 0:
            self._lock.acquire(True, min(ns * 1e-9, TIMEOUT_MAX))

    def pending(self) -> bool:
        """Tell whether something here, of which the scheduler does not know, may yet wake a goroutine."""
        return False

    def wake(self) -> None:
        """End the wait that is under way, or the next one."""
        # Released already: whoever did it has woken the same wait.
        with contextlib.suppress(RuntimeError):
            self._lock.release()
