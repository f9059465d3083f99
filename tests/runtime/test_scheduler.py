"""The scheduler's order and fairness: Go's, at GOMAXPROCS=1."""

from collections import deque
from threading import Thread
from time import monotonic

import pytest
from greenlet import getcurrent, greenlet

from gochan import Chan, default, go, recv, run, select, timeout
from gochan._engine.impl import COMPILED, sched
from gochan._engine.program import program
from gochan._engine.py.proc import yield_local
from gochan.runtime import gosched

# Go's size of the local queue.
LOCAL = 256

python_only = pytest.mark.skipif(COMPILED, reason="the C yields to the local queue within unlock only")


def test_run_next_goes_first_and_the_one_it_displaces_last() -> None:
    log: list[str] = []

    def main() -> None:
        a, b, c = Chan[None](), Chan[None](), Chan[None]()

        def waiting(name: str, ch: Chan[None]) -> None:
            ch.recv()
            log.append(name)

        for name, ch in (("a", a), ("b", b), ("c", c)):
            go(waiting, name, ch)
        gosched()
        for ch in (a, b, c):
            ch.send(None)  # each displaces the one before
        go(log.append, "d")
        gosched()

    run(main)
    assert log == ["d", "a", "b", "c"]


def test_one_made_ready_runs_before_those_in_line() -> None:
    log: list[str] = []

    def main() -> None:
        ch = Chan[int]()

        def receiver() -> None:
            log.append(f"received {ch.recv()}")

        go(receiver)
        gosched()
        for i in range(3):
            go(log.append, f"in line {i}")
        ch.send(1)
        log.append("main")
        gosched()

    run(main)
    assert log == ["main", "received 1", "in line 0", "in line 1", "in line 2"]


def test_gosched_goes_behind_all_others() -> None:
    log: list[str] = []

    def main() -> None:
        def worker(name: str) -> None:
            for i in range(3):
                log.append(f"{name}{i}")
                gosched()

        go(worker, "a")
        go(worker, "b")
        for i in range(4):
            log.append(f"m{i}")
            gosched()

    run(main)
    assert log == ["m0", "b0", "a0", "m1", "b1", "a1", "m2", "b2", "a2", "m3"]


def test_gosched_alone_returns_at_once() -> None:
    def main() -> None:
        for _ in range(100):
            gosched()

    run(main)
    gosched()


@python_only
def test_yield_local_goes_behind_the_local_queue_only() -> None:
    log: list[str] = []

    def main() -> None:
        def globally() -> None:
            log.append("g0")
            gosched()
            log.append("g1")

        def locally() -> None:
            log.append("l0")
            yield_local()
            log.append("l1")

        go(globally)
        go(log.append, "a")
        go(locally)
        gosched()
        gosched()

    run(main)
    assert log == ["l0", "g0", "a", "l1", "g1"]


def spawned(n: int) -> list[int]:
    """Start n goroutines; return the order in which they ran."""

    def main() -> list[int]:
        done = Chan[None]()
        turns: list[int] = []

        def worker(i: int) -> None:
            turns.append(i)
            if len(turns) == n:
                done.close()

        for i in range(n):
            go(worker, i)
        done.recv()
        return turns

    return run(main)


def test_the_local_queue_holds_256() -> None:
    assert spawned(257) == [256, *range(256)]


def test_a_full_local_queue_moves_its_older_half_to_the_global_one() -> None:
    """What Go prints for 258: 0 to 127 and 256, for which there was no room, wait in the global queue.

    Its first two run among the local ones, at the ticks that are multiples of 61.
    """
    turns = spawned(258)
    assert [i for i in turns if i not in {0, 1}] == [257, *range(128, 256), *range(2, 128), 256]
    assert turns.index(1) - turns.index(0) == 61


