"""Cond (Go's sync/cond.go, and notifyList in its runtime/sema.go).

A wait takes a ticket before it unlocks, and joins the queue after that.  A signal that comes in between finds
nobody in the queue under that ticket, but the wait sees that its ticket has been called, and does not park.

Invariants
- The tickets below `_called` have been called.  A waiter in the queue, whose `elem` is its ticket, has not.
- `_gone` holds tickets that have not been called, and that nobody holds any more.
"""

from __future__ import annotations

from typing import Generic, NoReturn, TypeVar, final

from ..runtime.error import Panic
from ..runtime.proc import blocker, park, ready
from ..runtime.runtime2 import G, Waiter, WaitQueue, sched
from .locker import Locker

L = TypeVar("L", bound=Locker)


@final
class Cond(Generic[L]):
    """A place where goroutines wait for a condition, or tell that it may hold now: Go's sync.Cond.

    `l` is the Locker that guards the condition: a Mutex, an RWMutex or its rlocker.  A Cond that goes with a
    Mutex is a `Cond[Mutex]` to a type checker.  Raises TypeError for an l that is no Locker.

    >>> from gochan import go, run, sync
    >>> def main() -> None:
    ...     cond = sync.Cond(sync.Mutex())
    ...     letters: list[str] = []
    ...     @go
    ...     def _() -> None:
    ...         with cond.l:
    ...             letters.append("hello")
    ...         cond.signal()
    ...     with cond.l:
    ...         while not letters:
    ...             cond.wait()
    ...         print(letters)
    >>> run(main)
    ['hello']
    """

    __slots__ = ("_called", "_gone", "_queue", "_tickets", "l")

    def __init__(self, l: L, /) -> None:  # noqa: E741  # Go's name
        if not isinstance(l, Locker):
            raise TypeError(f"Cond({l!r}): {type(l).__name__} has no lock and unlock; give it a Mutex")
        #: The Locker that guards the condition.  Go's field L.
        self.l: L = l
        self._tickets: int = 0
        self._called: int = 0
        self._gone: set[int] = set()
        self._queue: WaitQueue = WaitQueue()

    def wait(self) -> None:
        """Unlock `l`, wait for a signal or broadcast, and lock `l` again: Go's Cond.Wait.

        The caller has locked `l`.  By the time it returns the condition may no longer hold: call it in a
        loop, `while not condition: cond.wait()`.  An exception that ends the wait early also leaves it with
        `l` locked.
        """
        gp = blocker()
        ticket = self._tickets
        self._tickets += 1
        try:
            self.l.unlock()
        except BaseException:
            self._leave(ticket, True)
            raise
        try:
            if ticket >= self._called:
                gp.elem = ticket
                gp.success = False
                self._queue.enqueue(gp)
                park(gp, "sync.Cond.Wait")
        except BaseException:
            self._leave(ticket, gp.success)
            # At the program's end, where it cannot wait, this fails if the lock is taken.
            self.l.lock()
            raise
        self.l.lock()

    def signal(self) -> None:
        """Wake the goroutine that has waited longest, if any waits: Go's Cond.Signal.

        The caller may hold `l`, and need not.
        """
        while self._called != self._tickets:
            ticket = self._called
            w = self._queue.first
            while w is not None and w.elem != ticket:
                w = w.next
            _check(w)
            self._called = ticket + 1
            if w is not None:
                self._queue.remove(w)
                # Called alone: one that cannot take its call passes it on.
                w.success = True
                _wake(w)
            elif ticket in self._gone:
                self._gone.remove(ticket)
                continue
            return

    def broadcast(self) -> None:
        """Wake all goroutines that wait: Go's Cond.Broadcast.  The caller may hold `l`, and need not."""
        w = self._queue.first
        while w is not None:
            _check(w)
            w = w.next
        self._called = self._tickets
        self._gone.clear()
        while True:
            w = self._queue.dequeue()
            if w is None:
                return
            _wake(w)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Cond cannot be pickled or copied: share the one that there is")

    def _leave(self, ticket: int, called: bool) -> None:
        """Wait no longer, because of an exception; a signal that came goes to the next."""
        if ticket >= self._called:
            self._gone.add(ticket)
        elif called:
            self.signal()


def _wake(w: Waiter) -> None:
    w.elem = None
    assert isinstance(w, G)
    ready(w)


def _check(w: Waiter | None) -> None:
    """Refuse to wake a goroutine of a bubble from outside."""
    if not isinstance(w, G) or w.bubble is None:
        return
    gp = sched.curg
    if gp is None or gp.bubble is not w.bubble:
        raise Panic("semaphore wake of synctest goroutine from outside bubble")


def new_cond(l: L, /) -> Cond[L]:  # noqa: E741  # Go's name
    """Make a Cond that goes with l: `Cond(l)`, as Go's sync.NewCond.

    >>> from gochan import sync
    >>> mu = sync.Mutex()
    >>> sync.new_cond(mu).l is mu
    True
    """
    return Cond(l)
