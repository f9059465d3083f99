"""trio, with memory channels: with a buffer of 0 they hold nothing, as an unbuffered channel.

They have two ends, and are closed as Go's are.
"""

from importlib.metadata import version
from time import perf_counter
from typing import Any

import trio
import trio.testing
from trio import open_memory_channel, open_nursery

from . import AsyncWorkload, check, repeat_async, sieve_limit, sum_of_squares

NOTES = {
    "spawn": "a nursery with one task",
    "select_default": "receive_nowait, which raises WouldBlock",
    "mutex_contended": "a checkpoint to yield",
    "wait_group": "a nursery",
    "context_cancel": "a nursery's cancel scope, and one in each task",
}
ABSENT = {
    **dict.fromkeys(["select_both", "select_ready", "select_10", "select_100"], "no select over channels"),
    "timers": "no timers, only nested cancel scopes",
}


def setup(variant: str) -> str:
    return version("trio")


def execute(workload: AsyncWorkload, n: int, seconds: float) -> list[float]:
    times: list[float] = trio.run(repeat_async, workload, n, seconds)
    return times


# --- channels --------------------------------------------------------------------------------------------


async def ping_pong(n: int) -> None:
    send_ping, receive_ping = open_memory_channel(0)
    send_pong, receive_pong = open_memory_channel(0)

    async def echo() -> None:
        async for v in receive_ping:
            await send_pong.send(v)

    async with open_nursery() as nursery:
        nursery.start_soon(echo)
        for i in range(n):
            await send_ping.send(i)
            await receive_pong.receive()
        send_ping.close()


async def stream_of(n: int, size: int) -> None:
    send, receive = open_memory_channel(size)

    async def produce() -> None:
        for i in range(n):
            await send.send(i)
        send.close()

    async with open_nursery() as nursery:
        nursery.start_soon(produce)
        async for _ in receive:
            pass


async def stream(n: int) -> None:
    await stream_of(n, 0)


async def stream_1(n: int) -> None:
    await stream_of(n, 1)


async def stream_100(n: int) -> None:
    await stream_of(n, 100)


async def uncontended(n: int) -> None:
    send, receive = open_memory_channel(1)
    for i in range(n):
        await send.send(i)
        await receive.receive()


async def range_over(n: int) -> float:
    send, receive = open_memory_channel(n)
    for i in range(n):
        await send.send(i)
    send.close()
    start = perf_counter()
    async for _ in receive:
        pass
    return perf_counter() - start


async def nothing() -> None:
    pass


async def spawn(n: int) -> None:
    for _ in range(n):
        async with open_nursery() as nursery:
            nursery.start_soon(nothing)


async def select_default(n: int) -> None:
    _send, receive = open_memory_channel(0)
    for _ in range(n):
        try:  # noqa: SIM105  what contextlib.suppress takes would be measured too
            receive.receive_nowait()
        except trio.WouldBlock:
            pass


# --- locks, groups, time ---------------------------------------------------------------------------------


async def mutex_free(n: int) -> None:
    mu = trio.Lock()
    for _ in range(n):
        await mu.acquire()
        mu.release()


