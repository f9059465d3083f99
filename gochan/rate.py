"""Limits on how often something may happen: Go's golang.org/x/time/rate.

A limit is a number of events per second, a float; INF is no limit.  Durations are seconds, and times are
datetimes such as `time.now` returns.

Invariants
- A Limiter's `_tokens` is the number of tokens at the time `_last`.  It is negative while reservations wait
  for their tokens.
- Only `wait`, `wait_n` and `Sometimes.do` block; every other change of state is atomic, also for other
  threads and signal handlers.  The new state is computed first.  If nothing else has changed the state since,
  it is assigned, without a call in between; otherwise it is computed again.
- Internally durations are nanoseconds in an int, as Go's are, so that the results are the same as Go's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeAlias, final

from . import time
from ._engine.arguments import check_datetime, check_int
from ._engine.impl import Mutex, poll_point, recv, select
from ._engine.instant import Time, aware
from ._engine.pickling import refuse_pickling
from ._engine.seconds import seconds
from .context import Context, deadline_of, ended

__all__ = ["INF", "INF_DURATION", "Limit", "Limiter", "Reservation", "Sometimes", "every", "new_limiter"]

Limit: TypeAlias = float
"""A number of events per second: Go's rate.Limit."""

INF: Final[Limit] = math.inf
"""The limit that allows every event, even with a burst of 0: Go's rate.Inf."""

INF_DURATION: Final = math.inf
"""The delay of a reservation that was not granted: Go's rate.InfDuration."""

# The bounds of Go's Duration, in nanoseconds.
_LONGEST: Final = (1 << 63) - 1
_SHORTEST: Final = -1 << 63
_SECOND: Final = 1_000_000_000
_MICROSECOND: Final = timedelta(microseconds=1)


def every(d: float | timedelta, /) -> Limit:
    """Return the limit of one event every d, a number of seconds or a timedelta: Go's rate.Every.

    The limit is INF if d is 0, negative or NaN.  Raises `TypeError` if d is not a duration.

    >>> every(0.25)
    4.0
    """
    d = seconds("rate.every", d)
    return 1 / d if d > 0 else INF


# --- times, and how many tokens come in ------------------------------------------------------------------


def _between(a: datetime, b: datetime) -> int:
    """Return a - b in nanoseconds, by the monotonic clock if both have a reading of it."""
    if isinstance(a, Time) and isinstance(b, Time):
        x, y = a.monotonic(), b.monotonic()
        if x is not None and y is not None:
            return x - y
    difference: timedelta = aware(a) - aware(b)
    return difference // _MICROSECOND * 1000


def _in_range(ns: int) -> int:
    """Limit a duration to the range of Go's Duration, as Go does for the difference of two times."""
    return max(_SHORTEST, min(ns, _LONGEST))


def _tokens_in(ns: int, limit: Limit) -> float:
    """Return the number of tokens that come in at that limit in ns nanoseconds."""
    if limit <= 0 or ns == 0:
        return 0.0
    # Seconds and fraction are computed separately, as in Go's Duration.Seconds, so that the last bit is the
    # same.
    whole, rest = divmod(abs(ns), _SECOND)
    tokens = (whole + rest / 1e9) * limit
    return tokens if ns > 0 else -tokens


def _time_for(tokens: float, limit: Limit) -> int:
    """Return how long it takes until that many tokens have come in at that limit, in nanoseconds."""
    if limit <= 0:
        return _LONGEST
    ns = tokens / limit * 1e9
    return int(ns) if abs(ns) < _LONGEST else _LONGEST if ns > 0 else _SHORTEST


# --- the limiter -----------------------------------------------------------------------------------------


