"""Layouts of times (Go's time/format.go), and the calendar."""

from __future__ import annotations

import re
from functools import lru_cache

from gochan.time import _quote

LAYOUT = "01/02 03:04:05PM '06 -0700"
ANSIC = "Mon Jan _2 15:04:05 2006"
UNIX_DATE = "Mon Jan _2 15:04:05 MST 2006"
RUBY_DATE = "Mon Jan 02 15:04:05 -0700 2006"
RFC822 = "02 Jan 06 15:04 MST"
RFC822Z = "02 Jan 06 15:04 -0700"
RFC850 = "Monday, 02-Jan-06 15:04:05 MST"
RFC1123 = "Mon, 02 Jan 2006 15:04:05 MST"
RFC1123Z = "Mon, 02 Jan 2006 15:04:05 -0700"
RFC3339 = "2006-01-02T15:04:05Z07:00"
RFC3339_NANO = "2006-01-02T15:04:05.999999999Z07:00"
KITCHEN = "3:04PM"
STAMP = "Jan _2 15:04:05"
STAMP_MILLI = "Jan _2 15:04:05.000"
STAMP_MICRO = "Jan _2 15:04:05.000000"
STAMP_NANO = "Jan _2 15:04:05.000000000"
DATE_TIME = "2006-01-02 15:04:05"
DATE_ONLY = "2006-01-02"
TIME_ONLY = "15:04:05"

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September"]
MONTHS += ["October", "November", "December"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_ELEMENT = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|2|(?<=_)2006|__2|_2(?!006)|[345]|PM|pm"
    r"|[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07|[.,]0+(?![0-9])|[.,]9+(?![0-9])"
)


def days_before(year: int, month: int = 1) -> int:
    """Return the days from the first day of year 1 to the first day of a month."""
    y = year - 1
    days = 365 * y + y // 4 - y // 100 + y // 400
    days += sum(_LENGTHS[: month - 1])
    return days + (month > 2 and is_leap(year))


def is_leap(year: int) -> bool:
    """Return whether a year has a February 29."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def civil(days: int) -> tuple[int, int, int]:
    """Return the year, the month and the day of a number of days since the first day of year 1."""
    cycles, days = divmod(days, 146_097)
    centuries = min(days // 36_524, 3)
    days -= centuries * 36_524
    fours, days = divmod(days, 1_461)
    ones = min(days // 365, 3)
    days -= ones * 365
    year = 400 * cycles + 100 * centuries + 4 * fours + ones + 1
    month = 1
    while days >= days_in(year, month):
        days -= days_in(year, month)
        month += 1
    return year, month, days + 1


@lru_cache(maxsize=256)
def _elements(layout: str) -> tuple[tuple[str, str], ...]:
    """Split a layout into pairs of literal text and the element after it; the last one is ""."""
    pairs = []
    at = 0
    for match in _ELEMENT.finditer(layout):
        pairs.append((layout[at : match.start()], match[0]))
        at = match.end()
    pairs.append((layout[at:], ""))
    return tuple(pairs)


# --- formatting -------------------------------------------------------------------------------------------


def _offset(offset: int, element: str) -> str:
    if element[0] == "Z" and offset == 0:
        return "Z"
    minutes = abs(offset) // 60
    # Go cuts towards zero before it takes the sign.
    sign = "-" if offset <= -60 else "+"
    if element.endswith(("00:00", "0000")):
        sign = "-" if offset < 0 else "+"
    hours, minutes = divmod(minutes, 60)
    seconds = abs(offset) % 60
    match len(element):
        case 3:
            return f"{sign}{hours:02d}"
        case 5:
            return f"{sign}{hours:02d}{minutes:02d}"
        case 6:
            return f"{sign}{hours:02d}:{minutes:02d}"
        case 7:
            return f"{sign}{hours:02d}{minutes:02d}{seconds:02d}"
    return f"{sign}{hours:02d}:{minutes:02d}:{seconds:02d}"


def format_time(layout: str, wall: int, ns: int, zone: str, offset: int) -> str:
    """Format a time: `wall` is the seconds since year 1 on the clock of the time zone."""
    days, rest = divmod(wall, 86_400)
    year, month, day = civil(days)
    hour, minute, second = rest // 3_600, rest // 60 % 60, rest % 60
    parts = []
    for text, element in _elements(layout):
        parts.append(text)
        match element:
            case "":
                continue
            case "2006":
                value = f"{year:04d}" if year >= 0 else f"-{-year:04d}"
            case "06":
                value = f"{year % 100:02d}"
            case "January":
                value = MONTHS[month - 1]
            case "Jan":
                value = MONTHS[month - 1][:3]
            case "1":
                value = str(month)
            case "01":
                value = f"{month:02d}"
            case "Monday":
                value = DAYS[days % 7]
            case "Mon":
                value = DAYS[days % 7][:3]
            case "2":
                value = str(day)
            case "_2":
                value = f"{day:2d}"
            case "02":
                value = f"{day:02d}"
            case "__2":
                value = f"{days - days_before(year) + 1:3d}"
            case "002":
                value = f"{days - days_before(year) + 1:03d}"
            case "15":
                value = f"{hour:02d}"
            case "3":
                value = str(hour % 12 or 12)
            case "03":
                value = f"{hour % 12 or 12:02d}"
            case "4":
                value = str(minute)
            case "04":
                value = f"{minute:02d}"
            case "5":
                value = str(second)
            case "05":
                value = f"{second:02d}"
            case "PM":
                value = "PM" if hour >= 12 else "AM"
            case "pm":
                value = "pm" if hour >= 12 else "am"
            case "MST":
                value = zone or _offset(offset, "-0700")
            case _:
                value = _fraction(ns, element) if element[0] in ".," else _offset(offset, element)
        parts.append(value)
    return "".join(parts)


def _fraction(ns: int, element: str) -> str:
    digits = f"{ns:09d}"[: len(element) - 1].ljust(len(element) - 1, "0")
    if element[1] == "9":
        digits = digits.rstrip("0")
        if not digits:
            return ""
    return element[0] + digits


# --- parsing ----------------------------------------------------------------------------------------------


class ParseError(Exception):
    """A text that is not a time of the layout: Go's *time.ParseError."""

    __go_name__ = "time.ParseError"

    def __init__(self, layout: str, value: str, layout_elem: str, value_elem: str, message: str) -> None:
        self.layout = layout
        self.value = value
        self.layout_elem = layout_elem
        self.value_elem = value_elem
        self.message = message
        if message:
            text = f"parsing time {_quote(value)}{message}"
        else:
            text = (
                f"parsing time {_quote(value)} as {_quote(layout)}: "
                f"cannot parse {_quote(value_elem)} as {_quote(layout_elem)}"
            )
        super().__init__(text)

    def error(self) -> str:
        """Return the text: Go's Error."""
        return str(self)


