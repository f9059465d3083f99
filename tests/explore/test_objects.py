"""Maps, pools, semaphores and singleflight groups: what their methods order, and where others may come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gochan import context, explore, semaphore, singleflight, sync

_CTX = context.background()


def _store_and_load(values: sync.Map[str, bool]) -> tuple[Callable[[], object], Callable[[], bool]]:
    return lambda: values.store("key", True), lambda: values.load("key")[1]


def _swap_twice(values: sync.Map[str, bool]) -> tuple[Callable[[], object], Callable[[], bool]]:
    return lambda: values.load_or_store("key", True), lambda: values.load_or_store("key", True)[1]


def _put_and_get(pool: sync.Pool[list[int]]) -> tuple[Callable[[], object], Callable[[], bool]]:
    return lambda: pool.put([]), lambda: pool.get() is not None


def _release_and_acquire(tokens: semaphore.Weighted) -> tuple[Callable[[], object], Callable[[], bool]]:
    tokens.acquire(_CTX, 1)

    def acquire() -> bool:
        tokens.acquire(_CTX, 1)
        return True

    return lambda: tokens.release(1), acquire


def _release_and_try(tokens: semaphore.Weighted) -> tuple[Callable[[], object], Callable[[], bool]]:
    tokens.acquire(_CTX, 1)
    return lambda: tokens.release(1), lambda: tokens.try_acquire(1)


def _one() -> semaphore.Weighted:
    return semaphore.Weighted(1)


@pytest.mark.parametrize(
    ("make", "use"),
    [
        (sync.Map, _store_and_load),
        (sync.Map, _swap_twice),
        (sync.Pool, _put_and_get),
        (_one, _release_and_acquire),
        (_one, _release_and_try),
    ],
)
class TestOrder:
    """One goroutine writes, and gives a sign by an object; another gets the sign, and reads."""

    def test_by_one_object(self, make: Callable[[], Any], use: Callable[[Any], Any]) -> None:
        self.found: set[str] = set()

        def main() -> None:
            data: list[int] = []
            give, get = use(make())
            wg = sync.WaitGroup()

            @wg.go
            def _() -> None:
                data.append(1)
                give()

            if get():
                self.found.add(str(data))
            wg.wait()

        assert explore.check(main, strategy="exhaustive").exhausted
        assert self.found == {"[1]"}

    def test_by_two_objects(self, make: Callable[[], Any], use: Callable[[Any], Any]) -> None:
        """The first schedule has them in this order, but nothing that the program does makes it so."""

        def main() -> None:
            data: list[int] = []
            give = use(make())[0]
            other, get = use(make())
            other()
            wg = sync.WaitGroup()

            @wg.go
            def _() -> None:
                get()
                data.append(1)

            data.append(2)
            give()
            wg.wait()

        with pytest.raises(explore.Found) as found:
            explore.check(main, strategy="exhaustive")
        assert (found.value.kind, found.value.runs) == ("race", 1)


def test_a_range_goes_on_after_others() -> None:
    """The whole range was one step, if its function did no operation."""
    results: set[tuple[int, ...]] = set()

    def main() -> None:
        values = sync.Map[str, int]()
        values.store("a", 0)
        values.store("b", 0)
        found: list[int] = []
        wg = sync.WaitGroup()

        @wg.go
        def _() -> None:
            values.store("a", 1)
            values.store("b", 1)

        values.range(lambda _, value: found.append(value))
        results.add(tuple(found))
        wg.wait()

    assert explore.check(main, strategy="exhaustive").exhausted
    assert results == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_others_come_before_a_singleflight_calls_its_function() -> None:
    """The call was over when the second caller came, if its function did no operation."""
    results: set[tuple[bool, ...]] = set()

    def main() -> None:
        group = singleflight.Group()
        shared = [False, False]
        wg = sync.WaitGroup()

        def ask(i: int) -> None:
            _, shared[i] = group.do("key", object)

        wg.go(ask, 0)
        wg.go(ask, 1)
        wg.wait()
        results.add(tuple(shared))

    assert explore.check(main, strategy="exhaustive").exhausted
    assert results == {(False, False), (True, True)}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: sync.Map[str, int]().range("no function"), "not callable"),  # type: ignore[arg-type]
        (lambda: singleflight.Group().do("key", "no function"), "not callable"),  # type: ignore[arg-type]
        (lambda: semaphore.Weighted(1).acquire("no context", 1), "not a context"),  # type: ignore[arg-type]
        (lambda: semaphore.Weighted(1).acquire(), "missing"),  # type: ignore[call-arg]
    ],
)
def test_what_they_refuse(call: Callable[[], object], says: str) -> None:
    with pytest.raises(explore.Found, match=says) as found:
        explore.check(call)
    assert found.value.kind == "panic"
