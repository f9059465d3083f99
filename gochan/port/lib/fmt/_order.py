"""The order in which maps are printed (Go's internal/fmtsort)."""

from __future__ import annotations

from math import isnan
from typing import Any

from .._interfaces import unbox, unkey
from .._types import GoType, type_of


def sorted_keys(m: Any, t: GoType) -> list[Any]:
    """Return the keys of a map in the order in which Go prints them."""
    return sorted(m, key=lambda key: _rank(unkey(key), t))


def _rank(v: Any, t: GoType) -> Any:
    kind = t.kind
    if kind == "string":
        return v.encode("utf-8", "surrogateescape") if not v.isascii() else v.encode()
    if kind in {"float32", "float64"}:
        return _float(v)
    if kind in {"complex64", "complex128"}:
        return _float(v.real), _float(v.imag)
    if kind == "struct":
        return tuple(_rank(getattr(v, f.name), f.type) for f in t.fields)
    if kind == "array" and t.elem is not None:
        return tuple(_rank(item, t.elem) for item in v)
    if kind == "interface":
        if v is None:
            return (0,)
        dynamic = type_of(v)
        assert dynamic is not None
        return 1, _type_rank(dynamic), dynamic.name, _rank(unbox(v), dynamic)
    if kind in {"pointer", "chan", "func"}:
        return id(v)
    return v


# The order in which Go's linker places the types, which keys of an interface type are sorted by.
_BASIC = ["string", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "int", "uint"]
_BASIC += ["uintptr", "complex64", "complex128", "float32", "float64", "bool"]


def _type_rank(t: GoType) -> int:
    if t.kind == "pointer":
        return 0
    if t.kind == "array":
        return 1
    if t.kind == "struct":
        return 40
    if t.named:
        return 50 if t.cls is not None and any(callable(value) for value in vars(t.cls).values()) else 2
    return 3 + _BASIC.index(t.kind) if t.kind in _BASIC else 30


def _float(x: float) -> tuple[int, float]:
    return (0, 0.0) if isnan(x) else (1, x)
