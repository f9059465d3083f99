"""Follows Go's time/sleep_test.go and tick_test.go, where tests/test_time.py has no counterpart.

All but one run in a bubble, so that what Go leaves a margin for is exact here.
"""

from __future__ import annotations

import gc
import os
import random
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from time import sleep as block
from typing import Any

import pytest
from goroutines import ready

from gochan import (
    Chan,
    cap,
    defer,
    defers,
    go,
    recover,
    recv,
    run,
    runtime,
    select,
    send,
    sync,
    time,
    timeout,
)

SCHED = 10 * time.MILLISECOND


class FuncTimer:
    """A timer like new_timer's, made with after_func: it is in the heap even without a waiter."""

    def __init__(self, d: float) -> None:
        self.c = Chan[time.Time](1)
        timer = time.after_func(d, lambda: self.c.send(time.now()))
        self.stop, self.reset = timer.stop, timer.reset


both_ways = pytest.mark.parametrize("new_timer", [time.new_timer, FuncTimer], ids=["channel", "function"])


# --- sleep_test.go ---------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill would end the process")
def test_sleep_outlasts_a_signal() -> None:
    """TestSleep: the runtime's idle wait is broken off, the sleep is not."""
    seen: list[int] = []

    def interrupt() -> None:
        block(0.003)
        os.kill(os.getpid(), signal.SIGUSR1)

    def main() -> float:
        thread = threading.Thread(target=interrupt)
        start = monotonic()
        thread.start()
        time.sleep(0.01)
        slept = monotonic() - start
        thread.join()
        return slept

    before = signal.signal(signal.SIGUSR1, lambda signum, frame: seen.append(signum))
    try:
        assert run(main) >= 0.01
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert seen == [signal.SIGUSR1]


