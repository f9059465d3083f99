"""The rows of the table: what each one measures, how many operations it does, and its target.

Invariants
- A row's key is the name of its function in every file of workloads/ and in go/.
- That function does `n` operations, whatever the library. A `whole` row does its one piece of work at size n.
- A run of gochan takes one or two milliseconds, if the title doesn't fix the number of operations. On a busy
  machine, a process runs for a few milliseconds at a time: a short run is often not interrupted, a long one
  nearly always is.
"""

from dataclasses import dataclass
from math import exp, log


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    key: str
    title: str
    each: str  # the operation whose time the row shows
    full: int
    quick: int | None = None  # the size of a quick run, if it differs
    whole: bool = False  # the time is that of all n operations together
    most: float | None = None  # the target: gochan's time divided by Go's, at most
    off: float = 0  # nanoseconds of each operation that don't count as cost: the length of a sleep

    def size(self, quick: bool) -> int:
        return self.quick if quick and self.quick else self.full

    def named(self, n: int) -> str:
        return self.title.replace("{n}", f"{n:,}")

    def cost(self, seconds: float, n: int) -> float:
        """Return the nanoseconds per operation of a run that took this many seconds."""
        return seconds * 1e9 / (1 if self.whole else n) - self.off


ROWS = [
    Row("ping_pong", "ping-pong", "a round trip: two sends, two receives", 1_000, most=1.3),
    Row("stream", "unbuffered stream", "a value sent and received", 2_000, most=1.4),
    Row("stream_1", "buffered stream, 1", "a value sent and received", 2_000),
    Row("stream_100", "buffered stream, 100", "a value sent and received", 10_000, most=1.3),
    Row("uncontended", "uncontended send + recv", "both, without a waiter", 10_000, most=1.1),
    Row("spawn", "spawn to finish", "a goroutine started and waited for", 1_000, most=1.5),
    Row("select_both", "select, two cases, both ends", "a value sent and received", 1_000, most=1.8),
    Row("select_ready", "select over two ready channels", "a select, and a send to refill", 2_000),
    Row("select_default", "select with default", "a poll of an empty channel", 5_000),
    Row("select_10", "select over 10, one active", "a value received", 1_000),
    Row("select_100", "select over 100, one active", "a value received", 200),
    Row("mutex_free", "mutex, free", "a lock and an unlock", 20_000),
    Row("mutex_contended", "mutex, four goroutines", "a lock, a yield, an unlock", 2_000),
    Row("wait_group", "WaitGroup of 100", "100 started and waited for", 20),
    Row("context_cancel", "context cancel of {n} children", "until all have ended", 1_000, whole=True),
    Row("timers", "{n} timers set and stopped", "a timer", 10_000, quick=1_000),
    Row("sleep", "sleep of 1 ms", "the time beyond 1 ms", 5, off=1e6),
    Row("range_over", "for v in ch", "a buffered value", 50_000),
    Row("producers_consumers", "10 producers, 10 consumers", "a value", 2_000),
    Row("sieve", "prime sieve of {n} primes", "the whole sieve", 500, quick=100, whole=True, most=2.0),
    Row("ring", "token ring of 503", "a hop", 5_030),
    Row("worker_pool", "worker pool, no work", "a job", 5_000),
    Row("fan_out_fan_in", "fan-out, fan-in", "a value", 1_000),
    Row("pipeline", "three-stage pipeline", "a value through all stages", 1_000),
]
BY_KEY = {row.key: row for row in ROWS}

# The target for the geometric mean of the ratios of the rows that have a target.
MEAN_MOST = 1.4

# The targets for a library's time in the row AHEAD_IN, divided by gochan's: at least.
AHEAD = {"gevent_channel": 9.0, "asyncio": 13.0, "trio": 28.0}
AHEAD_IN = "ping_pong"


def geometric_mean(ratios: list[float]) -> float:
    return exp(sum(map(log, ratios)) / len(ratios))
