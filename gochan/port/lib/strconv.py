"""Go's package strconv."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from . import unicode
from ._common import Slice, append_bytes, char, decode, encode, new_error, panic, rune
from ._types import error as _error

__all__ = [
    "INT_SIZE",
    "ErrRange",
    "ErrSyntax",
    "NumError",
    "append_bool",
    "append_float",
    "append_int",
    "append_quote",
    "append_quote_rune",
    "append_quote_rune_to_ascii",
    "append_quote_rune_to_graphic",
    "append_quote_to_ascii",
    "append_quote_to_graphic",
    "append_uint",
    "atoi",
    "can_backquote",
    "format_bool",
    "format_complex",
    "format_float",
    "format_int",
    "format_uint",
    "is_graphic",
    "is_print",
    "itoa",
    "parse_bool",
    "parse_complex",
    "parse_float",
    "parse_int",
    "parse_uint",
    "quote",
    "quote_rune",
    "quote_rune_to_ascii",
    "quote_rune_to_graphic",
    "quote_to_ascii",
    "quote_to_graphic",
    "quoted_prefix",
    "unquote",
    "unquote_char",
]

INT_SIZE: Final = 64
ErrRange: Final = new_error("value out of range")
ErrSyntax: Final = new_error("invalid syntax")


class NumError:
    """Go's *strconv.NumError: what could not be converted, and why."""

    __slots__ = ("err", "func", "num")
    __go_name__ = "strconv.NumError"

    def __init__(self, func: str = "", num: str = "", err: _error = None) -> None:
        self.func = func
        self.num = num
        self.err = err

    def error(self) -> str:
        return f"strconv.{self.func}: parsing {quote(self.num)}: {self.err}"

    __str__ = error

    def unwrap(self) -> _error:
        return self.err


# --- integers ---------------------------------------------------------------------------------------------

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_DECIMAL: Final = re.compile(r"[+-]?[0-9]+", re.ASCII)


def atoi(s: str) -> tuple[int, _error]:
    if _DECIMAL.fullmatch(s):
        n = _int(s)
        if -0x8000000000000000 <= n <= 0x7FFFFFFFFFFFFFFF:
            return n, None
        n = 0x7FFFFFFFFFFFFFFF if n > 0 else -0x8000000000000000
        return n, NumError("Atoi", s, ErrRange)
    return 0, NumError("Atoi", s, ErrSyntax)


def _int(s: str) -> int:
    """Return the value of decimal digits; of more than Python converts, one that is out of range."""
    return int(s) if len(s) < 4000 else int(s[:1] + s[1:].lstrip("0")[:30].rjust(1, "0"))


def parse_uint(s: str, base: int, bit_size: int) -> tuple[int, _error]:
    n, reason = _parse_digits(s, base, bit_size, "ParseUint")
    return n, reason and NumError("ParseUint", s, reason)


def parse_int(s: str, base: int, bit_size: int) -> tuple[int, _error]:
    if not s:
        return 0, NumError("ParseInt", s, ErrSyntax)
    negative = s[0] == "-"
    digits = s[1:] if s[0] in "+-" else s
    n, reason = _parse_digits(digits, base, bit_size, "ParseInt")
    if reason is not None and reason is not ErrRange:
        return 0, NumError("ParseInt", s, reason)
    limit = 1 << ((bit_size or 64) - 1)
    if not negative and n >= limit:
        return limit - 1, NumError("ParseInt", s, ErrRange)
    if negative and n > limit:
        return -limit, NumError("ParseInt", s, ErrRange)
    return -n if negative else n, None


def _parse_digits(s: str, base: int, bit_size: int, func: str) -> tuple[int, _error]:
    """Return the value of an unsigned number, and what is wrong with it."""
    if not s:
        return 0, ErrSyntax
    digits = s.lower()
    base0 = base == 0
    if base0:
        base = 10
        if digits[0] == "0":
            prefix = {"0b": 2, "0o": 8, "0x": 16}.get(digits[:2]) if len(digits) >= 3 else None
            base, digits = (prefix, digits[2:]) if prefix else (8, digits[1:])
        if "_" in digits:
            if not _underscores_ok(s):
                # A digit that is wrong comes first, but is the same error.
                return 0, ErrSyntax
            digits = digits.replace("_", "")
    elif not 2 <= base <= 36:
        return 0, new_error(f"invalid base {base}")
    if bit_size == 0:
        bit_size = 64
    elif not 0 <= bit_size <= 64:
        return 0, new_error(f"invalid bit size {bit_size}")
    most = (1 << bit_size) - 1
    n = 0
    for c in digits:
        d = _DIGITS.find(c)
        if not 0 <= d < base:
            return 0, ErrSyntax
        n = n * base + d
        if n > most:
            return most, ErrRange
    return n, None


