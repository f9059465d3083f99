"""rate.  Where a test follows one of Go's, its docstring names it (rate_test.go, sometimes_test.go).

Nearly all give the moments themselves; those that wait do so on a virtual clock.
"""

import functools
import math
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from gochan import Chan, Deadlock, context, go, panic, rate, run, runtime, sync, synctest, time

BACKGROUND = context.background()
# The time between two of the moments t0, t1, ... in the tests below.
D = 100 * time.MILLISECOND


class Bench:
    """A limiter, and the moments t0, t1, ... at which it is tried."""

    def __init__(self, t0: datetime) -> None:
        self.t0 = t0
        self.limiter = rate.Limiter(0, 0)

    def new(self, limit: float, burst: int) -> None:
        self.limiter = rate.Limiter(limit, burst)

    def t(self, i: float) -> datetime:
        return self.t0 + timedelta(seconds=i * D)

    def allow(self, i: int, tokens: float, n: int, ok: bool) -> None:
        """At t<i> there are so many tokens, and n events are allowed, or not."""
        assert self.limiter.tokens_at(self.t(i)) == tokens
        assert self.limiter.allow_n(self.t(i), n) is ok

    def reserve(self, i: int, n: int, act: int | None) -> rate.Reservation:
        """At t<i> n events can be reserved for t<act>, or (None) not at all."""
        r = self.limiter.reserve_n(self.t(i), n)
        assert r.ok() is (act is not None)
        delay = r.delay_from(self.t(i))
        assert delay == (rate.INF_DURATION if act is None else pytest.approx(max(0, act - i) * D, abs=1e-9))
        return r


@pytest.fixture(params=["monotonic", "time zone", "local"])
def bench(request: pytest.FixtureRequest) -> Bench:
    """With each kind of moment."""
    if request.param == "monotonic":
        return Bench(time.now())
    return Bench(datetime(2024, 1, 1, tzinfo=UTC if request.param == "time zone" else None))


# --- Go's tests: limits ----------------------------------------------------------------------------------


def test_limit() -> None:
    """TestLimit."""
    assert rate.Limit(10) != rate.INF
    assert rate.Limiter(10, 1).limit() == 10.0
    assert rate.Limiter(math.inf, 1).limit() == rate.INF


@pytest.mark.parametrize(
    ("interval", "limit"),
    [
        (0, rate.INF),
        (-1, rate.INF),
        (time.NANOSECOND, 1e9),
        (time.MICROSECOND, 1e6),
        (time.MILLISECOND, 1e3),
        (10 * time.MILLISECOND, 100),
        (100 * time.MILLISECOND, 10),
        (time.SECOND, 1),
        (2 * time.SECOND, 0.5),
        (2.5 * time.SECOND, 0.4),
        (timedelta(seconds=4), 0.25),
        (10 * time.SECOND, 0.1),
        (((1 << 63) - 1) / 1e9, 1e9 / ((1 << 63) - 1)),
    ],
)
def test_every(interval: float | timedelta, limit: float) -> None:
    """TestEvery."""
    assert rate.every(interval) == pytest.approx(limit, rel=1e-9)


# --- Go's tests: allow -----------------------------------------------------------------------------------


