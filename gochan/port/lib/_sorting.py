"""The sorting algorithms of Go's packages sort and slices.

Go's sort is not stable, so where its programs show the order of equal elements, that order is the
algorithm's: pattern-defeating quicksort, with Go's limits and choice of pivots.  Both functions work on
indexes, through less(i, j) and swap(i, j).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._slices import Slice

__all__ = ["in_place", "pdqsort", "stable"]

Less = Callable[[int, int], bool]
Swap = Callable[[int, int], object]

_MAX_INSERTION = 12
_NINTHER = 50  # the shortest range whose pivot is the median of three medians
_MAX_SWAPS = 12  # what choosing a pivot in a decreasing range takes
_MAX_STEPS = 5  # how many pairs an almost sorted range may have out of order
_SHORTEST_SHIFTING = 50
_BLOCK = 20


def in_place(s: Any) -> tuple[list[Any], int]:
    """Return the list of a slice and the slice's offset in it; a list is its own."""
    if isinstance(s, Slice):
        return s._a, s._o
    return s, 0


def pdqsort(n: int, less: Less, swap: Swap) -> None:
    """Sort n elements; equal ones get the order of Go's sort.Sort, sort.Slice and slices.SortFunc."""
    if n > 1:
        _quicksort(less, swap, 0, n, n.bit_length())


