"""asyncio, with asyncio.Queue, on its own event loop or on uvloop's.

A Queue holds at least one, and could not be closed before Python 3.13, so that a last value CLOSED stands for
that.
"""

import asyncio
from importlib.metadata import version
from platform import python_version
from time import perf_counter
from typing import Any

from . import UNBUFFERED, AsyncWorkload, check, repeat_async, sieve_limit, sum_of_squares

NOTES = {
    "spawn": "create_task and await",
    "select_default": "get_nowait, which raises QueueEmpty",
    "mutex_contended": "sleep(0) to yield",
    "wait_group": "TaskGroup",
    "context_cancel": "cancel each task, then gather them",
    "timers": "loop.call_later",
    "range_over": "get until a sentinel comes",
} | dict.fromkeys(
    UNBUFFERED,
    "a Queue of size 1, because no Queue is unbuffered",
)
ABSENT = dict.fromkeys(["select_both", "select_ready", "select_10", "select_100"], "no select over queues")

CLOSED: Any = object()
new_loop: Any = None


def setup(variant: str) -> str:
    global new_loop
    if variant != "uvloop":
        return python_version()
    import uvloop

    new_loop = uvloop.new_event_loop
    return version("uvloop")


def execute(workload: AsyncWorkload, n: int, seconds: float) -> list[float]:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(repeat_async(workload, n, seconds))


# --- channels --------------------------------------------------------------------------------------------


async def ping_pong(n: int) -> None:
    ping, pong = asyncio.Queue[int](1), asyncio.Queue[int](1)

    async def echo() -> None:
        while (v := await ping.get()) is not CLOSED:
            await pong.put(v)

    echoing = asyncio.create_task(echo())
    for i in range(n):
        await ping.put(i)
        await pong.get()
    await ping.put(CLOSED)
    await echoing


async def stream_of(n: int, size: int) -> None:
    ch = asyncio.Queue[int](size)

    async def produce() -> None:
        for i in range(n):
            await ch.put(i)
        await ch.put(CLOSED)

    producing = asyncio.create_task(produce())
    while await ch.get() is not CLOSED:
        pass
    await producing


async def stream(n: int) -> None:
    await stream_of(n, 1)


async def stream_1(n: int) -> None:
    await stream_of(n, 1)


async def stream_100(n: int) -> None:
    await stream_of(n, 100)


async def uncontended(n: int) -> None:
    ch = asyncio.Queue[int](1)
    for i in range(n):
        await ch.put(i)
        await ch.get()


async def range_over(n: int) -> float:
    ch = asyncio.Queue[int](n + 1)
    for i in range(n):
        await ch.put(i)
    await ch.put(CLOSED)
    start = perf_counter()
    while await ch.get() is not CLOSED:
        pass
    return perf_counter() - start


async def nothing() -> None:
    pass


async def spawn(n: int) -> None:
    for _ in range(n):
        await asyncio.create_task(nothing())


async def select_default(n: int) -> None:
    ch = asyncio.Queue[int](1)
    for _ in range(n):
        try:  # noqa: SIM105  what contextlib.suppress takes would be measured too
            ch.get_nowait()
        except asyncio.QueueEmpty:
            pass


# --- locks, groups, time ---------------------------------------------------------------------------------


async def mutex_free(n: int) -> None:
    mu = asyncio.Lock()
    for _ in range(n):
        await mu.acquire()
        mu.release()


