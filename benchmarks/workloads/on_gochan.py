"""gochan, with the C or the Python implementation of its engine: a port of go/, line for line."""

import sys
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import greenlet

from gochan import (
    Chan,
    RecvChan,
    SendChan,
    close,
    context,
    default,
    go,
    recv,
    run,
    runtime,
    select,
    send,
    sync,
    time,
)

from . import Workload, check, repeat, sieve_limit, sum_of_squares

NOTES: dict[str, str] = {}
ABSENT: dict[str, str] = {}


def setup(variant: str) -> str:
    if (variant == "interpreted") == runtime.COMPILED:
        raise RuntimeError(f"asked for gochan {variant}, and runtime.COMPILED is {runtime.COMPILED}")
    if variant == "fast" and not Path(greenlet.__file__).is_relative_to(Path(sys.prefix) / "fast"):
        raise RuntimeError("the extra `fast` brings no other greenlet here")
    return f"{version('gochan-csp')} on greenlet {greenlet.__version__}"


def execute(workload: Workload, n: int, seconds: float) -> list[float]:
    return run(repeat, workload, n, seconds)


# --- channels --------------------------------------------------------------------------------------------


def ping_pong(n: int) -> None:
    ping, pong = Chan[int](), Chan[int]()

    @go
    def echo() -> None:
        for v in ping:
            pong.send(v)

    for i in range(n):
        ping.send(i)
        pong.recv()
    close(ping)


def stream_of(n: int, size: int) -> None:
    ch = Chan[int](size)

    @go
    def produce() -> None:
        for i in range(n):
            ch.send(i)
        close(ch)

    for _ in ch:
        pass


def stream(n: int) -> None:
    stream_of(n, 0)


def stream_1(n: int) -> None:
    stream_of(n, 1)


def stream_100(n: int) -> None:
    stream_of(n, 100)


def uncontended(n: int) -> None:
    ch = Chan[int](1)
    for i in range(n):
        ch.send(i)
        ch.recv()


def range_over(n: int) -> float:
    ch = Chan[int](n)
    for i in range(n):
        ch.send(i)
    close(ch)
    start = perf_counter()
    for _ in ch:
        pass
    return perf_counter() - start


def spawn(n: int) -> None:
    done = Chan[bool]()

    def finish() -> None:
        done.send(True)

    for _ in range(n):
        go(finish)
        done.recv()


# --- select ----------------------------------------------------------------------------------------------


def select_both(n: int) -> None:
    a, b = Chan[int](), Chan[int]()

    @go
    def produce() -> None:
        for i in range(n):
            select(send(a, i), send(b, i))

    for _ in range(n):
        select(recv(a), recv(b))


def select_ready(n: int) -> None:
    a, b = Chan[int](1), Chan[int](1)
    a.send(0)
    b.send(0)
    for _ in range(n):
        match select(recv(a), recv(b)):
            case 0, v, _:
                a.send(v)
            case _, v, _:
                b.send(v)


def select_default(n: int) -> None:
    ch = Chan[int]()
    for _ in range(n):
        select(recv(ch), default)


