"""sync.RWMutex.

Where a test follows one of Go's, its docstring names it (sync/rwmutex_test.go); its misuse is in
test_mutex.py, as in Go.  The orders are those that Go shows at GOMAXPROCS=1.
"""

import pytest
from goroutines import let_others_run
from waits import (
    interrupt_while_asleep,
    throw_into,
    throw_into_at_next_switch,
    waiter,
)

from gochan import Chan, Deadlock, Panic, default, go, recv, run, runtime, select
from gochan.sync import RWMutex, WaitGroup
from gochan.sync.atomic import Int32

# --- readers and writers -----------------------------------------------------------------------------------


@pytest.mark.gochan
@pytest.mark.parametrize("readers", [1, 3, 4])
def test_parallel_readers(readers: int) -> None:
    """Go's TestParallelReaders."""
    rw = RWMutex()
    locked, leave, done = Chan[bool](), Chan[bool](), Chan[bool]()

    def reader() -> None:
        rw.rlock()
        locked.send(True)
        leave.recv()
        rw.runlock()
        done.send(True)

    for _ in range(readers):
        go(reader)
    for _ in range(readers):
        locked.recv()
    for _ in range(readers):
        leave.send(True)
    for _ in range(readers):
        done.recv()


@pytest.mark.gochan
def test_try() -> None:
    """Go's TestRWMutex, its first half."""
    rw = RWMutex()
    rw.lock()
    assert not rw.try_lock()
    assert not rw.try_rlock()
    rw.unlock()

    assert rw.try_lock()
    assert not rw.try_rlock()
    rw.unlock()

    assert rw.try_rlock()
    assert rw.try_rlock()
    assert not rw.try_lock()
    rw.runlock()
    assert not rw.try_lock()
    rw.runlock()
    assert rw.try_lock()


@pytest.mark.gochan
@pytest.mark.parametrize("readers", [1, 3, 10])
def test_hammer(readers: int) -> None:
    """Go's TestRWMutex, its second half."""
    rw = RWMutex()
    # Readers inside, plus 10000 for each writer.
    activity = Int32()
    most = 0
    wg = WaitGroup()

    def reader(seed: int) -> None:
        nonlocal most
        for i in range(100):
            rw.rlock()
            n = activity.add(1)
            assert 1 <= n < 10000
            most = max(most, n)
            if (i + seed) % 3:
                runtime.gosched()
            activity.add(-1)
            rw.runlock()

    def writer() -> None:
        for i in range(100):
            rw.lock()
            assert activity.add(10000) == 10000
            if i % 3:
                runtime.gosched()
            activity.add(-10000)
            rw.unlock()

    wg.go(writer)
    for seed in range(readers):
        wg.go(reader, seed)
    wg.go(writer)
    wg.wait()
    assert activity.load() == 0
    assert most >= min(readers, 2)
    assert rw.try_lock()


@pytest.mark.gochan
def test_rlocker() -> None:
    """Go's TestRLocker."""
    rw = RWMutex()
    rl = rw.rlocker()
    written, read = Chan[bool](1), Chan[bool](1)
    n = 10

    @go
    def _() -> None:
        for _ in range(n):
            rl.lock()
            rl.lock()
            read.send(True)
            rw.lock()
            written.send(True)

    for _ in range(n):
        read.recv()
        rl.unlock()
        assert select(recv(written), default)[0] == 1
        let_others_run()
        assert select(recv(written), default)[0] == 1
        rl.unlock()
        written.recv()
        assert select(recv(read), default)[0] == 1
        let_others_run()
        assert select(recv(read), default)[0] == 1
        rw.unlock()
    assert rw.try_lock()


@pytest.mark.gochan
def test_with() -> None:
    rw = RWMutex()
    with rw:
        assert not rw.try_rlock()
    with pytest.raises(ZeroDivisionError), rw:
        raise ZeroDivisionError
    with rw.rlocker(), rw.rlocker():
        assert not rw.try_lock()
        assert rw.try_rlock()
    assert not rw.try_lock()
    rw.runlock()
    with pytest.raises(ZeroDivisionError), rw.rlocker():
        raise ZeroDivisionError
    assert rw.try_lock()


