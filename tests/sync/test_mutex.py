"""sync.Mutex.

Where a test follows one of Go's, its docstring names it (sync/mutex_test.go).  The orders are those that Go
shows at GOMAXPROCS=1.
"""

import copy
import pickle
from collections.abc import Callable

import pytest
from goroutines import let_others_run
from waits import (
    interrupt_while_asleep,
    let_hub_return,
    starve,
    throw_into,
    throw_into_at_next_switch,
    waiter,
)

from gochan import (
    Chan,
    Deadlock,
    Panic,
    close,
    context,
    default,
    go,
    recv,
    run,
    runtime,
    select,
    sync,
    synctest,
    time,
)
from gochan._engine.impl import sched
from gochan.semaphore import Weighted
from gochan.sync import Locker, Mutex, RWMutex, WaitGroup

# --- the semaphore -----------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_semaphore() -> None:
    """Go's TestSemaphore, on the semaphore that is public here."""
    sema = Weighted(1)
    inside = 0
    done = Chan[bool]()

    def hammer() -> None:
        nonlocal inside
        for i in range(100):
            sema.acquire(context.background(), 1)
            inside += 1
            assert inside == 1
            if i % 3:
                runtime.gosched()
            inside -= 1
            sema.release(1)
        done.send(True)

    for _ in range(10):
        go(hammer)
    for _ in range(10):
        done.recv()


# --- lock, unlock, try_lock --------------------------------------------------------------------------------


@pytest.mark.gochan
def test_mutex() -> None:
    """Go's TestMutex."""
    mu = Mutex()
    mu.lock()
    assert not mu.try_lock()
    mu.unlock()
    assert mu.try_lock()
    mu.unlock()

    inside = 0
    done = Chan[int]()

    def hammer(seed: int) -> None:
        nonlocal inside
        entered = 0
        for i in range(300):
            if i % 3 == 0:
                if not mu.try_lock():
                    continue
            else:
                mu.lock()
            inside += 1
            entered += 1
            assert inside == 1
            if (i + seed) % 5 == 0:
                runtime.gosched()
            inside -= 1
            mu.unlock()
        done.send(entered)

    for seed in range(10):
        go(hammer, seed)
    entered = [done.recv() for _ in range(10)]
    # All 200 that wait come in, and some of the 100 that only try.
    assert min(entered) >= 200
    assert sum(entered) > 2000
    assert mu.try_lock()


MISUSES: dict[str, Callable[[], object]] = {
    "Mutex.Unlock": lambda: Mutex().unlock(),
    "Mutex.Unlock2": lambda: (mu := Mutex(), mu.lock(), mu.unlock(), mu.unlock()),
    "RWMutex.Unlock": lambda: RWMutex().unlock(),
    "RWMutex.Unlock2": lambda: (rw := RWMutex(), rw.rlock(), rw.unlock()),
    "RWMutex.Unlock3": lambda: (rw := RWMutex(), rw.lock(), rw.unlock(), rw.unlock()),
    "RWMutex.RUnlock": lambda: RWMutex().runlock(),
    "RWMutex.RUnlock2": lambda: (rw := RWMutex(), rw.lock(), rw.runlock()),
    "RWMutex.RUnlock3": lambda: (rw := RWMutex(), rw.rlock(), rw.runlock(), rw.runlock()),
}


@pytest.mark.parametrize("name", MISUSES)
def test_misuse(name: str) -> None:
    """Go's TestMutexMisuse.  Its programs cannot recover from these; here they are Panics."""
    text = "unlock of unlocked mutex"
    if name.startswith("RW"):
        text = name.removeprefix("RWMutex.").rstrip("23") + " of unlocked RWMutex"
    with pytest.raises(Panic, match=rf"^sync: {text}$"):
        run(MISUSES[name])


@pytest.mark.gochan
def test_a_mutex_can_be_used_after_a_misuse() -> None:
    mu = Mutex()
    with pytest.raises(Panic):
        mu.unlock()
    mu.lock()
    assert not mu.try_lock()
    mu.unlock()


