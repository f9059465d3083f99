"""The values that a template is about: their types, fields, methods and elements (Go's reflect.Value)."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from ..tables import snake
from ._interfaces import Boxed, missing_method, pointer_box, unkey
from ._structs import ElemRef, FieldRef, Ref
from ._types import (
    ANY,
    INTEGERS,
    SIGNED,
    UINT8,
    Field,
    GoType,
    Signature,
    find_method,
    go_type,
    results_of,
    type_of,
)
from .fmt._order import sorted_keys
from .fmt._printer import unpack


@dataclass(eq=False, slots=True)
class Value:
    """A value and its type; no type is no value, such as nil in an interface.

    `variable`: whether it is a variable that there may be pointers to.
    """

    v: Any = None
    t: GoType | None = None
    variable: bool = False

    @property
    def kind(self) -> str:
        """Reflect's name of the kind of type, without the size of a number."""
        if self.t is None:
            return "invalid"
        return KINDS.get(self.t.kind, self.t.kind)

    def is_nil(self) -> bool:
        """Return whether this is nil, or no value."""
        return self.v is None or bool(getattr(self.v, "is_nil", False))

    def elem(self) -> Value:
        """Return what an interface holds, or what a pointer points to."""
        if self.kind == "interface":
            return value_of(self.v)
        assert self.t is not None
        held = isinstance(self.v, (Ref, FieldRef, ElemRef))
        return Value(self.v.v if held else self.v, self.t.elem, True)

    def boxed(self) -> Any:
        """Return the value as an interface holds it."""
        t = self.t
        if t is None or t.kind == "interface":
            return self.v
        if t.kind == "pointer" and t.elem is not None and t.elem.kind == "struct":
            return pointer_box(self.v, t)
        return self.v if type_of(self.v) is t else Boxed(self.v, t)

    def string(self) -> str:
        """Return the text of a string; of another value, what reflect says of it."""
        if self.kind == "string":
            return str(self.v)
        return "<invalid Value>" if self.t is None else f"<{self.t.name} Value>"

    def length(self) -> int:
        """Return the number of elements; of a string, of bytes."""
        return len(self.v.encode("utf-8", "surrogateescape")) if self.kind == "string" else len(self.v)


# Numbers by kind.
KINDS: Final = (
    {name: "int" if name in SIGNED else "uint" for name in INTEGERS}
    | dict.fromkeys(("float32", "float64"), "float")
    | dict.fromkeys(("complex64", "complex128"), "complex")
)
NONE: Final = Value()
# Where there is no value from an earlier command of a pipeline.
MISSING: Final = Value()


def value_of(x: Any) -> Value:
    """Return what an interface holds."""
    return Value(*unpack(x))


def indirect(value: Value) -> tuple[Value, bool]:
    """Return what is behind pointers and interfaces, and whether one of them is nil."""
    while value.kind in {"pointer", "interface"}:
        if value.is_nil():
            return value, True
        value = value.elem()
    return value, False


def inside(value: Value) -> Value:
    """Return what an interface holds; any other value as it is."""
    return value.elem() if value.kind == "interface" else value


def is_true(value: Value) -> bool:
    """Return whether a value is not the zero value of its type, or a struct."""
    kind = value.kind
    if kind in {"array", "map", "slice", "string"}:
        return len(value.v) > 0
    if kind == "struct":
        return True
    if kind in {"chan", "func", "pointer", "interface"}:
        return not value.is_nil()
    return bool(value.v)


# --- types ------------------------------------------------------------------------------------------------


def is_same(t: GoType, u: GoType) -> bool:
    """Return whether two types are identical."""
    return t is u or (t.kind == u.kind and t.name == u.name)


def implements(value: Value, t: GoType) -> bool:
    """Return whether a value has the methods of an interface."""
    if value.kind == "interface":
        value = value.elem()
    return value.t is not None and (not t.methods or missing_method(value.boxed(), t) is None)


def is_assignable(value: Value, t: GoType) -> bool:
    """Return whether a value can be assigned to a variable of a type."""
    assert value.t is not None
    if t.kind == "interface" == value.t.kind:
        return set(t.methods) <= set(value.t.methods)
    if t.kind == "interface":
        return implements(value, t)
    if value.t.kind == "func" and t.kind == "func":
        return True
    if is_same(value.t, t):
        return True
    composite = t.kind in {"slice", "map", "array"} and value.t.kind == t.kind
    if not composite or (value.t.named and t.named):
        return False
    pairs = ((value.t.elem, t.elem), (value.t.key, t.key))
    return all(a is b or (a is not None and b is not None and is_same(a, b)) for a, b in pairs)


def can_be_nil(t: GoType) -> bool:
    """Return whether nil is a value of a type."""
    return t.kind in {"chan", "func", "interface", "map", "pointer", "slice"}


# --- parts ------------------------------------------------------------------------------------------------


def items(value: Value) -> Iterator[tuple[Value, Value]]:
    """Yield the indexes and elements of a slice or array, or the keys and values of a map, sorted by key."""
    t = value.t
    assert t is not None and t.elem is not None
    if t.kind == "map":
        assert t.key is not None
        for key in sorted_keys(value.v, t.key):
            yield Value(unkey(key), t.key), Value(value.v[key], t.elem)
        return
    for i in range(len(value.v)):
        yield value_of(i), Value(value.v[i], t.elem, t.kind == "slice" or value.variable)


