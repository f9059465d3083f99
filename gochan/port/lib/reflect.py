"""Go's package reflect, as far as structs, their tags and DeepEqual go."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import field
from typing import Any

import gochan

from . import _integers
from ._common import Slice, append_all, decode, encode, make
from ._interfaces import Boxed, pointer_box
from ._panics import panic
from ._reflect_equal import deep_equal, deeply_equal, same_type
from ._reflect_types import (
    ARRAY,
    BOOL,
    CHAN,
    COMPLEX64,
    COMPLEX128,
    FLOAT32,
    FLOAT64,
    FUNC,
    INT,
    INT8,
    INT16,
    INT32,
    INT64,
    INTERFACE,
    INVALID,
    MAP,
    POINTER,
    PTR,
    SLICE,
    STRING,
    STRUCT,
    UINT,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    UINTPTR,
    Kind,
    StructField,
    StructTag,
    Type,
    kind_of,
    method_names,
)
from ._slices import cap as _cap
from ._structs import ElemRef, FieldRef, Ref, assign, copy, struct
from ._types import ANY as _ANY
from ._types import STRING as _STRING
from ._types import UINT8 as _UINT8
from ._types import GoType, Signature, func_of, pointer_to
from ._types import type_of as type_of_value
from ._zero import is_own_pointer, zero_of
from .fmt._printer import address, unpack

__all__ = [
    "ARRAY",
    "BOOL",
    "CHAN",
    "COMPLEX64",
    "COMPLEX128",
    "FLOAT32",
    "FLOAT64",
    "FUNC",
    "INT",
    "INT8",
    "INT16",
    "INT32",
    "INT64",
    "INTERFACE",
    "INVALID",
    "MAP",
    "POINTER",
    "PTR",
    "SELECT_DEFAULT",
    "SELECT_RECV",
    "SELECT_SEND",
    "SLICE",
    "STRING",
    "STRUCT",
    "UINT",
    "UINT8",
    "UINT16",
    "UINT32",
    "UINT64",
    "UINTPTR",
    "Kind",
    "MapIter",
    "Method",
    "SelectCase",
    "SelectDir",
    "StructField",
    "StructTag",
    "Type",
    "Value",
    "append",
    "append_slice",
    "deep_equal",
    "indirect",
    "make_map",
    "make_map_with_size",
    "make_slice",
    "new",
    "select",
    "type_of",
    "value_of",
    "zero",
]


class Value:
    """Go's reflect.Value: a value with its type.

    What can be set has a function that stores another value in the variable.
    """

    __slots__ = ("_hidden", "_store", "_t", "_v")
    __go_name__ = "reflect.Value"
    __go_pointer__ = False

    def __init__(
        self,
        v: Any = None,
        t: GoType | None = None,
        store: Callable[[Any], None] | None = None,
        *,
        hidden: bool = False,
    ) -> None:
        self._v = v
        self._t = t
        self._store = store
        self._hidden = hidden

    def __go_held__(self) -> Any:
        return self._boxed() if self._t is not None else Boxed("<invalid reflect.Value>", _STRING)

    def _boxed(self) -> Any:
        t = self._t
        if t is not None and t.kind == "interface":
            return self._v
        v = self._v
        if t is not None and t.kind == "pointer" and t.elem is not None:
            if not isinstance(v, (Ref, FieldRef, ElemRef)):
                return pointer_box(v, t)
            if t.elem.named:
                return Boxed(v, t)  # has the methods of the type
        return v if type_of_value(v) is t else Boxed(v, t)

    def _as(self, t: GoType) -> Any:
        """Return the value, copied, as a variable of a type holds it."""
        v = self._boxed() if t.kind == "interface" else self._v
        return copy(v) if self._t is not None and self._t.kind in ("struct", "array") else v

    def interface(self) -> Any:
        """Return the value as an interface holds it."""
        if self._t is None:
            panic("reflect: call of reflect.Value.Interface on zero Value")
        if self._hidden:
            panic("reflect.Value.Interface: cannot return value obtained from unexported field or method")
        return self._as(_ANY)

    def can_interface(self) -> Any:
        return not self._hidden

    def _need(self, method: str, *kinds: str) -> GoType:
        t = self._t
        if t is None or t.kind.rstrip("0123468") not in kinds:
            found = "zero" if t is None else kind_of(t).string()
            panic(f"reflect: call of reflect.Value.{method} on {found} Value")
        return t

    def int(self) -> Any:
        self._need("Int", "int")
        return self._v

    def uint(self) -> Any:
        self._need("Uint", "uint", "uintptr")
        return self._v

    def float(self) -> Any:
        self._need("Float", "float")
        return self._v

    def bool(self) -> Any:
        self._need("Bool", "bool")
        return self._v

    def can_int(self) -> Any:
        return self._t is not None and self._t.kind.rstrip("0123468") == "int"

    def can_uint(self) -> Any:
        return self._t is not None and self._t.kind.rstrip("0123468") in ("uint", "uintptr")

    def can_float(self) -> Any:
        return self._t is not None and self._t.kind.rstrip("0123468") == "float"

    def string(self) -> Any:
        if self._t is None:
            return "<invalid Value>"
        return self._v if self._t.kind == "string" else f"<{self._t.name} Value>"

    def is_valid(self) -> Any:
        return self._t is not None

    def is_nil(self) -> Any:
        self._need("IsNil", "pointer", "interface", "map", "slice", "chan", "func")
        return self._v is None or bool(getattr(self._v, "is_nil", False))

    def is_zero(self) -> Any:
        if self._t is None:
            panic("reflect: call of reflect.Value.IsZero on zero Value")
        if self._t.kind in ("slice", "map", "pointer", "interface", "chan", "func"):
            return self.is_nil()
        return deeply_equal(self._v, zero_of(self._t), self._t, set())

    def len(self) -> Any:
        t = self._need("Len", "slice", "array", "map", "string", "chan")
        return len(encode(self._v)) if t.kind == "string" else len(self._v)

    def pointer(self) -> builtins.int:
        """Return a number that stands for an address: the same for all copies of a function or map."""
        self._need("Pointer", "pointer", "chan", "map", "func", "slice")
        return address(self._v)

    def kind(self) -> Kind:
        return kind_of(self._t)

    def type(self) -> Type:
        if self._t is None:
            panic("reflect: call of reflect.Value.Type on zero Value")
        return Type(self._t)

    # --- parts --------------------------------------------------------------------------------------------

    def elem(self) -> Value:
        """Return what a pointer points to, or what an interface holds."""
        t = self._need("Elem", "pointer", "interface")
        v = self._v
        if v is None:
            return Value()
        if t.kind == "interface":
            return value_of(v)
        if isinstance(v, (Ref, FieldRef, ElemRef)):
            return Value(v.v, t.elem, lambda x: setattr(v, "v", x), hidden=self._hidden)
        return Value(v, t.elem, lambda x: assign(v, x), hidden=self._hidden)

    def num_field(self) -> Any:
        return len(self._need("NumField", "struct").fields)

    def field(self, i: Any) -> Value:
        fields = self._need("Field", "struct").fields
        if not 0 <= i < len(fields):
            panic("reflect: Field index out of range")
        found, struct = fields[i], self._v

        def store(x: Any) -> None:
            setattr(struct, found.name, x)

        return Value(
            getattr(struct, found.name),
            found.type,
            None if self._store is None else store,
            hidden=self._hidden or not found.exported,
        )

    def field_by_name(self, name: str) -> Value:
        names = [f.go_name for f in self._need("FieldByName", "struct").fields]
        return self.field(names.index(name)) if name in names else Value()

    def index(self, i: Any) -> Value:
        t = self._need("Index", "slice", "array", "string")
        if t.kind == "string":
            return Value(encode(self._v)[i], _UINT8)
        items = self._v
        if not 0 <= i < len(items):
            panic(f"reflect: {t.kind} index out of range")

        def store(x: Any) -> None:
            items[i] = x

        return Value(
            items[i], t.elem, store if t.kind == "slice" or self._store else None, hidden=self._hidden
        )

    def map_keys(self) -> Any:
        t = self._need("MapKeys", "map")
        return Slice([Value(key, t.key) for key in self._v])

    def map_index(self, key: Value) -> Value:
        t = self._need("MapIndex", "map")
        return Value(self._v[key._v], t.elem) if key._v in self._v else Value()

    def addr(self) -> Value:
        if self._t is None or self._store is None or self._t.kind not in ("struct", "array"):
            panic("reflect.Value.Addr of unaddressable value")
        return Value(self._v, pointer_to(self._t))

    def map_range(self) -> MapIter:
        return MapIter(self)

    def cap(self) -> builtins.int:
        t = self._need("Cap", "slice", "array", "chan")
        return len(self._v) if t.kind == "array" else _cap(self._v)

    def bytes(self) -> Any:
        t = self._need("Bytes", "slice", "array")
        if t.elem is not _UINT8:
            panic("reflect.Value.Bytes of non-byte slice")
        return self._v if t.kind == "slice" else Slice(self._v)

    def slice(self, i: builtins.int, j: builtins.int) -> Value:
        t = self._need("Slice", "slice", "string")
        if not 0 <= i <= j <= (_cap(self._v) if t.kind == "slice" else self.len()):
            panic(f"reflect.Value.Slice: {t.kind} index out of range")
        return Value(decode(encode(self._v)[i:j]) if t.kind == "string" else self._v[i:j], t)

    def set_map_index(self, key: Value, elem: Value) -> None:
        """Store an element of a map; the zero Value deletes it."""
        t = self._need("SetMapIndex", "map")
        assert t.key is not None and t.elem is not None
        k = key._as(t.key)
        if elem._t is None:
            self._v.pop(k, None)
        else:
            self._v[k] = elem._as(t.elem)

    def method_by_name(self, name: str) -> Value:
        """Return a method as a function, with its receiver; the zero Value if there is none."""
        from ._template_values import Value as Held
        from ._template_values import find_function

        found = find_function(Held(self._v, self._t, self._store is not None), name)
        return Value() if found is None else Value(found.call, func_of(found.signature))

    def num_method(self) -> builtins.int:
        return self.type().num_method()

    def method(self, i: builtins.int) -> Value:
        names = method_names(self.type()._t)
        if not 0 <= i < len(names):
            panic("reflect: Method index out of range")
        return self.method_by_name(names[i])

    def _signature(self) -> Signature:
        assert self._t is not None and self._t.signature is not None
        return self._t.signature

    # --- functions and channels ---------------------------------------------------------------------------

    def call(self, args: Any) -> Slice[Value]:
        """Call a function: Go's Call."""
        t = self._need("Call", "func")
        if self.is_nil():
            panic("reflect: call of nil function")
        if t.signature is None:
            raise TypeError(f"reflect: the results of a {t.name} are not known")
        params, variadic, results = t.signature
        fixed = len(params) - variadic
        if len(args) < fixed or (len(args) > fixed and not variadic):
            panic(f"reflect: Call with too {'few' if len(args) < fixed else 'many'} input arguments")
        types = [*params[:fixed], *[params[-1]] * (len(args) - fixed)] if variadic else params
        out = self._v(*(v._as(u) for v, u in zip(args, types, strict=True)))
        each = () if not results else out if len(results) > 1 else (out,)
        return Slice([Value(v, u) for v, u in zip(each, results, strict=True)])

    def recv(self) -> tuple[Value, builtins.bool]:
        """Receive from a channel, and wait for a value: Go's Recv."""
        t = self._need("Recv", "chan")
        assert t.elem is not None
        _, value, ok = gochan.select(gochan.recv(self._v))
        return Value(value if ok else zero_of(t.elem), t.elem), ok

    def send(self, x: Value) -> None:
        t = self._need("Send", "chan")
        assert t.elem is not None
        gochan.select(gochan.send(self._v, x._as(t.elem)))

    # --- changes ------------------------------------------------------------------------------------------

    def can_set(self) -> Any:
        return self._store is not None and not self._hidden

    def can_addr(self) -> Any:
        return self._store is not None

    def _set(self, method: str, v: Any) -> None:
        if self._hidden:
            panic(f"reflect: reflect.Value.{method} using value obtained using unexported field")
        if self._store is None:
            panic(f"reflect: reflect.Value.{method} using unaddressable value")
        assert self._t is not None
        if self._t.named and self._t.cls is not None and self._t.kind not in ("struct", "interface"):
            v = self._t.cls(v)
        self._store(v)
        self._v = v

    def set(self, x: Value) -> None:
        assert self._t is not None and x._t is not None
        if self._t.kind != "interface" and not same_type(self._t, x._t):
            panic(f"reflect.Set: value of type {x._t.name} is not assignable to type {self._t.name}")
        self._set("Set", x._as(self._t))

    def set_int(self, x: Any) -> None:
        t = self._need("SetInt", "int")
        self._set("SetInt", getattr(_integers, f"to_{t.kind}")(x))

    def set_uint(self, x: Any) -> None:
        t = self._need("SetUint", "uint", "uintptr")
        self._set("SetUint", getattr(_integers, f"to_{t.kind}")(x))

    def set_float(self, x: Any) -> None:
        self._need("SetFloat", "float")
        self._set("SetFloat", x)

    def set_bool(self, x: Any) -> None:
        self._need("SetBool", "bool")
        self._set("SetBool", x)

    def set_string(self, x: Any) -> None:
        self._need("SetString", "string")
        self._set("SetString", x)


