"""Checks of the setters' arguments: before anything is changed, and with the call's name in the error."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

from .._engine.seconds import seconds

__all__: list[str] = []

# The largest C int, and Linux's limit on the seconds between two probes.
MOST: Final = 2**31 - 1
LONGEST_PERIOD: Final = 32767
# Go's default for the idle time before keep-alive probes, and for the time between two, in seconds.
KEEP_ALIVE: Final = 15


def boolean(call: str, value: object) -> bool:
    """Return value; raise `TypeError` if it is not a bool."""
    if not isinstance(value, bool):
        raise TypeError(f"{call}: got {value!r} ({type(value).__name__}), want True or False")
    return value


def string(call: str, value: Any, such_as: str) -> str:
    """Return value; raise `TypeError`, which suggests `such_as`, if it is not a str."""
    if not isinstance(value, str):
        raise TypeError(f"{call}: {value!r} is not a str; give one such as {such_as!r}")
    return value


def deadline(call: str, t: object) -> datetime | None:
    """Return t; raise `TypeError` if it is neither a datetime nor None."""
    if t is not None and not isinstance(t, datetime):
        raise TypeError(
            f"{call}: {t!r} is not a datetime; give one such as time.now() + timedelta(seconds=5), or None"
        )
    return t


def keep_alive_period(call: str, d: float | timedelta, least: float = 0) -> int:
    """Return the seconds between two probes, rounded up as in Go; 15 for 0, a negative number for none.

    Raises `TypeError` if d is not a duration, `ValueError` if it is below least or above LONGEST_PERIOD.
    """
    period = seconds(call, d)
    # Also False for NaN.
    if not least <= period <= LONGEST_PERIOD:
        wanted = f"at most {LONGEST_PERIOD}" if least < 0 else f"{least} to {LONGEST_PERIOD}"
        raise ValueError(f"{call}: got {d!r}, want {wanted} seconds between two probes")
    return KEEP_ALIVE if period == 0 else ceil(period) if period > 0 else -1
