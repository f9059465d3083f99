"""gevent, with queue.Channel or with queue.Queue.

A Channel holds nothing, as an unbuffered channel; a Queue holds at least one. Neither can be closed while
values wait in it, so that a last value CLOSED stands for that, as gevent's documentation does it.
"""

from collections.abc import Callable
from importlib.metadata import version
from time import perf_counter
from typing import Any

import gevent
from gevent.lock import BoundedSemaphore
from gevent.queue import Channel, Empty, Queue

from . import UNBUFFERED, Workload, check, repeat, sieve_limit, sum_of_squares

NOTES = {
    "spawn": "spawn and join",
    "select_default": "get_nowait, which raises Empty",
    "mutex_contended": "sleep(0) to yield",
    "wait_group": "joinall",
    "context_cancel": "killall of sleeping greenlets",
    "timers": "gevent.Timeout",
    "range_over": "get until a sentinel comes",
}
ABSENT = dict.fromkeys(["select_both", "select_ready", "select_10", "select_100"], "no select over queues")

CLOSED: Any = object()
make: Callable[[], Any] = Channel


def setup(variant: str) -> str:
    global make
    if variant == "channel":
        buffered = ["stream_1", "stream_100", "uncontended", "range_over", "worker_pool"]
        ABSENT.update(dict.fromkeys(buffered, "queue.Channel has no buffer; see gevent Queue"))
    else:
        make = queue_of_one
        NOTES.update(dict.fromkeys(UNBUFFERED, "a Queue of size 1, because no Queue is unbuffered"))
    return version("gevent")


def queue_of_one() -> Any:
    return Queue(1)


def execute(workload: Workload, n: int, seconds: float) -> list[float]:
    return repeat(workload, n, seconds)


def values_of(ch: Any) -> Any:
    return iter(ch.get, CLOSED)


# --- channels --------------------------------------------------------------------------------------------


def ping_pong(n: int) -> None:
    ping, pong = make(), make()

    def echo() -> None:
        for v in values_of(ping):
            pong.put(v)

    echoing = gevent.spawn(echo)
    for i in range(n):
        ping.put(i)
        pong.get()
    ping.put(CLOSED)
    echoing.join()


def stream_of(n: int, ch: Any) -> None:
    def produce() -> None:
        for i in range(n):
            ch.put(i)
        ch.put(CLOSED)

    producing = gevent.spawn(produce)
    for _ in values_of(ch):
        pass
    producing.join()


def stream(n: int) -> None:
    stream_of(n, make())


def stream_1(n: int) -> None:
    stream_of(n, Queue(1))


def stream_100(n: int) -> None:
    stream_of(n, Queue(100))


def uncontended(n: int) -> None:
    ch = Queue(1)
    for i in range(n):
        ch.put(i)
        ch.get()


def range_over(n: int) -> float:
    ch = Queue(n + 1)
    for i in range(n):
        ch.put(i)
    ch.put(CLOSED)
    start = perf_counter()
    for _ in values_of(ch):
        pass
    return perf_counter() - start


def nothing() -> None:
    pass


def spawn(n: int) -> None:
    for _ in range(n):
        gevent.spawn(nothing).join()


def select_default(n: int) -> None:
    ch = make()
    for _ in range(n):
        try:  # noqa: SIM105  what contextlib.suppress takes would be measured too
            ch.get_nowait()
        except Empty:
            pass


# --- locks, groups, time ---------------------------------------------------------------------------------


def mutex_free(n: int) -> None:
    mu = BoundedSemaphore(1)
    for _ in range(n):
        mu.acquire()
        mu.release()