def _quicksort(less: Less, swap: Swap, a: int, b: int, limit: int) -> None:
    balanced = partitioned = True
    while True:
        n = b - a
        if n <= _MAX_INSERTION:
            _insertion_sort(less, swap, a, b)
            return
        if limit == 0:
            _heapsort(less, swap, a, b)
            return
        if not balanced:
            _break_patterns(swap, a, b)
            limit -= 1
        pivot, swaps = _choose_pivot(less, a, b)
        increasing = swaps == 0
        if swaps == _MAX_SWAPS:
            for i in range(n // 2):
                swap(a + i, b - 1 - i)
            pivot = b - 1 - (pivot - a)
            increasing = True
        if balanced and partitioned and increasing and _sorts_by_shifting(less, swap, a, b):
            return
        if a > 0 and not less(a - 1, pivot):
            # The pivot is the least element, and probably there are many of its kind.
            a = _partition_equal(less, swap, a, b, pivot)
            continue
        mid, partitioned = _partition(less, swap, a, b, pivot)
        if mid - a < b - mid:
            balanced = mid - a >= n // 8
            _quicksort(less, swap, a, mid, limit)
            a = mid + 1
        else:
            balanced = b - mid >= n // 8
            _quicksort(less, swap, mid + 1, b, limit)
            b = mid


def _insertion_sort(less: Less, swap: Swap, a: int, b: int) -> None:
    for i in range(a + 1, b):
        j = i
        while j > a and less(j, j - 1):
            swap(j, j - 1)
            j -= 1


def _sift_down(less: Less, swap: Swap, root: int, end: int, first: int) -> None:
    while True:
        child = 2 * root + 1
        if child >= end:
            return
        if child + 1 < end and less(first + child, first + child + 1):
            child += 1
        if not less(first + root, first + child):
            return
        swap(first + root, first + child)
        root = child


def _heapsort(less: Less, swap: Swap, a: int, b: int) -> None:
    n = b - a
    for i in range((n - 1) // 2, -1, -1):
        _sift_down(less, swap, i, n, a)
    for i in range(n - 1, -1, -1):
        swap(a, a + i)
        _sift_down(less, swap, 0, i, a)


def _break_patterns(swap: Swap, a: int, b: int) -> None:
    """Move three elements about that an unlucky pattern may have put in the middle."""
    n = b - a
    if n < 8:
        return
    random = n
    mask = (1 << n.bit_length()) - 1
    middle = a + n // 4 * 2 - 1
    for i in range(3):
        random ^= random << 13 & 0xFFFFFFFFFFFFFFFF
        random ^= random >> 7
        random ^= random << 17 & 0xFFFFFFFFFFFFFFFF
        other = random & mask
        if other >= n:
            other -= n
        swap(middle + i, a + other)


def _choose_pivot(less: Less, a: int, b: int) -> tuple[int, int]:
    """Return the index of a pivot, and how many pairs were out of order when it was chosen."""
    n = b - a
    swaps = 0

    def median(i: int, j: int, k: int) -> int:
        nonlocal swaps
        if less(j, i):
            swaps += 1
            i, j = j, i
        if less(k, j):
            swaps += 1
            j = k
        if less(j, i):
            swaps += 1
            j = i
        return j

    i, j, k = a + n // 4, a + n // 4 * 2, a + n // 4 * 3
    if n >= 8:
        if n >= _NINTHER:
            i = median(i - 1, i, i + 1)
            j = median(j - 1, j, j + 1)
            k = median(k - 1, k, k + 1)
        j = median(i, j, k)
    return j, swaps


def _sorts_by_shifting(less: Less, swap: Swap, a: int, b: int) -> bool:
    """Shift a few elements to where they belong; return whether the range is sorted now."""
    i = a + 1
    for _ in range(_MAX_STEPS):
        while i < b and not less(i, i - 1):
            i += 1
        if i == b:
            return True
        if b - a < _SHORTEST_SHIFTING:
            return False
        swap(i, i - 1)
        if i - a >= 2:
            for j in range(i - 1, 0, -1):
                if not less(j, j - 1):
                    break
                swap(j, j - 1)
        if b - i >= 2:
            for j in range(i + 1, b):
                if not less(j, j - 1):
                    break
                swap(j, j - 1)
    return False


def _partition(less: Less, swap: Swap, a: int, b: int, pivot: int) -> tuple[int, bool]:
    """Move what is less than the pivot before it; return its index, and whether the range was so already."""
    swap(a, pivot)
    i, j = a + 1, b - 1
    done = True
    while True:
        while i <= j and less(i, a):
            i += 1
        while i <= j and not less(j, a):
            j -= 1
        if i > j:
            break
        swap(i, j)
        i += 1
        j -= 1
        done = False
    swap(j, a)
    return j, done


def _partition_equal(less: Less, swap: Swap, a: int, b: int, pivot: int) -> int:
    """Move what is equal to the pivot, the least element, to the front; return the index after it."""
    swap(a, pivot)
    i, j = a + 1, b - 1
    while True:
        while i <= j and not less(a, i):
            i += 1
        while i <= j and less(a, j):
            j -= 1
        if i > j:
            return i
        swap(i, j)
        i += 1
        j -= 1


def stable(n: int, less: Less, swap: Swap) -> None:
    """Sort n elements, and keep the order of equal ones: blocks are sorted, then merged in place."""
    a = 0
    while a + _BLOCK <= n:
        _insertion_sort(less, swap, a, a + _BLOCK)
        a += _BLOCK
    _insertion_sort(less, swap, a, n)
    size = _BLOCK
    while size < n:
        a = 0
        while a + 2 * size <= n:
            _merge(less, swap, a, a + size, a + 2 * size)
            a += 2 * size
        if a + size < n:
            _merge(less, swap, a, a + size, n)
        size *= 2


def _merge(less: Less, swap: Swap, a: int, m: int, b: int) -> None:
    """Merge the sorted ranges from a to m and from m to b: the algorithm SymMerge."""
    if m - a == 1:
        i, j = m, b
        while i < j:
            h = (i + j) // 2
            if less(h, a):
                i = h + 1
            else:
                j = h
        for k in range(a, i - 1):
            swap(k, k + 1)
        return
    if b - m == 1:
        i, j = a, m
        while i < j:
            h = (i + j) // 2
            if not less(m, h):
                i = h + 1
            else:
                j = h
        for k in range(m, i, -1):
            swap(k, k - 1)
        return
    mid = (a + b) // 2
    n = mid + m
    start, end = (n - b, mid) if m > mid else (a, m)
    p = n - 1
    while start < end:
        c = (start + end) // 2
        if not less(p - c, c):
            start = c + 1
        else:
            end = c
    end = n - start
    if start < m < end:
        _rotate(swap, start, m, end)
    if a < start < mid:
        _merge(less, swap, a, start, mid)
    if mid < end < b:
        _merge(less, swap, mid, end, b)


def _rotate(swap: Swap, a: int, m: int, b: int) -> None:
    """Exchange the ranges from a to m and from m to b."""

    def exchange(at: int, other: int, n: int) -> None:
        for k in range(n):
            swap(at + k, other + k)

    i, j = m - a, b - m
    while i != j:
        if i > j:
            exchange(m - i, m, j)
            i -= j
        else:
            exchange(m - i, m + j - i, i)
            j -= i
    exchange(m - i, m, i)
