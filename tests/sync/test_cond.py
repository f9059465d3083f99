"""sync.Cond.

Where a test follows one of Go's, its docstring names it (sync/cond_test.go).  The orders are those that Go
shows at GOMAXPROCS=1.
"""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
from goroutines import let_others_run
from waits import interrupt_while_asleep, let_hub_return, throw_into, waiter

from gochan import Chan, Deadlock, Panic, default, go, recv, run, runtime, select, synctest, time
from gochan.sync import Cond, Mutex, RWMutex, WaitGroup, new_cond

# --- signal and broadcast ----------------------------------------------------------------------------------


@pytest.mark.gochan
def test_signal() -> None:
    """Go's TestCondSignal."""
    mu = Mutex()
    cond = new_cond(mu)
    n = 2
    running, awake = Chan[bool](n), Chan[bool](n)

    def worker() -> None:
        with mu:
            running.send(True)
            cond.wait()
            awake.send(True)

    for _ in range(n):
        go(worker)
    for _ in range(n):
        running.recv()
    for _ in range(n):
        let_others_run()
        assert select(recv(awake), default)[0] == 1
        with mu:
            cond.signal()
        awake.recv()
        let_others_run()
        assert select(recv(awake), default)[0] == 1
    cond.signal()


@pytest.mark.gochan
def test_signals_reach_one_after_the_other() -> None:
    """Go's TestCondSignalGenerations."""
    mu = Mutex()
    cond = Cond(mu)
    n = 100
    running, awake = Chan[bool](n), Chan[int](n)

    def worker(i: int) -> None:
        with mu:
            running.send(True)
            cond.wait()
            awake.send(i)

    for i in range(n):
        go(worker, i)
        if i > 0:
            assert awake.recv() == i - 1
        running.recv()
        with mu:
            cond.signal()
    assert awake.recv() == n - 1


@pytest.mark.gochan
def test_broadcast() -> None:
    """Go's TestCondBroadcast."""
    mu = Mutex()
    cond = Cond(mu)
    n = 30
    running, awake = Chan[int](n), Chan[int](n)
    leave = False

    def worker(i: int) -> None:
        with mu:
            while not leave:
                running.send(i)
                cond.wait()
                awake.send(i)

    for i in range(n):
        go(worker, i)
    for i in range(n):
        for _ in range(n):
            running.recv()
        if i == n - 1:
            with mu:
                leave = True
        assert select(recv(awake), default)[0] == 1
        with mu:
            cond.broadcast()
        assert sorted(awake.recv() for _ in range(n)) == list(range(n))
    assert select(recv(running), default)[0] == 1
    cond.broadcast()


@pytest.mark.gochan
def test_three_one_after_another() -> None:
    """Go's TestRace."""
    cond = Cond(Mutex())
    x = 0
    wg = WaitGroup()

    @wg.go
    def _() -> None:
        nonlocal x
        with cond.l:
            x = 1
            cond.wait()
            assert x == 2
            x = 3
            cond.signal()

    @wg.go
    def _() -> None:
        nonlocal x
        cond.l.lock()
        while x != 1:
            cond.l.unlock()
            runtime.gosched()
            cond.l.lock()
        x = 2
        cond.signal()
        cond.l.unlock()

    @wg.go
    def _() -> None:
        cond.l.lock()
        while x != 3:
            if x == 2:
                cond.wait()
                assert x == 3
                break
            cond.l.unlock()
            runtime.gosched()
            cond.l.lock()
        cond.l.unlock()

    wg.wait()
    assert x == 3


@pytest.mark.gochan
def test_a_later_waiter_does_not_steal_a_broadcast() -> None:
    """Go's TestCondSignalStealing."""

    def race() -> None:
        mu = Mutex()
        cond = Cond(mu)
        ch = Chan[None]()
        done = False

        @go
        def _() -> None:
            mu.lock()
            ch.send(None)
            cond.wait()
            mu.unlock()
            ch.send(None)

        ch.recv()
        with mu:
            # It waits by now.
            pass
        go(cond.broadcast)

        @go
        def _() -> None:
            with mu:
                while not done:
                    cond.wait()

        ch.recv()
        with mu:
            done = True
        cond.broadcast()

    for _ in range(50):
        race()


