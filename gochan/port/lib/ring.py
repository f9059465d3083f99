"""Go's package container/ring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._types import nil

__all__ = ["Ring", "new"]


class Ring:
    """Go's ring.Ring; a nil ring is empty, so that methods may be called as `Ring.len(r)`."""

    __slots__ = ("_next", "_prev", "value")

    def __init__(self, value: Any = None) -> None:
        self.value = value
        self._next: Ring = self
        self._prev: Ring = self

    def next(self) -> Ring:
        return self._next

    def prev(self) -> Ring:
        return self._prev

    def move(self, n: int) -> Ring:
        r = self
        for _ in range(abs(n)):
            r = r._prev if n < 0 else r._next
        return r

    def link(self, s: Ring | None) -> Ring:
        n = self._next
        if s is not None:
            p = s._prev
            self._next = s
            s._prev = self
            n._prev = p
            p._next = n
        return n

    def unlink(self, n: int) -> Ring:
        return self.link(self.move(n + 1)) if n > 0 else nil

    def len(self) -> int:
        if self is None:
            return 0
        n = 1
        r = self._next
        while r is not self:
            n += 1
            r = r._next
        return n

    def do(self, f: Callable[[Any], object]) -> None:
        if self is None:
            return
        f(self.value)
        r = self._next
        while r is not self:
            f(r.value)
            r = r._next


def new(n: int) -> Ring:
    if n <= 0:
        return nil
    first = last = Ring()
    for _ in range(n - 1):
        r = Ring()
        r._prev = last
        last._next = r
        last = r
    last._next = first
    first._prev = last
    return first
