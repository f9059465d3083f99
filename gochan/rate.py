"""Limits of how often something may happen: Go's golang.org/x/time/rate.

A limit is a number of events per second, a float; INF is none at all.  Durations are seconds, moments are
datetimes, as `time.now` returns them.  Inside, durations are nanoseconds and ints, as Go's are, so that the
same calls give the same answers.

Invariants
- A Limiter's `_tokens` are those that were there at `_last`; they are below zero while reservations are out
  that must wait.
- Nothing here waits but `wait`, `wait_n` and `Sometimes.do`; a change of a Limiter's state is one step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeAlias, final

from . import time
from .context import Context, ended
from .runtime.instant import Time, aware
from .runtime.proc import poll_point
from .runtime.select import recv, select
from .runtime.time import seconds
from .sync import Mutex

__all__ = ["INF", "INF_DURATION", "Limit", "Limiter", "Reservation", "Sometimes", "every"]

Limit: TypeAlias = float
"""A number of events per second: Go's rate.Limit."""

INF: Final[Limit] = math.inf
"""The limit that allows every event, whatever the burst: Go's rate.Inf."""

INF_DURATION: Final = math.inf
"""The delay of a reservation that was not granted: Go's rate.InfDuration."""

# The bounds of Go's Duration, in nanoseconds.
_LONGEST: Final = (1 << 63) - 1
_SHORTEST: Final = -1 << 63
_SECOND: Final = 1_000_000_000
_MICROSECOND: Final = timedelta(microseconds=1)


def every(interval: float | timedelta, /) -> Limit:
    """Turn the time between two events, in seconds or a timedelta, into a limit: Go's rate.Every.

    With 0, less, or NaN it is INF.  Raises TypeError for what is no duration.

    >>> every(0.25)
    4.0
    """
    interval = seconds("every", interval)
    return 1 / interval if interval > 0 else INF


# --- moments, and tokens for time ------------------------------------------------------------------------


def _between(a: datetime, b: datetime) -> int:
    """Tell how long after b a is, in nanoseconds; by the monotonic clock if both carry a reading."""
    if isinstance(a, Time) and isinstance(b, Time):
        x, y = a.monotonic(), b.monotonic()
        if x is not None and y is not None:
            return x - y
    difference: timedelta = aware(a) - aware(b)
    return difference // _MICROSECOND * 1000


def _in_range(ns: int) -> int:
    """Cut off what Go's Duration cannot hold, as Go does for the difference of two moments."""
    return max(_SHORTEST, min(ns, _LONGEST))


def _tokens_in(ns: int, limit: Limit) -> float:
    """How many tokens come in at that limit in a time."""
    if limit <= 0 or ns == 0:
        return 0.0
    # Whole seconds and the rest apart, as Go's Duration.Seconds has it: the last bit depends on it.
    whole, rest = divmod(abs(ns), _SECOND)
    tokens = (whole + rest / 1e9) * limit
    return tokens if ns > 0 else -tokens


def _time_for(tokens: float, limit: Limit) -> int:
    """How long it takes until so many tokens have come in at that limit, in nanoseconds."""
    if limit <= 0:
        return _LONGEST
    ns = tokens / limit * 1e9
    return int(ns) if abs(ns) < _LONGEST else _LONGEST if ns > 0 else _SHORTEST


# --- the limiter -----------------------------------------------------------------------------------------


