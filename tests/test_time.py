"""time: sleep, timers and tickers.  What they do is tested on a virtual clock, how exactly on the real one.

Where a test follows one of Go's, its docstring names it (time/sleep_test.go, tick_test.go, mono_test.go).
"""

import contextvars
import gc
import math
import random
import weakref
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from goroutines import ready

from gochan import (
    Chan,
    Deadlock,
    Panic,
    cap,
    close,
    default,
    go,
    recv,
    run,
    runtime,
    select,
    sync,
    synctest,
    time,
    timeout,
)
from gochan._engine.impl import sched

MS = time.MILLISECOND


class Stopwatch:
    """Returns the milliseconds since it was made, on the virtual clock."""

    def __init__(self) -> None:
        self.start = time.now()

    def __call__(self) -> float:
        return self.of(time.now())

    def of(self, t: datetime) -> float:
        return (t - self.start) / timedelta(milliseconds=1)


# --- durations ---------------------------------------------------------------------------------------------

TAKES_SECONDS = [
    pytest.param(time.sleep, id="sleep"),
    pytest.param(time.after, id="after"),
    pytest.param(time.tick, id="tick"),
    pytest.param(time.new_timer, id="new_timer"),
    pytest.param(time.new_ticker, id="new_ticker"),
    pytest.param(lambda d: time.after_func(d, print), id="after_func"),
    pytest.param(lambda d: time.new_timer(1).reset(d), id="Timer.reset"),
    pytest.param(lambda d: time.new_ticker(1).reset(d), id="Ticker.reset"),
]


@pytest.mark.parametrize("wait", TAKES_SECONDS)
@pytest.mark.parametrize("d", ["1", None, True, 1j, b"1", [1], datetime.now()])
def test_refuses_a_non_duration(wait: Callable[[Any], object], d: object) -> None:
    with pytest.raises(TypeError, match=r": .* is not a duration; give seconds as a number, or a timedelta"):
        wait(d)


def test_the_function_is_named_that_was_given_no_duration() -> None:
    with pytest.raises(TypeError, match=r"^time.after: '1' is"):
        time.after("1")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^Ticker.reset: '1' is"):
        time.new_ticker(1).reset("1")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("d", "milliseconds"),
    [(2, 2000), (0.5, 500), (timedelta(minutes=1), 60_000), (3 * MS, 3), (time.HOUR, 3_600_000)],
)
@pytest.mark.gochan(synctest=True)
def test_a_duration_is_a_number_or_a_timedelta(d: float | timedelta, milliseconds: float) -> None:
    clock = Stopwatch()
    time.sleep(d)
    assert clock() == milliseconds
    assert clock.of(time.after(d).recv()) == 2 * milliseconds
    time.new_timer(1).reset(d)
    done = Chan[float]()
    time.after_func(d, lambda: done.send(clock()))
    assert done.recv() == 3 * milliseconds
    with time.new_ticker(d) as ticker:
        assert clock.of(ticker.c.recv()) == 4 * milliseconds


def refuse(*args: object) -> Any:
    raise ArithmeticError


# Subclasses whose methods must not be called: the engine would call them in the middle of a step.
HOSTILE = [
    type("Float", (float,), dict.fromkeys(("__gt__", "__lt__", "__mul__", "__float__"), refuse))(0.002),
    type("Int", (int,), dict.fromkeys(("__gt__", "__truediv__", "__float__", "__int__"), refuse))(2),
    type("Delta", (timedelta,), {"total_seconds": refuse})(seconds=2),
]


@pytest.mark.parametrize("d", HOSTILE, ids=lambda d: type(d).__name__)
@pytest.mark.gochan(synctest=True)
def test_no_method_of_a_durations_subclass_is_called(d: Any) -> None:
    clock = Stopwatch()
    expected = 2 if isinstance(d, float) else 2000
    assert select(recv(Chan[int]()), timeout(d)) == (1, None, True)
    assert clock() == expected
    for wait in (time.sleep, lambda d: time.after(d).recv(), lambda d: time.new_ticker(d).c.recv()):
        wait(d)
    assert clock() == 4 * expected


# --- sleep -------------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_sleep_lasts_as_long_as_asked() -> None:
    """Go's TestSleep."""
    for d in [0.001, 0.0033, timedelta(milliseconds=5), 1e-9]:
        start = monotonic()
        time.sleep(d)
        elapsed = monotonic() - start
        assert elapsed >= (d.total_seconds() if isinstance(d, timedelta) else d)