ALLOWED: dict[str, tuple[int, list[tuple[int, float, int, bool]]]] = {
    "TestLimiterBurst1": (
        1,
        [
            (0, 1, 1, True),
            (0, 0, 1, False),
            (0, 0, 1, False),
            (1, 1, 1, True),
            (1, 0, 1, False),
            (1, 0, 1, False),
            (2, 1, 2, False),
            (2, 1, 1, True),
            (2, 0, 1, False),
        ],
    ),
    "TestLimiterBurst3": (
        3,
        [
            (0, 3, 2, True),
            (0, 1, 2, False),
            (0, 1, 1, True),
            (0, 0, 1, False),
            (1, 1, 4, False),
            (2, 2, 1, True),
            (3, 2, 1, True),
            (4, 2, 1, True),
            (4, 1, 1, True),
            (4, 0, 1, False),
            (4, 0, 1, False),
            (9, 3, 3, True),
            (9, 0, 0, True),
        ],
    ),
    # Before its last moment no tokens come in, and none are lost.
    "TestLimiterJumpBackwards": (
        3,
        [
            (1, 3, 1, True),
            (0, 2, 1, True),
            (0, 1, 1, True),
            (0, 0, 1, False),
            (0, 0, 1, False),
            (1, 1, 1, True),
            (1, 0, 1, False),
            (1, 0, 1, False),
            (2, 1, 1, True),
            (2, 0, 1, False),
            (2, 0, 1, False),
        ],
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_allow_n(bench: Bench, name: str) -> None:
    """With a limit of 10: the burst, and the calls with the tokens before and the result."""
    burst, calls = ALLOWED[name]
    bench.new(10, burst)
    for i, tokens, n, ok in calls:
        bench.allow(i, tokens, n, ok)


def test_limiter_no_truncation_errors() -> None:
    """TestLimiter_noTruncationErrors."""
    assert rate.Limiter(0.7692307692307693, 1).allow()


@pytest.mark.gochan
def test_simultaneous_requests() -> None:
    """TestSimultaneousRequests."""
    limiter = rate.Limiter(1, 5)
    allowed: list[bool] = []
    wg = sync.WaitGroup()
    for _ in range(15):
        wg.go(lambda: allowed.append(limiter.allow()))
    wg.wait()
    assert allowed.count(True) == 5


@pytest.mark.gochan(synctest=True)
def test_long_running_qps() -> None:
    """TestLongRunningQPS: 500 tries a second for 5 seconds, of which 100 a second pass, and 100 at first."""
    limiter = rate.Limiter(100, 100)
    start, passed = time.now(), 0
    while time.since(start) < 5:
        passed += limiter.allow()
        time.sleep(2 * time.MILLISECOND)
    ideal = 100 + 100 * time.since(start)
    assert int(0.999 * ideal) <= passed <= ideal + 1


def test_zero_limit() -> None:
    """TestZeroLimit."""
    limiter = rate.Limiter(0, 1)
    assert [limiter.allow(), limiter.allow()] == [True, False]


def test_tiny_limit() -> None:
    """TestTinyLimit: the wait for a token is longer than a duration can be."""
    limiter = rate.Limiter(1e-10, 1)
    assert [limiter.allow(), limiter.allow()] == [True, False]


@pytest.mark.gochan(synctest=True)
def test_set_after_zero_limit() -> None:
    """TestSetAfterZeroLimit."""
    limiter = rate.Limiter(0, 1)
    assert [limiter.allow(), limiter.allow()] == [True, False]
    limiter.set_limit(10)
    assert waited(limiter, BACKGROUND, 1) == (None, 1)


# --- Go's tests: reserve ---------------------------------------------------------------------------------


class Cancel(NamedTuple):
    """Cancel the reservation with this index at t<i>."""

    index: int
    i: int


# The burst, and what is done: t<i>, the number of events, and the t<i> that they are reserved for, if any.
RESERVED: dict[str, tuple[int, list[tuple[int, int, int | None] | Cancel]]] = {
    "TestSimpleReserve": (2, [(0, 2, 0), (0, 2, 2), (3, 2, 4)]),
    # What was not granted gives nothing back.
    "TestCancelInvalid": (2, [(0, 2, 0), (0, 3, None), Cancel(1, 0), (0, 2, 2)]),
    "TestCancelLast": (2, [(0, 2, 0), (0, 2, 2), Cancel(1, 1), (1, 2, 2)]),
    "TestCancelTooLate": (2, [(0, 2, 0), (0, 2, 2), Cancel(1, 3), (3, 2, 4)]),
    # The reservation after it has the token already.
    "TestCancel0Tokens": (2, [(0, 2, 0), (0, 1, 1), (0, 1, 2), Cancel(1, 0), (0, 1, 3)]),
    "TestCancel1Token": (2, [(0, 2, 0), (0, 2, 2), (0, 1, 3), Cancel(1, 2), (2, 2, 4)]),
    # The later first, then the earlier as if that one had never been.
    "TestCancelMulti": (
        4,
        [(0, 4, 0), (0, 3, 3), (0, 1, 4), (0, 1, 5), Cancel(3, 1), Cancel(1, 1), (1, 3, 5)],
    ),
    "TestReserveJumpBackCancel": (2, [(1, 2, 1), (1, 2, 3), (1, 1, 4), Cancel(1, 0), (1, 2, 4)]),
}


@pytest.mark.parametrize("name", RESERVED)
def test_reserve_and_cancel(bench: Bench, name: str) -> None:
    """With a limit of 10."""
    burst, steps = RESERVED[name]
    bench.new(10, burst)
    reservations: list[rate.Reservation] = []
    for step in steps:
        if isinstance(step, Cancel):
            reservations[step.index].cancel_at(bench.t(step.i))
        else:
            reservations.append(bench.reserve(*step))


def test_mix(bench: Bench) -> None:
    """TestMix: allow and reserve take from one bucket."""
    bench.new(10, 2)
    bench.reserve(0, 3, None)
    bench.reserve(0, 2, 0)
    bench.allow(1, 1, 2, False)
    bench.reserve(1, 2, 2)
    bench.allow(1, -1, 1, False)
    bench.allow(3, 1, 1, True)


def test_reserve_jump_back(bench: Bench) -> None:
    """TestReserveJumpBack; where Go's takes a wait of D and no more, allow takes none."""
    bench.new(10, 2)
    bench.reserve(1, 2, 1)
    bench.reserve(0, 1, 1)
    bench.reserve(2, 2, 3)
    bench.reserve(0, 3, None)
    bench.reserve(2, 1, 4)
    assert not bench.limiter.allow_n(bench.t(0), 2)
    bench.reserve(2, 1, 5)


def test_reserve_set_limit(bench: Bench) -> None:
    """TestReserveSetLimit: the new one is for what is reserved from then on."""
    bench.new(5, 2)
    bench.reserve(0, 2, 0)
    bench.reserve(0, 2, 4)
    bench.limiter.set_limit_at(bench.t(2), 10)
    assert bench.limiter.limit() == 10
    bench.reserve(2, 1, 4)


def test_reserve_set_burst(bench: Bench) -> None:
    """TestReserveSetBurst."""
    bench.new(5, 2)
    bench.reserve(0, 2, 0)
    bench.reserve(0, 2, 4)
    bench.limiter.set_burst_at(bench.t(3), 4)
    assert bench.limiter.burst() == 4
    bench.reserve(0, 4, 9)


def test_reserve_set_limit_cancel(bench: Bench) -> None:
    """TestReserveSetLimitCancel."""
    bench.new(5, 2)
    bench.reserve(0, 2, 0)
    r = bench.reserve(0, 2, 4)
    bench.limiter.set_limit_at(bench.t(2), 10)
    r.cancel_at(bench.t(2))
    bench.reserve(2, 2, 3)


def test_cancel_counts_later_tokens_at_the_limit_of_the_time(bench: Bench) -> None:
    """A change of the limit in between does not make them more."""
    bench.new(10, 4)
    bench.reserve(0, 4, 0)
    r = bench.reserve(0, 3, 3)
    bench.reserve(0, 1, 4)
    bench.limiter.set_limit_at(bench.t(0), 20)
    r.cancel_at(bench.t(0))
    assert bench.limiter.tokens_at(bench.t(0)) == pytest.approx(-2)


@pytest.mark.gochan(synctest=True)
def test_reserve_max() -> None:
    """TestReserveMax: no longer wait is granted than the caller takes, which is until its deadline."""
    limiter = rate.Limiter(10, 2)
    start = time.now()
    with context.with_timeout(BACKGROUND, D) as ctx:
        limiter.wait_n(ctx, 2)
        go(limiter.wait_n, ctx, 1)
        runtime.gosched()
        with pytest.raises(TimeoutError):
            limiter.wait_n(ctx, 1)
        assert time.since(start) == 0
        # What was refused took no token.
        assert limiter.tokens() == -1
        time.sleep(2 * D)


# --- Go's tests: wait ------------------------------------------------------------------------------------


def waited(limiter: rate.Limiter, ctx: context.Context, n: int) -> tuple[BaseException | None, int]:
    """What a wait raised, and how many times D it took."""
    start = time.now()
    raised: BaseException | None = None
    try:
        limiter.wait_n(ctx, n)
    except Exception as error:
        raised = error
    took = time.since(start) / D
    assert took == pytest.approx(round(took), abs=1e-6)
    return raised, round(took)


@pytest.mark.gochan(synctest=True)
def test_wait_simple() -> None:
    """TestWaitSimple."""
    limiter = rate.Limiter(10, 3)
    ctx, cancel = context.with_cancel(BACKGROUND)
    cancel()
    assert waited(limiter, ctx, 1) == (ctx.err(), 0)
    error, took = waited(limiter, BACKGROUND, 4)
    assert (repr(error), took) == ('ValueError("rate: Wait(n=4) exceeds limiter\'s burst 3")', 0)
    # As in Go, the burst is checked first.
    error, took = waited(limiter, ctx, 4)
    assert isinstance(error, ValueError)
    assert waited(limiter, BACKGROUND, 2) == (None, 0)
    assert waited(limiter, BACKGROUND, 3) == (None, 2)


@pytest.mark.gochan(synctest=True)
def test_wait_cancel() -> None:
    """TestWaitCancel: a canceled wait gives its tokens back."""
    limiter = rate.Limiter(10, 3)
    ctx, cancel = context.with_cancel(BACKGROUND)
    assert waited(limiter, ctx, 2) == (None, 0)
    time.after_func(D, cancel)
    assert waited(limiter, ctx, 3) == (ctx.err(), 1)
    assert limiter.tokens() == 2
    assert waited(limiter, BACKGROUND, 2) == (None, 0)


@pytest.mark.gochan(synctest=True)
def test_wait_timeout() -> None:
    """TestWaitTimeout: it fails at once if the deadline comes first."""
    limiter = rate.Limiter(10, 3)
    with context.with_timeout(BACKGROUND, D) as ctx:
        assert waited(limiter, ctx, 2) == (None, 0)
        error, took = waited(limiter, ctx, 3)
        assert repr(error) == "TimeoutError('rate: Wait(n=3) would exceed context deadline')"
        assert took == 0
        assert ctx.err() is None


@pytest.mark.gochan(synctest=True)
def test_wait_inf() -> None:
    """TestWaitInf: without a limit the burst means nothing."""
    assert waited(rate.Limiter(rate.INF, 0), BACKGROUND, 3) == (None, 0)


# --- Go's tests: Sometimes -------------------------------------------------------------------------------


def test_sometimes_zero() -> None:
    """TestSometimesZero: once, if nothing else is asked for."""
    assert ran(rate.Sometimes(interval=0), 3) == [0]


def test_sometimes_max() -> None:
    """TestSometimesMax."""
    assert ran(rate.Sometimes(interval=((1 << 63) - 1) / 1e9), 3) == [0]
    assert ran(rate.Sometimes(interval=math.inf), 3) == [0]


def test_sometimes_negative() -> None:
    """TestSometimesNegative."""
    assert ran(rate.Sometimes(interval=-1), 3) == [0]


def ran(sometimes: rate.Sometimes, calls: int) -> list[int]:
    """Which of so many calls ran their function."""
    got: list[int] = []
    for i in range(calls):
        sometimes.do(lambda i=i: got.append(i))
    return got


# --- Sometimes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sometimes", "expected"),
    [
        (rate.Sometimes(), [0]),
        (rate.Sometimes(first=2), [0, 1]),
        (rate.Sometimes(every=2), [0, 2, 4]),
        (rate.Sometimes(first=2, every=3), [0, 1, 3]),
        (rate.Sometimes(first=-1, every=-1), [0]),
    ],
)
def test_sometimes(sometimes: rate.Sometimes, expected: list[int]) -> None:
    """As Go's ExampleSometimes_once, _first and _every."""
    assert ran(sometimes, 6) == expected


@pytest.mark.gochan(synctest=True)
def test_sometimes_interval() -> None:
    """As Go's ExampleSometimes_interval and _mix; the interval runs from the last time that it ran."""
    sometimes = rate.Sometimes(first=2, every=2, interval=timedelta(seconds=2))
    got: list[int] = []
    for i, pause in enumerate([0, 0, 0, 2, 0, 0, 1.5, 0.5, 0, 2]):
        time.sleep(pause)
        sometimes.do(functools.partial(got.append, i))
    # 0 and 1 by first, 2, 4, 6 and 8 by every, 3 and 9 by interval: at 7, 6 was half a second ago.
    assert got == [0, 1, 2, 3, 4, 6, 8, 9]


@pytest.mark.gochan
def test_sometimes_runs_one_at_a_time() -> None:
    sometimes = rate.Sometimes(every=1)
    gate = Chan[None]()
    log: list[str] = []

    def fn() -> None:
        log.append("in")
        gate.recv()
        log.append("out")

    wg = sync.WaitGroup()
    for _ in range(3):
        wg.go(sometimes.do, fn)
    runtime.gosched()
    assert log == ["in"]
    for _ in range(3):
        gate.send(None)
    wg.wait()
    assert log == ["in", "out"] * 3


@pytest.mark.gochan
def test_sometimes_counts_only_what_ended_well() -> None:
    """As in Go, where a panic leaves Do before it counts."""
    sometimes = rate.Sometimes()
    for _ in range(2):
        with pytest.raises(RuntimeError):
            sometimes.do(lambda: panic("boom"))
    assert ran(sometimes, 2) == [0]


def test_sometimes_in_itself_is_a_deadlock() -> None:
    sometimes = rate.Sometimes()
    with pytest.raises(Deadlock, match=r"\[sync.Mutex.Lock\]"):
        run(sometimes.do, lambda: sometimes.do(print))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"first": 1.5}, "Sometimes: first: 1.5 is not a number of calls; give an int"),
        ({"every": True}, "Sometimes: every: True is not a number of calls; give an int"),
        ({"interval": "1s"}, "Sometimes: '1s' is not a duration; give seconds as a number, or a timedelta"),
    ],
)
def test_sometimes_refuses(arguments: dict[str, Any], error: str) -> None:
    with pytest.raises(TypeError) as caught:
        rate.Sometimes(**arguments)
    assert str(caught.value) == error
    with pytest.raises(TypeError, match=r"^Sometimes\.do: 7 is not callable"):
        rate.Sometimes().do(7)  # type: ignore[arg-type]


