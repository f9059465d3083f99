"""Time zones: Go's time.Location."""

from __future__ import annotations

import os
from datetime import UTC as PYTHON_UTC
from datetime import datetime, timedelta, tzinfo
from typing import Any

from ._errors import ErrorString
from ._types import error

_FIRST = -62_135_596_800
_LAST = 253_402_300_799


class Location:
    """A time zone, by its name: Go's time.Location."""

    __slots__ = ("_name", "_zone")
    __go_name__ = "time.Location"

    def __init__(self, name: str = "", zone: tzinfo | None = PYTHON_UTC) -> None:
        self._name = name
        # None for the local time zone.
        self._zone = zone

    def string(self) -> str:
        """Return the name: Go's String."""
        return self._name

    __str__ = string

    def lookup(self, sec: int) -> tuple[str, int]:
        """Return the abbreviation and the seconds east of UTC at a time, in seconds since 1970."""
        if self._zone is PYTHON_UTC:
            return "UTC", 0
        moment = datetime.fromtimestamp(min(max(sec, _FIRST + 86_400), _LAST - 86_400), PYTHON_UTC)
        moment = moment.astimezone(self._zone)
        offset = moment.utcoffset()
        assert offset is not None
        seconds = offset.days * 86_400 + offset.seconds
        return moment.tzname() or "", seconds

    def offset_of_wall(self, wall: int) -> int:
        """Return the seconds east of UTC when the clock on the wall shows `wall` seconds since 1970."""
        # As Go does: guess, and look again at what the guess gives.
        offset = self.lookup(wall)[1]
        if offset == 0:
            return 0
        again = self.lookup(wall - offset)[1]
        return again if again == offset else self._other(wall, offset, again)

    def _other(self, wall: int, offset: int, again: int) -> int:
        # Between two offsets: the one in use before the change that holds at its own time.
        for candidate in (again, offset):
            if self.lookup(wall - candidate)[1] == candidate:
                return candidate
        return again

    def offset_of_name(self, name: str) -> int | None:
        """Return the seconds east of UTC of an abbreviation that this zone uses; None if it uses it never."""
        for month in range(12):
            found, offset = self.lookup(1_700_000_000 + month * 2_600_000)
            if found == name:
                return offset
        return None


class _Fixed(tzinfo):
    def __init__(self, name: str, offset: int) -> None:
        self._name = name
        self._offset = timedelta(seconds=offset)

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return self._offset

    def tzname(self, moment: datetime | None) -> str:
        return self._name

    def dst(self, moment: datetime | None) -> timedelta:
        return timedelta(0)

    def fromutc(self, moment: datetime) -> datetime:
        return moment + self._offset


UTC = Location("UTC", PYTHON_UTC)


def _local() -> Location:
    # An empty TZ is UTC.
    return Location("Local", PYTHON_UTC if os.environ.get("TZ") == "" else None)


LOCAL = _local()


def fixed_zone(name: str, offset: int) -> Location:
    """Return a time zone that is always `offset` seconds east of UTC: Go's time.FixedZone."""
    return Location(name, _Fixed(name, offset))


def load_location(name: str) -> tuple[Any, error]:
    """Return the time zone of a name such as "Europe/Berlin": Go's time.LoadLocation."""
    if name in {"", "UTC"}:
        return UTC, None
    if name == "Local":
        return LOCAL, None
    from zoneinfo import ZoneInfo

    try:
        return Location(name, ZoneInfo(name)), None
    except (KeyError, ValueError, OSError):
        return None, ErrorString(f"unknown time zone {name}")
