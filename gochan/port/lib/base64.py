"""Go's package encoding/base64."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ._common import Slice, append_bytes, byte_slice, bytes_of, decode, encode, fill, panic
from ._types import error as _error
from .io import EOF, put, read_chunk

__all__ = [
    "NO_PADDING",
    "STD_PADDING",
    "CorruptInputError",
    "Encoding",
    "new_decoder",
    "new_encoder",
    "new_encoding",
    "raw_std_encoding",
    "raw_url_encoding",
    "std_encoding",
    "url_encoding",
]

STD_PADDING: Final = 0x3D
NO_PADDING: Final = -1


class CorruptInputError(int):
    """Go's base64.CorruptInputError: the index of the byte that is wrong."""

    __go_name__ = "base64.CorruptInputError"

    def error(self) -> str:
        return f"illegal base64 data at input byte {int(self)}"

    __str__ = error


class Encoding:
    """Go's base64.Encoding."""

    def __init__(self, encoder: str, pad: int = STD_PADDING, strict: bool = False) -> None:
        self._alphabet = encode(encoder)
        self._values = {c: i for i, c in enumerate(self._alphabet)}
        self._pad = pad
        self._strict = strict

    def with_padding(self, padding: int) -> Encoding:
        if padding in (10, 13) or padding > 0xFF or padding < NO_PADDING:
            panic("invalid padding character")
        if padding in self._values:
            panic("padding contained in alphabet")
        return Encoding(decode(self._alphabet), padding, self._strict)

    def strict(self) -> Encoding:
        return Encoding(decode(self._alphabet), self._pad, True)

    def encoded_len(self, n: int) -> int:
        return n // 3 * 4 + (n % 3 * 8 + 5) // 6 if self._pad == NO_PADDING else (n + 2) // 3 * 4

    def decoded_len(self, n: int) -> int:
        return n * 6 // 8 if self._pad == NO_PADDING else n // 4 * 3

    def _encoded(self, data: bytes) -> bytes:
        out = bytearray()
        letters = self._alphabet
        for i in range(0, len(data), 3):
            part = data[i : i + 3]
            v = int.from_bytes(part.ljust(3, b"\0"), "big")
            quad = bytes((letters[v >> 18], letters[v >> 12 & 63], letters[v >> 6 & 63], letters[v & 63]))
            out += quad[: len(part) + 1]
            if len(part) < 3 and self._pad != NO_PADDING:
                out += bytes([self._pad]) * (3 - len(part))
        return bytes(out)

    def _decoded(self, src: bytes) -> tuple[bytes, _error]:
        out = bytearray()
        at = 0
        n = len(src)
        while True:
            v = j = 0
            at_end = False
            failure = None
            while j < 4:
                if at == n:
                    if j == 0:
                        return bytes(out), None
                    if j == 1 or self._pad != NO_PADDING:
                        return bytes(out), CorruptInputError(at - j)
                    at_end = True
                    break
                c = src[at]
                at += 1
                if c in self._values:
                    v = v << 6 | self._values[c]
                    j += 1
                    continue
                if c in b"\r\n":
                    continue
                if c != self._pad or j < 2:
                    return bytes(out), CorruptInputError(at - 1)
                if j == 2:
                    at = self._skip(src, at)
                    if at == n:
                        return bytes(out), CorruptInputError(n)
                    if src[at] != self._pad:
                        return bytes(out), CorruptInputError(at - 1)
                    at += 1
                at = self._skip(src, at)
                if at < n:
                    failure = CorruptInputError(at)
                at_end = True
                break
            if at_end and self._strict and v & ((1 << (6 * j - 8 * (j * 6 // 8))) - 1):
                return bytes(out), CorruptInputError(at - 1)
            size = j * 6 // 8
            out += (v >> (j * 6 - size * 8)).to_bytes(size, "big")
            if at_end:
                return bytes(out), failure

    @staticmethod
    def _skip(src: bytes, at: int) -> int:
        while at < len(src) and src[at] in b"\r\n":
            at += 1
        return at

    def encode_to_string(self, src: Sequence[int]) -> str:
        return self._encoded(bytes_of(src)).decode("latin-1")

    def decode_string(self, s: str) -> tuple[Slice[int], _error]:
        data, err = self._decoded(encode(s))
        return byte_slice(data), err

    def encode(self, dst: Any, src: Sequence[int]) -> None:
        fill(dst, self._encoded(bytes_of(src)))

    def decode(self, dst: Any, src: Sequence[int]) -> tuple[int, _error]:
        data, err = self._decoded(bytes_of(src))
        return fill(dst, data), err

    def append_encode(self, dst: Any, src: Sequence[int]) -> Slice[int]:
        return append_bytes(dst, self._encoded(bytes_of(src)))

    def append_decode(self, dst: Any, src: Sequence[int]) -> tuple[Slice[int], _error]:
        data, err = self._decoded(bytes_of(src))
        return append_bytes(dst, data), err


def new_encoding(encoder: str) -> Encoding:
    if len(encode(encoder)) != 64:
        panic("encoding alphabet is not 64-bytes long")
    return Encoding(encoder)


_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
std_encoding: Final = Encoding(_LETTERS + "+/")
url_encoding: Final = Encoding(_LETTERS + "-_")
raw_std_encoding: Final = std_encoding.with_padding(NO_PADDING)
raw_url_encoding: Final = url_encoding.with_padding(NO_PADDING)


class _Encoder:
    def __init__(self, enc: Encoding, w: Any) -> None:
        self._enc = enc
        self._w = w
        self._rest = b""

    def write(self, p: Any) -> tuple[int, _error]:
        data = self._rest + bytes_of(p)
        whole = len(data) // 3 * 3
        self._rest = data[whole:]
        return len(p), put(self._w, self._enc._encoded(data[:whole]))[1] if whole else None

    def close(self) -> _error:
        rest, self._rest = self._rest, b""
        return put(self._w, self._enc._encoded(rest))[1] if rest else None


def new_encoder(enc: Encoding, w: Any) -> Any:
    return _Encoder(enc, w)


class _Decoder:
    """Reads all of its source with the first read."""

    def __init__(self, enc: Encoding, r: Any) -> None:
        self._enc = enc
        self._r = r
        self._data: bytes | None = None
        self._err: Any = None

    def read(self, p: Any) -> tuple[int, _error]:
        if self._data is None:
            source = b""
            err = None
            while err is None:
                part, err = read_chunk(self._r, 65536)
                source += part
            self._data, self._err = self._enc._decoded(source)
            self._err = self._err or err
        if not self._data:
            return 0, self._err or EOF
        n = fill(p, self._data)
        self._data = self._data[n:]
        return n, None


def new_decoder(enc: Encoding, r: Any) -> Any:
    return _Decoder(enc, r)
