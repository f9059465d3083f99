"""Checks of arguments that several packages take: ints and times.  Durations are in seconds.py."""

from __future__ import annotations

from datetime import datetime


def check_int(call: str, what: str, n: object, least: int | None = None) -> int:
    """Return n, an int that `call` was given as its `what`; `least` is the lowest that it takes.

    Raises `TypeError` if n is not an int, or is a bool, `ValueError` if it is below `least`.
    """
    if not isinstance(n, int) or isinstance(n, bool):
        raise TypeError(f"{call}: {n!r} is not a {what}; give an int")
    if least is not None and n < least:
        raise ValueError(f"{call}: the {what} {n} is below {least}; give {least} or more")
    return n


def check_datetime(call: str, t: object) -> datetime:
    """Return t, a datetime that `call` was given.  Raises `TypeError` if it is not one."""
    if not isinstance(t, datetime):
        raise TypeError(f"{call}: {t!r} is not a datetime; give one such as time.now()")
    return t
