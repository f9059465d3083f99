"""Types as reflect shows them: Go's reflect.Kind, Type, StructField and StructTag."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

from ._common import Slice
from ._panics import panic
from ._types import UINT as _UINT
from ._types import Field, GoType, Signature, camel, find_method, slice_of
from .strconv import unquote

_KINDS: Final = (
    *("invalid", "bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32"),
    *("uint64", "uintptr", "float32", "float64", "complex64", "complex128", "array", "chan", "func"),
    *("interface", "map", "ptr", "slice", "string", "struct", "unsafe.Pointer"),
)


class Kind(int):
    """Go's reflect.Kind."""

    __slots__ = ()
    __go_name__ = "reflect.Kind"
    __go_under__ = _UINT

    def string(self) -> str:
        return _KINDS[self] if 0 <= self < len(_KINDS) else f"kind{int(self)}"

    __str__ = string


INVALID, BOOL, INT, INT8, INT16, INT32, INT64 = map(Kind, range(7))
UINT, UINT8, UINT16, UINT32, UINT64, UINTPTR = map(Kind, range(7, 13))
FLOAT32, FLOAT64, COMPLEX64, COMPLEX128, ARRAY, CHAN, FUNC = map(Kind, range(13, 20))
INTERFACE, MAP, POINTER, SLICE, STRING, STRUCT = map(Kind, range(20, 26))
PTR = POINTER


def kind_of(t: GoType | None) -> Kind:
    name = "invalid" if t is None else "ptr" if t.kind == "pointer" else t.kind
    return Kind(_KINDS.index(name))


class StructTag(str):
    """Go's reflect.StructTag: `key:"value"` pairs."""

    __slots__ = ()
    __go_name__ = "reflect.StructTag"

    def get(self, key: str) -> str:
        return self.lookup(key)[0]

    def lookup(self, key: str) -> tuple[str, bool]:
        for name, value in re.findall(r'([^\s":]+):("(?:[^"\\]|\\.)*")', self):
            if name == key:
                text, err = unquote(value)
                return ("", False) if err is not None else (text, True)
        return "", False


class StructField:
    """Go's reflect.StructField."""

    __slots__ = ("anonymous", "index", "name", "pkg_path", "tag", "type")
    __go_name__ = "reflect.StructField"
    __go_pointer__ = False

    def __init__(self, found: Field | None = None, at: int = 0) -> None:
        self.name = "" if found is None else found.go_name
        self.type: Any = None if found is None else Type(found.type)
        self.tag = StructTag("" if found is None else found.tag)
        self.anonymous = found is not None and found.embedded
        self.pkg_path = "" if found is None or found.exported else "main"
        self.index = Slice([at])

    def is_exported(self) -> Any:
        return not self.pkg_path


class Type:
    """What type_of returns: Go's reflect.Type."""

    __slots__ = ("_t",)
    __go_name__ = "reflect.rtype"
    # One object a type, so that they are equal as Go's are: by identity.
    _made: ClassVar[dict[GoType, Type]] = {}
    _t: GoType

    def __new__(cls, t: GoType) -> Type:
        made = cls._made.get(t)
        if made is None:
            made = cls._made[t] = super().__new__(cls)
            made._t = t
        return made

    def string(self) -> str:
        return self._t.name

    __str__ = string

    def name(self) -> str:
        """Return the name of a named or predeclared type; "" for others."""
        named = self._t.named or self._t.kind == self._t.name
        return self._t.name.rpartition(".")[2] if named else ""

    def kind(self) -> Kind:
        return kind_of(self._t)

    def elem(self) -> Type:
        if self._t.elem is None:
            panic(f"reflect: Elem of invalid type {self._t.name}")
        return Type(self._t.elem)

    def key(self) -> Type:
        if self._t.key is None:
            panic(f"reflect: Key of non-map type {self._t.name}")
        return Type(self._t.key)

    def len(self) -> Any:
        if self._t.kind != "array":
            panic(f"reflect: Len of non-array type {self._t.name}")
        return self._t.length

    def comparable(self) -> Any:
        return self._t.comparable

    def _fields(self, method: str) -> list[Field]:
        if self._t.kind != "struct":
            panic(f"reflect: {method} of non-struct type {self._t.name}")
        return self._t.fields

    def num_field(self) -> int:
        return len(self._fields("NumField"))

    def field(self, i: int) -> StructField:
        fields = self._fields("Field")
        if not 0 <= i < len(fields):
            panic("reflect: Field index out of bounds")
        return StructField(fields[i], i)

    def field_by_name(self, name: str) -> tuple[StructField, bool]:
        for i, found in enumerate(self._fields("FieldByName")):
            if found.go_name == name:
                return StructField(found, i), True
        return StructField(), False

    def _function(self, method: str) -> Signature:
        if self._t.kind != "func" or self._t.signature is None:
            panic(f"reflect: {method} of non-func type {self._t.name}")
        return self._t.signature

    def num_in(self) -> int:
        return len(self._function("NumIn").params)

    def num_out(self) -> int:
        return len(self._function("NumOut").results)

    def in_(self, i: int) -> Type:
        params, variadic, _ = self._function("In")
        return Type(slice_of(params[i]) if variadic and i == len(params) - 1 else params[i])

    def out(self, i: int) -> Type:
        return Type(self._function("Out").results[i])

    def is_variadic(self) -> bool:
        return self._function("IsVariadic").variadic

    def implements(self, u: Type) -> bool:
        """Return whether the type has the methods of an interface, by their names."""
        if u._t.kind != "interface":
            panic("reflect: non-interface type passed to Type.Implements")
        if self._t.kind == "interface":
            return set(u._t.methods) <= set(self._t.methods)
        base = self._t.elem if self._t.kind == "pointer" else self._t
        cls = None if base is None else base.cls
        hidden = () if self._t.kind == "pointer" else getattr(cls, "__go_pointer_methods__", ())
        for name in u._t.methods:
            own = cls is not None and find_method(cls, name) is not None and name not in hidden
            if not own and not (name == "error" and cls is not None and issubclass(cls, BaseException)):
                return False
        return True

    def assignable_to(self, u: Type) -> bool:
        return self is u or (u._t.kind == "interface" and self.implements(u))

    def num_method(self) -> int:
        return len(method_names(self._t))

    def method(self, i: int) -> Any:
        from .reflect import method_of

        names = method_names(self._t)
        if not 0 <= i < len(names):
            panic("reflect: Method index out of range")
        return method_of(self._t, names[i], i)

    def method_by_name(self, name: str) -> tuple[Any, bool]:
        from .reflect import Method, method_of

        names = method_names(self._t)
        return (method_of(self._t, name, names.index(name)), True) if name in names else (Method(), False)


def method_names(t: GoType) -> list[str]:
    """Return the exported methods of a type by name, in their order in Go."""
    if t.kind == "interface":
        return sorted(name[:1].upper() + camel(name)[1:] for name in t.methods)
    base = t.elem if t.kind == "pointer" else t
    if base is None or not base.named:
        return []
    found = getattr(base.cls, "__go_methods__", None)
    if found is None and base.cls is not None and base.cls.__module__.startswith("gochan."):
        raise TypeError(f"reflect: the methods of {base.name} are not known")
    names = (found or "").split()
    return [name.lstrip("*") for name in names if t.kind == "pointer" or not name.startswith("*")]
