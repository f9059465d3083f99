"""Fails when an operation, or `import gochan`, has become slow: `make guard`.

The measure of an operation is a round trip between two bare greenlets, timed in the same process, turn by
turn with gochan's operations; that of the import is a Python that imports nothing. That takes out the
machine: what is left is what gochan adds. The time is that of the processor, so that what others have of it
does not count; they can still slow it down, and only ever that, so the best of many turns is compared, and
before it fails it takes many more.
"""

import os
import sys
from collections.abc import Callable
from functools import partial
from math import inf
from time import perf_counter, thread_time
from typing import NamedTuple

from gochan import run, runtime
from gochan._engine.impl import trace_start, trace_stop

from .workloads import on_greenlet
from .workloads.on_gochan import ping_pong, spawn, stream, uncontended

N = 2_000
TURNS = 40
MOST_TURNS = 2_000
RING = 65_536

# Windows counts a thread's time in steps of 16 ms.
clock = perf_counter if sys.platform == "win32" else thread_time


def timed(workload: Callable[[int], None]) -> float:
    start = clock()
    workload(N)
    return (clock() - start) / N


def recorded(workload: Callable[[int], None]) -> float:
    trace_start(-1, RING, False)
    try:
        return timed(workload)
    finally:
        trace_stop()


def started(statement: str) -> float:
    """Return the processor time, in seconds, of a Python that runs the statement."""
    # Not with modules that are compiled from their sources each time.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    pid = os.posix_spawn(sys.executable, [sys.executable, "-c", statement], environ)
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"python -c {statement!r} failed")
    return usage.ru_utime + usage.ru_stime


class Row(NamedTuple):
    """Something that may take at most `limit` times as long as the row named `of`."""

    seconds: Callable[[], float]
    of: str = ""
    limit: float = inf


BARE = "bare greenlets"
# Each limit is 1.6 times what the row took when this was set, on the Python where it took most; that of what
# is recorded is what the documentation promises.
ROWS: dict[str, Row] = {
    BARE: Row(partial(timed, on_greenlet.ping_pong)),
    "ping-pong": Row(partial(timed, ping_pong), BARE, 1.9),
    "unbuffered stream": Row(partial(timed, stream), BARE, 1.0),
    "uncontended send + recv": Row(partial(timed, uncontended), BARE, 0.2),
    "spawn to finish": Row(partial(timed, spawn), BARE, 2.3),
    # Into a ring.
    "ping-pong, recorded": Row(partial(recorded, ping_pong), "ping-pong", 2.0),
}
if sys.platform != "win32":
    ROWS["bare Python"] = Row(partial(started, "pass"))
    ROWS["import gochan"] = Row(partial(started, "import gochan"), "bare Python", 4.5)


def ratio(name: str, best: dict[str, float]) -> float:
    return best[name] / best.get(ROWS[name].of, inf)


def over(best: dict[str, float]) -> set[str]:
    """Return the rows that took longer than they may."""
    return {name for name, row in ROWS.items() if ratio(name, best) > row.limit}


def guard() -> bool:
    """Measure and print; returns whether all are within their limits."""
    best = dict.fromkeys(ROWS, inf)
    slow, turns = set(ROWS), 0
    while slow and turns < MOST_TURNS:
        for _ in range(TURNS):
            best = {name: min(best[name], row.seconds()) for name, row in ROWS.items()}
        turns += TURNS
        slow = over(best)
    print(f"the best of {turns} turns")
    for name, row in ROWS.items():
        took = f"{name:24} {best[name] * 1e9:12,.0f} ns"
        if row.of:
            verdict = "SLOW" if name in slow else "ok"
            took += f"  {ratio(name, best):5.2f} of {row.of}, at most {row.limit:.2f}: {verdict}"
        print(took)
    return not slow


if __name__ == "__main__":
    if not runtime.COMPILED:
        sys.exit("the C implementation, whose speed is guarded, is not built here; it needs a C compiler")
    sys.exit(not run(guard))