@pytest.mark.gochan
def test_sleep_lasts_hardly_longer() -> None:
    """The idle wait is exact to microseconds, where a poll of file descriptors rounds up to a millisecond."""
    late: list[float] = []
    # On a busy machine it may be late, but not each time.
    while not late or (late[-1] > 0.0005 and len(late) < 2000):
        start = monotonic()
        time.sleep(0.0023)
        late.append(monotonic() - start - 0.0023)
    assert min(late) < 0.0005


@pytest.mark.parametrize(
    "d", [0, 0.0, -1, -math.inf, math.nan, timedelta(0), timedelta(seconds=-1), -(10**400)]
)
@pytest.mark.gochan
def test_sleep_without_length_does_not_even_yield(d: float | timedelta) -> None:
    """Go's TestSleepZeroDeadlock, too: the goroutine is as it was."""
    started = []
    go(started.append, True)
    time.sleep(d)
    assert not started
    ch = Chan[int](1)
    ch.send(1)
    assert ch.recv() == 1
    assert not started
    runtime.gosched()
    assert started


@pytest.mark.gochan(synctest=True)
def test_sleepers_wake_in_the_order_of_their_times() -> None:
    """Go's TestAfterQueuing."""
    slots = [5, 3, 6, 6, 6, 1, 1, 2, 7, 9, 4, 8, 0]
    order: list[int] = []
    times: list[float] = []
    wg = sync.WaitGroup()
    clock = Stopwatch()

    def sleeper(slot: int) -> None:
        time.sleep(slot)
        order.append(slot)
        times.append(clock())

    for slot in slots:
        wg.go(sleeper, slot)
    wg.wait()
    assert order == sorted(slots)
    assert times == [1000 * slot for slot in order]


@pytest.mark.gochan(leaks=True)
def test_an_endless_sleep_does_not_end() -> None:
    """Go's TestOverflowSleep."""

    def oversleep() -> None:
        time.sleep(math.inf)
        raise AssertionError("the endless sleep is over")

    go(oversleep)
    index, _, _ = select(recv(time.after(1e300)), recv(time.after(10**400)), recv(time.after(0.005)))
    assert index == 2
    index, _, _ = select(recv(time.after(-1e300)), timeout(10))
    assert index == 0


def test_a_sleeper_is_unwound_when_the_program_ends() -> None:
    seen = []

    def sleeper() -> None:
        try:
            time.sleep(3600)
        finally:
            seen.append("woken")

    def main() -> None:
        go(sleeper)
        runtime.gosched()

    run(main)
    assert seen == ["woken"]
    assert sched.timeout() == -1


@pytest.mark.gochan
def test_a_timer_fires_beside_a_pair_that_is_never_idle() -> None:
    """Go's TestAfterFuncStarvation."""
    wg = sync.WaitGroup()
    c = Chan[bool](1)
    stop = []

    @wg.go
    def _() -> None:
        while not stop:
            c.send(True)
        c.close()

    @wg.go
    def _() -> None:
        for _ in c:
            pass

    time.after_func(time.MICROSECOND, lambda: stop.append(True))
    wg.wait()
    assert stop


@pytest.mark.gochan
def test_a_thousand_sleepers() -> None:
    """Go's BenchmarkSleep1000."""
    wg = sync.WaitGroup()
    for _ in range(1000):
        wg.go(time.sleep, time.NANOSECOND)
    wg.wait()
    assert sched.timeout() == -1


# --- after and Timer ---------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_after_on_the_real_clock() -> None:
    """Go's TestAfter."""
    start = time.now()
    end = time.after(0.005).recv()
    assert time.since(start) >= 0.005
    # A datetime has microseconds.
    assert end - start >= timedelta(microseconds=4999)


@pytest.mark.gochan(synctest=True)
def test_after_again_and_again() -> None:
    """Go's TestAfterTick."""
    clock = Stopwatch()
    assert [clock.of(time.after(10 * MS).recv()) for _ in range(4)] == [10, 20, 30, 40]


@pytest.mark.parametrize("d", [0, -1, math.nan, -math.inf])
@pytest.mark.gochan(synctest=True)
def test_a_timer_of_no_time_fires_at_once(d: float) -> None:
    """Go's TestZeroTimer."""
    clock = Stopwatch()
    assert ready(time.after(d))
    assert ready(time.new_timer(d).c)
    timer = time.new_timer(1)
    timer.reset(d)
    assert ready(timer.c)
    done = Chan[None]()
    time.after_func(d, done.close)
    done.recv()
    assert clock() == 0


