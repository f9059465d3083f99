"""A moment: a datetime that also carries a reading of the monotonic clock (Go's time.Time).

Not compiled: mypyc makes no class that inherits from datetime.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Self


class Time(datetime):
    """A moment, as `now` returns it: a datetime with its time zone, and a monotonic reading beside it.

    The difference of two moments, and their order, go by the monotonic clock when both carry a reading, so
    that a step of the wall clock does not change them.  A sum with a timedelta carries one on, and a copy
    does; any other moment made from this one is without, one that was pickled too.  Equal are two moments
    whose readings of both clocks are, or of the wall clock where one carries no other.  Answers to Go's
    time.Time.

    >>> from datetime import datetime, timedelta
    >>> from gochan import time
    >>> start = time.now()
    >>> isinstance(start, datetime), start + timedelta(seconds=1) > start
    (True, True)
    """

    _mono: int | None = None

    @classmethod
    def _at(cls, wall: int, mono: int) -> Self:
        """Make the moment of a wall clock reading and a monotonic one, both in nanoseconds."""
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

    # A datetime compares with datetimes alone, as typeshed has it too.
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

    # By both clocks, as with Go's ==: equal moments must have equal hashes, and those are datetime's own.
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
        """The monotonic reading in nanoseconds; None for a moment that carries none."""
        return self._mono


def aware(d: datetime) -> datetime:
    """Read a moment without a time zone as local time."""
    if d.tzinfo is not None:
        return d
    try:
        return d.astimezone()
    except (OverflowError, ValueError):
        # The first and the last day that a datetime can tell, where a few hours make no difference.
        return d.replace(tzinfo=UTC)
