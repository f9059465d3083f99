"""Conversions to Go's signed integers: what ported code calls wherever arithmetic may leave its type.

They are here, and not with the rest of ported code's functions, so that they are also written in C.
"""

from __future__ import annotations


def to_int8(x: float, /) -> int:
    """Convert a number to int8, with wrap-around.

    Raises `TypeError` if x is not an int or a float.

    >>> to_int8(128)
    -128
    """
    return (_whole("to_int8", x) + 0x80 & 0xFF) - 0x80


def to_int16(x: float, /) -> int:
    """Convert a number to int16, with wrap-around.

    Raises `TypeError` if x is not an int or a float.
    """
    return (_whole("to_int16", x) + 0x8000 & 0xFFFF) - 0x8000


def to_int32(x: float, /) -> int:
    """Convert a number to int32, with wrap-around.

    Raises `TypeError` if x is not an int or a float.
    """
    return (_whole("to_int32", x) + 0x80000000 & 0xFFFFFFFF) - 0x80000000


def to_int64(x: float, /) -> int:
    """Convert a number to int64, with wrap-around.

    A float is cut toward zero; one that no int64 holds gives the least int64, as on amd64.

    Raises `TypeError` if x is not an int or a float.

    >>> to_int64(1 << 63), to_int64(-2.5)
    (-9223372036854775808, -2)
    """
    if x.__class__ is int and -0x8000000000000000 <= x <= 0x7FFFFFFFFFFFFFFF:
        return x
    return (_whole("to_int64", x) + 0x8000000000000000 & 0xFFFFFFFFFFFFFFFF) - 0x8000000000000000


def _whole(call: str, x: float) -> int:
    if isinstance(x, float):
        return int(x) if -9223372036854775808.0 <= x < 9223372036854775808.0 else -0x8000000000000000
    if isinstance(x, int):
        return int(x)
    raise TypeError(f"{call}: {x!r} is not an int or a float")
