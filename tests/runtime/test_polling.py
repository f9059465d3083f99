"""A polling loop yields to other goroutines once its time slice is used up, whatever it polls."""

from collections.abc import Callable
from time import monotonic

import pytest

from gochan import Chan, context, default, go, recv, run, runtime, select, semaphore, sync
from gochan._engine.impl import sched
from gochan.sync import atomic

# A poll, which returns whether the change has been seen, and the change.
Thing = tuple[Callable[[], bool], Callable[[], object]]


def an_integer(method: str, *args: int) -> Callable[[], Thing]:
    """Polled by a method that returns its value, or the one before."""

    def thing() -> Thing:
        x = atomic.Int64(1)
        return lambda: getattr(x, method)(*args) == 7, lambda: x.store(7)

    return thing


def a_spin_lock(method: str, *args: object) -> Callable[[], Thing]:
    """Taken by a method that returns the old value, or whether it has changed it."""
    success = method == "compare_and_swap"

    def thing() -> Thing:
        taken = atomic.Bool(True)
        return lambda: getattr(taken, method)(*args) is success, lambda: taken.store(False)

    return thing


def an_integer_to_swap() -> Thing:
    x = atomic.Uint32(1)
    return lambda: x.compare_and_swap(7, 8), lambda: x.store(7)


def a_pointer(poll: Callable[[atomic.Pointer[str]], bool]) -> Callable[[], Thing]:
    def thing() -> Thing:
        p = atomic.Pointer("old")
        return lambda: poll(p), lambda: p.store("new")

    return thing


def a_value(poll: Callable[[atomic.Value], bool]) -> Callable[[], Thing]:
    def thing() -> Thing:
        v = atomic.Value()
        v.store("old")
        return lambda: poll(v), lambda: v.store("new")

    return thing


def a_variable(mu: sync.Locker, reading: sync.Locker) -> Thing:
    """Changed under the one lock, and polled under the other."""
    changed = False

    def poll() -> bool:
        with reading:
            return changed

    def change() -> None:
        nonlocal changed
        with mu:
            changed = True

    return poll, change


def a_lock_to_try(mu: sync.Mutex | sync.RWMutex) -> Thing:
    mu.lock()
    return mu.try_lock, mu.unlock


def a_lock_to_try_for_reading() -> Thing:
    rw = sync.RWMutex()
    rw.lock()
    return rw.try_rlock, rw.unlock


def a_lock_that_readers_hold() -> Thing:
    rw = sync.RWMutex()
    rw.rlock()
    return rw.try_lock, rw.runlock


def a_map(poll: Callable[[sync.Map[str, int]], bool]) -> Callable[[], Thing]:
    def thing() -> Thing:
        m = sync.Map[str, int]()
        m.store("old", 1)

        def change() -> None:
            m.store("old", 2)
            m.store("new", 3)

        return lambda: poll(m), change

    return thing


def its_keys(m: sync.Map[str, int]) -> list[str]:
    keys: list[str] = []
    m.range(lambda key, _: keys.append(key))
    return keys


def a_length() -> Thing:
    ch = Chan[int](1)
    return lambda: len(ch) == 1, lambda: ch.send(7)


def a_channel_with_default() -> Thing:
    ch = Chan[int](1)
    return lambda: select(recv(ch), default)[0] == 0, lambda: ch.send(7)


def a_closed_channel(receive: Callable[[Chan[int]], object]) -> Callable[[], Thing]:
    """Received from between two reads of a variable; from a closed channel that never blocks."""

    def thing() -> Thing:
        ch = Chan[int]()
        ch.close()
        changed = False

        def poll() -> bool:
            receive(ch)
            return changed

        def change() -> None:
            nonlocal changed
            changed = True

        return poll, change

    return thing


def a_context() -> Thing:
    ctx, cancel = context.with_cancel(context.background())
    below = context.with_value(ctx, "key", "value")
    return lambda: below.err() is not None, cancel


def the_number_of_goroutines() -> Thing:
    """The one that changes it does so by its end."""
    return lambda: runtime.num_goroutine() == 1, lambda: None


def a_semaphore() -> Thing:
    s = semaphore.Weighted(1)
    s.try_acquire(1)
    return lambda: s.try_acquire(1), lambda: s.release(1)


