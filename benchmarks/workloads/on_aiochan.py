"""aiochan: channels and select for asyncio, after Clojure's core.async.

Its channels are closed and ranged over as Go's are. Goroutines, locks and time are asyncio's.
"""

import asyncio
from importlib.metadata import version
from time import perf_counter
from typing import Any

from aiochan import Chan, go, select

from . import AsyncWorkload, check, repeat_async, sieve_limit, sum_of_squares

NOTES = {"spawn": "aiochan.go, and await"}
ABSENT = dict.fromkeys(
    ["mutex_free", "mutex_contended", "wait_group", "context_cancel", "timers", "sleep"],
    "only channels and select; the rest is asyncio's",
)
NOTHING = object()


def setup(variant: str) -> str:
    return version("aiochan")


def execute(workload: AsyncWorkload, n: int, seconds: float) -> list[float]:
    return asyncio.run(repeat_async(workload, n, seconds))


# --- channels --------------------------------------------------------------------------------------------


async def ping_pong(n: int) -> None:
    ping, pong = Chan(), Chan()

    async def echo() -> None:
        async for v in ping:
            await pong.put(v)

    echoing = go(echo())
    for i in range(n):
        await ping.put(i)
        await pong.get()
    ping.close()
    await echoing


async def stream_of(n: int, ch: Any) -> None:
    async def produce() -> None:
        for i in range(n):
            await ch.put(i)
        ch.close()

    producing = go(produce())
    async for _ in ch:
        pass
    await producing


async def stream(n: int) -> None:
    await stream_of(n, Chan())


async def stream_1(n: int) -> None:
    await stream_of(n, Chan(1))


async def stream_100(n: int) -> None:
    await stream_of(n, Chan(100))


async def uncontended(n: int) -> None:
    ch = Chan(1)
    for i in range(n):
        await ch.put(i)
        await ch.get()


async def range_over(n: int) -> float:
    ch = Chan(n)
    for i in range(n):
        await ch.put(i)
    ch.close()
    start = perf_counter()
    async for _ in ch:
        pass
    return perf_counter() - start


async def nothing() -> None:
    pass


async def spawn(n: int) -> None:
    for _ in range(n):
        await go(nothing())


# --- select ----------------------------------------------------------------------------------------------


async def select_both(n: int) -> None:
    a, b = Chan(), Chan()

    async def produce() -> None:
        for i in range(n):
            await select((a, i), (b, i))

    producing = go(produce())
    for _ in range(n):
        await select(a, b)
    await producing


async def select_ready(n: int) -> None:
    a, b = Chan(1), Chan(1)
    await a.put(0)
    await b.put(0)
    for _ in range(n):
        v, ch = await select(a, b)
        await ch.put(v)


async def select_default(n: int) -> None:
    ch = Chan()
    for _ in range(n):
        await select(ch, default=NOTHING)


async def select_over(n: int, width: int) -> None:
    chans = [Chan() for _ in range(width)]
    active = chans[width // 2]

    async def produce() -> None:
        for i in range(n):
            await active.put(i)

    producing = go(produce())
    for _ in range(n):
        await select(*chans)
    await producing


async def select_10(n: int) -> None:
    await select_over(n, 10)


async def select_100(n: int) -> None:
    await select_over(n, 100)


# --- patterns --------------------------------------------------------------------------------------------


async def producers_consumers(n: int) -> None:
    ch = Chan()
    received = 0

    async def produce() -> None:
        for i in range(n // 10):
            await ch.put(i)

    async def consume() -> None:
        nonlocal received
        async for _ in ch:
            received += 1

    producers, consumers = [], []
    for _ in range(10):
        producers.append(go(produce()))
        consumers.append(go(consume()))
    await asyncio.gather(*producers)
    ch.close()
    await asyncio.gather(*consumers)
    check("values received", received, n // 10 * 10)


async def sieve(n: int) -> float:
    limit = sieve_limit(n)

    async def generate(out: Any) -> None:
        for i in range(2, limit + 1):
            await out.put(i)
        out.close()

    async def keep(prime: int, numbers: Any, out: Any) -> None:
        async for i in numbers:
            if i % prime:
                await out.put(i)
        out.close()

    found = 0
    ch = Chan()
    start = perf_counter()
    running = [go(generate(ch))]
    while (prime := await ch.get()) is not None:
        found += 1
        out = Chan()
        running.append(go(keep(prime, ch, out)))
        ch = out
    await asyncio.gather(*running)
    took = perf_counter() - start
    check("primes found", found, n)
    return took


async def ring(n: int) -> float:
    chans = [Chan() for _ in range(503)]
    done = Chan()

    async def node(place: int) -> None:
        following = chans[(place + 1) % 503]
        async for token in chans[place]:
            if token == 0:
                await done.put(True)
            else:
                await following.put(token - 1)
        if place != 502:
            following.close()

    nodes = [go(node(place)) for place in range(503)]
    await chans[0].put(503)
    await done.get()
    start = perf_counter()
    await chans[0].put(n)
    await done.get()
    took = perf_counter() - start
    chans[0].close()
    await asyncio.gather(*nodes)
    return took


async def total(ch: Any) -> int:
    total = 0
    async for v in ch:
        total += v
    return total


async def worker_pool(n: int) -> None:
    jobs, results = Chan(n), Chan(n)

    async def worker() -> None:
        async for job in jobs:
            await results.put(job * 2)

    workers = [go(worker()) for _ in range(3)]
    for i in range(n):
        await jobs.put(i)
    jobs.close()
    await asyncio.gather(*workers)
    results.close()
    check("sum", await total(results), n * (n - 1))


async def fan_out_fan_in(n: int) -> None:
    numbers, merged = Chan(), Chan()

    async def source() -> None:
        for i in range(n):
            await numbers.put(i)
        numbers.close()

    async def square(out: Any) -> None:
        async for v in numbers:
            await out.put(v * v)
        out.close()

    async def forward(squares: Any) -> None:
        async for v in squares:
            await merged.put(v)

    async def finish() -> None:
        workers = [go(source())]
        for _ in range(10):
            out = Chan()
            workers += [go(square(out)), go(forward(out))]
        await asyncio.gather(*workers)
        merged.close()

    finishing = go(finish())
    check("sum", await total(merged), sum_of_squares(n))
    await finishing


async def pipeline(n: int) -> None:
    numbers, squares = Chan(), Chan()

    async def source() -> None:
        for i in range(n):
            await numbers.put(i)
        numbers.close()

    async def square() -> None:
        async for v in numbers:
            await squares.put(v * v)
        squares.close()

    running = [go(source()), go(square())]
    check("sum", await total(squares), sum_of_squares(n))
    await asyncio.gather(*running)
