"""Durations: numbers of seconds, or timedeltas; ported code also has a class of nanoseconds."""

from __future__ import annotations

from datetime import timedelta
from math import inf


class Nanoseconds(int):
    """A duration in nanoseconds.  Ported code's `Duration` is one, so that it needs no conversion."""

    __slots__ = ()


def seconds(what: str, d: object) -> float:
    """Convert a duration, a number of seconds or a timedelta, to seconds; `what` is the call."""
    if isinstance(d, float):
        return d
    if isinstance(d, int) and not isinstance(d, bool):
        try:
            return d / (1e9 if isinstance(d, Nanoseconds) else 1.0)
        except OverflowError:
            return inf if d > 0 else -inf
    if isinstance(d, timedelta):
        return d.total_seconds()
    raise TypeError(f"{what}: {d!r} is not a duration; give seconds as a number, or a timedelta")
