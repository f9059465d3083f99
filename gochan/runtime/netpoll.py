"""The idle wait: how the thread sleeps when no goroutine can run (Go's runtime/netpoll.go).

A lock that nobody holds open is slept on.  Its timeout is exact to the kernel's timer slack, where a poll
of file descriptors rounds to a millisecond; it works on every system; a signal interrupts it, so that the
handler runs and `wake` ends the wait.

Not every signal does.  One may come right before the sleep, or the system may give it to another thread; it
is then noted, and Python runs its handler when the main thread next has a turn.  So no sleep lasts longer
than LOOK.

Invariant: `wake` may be called from any thread and from a signal handler, any number of times; a wake that
comes before the wait makes the next wait return at once.
"""

from __future__ import annotations

import contextlib
import signal
from _thread import allocate_lock
from typing import Final, final

# The longest sleep, in nanoseconds.
LOOK: Final = 100_000_000


@final
class Poller:
    """Sleeps until a time or a wake, whichever comes first."""

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._lock.acquire()

    def wait(self, ns: int) -> bool:
        """Sleep for at most ns nanoseconds, or with -1 until woken; in either case LOOK at the longest.

        Returns whether it was woken.  Whatever a signal's handler raises comes out of here.
        """
        if 0 <= ns <= LOOK:
            return ns > 0 and self._lock.acquire(True, ns * 1e-9)
        woken = self._lock.acquire(True, LOOK * 1e-9)
        if not woken:
            # Any function that is not compiled: handlers run as it is called.
            signal.getsignal(signal.SIGINT)
        return woken

    def pending(self) -> bool:
        """Tell whether something here, of which the scheduler does not know, may yet wake a goroutine."""
        return False

    def wake(self) -> None:
        """End the wait that is under way, or the next one."""
        # Released already: whoever did it has woken the same wait.
        with contextlib.suppress(RuntimeError):
            self._lock.release()