class Method:
    """Go's reflect.Method: a method as a function that is given its receiver."""

    __slots__ = ("func", "index", "name", "pkg_path", "type")
    __go_name__ = "reflect.Method"
    __go_pointer__ = False

    def __init__(self, name: str = "", func: Value | None = None, index: int = 0) -> None:
        self.name = name
        self.pkg_path = ""
        self.func = func or Value()
        self.type: Any = None if func is None else func.type()
        self.index = index

    def is_exported(self) -> bool:
        """Return True: reflect knows no other methods."""
        return True


def method_of(t: GoType, name: str, i: int) -> Method:
    """Return a method of a type, by its name and number."""
    base = t.elem if t.kind == "pointer" else t
    assert base is not None
    example = zero_of(base)
    if t.kind == "pointer" and not is_own_pointer(base):
        example = Ref(example)
    params, variadic, results = Value(example, t).method_by_name(name)._signature()

    def call(receiver: Any, *args: Any) -> Any:
        return Value(receiver, t).method_by_name(name)._v(*args)

    return Method(name, Value(call, func_of(Signature((t, *params), variadic, results))), i)


class MapIter:
    """Go's reflect.MapIter: the entries of a map one after another."""

    __slots__ = ("_entry", "_m", "_rest")
    __go_name__ = "reflect.MapIter"

    def __init__(self, m: Value | None = None) -> None:
        self._m = m
        self._entry: tuple[Any, Any] | None = None
        self._rest = iter(() if m is None else list(m._v))

    def next(self) -> builtins.bool:
        assert self._m is not None
        for k in self._rest:
            if k in self._m._v:  # not deleted since
                self._entry = k, self._m._v[k]
                return True
        self._entry = None
        return False

    def key(self) -> Value:
        return self._part("Key", 0)

    def value(self) -> Value:
        return self._part("Value", 1)

    def _part(self, method: str, i: builtins.int) -> Value:
        if self._entry is None or self._m is None or self._m._t is None:
            panic(f"MapIter.{method} called before Next")
        t = self._m._t
        return Value(self._entry[i], t.elem if i else t.key)


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


