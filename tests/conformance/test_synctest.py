"""Follows Go's internal/synctest/synctest_test.go and the tests of testing/synctest: the bubble.

`bubble` runs a test in one; a test that has something to do outside is a `program`, and runs its own.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from goroutines import let_others_run

from gochan import (
    Chan,
    Deadlock,
    Panic,
    close,
    context,
    default,
    defer,
    go,
    panic,
    recover,
    recv,
    run,
    runtime,
    select,
    send,
    sync,
    synctest,
    time,
    timeout,
)

pytest_plugins = ["pytester"]

MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)


def yield_until(condition: Callable[[], bool]) -> None:
    """Let others run, without ever waiting, until the condition holds."""
    for _ in range(100):
        if condition():
            return
        runtime.gosched()
    pytest.fail("it never held")


# --- the clock -------------------------------------------------------------------------------------------


@pytest.mark.gochan(synctest=True)
def test_now() -> None:
    """TestNow, and testing/synctest's TestNow: the clock begins at midnight UTC 2000-01-01, for every
    goroutine, and a sleep moves it."""
    seen: list[datetime] = []
    assert time.now() == MIDNIGHT
    go(lambda: seen.append(time.now()))
    time.sleep(time.SECOND)
    assert seen == [MIDNIGHT]
    assert time.now() == MIDNIGHT + timedelta(seconds=1)


@pytest.mark.gochan
def test_monotonic_clock() -> None:
    """TestMonotonicClock: moments from outside compare with those inside, by the wall clock."""
    start = time.now()

    def main() -> None:
        assert time.now() < start
        time.sleep(time.until(start))
        assert abs(time.since(start)) < time.MICROSECOND
        assert abs(time.now() - start) < timedelta(microseconds=1)
        time.sleep(time.SECOND)
        assert time.since(start) == pytest.approx(1, abs=time.MICROSECOND)
        assert time.now() - start == pytest.approx(timedelta(seconds=1), abs=timedelta(microseconds=1))
        assert time.now() > start
        inside.append(time.now())

    inside: list[time.Time] = []
    synctest.test(main)
    # And the other way round: outside it lies in the future, by what is left of the second.
    assert 0 < time.until(inside[0]) <= 1
    assert inside[0] > time.now()


@pytest.mark.gochan(synctest=True)
def test_time() -> None:
    """The example TestTime of testing/synctest: to the nanosecond, and in order."""
    start = time.now()
    log: list[float] = []

    @go
    def _() -> None:
        time.sleep(time.NANOSECOND)
        log.append(time.since(start))

    time.sleep(2 * time.NANOSECOND)
    log.append(time.since(start))
    assert log == [1e-9, 2e-9]


# --- test and wait ---------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_run_empty() -> None:
    """TestRunEmpty, and testing/synctest's TestSuccess: nothing to do, nothing to wait for."""
    assert synctest.test(lambda: None) is None
    assert synctest.test(lambda x: x + 1, 2) == 3


@pytest.mark.gochan(synctest=True)
def test_simple_wait() -> None:
    """TestSimpleWait: without other goroutines, wait returns at once, any number of times."""
    synctest.wait()
    synctest.wait()
    assert time.now() == MIDNIGHT


@pytest.mark.gochan(synctest=True)
def test_goroutine_wait() -> None:
    """TestGoroutineWait, and the example TestWait: what another goroutine can do, it has done after a
    wait."""
    done: list[bool] = []
    go(done.append, True)
    assert done == []
    synctest.wait()
    assert done == [True]


@pytest.mark.gochan(synctest=True)
def test_wait() -> None:
    """TestWait: also what goroutines do that others start, and hand a value to."""
    done: list[bool] = []
    ch = Chan[int]()

    def pass_on() -> None:
        count = ch.recv()
        if count == 0:
            done.append(True)
        else:
            go(pass_on)
            ch.send(count - 1)

    go(pass_on)
    ch.send(100)
    synctest.wait()
    assert done == [True]


