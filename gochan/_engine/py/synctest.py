"""Bubbles: groups of goroutines that have a clock of their own (Go's runtime/synctest.go).

Invariants
- `running` is the number of the `total` goroutines that are not durably blocked, plus the root.  If it is 0
  and no wake-up is under way, `maybe_wake` has woken a goroutine.
- The root is in the bubble only while it is parked in `run`.  A finalizer that runs between the lines of
  synctest.test may wait: it does so outside of the bubble, whose clock stands still until then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from ..error import Panic
from .proc import getg, new_g, park, running, start, wait
from .runq import ready
from .state import WAITING, G, public, sched
from .step import begin, end
from .time import VirtualTimers
from .worker import unwind_worker


def _never() -> bool:
    return False


def _leave(root: G, woken: bool = False) -> None:
    root.bubble = None


# These waits are always durable: nothing outside of the bubble can end them.
_DURABLE: Final = frozenset(
    (
        "chan receive (nil chan)",
        "select (no cases)",
        "sleep",
        "sync.Cond.Wait",
        "synctest.Run",
        "synctest.Wait",
    )
)


@final
@public("gochan")
class Bubble:
    """A synctest bubble (Go's synctestBubble).

    `id` is its number, `root` the goroutine that entered it, and `total` the number of its goroutines.
    `done` says whether its main goroutine has ended; then its clock stops.
    """

    __slots__ = ("active", "done", "id", "main", "root", "running", "timers", "total", "waiter")

    def __init__(self, id: int = 0, /) -> None:
        self.id = id
        # The goroutine that called synctest.test.  It fires the bubble's timers.
        self.root: G | None = None
        self.main: G | None = None
        # The goroutine in synctest.wait.
        self.waiter: G | None = None
        self.total: int = 1
        self.running: int = 1
        # The number of wake-ups under way: goroutines that were woken and have not run yet.
        self.active: int = 0
        self.done: bool = False
        self.timers: VirtualTimers = VirtualTimers(id)

    def enter(self) -> None:
        """Make the calling goroutine the root.  Raises `Panic` if it is in a bubble."""
        gp = getg()
        if gp.thread:
            raise RuntimeError("synctest: call it in a goroutine, not in another thread")
        if gp.bubble is not None:
            raise Panic("synctest.Run called from within a synctest bubble")
        if self.root is not None:
            raise RuntimeError("Bubble.enter: a goroutine has entered the bubble already")
        self.root = gp

    def start(self, fn: Callable[[], object], /) -> None:
        """Start the bubble's main goroutine, which calls fn(); raise `TypeError` if fn is not callable."""
        if not callable(fn):
            raise TypeError(f"Bubble.start: {fn!r} is not callable")
        self._check("start")
        gp, last = new_g(fn, (), None)
        gp.bubble = self
        self.main = gp
        start(gp, last)

    def run(self) -> bool:
        """Move the clock from timer to timer until all have ended; return whether they deadlock."""
        self._check("run")
        timers = self.timers
        self.active += 1
        while True:
            before = begin()
            try:
                timers.run(timers.moment)
            finally:
                end(before)
            # At 1, only the root runs: all others are durably blocked or have ended.
            if self.running != 1:
                self.active -= 1
                self._park()
            if self.done or not timers.heap:
                break
            timers.moment = max(timers.moment, timers.heap[0].when)
        return self.total != 1

    def _park(self) -> None:
        """Park the root until a goroutine wakes it, or until the clock may move on."""

        def enter(gp: G) -> None:
            gp.bubble = self

        wait("synctest.Run", _never, enter, _leave, cancel=_leave)

    def unwind(self) -> BaseException | None:
        """Unwind the bubble's goroutines, all of them parked; return an exception that one of them raised."""
        self._check("unwind")
        s = sched
        me = s.curg
        late: BaseException | None = None
        s.ending = True
        try:
            for w in list(s.workers):
                if w.gp is not None and w.gp.bubble is self and w.gp is not me:
                    late = unwind_worker(w) or late
                    s.workers.pop(w, None)
                    s.curg = me
        finally:
            s.ending = False
        return late

    def leave(self) -> None:
        """End the bubble: drop its timers."""
        self.root = None
        before = begin()
        try:
            self.timers.clear()
        finally:
            end(before)

    def wait(self) -> None:
        """Park until all other goroutines of the bubble are durably blocked.

        Raises `Panic` if another goroutine is in this call.
        """
        gp = getg()
        if gp.bubble is not self:
            raise Panic("goroutine is not in a bubble")
        if self.waiter is not None:
            raise Panic("wait already in progress")
        self.waiter = gp
        gp._success = False
        try:
            park("synctest.Wait")
        finally:
            self.waiter = None
            if gp._success:
                self.active -= 1

    def _check(self, what: str) -> None:
        if self.root is None or running() is not self.root:
            raise RuntimeError(f"Bubble.{what}: only the goroutine that entered the bubble may call it")

    # --- what the scheduler calls, in a step ---

    def block(self, gp: G) -> None:
        """Count gp, which is about to park, out of the running goroutines if its wait is durable."""
        if gp.waiting not in _DURABLE:
            if not gp.durable and (gp._queue is None or gp._queue.bubble is not self):
                return
            gp.durable = False
            gp.waiting += " (durable)"
        gp.uncounted = True
        self.running -= 1
        self.maybe_wake()

    def maybe_wake(self) -> None:
        """Wake a goroutine if all are durably blocked.

        The root if a timer is due, else the one in synctest.wait, else the root so that it moves the clock.
        """
        if self.running or self.active:
            return
        heap = self.timers.heap
        due = bool(heap) and heap[0].when <= self.timers.moment
        gp = self.waiter if self.waiter is not None and not due else self.root
        if gp is None or gp.status != WAITING:
            return
        self.active += 1
        gp._success = True
        ready(gp)
        if gp is self.root:
            gp.bubble = None

    def drop(self, gp: G) -> None:
        """Count gp, which has ended, no longer as part of the bubble."""
        before = begin()
        try:
            gp.bubble = None
            self.total -= 1
            self.running -= 1
            if gp is self.main:
                self.main = None
                self.done = True
            self.maybe_wake()
        finally:
            end(before)
