"""JSON from Go's values: Marshal, and the functions that change the layout of a text."""

from __future__ import annotations

import base64
import math
import re
from typing import Any, Final

from ._common import Slice, byte_slice, bytes_of, decode, encode, nil_bytes
from ._interfaces import is_object
from ._json_parse import Node, ParseError, parse
from ._json_types import (
    MarshalerError,
    Number,
    Stop,
    SyntaxError,
    TypeName,
    UnsupportedTypeError,
    UnsupportedValueError,
    json_fields,
)
from ._structs import ElemRef, FieldRef, Ref
from ._types import ANY, INTEGERS, GoType, go_type
from ._types import error as _error
from .fmt._printer import unpack
from .strconv import format_float

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
        raise Stop(UnsupportedValueError(format_float(x, ord("g"), -1, bits)))
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
    by_pointer = name in getattr(cls, "__go_pointer_methods__", ())
    if t.kind != "pointer" and not addressable and by_pointer:
        return None
    fn = getattr(cls, name)
    # A method gets what it is declared for: pointers to types such as float64 are no floats.
    if isinstance(v, Ref) and not by_pointer:
        v = v.v
    elif by_pointer and t.kind not in ("pointer", "struct", "array", "slice"):
        v = Ref(v)
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
        raise Stop(UnsupportedTypeError(TypeName(t)))

    def _by_method(self, v: Any, t: GoType, addressable: bool) -> str | None:
        method = _method(v, t, "marshal_json", addressable)
        if method is not None:
            data, err = method()
            if err is not None:
                raise Stop(MarshalerError(TypeName(t), err))
            text = decode(bytes_of(data))
            try:
                return formatted(parse(text), "", "", self.html, compact=True)
            except ParseError as exc:
                raise Stop(MarshalerError(TypeName(t), SyntaxError(exc.message, exc.offset(text)))) from None
        method = _method(v, t, "marshal_text", addressable)
        if method is not None:
            data, err = method()
            if err is not None:
                raise Stop(MarshalerError(TypeName(t), err, "MarshalText"))
            return _string(decode(bytes_of(data)), self.html)
        return None

    def _struct(self, v: Any, t: GoType, addressable: bool) -> str:
        members = []
        for field in json_fields(t):
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
                    raise Stop(MarshalerError(TypeName(kt), err, "MarshalText"))
                name = decode(bytes_of(data))
            elif kt.kind == "string":
                name = str(plain)
            elif kt.kind in INTEGERS:
                name = str(int(plain))
            else:
                raise Stop(UnsupportedTypeError(TypeName(t)))
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


def marshal_text(v: Any, html: bool) -> tuple[str, _error]:
    try:
        return _Writer(html).interface(v), None
    except Stop as stop:
        return "", stop.err


def marshal(v: Any) -> tuple[Slice[int], _error]:
    text, err = marshal_text(v, True)
    return (nil_bytes(), err) if err is not None else (byte_slice(encode(text)), None)


def marshal_indent(v: Any, prefix: str, indent: str) -> tuple[Slice[int], _error]:
    text, err = marshal_text(v, True)
    if err is not None:
        return nil_bytes(), err
    return byte_slice(encode(formatted(parse(text), prefix, indent, False))), None


def formatted(node: Node, prefix: str, indent: str, html: bool, compact: bool = False) -> str:
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
    result = formatted(node, prefix, indent, False, compact)
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