@pytest.mark.gochan
def test_mallocs() -> None:
    """TestMallocs: bubble after bubble, each with new objects, and garbage collections."""
    for _ in range(20):
        done: list[bool] = []

        def main(done: list[bool] = done) -> None:
            ch = Chan[bytes]()

            def pass_on() -> None:
                b = ch.recv()
                if b:
                    go(pass_on)
                    ch.send(bytes(len(b) - 1))
                else:
                    done.append(True)

            go(pass_on)
            ch.send(bytes(100))
            synctest.wait()
            assert done == [True]

        synctest.test(main)
    gc.collect()
    assert runtime.num_goroutine() == 1


@pytest.mark.gochan
def test_wait_outside() -> None:
    """wait is for bubbles, one goroutine at a time."""
    with pytest.raises(Panic, match="goroutine is not in a bubble"):
        synctest.wait()

    def main() -> None:
        go(synctest.wait)
        runtime.gosched()
        with pytest.raises(Panic, match="wait already in progress"):
            synctest.wait()

    synctest.test(main)


# --- timers ----------------------------------------------------------------------------------------------


@pytest.mark.gochan(synctest=True)
def test_timer_read_before_deadline() -> None:
    """TestTimerReadBeforeDeadline: the clock is where the timer fired."""
    start = time.now()
    time.new_timer(5).c.recv()
    assert time.since(start) == 5


@pytest.mark.gochan(synctest=True)
def test_timer_read_after_deadline() -> None:
    """TestTimerReadAfterDeadline: the value is the time it was due, whenever it is read."""
    wanted = time.now() + timedelta(seconds=1)
    timer = time.new_timer(1)
    time.sleep(2)
    assert timer.c.recv() == wanted


@pytest.mark.gochan(synctest=True)
def test_timer_reset() -> None:
    """TestTimerReset: after it fired, and while it is pending."""
    start = time.now()

    def at(seconds: float) -> datetime:
        return start + timedelta(seconds=seconds)

    timer = time.new_timer(1)
    assert timer.c.recv() == at(1)
    timer.reset(2)
    assert timer.c.recv() == at(1 + 2)
    timer.reset(3)
    time.sleep(1)
    timer.reset(3)
    assert timer.c.recv() == at(1 + 2 + 4)


@pytest.mark.gochan(synctest=True)
def test_time_after() -> None:
    """TestTimeAfter: what after_func starts is in the bubble, and what that starts."""
    steps: list[float] = []

    def first() -> None:
        steps.append(time.since(MIDNIGHT))

        @go
        def _() -> None:
            time.sleep(1)
            steps.append(time.since(MIDNIGHT))

    time.after_func(1, first)
    time.sleep(3)
    synctest.wait()
    assert steps == [1, 2]


@pytest.mark.gochan
def test_timer_after_bubble_exit() -> None:
    """TestTimerAfterBubbleExit: time stands still once the bubble's function has returned."""
    ran: list[bool] = []
    synctest.test(lambda: time.after_func(1, lambda: ran.append(True)))
    let_others_run()
    assert ran == []


@pytest.mark.gochan
def test_timer_from_outside_bubble() -> None:
    """TestTimerFromOutsideBubble: a timer from outside goes by the real clock, wherever one waits for it."""
    timer = time.new_timer(2 * time.MILLISECOND)
    assert synctest.test(lambda: (timer.c.recv(), time.now() - MIDNIGHT)[1]) == timedelta(0)
    assert timer.stop() is False
    # To stop it, or reset it, is as good as outside.
    other = time.new_timer(time.HOUR)
    assert synctest.test(lambda: (other.reset(time.HOUR), other.stop(), other.stop())) == (True, True, False)
    ticker = time.new_ticker(time.HOUR)
    synctest.test(lambda: (ticker.reset(time.MILLISECOND), ticker.c.recv(), ticker.stop()))


@pytest.mark.gochan(synctest=True)
def test_timer_nondeterminism() -> None:
    """TestTimerNondeterminism: of timers due at the same moment now one fires first, now the other."""
    first = set()
    for _ in range(100):
        a, b = time.new_timer(time.NANOSECOND), time.new_timer(time.NANOSECOND)
        first.add(select(recv(a.c), recv(b.c))[0])
        synctest.wait()
    assert first == {0, 1}


