"""Threads, with queue.Queue: the standard library's way, on all cores, one at a time in Python.

A Queue holds at least one, and could not be closed before Python 3.13, so that a last value CLOSED stands for
that.
"""

import time
from collections.abc import Callable
from platform import python_version
from queue import Empty, Queue
from threading import Event, Lock, Thread
from time import perf_counter
from typing import Any

from . import UNBUFFERED, Workload, check, repeat, sieve_limit, sum_of_squares

NOTES = {
    "spawn": "start and join",
    "select_default": "get_nowait, which raises Empty",
    "mutex_contended": "sleep(0) to yield",
    "wait_group": "start, then join each",
    "context_cancel": "an Event that all threads wait for",
    "range_over": "get until a sentinel comes",
} | dict.fromkeys(
    UNBUFFERED,
    "a Queue of size 1, because no Queue is unbuffered",
)
ABSENT = {
    **dict.fromkeys(["select_both", "select_ready", "select_10", "select_100"], "no select over queues"),
    "timers": "a timer takes a thread",
}

CLOSED: Any = object()


def setup(variant: str) -> str:
    return python_version()


def execute(workload: Workload, n: int, seconds: float) -> list[float]:
    return repeat(workload, n, seconds)


def values_of(ch: Any) -> Any:
    return iter(ch.get, CLOSED)


def start(fn: Callable[..., object], *args: object) -> Thread:
    thread = Thread(target=fn, args=args)
    thread.start()
    return thread


def join(threads: list[Thread]) -> None:
    for thread in threads:
        thread.join()


# --- channels --------------------------------------------------------------------------------------------


def ping_pong(n: int) -> None:
    ping, pong = Queue[Any](1), Queue[Any](1)

    def echo() -> None:
        for v in values_of(ping):
            pong.put(v)

    echoing = start(echo)
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

    producing = start(produce)
    for _ in values_of(ch):
        pass
    producing.join()


def stream(n: int) -> None:
    stream_of(n, Queue[Any](1))


def stream_1(n: int) -> None:
    stream_of(n, Queue[Any](1))


def stream_100(n: int) -> None:
    stream_of(n, Queue[Any](100))


def uncontended(n: int) -> None:
    ch = Queue[Any](1)
    for i in range(n):
        ch.put(i)
        ch.get()


def range_over(n: int) -> float:
    ch = Queue[Any](n + 1)
    for i in range(n):
        ch.put(i)
    ch.put(CLOSED)
    began = perf_counter()
    for _ in values_of(ch):
        pass
    return perf_counter() - began


def nothing() -> None:
    pass


def spawn(n: int) -> None:
    for _ in range(n):
        start(nothing).join()


def select_default(n: int) -> None:
    ch = Queue[Any](1)
    for _ in range(n):
        try:  # noqa: SIM105  what contextlib.suppress takes would be measured too
            ch.get_nowait()
        except Empty:
            pass


# --- locks, groups, time ---------------------------------------------------------------------------------


def mutex_free(n: int) -> None:
    mu = Lock()
    for _ in range(n):
        mu.acquire()
        mu.release()


def mutex_contended(n: int) -> None:
    mu = Lock()

    def want() -> None:
        for _ in range(n // 4):
            mu.acquire()
            time.sleep(0)
            mu.release()

    join([start(want) for _ in range(4)])


def wait_group(n: int) -> None:
    for _ in range(n):
        join([start(nothing) for _ in range(100)])


def context_cancel(n: int) -> float:
    cancelled = Event()
    children = [start(cancelled.wait) for _ in range(n)]
    began = perf_counter()
    cancelled.set()
    join(children)
    return perf_counter() - began


def sleep(n: int) -> None:
    for _ in range(n):
        time.sleep(0.001)


# --- patterns --------------------------------------------------------------------------------------------


def producers_consumers(n: int) -> None:
    ch = Queue[Any](1)
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
        producers.append(start(produce))
        consumers.append(start(consume))
    join(producers)
    for _ in consumers:
        ch.put(CLOSED)
    join(consumers)
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
    ch = Queue[Any](1)
    began = perf_counter()
    start(generate, ch)
    while (prime := ch.get()) is not CLOSED:
        found += 1
        out = Queue[Any](1)
        start(keep, prime, ch, out)
        ch = out
    took = perf_counter() - began
    check("primes found", found, n)
    return took


def ring(n: int) -> float:
    chans = [Queue[Any](1) for _ in range(503)]
    done = Queue[Any](1)

    def node(place: int) -> None:
        following = chans[(place + 1) % 503]
        for token in values_of(chans[place]):
            if token == 0:
                done.put(True)
            else:
                following.put(token - 1)
        if place != 502:
            following.put(CLOSED)

    nodes = [start(node, place) for place in range(503)]
    chans[0].put(503)
    done.get()
    began = perf_counter()
    chans[0].put(n)
    done.get()
    took = perf_counter() - began
    chans[0].put(CLOSED)
    join(nodes)
    return took


def worker_pool(n: int) -> None:
    jobs, results = Queue[Any](n + 3), Queue[Any](n + 1)

    def worker() -> None:
        for job in values_of(jobs):
            results.put(job * 2)

    workers = [start(worker) for _ in range(3)]
    for i in range(n):
        jobs.put(i)
    for _ in workers:
        jobs.put(CLOSED)
    join(workers)
    results.put(CLOSED)
    check("sum", sum(values_of(results)), n * (n - 1))


def fan_out_fan_in(n: int) -> None:
    numbers, merged = Queue[Any](1), Queue[Any](1)

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

    forwarders: list[Thread] = []

    def finish() -> None:
        join(forwarders)
        merged.put(CLOSED)

    start(source)
    for _ in range(10):
        out = Queue[Any](1)
        start(square, out)
        forwarders.append(start(forward, out))
    start(finish)
    check("sum", sum(values_of(merged)), sum_of_squares(n))


def pipeline(n: int) -> None:
    numbers, squares = Queue[Any](1), Queue[Any](1)

    def source() -> None:
        for i in range(n):
            numbers.put(i)
        numbers.put(CLOSED)

    def square() -> None:
        for v in values_of(numbers):
            squares.put(v * v)
        squares.put(CLOSED)

    start(source)
    start(square)
    check("sum", sum(values_of(squares)), sum_of_squares(n))
