"""Durations: numbers of seconds, or timedeltas; ported code also has a class of nanoseconds."""

from __future__ import annotations

from datetime import timedelta
from math import inf


class Nanoseconds(int):
    """A duration in nanoseconds.  Ported code's `Duration` is one, so that it needs no conversion."""

    __slots__ = ()


def seconds(call: str, d: object) -> float:
    """Convert d, a duration that `call` was given, to seconds: a number of seconds, or a timedelta.

    Of a subclass, the methods of the base are called, and the result is a plain float: the engine compares it
    in its steps, where no code of the user's may run.
    """
    if isinstance(d, float):
        return float.__float__(d)
    if isinstance(d, int) and not isinstance(d, bool):
        n = int.__int__(d)
        try:
            return n / (1e9 if isinstance(d, Nanoseconds) else 1.0)
        except OverflowError:
            return inf if n > 0 else -inf
    if isinstance(d, timedelta):
        return timedelta.total_seconds(d)
    raise TypeError(f"{call}: {d!r} is not a duration; give seconds as a number, or a timedelta")
