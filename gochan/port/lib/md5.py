"""Go's package crypto/md5."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from ._common import bytes_of
from .hash import Digest

__all__ = ["BLOCK_SIZE", "SIZE", "new", "sum"]

BLOCK_SIZE: Final = 64
SIZE: Final = 16


def new() -> Digest:
    return Digest(hashlib.md5)


def sum(data: Sequence[int]) -> list[int]:
    return list(hashlib.md5(bytes_of(data)).digest())
