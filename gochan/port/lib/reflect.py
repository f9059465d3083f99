"""DeepEqual, TypeOf and Select of Go's package reflect."""

from __future__ import annotations

from dataclasses import field
from typing import Any

import gochan

from ._interfaces import Boxed, equal_values
from ._panics import panic
from ._structs import ElemRef, FieldRef, Ref, struct
from ._types import STRING, GoType
from ._types import type_of as type_of_value
from ._zero import zero_of
from .fmt._printer import unpack

__all__ = [
    "SELECT_DEFAULT",
    "SELECT_RECV",
    "SELECT_SEND",
    "SelectCase",
    "SelectDir",
    "Type",
    "Value",
    "deep_equal",
    "select",
    "type_of",
    "value_of",
]


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


class Value:
    """Go's reflect.Value, as far as Select needs it: a value with its type."""

    __slots__ = ("_t", "_v")
    __go_name__ = "reflect.Value"
    __go_pointer__ = False

    def __init__(self, v: Any = None, t: GoType | None = None) -> None:
        self._v = v
        self._t = t

    def __go_held__(self) -> Any:
        return self.interface() if self._t is not None else Boxed("<invalid reflect.Value>", STRING)

    def interface(self) -> Any:
        """Return the value as an interface holds it."""
        if self._t is None:
            panic("reflect: call of reflect.Value.Interface on zero Value")
        return self._v if type_of_value(self._v) is self._t else Boxed(self._v, self._t)

    def int(self) -> Any:
        return self._as("Int", "int")

    def uint(self) -> Any:
        return self._as("Uint", "uint")

    def float(self) -> Any:
        return self._as("Float", "float")

    def bool(self) -> Any:
        return self._as("Bool", "bool")

    def string(self) -> Any:
        if self._t is None:
            return "<invalid Value>"
        return self._v if self._t.kind == "string" else f"<{self._t.name} Value>"

    def _as(self, method: str, kind: str) -> Any:
        if self._t is None or not self._t.kind.startswith(kind):
            found = "zero" if self._t is None else self._t.kind
            panic(f"reflect: call of reflect.Value.{method} on {found} Value")
        return self._v

    def is_valid(self) -> Any:
        return self._t is not None

    def is_nil(self) -> Any:
        return self._v is None or bool(getattr(self._v, "is_nil", False))

    def len(self) -> Any:
        return len(self._v)

    def kind(self) -> Kind:
        return Kind("invalid") if self._t is None else Type(self._t).kind()

    def type(self) -> Type:
        if self._t is None:
            panic("reflect: call of reflect.Value.Type on zero Value")
        return Type(self._t)


class SelectDir(int):
    """Go's reflect.SelectDir: the direction of a case."""

    __slots__ = ()
    __go_name__ = "reflect.SelectDir"


SELECT_SEND = SelectDir(1)
SELECT_RECV = SelectDir(2)
SELECT_DEFAULT = SelectDir(3)


@struct(go="reflect.SelectCase")
class SelectCase:
    """A case of `select`: a direction, a channel, and the value to send."""

    dir: SelectDir = SelectDir(0)
    chan: Value = field(default_factory=Value)
    send: Value = field(default_factory=Value)


def select(cases: Any) -> tuple[int, Value, bool]:
    """Run one of the cases that are ready, or wait for one: Go's reflect.Select.

    Returns its number, the value that it received, and whether it received one that was sent.
    """
    waits: list[Any] = []
    for case in cases:
        if case.dir == SELECT_DEFAULT:
            waits.append(gochan.default)
        elif case.dir == SELECT_SEND:
            waits.append(gochan.send(case.chan._v, case.send._v))
        elif case.dir == SELECT_RECV:
            waits.append(gochan.recv(case.chan._v))
        else:
            panic("reflect.Select: invalid Dir")
    i, value, ok = gochan.select(*waits)
    if i < 0 or i >= len(cases):
        i = waits.index(gochan.default)
    case = cases[i]
    if case.dir != SELECT_RECV:
        return i, Value(), False
    elem = case.chan._t.elem
    return i, Value(value if ok else zero_of(elem), elem), ok


def value_of(x: Any) -> Value:
    """Return a value with the type that it has in an interface: Go's reflect.ValueOf."""
    return Value(*unpack(x))


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
