"""Channels, without select: what Go's spec says of send, receive, close, len, cap and range."""

from collections import deque
from datetime import timedelta
from random import Random

import pytest

from gochan import Chan, Panic, cap, close, default, go, recv, run, select, send, time
from gochan._engine.impl import sched
from gochan.runtime import gosched


def test_unbuffered_send_waits_for_its_receiver() -> None:
    log: list[str] = []

    def main() -> None:
        ch = Chan[int]()

        def sender() -> None:
            log.append("sending")
            ch.send(1)
            log.append("sent")

        go(sender)
        gosched()
        log.append("receiving")
        log.append(f"received {ch.recv()}")
        gosched()

    run(main)
    assert log == ["sending", "receiving", "received 1", "sent"]


def test_unbuffered_receive_waits_for_its_sender() -> None:
    log: list[str] = []

    def main() -> None:
        ch = Chan[int]()

        @go
        def _() -> None:
            log.append("receiving")
            log.append(f"received {ch.recv()}")

        gosched()
        log.append("sending")
        ch.send(1)
        log.append("sent")
        gosched()

    run(main)
    assert log == ["receiving", "sending", "sent", "received 1"]


def test_buffered_send_waits_only_when_full() -> None:
    log: list[str] = []

    def main() -> None:
        ch = Chan[int](2)

        @go
        def _() -> None:
            for i in range(4):
                ch.send(i)
                log.append(f"sent {i}")

        gosched()
        log.append(f"len {len(ch)}")
        log.append(f"received {ch.recv()}")
        # The sender that waited has its value in the buffer already, and goes on when main waits.
        log.append(f"len {len(ch)}")
        gosched()
        log.append(f"received {ch.recv()}")
        log.append(f"received {ch.recv()}")
        gosched()
        log.append(f"received {ch.recv()}")

    run(main)
    assert log == [
        "sent 0",
        "sent 1",
        "len 2",
        "received 0",
        "len 2",
        "sent 2",
        "received 1",
        "received 2",
        "sent 3",
        "received 3",
    ]


@pytest.mark.parametrize("capacity", [0, 1, 3, 100])
def test_values_arrive_in_order(capacity: int) -> None:
    def main() -> list[int]:
        ch = Chan[int](capacity)

        @go
        def _() -> None:
            for i in range(50):
                ch.send(i)
            ch.close()

        return list(ch)

    assert run(main) == list(range(50))


def test_waiting_senders_are_served_in_order() -> None:
    def main() -> list[int]:
        ch = Chan[int]()
        order = [3, 1, 4, 1, 5]
        # The last one started runs first.
        for i in reversed(order[1:]):
            go(ch.send, i)
        go(ch.send, order[0])
        gosched()
        return [ch.recv() for _ in order]

    assert run(main) == [3, 5, 1, 4, 1]


def test_waiting_receivers_are_served_in_order() -> None:
    got: list[tuple[str, int]] = []

    def main() -> None:
        ch = Chan[int]()

        def receiver(name: str) -> None:
            got.append((name, ch.recv()))

        for name in "abc":
            go(receiver, name)
        gosched()
        # c ran first, being the last started: it is first in line.
        for i in range(3):
            ch.send(i)
        gosched()

    run(main)
    assert sorted(got) == [("a", 1), ("b", 2), ("c", 0)]


def test_lshift_sends() -> None:
    ch = Chan[int](1)
    assert (ch << 7) is None
    assert ch.recv() == 7


def test_none_travels() -> None:
    ch = Chan[None](1)
    ch.send(None)
    assert ch.recv_ok() == (None, True)


def test_close_leaves_the_buffer() -> None:
    ch = Chan[int](3)
    ch << 1
    ch << 2
    ch.close()
    assert len(ch) == 2
    assert ch.recv_ok() == (1, True)
    assert ch.recv() == 2
    assert ch.recv_ok() == (0, False)
    assert ch.recv() == 0
    assert list(ch) == []


def test_close_wakes_waiting_receivers() -> None:
    got: list[object] = []

    def main() -> None:
        ch = Chan[int]()
        go(lambda: got.append(ch.recv()))
        go(lambda: got.append(ch.recv_ok()))
        go(lambda: got.append(list(ch)))
        gosched()
        assert got == []
        close(ch)
        gosched()

    run(main)
    assert sorted(got, key=str) == [(0, False), 0, []]


