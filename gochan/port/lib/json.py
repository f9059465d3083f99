"""Go's package encoding/json.

`unmarshal(data, v, T)` and `Decoder.decode(v, T)` take the type of what v points to as an annotation, where v
is not a struct: a `Ref` does not know it.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from typing import Any, Final

from ._common import Slice, append, byte_slice, bytes_of, decode, encode, make, new_error, nil_bytes
from ._interfaces import Boxed, PointerBox, is_object
from ._json_parse import Node, ParseError, parse, parse_prefix, shown_char
from ._maps import NilMap
from ._quote import quote
from ._structs import ElemRef, FieldRef, Ref
from ._types import ANY, INTEGERS, SIGNED, Field, GoType, go_type, int32, type_of, uint8
from ._types import error as _error
from ._zero import zero_of
from .fmt._printer import unpack
from .io import EOF, ErrUnexpectedEOF, put, read_chunk
from .strconv import format_float

__all__ = [
    "Decoder",
    "Delim",
    "Encoder",
    "InvalidUnmarshalError",
    "Marshaler",
    "MarshalerError",
    "Number",
    "RawMessage",
    "SyntaxError",
    "UnmarshalTypeError",
    "Unmarshaler",
    "UnsupportedTypeError",
    "UnsupportedValueError",
    "compact",
    "html_escape",
    "indent",
    "marshal",
    "marshal_indent",
    "new_decoder",
    "new_encoder",
    "unmarshal",
    "valid",
]

Marshaler = Any
Unmarshaler = Any

# --- errors -----------------------------------------------------------------------------------------------


class _Error:
    """An error of this package."""

    def error(self) -> str:
        raise NotImplementedError

    def __str__(self) -> str:
        return self.error()


class SyntaxError(_Error):
    """Go's *json.SyntaxError."""

    __go_name__ = "json.SyntaxError"
    offset: int

    def __init__(self, msg: str = "", offset: int = 0) -> None:
        self._msg = msg
        self.offset = offset

    def error(self) -> str:
        return self._msg


class UnmarshalTypeError(_Error):
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


class InvalidUnmarshalError(_Error):
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


class UnsupportedTypeError(_Error):
    """Go's *json.UnsupportedTypeError."""

    __go_name__ = "json.UnsupportedTypeError"
    type: Any

    def __init__(self, type: Any) -> None:
        self.type = type

    def error(self) -> str:
        return f"json: unsupported type: {self.type}"


class UnsupportedValueError(_Error):
    """Go's *json.UnsupportedValueError."""

    __slots__ = ("str",)
    __go_name__ = "json.UnsupportedValueError"

    def __init__(self, str: Any) -> None:
        self.str = str

    def error(self) -> str:
        return f"json: unsupported value: {self.str}"


class MarshalerError(_Error):
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


class _TypeName:
    """What Go has a reflect.Type for: its name."""

    __go_name__ = "reflect.rtype"

    def __init__(self, t: GoType) -> None:
        self.t = t

    def string(self) -> str:
        return self.t.name

    __str__ = string


class _Stop(Exception):
    """Carries an error out of the recursion."""

    def __init__(self, err: _error) -> None:
        super().__init__(err)
        self.err = err


# --- fields of structs ------------------------------------------------------------------------------------


class _JsonField:
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


_fields_of: Final[dict[GoType, list[_JsonField]]] = {}
_TAG: Final = re.compile(r'(?:^|\s)json:"((?:[^"\\]|\\.)*)"')


def _fields(t: GoType) -> list[_JsonField]:
    """Return the fields of a struct in JSON, those of embedded structs too, by Go's rules of visibility."""
    known = _fields_of.get(t)
    if known is not None:
        return known
    found: list[tuple[_JsonField, tuple[int, ...]]] = []

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
            found.append(
                (_JsonField(name or field.go_name, (*path, field), options, bool(name)), (*index, i))
            )

    visit(t, (), (), (t,))
    by_name: dict[str, list[tuple[_JsonField, tuple[int, ...]]]] = {}
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


# --- encoding ---------------------------------------------------------------------------------------------

