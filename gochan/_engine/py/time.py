"""The timer heap and its clocks (Go's runtime/time.go).

Times are nanoseconds on the monotonic clock, ints.  As in Go, each node of the heap has four children.  Each
timer knows its index in the heap, so that stopping one takes O(log n) and leaves nothing behind.

Invariants
- `heap[t.index] is t` for every timer in the heap; `t.index == -1` for any other.
- A timer that fires makes a goroutine ready or sends to a channel.  It calls no user code.
"""

from __future__ import annotations

from time import monotonic_ns, time_ns
from typing import Any, Final, final

# Later than the clock will ever show: a timer that is due then never fires.
MAX_WHEN: Final = (1 << 62) - 1
# The hub sleeps until the last timer that is due at most this long after the first, in ns, and fires them
# together.
BURST: Final = 300_000

# What records: see trace.py.  None: nothing does.
tracer: Any = None


class HeapTimer:
    """An entry of the heap: `fire` is called when it is due, in a step."""

    __slots__ = ("index", "seq", "timers", "when")

    def __init__(self) -> None:
        self.when: int = 0
        self.seq: int = 0
        self.index: int = -1
        self.timers: Timers | None = None

    def fire(self, now: int) -> None:
        raise NotImplementedError


class Timers:
    """The heap of pending timers, and its clock."""

    __slots__ = ("heap", "moment", "seq")

    def __init__(self) -> None:
        self.heap: list[HeapTimer] = []
        self.seq: int = 0
        # The time of a virtual clock; None for the real one.
        self.moment: int | None = None

    def now(self) -> int:
        """Return the monotonic clock's reading, in ns."""
        return monotonic_ns() if self.moment is None else self.moment

    def wall(self) -> int:
        """Return the wall clock's reading, in ns since 1970 UTC."""
        return time_ns() if self.moment is None else self.moment + _OFFSET

    def add(self, t: HeapTimer, when: int) -> None:
        """Make t due at `when`, also if it is pending already."""
        if t.index >= 0:
            self.remove(t)
        t.seq = self.rank()
        t.when = when if when < MAX_WHEN else MAX_WHEN
        t.timers = self
        self.heap.append(t)
        self._up(len(self.heap) - 1, t)

    def schedule(self, t: HeapTimer, when: int) -> None:
        """Make t due at `when`, for a caller that does not park until then."""
        self.add(t, when)

    def rank(self) -> int:
        """Return the rank of a timer that is set now: of those due at the same time, the lowest fires first.

        On the real clock that is the one that was set first.
        """
        self.seq += 1
        return self.seq

    def remove(self, t: HeapTimer) -> bool:
        """Remove t; return False if it was not pending."""
        i = t.index
        if i < 0 or t.timers is not self:
            return False
        heap = self.heap
        last = heap.pop()
        if last is not t:
            if i > 0 and _before(last, heap[(i - 1) >> 2]):
                self._up(i, last)
            else:
                self._down(i, last)
        t.index = -1
        t.timers = None
        return True

    def run(self, now: int) -> None:
        """Fire the timers due at `now`, those at most BURST after the first one, in the order of their times.

        The limit matters if several are late: what an earlier timer has made ready runs before a later one
        fires.  In Go both fire, and a message may lose to a timeout that was due a millisecond later.
        """
        if not self.heap:
            return
        until = min(now, self.heap[0].when + BURST)
        while self.heap and self.heap[0].when <= until:
            t = self.heap[0]
            self.remove(t)
            if tracer is None:
                t.fire(now)
            else:
                tracer.fire(self, t, now)

    def clear(self) -> None:
        """Remove all timers without firing them."""
        for t in self.heap:
            t.index = -1
            t.timers = None
        self.heap.clear()

    def timeout(self) -> int:
        """Return for how many ns the hub may sleep until timers are due; -1 if there are none."""
        if not self.heap:
            return -1
        return max(0, self.burst(BURST) - self.now())

    def burst(self, within: int) -> int:
        """Return the latest due time among the timers due at most `within` ns after the first."""
        heap = self.heap
        limit = heap[0].when + within
        latest = heap[0].when
        pending = [0]
        while pending:
            child = 4 * pending.pop() + 1
            for i in range(child, min(child + 4, len(heap))):
                when = heap[i].when
                if when <= limit:
                    pending.append(i)
                    latest = max(latest, when)
        return latest

    def _up(self, i: int, t: HeapTimer) -> None:
        heap = self.heap
        while i > 0:
            parent = (i - 1) >> 2
            p = heap[parent]
            if not _before(t, p):
                break
            heap[i] = p
            p.index = i
            i = parent
        heap[i] = t
        t.index = i

    def _down(self, i: int, t: HeapTimer) -> None:
        heap = self.heap
        n = len(heap)
        while True:
            child = 4 * i + 1
            if child >= n:
                break
            least = heap[child]
            for j in range(child + 1, min(child + 4, n)):
                if _before(heap[j], least):
                    child = j
                    least = heap[j]
            if not _before(least, t):
                break
            heap[i] = least
            least.index = i
            i = child
        heap[i] = t
        t.index = i


# What to add to the monotonic clock to get the wall clock.
_OFFSET: Final = time_ns() - monotonic_ns()


class ChanTimer(HeapTimer):
    """The timer of a channel (of `time.after`, a Timer or a Ticker): the methods that the channel calls.

    The timer is in the heap only while a goroutine waits on its channel.  Every other use of the channel
    fires it if it is due.  So an unreferenced timer is garbage, and no stale value is received.
    """

    __slots__ = ()

    def fire_if_due(self) -> None:
        """Fire the timer if it is due."""
        raise NotImplementedError

    def begin_waiting(self) -> None:
        """Put the timer into the heap: a goroutine is about to wait on the channel."""
        raise NotImplementedError

    def end_waiting(self) -> None:
        """Take it out after a wait, if that was the last one."""
        raise NotImplementedError

    def due(self) -> int:
        """Return when it fires; MAX_WHEN if it is stopped."""
        raise NotImplementedError


@final
class VirtualTimers(Timers):
    """The timers of a synctest bubble, whose clock moves only when the bubble sets it.

    Its readings are on the scale of the monotonic clock, so that the difference between a Time in the bubble
    and one outside is the same for both clocks.
    """

    __slots__ = ("bubble",)

    moment: int

    def __init__(self, bubble: int = 0) -> None:
        super().__init__()
        # The bubble's number.
        self.bubble = bubble
        # Midnight UTC 2000-01-01, as in Go.
        self.moment = 946_684_800_000_000_000 - _OFFSET
        # The seed of the ranks: always the same, so that a test behaves the same each time.
        self.seq = 1

    def schedule(self, t: HeapTimer, when: int) -> None:
        # As in Go, a timer that is due already does not wait until all goroutines are blocked.
        if when <= self.moment:
            if tracer is None:
                t.fire(self.moment)
            else:
                tracer.fire(self, t, self.moment)
        else:
            self.add(t, when)

    def rank(self) -> int:
        # Random, as in Go: tests must not rely on the order of timers due at the same time.
        self.seq = self.seq * 48271 % 2147483647
        return self.seq


def _before(a: HeapTimer, b: HeapTimer) -> bool:
    return a.when < b.when or (a.when == b.when and a.seq < b.seq)


def deadline(now: int, seconds: float) -> int:
    """Return the time `seconds` after `now`: now if that is negative or NaN, MAX_WHEN if it is too large."""
    if not seconds > 0:
        return now
    if seconds > 4e9:
        return MAX_WHEN
    # Rounded, since 0.0023 * 1e9 is a bit less than 2300000.
    return now + int(seconds * 1e9 + 0.5)