@final
class Limiter:
    """Limits the rate of events: `limit` per second, and at most `burst` at once.  Go's rate.Limiter.

    It works as a bucket of at most `burst` tokens, full at first.  `limit` tokens come in per second, and an
    event takes one.  So `Limiter(20, 1)` spaces events 50 ms apart, and `Limiter(20, 20)` may allow nearly 40
    in the first second.  A limit of INF allows every event, even with a burst of 0; with a limit of 0 or less
    no tokens come in.

    There are three ways to take a token.  If there is none, `allow` returns False, `wait` blocks until there
    is one, and `reserve` takes a future one and returns how long to wait for it.

    Raises `TypeError` if limit is not a number or burst is not an int, `ValueError` if limit is NaN or burst
    is negative.

    >>> limiter = Limiter(10, 2)
    >>> [limiter.allow() for _ in range(3)]
    [True, True, False]
    """

    def __init__(self, limit: Limit, burst: int, /) -> None:
        self._limit = _check_limit("Limiter", limit)
        self._burst = _check_burst("Limiter", burst)
        self._tokens = float(self._burst)
        self._last: datetime | None = None
        # The time of the last granted event: a time, and the nanoseconds after it.
        self._last_event: tuple[datetime, int] | None = None

    def limit(self) -> Limit:
        """Return the limit, in events per second: Go's Limiter.Limit."""
        return self._limit

    def burst(self) -> int:
        """Return the burst, the most events that can happen at once: Go's Limiter.Burst."""
        return self._burst

    def tokens(self) -> float:
        """Return the number of tokens, negative if reservations wait for them: Go's Limiter.Tokens."""
        return self.tokens_at(time.now())

    def tokens_at(self, t: datetime, /) -> float:
        """Return the number of tokens at time t: Go's Limiter.TokensAt.

        Raises `TypeError` if t is not a datetime.
        """
        return self._advance(check_datetime("Limiter.tokens_at", t))

    def allow(self) -> bool:
        """Take a token if there is one; return whether there was, so that the event may happen.

        Go's Limiter.Allow.
        """
        return self.allow_n(time.now(), 1)

    def allow_n(self, t: datetime, n: int, /) -> bool:
        """Take n tokens if there are n at time t; return whether there were: Go's Limiter.AllowN.

        Raises `TypeError` if t is not a datetime or n is not an int, `ValueError` if n is negative.
        """
        check_datetime("Limiter.allow_n", t)
        n = check_int("Limiter.allow_n", "number of events", n, 0)
        # Without a call, in which a signal handler might raise when the tokens are taken.
        if self._reserve(t, n, 0)._limiter is not None:
            return True
        # A loop that polls `allow` lets other goroutines run only here.
        poll_point()
        return False

    def reserve(self) -> Reservation:
        """Take a token, a future one if there is none now; return a Reservation: Go's Limiter.Reserve."""
        return self.reserve_n(time.now(), 1)

    def reserve_n(self, t: datetime, n: int, /) -> Reservation:
        """Take n tokens, future ones if there are fewer at time t: Go's Limiter.ReserveN.

        Returns a Reservation; its `delay` is how long to wait before the n events.  If n exceeds the burst,
        nothing is taken, and its `ok()` is False.

        Raises `TypeError` if t is not a datetime or n is not an int, `ValueError` if n is negative.

        >>> from gochan import time
        >>> limiter, t = Limiter(10, 1), time.now()
        >>> limiter.reserve_n(t, 1).delay_from(t), limiter.reserve_n(t, 1).delay_from(t)
        (0.0, 0.1)
        """
        check_datetime("Limiter.reserve_n", t)
        n = check_int("Limiter.reserve_n", "number of events", n, 0)
        return self._reserve(t, n, _LONGEST)

    def wait(self, ctx: Context, /) -> None:
        """Block until there is a token, and take it: Go's Limiter.Wait.  Raises what `wait_n` raises."""
        self._wait("Limiter.wait", ctx, 1)

    def wait_n(self, ctx: Context, n: int, /) -> None:
        """Block until there are n tokens, and take them: Go's Limiter.WaitN.

        Raises `ctx.err()` if ctx ends first, or has ended; no tokens are taken then.  Raises at once, without
        waiting: `ValueError` if n exceeds the burst, unless the limit is INF, or if n is negative;
        `TimeoutError`, which is not a DeadlineExceeded, if the tokens would come after the deadline of ctx;
        `TypeError` if ctx is not a context or n is not an int.
        """
        self._wait("Limiter.wait_n", ctx, n)

    def _wait(self, call: str, ctx: Context, n: int) -> None:
        n = check_int(call, "number of events", n, 0)
        err = ended(call, ctx)
        t = time.now()
        if n > self._burst and self._limit != INF:
            raise ValueError(f"rate: Wait(n={n}) exceeds limiter's burst {self._burst}")
        if err is not None:
            raise err
        longest = _LONGEST
        deadline = deadline_of(ctx)
        if deadline is not None:
            longest = _between(deadline, t)
        r = self._reserve(t, n, longest)
        if r._limiter is None:
            raise TimeoutError(f"rate: Wait(n={n}) would exceed context deadline")
        if r._delay == 0:
            return
        try:
            with time.new_timer(r.delay_from(t)) as timer:
                index, _, _ = select(recv(timer.c), recv(ctx.done()))
            if index == 1:
                err = ended(call, ctx)
                assert err is not None
                raise err
        except BaseException:
            # So that other waiters get the tokens sooner.
            r.cancel()
            raise

    def set_limit(self, limit: Limit, /) -> None:
        """Change the limit from now on: Go's Limiter.SetLimit.  Raises what `set_limit_at` raises."""
        _check_limit("Limiter.set_limit", limit)
        self.set_limit_at(time.now(), limit)

    def set_limit_at(self, t: datetime, limit: Limit, /) -> None:
        """Change the limit from time t on: Go's Limiter.SetLimitAt.

        Reservations that were made before keep their time, which may exceed the new limit.

        Raises `TypeError` if t is not a datetime or limit is not a number, `ValueError` if limit is NaN.
        """
        check_datetime("Limiter.set_limit_at", t)
        self._change(t, limit=_check_limit("Limiter.set_limit_at", limit))

    def set_burst(self, burst: int, /) -> None:
        """Change the burst from now on: Go's Limiter.SetBurst.  Raises what `set_burst_at` raises."""
        burst = _check_burst("Limiter.set_burst", burst)
        self.set_burst_at(time.now(), burst)

    def set_burst_at(self, t: datetime, burst: int, /) -> None:
        """Change the burst from time t on: Go's Limiter.SetBurstAt.

        Raises `TypeError` if t is not a datetime or burst is not an int, `ValueError` if burst is negative.
        """
        check_datetime("Limiter.set_burst_at", t)
        self._change(t, burst=_check_burst("Limiter.set_burst_at", burst))

    __reduce__ = refuse_pickling

    def __repr__(self) -> str:
        # Not counting the tokens that have come in since the last call: that could call code of a time class
        # of the user's.
        state = f"limit={self._limit:.6g} burst={self._burst} tokens={self._tokens:.6g}"
        return f"<Limiter {state} at {id(self):#x}>"

    def _change(self, t: datetime, *, limit: float | None = None, burst: int | None = None) -> None:
        """Add the tokens that have come in by the old limit and burst, and then change the given one."""
        while True:
            before = self._tokens
            tokens = self._advance(t)
            # No call from here on: a signal handler or another thread could run in it.
            if self._tokens is before:
                self._tokens = tokens
                self._last = t
                if limit is not None:
                    self._limit = limit
                if burst is not None:
                    self._burst = burst
                return

    def _advance(self, t: datetime) -> float:
        """Return the number of tokens at t, or at `_last` if t is earlier."""
        elapsed = 0 if self._last is None else max(0, _in_range(_between(t, self._last)))
        return min(self._tokens + _tokens_in(elapsed, self._limit), float(self._burst))

    def _reserve(self, t: datetime, n: int, longest: int) -> Reservation:
        """Take n tokens at t if they are available within `longest` nanoseconds."""
        if self._limit == INF:
            return Reservation(self, n, t, 0, 0.0)
        while True:
            before = self._tokens
            # This is first, because n may be too large for a float if it exceeds the burst.
            if n > self._burst:
                return Reservation(None, 0, t, 0, self._limit)
            tokens = self._advance(t) - n
            delay = _time_for(-tokens, self._limit) if tokens < 0 else 0
            if delay > longest:
                return Reservation(None, 0, t, 0, self._limit)
            granted = Reservation(self, n, t, delay, self._limit)
            if self._tokens is before:
                self._tokens = tokens
                self._last = t
                self._last_event = t, delay
                return granted

    def _give_back(self, r: Reservation, t: datetime) -> None:
        """Give back at t the tokens of r that later reservations don't depend on."""
        early = _between(r._t, t) + r._delay
        if self._limit == INF or r._n == 0 or early < 0:
            return
        while True:
            before = self._tokens
            last_event = self._last_event
            later = 0
            if last_event is not None:
                later = _in_range(_between(last_event[0], r._t) + last_event[1] - r._delay)
                earlier = _time_for(-r._n, r._limit)
                if later == 0 and early + earlier >= 0:
                    last_event = r._t, r._delay + earlier
            tokens = r._n - _tokens_in(later, r._limit)
            if tokens <= 0:
                return
            tokens = min(self._advance(t) + tokens, float(self._burst))
            if self._tokens is before:
                self._tokens = tokens
                self._last = t
                self._last_event = last_event
                return


