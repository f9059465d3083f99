"""Fails when an operation has become slow: `make guard`.

The measure is a round trip between two bare greenlets, timed in the same process, turn by turn with gochan's
operations. That takes out the machine: what is left is what gochan adds to a switch. The time is that of the
processor, so that what others have of it does not count; they can still slow it down, and only ever that, so
the best of many turns is compared, and before it fails it takes many more.
"""

import sys
from collections.abc import Callable
from math import inf
from time import perf_counter, thread_time

from gochan import run, runtime
from gochan._engine.impl import trace_start, trace_stop

from .workloads import on_greenlet
from .workloads.on_gochan import ping_pong, spawn, stream, uncontended

N = 2_000
TURNS = 40
MOST_TURNS = 2_000

# Windows counts a thread's time in steps of 16 ms.
clock = perf_counter if sys.platform == "win32" else thread_time

# How many bare round trips an operation may take: 1.6 times what it took when this was set, on the Python
# where it took most.
LIMITS: dict[str, tuple[Callable[[int], None], float]] = {
    "ping-pong": (ping_pong, 1.9),
    "unbuffered stream": (stream, 1.0),
    "uncontended send + recv": (uncontended, 0.2),
    "spawn to finish": (spawn, 2.3),
}
# While it is recorded, into a ring, a ping-pong takes at most twice as long.
RECORDED = 2.0
RING = 65_536


def timed(workload: Callable[[int], None]) -> float:
    start = clock()
    workload(N)
    return clock() - start


def recorded(workload: Callable[[int], None]) -> float:
    trace_start(-1, RING, False)
    try:
        return timed(workload)
    finally:
        trace_stop()


def measure(turns: int, best: dict[str, float]) -> None:
    """Take so many turns, and put into `best` what is better than what is there."""
    for _ in range(turns):
        best["bare"] = min(best.get("bare", inf), timed(on_greenlet.ping_pong))
        for name, (workload, _) in LIMITS.items():
            best[name] = min(best.get(name, inf), timed(workload))
        best["recorded"] = min(best.get("recorded", inf), recorded(ping_pong))


def over(best: dict[str, float]) -> bool:
    slow = any(best[name] / best["bare"] > limit for name, (_, limit) in LIMITS.items())
    return slow or best["recorded"] / best["ping-pong"] > RECORDED


def guard() -> bool:
    """Measure and print; returns whether all are within their limits."""
    best: dict[str, float] = {}
    measure(TURNS, best)
    turns = TURNS
    while over(best) and turns < MOST_TURNS:
        measure(TURNS, best)
        turns += TURNS
    print(f"a round trip of bare greenlets: {best['bare'] / N * 1e9:.0f} ns, the best of {turns} turns")
    for name, (_, limit) in LIMITS.items():
        ratio = best[name] / best["bare"]
        word = "SLOW" if ratio > limit else "ok"
        print(f"{name:24} {best[name] / N * 1e9:6.0f} ns  {ratio:5.2f} of that, at most {limit:5.2f}: {word}")
    ratio = best["recorded"] / best["ping-pong"]
    word = "SLOW" if ratio > RECORDED else "ok"
    took = f"{best['recorded'] / N * 1e9:6.0f} ns"
    print(f"{'ping-pong, recorded':24} {took}  {ratio:5.2f} of ping-pong, at most {RECORDED:5.2f}: {word}")
    return not over(best)


if __name__ == "__main__":
    if not runtime.COMPILED:
        sys.exit("the C implementation, whose speed is guarded, is not built here; it needs a C compiler")
    sys.exit(not run(guard))
