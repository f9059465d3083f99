"""Go's package encoding/hex."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ._common import Slice, append_bytes, byte_slice, bytes_of, fill, new_error
from ._common import encode as _encode
from ._types import error as _error
from .strconv import quote_rune

__all__ = [
    "ErrLength",
    "InvalidByteError",
    "append_decode",
    "append_encode",
    "decode",
    "decode_string",
    "decoded_len",
    "dump",
    "encode",
    "encode_to_string",
    "encoded_len",
]

ErrLength: Final = new_error("encoding/hex: odd length hex string")


class InvalidByteError(int):
    """Go's hex.InvalidByteError."""

    __go_name__ = "hex.InvalidByteError"

    def error(self) -> str:
        return f"encoding/hex: invalid byte: U+{int(self):04X} {quote_rune(int(self))}"

    __str__ = error


def encoded_len(n: int) -> int:
    return n * 2


def decoded_len(x: int) -> int:
    return x // 2


def encode_to_string(src: Sequence[int]) -> str:
    return bytes_of(src).hex()


def encode(dst: Any, src: Sequence[int]) -> int:
    return fill(dst, bytes_of(src).hex().encode())


def append_encode(dst: Any, src: Sequence[int]) -> Slice[int]:
    return append_bytes(dst, bytes_of(src).hex().encode())


def _decoded(data: bytes) -> tuple[bytes, _error]:
    out = bytearray()
    for i in range(0, len(data) - 1, 2):
        for c in data[i : i + 2]:
            if c not in b"0123456789abcdefABCDEF":
                return bytes(out), InvalidByteError(c)
        out.append(int(data[i : i + 2], 16))
    if len(data) % 2:
        if data[-1] not in b"0123456789abcdefABCDEF":
            return bytes(out), InvalidByteError(data[-1])
        return bytes(out), ErrLength
    return bytes(out), None


def decode(dst: Any, src: Sequence[int]) -> tuple[int, _error]:
    data, err = _decoded(bytes_of(src))
    return fill(dst, data), err


def decode_string(s: str) -> tuple[Slice[int], _error]:
    data, err = _decoded(_encode(s))
    return byte_slice(data), err


def append_decode(dst: Any, src: Sequence[int]) -> tuple[Slice[int], _error]:
    data, err = _decoded(bytes_of(src))
    return append_bytes(dst, data), err


def dump(data: Sequence[int]) -> str:
    lines = []
    raw = bytes_of(data)
    for i in range(0, len(raw), 16):
        part = raw[i : i + 16]
        cells = [f"{b:02x}" for b in part] + ["  "] * (16 - len(part))
        text = "".join(chr(b) if 32 <= b <= 126 else "." for b in part)
        lines.append(f"{i:08x}  {' '.join(cells[:8])}  {' '.join(cells[8:])}  |{text}|\n")
    return "".join(lines)
