"""Go's package slices.

The order of equal elements after `sort_func` is Go's.  Functions that work in place take a slice or a list.
"""

from __future__ import annotations

from builtins import any as _any
from builtins import sorted as _sorted
from collections.abc import Callable, Iterator, Sequence
from functools import cmp_to_key
from typing import Any, Protocol, TypeVar, cast

from ._common import Slice, append, make, overwrite, panic
from ._slices import grow
from ._sorting import in_place, pdqsort
from ._structs import copy
from ._zero import zero_of
from .cmp import compare as _compare
from .iter import Seq, Seq2, values_of
from .sort import float64s, search, strings

__all__ = [
    "all",
    "append_seq",
    "backward",
    "binary_search",
    "binary_search_func",
    "chunk",
    "clip",
    "clone",
    "collect",
    "compact",
    "compact_func",
    "compare",
    "compare_func",
    "concat",
    "contains",
    "contains_func",
    "delete",
    "delete_func",
    "equal",
    "equal_func",
    "grow",
    "index",
    "index_func",
    "insert",
    "is_sorted",
    "is_sorted_func",
    "max",
    "max_func",
    "min",
    "min_func",
    "repeat",
    "replace",
    "reverse",
    "sort",
    "sort_func",
    "sort_stable_func",
    "sorted",
    "sorted_func",
    "sorted_stable_func",
    "values",
]

_T = TypeVar("_T")
S = TypeVar("S")


class _KeepsType(Protocol):
    def __call__(self, s: S, /, *args: Any) -> S: ...


def _keeps_type(f: Callable[..., Any]) -> _KeepsType:
    """Say that a function returns a slice of the type that it is given."""
    return cast("_KeepsType", f)


_Cmp = Callable[[Any, Any], int]


def _elem(s: Any) -> Any:
    return s._t if isinstance(s, Slice) else None


def _list(s: Any) -> list[Any]:
    return s.tolist() if isinstance(s, Slice) else list(s)


def _like(s: Any, values: list[Any]) -> Any:
    """Return a slice of values of the class of s."""
    made = make(values, _elem(s))
    cls = s.__class__
    return cls(made) if cls is not Slice and isinstance(s, Slice) else made


def _slice(s: Any) -> Slice[Any]:
    return s if isinstance(s, Slice) else Slice(s)


def _nil(s: Any) -> bool:
    return isinstance(s, Slice) and s.is_nil


def _same(a: Any, b: Any) -> bool:
    from ._interfaces import equal

    if a.__class__ is b.__class__ and a.__class__ in (int, str, bool, float):
        return bool(a == b)
    return bool(equal(a, b))


# --- sorting ----------------------------------------------------------------------------------------------


def sort(x: Any) -> None:
    first = x[0] if len(x) else 0
    if isinstance(first, float):
        float64s(x)
    elif isinstance(first, str):
        strings(x)
    else:
        overwrite(x, _sorted(x))


def sort_func(x: Any, cmp: _Cmp) -> None:
    values, o = in_place(x)

    def swap(i: int, j: int) -> None:
        i += o
        j += o
        values[i], values[j] = values[j], values[i]

    pdqsort(len(x), lambda i, j: cmp(values[o + i], values[o + j]) < 0, swap)


def sort_stable_func(x: Any, cmp: _Cmp) -> None:
    overwrite(x, _sorted(x, key=cmp_to_key(cmp)))


def is_sorted(x: Any) -> bool:
    return is_sorted_func(x, _compare)


def is_sorted_func(x: Any, cmp: _Cmp) -> bool:
    return not _any(cmp(x[i], x[i - 1]) < 0 for i in range(len(x) - 1, 0, -1))


def min(x: Sequence[_T]) -> _T:
    if not len(x):
        panic("slices.Min: empty list")
    least = x[0]
    for v in x:
        if isinstance(v, float) and v != v:  # noqa: PLR0124
            return v
        if _compare(v, least) < 0 or (v == 0 == least and isinstance(v, float) and str(v) < str(least)):
            least = v
    return least


