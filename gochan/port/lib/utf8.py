"""Go's package unicode/utf8."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ._common import GoError, Slice, append_bytes, bytes_of, char, encode, fill, rune_at

__all__ = [
    "MAX_RUNE",
    "RUNE_ERROR",
    "RUNE_SELF",
    "UTF_MAX",
    "append_rune",
    "decode_last_rune",
    "decode_last_rune_in_string",
    "decode_rune",
    "decode_rune_in_string",
    "encode_rune",
    "full_rune",
    "full_rune_in_string",
    "rune_count",
    "rune_count_in_string",
    "rune_len",
    "rune_start",
    "valid",
    "valid_rune",
    "valid_string",
]

RUNE_ERROR: Final = 0xFFFD
RUNE_SELF: Final = 0x80
MAX_RUNE: Final = 0x10FFFF
UTF_MAX: Final = 4


def decode_rune(p: Sequence[int]) -> tuple[int, int]:
    data = bytes_of(p[: min(4, len(p))])
    return rune_at(data, 0) if data else (RUNE_ERROR, 0)


def decode_rune_in_string(s: str) -> tuple[int, int]:
    return decode_rune(encode(s[:4]))


def decode_last_rune(p: Sequence[int]) -> tuple[int, int]:
    data = bytes_of(p)
    if not data:
        return RUNE_ERROR, 0
    for start in range(len(data) - 1, max(len(data) - 5, -1), -1):
        if rune_start(data[start]):
            r, size = rune_at(data, start)
            if start + size == len(data):
                return r, size
            break
    return RUNE_ERROR, 1


def decode_last_rune_in_string(s: str) -> tuple[int, int]:
    return decode_last_rune(encode(s[-4:]))


def full_rune(p: Sequence[int]) -> bool:
    data = bytes_of(p[: min(4, len(p))])
    if not data:
        return False
    if rune_at(data, 0)[0] != RUNE_ERROR:
        return True
    # It is not full if some bytes more would make a character of it.
    return all(
        _invalid(data + more)
        for more in (b"\x80", b"\x80\x80", b"\x80\x80\x80", b"\x90\x80\x80", b"\xa0\x80")
    )


def _invalid(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError as exc:
        return exc.start == 0
    return False


def full_rune_in_string(s: str) -> bool:
    return full_rune(encode(s[:4]))


def rune_count(p: Sequence[int]) -> int:
    return len(bytes_of(p).decode("utf-8", "surrogateescape"))


def rune_count_in_string(s: str) -> int:
    return len(s)


def valid(p: Sequence[int]) -> bool:
    try:
        bytes_of(p).decode()
    except UnicodeDecodeError:
        return False
    return True


def valid_string(s: str) -> bool:
    try:
        s.encode()
    except UnicodeEncodeError:
        return False
    return True


def valid_rune(r: int) -> bool:
    return 0 <= r < 0xD800 or 0xDFFF < r <= MAX_RUNE


def rune_len(r: int) -> int:
    if not valid_rune(r):
        return -1
    return 1 if r < 0x80 else 2 if r < 0x800 else 3 if r < 0x10000 else 4


def rune_start(b: int) -> bool:
    return b & 0xC0 != 0x80


def append_rune(p: Any, r: int) -> Slice[int]:
    return append_bytes(p, char(r).encode())


def encode_rune(p: Any, r: int) -> int:
    data = char(r).encode()
    if len(p) < len(data):
        raise GoError(f"index out of range [{len(data) - 1}] with length {len(p)}", "runtime.boundsError")
    return fill(p, data)
