"""Go's package hash/crc32."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from typing import Final

from ._common import bytes_of
from .hash import Base

__all__ = [
    "CASTAGNOLI",
    "IEEE",
    "KOOPMAN",
    "SIZE",
    "Table",
    "checksum",
    "checksum_ieee",
    "ieee_table",
    "make_table",
    "new",
    "new_ieee",
    "update",
]

SIZE: Final = 4
IEEE: Final = 0xEDB88320
CASTAGNOLI: Final = 0x82F63B78
KOOPMAN: Final = 0xEB31D82E


class Table(list[int]):
    """Go's crc32.Table."""


@cache
def make_table(poly: int) -> Table:
    table = Table()
    for i in range(256):
        crc = i
        for _ in range(8):
            crc = crc >> 1 ^ poly if crc & 1 else crc >> 1
        table.append(crc)
    return table


ieee_table: Final = make_table(IEEE)


def _updated(crc: int, tab: Table, data: bytes) -> int:
    if tab is ieee_table:
        return zlib.crc32(data, crc)
    crc ^= 0xFFFFFFFF
    for b in data:
        crc = tab[(crc ^ b) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def update(crc: int, tab: Table, p: Sequence[int]) -> int:
    return _updated(crc, tab, bytes_of(p))


def checksum(data: Sequence[int], tab: Table) -> int:
    return _updated(0, tab, bytes_of(data))


def checksum_ieee(data: Sequence[int]) -> int:
    return zlib.crc32(bytes_of(data))


class _Crc(Base):
    def __init__(self, tab: Table) -> None:
        self._tab = tab
        self._value = 0

    def reset(self) -> None:
        self._value = 0

    def size(self) -> int:
        return 4

    def block_size(self) -> int:
        return 1

    def _update(self, data: bytes) -> None:
        self._value = _updated(self._value, self._tab, data)

    def _digest(self) -> bytes:
        return self._value.to_bytes(4, "big")

    def sum32(self) -> int:
        return self._value


def new(tab: Table) -> _Crc:
    return _Crc(tab)


def new_ieee() -> _Crc:
    return _Crc(ieee_table)
