"""Time: Go's package time, as far as goroutines need it.

A duration is a number of seconds, or a timedelta; the constants are floats in seconds, so that
`500 * time.MILLISECOND` is 0.5.  A moment is a `Time`, a datetime.

The channels of timers and tickers behave as in Go 1.23 and newer: they look unbuffered, nothing that was
due before a `stop` or `reset` comes out after it, and a timer that nobody holds is garbage, stopped or not.

Invariant of a channel's timer: it lies in the heap only while a goroutine waits on its channel; at any other
time `_due` says when it is due, and whoever looks at the channel fires it if that has passed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Final, Never, final

from .runtime import time as heap
from .runtime.chan import Chan
from .runtime.ends import RecvChan
from .runtime.error import Panic
from .runtime.instant import Time, aware
from .runtime.proc import blocker, clock, new_g, park, ready, start
from .runtime.runtime2 import G
from .runtime.time import ChanTimer, deadline, seconds

__all__ = [
    "HOUR",
    "MICROSECOND",
    "MILLISECOND",
    "MINUTE",
    "NANOSECOND",
    "SECOND",
    "Ticker",
    "Time",
    "Timer",
    "after",
    "after_func",
    "duration_string",
    "new_ticker",
    "new_timer",
    "now",
    "parse_duration",
    "since",
    "sleep",
    "tick",
    "until",
]

NANOSECOND: Final = 1e-9
MICROSECOND: Final = 1e-6
MILLISECOND: Final = 1e-3
SECOND: Final = 1.0
MINUTE: Final = 60.0
HOUR: Final = 3600.0


# --- sleep -----------------------------------------------------------------------------------------------


@final
class _Sleep(heap.Timer):
    """Makes a sleeper ready."""

    def __init__(self, gp: G) -> None:
        super().__init__()
        self.gp = gp

    def fire(self, now: int) -> None:
        ready(self.gp)


def sleep(d: float | timedelta, /) -> None:
    """Pause the goroutine for d seconds, or a timedelta: Go's time.Sleep.

    With 0, less, or NaN it returns at once.  Raises TypeError for what is no duration.

    >>> from gochan import time
    >>> start = time.now()
    >>> time.sleep(2 * time.MILLISECOND)
    >>> time.since(start) >= 0.002
    True
    """
    d = seconds("sleep", d)
    if not d > 0:
        return
    gp = blocker()
    timer = _Sleep(gp)
    timers = clock()
    gp.waiting = "sleep"
    timers.add(timer, deadline(timers.now(), d))
    try:
        park(gp, "sleep")
    except BaseException:
        timers.remove(timer)
        raise


# --- moments ---------------------------------------------------------------------------------------------


def now() -> Time:
    """Tell the time: a datetime in the local time zone, with a monotonic reading.  Go's time.Now.

    >>> from gochan import time
    >>> time.now().tzinfo is not None, time.now() <= time.now()
    (True, True)
    """
    timers = clock()
    return Time._at(timers.wall(), timers.now())


def since(t: datetime, /) -> float:
    """Tell how long ago t was, in seconds: Go's time.Since.

    By the monotonic clock if t carries a reading, as what `now` returns does; a t without a time zone is in
    local time.  Raises TypeError for what is no datetime.

    >>> from datetime import datetime, timedelta
    >>> from gochan import time
    >>> round(time.since(datetime.now() - timedelta(hours=1)) / time.HOUR)
    1
    """
    return -until(t)


def until(t: datetime, /) -> float:
    """Tell how long it is until t, in seconds; below zero if t has passed.  Go's time.Until; see `since`.

    >>> from datetime import datetime, timedelta
    >>> from gochan import time
    >>> round(time.until(datetime.now() + timedelta(hours=1)) / time.HOUR)
    1
    """
    if not isinstance(t, datetime):
        raise TypeError(f"{t!r} is not a datetime; give a moment, as time.now() returns it")
    if isinstance(t, Time):
        mono = t.monotonic()
        if mono is not None:
            return (mono - clock().now()) / 1e9
    return (aware(t) - now()).total_seconds()


# --- timers and tickers ----------------------------------------------------------------------------------

_STOPPED: Final = -1


@final
class _Sender(ChanTimer):
    """Sends the time into its channel: once, or every `period` nanoseconds."""

    def __init__(self, clock: heap.Timers, due: int, period: int) -> None:
        super().__init__()
        self.clock = clock
        self._due = due
        self._period = period
        self._waiting: int = 0
        self.chan: Chan[Any] = Chan(1)
        self.chan._set_timer(self)

    def look(self) -> None:
        if self._due != _STOPPED and self.index < 0:
            now = self.clock.now()
            if self._due <= now:
                self.fire(now)

    def blocked(self, more: int) -> None:
        self._waiting += more
        if self._waiting == 0:
            self.clock.remove(self)
        elif self._due != _STOPPED and self.index < 0:
            self.clock.add(self, self._due)

    def fire(self, now: int) -> None:
        due = self._due
        if self._period:
            # The beats that were missed are skipped, as in Go; the next is one that lies ahead.
            self._due = due + self._period * (1 + (now - due) // self._period)
            if self._waiting:
                self.clock.add(self, self._due)
        else:
            self._due = _STOPPED
        self.chan._try_send(Time._at(self.clock.wall() - (now - due), due))

    def stop(self) -> bool:
        """Stop; True if a value was still to come, or had come and was not received."""
        drained = self.chan._drain()
        pending = self._due != _STOPPED or drained
        self._due = _STOPPED
        self.clock.remove(self)
        return pending

    def reset(self, due: int, period: int) -> bool:
        """Start again; returns what stop would."""
        pending = self.stop()
        self._due = due
        self._period = period
        if self._waiting:
            self.clock.schedule(self, due)
        return pending


@final
class _Starter(heap.Timer):
    """Starts a goroutine that calls a function; the place and context are those of the after_func call."""

    def __init__(self, clock: heap.Timers, fn: Callable[[], object]) -> None:
        super().__init__()
        self.clock = clock
        self._fn = fn
        self._g = new_g(fn, (), {})

    def fire(self, now: int) -> None:
        model = self._g
        gp = G()
        gp.fn = self._fn
        gp.parent, gp.code, gp.lasti = model.parent, model.code, model.lasti
        gp.bubble = model.bubble
        if model.context is not None:
            gp.context = model.context.copy()
        start(gp)

    def stop(self) -> bool:
        return self.clock.remove(self)

    def reset(self, due: int, period: int) -> bool:
        pending = self.stop()
        self.clock.schedule(self, due)
        return pending


def _inside(timers: heap.Timers, what: str) -> None:
    """Refuse to touch a timer of a bubble from outside; one on the real clock is anybody's."""
    if timers is not clock() and isinstance(timers, heap.VirtualTimers):
        raise Panic(f"{what} of synctest timer from outside bubble")


