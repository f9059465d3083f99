"""Go's package cmp."""

from __future__ import annotations

from typing import Any, TypeVar

from ._text import encode
from ._types import type_of
from ._zero import zero_of

__all__ = ["Ordered", "compare", "less", "or_"]

T = TypeVar("T")
Ordered = Any


def compare(x: Any, y: Any) -> int:
    """Return -1, 0 or 1; NaN is equal to NaN and less than any other number."""
    if x < y:
        if isinstance(x, str) and not (x.isascii() or y.isascii()):
            return -1 if encode(x) < encode(y) else 1
        return -1
    if x == y:
        return 0
    if x > y:
        if isinstance(x, str) and not (x.isascii() or y.isascii()):
            return 1 if encode(x) > encode(y) else -1
        return 1
    # One is NaN, or both are.
    return int(x == x) - int(y == y)  # noqa: PLR0124


def less(x: Any, y: Any) -> bool:
    return compare(x, y) < 0


def or_(*vals: T) -> T:
    """Return the first that is not the zero value, or the zero value."""
    for v in vals[:-1]:
        if v.__class__ in (int, float, str, bool, complex) or v is None:
            if v:
                return v
        else:
            t = type_of(v)
            if t is None or t.kind in ("pointer", "chan", "func") or v != zero_of(t):
                return v
    return vals[-1]
