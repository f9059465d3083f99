"""Runs in lockstep find goroutines that give way to each other forever."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gochan import Chan, default, explore, recv, runtime, select, sync

# More decisions are a livelock.
STEPS = 2_000


def philosophers(take: list[tuple[int, int]]) -> None:
    """Each puts his first fork back if the second is taken."""
    forks = [sync.Mutex() for _ in take]
    wg = sync.WaitGroup()

    def dine(first: sync.Mutex, second: sync.Mutex) -> None:
        while True:
            first.lock()
            if second.try_lock():
                break
            first.unlock()
            runtime.gosched()
        second.unlock()
        first.unlock()

    for a, b in take:
        wg.go(dine, forks[a], forks[b])
    wg.wait()


def workers(tokens: int) -> None:
    """Each of two takes two tokens, or puts back the one that it has got."""
    pool = Chan[int](tokens)
    for i in range(tokens):
        pool.send(i)
    wg = sync.WaitGroup()

    def work() -> None:
        while True:
            mine = pool.recv()
            i, other, _ = select(recv(pool), default)
            if i == 0:
                break
            pool.send(mine)
            runtime.gosched()
        pool.send(mine)
        pool.send(other)

    wg.go(work)
    wg.go(work)
    wg.wait()


def two_philosophers() -> None:
    philosophers([(0, 1), (1, 0)])


def three_philosophers() -> None:
    philosophers([(0, 1), (1, 2), (2, 0)])


def two_philosophers_mended() -> None:
    philosophers([(0, 1), (0, 1)])


def two_workers() -> None:
    workers(2)


def two_workers_mended() -> None:
    workers(3)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("program", [two_philosophers, three_philosophers, two_workers])
def test_they_are_found(program: Callable[[], None], seed: int) -> None:
    with pytest.raises(explore.Found) as found:
        explore.check(program, seed=seed, max_steps=STEPS)
    assert found.value.kind == "livelock"
    with pytest.raises(explore.Found) as again:
        explore.replay(program, found.value.token, max_steps=STEPS)
    assert again.value.kind == "livelock"


@pytest.mark.parametrize("program", [two_philosophers_mended, two_workers_mended])
def test_their_mended_twins_are_not_blamed(program: Callable[[], None]) -> None:
    assert explore.check(program, max_steps=STEPS).schedules > 1
