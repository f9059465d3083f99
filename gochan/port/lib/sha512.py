"""Go's package crypto/sha512."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from ._common import bytes_of
from .hash import Digest

__all__ = ["BLOCK_SIZE", "SIZE", "SIZE384", "new", "new384", "sum384", "sum512"]

BLOCK_SIZE: Final = 128
SIZE: Final = 64
SIZE384: Final = 48


def new() -> Digest:
    return Digest(hashlib.sha512)


def new384() -> Digest:
    return Digest(hashlib.sha384)


def sum512(data: Sequence[int]) -> list[int]:
    return list(hashlib.sha512(bytes_of(data)).digest())


def sum384(data: Sequence[int]) -> list[int]:
    return list(hashlib.sha384(bytes_of(data)).digest())
