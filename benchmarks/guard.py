"""Fails if an operation, or `import gochan`, has become slow: `make guard`.

An operation is compared with a round trip between two bare greenlets, which is timed in the same process and
in the same turns; the import is compared with a Python that imports nothing. So the result depends little on
the machine. Processor time is measured, so the time that other programs use doesn't count. Other programs can
still make an operation slower, but never faster, so the best of many turns is compared. If a row is over its
limit, many more turns follow before the guard fails.
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

# Windows counts a thread's processor time in steps of 16 ms, which is too coarse.
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
    """Return the processor time, in seconds, of a new Python process that runs the statement."""
    # Without this variable, Python caches compiled modules, as it does for users.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    pid = os.posix_spawn(sys.executable, [sys.executable, "-c", statement], environ)
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"python -c {statement!r} failed")
    return usage.ru_utime + usage.ru_stime


class Row(NamedTuple):
    """A measurement that may take at most `limit` times as long as the row named `of`."""

    seconds: Callable[[], float]
    of: str = ""
    limit: float = inf


BARE = "bare greenlets"
# Each limit is 1.6 times the ratio measured when the limit was set, on the Python version where the ratio was
# highest. The limit of the recorded ping-pong is the one that the documentation promises.
ROWS: dict[str, Row] = {
    BARE: Row(partial(timed, on_greenlet.ping_pong)),
    "ping-pong": Row(partial(timed, ping_pong), BARE, 1.9),
    "unbuffered stream": Row(partial(timed, stream), BARE, 1.0),
    "uncontended send + recv": Row(partial(timed, uncontended), BARE, 0.2),
    "spawn to finish": Row(partial(timed, spawn), BARE, 2.3),
    # The events go into a ring in memory.
    "ping-pong, recorded": Row(partial(recorded, ping_pong), "ping-pong", 2.0),
}
if sys.platform != "win32":
    ROWS["bare Python"] = Row(partial(started, "pass"))
    ROWS["import gochan"] = Row(partial(started, "import gochan"), "bare Python", 4.5)


def ratio(name: str, best: dict[str, float]) -> float:
    return best[name] / best.get(ROWS[name].of, inf)


def over(best: dict[str, float]) -> set[str]:
    """Return the rows that are over their limits."""
    return {name for name, row in ROWS.items() if ratio(name, best) > row.limit}


def guard() -> bool:
    """Measure and print all rows; return whether all are within their limits."""
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