@pytest.mark.gochan
def test_any_goroutine_may_unlock() -> None:
    mu = Mutex()
    mu.lock()
    go(mu.unlock)
    mu.lock()
    assert not mu.try_lock()


@pytest.mark.gochan
def test_with() -> None:
    mu = Mutex()
    with mu as nothing:  # type: ignore[func-returns-value]
        assert nothing is None
        assert not mu.try_lock()
    with pytest.raises(ZeroDivisionError), mu:
        raise ZeroDivisionError
    assert mu.try_lock()


def test_a_second_lock_is_a_deadlock() -> None:
    mu = Mutex()

    def main() -> None:
        with mu:
            mu.lock()

    with pytest.raises(Deadlock) as caught:
        run(main)
    assert "goroutine 1 [sync.Mutex.Lock]:" in str(caught.value)
    run(mu.lock)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_lock_is_not_copied(copied: Callable[[object], object]) -> None:
    for lock in (Mutex(), RWMutex()):
        with pytest.raises(TypeError, match=r"^(RW)?Mutex cannot be pickled or copied: it lives"):
            copied(lock)


def test_locker() -> None:
    for lock in (Mutex(), RWMutex(), RWMutex().rlocker()):
        assert isinstance(lock, Locker)
    assert not isinstance(WaitGroup(), Locker)


@pytest.mark.gochan
def test_a_loop_that_tries_lets_others_run() -> None:
    mu = Mutex()
    mu.lock()
    go(mu.unlock)
    while not mu.try_lock():
        pass


# --- which goroutine gets the lock -------------------------------------------------------------------------


@pytest.mark.gochan
def test_waiters_lock_in_gos_order() -> None:
    mu, wg = Mutex(), WaitGroup()
    order: list[int] = []

    def worker(i: int) -> None:
        with mu:
            order.append(i)

    mu.lock()
    for i in range(5):
        wg.go(worker, i)
    let_others_run()
    mu.unlock()
    wg.wait()
    assert order == [4, 0, 1, 2, 3]


@pytest.mark.gochan
def test_a_running_goroutine_may_take_the_lock_first() -> None:
    mu = Mutex()
    order: list[str] = []

    @go
    def _() -> None:
        with mu:
            order.append("waiter")

    mu.lock()
    let_others_run()
    for _ in range(3):
        # The waiter has been woken; it does not run yet.
        mu.unlock()
        mu.lock()
    runtime.gosched()
    order.append("main")
    mu.unlock()
    let_others_run()
    assert order == ["main", "waiter"]


@pytest.mark.gochan
def test_a_waiter_that_has_lost_stays_first_in_line() -> None:
    mu, wg = Mutex(), WaitGroup()
    order: list[str] = []

    def worker(name: str) -> None:
        with mu:
            order.append(name)

    mu.lock()
    wg.go(worker, "first")
    let_others_run()
    wg.go(worker, "second")
    let_others_run()
    mu.unlock()
    mu.lock()
    let_others_run()
    mu.unlock()
    wg.wait()
    assert order == ["first", "second"]


@pytest.mark.gochan
def test_a_waiter_that_starves_is_handed_the_lock() -> None:
    mu, wg = Mutex(), WaitGroup()
    order: list[str] = []

    def worker(name: str) -> None:
        mu.lock()
        order.append(name)
        mu.unlock()

    def lose() -> None:
        """Have the one that waits lose against main, after a long time."""
        let_others_run()
        starve()
        mu.unlock()
        mu.lock()
        let_others_run()

    mu.lock()
    wg.go(worker, "old")
    lose()
    wg.go(worker, "new")
    let_others_run()
    order.append("main")
    mu.unlock()
    # Before unlock returned the old one ran, and handed the lock on.
    order.append("main goes on")
    wg.wait()
    assert order == ["main", "old", "new", "main goes on"]

    # No goroutine starves any more: a running one is first again.
    order.clear()
    mu.lock()
    wg.go(worker, "worker")
    let_others_run()
    mu.unlock()
    mu.lock()
    order.append("main")
    mu.unlock()
    wg.wait()
    assert order == ["main", "worker"]


