"""Go's package encoding/binary: the byte orders, varints, and values of fixed size."""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from typing import Any, Final, Literal

from ._common import GoError, Slice, append_bytes, byte_slice, bytes_of, fill, new_error
from ._json_decode import target_of
from ._types import GoType, error
from .fmt._printer import unpack
from .io import EOF, ErrUnexpectedEOF, put, read_full

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
    "read",
    "read_uvarint",
    "read_varint",
    "size",
    "uvarint",
    "varint",
    "write",
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

    @property
    def big(self) -> bool:
        return self._order == "big"

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


# --- values of fixed size ---------------------------------------------------------------------------------

# Their formats in Python's module struct.
_FORMATS: Final = {
    "bool": "?",
    "int8": "b",
    "uint8": "B",
    "int16": "h",
    "uint16": "H",
    "int32": "i",
    "uint32": "I",
    "int64": "q",
    "uint64": "Q",
    "float32": "f",
    "float64": "d",
    "complex64": "ff",
    "complex128": "dd",
}


def _format(t: GoType, length: int = -1) -> str | None:
    """Return the format of a type, or of a slice's `length` elements; None if its size is not fixed."""
    if t.kind in {"array", "slice"}:
        assert t.elem is not None
        each = _format(t.elem)
        count = t.length if t.kind == "array" else length
        return None if each is None or count < 0 else each * count
    if t.kind == "struct":
        parts = [_format(field.type) for field in t.fields]
        return None if None in parts else "".join(filter(None, parts))
    return _FORMATS.get(t.kind)


def _numbers(v: Any, t: GoType) -> Iterator[Any]:
    """Yield what a value is made of, in order."""
    if t.kind in {"array", "slice"}:
        assert t.elem is not None
        for item in v:
            yield from _numbers(item, t.elem)
    elif t.kind == "struct":
        for field in t.fields:
            yield from _numbers(getattr(v, field.name), field.type)
    elif t.kind in {"complex64", "complex128"}:
        yield from (v.real, v.imag)
    else:
        yield v


def _store(old: Any, t: GoType, numbers: Iterator[Any]) -> Any:
    """Return the next value of a type; slices, arrays and structs are filled in place."""
    if t.kind in {"array", "slice"}:
        assert t.elem is not None
        for i in range(len(old)):
            old[i] = _store(old[i], t.elem, numbers)
        return old
    if t.kind == "struct":
        for field in t.fields:
            setattr(old, field.name, _store(getattr(old, field.name), field.type, numbers))
        return old
    v = next(numbers)
    if t.kind in {"complex64", "complex128"}:
        v = complex(v, next(numbers))
    return v if t.cls is None or not issubclass(t.cls, v.__class__) else t.cls(v)


def _located(data: Any) -> tuple[GoType | None, Any, Any]:
    """Return the type of a value or of what it points to, the value, and the variable that has it."""
    target = target_of(data, None)
    if target is not None:
        return target
    v, t = unpack(data)
    return t, v, None


def _layout(order: ByteOrder, t: GoType | None, v: Any) -> struct.Struct | None:
    codes = None if t is None else _format(t, len(v) if t.kind == "slice" else -1)
    return None if codes is None else struct.Struct((">" if order.big else "<") + codes)


def _type_name(data: Any) -> str:
    t = unpack(data)[1]
    return "nil" if t is None else t.name


def size(v: Any) -> int:
    t, value, _ = _located(v)
    layout = _layout(big_endian, t, value)
    return -1 if layout is None else layout.size


def write(w: Any, order: ByteOrder, data: Any) -> error:
    t, v, _ = _located(data)
    layout = _layout(order, t, v)
    if layout is None or t is None:
        return new_error(f"binary.Write: some values are not fixed-sized in type {_type_name(data)}")
    return put(w, layout.pack(*_numbers(v, t)))[1]


def read(r: Any, order: ByteOrder, data: Any) -> error:
    t, v, variable = _located(data)
    layout = _layout(order, t, v)
    # What is neither a pointer nor a slice has no place to store to.
    if layout is None or t is None or (t.kind != "slice" and target_of(data, None) is None):
        return new_error(f"binary.Read: invalid type {_type_name(data)}")
    buf = byte_slice(bytes(layout.size))
    err = read_full(r, buf)[1]
    if err is not None:
        return err
    made = _store(v, t, iter(layout.unpack(bytes_of(buf))))
    if variable is not None:
        variable.v = made
    return None