THINGS: dict[str, Callable[[], Thing]] = {
    "Int64.load": an_integer("load"),
    "Int64.swap": an_integer("swap", 1),
    "Int64.add": an_integer("add", 0),
    "Int64.and_": an_integer("and_", -1),
    "Int64.or_": an_integer("or_", 0),
    "Uint32.compare_and_swap": an_integer_to_swap,
    "Bool.load": a_spin_lock("load"),
    "Bool.swap": a_spin_lock("swap", True),
    "Bool.compare_and_swap": a_spin_lock("compare_and_swap", False, True),
    "Pointer.load": a_pointer(lambda p: p.load() == "new"),
    "Pointer.swap": a_pointer(lambda p: p.swap("mine") == "new"),
    "Pointer.compare_and_swap": a_pointer(lambda p: p.compare_and_swap("new", "mine")),
    "Value.load": a_value(lambda v: v.load() == "new"),
    "Value.swap": a_value(lambda v: v.swap("mine") == "new"),
    "Value.compare_and_swap": a_value(lambda v: v.compare_and_swap("new", "mine")),
    "Mutex": lambda: a_variable(mu := sync.Mutex(), mu),
    "Mutex.try_lock": lambda: a_lock_to_try(sync.Mutex()),
    "RWMutex": lambda: a_variable(rw := sync.RWMutex(), rw),
    "RWMutex.rlock": lambda: a_variable(rw := sync.RWMutex(), rw.rlocker()),
    "RWMutex.try_lock": lambda: a_lock_to_try(sync.RWMutex()),
    "RWMutex.try_lock among readers": a_lock_that_readers_hold,
    "RWMutex.try_rlock": a_lock_to_try_for_reading,
    "Map.load": a_map(lambda m: m.load("new")[1]),
    "Map.load of a key that is there": a_map(lambda m: m.load("old") == (2, True)),
    "Map.load_or_store": a_map(lambda m: m.load_or_store("old", 9)[0] == 2),
    "Map.load_and_delete": a_map(lambda m: m.load_and_delete("new")[1]),
    "Map.swap": a_map(lambda m: m.swap("old", 1) == (2, True)),
    "Map.compare_and_swap": a_map(lambda m: m.compare_and_swap("old", 2, 9)),
    "Map.compare_and_delete": a_map(lambda m: m.compare_and_delete("old", 2)),
    "Map.range": a_map(lambda m: "new" in its_keys(m)),
    "len": a_length,
    "select with default": a_channel_with_default,
    "recv from a closed channel": a_closed_channel(lambda ch: ch.recv()),
    "recv_ok from a closed channel": a_closed_channel(lambda ch: ch.recv_ok()),
    "next of a closed channel": a_closed_channel(lambda ch: next(ch, None)),
    "for over a closed channel": a_closed_channel(list),
    "select with a closed channel": a_closed_channel(lambda ch: select(recv(ch))),
    "select with a closed channel and default": a_closed_channel(lambda ch: select(recv(ch), default)),
    "select with two closed channels": a_closed_channel(lambda ch: select(recv(ch), recv(ch))),
    "Context.err": a_context,
    "num_goroutine": the_number_of_goroutines,
    "Weighted.try_acquire": a_semaphore,
}


@pytest.mark.parametrize("thing", THINGS.values(), ids=THINGS)
def test_a_polling_loop_starves_no_goroutine(thing: Callable[[], Thing]) -> None:
    def main() -> float:
        poll, change = thing()
        go(change)
        begin = monotonic()
        while not poll():
            assert monotonic() < begin + 5, "no other goroutine ran"
        return monotonic() - begin

    # Nor do the others run any earlier than by Go's preemption.
    assert run(main) > 0.009


@pytest.mark.parametrize("thing", THINGS.values(), ids=THINGS)
def test_polls_outside_any_program(thing: Callable[[], Thing]) -> None:
    """They start no program: there is nothing to yield to."""
    poll, _ = thing()
    for _ in range(200):
        poll()
    assert sched.main is None


@pytest.mark.gochan(leaks=True)
def test_what_a_poll_returns_is_still_true() -> None:
    """Other goroutines run before the value is read, not between that and the return."""
    x = atomic.Int64()
    ch = Chan[int](1000)

    @go
    def _() -> None:
        while True:
            x.add(1)
            ch.send(0)
            runtime.gosched()

    begin = monotonic()
    # On a busy machine, 55 ms may be too short for the other goroutine to run twice.
    while monotonic() < begin + 0.055 or (len(ch) < 2 and monotonic() < begin + 5):
        # A repr doesn't yield.
        assert f"Int64({x.load()})" == repr(x)
        assert f" len={len(ch)} " in repr(ch)
    assert len(ch) > 1


@pytest.mark.gochan(leaks=True)
def test_a_variable_of_the_user_is_not_seen_half_changed() -> None:
    """Other goroutines run when the lock is free."""
    mu = sync.Mutex()
    held = False

    @go
    def _() -> None:
        while True:
            with mu:
                assert not held
            runtime.gosched()

    end = monotonic() + 0.035
    while monotonic() < end:
        with mu:
            held = True
            held = False
