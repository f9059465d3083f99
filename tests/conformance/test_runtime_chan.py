"""Follows Go's runtime/chan_test.go and runtime/chanbarrier_test.go.

Where a test there sleeps so that goroutines come to wait, `let_others_run` says so exactly; the numbers are
smaller, since nothing here depends on luck.
"""

from __future__ import annotations

import gc
import math
from collections import Counter
from collections.abc import Callable

import pytest
from goroutines import let_others_run

from gochan import (
    Chan,
    cap,
    close,
    default,
    defer,
    go,
    recv,
    run,
    runtime,
    select,
    send,
    sync,
    time,
)

CAPACITIES = [0, 1, 2, 7, 19]


# --- TestChan, part by part ------------------------------------------------------------------------------


@pytest.mark.gochan
@pytest.mark.parametrize("capacity", CAPACITIES)
def test_chan_receive_from_empty_blocks(capacity: int) -> None:
    """TestChan: a receive from an empty channel waits, in both forms; a select with default does not."""
    ch = Chan[int](capacity)
    received: list[object] = []
    go(lambda: received.append(ch.recv()))
    go(lambda: received.append(ch.recv_ok()))
    let_others_run()
    assert received == []
    assert select(recv(ch), default) == (1, None, False)
    ch.send(0)
    ch.send(0)
    let_others_run()
    assert sorted(received, key=str) == [(0, True), 0]


@pytest.mark.gochan
@pytest.mark.parametrize("capacity", CAPACITIES)
def test_chan_send_to_full_blocks(capacity: int) -> None:
    """TestChan: a send to a full channel waits; a select with default does not, and sends nothing."""
    ch = Chan[int](capacity)
    for i in range(capacity):
        ch.send(i)
    sent = False

    @go
    def _() -> None:
        nonlocal sent
        ch.send(capacity)
        sent = True

    let_others_run()
    assert not sent
    assert select(send(ch, -1), default) == (1, None, False)
    assert [ch.recv() for _ in range(capacity + 1)] == list(range(capacity + 1))
    let_others_run()
    assert sent


@pytest.mark.gochan
@pytest.mark.parametrize("capacity", CAPACITIES)
def test_chan_close(capacity: int) -> None:
    """TestChan: what is buffered comes out of a closed channel, then zero values; close wakes a receiver."""
    ch = Chan[int](capacity)
    for i in range(capacity):
        ch.send(i + 1)
    close(ch)
    assert [ch.recv() for _ in range(capacity)] == [i + 1 for i in range(capacity)]
    assert ch.recv() == 0
    assert ch.recv_ok() == (0, False)

    ch, woken = Chan[int](capacity), Chan[tuple[int, bool]]()
    go(lambda: woken.send(ch.recv_ok()))
    let_others_run()
    close(ch)
    assert woken.recv() == (0, False)


@pytest.mark.gochan
@pytest.mark.parametrize("capacity", CAPACITIES)
def test_chan_order(capacity: int) -> None:
    """TestChan: values come out in the order they went in, by either form of receive."""
    ch = Chan[int](capacity)

    def sender() -> None:
        for i in range(100):
            ch.send(i)

    go(sender)
    assert [ch.recv() for _ in range(100)] == list(range(100))
    go(sender)
    assert [ch.recv_ok() for _ in range(100)] == [(i, True) for i in range(100)]


@pytest.mark.parametrize("capacity", CAPACITIES)
def test_chan_many_to_many(capacity: int) -> None:
    """TestChan: four senders and four receivers: each value arrives as often as it was sent."""

    def main() -> Counter[int]:
        ch, done = Chan[int](capacity), Chan[Counter[int]]()

        def sender() -> None:
            for i in range(200):
                ch.send(i)

        for _ in range(4):
            go(sender)
        for _ in range(4):
            go(lambda: done.send(Counter(ch.recv() for _ in range(200))))
        return sum((done.recv() for _ in range(4)), Counter())

    assert run(main) == dict.fromkeys(range(200), 4)


@pytest.mark.parametrize("capacity", CAPACITIES)
def test_chan_len_and_cap(capacity: int) -> None:
    """TestChan: len and cap, empty and full."""
    ch = Chan[int](capacity)
    assert (len(ch), cap(ch)) == (0, capacity)
    for i in range(capacity):
        ch.send(i)
    assert (len(ch), cap(ch)) == (capacity, capacity)


# --- the rest of chan_test.go ----------------------------------------------------------------------------


def test_nonblock_recv_race() -> None:
    """TestNonblockRecvRace: a closed channel with a value is always ready, whichever goroutine polls."""

    def main(let_it_look: bool) -> None:
        ch, taken = Chan[int](1), []
        ch.send(1)
        go(lambda: taken.append(select(recv(ch), default)[0]))
        close(ch)
        if let_it_look:
            let_others_run()
        ch.recv()
        let_others_run()
        assert taken == [0]

    run(main, False)
    run(main, True)