def element(value: Value, i: int) -> Value:
    """Return an element of a slice or array, or a byte of a string."""
    if value.kind == "string":
        return Value(value.v.encode("utf-8", "surrogateescape")[i], UINT8)
    assert value.t is not None
    return Value(value.v[i], value.t.elem, value.kind == "slice" or value.variable)


def entry(value: Value, key: Value) -> Value | None:
    """Return the value of a map for a key, None if it has none."""
    from ._interfaces import key as key_of

    assert value.t is not None and value.t.key is not None
    wanted = key_of(key.boxed()) if value.t.key.kind == "interface" else key.v
    if isinstance(wanted, list):
        wanted = tuple(wanted)
    return Value(value.v[wanted], value.t.elem) if wanted in value.v else None


def find_field(t: GoType, name: str) -> tuple[Field, ...] | None:
    """Return the way to a field of a struct, through embedded structs; None if there is none."""
    level: list[tuple[GoType, tuple[Field, ...]]] = [(t, ())]
    seen = {t}
    while level:
        following = []
        for owner, way in level:
            for field in _fields(owner):
                if field.go_name == name:
                    return (*way, field)
                inner = field.type.elem if field.type.kind == "pointer" else field.type
                if field.embedded and inner is not None and inner.kind == "struct" and inner not in seen:
                    seen.add(inner)
                    following.append((inner, (*way, field)))
        level = following
    return None


def _fields(t: GoType) -> list[Field]:
    return t.fields if getattr(t.cls, "__go_struct__", False) else []


def follow(value: Value, way: tuple[Field, ...]) -> Value:
    """Return a field, at the end of a way through embedded structs.  Raises LookupError at a nil pointer."""
    for field in way:
        if value.kind == "pointer":
            if value.v is None:
                assert value.t is not None and value.t.elem is not None
                name = value.t.elem.name.rpartition(".")[2]
                raise LookupError(f"reflect: indirection through nil pointer to embedded struct field {name}")
            value = value.elem()
        value = Value(getattr(value.v, field.name), field.type, value.variable)
    return value


# --- functions and methods --------------------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class Function:
    """A function that a template may call."""

    call: Callable[..., Any]
    signature: Signature


def find_function(value: Value, name: str) -> Function | None:
    """Return a method of a value, or of an embedded struct; None if there is none."""
    if value.t is None or value.kind == "interface" or not name[:1].isupper():
        return None
    pointer = value.kind == "pointer"
    base = value.t.elem if pointer else value.t
    assert base is not None
    method = _own_method(base, name, pointer or value.variable)
    if method is not None:
        receiver = value.v
        if isinstance(receiver, Ref) and not _takes_pointer(base, name):
            receiver = receiver.v
        return Function(lambda *args: method(receiver, *args), _signature_of(method, 1))
    if base.kind != "struct" or (pointer and value.v is None):
        return None
    whole = value.elem() if pointer else value
    fields = _fields(base)
    if any(field.go_name == name for field in fields):
        return None
    for field in fields:
        if field.embedded:
            inner = Value(getattr(whole.v, field.name), field.type, whole.variable)
            if inner.kind == "interface":
                inner = inner.elem()
            found = find_function(inner, name)
            if found is not None:
                return found
    return None


def _spellings(name: str) -> Iterator[str]:
    words = snake(name)
    # A method that would hide one of Python's class has an underscore more.
    yield from (words, f"{words}_", f"{words}__")


def _own_method(t: GoType, name: str, by_pointer: bool) -> Callable[..., Any] | None:
    cls = t.cls
    if cls is None:
        return None
    for words in _spellings(name):
        found = find_method(cls, words)
        if found is not None:
            hidden = not by_pointer and words in getattr(cls, "__go_pointer_methods__", ())
            return None if hidden else found
    # Python's own exceptions have no method for it.
    return str if name == "Error" and issubclass(cls, BaseException) else None


def _takes_pointer(t: GoType, name: str) -> bool:
    pointers = getattr(t.cls, "__go_pointer_methods__", ())
    return any(words in pointers for words in _spellings(name))


def function_of(value: Value) -> Function | None:
    """Return the function that a value is; None if it is another value."""
    if value.kind != "func":
        return None
    assert value.t is not None
    signature = value.t.signature
    return Function(value.v, _signature_of(value.v, 0) if signature is None else signature)


def _signature_of(fn: Callable[..., Any], receivers: int) -> Signature:
    """Return the types of a function by its annotations, without those of a receiver."""
    fn = getattr(fn, "__wrapped__", fn)
    given: list[inspect.Parameter] = []
    hints: dict[str, Any] = {}
    try:
        given = [p for p in inspect.signature(fn).parameters.values() if p.default is p.empty][receivers:]
        hints = typing.get_type_hints(fn, include_extras=True)
    except (NameError, TypeError, ValueError):
        # Of a class that only a function knows, or a function of C's.
        pass
    params = tuple(_hinted(hints.get(p.name, Any)) for p in given)
    variadic = bool(given) and given[-1].kind is inspect.Parameter.VAR_POSITIONAL
    return Signature(params, variadic, results_of(hints.get("return", Any)))


def _hinted(annotation: Any) -> GoType:
    try:
        return go_type(annotation)
    except TypeError:
        return ANY