_PLAIN: Final = re.compile(r"[ !#-%'-;=?-\[\]-~]*")
_SPECIAL: Final = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _string(s: str, html: bool) -> str:
    if _PLAIN.fullmatch(s):
        return f'"{s}"'
    parts = []
    for c in s:
        if c in _SPECIAL:
            parts.append(_SPECIAL[c])
        elif c < " " or c in "\u2028\u2029" or (html and c in "<>&"):
            parts.append(f"\\u{ord(c):04x}")
        elif "\udc80" <= c <= "\udcff":
            parts.append("\ufffd")
        else:
            parts.append(c)
    return '"' + "".join(parts) + '"'


def _float(x: float, bits: int) -> str:
    if not math.isfinite(x):
        raise _Stop(UnsupportedValueError(format_float(x, ord("g"), -1, bits)))
    size = abs(x)
    if size != 0 and (size < 1e-6 or size >= 1e21):
        text = format_float(x, ord("e"), -1, bits)
        return text[:-2] + text[-1] if text[-4:-1] == "e-0" else text
    return format_float(x, ord("f"), -1, bits)


def _method(v: Any, t: GoType, name: str, addressable: bool) -> Any:
    """Return a method of a value, if its type has it."""
    base = t.elem if t.kind == "pointer" else t
    cls = base.cls if base is not None else None
    if cls is None or not callable(getattr(cls, name, None)):
        return None
    if t.kind != "pointer" and not addressable and name in getattr(cls, "__go_pointer_methods__", ()):
        return None
    fn = getattr(cls, name)
    return lambda *args: fn(v, *args)


class _Writer:
    def __init__(self, html: bool = True) -> None:
        self.html = html

    def interface(self, v: Any) -> str:
        value, t = unpack(v)
        return "null" if t is None else self.value(value, t, False)

    def value(self, v: Any, t: GoType, addressable: bool) -> str:
        kind = t.kind
        if kind == "interface":
            return self.interface(v)
        if v is None and (kind == "pointer" or is_object(t)):
            return "null"
        if t.cls is not None or kind == "pointer":
            own = self._by_method(v, t, addressable)
            if own is not None:
                return own
        if kind == "string":
            return str(v) or "0" if t is go_type(Number) else _string(v, self.html)
        if kind in INTEGERS:
            return str(int(v))
        if kind == "bool":
            return "true" if v else "false"
        if kind == "float64":
            return _float(v, 64)
        if kind == "float32":
            return _float(v, 32)
        if kind == "struct":
            return self._struct(v, t, addressable)
        if kind in ("slice", "array"):
            return self._list(v, t, addressable)
        if kind == "map":
            return self._map(v, t)
        if kind == "pointer":
            assert t.elem is not None
            return self.value(v.v if isinstance(v, (Ref, FieldRef, ElemRef)) else v, t.elem, True)
        raise _Stop(UnsupportedTypeError(_TypeName(t)))

    def _by_method(self, v: Any, t: GoType, addressable: bool) -> str | None:
        method = _method(v, t, "marshal_json", addressable)
        if method is not None:
            data, err = method()
            if err is not None:
                raise _Stop(MarshalerError(_TypeName(t), err))
            text = decode(bytes_of(data))
            try:
                return _formatted(parse(text), "", "", self.html, compact=True)
            except ParseError as exc:
                raise _Stop(
                    MarshalerError(_TypeName(t), SyntaxError(exc.message, exc.offset(text)))
                ) from None
        method = _method(v, t, "marshal_text", addressable)
        if method is not None:
            data, err = method()
            if err is not None:
                raise _Stop(MarshalerError(_TypeName(t), err, "MarshalText"))
            return _string(decode(bytes_of(data)), self.html)
        return None

    def _struct(self, v: Any, t: GoType, addressable: bool) -> str:
        members = []
        for field in _fields(t):
            owner = v
            for step in field.path[:-1]:
                owner = getattr(owner, step.name)
                if owner is None:
                    break
            if owner is None:
                continue
            value = getattr(owner, field.path[-1].name)
            if field.omitempty and _empty(value, field.type):
                continue
            if field.omitzero and _is_zero(value, field.type):
                continue
            text = self.value(value, field.type, addressable)
            if field.quoted and text != "null":
                text = _string(text, self.html)
            members.append(f"{_string(field.name, self.html)}:{text}")
        return "{" + ",".join(members) + "}"

    def _list(self, v: Any, t: GoType, addressable: bool) -> str:
        elem = t.elem
        assert elem is not None
        if t.kind == "slice":
            if v.is_nil:
                return "null"
            if elem.kind == "uint8" and not (elem.cls and hasattr(elem.cls, "marshal_json")):
                return '"' + base64.b64encode(bytes(v)).decode() + '"'
            addressable = True
        return "[" + ",".join([self.value(item, elem, addressable) for item in v]) + "]"

    def _map(self, v: Any, t: GoType) -> str:
        from ._interfaces import unkey

        if getattr(v, "is_nil", False):
            return "null"
        key, elem = t.key, t.elem
        assert key is not None
        assert elem is not None
        members = []
        for k, item in v.items():
            plain = unkey(k)
            kt = key
            if key.kind == "interface":
                plain, dynamic = unpack(plain)
                kt = dynamic or ANY
            method = _method(plain, kt, "marshal_text", False)
            if kt.kind != "string" and method is not None:
                data, err = method()
                if err is not None:
                    raise _Stop(MarshalerError(_TypeName(kt), err, "MarshalText"))
                name = decode(bytes_of(data))
            elif kt.kind == "string":
                name = str(plain)
            elif kt.kind in INTEGERS:
                name = str(int(plain))
            else:
                raise _Stop(UnsupportedTypeError(_TypeName(t)))
            members.append((encode(name), name, item))
        members.sort(key=lambda member: member[0])
        return (
            "{"
            + ",".join([f"{_string(n, self.html)}:{self.value(item, elem, False)}" for _, n, item in members])
            + "}"
        )


