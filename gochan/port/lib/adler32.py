"""Go's package hash/adler32."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

from ._common import bytes_of
from .hash import Base

__all__ = ["SIZE", "checksum", "new"]

SIZE: Final = 4


class _Adler(Base):
    def __init__(self) -> None:
        self._value = 1

    def reset(self) -> None:
        self._value = 1

    def size(self) -> int:
        return SIZE

    def block_size(self) -> int:
        return 4

    def _update(self, data: bytes) -> None:
        self._value = zlib.adler32(data, self._value)

    def _digest(self) -> bytes:
        return self._value.to_bytes(SIZE, "big")

    def sum32(self) -> int:
        return self._value


def new() -> _Adler:
    return _Adler()


def checksum(data: Sequence[int]) -> int:
    return zlib.adler32(bytes_of(data))