@final
class Reservation:
    """The tokens that `Limiter.reserve` took, and how long to wait for them: Go's rate.Reservation.

    >>> from gochan import rate
    >>> limiter = rate.Limiter(0.001, 1)  # one event in 1000 seconds
    >>> now, later = limiter.reserve(), limiter.reserve()
    >>> now.delay(), later.delay() > 900
    (0.0, True)
    >>> later.cancel()
    """

    __slots__ = ("_delay", "_limit", "_limiter", "_n", "_t")

    def __init__(self, limiter: Limiter | None, n: int, t: datetime, delay: int, limit: Limit) -> None:
        # None if it was not granted.
        self._limiter = limiter
        self._n = n
        # The events happen `delay` nanoseconds after t.
        self._t = t
        self._delay = delay
        # The limiter's limit at that time.
        self._limit = limit

    def ok(self) -> bool:
        """Return whether the limiter granted the events: Go's Reservation.OK."""
        return self._limiter is not None

    def delay(self) -> float:
        """Return how long to wait from now, in seconds: Go's Reservation.Delay; see `delay_from`."""
        return self.delay_from(time.now())

    def delay_from(self, t: datetime, /) -> float:
        """Return how long to wait from time t, in seconds: Go's Reservation.DelayFrom.

        0.0 means that the events may happen at t, INF_DURATION that they were not granted.

        Raises `TypeError` if t is not a datetime.
        """
        check_datetime("Reservation.delay_from", t)
        if self._limiter is None:
            return INF_DURATION
        ns = _between(self._t, t) + self._delay
        return INF_DURATION if ns >= _LONGEST else max(0, ns) / 1e9

    def cancel(self) -> None:
        """Give the tokens back now: Go's Reservation.Cancel; see `cancel_at`."""
        self.cancel_at(time.now())

    def __repr__(self) -> str:
        ok = "ok" if self._limiter is not None else "refused"
        return f"<Reservation {ok} events={self._n} at {id(self):#x}>"

    def cancel_at(self, t: datetime, /) -> None:
        """Give the tokens back at time t, because the events won't happen: Go's Reservation.CancelAt.

        Later reservations keep their times.  Does nothing if the events were not granted, or if their time
        was before t.

        Raises `TypeError` if t is not a datetime.
        """
        check_datetime("Reservation.cancel_at", t)
        if self._limiter is not None:
            self._limiter._give_back(self, t)