@final
class Limiter:
    """Allows events at a rate, and bursts of them: Go's rate.Limiter, made as by rate.NewLimiter.

    It is a bucket of `burst` tokens, full at first, into which `limit` tokens come in per second; an event
    takes one.  With a limit of INF every event is allowed, whatever the burst; with one of 0 or less no
    tokens come in.

    When there is no token, `allow` says so, `wait` waits for one, and `reserve` takes one that is still to
    come and tells how long that will be.  So `Limiter(20, 1)` spaces events 50 ms apart, and
    `Limiter(20, 20)` may let nearly 40 pass in the first second.

    Raises TypeError for a limit that is no number or a burst that is no int, ValueError for a limit of NaN or
    a burst below 0.

    >>> limiter = Limiter(10, 2)
    >>> [limiter.allow() for _ in range(3)]
    [True, True, False]
    """

    def __init__(self, limit: Limit, burst: int, /) -> None:
        self._limit = _check_limit("Limiter", limit)
        self._burst = _check_count("Limiter", "burst", burst)
        self._tokens = float(burst)
        self._last: datetime | None = None
        # When the last event that was granted happens: a moment, and nanoseconds after it.
        self._last_event: tuple[datetime, int] | None = None

    def limit(self) -> Limit:
        """Tell the limit, in events per second: Go's Limiter.Limit."""
        return self._limit

    def burst(self) -> int:
        """Tell how many events may happen at once: Go's Limiter.Burst."""
        return self._burst

    def tokens(self) -> float:
        """Tell how many tokens there are; below zero if reservations wait for them: Go's Limiter.Tokens."""
        return self.tokens_at(time.now())

    def tokens_at(self, t: datetime, /) -> float:
        """Tell how many tokens there are at the moment t: Go's Limiter.TokensAt."""
        return self._advance(_check_moment("Limiter.tokens_at", t))

    def allow(self) -> bool:
        """Tell whether an event may happen now, and count it if so: Go's Limiter.Allow."""
        return self.allow_n(time.now(), 1)

    def allow_n(self, t: datetime, n: int, /) -> bool:
        """Tell whether n events may happen at the moment t, and count them if so: Go's Limiter.AllowN.

        Raises TypeError for what is no datetime or no int, ValueError for an n below 0.
        """
        _check_moment("Limiter.allow_n", t)
        _check_count("Limiter.allow_n", "number of events", n)
        if self._reserve(t, n, 0).ok():
            return True
        # Nothing else lets the others run in a loop that tries again and again.
        poll_point()
        return False

    def reserve(self) -> Reservation:
        """Count an event that happens as soon as it may: Go's Limiter.Reserve."""
        return self.reserve_n(time.now(), 1)

    def reserve_n(self, t: datetime, n: int, /) -> Reservation:
        """Count n events that happen as soon after the moment t as they may: Go's Limiter.ReserveN.

        The Reservation tells how long the caller is to wait before.  Its `ok()` is False, and nothing is
        counted, if n exceeds the burst.  Raises TypeError for what is no datetime or no int, ValueError for
        an n below 0.

        >>> from gochan import time
        >>> limiter, t = Limiter(10, 1), time.now()
        >>> limiter.reserve_n(t, 1).delay_from(t), limiter.reserve_n(t, 1).delay_from(t)
        (0.0, 0.1)
        """
        _check_moment("Limiter.reserve_n", t)
        _check_count("Limiter.reserve_n", "number of events", n)
        return self._reserve(t, n, _LONGEST)

    def wait(self, ctx: Context, /) -> None:
        """Wait until an event may happen, and count it: Go's Limiter.Wait; see `wait_n`."""
        self.wait_n(ctx, 1)

    def wait_n(self, ctx: Context, n: int, /) -> None:
        """Wait until n events may happen, and count them: Go's Limiter.WaitN.

        Raises `ctx.err()` when ctx has ended, before or meanwhile; the events are not counted then.  Raises
        at once, where Go returns an error: ValueError if n exceeds the burst, unless the limit is INF;
        TimeoutError if ctx would end before the events may happen: ctx has not ended then, and the error is
        no DeadlineExceeded.  TypeError for what is no context or no int, ValueError for an n below 0.
        """
        _check_count("Limiter.wait_n", "number of events", n)
        err = ended(ctx)
        t = time.now()
        if n > self._burst and self._limit != INF:
            raise ValueError(f"rate: Wait(n={n}) exceeds limiter's burst {self._burst}")
        if err is not None:
            raise err
        longest = _LONGEST
        deadline = ctx.deadline()
        if deadline is not None:
            longest = _between(deadline, t)
        r = self._reserve(t, n, longest)
        if not r.ok():
            raise TimeoutError(f"rate: Wait(n={n}) would exceed context deadline")
        delay = r.delay_from(t)
        if delay == 0:
            return
        try:
            with time.new_timer(delay) as timer:
                index, _, _ = select(recv(timer.c), recv(ctx.done()))
            if index == 1:
                err = ended(ctx)
                assert err is not None
                raise err
        except BaseException:
            # Others may go on sooner.
            r.cancel()
            raise

    def set_limit(self, limit: Limit, /) -> None:
        """Change the limit from now on: Go's Limiter.SetLimit."""
        self.set_limit_at(time.now(), limit)

    def set_limit_at(self, t: datetime, limit: Limit, /) -> None:
        """Change the limit from the moment t on: Go's Limiter.SetLimitAt.

        Reservations that are out keep their time, and so may break the new limit.  Raises TypeError for what
        is no datetime or no number, ValueError for NaN.
        """
        _check_moment("Limiter.set_limit_at", t)
        limit = _check_limit("Limiter.set_limit_at", limit)
        self._tokens = self._advance(t)
        self._last = t
        self._limit = limit

    def set_burst(self, burst: int, /) -> None:
        """Change the burst from now on: Go's Limiter.SetBurst."""
        self.set_burst_at(time.now(), burst)

    def set_burst_at(self, t: datetime, burst: int, /) -> None:
        """Change the burst from the moment t on: Go's Limiter.SetBurstAt.

        Raises TypeError for what is no datetime or no int, ValueError for a burst below 0.
        """
        _check_moment("Limiter.set_burst_at", t)
        burst = _check_count("Limiter.set_burst_at", "burst", burst)
        self._tokens = self._advance(t)
        self._last = t
        self._burst = burst

    def _advance(self, t: datetime) -> float:
        """Count the tokens at t; a t that lies before the last look counts as that."""
        elapsed = 0 if self._last is None else max(0, _in_range(_between(t, self._last)))
        return min(self._tokens + _tokens_in(elapsed, self._limit), float(self._burst))

    def _reserve(self, t: datetime, n: int, longest: int) -> Reservation:
        """Take n tokens at t if they are there within `longest` nanoseconds."""
        if self._limit == INF:
            return Reservation(self, n, t, 0, 0.0)
        tokens = self._advance(t) - n
        delay = _time_for(-tokens, self._limit) if tokens < 0 else 0
        if n > self._burst or delay > longest:
            return Reservation(None, 0, t, 0, self._limit)
        self._last = t
        self._tokens = tokens
        self._last_event = t, delay
        return Reservation(self, n, t, delay, self._limit)

    def _give_back(self, r: Reservation, t: datetime) -> None:
        """Undo r at t, as far as reservations made after it leave its tokens."""
        early = _between(r._t, t) + r._delay
        if self._limit == INF or r._n == 0 or early < 0:
            return
        later = 0
        if self._last_event is not None:
            moment, plus = self._last_event
            later = _in_range(_between(moment, r._t) + plus - r._delay)
        tokens = r._n - _tokens_in(later, r._limit)
        if tokens <= 0:
            return
        self._tokens = min(self._advance(t) + tokens, float(self._burst))
        self._last = t
        if self._last_event is not None and later == 0:
            before = _time_for(-r._n, r._limit)
            if early + before >= 0:
                self._last_event = r._t, r._delay + before