@pytest.mark.gochan(synctest=True)
def test_the_value_is_the_moment_at_which_the_timer_was_due() -> None:
    """Go's TestAfterTimes and TestTickTimes."""
    clock = Stopwatch()
    c = time.after(10 * MS)
    ticks = time.tick(10 * MS)
    time.sleep(500 * MS)
    for t in [c.recv(), ticks.recv()]:
        assert clock.of(t) == 10
        # By the wall clock, too, which the bubble begins at 2000.
        assert t == datetime(2000, 1, 1, 0, 0, 0, 10_000, tzinfo=UTC)


@pytest.mark.gochan(synctest=True)
def test_a_timers_channel_appears_unbuffered() -> None:
    """Go's TestChan: what has come in can still be taken back."""
    timer = time.new_timer(1)
    c = timer.c
    assert c is not None
    assert (len(c), cap(c), c.cap) == (0, 0, 0)
    time.sleep(2)
    assert (len(c), cap(c), c.cap) == (0, 0, 0)
    c.recv()
    with pytest.raises(Panic, match="close of a timer's channel"):
        close(c)  # type: ignore[arg-type]


@pytest.mark.gochan(synctest=True)
def test_stop() -> None:
    timer = time.new_timer(1)
    assert timer.stop() is True
    assert timer.stop() is False
    time.sleep(2)
    assert not ready(timer.c)


@pytest.mark.gochan(synctest=True)
def test_stop_after_the_value_was_received() -> None:
    timer = time.new_timer(1)
    assert timer.c is not None
    timer.c.recv()
    assert timer.stop() is False


@pytest.mark.gochan(synctest=True)
def test_no_stale_value_after_stop() -> None:
    """Go's TestChan."""
    timer = time.new_timer(1)
    time.sleep(2)
    assert timer.stop() is True  # it has not been received
    assert not ready(timer.c)
    assert timer.stop() is False


@pytest.mark.gochan(synctest=True)
def test_no_stale_value_after_stop_when_a_value_was_polled() -> None:
    """A poll of the channel has moved the value into it; stop takes it out again."""
    timer = time.new_timer(1)
    time.sleep(2)
    c = timer.c
    assert isinstance(c, Chan)
    assert c._can_recv()
    assert timer.stop() is True
    assert not c._can_recv()


@pytest.mark.gochan(synctest=True)
def test_reset() -> None:
    """Go's TestReset."""
    clock = Stopwatch()
    timer = time.new_timer(2)
    time.sleep(1)
    assert timer.reset(3) is True
    time.sleep(2)
    assert not ready(timer.c)
    time.sleep(2)
    assert timer.c is not None
    assert clock.of(timer.c.recv()) == 4000
    assert timer.reset(1) is False
    assert clock.of(timer.c.recv()) == 6000


@pytest.mark.gochan(synctest=True)
def test_no_stale_value_after_reset() -> None:
    """Go's TestChan."""
    clock = Stopwatch()
    timer = time.new_timer(1)
    time.sleep(2)
    assert timer.reset(10) is True
    assert not ready(timer.c)
    assert timer.c is not None
    assert clock.of(timer.c.recv()) == 12_000
    assert timer.reset(1) is False


@pytest.mark.gochan(synctest=True)
def test_reset_of_a_stopped_timer() -> None:
    clock = Stopwatch()
    timer = time.new_timer(1)
    timer.stop()
    assert timer.reset(2) is False
    assert timer.c is not None
    assert clock.of(timer.c.recv()) == 2000


@pytest.mark.gochan(synctest=True)
def test_stop_while_a_goroutine_waits() -> None:
    """Go's TestChan."""
    clock = Stopwatch()
    timer = time.new_timer(1)
    assert timer.c is not None
    got = Chan[float]()
    c = timer.c
    go(lambda: got.send(clock.of(c.recv())))
    synctest.wait()
    assert timer.stop() is True
    time.sleep(5)
    assert not ready(got)
    assert timer.reset(2) is False
    assert got.recv() == 7000
    assert timer.stop() is False


@pytest.mark.parametrize(("d", "due"), [(30, 30_000), (0.5, 500)])
@pytest.mark.gochan(synctest=True)
def test_reset_while_a_goroutine_waits(d: float, due: float) -> None:
    """Go's TestChan."""
    clock = Stopwatch()
    timer = time.new_timer(10)
    c = timer.c
    assert c is not None
    got = Chan[float]()
    go(lambda: got.send(clock.of(c.recv())))
    synctest.wait()
    assert timer.reset(d) is True
    assert got.recv() == due


