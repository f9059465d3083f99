"""Time: Go's package time, with durations that are ints of nanoseconds.

Ported programs import this module if they compute with durations or print them; otherwise `gochan.time`,
where durations are seconds, will do.  Waiting, timers and tickers are those of `gochan.time`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from gochan import Chan, RecvChan
from gochan import time as _gochan
from gochan._engine.impl import clock
from gochan._engine.seconds import Nanoseconds

from ._errors import ErrorString
from ._integers import quo, to_int64
from ._panics import panic
from ._slices import Slice
from ._time_format import (
    ANSIC,
    DATE_ONLY,
    DATE_TIME,
    DAYS,
    KITCHEN,
    LAYOUT,
    MONTHS,
    RFC822,
    RFC822Z,
    RFC850,
    RFC1123,
    RFC1123Z,
    RFC3339,
    RFC3339_NANO,
    RUBY_DATE,
    STAMP,
    STAMP_MICRO,
    STAMP_MILLI,
    STAMP_NANO,
    TIME_ONLY,
    UNIX_DATE,
    ParseError,
    civil,
    days_before,
    format_time,
    parse_time,
)
from ._types import INT, INT64, Pointer, error, int64, nil, uint64
from ._zones import LOCAL, UTC, Location, fixed_zone, load_location

__all__ = [
    "ANSIC",
    "APRIL",
    "AUGUST",
    "DATE_ONLY",
    "DATE_TIME",
    "DECEMBER",
    "FEBRUARY",
    "FRIDAY",
    "HOUR",
    "JANUARY",
    "JULY",
    "JUNE",
    "KITCHEN",
    "LAYOUT",
    "MARCH",
    "MAY",
    "MICROSECOND",
    "MILLISECOND",
    "MINUTE",
    "MONDAY",
    "NANOSECOND",
    "NOVEMBER",
    "OCTOBER",
    "RFC822",
    "RFC822Z",
    "RFC850",
    "RFC1123",
    "RFC1123Z",
    "RFC3339",
    "RFC3339_NANO",
    "RUBY_DATE",
    "SATURDAY",
    "SECOND",
    "SEPTEMBER",
    "STAMP",
    "STAMP_MICRO",
    "STAMP_MILLI",
    "STAMP_NANO",
    "SUNDAY",
    "THURSDAY",
    "TIME_ONLY",
    "TUESDAY",
    "UNIX_DATE",
    "WEDNESDAY",
    "Duration",
    "Location",
    "Month",
    "ParseError",
    "Ticker",
    "Time",
    "Timer",
    "Weekday",
    "after",
    "after_func",
    "date",
    "fixed_zone",
    "load_location",
    "local",
    "new_ticker",
    "new_timer",
    "now",
    "parse",
    "parse_duration",
    "parse_in_location",
    "received",
    "since",
    "sleep",
    "tick",
    "unix",
    "unix_micro",
    "unix_milli",
    "until",
    "utc",
]

_MIN = -1 << 63
_MAX = (1 << 63) - 1


class Duration(Nanoseconds):
    """A number of nanoseconds: Go's time.Duration.

    >>> (90 * MINUTE).string(), (1500 * MILLISECOND).seconds()
    ('1h30m0s', 1.5)
    """

    __slots__ = ()
    __go_under__ = INT64

    def __add__(self, other: int) -> Duration:
        return Duration(to_int64(int(self) + int(other)))

    __radd__ = __add__

    def __sub__(self, other: int) -> Duration:
        return Duration(to_int64(int(self) - int(other)))

    def __rsub__(self, other: int) -> Duration:
        return Duration(to_int64(int(other) - int(self)))

    def __mul__(self, other: int) -> Duration:
        return Duration(to_int64(int(self) * int(other)))

    __rmul__ = __mul__

    def __neg__(self) -> Duration:
        return Duration(to_int64(-int(self)))

    def __str__(self) -> str:
        return self.string()

    def __repr__(self) -> str:
        return f"Duration({int(self)})"

    def string(self) -> str:
        """Format the duration as "1h15m30.918s": Go's String."""
        return _gochan._text(int(self))

    def nanoseconds(self) -> int:
        """Return the number of nanoseconds: Go's Nanoseconds."""
        return int(self)

    def microseconds(self) -> int:
        """Return the number of whole microseconds: Go's Microseconds."""
        return quo(int(self), 1_000)

    def milliseconds(self) -> int:
        """Return the number of whole milliseconds: Go's Milliseconds."""
        return quo(int(self), 1_000_000)

    def seconds(self) -> float:
        """Return the number of seconds: Go's Seconds."""
        return self._in(1_000_000_000)

    def minutes(self) -> float:
        """Return the number of minutes: Go's Minutes."""
        return self._in(60_000_000_000)

    def hours(self) -> float:
        """Return the number of hours: Go's Hours."""
        return self._in(3_600_000_000_000)

    def _in(self, unit: int) -> float:
        n = int(self)
        whole = quo(n, unit)
        return float(whole) + float(n - whole * unit) / float(unit)

    def truncate(self, m: int) -> Duration:
        """Round toward zero to a multiple of m: Go's Truncate."""
        n = int(self)
        return self if m <= 0 else Duration(quo(n, int(m)) * int(m))

    def round(self, m: int) -> Duration:
        """Round to the nearest multiple of m, halfway away from zero: Go's Round."""
        n, m = int(self), int(m)
        if m <= 0:
            return self
        rest = abs(n) % m
        size = abs(n) - rest if 2 * rest < m else abs(n) - rest + m
        return Duration(min(max(-size if n < 0 else size, _MIN), _MAX))

    def abs(self) -> Duration:
        """Return the absolute value: Go's Abs."""
        return Duration(min(abs(int(self)), _MAX))


