"""The exhaustive search runs each schedule once: programs whose number of schedules is known."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Literal

import pytest

from gochan import (
    Chan,
    close,
    context,
    default,
    explore,
    go,
    recv,
    runtime,
    select,
    semaphore,
    send,
    sync,
    time,
)
from gochan.explore.program import File
from gochan.explore.search import search
from gochan.explore.strategies import Exhaustive
from gochan.sync import atomic


def writers(n: int) -> Callable[[], None]:
    """n goroutines take one lock: n! orders."""

    def main() -> None:
        mu = sync.Mutex()
        wg = sync.WaitGroup()

        def write() -> None:
            with mu:
                pass

        for _ in range(n):
            wg.go(write)
        wg.wait()

    return main


def pairs(n: int) -> Callable[[], None]:
    """n pairs take a lock each: 2 ** n orders, since the pairs have nothing to do with each other."""

    def main() -> None:
        wg = sync.WaitGroup()

        def write(mu: sync.Mutex) -> None:
            with mu:
                pass

        for _ in range(n):
            mu = sync.Mutex()
            wg.go(write, mu)
            wg.go(write, mu)
        wg.wait()

    return main


def values_of_a_context(n: int) -> Callable[[], None]:
    """n goroutines ask a context, which does not change, and take one lock: n! orders."""

    def main() -> None:
        mu = sync.Mutex()
        wg = sync.WaitGroup()
        ctx = context.with_value(context.background(), "key", 1)

        def write() -> None:
            with mu:
                pass
            assert ctx.value("key") == 1

        for _ in range(n):
            wg.go(write)
        wg.wait()

    return main


def loads(n: int) -> Callable[[], None]:
    """n goroutines load one value: one order, since loads don't disturb each other."""

    def main() -> None:
        value = atomic.Int64()
        wg = sync.WaitGroup()
        for _ in range(n):
            wg.go(value.load)
        wg.wait()

    return main


def send_and_receive(n: int) -> Callable[[], None]:
    """n goroutines send to a channel of their own: 2 ** n orders: main may wait before each or after."""

    def main() -> None:
        done = [Chan[None](1) for _ in range(n)]
        for ch in done:
            go(ch.send, None)
        for ch in done:
            ch.recv()

    return main


def adds(n: int) -> Callable[[], None]:
    """n goroutines add once to a value of their own: one order."""

    def main() -> None:
        wg = sync.WaitGroup()
        values = [atomic.Int64() for _ in range(n)]

        def add(i: int) -> None:
            values[i].add(1)

        for i in range(n):
            wg.go(add, i)
        wg.wait()

    return main


def _store_in(values: sync.Map[str, int]) -> None:
    values.store("key", 1)


def _load_from(values: sync.Map[str, int]) -> None:
    values.load("key")


def _get_and_put(pool: sync.Pool[list[int]]) -> None:
    pool.put(pool.get())


def _acquire_and_release(tokens: semaphore.Weighted) -> None:
    tokens.acquire(context.background(), 1)
    tokens.release(1)


def users(n: int, objects: int, make: Callable[[], Any], use: Callable[[Any], None]) -> Callable[[], None]:
    """n goroutines use each of some objects, which have nothing to do with each other."""

    def main() -> None:
        wg = sync.WaitGroup()
        for _ in range(objects):
            o = make()
            for _ in range(n):
                wg.go(use, o)
        wg.wait()

    return main


def stores(a: int, b: int) -> Callable[[], None]:
    """One goroutine stores a times, one b times: (a+b)! / (a! b!) orders."""

    def main() -> None:
        value = atomic.Int64()
        wg = sync.WaitGroup()

        def store(times: int) -> None:
            for i in range(times):
                value.store(i)

        wg.go(store, a)
        wg.go(store, b)
        wg.wait()

    return main