@pytest.mark.gochan(synctest=True)
def test_sleep_nondeterminism() -> None:
    """TestSleepNondeterminism: of goroutines that sleep to the same moment now one wakes first, now the
    other."""
    first = set()
    for _ in range(100):
        woken: list[int] = []

        def sleeper(n: int, woken: list[int] = woken) -> None:
            time.sleep(time.NANOSECOND)
            woken.append(n)

        go(sleeper, 1)
        go(sleeper, 2)
        time.sleep(time.NANOSECOND)
        synctest.wait()
        assert sorted(woken) == [1, 2]
        first.add(woken[0])
    assert first == {1, 2}


@pytest.mark.gochan
def test_a_bubble_goes_the_same_way_each_time() -> None:
    """Which of them is first is the same in each run of a bubble: a test that fails does so again."""

    def main() -> list[int]:
        woken: list[int] = []

        def sleeper(n: int) -> None:
            time.sleep(1)
            woken.append(n)

        for n in range(10):
            go(sleeper, n)
        time.sleep(2)
        return woken

    first = synctest.test(main)
    assert sorted(first) == list(range(10))
    select(recv(Chan[int]()), timeout(0))
    assert synctest.test(main) == first


@pytest.mark.gochan(synctest=True)
def test_timer_runs_immediately() -> None:
    """TestTimerRunsImmediately: a timer of no time can be read at once, with the time that it is."""
    timer = time.new_timer(0)
    match select(recv(timer.c), default):
        case 0, moment, _:
            assert moment == MIDNIGHT
        case _:
            pytest.fail("it is not ready")


@pytest.mark.gochan(synctest=True)
def test_timer_ran_in_past() -> None:
    """TestTimerRanInPast: one that was due is ready, and its value is the time when it was due."""
    wanted = time.now() + timedelta(seconds=1)
    timer = time.new_timer(1)
    time.sleep(2)
    match select(recv(timer.c), default):
        case 0, moment, _:
            assert moment == wanted
        case _:
            pytest.fail("it is not ready")


@pytest.mark.gochan(synctest=True)
def test_after_func_runs_immediately() -> None:
    """TestAfterFuncRunsImmediately: an after_func of no time does not wait for the others to block."""
    ran: list[str] = []
    timer = time.after_func(0, lambda: ran.append("made"))
    yield_until(lambda: ran == ["made"])
    assert timer.stop() is False
    timer.reset(0)
    yield_until(lambda: ran == ["made", "made"])


@pytest.mark.gochan(synctest=True)
def test_timeout_runs_immediately() -> None:
    """A select's timeout of no time is the same as a timer's channel."""
    ended: list[bool] = []

    @go
    def _() -> None:
        assert select(recv(Chan[int]()), timeout(0))[0] == 1
        ended.append(True)

    yield_until(lambda: ended == [True])


@pytest.mark.gochan(synctest=True)
def test_timer_reset_zero_do_not_hang() -> None:
    """TestTimerResetZeroDoNotHang: reset(0) wakes a goroutine that waits for the timer."""
    timer = time.new_timer(0)
    ctx, cancel = context.with_cancel(context.background())
    fired: list[bool] = []

    @go
    def _() -> None:
        while select(recv(ctx.done()), recv(timer.c))[0] == 1:
            fired.append(True)

    synctest.wait()
    assert fired == [True]
    timer.reset(0)
    synctest.wait()
    assert fired == [True, True]
    cancel()
    synctest.wait()


@pytest.mark.gochan(synctest=True)
def test_timer_race_ctx_crash() -> None:
    """TestSynctestTimerRaceCtxCrash: a hundred functions due at one moment, each of which sets another, due
    at once."""
    ran: list[float] = []

    def first() -> None:
        time.after_func(0, lambda: ran.append(time.since(MIDNIGHT)))

    for _ in range(100):
        time.after_func(1, first)
    time.sleep(2)
    assert ran == [1] * 100


# --- channels and timers across the border ---------------------------------------------------------------


