"""goless: Go's channels and select, on gevent's greenlets.

Its channels are closed and ranged over as Go's are. It has no sync, context or time.
"""

from importlib.metadata import version
from time import perf_counter
from typing import Any

import goless
from goless import chan, dcase, rcase

from . import Workload, check, repeat, sieve_limit, sum_of_squares

NOTES = {
    "spawn": "goless.go, and a channel instead of a WaitGroup",
    "producers_consumers": "a channel instead of a WaitGroup",
    "ring": "a channel instead of a WaitGroup",
    "worker_pool": "a channel instead of a WaitGroup",
    "fan_out_fan_in": "a channel instead of a WaitGroup",
}
NOTES |= dict.fromkeys(
    ["select_10", "select_100"], "polls the cases, and yields in between"
)
ABSENT = {
    **dict.fromkeys(
        ["mutex_free", "mutex_contended", "wait_group", "context_cancel", "timers", "sleep"],
        "only channels and select; the rest is gevent's",
    ),
    "select_both": "never ends: each of the two selects waits for the other one to wait first",
}


def setup(variant: str) -> str:
    return version("goless")


def execute(workload: Workload, n: int, seconds: float) -> list[float]:
    return repeat(workload, n, seconds)


# --- channels --------------------------------------------------------------------------------------------


def ping_pong(n: int) -> None:
    ping, pong = chan(), chan()

    def echo() -> None:
        for v in ping:
            pong.send(v)

    goless.go(echo)
    for i in range(n):
        ping.send(i)
        pong.recv()
    ping.close()


def stream_of(n: int, size: int) -> None:
    ch = chan(size)

    def produce() -> None:
        for i in range(n):
            ch.send(i)
        ch.close()

    goless.go(produce)
    for _ in ch:
        pass


def stream(n: int) -> None:
    stream_of(n, 0)


def stream_1(n: int) -> None:
    stream_of(n, 1)


def stream_100(n: int) -> None:
    stream_of(n, 100)


def uncontended(n: int) -> None:
    ch = chan(1)
    for i in range(n):
        ch.send(i)
        ch.recv()


def range_over(n: int) -> float:
    ch = chan(n)
    for i in range(n):
        ch.send(i)
    ch.close()
    start = perf_counter()
    for _ in ch:
        pass
    return perf_counter() - start


def spawn(n: int) -> None:
    done = chan()

    def finish() -> None:
        done.send(True)

    for _ in range(n):
        goless.go(finish)
        done.recv()


# --- select ----------------------------------------------------------------------------------------------


def select_ready(n: int) -> None:
    a, b = chan(1), chan(1)
    a.send(0)
    b.send(0)
    for _ in range(n):
        case, v = goless.select(rcase(a), rcase(b))
        case.chan.send(v)


def select_default(n: int) -> None:
    ch = chan()
    for _ in range(n):
        goless.select(rcase(ch), dcase())


def select_over(n: int, width: int) -> None:
    chans = [chan() for _ in range(width)]
    active = chans[width // 2]

    def produce() -> None:
        for i in range(n):
            active.send(i)

    goless.go(produce)
    cases = [rcase(ch) for ch in chans]
    for _ in range(n):
        goless.select(cases)


def select_10(n: int) -> None:
    select_over(n, 10)


def select_100(n: int) -> None:
    select_over(n, 100)


# --- patterns --------------------------------------------------------------------------------------------


def producers_consumers(n: int) -> None:
    ch, produced, consumed = chan(), chan(), chan()
    received = 0

    def produce() -> None:
        for i in range(n // 10):
            ch.send(i)
        produced.send()

    def consume() -> None:
        nonlocal received
        for _ in ch:
            received += 1
        consumed.send()

    for _ in range(10):
        goless.go(produce)
        goless.go(consume)
    for _ in range(10):
        produced.recv()
    ch.close()
    for _ in range(10):
        consumed.recv()
    check("values received", received, n // 10 * 10)


def sieve(n: int) -> float:
    limit = sieve_limit(n)

    def generate(out: Any) -> None:
        for i in range(2, limit + 1):
            out.send(i)
        out.close()

    def keep(prime: int, numbers: Any, out: Any) -> None:
        for i in numbers:
            if i % prime:
                out.send(i)
        out.close()

    found = 0
    ch = chan()
    start = perf_counter()
    goless.go(generate, ch)
    while True:
        try:
            prime = ch.recv()
        except goless.ChannelClosed:
            break
        found += 1
        out = chan()
        goless.go(keep, prime, ch, out)
        ch = out
    took = perf_counter() - start
    check("primes found", found, n)
    return took


def ring(n: int) -> float:
    chans = [chan() for _ in range(503)]
    done, ended = chan(), chan(503)

    def node(place: int) -> None:
        following = chans[(place + 1) % 503]
        for token in chans[place]:
            if token == 0:
                done.send()
            else:
                following.send(token - 1)
        if place != 502:
            following.close()
        ended.send()

    for place in range(503):
        goless.go(node, place)
    chans[0].send(503)
    done.recv()
    start = perf_counter()
    chans[0].send(n)
    done.recv()
    took = perf_counter() - start
    chans[0].close()
    for _ in range(503):
        ended.recv()
    return took


def worker_pool(n: int) -> None:
    jobs, results, ended = chan(n), chan(n), chan(3)

    def worker() -> None:
        for job in jobs:
            results.send(job * 2)
        ended.send()

    for _ in range(3):
        goless.go(worker)
    for i in range(n):
        jobs.send(i)
    jobs.close()
    for _ in range(3):
        ended.recv()
    results.close()
    check("sum", sum(results), n * (n - 1))


def fan_out_fan_in(n: int) -> None:
    numbers, merged, ended = chan(), chan(), chan(10)

    def source() -> None:
        for i in range(n):
            numbers.send(i)
        numbers.close()

    def square(out: Any) -> None:
        for v in numbers:
            out.send(v * v)
        out.close()

    def forward(squares: Any) -> None:
        for v in squares:
            merged.send(v)
        ended.send()

    def finish() -> None:
        for _ in range(10):
            ended.recv()
        merged.close()

    goless.go(source)
    for _ in range(10):
        out = chan()
        goless.go(square, out)
        goless.go(forward, out)
    goless.go(finish)
    check("sum", sum(merged), sum_of_squares(n))


def pipeline(n: int) -> None:
    numbers, squares = chan(), chan()

    def source() -> None:
        for i in range(n):
            numbers.send(i)
        numbers.close()

    def square() -> None:
        for v in numbers:
            squares.send(v * v)
        squares.close()

    goless.go(source)
    goless.go(square)
    check("sum", sum(squares), sum_of_squares(n))