def max(x: Sequence[_T]) -> _T:
    if not len(x):
        panic("slices.Max: empty list")
    most = x[0]
    for v in x:
        if isinstance(v, float) and v != v:  # noqa: PLR0124
            return v
        if _compare(v, most) > 0 or (v == 0 == most and isinstance(v, float) and str(v) > str(most)):
            most = v
    return most


def min_func(x: Any, cmp: _Cmp) -> Any:
    if not len(x):
        panic("slices.MinFunc: empty list")
    least = x[0]
    for i in range(1, len(x)):
        if cmp(x[i], least) < 0:
            least = x[i]
    return copy(least) if _holds_values(x) else least


def max_func(x: Any, cmp: _Cmp) -> Any:
    if not len(x):
        panic("slices.MaxFunc: empty list")
    most = x[0]
    for i in range(1, len(x)):
        if cmp(x[i], most) > 0:
            most = x[i]
    return copy(most) if _holds_values(x) else most


def binary_search(x: Any, target: Any) -> tuple[int, bool]:
    i = search(len(x), lambda i: _compare(x[i], target) >= 0)
    return i, i < len(x) and _compare(x[i], target) == 0


def binary_search_func(x: Any, target: Any, cmp: _Cmp) -> tuple[int, bool]:
    i = search(len(x), lambda i: cmp(x[i], target) >= 0)
    return i, i < len(x) and cmp(x[i], target) == 0


# --- comparing and searching ------------------------------------------------------------------------------


def equal(s1: Any, s2: Any) -> bool:
    return equal_func(s1, s2, _same)


def equal_func(s1: Any, s2: Any, eq: Callable[[Any, Any], bool]) -> bool:
    return len(s1) == len(s2) and not _any(not eq(a, b) for a, b in zip(s1, s2, strict=True))


def compare(s1: Any, s2: Any) -> int:
    return compare_func(s1, s2, _compare)


def compare_func(s1: Any, s2: Any, cmp: _Cmp) -> int:
    for a, b in zip(s1, s2, strict=False):
        c = cmp(a, b)
        if c:
            return c
    return (len(s1) > len(s2)) - (len(s1) < len(s2))


def index(s: Any, v: Any) -> int:
    for i, w in enumerate(s):
        if _same(v, w):
            return i
    return -1


def index_func(s: Any, f: Callable[[Any], bool]) -> int:
    for i, v in enumerate(s):
        if f(v):
            return i
    return -1


def contains(s: Any, v: Any) -> bool:
    return index(s, v) >= 0


def contains_func(s: Any, f: Callable[[Any], bool]) -> bool:
    return index_func(s, f) >= 0


# --- changing ---------------------------------------------------------------------------------------------


def _zeros(s: Slice[Any], start: int) -> None:
    """Set the elements from an index on to the zero value."""
    t = s._t
    for i in range(start, len(s)):
        s[i] = zero_of(t) if t is not None else _zero_like(s[i])


def _zero_like(v: Any) -> Any:
    from ._types import type_of

    t = type_of(v)
    return None if t is None or t.kind == "pointer" else zero_of(t)


@_keeps_type
def insert(s: Any, i: int, *v: Any) -> Any:
    s = _slice(s)
    tail = s[i:].tolist()
    if not v:
        return s
    if i == len(s):
        return append(s, *v)
    if len(s) + len(v) <= s._c:
        # In place, as Go does.
        grown = s[: len(s) + len(v)]
        a, o = grown._a, grown._o + i
        a[o : o + len(v) + len(tail)] = [*v, *tail]
        return grown
    return append(s[:i][:i:i], *v, *_copied(s[i:]))


@_keeps_type
def delete(s: Any, i: int, j: int) -> Any:
    s = _slice(s)
    s[i : j : len(s)]  # checks the bounds
    if i == j:
        return s
    rest = s[j:].tolist()
    a, o = s._a, s._o
    a[o + i : o + i + len(rest)] = rest
    _zeros(s, i + len(rest))
    return s[: i + len(rest)]


@_keeps_type
def delete_func(s: Any, del_: Callable[[Any], bool]) -> Any:
    s = _slice(s)
    kept = [v for v in s if not del_(v)]
    if len(kept) == len(s):
        return s
    s._a[s._o : s._o + len(kept)] = kept
    _zeros(s, len(kept))
    return s[: len(kept)]


