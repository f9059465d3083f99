"""The reprs show the state of what they are of, from anywhere."""

import re
from collections.abc import Callable
from threading import Thread

import pytest

from gochan import go, run, runtime, sync, synctest, time


def state(x: object) -> str:
    """Return a repr without its class and address, which are checked."""
    text = repr(x)
    found = re.fullmatch(rf"<{type(x).__name__} (.*) at {id(x):#x}>", text)
    assert found is not None, text
    return found[1]


def test_mutex() -> None:
    def main() -> None:
        mu = sync.Mutex()
        assert state(mu) == "unlocked waiters=0"
        mu.lock()
        assert state(mu) == "locked waiters=0"
        wg = sync.WaitGroup()
        for _ in range(2):
            wg.go(lambda: (mu.lock(), mu.unlock()))
        runtime.gosched()
        assert state(mu) == "locked waiters=2"
        mu.unlock()
        wg.wait()
        assert state(mu) == "unlocked waiters=0"

    run(main)


def test_rwmutex() -> None:
    def main() -> None:
        rw = sync.RWMutex()
        reader = rw.rlocker()
        assert state(rw) == state(reader) == "unlocked readers=0 waiters=0"
        rw.rlock()
        rw.rlock()
        assert state(rw) == state(reader) == "rlocked readers=2 waiters=0"
        wg = sync.WaitGroup()

        def write() -> None:
            with rw:
                assert state(rw).startswith("locked readers=0 waiters=")

        wg.go(write)
        runtime.gosched()
        assert state(rw) == "rlocked readers=2 waiters=1"
        wg.go(write)
        wg.go(lambda: (rw.rlock(), rw.runlock()))
        runtime.gosched()
        assert state(rw) == state(reader) == "rlocked readers=2 waiters=3"
        rw.runlock()
        assert state(rw) == "rlocked readers=1 waiters=3"
        rw.runlock()
        wg.wait()
        assert state(rw) == "unlocked readers=0 waiters=0"
        rw.lock()
        assert state(rw) == state(reader) == "locked readers=0 waiters=0"

    run(main)


def test_wait_group() -> None:
    def main() -> None:
        wg = sync.WaitGroup()
        assert state(wg) == "counter=0 waiters=0"
        wg.add(3)
        go(wg.wait)
        go(wg.wait)
        runtime.gosched()
        assert state(wg) == "counter=3 waiters=2"
        wg.add(-3)
        assert state(wg) == "counter=0 waiters=0"

    run(main)


def test_timers_on_a_virtual_clock() -> None:
    def main() -> None:
        t = time.new_timer(1.5)
        f = time.after_func(1.5, lambda: None)
        assert state(t) == state(f) == "active due=1.5s"
        time.sleep(0.5)
        assert state(t) == state(f) == "active due=1s"
        t.stop()
        f.stop()
        assert state(t) == state(f) == "stopped"
        t.reset(1)
        f.reset(1)
        assert state(t) == state(f) == "active due=1s"
        synctest.sleep(1)
        assert state(t) == state(f) == "fired"
        t.c.recv()
        assert t.stop() is f.stop() is False
        assert state(t) == state(f) == "fired"
        t.reset(1)
        f.reset(1)
        assert state(t) == state(f) == "active due=1s"

    run(synctest.test, main)


def test_a_timer_whose_value_was_not_received() -> None:
    def main() -> None:
        t = time.new_timer(1)
        time.sleep(2)
        assert state(t) == "fired"
        assert t.stop()
        assert state(t) == "stopped"

    run(synctest.test, main)


def test_a_timer_that_a_goroutine_waits_for() -> None:
    def main() -> None:
        t = time.new_timer(2)
        go(t.c.recv)
        time.sleep(1)
        assert state(t) == "active due=1s"
        synctest.sleep(1)
        assert state(t) == "fired"

    run(synctest.test, main)


def test_ticker() -> None:
    def main() -> None:
        t = time.new_ticker(0.5)
        assert state(t) == "active interval=0.5s due=0.5s"
        t.c.recv()
        assert state(t) == "active interval=0.5s due=0.5s"
        time.sleep(3)
        assert state(t) == "active interval=0.5s due=0s"
        t.stop()
        assert state(t) == "stopped interval=0.5s"
        t.reset(2)
        assert state(t) == "active interval=2s due=2s"

    run(synctest.test, main)


@pytest.mark.parametrize("d", [0, -1, 1e-9, 1e300, float("inf"), float("nan")])
def test_extreme_durations(d: float) -> None:
    timer = time.new_timer(d)
    assert state(timer) == "fired" or state(timer).startswith("active due=")
    timer.stop()


THINGS: dict[str, Callable[[], object]] = {
    "Mutex": sync.Mutex,
    "RWMutex": sync.RWMutex,
    "RLocker": lambda: sync.RWMutex().rlocker(),
    "WaitGroup": sync.WaitGroup,
    "Timer": lambda: time.new_timer(3600),
    "after_func": lambda: time.after_func(3600, lambda: None),
    "Ticker": lambda: time.new_ticker(3600),
}


@pytest.mark.parametrize("make", THINGS.values(), ids=THINGS)
def test_from_another_thread_and_outside_its_bubble(make: Callable[[], object]) -> None:
    texts: list[str] = []

    def main() -> None:
        things.append(make())

    things: list[object] = []
    run(synctest.test, main)
    thread = Thread(target=lambda: texts.append(state(things[0])))
    thread.start()
    thread.join()
    texts.append(state(things[0]))
    assert len(texts) == 2
