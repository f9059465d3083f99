"""Splits the text of a template into tokens, for `_template_parse`.

Positions are indexes of characters.  A token `error` is the last one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ._quote import quote

KEYWORDS: Final = frozenset(
    ["block", "break", "continue", "define", "else", "end", "if", "range", "nil", "template", "with"]
)
_SPACES: Final = " \t\r\n"
_SPACE: Final = frozenset(_SPACES)
_NUMBER: Final = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?"
    r"|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?"
)
_QUOTED: Final = {
    '"': ("string", re.compile(r'"(?:\\[^\n]|[^"\\\n])*"'), "unterminated quoted string"),
    "`": ("raw", re.compile(r"`[^`]*`"), "unterminated raw quoted string"),
    "'": ("char constant", re.compile(r"'(?:\\[^\n]|[^'\\\n])*'"), "unterminated character constant"),
}


class Token(NamedTuple):
    """A token: its kind, where it begins, its text and its line.

    The kind of a keyword, of a parenthesis and of | is the text itself.
    """

    kind: str
    pos: int
    text: str
    line: int

    def __str__(self) -> str:
        if self.kind == "eof":
            return "EOF"
        if self.kind == "error":
            return self.text
        if self.kind in KEYWORDS or self.kind == ".":
            return f"<{self.text}>"
        return quote(self.text[:10]) + "..." if len(self.text.encode()) > 10 else quote(self.text)


class _Fault(Exception):
    """Ends the tokens."""


def is_word(c: str) -> bool:
    """Return whether a character may be in a name; "" is none."""
    return c == "_" or c.isalpha() or c.isdecimal()


class Lexer:
    """The tokens of a text, one after the other."""

    def __init__(self, text: str, left: str, right: str, own: frozenset[str]) -> None:
        """`own`: names of functions, which may be `break` or `continue`."""
        self._text = text
        self._left = left
        self._right = right
        self._own = own
        self._pos = 0
        self._depth = 0

    def _token(self, kind: str, start: int, end: int) -> Token:
        self._pos = end
        return Token(kind, start, self._text[start:end], self._line(start))

    def _line(self, pos: int) -> int:
        return 1 + self._text.count("\n", 0, pos)

    def __iter__(self) -> Iterator[Token]:
        text = self._text
        while True:
            start = self._pos
            at = text.find(self._left, start)
            if at < 0:
                if start < len(text):
                    yield self._token("text", start, len(text))
                yield self._token("eof", len(text), len(text))
                return
            end = at
            behind = at + len(self._left)
            trims = text[behind : behind + 1] == "-" and text[behind + 1 : behind + 2] in _SPACE
            if trims:
                end = start + len(text[start:at].rstrip(_SPACES))
            if end > start:
                yield self._token("text", start, end)
            inside = behind + 2 if trims else behind
            begin = inside
            try:
                if text.startswith("/*", inside):
                    self._comment(inside)
                    continue
                yield self._token("left", at, behind)
                self._pos = inside
                self._depth = 0
                while True:
                    begin = self._pos
                    token = self._inside()
                    yield token
                    if token.kind == "right":
                        break
            except _Fault as fault:
                yield Token("error", begin, str(fault), self._line(begin))
                return

    def _at_right(self, pos: int) -> int:
        """Return the length of a right delimiter with what belongs to it before; 0 if there is none."""
        text = self._text
        trims = text[pos : pos + 1] in _SPACE and text[pos + 1 : pos + 2] == "-"
        if trims and text.startswith(self._right, pos + 2):
            return 2 + len(self._right)
        return len(self._right) if text.startswith(self._right, pos) else 0

    def _after_right(self, pos: int, length: int) -> None:
        """Go on behind a right delimiter, and what it trims."""
        self._pos = pos + length
        if length > len(self._right):
            rest = self._text[self._pos :]
            self._pos += len(rest) - len(rest.lstrip(_SPACES))

    def _comment(self, start: int) -> None:
        end = self._text.find("*/", start + 2)
        if end < 0:
            raise _Fault("unclosed comment")
        length = self._at_right(end + 2)
        if not length:
            raise _Fault("comment ends before closing delimiter")
        self._after_right(end + 2, length)

    def _inside(self) -> Token:
        """Return the next token of an action."""
        text, pos = self._text, self._pos
        length = self._at_right(pos)
        if length:
            if self._depth:
                raise _Fault("unclosed left paren")
            start = pos + length - len(self._right)
            token = self._token("right", start, pos + length)
            self._after_right(pos, length)
            return token
        c = text[pos : pos + 1]
        if not c:
            raise _Fault("unclosed action")
        if c in _SPACES:
            end = pos + len(text[pos:]) - len(text[pos:].lstrip(_SPACES))
            # The last one may belong to the delimiter.
            return self._token("space", pos, end - 1 if end - pos > 1 and self._at_right(end - 1) else end)
        if c in _QUOTED:
            kind, pattern, fault = _QUOTED[c]
            match = pattern.match(text, pos)
            if match is None:
                raise _Fault(fault)
            return self._token(kind, pos, match.end())
        if c == ":":
            if text[pos + 1 : pos + 2] != "=":
                raise _Fault("expected :=")
            return self._token(":=", pos, pos + 2)
        if c == "$":
            return self._name("variable", "variable")
        if c == "." and pos + 1 < len(text) and not ("0" <= text[pos + 1] <= "9"):
            return self._name("field", ".")
        if c in "+-." or "0" <= c <= "9":
            return self._number()
        if is_word(c):
            return self._word()
        if c in "=|()":
            return self._mark(c)
        if " " < c <= "~":
            return self._token("char", pos, pos + 1)
        raise _Fault(f"unrecognized character in action: {_shown(c)}")

    def _mark(self, c: str) -> Token:
        self._depth += {"(": 1, ")": -1}.get(c, 0)
        if self._depth < 0:
            raise _Fault("unexpected right paren")
        return self._token(c, self._pos, self._pos + 1)

    def _name(self, kind: str, alone: str) -> Token:
        """Return a name that begins with $ or a period, or that character alone."""
        pos = self._pos + 1
        if self._ends(pos):
            return self._token(alone, self._pos, pos)
        return self._token(kind, self._pos, self._run(pos))

    def _run(self, pos: int) -> int:
        """Return where a name ends."""
        text = self._text
        while is_word(text[pos : pos + 1]):
            pos += 1
        if not self._ends(pos):
            raise _Fault(f"bad character {_shown(text[pos])}")
        return pos

    def _ends(self, pos: int) -> bool:
        """Return whether a name may end here."""
        c = self._text[pos : pos + 1]
        return c in _SPACES or c in ".,|:)(" or self._text.startswith(self._right, pos)

    def _word(self) -> Token:
        end = self._run(self._pos)
        word = self._text[self._pos : end]
        kind = "identifier"
        if word in KEYWORDS and not (word in {"break", "continue"} and word in self._own):
            kind = word
        elif word in {"true", "false"}:
            kind = "bool"
        return self._token(kind, self._pos, end)

    def _number(self) -> Token:
        text, start = self._text, self._pos
        end = self._digits(start, start)
        if text[end : end + 1] and text[end] in "+-":
            # A complex number: 1+2i.
            end = self._digits(start, end)
            if text[end - 1] != "i":
                raise _Fault(f"bad number syntax: {quote(text[start:end])}")
            return self._token("complex", start, end)
        return self._token("number", start, end)

    def _digits(self, start: int, pos: int) -> int:
        match = _NUMBER.match(self._text, pos)
        assert match is not None
        end = match.end()
        if is_word(self._text[end : end + 1]):
            raise _Fault(f"bad number syntax: {quote(self._text[start : end + 1])}")
        return end


def _shown(c: str) -> str:
    from .fmt import sprintf

    return sprintf("%#U", ord(c))
