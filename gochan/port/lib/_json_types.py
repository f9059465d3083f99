"""What encoding and decoding JSON share: errors, Number, RawMessage, and the fields of structs."""

from __future__ import annotations

import re
from typing import Any, Final

from ._common import Slice, byte_slice
from ._types import INTEGERS, Field, GoType, uint8
from ._types import error as _error


class JsonError:
    """An error of this package."""

    def error(self) -> str:
        raise NotImplementedError

    def __str__(self) -> str:
        return self.error()


class SyntaxError(JsonError):
    """Go's *json.SyntaxError."""

    __go_name__ = "json.SyntaxError"
    offset: int

    def __init__(self, msg: str = "", offset: int = 0) -> None:
        self._msg = msg
        self.offset = offset

    def error(self) -> str:
        return self._msg


class UnmarshalTypeError(JsonError):
    """Go's *json.UnmarshalTypeError; `type` is printed as Go's."""

    __go_name__ = "json.UnmarshalTypeError"
    value: str
    type: Any
    offset: int
    struct: str
    field: str
    err: _error

    def __init__(  # noqa: PLR0917
        self, value: str, type: Any, offset: int, struct: str, field: str, err: _error = None
    ) -> None:
        self.value = value
        self.type = type
        self.offset = offset
        self.struct = struct
        self.field = field
        self.err = err

    def error(self) -> str:
        if self.struct or self.field:
            last = self.field.rpartition(".")[2]
            kind = "" if last and not last.strip("0123456789") else "Go struct field "
            target = f"{kind}{self.struct}.{self.field}"
        else:
            target = "Go value"
        more = "" if self.err is None else f": {self.err}"
        return f"json: cannot unmarshal {self.value} into {target} of type {self.type}{more}"

    def unwrap(self) -> _error:
        return self.err


class InvalidUnmarshalError(JsonError):
    """Go's *json.InvalidUnmarshalError."""

    __go_name__ = "json.InvalidUnmarshalError"
    type: Any

    def __init__(self, type: Any) -> None:
        self.type = type

    def error(self) -> str:
        if self.type is None:
            return "json: Unmarshal(nil)"
        name = self.type.name
        return f"json: Unmarshal({'nil' if name.startswith('*') else 'non-pointer'} {name})"


class UnsupportedTypeError(JsonError):
    """Go's *json.UnsupportedTypeError."""

    __go_name__ = "json.UnsupportedTypeError"
    type: Any

    def __init__(self, type: Any) -> None:
        self.type = type

    def error(self) -> str:
        return f"json: unsupported type: {self.type}"


class UnsupportedValueError(JsonError):
    """Go's *json.UnsupportedValueError."""

    __slots__ = ("str",)
    __go_name__ = "json.UnsupportedValueError"

    def __init__(self, str: Any) -> None:
        self.str = str

    def error(self) -> str:
        return f"json: unsupported value: {self.str}"


class MarshalerError(JsonError):
    """Go's *json.MarshalerError."""

    __go_name__ = "json.MarshalerError"
    type: Any
    err: _error

    def __init__(self, type: Any, err: _error, source: str = "MarshalJSON") -> None:
        self.type = type
        self.err = err
        self._source = source

    def error(self) -> str:
        return f"json: error calling {self._source} for type {self.type}: {self.err}"

    def unwrap(self) -> _error:
        return self.err


class TypeName:
    """What Go has a reflect.Type for: its name."""

    __go_name__ = "reflect.rtype"

    def __init__(self, t: GoType) -> None:
        self.t = t

    def string(self) -> str:
        return self.t.name

    __str__ = string


class Stop(Exception):
    """Carries an error out of the recursion."""

    def __init__(self, err: _error) -> None:
        super().__init__(err)
        self.err = err


class Number(str):
    """Go's json.Number."""

    __slots__ = ()
    __go_name__ = "json.Number"

    def string(self) -> str:
        return str.__str__(self)

    def int64(self) -> tuple[int, _error]:
        from .strconv import parse_int

        return parse_int(self, 10, 64)

    def float64(self) -> tuple[float, _error]:
        from .strconv import parse_float

        return parse_float(self, 64)


class RawMessage(Slice[uint8]):
    """Go's json.RawMessage."""

    __slots__ = ()
    __go_name__ = "json.RawMessage"

    def marshal_json(self) -> tuple[Any, _error]:
        return (byte_slice(b"null") if self.is_nil else self), None


# --- fields of structs ----------------------------------------------------------------------------------


class JsonField:
    """A field as JSON has it: its name, the attributes that lead to it, its options."""

    __slots__ = ("name", "omitempty", "omitzero", "path", "quoted", "tagged", "type")

    def __init__(self, name: str, path: tuple[Field, ...], options: list[str], tagged: bool) -> None:
        self.name = name
        self.path = path
        self.type = path[-1].type
        self.omitempty = "omitempty" in options
        self.omitzero = "omitzero" in options
        self.quoted = "string" in options and self.type.kind in {
            *INTEGERS,
            "float64",
            "float32",
            "bool",
            "string",
        }
        self.tagged = tagged


_fields_of: Final[dict[GoType, list[JsonField]]] = {}
_TAG: Final = re.compile(r'(?:^|\s)json:"((?:[^"\\]|\\.)*)"')


def json_fields(t: GoType) -> list[JsonField]:
    """Return the fields of a struct in JSON, those of embedded structs too, by Go's rules of visibility."""
    known = _fields_of.get(t)
    if known is not None:
        return known
    found: list[tuple[JsonField, tuple[int, ...]]] = []

    def visit(t: GoType, path: tuple[Field, ...], index: tuple[int, ...], seen: tuple[GoType, ...]) -> None:
        for i, field in enumerate(t.fields):
            match = _TAG.search(field.tag)
            tag = match[1] if match else ""
            if tag == "-":
                continue
            name, *options = tag.split(",")
            inner = field.type.elem if field.type.kind == "pointer" else field.type
            is_struct = inner is not None and inner.kind == "struct"
            if field.embedded and not name and is_struct:
                assert inner is not None
                if inner not in seen:
                    visit(inner, (*path, field), (*index, i), (*seen, inner))
                continue
            if not field.exported:
                continue
            found.append((JsonField(name or field.go_name, (*path, field), options, bool(name)), (*index, i)))

    visit(t, (), (), (t,))
    by_name: dict[str, list[tuple[JsonField, tuple[int, ...]]]] = {}
    for pair in found:
        by_name.setdefault(pair[0].name, []).append(pair)
    chosen = []
    for pairs in by_name.values():
        # The least deep wins, then one with a tag; several are none.
        pairs.sort(key=lambda pair: (len(pair[1]), not pair[0].tagged))
        first = pairs[0]
        if len(pairs) > 1 and (len(pairs[1][1]), pairs[1][0].tagged) == (len(first[1]), first[0].tagged):
            continue
        chosen.append(first)
    chosen.sort(key=lambda pair: pair[1])
    result = _fields_of[t] = [field for field, _ in chosen]
    return result
