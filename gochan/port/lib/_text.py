"""Strings: a str stands for Go's bytes in UTF-8; a byte that is not UTF-8 is a surrogate escape (PEP 383)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from ._panics import GoError, bounds_error
from ._slices import Slice
from ._types import INT32, STRING, UINT8, add_class

RUNE_ERROR = 0xFFFD
_STACK = 32  # the runes for which Go has room on the stack (runtime/string.go)


@lru_cache(maxsize=256)
def encode(s: str) -> bytes:
    """Return the bytes of a string.  The last few are kept, for loops that index one byte at a time."""
    return s.encode("utf-8", "surrogateescape")


class Escaped(str):
    """A string with bytes that are not UTF-8, such as a part of a rune.

    Where the parts of a rune meet, they become the rune again.

    >>> str_slice("é", 0, 1) + str_slice("é", 1) == "é"
    True
    """

    __slots__ = ()

    def __add__(self, other: str) -> str:
        return canonical(str.__add__(self, other))

    def __radd__(self, other: str) -> str:
        return canonical(str.__add__(other, self))


add_class(Escaped, STRING)


def decode(data: bytes | bytearray) -> str:
    """Return the string of some bytes."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return Escaped(data.decode("utf-8", "surrogateescape"))


def canonical(s: str) -> str:
    """Return the one str for the same bytes: where slices of a string meet, escaped bytes may form a rune."""
    if s.isascii():
        return s
    try:
        s.encode()
    except UnicodeEncodeError:
        return decode(s.encode("utf-8", "surrogateescape"))
    return s


def plain(s: str) -> str:
    """Return the str of a named string type.

    >>> class Name(str):
    ...     pass
    >>> type(plain(Name("bob")))
    <class 'str'>
    """
    return str.__str__(s)


def str_len(s: str) -> int:
    """Return the number of bytes: Go's len(s).

    >>> str_len("Zoë")
    4
    """
    return len(s) if s.isascii() else len(encode(s))


def str_at(s: str, i: int) -> int:
    """Return the byte at index i: Go's s[i]."""
    if s.isascii():
        if 0 <= i < len(s):
            return ord(s[i])
        raise bounds_error(i, len(s))
    data = encode(s)
    if 0 <= i < len(data):
        return data[i]
    raise bounds_error(i, len(data))


def str_slice(s: str, i: int | None = None, j: int | None = None) -> str:
    """Return the bytes from i to j: Go's s[i:j].

    >>> str_slice("Zoë", 1)
    'oë'
    """
    plain = s.isascii()
    n = len(s) if plain else len(encode(s))
    low = 0 if i is None else i
    high = n if j is None else j
    if 0 <= low <= high <= n:
        return s[low:high] if plain else decode(encode(s)[low:high])
    if not 0 <= high <= n:
        if high < 0:
            raise GoError(f"slice bounds out of range [:{high}]", "runtime.boundsError")
        raise GoError(f"slice bounds out of range [:{high}] with length {n}", "runtime.boundsError")
    if low < 0:
        raise GoError(f"slice bounds out of range [{low}:]", "runtime.boundsError")
    raise GoError(f"slice bounds out of range [{low}:{high}]", "runtime.boundsError")


def runes(s: str) -> Iterator[tuple[int, int]]:
    """Yield the byte index and the rune of each character: Go's range over a string.

    >>> list(runes("aë!"))
    [(0, 97), (1, 235), (3, 33)]
    """
    if s.isascii():
        return enumerate(s.encode())
    return _runes(s)


def _runes(s: str) -> Iterator[tuple[int, int]]:
    at = 0
    for c in canonical(s):
        r = ord(c)
        if r < 0x80:
            yield at, r
            at += 1
        elif 0xDC80 <= r <= 0xDCFF:
            yield at, RUNE_ERROR
            at += 1
        else:
            yield at, r
            at += 2 if r < 0x800 else 3 if r < 0x10000 else 4


def rune_str(r: int) -> str:
    """Return the string of one rune: Go's string(r).

    >>> rune_str(235)
    'ë'
    """
    if 0 <= r <= 0x10FFFF and not 0xD800 <= r <= 0xDFFF:
        return chr(r)
    return "\ufffd"


def to_bytes(s: str) -> Slice[int]:
    """Return a slice of the bytes: Go's []byte(s)."""
    return Slice._make(list(s.encode("utf-8", "surrogateescape")), UINT8)


def to_runes(s: str, *, on_stack: bool = False) -> Slice[int]:
    """Return a slice of the runes: Go's []rune(s).

    On the stack, Go has room for 32 runes, which the capacity shows.

    >>> len(to_runes("abc", on_stack=True)[:5])
    5
    """
    values = [RUNE_ERROR if 0xDC80 <= r <= 0xDCFF else r for r in map(ord, canonical(s))]
    made: Slice[int] = Slice._make(values, INT32)
    if on_stack and len(values) < _STACK:
        made._c = _STACK
    return made


def from_bytes(data: Iterable[int]) -> str:
    """Return the string of a slice of bytes: Go's string(data)."""
    return decode(bytes(data))


def from_runes(values: Iterable[int]) -> str:
    """Return the string of a slice of runes: Go's string(values)."""
    return "".join(map(rune_str, values))