def test_the_order_of_a_thousand() -> None:
    """Go's rules, written down once more; the tick at which the program began is read off the result."""
    turns = spawned(1000)
    local: deque[int] = deque()
    spilled: deque[int] = deque()
    for i in range(999):
        if len(local) == LOCAL:
            spilled.extend(local.popleft() for _ in range(LOCAL // 2))
            spilled.append(i)
        else:
            local.append(i)
    # Goroutine 0 is the first of the global queue; the last one started, run-next, doesn't count as a tick.
    tick = -(turns.index(0) - 1)
    model = [999]
    while local or spilled:
        if spilled and tick % 61 == 0:
            model.append(spilled.popleft())
        elif local:
            model.append(local.popleft())
        else:
            model.append(spilled.popleft())
            local.extend(spilled.popleft() for _ in range(min(len(spilled), LOCAL // 2 - 1)))
        tick += 1
    assert turns == model


@python_only
def test_the_global_queue_is_polled_at_every_61st_tick() -> None:
    """However busy the local one is."""

    def main() -> int:
        ticks = [0]
        waited = Chan[int](1)

        def busy() -> None:
            while not len(waited):
                ticks[0] += 1
                yield_local()

        @go
        def _() -> None:
            for _ in range(2):
                gosched()
                begin = ticks[0]
            gosched()
            waited.send(ticks[0] - begin)

        for _ in range(3):
            go(busy)
        return waited.recv()

    assert run(main) == 60


@pytest.mark.parametrize("queue", [pytest.param("local", marks=python_only), "global"])
def test_a_ping_pong_pair_starves_no_other_goroutine(queue: str) -> None:
    """Run-next inherits the time slice: after 10 ms another goroutine runs."""

    def main() -> list[float]:
        a, b = Chan[int](), Chan[int]()
        turns: list[float] = []

        def ponger() -> None:
            for v in a:
                b.send(v)

        def other() -> None:
            for _ in range(3):
                if queue == "global":
                    gosched()
                else:
                    yield_local()
                turns.append(monotonic())

        go(ponger)
        go(other)
        begin = monotonic()
        while len(turns) < 3 and monotonic() < begin + 20:
            a.send(1)
            b.recv()
        return [turn - begin for turn in turns]

    turns = run(main)
    assert len(turns) == 3
    assert turns[0] < 10
    # Nor does the pair have less than its time.
    assert turns[0] > 0.009
    if queue == "global":
        assert turns[2] > 0.028


def test_a_chain_of_goroutines_starves_no_other() -> None:
    """Each starts the next and ends: that is one time slice, too."""

    def main() -> bool:
        done = [False]
        limit = monotonic() + 20
        over = Chan[bool](1)

        def link() -> None:
            if not done[0] and monotonic() < limit:
                go(link)
            else:
                over.send(done[0])

        def other() -> None:
            gosched()
            done[0] = True

        go(other)
        gosched()
        go(link)
        return over.recv()

    assert run(main)


def test_a_loop_that_polls_starves_no_goroutine() -> None:
    """A select that falls to its default, over and over, is preempted after its time slice, as Go would."""

    def main() -> float:
        ch = Chan[None]()
        go(lambda: ch.send(None))
        begin = monotonic()
        while select(recv(ch), default)[0] == 1:
            assert monotonic() < begin + 20
        return monotonic() - begin

    assert run(main) > 0.009


def test_a_loop_that_polls_has_a_whole_time_slice_each_time() -> None:
    def main() -> tuple[int, float]:
        ch = Chan[None]()
        turns = [0]

        @go
        def _() -> None:
            while True:
                turns[0] += 1
                gosched()

        begin = monotonic()
        while (elapsed := monotonic() - begin) < 0.045:
            select(recv(ch), default)
        return turns[0], elapsed

    turns, elapsed = run(main)
    assert 0 < turns <= elapsed / 0.010


def test_a_loop_that_polls_goes_on_when_it_is_alone() -> None:
    def main() -> int:
        ch = Chan[None]()
        begin = monotonic()
        polls = 0
        while monotonic() < begin + 0.025:
            assert select(recv(ch), default) == (1, None, False)
            polls += 1
        return polls

    assert run(main) > 64


def test_polling_outside_any_program() -> None:
    """It makes no program: there is nothing to give way to."""
    ch = Chan[None]()
    for _ in range(200):
        assert select(recv(ch), default) == (1, None, False)


def test_timers_fire_though_no_goroutine_waits_long() -> None:
    def main() -> int:
        a, b = Chan[int](), Chan[int]()
        fired = Chan[None](1)

        def ponger() -> None:
            for v in a:
                b.send(v)

        @go
        def _() -> None:
            select(timeout(0.002))
            fired.send(None)

        go(ponger)
        limit = monotonic() + 5
        rounds = 0
        while not len(fired) and monotonic() < limit:
            a.send(1)
            b.recv()
            rounds += 1
        return len(fired)

    assert run(main) == 1


def test_timers_that_are_due_are_made_ready_in_one_sweep() -> None:
    """In the order of their times: the last one is run-next, and the others follow in line."""
    names: list[int] = []

    def main() -> None:
        def sleeper(i: int) -> None:
            select(timeout(0.030))
            names.append(i)

        sched.moment = sched.now()
        try:
            for i in range(3):
                go(sleeper, i)
                gosched()
            sched.moment += 40_000_000
            gosched()
        finally:
            sched.moment = None

    run(main)
    assert names == [2, 0, 1]


def test_a_late_wake_lets_no_later_timer_overtake() -> None:
    """What a timer has made ready runs before one fires that was due a while after it."""

    def main() -> object:
        ch, end = Chan[str](), Chan[object]()

        @go
        def _() -> None:
            select(timeout(0.010))
            ch.send("in time")

        gosched()

        @go
        def _() -> None:
            end.send(select(recv(ch), timeout(0.020))[1])

        gosched()
        begin = monotonic()
        while monotonic() < begin + 0.030:
            pass
        return end.recv()

    assert run(main) == "in time"


def test_a_program_repeats_itself() -> None:
    """Only select is random: the same goroutines run in the same order."""

    def main() -> list[str]:
        log: list[str] = []
        jobs, results = Chan[int](3), Chan[str]()

        def worker(i: int) -> None:
            for job in jobs:
                results.send(f"{i}:{job}")

        @go
        def _() -> None:
            for job in range(20):
                jobs.send(job)
            jobs.close()

        for i in range(3):
            go(worker, i)
        log.extend(results.recv() for _ in range(20))
        return log

    first = run(main)
    assert all(run(main) == first for _ in range(5))


def test_the_explorer_sees_the_run_queue_by_id() -> None:
    def main() -> list[int]:
        for _ in range(3):
            go(gosched)
        for wrong, error in ((9, ValueError), (1, ValueError), ("2", TypeError)):
            with pytest.raises(error):
                sched.choose(wrong)
        return sched.run_queue()

    assert run(main) == [4, 2, 3]


def test_the_explorer_chooses_who_is_next() -> None:
    log: list[str] = []

    def main() -> None:
        go(log.append, "a")
        go(log.append, "b")
        sched.exploring = True
        try:
            sched.choose(2)
            with pytest.raises(ValueError, match="goroutine 2 is not in the run queue"):
                sched.choose(2)
            program.explorer = choose_last
            gosched()
        finally:
            program.explorer = None
            sched.exploring = False

    def choose_last() -> bool:
        sched.choose(max(sched.run_queue()))
        return True

    run(main)
    assert log == ["a", "b"]


def test_greenlets_are_left_to_the_next_program() -> None:
    used: list[greenlet] = []

    def main() -> None:
        go(lambda: used.append(getcurrent()))
        gosched()

    def fail() -> None:
        main()
        raise KeyError

    def leak() -> None:
        go(Chan[None]().recv)
        gosched()

    sched.keep_workers(True)
    try:
        run(main)
        with pytest.raises(KeyError):
            run(fail)
        thread = Thread(target=run, args=(main,))
        thread.start()
        thread.join()
        greenlet(run).switch(main)
        run(main)
        # A goroutine that is unwound takes its greenlet with it.
        run(leak)
        run(main)
    finally:
        sched.keep_workers(False)
    run(main)
    assert [used.index(each) for each in used] == [0, 0, 2, 3, 0, 5, 6]
    assert all(each.dead for each in used)


def test_greenlets_are_kept_for_one_caller_at_a_time() -> None:
    used: list[greenlet] = []

    def main() -> None:
        go(lambda: used.append(getcurrent()))
        gosched()

    def keep() -> None:
        sched.keep_workers(True)
        run(main)
        sched.keep_workers(False)

    sched.keep_workers(True)
    try:
        run(main)
        thread = Thread(target=keep)
        thread.start()
        thread.join()
        greenlet(keep).switch()
        run(main)
    finally:
        sched.keep_workers(False)
    assert [used.index(each) for each in used] == [0, 1, 2, 0]
    assert all(each.dead for each in used)