def _underscores_ok(s: str) -> bool:
    """Return whether underscores stand between digits, or after the prefix of a base, only."""
    s = s.lower().lstrip("+-") if s[:1] in "+-" else s.lower()
    before = "^"  # "0" a digit or prefix, "_" an underscore, "!" anything else
    at = 0
    hexadecimal = False
    if s[:2] in ("0b", "0o", "0x"):
        at = 2
        before = "0"
        hexadecimal = s[1] == "x"
    for c in s[at:]:
        if c.isdigit() or (hexadecimal and c in "abcdef"):
            before = "0"
        elif c == "_":
            if before != "0":
                return False
            before = "_"
        else:
            if before == "_":
                return False
            before = "!"
    return before != "_"


def format_uint(i: int, base: int) -> str:
    return format_int(i, base)


def format_int(i: int, base: int) -> str:
    if base == 10:
        return str(int(i))
    if not 2 <= base <= 36:
        panic("strconv: illegal AppendInt/FormatInt base")
    if base in (2, 8, 16):
        return format(int(i), {2: "b", 8: "o", 16: "x"}[base])
    digits = ""
    n = abs(i)
    while n or not digits:
        n, d = divmod(n, base)
        digits = _DIGITS[d] + digits
    return "-" + digits if i < 0 else digits


def itoa(i: int) -> str:
    return str(int(i))


# --- booleans ---------------------------------------------------------------------------------------------


def parse_bool(str: str) -> tuple[bool, _error]:
    if str in ("1", "t", "T", "true", "TRUE", "True"):
        return True, None
    if str in ("0", "f", "F", "false", "FALSE", "False"):
        return False, None
    return False, NumError("ParseBool", str, ErrSyntax)


def format_bool(b: bool) -> str:
    return "true" if b else "false"


# --- floats -----------------------------------------------------------------------------------------------

_FLOAT: Final = re.compile(
    r"[+-]?(?:0[xX](?P<hex>(?:[0-9a-fA-F_]+\.?[0-9a-fA-F_]*|\.[0-9a-fA-F_]+))[pP](?P<pow>[+-]?[0-9_]+)"
    r"|(?:[0-9_]+\.?[0-9_]*|\.[0-9_]+)(?:[eE][+-]?[0-9_]+)?)",
    re.ASCII,
)
_SPECIAL: Final = re.compile(r"(?P<sign>[+-]?)inf(?:inity)?|nan", re.IGNORECASE | re.ASCII)
_MAX_FLOAT32: Final = Fraction(0xFFFFFF << 104)


def parse_float(s: str, bit_size: int) -> tuple[float, _error]:
    n, size, err = _float_prefix(s, bit_size)
    if size != len(s) and (err is None or err.err is not ErrSyntax):
        return 0.0, NumError("ParseFloat", s, ErrSyntax)
    return n, err


def _float_prefix(s: str, bit_size: int) -> tuple[float, int, NumError | None]:
    """Return the number that s begins with, its number of characters, and the error."""
    special = _SPECIAL.match(s)
    if special:
        if special["sign"] is None:
            return math.nan, special.end(), None
        return (-math.inf if special["sign"] == "-" else math.inf), special.end(), None
    match = _FLOAT.match(s)
    if not match:
        return 0.0, 0, NumError("ParseFloat", s, ErrSyntax)
    text = match[0]
    if "_" in text:
        if not _underscores_ok(text):
            return 0.0, 0, NumError("ParseFloat", s, ErrSyntax)
        text = text.replace("_", "")
    if not any(c.isalnum() for c in text):
        return 0.0, 0, NumError("ParseFloat", s, ErrSyntax)
    try:
        n = float.fromhex(text) if match["hex"] else float(text)
    except OverflowError:
        n = -math.inf if text[0] == "-" else math.inf
    except ValueError:
        return 0.0, 0, NumError("ParseFloat", s, ErrSyntax)
    if bit_size == 32 and math.isfinite(n):
        n = _to_float32(text, n, bool(match["hex"]))
    if math.isinf(n):
        return n, len(match[0]), NumError("ParseFloat", s, ErrRange)
    return n, len(match[0]), None