@pytest.mark.gochan
def test_unlock_of_a_lock_that_others_hold_or_wait_for() -> None:
    rw = RWMutex()
    rw.rlock()
    go(rw.lock)
    let_others_run()
    # The writer waits, and has not got it yet.
    with pytest.raises(Panic, match=r"^sync: Unlock of unlocked RWMutex$"):
        rw.unlock()
    go(rw.rlock)
    rw.runlock()
    let_others_run()
    # The writer has it, and a reader waits.
    with pytest.raises(Panic, match=r"^sync: RUnlock of unlocked RWMutex$"):
        rw.runlock()
    rw.unlock()
    let_others_run()
    rw.runlock()
    assert rw.try_lock()


@pytest.mark.gochan
@pytest.mark.parametrize("first", ["rlock", "lock"])
def test_a_loop_that_tries_lets_others_run(first: str) -> None:
    rw = RWMutex()
    getattr(rw, first)()
    go(rw.runlock if first == "rlock" else rw.unlock)
    while not rw.try_lock():
        pass
    go(rw.unlock)
    while not rw.try_rlock():
        pass


# --- which goroutine gets the lock -------------------------------------------------------------------------


@pytest.mark.gochan
def test_readers_that_wait_come_before_the_next_writer() -> None:
    rw, wg = RWMutex(), WaitGroup()
    order: list[str] = []

    def worker(i: int) -> None:
        if i % 3 == 2:
            with rw:
                order.append(f"w{i}")
        else:
            with rw.rlocker():
                order.append(f"r{i}")

    rw.lock()
    for i in range(6):
        wg.go(worker, i)
    let_others_run()
    rw.unlock()
    wg.wait()
    assert order == ["r0", "r1", "r3", "r4", "w5", "w2"]


@pytest.mark.gochan
def test_a_writer_that_waits_keeps_readers_out() -> None:
    rw, wg = RWMutex(), WaitGroup()
    order: list[str] = []

    def writer() -> None:
        with rw:
            order.append("writer")

    def reader() -> None:
        with rw.rlocker():
            order.append("reader")

    rw.rlock()
    rw.rlock()
    wg.go(writer)
    let_others_run()
    wg.go(reader)
    let_others_run()
    assert not rw.try_rlock()
    rw.runlock()
    let_others_run()
    assert order == []
    rw.runlock()
    wg.wait()
    assert order == ["writer", "reader"]


def test_a_reader_that_locks_again_behind_a_writer_is_a_deadlock() -> None:
    def main() -> None:
        rw = RWMutex()
        with rw.rlocker():
            go(rw.lock)
            let_others_run()
            with rw.rlocker():
                pass

    with pytest.raises(Deadlock) as caught:
        run(main)
    assert "goroutine 1 [sync.RWMutex.RLock]:" in str(caught.value)
    assert "goroutine 2 [sync.RWMutex.Lock]:" in str(caught.value)


def test_a_second_writer_waits_for_the_mutex_inside() -> None:
    """As in Go, whose report says so."""
    rw = RWMutex()
    with pytest.raises(Deadlock, match=r"goroutine 1 \[sync.Mutex.Lock\]:"):
        run(lambda: (rw.lock(), rw.lock()))


# --- waits that are broken off -----------------------------------------------------------------------------


def works(rw: RWMutex) -> bool:
    """Return whether the lock is free, and serves those that wait for it."""
    if not rw.try_lock():
        return False
    seen: list[str] = []
    wg = WaitGroup()

    def worker(kind: str) -> None:
        with rw if kind == "writer" else rw.rlocker():
            seen.append(kind)

    for kind in ("reader", "writer", "reader", "writer"):
        wg.go(worker, kind)
    let_others_run()
    assert seen == []
    rw.unlock()
    wg.wait()
    assert sorted(seen) == ["reader", "reader", "writer", "writer"]
    return rw.try_lock()


