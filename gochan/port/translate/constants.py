"""Constants: as they are written in the program where that has the value, or as a literal."""

from __future__ import annotations

import contextlib
import math
from typing import Any

from ..tree import Object, Type
from .code import ADD, ATOM, UNARY, Code, call, py_str
from .gotypes import kind_of
from .operators import ARITH, Operators
from .walk import Node, unparen


class Constants(Operators):
    """Constants."""

    def constant(self, n: Node) -> Code:
        t = self.ty(n)
        assert n.const is not None
        kind = n.const.kind
        inner = unparen(n)
        if inner is not n and inner.const is not None:
            return self.constant(inner)
        if n.kind in ("Ident", "SelectorExpr") and n.obj is not None and n.obj.kind == "const":
            named = self.named_constant(n, n.obj, t)
            if named is not None:
                return named
        plain = self.is_plain(t)
        if n.kind == "BasicLit":
            if n.Kind == "CHAR" and kind_of(t) == "int":
                return self.typed_literal(self.char_literal(int(n.const.value)), t)
            if n.Kind == "INT" and kind_of(t) == "int":
                text = n.Value.lower()
                if text.startswith("0") and text[1:2].isdigit():
                    text = "0o" + text[1:].lstrip("_")
                return self.typed_literal(Code(text), t)
        if n.kind == "BinaryExpr" and n.Op in ("+", "-", "*", "<<", "|", "&", "^") and plain:
            k = kind_of(t)
            simple = kind_of(n.X.type) == kind_of(n.Y.type) == k and n.X.const is not None
            if (
                k == "int"
                and simple
                and n.X.const.kind == n.Y.const.kind == "int"
                and int(n.const.value) == self._python(n)
            ):
                return self.join(self.expr(n.X), n.Op, self.expr(n.Y), ARITH[n.Op])
            if k == "string" and simple and n.Op == "+":
                return self.join(self.expr(n.X), "+", self.expr(n.Y), ADD)
        if n.kind in ("BinaryExpr", "UnaryExpr") and self.is_duration(t):
            duration = self.duration_constant(n)
            if duration is not None:
                return duration
        if n.kind == "UnaryExpr" and n.Op == "-" and plain and kind_of(t) == kind_of(n.X.type) == "int":
            return Code("-" + self.expr(n.X).at(UNARY), UNARY)
        if n.kind == "CallExpr" and n.call == "builtin" and kind == "int":
            pass
        return self.literal(n.const.value, t, n)

    def _python(self, n: Node) -> int:
        a, b = int(n.X.const.value), int(n.Y.const.value)
        if n.Op == "<<":
            return a << b if 0 <= b < 10000 else 0
        return {"+": a + b, "-": a - b, "*": a * b, "|": a | b, "&": a & b, "^": a ^ b}[n.Op]

    def named_constant(self, n: Node, obj: Object, t: Type) -> Code | None:
        """Return the name of a constant, if it has the value of this place."""
        assert n.const is not None
        if obj.scope == "universe":
            return None
        if not obj.local:
            return self.foreign_constant(n, obj, t)
        own = obj.type
        assert own is not None
        if own is not t and kind_of(own) != kind_of(t):
            return None
        if obj.const is not None and own.kind == "basic" and own.name.startswith("untyped"):
            if kind_of(t) == "float" and obj.const.kind == "int":
                return None
            if kind_of(t) == "int" and obj.const.kind == "float":
                return None
            if t.under.name in ("float32", "complex64"):
                # It is rounded here.
                return None
        if obj.name == "_":
            return None
        name = Code(self.ref(obj))
        if own is not t and not self.is_plain(t):
            if self.foreign(t) and self.foreign_plain(t):
                return name
            return call(self.class_of(t), name.text)
        return name

    def char_literal(self, value: int) -> Code:
        if 0x20 <= value < 0x7F or (value > 0xA0 and chr(value).isprintable()):
            return call(self.builtin("ord"), py_str(chr(value)))
        if chr(value) in "\n\t\r" if value < 0x110000 else False:
            return call(self.builtin("ord"), py_str(chr(value)))
        return Code(str(value) if value < 10 else hex(value))

    def typed_literal(self, code: Code, t: Type) -> Code:
        if self.is_plain(t) or t.kind == "typeparam" or self.is_interface(t):
            return code
        if self.foreign(t):
            return self.foreign_literal(code, t)
        return call(self.class_of(t), code.text)

    def literal(self, value: Any, t: Type, n: Node) -> Code:
        """Return a literal of a value, as one of type t."""
        k = kind_of(t)
        if k in {"interface", "typeparam"}:
            k = {int: "int", float: "float", str: "string", bool: "bool", complex: "complex"}[type(value)]
        if k == "int":
            code = Code(str(int(value)), ATOM if int(value) >= 0 else UNARY)
        elif k == "float":
            code = self.float_literal(n, float(value), t)
        elif k == "string":
            code = self.string_literal(str(value))
        elif k == "bool":
            code = Code(str(bool(value)))
        elif k == "complex":
            text = repr(complex(value))
            if text[0] == "-":
                # In Python, -1j has a real part of -0.0.
                text = f"(0{text})"
            code = Code(text.strip("()"), ADD if text.startswith("(") else ATOM)
        else:
            raise self.refuse(n, f"a constant of type {t.str} has no translation")
        return self.typed_literal(code, t)

    def string_literal(self, value: str) -> Code:
        try:
            value.encode()
        except UnicodeEncodeError:
            # Its bytes may be parts of runes.
            return call(self.lib("from_bytes"), repr(value.encode("utf-8", "surrogateescape")))
        return Code(py_str(value))

    def float_literal(self, n: Node, value: float, t: Type) -> Code:
        if n.const is not None and n.const.exact is not None:
            exact = n.const.exact
            with contextlib.suppress(OverflowError):
                value = exact.numerator / exact.denominator
        if t.under.kind == "basic" and t.under.name == "float32":
            import struct

            value = struct.unpack("f", struct.pack("f", value))[0]
        if math.isinf(value):
            raise self.refuse(n, "this constant is too large for a float")
        text = repr(value)
        if n.kind == "BasicLit" and n.Kind == "FLOAT":
            source = n.Value.replace("_", "").lower()
            if not source.startswith("0x") and "e" in source and "p" not in source and float(source) == value:
                text = source if source[0] != "." else "0" + source
        return Code(text, ATOM if value >= 0 and not text.startswith("-") else UNARY)

    # --- elsewhere ------------------------------------------------------------------------------------------

    def duration_constant(self, n: Node) -> Code | None:
        return None

    def foreign_constant(self, n: Node, obj: Object, t: Type) -> Code | None:
        raise NotImplementedError

    def foreign_literal(self, code: Code, t: Type) -> Code:
        return code
