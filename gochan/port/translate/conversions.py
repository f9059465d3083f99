"""Conversions between types."""

from __future__ import annotations

from ..tree import Type
from .code import ATOM, Code, call
from .gotypes import SIGNED, UNSIGNED, kind_of
from .literals import Literals
from .walk import Node, is_pure, unparen

_INT_FITS = {"int8": (-7, 7), "int16": (-15, 15), "int32": (-31, 31), "int64": (-63, 63), "int": (-63, 63)}
_UNSAFE = "Python has no access to memory by addresses"


class Conversions(Literals):
    """Conversions."""

    def conversion(self, n: Node) -> Code:
        target = self.ty(n)
        arg = n.Args[0]
        source = self.ty(arg)
        if source is target:
            return self.expr(arg)
        if self.is_interface(target):
            return self.value(arg, target)
        if source.kind == "basic" and source.name == "untyped nil":
            return self.nil_of(target)
        a, b = kind_of(source), kind_of(target)
        if "Pointer" in (a, b):
            return self.address_number(n, source, target)
        code = self.expr(arg)
        if self.is_duration(target) or self.is_duration(source):
            special = self.duration_conversion(code, arg, source, target)
            if special is not None:
                return special
        if b in ("int", "float", "string", "bool", "complex"):
            plain = self.convert_basic(code, arg, source, target, a, b, n)
            return self.named_basic(plain, source, target, code)
        if b in ("slice", "map", "signature"):
            return self.convert_composite(code, arg, source, target, a, b, n)
        if b == "struct":
            return self.convert_struct(code, arg, source, target, n)
        if b == "array" and a == "slice":
            return call(self.lib("slice_array"), code.arg, str(target.under.len))
        if b == "pointer" and a == "slice":
            raise self.refuse(n, "a pointer to the array of a slice has no translation; copy it: [N]T(s)")
        if b == "array" and not (self.is_plain_array(source) and self.is_plain_array(target)):
            name = self.builtin("list") if self.is_plain_array(target) else self.class_of(target)
            return call(name, self.value(arg).arg if self.value_like(target.under.elem) else code.arg)
        if b in ("array", "pointer", "chan"):
            return code
        raise self.refuse(n, f"the conversion from {source.str} to {target.str} has no translation")

    def is_plain_array(self, t: Type) -> bool:
        """Return whether an array type has no class: its values are lists."""
        return t.kind != "named" or self.is_alias(t) or self.foreign(t)

    def address_number(self, n: Node, source: Type, target: Type) -> Code:
        """Translate uintptr(unsafe.Pointer(p)), a number; refuse other conversions of unsafe pointers."""
        arg = unparen(n.Args[0])
        if kind_of(target) == "int" and arg.kind == "CallExpr" and arg.call == "conversion":
            pointer = arg.Args[0]
            if self.ty(pointer).under.kind == "pointer":
                return call(self.builtin("id"), self.expr(pointer).arg)
        names = [
            t.str.replace("Pointer", "unsafe.Pointer") if t.kind == "basic" else t.str
            for t in (source, target)
        ]
        raise self.refuse(n, f"the conversion from {names[0]} to {names[1]} has no translation: {_UNSAFE}")

    def duration_conversion(self, code: Code, arg: Node, source: Type, target: Type) -> Code | None:
        return None

    def named_basic(self, plain: Code, source: Type, target: Type, before: Code) -> Code:
        if target.kind == "named" and not self.is_alias(target):
            if self.foreign(target):
                return self.foreign_result(plain, target)
            return call(self.class_of(target), plain.arg)
        if source.kind == "named" and not self.is_alias(source) and plain is before:
            kind = kind_of(target)
            if kind == "int":
                return call(self.builtin("int"), plain.arg)
            if kind == "float":
                return call(self.builtin("float"), plain.arg)
            if kind == "string":
                return call(self.lib("plain"), plain.arg)
        return plain

    def convert_basic(
        self, code: Code, arg: Node, source: Type, target: Type, a: str, b: str, n: Node
    ) -> Code:
        if a == b == "int":
            if self.int_fits(source, target, arg):
                return code
            return self.wrap(code, target)
        if a == "int" and b == "float":
            if target.under.name == "float32":
                return call(self.lib("to_float32"), code.arg)
            return call(self.builtin("float"), code.arg)
        if a == "float" and b == "int":
            name = {"rune": "int32", "byte": "uint8", "int": "int"}.get(target.under.name, target.under.name)
            return call(self.lib(f"to_{name}"), code.arg)
        if a == b == "float":
            if target.under.name == "float32" and source.under.name != "float32":
                return call(self.lib("to_float32"), code.arg)
            return code
        if a == b == "complex":
            if target.under.name == "complex64" and source.under.name != "complex64":
                return call(self.lib("to_complex64"), code.arg)
            return code
        if b == "string":
            if a == "string":
                return code
            if a == "int":
                return call(self.lib("rune_str"), code.arg)
            if a == "slice":
                elem = source.under.elem.under.name
                name = "from_bytes" if elem in ("uint8", "byte") else "from_runes"
                return call(self.lib(name), code.arg)
        if a == b == "bool":
            return code
        raise self.refuse(n, f"the conversion from {source.str} to {target.str} has no translation")

    def int_fits(self, source: Type, target: Type, arg: Node) -> bool:
        s, t = source.under.name, target.under.name
        s_bits = SIGNED.get(s) or UNSIGNED.get(s) or 64
        t_bits = SIGNED.get(t) or UNSIGNED.get(t) or 64
        if s in UNSIGNED:
            return t_bits >= s_bits if t in UNSIGNED else t_bits > s_bits
        if t in SIGNED:
            return t_bits >= s_bits
        return t_bits >= s_bits and self.non_negative(arg)

    def convert_composite(
        self, code: Code, arg: Node, source: Type, target: Type, a: str, b: str, n: Node
    ) -> Code:
        if b == "slice" and a == "string":
            elem = target.under.elem.under.name
            if elem in ("uint8", "byte"):
                code = call(self.lib("to_bytes"), code.arg)
            else:
                room = ["on_stack=True"] if self.stays_on_stack(n) else []
                code = call(self.lib("to_runes"), code.arg, *room)
            if target.kind == "named" and not self.is_alias(target):
                return call(self.class_of(target), code.text)
            return code
        if b == "map" and not self.is_fresh(arg):
            self.note_shared_map(source, target)
        named = target.kind == "named" and not self.is_alias(target)
        was = source.kind == "named" and not self.is_alias(source)
        if named:
            if self.foreign(target):
                return self.foreign_conversion(code, target, arg)
            return call(self.class_of(target), code.arg)
        if was:
            if b == "slice":
                return call(self.lib("Slice"), code.arg)
        return code

    def convert_struct(self, code: Code, arg: Node, source: Type, target: Type, n: Node) -> Code:
        if self.is_unit(target) or self.class_of(source) == self.class_of(target):
            return self.value(arg)
        if not is_pure(arg):
            held = self.temp("value")
            self.bind(held.number)
            self.emit(f"{held.token} = {code.text}")
            code = Code(held.token)
        parts = []
        for f, g in zip(source.under.fields, target.under.fields, strict=True):
            text = f"{code.at(ATOM)}.{self.field_name(f.name, source)}"
            if self.value_like(f.type) and self.mutable(f.type):
                text = self.copy_code(Code(text), f.type).text
            del g
            parts.append(text)
        return call(self.class_of(target), *parts)

    def stays_on_stack(self, n: Node) -> bool:
        """Return whether the runes of a string are assigned to a variable that Go keeps on the stack.

        Those of a constant have no room beyond their length.
        """
        parent = n.parent
        if parent is None or parent.kind != "AssignStmt" or len(parent.Lhs) != 1:
            return False
        if n.Args[0].const is not None:
            return False
        return unparen(parent.Rhs[0]) is n and self.on_stack(unparen(parent.Lhs[0]))

    # --- elsewhere ------------------------------------------------------------------------------------------

    def bind(self, number: int) -> None:
        raise NotImplementedError

    def on_stack(self, x: Node) -> bool:
        raise NotImplementedError