class Timer:
    """Something that happens once, after a time: made by `new_timer` and `after_func`.  Go's time.Timer.

    `c` is the channel into which a new_timer sends the time; an after_func's has None.  In a `with`
    statement it is stopped at the end.

    >>> from gochan import time
    >>> with time.new_timer(3600) as timer:
    ...     timer.stop(), timer.stop()
    (True, False)
    """

    #: The channel that the time comes in on; None for an after_func's.  Go's field C.
    c: RecvChan[Time] | None

    def __init__(self, timer: object = None, /) -> None:
        if not isinstance(timer, (_Sender, _Starter)):
            raise TypeError("a Timer is made by new_timer(seconds) or after_func(seconds, f)")
        self._timer = timer
        self.c = timer.chan if isinstance(timer, _Sender) else None

    def stop(self) -> bool:
        """Keep the timer from firing: True if this did, False if it had fired or was stopped.

        After it no value comes out of `c`.  What after_func started goes on: to wait for that is the
        caller's.  Go's Timer.Stop.
        """
        timer = self._timer
        _inside(timer.clock, "stop")
        return timer.stop()

    def reset(self, d: float | timedelta, /) -> bool:
        """Let the timer fire d seconds from now, whatever it did before; True if it was still to fire.

        No value from before comes out of `c` after it.  Raises TypeError for what is no duration.  Go's
        Timer.Reset.
        """
        timer = self._timer
        d = seconds("Timer.reset", d)
        _inside(timer.clock, "reset")
        return timer.reset(deadline(timer.clock.now(), d), 0)

    def __enter__(self) -> Timer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.stop()