@pytest.mark.gochan
@pytest.mark.parametrize("how", ["send", "close"])
@pytest.mark.parametrize("turn", range(4))
def test_nonblock_select_race(turn: int, how: str) -> None:
    """TestNonblockSelectRace, TestNonblockSelectRace2: one of two channels is ready at each moment, so that a
    select never falls to its default, whenever it runs."""
    c1, c2, chosen = Chan[int](1), Chan[int](1), []
    c1.send(1)
    go(lambda: chosen.append(select(recv(c1), recv(c2), default)[0]))
    if turn == 0:
        let_others_run()
    if how == "send":
        c2.send(1)
    else:
        close(c2)
    if turn == 1:
        let_others_run()
    select(recv(c1), default)
    if turn == 2:
        let_others_run()
    let_others_run()
    assert chosen[0] in (0, 1)


@pytest.mark.gochan
@pytest.mark.parametrize("capacity", [0, 10])
def test_self_select(capacity: int) -> None:
    """TestSelfSelect: two goroutines that both send and receive on one channel, in one select: neither meets
    itself, and no goroutine is left waiting."""
    ch, wg = Chan[int](capacity), sync.WaitGroup()
    met: Counter[tuple[int, int]] = Counter()

    def worker(p: int) -> None:
        for i in range(1000):
            if p == 0 or i % 2 == 0:
                index, v, _ = select(send(ch, p), recv(ch))
                received = index == 1
            else:
                index, v, _ = select(recv(ch), send(ch, p))
                received = index == 0
            if received:
                met[p, v] += 1

    wg.go(worker, 0)
    wg.go(worker, 1)
    wg.wait()
    if capacity == 0:
        assert met[0, 0] == met[1, 1] == 0
        assert met[0, 1] + met[1, 0] == 1000
    assert met.total() <= 1000


@pytest.mark.gochan
def test_select_stress() -> None:
    """TestSelectStress: plain senders and receivers, one select of four sends, one of four receives, all on
    the same four channels: every one of them does all it has to."""
    n = 500
    chans = [Chan[int](), Chan[int](), Chan[int](2), Chan[int](3)]
    wg = sync.WaitGroup()

    def sender(ch: Chan[int]) -> None:
        for _ in range(n):
            ch.send(0)

    def receiver(ch: Chan[int]) -> None:
        for _ in range(n):
            ch.recv()

    def selector(case: Callable[[Chan[int] | None], object], order: list[int]) -> None:
        left: list[Chan[int] | None] = [chans[k] for k in order]
        done = [0] * 4
        for _ in range(4 * n):
            index = select(*map(case, left))[0]  # type: ignore[arg-type]
            done[index] += 1
            if done[index] == n:
                left[index] = None
        assert done == [n] * 4

    for ch in chans:
        wg.go(sender, ch)
        wg.go(receiver, ch)
    wg.go(selector, lambda ch: send(ch, 0), [3, 2, 0, 1])
    wg.go(selector, recv, [0, 1, 2, 3])
    wg.wait()
    assert [len(ch) for ch in chans] == [0] * 4


@pytest.mark.gochan
def test_select_fairness() -> None:
    """TestSelectFairness: of two channels that are always ready, each is chosen about as often."""
    trials = 2000
    c1, c2 = Chan[int](trials + 1), Chan[int](trials + 1)
    for _ in range(trials + 1):
        c1.send(1)
        c2.send(2)
    c3, c4, out, done = Chan[int](), Chan[int](), Chan[int](), Chan[None]()

    @go
    def _() -> None:
        while True:
            value = select(recv(c3), recv(c4), recv(c1), recv(c2))[1]
            if select(send(out, value), recv(done))[0] == 1:
                return

    counts = Counter(out.recv() for _ in range(trials))
    close(done)
    assert set(counts) == {1, 2}
    # Ten standard deviations of a fair coin.
    assert abs(counts[1] - trials / 2) <= 10 * math.sqrt(trials / 4)


def test_chan_send_interface() -> None:
    """TestChanSendInterface: objects of any kind are sent by every form, into a channel that is full as
    well."""

    class Thing:
        pass

    ch, thing = Chan[object](1), Thing()
    ch.send(thing)
    assert select(send(ch, thing), default)[0] == 1
    assert select(send(ch, thing), send(ch, Thing()), default)[0] == 2
    assert ch.recv() is thing


@pytest.mark.gochan
@pytest.mark.parametrize("capacity", [0, 100])
def test_pseudo_random_send(capacity: int) -> None:
    """TestPseudoRandomSend: two sends to one channel in a select: each is chosen, and often."""
    ch, got, done = Chan[int](capacity), [], Chan[None]()

    @go
    def _() -> None:
        for _ in range(100):
            runtime.gosched()
            got.append(ch.recv())
        close(done)

    for _ in range(100):
        select(send(ch, 1), send(ch, 0))
    done.recv()
    # Whether the value comes out of a buffer, or from one of the select's two waiters in the queue.
    assert 10 < sum(got) < 90


