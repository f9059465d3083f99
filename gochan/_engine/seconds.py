"""Durations: numbers of seconds, or timedeltas."""

from __future__ import annotations

from datetime import timedelta
from math import inf


def seconds(what: str, d: object) -> float:
    """Convert a duration, a number of seconds or a timedelta, to seconds; `what` is the call."""
    if isinstance(d, float):
        return d
    if isinstance(d, int) and not isinstance(d, bool):
        try:
            return float(d)
        except OverflowError:
            return inf if d > 0 else -inf
    if isinstance(d, timedelta):
        return d.total_seconds()
    raise TypeError(f"{what}: {d!r} is not a duration; give seconds as a number, or a timedelta")