# --- more of Limiter -------------------------------------------------------------------------------------


@pytest.mark.gochan(synctest=True)
def test_now_is_the_clock_s() -> None:
    """The calls without a moment go by time.now, virtual or not."""
    limiter = rate.Limiter(10, 2)
    assert limiter.allow()
    assert limiter.tokens() == 1
    time.sleep(1)
    assert limiter.tokens() == 2
    first, second, third = limiter.reserve(), limiter.reserve(), limiter.reserve()
    assert [r.delay() for r in (first, second, third)] == [0, 0, pytest.approx(D)]
    third.cancel()
    assert limiter.tokens() == 0
    time.sleep(D / 2)
    limiter.set_limit(20)
    limiter.set_burst(1)
    assert limiter.tokens() == pytest.approx(0.5)
    time.sleep(D / 4)
    assert limiter.tokens() == pytest.approx(1)
    start = time.now()
    for _ in range(3):
        limiter.wait(BACKGROUND)
    assert time.since(start) == pytest.approx(D)


@pytest.mark.gochan(synctest=True)
def test_waiters_go_one_by_one_in_their_order() -> None:
    limiter = rate.Limiter(10, 1)
    start = time.now()
    log: list[tuple[int, float]] = []

    def wait(i: int) -> None:
        limiter.wait(BACKGROUND)
        log.append((i, time.since(start)))

    for i in range(4):
        go(wait, i)
        synctest.wait()
    time.sleep(1)
    assert log == [(i, pytest.approx(i * D)) for i in range(4)]