@pytest.mark.gochan
def test_multi_consumer() -> None:
    """TestMultiConsumer: 23 workers between two buffered channels, out of step: nothing is lost or
    doubled."""
    workers, count = 23, 5000
    primes = [2, 3, 7, 11, 13, 17, 19, 23, 27, 31]
    work, results, wg = Chan[int](workers * 3), Chan[int](workers * 3), sync.WaitGroup()

    def worker(w: int) -> None:
        for v in work:
            if primes[w % len(primes)] == v:
                runtime.gosched()
            results.send(v)

    for w in range(workers):
        wg.go(worker, w)

    @go
    def _() -> None:
        for i in range(count):
            work.send(primes[i % len(primes)])
        close(work)
        wg.wait()
        close(results)

    assert Counter(results) == dict.fromkeys(primes, count // len(primes))


@pytest.mark.gochan
def test_shrink_stack_during_blocked_send() -> None:
    """TestShrinkStackDuringBlockedSend, TestNoShrinkStackWhileParking: a sender that recursed deeply just
    before it waits, with a garbage collection in between: the value arrives undamaged."""

    def deep(n: int) -> int:
        return 0 if n == 0 else 1 + deep(n - 1)

    ch, done = Chan[list[int]](), Chan[None]()

    @go
    def _() -> None:
        for i in range(10):
            ch.send([i, deep(200)])
        close(done)

    for i in range(10):
        let_others_run()
        gc.collect()
        assert ch.recv() == [i, 200]
    done.recv()


@pytest.mark.gochan
def test_select_duplicate_channel() -> None:
    """TestSelectDuplicateChannel: a select waits twice in one queue, with another behind; won elsewhere, it
    leaves the queue to that one."""
    c, d, e = Chan[int](), Chan[int](), Chan[int]()

    @go
    def _() -> None:
        select(recv(c), recv(c), recv(d))
        e.send(9)

    let_others_run()
    second: list[int] = []
    go(lambda: second.append(c.recv()))
    let_others_run()
    d.send(7)
    assert e.recv() == 9
    c.send(8)
    let_others_run()
    assert second == [8]


@pytest.mark.gochan
@pytest.mark.parametrize("twice", [False, True])
def test_select_stack_adjust(twice: bool) -> None:
    """TestSelectStackAdjust: while a select waits, deep in calls, garbage is collected; the variables that
    its other cases would set are as they were."""
    c, d, done = Chan[list[int]](), Chan[list[int]](), Chan[list[int]]()

    def f(depth: int) -> None:
        if depth:
            f(depth - 1)
            return
        value = [42]
        cx = value
        match select(recv(c), recv(c if twice else None), recv(d), recv(d if twice else None)):
            case 0, cx, _:
                pass
        assert cx is value
        cx[0] += 1
        done.send(value)

    go(f, 50)
    let_others_run()
    gc.collect()
    close(d)
    assert done.recv() == [43]


# --- chanbarrier_test.go ---------------------------------------------------------------------------------


@pytest.mark.gochan
@pytest.mark.parametrize("with_select", [True, False])
def test_chan_send_barrier(with_select: bool) -> None:
    """TestChanSendSelectBarrier, TestChanSendBarrier: an object handed straight to a waiting receiver arrives
    whole, although its sender has ended and garbage is made and collected all the while."""

    class Failure(Exception):
        pass

    def request() -> tuple[None, Exception]:
        ch, done = Chan[tuple[None, Exception]](), Chan[None]()
        if with_select:
            go(lambda: select(send(ch, (None, Failure())), recv(done)))
        else:
            go(lambda: ch.send((None, Failure())))
        answer = ch.recv()
        runtime.gosched()
        return answer

    wg = sync.WaitGroup()

    def worker() -> None:
        for _ in range(50):
            response, error = request()
            assert response is None
            assert isinstance(error, Failure)
            bytearray(1 << 10)

    for _ in range(10):
        wg.go(worker)
    defer(gc.collect)
    wg.wait()


# --- beside them -----------------------------------------------------------------------------------------


@pytest.mark.gochan(synctest=True)
def test_a_timer_leaves_no_goroutine_behind() -> None:
    """What time.sleep does for many of the tests there: each sleeper is woken once, on time."""
    woken: list[int] = []

    def sleeper(n: int) -> None:
        time.sleep(n * time.MILLISECOND)
        woken.append(n)

    for n in (3, 1, 2):
        go(sleeper, n)
    time.sleep(2.5 * time.MILLISECOND)
    assert woken == [1, 2]
    time.sleep(time.SECOND)
    assert woken == [1, 2, 3]
