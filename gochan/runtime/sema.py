"""The semaphore and the wait queue that sync's locks share (Go's runtime/sema.go).

A release that finds a waiter makes it ready without giving it the count: it may find it taken by whoever ran
in between, and then waits again, in front.  With handoff the count is the waiter's, and it runs at once.
"""

from __future__ import annotations

from typing import final

from .proc import blocker, park, ready, yield_local
from .runtime2 import Bubble, G, WaitQueue


@final
class Sema:
    """A counting semaphore: Go's semacquire and semrelease on one address."""

    __slots__ = ("_queue", "_value")

    def __init__(self, value: int = 0) -> None:
        self._value = value
        self._queue = WaitQueue()

    def acquire(self, reason: str, lifo: bool = False) -> None:
        """Take one, waiting for it; lifo puts the caller in front of all others that wait."""
        if self._value > 0:
            self._value -= 1
            return
        gp = blocker()
        while True:
            gp.success = False
            if lifo:
                self._queue.push(gp)
            else:
                self._queue.enqueue(gp)
            try:
                park(gp, reason)
            except BaseException:
                self._pass_on(gp)
                raise
            # success: the count was handed over.
            if gp.success:
                return
            if self._value > 0:
                self._value -= 1
                return

    def _pass_on(self, gp: G) -> None:
        """Give to the next what gp was woken with and can no longer use."""
        if gp.success:
            gp.success = False
            self.release()

    def release(self, handoff: bool = False) -> None:
        """Give one back and wake the first that waits."""
        self._value += 1
        w = self._queue.dequeue()
        if not isinstance(w, G):
            return
        if handoff and self._value > 0:
            self._value -= 1
            w.success = True
        ready(w)
        if w.success:
            yield_local(blocker())

    def bubble(self) -> Bubble | None:
        """The bubble whose goroutines alone release; a wait here is durable in it."""
        return self._queue.bubble

    def set_bubble(self, bubble: Bubble | None) -> None:
        """Make it a bubble's."""
        self._queue.bubble = bubble

    def waiting(self) -> bool:
        """Tell whether somebody waits."""
        return self._queue.waiting()