def test_a_cond_is_not_copied() -> None:
    """Go's TestCondCopy, where the copy panics when it is used."""
    cond = Cond(Mutex())
    cond.signal()
    for copied in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"^Cond cannot be pickled or copied: it lives"):
            copied(cond)


@pytest.mark.gochan
@pytest.mark.parametrize(
    "wake, order",
    [
        (lambda cond: cond.broadcast(), [3, 4, 0, 1, 2]),
        (lambda cond: [cond.signal() for _ in range(5)], [3, 4, 0, 1, 2]),
        (lambda cond: [(cond.signal(), runtime.gosched()) for _ in range(5)], [4, 0, 1, 2, 3]),
    ],
    ids=["broadcast", "signals", "one by one"],
)
def test_they_wake_in_the_order_of_go(wake: Callable[[Cond], Any], order: list[int]) -> None:
    mu, wg = Mutex(), WaitGroup()
    cond = Cond(mu)
    woken: list[int] = []

    def worker(i: int) -> None:
        with mu:
            cond.wait()
            woken.append(i)

    for i in range(5):
        wg.go(worker, i)
    let_others_run()
    wake(cond)
    wg.wait()
    assert woken == order


@pytest.mark.gochan
def test_a_signal_without_a_waiter_is_lost() -> None:
    mu = Mutex()
    cond = Cond(mu)
    woken: list[int] = []

    @go
    def _() -> None:
        with mu:
            cond.wait()
            woken.append(1)

    cond.signal()
    cond.broadcast()
    let_others_run()
    assert woken == []
    cond.signal()
    let_others_run()
    assert woken == [1]


@pytest.mark.gochan
def test_a_cond_on_a_read_lock() -> None:
    rw = RWMutex()
    cond = Cond(rw.rlocker())
    wg = WaitGroup()
    value = 0
    seen: list[int] = []

    def reader() -> None:
        with rw.rlocker():
            while not value:
                cond.wait()
            seen.append(value)

    for _ in range(3):
        wg.go(reader)
    let_others_run()
    with rw:
        value = 7
    cond.broadcast()
    wg.wait()
    assert seen == [7] * 3
    assert rw.try_lock()


class Yielding:
    """A Locker of the user's own, whose unlock lets others run before the wait has begun."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.meanwhile = meanwhile

    def lock(self) -> None:
        pass

    def unlock(self) -> None:
        self.meanwhile()
        let_others_run()


@pytest.mark.gochan
@pytest.mark.parametrize("wake", [Cond.signal, Cond.broadcast])
def test_a_wake_up_between_unlock_and_wait_is_not_lost(wake: Callable[[Cond], None]) -> None:
    cond = Cond(Yielding(lambda: go(wake, cond)))
    cond.wait()
    # It was used up.
    woken: list[int] = []
    cond.l = Mutex()

    @go
    def _() -> None:
        with cond.l:
            cond.wait()
            woken.append(1)

    let_others_run()
    assert woken == []
    cond.signal()
    let_others_run()
    assert woken == [1]


class Gated:
    """A Locker of the user's own, whose first unlock waits until a gate opens."""

    def __init__(self, gate: Chan[None]) -> None:
        self.gates = [gate]

    def lock(self) -> None:
        pass

    def unlock(self) -> None:
        if self.gates:
            self.gates.pop().recv()


@pytest.mark.gochan
def test_a_signal_is_for_the_first_to_call_wait() -> None:
    """A ticket is taken before unlock, as in Go."""
    gate = Chan[None]()
    cond = Cond(Gated(gate))
    order: list[str] = []

    waiter(cond.wait, lambda: order.append("first"))
    waiter(cond.wait, lambda: order.append("second"))
    cond.signal()
    let_others_run()
    assert order == []
    gate.send(None)
    let_others_run()
    assert order == ["first"]
    cond.signal()
    let_others_run()
    assert order == ["first", "second"]