def _empty(v: Any, t: GoType) -> bool:
    if t.kind in ("slice", "map", "array", "string"):
        return len(v) == 0
    return v is None or (t.kind not in {"struct", "pointer", "interface"} and not v)


def _is_zero(v: Any, t: GoType) -> bool:
    if v is None:
        return True
    method = _method(v, t, "is_zero", True)
    if method is not None:
        return bool(method())
    if t.kind in ("slice", "map"):
        return bool(getattr(v, "is_nil", False))
    if t.kind == "struct":
        return all(_is_zero(getattr(v, field.name), field.type) for field in t.fields)
    if t.kind == "array":
        assert t.elem is not None
        return all(_is_zero(item, t.elem) for item in v)
    return not v


def _marshal(v: Any, html: bool) -> tuple[str, _error]:
    try:
        return _Writer(html).interface(v), None
    except _Stop as stop:
        return "", stop.err


def marshal(v: Any) -> tuple[Slice[int], _error]:
    text, err = _marshal(v, True)
    return (nil_bytes(), err) if err is not None else (byte_slice(encode(text)), None)


def marshal_indent(v: Any, prefix: str, indent: str) -> tuple[Slice[int], _error]:
    text, err = _marshal(v, True)
    if err is not None:
        return nil_bytes(), err
    return byte_slice(encode(_formatted(parse(text), prefix, indent, False))), None


def _formatted(node: Node, prefix: str, indent: str, html: bool, compact: bool = False) -> str:
    """Write a parsed text again, indented or compact; escapes and numbers stay as they are."""
    out: list[str] = []

    def newline(depth: int) -> None:
        if not compact:
            out.append("\n" + prefix + indent * depth)

    def write(node: Node, depth: int) -> None:
        if node.kind == "{":
            out.append("{")
            for i, (key, _, value) in enumerate(node.members):
                out.append("," if i else "")
                newline(depth + 1)
                out.append(key + (":" if compact else ": "))
                write(value, depth + 1)
            if node.members:
                newline(depth)
            out.append("}")
        elif node.kind == "[":
            out.append("[")
            for i, value in enumerate(node.items):
                out.append("," if i else "")
                newline(depth + 1)
                write(value, depth + 1)
            if node.items:
                newline(depth)
            out.append("]")
        else:
            out.append(node.text)

    write(node, 0)
    text = "".join(out)
    return _escaped(text) if html else text