@pytest.mark.gochan(synctest=True)
def test_wait_with_a_cause() -> None:
    """It raises the context's err(), as Go returns ctx.Err(); for the cause, ask the context."""
    limiter = rate.Limiter(0, 1)
    limiter.wait(BACKGROUND)
    ctx, cancel = context.with_cancel_cause(BACKGROUND)
    cause = ValueError()
    time.after_func(1, lambda: cancel(cause))
    with pytest.raises(context.Canceled) as caught:
        limiter.wait(ctx)
    assert caught.value is ctx.err()
    assert context.cause(ctx) is cause


def test_an_end_from_outside_gives_the_tokens_back() -> None:
    """Of a wait that the program's end cuts off: the limiter may serve the next program."""
    limiter = rate.Limiter(0.001, 2)

    def first() -> None:
        limiter.wait_n(BACKGROUND, 1)
        go(limiter.wait_n, BACKGROUND, 2)
        runtime.gosched()
        assert limiter.tokens() == pytest.approx(-1, abs=0.1)

    run(first)
    assert limiter.tokens() == pytest.approx(1, abs=0.1)


@pytest.mark.gochan
def test_allow_in_a_loop_starves_no_goroutine() -> None:
    limiter = rate.Limiter(1e-3, 1)
    stop = False

    @go
    def _() -> None:
        nonlocal stop
        stop = True

    tries = 0
    while not stop:
        tries += limiter.allow()
    assert tries == 1


