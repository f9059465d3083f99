"""Translates regular expressions of Go (RE2) into Python's, and reports errors with Go's words."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from typing import Final, NoReturn

from ._quote import quote

__all__ = ["Unsupported", "WrongPattern", "translate"]


class WrongPattern(Exception):
    """What Go does not compile: the code of the error and the part that is at fault."""

    def __init__(self, code: str, part: str) -> None:
        super().__init__(f"error parsing regexp: {code}: `{part}`")
        self.code = code
        self.part = part


class Unsupported(Exception):
    """What Go compiles, and Python would match differently."""


_PERL: Final = {"d": "0-9", "s": "\\t\\n\\x0c\\r ", "w": "0-9A-Za-z_"}
_POSIX: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": "\\x00-\\x7f",
    "blank": "\\t ",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\t-\\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_SIMPLE: Final = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}


@cache
def _unicode_class(name: str) -> str | None:
    """Return the ranges of a category or script, for the inside of brackets; None if there is none."""
    from . import unicode

    scripts = {
        "Latin": unicode.latin,
        "Greek": unicode.greek,
        "Cyrillic": unicode.cyrillic,
        "Han": unicode.han,
        "Hiragana": unicode.hiragana,
        "Katakana": unicode.katakana,
        "Hangul": unicode.hangul,
    }
    if name == "Any":
        return "\\x00-\\U0010ffff"
    if name in scripts:
        has = scripts[name].has
        found = [r for r in range(0x32400) if has(r)]
    elif re.fullmatch("[LMNPSZC][a-z]?", name):
        category = unicodedata.category
        found = [r for r in range(sys.maxunicode + 1) if category(chr(r)).startswith(name)]
        if not found:
            return None
        if name in ("C", "Cn"):
            return None
    else:
        return None
    parts = []
    start = last = found[0]
    for r in [*found[1:], -2]:
        if r != last + 1:
            parts.append(f"\\U{start:08x}" + (f"-\\U{last:08x}" if last > start else ""))
            start = r
        last = r
    return "".join(parts)


@cache
def _folded(ranges: str) -> str:
    """Return ranges with what is equal to their characters but for case."""
    from .unicode import _orbits

    inside = re.compile(f"[{ranges}]")
    missing = set()
    for r, orbit in _orbits().items():
        if not inside.match(chr(r)) and any(inside.match(chr(other)) for other in orbit):
            missing.add(r)
    return ranges + "".join(f"\\U{r:08x}" for r in sorted(missing))


@cache
def _inverted(ranges: str) -> str:
    """Return what ranges leave out, for the inside of brackets."""
    inside = re.compile(f"[{ranges}]")
    parts = []
    start = -1
    for r in range(sys.maxunicode + 2):
        out = r <= sys.maxunicode and not inside.match(chr(r))
        if out and start < 0:
            start = r
        elif not out and start >= 0:
            parts.append(f"\\U{start:08x}-\\U{r - 1:08x}")
            start = -1
    return "".join(parts)


def translate(expr: str) -> tuple[str, int, list[str]]:
    """Return the pattern in Python, its flags, and the names of its groups, "" for those without.

    Raises `WrongPattern` and `Unsupported`.
    """
    parser = _Parser(expr)
    pattern, _ = parser.alternation(0)
    if parser.at < len(expr):
        raise WrongPattern("unexpected )", expr)
    return pattern, 0, parser.names


class _Parser:
    def __init__(self, expr: str) -> None:
        self.expr = expr
        self.at = 0
        self.names = [""]
        self.fold = self.multi = self.dot_all = self.swap = False

    def fail(self, code: str, part: str) -> NoReturn:
        raise WrongPattern(code, part)

    # Each method returns a pattern, and whether it can match nothing.

    def alternation(self, depth: int) -> tuple[str, bool]:
        branches = []
        empty = False
        while True:
            pattern, can = self.sequence(depth)
            branches.append(pattern)
            empty = empty or can
            if self.at < len(self.expr) and self.expr[self.at] == "|":
                self.at += 1
                continue
            return "|".join(branches), empty

    def sequence(self, depth: int) -> tuple[str, bool]:
        expr = self.expr
        parts = []
        empty = True
        while self.at < len(expr) and expr[self.at] not in "|":
            if expr[self.at] == ")":
                if depth == 0:
                    raise WrongPattern("unexpected )", expr)
                break
            start = self.at
            groups = len(self.names)
            atom, can = self.atom(depth)
            if atom is None:
                continue
            atom, can = self.repeated(atom, can, start, len(self.names) > groups)
            parts.append(atom)
            empty = empty and can
        return "".join(parts), empty

    def repeated(self, atom: str, can: bool, start: int, captures: bool) -> tuple[str, bool]:
        """Apply the repetition operators that follow an atom."""
        expr = self.expr
        first = self.at
        done = False
        while True:
            operator = self.operator()
            if operator is None:
                return atom, can
            low, high, text = operator
            if done:
                self.fail("invalid nested repetition operator", expr[first : self.at])
            done = True
            first = self.at - len(text)
            if atom == "":
                self.fail("missing argument to repetition operator", text)
            lazy = text.endswith("?") and len(text) > 1
            if low > 1000 or (high or 0) > 1000 or (high is not None and low > high):
                self.fail("invalid repeat count", text.removesuffix("?") if lazy else text)
            if self.swap:
                lazy = not lazy
            if can and captures and (high is None or high > 1):
                raise Unsupported(
                    f"regexp: Python repeats `{expr[start:first]}` differently, which can match nothing"
                )
            count = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((low, high))
            if count is None:
                count = f"{{{low}}}" if low == high else f"{{{low},{'' if high is None else high}}}"
            atom = f"(?:{atom})" if atom.startswith("\\A") or atom in ("\\Z",) else atom
            atom = atom + count + ("?" if lazy else "")
            can = can or low == 0
            # What comes next is an error if it is an operator.
            atom = f"(?:{atom})"

    def operator(self) -> tuple[int, int | None, str] | None:
        """Take a repetition operator; return its bounds and its text."""
        expr = self.expr
        if self.at == len(expr):
            return None
        match = re.compile(r"([*+?])|\{([0-9]+)(,([0-9]*))?\}").match(expr, self.at)
        if not match:
            return None
        self.at = match.end()
        if match[1]:
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[match[1]]
        else:
            low = int(match[2])
            high = low if match[3] is None else int(match[4]) if match[4] else None
        if self.at < len(expr) and expr[self.at] == "?":
            self.at += 1
        return low, high, expr[match.start() : self.at]

    def atom(self, depth: int) -> tuple[str | None, bool]:
        expr = self.expr
        c = expr[self.at]
        if c == "(":
            return self.group(depth)
        if c == "[":
            return self.char_class(), False
        if c in "*+?":
            operator = self.operator()
            assert operator is not None
            self.fail("missing argument to repetition operator", operator[2])
        if c == "{" and self.operator() is not None:
            self.fail("missing argument to repetition operator", expr[expr.rindex("{", 0, self.at) : self.at])
        if c == "\\":
            return self.escape()
        self.at += 1
        if c == ".":
            return ("(?s:.)" if self.dot_all else "."), False
        if c == "^":
            return ("(?m:^)" if self.multi else r"\A"), True
        if c == "$":
            return ("(?m:$)" if self.multi else r"\Z"), True
        return self.literal(ord(c)), False

    def literal(self, r: int) -> str:
        if not self.fold:
            return re.escape(chr(r))
        folded = _folded(f"\\U{r:08x}")
        return re.escape(chr(r)) if len(folded) == 10 else f"[{folded}]"

    def ranges(self, text: str, inverted: bool) -> str:
        """Return ranges for the inside of brackets, folded if case does not matter."""
        if self.fold:
            text = _folded(text)
        return _inverted(text) if inverted else text

    def group(self, depth: int) -> tuple[str | None, bool]:
        expr = self.expr
        start = self.at
        saved = self.fold, self.multi, self.dot_all, self.swap
        self.at += 1
        opening = "("
        if expr.startswith("?", self.at):
            named = re.compile(r"\?P?<(?=[\s\S])([^>]*)(>?)").match(expr, self.at)
            if named:
                if not named[2]:
                    self.fail("invalid named capture", expr[start:])
                name = named[1]
                if not re.fullmatch("[A-Za-z0-9_]+", name):
                    self.fail("invalid named capture", expr[start : named.end()])
                self.names.append(name)
                self.at = named.end()
            else:
                if self.flags(start):
                    return None, True
                opening = "(?:"
        else:
            self.names.append("")
        inside, can = self.alternation(depth + 1)
        if self.at == len(expr):
            self.fail("missing closing )", expr)
        self.at += 1
        self.fold, self.multi, self.dot_all, self.swap = saved
        return f"{opening}{inside})", can

    def flags(self, start: int) -> bool:
        """Take flags; return whether they are for the rest of the group."""
        expr = self.expr
        on = True
        seen = False
        self.at += 1
        while self.at < len(expr):
            c = expr[self.at]
            self.at += 1
            if c == "i":
                self.fold = on
            elif c == "m":
                self.multi = on
            elif c == "s":
                self.dot_all = on
            elif c == "U":
                self.swap = on
            elif c == "-" and on:
                on = False
                seen = False
                continue
            elif c in ":)":
                if not on and not seen:
                    break
                return c == ")"
            else:
                break
            seen = True
        return self.fail("invalid or unsupported Perl syntax", expr[start : self.at])

    def escape(self) -> tuple[str | None, bool]:
        expr = self.expr
        start = self.at
        if start + 1 == len(expr):
            self.fail("trailing backslash at end of expression", "")
        c = expr[start + 1]
        if c in "AbBz":
            self.at += 2
            return {"A": r"\A", "z": r"\Z", "b": r"(?a:\b)", "B": r"(?a:\B)"}[c], True
        if c == "Q":
            end = expr.find("\\E", start + 2)
            inside = expr[start + 2 : end] if end >= 0 else expr[start + 2 :]
            self.at = end + 2 if end >= 0 else len(expr)
            if not inside:
                return None, True
            # A repetition is for the last character alone.
            return "".join(self.literal(ord(ch)) for ch in inside[:-1]) + self.literal(ord(inside[-1])), False
        if c in "dswDSW":
            self.at += 2
            return f"[{'^' if c.isupper() else ''}{self.ranges(_PERL[c.lower()], False)}]", False
        if c in "pP":
            negated, ranges = self.property()
            return f"[{'^' if negated else ''}{self.ranges(ranges, False)}]", False
        return self.literal(self.escaped_rune()), False

    def property(self) -> tuple[bool, str]:
        """Take \\pN or \\p{Name}; return whether it is negated, and its ranges."""
        expr = self.expr
        match = re.compile(r"\\([pP])(?:\{(\^?)([^}]*)\}|([^{]))").match(expr, self.at)
        if not match:
            self.fail("invalid character class range", expr[self.at :])
        self.at = match.end()
        ranges = _unicode_class(match[3] if match[4] is None else match[4])
        if ranges is None:
            self.fail("invalid character class range", match[0])
        return (match[1] == "P") != (match[2] == "^"), ranges

    def escaped_rune(self) -> int:
        """Take an escape that stands for one character."""
        expr = self.expr
        match = re.compile(
            r"\\(?:x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{2})|(0[0-7]{0,2}|[1-7][0-7]{1,2}))"
        ).match(expr, self.at)
        if match:
            self.at = match.end()
            digits = match[1] or match[2]
            r = int(digits, 16) if digits else int(match[3], 8)
            if r > sys.maxunicode:
                self.fail("invalid escape sequence", match[0])
            return r
        c = expr[self.at + 1] if self.at + 1 < len(expr) else ""
        if c in _SIMPLE:
            self.at += 2
            return _SIMPLE[c]
        if c and c < "\x80" and not c.isalnum():
            self.at += 2
            return ord(c)
        if not c:
            self.fail("trailing backslash at end of expression", "")
        return self.fail("invalid escape sequence", expr[self.at : self.at + 2])

    def char_class(self) -> str:
        expr = self.expr
        start = self.at
        self.at += 1
        negated = expr.startswith("^", self.at)
        if negated:
            self.at += 1
        parts: list[str] = []
        first = True
        while True:
            if self.at >= len(expr):
                self.fail("missing closing ]", expr[start:])
            if expr[self.at] == "]" and not first:
                break
            first = False
            posix = re.compile(r"\[:(\^?)([^:\]]*):\]").match(expr, self.at)
            if posix:
                if posix[2] not in _POSIX:
                    self.fail("invalid character class range", posix[0])
                self.at = posix.end()
                parts.append(self.ranges(_POSIX[posix[2]], bool(posix[1])))
                continue
            if expr.startswith(("\\p", "\\P"), self.at):
                inverted, ranges = self.property()
                parts.append(self.ranges(ranges, inverted))
                continue
            c = expr[self.at + 1] if expr[self.at] == "\\" and self.at + 1 < len(expr) else ""
            if c and c in "dswDSW":
                self.at += 2
                parts.append(self.ranges(_PERL[c.lower()], c.isupper()))
                continue
            at = self.at
            low = self.class_rune(start)
            if self.at + 1 < len(expr) and expr[self.at] == "-" and expr[self.at + 1] != "]":
                self.at += 1
                high = self.class_rune(start)
                if high < low:
                    self.fail("invalid character class range", expr[at : self.at])
                parts.append(self.ranges(f"\\U{low:08x}-\\U{high:08x}", False))
            else:
                parts.append(self.ranges(f"\\U{low:08x}", False))
        self.at += 1
        return f"[{'^' if negated else ''}{''.join(parts)}]"

    def class_rune(self, start: int) -> int:
        if self.at >= len(self.expr):
            self.fail("missing closing ]", self.expr[start:])
        if self.expr[self.at] == "\\":
            return self.escaped_rune()
        self.at += 1
        return ord(self.expr[self.at - 1])


def backquoted(expr: str) -> str:
    """Return an expression as MustCompile's panic shows it."""
    from ._quote import can_backquote

    return f"`{expr}`" if can_backquote(expr) else quote(expr)
