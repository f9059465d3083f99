"""Memory: the engine keeps nothing alive that the program has let go of."""

import gc
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from goroutines import rescue
from greenlet import getcurrent, greenlet

from gochan import Case, Chan, Panic, defer, defers, go, panic, recv, run, select, send, timeout
from gochan._engine.impl import G
from gochan.runtime import COMPILED, goexit, gosched


class Value:
    """Something a weak reference can watch."""

    def method(self, ch: Chan[int]) -> None:
        ch.recv()


class Failure(Exception):
    """An exception a weak reference can watch."""


@pytest.fixture(autouse=True)
def counting_alone() -> Iterator[None]:
    """What is let go of is gone at once: the collector has nothing to do with it."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


Refs = list[weakref.ref[object]]


def watched(refs: Refs) -> Value:
    value = Value()
    refs.append(weakref.ref(value))
    return value


def alive(refs: Refs) -> int:
    return sum(ref() is not None for ref in refs)


@pytest.mark.gochan
def test_values_that_went_through_channels() -> None:
    refs: Refs = []
    unbuffered, buffered = Chan[Value](), Chan[Value](4)

    def sender(ch: Chan[Value]) -> None:
        for _ in range(3):
            ch.send(watched(refs))
        gosched()
        gosched()

    def receiver(ch: Chan[Value]) -> None:
        for _ in range(3):
            ch.recv()
            gosched()
        gosched()

    # Senders that wait, receivers that wait, and neither.
    for ch in (unbuffered, buffered):
        go(sender, ch)
        gosched()
        for _ in range(3):
            ch.recv()
            assert alive(refs) <= 3
        go(receiver, ch)
        gosched()
        for _ in range(3):
            ch.send(watched(refs))
        for _ in range(6):
            gosched()
    assert len(refs) == 12
    assert alive(refs) == 0


@pytest.mark.gochan
def test_values_that_went_through_selects() -> None:
    refs: Refs = []
    a, b = Chan[Value](), Chan[Value]()

    @go
    def _() -> None:
        for _ in range(3):
            select(send(a, watched(refs)), send(b, watched(refs)))
            gosched()
        gosched()

    for _ in range(3):
        select(recv(a), recv(b), timeout(3600))
        gosched()
    for _ in range(3):
        gosched()
    assert len(refs) == 6
    assert alive(refs) == 0


def test_a_value_that_was_never_received() -> None:
    refs: Refs = []

    def main() -> None:
        ch = Chan[Value](1)

        def sender() -> None:
            ch.send(watched(refs))

        for _ in range(3):
            go(sender)
        gosched()
        assert alive(refs) == 3

    run(main)
    assert alive(refs) == 0


@pytest.mark.gochan(leaks=True)
def test_the_value_of_a_send_that_panics() -> None:
    refs: Refs = []
    ch = Chan[Value]()

    @go
    def _() -> None:
        with suppress(Panic):
            ch.send(watched(refs))
        Chan[int]().recv()

    gosched()
    ch.close()
    gosched()
    assert len(refs) == 1
    assert alive(refs) == 0


@defers
def panicking() -> None:
    defer(rescue)
    panic(Value())


ENDINGS: dict[str, Callable[[], object]] = {
    "return": int,
    "result": Value,
    "goexit": goexit,
    "wait": gosched,
    "recover": panicking,
}


@pytest.mark.gochan
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_goroutine_that_ended(ending: str) -> None:
    """Its function, arguments, locals and deferred calls go with it; its greenlet waits for the next."""
    refs: Refs = []

    def start() -> None:
        closure = watched(refs)

        def fn(arg: Value, *, key: Value) -> None:
            local = watched(refs)
            defer(lambda x: closure, watched(refs))
            ENDINGS[ending]()
            assert arg is not key is not local

        refs.append(weakref.ref(fn))
        go(fn, watched(refs), key=watched(refs))
        bound = watched(refs)
        go(bound.method, closed)

    closed = Chan[int]()
    closed.close()
    for _ in range(3):
        start()
    for _ in range(3):
        gosched()
    assert len(refs) == 21
    assert alive(refs) == 0


def test_a_program_that_ended() -> None:
    refs: Refs = []

    def program() -> None:
        ch = Chan[Value]()

        def stay(arg: Value) -> None:
            local = watched(refs)
            defer(lambda: local)
            ch.recv()

        def main(arg: Value) -> Value:
            defer(lambda x: arg, watched(refs))
            for _ in range(3):
                go(stay, watched(refs))
            gosched()
            go(stay, watched(refs))  # never starts
            return watched(refs)

        refs.extend(map(weakref.ref, (main, stay)))
        result = run(main, watched(refs))
        assert result is refs[-1]()

    program()
    assert len(refs) == 12
    assert alive(refs) == 0


@pytest.mark.parametrize("where", ["main", "goroutine", "deferred", "recovered"])
def test_an_exception_that_was_handled(where: str) -> None:
    refs: Refs = []

    def fail(arg: Value) -> None:
        e = Failure()
        refs.append(weakref.ref(e))
        try:
            raise e
        finally:
            del e

    def saved() -> None:
        defer(rescue)
        fail(watched(refs))

    def main() -> None:
        if where == "main":
            fail(watched(refs))
        elif where == "deferred":
            defer(fail, watched(refs))
        elif where == "goroutine":
            go(fail, watched(refs))
            gosched()
        else:
            go(saved)
            gosched()

    try:
        run(main)
    except Failure:
        assert where != "recovered"
    assert len(refs) == 2
    assert alive(refs) == 0


def count(cls: type) -> int:
    return sum(type(o) is cls for o in gc.get_objects())


@pytest.mark.gochan
def test_no_place_in_a_queue_outlives_its_select() -> None:
    ch = Chan[int]()
    before = count(Case)
    for _ in range(20):
        go(select, recv(ch), send(ch, 1))
    gosched()
    gosched()
    assert count(Case) == before


@pytest.mark.gochan
def test_goroutines_are_used_again() -> None:
    # Objects that other tests have left behind don't count.
    before = count(G)
    for _ in range(100):
        go(int)
        gosched()
    assert count(G) <= before + 2


@pytest.mark.parametrize("kind", ["go", "chan", "select", "panic", "run"])
def test_nothing_piles_up(kind: str) -> None:
    ch, other = Chan[int](), Chan[int](1)

    def once() -> None:
        if kind == "go":
            go(int)
        elif kind == "chan":
            go(ch.send, 1)
            ch.recv()
        elif kind == "select":
            go(lambda: select(recv(ch), send(other, 1), timeout(3600)))
            select(send(ch, 1), recv(other))
        elif kind == "panic":
            go(panicking)
        gosched()

    def main(rounds: int) -> None:
        for _ in range(rounds):
            once()
        objects.append(len(gc.get_objects()))

    def measure(rounds: int) -> int:
        if kind == "run":
            for _ in range(rounds):
                run(once)
        run(main, 0 if kind == "run" else rounds)
        return objects[-1]

    objects: list[int] = []

    measure(100)
    gc.collect()
    few, many = measure(50), measure(1000)
    assert many - few < 50


def test_channels_are_freed_with_their_waiters() -> None:
    refs: Refs = []

    def main() -> None:
        def waiting() -> None:
            ch = Chan[Value]()
            go(lambda: ch.send(watched(refs)))
            select(recv(None), send(Chan[Value](), watched(refs)), timeout(3600))

        go(waiting)
        for _ in range(3):
            gosched()
        assert alive(refs) == 2

    run(main)
    gc.collect()
    assert alive(refs) == 0


@pytest.mark.gochan(leaks=True)
@pytest.mark.skipif(not COMPILED, reason="Python's own classes are always the collector's business")
def test_the_collector_skips_the_greenlets_of_parked_goroutines() -> None:
    """Or it would go over a million of them again and again."""

    def tracked() -> int:
        return sum(type(o) is greenlet for o in gc.get_objects())

    before = tracked()
    ch = Chan[int]()
    for _ in range(100):
        go(ch.recv)
    gosched()
    assert tracked() - before < 20


def test_the_greenlet_of_a_goroutine_that_has_ended_is_the_collector_s_again() -> None:
    """It still refers to main's, which greenlet would free if it saw no reference to it."""
    kept: list[greenlet] = []

    def main() -> None:
        go(lambda: kept.append(getcurrent()))
        gosched()

    run(main)
    assert kept[0].dead
    assert gc.is_tracked(kept[0])
