"""Go's package crypto/sha512."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from ._common import bytes_of
from .hash import Digest

__all__ = [
    "BLOCK_SIZE",
    "SIZE",
    "SIZE224",
    "SIZE256",
    "SIZE384",
    "new",
    "new384",
    "new512_224",
    "new512_256",
    "sum384",
    "sum512",
    "sum512_224",
    "sum512_256",
]

BLOCK_SIZE: Final = 128
SIZE: Final = 64
SIZE384: Final = 48
SIZE256: Final = 32
SIZE224: Final = 28


def new() -> Digest:
    return Digest(hashlib.sha512)


def new384() -> Digest:
    return Digest(hashlib.sha384)


# OpenSSL has these; without it, hashlib raises ValueError.
def _sha512_256() -> hashlib._Hash:
    return hashlib.new("sha512_256")


def _sha512_224() -> hashlib._Hash:
    return hashlib.new("sha512_224")


def new512_256() -> Digest:
    return Digest(_sha512_256)


def new512_224() -> Digest:
    return Digest(_sha512_224)


def sum512_256(data: Sequence[int]) -> list[int]:
    return list(hashlib.new("sha512_256", bytes_of(data)).digest())


def sum512_224(data: Sequence[int]) -> list[int]:
    return list(hashlib.new("sha512_224", bytes_of(data)).digest())


def sum512(data: Sequence[int]) -> list[int]:
    return list(hashlib.sha512(bytes_of(data)).digest())


def sum384(data: Sequence[int]) -> list[int]:
    return list(hashlib.sha384(bytes_of(data)).digest())