@pytest.mark.gochan(synctest=True)
def test_a_value_goes_to_one_of_the_waiters() -> None:
    """Go's TestChan, the part with two goroutines in a select."""
    timer = time.new_timer(1)
    done = Chan[int](2)
    stop = Chan[None]()
    wg = sync.WaitGroup()

    def waiter(i: int) -> None:
        match select(recv(timer.c), recv(stop)):
            case 0, _, _:
                done.send(i)

    wg.go(waiter, 0)
    wg.go(waiter, 1)
    time.sleep(2)
    assert len(done) == 1
    timer.stop()
    stop.close()
    wg.wait()
    assert len(done) == 1


@pytest.mark.gochan(synctest=True)
def test_a_timer_in_two_cases_of_a_select() -> None:
    timer = time.new_timer(1)
    index, _, ok = select(recv(timer.c), recv(timer.c))
    assert index in (0, 1)
    assert ok
    assert timer.stop() is False


@pytest.mark.gochan(synctest=True)
def test_a_waiter_that_leaves_takes_the_timer_out_of_the_heap() -> None:
    timer = time.new_timer(100)
    select(recv(timer.c), timeout(1))
    assert timer.reset(1) is True
    time.sleep(2)
    assert ready(timer.c)


@pytest.mark.gochan(synctest=True)
def test_stop_returns_whether_a_value_is_still_to_come() -> None:
    """Go's TestStopResult and TestResetResult."""
    for stop in [time.Timer.stop, lambda timer: timer.reset(time.HOUR)]:
        for _ in range(20):
            one, other = time.new_timer(MS), time.new_timer(MS)
            index, _, _ = select(recv(one.c), recv(other.c))
            late = other if index == 0 else one
            # Due at the same time, and not received: it is still there, or was taken back.
            assert stop(late) is True
            assert not ready(late.c)


@pytest.mark.gochan(synctest=True)
def test_moving_a_timer_again_and_again_loses_nothing() -> None:
    """Go's TestTimerModifiedEarlier."""
    clock = Stopwatch()
    for i in range(1, 50):
        timer = time.new_timer(time.HOUR)
        for _ in range(10):
            assert timer.stop()
            timer.reset(-1)
        index, t, _ = select(recv(timer.c), timeout(10))
        assert index == 0
        assert isinstance(t, time.Time)
        assert clock() == 0, i


@pytest.mark.gochan(synctest=True)
def test_adjusting_many_timers() -> None:
    """Go's TestAdjustTimers."""
    rnd = random.Random(4)
    timers = [time.new_timer(0) for _ in range(100)]
    states = [1] * len(timers)
    left = rnd.sample(range(len(timers)), len(timers))
    while left:
        i = rnd.choice(left)
        timer = timers[i]
        match states[i]:
            case 1 | 9:
                before = time.now()
                assert timer.c is not None
                timer.c.recv()
                assert time.since(before) == 0
            case 2 | 4 | 6:
                assert timer.reset(states[i] * time.MINUTE) is False
            case 3 | 5 | 7:
                assert timer.stop() is True
            case 8:
                assert timer.reset(0) is False
            case _:
                left.remove(i)
        states[i] += 1


@pytest.mark.gochan(synctest=True)
def test_many_goroutines_use_one_timer() -> None:
    """Go's TestMultiWakeupTimer and TestMultiWakeupTicker."""
    timer = time.new_timer(time.NANOSECOND)
    ticker = time.new_ticker(time.MICROSECOND)
    wg = sync.WaitGroup()

    def worker() -> None:
        for _ in range(100):
            select(recv(timer.c), default)
            timer.reset(time.NANOSECOND)
            select(recv(ticker.c), recv(time.after(MS)))

    for _ in range(4):
        wg.go(worker)
    wg.wait()
    ticker.stop()


@pytest.mark.gochan(synctest=True)
def test_with_stops_a_timer() -> None:
    with time.new_timer(1) as timer:
        assert isinstance(timer, time.Timer)
    time.sleep(2)
    assert not ready(timer.c)
    with pytest.raises(ZeroDivisionError), time.new_timer(1) as timer:
        raise ZeroDivisionError
    assert timer.stop() is False