class _BadValueError(Exception):
    """The rest of a text does not begin with the element; with a message, its value is out of range."""


# Year, month, day, hour, minute, second, nanoseconds, abbreviation and offset of the zone.
Parsed = tuple[int, int, int, int, int, int, int, str, int | None]

_NUMBER = re.compile(r"[0-9]{1,2}")
_ZONE = re.compile(
    r"ChST|MeST|WITA|GMT(?:[+-][0-9]{1,2})?|[+-][0-9]{2}(?:[0-9]{2})?|[A-Z]{5}|[A-Z]{4}|[A-Z]{3}"
)


class _Parser:
    def __init__(self, value: str) -> None:
        self.rest = value
        self.year = 0
        self.month = self.day = self.year_day = -1
        self.hour = self.minute = self.second = self.ns = 0
        self.pm: bool | None = None
        self.zone = ""
        self.offset: int | None = None

    def literal(self, text: str) -> None:
        rest = self.rest
        while text:
            if text[0] == " ":
                if rest and rest[0] != " ":
                    raise _BadValueError
                text, rest = text.lstrip(" "), rest.lstrip(" ")
                continue
            if not rest or rest[0] != text[0]:
                raise _BadValueError
            text, rest = text[1:], rest[1:]
        self.rest = rest

    def number(self, fixed: bool, least: int, most: int, what: str) -> int:
        match = _NUMBER.match(self.rest)
        if match is None or (fixed and len(match[0]) < 2):
            raise _BadValueError
        self.rest = self.rest[match.end() :]
        n = int(match[0])
        if not least <= n <= most:
            raise _BadValueError(what)
        return n

    def digits(self, n: int) -> int:
        text = self.rest[:n]
        if len(text) < n or not (text.isascii() and text.isdigit()):
            raise _BadValueError
        self.rest = self.rest[n:]
        return int(text)

    def name(self, names: list[str]) -> int:
        for i, name in enumerate(names):
            if self.rest[: len(name)].lower() == name.lower():
                self.rest = self.rest[len(name) :]
                return i
        raise _BadValueError

    def element(self, element: str, next_element: str) -> None:
        match element:
            case "2006":
                self.year = self.digits(4)
            case "06":
                year = self.digits(2)
                self.year = year + (1900 if year >= 69 else 2000)
            case "January":
                self.month = self.name(MONTHS) + 1
            case "Jan":
                self.month = self.name([name[:3] for name in MONTHS]) + 1
            case "1" | "01":
                self.month = self.number(element == "01", 1, 12, "month")
            case "Monday":
                self.name(DAYS)
            case "Mon":
                self.name([name[:3] for name in DAYS])
            case "2" | "_2" | "02":
                if element == "_2" and self.rest[:1] == " ":
                    self.rest = self.rest[1:]
                self.day = self.number(element == "02", 0, 99, "day")
            case "__2" | "002":
                if element == "__2":
                    self.rest = self.rest.lstrip(" ") if self.rest[:2].isspace() else self.rest
                self.year_day = self.digits(3)
            case "15":
                self.hour = self.number(False, 0, 23, "hour")
            case "3" | "03":
                self.hour = self.number(element == "03", 0, 12, "hour")
            case "4" | "04":
                self.minute = self.number(element == "04", 0, 59, "minute")
            case "5" | "05":
                self.second = self.number(element == "05", 0, 59, "second")
                if next_element[:1] not in {".", ","} and re.match(r"[.,][0-9]", self.rest):
                    self.fraction()
            case "PM" | "pm":
                text = self.rest[:2]
                if text not in {element, element.replace("P", "A").replace("p", "a")}:
                    raise _BadValueError
                self.pm = text[0] in "Pp"
                self.rest = self.rest[2:]
            case "MST":
                self.abbreviation()
            case _:
                if element[0] in ".,":
                    self.fraction_as(element)
                else:
                    self.numeric_zone(element)

    def fraction(self) -> None:
        match = re.match(r"[.,]([0-9]+)", self.rest)
        assert match is not None
        self.ns = int(match[1][:9].ljust(9, "0"))
        self.rest = self.rest[match.end() :]

    def fraction_as(self, element: str) -> None:
        if element[1] == "0":
            if not re.match(f"[.,][0-9]{{{len(element) - 1}}}", self.rest):
                raise _BadValueError
            self.ns = int(self.rest[1 : len(element)][:9].ljust(9, "0"))
            self.rest = self.rest[len(element) :]
        elif re.match(r"[.,][0-9]", self.rest):
            self.fraction()

    def numeric_zone(self, element: str) -> None:
        if element[0] == "Z" and self.rest[:1] == "Z":
            self.rest = self.rest[1:]
            self.offset = 0
            return
        pattern = element.replace("Z", "-").replace("-", "([+-])", 1)
        pattern = pattern.replace("07", "([0-9]{2})", 1).replace("00", "([0-9]{2})")
        match = re.match(pattern, self.rest)
        if match is None:
            raise _BadValueError
        sign, *parts = match.groups()
        hours, minutes, seconds = (int(part) for part in [*parts, "0", "0"][:3])
        if hours > 24:
            raise _BadValueError("time zone offset hour")
        if minutes > 60:
            raise _BadValueError("time zone offset minute")
        if seconds > 60:
            raise _BadValueError("time zone offset second")
        offset = hours * 3_600 + minutes * 60 + seconds
        self.offset = -offset if sign == "-" else offset
        self.rest = self.rest[match.end() :]

    def abbreviation(self) -> None:
        if self.rest[:3] == "UTC":
            self.zone = "UTC"
            self.rest = self.rest[3:]
            return
        match = _ZONE.match(self.rest)
        if match is None or (len(match[0]) == 5 and match[0][4] != "T"):
            raise _BadValueError
        self.zone = match[0]
        self.rest = self.rest[match.end() :]