def _from_outside(ch: Chan[int], operation: str) -> None:
    if operation == "close":
        close(ch)
    elif operation == "send":
        ch.send(0)
    else:
        ch.recv()


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        pytest.param("close", "receive", id="read closed"),
        pytest.param("send", "receive", id="read value"),
        pytest.param("receive", "send", id="write value"),
        pytest.param("close", "select outside", id="select outside only"),
        pytest.param("close", "select mixed", id="select mixed"),
    ],
)
@pytest.mark.gochan
def test_channel_from_outside_bubble(outside: str, inside: str) -> None:
    """TestChannelFromOutsideBubble: a wait that code outside can end is not a deadlock of the bubble, and
    time does not move while it waits."""
    ch, other = Chan[int](), Chan[int]()

    def main() -> None:
        time.after_func(time.HOUR, lambda: moved.append(True))
        if inside == "receive":
            ch.recv()
        elif inside == "send":
            ch.send(0)
        elif inside == "select outside":
            select(recv(ch), recv(other))
        else:
            select(recv(ch), recv(Chan[int]()))
        assert time.now() == MIDNIGHT

    moved: list[bool] = []

    @go
    def _() -> None:
        for _ in range(10):
            runtime.gosched()
        _from_outside(ch, outside)

    synctest.test(main)
    assert moved == []


@pytest.mark.parametrize("where", ["outside", "in another bubble"])
@pytest.mark.parametrize(
    ("operation", "text"),
    [
        ("receive", "receive on synctest channel from outside bubble"),
        ("send", "send on synctest channel from outside bubble"),
        ("close", "close of synctest channel from outside bubble"),
    ],
)
@pytest.mark.gochan
def test_channel_moved_out_of_bubble(operation: str, text: str, where: str) -> None:
    """TestChannelMovedOutOfBubble: a bubble's channel is its own."""
    out = Chan[Chan[int]](1)
    synctest.test(lambda: out.send(Chan[int]()))
    ch = out.recv()
    with pytest.raises(Panic, match=text):
        if where == "outside":
            _from_outside(ch, operation)
        else:
            synctest.test(_from_outside, ch, operation)


@pytest.mark.gochan
def test_select_of_a_channel_moved_out_of_bubble() -> None:
    """The same in a select, whatever else it has, and in a loop."""
    out = Chan[Chan[int]](1)
    synctest.test(lambda: out.send(Chan[int](1)))
    ch = out.recv()
    for cases in ((recv(ch),), (send(ch, 1), default), (recv(None), recv(ch), timeout(0))):
        with pytest.raises(Panic, match="select on synctest channel from outside bubble"):
            select(*cases)
    with pytest.raises(Panic, match="receive on synctest channel from outside bubble"):
        list(ch)
    assert len(ch) == 0


@pytest.mark.parametrize(
    ("use", "text"),
    [
        pytest.param(lambda t: t.c.recv(), "receive on synctest channel", id="read channel"),
        pytest.param(lambda t: t.reset(1), "reset of synctest timer", id="Reset"),
        pytest.param(lambda t: t.stop(), "stop of synctest timer", id="Stop"),
    ],
)
@pytest.mark.parametrize("kind", ["timer", "ticker", "after_func"])
@pytest.mark.gochan
def test_timer_from_inside_bubble(use: Callable[[Any], object], text: str, kind: str) -> None:
    """TestTimerFromInsideBubble: so are its timers."""
    made: list[Any] = []

    def main() -> None:
        if kind == "timer":
            made.append(time.new_timer(1))
        elif kind == "ticker":
            made.append(time.new_ticker(1))
        else:
            made.append(time.after_func(1, lambda: None))

    synctest.test(main)
    if kind == "after_func" and "channel" in text:
        assert made[0].c is None
        return
    with pytest.raises(Panic, match=f"{text} from outside bubble"):
        use(made[0])


# --- deadlocks -------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_deadlock_root() -> None:
    """TestDeadlockRoot: all blocked, no timer left: the bubble's stacks are reported; the program goes on."""
    with pytest.raises(Deadlock) as info:
        synctest.test(select)
    text = str(info.value)
    assert text.startswith("deadlock: all goroutines in bubble are blocked\n\ngoroutine ")
    assert "[select (no cases), synctest bubble " in text
    assert runtime.num_goroutine() == 1


@pytest.mark.gochan
def test_deadlock_child() -> None:
    """TestDeadlockChild: the function has returned, and a goroutine of it is blocked for good."""
    unwound: list[bool] = []

    def child() -> None:
        try:
            select()
        finally:
            unwound.append(True)

    with pytest.raises(Deadlock, match="main bubble goroutine has exited but blocked goroutines remain"):
        synctest.test(go, child)
    assert unwound == [True]
    assert runtime.num_goroutine() == 1