@pytest.mark.parametrize("kind", [time.Timer, time.Ticker])
@pytest.mark.parametrize("made", [(), (1,), (None,)])
def test_timers_are_made_by_functions(kind: Any, made: tuple[Any, ...]) -> None:
    """Go's TestZeroTimerStopPanics, TestZeroTimerResetPanics: there is none that is not initialized."""
    with pytest.raises(TypeError):
        kind(*made)
    with pytest.raises(TypeError, match=r"is made by new_"):
        kind(*(made or (None,)))


# --- timers without a waiter -------------------------------------------------------------------------------


@pytest.mark.gochan
def test_a_timer_is_in_the_heap_only_while_a_goroutine_waits() -> None:
    timers = [time.new_timer(3600), time.new_ticker(3600)]
    c = time.after(3600)
    assert sched.timeout() == -1
    select(recv(c), recv(timers[0].c), recv(timers[1].c), timeout(0.001))
    assert sched.timeout() == -1


def stopped(timer: time.Timer | time.Ticker) -> time.Timer | time.Ticker:
    timer.stop()
    return timer


def after_func(d: float) -> Callable[[], object]:
    """Set and stop a timer that calls a function; return the function, which the timer holds."""

    def fn() -> None: ...

    stopped(time.after_func(d, fn))
    return fn


def lost_in_a_select(d: float) -> object:
    c = time.after(d)
    select(recv(c), recv(time.after(0)))
    return c


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(time.after, id="after"),
        pytest.param(time.tick, id="tick"),
        pytest.param(lambda d: time.new_timer(d).c, id="new_timer"),
        pytest.param(lambda d: time.new_ticker(d).c, id="new_ticker"),
        pytest.param(lambda d: stopped(time.new_timer(d)).c, id="stopped timer"),
        pytest.param(lambda d: stopped(time.new_ticker(d)).c, id="stopped ticker"),
        pytest.param(after_func, id="stopped after_func"),
        pytest.param(lost_in_a_select, id="lost in a select"),
    ],
)
@pytest.mark.gochan
def test_a_dropped_timer_is_garbage(make: Callable[[float], object]) -> None:
    """Go's TestTimerGC.  The timer and its channel, or its function, refer to each other."""
    refs = [weakref.ref(make(3600)) for _ in range(20)]
    gc.collect()
    assert [ref() for ref in refs] == [None] * 20


def test_a_timer_without_a_waiter_hides_no_deadlock() -> None:
    def main() -> None:
        timers = [time.new_timer(3600), time.new_ticker(3600), time.after(3600), time.tick(3600)]
        Chan[int]().recv()
        timers.clear()

    with pytest.raises(Deadlock, match=r"goroutine 1 \[chan receive\]"):
        run(main)


def test_waiting_for_a_stopped_timer_is_a_deadlock() -> None:
    def main(timer: time.Timer | time.Ticker) -> None:
        timer.stop()
        assert timer.c is not None
        timer.c.recv()

    for make in [time.new_timer, time.new_ticker]:
        with pytest.raises(Deadlock, match=r"goroutine 1 \[chan receive\]"):
            run(lambda make=make: main(make(3600)))


def test_a_pending_after_func_is_not_a_deadlock() -> None:
    def main() -> str:
        ch = Chan[str]()
        time.after_func(0.002, lambda: ch.send("called"))
        return ch.recv()

    assert run(main) == "called"


def test_a_timer_serves_the_next_program_too() -> None:
    called = []

    def first() -> tuple[time.Timer, time.Ticker, time.Timer]:
        timer, ticker = time.new_timer(0.002), time.new_ticker(0.001)
        ticker.c.recv()
        return timer, ticker, time.after_func(3600, lambda: called.append(True))

    def second(timer: time.Timer, ticker: time.Ticker, function: time.Timer) -> None:
        assert timer.c is not None
        timer.c.recv()
        ticker.c.recv()
        assert function.stop() is False  # it ended with its program
        function.reset(0)
        time.sleep(0.001)

    run(second, *run(first))
    assert called


# --- after_func --------------------------------------------------------------------------------------------


@pytest.mark.gochan(synctest=True)
def test_after_func_calls_in_a_goroutine_of_its_own() -> None:
    clock = Stopwatch()
    done = Chan[float]()
    timer = time.after_func(1, lambda: done.send(clock()))
    assert timer.c is None
    assert runtime.num_goroutine() == 2  # and the bubble's
    assert done.recv() == 1000
    assert timer.stop() is False


