"""Go's values from JSON: Unmarshal."""

from __future__ import annotations

import base64
import binascii
import math
import re
from typing import Any, Final

from ._common import Slice, append, byte_slice, bytes_of, decode, encode, make, new_error
from ._interfaces import Boxed, PointerBox, is_object
from ._json_parse import Node, ParseError, parse
from ._json_types import (
    InvalidUnmarshalError,
    JsonField,
    Number,
    RawMessage,
    Stop,
    SyntaxError,
    TypeName,
    UnmarshalTypeError,
    json_fields,
)
from ._maps import NilMap
from ._quote import quote
from ._structs import ElemRef, FieldRef, Ref, assign
from ._types import ANY, INTEGERS, SIGNED, GoType, go_type, type_of
from ._types import error as _error
from ._zero import is_own_pointer, zero_of
from .fmt._printer import unpack

_NAMES: Final = {
    "n": "null",
    '"': "string",
    "0": "number",
    "t": "bool",
    "f": "bool",
    "[": "array",
    "{": "object",
}


class ValueReader:
    """Stores a parsed text in Go values."""

    def __init__(self, text: str, root: GoType, use_number: bool, strict: bool) -> None:
        self.text = text
        self.root = root
        self.use_number = use_number
        self.strict = strict
        self.err: _error = None
        self.path: list[str] = []

    def wrong(self, node: Node, t: GoType, shown: bool = False, err: _error = None) -> None:
        """Note that a value does not fit a type; the first such error is returned at the end."""
        if self.err is not None:
            return
        value = _NAMES[node.kind] + (f" {node.text}" if shown else "")
        named = self.root.named and not self.root.name.startswith("struct {")
        base = self.root.name.rpartition(".")[2] if named and self.path else ""
        offset = len(encode(self.text[: node.end]))
        self.err = UnmarshalTypeError(value, TypeName(t), offset, base, ".".join(self.path), err)

    def any(self, node: Node) -> Any:
        """Return a value for an interface{}."""
        kind = node.kind
        if kind == '"':
            return node.value
        if kind == "0":
            if self.use_number:
                return Number(node.text)
            x = float(node.text)
            if math.isinf(x):
                self.wrong(node, go_type(float), True)
                return 0.0
            return x
        if kind == "{":
            made = {}
            for _, key, value in node.members:
                self.path.append(key)
                made[key] = self.any(value)
                self.path.pop()
            return Boxed(made, dict[str, Any])
        if kind == "[":
            values = []
            for i, value in enumerate(node.items):
                self.path.append(str(i))
                values.append(self.any(value))
                self.path.pop()
            return make(values, ANY)
        return {"n": None, "t": True, "f": False}[kind]

    def value(self, node: Node, t: GoType, old: Any) -> Any:
        """Return the value of type t for a node.

        old is the value that it replaces, and what stays on an error.
        """
        kind = t.kind
        if kind == "pointer":
            return self._pointer(node, t, old)
        if old is None and is_object(t):
            if node.kind == "n":
                return None
            old = zero_of(t)
        if t.cls is not None:
            done, made = self._by_method(node, t, old)
            if done:
                return made
        if kind == "interface":
            if node.kind == "n":
                return None
            if t.methods:
                self.wrong(node, t)
                return old
            return self.any(node)
        if node.kind == "n":
            return zero_of(t) if kind in ("map", "slice") else old
        if kind == "struct":
            return self._struct(node, t, old)
        if kind == "map":
            return self._map(node, t, old)
        if kind in ("slice", "array"):
            return self._list(node, t, old)
        return self._scalar(node, t, old)

    def _pointer(self, node: Node, t: GoType, old: Any) -> Any:
        if node.kind == "n":
            return None
        elem = t.elem
        assert elem is not None
        if elem.kind in ("struct", "array"):
            return self.value(node, elem, zero_of(elem) if old is None else old)
        if is_own_pointer(elem):
            made = self.value(node, elem, zero_of(elem) if old is None else old)
            if old is not None and made is not old:
                assign(old, made)
            return made if old is None else old
        ref = Ref(zero_of(elem)) if old is None else old
        ref.v = self.value(node, elem, ref.v)
        return ref

    def _by_method(self, node: Node, t: GoType, old: Any) -> tuple[bool, _error]:
        if t.cls is RawMessage:
            return True, RawMessage(byte_slice(encode(self.text[node.start : node.stop])))
        if t.cls is Number:
            if node.kind in {"0", '"'}:
                return True, Number(node.text if node.kind == "0" else node.value)
            return False, old
        if t.name == "time.Time":
            return True, self._time(node, old)
        for name in ("unmarshal_json", "unmarshal_text"):
            if not callable(getattr(t.cls, name, None)):
                continue
            if name == "unmarshal_text":
                if node.kind == "n":
                    return True, old
                if node.kind != '"':
                    self.wrong(node, t)
                    return True, old
                data = encode(node.value)
            else:
                data = encode(self.text[node.start : node.stop])
            # A value that is not a struct is a variable, whose pointer the method gets.
            target = old if t.kind == "struct" or isinstance(old, Slice) else Ref(old)
            err = getattr(t.cls, name)(target, byte_slice(data))
            if err is not None:
                raise Stop(err)
            return True, target.v if isinstance(target, Ref) else target
        return False, old

    @staticmethod
    def _time(node: Node, old: Any) -> Any:
        from . import time

        if node.kind == "n":
            return old
        if node.kind != '"':
            raise Stop(new_error("Time.UnmarshalJSON: input is not a JSON string"))
        made, err = time.parse(time.RFC3339, node.value)
        if err is not None:
            raise Stop(err)
        return made

    def _struct(self, node: Node, t: GoType, old: Any) -> Any:
        if node.kind != "{":
            self.wrong(node, t)
            return old
        fields = json_fields(t)
        exact = {field.name: field for field in fields}
        folded: dict[str, JsonField] = {}
        for field in fields:
            folded.setdefault(_fold(field.name), field)
        for _, key, value in node.members:
            found = exact.get(key) or folded.get(_fold(key))
            if found is None:
                if self.strict and self.err is None:
                    self.err = new_error(f"json: unknown field {quote(key)}")
                continue
            owner = old
            for step in found.path[:-1]:
                inner = getattr(owner, step.name)
                if inner is None:
                    assert step.type.elem is not None
                    inner = zero_of(step.type.elem)
                    setattr(owner, step.name, inner)
                owner = inner
            attribute = found.path[-1].name
            self.path.append(key)
            before = getattr(owner, attribute)
            setattr(
                owner,
                attribute,
                self._quoted(value, found, before) if found.quoted else self.value(value, found.type, before),
            )
            self.path.pop()
        return old

    def _quoted(self, node: Node, field: JsonField, old: Any) -> Any:
        """Return the value of a field with the option string."""
        if node.kind == "n":
            return old
        if node.kind != '"':
            self.wrong(node, field.type)
            return old
        try:
            inner = parse(node.value)
        except ParseError:
            inner = Node("0", node.value, None, node.start, node.stop)
            self.wrong(inner, field.type, True)
            return old
        return self.value(inner, field.type, old)

    def _map(self, node: Node, t: GoType, old: Any) -> Any:
        if node.kind != "{":
            self.wrong(node, t)
            return old
        key_type, elem = t.key, t.elem
        assert key_type is not None
        assert elem is not None
        made = (
            (t.cls if t.cls is not None and issubclass(t.cls, dict) else dict)()
            if isinstance(old, NilMap) or getattr(old, "is_nil", False) or old is None
            else old
        )
        for (_, key, value), end in zip(node.members, node.key_ends, strict=True):
            self.path.append(key)
            k: Any = key
            if callable(getattr(key_type.cls, "unmarshal_text", None)) and key_type.kind != "struct":
                made[self._text_key(key, key_type)] = self.value(value, elem, first_value(elem))
                self.path.pop()
                continue
            if key_type.kind in INTEGERS:
                k = self._integer(key, key_type)
                if k is None:
                    self.wrong(Node("0", key, key, node.start, end), key_type, True)
                    self.path.pop()
                    continue
            elif key_type.kind != "string":
                self.wrong(node, t)
                self.path.pop()
                break
            if key_type.cls is not None:
                k = key_type.cls(k)
            made[k] = self.value(value, elem, first_value(elem))
            self.path.pop()
        return made

    @staticmethod
    def _text_key(key: str, t: GoType) -> Any:
        """Return a key of a map whose type has UnmarshalText."""
        variable = Ref(zero_of(t))
        assert t.cls is not None
        err = t.cls.unmarshal_text(variable, byte_slice(encode(key)))
        if err is not None:
            raise Stop(err)
        return variable.v

    @staticmethod
    def _integer(text: str, t: GoType) -> int | None:
        """Return an integer that fits a type."""
        if not re.fullmatch(r"-?[0-9]+", text):
            return None
        n = int(text)
        width = int(t.kind.lstrip("uint") or 64) if t.kind != "uintptr" else 64
        low, high = (-(1 << width - 1), (1 << width - 1) - 1) if t.kind in SIGNED else (0, (1 << width) - 1)
        return n if low <= n <= high else None

    def _list(self, node: Node, t: GoType, old: Any) -> Any:
        elem = t.elem
        assert elem is not None
        if t.kind == "slice" and elem.kind == "uint8" and node.kind == '"':
            try:
                data = base64.b64decode(node.value.replace("\r", "").replace("\n", ""), validate=True)
            except (binascii.Error, ValueError):
                from .base64 import CorruptInputError, std_encoding

                _, err = std_encoding.decode_string(node.value)
                self.wrong(node, t, err=err or CorruptInputError(0))
                return old
            made = byte_slice(data)
            return t.cls(made) if t.cls else made
        if node.kind != "[":
            self.wrong(node, t)
            return old
        values = []
        for i, item in enumerate(node.items):
            if t.kind == "array" and i >= len(old):
                break
            self.path.append(str(i))
            values.append(self.value(item, elem, first_value(elem)))
            self.path.pop()
        if t.kind == "array":
            while len(values) < len(old):
                values.append(zero_of(elem))
            old[:] = values
            return old
        # The array of the old slice is used again, and grows as Go's does.
        slice_ = make([], elem) if old.is_nil else old[:0]
        for value in values:
            slice_ = append(slice_, value)
        return t.cls(slice_) if t.cls else slice_

    def _scalar(self, node: Node, t: GoType, old: Any) -> Any:
        kind = t.kind
        made: Any
        if kind == "string" and node.kind == '"':
            made = node.value
        elif kind == "bool" and node.kind in "tf":
            made = node.kind == "t"
        elif kind in INTEGERS and node.kind == "0":
            made = self._integer(node.text, t)
            if made is None:
                self.wrong(node, t, True)
                return old
        elif kind in ("float64", "float32") and node.kind == "0":
            made = float(node.text)
            if kind == "float32":
                from .strconv import parse_float

                made, _ = parse_float(node.text, 32)
            if math.isinf(made):
                self.wrong(node, t, True)
                return old
        else:
            self.wrong(node, t)
            return old
        return made if t.cls is None else t.cls(made)


