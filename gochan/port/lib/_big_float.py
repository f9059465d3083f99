"""Float of Go's package math/big: binary numbers of any precision, by Python's Fraction."""

from __future__ import annotations

import builtins
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ._big_rat import Rat, read_decimal
from ._common import new_error
from ._decimals import Digits, of_binary
from ._panics import GoPanic
from ._types import INT8, nil

if TYPE_CHECKING:
    from .big import Int


class Accuracy(int):
    """Whether a rounded number is below the exact one, that, or above: Go's big.Accuracy."""

    __slots__ = ()
    __go_name__ = "big.Accuracy"
    __go_under__ = INT8

    def string(self) -> str:
        return {-1: "Below", 0: "Exact", 1: "Above"}.get(self, f"Accuracy({int(self)})")

    __str__ = string


BELOW: Final = Accuracy(-1)
EXACT: Final = Accuracy(0)
ABOVE: Final = Accuracy(1)


def accuracy(got: Fraction | float, exact: Fraction | int) -> Accuracy:
    """Return how a rounded number compares to the exact one."""
    return Accuracy((got > exact) - (got < exact))


def nearest(q: Fraction, prec: int) -> Fraction:
    """Return the number of prec bits that is nearest to q, the even one of two."""
    n, d = abs(q.numerator), q.denominator
    e = n.bit_length() - d.bit_length() - prec
    while True:
        whole, rest = divmod(n << max(-e, 0), d << max(e, 0))
        if whole.bit_length() == prec:
            break
        e += 1 if whole.bit_length() > prec else -1
    double = rest * 2 - (d << max(e, 0))
    if double > 0 or (double == 0 and whole & 1):
        whole += 1
    made = Fraction(whole << max(e, 0), 1 << max(-e, 0))
    return -made if q < 0 else made


