"""select: what Go's spec says of it, chance included."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from math import inf, nan
from random import Random
from time import monotonic

import pytest

from gochan import Case, Chan, Deadlock, Panic, close, default, go, recv, run, select, send, timeout
from gochan.runtime import gosched


def ready_now(case: Case[object]) -> bool:
    """Return whether a case is ready, and run it if so."""
    return select(case, default)[0] == 0


# --- one case at a time -----------------------------------------------------------------------------------


def test_a_ready_receive() -> None:
    ch = Chan[int](1)
    ch << 5
    assert select(recv(ch)) == (0, 5, True)


def test_a_ready_send() -> None:
    ch = Chan[int](1)
    assert select(send(ch, 5)) == (0, None, True)
    assert ch.recv() == 5


def test_a_receive_that_waits() -> None:
    def main() -> object:
        ch = Chan[str]()
        go(ch.send, "hello")
        return select(recv(ch))

    assert run(main) == (0, "hello", True)


def test_a_send_that_waits() -> None:
    def main() -> object:
        ch, got = Chan[str](), Chan[str](1)
        go(lambda: got.send(ch.recv()))
        return select(send(ch, "hello")), got.recv()

    assert run(main) == ((0, None, True), "hello")


def test_a_closed_channel_is_ready_to_receive() -> None:
    ch = Chan[int](1)
    ch << 1
    ch.close()
    assert select(recv(ch), default) == (0, 1, True)
    assert select(recv(ch), default) == (0, 0, False)


def test_a_close_while_waiting_to_receive() -> None:
    def main() -> object:
        a, b = Chan[str](), Chan[int]()
        go(b.close)
        return select(recv(a), recv(b))

    assert run(main) == (1, 0, False)


def test_a_send_on_a_closed_channel_panics() -> None:
    ch = Chan[int]()
    ch.close()
    with pytest.raises(Panic, match=r"^send on closed channel$"):
        select(send(ch, 1), default)


@pytest.mark.gochan
def test_a_close_while_waiting_to_send_panics() -> None:
    a, b = Chan[int](), Chan[int]()
    go(b.close)
    with pytest.raises(Panic, match=r"^send on closed channel$"):
        select(send(a, 1), send(b, 1))
    # It has left the other queue, too.
    assert not ready_now(recv(a))


# --- nil channels, default, timeout -----------------------------------------------------------------------


def test_a_nil_channel_is_never_ready() -> None:
    ch = Chan[int](1)
    assert select(recv(None), send(None, 1), default) == (2, None, False)
    assert select(recv(None), send(None, 1), send(ch, 1)) == (2, None, True)
    assert select(recv(None), timeout(0)) == (1, None, True)
    with pytest.raises(Deadlock):
        run(lambda: select(recv(None), send(None, 1)))


def test_default_runs_when_nothing_is_ready() -> None:
    ch = Chan[int]()
    assert select(recv(ch), send(ch, 1), default) == (2, None, False)
    assert select(default) == (0, None, False)
    assert select(default, recv(ch)) == (0, None, False)


def test_default_never_runs_when_a_case_is_ready() -> None:
    ch = Chan[int](1)
    for _ in range(100):
        assert select(default, send(ch, 1)) == (1, None, True)
        assert select(default, recv(ch)) == (1, 1, True)


@pytest.mark.parametrize("after", [0, 0.0, -1, -inf, nan, timedelta(0), timedelta(days=-1), -(10**400)])
def test_a_timeout_of_nothing_runs_when_no_other_case_is_ready(after: float | timedelta) -> None:
    ch = Chan[int](1)
    assert select(recv(ch), timeout(after)) == (1, None, True)
    for _ in range(50):
        assert select(timeout(after), send(ch, 1)) == (1, None, True)
        assert select(timeout(after), recv(ch)) == (1, 1, True)


@pytest.mark.parametrize("after", [0.005, timedelta(milliseconds=5)])
def test_a_timeout_is_kept(after: float | timedelta) -> None:
    begin = monotonic()
    assert select(recv(Chan[int]()), timeout(after)) == (1, None, True)
    assert 0.005 <= monotonic() - begin < 10


@pytest.mark.parametrize("after", [1e-9, 3600, 1e12, inf, 10**400, timedelta.max])
def test_a_timeout_loses_to_a_value(after: float | timedelta) -> None:
    def main() -> object:
        ch = Chan[int]()
        if after == 1e-9:
            ch = Chan[int](1)
            ch << 5
        else:
            go(ch.send, 5)
        return select(timeout(after), recv(ch))

    assert run(main) == (1, 5, True)


def test_the_shortest_of_several_timeouts_runs() -> None:
    assert select(timeout(9), timeout(0.003), timeout(0.002), timeout(8)) == (2, None, True)


def test_after_a_timeout_nothing_is_left_in_the_queues() -> None:
    a, b = Chan[int](), Chan[int]()
    assert select(recv(a), send(b, 1), timeout(0)) == (2, None, True)
    assert not ready_now(send(a, 1))
    assert not ready_now(recv(b))


def test_select_without_cases_waits_for_good() -> None:
    def main() -> None:
        go(lambda: None)
        select()

    with pytest.raises(Deadlock, match=r"select \(no cases\)"):
        run(main)


# --- several cases ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cases", [2, 3, 5, 8])
def test_the_choice_among_ready_cases_is_fair(cases: int) -> None:
    """Each of n cases is taken N/n times of N, to seven standard deviations: chance keeps to that."""
    rounds = 3000
    channels = [Chan[int](1) for _ in range(cases)]
    for i, ch in enumerate(channels):
        ch << i
    taken = Counter[int]()
    for _ in range(rounds):
        i, value, ok = select(*map(recv, channels))
        assert value == i
        assert ok
        taken[i] += 1
        channels[i] << i
    p = 1 / cases
    margin = 7 * (rounds * p * (1 - p)) ** 0.5
    assert all(abs(taken[i] - rounds * p) < margin for i in range(cases)), taken


def test_the_choice_is_fair_between_sends_and_receives() -> None:
    full, empty = Chan[int](1), Chan[int](1)
    taken = Counter[int]()
    for _ in range(2000):
        if not len(full):
            full << 1
        if len(empty):
            empty.recv()
        taken[select(recv(full), recv(None), send(empty, 1))[0]] += 1
    assert set(taken) == {0, 2}
    assert abs(taken[0] - 1000) < 7 * 500**0.5


def test_the_choice_does_not_follow_the_round() -> None:
    """Successive draws are independent: each pair of choices is as frequent as any other."""
    a, b = Chan[int](1), Chan[int](1)
    pairs = Counter[tuple[int, int]]()
    last = 0
    for _ in range(4000):
        for ch in (a, b):
            if not len(ch):
                ch << 1
        i = select(recv(a), recv(b))[0]
        pairs[last, i] += 1
        last = i
    assert len(pairs) == 4
    assert all(abs(n - 1000) < 7 * 750**0.5 for n in pairs.values()), pairs


def test_the_same_channel_in_several_cases() -> None:
    ch = Chan[int](1)
    seen = set()
    for i in range(200):
        ch << i
        index, value, ok = select(recv(ch), recv(ch), recv(ch))
        assert (value, ok) == (i, True)
        seen.add(index)
    assert seen == {0, 1, 2}
    seen.clear()
    for _ in range(200):
        index, _, _ = select(send(ch, 0), send(ch, 1), send(ch, 2))
        assert ch.recv() == index
        seen.add(index)
    assert seen == {0, 1, 2}


@pytest.mark.gochan
def test_the_same_channel_in_several_cases_that_wait() -> None:
    """One sender is one value; the cases that lost are not receivers for the next."""
    ch = Chan[int]()
    go(ch.send, 7)
    _, value, ok = select(recv(ch), recv(ch))
    assert (value, ok) == (7, True)
    assert not ready_now(send(ch, 8))
    go(lambda: select(send(ch, 1), send(ch, 2)))
    assert ch.recv() in {1, 2}
    assert not ready_now(recv(ch))


def test_the_choice_among_places_in_the_same_queue_is_fair() -> None:
    """A select that waits on one channel in several cases is woken by any of them, as Go permutes them."""
    rounds = 900

    def main() -> tuple[Counter[int], Counter[int]]:
        ch, other, result = Chan[int](), Chan[int](), Chan[int](1)
        received, sent = Counter[int](), Counter[int]()

        def receive() -> None:
            index, value, _ = select(recv(ch), recv(other), recv(ch), recv(ch))
            assert value == 7
            result.send(index)

        def put() -> None:
            result.send(select(send(ch, 0), recv(other), send(ch, 2), send(ch, 3))[0])

        for _ in range(rounds):
            go(receive)
            # Twice, as main runs first at every 61st tick.
            gosched()
            gosched()
            assert ready_now(send(ch, 7))
            received[result.recv()] += 1
            go(put)
            gosched()
            gosched()
            value = ch.recv()
            index = result.recv()
            assert value == index
            sent[index] += 1
        return received, sent

    for taken in run(main):
        assert set(taken) == {0, 2, 3}
        assert all(abs(n - rounds / 3) < 7 * (rounds * 2 / 9) ** 0.5 for n in taken.values()), taken


def test_send_and_receive_on_the_same_channel() -> None:
    """A goroutine never meets itself; with room or values in the buffer either case may run."""
    with pytest.raises(Deadlock):
        run(lambda: select(send(ch, 1), recv(ch)) if (ch := Chan[int]()) else None)
    ch = Chan[int](2)
    ch << 9
    seen = set()
    for _ in range(100):
        index, value, _ = select(send(ch, 9), recv(ch))
        seen.add((index, value))
        if len(ch) != 1:
            ch.recv() if len(ch) else ch.send(9)
    assert seen == {(0, None), (1, 9)}


def test_send_and_receive_on_the_same_channel_in_two_goroutines() -> None:
    """Both select on both: one sends, the other receives."""

    def main() -> list[object]:
        ch = Chan[int]()
        results = Chan[object](2)

        def both(i: int) -> None:
            results.send((i, select(send(ch, i), recv(ch))))

        go(both, 1)
        go(both, 2)
        return [results.recv(), results.recv()]

    for _ in range(20):
        # 2 runs first and waits; 1 finds both its cases ready.
        got = dict(run(main))
        assert got in (
            {1: (0, None, True), 2: (1, 1, True)},
            {1: (1, 2, True), 2: (0, None, True)},
        )


def test_both_ends_in_selects() -> None:
    def main() -> tuple[object, object]:
        a, b = Chan[int](), Chan[int]()
        result = Chan[object](1)
        go(lambda: result.send(select(send(a, 1), recv(b))))
        mine = select(recv(a), send(b, 2))
        return mine, result.recv()

    for _ in range(20):
        assert run(main) in (
            ((0, 1, True), (0, None, True)),
            ((1, None, True), (1, 2, True)),
        )


@pytest.mark.gochan
def test_one_select_takes_one_value() -> None:
    """A select that one sender has won is not a receiver for a second, though it has not run yet."""
    a, b = Chan[int](), Chan[int]()
    result = Chan[object](1)
    go(lambda: result.send(select(recv(a), recv(b))))
    gosched()
    assert ready_now(send(b, 1))
    assert not ready_now(send(a, 2))
    assert not ready_now(send(b, 3))
    assert result.recv() == (1, 1, True)
    go(lambda: result.send(select(send(a, 4), send(b, 5))))
    gosched()
    assert select(recv(b), default) == (0, 5, True)
    assert select(recv(a), recv(b), default) == (2, None, False)


def test_the_first_in_line_is_served_among_selects_and_plain_receivers() -> None:
    def main() -> list[str]:
        ch, other = Chan[int](), Chan[int]()
        log: list[str] = []

        def plain(name: str) -> None:
            log.append(f"{name} {ch.recv()}")

        def selecting(name: str) -> None:
            log.append(f"{name} {select(recv(other), recv(ch))[1]}")

        for f, name in ((selecting, "s1"), (plain, "p1"), (selecting, "s2"), (plain, "p2")):
            go(f, name)
            gosched()
        for i in range(4):
            ch.send(i)
            gosched()
        return log

    assert run(main) == ["s1 0", "p1 1", "s2 2", "p2 3"]


def test_a_case_that_won_leaves_the_middle_of_a_queue() -> None:
    """Waiters anywhere in a queue are removed, and the others keep their order."""

    def main() -> list[int]:
        ch = Chan[int]()
        ways = [Chan[int]() for _ in range(5)]
        got: list[int] = []

        def worker(i: int) -> None:
            if select(recv(ways[i]), recv(ch))[0] == 1:
                got.append(i)

        for i in range(5):
            go(worker, i)
            gosched()
        for i in (2, 4, 0):
            ways[i].send(0)
            gosched()
        for _ in range(2):
            ch.send(0)
            gosched()
        assert not ready_now(send(ch, 0))
        return got

    assert run(main) == [1, 3]


@pytest.mark.gochan
def test_a_case_can_be_used_again() -> None:
    ch = Chan[int]()
    get, put, limit = recv(ch), send(ch, 3), timeout(0)
    for _ in range(3):
        assert select(get, limit) == (1, None, True)
        assert select(put, default) == (1, None, False)
        go(lambda: select(put))
        assert select(get) == (0, 3, True)
    # Two goroutines may wait with the same case at once.
    got = Chan[object](2)
    for _ in range(2):
        go(lambda: got.send(select(get)))
    gosched()
    ch << 1
    ch << 2
    assert {got.recv(), got.recv()} == {(0, 1, True), (0, 2, True)}


@pytest.mark.gochan
def test_many_cases() -> None:
    channels = [Chan[int]() for _ in range(300)]
    cases = [recv(ch) for ch in channels]
    for i in range(0, 300, 37):
        go(channels[i].send, i)
        assert select(*cases) == (i, i, True)
    assert select(*cases, default) == (300, None, False)
    # All of their queues are empty again.
    assert not any(ready_now(send(ch, 0)) for ch in channels)


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_lost_or_doubled(seed: int) -> None:
    """Twenty goroutines send and receive by selects, plain calls and timeouts, on channels of all kinds."""
    random = Random(seed)
    channels = [Chan[int](capacity) for capacity in (0, 0, 0, 1, 3)]
    sent: list[int] = []
    received: list[int] = []

    def sender(number: int) -> None:
        for i in range(number, number + 30):
            ch = random.choice(channels)
            other = random.choice(channels)
            kind = random.randrange(4)
            if kind == 0:
                ch.send(i)
            elif kind == 1:
                select(send(ch, i), send(other, i))
            elif select(send(ch, i), send(other, i), default if kind == 2 else timeout(0))[0] == 2:
                continue
            sent.append(i)

    def receiver() -> None:
        while True:
            ch = random.choice(channels)
            other = random.choice(channels)
            kind = random.randrange(4)
            if kind == 0:
                value, ok = ch.recv_ok()
            elif kind == 1:
                _, value, ok = select(recv(ch), recv(other), recv(ch))
            else:
                index, value, ok = select(recv(ch), recv(other), default if kind == 2 else timeout(0))
                if index == 2:
                    gosched()
                    continue
            if not ok:
                return
            received.append(value)

    def main() -> None:
        finished = Chan[None](20)

        def then(f: Callable[..., None], *args: int) -> None:
            f(*args)
            finished.send(None)

        for i in range(10):
            go(then, sender, 1000 * i)
        for _ in range(10):
            go(then, receiver)
        senders = 10
        while senders:
            # All receivers may wait on other channels than the last senders do: then main takes the value.
            match select(recv(finished), *map(recv, channels)):
                case 0, _, _:
                    senders -= 1
                case _, value, _:
                    received.append(value)
        # The receivers end with the channels.
        for ch in channels:
            ch.close()
        for _ in range(10):
            finished.recv()
        for ch in channels:
            received.extend(ch)

    run(main)
    assert len(sent) > 100
    assert sorted(received) == sorted(sent)


def test_reprs() -> None:
    ch = Chan[int]()
    cases = recv(ch), send(ch, 1), recv(None), timeout(1), default
    select(*cases)
    texts = f"recv({ch!r})", f"send({ch!r}, ...)", "recv(None)", "timeout(1.0)", "default"
    assert tuple(map(repr, cases)) == texts


def test_one_case_waits_in_many_selects_at_once() -> None:
    """Its own place is taken by the first; the others, and a second place in one select, wait by copies."""

    def main() -> list[tuple[int, int, bool]]:
        ch, never, results = Chan[int](), Chan[int](), Chan[tuple[int, int, bool]](9)
        case, idle = recv(ch), recv(never)
        for _ in range(3):
            go(lambda: results.send(select(case, idle, case)))
        gosched()
        for v in range(3):
            ch.send(v)
            gosched()
        # No goroutine waits any more.
        assert select(send(ch, 9), send(never, 9), default)[0] == 2
        # And it is good for another one.
        go(lambda: results.send(select(idle, case)))
        gosched()
        close(ch)
        return [results.recv() for _ in range(4)]

    got = run(main)
    assert [(v, ok) for _, v, ok in got] == [(0, True), (1, True), (2, True), (0, False)]
    assert all(i in (0, 2) for i, _, _ in got[:3])
    assert got[3][0] == 1