@pytest.mark.gochan
def test_a_wait_without_the_lock() -> None:
    cond = Cond(Mutex())
    with pytest.raises(Panic, match=r"^sync: unlock of unlocked mutex$"):
        cond.wait()
    # No goroutine waits: a signal is not meant for the one that failed.
    woken: list[int] = []

    @go
    def _() -> None:
        with cond.l:
            cond.wait()
            woken.append(1)

    let_others_run()
    cond.signal()
    let_others_run()
    assert woken == [1]


@pytest.mark.parametrize("locker", [None, 3, WaitGroup()])
def test_a_cond_goes_with_a_locker(locker: Any) -> None:
    with pytest.raises(TypeError, match=r"^Cond: .* is not a Locker: it has no lock and unlock; give"):
        Cond(locker)


# --- waits that are broken off -----------------------------------------------------------------------------


def test_after_a_deadlock() -> None:
    """Code that runs without run goes on after it, with the lock in its hand."""
    mu = Mutex()
    cond = Cond(mu)
    woken: list[int] = []

    def worker(i: int) -> None:
        with mu:
            cond.wait()
            woken.append(i)

    go(worker, 1)
    let_others_run()
    for _ in range(2):
        with mu:
            with pytest.raises(Deadlock):
                cond.wait()
            assert not mu.try_lock()
    go(worker, 2)
    let_others_run()
    # The two waits that were broken off stand in line between these, and take no signal.
    cond.signal()
    let_others_run()
    assert woken == [1]
    cond.signal()
    let_others_run()
    assert woken == [1, 2]
    assert mu.try_lock()


def test_a_broadcast_forgets_the_waits_that_were_broken_off() -> None:
    mu = Mutex()
    cond = Cond(mu)
    woken: list[int] = []

    def worker() -> None:
        with mu:
            cond.wait()
            woken.append(1)

    with mu, pytest.raises(Deadlock):
        cond.wait()
    cond.broadcast()
    cond.signal()
    go(worker)
    let_others_run()
    assert woken == []
    cond.signal()
    let_others_run()
    assert woken == [1]


def test_a_signal_for_one_that_goes_is_passed_on() -> None:
    """Code without run is signalled, and gets what ended the signaller instead of running."""
    mu = Mutex()
    cond = Cond(mu)
    waiting = Chan[None]()

    @go
    def _() -> None:
        waiting.send(None)
        runtime.gosched()
        cond.signal()
        raise ZeroDivisionError

    waiting.recv()
    with mu:
        with pytest.raises(ZeroDivisionError):
            cond.wait()
        assert not mu.try_lock()
    # No goroutine was there to take it.
    woken: list[int] = []

    @go
    def _() -> None:
        with mu:
            cond.wait()
            woken.append(1)

    let_others_run()
    assert woken == []
    cond.signal()
    let_others_run()
    assert woken == [1]


@pytest.mark.gochan
@pytest.mark.parametrize("wake", [Cond.signal, Cond.broadcast])
def test_a_call_that_comes_too_late_goes_to_the_next(wake: Callable[[Cond], None]) -> None:
    mu = Mutex()
    cond = Cond(mu)
    order: list[str] = []

    def wait() -> None:
        with mu:
            cond.wait()

    first = waiter(wait)
    if wake is Cond.broadcast:
        # It calls those that wait, and not the next to come.
        wake(cond)
        throw_into(first)
    waiter(wait, lambda: order.append("second"))
    if wake is Cond.signal:
        wake(cond)
        throw_into(first)
    let_others_run()
    assert order == ([] if wake is Cond.broadcast else ["second"])
    cond.signal()
    let_others_run()
    assert order == ["second"]
    assert mu.try_lock()
    let_hub_return()


