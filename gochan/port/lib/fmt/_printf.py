"""Formats (the second half of Go's fmt/print.go).

A format is parsed once, into literal strings and `Verb`s, and the result is kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ._numbers import Flags
from ._printer import PLAIN, Printer, float_text, type_name

_TOO_LARGE = 1_000_000


class Verb:
    """A verb of a format with its flags; `plain` if it has none of them, and takes the next operand."""

    __slots__ = ("bad", "flags", "index", "plain", "prec_star", "quick", "verb", "width_star")

    def __init__(self, verb: str, flags: Flags) -> None:
        self.verb = verb
        self.flags = flags
        self.plain = False
        # Whether it has a width or a precision, and no other flag than '-'.
        self.quick = False
        # Explicit argument indexes, as they were written: for the width, the precision and the verb.  None
        # if not given, -1 if they are malformed.
        self.index: list[int | None] = [None, None, None]
        self.width_star = False
        self.prec_star = False
        self.bad = False


@lru_cache(maxsize=1024)
def parse(fmt: str) -> tuple[str | Verb, ...]:
    """Parse a format."""
    parts: list[str | Verb] = []
    i = 0
    end = len(fmt)
    while i < end:
        start = i
        i = fmt.find("%", i)
        if i < 0:
            parts.append(fmt[start:])
            break
        if i > start:
            parts.append(fmt[start:i])
        i = _verb(fmt, i + 1, parts)
    return tuple(parts)


def _verb(fmt: str, i: int, parts: list[str | Verb]) -> int:
    f = Flags()
    v = Verb("", f)
    end = len(fmt)
    begin = i
    while i < end and fmt[i] in "#0+- ":
        match fmt[i]:
            case "#":
                f.sharp = True
            case "0":
                f.zero = True
            case "+":
                f.plus = True
            case "-":
                f.minus = True
            case _:
                f.space = True
        i += 1
    i, after_index = _index(fmt, i, v, 0)
    if i < end and fmt[i] == "*":
        v.width_star = True
        i += 1
        after_index = False
    else:
        i, f.width = _number(fmt, i)
        if after_index and f.width >= 0:
            # "%[3]2d"
            v.bad = True
    if i + 1 < end and fmt[i] == ".":
        i += 1
        if after_index:
            # "%[3].2d"
            v.bad = True
        i, after_index = _index(fmt, i, v, 1)
        if i < end and fmt[i] == "*":
            v.prec_star = True
            i += 1
            after_index = False
        else:
            i, f.prec = _number(fmt, i)
            f.prec = max(f.prec, 0)
    if not after_index:
        i, _ = _index(fmt, i, v, 2)
    if i >= end:
        parts.append("%!(NOVERB)")
        return end
    v.verb = fmt[i]
    v.plain = i == begin
    starred = v.width_star or v.prec_star or v.bad or v.index != [None, None, None]
    if v.verb == "%" and not starred:
        parts.append("%")
        return i + 1
    if v.verb in {"v", "w"}:
        f.sharp_v, f.sharp = f.sharp, False
        f.plus_v, f.plus = f.plus, False
    v.quick = not (starred or f.plus or f.sharp or f.space or f.zero or f.plus_v or f.sharp_v)
    parts.append(v)
    return i + 1


def _number(fmt: str, i: int) -> tuple[int, int]:
    start = i
    while i < len(fmt) and "0" <= fmt[i] <= "9":
        i += 1
    if i == start:
        return i, -1
    n = int(fmt[start:i])
    return (i, n) if n <= _TOO_LARGE else (len(fmt), -1)


def _index(fmt: str, i: int, v: Verb, which: int) -> tuple[int, bool]:
    """Parse an argument index, such as [3]."""
    if i >= len(fmt) or fmt[i] != "[":
        return i, False
    close = fmt.find("]", i)
    if close < 0:
        v.index[which] = -1
        return i + 1, True
    text = fmt[i + 1 : close]
    v.index[which] = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1
    return close + 1, True


def printf(p: Printer, fmt: str, args: tuple[Any, ...]) -> None:
    """Format operands by a format."""
    parts = p.parts
    n = 0
    reordered = False
    for item in parse(fmt):
        if item.__class__ is str:
            parts.append(item)
            continue
        v: Verb = item  # type: ignore[assignment]
        if v.plain:
            if n >= len(args):
                parts.append(f"%!{v.verb}(MISSING)")
                continue
            arg = args[n]
            n += 1
            cls = arg.__class__
            verb = v.verb
            if cls is str:
                if verb in {"s", "v"}:
                    parts.append(arg)
                    continue
            elif cls is int and verb in {"d", "v"}:
                parts.append(str(arg))
                continue
            elif cls is float and verb == "v":
                parts.append(float_text(arg))
                continue
            p.flags = PLAIN
            p.arg(arg, verb)
            continue
        if v.quick and n < len(args):
            arg = args[n]
            cls = arg.__class__
            text = None
            if cls is float:
                # Infinities and NaN have other texts than in Python.
                if v.verb == "f" and -1e300 < arg < 1e300:
                    text = f"{arg:.{6 if v.flags.prec < 0 else v.flags.prec}f}"
            elif v.flags.prec < 0 and ((cls is int and v.verb in "dv") or (cls is str and v.verb in "sv")):
                text = str(arg)
            if text is not None:
                n += 1
                width = v.flags.width
                if len(text) < width:
                    text = text.ljust(width) if v.flags.minus else text.rjust(width)
                parts.append(text)
                continue
        n, by_index = _item(p, v, args, n)
        reordered = reordered or by_index
    if not reordered and n < len(args):
        p.flags = PLAIN
        parts.append("%!(EXTRA ")
        for i, arg in enumerate(args[n:]):
            if i:
                parts.append(", ")
            if arg is None:
                parts.append("<nil>")
            else:
                parts.append(type_name(arg) + "=")
                p.arg(arg, "v")
        parts.append(")")


def _item(p: Printer, v: Verb, args: tuple[Any, ...], n: int) -> tuple[int, bool]:
    """Format the operand of a verb with flags; return the next operand's index, and if it was given."""
    parts = p.parts
    f = p.flags = v.flags.clone() if v.width_star or v.prec_star else v.flags
    good = not v.bad
    reordered = False

    def select(which: int) -> None:
        nonlocal n, good, reordered
        index = v.index[which]
        if index is None:
            return
        reordered = True
        if 1 <= index <= len(args):
            n = index - 1
        else:
            good = False

    select(0)
    if v.width_star:
        width, n = _star(args, n)
        if width is None:
            parts.append("%!(BADWIDTH)")
        elif width < 0:
            f.width = -width
            f.minus = True
            f.zero = False
        else:
            f.width = width
    select(1)
    if v.prec_star:
        prec, n = _star(args, n)
        if prec is None:
            parts.append("%!(BADPREC)")
        elif prec >= 0:
            f.prec = prec
        else:
            parts.append("%!(BADPREC)")
    select(2)
    if v.verb == "%":
        parts.append("%")
    elif not good:
        parts.append(f"%!{v.verb}(BADINDEX)")
    elif n >= len(args):
        parts.append(f"%!{v.verb}(MISSING)")
    else:
        p.arg(args[n], v.verb)
        n += 1
    return n, reordered


def _star(args: tuple[Any, ...], n: int) -> tuple[int | None, int]:
    if n >= len(args):
        return None, n
    value = getattr(args[n], "v", args[n])
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _TOO_LARGE:
        return None, n + 1
    return value, n + 1
