"""Integers and floats as Go computes them: conversions that wrap, division that truncates, shifts."""

from __future__ import annotations

import cmath
import math
from struct import pack, unpack

from gochan._engine.impl import to_int8, to_int16, to_int32, to_int64

from ._panics import GoError

__all__ = [
    "cdiv",
    "fdiv",
    "quo",
    "rem",
    "shl",
    "shr",
    "to_complex64",
    "to_float",
    "to_float32",
    "to_int",
    "to_int8",
    "to_int16",
    "to_int32",
    "to_int64",
    "to_uint",
    "to_uint8",
    "to_uint16",
    "to_uint32",
    "to_uint64",
    "to_uintptr",
]

to_int = to_int64


def to_uint8(x: float) -> int:
    """Convert a number to uint8, with wrap-around."""
    if x.__class__ is int:
        return x & 0xFF
    return to_int64(x) & 0xFF


def to_uint16(x: float) -> int:
    """Convert a number to uint16, with wrap-around."""
    return to_int64(x) & 0xFFFF


def to_uint32(x: float) -> int:
    """Convert a number to uint32, with wrap-around."""
    if x.__class__ is int:
        return x & 0xFFFFFFFF
    return to_int64(x) & 0xFFFFFFFF


def to_uint64(x: float) -> int:
    """Convert a number to uint64, with wrap-around.

    >>> to_uint64(-1)
    18446744073709551615
    """
    if x.__class__ is int:
        return x & 0xFFFFFFFFFFFFFFFF
    if isinstance(x, float):
        return _float_to_uint64(x)
    return int(x) & 0xFFFFFFFFFFFFFFFF


to_uint = to_uint64
to_uintptr = to_uint64


def _float_to_uint64(x: float) -> int:
    if x < 9223372036854775808.0:
        return to_int64(x) & 0xFFFFFFFFFFFFFFFF
    return (to_int64(x - 9223372036854775808.0) & 0xFFFFFFFFFFFFFFFF) ^ 0x8000000000000000


def to_float32(x: float) -> float:
    """Round a number to float32.

    >>> to_float32(0.1)
    0.10000000149011612
    """
    try:
        return unpack("f", pack("f", x))[0]  # type: ignore[no-any-return]
    except OverflowError:
        return math.inf if x > 0 else -math.inf


def to_complex64(z: complex) -> complex:
    """Round both parts of a complex number to float32."""
    return complex(to_float32(z.real), to_float32(z.imag))


def to_float(x: float) -> float:
    """Convert a number to float64."""
    return float(x)


def quo(a: int, b: int) -> int:
    """Divide integers as Go does: the quotient is cut towards zero.

    >>> quo(-7, 2)
    -3
    """
    if b > 0 <= a:
        return a // b
    # The negative of a time.Duration wraps around.
    a, b = int(a), int(b)
    if b > 0:
        return -(-a // b)
    if a >= 0:
        return -(a // -b)
    q = -a // -b
    return q if q < 0x8000000000000000 else -q


def rem(a: int, b: int) -> int:
    """Return the remainder of Go's division, which has the sign of a.

    >>> rem(-7, 2)
    -1
    """
    if b > 0 <= a:
        return a % b
    # The negative of a time.Duration wraps around.
    a, b = int(a), abs(int(b))
    return a % b if a >= 0 else -(-a % b)


def fdiv(a: float, b: float) -> float:
    """Divide floats as Go does: by zero it is an infinity, or NaN.

    >>> fdiv(-1.0, 0.0)
    -inf
    """
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0 or math.isnan(a):
            return math.nan
        return math.copysign(math.inf, a) * math.copysign(1.0, b)


def cdiv(a: complex, b: complex) -> complex:
    """Divide complex numbers as Go does."""
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0 or cmath.isnan(a):
            return complex(math.nan, math.nan)
        return complex(_inf_of(a.real), _inf_of(a.imag))


def _inf_of(x: float) -> float:
    return math.nan if x == 0 or math.isnan(x) else math.copysign(math.inf, x)


def shl(x: int, n: int) -> int:
    """Shift to the left; a negative count panics.  The result is not wrapped.

    >>> shl(1, 10)
    1024
    """
    if n >= 64:
        # All bits are shifted out of every type.
        return 0
    if n < 0:
        raise GoError("negative shift amount")
    return x << n


def shr(x: int, n: int) -> int:
    """Shift to the right, with the sign; a negative count panics.

    >>> shr(-5, 100)
    -1
    """
    if n < 0:
        raise GoError("negative shift amount")
    return x >> n
