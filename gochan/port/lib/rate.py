"""Rate limits: `gochan.rate` for programs that use `gochan.port.lib.time`.

Durations are Go's, in nanoseconds, and times are those of `gochan.port.lib.time`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from gochan import rate as _rate
from gochan import time as _time
from gochan.context import Context
from gochan.rate import INF, Limit

from . import time
from ._panics import catch
from ._types import error

__all__ = ["INF", "INF_DURATION", "Limit", "Limiter", "Reservation", "Sometimes", "every", "new_limiter"]

#: The delay of a reservation that was not granted: Go's rate.InfDuration.
INF_DURATION: Final = time.Duration((1 << 63) - 1)


@cache
def _anchor() -> tuple[time.Time, datetime]:
    """Return one moment as a time of either kind."""
    return time.now(), _time.now()


def _datetime(t: time.Time) -> datetime:
    mine, theirs = _anchor()
    return theirs + timedelta(microseconds=t.sub(mine) / 1_000)


def every(d: int) -> Limit:
    """Return the limit of one event in d nanoseconds: Go's rate.Every."""
    return _rate.every(d / 1e9)


class Reservation:
    """The tokens that `Limiter.reserve` took: Go's rate.Reservation."""

    __slots__ = ("_inner",)

    def __init__(self, inner: _rate.Reservation) -> None:
        self._inner = inner

    def ok(self) -> bool:
        """Return whether the limiter granted the events: Go's Reservation.OK."""
        return self._inner.ok()

    def delay(self) -> time.Duration:
        """Return how long to wait from now: Go's Reservation.Delay."""
        return self.delay_from(time.now())

    def delay_from(self, t: time.Time) -> time.Duration:
        """Return how long to wait from a time: Go's Reservation.DelayFrom."""
        seconds = self._inner.delay_from(_datetime(t))
        return INF_DURATION if seconds == _rate.INF_DURATION else time.Duration(round(seconds * 1e9))

    def cancel(self) -> None:
        """Give the tokens back: Go's Reservation.Cancel."""
        self._inner.cancel()

    def cancel_at(self, t: time.Time) -> None:
        """Give the tokens back at a time: Go's Reservation.CancelAt."""
        self._inner.cancel_at(_datetime(t))


class Limiter(_rate.Limiter):  # type: ignore[misc] # final for users, not for us
    """A limit on how often events may happen: Go's rate.Limiter."""

    def tokens_at(self, t: time.Time | datetime, /) -> float:
        """Return the number of tokens at a time: Go's Limiter.TokensAt."""
        return super().tokens_at(_datetime(t) if isinstance(t, time.Time) else t)

    def allow_n(self, t: time.Time | datetime, n: int, /) -> bool:
        """Return whether n events may happen at a time, and count them: Go's Limiter.AllowN."""
        return super().allow_n(_datetime(t) if isinstance(t, time.Time) else t, n)

    def wait(self, ctx: Context, /) -> error:  # type: ignore[override]
        """Block until an event may happen; return an error if the context ends before: Go's Limiter.Wait."""
        return catch(super().wait, ctx)

    def wait_n(self, ctx: Context, n: int, /) -> error:  # type: ignore[override]
        """Block until n events may happen; return an error if they can't: Go's Limiter.WaitN."""
        return catch(super().wait_n, ctx, n)

    def reserve(self) -> Reservation:  # type: ignore[override]
        """Take a token, now or from the future: Go's Limiter.Reserve."""
        return self.reserve_n(_time.now(), 1)

    def reserve_n(self, t: time.Time | datetime, n: int, /) -> Reservation:  # type: ignore[override]
        """Take n tokens, at a time or later: Go's Limiter.ReserveN."""
        return Reservation(super().reserve_n(_datetime(t) if isinstance(t, time.Time) else t, n))

    def set_limit_at(self, t: time.Time | datetime, limit: Limit, /) -> None:
        """Set the limit from a time on: Go's Limiter.SetLimitAt."""
        super().set_limit_at(_datetime(t) if isinstance(t, time.Time) else t, limit)

    def set_burst_at(self, t: time.Time | datetime, burst: int, /) -> None:
        """Set the burst from a time on: Go's Limiter.SetBurstAt."""
        super().set_burst_at(_datetime(t) if isinstance(t, time.Time) else t, burst)


def new_limiter(limit: Limit, burst: int) -> Limiter:
    """Return a limiter: Go's rate.NewLimiter."""
    return Limiter(limit, burst)


class Sometimes:
    """Runs a function on some of the calls of `do`: Go's rate.Sometimes."""

    def __init__(self, first: int = 0, every: int = 0, interval: int = 0) -> None:
        self._inner = _rate.Sometimes(first=first, every=every, interval=interval / 1e9)

    def do(self, fn: Callable[[], object]) -> None:
        """Call fn, if it is its turn: Go's Sometimes.Do."""
        self._inner.do(fn)
