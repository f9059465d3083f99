"""What the packages share: bytes, characters and runes, and slices from Python's lists.

A Go string is a str in which bytes that are not UTF-8 are surrogates (surrogateescape).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from ._panics import GoError, panic
from ._slices import Slice, append, append_all, copy_slice
from ._text import decode, encode, rune_str
from ._types import STRING, UINT8, GoType

__all__ = [
    "GoError",
    "Slice",
    "append",
    "append_all",
    "append_bytes",
    "byte_slice",
    "bytes_of",
    "char",
    "copy_slice",
    "decode",
    "encode",
    "fill",
    "make",
    "new_error",
    "nil_bytes",
    "overwrite",
    "panic",
    "rune",
    "rune_at",
    "rune_len",
    "strings_of",
]

T = TypeVar("T")

char = rune_str


def rune(c: str) -> int:
    """Return the rune of a character: U+FFFD for a byte that is not UTF-8."""
    r = ord(c)
    return 0xFFFD if 0xD800 <= r <= 0xDFFF else r


def rune_len(c: str) -> int:
    """Return the number of bytes of a character; a byte that is not UTF-8 has one."""
    r = ord(c)
    if r < 0x80:
        return 1
    if r < 0x800:
        return 2
    if r < 0x10000:
        return 1 if 0xD800 <= r <= 0xDFFF else 3
    return 4


def rune_at(data: bytes, at: int) -> tuple[int, int]:
    """Return the rune that begins at an index, and its number of bytes: U+FFFD and 1 if it is not UTF-8."""
    first = data[at]
    if first < 0x80:
        return first, 1
    size = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    try:
        return ord(data[at : at + size].decode()), size
    except (UnicodeDecodeError, TypeError):
        return 0xFFFD, 1


def make(values: Iterable[T], t: GoType | None = None) -> Slice[T]:
    """Return a slice of the values; `t` is the type of its elements."""
    return Slice._make(values if values.__class__ is list else list(values), t)


def strings_of(values: list[str] | None) -> Slice[str]:
    """Return a slice of strings; nil for None."""
    if values is not None:
        return Slice._make(values, STRING)
    made: Slice[str] = Slice()
    made._t = STRING
    return made


def nil_bytes() -> Slice[int]:
    """Return a nil []byte."""
    made: Slice[int] = Slice()
    made._t = UINT8
    return made


def append_bytes(dst: Any, data: bytes) -> Slice[int]:
    """Return a []byte, which may be nil, with bytes after its elements."""
    if dst is None or (dst.__class__ is Slice and dst.is_nil):
        dst = nil_bytes()
    return append_all(Slice(dst), data)


def bytes_of(p: Sequence[int] | bytes) -> bytes:
    """Return a []byte as bytes."""
    return p if p.__class__ is bytes else bytes(p)


def byte_slice(data: bytes | bytearray) -> Slice[int]:
    """Return bytes as a []byte."""
    return Slice._make(list(data), UINT8)


def overwrite(s: Any, values: Sequence[Any]) -> None:
    """Overwrite all elements of a slice or list."""
    if isinstance(s, Slice):
        s.replace(values)
    else:
        s[:] = values


def fill(p: Any, data: Sequence[int]) -> int:
    """Copy data to the front of a slice or list, as much as it has room for; return how much."""
    n = min(len(p), len(data))
    if isinstance(p, Slice):
        p._a[p._o : p._o + n] = data[:n]
    else:
        p[:n] = data[:n]
    return n


def new_error(text: str) -> Exception:
    """Return an error with a text: errors.New."""
    from .errors import new

    return new(text)