@pytest.mark.gochan
def test_deadlock_child_that_fails_when_it_is_unwound() -> None:
    """An exception raised by an unwound goroutine is reported with the deadlock, and nowhere else."""

    def child() -> None:
        try:
            select()
        finally:
            raise ValueError("as it ended")

    with pytest.raises(Deadlock) as info:
        synctest.test(go, child)
    assert info.value.__notes__[1:] == ["when it was unwound, a goroutine raised ValueError('as it ended')"]
    time.sleep(time.MILLISECOND)
    assert runtime.num_goroutine() == 1


@pytest.mark.gochan
def test_deadlock_ticker() -> None:
    """TestDeadlockTicker: a ticker does not count, as time stands still by then."""
    beats: list[bool] = []

    def listens() -> None:
        beats.extend(True for _ in time.tick(1))

    with pytest.raises(Deadlock, match="main bubble goroutine has exited but blocked goroutines remain"):
        synctest.test(go, listens)
    assert beats == []


@pytest.mark.gochan
def test_no_deadlock_while_code_outside_can_act() -> None:
    """A bubble that waits for the outside is asleep with the rest of the program, if that is."""

    def main() -> None:
        synctest.test(Chan[int]().recv)

    outside = Chan[int]()
    go(outside.send, 7)
    assert synctest.test(outside.recv) == 7
    # The channel is the bubble's own: no code outside can send.
    with pytest.raises(Deadlock, match="all goroutines in bubble are blocked"):
        synctest.test(lambda: Chan[int]().recv())


def test_deadlock_of_bubble_and_program() -> None:
    """When the bubble waits for the outside, and the outside waits too, the whole program is reported."""

    def main() -> None:
        outside = Chan[int]()
        synctest.test(outside.recv)

    with pytest.raises(Deadlock) as info:
        run(main)
    text = str(info.value)
    assert text.startswith("all goroutines are asleep - deadlock!")
    assert "goroutine 1 [synctest.Run" in text
    assert "goroutine 2 [chan receive, synctest bubble " in text


# --- sync ------------------------------------------------------------------------------------------------


@pytest.mark.gochan(synctest=True)
def test_cond() -> None:
    """TestCond: a wait for a signal, and for a broadcast, is durable: time moves on to it."""
    mu = sync.Mutex()
    cond = sync.Cond(mu)
    start, delay = time.now(), time.MILLISECOND

    @go
    def _() -> None:
        time.sleep(delay)
        mu.lock()
        cond.signal()
        mu.unlock()
        time.sleep(delay)
        mu.lock()
        cond.broadcast()
        mu.unlock()

    mu.lock()
    cond.wait()
    mu.unlock()
    assert time.since(start) == delay

    second: list[bool] = []

    @go
    def _() -> None:
        mu.lock()
        cond.wait()
        mu.unlock()
        second.append(True)

    mu.lock()
    cond.wait()
    mu.unlock()
    synctest.wait()
    assert second == [True]
    assert time.since(start) == 2 * delay


@pytest.mark.gochan
@pytest.mark.parametrize("how", ["signal", "broadcast"])
@pytest.mark.parametrize("where", ["outside", "in another bubble"])
def test_cond_signal_from_no_bubble(how: str, where: str) -> None:
    """TestSynctestCondSignalFromNoBubble of crash_test.go: a Cond that a bubble's goroutine waits for is not
    signalled from outside."""
    mu = sync.Mutex()
    cond = sync.Cond(mu)
    ready = Chan[None]()
    signal = cond.signal if how == "signal" else cond.broadcast

    def waits() -> None:
        @go
        def _() -> None:
            mu.lock()
            cond.wait()
            mu.unlock()

        synctest.wait()
        ready.recv()
        ready.recv()
        cond.signal()

    go(synctest.test, waits)
    ready.send(None)
    with pytest.raises(Panic, match="semaphore wake of synctest goroutine from outside bubble"):
        if where == "outside":
            signal()
        else:
            synctest.test(signal)
    ready.send(None)
    let_others_run()


