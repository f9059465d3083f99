"""Go's package sort.

The order of equal elements is Go's.  Functions that sort in place take a slice or a list.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from ._common import Slice, encode, overwrite
from ._sorting import in_place, pdqsort
from ._sorting import stable as _stable
from .cmp import compare

__all__ = [
    "Float64Slice",
    "IntSlice",
    "Interface",
    "StringSlice",
    "find",
    "float64s",
    "float64s_are_sorted",
    "ints",
    "ints_are_sorted",
    "is_sorted",
    "reverse",
    "search",
    "search_float64s",
    "search_ints",
    "search_strings",
    "slice",
    "slice_is_sorted",
    "slice_stable",
    "sort",
    "stable",
    "strings",
    "strings_are_sorted",
]


class Interface(Protocol):
    """Go's sort.Interface."""

    def len(self) -> int: ...
    def less(self, i: int, j: int, /) -> bool: ...
    def swap(self, i: int, j: int, /) -> None: ...


def sort(data: Interface) -> None:
    pdqsort(data.len(), data.less, data.swap)


def stable(data: Interface) -> None:
    _stable(data.len(), data.less, data.swap)


def is_sorted(data: Interface) -> bool:
    return not any(data.less(i, i - 1) for i in range(data.len() - 1, 0, -1))


class _Reverse:
    def __init__(self, data: Interface) -> None:
        self.interface = data
        self.len = data.len
        self.swap = data.swap

    def less(self, i: int, j: int) -> bool:
        return self.interface.less(j, i)


def reverse(data: Interface) -> Interface:
    return _Reverse(data)


def _swapper(x: Any) -> Callable[[int, int], None]:
    values, offset = in_place(x)
    if offset == 0:

        def swap(i: int, j: int) -> None:
            values[i], values[j] = values[j], values[i]

    else:

        def swap(i: int, j: int) -> None:
            i += offset
            j += offset
            values[i], values[j] = values[j], values[i]

    return swap


def slice(x: Any, less: Callable[[int, int], bool]) -> None:
    pdqsort(len(x), less, _swapper(x))


def slice_stable(x: Any, less: Callable[[int, int], bool]) -> None:
    _stable(len(x), less, _swapper(x))


def slice_is_sorted(x: Any, less: Callable[[int, int], bool]) -> bool:
    return not any(less(i, i - 1) for i in range(len(x) - 1, 0, -1))


def ints(x: Any) -> None:
    overwrite(x, sorted(x))


def strings(x: Any) -> None:
    overwrite(x, sorted(x, key=None if all(map(str.isascii, x)) else encode))


def float64s(x: Any) -> None:
    if all(v != 0 and not math.isnan(v) for v in x):
        overwrite(x, sorted(x))
        return
    values, o = in_place(x)
    pdqsort(len(x), lambda i, j: compare(values[o + i], values[o + j]) < 0, _swapper(x))


def _sorted(x: Sequence[Any]) -> bool:
    return all(compare(a, b) <= 0 for a, b in zip(x, list(x)[1:], strict=False))


ints_are_sorted = float64s_are_sorted = strings_are_sorted = _sorted


def search(n: int, f: Callable[[int], bool]) -> int:
    i, j = 0, n
    while i < j:
        h = (i + j) // 2
        if not f(h):
            i = h + 1
        else:
            j = h
    return i


def find(n: int, cmp: Callable[[int], int]) -> tuple[int, bool]:
    i, j = 0, n
    while i < j:
        h = (i + j) // 2
        if cmp(h) > 0:
            i = h + 1
        else:
            j = h
    return i, i < n and cmp(i) == 0


def search_ints(a: Sequence[int], x: int) -> int:
    return bisect.bisect_left(a, x)


def search_float64s(a: Sequence[float], x: float) -> int:
    return search(len(a), lambda i: a[i] >= x)


def search_strings(a: Sequence[str], x: str) -> int:
    return search(len(a), lambda i: compare(a[i], x) >= 0)


class _Ordered(Slice[Any]):
    """What IntSlice, Float64Slice and StringSlice have in common."""

    __slots__ = ()

    def len(self) -> int:
        return len(self)

    def less(self, i: int, j: int) -> bool:
        return compare(self[i], self[j]) < 0

    def swap(self, i: int, j: int) -> None:
        self[i], self[j] = self[j], self[i]

    def sort(self) -> None:
        sort(self)

    def search(self, x: Any) -> int:
        return search(len(self), lambda i: compare(self[i], x) >= 0)


class IntSlice(_Ordered, Slice[int]):
    """Go's sort.IntSlice: `sort.IntSlice(s)` shares the elements of s."""

    __slots__ = ()
    __go_name__ = "sort.IntSlice"


class Float64Slice(_Ordered, Slice[float]):
    """Go's sort.Float64Slice."""

    __slots__ = ()
    __go_name__ = "sort.Float64Slice"


class StringSlice(_Ordered, Slice[str]):
    """Go's sort.StringSlice."""

    __slots__ = ()
    __go_name__ = "sort.StringSlice"