@pytest.mark.parametrize(
    ("program", "schedules"),
    [
        (writers(1), 1),
        (writers(2), 2),
        (writers(3), 6),
        (writers(4), 24),
        (pairs(1), 2),
        (pairs(2), 4),
        (pairs(3), 8),
        (adds(4), 1),
        (values_of_a_context(3), 6),
        (loads(3), 1),
        (send_and_receive(3), 8),
        (users(3, 1, sync.Map, _store_in), 6),
        (users(2, 3, sync.Map, _store_in), 8),
        (users(3, 2, sync.Map, _load_from), 1),
        (users(2, 2, partial(sync.Pool, list), _get_and_put), 36),
        # Both get a token; or the second waits for the first.
        (users(2, 2, partial(semaphore.Weighted, 2), _acquire_and_release), 36),
        (users(2, 2, partial(semaphore.Weighted, 1), _acquire_and_release), 16),
        (stores(1, 1), 2),
        (stores(2, 2), 6),
        (stores(3, 2), 10),
        (stores(3, 3), 20),
    ],
)
def test_the_number_of_schedules(program: Callable[[], None], schedules: int) -> None:
    result = explore.check(program, runs=5000, strategy="exhaustive")
    assert (result.schedules, result.runs, result.exhausted) == (schedules, schedules, True)


def test_each_result_is_reached() -> None:
    """Whether one loads before or after the add says nothing about when the other does."""
    results: set[tuple[int, ...]] = set()

    def main() -> None:
        value = atomic.Int64()
        wg, other = sync.WaitGroup(), sync.WaitGroup()
        other.add(2)
        loaded: list[list[int]] = [[], []]

        def add() -> None:
            value.add(1)
            other.done()

        def load(mine: list[int]) -> None:
            mine += [value.load(), value.load()]

        def done_and_load() -> None:
            other.done()
            load(loaded[1])

        wg.go(add)
        wg.go(load, loaded[0])
        wg.go(done_and_load)
        wg.wait()
        results.add((*loaded[0], *loaded[1]))

    assert explore.check(main, runs=1000, strategy="exhaustive").exhausted
    pairs = ((0, 0), (0, 1), (1, 1))
    assert results == {(*a, *b) for a in pairs for b in pairs}


def test_one_that_yields_may_come_before_the_rest_of_what_others_do() -> None:
    """It was taken for one that cannot: the search said that it had seen every schedule."""
    results: set[str] = set()

    def main() -> None:
        started, step, slot = sync.WaitGroup(), Chan[None](1), Chan[None](1)
        order = Chan[str](2)
        started.add(1)

        def take(name: str) -> None:
            slot.send(None)
            order.send(name)
            slot.recv()

        @go
        def _() -> None:
            started.done()
            # After this, main goes on if it has yielded before.
            step.send(None)
            take("one")

        started.wait()
        runtime.gosched()
        go(take, "two")
        results.add(order.recv())
        order.recv()

    assert explore.check(main, runs=1000, strategy="exhaustive").exhausted
    assert results == {"one", "two"}


@pytest.mark.parametrize(
    "kinds",
    [
        ("load", "add", "yield", "lock", "try", "take"),
        ("add", "store", "range", "swap", "token", "try token", "give up", "cancel"),
    ],
    ids=["channels", "objects"],
)
@pytest.mark.parametrize("seed", range(8))
def test_no_result_is_missed(seed: int, kinds: tuple[str, ...]) -> None:
    """The exhaustive search sees whatever the random ones see."""
    random = Random(seed)
    plan = [[random.choice(kinds) for _ in range(3)] for _ in range(2)]

    def results(runs: int, strategy: Literal["exhaustive", "pos", "random"]) -> set[str]:
        found: set[str] = set()

        def main() -> None:
            value, mu, slot = atomic.Int64(), sync.Mutex(), Chan[int](1)
            values, tokens = sync.Map[str, object](), semaphore.Weighted(1)
            ctx, cancel = context.with_cancel(context.background())
            seen: list[list[object]] = [[], []]

            def work(i: int) -> None:
                for kind in plan[i]:
                    match kind:
                        case "load":
                            seen[i].append(value.load())
                        case "add":
                            value.add(i + 1)
                        case "yield":
                            runtime.gosched()
                        case "lock":
                            with mu:
                                value.add(10)
                        case "try":
                            seen[i].append(select(send(slot, i), default))
                        case "take":
                            seen[i].append(select(recv(slot), default))
                        case "store":
                            values.store(f"{i}", value.load())
                        case "range":
                            values.range(lambda *entry: seen[i].append(entry))
                        case "swap":
                            seen[i].append(values.swap("0", i))
                        case "token":
                            tokens.acquire(context.background(), 1)
                            seen[i].append(value.add(100))
                            tokens.release(1)
                        case "try token":
                            if tokens.try_acquire(1):
                                value.add(1000)
                                tokens.release(1)
                        case "give up":
                            try:
                                tokens.acquire(ctx, 1)
                            except context.Canceled:
                                seen[i].append("canceled")
                            else:
                                tokens.release(1)
                        case "cancel":
                            cancel()

            wg = sync.WaitGroup()
            for i in range(len(plan)):
                wg.go(work, i)
            wg.wait()
            found.add(repr(seen))

        result = explore.check(main, runs=runs, strategy=strategy)
        assert result.exhausted or strategy != "exhaustive"
        return found

    assert results(200, "pos") | results(200, "random") <= results(3000, "exhaustive")