class Float:
    """Go's big.Float, rounded to the nearest even number."""

    __slots__ = ("_inf", "_neg", "_prec", "_q")
    __go_name__ = "big.Float"

    def __init__(self) -> None:
        self._q = Fraction(0)  # without a sign
        self._neg = self._inf = False
        self._prec = 0

    def __go_copy__(self) -> Float:
        return Float().copy(self)

    def _be(self, q: Fraction, *, neg: bool = False) -> Float:
        """Store a number, rounded; neg: the sign of zero."""
        self._neg = q < 0 or (q == 0 and neg)
        self._q = nearest(abs(q), self._prec) if q else q
        self._inf = False
        return self

    def _be_inf(self, neg: bool) -> Float:
        self._q, self._neg, self._inf = Fraction(0), neg, True
        return self

    def _value(self) -> Fraction:
        return -self._q if self._neg else self._q

    def _infinity(self) -> float:
        """Return the number, if it is infinite, or any other of its sign."""
        return (-1.0 if self._neg else 1.0) * (math.inf if self._inf else 1.0)

    # --- setting ------------------------------------------------------------------------------------------

    def set(self, x: Float) -> Float:
        self._prec = self._prec or x._prec
        return self._be_inf(x._neg) if x._inf else self._be(x._value(), neg=x._neg)

    def copy(self, x: Float) -> Float:
        self._q, self._neg, self._inf, self._prec = x._q, x._neg, x._inf, x._prec
        return self

    def set_prec(self, prec: int) -> Float:
        if prec == 0:
            self._prec = 0
            self._q = Fraction(0)
            return self
        self._prec = prec
        return self if self._inf else self._be(self._value(), neg=self._neg)

    def set_float64(self, x: float) -> Float:
        self._prec = self._prec or 53
        if x != x:  # noqa: PLR0124
            raise GoPanic(new_error("Float.SetFloat64(NaN)"))
        if math.isinf(x):
            return self._be_inf(x < 0)
        return self._be(Fraction(x), neg=math.copysign(1, x) < 0)

    def set_int64(self, x: int) -> Float:
        self._prec = self._prec or 64
        return self._be(Fraction(x))

    set_uint64 = set_int64

    def set_int(self, x: Int) -> Float:
        self._prec = self._prec or max(x._n.bit_length(), 64)
        return self._be(Fraction(x._n))

    def set_rat(self, x: Rat) -> Float:
        q = x._q
        self._prec = self._prec or max(q.numerator.bit_length(), q.denominator.bit_length(), 64)
        return self._be(q)

    def set_inf(self, signbit: bool) -> Float:
        return self._be_inf(signbit)

    def set_string(self, s: str) -> tuple[Float, bool]:
        self._prec = self._prec or 64
        if s in ("Inf", "+Inf", "-Inf", "inf", "+inf", "-inf"):
            return self._be_inf(s[0] == "-"), True
        q = read_decimal(s)
        return (nil, False) if q is None else (self._be(q, neg=s[0] == "-"), True)

    # --- arithmetic ---------------------------------------------------------------------------------------

    def _for(self, x: Float, y: Float) -> None:
        self._prec = self._prec or max(x._prec, y._prec)

    def _sum(self, x: Float, y: Float, y_neg: bool, what: str) -> Float:
        self._for(x, y)
        if x._inf or y._inf:
            if x._inf and y._inf and x._neg != y_neg:
                raise GoPanic(
                    new_error(f"{what} of infinities with {'opposite' if what[0] == 'a' else 'equal'} signs")
                )
            return self._be_inf(x._neg if x._inf else y_neg)
        return self._be(x._value() + (-y._q if y_neg else y._q), neg=x._neg and y_neg)

    def add(self, x: Float, y: Float) -> Float:
        return self._sum(x, y, y._neg, "addition")

    def sub(self, x: Float, y: Float) -> Float:
        return self._sum(x, y, not y._neg, "subtraction")

    def mul(self, x: Float, y: Float) -> Float:
        self._for(x, y)
        neg = x._neg != y._neg
        if x._inf or y._inf:
            if not (x._inf or x._q) or not (y._inf or y._q):
                raise GoPanic(new_error("multiplication of zero with infinity"))
            return self._be_inf(neg)
        return self._be(x._value() * y._value(), neg=neg)

    def quo(self, x: Float, y: Float) -> Float:
        self._for(x, y)
        neg = x._neg != y._neg
        if (x._inf and y._inf) or not (x._inf or x._q or y._inf or y._q):
            raise GoPanic(new_error("division of zero by zero or infinity by infinity"))
        if x._inf or not (y._inf or y._q):
            return self._be_inf(neg)
        return self._be(Fraction(0) if y._inf else x._value() / y._value(), neg=neg)

    def neg(self, x: Float) -> Float:
        self.set(x)
        self._neg = not self._neg
        return self

    def abs(self, x: Float) -> Float:
        self.set(x)
        self._neg = False
        return self

    def sqrt(self, x: Float) -> Float:
        self._prec = self._prec or x._prec
        if x._neg and (x._q or x._inf):
            raise GoPanic(new_error("square root of negative operand"))
        if x._inf:
            return self._be_inf(False)
        # The root of n/d is that of n*d, divided by d; a bit below the last one says whether it is exact.
        n, d = x._q.numerator, x._q.denominator
        shift = self._prec + 32 + d.bit_length()
        square = n * d << 2 * shift
        root = math.isqrt(square)
        exact = root * root == square
        return self._be(Fraction((root << 1) + (not exact), d << (shift + 1)), neg=x._neg)

    # --- asking -------------------------------------------------------------------------------------------

    def cmp(self, y: Float) -> int:
        if self._inf or y._inf:
            a, b = self._infinity(), y._infinity()
            return (a > b) - (a < b)
        return (self._value() > y._value()) - (self._value() < y._value())

    def sign(self) -> int:
        return (-1 if self._neg else 1) if self._inf or self._q else 0

    def signbit(self) -> bool:
        return self._neg

    def is_inf(self) -> bool:
        return self._inf

    def is_int(self) -> bool:
        return not self._inf and self._q.denominator == 1

    def prec(self) -> int:
        return self._prec

    def min_prec(self) -> int:
        n = self._q.numerator
        return max(n, self._q.denominator).bit_length() - (n & -n).bit_length() + 1 if n else 0

    def float64(self) -> tuple[float, Accuracy]:
        if self._inf:
            return self._infinity(), EXACT
        try:
            f = math.copysign(float(self._q), -1 if self._neg else 1)
        except OverflowError:
            f = math.copysign(math.inf, -1 if self._neg else 1)
        return f, accuracy(f, self._value())

    def int64(self) -> tuple[int, Accuracy]:
        whole = self._between(-(1 << 63), (1 << 63) - 1)
        return whole, self._rounded_to(whole)

    def uint64(self) -> tuple[int, Accuracy]:
        whole = self._between(0, (1 << 64) - 1)
        return whole, self._rounded_to(whole)

    def _between(self, least: int, most: int) -> int:
        if self._inf:
            return least if self._neg else most
        return min(max(math.trunc(self._value()), least), most)

    def _rounded_to(self, whole: int) -> Accuracy:
        return ABOVE if self._inf and self._neg else BELOW if self._inf else accuracy(whole, self._value())

    def int(self, z: Any) -> tuple[Int, Accuracy]:
        from .big import Int

        if self._inf:
            return nil, self._rounded_to(0)
        made = (Int() if z is None else z)._be(math.trunc(self._value()))
        return made, accuracy(made._n, self._value())

    def rat(self, z: Any) -> tuple[Rat, Accuracy]:
        if self._inf:
            return nil, self._rounded_to(0)
        return (Rat() if z is None else z)._be(self._value()), EXACT

    # --- text ---------------------------------------------------------------------------------------------

    def text(self, fmt: builtins.int, prec: builtins.int) -> str:
        sign = "-" if self._neg else "+" if self._inf else ""
        return sign + ("Inf" if self._inf else self._digits().format(chr(fmt), prec))

    def _digits(self) -> Digits:
        return of_binary(self._q, self._prec)

    def string(self) -> str:
        return self.text(ord("g"), 10)

    def __str__(self) -> str:
        return self.string()

    def format(self, state: Any, verb: builtins.int) -> None:
        """Write the number for one of fmt's verbs."""
        letter = {"v": "g", "F": "f"}.get(chr(verb), chr(verb))
        if letter not in "eEfgG":
            state.write_string(f"%!{chr(verb)}(*big.Float={self.string()})")
            return
        precision, given = state.precision()
        text = self.text(ord(letter), precision if given else -1 if letter in "gG" else 6)
        sign = ""
        if text[0] in "+-":
            sign, text = text[0], text[1:]
            if sign == "+" and state.flag(0x20):
                sign = " "
        elif state.flag(0x2B) or state.flag(0x20):
            sign = "+" if state.flag(0x2B) else " "
        width, wide = state.width()
        room = width - len(sign + text) if wide else 0
        if state.flag(0x30) and not self._inf:
            state.write_string(sign + "0" * room + text)
        elif state.flag(0x2D):
            state.write_string(sign + text + " " * room)
        else:
            state.write_string(" " * room + sign + text)


def new_float(x: float) -> Float:
    if x != x:  # noqa: PLR0124
        raise GoPanic(new_error("NewFloat(NaN)"))
    return Float().set_float64(x)