@pytest.mark.gochan(synctest=True)
def test_mutex_is_not_durable() -> None:
    """A wait for a mutex is none for the bubble: it may be held outside.  So time stands still during it."""
    mu = sync.Mutex()
    got: list[float] = []

    @go
    def _() -> None:
        mu.lock()
        got.append(time.since(MIDNIGHT))
        mu.unlock()

    mu.lock()
    for _ in range(10):
        runtime.gosched()
    assert got == []
    mu.unlock()
    synctest.wait()
    assert got == [0]


@pytest.mark.gochan(synctest=True)
def test_wait_group_in_bubble() -> None:
    """TestWaitGroupInBubble: a wait for a group that counts in the bubble is durable."""
    wg = sync.WaitGroup()
    wg.add(1)

    @go
    def _() -> None:
        time.sleep(1)
        wg.done()

    wg.wait()
    assert time.since(MIDNIGHT) == 1


@pytest.mark.gochan(synctest=True)
def test_wait_group_racing_adds() -> None:
    """TestWaitGroupRacingAdds: a hundred at once."""
    wg, ran = sync.WaitGroup(), []
    for n in range(100):
        wg.go(ran.append, n)
    wg.wait()
    assert sorted(ran) == list(range(100))


@pytest.mark.gochan
def test_wait_group_out_of_bubble() -> None:
    """TestWaitGroupOutOfBubble: to wait for a group that counts outside is not a deadlock of the bubble."""
    wg, done = sync.WaitGroup(), Chan[None]()
    wg.add(1)

    def main() -> None:
        wg.wait()
        close(done)

    go(synctest.test, main)
    for _ in range(10):
        runtime.gosched()
    assert select(recv(done), default)[0] == 1
    wg.done()
    done.recv()


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        pytest.param("outside", "inside", "inside and outside synctest bubble", id="into"),
        pytest.param("inside", "outside", "inside and outside synctest bubble", id="out of"),
        pytest.param("inside", "inside", "multiple synctest bubbles", id="between"),
    ],
)
@pytest.mark.gochan
def test_wait_group_moved(first: str, second: str, text: str) -> None:
    """TestWaitGroupMovedIntoBubble, TestWaitGroupMovedOutOfBubble, and
    TestWaitGroupMovedBetweenBubblesWithNonZeroCount: a group that counts stays where it is."""
    wg = sync.WaitGroup()

    def add(where: str) -> None:
        if where == "inside":
            synctest.test(wg.add, 1)
        else:
            wg.add(1)

    add(first)
    with pytest.raises(Panic, match=f"sync: WaitGroup.Add called from {text}"):
        add(second)


@pytest.mark.parametrize("how", ["wait", "add"])
@pytest.mark.gochan
def test_wait_group_disassociate(how: str) -> None:
    """TestWaitGroupDisassociateInWait, TestWaitGroupDisassociateInAdd: at zero it has no bubble again."""
    wg = sync.WaitGroup()

    def first() -> None:
        wg.add(1)
        if how == "wait":
            wg.done()
            wg.wait()
        else:
            go(wg.wait)
            synctest.wait()
            wg.done()

    def second() -> None:
        wg.add(1)
        wg.done()

    synctest.test(first)
    synctest.test(second)
    second()


the_groups = [sync.WaitGroup(), sync.WaitGroup()]


@pytest.mark.gochan
def test_wait_group_of_a_module() -> None:
    """TestWaitGroupLinkerAllocated, TestWaitGroupHeapAllocated: a group that was there before any bubble."""

    def main() -> None:
        the_groups[0].go(lambda: None)
        the_groups[0].wait()
        the_groups[1].add(1)
        go(the_groups[1].wait)
        synctest.wait()
        the_groups[1].done()

    synctest.test(main)
    synctest.test(main)


@pytest.mark.gochan
def test_wait_group_many_bubbles() -> None:
    """TestWaitGroupManyBubbles: bubbles side by side, each with goroutines of its own that it waits for."""
    outer = sync.WaitGroup()
    ended: list[int] = []

    def one(n: int) -> None:
        def main() -> None:
            canceled, inner = Chan[None](), sync.WaitGroup()
            for _ in range(20):
                inner.go(canceled.recv)
            synctest.wait()
            time.sleep(n)
            assert time.since(MIDNIGHT) == n
            close(canceled)
            inner.wait()

        synctest.test(main)
        ended.append(n)

    for n in range(20):
        outer.go(one, n)
    outer.wait()
    assert sorted(ended) == list(range(20))


