"""Depth and width: far more of everything than a program has, and recursion to the end of Python's stack."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from memory import resident
from sizes import Sizes

from gochan import Chan, close, default, go, recv, run, select, send, sync, synctest, time, timeout
from gochan._engine.impl import sched
from gochan.runtime import COMPILED, gosched, num_goroutine


def test_a_daisy_chain(size: Sizes) -> None:
    def link(left: Chan[int], right: Chan[int]) -> None:
        left.send(1 + right.recv())

    def main() -> int:
        leftmost = right = Chan[int]()
        for _ in range(size.chain):
            left = right
            right = Chan[int]()
            go(link, left, right)
        go(right.send, 1)
        return leftmost.recv()

    assert run(main) == size.chain + 1


@pytest.mark.gochan
@pytest.mark.parametrize("kind", ["receive", "send"])
def test_a_select_over_many_channels(kind: str, size: Sizes) -> None:
    """One that waits is woken by any of them, and leaves all the other queues; ready ones are found."""
    channels = [Chan[int]() for _ in range(size.cases)]
    answer = Chan[tuple[int, int | None]]()
    cases = [recv(ch) if kind == "receive" else send(ch, i) for i, ch in enumerate(channels)]

    @go
    def _() -> None:
        for _ in range(4):
            index, v, _ = select(*cases)
            answer.send((index, v))

    for i in (0, size.cases - 1, size.cases // 2):
        gosched()
        if not COMPILED:
            assert all((ch._recvq.first or ch._sendq.first) is not None for ch in channels)
        if kind == "receive":
            channels[i].send(i)
            assert answer.recv() == (i, i)
        else:
            assert channels[i].recv() == i
            assert answer.recv() == (i, None)
    # One of many that are ready: each has a goroutine at the other end.
    for i, ch in enumerate(channels):
        go(ch.send, i) if kind == "receive" else go(ch.recv)
    index, v = answer.recv()
    assert v == (index if kind == "receive" else None)
    for _ in range(5):
        gosched()
    for i, ch in enumerate(channels):
        if i == index:
            continue
        case = recv(ch) if kind == "receive" else send(ch, i)
        assert select(case, default)[0] == 0
    gosched()
    if not COMPILED:
        assert all(ch._recvq.first is None and ch._sendq.first is None for ch in channels)
    assert all(select(recv(ch), send(ch, 0), default)[0] == 2 for ch in channels)


@pytest.mark.gochan
def test_a_buffer(size: Sizes) -> None:
    ch = Chan[int](size.buffer)
    for i in range(size.buffer):
        ch.send(i)
    assert len(ch) == size.buffer
    assert select(send(ch, -1), default)[0] == 1
    # Half out, half in: it goes round.
    half = size.buffer // 2
    for i in range(half):
        assert ch.recv() == i
    for i in range(half):
        ch.send(size.buffer + i)
    close(ch)
    expected = half
    for v in ch:
        assert v == expected
        expected += 1
    assert expected == size.buffer + half


@pytest.mark.gochan
def test_goroutines_that_wait_at_once(size: Sizes) -> None:
    """All on one channel; a close wakes them all."""
    ch, arrived = Chan[int](), 0
    gone = sync.WaitGroup()

    def one() -> None:
        nonlocal arrived
        arrived += 1
        ch.recv()

    before = resident()
    for _ in range(size.goroutines):
        gone.go(one)
    while arrived < size.goroutines:
        gosched()
    assert num_goroutine() == size.goroutines + 1
    each = (resident() - before) / size.goroutines
    close(ch)
    gone.wait()
    print(f"\n{size.goroutines:,} goroutines waited at once, {each / 1000:.1f} KB each")


def test_timers_due_at_one_instant(size: Sizes) -> None:
    """On the virtual clock; in the order in which they were set, and not one before its time."""
    fired: list[int] = []

    def bubble() -> None:
        start = time.now()
        ended = sync.WaitGroup()

        def sleeper(i: int) -> None:
            time.sleep(3600)
            fired.append(i)

        tenth = size.timers // 10
        for i in range(tenth):
            ended.go(sleeper, i)
        timers = [time.after_func(3600, lambda i=i: fired.append(i)) for i in range(tenth, size.timers)]
        time.sleep(3599)
        assert fired == []
        assert num_goroutine() == 2 + tenth
        time.sleep(1)
        synctest.wait()
        ended.wait()
        assert time.since(start) == 3600
        assert not any(timer.stop() for timer in timers)

    run(synctest.test, bubble)
    assert sorted(fired) == list(range(size.timers))


def test_timers_due_at_one_instant_of_the_real_clock(size: Sizes) -> None:
    """Set for one moment, they fire in the order in which they were set, in one sweep."""

    def main() -> list[int]:
        fired: list[int] = []
        sched.moment = now = sched.now()
        timers = [time.after_func(3600, lambda i=i: fired.append(i)) for i in range(size.timers)]
        sched.moment = now + 10**9 * 3600 - 1
        gosched()
        assert not fired and num_goroutine() == 1
        sched.moment += 1
        gosched()
        assert len(fired) + num_goroutine() == 1 + size.timers
        while num_goroutine() > 1:
            gosched()
        sched.moment = None
        assert not any(timer.stop() for timer in timers)
        return fired

    # As for goroutines made ready one by one: the last runs next, and the others follow in order.
    fired = run(main)
    assert sorted(fired) == list(range(size.timers))


# --- depth ------------------------------------------------------------------------------------------------


def depth_left() -> int:
    """Return how many calls deeper Python still goes from here."""

    def down(n: int) -> int:
        try:
            return down(n + 1)
        except RecursionError:
            return n

    return down(0)


@pytest.mark.parametrize("where", ["main", "goroutine", "goroutine of a goroutine"])
def test_every_goroutine_has_the_whole_depth(where: str) -> None:
    """However deep the one stood that started it: a goroutine gets as far down as main does at its top."""
    depths: list[int] = []

    def measure() -> None:
        depths.append(depth_left())

    def deep(n: int, then: Callable[[], object]) -> None:
        if n:
            deep(n - 1, then)
        else:
            then()

    def main() -> None:
        measure()
        if where == "goroutine":
            deep(500, lambda: go(measure))
        elif where == "goroutine of a goroutine":
            go(deep, 500, lambda: go(deep, 500, lambda: go(measure)))
        for _ in range(5):
            gosched()

    run(main)
    if where != "main":
        first, last = depths
        assert last > first - 20


OPERATIONS: dict[str, Callable[[Chan[int], Chan[int]], object]] = {
    "send": lambda a, b: a.send(0),
    "recv": lambda a, b: b.recv(),
    "select": lambda a, b: select(send(a, 0), timeout(3600)),
    "gosched": lambda a, b: gosched(),
    "sleep": lambda a, b: time.sleep(1e-9),
    "go": lambda a, b: go(gosched),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operations_at_the_end_of_the_stack(operation: str) -> None:
    """Whether one succeeds or raises RecursionError, no other goroutine loses a value or a wake-up.

    Interpreted, an operation makes calls itself, and is promised to be whole while there is room for them.
    """
    limit = sys.getrecursionlimit()
    outcomes = {"done": 0, "raised": 0}

    def at_depth(n: int, a: Chan[int], b: Chan[int]) -> None:
        if n:
            at_depth(n - 1, a, b)
        else:
            OPERATIONS[operation](a, b)

    def main() -> None:
        a, b, stop = Chan[int](), Chan[int](), Chan[None]()
        got, given = 0, 0
        others = sync.WaitGroup()

        def taker() -> None:
            nonlocal got
            while select(recv(a), recv(stop))[0] == 0:
                got += 1

        def giver() -> None:
            nonlocal given
            while select(send(b, given), recv(stop))[0] == 0:
                given += 1

        others.go(taker)
        others.go(giver)
        beats = 0

        def beating(ping: Chan[int], pong: Chan[int]) -> None:
            nonlocal beats
            for v in ping:
                beats += 1
                pong.send(v)

        ping, pong = Chan[int](), Chan[int]()
        others.go(beating, ping, pong)
        done = 0

        def deep(n: int) -> None:
            nonlocal done
            try:
                at_depth(n, a, b)
            except RecursionError:
                outcomes["raised"] += 1
            else:
                outcomes["done"] += 1
            done += 1

        # A goroutine's depth is not main's.
        depths = Chan[int](1)
        go(lambda: depths.send(depth_left()))
        deepest = depths.recv()
        first, last = (deepest - 60, deepest + 5) if COMPILED else (deepest - 90, deepest - 25)
        for n in range(first, last):
            wg = sync.WaitGroup()
            for _ in range(3):
                wg.go(deep, n)
            # Others are in the run queue while the deep ones park.
            ping.send(n)
            wg.wait()
            assert pong.recv() == n
        assert done == 3 * 65
        assert beats == 65
        gosched()
        if operation == "send":
            assert got == outcomes["done"]
        elif operation == "recv":
            assert given == outcomes["done"]
        close(stop)
        close(ping)
        others.wait()
        for _ in range(100):
            gosched()
        assert num_goroutine() == 1
        assert sched.timeout() == -1

    run(main)
    assert sys.getrecursionlimit() == limit
    assert outcomes["done"]
    assert outcomes["raised"] or not COMPILED
