"""Checks of arguments that several packages take: ints and times.  Durations are in seconds.py."""

from __future__ import annotations

from datetime import datetime
from operator import index


def check_int(call: str, what: str, n: object, least: int | None = None, most: int | None = None) -> int:
    """Return n, an int that `call` was given as its `what`, from `least` to `most`.

    The result is an int itself, also if n is of a subclass, whose methods may do anything.

    Raises `TypeError` if n is not an int, or is a bool, `ValueError` if it is out of range.
    """
    if not isinstance(n, int) or isinstance(n, bool):
        raise TypeError(f"{call}: {n!r} is not a {what}; give an int")
    number = index(n)
    if most is not None and least is not None and not least <= number <= most:
        raise ValueError(f"{call}: the {what} {number} is out of range; give {least} to {most}")
    if least is not None and number < least:
        raise ValueError(f"{call}: the {what} {number} is below {least}; give {least} or more")
    return number


def check_datetime(call: str, t: object) -> datetime:
    """Return t, a datetime that `call` was given.  Raises `TypeError` if it is not one."""
    if not isinstance(t, datetime):
        raise TypeError(f"{call}: {t!r} is not a datetime; give one such as time.now()")
    return t
