"""Go's package crypto/rand."""

from __future__ import annotations

import secrets
from typing import Any, Final

from . import big
from ._common import fill, panic
from ._types import error

__all__ = ["int", "read", "reader", "text"]


class _Reader:
    def read(self, p: Any) -> tuple[Any, error]:
        return fill(p, secrets.token_bytes(len(p))), None

    def _read(self, n: Any) -> tuple[bytes, None]:
        return secrets.token_bytes(n), None


reader: Final = _Reader()


def read(b: Any) -> tuple[Any, error]:
    return reader.read(b)


def int(rand: Any, max: big.Int) -> tuple[big.Int, None]:
    """Return a number in [0, max), of the system's random numbers."""
    if max._n <= 0:
        panic("crypto/rand: argument to Int is <= 0")
    return big.new_int(secrets.randbelow(max._n)), None


def text() -> str:
    return "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(26))
