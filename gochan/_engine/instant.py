"""Time: a datetime with a reading of the monotonic clock (Go's time.Time)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Self


class Time(datetime):
    """A datetime with a time zone and a reading of the monotonic clock, as `now` returns it: Go's time.Time.

    If both operands have a monotonic reading, subtraction and comparison use it, so that a change of the wall
    clock does not affect them.  Otherwise they use the wall clock.  Two Times are equal if both their
    monotonic readings and their wall clocks are equal.

    Copying, and adding a timedelta, keep the monotonic reading.  All other methods that make a new Time, and
    pickling, drop it.

    >>> from datetime import datetime, timedelta
    >>> from gochan import time
    >>> start = time.now()
    >>> isinstance(start, datetime), start + timedelta(seconds=1) > start
    (True, True)
    """

    _mono: int | None = None

    @classmethod
    def _at(cls, wall: int, mono: int) -> Self:
        """Make a Time from a wall clock reading and a monotonic one, both in ns."""
        seconds, nanos = divmod(wall, 1_000_000_000)
        self = cls.fromtimestamp(seconds, UTC).astimezone().replace(microsecond=nanos // 1000)
        self._mono = mono
        return self

    def __add__(self, d: timedelta, /) -> Self:
        moment = super().__add__(d)
        if self._mono is not None and moment is not NotImplemented:
            moment._mono = self._mono + d // timedelta(microseconds=1) * 1000
        return moment

    __radd__ = __add__

    def __sub__(self, other: Any, /) -> Any:
        if isinstance(other, timedelta):
            return self + -other
        if isinstance(other, Time) and self._mono is not None and other._mono is not None:
            return timedelta(microseconds=(self._mono - other._mono) / 1000)
        return super().__sub__(other)

    # A datetime can only be compared with datetimes; typeshed says the same.
    def __lt__(self, other: datetime, /) -> bool:  # type: ignore[override]
        order = self._monotonic_order(other)
        return super().__lt__(other) if order is None else order < 0

    def __le__(self, other: datetime, /) -> bool:  # type: ignore[override]
        order = self._monotonic_order(other)
        return super().__le__(other) if order is None else order <= 0

    def __gt__(self, other: datetime, /) -> bool:  # type: ignore[override]
        order = self._monotonic_order(other)
        return super().__gt__(other) if order is None else order > 0

    def __ge__(self, other: datetime, /) -> bool:  # type: ignore[override]
        order = self._monotonic_order(other)
        return super().__ge__(other) if order is None else order >= 0

    # Both clocks count, as with Go's ==: equal Times must have equal hashes, and the hash is datetime's.
    def __eq__(self, other: object, /) -> bool:
        return False if self._monotonic_order(other) else super().__eq__(other)

    def __ne__(self, other: object, /) -> bool:
        return True if self._monotonic_order(other) else super().__ne__(other)

    __hash__ = datetime.__hash__

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def _monotonic_order(self, other: object) -> int | None:
        if isinstance(other, Time) and self._mono is not None and other._mono is not None:
            return self._mono - other._mono
        return None

    def monotonic(self) -> int | None:
        """Return the monotonic reading, in ns; None if there is none."""
        return self._mono


# The public module that exports it, for pickle.
Time.__module__ = "gochan.time"


def aware(d: datetime) -> datetime:
    """Return d with a time zone: local time if it has none."""
    if d.tzinfo is not None:
        return d
    try:
        return d.astimezone()
    except (OverflowError, ValueError):
        # On the first and last day that a datetime can represent, where a few hours make no difference.
        return d.replace(tzinfo=UTC)
