"""The timer heap of the engine in Python, and durations as numbers."""

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gochan._engine.py.time import MAX_WHEN, HeapTimer, Timers, VirtualTimers, deadline
from gochan._engine.seconds import seconds


def check(timers: Timers) -> None:
    """Check the heap's invariant: each timer knows its index, and none is before its parent."""
    heap = timers.heap
    for i, t in enumerate(heap):
        assert t.index == i
        assert t.timers is timers
        if i:
            parent = heap[(i - 1) // 4]
            assert (parent.when, parent.seq) < (t.when, t.seq)


# What to do: add a timer with this time, or take out or move the one with that number.
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "add", "remove", "move"]), st.integers(0, 30), st.integers(0, 1000))
)


@given(STEPS)
def test_the_heap_keeps_its_order(steps: list[tuple[str, int, int]]) -> None:
    timers = Timers()
    pending: list[HeapTimer] = []
    for step, when, number in steps:
        if step == "add" or not pending:
            t = HeapTimer()
            assert t.index == -1
            timers.add(t, when)
            pending.append(t)
        elif step == "remove":
            t = pending.pop(number % len(pending))
            assert timers.remove(t) is True
            assert t.index == -1
            assert t.timers is None
            assert timers.remove(t) is False
        else:
            # As if it had been added last: a tie goes to the timer that was set first.
            t = pending.pop(number % len(pending))
            timers.add(t, when)
            pending.append(t)
        check(timers)
        assert len(timers.heap) == len(pending)
        if pending:
            expected = sorted(t.when for t in pending)
            assert timers.heap[0].when == expected[0]
            for within in [0, 1, 7, 100]:
                assert timers.burst(within) == max(w for w in expected if w <= expected[0] + within)

    drained = []
    while timers.heap:
        drained.append(timers.heap[0])
        timers.remove(timers.heap[0])
        check(timers)
    assert drained == sorted(pending, key=lambda t: t.when)  # which is stable


def test_a_timer_of_other_timers_stays() -> None:
    one, other = Timers(), Timers()
    t = HeapTimer()
    one.add(t, 1)
    assert other.remove(t) is False
    assert one.heap == [t]
    one.clear()
    assert one.heap == []
    assert one.remove(t) is False


def test_what_is_not_due_is_not_fired() -> None:
    timers = Timers()
    t = HeapTimer()
    timers.add(t, 10)
    timers.run(9)
    assert timers.heap == [t]
    with pytest.raises(NotImplementedError):
        timers.run(10)
    assert timers.heap == []


def test_no_timer_lies_beyond_what_the_clock_can_show() -> None:
    timers = Timers()
    t = HeapTimer()
    timers.add(t, 10**30)
    assert t.when == MAX_WHEN


def test_the_clock() -> None:
    timers = Timers()
    assert timers.now() <= timers.now()
    assert timers.wall() > 1_700_000_000 * 10**9


def test_the_virtual_clock_stands_still() -> None:
    timers = VirtualTimers()
    start = timers.now()
    assert timers.wall() == 946_684_800 * 10**9
    timers.moment += 5
    assert (timers.now() - start, timers.wall()) == (5, 946_684_800 * 10**9 + 5)


@pytest.mark.parametrize(
    ("d", "expected"),
    [
        (1, 1.0),
        (1.5, 1.5),
        (-2, -2.0),
        (timedelta(minutes=1, microseconds=1), 60.000001),
        (10**400, math.inf),
        (-(10**400), -math.inf),
    ],
)
def test_seconds(d: float | timedelta, expected: float) -> None:
    number = seconds("f", d)
    assert number == expected
    assert type(number) is float


@pytest.mark.parametrize("d", ["1", None, True, False, 1j, b"1", []])
def test_seconds_refuses_a_non_duration(d: object) -> None:
    with pytest.raises(TypeError) as caught:
        seconds("f", d)
    assert str(caught.value) == f"f: {d!r} is not a duration; give seconds as a number, or a timedelta"


@pytest.mark.parametrize(
    ("d", "expected"),
    [
        (1.5, 1_500_000_007),
        (1e-9, 8),
        (0.0023, 2_300_007),
        (18_367.001, 18_367_001_000_007),
        (1e-30, 7),
        (0.0, 7),
        (-1.0, 7),
        (math.nan, 7),
        (-math.inf, 7),
        (math.inf, MAX_WHEN),
        (1e300, MAX_WHEN),
        (4e9, 4 * 10**18 + 7),
        (5e9, MAX_WHEN),
    ],
)
def test_deadline(d: float, expected: int) -> None:
    assert deadline(7, d) == expected
