"""Go's package encoding/binary: the byte orders and varints."""

from __future__ import annotations

import sys
from typing import Any, Final, Literal

from ._common import GoError, Slice, append_bytes, bytes_of, fill, new_error
from ._types import error
from .io import EOF, ErrUnexpectedEOF

__all__ = [
    "MAX_VARINT_LEN16",
    "MAX_VARINT_LEN32",
    "MAX_VARINT_LEN64",
    "ByteOrder",
    "append_uvarint",
    "append_varint",
    "big_endian",
    "little_endian",
    "native_endian",
    "put_uvarint",
    "put_varint",
    "read_uvarint",
    "read_varint",
    "uvarint",
    "varint",
]

MAX_VARINT_LEN16: Final = 3
MAX_VARINT_LEN32: Final = 5
MAX_VARINT_LEN64: Final = 10


class ByteOrder:
    """Go's binary.ByteOrder and AppendByteOrder."""

    __slots__ = ("_name", "_order")

    def __init__(self, order: Literal["big", "little"], name: str) -> None:
        self._order: Literal["big", "little"] = order
        self._name = name

    def string(self) -> str:
        return self._name

    __str__ = string

    def _get(self, b: Any, n: int) -> int:
        if len(b) < n:
            raise GoError(f"index out of range [{n - 1}] with length {len(b)}", "runtime.boundsError")
        return int.from_bytes(bytes_of(b[:n]), self._order)

    def _put(self, b: Any, v: int, n: int) -> None:
        if len(b) < n:
            raise GoError(f"index out of range [{n - 1}] with length {len(b)}", "runtime.boundsError")
        fill(b, v.to_bytes(n, self._order))

    def _append(self, b: Any, v: int, n: int) -> Slice[int]:
        return append_bytes(b, v.to_bytes(n, self._order))

    def uint16(self, b: Any) -> int:
        return self._get(b, 2)

    def uint32(self, b: Any) -> int:
        return self._get(b, 4)

    def uint64(self, b: Any) -> int:
        return self._get(b, 8)

    def put_uint16(self, b: Any, v: int) -> None:
        self._put(b, v, 2)

    def put_uint32(self, b: Any, v: int) -> None:
        self._put(b, v, 4)

    def put_uint64(self, b: Any, v: int) -> None:
        self._put(b, v, 8)

    def append_uint16(self, b: Any, v: int) -> Slice[int]:
        return self._append(b, v, 2)

    def append_uint32(self, b: Any, v: int) -> Slice[int]:
        return self._append(b, v, 4)

    def append_uint64(self, b: Any, v: int) -> Slice[int]:
        return self._append(b, v, 8)


big_endian: Final = ByteOrder("big", "BigEndian")
little_endian: Final = ByteOrder("little", "LittleEndian")
native_endian: Final = ByteOrder(sys.byteorder, "NativeEndian")


def _uvarint_bytes(x: int) -> bytes:
    out = bytearray()
    while x >= 0x80:
        out.append(x & 0x7F | 0x80)
        x >>= 7
    out.append(x)
    return bytes(out)


def _varint_bytes(x: int) -> bytes:
    return _uvarint_bytes(x << 1 if x >= 0 else ~(x << 1))


def append_uvarint(buf: Any, x: int) -> Slice[int]:
    return append_bytes(buf, _uvarint_bytes(x))


def append_varint(buf: Any, x: int) -> Slice[int]:
    return append_bytes(buf, _varint_bytes(x))


def _put(buf: Any, data: bytes) -> int:
    if len(buf) < len(data):
        raise GoError(f"index out of range [{len(buf)}] with length {len(buf)}", "runtime.boundsError")
    return fill(buf, data)


def put_uvarint(buf: Any, x: int) -> int:
    return _put(buf, _uvarint_bytes(x))


def put_varint(buf: Any, x: int) -> int:
    return _put(buf, _varint_bytes(x))


def uvarint(buf: Any) -> tuple[int, int]:
    x = 0
    for i, b in enumerate(buf):
        if i == MAX_VARINT_LEN64 or (b < 0x80 and i == MAX_VARINT_LEN64 - 1 and b > 1):
            return 0, -(i + 1)
        if b < 0x80:
            return x | b << 7 * i, i + 1
        x |= (b & 0x7F) << 7 * i
    return 0, 0


def _signed(x: int) -> int:
    return ~(x >> 1) if x & 1 else x >> 1


def varint(buf: Any) -> tuple[int, int]:
    x, n = uvarint(buf)
    return _signed(x), n


def read_uvarint(r: Any) -> tuple[int, error]:
    x = 0
    for i in range(MAX_VARINT_LEN64):
        b, err = r.read_byte()
        if err is not None:
            return x, ErrUnexpectedEOF if i > 0 and err is EOF else err
        if b < 0x80:
            if i == MAX_VARINT_LEN64 - 1 and b > 1:
                break
            return x | b << 7 * i, None
        x |= (b & 0x7F) << 7 * i
    return x & 0xFFFFFFFFFFFFFFFF, new_error("binary: varint overflows a 64-bit integer")


def read_varint(r: Any) -> tuple[int, error]:
    x, err = read_uvarint(r)
    return _signed(x), err