def test_a_long_program_is_not_called_exhausted() -> None:
    def main() -> None:
        value = atomic.Int64()
        wg = sync.WaitGroup()

        def store() -> None:
            for i in range(1000):
                value.store(i)

        wg.go(store)
        wg.go(store)
        wg.wait()

    result = explore.check(main, runs=5)
    assert (result.runs, result.exhausted) == (5, False)


class Events(list[Any]):
    """Counts how often one is looked at."""

    looks = 0

    def __getitem__(self, i: Any) -> Any:
        self.looks += 1
        return super().__getitem__(i)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("value.add(1)", "value.add(2)"),
        ("value.add(1)", "value.load()"),
        ("mu.lock(); mu.unlock()", "mu.lock(); mu.unlock()"),
        ("mu.lock(); items[i % 10] = i; mu.unlock()", "mu.lock(); items.copy(); mu.unlock()"),
    ],
)
def test_an_operation_is_compared_with_few_others(one: str, other: str, tmp_path: Path) -> None:
    """The time of a run is linear in the number of its operations."""

    def looks(n: int) -> int:
        path = tmp_path / f"program_{n}.py"
        path.write_text(
            "from gochan import run, sync\n"
            "from gochan.sync import atomic\n\n"
            "def main():\n"
            "    value, mu, items, wg = atomic.Int64(), sync.Mutex(), [0] * 10, sync.WaitGroup()\n\n"
            "    def one():\n"
            f"        for i in range({n}):\n"
            f"            {one}\n\n"
            "    def other():\n"
            f"        for i in range({n}):\n"
            f"            {other}\n\n"
            "    wg.go(one)\n"
            "    wg.go(other)\n"
            "    wg.wait()\n\n"
            "run(main)\n"
        )
        strategy = Exhaustive()
        events = strategy.events = Events()
        search(File(str(path)), strategy, 1)
        return events.looks

    # Fewer steps than a time slice has.
    assert looks(24) < 1.2 * 4 * looks(6)


def test_what_does_not_end_is_not_called_exhausted() -> None:
    result = explore.check(writers(5), runs=10, strategy="exhaustive")
    assert (result.runs, result.exhausted) == (10, False)


def test_a_select_in_a_loop_takes_each_of_its_cases() -> None:
    """A feeder stops when its select takes `quit`, though the case before that is ready, too."""

    def main() -> None:
        jobs, quit = Chan[int](), Chan[None]()
        wg = sync.WaitGroup()

        def feed() -> None:
            while select(send(jobs, 1), recv(quit))[0] == 0:
                pass
            close(jobs)

        def work() -> None:
            for _ in jobs:
                pass

        wg.go(feed)
        wg.go(work)
        close(quit)
        wg.wait()

    assert explore.check(main, runs=20, strategy="exhaustive", max_steps=20_000).runs == 20


def test_time_passes_though_others_could_always_go_on() -> None:
    def main() -> None:
        stop = Chan[None]()
        polls = atomic.Int64()
        wg = sync.WaitGroup()

        def poll() -> None:
            while select(recv(stop), default)[0] != 0:
                polls.add(1)

        wg.go(poll)
        wg.go(poll)
        time.sleep(1)
        close(stop)
        wg.wait()

    assert explore.check(main, runs=5, strategy="exhaustive", max_steps=20_000).runs == 5
