"""Sleep, timers, tickers, and the clock: the part of Go's package time that goroutines need.

A duration is a number of seconds or a timedelta.  The constants are floats in seconds: `500 *
time.MILLISECOND` is 0.5.  A time is a `Time`, which is a datetime.

The channels of timers and tickers behave as in Go 1.23 and later.  They act as unbuffered; after a `stop` or
`reset` no value from before is received; and a timer without references is garbage, stopped or not.
"""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from typing import Final

from ._engine.arguments import check_datetime

# Sleeping, timers and tickers are the engine's: see gochan/_engine/py/sleep.py.
from ._engine.impl import (
    Ticker,
    Timer,
    after,
    after_func,
    clock,
    new_ticker,
    new_timer,
    sleep,
    tick,
)
from ._engine.instant import Time, aware
from ._engine.seconds import seconds

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


# --- times ---------------------------------------------------------------------------------------------


def now() -> Time:
    """Return the current time, a datetime in the local time zone with a monotonic reading: Go's time.Now.

    >>> from gochan import time
    >>> time.now().tzinfo is not None, time.now() <= time.now()
    (True, True)
    """
    return Time._at(*clock())


def since(t: datetime, /) -> float:
    """Return the seconds since t, negative if t is in the future: Go's time.Since.

    It uses the monotonic clock if t has a reading of it, as the result of `now` does.  A t without a time
    zone is local time.

    Raises `TypeError` if t is not a datetime.

    >>> from datetime import datetime, timedelta
    >>> from gochan import time
    >>> round(time.since(datetime.now() - timedelta(hours=1)) / time.HOUR)
    1
    """
    return -_until("time.since", t)


def until(t: datetime, /) -> float:
    """Return the seconds until t, negative if t has passed: Go's time.Until; see `since`.

    Raises `TypeError` if t is not a datetime.

    >>> from datetime import datetime, timedelta
    >>> from gochan import time
    >>> round(time.until(datetime.now() + timedelta(hours=1)) / time.HOUR)
    1
    """
    return _until("time.until", t)


def _until(call: str, t: datetime) -> float:
    check_datetime(call, t)
    if isinstance(t, Time):
        mono = t.monotonic()
        if mono is not None:
            return (mono - clock()[1]) / 1e9
    return (aware(t) - now()).total_seconds()


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


def parse_duration(s: str, /) -> float:
    """Return the seconds of a string such as "1h15m30.918s", "-1.5h" or "300ms": Go's time.ParseDuration.

    The units are ns, us (or µs), ms, s, m and h.

    Raises `ValueError`, with Go's message, if s is not a duration; `TypeError` if s is not a str.

    >>> parse_duration("1m0.5s")
    60.5
    """
    if not isinstance(s, str):
        raise TypeError(f"time.parse_duration: {s!r} is not a str; give one such as '1m30s'")
    return nanoseconds(s) / 1e9


def nanoseconds(s: str) -> int:
    """Return the nanoseconds of a duration in text; raise `ValueError` if it is none."""
    quoted = _quote(s)
    rest = s[1:] if s[:1] in ("-", "+") else s
    negative = s[:1] == "-"
    if rest == "0":
        return 0
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
        # int() refuses a very long string; a number that fits has at most 19 digits.
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
    return -total if negative else total


def _fraction(digits: str, unit: int) -> int:
    """Return the nanoseconds of a fraction, rounded as in Go: 0.3333333333333333333h is 20m."""
    n = 0
    scale = 1.0
    for digit in digits:
        if n > _LONGEST // 10 or 10 * n + int(digit) > _LONGEST + 1:
            break
        n = 10 * n + int(digit)
        scale *= 10.0
    return int(n * (unit / scale))


def _quote(s: str) -> str:
    """Quote a string as Go's errors do: control and non-ASCII characters as escaped bytes of UTF-8."""
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
    """Format d, a number of seconds or a timedelta, as "1h15m30.918s": Go's Duration.String.

    A duration below a second has the largest unit that leaves a digit before the point.

    Raises `TypeError` if d is not a duration, `ValueError` if it is NaN or beyond Go's Duration, about 292
    years.

    >>> duration_string(60.5), duration_string(0.0015), duration_string(0)
    ('1m0.5s', '1.5ms', '0s')
    """
    number = seconds("time.duration_string", d)
    if math.isnan(number) or abs(number) * 1e9 > _LONGEST + 1:
        raise ValueError(
            f"time.duration_string: {d!r} is not a duration of Go's; give at most 9223372036 s (292 years)"
        )
    return _text(min(round(number * 1e9), _LONGEST))


def _text(ns: int) -> str:
    """Write nanoseconds as Go's Duration.String does."""
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