def _to_float32(text: str, n: float, hexadecimal: bool) -> float:
    """Return the float32 that is nearest to a number, given its text and the float64 that is nearest."""
    if abs(n) > 3.5e38:
        return math.copysign(math.inf, n)
    if n == 0.0 or hexadecimal:
        try:
            return float(struct.unpack("f", struct.pack("f", n))[0])
        except OverflowError:
            return math.copysign(math.inf, n)
    exact = abs(Fraction(text))
    mantissa, exponent = math.frexp(abs(n))
    unit = Fraction(2) ** max(exponent - 24, -149)
    del mantissa
    whole, rest = divmod(exact, unit)
    if rest * 2 > unit or (rest * 2 == unit and whole % 2):
        whole += 1
    rounded = whole * unit
    if rounded > _MAX_FLOAT32:
        return math.copysign(math.inf, n)
    return math.copysign(float(rounded), n)


def format_float(f: float, fmt: int, prec: int, bit_size: int) -> str:
    if bit_size == 32:
        f = _float32(f)
    elif bit_size != 64:
        panic("strconv: illegal AppendFloat/FormatFloat bitSize")
    if math.isnan(f):
        return "NaN"
    if math.isinf(f):
        return "+Inf" if f > 0 else "-Inf"
    verb = chr(fmt)
    sign = "-" if math.copysign(1, f) < 0 else ""
    f = abs(f)
    if verb in "eE":
        text = _exponent(*_shortest(f, bit_size)) if prec < 0 else f"{f:.{prec}e}"
    elif verb == "f":
        text = _plain(*_shortest(f, bit_size)) if prec < 0 else f"{f:.{prec}f}"
    elif verb in "gG":
        if prec < 0:
            digits, point = _shortest(f, bit_size)
            text = _plain(digits, point) if -4 < point <= 6 else _exponent(digits, point)
        else:
            text = f"{f:.{prec or 1}g}"
    elif verb == "b":
        mantissa, exponent = _binary(f, bit_size)
        text = f"{mantissa}p{exponent:+d}"
    elif verb in "xX":
        text = _hexadecimal(f, prec, bit_size)
    else:
        return "%" + verb
    return sign + (text.upper() if verb in "EGX" else text)