def test_inf_allows_all(bench: Bench) -> None:
    bench.new(rate.INF, 0)
    assert bench.limiter.allow_n(bench.t0, 1000)
    r = bench.reserve(0, 1000, 0)
    r.cancel_at(bench.t0)
    assert bench.limiter.tokens_at(bench.t(1)) == 0


def test_inf_takes_nothing_back(bench: Bench) -> None:
    bench.new(10, 2)
    bench.reserve(0, 2, 0)
    r = bench.reserve(0, 2, 2)
    bench.limiter.set_limit_at(bench.t0, rate.INF)
    r.cancel_at(bench.t0)
    bench.limiter.set_limit_at(bench.t0, 10)
    bench.allow(1, -1, 1, False)


def test_leaving_inf_gives_no_more_than_the_burst(bench: Bench) -> None:
    bench.new(rate.INF, 2)
    bench.reserve(0, 5, 0)
    bench.limiter.set_limit_at(bench.t0, 10)
    bench.allow(0, 2, 2, True)
    bench.allow(1, 1, 1, True)


def test_a_limit_below_zero_lets_nothing_come_in(bench: Bench) -> None:
    bench.new(-5, 2)
    bench.allow(0, 2, 2, True)
    bench.allow(9, 0, 1, False)


def test_a_delay_beyond_all_time(bench: Bench) -> None:
    """Without tokens coming in a reservation is granted, as in Go, but for a time that never comes."""
    bench.new(0, 1)
    bench.reserve(0, 1, 0)
    r = bench.limiter.reserve_n(bench.t0, 1)
    assert r.ok()
    assert r.delay_from(bench.t0) == rate.INF_DURATION