@pytest.mark.gochan(leaks=True)
def test_after_func_calls_after_func() -> None:
    """Go's TestAfterFunc."""
    left = 10
    c = Chan[bool]()

    def f() -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            time.after_func(0, f)
            time.sleep(1)
        else:
            c.send(True)

    time.after_func(0, f)
    assert c.recv()


@pytest.mark.gochan(synctest=True)
def test_a_stopped_after_func_is_not_called() -> None:
    """Go's TestAfterStop."""
    called = []
    first = time.after_func(1, lambda: called.append("first"))
    time.after_func(2, lambda: called.append("second"))
    assert first.stop() is True
    assert first.stop() is False
    time.sleep(3)
    assert called == ["second"]


@pytest.mark.gochan(synctest=True)
def test_reset_of_an_after_func() -> None:
    clock = Stopwatch()
    calls = Chan[float](10)
    timer = time.after_func(1, lambda: calls.send(clock()))
    assert timer.reset(2) is True
    time.sleep(5)
    assert timer.reset(2) is False
    time.sleep(5)
    timer.reset(1)
    assert timer.stop() is True
    timer.reset(-1)
    time.sleep(1)
    calls.close()
    assert list(calls) == [2000, 7000, 10_000]


@pytest.mark.gochan(synctest=True)
def test_a_thousand_functions_at_the_same_time() -> None:
    """Go's BenchmarkSimultaneousAfterFunc1000."""
    wg = sync.WaitGroup()
    wg.add(1000)
    for _ in range(1000):
        time.after_func(1, wg.done)
    wg.wait()


@pytest.mark.gochan(synctest=True)
def test_with_stops_an_after_func() -> None:
    called = []
    with time.after_func(1, lambda: called.append(True)):
        pass
    time.sleep(2)
    assert not called


