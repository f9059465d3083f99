"""Go's package crypto/sha1."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from ._common import bytes_of
from .hash import Digest

__all__ = ["BLOCK_SIZE", "SIZE", "new", "sum"]

BLOCK_SIZE: Final = 64
SIZE: Final = 20


def new() -> Digest:
    return Digest(hashlib.sha1)


def sum(data: Sequence[int]) -> list[int]:
    return list(hashlib.sha1(bytes_of(data)).digest())