def test_times_are_cut_off_where_go_cuts_them_off(bench: Bench) -> None:
    """At the 292 years that Go's Duration holds; what Go says here, bit by bit."""
    bench.new(1e-10, 5)
    r = bench.reserve(0, 5, 0)
    bench.limiter.reserve_n(bench.t(100), 1)
    r.cancel_at(bench.t0)
    assert bench.limiter.tokens_at(bench.t0) == float.fromhex("0x1.89f0dac34a76cp+01")


def test_less_than_a_microsecond_counts() -> None:
    """A datetime tells no less, but a moment with a monotonic reading, and the limiter, do."""
    t0 = time.now()
    limiter = rate.Limiter(3e6, 1)
    assert limiter.allow_n(t0, 1)
    assert limiter.reserve_n(t0, 1).delay_from(t0) == 333e-9
    assert limiter.reserve_n(t0, 1).delay_from(t0) == 666e-9
    mono = t0.monotonic()
    assert mono is not None
    assert limiter.tokens_at(time.Time._at(0, mono + 500)) == pytest.approx(-0.5)


def test_moments_of_both_kinds_mix() -> None:
    """Those without a monotonic reading go by the wall clock."""
    limiter = rate.Limiter(10, 1)
    t0 = time.now()
    assert limiter.allow_n(t0, 1)
    wall = datetime.fromtimestamp(t0.timestamp(), UTC)
    assert limiter.tokens_at(wall + timedelta(seconds=D / 2)) == pytest.approx(0.5)
    assert limiter.tokens_at(wall.astimezone().replace(tzinfo=None) + timedelta(seconds=D)) == 1


# --- bad input -------------------------------------------------------------------------------------------

NOW = datetime(2024, 1, 1, tzinfo=UTC)
LIMITER = rate.Limiter(1, 1)