@final
class Reservation:
    """Events that a Limiter has granted for a time to come: made by `reserve`.  Go's rate.Reservation.

    >>> from gochan import rate
    >>> limiter = rate.Limiter(0.001, 1)  # one event in 1000 seconds
    >>> now, later = limiter.reserve(), limiter.reserve()
    >>> now.delay(), later.delay() > 900
    (0.0, True)
    >>> later.cancel()
    """

    __slots__ = ("_delay", "_limit", "_limiter", "_n", "_t")

    def __init__(self, limiter: Limiter | None, n: int, t: datetime, delay: int, limit: Limit) -> None:
        # None: not granted.
        self._limiter = limiter
        self._n = n
        # The events happen `delay` nanoseconds after t.
        self._t = t
        self._delay = delay
        # The limiter's at the time; it can change.
        self._limit = limit

    def ok(self) -> bool:
        """Tell whether the events were granted: Go's Reservation.OK."""
        return self._limiter is not None

    def delay(self) -> float:
        """Tell how many seconds from now to wait for the events: Go's Reservation.Delay; see `delay_from`."""
        return self.delay_from(time.now())

    def delay_from(self, t: datetime, /) -> float:
        """Tell how many seconds from the moment t to wait for the events: Go's Reservation.DelayFrom.

        0.0 means not at all, INF_DURATION that they were not granted.  Raises TypeError for what is no
        datetime.
        """
        _check_moment("Reservation.delay_from", t)
        if self._limiter is None:
            return INF_DURATION
        ns = _between(self._t, t) + self._delay
        return INF_DURATION if ns >= _LONGEST else max(0, ns) / 1e9

    def cancel(self) -> None:
        """Give the events back now: Go's Reservation.Cancel; see `cancel_at`."""
        self.cancel_at(time.now())

    def cancel_at(self, t: datetime, /) -> None:
        """Give the events back at the moment t, since they won't happen: Go's Reservation.CancelAt.

        What was reserved after it keeps its time.  When the events were not granted, or may have happened
        before t, nothing changes.  Raises TypeError for what is no datetime.
        """
        _check_moment("Reservation.cancel_at", t)
        if self._limiter is not None:
            self._limiter._give_back(self, t)


