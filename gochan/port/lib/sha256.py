"""Go's package crypto/sha256."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from ._common import bytes_of
from .hash import Digest

__all__ = ["BLOCK_SIZE", "SIZE", "SIZE224", "new", "new224", "sum224", "sum256"]

BLOCK_SIZE: Final = 64
SIZE: Final = 32
SIZE224: Final = 28


def new() -> Digest:
    return Digest(hashlib.sha256)


def new224() -> Digest:
    return Digest(hashlib.sha224)


def sum256(data: Sequence[int]) -> list[int]:
    return list(hashlib.sha256(bytes_of(data)).digest())


def sum224(data: Sequence[int]) -> list[int]:
    return list(hashlib.sha224(bytes_of(data)).digest())