async def mutex_contended(n: int) -> None:
    mu = asyncio.Lock()

    async def want() -> None:
        for _ in range(n // 4):
            await mu.acquire()
            await asyncio.sleep(0)
            mu.release()

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(want())


async def wait_group(n: int) -> None:
    for _ in range(n):
        async with asyncio.TaskGroup() as group:
            for _ in range(100):
                group.create_task(nothing())


async def context_cancel(n: int) -> float:
    children = [asyncio.create_task(asyncio.sleep(3600)) for _ in range(n)]
    await asyncio.sleep(0)
    start = perf_counter()
    for child in children:
        child.cancel()
    await asyncio.gather(*children, return_exceptions=True)
    return perf_counter() - start


async def timers(n: int) -> None:
    loop = asyncio.get_running_loop()
    pending = [loop.call_later(3600, int) for _ in range(n)]
    for timer in pending:
        timer.cancel()


async def sleep(n: int) -> None:
    for _ in range(n):
        await asyncio.sleep(0.001)


# --- patterns --------------------------------------------------------------------------------------------


async def producers_consumers(n: int) -> None:
    ch = asyncio.Queue[int](1)
    received = 0

    async def produce() -> None:
        for i in range(n // 10):
            await ch.put(i)

    async def consume() -> None:
        nonlocal received
        while await ch.get() is not CLOSED:
            received += 1

    async with asyncio.TaskGroup() as consumers:
        async with asyncio.TaskGroup() as producers:
            for _ in range(10):
                producers.create_task(produce())
                consumers.create_task(consume())
        for _ in range(10):
            await ch.put(CLOSED)
    check("values received", received, n // 10 * 10)


async def sieve(n: int) -> float:
    limit = sieve_limit(n)

    async def generate(out: asyncio.Queue[int]) -> None:
        for i in range(2, limit + 1):
            await out.put(i)
        await out.put(CLOSED)

    async def keep(prime: int, numbers: asyncio.Queue[int], out: asyncio.Queue[int]) -> None:
        while (i := await numbers.get()) is not CLOSED:
            if i % prime:
                await out.put(i)
        await out.put(CLOSED)

    found = 0
    ch = asyncio.Queue[int](1)
    start = perf_counter()
    async with asyncio.TaskGroup() as group:
        group.create_task(generate(ch))
        while (prime := await ch.get()) is not CLOSED:
            found += 1
            out = asyncio.Queue[int](1)
            group.create_task(keep(prime, ch, out))
            ch = out
    took = perf_counter() - start
    check("primes found", found, n)
    return took


async def ring(n: int) -> float:
    chans = [asyncio.Queue[int](1) for _ in range(503)]
    done = asyncio.Queue[bool](1)

    async def node(place: int) -> None:
        incoming, following = chans[place], chans[(place + 1) % 503]
        while (token := await incoming.get()) is not CLOSED:
            if token == 0:
                await done.put(True)
            else:
                await following.put(token - 1)
        if place != 502:
            await following.put(CLOSED)

    async with asyncio.TaskGroup() as group:
        for place in range(503):
            group.create_task(node(place))
        await chans[0].put(503)
        await done.get()
        start = perf_counter()
        await chans[0].put(n)
        await done.get()
        took = perf_counter() - start
        await chans[0].put(CLOSED)
    return took


async def total(ch: asyncio.Queue[int]) -> int:
    total = 0
    while (v := await ch.get()) is not CLOSED:
        total += v
    return total


async def worker_pool(n: int) -> None:
    jobs, results = asyncio.Queue[int](n + 3), asyncio.Queue[int](n + 1)

    async def worker() -> None:
        while (job := await jobs.get()) is not CLOSED:
            await results.put(job * 2)

    async with asyncio.TaskGroup() as workers:
        for _ in range(3):
            workers.create_task(worker())
        for i in range(n):
            await jobs.put(i)
        for _ in range(3):
            await jobs.put(CLOSED)
    await results.put(CLOSED)
    check("sum", await total(results), n * (n - 1))


async def fan_out_fan_in(n: int) -> None:
    numbers, merged = asyncio.Queue[int](1), asyncio.Queue[int](1)

    async def source() -> None:
        for i in range(n):
            await numbers.put(i)
        for _ in range(10):
            await numbers.put(CLOSED)

    async def square(out: asyncio.Queue[int]) -> None:
        while (v := await numbers.get()) is not CLOSED:
            await out.put(v * v)
        await out.put(CLOSED)

    async def forward(squares: asyncio.Queue[int]) -> None:
        while (v := await squares.get()) is not CLOSED:
            await merged.put(v)

    async def finish() -> None:
        async with asyncio.TaskGroup() as workers:
            workers.create_task(source())
            for _ in range(10):
                out = asyncio.Queue[int](1)
                workers.create_task(square(out))
                workers.create_task(forward(out))
        await merged.put(CLOSED)

    finishing = asyncio.create_task(finish())
    check("sum", await total(merged), sum_of_squares(n))
    await finishing


async def pipeline(n: int) -> None:
    numbers, squares = asyncio.Queue[int](1), asyncio.Queue[int](1)

    async def source() -> None:
        for i in range(n):
            await numbers.put(i)
        await numbers.put(CLOSED)

    async def square() -> None:
        while (v := await numbers.get()) is not CLOSED:
            await squares.put(v * v)
        await squares.put(CLOSED)

    async with asyncio.TaskGroup() as group:
        group.create_task(source())
        group.create_task(square())
        check("sum", await total(squares), sum_of_squares(n))
