"""Go's package hash, and what the packages of hash functions share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Protocol

from ._common import Slice, append_bytes, bytes_of, encode
from ._types import error

__all__ = ["Hash", "Hash32", "Hash64"]


class Hash(Protocol):
    """Go's hash.Hash."""

    def write(self, p: Any, /) -> tuple[int, error]: ...
    def sum(self, b: Any, /) -> Slice[int]: ...
    def reset(self) -> None: ...
    def size(self) -> int: ...
    def block_size(self) -> int: ...


class Hash32(Hash, Protocol):
    def sum32(self) -> int: ...


class Hash64(Hash, Protocol):
    def sum64(self) -> int: ...


class Base:
    """What is written to a hash function."""

    def write(self, p: Any) -> tuple[int, None]:
        return self._write(bytes_of(p))

    def write_string(self, s: str) -> tuple[int, None]:
        return self._write(encode(s))

    def _write(self, data: bytes) -> tuple[int, None]:
        self._update(data)
        return len(data), None

    def sum(self, b: Any) -> Slice[int]:
        return append_bytes(b, self._digest())

    def reset(self) -> None:
        raise NotImplementedError

    def size(self) -> int:
        raise NotImplementedError

    def block_size(self) -> int:
        raise NotImplementedError

    def _update(self, data: bytes) -> None:
        raise NotImplementedError

    def _digest(self) -> bytes:
        raise NotImplementedError


class Digest(Base):
    """A hash function of Python's hashlib."""

    def __init__(self, make: Callable[[], hashlib._Hash]) -> None:
        self._make = make
        self.reset()

    def reset(self) -> None:
        self._hash = self._make()

    def size(self) -> int:
        return self._hash.digest_size

    def block_size(self) -> int:
        return self._hash.block_size

    def _update(self, data: bytes) -> None:
        self._hash.update(data)

    def _digest(self) -> bytes:
        return self._hash.digest()