NANOSECOND = Duration(1)
MICROSECOND = Duration(1_000)
MILLISECOND = Duration(1_000_000)
SECOND = Duration(1_000_000_000)
MINUTE = Duration(60_000_000_000)
HOUR = Duration(3_600_000_000_000)


class Month(int):
    """A month of the year, January is 1: Go's time.Month."""

    __slots__ = ()
    __go_under__ = INT
    _names: ClassVar = MONTHS

    def string(self) -> str:
        """Return the English name: Go's String."""
        return self._names[self - 1] if 1 <= self <= 12 else f"%!Month({int(self) % (1 << 64)})"

    __str__ = string


class Weekday(int):
    """A day of the week, Sunday is 0: Go's time.Weekday."""

    __slots__ = ()
    __go_under__ = INT
    _names: ClassVar = [DAYS[-1], *DAYS[:-1]]

    def string(self) -> str:
        """Return the English name: Go's String."""
        return self._names[self] if 0 <= self <= 6 else f"%!Weekday({int(self) % (1 << 64)})"

    __str__ = string


JANUARY, FEBRUARY, MARCH, APRIL, MAY, JUNE = (Month(i) for i in range(1, 7))
JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (Month(i) for i in range(7, 13))
SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (Weekday(i) for i in range(7))

utc = UTC
local = LOCAL

# Seconds from the first day of year 1 to 1970.
_EPOCH = days_before(1970) * 86_400


