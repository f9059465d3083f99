"""Equality of values with all that they refer to: Go's reflect.DeepEqual."""

from __future__ import annotations

from typing import Any

from ._interfaces import equal_values
from ._structs import ElemRef, FieldRef, Ref
from ._types import GoType
from .fmt._printer import unpack


def deep_equal(x: Any, y: Any) -> bool:
    return _interfaces_equal(x, y, set())


def _interfaces_equal(x: Any, y: Any, seen: set[tuple[int, int]]) -> bool:
    a, t = unpack(x)
    b, u = unpack(y)
    if t is None or u is None:
        return t is u
    return same_type(t, u) and deeply_equal(a, b, t, seen)


def same_type(t: GoType, u: GoType) -> bool:
    return t is u or (t.kind == u.kind and t.name == u.name)


def deeply_equal(a: Any, b: Any, t: GoType, seen: set[tuple[int, int]]) -> bool:
    kind = t.kind
    if kind == "interface":
        return _interfaces_equal(a, b, seen)
    if kind == "func":
        return a is None and b is None
    if kind in ("slice", "map", "pointer", "struct", "array"):
        # Values that contain themselves are equal where they were compared before.
        pair = (id(a), id(b))
        if pair in seen:
            return True
        if kind != "struct":
            seen.add(pair)
    if kind == "pointer":
        if a is None or b is None or a is b:
            return a is b
        assert t.elem is not None
        if isinstance(a, (Ref, FieldRef, ElemRef)):
            return deeply_equal(a.v, b.v, t.elem, seen)
        return deeply_equal(a, b, t.elem, seen)
    if kind == "struct":
        if t.cls is None or not getattr(t.cls, "__go_struct__", False):
            return a is b
        return all(deeply_equal(getattr(a, f.name), getattr(b, f.name), f.type, seen) for f in t.fields)
    if kind in ("slice", "array"):
        assert t.elem is not None
        elem = t.elem
        if kind == "slice" and a.is_nil != b.is_nil:
            return False
        if kind == "slice" and len(a) == len(b) and a._a is b._a and a._o == b._o:
            # Also with elements that are not equal to themselves: functions and NaN.
            return True
        return len(a) == len(b) and all(deeply_equal(v, w, elem, seen) for v, w in zip(a, b, strict=True))
    if kind == "map":
        assert t.elem is not None
        elem = t.elem
        if getattr(a, "is_nil", False) != getattr(b, "is_nil", False) or len(a) != len(b):
            return False
        return a is b or all(key in b and deeply_equal(v, b[key], elem, seen) for key, v in a.items())
    return equal_values(a, b, t)