class Ticker:
    """Sends the time into its channel `c` again and again: made by `new_ticker`.  Go's time.Ticker.

    A receiver that is slow misses beats; they don't pile up.  In a `with` statement it is stopped at the end.

    >>> from gochan import time
    >>> with time.new_ticker(0.001) as ticker:
    ...     first, second = ticker.c.recv(), ticker.c.recv()
    >>> first < second
    True
    """

    #: The channel that the times come in on.  Go's field C.
    c: RecvChan[Time]

    def __init__(self, sender: object = None, /) -> None:
        if not isinstance(sender, _Sender):
            raise TypeError("a Ticker is made by new_ticker(seconds)")
        self._sender = sender
        self.c = sender.chan

    def stop(self) -> None:
        """Stop the ticker; its channel is not closed.  Go's Ticker.Stop."""
        _inside(self._sender.clock, "stop")
        self._sender.stop()

    def reset(self, d: float | timedelta, /) -> None:
        """Tick every d seconds from now on, the first time d seconds from now.

        Raises Panic if d is not above zero, TypeError for what is no duration.  Go's Ticker.Reset.
        """
        period = _period(seconds("Ticker.reset", d), "non-positive interval for Ticker.Reset")
        sender = self._sender
        _inside(sender.clock, "reset")
        sender.reset(sender.clock.now() + period, period)

    def __enter__(self) -> Ticker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.stop()


def _period(d: float, fault: str) -> int:
    if not d > 0:
        raise Panic(fault)
    return max(1, deadline(0, d))


def new_timer(d: float | timedelta, /) -> Timer:
    """Make a Timer that sends the time into its channel `c` after d seconds: Go's time.NewTimer.

    With 0, less, or NaN it fires at once.  Raises TypeError for what is no duration.

    >>> from gochan import time
    >>> timer = time.new_timer(3600)
    >>> timer.reset(0.001)
    True
    >>> moment = timer.c.recv()
    >>> timer.stop()
    False
    """
    return Timer(_one_shot(seconds("new_timer", d)))


def _one_shot(d: float) -> _Sender:
    timers = clock()
    return _Sender(timers, deadline(timers.now(), d), 0)


def after(d: float | timedelta, /) -> RecvChan[Time]:
    """Make a channel on which the time comes in after d seconds: Go's time.After.

    With 0, less, or NaN at once.  Raises TypeError for what is no duration.

    >>> from gochan import Chan, recv, select, time
    >>> answers = Chan[str]()
    >>> index, moment, _ = select(recv(answers), recv(time.after(0.001)))
    >>> index, type(moment).__name__
    (1, 'Time')
    """
    return _one_shot(seconds("after", d)).chan


def after_func(d: float | timedelta, fn: Callable[[], object], /) -> Timer:
    """Call fn in a goroutine of its own after d seconds; the Timer can stop that.  Go's time.AfterFunc.

    With 0, less, or NaN at once.  Raises TypeError for what is no duration or not callable.

    >>> from gochan import Chan, run, time
    >>> def main() -> None:
    ...     told = Chan[str](1)
    ...     time.after_func(0.001, lambda: told << "time is up")
    ...     print(told.recv())
    >>> run(main)
    time is up
    """
    d = seconds("after_func", d)
    if not callable(fn):
        raise TypeError(f"after_func: {fn!r} is not callable; give the function: after_func(seconds, f)")
    timers = clock()
    starter = _Starter(timers, fn)
    timers.schedule(starter, deadline(timers.now(), d))
    return Timer(starter)


def new_ticker(d: float | timedelta, /) -> Ticker:
    """Make a Ticker that sends the time into its channel `c` every d seconds: Go's time.NewTicker.

    Raises Panic if d is not above zero, TypeError for what is no duration.

    >>> from gochan import time
    >>> ticker = time.new_ticker(0.001)
    >>> for _ in range(3):
    ...     moment = ticker.c.recv()
    >>> ticker.stop()
    """
    period = _period(seconds("new_ticker", d), "non-positive interval for NewTicker")
    timers = clock()
    return Ticker(_Sender(timers, timers.now() + period, period))


def tick(d: float | timedelta, /) -> RecvChan[Time]:
    """Make a channel on which the time comes in every d seconds: Go's time.Tick.

    With a d of 0, less, or NaN nothing ever comes in, as from the nil channel that Go returns.  Raises
    TypeError for what is no duration.

    >>> from gochan import time
    >>> beats = time.tick(0.001)
    >>> beats.recv() < beats.recv()
    True
    """
    d = seconds("tick", d)
    return new_ticker(d).c if d > 0 else Chan[Any]()


# --- durations as text -----------------------------------------------------------------------------------

_UNITS: Final[dict[str, int]] = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_PART: Final = re.compile(r"([0-9]*)(?:\.([0-9]*))?([^0-9.]*)")
# The bounds of Go's Duration, an int64 of nanoseconds.
_LONGEST: Final = (1 << 63) - 1


