"""Integers, floats, strings and bytes by verb and flags (Go's fmt/format.go)."""

from __future__ import annotations

from .._floats import format_float
from .._quote import can_backquote, is_print, quote, quote_rune
from .._text import RUNE_ERROR, encode


class Flags:
    """The flags, the width and the precision of one verb; -1 stands for none."""

    __slots__ = ("minus", "plus", "plus_v", "prec", "sharp", "sharp_v", "space", "width", "zero")

    def __init__(self) -> None:
        self.minus = self.plus = self.sharp = self.space = self.zero = False
        self.plus_v = self.sharp_v = False
        self.width = -1
        self.prec = -1

    def clone(self) -> Flags:
        """Return a copy."""
        made = Flags()
        for name in self.__slots__:
            setattr(made, name, getattr(self, name))
        return made


def pad(f: Flags, s: str) -> str:
    """Fill s up to the width, on the left, or with the flag '-' on the right."""
    missing = f.width - len(s)
    if missing <= 0:
        return s
    if f.minus:
        return s + " " * missing
    return ("0" if f.zero else " ") * missing + s


def pad_spaces(f: Flags, s: str) -> str:
    """Fill s up to the width with spaces."""
    missing = f.width - len(s)
    if missing <= 0:
        return s
    return s + " " * missing if f.minus else " " * missing + s


_DIGITS = {2: "b", 8: "o", 10: "d", 16: "x"}


def fmt_integer(f: Flags, n: int, base: int, verb: str) -> str:
    """Format an integer with the verb's base."""
    negative = n < 0
    n = -n if negative else n
    prec = 0
    if f.prec >= 0:
        prec = f.prec
        if prec == 0 and n == 0:
            return " " * max(f.width, 0)
    elif f.zero and not f.minus and f.width >= 0:
        prec = f.width
        if negative or f.plus or f.space:
            prec -= 1
    digits = format(n, _DIGITS[base]).rjust(prec, "0")
    if f.sharp:
        if base == 2:
            digits = "0b" + digits
        elif base == 8 and digits[0] != "0":
            digits = "0" + digits
        elif base == 16:
            digits = "0x" + digits
    if verb == "O":
        digits = "0o" + digits
    elif verb == "X":
        digits = digits.upper()
    if negative:
        digits = "-" + digits
    elif f.plus:
        digits = "+" + digits
    elif f.space:
        digits = " " + digits
    return pad_spaces(f, digits)


def fmt_hex(f: Flags, n: int, leading: bool) -> str:
    """Format an unsigned number for %#v, with 0x if `leading`."""
    sharp = f.sharp
    f.sharp = leading
    text = fmt_integer(f, n, 16, "v")
    f.sharp = sharp
    return text


def fmt_unicode(f: Flags, n: int) -> str:
    """Format a code point: U+0061, and with '#' the character."""
    n &= 0xFFFFFFFFFFFFFFFF
    text = "U+" + format(n, "X").rjust(max(4, f.prec), "0")
    if f.sharp and n <= 0x10FFFF and is_print(chr(n)):
        text += f" '{chr(n)}'"
    return pad_spaces(f, text)


def rune(n: int) -> int:
    """Return n if it is a code point, else the replacement character."""
    return n if 0 <= n <= 0x10FFFF and not 0xD800 <= n <= 0xDFFF else RUNE_ERROR


def fmt_c(f: Flags, n: int) -> str:
    """Format a rune as a character."""
    return pad(f, chr(rune(n)))


def fmt_qc(f: Flags, n: int) -> str:
    """Format a rune in quotes."""
    return pad(f, quote_rune(rune(n), f.plus))


def truncate(f: Flags, s: str) -> str:
    """Cut s to the precision."""
    return s[: f.prec] if f.prec >= 0 else s


def fmt_s(f: Flags, s: str) -> str:
    """Format a string for %s."""
    return pad(f, truncate(f, s))


def fmt_q(f: Flags, s: str) -> str:
    """Format a string in quotes."""
    s = truncate(f, s)
    if f.sharp and can_backquote(s):
        return pad(f, f"`{s}`")
    return pad(f, quote(s, ascii_only=f.plus))


def fmt_sx(f: Flags, s: str | bytes, upper: bool) -> str:
    """Format bytes as hexadecimal digits."""
    data = encode(s) if isinstance(s, str) else s
    if f.prec >= 0:
        data = data[: f.prec]
    if not data:
        return (" " if not f.zero or f.minus else "0") * max(f.width, 0)
    if f.space:
        text = data.hex(" ")
        if f.sharp:
            text = "0x" + text.replace(" ", " 0x")
    else:
        text = ("0x" if f.sharp else "") + data.hex()
    return pad(f, text.upper() if upper else text)


def fmt_float(f: Flags, x: float, bits: int, verb: str, prec: int) -> str:
    """Format a float; prec is the precision where the flags have none."""
    if f.prec >= 0:
        prec = f.prec
    num = format_float(x, verb, prec, bits)
    if num[0] not in "+-":
        num = "+" + num
    if f.space and num[0] == "+" and not f.plus:
        num = " " + num[1:]
    if num[1] in "IN":
        if num[1] == "N" and not f.space and not f.plus:
            num = num[1:]
        return pad_spaces(f, num)
    if f.sharp and verb != "b":
        num = _with_point(num, verb, prec)
    if f.plus or num[0] != "+":
        if f.zero and not f.minus and f.width > len(num):
            return num[0] + "0" * (f.width - len(num)) + num[1:]
        return pad(f, num)
    return pad(f, num[1:])


def _with_point(num: str, verb: str, prec: int) -> str:
    """Add a decimal point, and zeros up to the precision, for the flag '#'."""
    digits = 0
    if verb in "vgGx":
        digits = 6 if prec == -1 else prec
    tail = ""
    point = False
    significant = False
    for i, c in enumerate(num[1:], 1):
        if c == ".":
            point = True
            continue
        if c in "pP" or (c in "eE" and verb not in "xX"):
            num, tail = num[:i], num[i:]
            break
        if c != "0":
            significant = True
        if significant:
            digits -= 1
    if not point:
        if len(num) == 2 and num[1] == "0":
            digits -= 1
        num += "."
    return num + "0" * max(digits, 0) + tail