@final
class Sometimes:
    """Runs a function on some of the calls of `do`, such as one in a hundred: Go's rate.Sometimes.

    The first call of `do` runs the function.  Later calls run it if one of the three fields says so:
    `first=n` for the first n calls, `every=n` for every nth call, `interval=d` if d, a number of seconds or a
    timedelta, has passed since the last run.  A field of 0 has no effect.

    Raises `TypeError` if first or every is not an int, or interval is not a duration.

    >>> sometimes = Sometimes(first=2, every=3)
    >>> for i in range(7):
    ...     sometimes.do(lambda: print(i))
    0
    1
    3
    6
    """

    def __init__(self, *, first: int = 0, every: int = 0, interval: float | timedelta = 0.0) -> None:
        #: The number of calls, from the first, that run the function.  Go's field First.
        self.first = check_int("Sometimes: first", "number of calls", first)
        #: n, if every nth call runs the function; 0 for none.  Go's field Every.
        self.every = check_int("Sometimes: every", "number of calls", every)
        #: The seconds after which the next call runs the function; 0.0 for none.  Go's field Interval.
        self.interval = seconds("Sometimes", interval)
        self._lock = Mutex()
        self._count = 0
        self._last: datetime | None = None

    def do(self, fn: Callable[[], object], /) -> None:
        """Call fn if one of the fields says so; block while another `do` runs: Go's Sometimes.Do.

        If fn calls `do`, that call blocks forever.  Raises `TypeError` if fn is not callable.
        """
        if not callable(fn):
            raise TypeError(f"Sometimes.do: {fn!r} is not callable; give a function without arguments")
        with self._lock:
            if self._due():
                fn()
                if self.interval > 0:
                    self._last = time.now()
            self._count += 1

    __reduce__ = refuse_pickling

    def _due(self) -> bool:
        count = self._count
        if count == 0 or count < self.first or (self.every > 0 and count % self.every == 0):
            return True
        return self.interval > 0 and (self._last is None or time.since(self._last) >= self.interval)


def new_limiter(limit: Limit, burst: int, /) -> Limiter:
    """Return `Limiter(limit, burst)`: Go's rate.NewLimiter.

    Raises what `Limiter` raises.

    >>> from gochan import rate
    >>> rate.new_limiter(rate.every(0.5), 1).limit()
    2.0
    """
    return Limiter(limit, burst)


# --- checks ----------------------------------------------------------------------------------------------


def _check_limit(call: str, limit: object) -> Limit:
    if not isinstance(limit, (int, float)) or isinstance(limit, bool):
        raise TypeError(
            f"{call}: {limit!r} is not a limit; give events per second, rate.every(seconds) or rate.INF"
        )
    number = _number(call, "limit", limit)
    if math.isnan(number):
        raise ValueError(f"{call}: the limit is NaN; give events per second, rate.every(seconds) or rate.INF")
    return number


def _check_burst(call: str, burst: object) -> int:
    n = check_int(call, "burst", burst, 0)
    _number(call, "burst", n)
    return n


def _number(call: str, what: str, n: float) -> float:
    """Return an int or float as a float."""
    try:
        return float(n)
    except OverflowError:
        raise ValueError(f"{call}: the {what} is above 1.8e308; give rate.INF for no limit") from None