@pytest.mark.gochan
def test_an_owner_that_has_not_starved_ends_the_handing_over() -> None:
    mu, wg = Mutex(), WaitGroup()
    order: list[str] = []

    def worker(name: str) -> None:
        mu.lock()
        order.append(name)
        mu.unlock()
        order.append(f"{name} goes on")

    mu.lock()
    wg.go(worker, "old")
    let_others_run()
    # Only the old one has waited for more than 1 ms, however slow the machine is.
    sched.moment = sched.now()
    try:
        sched.moment += 2_000_000
        mu.unlock()
        mu.lock()
        let_others_run()
        for name in ("new", "last"):
            wg.go(worker, name)
            let_others_run()
        mu.unlock()
    finally:
        sched.moment = None
    wg.wait()
    assert order == ["old", "new", "new goes on", "last", "last goes on", "old goes on"]


@pytest.mark.gochan
def test_fairness() -> None:
    """Go's TestMutexFairness."""
    mu = Mutex()
    stop = Chan[bool]()

    @go
    def _() -> None:
        while True:
            with mu:
                time.sleep(100 * time.MICROSECOND)
            if select(recv(stop), default)[0] == 0:
                return

    done = Chan[bool](1)

    @go
    def _() -> None:
        for _ in range(10):
            time.sleep(100 * time.MICROSECOND)
            with mu:
                pass
        done.send(True)

    assert select(recv(done), recv(time.after(10)))[0] == 0
    close(stop)
    mu.lock()
    mu.unlock()


# --- waits that are broken off -----------------------------------------------------------------------------


def works(mu: Mutex) -> bool:
    """Return whether the mutex is free, and serves those that wait for it."""
    if not mu.try_lock():
        return False
    order: list[int] = []
    wg = WaitGroup()

    def worker(i: int) -> None:
        with mu:
            order.append(i)

    for i in range(3):
        wg.go(worker, i)
    let_others_run()
    assert order == []
    mu.unlock()
    wg.wait()
    return sorted(order) == [0, 1, 2] and mu.try_lock()


def test_after_a_deadlock() -> None:
    """Code that runs without run goes on after it."""
    mu = Mutex()
    mu.lock()
    for _ in range(2):
        with pytest.raises(Deadlock):
            mu.lock()
    mu.unlock()
    assert works(mu)


def test_a_deadlock_of_many_breaks_off_one_wait() -> None:
    mu = Mutex()
    order: list[str] = []

    def worker(name: str) -> None:
        with mu:
            order.append(name)

    mu.lock()
    go(worker, "before")
    let_others_run()
    with pytest.raises(Deadlock):
        mu.lock()
    go(worker, "after")
    let_others_run()
    mu.unlock()
    let_others_run()
    assert order == ["before", "after"]
    assert works(mu)


def test_a_program_that_ends_after_the_wake_up_and_before_the_run() -> None:
    """Code without run waits, is woken, and gets what ended the other goroutine instead of running."""
    mu = Mutex()

    locked = Chan[None]()

    @go
    def _() -> None:
        with mu:
            locked.send(None)
            runtime.gosched()
        raise ZeroDivisionError

    locked.recv()
    with pytest.raises(ZeroDivisionError):
        mu.lock()
    assert works(mu)


def test_after_a_program_that_ended_while_many_waited() -> None:
    mu = Mutex()
    seen: list[str] = []

    def worker() -> None:
        try:
            with mu:
                seen.append("locked")
        finally:
            seen.append("unwound")

    def main() -> None:
        mu.lock()
        for _ in range(3):
            go(worker)
        let_others_run()
        mu.unlock()

    run(main)
    # One of the three was on its way when main returned.
    assert seen == ["unwound"] * 3
    run(lambda: pytest.fail("broken") if not works(mu) else None)


