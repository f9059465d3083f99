"""The semaphore that sync's locks share, and the waiters of a Cond (Go's runtime/sema.go).

A release that finds a waiter makes it ready, but does not give it the count.  A goroutine that runs before
the waiter may take it; then the waiter waits again.  With a handoff, the waiter gets the count and runs at
once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from ..error import Panic
from .proc import wait, yield_local
from .runq import ready
from .state import G, Waiter, WaitQueue, public, sched
from .step import begin, end
from .worker import current

if TYPE_CHECKING:
    from .synctest import Bubble


@final
class Sema:
    """A counting semaphore (Go's semacquire and semrelease)."""

    __slots__ = ("_queue", "_value")

    def __init__(self, value: int = 0) -> None:
        self._value = value
        self._queue = WaitQueue()

    def acquire(self, gp: G, reason: str, lifo: bool = False, of: object = None) -> None:
        """Take one for gp, the caller, waiting for it; with `lifo`, gp waits in front of all others.

        `of` is what has the semaphore, for recordings.

        If an exception ends the wait after gp was woken, gp still takes what it was woken for, and
        gp._success is set: the caller has to give it back.
        """
        gp._success = False

        def undo(w: G, woken: bool) -> None:
            if woken and not w._success and self._try_acquire():
                w._success = True
            gp._success = w._success

        enqueue = self._queue.push if lifo else self._queue.enqueue
        while True:
            waited = wait(reason, self._try_acquire, enqueue, undo, of=of)
            # Set: the count was handed over.  Otherwise compete for it again.
            if waited is None or waited._success:
                return

    def _try_acquire(self) -> bool:
        """Take one if that needs no waiting, and return whether it did.  In a step."""
        if self._value:
            self._value -= 1
            return True
        return False

    def release(self, handoff: bool = False) -> None:
        """Add one and wake the first waiter.  With `handoff` the waiter gets the count and runs at once."""
        before = begin()
        try:
            self._value += 1
            w = self._queue.dequeue()
            if not isinstance(w, G):
                return
            if handoff:
                self._value -= 1
                w._success = True
            ready(w)
        finally:
            end(before)
        if handoff and not w.thread:
            yield_local()

    def bubble(self) -> Bubble | None:
        """Return the semaphore's bubble, or None.  Waiting for it is durable in that bubble."""
        return self._queue.bubble

    def set_bubble(self, bubble: Bubble | None) -> None:
        """Make the semaphore belong to a bubble, or to none."""
        self._queue.bubble = bubble


@final
@public("gochan.sync")
class NotifyList:
    """The waiters of a Cond, each with a ticket (Go's notifyList).

    Cond.wait takes a ticket by `add` before it unlocks, and calls `wait` after that.  If its ticket was
    called in between, `wait` returns at once.

    Invariants
    - The tickets below `_called` have been called.
    - The ticket of a waiter in the queue, its `_elem`, has not been called.
    - `_gone` holds tickets that have not been called and that no goroutine waits for any more.
    """

    __slots__ = ("_called", "_gone", "_queue", "_tickets", "_traced")

    def __init__(self) -> None:
        self._tickets: int = 0
        self._called: int = 0
        self._gone: set[int] = set()
        self._queue: WaitQueue = WaitQueue()
        # Its number in recordings; 0: none yet.
        self._traced: int = 0

    def add(self) -> int:
        """Return a ticket for a wait."""
        ticket = self._tickets
        self._tickets = ticket + 1
        return ticket

    def wait(self, ticket: int, /) -> None:
        """Park until the ticket is called.  If an exception ends the wait, another waiter is notified."""
        undone = False

        def enqueue(gp: G) -> None:
            gp._elem = ticket
            self._queue.enqueue(gp)

        def undo(gp: G, woken: bool) -> None:
            nonlocal undone
            undone = True
            if gp._success:
                # It was woken by notify_one, which has to wake another one instead.
                self._call_next()
            elif ticket >= self._called:
                self._gone.add(ticket)

        try:
            wait("sync.Cond.Wait", lambda: ticket < self._called, enqueue, undo, of=self)
        except BaseException:
            if not undone:
                self.discard(ticket)
            raise

    def discard(self, ticket: int, /) -> None:
        """Give up a ticket without waiting.  If it was called already, another waiter is notified instead."""
        before = begin()
        try:
            if ticket >= self._called:
                self._gone.add(ticket)
            else:
                self._call_next()
        finally:
            end(before)

    def notify_one(self) -> None:
        """Wake the goroutine that has waited longest, if there is one."""
        before = begin()
        try:
            self._call_next()
        finally:
            end(before)

    def notify_all(self) -> None:
        """Wake all goroutines that wait."""
        before = begin()
        try:
            w = self._queue.first
            while w is not None:
                _check(w)
                w = w._next
            self._called = self._tickets
            self._gone.clear()
            w = self._queue.dequeue()
            while w is not None:
                _wake(w)
                w = self._queue.dequeue()
        finally:
            end(before)

    def waiters(self) -> int:
        """Return the number of tickets that are out: the goroutines that wait, or are about to."""
        return max(0, self._tickets - self._called - len(self._gone))

    def _call_next(self) -> None:
        """Call the next ticket that a goroutine waits for, or is about to wait for.  In a step."""
        while self._called != self._tickets:
            ticket = self._called
            w = self._queue.first
            while w is not None and w._elem != ticket:
                w = w._next
            if w is not None and w._program < sched.first_program:
                # It waits in the parent process.
                self._queue.remove(w)
                self._called = ticket + 1
                continue
            _check(w)
            self._called = ticket + 1
            if w is not None:
                self._queue.remove(w)
                # An exception that ends this wait notifies another waiter.
                w._success = True
                _wake(w)
            elif ticket in self._gone:
                self._gone.remove(ticket)
                continue
            return


def _wake(w: Waiter) -> None:
    w._elem = None
    assert isinstance(w, G)
    ready(w)


def _check(w: Waiter | None) -> None:
    """Raise `Panic` if w is in a bubble and the caller is not."""
    if not isinstance(w, G) or w.bubble is None:
        return
    gp = sched.curg
    if gp is None or gp.bubble is not w.bubble or current() is not gp.greenlet:
        raise Panic("semaphore wake of synctest goroutine from outside bubble")
