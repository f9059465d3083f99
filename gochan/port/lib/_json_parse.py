"""A parser of JSON with the errors of Go's encoding/json."""

from __future__ import annotations

import re
from typing import Any, Final, NoReturn

from ._text import decode, encode
from .strconv import can_backquote, quote

__all__ = ["Node", "ParseError", "parse", "parse_prefix", "shown_char"]


class ParseError(Exception):
    """A syntax error; `at_end` is true if more text could correct it."""

    def __init__(self, message: str, at: int, at_end: bool = False, more: int = 0) -> None:
        super().__init__(message)
        self.more = more  # bytes that were read after text[:at]
        self.message = message
        self.at = at
        self.at_end = at_end

    def offset(self, text: str) -> int:
        """Return how many bytes were read before the error."""
        return len(encode(text[: self.at])) + self.more


class Node:
    """A value: `kind` is its first character, "0" for numbers; text[start:stop] is where it stands."""

    __slots__ = ("end", "items", "key_ends", "kind", "members", "start", "stop", "text", "value")

    def __init__(self, kind: str, text: str, value: Any, start: int, stop: int) -> None:
        self.kind = kind
        self.text = text  # of a scalar
        self.value = value  # of a string
        self.start = start
        self.stop = stop
        self.end = start + 1 if kind in "{[" else stop  # where a type error is reported
        self.items: list[Node] = []
        self.members: list[tuple[str, str, Node]] = []  # the key as text and as value, and the value
        self.key_ends: list[int] = []


_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
# What a number that breaks off or goes wrong has before the error.
_NUMBER_START: Final = re.compile(r"-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:(?<=[0-9])[eE][+-]?[0-9]*)?)?")
_SIMPLE: Final = re.compile(r'"[^"\\\x00-\x1f\ud800-\udfff]*"')
_PIECE: Final = re.compile(r'[^"\\\x00-\x1f]+')
_ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_MAX_DEPTH: Final = 10000
_END: Final = "unexpected end of JSON input"


def shown_char(c: str) -> str:
    """Return a character as an error shows it."""
    if c == "'":
        return r"'\''"
    return "'\"'" if c == '"' else "'" + quote(c)[1:-1] + "'"


def _quoted(s: str) -> str:
    return f"`{s}`" if can_backquote(s) and not any(c.isspace() for c in s) else quote(s)


def parse(text: str) -> Node:
    """Parse a text that is one value."""
    node, at = parse_prefix(text)
    at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
    if at < len(text):
        raise ParseError(f"invalid character {shown_char(text[at])} after top-level value", at + 1)
    return node


def parse_prefix(text: str) -> tuple[Node, int]:
    """Parse the value that a text begins with; return it, and where it ends."""
    parser = _Parser(text)
    return parser.value(0, 0), parser.at


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def skip(self, at: int) -> int:
        """Return where white space ends; fail if the text does, too."""
        at = _SPACE.match(self.text, at).end()  # type: ignore[union-attr]
        if at == len(self.text):
            raise ParseError(_END, at, True)
        return at

    def bad(self, at: int, where: str) -> NoReturn:
        raise ParseError(f"invalid character {shown_char(self.text[at])} {where}", at + 1)

    def value(self, at: int, depth: int) -> Node:
        text = self.text
        at = self.skip(at)
        c = text[at]
        if c == '"':
            value, end = self.string(at)
            self.at = end
            return Node('"', text[at:end], value, at, end)
        if c in "{[":
            if depth >= _MAX_DEPTH:
                raise ParseError("exceeded max depth", at + 1)
            return self.object(at, depth) if c == "{" else self.array(at, depth)
        if c in "-0123456789":
            return self.number(at)
        for word in ("null", "true", "false"):
            if c == word[0]:
                for i, want in enumerate(word):
                    if at + i == len(text):
                        raise ParseError(_END, at + i, True)
                    if text[at + i] != want:
                        self.bad(at + i, f"in literal {word} (expecting {shown_char(want)})")
                self.at = at + len(word)
                return Node(c, word, None, at, self.at)
        return self.bad(at, "looking for beginning of value")

    def number(self, at: int) -> Node:
        text = self.text
        match = _NUMBER.match(text, at)
        end = match.end() if match else at
        longer = _NUMBER_START.match(text, at).end()  # type: ignore[union-attr]
        if longer > end or match is None:
            if longer == len(text):
                raise ParseError(_END, at, True)
            self.bad(longer, "in numeric literal")
        self.at = end
        return Node("0", text[at:end], None, at, end)

    def string(self, at: int) -> tuple[str, int]:
        """Return the value of a string, and where it ends."""
        text = self.text
        match = _SIMPLE.match(text, at)
        if match:
            return match[0][1:-1], match.end()
        parts: list[str] = []
        i = at + 1
        while True:
            if i == len(text):
                raise ParseError(_END, i, True)
            c = text[i]
            if c == '"':
                break
            if c == "\\":
                i = self.escape(i, parts)
            elif c < " ":
                self.bad(i, "in string")
            else:
                piece = _PIECE.match(text, i)
                assert piece
                parts.append(re.sub("[\ud800-\udfff]", "\ufffd", piece[0]))
                i = piece.end()
        value = "".join(parts)
        # Halves of pairs that were escapes.
        value = re.sub("([\ud800-\udbff])([\udc00-\udfff])", _pair, value)
        return re.sub("[\ud800-\udfff]", "\ufffd", value), i + 1

    def escape(self, i: int, parts: list[str]) -> int:
        text = self.text
        if i + 1 == len(text):
            raise ParseError(_END, i, True)
        c = text[i + 1]
        if c in _ESCAPES:
            parts.append(_ESCAPES[c])
            return i + 2
        if c != "u":
            self.bad_escape(i, 2)
        digits = text[i + 2 : i + 6]
        if not re.fullmatch("[0-9a-fA-F]{4}", digits):
            if len(digits) < 4 and re.fullmatch("[0-9a-fA-F]*", digits):
                raise ParseError(_END, i, True)
            self.bad_escape(i, 6)
        parts.append(chr(int(digits, 16)))
        return i + 6

    def bad_escape(self, i: int, n: int) -> NoReturn:
        """Fail for an escape, of which n bytes are shown."""
        part = encode(self.text[i : i + n])[:n]
        raise ParseError(f"invalid escape sequence {_quoted(decode(part))} in string", i, more=len(part))

    def array(self, at: int, depth: int) -> Node:
        node = Node("[", "", None, at, at)
        i = self.skip(at + 1)
        if self.text[i] != "]":
            while True:
                node.items.append(self.value(i, depth + 1))
                i = self.skip(self.at)
                if self.text[i] == "]":
                    break
                if self.text[i] != ",":
                    self.bad(i, "after array element")
                i += 1
        self.at = node.stop = i + 1
        return node

    def object(self, at: int, depth: int) -> Node:
        text = self.text
        node = Node("{", "", None, at, at)
        i = self.skip(at + 1)
        if text[i] != "}":
            while True:
                if text[i] != '"':
                    self.bad(i, "looking for beginning of object key string")
                key, end = self.string(i)
                start = i
                node.key_ends.append(end)
                i = self.skip(end)
                if text[i] != ":":
                    self.bad(i, "after object key")
                node.members.append((text[start:end], key, self.value(i + 1, depth + 1)))
                i = self.skip(self.at)
                if text[i] == "}":
                    break
                if text[i] != ",":
                    self.bad(i, "after object key:value pair")
                i = self.skip(i + 1)
        self.at = node.stop = i + 1
        return node


def _pair(match: re.Match[str]) -> str:
    high, low = ord(match[1]), ord(match[2])
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
