"""One file a library. Each has, for what the library offers, one function a row, named after it.

Besides these a file says:
- `NOTES`, where its way of doing a row differs from gochan's, and how;
- `ABSENT`, which rows it leaves out, and why;
- `setup(variant)`, called once, before all else: it returns the library's version;
- `execute(workload, n, seconds)`: run it again and again, within the library's own main, until the seconds
  are over, and tell how long each time took.

A workload takes the number of operations. It leaves nothing running or waiting behind, and it checks that the
work was done. It returns nothing, or the seconds that count where that is not all of its time.
"""

from collections.abc import Awaitable, Callable
from time import perf_counter

Workload = Callable[[int], float | None]
AsyncWorkload = Callable[[int], Awaitable[float | None]]

# The rows whose channels hold nothing in Go.
UNBUFFERED = ["ping_pong", "stream", "producers_consumers", "sieve", "ring", "fan_out_fan_in", "pipeline"]


def repeat(workload: Workload, n: int, seconds: float) -> list[float]:
    """Run the workload until the seconds are over, at least once; return the seconds that each took."""
    times: list[float] = []
    end = perf_counter() + seconds
    while not times or perf_counter() < end:
        start = perf_counter()
        counted = workload(n)
        took = perf_counter() - start
        times.append(took if counted is None else counted)
    return times


async def repeat_async(workload: AsyncWorkload, n: int, seconds: float) -> list[float]:
    """What `repeat` does, for a coroutine function."""
    times: list[float] = []
    end = perf_counter() + seconds
    while not times or perf_counter() < end:
        start = perf_counter()
        counted = await workload(n)
        took = perf_counter() - start
        times.append(took if counted is None else counted)
    return times


def check(what: str, found: object, wanted: object) -> None:
    """Fail unless a workload came to what it had to: a wrong answer has no speed."""
    if found != wanted:
        raise AssertionError(f"{what}: {found!r}, where {wanted!r} was to come out")


def sieve_limit(primes: int) -> int:
    """The last of the first so many primes, up to which a sieve has to go."""
    found: list[int] = []
    n = 2
    while len(found) < primes:
        if all(n % prime for prime in found if prime * prime <= n):
            found.append(n)
        n += 1
    return found[-1]


def sum_of_squares(n: int) -> int:
    """0 + 1 + 4 + ... + (n - 1)²: what the pipelines have to come to."""
    return (n - 1) * n * (2 * n - 1) // 6
