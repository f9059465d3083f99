"""The semaphore under sync's locks, of the engine in Python."""

import pytest

from gochan import Chan, Deadlock, go, run
from gochan._engine.impl import COMPILED, getg
from gochan._engine.py.sema import Sema
from gochan.runtime import gosched

pytestmark = pytest.mark.skipif(COMPILED, reason="the locks in C are tested in tests/sync")


def acquire(sema: Sema, lifo: bool = False) -> None:
    sema.acquire(getg(), "sync.Mutex.Lock", lifo)


def test_what_is_there_is_taken_without_a_wait() -> None:
    sema = Sema(2)
    acquire(sema)
    acquire(sema)
    sema.release()
    acquire(sema)
    with pytest.raises(Deadlock, match=r"\[sync.Mutex.Lock\]"):
        acquire(sema)
    # No goroutine waits any more, so the next one is for the first to come.
    sema.release()
    acquire(sema)


@pytest.mark.parametrize("lifo", [False, True])
def test_the_order_of_the_waiters(lifo: bool) -> None:
    order: list[int] = []

    def main() -> None:
        sema = Sema()

        def worker(i: int) -> None:
            acquire(sema, lifo)
            order.append(i)

        for i in range(4):
            go(worker, i)
            gosched()
        for _ in range(4):
            sema.release()
            gosched()

    run(main)
    assert order == ([3, 2, 1, 0] if lifo else [0, 1, 2, 3])


def test_one_that_was_woken_may_find_it_taken_and_waits_again() -> None:
    log: list[str] = []

    def main() -> None:
        sema = Sema()

        @go
        def _() -> None:
            acquire(sema)
            log.append("worker")

        gosched()
        sema.release()  # makes it ready, and gives it nothing
        acquire(sema)
        log.append("main")
        gosched()
        sema.release()
        gosched()

    run(main)
    assert log == ["main", "worker"]


def test_a_handoff_runs_the_waiter_at_once() -> None:
    log: list[str] = []

    def main() -> None:
        sema = Sema()

        def worker() -> None:
            acquire(sema)
            log.append("worker")

        go(worker)
        gosched()
        go(log.append, "in line")
        sema.release(handoff=True)
        log.append("main")

    run(main)
    assert log == ["worker", "in line", "main"]


@pytest.mark.gochan
def test_a_handoff_without_a_waiter_is_a_release() -> None:
    sema = Sema()
    sema.release(handoff=True)
    acquire(sema)


def test_a_release_while_the_program_ends() -> None:
    """A `finally` block of an unwinding goroutine gives back what it holds, without waiting."""
    log: list[str] = []

    def main() -> None:
        sema = Sema()

        @go
        def _() -> None:
            try:
                Chan[int]().recv()
            finally:
                sema.release(handoff=True)
                log.append("released")

        go(acquire, sema)
        gosched()

    run(main)
    assert log == ["released"]


@pytest.mark.gochan
def test_a_wait_that_ends_by_an_exception_loses_nothing() -> None:
    """What the waiter was woken with, or could have taken, is its own when the exception goes on."""
    sema = Sema()
    gp = getg()
    with pytest.raises(Deadlock):
        sema.acquire(gp, "sync.Mutex.Lock")
    assert not gp._success
    sema.release()
    acquire(sema)
    go(sema.release)
    acquire(sema)