def _fold(name: str) -> str:
    """Return what names that are equal but for case have in common."""
    from .unicode import folded

    return (
        name.lower()
        if name.isascii() and "k" not in name.lower() and "s" not in name.lower()
        else folded(name)
    )


def target_of(v: Any, annotation: Any) -> tuple[GoType, Any, Any] | None:
    """Return the type of what v points to, its value, and v if it is a variable; None if v is no pointer.

    A slice of a class with pointer methods is a variable, too.
    """
    if isinstance(v, PointerBox):
        return go_type(v.v.__class__), v.v, v.v if isinstance(v.v, Slice) else None
    value, t = unpack(v)
    if t is None:
        return None
    if isinstance(value, Slice) and annotation is not None:
        return go_type(annotation), value, value
    if isinstance(value, (Ref, FieldRef, ElemRef)):
        if annotation is not None:
            elem = go_type(annotation)
        elif isinstance(v, Boxed) and t.kind == "pointer" and t.elem is not None:
            elem = t.elem
        else:
            elem = type_of(value.v) or ANY
        return elem, value.v, value
    if t.kind == "pointer" and t.elem is not None and value is not None:
        return t.elem, value, None
    if getattr(value.__class__, "__go_struct__", False) and annotation is not None:
        return go_type(annotation), value, None
    if isinstance(value, list):
        return t, value, None
    return None


def store(  # noqa: PLR0917
    text: str, node: Node, v: Any, annotation: Any, use_number: bool = False, strict: bool = False
) -> _error:
    target = target_of(v, annotation)
    if target is None:
        return InvalidUnmarshalError(unpack(v)[1])
    t, old, ref = target
    reader = ValueReader(text, t, use_number, strict)
    try:
        made = reader.value(node, t, old)
    except Stop as stop:
        return stop.err
    if isinstance(ref, Slice):
        assign(ref, made)
    elif ref is not None:
        ref.v = made
    return reader.err


def unmarshal(data: Any, v: Any, annotation: Any = None) -> _error:
    """Store a text in what v points to; `annotation` is its type, needed unless v is a struct."""
    text = decode(bytes_of(data))
    try:
        node = parse(text)
    except ParseError as exc:
        return SyntaxError(exc.message, exc.offset(text))
    return store(text, node, v, annotation)


def first_value(t: GoType) -> Any:
    """Return the value that an element is read into: nil, if its class stands for a pointer."""
    return None if is_object(t) else zero_of(t)