@_keeps_type
def replace(s: Any, i: int, j: int, *v: Any) -> Any:
    s = _slice(s)
    s[i:j]  # checks the bounds
    tail = s[j:].tolist()
    if i == j:
        return insert(s, i, *v)
    if j == len(s):
        s2 = append(s[:i], *v)
        if len(s2) < len(s):
            _zeros(s, len(s2))
        return s2
    total = i + len(v) + len(tail)
    if total > s._c:
        return append(s[:i][:i:i], *v, *_copied(s[j:]))
    grown = s[: len(s) if total < len(s) else total]
    grown._a[grown._o + i : grown._o + total] = [*v, *tail]
    if total < len(s):
        _zeros(s, total)
    return grown[:total]


@_keeps_type
def clone(s: Any) -> Any:
    if _nil(s):
        return s
    return append(_slice(s)[:0:0], *_copied(s))


def _holds_values(s: Any) -> bool:
    """Return whether the elements are structs or arrays, which are copied; pointers to them are not."""
    t = _elem(s)
    return t is not None and t.kind in ("struct", "array")


def _copied(s: Any) -> list[Any]:
    values = _list(s)
    return [copy(v) for v in values] if _holds_values(s) else values


@_keeps_type
def compact(s: Any) -> Any:
    return compact_func(s, _same)


@_keeps_type
def compact_func(s: Any, eq: Callable[[Any, Any], bool]) -> Any:
    s = _slice(s)
    if len(s) < 2:
        return s
    kept = [s[0]]
    for i in range(1, len(s)):
        if not eq(s[i], kept[-1]):
            kept.append(s[i])
    if len(kept) == len(s):
        return s
    s._a[s._o : s._o + len(kept)] = kept
    _zeros(s, len(kept))
    return s[: len(kept)]


@_keeps_type
def clip(s: Any) -> Any:
    return _slice(s)[: len(s) : len(s)]


def reverse(s: Any) -> None:
    overwrite(s, _list(s)[::-1])


@_keeps_type
def concat(*slices: Any) -> Any:
    values = [v for s in slices for v in _copied(s)]
    return _like(slices[0], values) if values else Slice()


@_keeps_type
def repeat(x: Any, count: int) -> Any:
    if count < 0:
        panic("cannot be negative")
    return _like(x, [v for _ in range(count) for v in _copied(x)])


# --- iterators --------------------------------------------------------------------------------------------


def all(s: Any) -> Seq2[int, Any]:
    return Seq2(lambda: iter(enumerate(_elements(s))))


def values(s: Any) -> Seq[Any]:
    return Seq(lambda: iter(_elements(s)))


def _elements(s: Any) -> Any:
    """Return the elements as a loop is given them, one after the other."""
    return map(copy, s) if _holds_values(s) else s


def backward(s: Any) -> Seq2[int, Any]:
    if _holds_values(s):
        return Seq2(lambda: ((i, copy(s[i])) for i in range(len(s) - 1, -1, -1)))
    return Seq2(lambda: ((i, s[i]) for i in range(len(s) - 1, -1, -1)))


def chunk(s: Any, n: int) -> Seq[Any]:
    if n < 1:
        panic("cannot be less than 1")

    def start() -> Iterator[Any]:
        whole = _slice(s)
        for i in range(0, len(whole), n):
            end = i + n if i + n < len(whole) else len(whole)
            yield whole[i:end:end]

    return Seq(start)


def collect(seq: Any) -> Slice[Any]:
    made: Slice[Any] = Slice()
    return append_seq(made, seq)


@_keeps_type
def append_seq(s: Any, seq: Any) -> Any:
    s = _slice(s)
    for value in values_of(seq):
        s = append(s, value)
    return s


def sorted(seq: Any) -> Slice[Any]:
    s = collect(seq)
    sort(s)
    return s


def sorted_func(seq: Any, cmp: _Cmp) -> Slice[Any]:
    s = collect(seq)
    sort_func(s, cmp)
    return s


def sorted_stable_func(seq: Any, cmp: _Cmp) -> Slice[Any]:
    s = collect(seq)
    sort_stable_func(s, cmp)
    return s
