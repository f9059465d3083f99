"""Go's package bytes, for slices of bytes.

Results that are parts of the argument share its array, as in Go.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from . import strings
from ._common import (
    Slice,
    byte_slice,
    bytes_of,
    char,
    decode,
    encode,
    fill,
    make,
    new_error,
    nil_bytes,
    panic,
    rune_at,
)
from ._types import INT32, error
from .io import EOF, put, read_chunk
from .iter import Seq

__all__ = [
    "MIN_READ",
    "Buffer",
    "ErrTooLarge",
    "Reader",
    "clone",
    "compare",
    "contains",
    "contains_any",
    "contains_func",
    "contains_rune",
    "count",
    "cut",
    "cut_last",
    "cut_prefix",
    "cut_suffix",
    "equal",
    "equal_fold",
    "fields",
    "fields_func",
    "fields_func_seq",
    "fields_seq",
    "has_prefix",
    "has_suffix",
    "index",
    "index_any",
    "index_byte",
    "index_func",
    "index_rune",
    "join",
    "last_index",
    "last_index_any",
    "last_index_byte",
    "last_index_func",
    "lines",
    "map",
    "new_buffer",
    "new_buffer_string",
    "new_reader",
    "repeat",
    "replace",
    "replace_all",
    "runes",
    "split",
    "split_after",
    "split_after_n",
    "split_after_seq",
    "split_n",
    "split_seq",
    "title",
    "to_lower",
    "to_title",
    "to_upper",
    "to_valid_utf8",
    "trim",
    "trim_func",
    "trim_left",
    "trim_left_func",
    "trim_prefix",
    "trim_right",
    "trim_right_func",
    "trim_space",
    "trim_suffix",
]

MIN_READ: Final = 512
ErrTooLarge: Final = new_error("bytes.Buffer: too large")
_Bytes = Sequence[int]


def _text(b: _Bytes) -> str:
    return decode(bytes_of(b))


def _new(s: str) -> Slice[int]:
    return byte_slice(encode(s))


def _part(b: Any, i: int, j: int) -> Slice[int]:
    """Return the part of b from i to j, with no room to append in b."""
    s = b if isinstance(b, Slice) else Slice(b)
    return s[i:j:j]


def _tail(b: Any, i: int, j: int) -> Any:
    """Return the part of b from i to j, which may be appended to as in Go.

    It is nil if it is empty and i is the end.
    """
    s = b if isinstance(b, Slice) else Slice(b)
    return s[i:j]


# --- comparing and searching ------------------------------------------------------------------------------


def equal(a: _Bytes, b: _Bytes) -> bool:
    return bytes_of(a) == bytes_of(b)


def compare(a: _Bytes, b: _Bytes) -> int:
    x, y = bytes_of(a), bytes_of(b)
    return (x > y) - (x < y)


def equal_fold(s: _Bytes, t: _Bytes) -> bool:
    return strings.equal_fold(_text(s), _text(t))


def contains(b: _Bytes, subslice: _Bytes) -> bool:
    return bytes_of(subslice) in bytes_of(b)


def contains_any(b: _Bytes, chars: str) -> bool:
    return strings.contains_any(_text(b), chars)


def contains_func(b: _Bytes, f: Callable[[int], bool]) -> bool:
    return strings.contains_func(_text(b), f)


def contains_rune(b: _Bytes, r: int) -> bool:
    return strings.contains_rune(_text(b), r)


def count(s: _Bytes, sep: _Bytes) -> int:
    return strings.count(_text(s), _text(sep))


def has_prefix(s: _Bytes, prefix: _Bytes) -> bool:
    return bytes_of(s).startswith(bytes_of(prefix))


def has_suffix(s: _Bytes, suffix: _Bytes) -> bool:
    return bytes_of(s).endswith(bytes_of(suffix))


def index(s: _Bytes, sep: _Bytes) -> int:
    return bytes_of(s).find(bytes_of(sep))


def last_index(s: _Bytes, sep: _Bytes) -> int:
    return bytes_of(s).rfind(bytes_of(sep))


def index_byte(b: _Bytes, c: int) -> int:
    return bytes_of(b).find(c)


def last_index_byte(s: _Bytes, c: int) -> int:
    return bytes_of(s).rfind(c)


def index_any(s: _Bytes, chars: str) -> int:
    return strings.index_any(_text(s), chars)


def last_index_any(s: _Bytes, chars: str) -> int:
    return strings.last_index_any(_text(s), chars)


def index_func(s: _Bytes, f: Callable[[int], bool]) -> int:
    return strings.index_func(_text(s), f)


def last_index_func(s: _Bytes, f: Callable[[int], bool]) -> int:
    return strings.last_index_func(_text(s), f)


def index_rune(s: _Bytes, r: int) -> int:
    return strings.index_rune(_text(s), r)


# --- parts ------------------------------------------------------------------------------------------------


def _found(b: _Bytes, parts: list[str] | None) -> Slice[Slice[int]]:
    """Return the parts of b, in order, as slices of it."""
    if parts is None:
        return Slice()
    data = bytes_of(b)
    at = 0
    found = []
    for part in parts:
        piece = encode(part)
        at = data.index(piece, at)
        found.append(_part(b, at, at + len(piece)))
        at += len(piece)
    return make(found)


def fields(s: _Bytes) -> Slice[Slice[int]]:
    return _found(s, strings._fields(_text(s)))


def fields_func(s: _Bytes, f: Callable[[int], bool]) -> Slice[Slice[int]]:
    return _found(s, strings.fields_func(_text(s), f).tolist())


def fields_seq(s: _Bytes) -> Seq[Any]:
    return Seq(lambda: iter(fields(s)))


def fields_func_seq(s: _Bytes, f: Callable[[int], bool]) -> Seq[Any]:
    return Seq(lambda: iter(fields_func(s, f)))


def _pieces(s: _Bytes, sep: _Bytes, n: int, keep: bool) -> Slice[Slice[int]]:
    if n == 0:
        return Slice()
    if not sep:
        return _found(s, strings._split(_text(s), "", n))
    data, mark = bytes_of(s), bytes_of(sep)
    found: list[Any] = []
    at = 0
    while n < 0 or len(found) < n - 1:
        end = data.find(mark, at)
        if end < 0:
            break
        found.append(_part(s, at, end + (len(mark) if keep else 0)))
        at = end + len(mark)
    found.append(_tail(s, at, len(data)))
    return make(found)


def split(s: _Bytes, sep: _Bytes) -> Slice[Slice[int]]:
    return _pieces(s, sep, -1, False)


def split_n(s: _Bytes, sep: _Bytes, n: int) -> Slice[Slice[int]]:
    return _pieces(s, sep, n, False)


def split_after(s: _Bytes, sep: _Bytes) -> Slice[Slice[int]]:
    return _pieces(s, sep, -1, True)


def split_after_n(s: _Bytes, sep: _Bytes, n: int) -> Slice[Slice[int]]:
    return _pieces(s, sep, n, True)


def split_seq(s: _Bytes, sep: _Bytes) -> Seq[Any]:
    return Seq(lambda: iter(split(s, sep)))


def split_after_seq(s: _Bytes, sep: _Bytes) -> Seq[Any]:
    return Seq(lambda: iter(split_after(s, sep)))


def lines(s: _Bytes) -> Seq[Any]:
    def start() -> Iterator[Any]:
        data = bytes_of(s)
        at = 0
        while at < len(data):
            end = data.find(b"\n", at) + 1 or len(data)
            yield _part(s, at, end)
            at = end

    return Seq(start)


def cut(s: Slice[int], sep: _Bytes) -> tuple[Slice[int], Slice[int], bool]:
    i = index(s, sep)
    if i < 0:
        return s, nil_bytes(), False
    return _tail(s, 0, i), _tail(s, i + len(sep), len(s)), True


def cut_last(s: Slice[int], sep: _Bytes) -> tuple[Slice[int], Slice[int], bool]:
    i = last_index(s, sep)
    if i < 0:
        return s, nil_bytes(), False
    return _tail(s, 0, i), _tail(s, i + len(sep), len(s)), True


def cut_prefix(s: Slice[int], prefix: _Bytes) -> tuple[Slice[int], bool]:
    if not has_prefix(s, prefix):
        return s, False
    return _tail(s, len(prefix), len(s)), True


def cut_suffix(s: Slice[int], suffix: _Bytes) -> tuple[Slice[int], bool]:
    if not has_suffix(s, suffix):
        return s, False
    return _tail(s, 0, len(s) - len(suffix)), True


def trim_prefix(s: Slice[int], prefix: _Bytes) -> Slice[int]:
    return cut_prefix(s, prefix)[0]


def trim_suffix(s: Slice[int], suffix: _Bytes) -> Slice[int]:
    return cut_suffix(s, suffix)[0]


def _trimmed(s: _Bytes, left: str, both: str) -> Slice[int]:
    """Return the part of s that is left, given the text without its front, and without front and end."""
    start = len(s) - len(encode(left))
    size = len(encode(both))
    # A slice of which nothing is left is nil.
    return _tail(s, start, start + size) if size else nil_bytes()


def trim_func(s: _Bytes, f: Callable[[int], bool]) -> Slice[int]:
    left = strings.trim_left_func(_text(s), f)
    return _trimmed(s, left, strings.trim_right_func(left, f))


def trim_left_func(s: _Bytes, f: Callable[[int], bool]) -> Slice[int]:
    left = strings.trim_left_func(_text(s), f)
    return _trimmed(s, left, left)


def trim_right_func(s: _Bytes, f: Callable[[int], bool]) -> Slice[int]:
    text = _text(s)
    return _trimmed(s, text, strings.trim_right_func(text, f))


def trim(s: _Bytes, cutset: str) -> Slice[int]:
    left = strings.trim_left(_text(s), cutset)
    return _trimmed(s, left, strings.trim_right(left, cutset))


def trim_left(s: _Bytes, cutset: str) -> Slice[int]:
    left = strings.trim_left(_text(s), cutset)
    return _trimmed(s, left, left)


def trim_right(s: _Bytes, cutset: str) -> Slice[int]:
    text = _text(s)
    return _trimmed(s, text, strings.trim_right(text, cutset))


def trim_space(s: _Bytes) -> Slice[int]:
    text = _text(s)
    return _trimmed(s, text.lstrip(strings._SPACES), strings.trim_space(text))


# --- new slices -------------------------------------------------------------------------------------------


def clone(b: Any) -> Slice[int]:
    if isinstance(b, Slice) and b.is_nil:
        return b
    return byte_slice(bytes_of(b))


def join(s: Sequence[_Bytes], sep: _Bytes) -> Slice[int]:
    return byte_slice(bytes_of(sep).join(builtins.map(bytes_of, s)))


def repeat(b: _Bytes, count: int) -> Slice[int]:
    if count < 0:
        panic("bytes: negative Repeat count")
    return byte_slice(bytes_of(b) * count)


def replace(s: _Bytes, old: _Bytes, new: _Bytes, n: int) -> Slice[int]:
    return _new(strings.replace(_text(s), _text(old), _text(new), n))


def replace_all(s: _Bytes, old: _Bytes, new: _Bytes) -> Slice[int]:
    return replace(s, old, new, -1)


def runes(s: _Bytes) -> Slice[int]:
    return make([0xFFFD if 0xDC80 <= r <= 0xDCFF else r for r in builtins.map(ord, _text(s))], INT32)


def map(mapping: Callable[[int], int], s: _Bytes) -> Slice[int]:
    return _new(strings.map(mapping, _text(s)))


def title(s: _Bytes) -> Slice[int]:
    return _new(strings.title(_text(s)))


def to_lower(s: _Bytes) -> Slice[int]:
    return _new(strings.to_lower(_text(s)))


def to_upper(s: _Bytes) -> Slice[int]:
    return _new(strings.to_upper(_text(s)))


def to_title(s: _Bytes) -> Slice[int]:
    return _new(strings.to_title(_text(s)))


def to_valid_utf8(s: _Bytes, replacement: _Bytes) -> Slice[int]:
    return _new(strings.to_valid_utf8(_text(s), _text(replacement)))


# --- Buffer and Reader ------------------------------------------------------------------------------------


class Buffer:
    """Go's bytes.Buffer."""

    __slots__ = ("_at", "_data", "_last")

    def __init__(self, buf: Any = None) -> None:
        self._data = bytearray(() if buf is None else bytes_of(buf))
        self._at = 0
        self._last = 0  # what the last read took, if it can be given back: a byte is -1, a rune its size

    def bytes(self) -> Slice[int]:
        return byte_slice(self._data[self._at :])

    def string(self) -> str:
        return decode(self._data[self._at :])

    def __str__(self) -> str:
        return self.string()

    def len(self) -> int:
        return len(self._data) - self._at

    def cap(self) -> int:
        return max(len(self._data), 64)

    def available(self) -> int:
        return self.cap() - len(self._data)

    def grow(self, n: int) -> None:
        if n < 0:
            panic("bytes.Buffer.Grow: negative count")

    def reset(self) -> None:
        self._data = bytearray()
        self._at = self._last = 0

    def truncate(self, n: int) -> None:
        if n == 0:
            self.reset()
            return
        self._last = 0
        if not 0 <= n <= self.len():
            panic("bytes.Buffer: truncation out of range")
        del self._data[self._at + n :]

    def write(self, p: _Bytes) -> tuple[int, None]:
        return self._write(bytes_of(p))

    def _write(self, data: builtins.bytes) -> tuple[int, None]:
        self._last = 0
        self._data += data
        return len(data), None

    def write_string(self, s: str) -> tuple[int, None]:
        return self._write(encode(s))

    def write_byte(self, c: int) -> None:
        self._write(builtins.bytes((c,)))

    def write_rune(self, r: int) -> tuple[int, None]:
        return self._write(char(r).encode())

    def read(self, p: Any) -> tuple[int, error]:
        data, err = self._read(len(p))
        return fill(p, data), err

    def _read(self, n: int) -> tuple[builtins.bytes, error]:
        self._last = 0
        if self._at >= len(self._data):
            self.reset()
            return b"", EOF if n else None
        data = self._take(n)
        if data:
            self._last = -1
        return data, None

    def _take(self, n: int) -> builtins.bytes:
        data = builtins.bytes(self._data[self._at : self._at + n])
        self._at += len(data)
        return data

    def next(self, n: int) -> Slice[int]:
        data = self._take(n)
        self._last = -1 if data else 0
        return byte_slice(data)

    def read_byte(self) -> tuple[int, error]:
        if self._at >= len(self._data):
            self.reset()
            return 0, EOF
        self._last = -1
        return self._take(1)[0], None

    def read_rune(self) -> tuple[int, int, error]:
        if self._at >= len(self._data):
            self.reset()
            return 0, 0, EOF
        r, size = rune_at(builtins.bytes(self._data[self._at : self._at + 4]), 0)
        self._at += size
        self._last = size
        return r, size, None

    def unread_byte(self) -> error:
        if self._last == 0:
            return new_error("bytes.Buffer: UnreadByte: previous operation was not a successful read")
        self._last = 0
        self._at -= 1
        return None

    def unread_rune(self) -> error:
        if self._last <= 0:
            return new_error("bytes.Buffer: UnreadRune: previous operation was not a successful ReadRune")
        self._at -= self._last
        self._last = 0
        return None

    def _through(self, delim: int) -> tuple[builtins.bytes, error]:
        end = self._data.find(delim, self._at)
        data = self._take((end + 1 if end >= 0 else len(self._data)) - self._at)
        self._last = -1
        return data, None if end >= 0 else EOF

    def read_bytes(self, delim: int) -> tuple[Slice[int], error]:
        data, err = self._through(delim)
        return byte_slice(data), err

    def read_string(self, delim: int) -> tuple[str, error]:
        data, err = self._through(delim)
        return decode(data), err

    def peek(self, n: int) -> tuple[Slice[int], error]:
        data = self._data[self._at : self._at + n]
        return byte_slice(data), None if len(data) == n else EOF

    def read_from(self, r: Any) -> tuple[int, error]:
        self._last = 0
        done = 0
        while True:
            data, err = read_chunk(r, 65536)
            self._data += data
            done += len(data)
            if err is not None:
                return done, None if err is EOF else err

    def write_to(self, w: Any) -> tuple[int, error]:
        self._last = 0
        rest = builtins.bytes(self._data[self._at :])
        n = 0
        if rest:
            n, err = put(w, rest)
            if n > len(rest):
                panic("bytes.Buffer.WriteTo: invalid Write count")
            self._at += n
            if err is not None:
                return n, err
            if n != len(rest):
                from .io import ErrShortWrite

                return n, ErrShortWrite
        self.reset()
        return n, None


def new_buffer(buf: Any) -> Buffer:
    return Buffer(buf)


def new_buffer_string(s: str) -> Buffer:
    return Buffer(encode(s))


class Reader(strings.Reader):
    """Go's bytes.Reader."""

    __slots__ = ()
    _KIND = "bytes"
    _NOUN = "slice"

    def __init__(self, b: Any = b"") -> None:
        super().__init__(b)

    def reset(self, b: Any) -> None:
        super().reset(decode(bytes_of(b)))


def new_reader(b: Any) -> Reader:
    return Reader(b)