def indirect(v: Value) -> Value:
    """Return what a pointer points to; other values themselves: Go's reflect.Indirect."""
    return v.elem() if v.kind() == POINTER else v


def zero(t: Type) -> Value:
    return Value(zero_of(t._t), t._t)


def new(t: Type) -> Value:
    value = zero_of(t._t)
    return Value(value if is_own_pointer(t._t) else Ref(value), pointer_to(t._t))


def append(s: Value, *x: Value) -> Value:
    t = s._need("Append", "slice")
    assert t.elem is not None
    return Value(append_all(s._v, [v._as(t.elem) for v in x]), t)


def append_slice(s: Value, t: Value) -> Value:
    return Value(append_all(s._v, t._v), s._need("AppendSlice", "slice"))


def make_slice(t: Type, n: int, cap: int) -> Value:
    if t._t.kind != "slice":
        panic("reflect.MakeSlice of non-slice type")
    assert t._t.elem is not None
    elem = t._t.elem
    made = make([zero_of(elem) for _ in range(cap)], elem)[:n]
    return Value(made if t._t.cls is None else t._t.cls(made), t._t)


def make_map(t: Type) -> Value:
    if t._t.kind != "map":
        panic("reflect.MakeMapWithSize of non-map type")
    return Value({} if t._t.cls is None else t._t.cls(), t._t)


def make_map_with_size(t: Type, n: int) -> Value:
    return make_map(t)


def type_of(v: Any) -> Any:
    _, t = unpack(v)
    return None if t is None else Type(t)
