"""DeepEqual and TypeOf of Go's package reflect."""

from __future__ import annotations

from typing import Any

from ._interfaces import equal_values
from ._structs import ElemRef, FieldRef, Ref
from ._types import GoType
from .fmt._printer import unpack

__all__ = ["Type", "deep_equal", "type_of"]


class Type:
    """What type_of returns: Go's reflect.Type, as far as its name goes."""

    __slots__ = ("_t",)
    __go_name__ = "reflect.rtype"

    def __init__(self, t: GoType) -> None:
        self._t = t

    def string(self) -> str:
        return self._t.name

    __str__ = string

    def name(self) -> str:
        """Return the name of a named or predeclared type; "" for others."""
        named = self._t.named or self._t.kind == self._t.name
        return self._t.name.rpartition(".")[2] if named else ""

    def kind(self) -> Kind:
        kind = self._t.kind
        return Kind({"pointer": "ptr"}.get(kind, kind))

    def elem(self) -> Type:
        from ._panics import panic

        if self._t.elem is None:
            panic(f"reflect: Elem of invalid type {self._t.name}")
        return Type(self._t.elem)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Type) and self._t is other._t

    def __hash__(self) -> int:
        return hash(self._t)


class Kind(str):
    """Go's reflect.Kind, by its name."""

    __slots__ = ()
    __go_name__ = "reflect.Kind"

    def string(self) -> str:
        return str.__str__(self)


def type_of(v: Any) -> Any:
    _, t = unpack(v)
    return None if t is None else Type(t)


def deep_equal(x: Any, y: Any) -> bool:
    return _interfaces_equal(x, y, set())


def _interfaces_equal(x: Any, y: Any, seen: set[tuple[int, int]]) -> bool:
    a, t = unpack(x)
    b, u = unpack(y)
    if t is None or u is None:
        return t is u
    return _same_type(t, u) and _equal(a, b, t, seen)


def _same_type(t: GoType, u: GoType) -> bool:
    return t is u or (t.kind == u.kind and t.name == u.name)


def _equal(a: Any, b: Any, t: GoType, seen: set[tuple[int, int]]) -> bool:
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
            return _equal(a.v, b.v, t.elem, seen)
        return _equal(a, b, t.elem, seen)
    if kind == "struct":
        if t.cls is None or not getattr(t.cls, "__go_struct__", False):
            return a is b
        return all(_equal(getattr(a, f.name), getattr(b, f.name), f.type, seen) for f in t.fields)
    if kind in ("slice", "array"):
        assert t.elem is not None
        elem = t.elem
        if kind == "slice" and a.is_nil != b.is_nil:
            return False
        return len(a) == len(b) and all(_equal(v, w, elem, seen) for v, w in zip(a, b, strict=True))
    if kind == "map":
        assert t.elem is not None
        elem = t.elem
        if getattr(a, "is_nil", False) != getattr(b, "is_nil", False) or len(a) != len(b):
            return False
        return all(key in b and _equal(v, b[key], elem, seen) for key, v in a.items())
    return equal_values(a, b, t)
