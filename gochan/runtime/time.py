"""The timer heap and the clock: the one place that reads time (Go's runtime/time.go).

Time is in nanoseconds, an int, on the monotonic clock.  The heap is Go's: four children to a node, each
timer knows its place in it, so that a stop costs O(log n) and leaves nothing behind.

Invariant: `heap[t.index] is t` for every timer in the heap, and `t.index == -1` for every other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from math import inf
from time import monotonic_ns, time_ns
from typing import Any, Final, final

# What the clock can ever show: a timer that lies beyond is never due.
MAX_WHEN: Final = (1 << 62) - 1
# Timers due so many ns after the first share its wake-up, as sleepers that fell asleep together do in Go.
BURST: Final = 300_000


class Timer:
    """Something to do at a time; `fire` does it, on the scheduler's stack, and must not park."""

    __slots__ = ("index", "seq", "timers", "when")

    def __init__(self) -> None:
        self.when: int = 0
        self.seq: int = 0
        self.index: int = -1
        self.timers: Timers | None = None

    def fire(self, now: int) -> None:
        raise AssertionError("a Timer needs its fire")


class Timers:
    """The pending timers, and the clock that they go by."""

    __slots__ = ("heap", "seq")

    def __init__(self) -> None:
        self.heap: list[Timer] = []
        self.seq: int = 0

    def now(self) -> int:
        """Read the clock, in nanoseconds from an arbitrary start."""
        return monotonic_ns()

    def wall(self) -> int:
        """Read the wall clock, in nanoseconds from 1970 UTC."""
        return time_ns()

    def add(self, t: Timer, when: int) -> None:
        """Make t due at when; one that is pending is moved."""
        if t.index >= 0:
            self.remove(t)
        t.seq = self.rank()
        t.when = when if when < MAX_WHEN else MAX_WHEN
        t.timers = self
        self.heap.append(t)
        self._up(len(self.heap) - 1, t)

    def schedule(self, t: Timer, when: int) -> None:
        """Make t due at when, for a caller that does not park for it next."""
        self.add(t, when)

    def rank(self) -> int:
        """Give the rank of a timer that is set now: of those due at one time the lowest fires first.

        Here that is the one that was set first.
        """
        self.seq += 1
        return self.seq

    def remove(self, t: Timer) -> bool:
        """Take t out; False if it was not pending."""
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
        """Fire what is due at now, in the order of their times: in one sweep what was due within a moment.

        When all are late, the goroutine that an earlier timer has made ready runs before a later one fires.
        In Go both fire, and a message that was due a millisecond before a timeout may lose to it.
        """
        if not self.heap:
            return
        until = min(now, self.heap[0].when + BURST)
        while self.heap and self.heap[0].when <= until:
            t = self.heap[0]
            self.remove(t)
            t.fire(now)

    def clear(self) -> None:
        """Drop every timer, unfired."""
        for t in self.heap:
            t.index = -1
            t.timers = None
        self.heap.clear()

    def burst(self, within: int) -> int:
        """Tell the time of the last timer that is due at most `within` ns after the first."""
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

    def _up(self, i: int, t: Timer) -> None:
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

    def _down(self, i: int, t: Timer) -> None:
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


class ChanTimer(Timer):
    """The timer behind a channel (`time.after`, a Ticker), as the channel needs to know it.

    It lies in the heap only while a goroutine waits on its channel; at any other look at the channel it is
    asked whether it is due.  So a timer that nobody holds any more is garbage, and never a stale value.
    """

    __slots__ = ()

    def look(self) -> None:
        """Fire if due."""
        raise AssertionError("a ChanTimer needs its look")

    def blocked(self, more: int) -> None:
        """Count the goroutines that wait on the channel: +1 before a park, -1 after."""
        raise AssertionError("a ChanTimer needs its blocked")


@final
class CallTimer(Timer):
    """A timer that calls a function with an argument."""

    __slots__ = ("arg", "fn")

    def __init__(self, fn: Callable[[Any], None], arg: Any) -> None:
        super().__init__()
        self.fn = fn
        self.arg = arg

    def fire(self, now: int) -> None:
        self.fn(self.arg)


# From the monotonic clock to the wall clock.
_OFFSET: Final = time_ns() - monotonic_ns()


@final
class VirtualTimers(Timers):
    """Timers whose clock stands still until somebody moves it: synctest's.

    Its readings are on the scale of the monotonic clock, so that a moment in the bubble and one outside are
    as far apart by their readings as by their dates.
    """

    __slots__ = ("moment",)

    def __init__(self) -> None:
        super().__init__()
        # Midnight UTC 2000-01-01, as in Go.
        self.moment: int = 946_684_800_000_000_000 - _OFFSET
        # What the ranks begin with: the same for all, so that a bubble goes the same way each time.
        self.seq = 1

    def schedule(self, t: Timer, when: int) -> None:
        # As in Go, a time that has come does not wait until everybody is blocked.
        if when <= self.moment:
            t.fire(self.moment)
        else:
            self.add(t, when)

    def rank(self) -> int:
        # As in Go, no test is to rely on who is first of those due at one time; on the real clock it cannot.
        self.seq = self.seq * 48271 % 2147483647
        return self.seq

    def now(self) -> int:
        return self.moment

    def wall(self) -> int:
        return self.moment + _OFFSET


def _before(a: Timer, b: Timer) -> bool:
    return a.when < b.when or (a.when == b.when and a.seq < b.seq)


def seconds(what: str, d: object) -> float:
    """Turn a duration, in seconds or a timedelta, into seconds; what is the function that was given it."""
    if isinstance(d, float):
        return d
    if isinstance(d, int) and not isinstance(d, bool):
        try:
            return float(d)
        except OverflowError:
            return inf if d > 0 else -inf
    if isinstance(d, timedelta):
        return d.total_seconds()
    raise TypeError(f"{what}: {d!r} is not a duration; give seconds as a number, or a timedelta")


def deadline(now: int, seconds: float) -> int:
    """Turn a wait in seconds into the time it ends: negative and NaN mean now, beyond the clock never."""
    if not seconds > 0:
        return now
    if seconds > 4e9:
        return MAX_WHEN
    # To the nearest: 0.0023 * 1e9 is a bit less than 2300000.
    return now + int(seconds * 1e9 + 0.5)