def _float32(f: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", f))[0])
    except OverflowError:
        return math.copysign(math.inf, f)


def _shortest(f: float, bit_size: int) -> tuple[str, int]:
    """Return the fewest digits that give f again, and how many of them stand before the point."""
    if f == 0:
        return "0", 1
    if bit_size == 32:
        for prec in range(9):
            text = f"{f:.{prec}e}"
            if _float32(float(text)) == f:
                break
    else:
        text = f"{f!r}"
        if "e" not in text:
            before, _, after = text.partition(".")
            digits = before + after
            stripped = digits.lstrip("0")
            return stripped.rstrip("0"), len(before) - (len(digits) - len(stripped))
    number, _, exponent = text.partition("e")
    return number.replace(".", "").rstrip("0"), int(exponent) + 1


def _exponent(digits: str, point: int) -> str:
    exponent = 0 if digits == "0" else point - 1
    return digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + f"e{exponent:+03d}"


def _plain(digits: str, point: int) -> str:
    if point <= 0:
        return "0." + "0" * -point + digits
    if point >= len(digits):
        return digits + "0" * (point - len(digits))
    return digits[:point] + "." + digits[point:]


def _binary(f: float, bit_size: int) -> tuple[int, int]:
    """Return mantissa and exponent as they are stored."""
    if bit_size == 32:
        bits = struct.unpack("I", struct.pack("f", f))[0]
        exponent, mantissa, bias, width = bits >> 23, bits & 0x7FFFFF, 127, 23
    else:
        bits = struct.unpack("Q", struct.pack("d", f))[0]
        exponent, mantissa, bias, width = bits >> 52, bits & 0xFFFFFFFFFFFFF, 1023, 52
    if exponent:
        mantissa |= 1 << width
    else:
        exponent = 1
    return mantissa, exponent - bias - width


def _hexadecimal(f: float, prec: int, bit_size: int) -> str:
    if f == 0:
        return "0x0" + ("." + "0" * prec if prec > 0 else "") + "p+00"
    mantissa, exponent = math.frexp(f)
    scaled = int(mantissa * (1 << 53)) << 8  # 1 bit, 60 bits after the point
    exponent -= 1
    if prec >= 0 and prec < 15:
        shift = 60 - prec * 4
        half = 1 << (shift - 1)
        rest = scaled & ((1 << shift) - 1)
        scaled >>= shift
        if rest > half or (rest == half and scaled & 1):
            scaled += 1
        scaled <<= shift
        if scaled >> 61:
            scaled >>= 1
            exponent += 1
    digits = f"{scaled & ((1 << 60) - 1):015x}"
    digits = digits.rstrip("0") if prec < 0 else digits[:prec].ljust(prec, "0")
    return f"0x{scaled >> 60}" + ("." + digits if digits else "") + f"p{exponent:+03d}"


def format_complex(c: complex, fmt: int, prec: int, bit_size: int) -> str:
    if bit_size not in (64, 128):
        panic("invalid bitSize")
    real = format_float(c.real, fmt, prec, bit_size // 2)
    imag = format_float(c.imag, fmt, prec, bit_size // 2)
    return f"({real}{'' if imag[0] in '+-' else '+'}{imag}i)"


def parse_complex(s: str, bit_size: int) -> tuple[complex, _error]:
    size = 32 if bit_size == 64 else 64
    text = s[1:-1] if len(s) >= 2 and s[0] == "(" and s[-1] == ")" else s
    failure = NumError("ParseComplex", s, ErrSyntax)
    pending = None
    first, used, err = _float_prefix(text, size)
    if err is not None:
        if err.err is not ErrRange:
            return 0j, failure
        pending = NumError("ParseComplex", s, ErrRange)
    rest = text[used:]
    if not rest:
        return complex(first, 0.0), pending
    if rest == "i":
        return complex(0.0, first), pending
    if rest[0] == "+":
        if len(rest) > 1 and rest[1] == "+":
            return 0j, failure
    elif rest[0] != "-":
        return 0j, failure
    second, used, err = _float_prefix(rest, size)
    if err is not None:
        if err.err is not ErrRange:
            return 0j, failure
        pending = NumError("ParseComplex", s, ErrRange)
    if rest[used:] != "i":
        return 0j, failure
    return complex(first, second), pending


# --- quoting ----------------------------------------------------------------------------------------------

_ESCAPES: Final = {7: "\\a", 8: "\\b", 12: "\\f", 10: "\\n", 13: "\\r", 9: "\\t", 11: "\\v"}


def is_print(r: int) -> bool:
    return unicode.is_print(r)


def is_graphic(r: int) -> bool:
    return unicode.is_graphic(r)


def _quoted_char(r: int, mark: str, ascii_only: bool, graphic: bool) -> str:
    if chr(r) in (mark, "\\"):
        return "\\" + chr(r)
    if ascii_only:
        if r < 0x80 and is_print(r):
            return chr(r)
    elif is_print(r) or (graphic and is_graphic(r)):
        return chr(r)
    if r in _ESCAPES:
        return _ESCAPES[r]
    if r < 0x20 or r == 0x7F:
        return f"\\x{r:02x}"
    return f"\\u{r:04x}" if r < 0x10000 else f"\\U{r:08x}"


def _quote(s: str, ascii_only: bool, graphic: bool) -> str:
    if s.isascii() and s.isprintable() and '"' not in s and "\\" not in s:
        return f'"{s}"'
    parts = []
    for c in s:
        if "\udc80" <= c <= "\udcff":
            parts.append(f"\\x{ord(c) - 0xDC00:02x}")
        else:
            parts.append(_quoted_char(ord(c), '"', ascii_only, graphic))
    return '"' + "".join(parts) + '"'


def quote(s: str) -> str:
    return _quote(s, False, False)


def quote_to_ascii(s: str) -> str:
    return _quote(s, True, False)


def quote_to_graphic(s: str) -> str:
    return _quote(s, False, True)


def quote_rune(r: int) -> str:
    return "'" + _quoted_char(ord(char(r)), "'", False, False) + "'"


def quote_rune_to_ascii(r: int) -> str:
    return "'" + _quoted_char(ord(char(r)), "'", True, False) + "'"


def quote_rune_to_graphic(r: int) -> str:
    return "'" + _quoted_char(ord(char(r)), "'", False, True) + "'"


def can_backquote(s: str) -> bool:
    return not any(
        0xD800 <= r <= 0xDFFF or r == 0xFEFF or (r < 0x20 and r != 9) or r in (0x60, 0x7F)
        for r in map(ord, s)
    )


_SIMPLE: Final = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, "'": 39, '"': 34}


def unquote_char(s: str, quote: int) -> tuple[int, bool, str, _error]:
    """Return the first character of a literal's inside: value, multibyte, tail, err."""
    failure = (0, False, "", ErrSyntax)
    if not s:
        return failure
    c = s[0]
    if ord(c) == quote and c in "'\"":
        return failure
    if c != "\\":
        r = ord(c)
        if r >= 0x80:
            return (0xFFFD if 0xDC80 <= r <= 0xDCFF else r), True, s[1:], None
        return r, False, s[1:], None
    if len(s) < 2:
        return failure
    c, rest = s[1], s[2:]
    if c in "xuU":
        n = {"x": 2, "u": 4, "U": 8}[c]
        digits = rest[:n]
        if len(digits) < n or not re.fullmatch("[0-9a-fA-F]+", digits):
            return failure
        value = int(digits, 16)
        if c == "x":
            return value, False, rest[n:], None
        if value > 0x10FFFF or 0xD800 <= value <= 0xDFFF:
            return failure
        return value, True, rest[n:], None
    if c in "01234567":
        digits = s[1:4]
        if not re.fullmatch("[0-7]{3}", digits) or int(digits, 8) > 255:
            return failure
        return int(digits, 8), False, s[4:], None
    if c in "'\"" and ord(c) != quote:
        return failure
    if c in _SIMPLE:
        return _SIMPLE[c], False, rest, None
    return failure


def quoted_prefix(s: str) -> tuple[str, _error]:
    found = _unquote_prefix(s)
    return ("", ErrSyntax) if found is None else (s[: found[1]], None)


def unquote(s: str) -> tuple[str, _error]:
    found = _unquote_prefix(s)
    if found is None or found[1] != len(s):
        return "", ErrSyntax
    return found[0], None


def _unquote_prefix(s: str) -> tuple[str, int] | None:
    """Return the value of the literal that s begins with, and its number of characters."""
    if len(s) < 2:
        return None
    mark = s[0]
    if mark == "`":
        end = s.find("`", 1)
        return None if end < 0 else (s[1:end].replace("\r", ""), end + 1)
    if mark not in "'\"":
        return None
    rest = s[1:]
    out = b""
    while rest and rest[0] != mark:
        if rest[0] == "\n":
            return None
        if rest[0] != "\\":
            out += encode(char(rune(rest[0])))
            rest = rest[1:]
        else:
            value, multibyte, rest, err = unquote_char(rest, ord(mark))
            if err is not None:
                return None
            out += encode(chr(value)) if multibyte or value < 0x80 else bytes([value])
        if mark == "'":
            break
    if not rest or rest[0] != mark:
        return None
    return decode(out), len(s) - len(rest) + 1


# --- append -----------------------------------------------------------------------------------------------


def _append(dst: Iterable[int], text: str) -> Slice[int]:
    return append_bytes(dst, encode(text))


def append_bool(dst: Iterable[int], b: bool) -> Slice[int]:
    return _append(dst, format_bool(b))


def append_float(dst: Iterable[int], f: float, fmt: int, prec: int, bit_size: int) -> Slice[int]:
    return _append(dst, format_float(f, fmt, prec, bit_size))


def append_int(dst: Iterable[int], i: int, base: int) -> Slice[int]:
    return _append(dst, format_int(i, base))


def append_uint(dst: Iterable[int], i: int, base: int) -> Slice[int]:
    return _append(dst, format_int(i, base))


def append_quote(dst: Iterable[int], s: str) -> Slice[int]:
    return _append(dst, quote(s))


def append_quote_to_ascii(dst: Iterable[int], s: str) -> Slice[int]:
    return _append(dst, quote_to_ascii(s))


def append_quote_to_graphic(dst: Iterable[int], s: str) -> Slice[int]:
    return _append(dst, quote_to_graphic(s))


def append_quote_rune_to_graphic(dst: Iterable[int], r: int) -> Slice[int]:
    return _append(dst, quote_rune_to_graphic(r))


def append_quote_rune(dst: Iterable[int], r: int) -> Slice[int]:
    return _append(dst, quote_rune(r))


def append_quote_rune_to_ascii(dst: Iterable[int], r: int) -> Slice[int]:
    return _append(dst, quote_rune_to_ascii(r))
