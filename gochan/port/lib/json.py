"""Go's package encoding/json.

`unmarshal(data, v, T)` and `Decoder.decode(v, T)` take the type of what v points to as an annotation, where v
is not a struct: a `Ref` does not know it.
"""

from __future__ import annotations

from typing import Any

from ._common import decode, encode
from ._json_decode import ValueReader, store, unmarshal
from ._json_encode import (
    compact,
    formatted,
    html_escape,
    indent,
    marshal,
    marshal_indent,
    marshal_text,
    valid,
)
from ._json_parse import ParseError, parse, parse_prefix, shown_char
from ._json_types import (
    InvalidUnmarshalError,
    MarshalerError,
    Number,
    RawMessage,
    SyntaxError,
    UnmarshalTypeError,
    UnsupportedTypeError,
    UnsupportedValueError,
)
from ._types import ANY, int32
from ._types import error as _error
from .io import EOF, ErrUnexpectedEOF, put, read_chunk

__all__ = [
    "Decoder",
    "Delim",
    "Encoder",
    "InvalidUnmarshalError",
    "Marshaler",
    "MarshalerError",
    "Number",
    "RawMessage",
    "SyntaxError",
    "UnmarshalTypeError",
    "Unmarshaler",
    "UnsupportedTypeError",
    "UnsupportedValueError",
    "compact",
    "html_escape",
    "indent",
    "marshal",
    "marshal_indent",
    "new_decoder",
    "new_encoder",
    "unmarshal",
    "valid",
]

Marshaler = Any
Unmarshaler = Any


class Encoder:
    """Go's json.Encoder."""

    def __init__(self, w: Any = None) -> None:
        self._w = w
        self._html = True
        self._prefix = self._indent = ""

    def encode(self, v: Any) -> _error:
        text, err = marshal_text(v, self._html)
        if err is not None:
            return err
        if self._prefix or self._indent:
            text = formatted(parse(text), self._prefix, self._indent, False)
        return put(self._w, encode(text + "\n"))[1]

    def set_indent(self, prefix: str, indent: str) -> None:
        self._prefix, self._indent = prefix, indent

    def set_escape_html(self, on: bool) -> None:
        self._html = on


def new_encoder(w: Any) -> Encoder:
    return Encoder(w)


class Delim(int):
    """Go's json.Delim: one of [ ] { }."""

    __slots__ = ()
    __go_name__ = "json.Delim"
    __go_under__ = int32

    def string(self) -> str:
        return chr(self)

    def __str__(self) -> str:
        return chr(self)


class Decoder:
    """Go's json.Decoder."""

    def __init__(self, r: Any = None) -> None:
        self._r = r
        self._data = b""
        self._read_err: _error = None
        self._err: _error = None
        self._use_number = self._strict = False
        self._offset = 0
        # What `token` is inside of: "[" and "{", and whether a comma, a key, a colon or a value comes next.
        self._nesting: list[str] = []
        self._next = "value"

    def use_number(self) -> None:
        self._use_number = True

    def disallow_unknown_fields(self) -> None:
        self._strict = True

    def input_offset(self) -> int:
        return self._offset

    def buffered(self) -> Any:
        from .bytes import new_reader

        return new_reader(self._data)

    def _more(self) -> None:
        data, self._read_err = read_chunk(self._r, 4096)
        self._data += data

    def _skip(self, marks: bytes = b"") -> bytes:
        """Drop white space, and marks; return the byte that follows, or b"" at the end."""
        while True:
            rest = self._data.lstrip(b" \t\r\n" + marks)
            self._offset += len(self._data) - len(rest)
            self._data = rest
            if rest or self._read_err is not None:
                return rest[:1]
            self._more()

    def more(self) -> bool:
        return self._skip() not in (b"", b"]", b"}")

    def decode(self, v: Any, annotation: Any = None) -> _error:
        if self._err is not None:
            return self._err
        if self._nesting:
            self._skip(b",:")
        node, text = self._value()
        if node is None:
            err: _error = self._err or text
            return err
        return store(text, node, v, annotation, self._use_number, self._strict)

    def _value(self) -> tuple[Any, Any]:
        """Take a value; return it and the text that it is in, or None and the error."""
        while True:
            text = decode(self._data)
            try:
                node, end = parse_prefix(text)
            except ParseError as exc:
                if not exc.at_end:
                    self._err = SyntaxError(exc.message, self._offset + exc.offset(text))
                    return None, self._err
            else:
                # A number may go on in what was not read yet.
                if end < len(text) or node.kind != "0" or self._read_err is not None:
                    break
            if self._read_err is not None:
                if self._read_err is not EOF:
                    return None, self._read_err
                return None, ErrUnexpectedEOF if text.strip(" \t\r\n") else EOF
            self._more()
        used = len(encode(text[:end]))
        self._offset += used
        self._data = self._data[used:]
        self._after_value()
        return node, text

    def _after_value(self) -> None:
        if self._nesting:
            self._next = "value" if self._next == "key" else "end"

    def token(self) -> tuple[Any, _error]:
        """Return the next bracket, key or scalar; None at the end, with io.EOF."""
        if self._err is not None:
            return None, self._err
        inside = self._nesting[-1] if self._nesting else ""
        c = self._skip()
        if not c:
            return None, ErrUnexpectedEOF if self._nesting else EOF
        if c == b"," and inside and self._next == "end":
            self._drop()
            self._next = "key" if inside == "{" else "value"
            c = self._skip()
        elif c == b":" and self._next == "colon":
            self._drop()
            self._next = "value"
            c = self._skip()
        if c in (b"]", b"}") and inside == ("[" if c == b"]" else "{") and self._next != "colon":
            self._drop()
            self._nesting.pop()
            self._next = "end" if self._nesting else "value"
            return Delim(c[0]), None
        if self._next in ("end", "colon"):
            words = "after object key" if self._next == "colon" else "after object key:value pair"
            if inside == "[":
                words = "after array element"
            self._err = SyntaxError(f"invalid character {shown_char(decode(c))} {words}", self._offset + 1)
            return None, self._err
        if c in (b"[", b"{") and self._next == "value":
            self._drop()
            self._nesting.append(decode(c))
            self._next = "key" if c == b"{" else "value"
            return Delim(c[0]), None
        was_key = self._next == "key"
        node, text = self._value()
        if node is None:
            return None, self._err or text
        if was_key:
            self._next = "colon"
            return node.value, None
        return ValueReader(text, ANY, self._use_number, False).any(node), None

    def _drop(self) -> None:
        self._data = self._data[1:]
        self._offset += 1


def new_decoder(r: Any) -> Decoder:
    return Decoder(r)