def test_close_wakes_waiting_senders_with_a_panic() -> None:
    got: list[str] = []

    def main() -> None:
        ch = Chan[int]()

        def sender(i: int) -> None:
            try:
                ch.send(i)
            except Panic as p:
                got.append(f"{i}: {p}")

        go(sender, 1)
        go(sender, 2)
        gosched()
        ch.close()
        gosched()
        assert ch.recv_ok() == (0, False)

    run(main)
    assert sorted(got) == ["1: send on closed channel", "2: send on closed channel"]


def test_after_close_the_first_in_line_runs_first_and_then_the_rest_in_reverse() -> None:
    """Go's closechan readies its waiters from last to first, and the one readied last runs next."""

    def main() -> list[int]:
        ch = Chan[int]()
        ran: list[int] = []

        def receiver(i: int) -> None:
            ch.recv()
            ran.append(i)

        for i in range(4):
            go(receiver, i)
        gosched()  # in line now: 3, 0, 1, 2
        ch.close()
        gosched()
        return ran

    assert run(main) == [3, 2, 1, 0]


def test_close_with_full_buffer_and_waiting_senders() -> None:
    """The buffered value stays; the senders that waited behind it panic."""
    panics: list[object] = []

    def main() -> list[tuple[int, bool]]:
        ch = Chan[int](1)

        def sender(i: int) -> None:
            try:
                ch.send(i)
            except Panic as p:
                panics.append(p.value)

        for _ in range(3):
            go(sender, 5)
        gosched()
        ch.close()
        gosched()
        return [ch.recv_ok(), ch.recv_ok()]

    assert run(main) == [(5, True), (0, False)]
    assert panics == ["send on closed channel"] * 2


def test_faults() -> None:
    ch = Chan[int](1)
    ch.close()
    with pytest.raises(Panic, match=r"^send on closed channel$"):
        ch.send(1)
    with pytest.raises(Panic, match=r"^send on closed channel$"):
        ch << 1
    with pytest.raises(Panic, match=r"^close of closed channel$"):
        ch.close()
    with pytest.raises(Panic, match=r"^close of closed channel$"):
        close(ch)
    with pytest.raises(Panic, match=r"^close of nil channel$"):
        close(None)


def test_len_and_cap() -> None:
    ch = Chan[str](3)
    assert (len(ch), cap(ch), ch.cap, bool(ch)) == (0, 3, 3, True)
    ch << "a"
    assert (len(ch), cap(ch), bool(ch)) == (1, 3, True)
    assert cap(Chan[str]()) == 0
    assert cap(None) == 0


def test_range_from_several_goroutines() -> None:
    """Every value goes to exactly one of them, and the close ends them all."""

    def main() -> list[list[int]]:
        ch = Chan[int]()
        done = Chan[list[int]]()

        def worker() -> None:
            done.send(list(ch))

        for _ in range(4):
            go(worker)
        gosched()  # all four wait
        for i in range(100):
            ch.send(i)
        ch.close()
        return [done.recv() for _ in range(4)]

    shares = run(main)
    assert sorted(i for share in shares for i in share) == list(range(100))
    assert all(share == sorted(share) for share in shares)
    assert all(shares)


def test_an_iterator_goes_on_where_it_stopped() -> None:
    ch = Chan[int](3)
    for i in range(3):
        ch << i
    for first in ch:
        assert first == 0
        break
    assert next(ch) == 1
    ch.close()
    assert next(iter(ch)) == 2
    with pytest.raises(StopIteration):
        next(ch)


def test_a_large_capacity_costs_nothing_until_used() -> None:
    ch = Chan[int](10**12)
    for i in range(100):
        ch << i
    assert (len(ch), ch.cap) == (100, 10**12)
    assert [ch.recv() for _ in range(100)] == list(range(100))