class Time:
    """An instant with nanoseconds and a time zone: Go's time.Time.  `Time()` is the zero time, in year 1.

    >>> date(2009, NOVEMBER, 10, 23, 0, 0, 0, utc).string()
    '2009-11-10 23:00:00 +0000 UTC'
    """

    __slots__ = ("_loc", "_mono", "_ns", "_sec")
    __go_pointer__ = False
    __go_layout__: ClassVar[dict[str, Any]] = {"wall": uint64, "ext": int64, "loc": Pointer[Location]}

    def __init__(self, sec: int = 0, ns: int = 0, loc: Location = UTC, mono: int | None = None) -> None:
        # Seconds since year 1, the monotonic clock's reading in ns.
        self._sec = sec
        self._ns = ns
        self._loc = loc
        self._mono = mono

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Time)
            and self._sec == other._sec
            and self._ns == other._ns
            and self._mono == other._mono
            and self._loc is other._loc
        )

    def __hash__(self) -> int:
        return hash((self._sec, self._ns))

    def __str__(self) -> str:
        return self.string()

    def __repr__(self) -> str:
        return f"<Time {self.string()}>"

    def _local(self) -> int:
        """Return the seconds since year 1 on the clock of the time zone."""
        return self._sec + self._loc.lookup(self._sec - _EPOCH)[1]

    # What Go's fields hold if there is no reading of the monotonic clock, for fmt.

    @property
    def wall(self) -> int:
        """The nanoseconds."""
        return self._ns

    @property
    def ext(self) -> int:
        """The seconds since year 1."""
        return self._sec

    @property
    def loc(self) -> Location | None:
        """The time zone; None for UTC."""
        return None if self._loc is UTC else self._loc

    # --- parts --------------------------------------------------------------------------------------------

    def date(self) -> tuple[int, Month, int]:
        """Return the year, the month and the day: Go's Date."""
        year, month, day = civil(self._local() // 86_400)
        return year, Month(month), day

    def clock(self) -> tuple[int, int, int]:
        """Return the hour, the minute and the second: Go's Clock."""
        rest = self._local() % 86_400
        return rest // 3_600, rest // 60 % 60, rest % 60

    def year(self) -> int:
        """Return the year: Go's Year."""
        return self.date()[0]

    def month(self) -> Month:
        """Return the month: Go's Month."""
        return self.date()[1]

    def day(self) -> int:
        """Return the day of the month: Go's Day."""
        return self.date()[2]

    def hour(self) -> int:
        """Return the hour, from 0 to 23: Go's Hour."""
        return self.clock()[0]

    def minute(self) -> int:
        """Return the minute: Go's Minute."""
        return self.clock()[1]

    def second(self) -> int:
        """Return the second: Go's Second."""
        return self.clock()[2]

    def nanosecond(self) -> int:
        """Return the nanoseconds within the second: Go's Nanosecond."""
        return self._ns

    def weekday(self) -> Weekday:
        """Return the day of the week: Go's Weekday."""
        # The first day of year 1 is a Monday.
        return Weekday((self._local() // 86_400 + 1) % 7)

    def year_day(self) -> int:
        """Return the day of the year, from 1: Go's YearDay."""
        days = self._local() // 86_400
        return days - days_before(civil(days)[0]) + 1

    def iso_week(self) -> tuple[int, int]:
        """Return the year and the week of ISO 8601: Go's ISOWeek."""
        days = self._local() // 86_400
        # The week's Thursday decides on the year.
        thursday = days + 3 - days % 7
        year = civil(thursday)[0]
        return year, (thursday - days_before(year)) // 7 + 1

    def zone(self) -> tuple[str, int]:
        """Return the time zone's abbreviation and its seconds east of UTC: Go's Zone."""
        return self._loc.lookup(self._sec - _EPOCH)

    def location(self) -> Location:
        """Return the time zone: Go's Location."""
        return self._loc

    def unix(self) -> int:
        """Return the seconds since 1970 UTC: Go's Unix."""
        return self._sec - _EPOCH

    def unix_milli(self) -> int:
        """Return the milliseconds since 1970 UTC: Go's UnixMilli."""
        return (self._sec - _EPOCH) * 1_000 + self._ns // 1_000_000

    def unix_micro(self) -> int:
        """Return the microseconds since 1970 UTC: Go's UnixMicro."""
        return (self._sec - _EPOCH) * 1_000_000 + self._ns // 1_000

    def unix_nano(self) -> int:
        """Return the nanoseconds since 1970 UTC, wrapped to an int64: Go's UnixNano."""
        return to_int64((self._sec - _EPOCH) * 1_000_000_000 + self._ns)

    # --- arithmetic ---------------------------------------------------------------------------------------

    def add(self, d: int) -> Time:
        """Return the time d later: Go's Add."""
        carry, ns = divmod(self._ns + int(d), 1_000_000_000)
        mono = None if self._mono is None else self._mono + int(d)
        return Time(self._sec + carry, ns, self._loc, mono)

    def sub(self, other: Time) -> Duration:
        """Return the duration since another time: Go's Sub."""
        if self._mono is not None and other._mono is not None:
            n = self._mono - other._mono
        else:
            n = (self._sec - other._sec) * 1_000_000_000 + self._ns - other._ns
        return Duration(min(max(n, _MIN), _MAX))

    def add_date(self, years: int, months: int, days: int) -> Time:
        """Return the time with years, months and days added to its date: Go's AddDate."""
        year, month, day = self.date()
        hour, minute, second = self.clock()
        return date(year + years, month + months, day + days, hour, minute, second, self._ns, self._loc)

    def before(self, other: Time) -> bool:
        """Return whether the time is earlier than another: Go's Before."""
        return self.compare(other) < 0

    def after(self, other: Time) -> bool:
        """Return whether the time is later than another: Go's After."""
        return self.compare(other) > 0

    def equal(self, other: Time) -> bool:
        """Return whether both are the same instant: Go's Equal."""
        return self.compare(other) == 0

    def compare(self, other: Time) -> int:
        """Return -1, 0 or 1, as the time is before, at or after another: Go's Compare."""
        if self._mono is not None and other._mono is not None:
            a, b = (self._mono, 0), (other._mono, 0)
        else:
            a, b = (self._sec, self._ns), (other._sec, other._ns)
        return (a > b) - (a < b)

    def is_zero(self) -> bool:
        """Return whether it is the zero time: Go's IsZero."""
        return self._sec == 0 and self._ns == 0

    def truncate(self, d: int) -> Time:
        """Round down to a multiple of d since the zero time: Go's Truncate."""
        plain = Time(self._sec, self._ns, self._loc)
        return plain if d <= 0 else plain.add(-(self._total() % int(d)))

    def round(self, d: int) -> Time:
        """Round to the nearest multiple of d since the zero time, halfway up: Go's Round."""
        plain = Time(self._sec, self._ns, self._loc)
        if d <= 0:
            return plain
        rest = self._total() % int(d)
        return plain.add(-rest if 2 * rest < d else int(d) - rest)

    def _total(self) -> int:
        return self._sec * 1_000_000_000 + self._ns

    # --- time zones and text ------------------------------------------------------------------------------

    def utc(self) -> Time:
        """Return the same instant in UTC: Go's UTC."""
        return Time(self._sec, self._ns, UTC, self._mono)

    def local(self) -> Time:
        """Return the same instant in the local time zone: Go's Local."""
        return Time(self._sec, self._ns, LOCAL, self._mono)

    def in_(self, loc: Location | None) -> Time:
        """Return the same instant in another time zone: Go's In."""
        if loc is None:
            panic("time: missing Location in call to Time.In")
        return Time(self._sec, self._ns, loc, self._mono)

    def format(self, layout: str) -> str:
        """Format the time by a layout, such as "2006-01-02 15:04:05": Go's Format."""
        name, offset = self.zone()
        return format_time(layout, self._local(), self._ns, name, offset)

    def string(self) -> str:
        """Format the time as "2006-01-02 15:04:05.999999999 -0700 MST": Go's String."""
        text = self.format("2006-01-02 15:04:05.999999999 -0700 MST")
        if self._mono is not None:
            n = self._mono - _START
            sign = "-" if n < 0 else "+"
            text += f" m={sign}{abs(n) // 1_000_000_000}.{abs(n) % 1_000_000_000:09d}"
        return text

    def go_string(self) -> str:
        """Format the time as Go code: Go's GoString."""
        year, month, day = self.date()
        hour, minute, second = self.clock()
        zone = "time.UTC" if self._loc is UTC else "time.Local"
        return f"time.Date({year}, time.{month}, {day}, {hour}, {minute}, {second}, {self._ns}, {zone})"

    def marshal_json(self) -> tuple[Slice[int], error]:
        """Return the time in RFC 3339, in quotes: Go's MarshalJSON."""
        from ._text import to_bytes

        return to_bytes(f'"{self.format(RFC3339_NANO)}"'), None

    def marshal_text(self) -> tuple[Slice[int], error]:
        """Return the time in RFC 3339: Go's MarshalText."""
        from ._text import to_bytes

        return to_bytes(self.format(RFC3339_NANO)), None


_START = clock()[1]


def now() -> Time:
    """Return the current time: Go's time.Now."""
    wall, mono = clock()
    sec, ns = divmod(wall, 1_000_000_000)
    return Time(sec + _EPOCH, ns, LOCAL, mono)


def received(v: Any, /) -> Time:
    """Return the Time of a value that a timer's channel gave; any other Time as it is."""
    if isinstance(v, Time):
        return v
    if v is None:
        return Time()
    moment: datetime = v
    seconds = int(moment.replace(microsecond=0).timestamp())
    return Time(seconds + _EPOCH, moment.microsecond * 1_000, LOCAL, getattr(v, "_mono", None))


def since(t: Time) -> Duration:
    """Return the duration since t: Go's time.Since."""
    return now().sub(t)


def until(t: Time) -> Duration:
    """Return the duration until t: Go's time.Until."""
    return t.sub(now())


def unix(sec: int, nsec: int) -> Time:
    """Return the local time of seconds and nanoseconds since 1970 UTC: Go's time.Unix."""
    carry, ns = divmod(nsec, 1_000_000_000)
    return Time(sec + carry + _EPOCH, ns, LOCAL)


def unix_milli(msec: int) -> Time:
    """Return the local time of milliseconds since 1970 UTC: Go's time.UnixMilli."""
    return unix(0, msec * 1_000_000)


def unix_micro(usec: int) -> Time:
    """Return the local time of microseconds since 1970 UTC: Go's time.UnixMicro."""
    return unix(0, usec * 1_000)


def date(  # noqa: PLR0917
    year: int, month: int, day: int, hour: int, min: int, sec: int, nsec: int, loc: Location | None
) -> Time:
    """Return the time of a date and a clock in a time zone: Go's time.Date.

    Values out of range are carried over: October 32 is November 1.
    """
    if loc is None:
        panic("time: missing Location in call to Date")
    years, rest = divmod(int(month) - 1, 12)
    carry, ns = divmod(nsec, 1_000_000_000)
    days = days_before(year + years, rest + 1) + day - 1
    wall = days * 86_400 + hour * 3_600 + min * 60 + sec + carry
    return Time(wall - loc.offset_of_wall(wall - _EPOCH), ns, loc)


def parse(layout: str, value: str) -> tuple[Time, error]:
    """Parse a time by a layout; without a time zone it is in UTC: Go's time.Parse."""
    return _parse(layout, value, UTC)


def parse_in_location(layout: str, value: str, loc: Location) -> tuple[Time, error]:
    """Parse a time by a layout; without a time zone it is in loc: Go's time.ParseInLocation."""
    return _parse(layout, value, loc)


def _parse(layout: str, value: str, loc: Location) -> tuple[Time, error]:
    found = parse_time(layout, value)
    if isinstance(found, ParseError):
        return Time(), found
    year, month, day, hour, minute, second, ns, zone, offset = found
    if offset is None:
        where = loc
        if zone == "UTC":
            where = UTC
        elif zone:
            known = loc.offset_of_name(zone)
            if known is None:
                known = int(zone[3:]) * 3_600 if zone[:3] == "GMT" and zone[3:] else 0
                where = fixed_zone(zone, known)
        return date(year, month, day, hour, minute, second, ns, where), None
    t = date(year, month, day, hour, minute, second, ns, UTC).add(Duration(-offset) * SECOND)
    if offset == 0 and not zone:
        return t.utc(), None
    name, here = loc.lookup(t.unix())
    if here == offset and (not zone or name == zone):
        return t.in_(loc), None
    return t.in_(fixed_zone(zone, offset)), None


def parse_duration(s: str) -> tuple[Duration, error]:
    """Parse a duration such as "1h15m30.918s": Go's time.ParseDuration.

    >>> parse_duration("1.5s")
    (Duration(1500000000), None)
    """
    try:
        return Duration(_gochan.nanoseconds(s)), None
    except ValueError as exc:
        return Duration(0), ErrorString(str(exc))


# --- waiting ----------------------------------------------------------------------------------------------


if TYPE_CHECKING:
    # As a port sees them: it makes a Time of what a channel gives by `received`.

    class Timer:
        """A timer; `c` receives the time when it fires: Go's time.Timer."""

        c: Chan[Any]

        def stop(self) -> bool: ...
        def reset(self, d: int, /) -> bool: ...

    def sleep(d: int, /) -> None: ...
    def after(d: int, /) -> RecvChan[Any]: ...
    def new_timer(d: int, /) -> Timer: ...
    def after_func(d: int, f: Callable[[], object], /) -> Timer: ...
else:
    # The engine takes a Duration for what it is, so that a function around its own would only cost time.
    from gochan.time import Timer, after, after_func, new_timer, sleep


def tick(d: int) -> RecvChan[Any]:
    """Return a ticker's channel: Go's time.Tick."""
    return nil if d <= 0 else _gochan.tick(d / 1e9)


class Ticker:
    """A ticker; `c` receives the time in intervals: Go's time.Ticker."""

    __slots__ = ("_ticker", "c")
    __go_name__ = "time.Ticker"

    def __init__(self, ticker: Any) -> None:
        self._ticker = ticker
        self.c: Chan[Any] = ticker.c

    def stop(self) -> None:
        """Stop the ticker: Go's Stop."""
        self._ticker.stop()

    def reset(self, d: int) -> None:
        """Change the interval: Go's Reset."""
        if d <= 0:
            panic("non-positive interval for Ticker.Reset")
        self._ticker.reset(d / 1e9)


def new_ticker(d: int) -> Ticker:
    """Return a ticker with the interval d: Go's time.NewTicker."""
    if d <= 0:
        panic("non-positive interval for NewTicker")
    return Ticker(_gochan.new_ticker(d / 1e9))