def test_an_exception_in_an_after_func_ends_the_program() -> None:
    def main() -> None:
        time.after_func(0, lambda: 1 // 0)
        time.sleep(10)

    with pytest.raises(ZeroDivisionError) as caught:
        run(main)
    (note,) = caught.value.__notes__
    assert note.startswith("in goroutine 2, created by goroutine 1 at\n")
    assert "time.after_func(0, lambda: 1 // 0)" in note


@pytest.mark.gochan(synctest=True)
def test_an_after_func_runs_in_a_copy_of_the_context_of_its_call() -> None:
    variable = contextvars.ContextVar("variable", default="unset")
    seen = Chan[str](10)

    def f() -> None:
        seen.send(variable.get())
        variable.set("changed by a call")

    variable.set("at the call")
    timer = time.after_func(1, f)
    variable.set("later")
    time.sleep(2)
    timer.reset(1)
    time.sleep(2)
    seen.close()
    assert list(seen) == ["at the call", "at the call"]
    assert variable.get() == "later"


@pytest.mark.parametrize("f", [None, 3, "f"])
def test_after_func_refuses_what_cannot_be_called(f: Any) -> None:
    with pytest.raises(TypeError, match=r"^time.after_func: .* is not callable"):
        time.after_func(1, f)


# --- tickers -----------------------------------------------------------------------------------------------


@pytest.mark.gochan(synctest=True)
def test_ticker() -> None:
    """Go's TestTicker."""
    clock = Stopwatch()
    ticker = time.new_ticker(10 * MS)
    ticks = [clock.of(ticker.c.recv()) for _ in range(3)]
    ticker.reset(20 * MS)
    ticks += [clock.of(ticker.c.recv()) for _ in range(3)]
    ticker.stop()
    assert ticks == [10, 20, 30, 50, 70, 90]
    time.sleep(1)
    assert not ready(ticker.c)


@pytest.mark.gochan(synctest=True)
def test_a_ticker_at_the_end_of_time() -> None:
    """It ticks when the clock, a bubble's, shows the last time that it can show, and then no more."""
    time.sleep(math.inf)
    with time.new_ticker(1) as ticker:
        ticker.c.recv()
        assert not ready(ticker.c)
        ticker.reset(math.inf)
        ticker.c.recv()
        assert not ready(ticker.c)


@pytest.mark.gochan
def test_ticker_on_the_real_clock() -> None:
    """Go's TestTicker: the ticks don't drift by what each one is late."""
    start = monotonic()
    with time.new_ticker(0.002) as ticker:
        for _ in range(10):
            ticker.c.recv()
        elapsed = monotonic() - start
        tick = ticker.c.recv()
        assert elapsed >= 0.020
        # Each tick is at a whole number of periods after the first, however late it was received.
        assert ((ticker.c.recv() - tick) / timedelta(milliseconds=2)) % 1 == pytest.approx(0, abs=0.01)


@pytest.mark.gochan(synctest=True)
def test_a_ticker_is_iterated_over() -> None:
    clock = Stopwatch()
    ticks = []
    with time.new_ticker(1) as ticker:
        for t in ticker.c:
            ticks.append(clock.of(t))
            if len(ticks) == 3:
                break
    assert ticks == [1000, 2000, 3000]


@pytest.mark.gochan(synctest=True)
def test_a_slow_receiver_misses_ticks() -> None:
    clock = Stopwatch()
    with time.new_ticker(10 * MS) as ticker:
        time.sleep(35 * MS)
        # The first of those that are over; the others are skipped, and the rhythm stays.
        assert clock.of(ticker.c.recv()) == 10
        assert not ready(ticker.c)
        assert clock.of(ticker.c.recv()) == 40
        assert clock.of(ticker.c.recv()) == 50


@pytest.mark.gochan(synctest=True)
def test_a_tick_that_is_not_received_leaves_no_room_for_the_next() -> None:
    """Two wait, one stays: the ticker goes on in the heap, and the buffer holds no more than one tick."""
    clock = Stopwatch()
    ticker = time.new_ticker(10 * MS)
    got = Chan[float]()
    go(lambda: got.send(clock.of(ticker.c.recv())))
    go(lambda: got.send(clock.of(ticker.c.recv())))
    assert [got.recv(), got.recv()] == [10, 20]
    time.sleep(100 * MS)
    assert clock.of(ticker.c.recv()) == 30
    assert not ready(ticker.c)
    ticker.stop()


@pytest.mark.gochan(synctest=True)
def test_no_stale_tick_after_stop_or_reset() -> None:
    """Go's TestChan."""
    clock = Stopwatch()
    ticker = time.new_ticker(1)
    assert (len(ticker.c), cap(ticker.c)) == (0, 0)
    time.sleep(2)
    assert (len(ticker.c), cap(ticker.c)) == (0, 0)
    ticker.stop()
    assert not ready(ticker.c)
    ticker.reset(1)
    time.sleep(1)
    ticker.reset(10)
    assert not ready(ticker.c)
    assert clock.of(ticker.c.recv()) == 13_000
    ticker.stop()
    ticker.stop()


@pytest.mark.gochan(synctest=True)
def test_reset_of_a_ticker_while_a_goroutine_waits() -> None:
    """Go's TestChan."""
    clock = Stopwatch()
    ticker = time.new_ticker(10_000)
    got = Chan[float]()
    go(lambda: got.send(clock.of(ticker.c.recv())))
    synctest.wait()
    ticker.reset(1)
    assert got.recv() == 1000
    assert clock.of(ticker.c.recv()) == 2000
    ticker.stop()


@pytest.mark.gochan
def test_a_ticker_of_a_nanosecond() -> None:
    """Go's TestTickerStress and TestTickerConcurrentStress."""
    wg = sync.WaitGroup()
    with time.new_ticker(time.NANOSECOND) as ticker:

        def receive() -> None:
            for _ in range(20):
                ticker.c.recv()

        for _ in range(10):
            wg.go(receive)
        wg.wait()


@pytest.mark.gochan(synctest=True)
def test_a_ticker_of_less_than_the_clock_can_tell() -> None:
    clock = Stopwatch()
    with time.new_ticker(1e-30) as ticker:
        assert clock.of(ticker.c.recv()) == 0
        ticker.c.recv()


@pytest.mark.gochan
def test_a_ticker_that_never_ticks() -> None:
    with time.new_ticker(math.inf) as ticker:
        index, _, _ = select(recv(ticker.c), timeout(0.001))
        assert index == 1


@pytest.mark.gochan(synctest=True)
def test_with_stops_a_ticker() -> None:
    with time.new_ticker(1) as ticker:
        assert isinstance(ticker, time.Ticker)
    with pytest.raises(ZeroDivisionError), time.new_ticker(1) as other:
        raise ZeroDivisionError
    time.sleep(2)
    assert not ready(ticker.c)
    assert not ready(other.c)


@pytest.mark.gochan(synctest=True)
def test_teardown() -> None:
    """Go's TestTeardown."""
    for _ in range(3):
        ticker = time.new_ticker(1)
        ticker.c.recv()
        ticker.stop()


@pytest.mark.parametrize("d", [0, -1, -0.0, math.nan, -math.inf, timedelta(0)])
@pytest.mark.gochan(synctest=True)
def test_a_ticker_needs_a_length(d: float | timedelta) -> None:
    """Go's TestNewTickerLtZeroDuration and TestTickerResetLtZeroDuration."""
    with pytest.raises(Panic, match=r"^non-positive interval for NewTicker$"):
        time.new_ticker(d)
    ticker = time.new_ticker(1)
    with pytest.raises(Panic, match=r"^non-positive interval for Ticker.Reset$"):
        ticker.reset(d)
    ticker.c.recv()  # it goes on
    ticker.stop()


@pytest.mark.gochan(synctest=True)
def test_tick() -> None:
    clock = Stopwatch()
    ticks = time.tick(1)
    assert [clock.of(ticks.recv()), clock.of(ticks.recv())] == [1000, 2000]


@pytest.mark.parametrize("d", [0, -1, math.nan])
def test_tick_without_length_never_ticks(d: float) -> None:
    """Go's TestTick: there it is a nil channel."""
    ticks = time.tick(d)
    assert not ready(ticks)
    with pytest.raises(Deadlock):
        run(ticks.recv)


# --- moments -----------------------------------------------------------------------------------------------


@pytest.mark.gochan(synctest=True)
def test_since_and_until() -> None:
    start = time.now()
    time.sleep(1.5)
    assert time.since(start) == 1.5
    assert time.until(start) == -1.5
    assert time.until(start + timedelta(minutes=1)) == 58.5


def test_since_and_until_on_the_real_clock() -> None:
    """Go's TestMonotonicOverflow."""
    assert 0 <= time.since(time.now()) < 5
    assert -35 < time.until(time.now() - timedelta(seconds=30)) <= -30
    assert 25 < time.until(time.now() + timedelta(seconds=30)) <= 30
    assert time.now() + timedelta(hours=1) > time.now() - timedelta(seconds=5)


def test_since_goes_by_the_monotonic_clock_where_it_can() -> None:
    t = time.now()
    mono = t.monotonic()
    assert mono is not None
    wrong = time.Time._at(0, mono)  # as if the wall clock had been set in between
    assert 0 <= time.since(wrong) < 5
    assert time.since(wrong.replace()) > 50 * 365 * 24 * time.HOUR


@pytest.mark.gochan(synctest=True)
def test_since_of_a_plain_datetime() -> None:
    time.sleep(1)
    assert time.since(datetime(2000, 1, 1, tzinfo=UTC)) == 1
    assert time.until(datetime(2000, 1, 1, 0, 1, tzinfo=UTC)) == 59
    local = datetime(2000, 1, 1, tzinfo=UTC).astimezone().replace(tzinfo=None)
    assert time.since(local) == 1


def test_since_of_the_ends_of_the_calendar() -> None:
    year = 365.25 * 24 * time.HOUR
    assert time.since(datetime.min) > 2000 * year
    assert time.until(datetime.max) > 7000 * year


@pytest.mark.parametrize("tell", [time.since, time.until])
@pytest.mark.parametrize("t", [None, 3.0, "now", timedelta(1), datetime.now().date()])
def test_since_refuses_a_non_moment(tell: Callable[[Any], float], t: object) -> None:
    with pytest.raises(TypeError, match=r"^time.(since|until): .* is not a datetime; give one such as"):
        tell(t)


# --- bubbles -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "use", "what"),
    [
        (lambda: time.new_timer(1), lambda timer: timer.stop(), "stop"),
        (lambda: time.new_timer(1), lambda timer: timer.reset(1), "reset"),
        (lambda: time.after_func(1, print), lambda timer: timer.stop(), "stop"),
        (lambda: time.new_ticker(1), lambda ticker: ticker.stop(), "stop"),
        (lambda: time.new_ticker(1), lambda ticker: ticker.reset(1), "reset"),
    ],
)
def test_a_timer_stays_in_its_bubble(
    make: Callable[[], Any], use: Callable[[Any], object], what: str
) -> None:
    made = []
    run(synctest.test, lambda: made.append(make()))
    with pytest.raises(Panic, match=f"^{what} of synctest timer from outside bubble$"):
        use(made[0])
    with pytest.raises(Panic, match=f"^{what} of synctest timer from outside bubble$"):
        run(synctest.test, lambda: use(made[0]))