@pytest.mark.parametrize("capacity", [1, 2, 15, 16, 17, 33, 100])
def test_buffer_against_a_model(capacity: int) -> None:
    """The ring grows as it fills, wherever it begins; order and room are a deque's at every step."""
    random = Random(capacity)
    ch = Chan[int](capacity)
    model: deque[int] = deque()
    for i in range(2000):
        # The bias swings, so that the buffer is often full and often empty.
        if random.random() < (0.6 if i // 150 % 2 else 0.4):
            index, _, _ = select(send(ch, i), default)
            assert (index == 0) == (len(model) < capacity)
            if index == 0:
                model.append(i)
        else:
            index, value, ok = select(recv(ch), default)
            if model:
                assert (index, value, ok) == (0, model.popleft(), True)
            else:
                assert (index, value, ok) == (1, None, False)
        assert len(ch) == len(model)


def test_pipeline_of_many_goroutines() -> None:
    """A chain of 500 goroutines, each adding one: every channel has both ends waiting at some time."""

    def main() -> int:
        left = first = Chan[int]()
        for _ in range(500):
            right = Chan[int]()
            go(lambda a, b: b.send(a.recv() + 1), left, right)
            left = right
        first.send(0)
        return left.recv()

    assert run(main) == 500


def test_offer() -> None:
    """What signals and threads use: nothing waits, nothing is raised."""
    ch = Chan[int](1)
    assert ch._offer(1) is True
    assert ch._offer(2) is False
    assert len(ch) == 1
    assert ch.recv() == 1
    ch.close()
    assert ch._offer(4) is False
    assert ch.recv_ok() == (0, False)


def test_offer_hands_over_to_a_waiting_receiver() -> None:
    def main() -> int:
        ch, got = Chan[int](), Chan[int](1)
        go(lambda: got.send(ch.recv()))
        gosched()
        assert ch._offer(8) is True
        assert ch._offer(9) is False
        return got.recv()

    assert run(main) == 8


def test_a_value_that_is_given_back_is_the_next_one() -> None:
    """What a cancelled receive does: nothing is lost, though the buffer holds one more than it should."""
    for capacity in (0, 1, 3):
        ch = Chan[int](capacity)
        for i in range(capacity):
            ch << i
        ch._give_back(-1)
        assert [ch.recv() for _ in range(capacity + 1)] == [-1, *range(capacity)]
        assert select(recv(ch), default)[0] == 1
        # The room is what it was.
        for i in range(capacity):
            ch << i
        assert select(send(ch, 9), default)[0] == 1
        assert [ch.recv() for _ in range(capacity)] == list(range(capacity))


def test_a_value_that_is_given_back_with_senders_that_wait() -> None:
    def main() -> list[int]:
        ch = Chan[int](2)
        for i in range(5):
            go(ch.send, i)
            gosched()
        first = ch.recv()
        ch._give_back(first)
        got = [ch.recv() for _ in range(5)]
        gosched()
        return got

    assert run(main) == [0, 1, 2, 3, 4]


def test_a_value_that_is_given_back_goes_to_a_receiver_that_waits() -> None:
    def main() -> int:
        ch, got = Chan[int](), Chan[int](1)
        go(lambda: got.send(ch.recv()))
        gosched()
        ch._give_back(8)
        return got.recv()

    assert run(main) == 8


@pytest.mark.parametrize("capacity", [0, 1, 2, 5, 40])
def test_giving_back_against_a_model(capacity: int) -> None:
    random = Random(capacity)
    ch = Chan[int](capacity)
    model: deque[int] = deque()
    taken: list[int] = []
    for i in range(1500):
        kind = random.randrange(5)
        if kind < 2 and select(send(ch, i), default)[0] == 0:
            model.append(i)
        elif kind < 4 and model:
            taken.append(ch.recv())
            assert taken[-1] == model.popleft()
        elif taken:
            ch._give_back(taken[-1])
            model.appendleft(taken.pop())
        assert len(ch) == len(model)


def test_a_timers_channel() -> None:
    """It looks unbuffered, and nobody but the timer closes it; every way to receive asks the timer."""
    for receive in (
        Chan.recv,
        lambda ch: ch.recv_ok()[0],
        next,
        lambda ch: select(recv(ch))[1],
        lambda ch: select(recv(None), recv(ch), recv(Chan[int]()))[1],
    ):
        begin = time.now()
        ch = time.after(0.02)
        assert (len(ch), cap(ch)) == (0, 0)
        assert select(recv(ch), default)[0] == 1
        assert receive(ch) - begin >= timedelta(milliseconds=20)
        assert sched.timeout() == -1
        # One that is due when it is looked at.
        ch = time.after(0)
        assert len(ch) == 0
        assert receive(ch) >= begin
        with pytest.raises(Panic, match=r"^close of a timer's channel$"):
            close(ch)  # type: ignore[arg-type]


def test_a_timers_channel_that_is_left() -> None:
    """Whoever stops waiting on it, whatever for, takes its timer out of the heap."""

    def main() -> None:
        ch, other = time.after(3600), Chan[int](1)
        go(other.send, 1)
        assert select(recv(ch), recv(other))[0] == 1
        assert sched.timeout() == -1
        go(ch.recv)
        gosched()
        assert sched.timeout() > 0

    run(main)
    assert sched.timeout() == -1