@pytest.mark.parametrize("waiters", [1, 2, 3])
def test_after_a_program_that_ended_while_one_starved(waiters: int) -> None:
    """The lock is handed to a goroutine that will never run, and that hands it on."""
    mu = Mutex()

    turn = Chan[None]()
    seen: list[str] = []

    def owner() -> None:
        mu.lock()
        try:
            turn.recv()
            starve()
            mu.unlock()
            mu.lock()
            turn.recv()
        finally:
            mu.unlock()
            seen.append("unlocked")

    def main() -> None:
        go(owner)
        let_others_run()
        for _ in range(waiters):
            go(mu.lock)
        let_others_run()
        turn.send(None)
        let_others_run()

    run(main)
    assert seen == ["unlocked"]
    run(lambda: pytest.fail("broken") if not works(mu) else None)


@pytest.mark.gochan
def test_a_wake_up_that_comes_too_late_goes_to_the_next() -> None:
    mu = Mutex()
    order: list[str] = []
    mu.lock()
    first = waiter(mu.lock)
    waiter(mu.lock, lambda: (order.append("second"), mu.unlock()))
    mu.unlock()
    throw_into(first)
    let_others_run()
    assert order == ["second"]
    assert works(mu)


@pytest.mark.gochan
def test_a_wait_that_is_broken_off_while_another_is_woken() -> None:
    mu = Mutex()
    order: list[str] = []

    def then(name: str) -> Callable[[], object]:
        return lambda: (order.append(name), mu.unlock())

    mu.lock()
    waiter(mu.lock, then("first"))
    second = waiter(mu.lock)
    waiter(mu.lock, then("third"))
    mu.unlock()
    throw_into(second)
    let_others_run()
    # It took the lock, as any goroutine may at that moment, and gave it back.
    assert sorted(order) == ["first", "third"]
    assert works(mu)
    let_hub_return()


@pytest.mark.gochan
def test_a_lock_that_is_handed_over_too_late_goes_to_the_next() -> None:
    mu = Mutex()
    order: list[str] = []
    mu.lock()
    first = waiter(mu.lock)
    starve()
    mu.unlock()
    mu.lock()
    let_others_run()
    waiter(mu.lock, lambda: (order.append("second"), mu.unlock()))
    # The unlock hands the lock over, and then lets the first one run.
    throw_into_at_next_switch(first)
    mu.unlock()
    let_others_run()
    assert order == ["second"]
    assert works(mu)


@pytest.mark.gochan(leaks=True)
def test_an_interrupt_ends_a_wait() -> None:
    mu = Mutex()
    mu.lock()
    interrupt_while_asleep()
    with pytest.raises(KeyboardInterrupt):
        mu.lock()
    mu.unlock()
    assert works(mu)


@pytest.mark.gochan
def test_a_bubble_that_is_unwound_gives_its_locks_back() -> None:
    mu = Mutex()
    locked = Chan[None]()
    seen: list[str] = []

    def inside() -> None:
        @go
        def _() -> None:
            with mu:
                close(locked)
                Chan[None]().recv()

    @go
    def _() -> None:
        locked.recv()
        with mu:
            seen.append("outside")

    with pytest.raises(Deadlock):
        synctest.test(inside)
    let_others_run()
    assert seen == ["outside"]
    assert works(mu)


def test_no_lock_while_the_program_ends() -> None:
    mu = Mutex()
    seen: list[str] = []

    def worker() -> None:
        try:
            Chan[None]().recv()
        finally:
            with mu:
                seen.append("locked")

    def main() -> None:
        go(worker)
        let_others_run()
        mu.lock()

    run(main)
    assert seen == []
    mu.unlock()
    run(lambda: (go(worker), let_others_run()))
    assert seen == ["locked"]


def test_sync_holds_what_go_s_does() -> None:
    assert sync.__all__ == sorted(sync.__all__)
    assert {name for name in sync.__all__ if name[0].isupper()} == {
        "Cond",
        "Locker",
        "Map",
        "Mutex",
        "Once",
        "Pool",
        "RWMutex",
        "WaitGroup",
    }