@final
class Sometimes:
    """Calls a function now and then, out of many chances: Go's rate.Sometimes.

    `do` calls its function at its own first call, and then at each that one of these asks for: `first`, the
    first so many calls; `every`, each so many calls; `interval`, so many seconds since it last did, a number
    or a timedelta.  0 asks for none.

    Raises TypeError for a first or every that is no int, or an interval that is no duration.

    >>> sometimes = Sometimes(first=2, every=3)
    >>> for i in range(7):
    ...     sometimes.do(lambda: print(i))
    0
    1
    3
    6
    """

    def __init__(self, *, first: int = 0, every: int = 0, interval: float | timedelta = 0.0) -> None:
        for name, n in (("first", first), ("every", every)):
            if not isinstance(n, int) or isinstance(n, bool):
                raise TypeError(f"Sometimes: {name}={n!r} is not a number of calls; give an int")
        #: How many calls of `do`, from the first, call the function.  Go's field First.
        self.first = first
        #: Each so many calls one does; 0 for none.  Go's field Every.
        self.every = every
        #: After so many seconds the next does; 0.0 for none.  Go's field Interval.
        self.interval = seconds("Sometimes", interval)
        self._lock = Mutex()
        self._count = 0
        self._last: datetime | None = None

    def do(self, fn: Callable[[], object], /) -> None:
        """Call fn, or don't; calls at the same time wait for each other: Go's Sometimes.Do.

        An fn that calls `do` waits for itself, for ever.  Raises TypeError if fn is not callable.
        """
        if not callable(fn):
            raise TypeError(f"Sometimes.do: {fn!r} is not callable; give the function")
        with self._lock:
            if self._due():
                fn()
                if self.interval > 0:
                    self._last = time.now()
            self._count += 1

    def _due(self) -> bool:
        count = self._count
        if count == 0 or count < self.first or (self.every > 0 and count % self.every == 0):
            return True
        return self.interval > 0 and (self._last is None or time.since(self._last) >= self.interval)


# --- checks ----------------------------------------------------------------------------------------------


def _check_limit(where: str, limit: object) -> Limit:
    if not isinstance(limit, (int, float)) or isinstance(limit, bool):
        raise TypeError(f"{where}: {limit!r} is not a limit; give events per second, every(seconds) or INF")
    if math.isnan(limit):
        raise ValueError(f"{where}: the limit is NaN; give events per second, every(seconds) or INF")
    return float(limit)


def _check_count(where: str, what: str, n: object) -> int:
    if not isinstance(n, int) or isinstance(n, bool):
        raise TypeError(f"{where}: {n!r} is not a {what}; give an int")
    if n < 0:
        raise ValueError(f"{where}: the {what} {n} is below 0; give 0 or more")
    return n


def _check_moment(where: str, t: object) -> datetime:
    if not isinstance(t, datetime):
        raise TypeError(f"{where}: {t!r} is not a datetime; give a moment, as time.now() returns it")
    return t