@pytest.mark.parametrize("receivers", [1, 10])
@pytest.mark.gochan(synctest=True)
def test_a_ticker_beside_the_garbage_collector(receivers: int) -> None:
    """TestTickerStress and TestTickerConcurrentStress: the beats come in while another goroutine works."""
    stopped: list[bool] = []
    collections = 0
    collector = sync.WaitGroup()

    @collector.go
    def _() -> None:
        nonlocal collections
        while not stopped:
            gc.collect(0)
            collections += 1
            time.sleep(time.NANOSECOND)

    beats = 0
    wg = sync.WaitGroup()
    with time.new_ticker(time.NANOSECOND) as ticker:

        def receive() -> None:
            nonlocal beats
            for _ in range(100 // receivers):
                ticker.c.recv()
                beats += 1

        for _ in range(receivers):
            wg.go(receive)
        wg.wait()
    stopped.append(True)
    collector.wait()
    assert beats == 100
    assert collections > 1


@both_ways
@pytest.mark.gochan(synctest=True)
def test_a_stopped_timer_stays_silent_when_a_longer_one_is_over(new_timer: Callable[[float], Any]) -> None:
    """TestAfterStop."""
    ms = time.MILLISECOND
    called: list[str] = []
    time.after_func(100 * ms, lambda: called.append("kept"))
    first = new_timer(50 * ms)
    second = time.after_func(150 * ms, lambda: called.append("stopped"))
    end = time.after(200 * ms)
    assert first.stop() is True
    assert second.stop() is True
    end.recv()
    assert not ready(first.c)
    assert called == ["kept"]
    assert second.stop() is False


@both_ways
@pytest.mark.gochan(synctest=True)
def test_timers_come_in_by_their_times(new_timer: Callable[[float], Any]) -> None:
    """TestAfterQueuing: whatever the order they were made in, and some at the same time."""
    slots = [5, 3, 6, 6, 6, 1, 1, 2, 7, 9, 4, 8, 0]
    result = Chan[tuple[int, float]](len(slots))
    start = time.now()

    def wait(slot: int, c: Any) -> None:
        result.send((slot, (c.recv() - start).total_seconds()))

    for slot in slots:
        go(wait, slot, new_timer(slot).c)
    assert [result.recv() for _ in slots] == [(slot, slot) for slot in sorted(slots)]


@pytest.mark.gochan(synctest=True)
def test_stopping_many_timers() -> None:
    """TestTimerStopStress: each by a goroutine of its own, a second before it is due."""
    called: list[int] = []
    stopped: list[bool] = []

    def start_and_stop(i: int) -> None:
        timer = time.after_func(2, lambda: called.append(i))
        time.sleep(1)
        stopped.append(timer.stop())

    for i in range(100):
        go(start_and_stop, i)
    time.sleep(3)
    assert called == []
    assert stopped == [True] * 100


@pytest.mark.gochan(synctest=True)
def test_sleep_of_nothing_beside_the_garbage_collector() -> None:
    """TestSleepZeroDeadlock: the goroutine that slept for no time is not taken for one that waits."""
    c = Chan[bool]()

    @go
    def _() -> None:
        for _ in range(20):
            gc.collect(0)
            runtime.gosched()
        c.send(True)

    for _ in range(100):
        time.sleep(0)
        one = Chan[bool](1)
        one.send(True)
        one.recv()
        runtime.gosched()
    assert c.recv()


@pytest.mark.gochan(synctest=True)
def test_a_ticker_can_be_stopped_after_the_misuse_of_a_timer() -> None:
    """TestIssue5745: a deferred stop, while the error of a timer that is not there unwinds."""
    recovered: list[object] = []

    @defers
    def misuse() -> None:
        ticker = time.new_ticker(time.HOUR)

        def clean_up() -> None:
            ticker.stop()
            recovered.append(recover())

        defer(clean_up)
        timer: Any = None
        timer.stop()

    misuse()
    assert [type(err) for err in recovered] == [AttributeError]


@pytest.mark.parametrize("period", [timedelta(days=36_500), timedelta(microseconds=(2**63 - 1) // 1000)])
@pytest.mark.gochan(synctest=True)
def test_a_period_beyond_what_64_bits_hold(period: timedelta) -> None:
    """TestOverflowPeriodRuntimeTimer: after a beat, the next one is out of reach; others are not held up."""
    with time.new_ticker(period) as ticker:
        first = ticker.c.recv()
        assert first - datetime(2000, 1, 1, tzinfo=UTC) >= timedelta(days=36_500)
        for _ in range(2):
            before = time.now()
            index, _, _ = select(recv(ticker.c), recv(time.after(0.025)))
            assert index == 1
            assert time.now() - before == timedelta(milliseconds=25)


@pytest.mark.gochan(synctest=True)
def test_a_timer_that_is_moved_earlier_again_and_again() -> None:
    """TestTimerModifiedEarlier."""
    start = time.now()
    past = time.until(datetime(1970, 1, 1, tzinfo=UTC))
    for _ in range(50):
        timer = FuncTimer(time.HOUR)
        for _ in range(10):
            if not timer.stop():
                timer.c.recv()
            timer.reset(past)
        index, _, _ = select(recv(timer.c), timeout(10))
        assert index == 0
    assert time.now() == start


@pytest.mark.gochan(synctest=True)
def test_timers_that_are_moved_to_and_fro() -> None:
    """TestAdjustTimers."""
    rnd = random.Random(8)
    for_long = {2: 1, 4: 3, 6: 2}
    timers: dict[int, FuncTimer] = {}
    left = dict.fromkeys(range(100), 0)
    while left:
        i = rnd.choice(list(left))
        state = left[i]
        left[i] += 1
        if state == 0:
            timers[i] = FuncTimer(0)
        elif state in (1, 9):
            before = time.now()
            timers[i].c.recv()
            assert time.now() == before
        elif state in for_long:
            assert timers[i].reset(for_long[state] * time.MINUTE) is False
        elif state in (3, 5, 7):
            assert timers[i].stop() is True
        elif state == 8:
            assert timers[i].reset(0) is False
        else:
            del left[i]


# --- tick_test.go ----------------------------------------------------------------------------------------


@pytest.mark.gochan(synctest=True)
def test_timeouts_that_are_never_reached_cost_nothing() -> None:
    """TestLongAdjustTimers: a heap that was long once, then a timeout with each value."""
    wg = sync.WaitGroup()
    for _ in range(500):
        wg.go(time.sleep, 10 * time.MICROSECOND)
    wg.wait()
    start = time.now()

    into, out = Chan[int](), Chan[int]()

    @go
    def _() -> None:
        queue: list[int] = []
        while True:
            match select(recv(into), send(out if queue else None, queue[0] if queue else 0)):
                case 0, value, True:
                    assert value is not None
                    queue.append(value)
                case 0, _, _:
                    out.close()
                    return
                case _:
                    del queue[0]

    for i in range(50):
        for j in range(10):
            into.send(10 * i + j)
        for j in range(10):
            index, value, _ = select(recv(out), recv(time.after(5)))
            assert (index, value) == (0, 10 * i + j)
    into.close()
    assert out.recv_ok()[1] is False
    assert time.now() == start


made = pytest.mark.parametrize("make", [time.new_timer, time.new_ticker])


@made
@pytest.mark.gochan(synctest=True)
def test_stop_and_reset_without_a_waiter(make: Callable[[float], Any]) -> None:
    """TestChan, its first part."""
    tim = make(10_000)
    tim.stop()
    assert not ready(tim.c)
    tim.reset(10_000)
    assert not ready(tim.c)
    tim.reset(time.NANOSECOND)
    time.sleep(SCHED)
    assert (len(tim.c), cap(tim.c)) == (0, 0)
    assert ready(tim.c)
    # If it is a ticker, the next beat is due: it is taken back.
    time.sleep(SCHED)
    tim.reset(10_000)
    assert not ready(tim.c)
    tim.stop()


@made
@pytest.mark.gochan(synctest=True)
def test_reset_while_a_goroutine_waits(make: Callable[[float], Any]) -> None:
    """TestChan, the part with a goroutine that receives."""
    tim = make(10_000)
    done = Chan[None]()

    @go
    def _() -> None:
        tim.c.recv()
        done.close()

    time.sleep(SCHED)
    assert not ready(done)
    tim.reset(20_000)
    time.sleep(SCHED)
    assert not ready(done)
    tim.reset(time.NANOSECOND)
    time.sleep(SCHED)
    assert ready(done)
    assert ready(tim.c) is (make is time.new_ticker)
    tim.stop()
    assert not ready(tim.c)


@made
@pytest.mark.gochan(synctest=True)
def test_reset_and_stop_while_two_select(make: Callable[[float], Any]) -> None:
    """TestChan, the parts with two goroutines in a select: each beat is for one, none after stop."""
    tim = make(10_000)
    got = Chan[int](2)

    def both_wait(stop: Chan[None]) -> sync.WaitGroup:
        wg = sync.WaitGroup()

        def wait(i: int) -> None:
            if select(recv(tim.c), recv(stop))[0] == 0:
                got.send(i)

        wg.go(wait, 0)
        wg.go(wait, 1)
        return wg

    stop = Chan[None]()
    wg = both_wait(stop)
    time.sleep(SCHED)
    assert len(got) == 0
    tim.reset(SCHED / 2)
    time.sleep(SCHED * 0.75)
    assert len(got) == 1
    tim.stop()
    stop.close()
    wg.wait()
    assert len(got) == 1
    assert not ready(tim.c)

    # Goroutines that start to wait for a stopped one.
    stop = Chan[None]()
    wg = both_wait(stop)
    time.sleep(SCHED)
    stop.close()
    wg.wait()
    assert len(got) == 1


@made
@pytest.mark.gochan(synctest=True)
def test_stop_and_reset_take_back_what_came_in(make: Callable[[float], Any]) -> None:
    """TestChan, its last part: no old value is received, and stop returns that there was one."""
    ticker = make is time.new_ticker
    tim = make(time.NANOSECOND)
    time.sleep(SCHED)
    # A Ticker's stop and reset return nothing.
    assert tim.stop() is (None if ticker else True)
    assert not ready(tim.c)
    assert tim.reset(time.HOUR) is (None if ticker else False)
    assert not ready(tim.c)
    assert tim.reset(time.NANOSECOND) is (None if ticker else True)
    time.sleep(SCHED)
    assert ready(tim.c)
    time.sleep(SCHED)
    assert ready(tim.c) is ticker
    time.sleep(SCHED)
    assert tim.reset(time.HOUR) is (None if ticker else False)
    assert not ready(tim.c)
    tim.stop()