def test_a_reader_breaks_off() -> None:
    rw = RWMutex()
    rw.lock()
    for _ in range(2):
        with pytest.raises(Deadlock):
            rw.rlock()
    go(rw.rlock)
    let_others_run()
    with pytest.raises(Deadlock):
        rw.rlock()
    rw.unlock()
    let_others_run()
    rw.runlock()
    assert works(rw)


def test_a_writer_breaks_off_and_lets_the_readers_in() -> None:
    rw = RWMutex()
    seen: list[str] = []
    forever = Chan[None]()
    writing = Chan[None]()

    def reader(name: str, then: Chan[None] | None = None) -> None:
        with rw.rlocker():
            seen.append(name)
            if then is not None:
                then.recv()

    def late_reader() -> None:
        writing.recv()
        reader("late")

    go(reader, "early", forever)
    go(late_reader)
    let_others_run()
    writing.close()
    with pytest.raises(Deadlock):
        rw.lock()
    let_others_run()
    assert seen == ["early", "late"]
    assert not rw.try_lock()
    with pytest.raises(Deadlock):
        rw.lock()
    assert rw.try_rlock()
    rw.runlock()
    forever.send(None)
    let_others_run()
    assert works(rw)


@pytest.mark.parametrize("wait", [RWMutex.rlock, RWMutex.lock])
def test_a_program_that_ends_after_the_wake_up_and_before_the_run(wait: object) -> None:
    rw = RWMutex()
    locked = Chan[None]()

    @go
    def _() -> None:
        lock = rw.rlocker() if wait is RWMutex.lock else rw
        with lock:
            locked.send(None)
            runtime.gosched()
        raise ZeroDivisionError

    locked.recv()
    with pytest.raises(ZeroDivisionError):
        wait(rw)  # type: ignore[operator]
    assert works(rw)


@pytest.mark.parametrize("held", ["for reading", "for writing"])
@pytest.mark.parametrize("released", [False, True])
def test_after_a_program_that_ended_while_many_waited(held: str, released: bool) -> None:
    rw = RWMutex()

    def owner(leave: Chan[None]) -> None:
        with rw if held == "for writing" else rw.rlocker():
            leave.recv()

    def waiter(i: int) -> None:
        with rw if i % 2 else rw.rlocker():
            pass

    def main() -> None:
        leave = Chan[None]()
        go(owner, leave)
        let_others_run()
        for i in range(6):
            go(waiter, i)
        let_others_run()
        if released:
            leave.send(None)
            runtime.gosched()

    for _ in range(3):
        run(main)
        run(lambda: pytest.fail("broken") if not works(rw) else rw.unlock())


@pytest.mark.gochan
def test_a_reader_that_goes_when_it_has_been_let_in() -> None:
    rw = RWMutex()
    order: list[str] = []
    rw.lock()
    reader = waiter(rw.rlock)
    rw.unlock()

    @go
    def _() -> None:
        # It runs before the reader, waits for it, and is let in as that one goes.
        throw_into_at_next_switch(reader)
        rw.lock()
        order.append("writer")
        rw.unlock()

    let_others_run()
    assert order == ["writer"]
    assert works(rw)


@pytest.mark.gochan
def test_a_writer_that_goes_when_it_has_been_let_in() -> None:
    rw = RWMutex()
    order: list[str] = []
    rw.rlock()
    writer = waiter(rw.lock)
    waiter(rw.rlock, lambda: (order.append("reader"), rw.runlock()))
    waiter(rw.lock, lambda: (order.append("writer"), rw.unlock()))
    rw.runlock()
    throw_into(writer)
    let_others_run()
    assert order == ["reader", "writer"]
    assert works(rw)


@pytest.mark.gochan(leaks=True)
@pytest.mark.parametrize("wait", ["rlock", "lock"])
def test_an_interrupt_ends_a_wait(wait: str) -> None:
    rw = RWMutex()
    if wait == "rlock":
        rw.lock()
    else:
        rw.rlock()
    interrupt_while_asleep()
    with pytest.raises(KeyboardInterrupt):
        getattr(rw, wait)()
    if wait == "rlock":
        rw.unlock()
    else:
        rw.runlock()
    assert works(rw)
