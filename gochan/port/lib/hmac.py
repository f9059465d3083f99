"""Go's package crypto/hmac."""

from __future__ import annotations

import hmac as _hmac
from collections.abc import Callable, Sequence
from typing import Any

from ._common import bytes_of
from .hash import Digest

__all__ = ["equal", "new"]


def new(h: Callable[[], Digest], key: Sequence[int]) -> Digest:
    digest: Any = h()._make
    secret = bytes_of(key)
    return Digest(lambda: _hmac.new(secret, digestmod=digest))  # type: ignore[arg-type, return-value]


def equal(mac1: Sequence[int], mac2: Sequence[int]) -> bool:
    return _hmac.compare_digest(bytes_of(mac1), bytes_of(mac2))