# --- iterators, order ------------------------------------------------------------------------------------


def _moments() -> Iterator[datetime]:
    while True:
        yield time.now()
        time.sleep(1)


@pytest.mark.parametrize("how", ["push", "pull"])
@pytest.mark.gochan(synctest=True)
def test_iterator(how: str) -> None:
    """TestIteratorPush, TestIteratorPull: a generator that sleeps, in a loop and by next()."""
    got: list[datetime] = []

    def push() -> None:
        for moment in _moments():
            got.append(moment)
            if len(got) == 3:
                break

    def pull() -> None:
        moments = _moments()
        defer(moments.close)  # type: ignore[attr-defined]
        while len(got) < 3:
            got.append(next(moments))

    go(push if how == "push" else pull)
    time.sleep(5)
    synctest.wait()
    assert got == [MIDNIGHT + timedelta(seconds=n) for n in range(3)]


@pytest.mark.gochan
def test_happens_before() -> None:
    """TestHappensBefore: wait is after all that the others do until they end or block, timers included; and
    test is after all of it."""
    steps = [0, 0]

    def step(which: int, wanted: int) -> None:
        steps[which] += 1
        assert steps[which] == wanted

    def main() -> None:
        step(0, 1)
        step(1, 1)
        go(step, 0, 2)
        go(step, 1, 2)
        synctest.wait()
        step(0, 3)
        step(1, 3)

        def then_blocks(which: int, wanted: int, ch: Chan[None]) -> None:
            step(which, wanted)
            ch.recv()

        first = Chan[None]()
        go(then_blocks, 0, 4, first)
        go(then_blocks, 1, 4, first)
        synctest.wait()
        step(0, 5)
        step(1, 5)
        close(first)

        time.after_func(0, lambda: step(0, 6))
        time.after_func(0, lambda: step(1, 6))
        synctest.wait()
        step(0, 7)
        step(1, 7)

        second = Chan[None]()
        time.after_func(0, lambda: then_blocks(0, 8, second))
        time.after_func(0, lambda: then_blocks(1, 8, second))
        synctest.wait()
        step(0, 9)
        step(1, 9)
        close(second)

    synctest.test(main)
    synctest.test(lambda: [go(go, step, which, 10) for which in (0, 1)] and None)
    assert steps == [10, 10]


# --- testing/synctest: a bubble and its test -------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        pytest.param("pytest.fail('fatal')", {"failed": 1}, id="TestFatal"),
        pytest.param("assert 'error' == ''", {"failed": 1}, id="TestError"),
        pytest.param("pytest.skip('skip')", {"skipped": 1}, id="TestSkip"),
        pytest.param("pass", {"passed": 1}, id="TestSuccess"),
    ],
)
@pytest.mark.parametrize("args", [(), ("-v",)], ids=["", "verbose"])
def test_outcome(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    body: str,
    outcome: dict[str, int],
    args: tuple[str, ...],
) -> None:
    """TestFatal, TestError, TestVerboseError, TestSkip, TestVerboseSkip, TestSuccess of testing/synctest: a
    test in a bubble ends as any other, at its own line."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    file = pytester.makepyfile(
        f"""
        import pytest
        from gochan import synctest

        def main():
            {body}

        def test_in_bubble():
            synctest.test(main)
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", *args)
    assert result.parseoutcomes() == outcome
    if "failed" in outcome:
        result.stdout.fnmatch_lines([f"{file.name}:5: *"])


@pytest.mark.gochan
def test_cleanup() -> None:
    """TestCleanup: what is deferred runs in the bubble, before it waits for the others to end."""
    done: list[bool] = []

    def main() -> None:
        ch = Chan[None]()
        defer(close, ch)

        @go
        def _() -> None:
            ch.recv()
            done.append(True)

    synctest.test(main)
    assert done == [True]


