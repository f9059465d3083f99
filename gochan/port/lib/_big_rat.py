"""Rat of Go's package math/big, by Python's Fraction."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ._common import byte_slice, bytes_of, decode, new_error
from ._panics import GoPanic
from ._quote import quote
from ._types import error, nil

if TYPE_CHECKING:
    from ._slices import Slice
    from .big import Int

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_QUOTIENT = re.compile(r"([+-]?\d+)/(\d+)")
_DEEPEST = 5000  # digits: the largest exponent that is read, since the number is computed in full


def read_decimal(s: str) -> Fraction | None:
    """Return a number in decimal notation, such as "-1.5e3"; None if it is none, or has a huge exponent."""
    found = _DECIMAL.fullmatch(s)
    if found is None or not s.isascii():
        return None
    if found[2] and abs(int(found[2][1:])) > _DEEPEST:
        return None
    return Fraction(s)


class Rat:
    """Go's big.Rat."""

    __slots__ = ("_q",)
    __go_name__ = "big.Rat"

    def __init__(self) -> None:
        self._q = Fraction(0)

    def __go_copy__(self) -> Rat:
        return Rat()._be(self._q)

    def _be(self, q: Fraction) -> Rat:
        self._q = q
        return self

    # --- setting ------------------------------------------------------------------------------------------

    def set(self, x: Rat) -> Rat:
        return self._be(x._q)

    def set_int(self, x: Int) -> Rat:
        return self._be(Fraction(x._n))

    def set_int64(self, x: int) -> Rat:
        return self._be(Fraction(x))

    def set_uint64(self, x: int) -> Rat:
        return self._be(Fraction(x))

    def set_frac(self, a: Int, b: Int) -> Rat:
        return self._be(_quotient(a._n, b._n))

    def set_frac64(self, a: int, b: int) -> Rat:
        return self._be(_quotient(a, b))

    def set_float64(self, f: float) -> Rat:
        return self._be(Fraction(f)) if math.isfinite(f) else nil

    def set_string(self, s: str) -> tuple[Rat, bool]:
        parts = _QUOTIENT.fullmatch(s)
        if parts is not None and s.isascii():
            q = Fraction(int(parts[1]), int(parts[2])) if int(parts[2]) else None
        else:
            q = read_decimal(s)
        return (nil, False) if q is None else (self._be(q), True)

    # --- arithmetic ---------------------------------------------------------------------------------------

    def add(self, x: Rat, y: Rat) -> Rat:
        return self._be(x._q + y._q)

    def sub(self, x: Rat, y: Rat) -> Rat:
        return self._be(x._q - y._q)

    def mul(self, x: Rat, y: Rat) -> Rat:
        return self._be(x._q * y._q)

    def quo(self, x: Rat, y: Rat) -> Rat:
        return self._be(_quotient(x._q, y._q))

    def inv(self, x: Rat) -> Rat:
        return self._be(_quotient(1, x._q))

    def neg(self, x: Rat) -> Rat:
        return self._be(-x._q)

    def abs(self, x: Rat) -> Rat:
        return self._be(abs(x._q))

    # --- asking -------------------------------------------------------------------------------------------

    def cmp(self, y: Rat) -> int:
        return (self._q > y._q) - (self._q < y._q)

    def sign(self) -> int:
        return (self._q > 0) - (self._q < 0)

    def is_int(self) -> bool:
        return self._q.denominator == 1

    def num(self) -> Int:
        from .big import new_int

        return new_int(self._q.numerator)

    def denom(self) -> Int:
        from .big import new_int

        return new_int(self._q.denominator)

    def float64(self) -> tuple[float, bool]:
        """Return the nearest float, and whether it is the number."""
        try:
            f = float(self._q)
        except OverflowError:
            return math.copysign(math.inf, self._q), False
        return f, Fraction(f) == self._q

    # --- text ---------------------------------------------------------------------------------------------

    def string(self) -> str:
        return f"{self._q.numerator}/{self._q.denominator}"

    __str__ = string

    def rat_string(self) -> str:
        return str(self._q)

    def float_string(self, prec: int) -> str:
        """Return the number with prec digits after the point; halves are rounded away from zero."""
        if self.is_int() and prec <= 0:
            return str(self._q.numerator)
        prec = max(prec, 0)
        scaled = abs(self._q) * 10**prec
        digits = str(math.floor(scaled + Fraction(1, 2))).rjust(prec + 1, "0")
        sign = "-" if self._q < 0 else ""
        return f"{sign}{digits[:-prec]}.{digits[-prec:]}" if prec else sign + digits

    def marshal_text(self) -> tuple[Slice[int], error]:
        return byte_slice(self.rat_string().encode()), None

    def unmarshal_text(self, text: Any) -> error:
        shown = decode(bytes_of(text))
        if self.set_string(shown)[1]:
            return None
        return new_error(f"math/big: cannot unmarshal {quote(shown)} into a *big.Rat")


def _quotient(a: int | Fraction, b: int | Fraction) -> Fraction:
    if b == 0:
        raise GoPanic("division by zero")
    return Fraction(a, b)


def new_rat(a: int, b: int) -> Rat:
    return Rat().set_frac64(a, b)
