"""Floats as text, as Go's strconv writes them."""

from __future__ import annotations

import math

from ._integers import to_float32


def digits_of(x: float, prec: int, bits: int = 64) -> tuple[str, int]:
    """Return the decimal digits of a positive float, without zeros at the end, and where its point is.

    With prec < 0 they are the fewest that identify the float, else at most prec digits.  The point is so many
    digits to the right of the first digit's left: x is 0.digits * 10**point.
    """
    if x == 0:
        return "", 0
    if prec >= 0:
        text = f"{x:.{max(prec - 1, 0)}e}"
    elif bits == 32:
        text = _shortest32(x)
    else:
        text = repr(x)
        if "e" not in text:
            whole, _, fraction = text.partition(".")
            digits = (whole + fraction).lstrip("0")
            point = len(whole) if whole != "0" else len(digits) - len(fraction)
            return digits.rstrip("0"), point
    mantissa, _, exponent = text.partition("e")
    return mantissa.replace(".", "").rstrip("0"), int(exponent) + 1


def _shortest32(x: float) -> str:
    for n in range(9):
        text = f"{x:.{n}e}"
        if to_float32(float(text)) == x:
            return text
    return f"{x:.9e}"


def format_float(x: float, verb: str, prec: int = -1, bits: int = 64) -> str:
    """Format a float: Go's strconv.FormatFloat.

    >>> format_float(1e21, "g"), format_float(2.5, "e", 3)
    ('1e+21', '2.500e+00')
    """
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "+Inf" if x > 0 else "-Inf"
    sign = "-" if math.copysign(1.0, x) < 0 else ""
    x = abs(x)
    if verb == "b":
        return sign + _binary(x, bits)
    if verb in "xX":
        text = _hex(x, prec, bits)
        return sign + (text.upper() if verb == "X" else text)
    if verb in "eE":
        text = _exponent(*digits_of(x, -1, bits)) if prec < 0 else f"{x:.{prec}e}"
    elif verb in "fF":
        text = _plain(*digits_of(x, -1, bits)) if prec < 0 else f"{x:.{prec}f}"
    elif verb in "gG":
        text = _general(x, prec, bits)
    else:
        return "%" + verb
    return sign + (text.upper() if verb in "EG" else text)


def _general(x: float, prec: int, bits: int) -> str:
    if prec == 0:
        prec = 1
    digits, point = digits_of(x, prec, bits)
    n = len(digits)
    least = prec
    if prec > n >= point:
        least = n
    if prec < 0:
        least = 6
    exponent = point - 1
    if x != 0 and (exponent < -4 or exponent >= least):
        return _exponent(digits, point)
    return _plain(digits, point)


def _exponent(digits: str, point: int) -> str:
    exponent = point - 1 if digits else 0
    digits = digits or "0"
    fraction = "." + digits[1:] if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _plain(digits: str, point: int) -> str:
    if not digits:
        return "0"
    if point <= 0:
        return "0." + "0" * -point + digits
    if point >= len(digits):
        return digits + "0" * (point - len(digits))
    return digits[:point] + "." + digits[point:]


def _parts(x: float, bits: int) -> tuple[int, int]:
    """Return the integer mantissa and exponent of a float's own format."""
    width, least = (24, -149) if bits == 32 else (53, -1074)
    if x == 0:
        return 0, least
    fraction, exponent = math.frexp(x)
    exponent = max(exponent - width, least)
    return int(math.ldexp(fraction, math.frexp(x)[1] - exponent)), exponent


def _binary(x: float, bits: int) -> str:
    mantissa, exponent = _parts(x, bits)
    return f"{mantissa}p{'+' if exponent >= 0 else '-'}{abs(exponent)}"


def _hex(x: float, prec: int, bits: int) -> str:
    if x == 0:
        fraction = "." + "0" * prec if prec > 0 else ""
        return f"0x0{fraction}p+00"
    mantissa, exponent = math.frexp(x)
    # One binary digit before the point, 60 after it.
    m = int(math.ldexp(mantissa, 61))
    exponent -= 1
    if 0 <= prec < 15:
        drop = 60 - 4 * prec
        half = 1 << (drop - 1)
        rest = m & ((1 << drop) - 1)
        m >>= drop
        if rest > half or (rest == half and m & 1):
            m += 1
        m <<= drop
        if m >> 61:
            m >>= 1
            exponent += 1
    digits = f"{m & ((1 << 60) - 1):015x}"
    digits = digits.rstrip("0") if prec < 0 else digits[:prec].ljust(prec, "0")
    point = "." if digits else ""
    return f"0x{m >> 60}{point}{digits}p{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
