"""gochan.port.lib.rate: durations of nanoseconds, times of lib's own, and errors that are returned."""

from __future__ import annotations

import pytest

import gochan
from gochan.port.lib import context, rate, time


@pytest.mark.parametrize(("d", "limit"), [(time.MILLISECOND, 1000.0), (2 * time.SECOND, 0.5), (0, rate.INF)])
def test_every_takes_nanoseconds(d: int, limit: float) -> None:
    assert rate.every(d) == limit


def test_a_limiter_takes_times_and_gives_durations() -> None:
    def main() -> None:
        limiter = rate.new_limiter(rate.every(10 * time.MILLISECOND), 2)
        t = time.now()
        later = t.add(10 * time.MILLISECOND)
        granted = [limiter.allow_n(t, 2), limiter.allow_n(t, 1), limiter.allow_n(later, 1)]
        assert granted == [True, False, True]
        reservation = limiter.reserve_n(later, 1)
        assert reservation.ok()
        assert reservation.delay_from(later) == 10 * time.MILLISECOND
        assert limiter.reserve_n(t, 3).delay() == rate.INF_DURATION

    gochan.run(main)


def test_wait_returns_its_error() -> None:
    def main() -> None:
        limiter = rate.new_limiter(rate.every(time.HOUR), 1)
        ctx, cancel = context.with_timeout(context.background(), 1 * time.MILLISECOND)
        assert limiter.wait(ctx) is None
        assert str(limiter.wait(ctx)) == "rate: Wait(n=1) would exceed context deadline"
        assert limiter.wait_n(ctx, 2) is not None
        cancel()

    gochan.run(main)