def parse_duration(s: str | Never, /) -> float:
    """Turn a text such as "1h15m30.918s", "-1.5h" or "300ms" into seconds: Go's time.ParseDuration.

    The units are ns, us (or µs), ms, s, m and h.  Raises ValueError for anything else, in Go's words,
    TypeError for what is no text.

    >>> parse_duration("1m0.5s")
    60.5
    """
    if not isinstance(s, str):
        raise TypeError(f"parse_duration: {s!r} is not a str; give a text such as '1m30s'")
    quoted = _quote(s)
    rest = s[1:] if s[:1] in ("-", "+") else s
    negative = s[:1] == "-"
    if rest == "0":
        return 0.0
    if not rest:
        raise ValueError(f"time: invalid duration {quoted}")
    total = 0
    while rest:
        match = _PART.match(rest)
        assert match is not None
        whole, fraction, unit = match[1], match[2] or "", match[3]
        if not whole and not fraction:
            raise ValueError(f"time: invalid duration {quoted}")
        whole = whole.lstrip("0")
        # Python counts no digits without end; no number that fits has more than 19.
        count = int(whole or "0") if len(whole) < 20 else _LONGEST + 2
        if count > _LONGEST + 1:
            raise ValueError(f"time: invalid duration {quoted}")
        if not unit:
            raise ValueError(f"time: missing unit in duration {quoted}")
        if unit not in _UNITS:
            raise ValueError(f"time: unknown unit {_quote(unit)} in duration {quoted}")
        total += count * _UNITS[unit] + _fraction(fraction, _UNITS[unit])
        if total > _LONGEST + 1:
            raise ValueError(f"time: invalid duration {quoted}")
        rest = rest[match.end() :]
    if total > _LONGEST and not negative:
        raise ValueError(f"time: invalid duration {quoted}")
    return (-total if negative else total) / 1e9


def _fraction(digits: str, unit: int) -> int:
    """Count the nanoseconds of a fraction, rounded as Go does it: 0.3333333333333333333h is 20m."""
    n = 0
    scale = 1.0
    for digit in digits:
        if n > _LONGEST // 10 or 10 * n + int(digit) > _LONGEST + 1:
            break
        n = 10 * n + int(digit)
        scale *= 10.0
    return int(n * (unit / scale))


def _quote(s: str) -> str:
    """Quote a text as Go's errors do: control characters, and what is not ASCII, as the bytes of UTF-8."""
    parts = ['"']
    for c in s:
        if c in '"\\':
            parts.append("\\" + c)
        elif " " <= c < "\x80":
            parts.append(c)
        else:
            parts += [f"\\x{byte:02x}" for byte in c.encode("utf-8", "surrogatepass")]
    parts.append('"')
    return "".join(parts)


def duration_string(d: float | timedelta, /) -> str:
    """Turn a duration in seconds, or a timedelta, into a text such as "1h15m30.918s": Go's Duration.String.

    Below a second it takes the smaller unit that leaves a digit before the point.  Raises TypeError for what
    is no duration, ValueError for NaN and for what Go's Duration cannot hold (about 292 years).

    >>> duration_string(60.5), duration_string(0.0015), duration_string(0)
    ('1m0.5s', '1.5ms', '0s')
    """
    number = seconds("duration_string", d)
    if math.isnan(number) or abs(number) * 1e9 > _LONGEST + 1:
        raise ValueError(f"duration_string: {d!r} is no duration that Go can hold, about 292 years at most")
    ns = min(round(number * 1e9), _LONGEST)
    sign = "-" if ns < 0 else ""
    ns = abs(ns)
    if ns == 0:
        return "0s"
    if ns < 1_000:
        return f"{sign}{ns}ns"
    if ns < 1_000_000:
        return sign + _decimal(ns, 1_000) + "µs"
    if ns < 1_000_000_000:
        return sign + _decimal(ns, 1_000_000) + "ms"
    minutes, rest = divmod(ns, 60_000_000_000)
    text = _decimal(rest, 1_000_000_000) + "s"
    if minutes:
        hours, minutes = divmod(minutes, 60)
        text = (f"{hours}h" if hours else "") + f"{minutes}m" + text
    return sign + text


def _decimal(n: int, unit: int) -> str:
    """Write n/unit without trailing zeros; unit is a power of ten."""
    whole, rest = divmod(n, unit)
    if rest == 0:
        return str(whole)
    digits = str(rest + unit)[1:].rstrip("0")
    return f"{whole}.{digits}"