def parse_time(layout: str, value: str) -> Parsed | ParseError:
    """Parse a time."""
    p = _Parser(value)
    pairs = _elements(layout)
    for i, (text, element) in enumerate(pairs):
        try:
            p.literal(text)
        except _BadValueError:
            return ParseError(layout, value, text, p.rest, "")
        if not element:
            if p.rest:
                return ParseError(layout, value, "", p.rest, ": extra text: " + _quote(p.rest))
            break
        hold = p.rest
        try:
            p.element(element, pairs[i + 1][1] if not pairs[i + 1][0] else "")
        except _BadValueError as exc:
            if exc.args:
                return ParseError(layout, value, element, p.rest, f": {exc.args[0]} out of range")
            return ParseError(layout, value, element, hold, "")
    if p.pm is True and p.hour < 12:
        p.hour += 12
    elif p.pm is False and p.hour == 12:
        p.hour = 0
    if p.year_day >= 0:
        if not 1 <= p.year_day <= 365 + is_leap(p.year):
            return ParseError(layout, value, "", p.rest, ": day-of-year out of range")
        _, month, day = civil(days_before(p.year) + p.year_day - 1)
        if p.month not in {-1, month}:
            return ParseError(layout, value, "", p.rest, ": day-of-year does not match month")
        if p.day not in {-1, day}:
            return ParseError(layout, value, "", p.rest, ": day-of-year does not match day")
        p.month, p.day = month, day
    month = max(p.month, 1)
    day = 1 if p.day < 0 else p.day
    if day < 1 or day > days_in(p.year, month):
        return ParseError(layout, value, "", p.rest, ": day out of range")
    return p.year, month, day, p.hour, p.minute, p.second, p.ns, p.zone, p.offset