def test_a_program_that_ends_unlocks_what_its_waits_have_locked() -> None:
    mu = Mutex()
    cond = Cond(mu)
    seen: list[str] = []

    def wait() -> None:
        with mu:
            try:
                cond.wait()
            finally:
                seen.append("unwound")

    def main() -> None:
        for _ in range(3):
            go(wait)
        let_others_run()

    run(main)
    assert seen == ["unwound"] * 3
    assert mu.try_lock()


@pytest.mark.parametrize("lock", [Mutex(), RWMutex(), RWMutex().rlocker()], ids=["mutex", "write", "read"])
def test_a_program_that_ends_while_another_holds_the_lock(lock: Any) -> None:
    """The waits that are unwound cannot lock again; their unlock does not bring the program down."""
    cond = Cond(lock)

    def wait() -> None:
        with lock:
            cond.wait()

    def holder() -> None:
        with lock:
            Chan[None]().recv()

    def main(first: Callable[[], None], second: Callable[[], None]) -> None:
        go(first)
        let_others_run()
        go(second)
        let_others_run()

    for order in ((wait, holder), (holder, wait)):
        run(main, *order)
        lock.lock()
        lock.unlock()


def test_a_program_that_ends_while_a_writer_keeps_a_reader_out() -> None:
    rw = RWMutex()
    cond = Cond(rw.rlocker())

    def reader() -> None:
        with rw.rlocker():
            cond.wait()

    def main() -> None:
        go(reader)
        let_others_run()
        rw.lock()

    run(main)
    rw.unlock()
    assert rw.try_lock()


@pytest.mark.gochan(leaks=True)
def test_an_interrupt_ends_a_wait() -> None:
    mu = Mutex()
    cond = Cond(mu)
    interrupt_while_asleep()
    with mu:
        with pytest.raises(KeyboardInterrupt):
            cond.wait()
        assert not mu.try_lock()
    assert mu.try_lock()


# --- bubbles -----------------------------------------------------------------------------------------------


def test_a_wait_in_a_bubble_is_durable() -> None:
    def inside() -> None:
        mu = Mutex()
        cond = Cond(mu)
        go(lambda: (time.sleep(3600), cond.signal()))
        with mu:
            cond.wait()

    start = time.now()
    run(synctest.test, inside)
    assert time.since(start) < 60


@pytest.mark.parametrize("wake", [Cond.signal, Cond.broadcast])
def test_a_wait_in_a_bubble_is_not_ended_from_outside(wake: Callable[[Cond], None]) -> None:
    mu = Mutex()
    cond = Cond(mu)
    refused: list[str] = []

    def outside() -> None:
        everyone_else_waits.recv()
        with pytest.raises(Panic) as caught:
            wake(cond)
        refused.append(str(caught.value))
        go_on.close()

    def inside() -> None:
        @go
        def _() -> None:
            go_on.recv()
            cond.signal()

        with mu:
            everyone_else_waits.close()
            cond.wait()

    everyone_else_waits, go_on = Chan[None](), Chan[None]()

    def main() -> None:
        go(outside)
        synctest.test(inside)
        let_others_run()

    run(main)
    assert refused == ["semaphore wake of synctest goroutine from outside bubble"]


@pytest.mark.gochan
def test_the_repr() -> None:
    cond = Cond(Mutex())

    def wait() -> None:
        with cond.l:
            cond.wait()

    assert re.fullmatch(r"<Cond waiters=0 at 0x\w+>", repr(cond))
    for _ in range(3):
        go(wait)
    runtime.gosched()
    assert re.fullmatch(r"<Cond waiters=3 at 0x\w+>", repr(cond))
    cond.signal()
    assert re.fullmatch(r"<Cond waiters=2 at 0x\w+>", repr(cond))
    cond.broadcast()
    assert re.fullmatch(r"<Cond waiters=0 at 0x\w+>", repr(cond))


def test_a_wait_that_was_broken_off_is_not_a_waiter() -> None:
    cond = Cond(Mutex())

    def main() -> None:
        with cond.l:
            cond.wait()

    with pytest.raises(Deadlock):
        run(main)
    assert re.fullmatch(r"<Cond waiters=0 at 0x\w+>", repr(cond))