def select_over(n: int, width: int) -> None:
    chans = [Chan[int]() for _ in range(width)]
    active = chans[width // 2]

    @go
    def produce() -> None:
        for i in range(n):
            active.send(i)

    cases = [recv(ch) for ch in chans]
    for _ in range(n):
        select(*cases)


def select_10(n: int) -> None:
    select_over(n, 10)


def select_100(n: int) -> None:
    select_over(n, 100)


# --- sync, context, time ---------------------------------------------------------------------------------


def mutex_free(n: int) -> None:
    mu = sync.Mutex()
    for _ in range(n):
        mu.lock()
        mu.unlock()


def mutex_contended(n: int) -> None:
    mu = sync.Mutex()
    wg = sync.WaitGroup()

    def want() -> None:
        for _ in range(n // 4):
            mu.lock()
            runtime.gosched()
            mu.unlock()
        wg.done()

    for _ in range(4):
        wg.add(1)
        go(want)
    wg.wait()


def wait_group(n: int) -> None:
    for _ in range(n):
        wg = sync.WaitGroup()
        for _ in range(100):
            wg.add(1)
            go(wg.done)
        wg.wait()


def context_cancel(n: int) -> float:
    ctx, cancel = context.with_cancel(context.background())
    begun, ended = sync.WaitGroup(), sync.WaitGroup()

    def child() -> None:
        own, stop = context.with_cancel(ctx)
        done = own.done()
        assert done is not None
        begun.done()
        done.recv()
        stop()
        ended.done()

    begun.add(n)
    ended.add(n)
    for _ in range(n):
        go(child)
    begun.wait()
    start = perf_counter()
    cancel()
    ended.wait()
    return perf_counter() - start


def timers(n: int) -> None:
    pending = [time.after_func(time.HOUR, int) for _ in range(n)]
    for timer in pending:
        timer.stop()


def sleep(n: int) -> None:
    for _ in range(n):
        time.sleep(time.MILLISECOND)


# --- patterns --------------------------------------------------------------------------------------------


def producers_consumers(n: int) -> None:
    ch = Chan[int]()
    producers, consumers = sync.WaitGroup(), sync.WaitGroup()
    received = 0

    def produce() -> None:
        for i in range(n // 10):
            ch.send(i)
        producers.done()

    def consume() -> None:
        nonlocal received
        for _ in ch:
            received += 1
        consumers.done()

    producers.add(10)
    consumers.add(10)
    for _ in range(10):
        go(produce)
        go(consume)
    producers.wait()
    close(ch)
    consumers.wait()
    check("values received", received, n // 10 * 10)


def sieve(n: int) -> float:
    limit = sieve_limit(n)

    def generate(out: SendChan[int]) -> None:
        for i in range(2, limit + 1):
            out.send(i)
        close(out)

    def keep(prime: int, numbers: RecvChan[int], out: SendChan[int]) -> None:
        for i in numbers:
            if i % prime:
                out.send(i)
        close(out)

    found = 0
    ch = Chan[int]()
    start = perf_counter()
    go(generate, ch)
    while True:
        prime, ok = ch.recv_ok()
        if not ok:
            break
        found += 1
        out = Chan[int]()
        go(keep, prime, ch, out)
        ch = out
    took = perf_counter() - start
    check("primes found", found, n)
    return took


def ring(n: int) -> float:
    chans = [Chan[int]() for _ in range(503)]
    done = Chan[bool]()
    wg = sync.WaitGroup()

    def node(place: int) -> None:
        following = chans[(place + 1) % 503]
        for token in chans[place]:
            if token == 0:
                done.send(True)
            else:
                following.send(token - 1)
        if place != 502:
            close(following)
        wg.done()

    wg.add(503)
    for place in range(503):
        go(node, place)
    chans[0].send(503)
    done.recv()
    start = perf_counter()
    chans[0].send(n)
    done.recv()
    took = perf_counter() - start
    close(chans[0])
    wg.wait()
    return took


def worker_pool(n: int) -> None:
    jobs, results = Chan[int](n), Chan[int](n)
    wg = sync.WaitGroup()

    def worker() -> None:
        for job in jobs:
            results.send(job * 2)
        wg.done()

    for _ in range(3):
        wg.add(1)
        go(worker)
    for i in range(n):
        jobs.send(i)
    close(jobs)
    wg.wait()
    close(results)
    check("sum", sum(results), n * (n - 1))


def fan_out_fan_in(n: int) -> None:
    numbers = Chan[int]()
    merged = Chan[int]()
    wg = sync.WaitGroup()

    def source() -> None:
        for i in range(n):
            numbers.send(i)
        close(numbers)

    def square(out: SendChan[int]) -> None:
        for v in numbers:
            out.send(v * v)
        close(out)

    def forward(squares: RecvChan[int]) -> None:
        for v in squares:
            merged.send(v)
        wg.done()

    def finish() -> None:
        wg.wait()
        close(merged)

    wg.add(10)
    go(source)
    for _ in range(10):
        out = Chan[int]()
        go(square, out)
        go(forward, out)
    go(finish)
    check("sum", sum(merged), sum_of_squares(n))


def pipeline(n: int) -> None:
    numbers, squares = Chan[int](), Chan[int]()

    @go
    def source() -> None:
        for i in range(n):
            numbers.send(i)
        close(numbers)

    @go
    def square() -> None:
        for v in numbers:
            squares.send(v * v)
        close(squares)

    check("sum", sum(squares), sum_of_squares(n))