def _escaped(text: str) -> str:
    return re.sub("[<>&\u2028\u2029]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _rewritten(dst: Any, src: Any, prefix: str, indent: str, compact: bool) -> _error:
    text = decode(bytes_of(src))
    try:
        node = parse(text)
    except ParseError as exc:
        return SyntaxError(exc.message, exc.offset(text))
    result = _formatted(node, prefix, indent, False, compact)
    if not compact:
        # White space at the end stays.
        result += text[len(text.rstrip(" \t\r\n")) :]
    dst.write_string(result)
    return None


def indent(dst: Any, src: Any, prefix: str, indent: str) -> _error:
    return _rewritten(dst, src, prefix, indent, False)


def compact(dst: Any, src: Any) -> _error:
    return _rewritten(dst, src, "", "", True)


def html_escape(dst: Any, src: Any) -> None:
    dst.write_string(_escaped(decode(bytes_of(src))))


def valid(data: Any) -> bool:
    try:
        parse(decode(bytes_of(data)))
    except ParseError:
        return False
    return True


# --- decoding ---------------------------------------------------------------------------------------------


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


_NAMES: Final = {
    "n": "null",
    '"': "string",
    "0": "number",
    "t": "bool",
    "f": "bool",
    "[": "array",
    "{": "object",
}


class _Reader:
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
        self.err = UnmarshalTypeError(value, _TypeName(t), offset, base, ".".join(self.path), err)

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
                raise _Stop(err)
            return True, target.v if isinstance(target, Ref) else target
        return False, old

    @staticmethod
    def _time(node: Node, old: Any) -> Any:
        from . import time

        if node.kind == "n":
            return old
        if node.kind != '"':
            raise _Stop(new_error("Time.UnmarshalJSON: input is not a JSON string"))
        made, err = time.parse(time.RFC3339, node.value)
        if err is not None:
            raise _Stop(err)
        return made

    def _struct(self, node: Node, t: GoType, old: Any) -> Any:
        if node.kind != "{":
            self.wrong(node, t)
            return old
        fields = _fields(t)
        exact = {field.name: field for field in fields}
        folded: dict[str, _JsonField] = {}
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

    def _quoted(self, node: Node, field: _JsonField, old: Any) -> Any:
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
                made[self._text_key(key, key_type)] = self.value(value, elem, _first(elem))
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
            made[k] = self.value(value, elem, _first(elem))
            self.path.pop()
        return made

    @staticmethod
    def _text_key(key: str, t: GoType) -> Any:
        """Return a key of a map whose type has UnmarshalText."""
        variable = Ref(zero_of(t))
        assert t.cls is not None
        err = t.cls.unmarshal_text(variable, byte_slice(encode(key)))
        if err is not None:
            raise _Stop(err)
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
            values.append(self.value(item, elem, _first(elem)))
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
    """Return the type of what v points to, its value, and v if it is a variable; None if v is no pointer."""
    if isinstance(v, PointerBox):
        return go_type(v.v.__class__), v.v, None
    value, t = unpack(v)
    if t is None:
        return None
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


def _store(  # noqa: PLR0917
    text: str, node: Node, v: Any, annotation: Any, use_number: bool = False, strict: bool = False
) -> _error:
    target = target_of(v, annotation)
    if target is None:
        return InvalidUnmarshalError(unpack(v)[1])
    t, old, ref = target
    reader = _Reader(text, t, use_number, strict)
    try:
        made = reader.value(node, t, old)
    except _Stop as stop:
        return stop.err
    if ref is not None:
        ref.v = made
    return reader.err


def unmarshal(data: Any, v: Any, annotation: Any = None) -> _error:
    """Store a text in what v points to; `annotation` is its type, needed unless v is a struct."""
    text = decode(bytes_of(data))
    try:
        node = parse(text)
    except ParseError as exc:
        return SyntaxError(exc.message, exc.offset(text))
    return _store(text, node, v, annotation)


def _first(t: GoType) -> Any:
    """Return the value that an element is read into: nil, if its class stands for a pointer."""
    return None if is_object(t) else zero_of(t)


# --- streams ----------------------------------------------------------------------------------------------


class Encoder:
    """Go's json.Encoder."""

    def __init__(self, w: Any = None) -> None:
        self._w = w
        self._html = True
        self._prefix = self._indent = ""

    def encode(self, v: Any) -> _error:
        text, err = _marshal(v, self._html)
        if err is not None:
            return err
        if self._prefix or self._indent:
            text = _formatted(parse(text), self._prefix, self._indent, False)
        return put(self._w, encode(text + "\n"))[1]

    def set_indent(self, prefix: str, indent: str) -> None:
        self._prefix, self._indent = prefix, indent

    def set_escape_html(self, on: bool) -> None:
        self._html = on


def new_encoder(w: Any) -> Encoder:
    return Encoder(w)


class Delim(int):
    """Go's json.Delim: one of [ ] { }."""

    __slots__ = ()
    __go_name__ = "json.Delim"
    __go_under__ = int32

    def string(self) -> str:
        return chr(self)

    def __str__(self) -> str:
        return chr(self)


class Decoder:
    """Go's json.Decoder."""

    def __init__(self, r: Any = None) -> None:
        self._r = r
        self._data = b""
        self._read_err: _error = None
        self._err: _error = None
        self._use_number = self._strict = False
        self._offset = 0
        # What `token` is inside of: "[" and "{", and whether a comma, a key, a colon or a value comes next.
        self._nesting: list[str] = []
        self._next = "value"

    def use_number(self) -> None:
        self._use_number = True

    def disallow_unknown_fields(self) -> None:
        self._strict = True

    def input_offset(self) -> int:
        return self._offset

    def buffered(self) -> Any:
        from .bytes import new_reader

        return new_reader(self._data)

    def _more(self) -> None:
        data, self._read_err = read_chunk(self._r, 4096)
        self._data += data

    def _skip(self, marks: bytes = b"") -> bytes:
        """Drop white space, and marks; return the byte that follows, or b"" at the end."""
        while True:
            rest = self._data.lstrip(b" \t\r\n" + marks)
            self._offset += len(self._data) - len(rest)
            self._data = rest
            if rest or self._read_err is not None:
                return rest[:1]
            self._more()

    def more(self) -> bool:
        return self._skip() not in (b"", b"]", b"}")

    def decode(self, v: Any, annotation: Any = None) -> _error:
        if self._err is not None:
            return self._err
        if self._nesting:
            self._skip(b",:")
        node, text = self._value()
        if node is None:
            err: _error = self._err or text
            return err
        return _store(text, node, v, annotation, self._use_number, self._strict)

    def _value(self) -> tuple[Any, Any]:
        """Take a value; return it and the text that it is in, or None and the error."""
        while True:
            text = decode(self._data)
            try:
                node, end = parse_prefix(text)
            except ParseError as exc:
                if not exc.at_end:
                    self._err = SyntaxError(exc.message, self._offset + exc.offset(text))
                    return None, self._err
            else:
                # A number may go on in what was not read yet.
                if end < len(text) or node.kind != "0" or self._read_err is not None:
                    break
            if self._read_err is not None:
                if self._read_err is not EOF:
                    return None, self._read_err
                return None, ErrUnexpectedEOF if text.strip(" \t\r\n") else EOF
            self._more()
        used = len(encode(text[:end]))
        self._offset += used
        self._data = self._data[used:]
        self._after_value()
        return node, text

    def _after_value(self) -> None:
        if self._nesting:
            self._next = "value" if self._next == "key" else "end"

    def token(self) -> tuple[Any, _error]:
        """Return the next bracket, key or scalar; None at the end, with io.EOF."""
        if self._err is not None:
            return None, self._err
        inside = self._nesting[-1] if self._nesting else ""
        c = self._skip()
        if not c:
            return None, ErrUnexpectedEOF if self._nesting else EOF
        if c == b"," and inside and self._next == "end":
            self._drop()
            self._next = "key" if inside == "{" else "value"
            c = self._skip()
        elif c == b":" and self._next == "colon":
            self._drop()
            self._next = "value"
            c = self._skip()
        if c in (b"]", b"}") and inside == ("[" if c == b"]" else "{") and self._next != "colon":
            self._drop()
            self._nesting.pop()
            self._next = "end" if self._nesting else "value"
            return Delim(c[0]), None
        if self._next in ("end", "colon"):
            words = "after object key" if self._next == "colon" else "after object key:value pair"
            if inside == "[":
                words = "after array element"
            self._err = SyntaxError(f"invalid character {shown_char(decode(c))} {words}", self._offset + 1)
            return None, self._err
        if c in (b"[", b"{") and self._next == "value":
            self._drop()
            self._nesting.append(decode(c))
            self._next = "key" if c == b"{" else "value"
            return Delim(c[0]), None
        was_key = self._next == "key"
        node, text = self._value()
        if node is None:
            return None, self._err or text
        if was_key:
            self._next = "colon"
            return node.value, None
        return _Reader(text, ANY, self._use_number, False).any(node), None

    def _drop(self) -> None:
        self._data = self._data[1:]
        self._offset += 1


def new_decoder(r: Any) -> Decoder:
    return Decoder(r)
