"""The semaphore that sync's locks share: a count and its wait queue (Go's runtime/sema.go).

A release that finds a waiter makes it ready without giving it the count: it may find it taken by whoever ran
in between, and then waits again.  With handoff the count is the waiter's, and it runs at once.
"""

from __future__ import annotations

from typing import final

from .proc import blocker, park, ready, stepping, yield_local
from .runtime2 import Bubble, G, WaitQueue, sched


@final
class Sema:
    """A counting semaphore: Go's semacquire and semrelease on one address."""

    __slots__ = ("_queue", "_value")

    def __init__(self, value: int = 0) -> None:
        self._value = value
        self._queue = WaitQueue()

    def acquire(self, gp: G, reason: str, lifo: bool = False) -> None:
        """Take one for gp, the caller, waiting for it; lifo puts gp in front of all others that wait.

        An exception thrown into the wait leaves gp.success set if gp has taken one all the same, as what it
        was woken for must not be lost: the caller gives it back, in its own way.
        """
        while self._value == 0:
            gp.success = False
            if lifo:
                self._queue.push(gp)
            else:
                self._queue.enqueue(gp)
            try:
                park(gp, reason)
            except BaseException:
                if not gp.success and self._value > 0:
                    self._value -= 1
                    gp.success = True
                raise
            # The count was handed over.
            if gp.success:
                return
        self._value -= 1

    def release(self, handoff: bool = False) -> None:
        """Give one back and wake the first that waits."""
        self._value += 1
        w = self._queue.dequeue()
        if not isinstance(w, G):
            return
        if handoff:
            self._value -= 1
            w.success = True
        ready(w)
        # Where no goroutine can yield (a finalizer in the hub, the program's end) the hand-over has to wait.
        gp = sched.curg
        if handoff and gp is not None and not sched.ending and not stepping(gp):
            yield_local(blocker())

    def bubble(self) -> Bubble | None:
        """The bubble whose goroutines alone release; a wait here is durable in it."""
        return self._queue.bubble

    def set_bubble(self, bubble: Bubble | None) -> None:
        """Make it a bubble's."""
        self._queue.bubble = bubble