def mutex_contended(n: int) -> None:
    mu = BoundedSemaphore(1)

    def want() -> None:
        for _ in range(n // 4):
            mu.acquire()
            gevent.sleep(0)
            mu.release()

    gevent.joinall([gevent.spawn(want) for _ in range(4)])


def wait_group(n: int) -> None:
    for _ in range(n):
        gevent.joinall([gevent.spawn(nothing) for _ in range(100)])


def context_cancel(n: int) -> float:
    children = [gevent.spawn(gevent.sleep, 3600) for _ in range(n)]
    gevent.sleep(0)
    start = perf_counter()
    gevent.killall(children)
    return perf_counter() - start


def timers(n: int) -> None:
    pending = [gevent.Timeout.start_new(3600) for _ in range(n)]
    for timer in pending:
        timer.close()


def sleep(n: int) -> None:
    for _ in range(n):
        gevent.sleep(0.001)


# --- patterns --------------------------------------------------------------------------------------------


def producers_consumers(n: int) -> None:
    ch = make()
    received = 0

    def produce() -> None:
        for i in range(n // 10):
            ch.put(i)

    def consume() -> None:
        nonlocal received
        for _ in values_of(ch):
            received += 1

    producers, consumers = [], []
    for _ in range(10):
        producers.append(gevent.spawn(produce))
        consumers.append(gevent.spawn(consume))
    gevent.joinall(producers)
    for _ in consumers:
        ch.put(CLOSED)
    gevent.joinall(consumers)
    check("values received", received, n // 10 * 10)


def sieve(n: int) -> float:
    limit = sieve_limit(n)

    def generate(out: Any) -> None:
        for i in range(2, limit + 1):
            out.put(i)
        out.put(CLOSED)

    def keep(prime: int, numbers: Any, out: Any) -> None:
        for i in values_of(numbers):
            if i % prime:
                out.put(i)
        out.put(CLOSED)

    found = 0
    ch = make()
    start = perf_counter()
    gevent.spawn(generate, ch)
    while (prime := ch.get()) is not CLOSED:
        found += 1
        out = make()
        gevent.spawn(keep, prime, ch, out)
        ch = out
    took = perf_counter() - start
    check("primes found", found, n)
    return took


def ring(n: int) -> float:
    chans = [make() for _ in range(503)]
    done = make()

    def node(place: int) -> None:
        following = chans[(place + 1) % 503]
        for token in values_of(chans[place]):
            if token == 0:
                done.put(True)
            else:
                following.put(token - 1)
        if place != 502:
            following.put(CLOSED)

    nodes = [gevent.spawn(node, place) for place in range(503)]
    chans[0].put(503)
    done.get()
    start = perf_counter()
    chans[0].put(n)
    done.get()
    took = perf_counter() - start
    chans[0].put(CLOSED)
    gevent.joinall(nodes)
    return took


def worker_pool(n: int) -> None:
    jobs, results = Queue(n + 3), Queue(n + 1)

    def worker() -> None:
        for job in values_of(jobs):
            results.put(job * 2)

    workers = [gevent.spawn(worker) for _ in range(3)]
    for i in range(n):
        jobs.put(i)
    for _ in workers:
        jobs.put(CLOSED)
    gevent.joinall(workers)
    results.put(CLOSED)
    check("sum", sum(values_of(results)), n * (n - 1))


def fan_out_fan_in(n: int) -> None:
    numbers, merged = make(), make()

    def source() -> None:
        for i in range(n):
            numbers.put(i)
        for _ in range(10):
            numbers.put(CLOSED)

    def square(out: Any) -> None:
        for v in values_of(numbers):
            out.put(v * v)
        out.put(CLOSED)

    def forward(squares: Any) -> None:
        for v in values_of(squares):
            merged.put(v)

    forwarders: list[Any] = []

    def finish() -> None:
        gevent.joinall(forwarders)
        merged.put(CLOSED)

    gevent.spawn(source)
    for _ in range(10):
        out = make()
        gevent.spawn(square, out)
        forwarders.append(gevent.spawn(forward, out))
    gevent.spawn(finish)
    check("sum", sum(values_of(merged)), sum_of_squares(n))


def pipeline(n: int) -> None:
    numbers, squares = make(), make()

    def source() -> None:
        for i in range(n):
            numbers.put(i)
        numbers.put(CLOSED)

    def square() -> None:
        for v in values_of(numbers):
            squares.put(v * v)
        squares.put(CLOSED)

    gevent.spawn(source)
    gevent.spawn(square)
    check("sum", sum(values_of(squares)), sum_of_squares(n))
