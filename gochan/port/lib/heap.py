"""Go's package container/heap."""

from __future__ import annotations

from typing import Any, Protocol

__all__ = ["Interface", "fix", "init", "pop", "push", "remove"]


class Interface(Protocol):
    """Go's heap.Interface."""

    def len(self) -> int: ...
    def less(self, i: int, j: int, /) -> bool: ...
    def swap(self, i: int, j: int, /) -> None: ...
    def push(self, x: Any, /) -> None: ...
    def pop(self) -> Any: ...


def init(h: Interface) -> None:
    n = h.len()
    for i in range(n // 2 - 1, -1, -1):
        _down(h, i, n)


def push(h: Interface, x: Any) -> None:
    h.push(x)
    _up(h, h.len() - 1)


def pop(h: Interface) -> Any:
    n = h.len() - 1
    h.swap(0, n)
    _down(h, 0, n)
    return h.pop()


def remove(h: Interface, i: int) -> Any:
    n = h.len() - 1
    if n != i:
        h.swap(i, n)
        if not _down(h, i, n):
            _up(h, i)
    return h.pop()


def fix(h: Interface, i: int) -> None:
    if not _down(h, i, h.len()):
        _up(h, i)


def _up(h: Interface, j: int) -> None:
    while True:
        i = (j - 1) // 2 if j else 0
        if i == j or not h.less(j, i):
            return
        h.swap(i, j)
        j = i


def _down(h: Interface, start: int, n: int) -> bool:
    i = start
    while True:
        left = 2 * i + 1
        if left >= n:
            break
        j = left
        if left + 1 < n and h.less(left + 1, left):
            j = left + 1
        if not h.less(j, i):
            break
        h.swap(i, j)
        i = j
    return i > start
