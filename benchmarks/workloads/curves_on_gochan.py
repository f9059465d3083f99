"""The curves on gochan: a port of go/curves.go.

Each function takes a size and returns what it measured, by the names that curves.py gives them.
"""

import os
from collections.abc import Callable
from time import perf_counter_ns

from gochan import Chan, RecvChan, SendChan, close, go, recv, runtime, select, time

from . import check

PARTS = 20


def resident() -> int:
    """The bytes of memory that the process holds, as Linux counts them; 0 elsewhere."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def best(part: Callable[[], None]) -> int:
    """The nanoseconds of the best of several runs of the part, each short enough to be left in peace."""
    times = []
    for _ in range(PARTS):
        start = perf_counter_ns()
        part()
        times.append(perf_counter_ns() - start)
    return min(times)


def parked(n: int) -> dict[str, float]:
    stop = Chan[bool]()
    waiting = 0

    def wait() -> None:
        nonlocal waiting
        waiting += 1
        stop.recv()

    before = resident()
    start = perf_counter_ns()
    for _ in range(n):
        go(wait)
    while waiting < n:
        runtime.gosched()
    took = perf_counter_ns() - start
    held = resident() - before
    close(stop)
    return {"ns": took / n, "bytes": held / n}


def select_width(n: int) -> dict[str, float]:
    """Select over n channels, of which the middle one has a sender."""
    chans = [Chan[int]() for _ in range(n)]
    cases = [recv(ch) for ch in chans]
    # An even number: the sender is waiting for every other select, which then has little to do.
    turns = max(10, 1_000 // n)

    @go
    def feed() -> None:
        for i in range(PARTS * turns):
            chans[n // 2].send(i)

    def part() -> None:
        for _ in range(turns):
            select(*cases)

    return {"ns": best(part) / turns}


def spread(i: int) -> float:
    """The i-th of many times within the hour after the next, in no order."""
    return time.HOUR + i * 7_919 % 100_003 * 36 * time.MILLISECOND


def timers_pending(n: int) -> dict[str, float]:
    """Set and stop timers while n others wait."""
    turns = 500
    pending = [time.after_func(spread(i), int) for i in range(n)]

    def part() -> None:
        for i in range(turns):
            time.after_func(spread(i), int).stop()

    took = best(part)
    for timer in pending:
        timer.stop()
    return {"ns": took / turns}


def daisy_chain(n: int) -> dict[str, float]:
    """Pass one value down a line of n goroutines, each adding one."""

    def link(left: SendChan[int], right: RecvChan[int]) -> None:
        left.send(1 + right.recv())

    start = perf_counter_ns()
    leftmost = Chan[int]()
    left = leftmost
    for _ in range(n):
        right = Chan[int]()
        go(link, left, right)
        left = right
    go(left.send, 0)
    came = leftmost.recv()
    took = perf_counter_ns() - start
    check("the chain's end", came, n)
    return {"ns": took / n}


CURVES = {"parked": parked, "select": select_width, "timers": timers_pending, "chain": daisy_chain}