@pytest.mark.gochan
def test_context() -> None:
    """TestContext: a context that is canceled as the function ends lets those that wait for it end too."""
    states = ["not started"]

    def main() -> None:
        ctx, cancel = context.with_cancel(context.background())
        defer(cancel)

        @go
        def _() -> None:
            states.append("waiting on context")
            ctx.done().recv()
            states.append("done")

        synctest.wait()
        assert states[-1] == "waiting on context"

    synctest.test(main)
    assert states[-1] == "done"


@pytest.mark.gochan
def test_run() -> None:
    """TestRun: a bubble within a bubble is refused."""

    def main() -> None:
        with pytest.raises(Panic, match="Run called from within a synctest bubble"):
            synctest.test(lambda: None)

    synctest.test(main)


@pytest.mark.gochan(synctest=True)
def test_context_after_func() -> None:
    """The example TestContextAfterFunc: called when the context ends, and not before."""
    ctx, cancel = context.with_cancel(context.background())
    called: list[bool] = []
    context.after_func(ctx, lambda: called.append(True))
    synctest.wait()
    assert called == []
    cancel()
    synctest.wait()
    assert called == [True]


@pytest.mark.gochan(synctest=True)
def test_context_with_timeout() -> None:
    """The example TestContextWithTimeout: to the nanosecond."""
    ctx, cancel = context.with_timeout(context.background(), 5)
    defer(cancel)
    time.sleep(5 - time.NANOSECOND)
    synctest.wait()
    assert ctx.err() is None
    time.sleep(time.NANOSECOND)
    synctest.wait()
    assert isinstance(ctx.err(), context.DeadlineExceeded)


@pytest.mark.gochan(synctest=True)
def test_http_transport_100_continue() -> None:
    """The example TestHTTPTransport100Continue, with channels for the connection: a client that asks first
    does not send its body before the answer, or the time that it gives the server."""

    class Connection:
        def __init__(self) -> None:
            self.to_server = Chan[str](10)
            self.to_client = Chan[str](10)

    def put(connection: Connection, body: str) -> None:
        connection.to_server.send("PUT / expect 100-continue")
        select(recv(connection.to_client), timeout(5))
        connection.to_server.send(body)
        close(connection.to_server)

    def copy(connection: Connection, into: list[str]) -> None:
        into.extend(connection.to_server)

    for answers in (True, False):
        connection = Connection()
        go(put, connection, "request body")
        assert connection.to_server.recv() == "PUT / expect 100-continue"
        got: list[str] = []
        go(copy, connection, got)
        synctest.wait()
        assert got == []
        if answers:
            connection.to_client.send("100 Continue")
        else:
            time.sleep(5)
        synctest.wait()
        assert got == ["request body"]
    assert time.since(MIDNIGHT) == 5


# --- panics ----------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_panic_in_bubble() -> None:
    """What leaves the bubble's function leaves test, once the others have ended; deferred calls run first."""
    steps: list[str] = []

    def main() -> None:
        @go
        def _() -> None:
            time.sleep(0)
            runtime.gosched()
            steps.append("other")

        defer(steps.append, "deferred")
        panic("hello")

    with pytest.raises(Panic, match="hello"):
        synctest.test(main)
    assert steps == ["deferred", "other"]
    assert runtime.num_goroutine() == 1


@pytest.mark.gochan
def test_recover_in_bubble() -> None:
    """A recovered panic is none; a Goexit ends the function as a return does."""
    seen: list[object] = []

    def recovers() -> str:
        defer(lambda: seen.append(recover()))
        return panic("hello")

    assert synctest.test(recovers) is None
    assert synctest.test(runtime.goexit) is None
    assert seen == ["hello"]


def test_panic_of_another_in_bubble() -> None:
    """What leaves another goroutine of a bubble ends the program, as it does outside."""

    def main() -> None:
        synctest.test(lambda: (go(panic, "hello"), select()))

    with pytest.raises(Panic, match="hello"):
        run(main)
    # The runtime is as good as new.
    assert run(synctest.test, lambda: time.sleep(1)) is None


@pytest.mark.gochan(synctest=True)
def test_sleep_waits_for_what_the_same_moment_wakes() -> None:
    """synctest.Sleep: a goroutine that sleeps as long as main does has run when it returns."""
    done: list[str] = []

    def other() -> None:
        time.sleep(1)
        done.append("other")

    go(other)
    synctest.sleep(1)
    assert done == ["other"]
