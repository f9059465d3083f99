"""The timer heap, and durations."""

from datetime import timedelta
from math import inf, nan
from random import Random
from time import monotonic_ns

import pytest

from gochan import Chan, go, recv, run, select, time, timeout
from gochan._engine.impl import COMPILED, clock
from gochan._engine.impl import sched as scheduler
from gochan._engine.py.proc import wait
from gochan._engine.py.select import Case, Expiry
from gochan._engine.py.select import timeout as a_case
from gochan._engine.py.state import G, new_goroutine, sched
from gochan._engine.py.time import BURST, MAX_WHEN, HeapTimer, Timers, deadline
from gochan._engine.seconds import Nanoseconds, seconds


def place(gp: G) -> Case[None]:
    """A case that gp's select waits in."""
    c = a_case(1.0)
    c._given = True
    c._gp = gp
    return c


def check(timers: Timers, model: dict[HeapTimer, tuple[int, int]]) -> None:
    """Check that the heap holds the model's timers, in a heap's order, and that each knows its index."""
    heap = timers.heap
    assert len(heap) == len(model)
    for i, t in enumerate(heap):
        assert t.index == i
        assert t.timers is timers
        assert (t.when, t.seq) == model[t]
        parent = heap[(i - 1) // 4] if i else t
        assert (parent.when, parent.seq) <= (t.when, t.seq)


@pytest.mark.parametrize("seed", range(4))
def test_heap_against_a_sorted_model(seed: int) -> None:
    """Timers are added, moved and removed at random; the first one is the model's at every step."""
    random = Random(seed)
    timers = Timers()
    pool = [HeapTimer() for _ in range(60)]
    model: dict[HeapTimer, tuple[int, int]] = {}
    for step in range(1500):
        t = random.choice(pool)
        if random.random() < (0.7 if step // 200 % 2 else 0.45):
            # Few different times: ties are the rule.
            when = random.randrange(40)
            timers.add(t, when)
            model[t] = (when, t.seq)
        else:
            assert timers.remove(t) == (t in model)
            model.pop(t, None)
            assert t.index == -1
            assert t.timers is None
        if step % 10 == 0:
            check(timers, model)
        if model:
            assert timers.heap[0] is min(model, key=model.__getitem__)
    order = []
    while timers.heap:
        first = timers.heap[0]
        order.append(first)
        assert timers.remove(first)
    assert order == sorted(model, key=model.__getitem__)


def test_a_tie_goes_to_the_timer_that_was_set_first() -> None:
    timers = Timers()
    a, b, c = HeapTimer(), HeapTimer(), HeapTimer()
    for t in (a, b, c):
        timers.add(t, 5)
    timers.add(a, 5)  # set again: behind the others
    assert [timers.heap.index(t) for t in (b, a)] == [0, timers.heap.index(a)]
    timers.remove(b)
    assert timers.heap[0] is c
    timers.remove(c)
    assert timers.heap[0] is a


def test_a_timer_belongs_to_one_heap() -> None:
    mine, other = Timers(), Timers()
    t = HeapTimer()
    mine.add(t, 5)
    assert other.remove(t) is False
    assert mine.remove(t) is True
    assert mine.remove(t) is False


def test_clear() -> None:
    timers = Timers()
    pool = [HeapTimer() for _ in range(10)]
    for i, t in enumerate(pool):
        timers.add(t, i)
    timers.clear()
    assert timers.heap == []
    assert all(t.index == -1 and t.timers is None for t in pool)
    timers.run(100)
    timers.add(pool[0], 3)
    assert timers.heap == [pool[0]]


def test_a_time_beyond_the_clock() -> None:
    timers = Timers()
    t = HeapTimer()
    timers.add(t, 10**40)
    assert t.when == MAX_WHEN
    timers.run(MAX_WHEN - 1)
    assert timers.heap == [t]


def test_run_fires_what_is_due_in_order() -> None:
    """The order shows in the run queue: each that fires displaces the one before to its tail."""
    random = Random(1)
    timers = Timers()
    goroutines = [new_goroutine() for _ in range(50)]
    for i, gp in enumerate(goroutines):
        gp.id = i
    whens = [random.randrange(100) for _ in goroutines]
    for gp, when in zip(goroutines, whens, strict=True):
        timers.add(Expiry(place(gp)), when)
    timers.run(49)
    due = sorted((when, gp.id) for gp, when in zip(goroutines, whens, strict=True) if when <= 49)
    assert sched.runnext is not None
    queued = [gp.id for gp in (*sched.runq, sched.runnext)]
    assert queued == [id for _, id in due]
    assert len(timers.heap) == 50 - len(due)
    timers.run(49)
    assert len(timers.heap) == 50 - len(due)
    sched.clear()


def test_the_timer_of_a_select_that_is_won_does_nothing() -> None:
    gp = new_goroutine()
    winner = place(gp)
    gp.selected = winner
    Expiry(place(gp)).fire(0)
    assert gp.selected is winner
    assert sched.runnext is None


def test_a_timer_without_what_it_does() -> None:
    with pytest.raises(NotImplementedError):
        HeapTimer().fire(0)


def test_burst_is_the_last_time_near_the_first() -> None:
    """Sleepers that fell asleep together wake together."""
    random = Random(3)
    for _ in range(50):
        timers = Timers()
        whens = [random.randrange(5_000_000) for _ in range(random.randrange(1, 40))]
        for when in whens:
            timers.add(HeapTimer(), when)
        limit = min(whens) + BURST
        assert timers.burst(BURST) == max(when for when in whens if when <= limit)
        assert timers.burst(0) == min(whens)
        assert timers.burst(10**9) == max(whens)


@pytest.mark.skipif(COMPILED, reason="looks into the engine in Python")
def test_timers_of_one_burst_share_a_wake_up() -> None:
    """The scheduler sleeps until the last of them, and fires all in one sweep."""

    def main() -> list[int]:
        pending: list[int] = []
        done = Chan[None]()
        first = sched.timers.now() + 5_000_000

        def sleeper(i: int) -> None:
            def enqueue(gp: G) -> None:
                sched.timers.add(Expiry(place(gp)), first + i * BURST // 2)

            wait("sleep", lambda: False, enqueue)
            assert sched.curg is not None
            sched.curg.selected = None
            pending.append(len(sched.timers.heap))
            if len(pending) == 3:
                done.close()

        for i in range(3):
            go(sleeper, i)
        done.recv()
        return pending

    assert run(main) == [0, 0, 0]


def test_the_clock() -> None:
    before = monotonic_ns()
    assert before <= Timers().now() <= monotonic_ns()


@pytest.mark.gochan
def test_a_timeout_leaves_no_timer_behind() -> None:
    ch = Chan[int]()
    for _ in range(20):
        go(ch.send, 1)
        assert select(recv(ch), timeout(3600))[0] == 0
        assert scheduler.timeout() == -1
    assert select(recv(ch), timeout(0.001), timeout(3600))[0] == 1
    assert scheduler.timeout() == -1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (1, 1.0),
        (0, 0.0),
        (-3, -3.0),
        (1.5, 1.5),
        (inf, inf),
        (timedelta(milliseconds=1500), 1.5),
        (timedelta(days=-1), -86400.0),
        (10**400, inf),
        (-(10**400), -inf),
    ],
)
def test_durations(given: object, expected: float) -> None:
    assert seconds("wait", given) == expected
    assert type(seconds("wait", given)) is float


@pytest.mark.parametrize("bad", ["1s", None, True, b"1", [1], 1j])
def test_a_non_duration_is_refused(bad: object) -> None:
    with pytest.raises(TypeError, match=r"^wait: .* is not a duration; give seconds as a number, or"):
        seconds("wait", bad)


@pytest.mark.parametrize(
    ("wait", "expected"),
    [
        (1, 1_000_000_005),
        (0.25, 250_000_005),
        (1e-9, 6),
        (0, 5),
        (-0.0, 5),
        (-1, 5),
        (-inf, 5),
        (nan, 5),
        (inf, MAX_WHEN),
        (1e300, MAX_WHEN),
        (4.1e9, MAX_WHEN),
    ],
)
def test_deadlines(wait: float, expected: int) -> None:
    assert deadline(5, wait) == expected


@pytest.mark.parametrize("ns", [1, 3_000_000, 3_600_000_000_001])
@pytest.mark.gochan(synctest=True)
def test_ported_code_gives_nanoseconds(ns: int) -> None:
    d = Nanoseconds(ns)
    start = clock()[1]

    def passed() -> int:
        return clock()[1] - start

    time.sleep(d)
    assert passed() == ns
    time.after(d).recv()
    assert passed() == 2 * ns
    timer = time.new_timer(1)
    timer.reset(d)
    timer.c.recv()
    assert passed() == 3 * ns
    done = Chan[int]()
    time.after_func(d, lambda: done.send(passed()))
    assert done.recv() == 4 * ns
    with time.new_ticker(d) as ticker:
        ticker.c.recv()
    assert passed() == 5 * ns
    select(timeout(d))
    assert passed() == 6 * ns


@pytest.mark.gochan(synctest=True)
def test_nanoseconds_that_no_clock_counts() -> None:
    time.sleep(Nanoseconds(-(10**400)))
    index, _, _ = select(
        recv(time.after(Nanoseconds(10**400))),
        recv(time.after(Nanoseconds(1 << 64))),
        timeout(Nanoseconds(5)),
    )
    assert index == 2
