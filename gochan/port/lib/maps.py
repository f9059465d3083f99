"""Go's package maps, for dicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .iter import Seq, Seq2, values_of

S = TypeVar("S")

__all__ = [
    "all",
    "clone",
    "collect",
    "copy",
    "delete_func",
    "equal",
    "equal_func",
    "insert",
    "keys",
    "values",
]


def keys(m: Any) -> Seq[Any]:
    return Seq(lambda: iter(list(m)))


def values(m: Any) -> Seq[Any]:
    return Seq(lambda: iter(list(m.values())))


def all(m: Any) -> Seq2[Any, Any]:
    return Seq2(lambda: iter(list(m.items())))


def collect(seq: Any) -> dict[Any, Any]:
    return dict(values_of(seq))


def insert(m: Any, seq: Any) -> None:
    for key, value in values_of(seq):
        m[key] = value


def clone(m: S) -> S:
    from ._slices import is_nil

    if is_nil(m):
        return m
    made: S = type(m)(m)  # type: ignore[call-arg]
    return made


def copy(dst: Any, src: Any) -> None:
    for key, value in src.items():
        dst[key] = value


def delete_func(m: Any, del_: Callable[[Any, Any], bool]) -> None:
    for key, value in list(m.items()):
        if del_(key, value):
            m.pop(key, None)


def equal(m1: Any, m2: Any) -> bool:
    from .slices import _same

    return equal_func(m1, m2, _same)


def equal_func(m1: Any, m2: Any, eq: Callable[[Any, Any], bool]) -> bool:
    if len(m1) != len(m2):
        return False
    return not any(key not in m2 or not eq(value, m2[key]) for key, value in m1.items())
