"""Binary numbers in decimal: with all digits, or as few as tell them apart. As math/big's ftoa.go does it."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple


class Digits(NamedTuple):
    """A number 0.DIGITS times ten to the power of exp.

    `low` and `high`: the bounds of what is read as this number; `even`: whether they are read so, too.
    """

    digits: str  # without zeros at the end
    exp: int
    low: str = ""
    high: str = ""
    even: bool = False

    def format(self, fmt: str, prec: int) -> str:
        """Return the number in the format e, E, f, g or G; with as many digits as needed, if prec < 0."""
        d, exp = self.digits, self.exp
        shortest = prec < 0
        if shortest:
            d, exp = self._shortest()
            prec = {"e": len(d) - 1, "f": max(len(d) - exp, 0)}.get(fmt.lower(), len(d))
        elif fmt in "gG":
            prec = max(prec, 1)
            d, exp = _rounded(d, exp, prec)
        else:
            d, exp = _rounded(d, exp, exp + prec if fmt == "f" else 1 + prec)
        if fmt == "f":
            return _fixed(d, exp, prec)
        if fmt in "eE":
            return _scientific(d, exp, prec, fmt)
        limit = 6 if shortest else len(d) if prec > len(d) >= exp else prec
        if exp - 1 < -4 or exp - 1 >= limit:
            return _scientific(d, exp, min(prec, len(d)) - 1, "e" if fmt == "g" else "E")
        return _fixed(d, exp, max((len(d) if prec > exp else prec) - exp, 0))

    def _shortest(self) -> tuple[str, int]:
        for i, m in enumerate(self.digits):
            low, high = self.low[i : i + 1] or "0", self.high[i : i + 1] or "0"
            down = low != m or (self.even and i + 1 == len(self.low))
            up = m != high and (self.even or int(m) + 1 < int(high) or i + 1 < len(self.high))
            if down and up:
                return _rounded(self.digits, self.exp, i + 1)
            if down:
                return self.digits[: i + 1].rstrip("0"), self.exp
            if up:
                return _rounded_up(self.digits, self.exp, i + 1)
        return self.digits, self.exp


def of_binary(q: Fraction, prec: int) -> Digits:
    """Return the digits of a number of prec bits that is not negative."""
    if not q:
        return Digits("", 0)
    n, d = q.numerator, q.denominator
    # The last of prec + 1 bits is half a unit in the last place.
    half = n.bit_length() - d.bit_length() - prec
    mantissa = (n << max(-half, 0)) // (d << max(half, 0))
    if mantissa.bit_length() > prec + 1:
        half += 1
        mantissa >>= 1
    unit = Fraction(1 << max(half, 0), 1 << max(-half, 0))
    digits, exp = _decimal(q)
    low, high = _decimal(q - unit)[0], _decimal(q + unit)[0]
    return Digits(digits, exp, low, high, mantissa & 2 == 0)


def _decimal(q: Fraction) -> tuple[str, int]:
    """Return all digits of a number whose denominator is a power of two, and its exponent of ten."""
    places = q.denominator.bit_length() - 1
    text = str(q.numerator * 5**places)
    return text.rstrip("0"), len(text) - places if q else 0


def _rounded(d: str, exp: int, n: int) -> tuple[str, int]:
    """Round to n digits; half to even."""
    if n < 0 or n >= len(d):
        return ("", 0) if n < 0 else (d, exp)
    rest = d[n:]
    half = rest == "5"
    if (half and n > 0 and int(d[n - 1]) % 2) or (not half and rest[0] >= "5"):
        return _rounded_up(d, exp, n)
    kept = d[:n].rstrip("0")
    return (kept, exp) if kept else ("", 0)


def _rounded_up(d: str, exp: int, n: int) -> tuple[str, int]:
    kept = d[:n].rstrip("9")
    if not kept:
        return "1", exp + 1
    return kept[:-1] + str(int(kept[-1]) + 1), exp


def _fixed(d: str, exp: int, prec: int) -> str:
    whole = d[: max(exp, 0)].ljust(exp, "0") or "0"
    if prec <= 0:
        return whole
    places = ("0" * -exp + d if exp < 0 else d[exp:]).ljust(prec, "0")
    return f"{whole}.{places[:prec]}"


def _scientific(d: str, exp: int, prec: int, letter: str) -> str:
    first = d[:1] or "0"
    places = d[1 : 1 + prec].ljust(prec, "0") if prec > 0 else ""
    e = exp - 1 if d else 0
    return f"{first}{'.' if places else ''}{places}{letter}{'-' if e < 0 else '+'}{abs(e):02}"