@pytest.mark.parametrize(
    ("call", "kind", "error"),
    [
        (lambda: rate.Limiter("10", 1), TypeError, "Limiter: '10' is not a limit; give events per second"),
        (lambda: rate.Limiter(Decimal(1), 1), TypeError, "Limiter: Decimal('1') is not a limit"),
        (lambda: rate.Limiter(True, 1), TypeError, "Limiter: True is not a limit"),
        (lambda: rate.Limiter(math.nan, 1), ValueError, "Limiter: the limit is NaN"),
        (lambda: rate.Limiter(1, 1.0), TypeError, "Limiter: 1.0 is not a burst; give an int"),
        (lambda: rate.Limiter(1, -1), ValueError, "Limiter: the burst -1 is below 0; give 0 or more"),
        (lambda: rate.Limiter(10**400, 1), ValueError, "Limiter: the limit is above 1.8e308; give rate.INF"),
        (lambda: rate.Limiter(1, 10**400), ValueError, "Limiter: the burst is above 1.8e308"),
        (lambda: LIMITER.set_limit(10**400), ValueError, "Limiter.set_limit: the limit is above 1.8e308"),
        (lambda: LIMITER.set_burst(10**400), ValueError, "Limiter.set_burst: the burst is above 1.8e308"),
        (lambda: LIMITER.set_limit(None), TypeError, "Limiter.set_limit: None is not a limit"),
        (lambda: LIMITER.set_burst(-2), ValueError, "Limiter.set_burst: the burst -2 is below 0"),
        (lambda: LIMITER.set_limit_at(1, 1), TypeError, "Limiter.set_limit_at: 1 is not a datetime"),
        (lambda: LIMITER.set_burst_at(1, 1), TypeError, "Limiter.set_burst_at: 1 is not a datetime"),
        (lambda: LIMITER.tokens_at(1), TypeError, "Limiter.tokens_at: 1 is not a datetime; give one"),
        (lambda: LIMITER.allow_n(1.5, 1), TypeError, "Limiter.allow_n: 1.5 is not a datetime"),
        (lambda: LIMITER.allow_n(NOW, 1.5), TypeError, "Limiter.allow_n: 1.5 is not a number of events"),
        (lambda: LIMITER.allow_n(NOW, -1), ValueError, "Limiter.allow_n: the number of events -1 is below 0"),
        (lambda: LIMITER.reserve_n(None, 1), TypeError, "Limiter.reserve_n: None is not a datetime"),
        (lambda: LIMITER.reserve_n(NOW, True), TypeError, "Limiter.reserve_n: True is not a number"),
        (lambda: LIMITER.wait_n(BACKGROUND, "1"), TypeError, "Limiter.wait_n: '1' is not a number of events"),
        (lambda: LIMITER.wait(None), TypeError, "Limiter.wait: None is not a context; give context"),
        (lambda: LIMITER.reserve().delay_from(0), TypeError, "Reservation.delay_from: 0 is not a datetime"),
        (lambda: LIMITER.reserve().cancel_at(0), TypeError, "Reservation.cancel_at: 0 is not a datetime"),
        (lambda: rate.every("1s"), TypeError, "rate.every: '1s' is not a duration; give seconds"),
    ],
)
def test_bad_input(call: Callable[[], object], kind: type[Exception], error: str) -> None:
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value).startswith(error)


def test_more_events_than_a_float_takes() -> None:
    limiter = rate.Limiter(1, 1)
    assert not limiter.allow_n(NOW, 10**400)
    assert not limiter.reserve_n(NOW, 10**400).ok()
    assert limiter.allow_n(NOW, 1)


def test_new_limiter_makes_what_the_class_makes() -> None:
    limiter = rate.new_limiter(rate.every(0.5), 3)
    assert (type(limiter), limiter.limit(), limiter.burst()) == (rate.Limiter, 2.0, 3)
    with pytest.raises(TypeError, match=r"^Limiter: 1.5 is not a burst"):
        rate.new_limiter(1, 1.5)  # type: ignore[arg-type]


def test_the_reprs() -> None:
    limiter = rate.Limiter(10, 5)
    assert re.fullmatch(r"<Limiter limit=10 burst=5 tokens=5 at 0x\w+>", repr(limiter))
    reservation = limiter.reserve_n(NOW, 3)
    assert re.fullmatch(r"<Limiter limit=10 burst=5 tokens=2 at 0x\w+>", repr(limiter))
    assert re.fullmatch(r"<Reservation ok events=3 at 0x\w+>", repr(reservation))
    assert re.fullmatch(r"<Reservation refused events=0 at 0x\w+>", repr(limiter.reserve_n(NOW, 6)))
    assert re.fullmatch(r"<Limiter limit=inf burst=0 tokens=0 at 0x\w+>", repr(rate.Limiter(rate.INF, 0)))


def test_no_reservation_of_a_huge_number_of_events() -> None:
    """An int that no float can hold is refused for the burst, not for its size."""
    assert not rate.Limiter(1, 1).reserve_n(NOW, sys.maxsize).ok()