async def mutex_contended(n: int) -> None:
    mu = trio.Lock()

    async def want() -> None:
        for _ in range(n // 4):
            await mu.acquire()
            await trio.lowlevel.checkpoint()
            mu.release()

    async with open_nursery() as nursery:
        for _ in range(4):
            nursery.start_soon(want)


async def wait_group(n: int) -> None:
    for _ in range(n):
        async with open_nursery() as nursery:
            for _ in range(100):
                nursery.start_soon(nothing)


async def context_cancel(n: int) -> float:
    async def child() -> None:
        with trio.CancelScope():
            await trio.sleep_forever()

    async with open_nursery() as nursery:
        for _ in range(n):
            nursery.start_soon(child)
        await trio.testing.wait_all_tasks_blocked()
        start = perf_counter()
        nursery.cancel_scope.cancel()
    return perf_counter() - start


async def sleep(n: int) -> None:
    for _ in range(n):
        await trio.sleep(0.001)


# --- patterns --------------------------------------------------------------------------------------------


async def producers_consumers(n: int) -> None:
    send, receive = open_memory_channel(0)
    received = 0

    async def produce() -> None:
        for i in range(n // 10):
            await send.send(i)

    async def consume() -> None:
        nonlocal received
        async for _ in receive:
            received += 1

    async with open_nursery() as consumers:
        async with open_nursery() as producers:
            for _ in range(10):
                producers.start_soon(produce)
                consumers.start_soon(consume)
        send.close()
    check("values received", received, n // 10 * 10)


async def sieve(n: int) -> float:
    limit = sieve_limit(n)

    async def generate(out: Any) -> None:
        for i in range(2, limit + 1):
            await out.send(i)
        out.close()

    async def keep(prime: int, numbers: Any, out: Any) -> None:
        async for i in numbers:
            if i % prime:
                await out.send(i)
        out.close()

    found = 0
    send, receive = open_memory_channel(0)
    start = perf_counter()
    async with open_nursery() as nursery:
        nursery.start_soon(generate, send)
        while True:
            try:
                prime = await receive.receive()
            except trio.EndOfChannel:
                break
            found += 1
            send, following = open_memory_channel(0)
            nursery.start_soon(keep, prime, receive, send)
            receive = following
    took = perf_counter() - start
    check("primes found", found, n)
    return took


async def ring(n: int) -> float:
    chans = [open_memory_channel(0) for _ in range(503)]
    send_done, receive_done = open_memory_channel(0)

    async def node(place: int) -> None:
        following = chans[(place + 1) % 503][0]
        async for token in chans[place][1]:
            if token == 0:
                await send_done.send(True)
            else:
                await following.send(token - 1)
        if place != 502:
            following.close()

    async with open_nursery() as nursery:
        for place in range(503):
            nursery.start_soon(node, place)
        await chans[0][0].send(503)
        await receive_done.receive()
        start = perf_counter()
        await chans[0][0].send(n)
        await receive_done.receive()
        took = perf_counter() - start
        chans[0][0].close()
    return took


async def total(receive: Any) -> int:
    total = 0
    async for v in receive:
        total += v
    return total


async def worker_pool(n: int) -> None:
    send_job, receive_job = open_memory_channel(n)
    send_result, receive_result = open_memory_channel(n)

    async def worker() -> None:
        async for job in receive_job:
            await send_result.send(job * 2)

    async with open_nursery() as workers:
        for _ in range(3):
            workers.start_soon(worker)
        for i in range(n):
            await send_job.send(i)
        send_job.close()
    send_result.close()
    check("sum", await total(receive_result), n * (n - 1))


async def fan_out_fan_in(n: int) -> None:
    send_number, receive_number = open_memory_channel(0)
    send_merged, receive_merged = open_memory_channel(0)

    async def source() -> None:
        for i in range(n):
            await send_number.send(i)
        send_number.close()

    async def square(out: Any) -> None:
        async for v in receive_number:
            await out.send(v * v)
        out.close()

    async def forward(squares: Any) -> None:
        async for v in squares:
            await send_merged.send(v)

    async def finish() -> None:
        async with open_nursery() as workers:
            workers.start_soon(source)
            for _ in range(10):
                send, receive = open_memory_channel(0)
                workers.start_soon(square, send)
                workers.start_soon(forward, receive)
        send_merged.close()

    async with open_nursery() as nursery:
        nursery.start_soon(finish)
        check("sum", await total(receive_merged), sum_of_squares(n))


async def pipeline(n: int) -> None:
    send_number, receive_number = open_memory_channel(0)
    send_square, receive_square = open_memory_channel(0)

    async def source() -> None:
        for i in range(n):
            await send_number.send(i)
        send_number.close()

    async def square() -> None:
        async for v in receive_number:
            await send_square.send(v * v)
        send_square.close()

    async with open_nursery() as nursery:
        nursery.start_soon(source)
        nursery.start_soon(square)
        check("sum", await total(receive_square), sum_of_squares(n))
