"""`python -m benchmarks.beside_asyncio`: what goroutines on asyncio cost, compared with asyncio alone.

Measures the processor time of awaiting a coroutine that doesn't wait, ten thousand sleeps at once, and the
requests per second of examples/web.py and of the same service on asyncio alone. The measurements take turns
in one run, and the best turn of each counts. The client needs a core of its own.
"""

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from time import perf_counter, process_time

from gochan import aio, run, runtime, sync

# How many goroutines, or tasks, await at the same time.
AT_ONCE = 50
# How many times each turn measures the awaits, which are short.
ROUNDS = 12
SERVICES = {
    "gochan": ["examples/web.py", "--host", "127.0.0.1", "--port", "0"],
    "asyncio": ["-m", "benchmarks.web_on_asyncio", "0"],
}


async def ready() -> int:
    return 1


def awaits_in_a_goroutine(n: int) -> float:
    def main() -> float:
        aio.await_(ready())
        start = process_time()
        for _ in range(n):
            aio.await_(ready())
        return (process_time() - start) / n

    return run(main)


def awaits_in_goroutines(n: int) -> float:
    def main() -> float:
        aio.await_(ready())
        wg = sync.WaitGroup()

        def some() -> None:
            for _ in range(n // AT_ONCE):
                aio.await_(ready())

        start = process_time()
        for _ in range(AT_ONCE):
            wg.go(some)
        wg.wait()
        return (process_time() - start) / n

    return run(main)


def awaits_of_tasks(n: int) -> float:
    async def main() -> float:
        start = process_time()
        for _ in range(n):
            await asyncio.create_task(ready())
        return (process_time() - start) / n

    return asyncio.run(main())


def awaits_of_tasks_in_tasks(n: int) -> float:
    async def some() -> None:
        for _ in range(n // AT_ONCE):
            await asyncio.create_task(ready())

    async def main() -> float:
        start = process_time()
        await asyncio.gather(*(some() for _ in range(AT_ONCE)))
        return (process_time() - start) / n

    return asyncio.run(main())


def awaits(n: int) -> float:
    async def main() -> float:
        start = process_time()
        for _ in range(n):
            await ready()
        return (process_time() - start) / n

    return asyncio.run(main())


def sleeps_in_goroutines(n: int) -> float:
    def main() -> float:
        wg = sync.WaitGroup()
        start = perf_counter()
        for _ in range(n):
            wg.go(lambda: aio.await_(asyncio.sleep(1)))
        wg.wait()
        return perf_counter() - start

    return run(main)


def sleeps(n: int) -> float:
    async def main() -> float:
        start = perf_counter()
        await asyncio.gather(*(asyncio.sleep(1) for _ in range(n)))
        return perf_counter() - start

    return asyncio.run(main())


# --- requests ----------------------------------------------------------------------------------------------


@contextmanager
def service(name: str) -> Iterator[int]:
    """Start a service, and yield its port."""
    with subprocess.Popen([sys.executable, *SERVICES[name]], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline().rpartition(":")[2])
        finally:
            process.terminate()


async def requests(port: int, path: str, connections: int, seconds: float) -> float:
    """Send requests on all connections for some seconds; return the number of answers per second."""
    request = f"GET {path} HTTP/1.1\r\nHost: here\r\n\r\n".encode()
    answers = 0
    end = perf_counter() + seconds

    async def one() -> None:
        nonlocal answers
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while perf_counter() < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = head.partition(b"Content-Length: ")[2].partition(b"\r")[0]
            await reader.readexactly(int(length))
            answers += 1
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return answers / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="What goroutines cost beside asyncio alone.")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="for each turn of each service")
    options = parser.parse_args()
    engine = "C" if runtime.COMPILED else "Python"
    print(f"Python {sys.version.split()[0]}, gochan's engine in {engine}, the best of {options.turns} turns")

    awaited: dict[str, Callable[[], float]] = {
        "aio.await_ of a ready coroutine": lambda: awaits_in_a_goroutine(2000),
        f"the same, {AT_ONCE} goroutines at once": lambda: awaits_in_goroutines(10_000),
        "await of a task of it, in asyncio": lambda: awaits_of_tasks(2000),
        f"the same, {AT_ONCE} tasks at once": lambda: awaits_of_tasks_in_tasks(10_000),
        "await of it, in asyncio": lambda: awaits(20_000),
    }
    slept: dict[str, Callable[[], float]] = {
        "10,000 goroutines that await_ asyncio.sleep(1)": lambda: sleeps_in_goroutines(10_000),
        "10,000 asyncio.sleep(1), gathered": lambda: sleeps(10_000),
    }
    best: dict[str, float] = {}
    for _ in range(options.turns):
        for measures, rounds in (awaited, ROUNDS), (slept, 1):
            for name, measure in [*measures.items()] * rounds:
                best[name] = min(best.get(name, inf), measure())
    for name, seconds in best.items():
        shown = f"{seconds:.2f} s" if seconds > 0.1 else f"{seconds * 1e6:.2f} us"
        print(f"{name:<50} {shown:>12}")

    with service("gochan") as on_gochan, service("asyncio") as on_asyncio:
        ports = {"gochan": on_gochan, "asyncio": on_asyncio}
        rates = dict.fromkeys(ports, 0.0)
        for _ in range(options.turns):
            for name, port in ports.items():
                rate = asyncio.run(requests(port, "/search?q=go", 200, options.seconds))
                rates[name] = max(rates[name], rate)
    for name, rate in rates.items():
        print(f"{f'requests a second of the service on {name}':<50} {rate:10.0f}")
    print(f"{'the first as a part of the second':<50} {rates['gochan'] / rates['asyncio']:10.2f}")


if __name__ == "__main__":
    main()
