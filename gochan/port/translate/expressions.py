"""Expressions: every form of Go's, as Python with the same value and the same order of evaluation."""

from __future__ import annotations

import contextlib
import math
import re
from typing import Any

from ..lists import is_last
from ..tree import Object, Type
from .code import ADD, AND, ATOM, BAND, BOR, BXOR, CMP, MUL, NOT, OR, SHIFT, UNARY, Code, Sym, call
from .gotypes import SIGNED, UNSIGNED, kind_of
from .names import Line, camel, snake, upper
from .order import Order
from .scopes import Var, deref
from .walk import Node, contains, is_blank, is_pure, unparen

_ARITH = {
    "+": ADD,
    "-": ADD,
    "*": MUL,
    "&": BAND,
    "|": BOR,
    "^": BXOR,
    "<<": SHIFT,
    ">>": SHIFT,
    "/": MUL,
    "%": MUL,
}
_COMPARE = {"==", "!=", "<", "<=", ">", ">="}


def py_str(text: str) -> str:
    """Return a string literal with double quotes."""
    out = []
    for c in text:
        if c == '"':
            out.append('\\"')
        elif c == "\\":
            out.append("\\\\")
        elif c == "\n":
            out.append("\\n")
        elif c == "\t":
            out.append("\\t")
        elif c == "\r":
            out.append("\\r")
        elif c.isprintable():
            out.append(c)
        elif ord(c) < 256:
            out.append(f"\\x{ord(c):02x}")
        elif ord(c) < 0x10000:
            out.append(f"\\u{ord(c):04x}")
        else:
            out.append(f"\\U{ord(c):08x}")
    return '"' + "".join(out) + '"'


class Expressions(Order):
    """Expressions."""

    obj_syms: dict[int, Sym]
    global_syms: dict[int, Sym]
    overrides: dict[int, Code]

    # --- the entry points ---------------------------------------------------------------------------------

    def expr(self, n: Node) -> Code:
        """Translate an expression, as it is: without the copy that an assignment makes."""
        held = self.overrides.get(n.id)
        if held is not None:
            return held
        if n.const is not None and n.mode != "type":
            return self.constant(n)
        method = getattr(self, f"expr_{n.kind}", None)
        if method is None:
            raise self.refuse(n, f"{n.kind} as an expression has no translation")
        code: Code = method(n)
        return code

    def value(self, n: Node, target: Type | None = None) -> Code:
        """Translate an expression whose value goes to a variable of type `target`.

        Copied and boxed as needed.
        """
        code = self.expr(n)
        t = self.ty(n)
        if t.kind == "tuple":
            return code
        if self.needs_copy(n, t) and not code.fresh:
            code = self.copy_code(code, t)
        return self.convert(code, t, target, n)

    def copy_code(self, code: Code, t: Type) -> Code:
        return call(self.lib("copy"), code.arg)

    def convert(self, code: Code, t: Type, target: Type | None, n: Node | None = None) -> Code:
        """Return a value of type t as one of type `target`, to which it is assignable."""
        if target is None:
            return code
        target = self.subst(target)
        if t is target:
            return code
        if t.kind == "basic" and t.name == "untyped nil":
            return self.nil_of(target)
        if self.is_interface(target) and not self.is_interface(t):
            return self.box(code, t, n)
        if (
            t.under.kind == "struct"
            and target.under.kind == "struct"
            and n is not None
            and not self.is_unit(t)
        ):
            if not self.foreign(t) and not self.foreign(target) and self.class_of(t) != self.class_of(target):
                return self.convert_struct(code, n, t, target, n)
            return code
        if (
            target.kind == "named"
            and t.kind != "named"
            and not self.is_alias(target)
            and not self.foreign(target)
        ) and target.under.kind in ("slice", "map", "signature"):
            return call(self.class_of(target), code.arg)
        return code

    def nil_of(self, t: Type) -> Code:
        u = t.under
        if u.kind in ("slice", "map"):
            return self.zero(t)
        if u.kind in ("chan", "pointer"):
            self.facts.nil_sources.add(u.index)
            return Code(self.lib("nil"))
        return self.nil_interface(t)

    # --- constants ----------------------------------------------------------------------------------------

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
                return self.join(self.expr(n.X), n.Op, self.expr(n.Y), _ARITH[n.Op])
            if k == "string" and simple and n.Op == "+":
                return self.join(self.expr(n.X), "+", self.expr(n.Y), ADD)
        if n.kind in ("BinaryExpr", "UnaryExpr") and self.is_duration(t):
            duration = self.duration_constant(n)
            if duration is not None:
                return duration
        if n.kind == "UnaryExpr" and n.Op == "-" and plain and kind_of(t) == "int":
            return Code("-" + self.expr(n.X).at(UNARY), UNARY)
        if n.kind == "CallExpr" and n.call == "builtin" and kind == "int":
            pass
        return self.literal(n.const.value, t, n)

    def _python(self, n: Node) -> int:
        a, b = int(n.X.const.value), int(n.Y.const.value)
        if n.Op == "<<":
            return a << b if 0 <= b < 10000 else 0
        return {"+": a + b, "-": a - b, "*": a * b, "|": a | b, "&": a & b, "^": a ^ b}[n.Op]

    def is_plain(self, t: Type) -> bool:
        """Return whether values of a basic kind are Python's own, with no class of the program."""
        return t.kind == "basic" or (t.kind == "named" and self.is_alias(t))

    def is_duration(self, t: Type) -> bool:
        return t.kind == "named" and t.obj.pkg == "time" and t.obj.name == "Duration"

    def duration_constant(self, n: Node) -> Code | None:
        return None

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
        if obj.name == "_":
            return None
        name = Code(self.ref(obj))
        if own is not t and not self.is_plain(t):
            if self.foreign(t):
                return name
            return call(self.class_of(t), name.text)
        return name

    def foreign_constant(self, n: Node, obj: Object, t: Type) -> Code | None:
        raise NotImplementedError

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

    def foreign_literal(self, code: Code, t: Type) -> Code:
        return code

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
            code = Code(py_str(str(value)))
        elif k == "bool":
            code = Code(str(bool(value)))
        elif k == "complex":
            code = Code(repr(complex(value)))
        else:
            raise self.refuse(n, f"a constant of type {t.str} has no translation")
        return self.typed_literal(code, t)

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

    # --- names --------------------------------------------------------------------------------------------

    def sym(self, obj: Object) -> Sym:
        """Return the symbol of a variable, constant, type or function of the program."""
        found = self.obj_syms.get(obj.index) or self.global_syms.get(obj.index)
        if found is not None:
            return found
        var = self.analysis.vars.get(obj.index)
        if obj.scope in ("package", "file") and obj.kind != "pkg":
            kind = {"const": "const", "type": "type", "func": "func"}.get(obj.kind, "global")
            base = {"const": upper, "type": camel}.get(obj.kind, snake)(obj.name)
            if kind == "func" and base.startswith("test") and not obj.name.startswith("Test"):
                base = f"_{base}"  # no test for pytest either
            sym = self.names.make(base, kind, go_name=obj.name)
            self.global_syms[obj.index] = sym
        else:
            assert obj.kind in ("var", "const", "type"), obj
            base = snake(obj.name) if obj.kind != "type" else camel(obj.name)
            scope = var.scope if var is not None else ()
            func = var.func.id if var is not None and var.func is not None else 0
            t = self.subst(obj.type) if obj.type is not None else None
            kind = "local" if obj.kind != "type" else "type"
            sym = self.names.make(base, kind, go_name=obj.name, func=func, scope=scope)
            sym.declared = (obj.line, obj.col)
            for at in scope:
                node = self.program.nodes.get(at)
                if node is not None:
                    self.names.ends[at] = node.end
            sym.type_key = f"{t.index if t is not None else 0}"
            if var is not None and self.is_ref(var):
                sym.type_key += "ref"
            sym.captured_by_cell = var is not None and bool(var.captured) and not self.by_default(var)
            self.obj_syms[obj.index] = sym
            self.names.by_obj[obj.index] = sym.number
        return sym

    def ref(self, obj: Object) -> str:
        """Return the token of an object, with its module if it is another package's."""
        if obj.scope in ("package", "file") or (obj.kind == "func" and obj.scope != "local"):
            return self.ref_global(obj)
        return self.sym(obj).token

    def ref_global(self, obj: Object) -> str:
        if obj.scope not in ("package", "file", "method") and obj.kind == "type":
            return self.sym(obj).token
        if obj.local and obj.pkg is not None and self.is_elsewhere(obj):
            return self.other_package(obj)
        return self.sym(obj).token

    def is_elsewhere(self, obj: Object) -> bool:
        """Return whether an object is in another module."""
        return obj.pkg != self.package.path

    def other_package(self, obj: Object) -> str:
        raise NotImplementedError

    def is_ref(self, var: Var) -> bool:
        """Return whether a variable is held in a Ref.

        Its address is taken, or each iteration needs one of its own.
        """
        t = var.type
        if t is None or var.obj.kind != "var":
            return False
        t = self.subst(t)
        if var.addr and not self.is_object(t) and t.under.kind != "array":
            return True
        return self.per_iteration(var) and not self.by_default(var)

    def per_iteration(self, var: Var) -> bool:
        """Return whether a function literal may outlive the iteration whose variable it captures."""
        loops = var.loops
        if var.loop_var and not self.file.per_iteration:
            # Before Go 1.22, all iterations have one variable.
            loops = loops[:-1]
        if not loops or not var.captured or var.obj.kind != "var":
            return False
        return any(not lit.called_now for lit in var.captured if lit.parent is var.func)

    def by_default(self, var: Var) -> bool:
        """Return whether a literal gets a variable of an iteration by a default argument."""
        if not self.per_iteration(var):
            return False
        if var.addr and not self.is_object(self.subst(var.type)) if var.type is not None else False:
            return True
        if not var.assigns:
            return True
        if var.loop_var and var.obj.index in self.counted:
            return True
        return not var.obj.assigned_after_capture and not var.obj.assigned_in_closure and not var.loop_var

    counted: set[int]

    def expr_Ident(self, n: Node) -> Code:
        obj = n.obj
        if obj is None:
            raise self.refuse(n, f"{n.Name} as a value has no translation")
        if obj.kind == "nil":
            return self.nil_of(self.ty(n))
        if obj.kind == "var":
            return self.variable(obj)
        if obj.kind == "func":
            return self.function_value(n, obj)
        if obj.kind == "const":
            return self.literal(obj.const.value if obj.const else 0, self.ty(n), n)
        raise self.refuse(n, f"{obj.kind} {n.Name} as a value has no translation")

    def variable(self, obj: Object) -> Code:
        var = self.analysis.vars.get(obj.index)
        name = self.ref(obj)
        if var is not None and self.is_ref(var):
            return Code(f"{name}.v")
        return Code(name)

    def function_value(self, n: Node, obj: Object) -> Code:
        self.facts.func_values.add(obj.index)
        if n.inst:
            return Code(self.instance_function(obj, [self.subst(t) for t in n.inst]))
        return Code(self.ref(obj))

    def instance_function(self, obj: Object, args: list[Type]) -> str:
        raise NotImplementedError

    def expr_ParenExpr(self, n: Node) -> Code:
        return self.expr(n.X)

    # --- operators ----------------------------------------------------------------------------------------

    def join(self, x: Code, op: str, y: Code, prec: int) -> Code:
        """Return a binary operation, which groups to the left."""
        return Code(f"{x.at(prec)} {op} {y.at(prec + 1)}", prec)

    def expr_UnaryExpr(self, n: Node) -> Code:
        op = n.Op
        if op == "&":
            return self.address(n.X, n)
        if op == "<-":
            return self.receive(n)
        t = self.ty(n)
        if op == "!":
            return self.negate(n.X)
        x = self.expr(n.X)
        if op == "+":
            return x
        if op == "-":
            code = Code("-" + x.at(UNARY), UNARY)
            if kind_of(t) == "int" and not self.is_duration(t):
                asked = self.ask_ranges("needs_wrap", n)
                wraps = not self.small(n.X) if asked is None else asked
                return self.wrap_class(self.wrap(code, t) if wraps else code, t)
            return self.wrap_class(code, t)
        if op == "^":
            if t.under.name in UNSIGNED:
                mask = f"0x{(1 << UNSIGNED[t.under.name]) - 1:X}"
                return self.wrap_class(Code(f"{x.at(BXOR)} ^ {mask}", BXOR), t)
            return self.wrap_class(Code("~" + x.at(UNARY), UNARY), t)
        raise self.refuse(n, f"the operator {op} has no translation")

    def negate(self, n: Node) -> Code:
        """Return `not n`, with a comparison turned around where that is the same."""
        inner = unparen(n)
        if inner.kind == "UnaryExpr" and inner.Op == "!":
            return self.expr(inner.X)
        x = self.expr(n)
        return Code("not " + x.at(NOT), NOT)

    def wrap_class(self, code: Code, t: Type) -> Code:
        """Return the result of an operation as a value of a named type."""
        if t.kind != "named" or self.is_alias(t):
            return code
        if self.foreign(t):
            return self.foreign_result(code, t)
        return call(self.class_of(t), code.arg)

    def foreign_result(self, code: Code, t: Type) -> Code:
        return code

    def wrap(self, code: Code, t: Type) -> Code:
        """Return an integer result within its type."""
        name = t.under.name
        if name in ("untyped int", "untyped rune"):
            return code
        if name in UNSIGNED:
            bits = UNSIGNED[name]
            return Code(f"{code.at(BAND)} & 0x{(1 << bits) - 1:X}", BAND, raw=code)
        helper = {"rune": "to_int32", "int": "to_int"}.get(name, f"to_{name}")
        wrapped = call(self.lib(helper), code.arg)
        wrapped.raw = code
        return wrapped

    def expr_BinaryExpr(self, n: Node) -> Code:
        op = n.Op
        if op in ("&&", "||"):
            return self.short_circuit(n)
        self.order_calls([n.X, n.Y])
        if op in _COMPARE:
            return self.compare(n)
        return self.arith(n, self.operand(n.X), op, self.operand(n.Y), self.ty(n), n.X, n.Y)

    def operand(self, n: Node) -> Code:
        """Translate an operand of arithmetic, where the class of a named type is not needed."""
        t = self.ty(n)
        if t.kind != "named" or self.is_plain(t) or self.foreign(t) or t.under.kind != "basic":
            return self.expr(n)
        inner = unparen(n)
        if inner.const is not None and inner.kind == "BasicLit":
            return self.literal(inner.const.value, t.under, inner)
        if inner.kind == "BinaryExpr" and inner.const is None and inner.id not in self.overrides:
            code = self.expr(inner)
            name = self.class_of(t)
            if code.call is not None and code.call[0] == name:
                return Code(code.text[len(name) :], ATOM)
            return code
        return self.expr(n)

    def short_circuit(self, n: Node) -> Code:
        """Translate && or ||: by an if, where the right side needs statements of its own."""
        word, prec = ("and", AND) if n.Op == "&&" else ("or", OR)
        x = self.expr(n.X)
        start = len(self.lines)
        self.depth += 1
        y = self.expr(n.Y)
        self.depth -= 1
        added = self.lines[start:]
        inside = [line for line in added if line.depth > self.depth]
        if all(line.depth > self.depth + 1 or line.text.startswith("def ") for line in inside):
            # Only functions: they may be made even if they are not used.
            for line in added:
                line.depth -= 1
            return Code(f"{x.at(prec)} {word} {y.at(prec)}", prec)
        result = self.temp("ok")
        self.bind(result.number)
        test = f"if {result.token}:" if n.Op == "&&" else f"if not {result.token}:"
        self.lines[start:start] = [
            Line(self.depth, f"{result.token} = {x.text}", self.chunk),
            Line(self.depth, test, self.chunk),
        ]
        self.lines.append(Line(self.depth + 1, f"{result.token} = {y.text}", self.chunk))
        return Code(result.token)

    def arith(self, n: Node, x: Code, op: str, y: Code, t: Type, xn: Node, yn: Node) -> Code:
        """Return x op y, of type t, as Go computes it."""
        k = kind_of(t)
        if k == "typeparam":
            raise self.refuse(n, "an operation on a type parameter has no translation here")
        if k == "string":
            return self.wrap_class(self.join(x, "+", y, ADD), t)
        if k == "float":
            code = self.divide_floats(x, y, yn) if op == "/" else self.join(x, op, y, _ARITH[op])
            if t.under.name == "float32":
                code = call(self.lib("to_float32"), code.arg)
            return self.wrap_class(code, t)
        if k == "complex":
            code = call(self.lib("cdiv"), x.arg, y.arg) if op == "/" else self.join(x, op, y, _ARITH[op])
            if t.under.name == "complex64":
                code = call(self.lib("to_complex64"), code.arg)
            return self.wrap_class(code, t)
        if k != "int":
            raise self.refuse(n, f"the operator {op} on {t.str} has no translation")
        if self.is_duration(t):
            special = self.duration_arith(n, x, op, y, t, xn, yn)
            if special is not None:
                return special
        name = t.under.name
        if op == "/":
            if self.non_negative(xn) and self.non_negative(yn):
                code = self.join(x, "//", y, MUL)
            else:
                code = call(self.lib("quo"), x.arg, y.arg)
                if name in ("int8", "int16", "int32", "rune") and (yn.const is None or yn.const.value == -1):
                    code = self.wrap(code, t)
            return self.wrap_class(code, t)
        if op == "%":
            if self.non_negative(xn) and self.non_negative(yn):
                return self.wrap_class(self.join(x, "%", y, MUL), t)
            return self.wrap_class(call(self.lib("rem"), x.arg, y.arg), t)
        if op == "&^":
            return self.wrap_class(Code(f"{x.at(BAND)} & ~{y.at(UNARY)}", BAND), t)
        if op in ("&", "|", "^"):
            return self.wrap_class(self.join(x, op, y, _ARITH[op]), t)
        if op == ">>":
            if yn.const is not None or (
                kind_of(yn.type) == "int" and self.subst(yn.type).under.name in UNSIGNED
            ):
                return self.wrap_class(self.join(x, ">>", y, SHIFT), t)
            return self.wrap_class(call(self.lib("shr"), x.arg, y.arg), t)
        if op == "<<":
            if yn.const is not None and int(yn.const.value) <= 64:
                code = self.join(x, "<<", y, SHIFT)
            else:
                code = call(self.lib("shl"), x.arg, y.arg)
        elif self.needs_wrap(n, op, xn, yn, t):
            # One wrap at the end does what one at each step does.
            x, y = self.unwrapped(x, xn, t), self.unwrapped(y, yn, t)
            return self.wrap_class(self.wrap(self.join(x, op, y, _ARITH[op]), t), t)
        else:
            code = self.join(x, op, y, _ARITH[op])
        if op == "<<" and self.needs_wrap(n, op, xn, yn, t):
            code = self.wrap(code, t)
        return self.wrap_class(code, t)

    def unwrapped(self, x: Code, n: Node, t: Type) -> Code:
        inner = unparen(n)
        if (
            x.raw is not None
            and inner.kind == "BinaryExpr"
            and inner.Op in ("+", "-", "*")
            and inner.id not in self.overrides
        ) and self.ty(inner) is t:
            return x.raw
        return x

    def divide_floats(self, x: Code, y: Code, yn: Node) -> Code:
        if yn.const is not None and float(yn.const.value) != 0:
            return self.join(x, "/", y, MUL)
        return call(self.lib("fdiv"), x.arg, y.arg)

    def duration_arith(self, n: Node, x: Code, op: str, y: Code, t: Type, xn: Node, yn: Node) -> Code | None:
        return None

    def needs_wrap(self, n: Node, op: str, xn: Node, yn: Node, t: Type) -> bool:
        """Return whether an integer result may leave its type."""
        asked = self.ask_ranges("needs_wrap", n)
        if asked is not None:
            return asked
        name = t.under.name
        if name.startswith("untyped"):
            return False
        if name in ("int", "int64"):
            if op in ("+", "-"):
                return not (self.small(xn) or self.small(yn))
            if op == "*":
                return not (self.small(xn) and self.small(yn))
        return True

    def small(self, n: Node) -> bool:
        """Return whether an integer is far from the limits of 64 bits, so that a few sums of it are, too."""
        n = unparen(n)
        if n.const is not None:
            return abs(int(n.const.value)) < 1 << 31 if n.const.kind == "int" else True
        t = n.type
        if n.kind == "CallExpr" and n.call == "builtin" and unparen(n.Fun).Name in ("len", "cap"):
            return True
        if n.kind == "CallExpr" and n.call == "conversion":
            inner = n.Args[0].type
            return kind_of(inner) == "int" and self.subst(inner).under.name in (
                "int8", "int16", "int32", "rune", "uint8", "uint16", "byte", "uint32",
            )  # fmt: skip
        if n.kind == "Ident" and n.obj is not None and n.obj.index in self.counted:
            return True
        if n.kind == "BinaryExpr" and n.Op in ("+", "-", "%", "/"):
            return (self.small(n.X) and (n.Op == "/" or self.small(n.Y))) or (n.Op == "%" and self.small(n.Y))
        if t is not None and kind_of(t) == "int":
            return False
        return False

    def ask_ranges(self, question: str, n: Node) -> bool | None:
        """Ask the analysis of magnitudes; None if there is none."""
        ranges = self.ranges
        if ranges is None:
            return None
        answer: bool = getattr(ranges, question)(n)
        return answer

    ranges: Any = None

    def non_negative(self, n: Node) -> bool:
        """Return whether an integer is known not to be negative."""
        n = unparen(n)
        if n.const is not None:
            return n.const.kind in ("int", "float") and float(n.const.value) >= 0
        t = self.ty(n)
        if t.under.kind == "basic" and t.under.name in UNSIGNED:
            return True
        asked = self.ask_ranges("non_negative", n)
        if asked is not None:
            return asked
        if n.kind == "CallExpr":
            fun = unparen(n.Fun)
            if n.call == "builtin" and fun.kind == "Ident" and fun.Name in ("len", "cap"):
                return True
            if n.call == "conversion" and kind_of(n.Args[0].type) == "int":
                inner = self.ty(n.Args[0]).under.name
                return inner in ("uint8", "byte", "uint16", "uint32") and t.under.name in ("int", "int64")
        if n.kind == "Ident" and n.obj is not None:
            return n.obj.index in self.counted_up
        if n.kind == "BinaryExpr":
            if n.Op in ("/", "%"):
                return self.non_negative(n.X) and self.non_negative(n.Y)
            if n.Op == "+":
                return (
                    self.non_negative(n.X)
                    and self.non_negative(n.Y)
                    and (self.small(n.X) and self.small(n.Y))
                )
            if n.Op == "&":
                return self.non_negative(n.X) or self.non_negative(n.Y)
        return False

    counted_up: set[int]

    # --- comparisons --------------------------------------------------------------------------------------

    def is_nil(self, n: Node) -> bool:
        n = unparen(n)
        return n.kind == "Ident" and n.obj is not None and n.obj.kind == "nil"

    def compare(self, n: Node) -> Code:
        op = n.Op
        x, y = n.X, n.Y
        if self.is_nil(y) or self.is_nil(x):
            return self.compare_nil(y if self.is_nil(x) else x, op)
        tx, ty = self.ty(x), self.ty(y)
        ix, iy = self.is_interface(tx), self.is_interface(ty)
        if op in ("==", "!="):
            length = self.length_test(n)
            if length is not None:
                return length
        if ix or iy:
            return self.compare_interfaces(n, tx, ty)
        kind = tx.under.kind
        a, b = self.expr(x), self.expr(y)
        if kind == "pointer":
            if self.is_object(tx.under.elem) or tx.under.elem.under.kind == "array":
                return self.join(a, "is" if op == "==" else "is not", b, CMP)
            return self.comparison(a, op, b)
        if kind == "chan":
            return self.join(a, "is" if op == "==" else "is not", b, CMP)
        if kind in ("struct", "array"):
            if kind == "struct" and self.is_unit(tx):
                return Code(str(op == "=="))
            if tx is not ty and kind == "struct":
                if tx.kind == "named":
                    b = self.convert(b, ty, tx, y)
                else:
                    a = self.convert(a, tx, ty, x)
            if kind == "array" or self.pointer_eq(tx):
                code = call(self.lib("same"), a.arg, b.arg)
                return code if op == "==" else Code("not " + code.text, NOT)
            return self.comparison(a, op, b)
        if kind == "typeparam":
            return self.comparison(a, op, b)
        if kind != "basic":
            raise self.refuse(n, f"comparing values of {tx.str} has no translation")
        return self.comparison(a, op, b)

    def pointer_eq(self, t: Type) -> bool:
        """Return whether == of a struct's class compares pointers, as maps of pointers need it."""
        return t.index in self.facts.ptr_keys or (t.kind == "named" and self.foreign(t) and False)

    def comparison(self, a: Code, op: str, b: Code) -> Code:
        return Code(f"{a.at(CMP + 1)} {op} {b.at(CMP + 1)}", CMP)

    def length_test(self, n: Node) -> Code | None:
        """Return `s == ""` for `len(s) == 0` of a string."""
        x, y = unparen(n.X), unparen(n.Y)
        if (
            y.const is None
            or y.const.value != 0
            or x.kind != "CallExpr"
            or x.call != "builtin"
            or x.const is not None
        ):
            return None
        if unparen(x.Fun).Name != "len" or kind_of(x.Args[0].type) != "string":
            return None
        return self.comparison(self.expr(x.Args[0]), n.Op, Code('""'))

    def compare_nil(self, x: Node, op: str) -> Code:
        t = self.ty(x)
        k = t.under.kind
        a = self.expr(x)
        if k in ("slice", "map"):
            code = call(self.lib("is_nil"), a.arg)
            return code if op == "==" else Code("not " + code.text, NOT)
        return Code(f"{a.at(CMP + 1)} {'is' if op == '==' else 'is not'} None", CMP)

    def compare_interfaces(self, n: Node, tx: Type, ty: Type) -> Code:
        target = tx if self.is_interface(tx) else ty
        a, b = self.expr(n.X), self.expr(n.Y)
        for node in (n.X, n.Y):
            sentinel = self.identity_error(unparen(node))
            if sentinel and self.is_interface(tx) and self.is_interface(ty):
                return self.join(a, "is" if n.Op == "==" else "is not", b, CMP)
        a, b = self.convert(a, tx, target, n.X), self.convert(b, ty, target, n.Y)
        code = call(self.lib("equal"), a.arg, b.arg)
        return code if n.Op == "==" else Code("not " + code.text, NOT)

    def identity_error(self, n: Node) -> bool:
        """Return whether an expression is a variable of a package that holds what errors.New made."""
        if n.kind == "Ident" and n.obj is not None and n.obj.kind == "var" and n.obj.scope == "package":
            var = self.analysis.vars.get(n.obj.index)
            if var is None or var.assigns or len(var.values) != 1 or var.values[0] is None:
                return False
            made = unparen(var.values[0])
            if made.kind == "CallExpr" and made.call == "call":
                fun = unparen(made.Fun)
                return (
                    fun.kind == "SelectorExpr"
                    and fun.obj is not None
                    and fun.obj.full in ("errors.New", "fmt.Errorf")
                )
        return False

    # --- addresses ----------------------------------------------------------------------------------------

    def address(self, x: Node, n: Node) -> Code:
        """Return &x."""
        x = unparen(x)
        t = self.ty(x)
        if x.kind == "CompositeLit":
            lit = self.expr(x)
            if self.is_object(t) or t.under.kind == "array":
                return lit
            return call(self.lib("Ref"), self.convert(lit, self.ty(x), t).arg)
        if x.kind == "StarExpr":
            return self.expr(x.X)
        if self.is_unit(t):
            raise self.refuse(n, "the address of a struct{} has no translation")
        if self.is_object(t) or t.under.kind == "array":
            return Code(self.expr(x).text, self.expr(x).prec)
        if x.kind == "Ident" and x.obj is not None:
            return Code(self.ref(x.obj))
        if x.kind == "SelectorExpr":
            if x.sel.kind == "qualified":
                return Code(self.ref(x.obj))
            base = self.walk_path(x)
            return call(self.lib("FieldRef"), base.arg, py_str(self.field_of(x)))
        if x.kind == "IndexExpr":
            base = self.expr(x.X)
            return call(self.lib("ElemRef"), base.arg, self.expr(x.Index).arg)
        raise self.refuse(n, f"the address of {x.kind} has no translation")

    def expr_StarExpr(self, n: Node) -> Code:
        p = self.expr(n.X)
        t = self.ty(n)
        if self.is_object(t):
            return Code(p.text, p.prec)
        if t.under.kind == "array":
            return Code(p.text, p.prec)
        return Code(f"{p.at(ATOM)}.v")

    # --- selectors ----------------------------------------------------------------------------------------

    def walk_path(self, n: Node) -> Code:
        """Return the operand of a selector, with the embedded fields on the way."""
        base = self.expr(n.X)
        t = self.ty(n.X)
        text = base.at(ATOM)
        text = self.deref_struct(text, t)
        owner = deref(t.under) if t.under.kind == "pointer" else t
        assert owner is not None
        for step in n.sel.path:
            if self.foreign(owner) and step.name[:1].islower():
                # What a library embeds is its own business.
                break
            text += "." + (snake(step.name) if self.foreign(owner) else self.field_name(step.name, owner))
            inner = self.subst(step.type)
            owner = inner.under.elem if inner.under.kind == "pointer" else inner
        return Code(text)

    def deref_struct(self, text: str, t: Type) -> str:
        """Return the object that a pointer points to, where the pointer is not the object itself."""
        if t.under.kind == "pointer" and not self.is_object(t.under.elem):
            return text + ".v"
        return text

    def owner_of(self, n: Node) -> Type:
        """Return the struct type that directly has the field that a selector selects."""
        t = self.ty(n.X)
        owner = t.under.elem if t.under.kind == "pointer" else t
        for step in n.sel.path:
            inner = self.subst(step.type)
            owner = inner.under.elem if inner.under.kind == "pointer" else inner
        return owner

    def field_of(self, n: Node) -> str:
        owner = self.owner_of(n)
        if self.foreign(owner):
            return self.foreign_field(n, owner)
        return self.field_name(n.Sel.Name, owner)

    def foreign_field(self, n: Node, owner: Type) -> str:
        raise NotImplementedError

    def expr_SelectorExpr(self, n: Node) -> Code:
        sel = n.sel
        if sel is None:
            raise self.refuse(n, "this selector has no translation")
        if sel.kind == "qualified":
            return self.qualified(n)
        if sel.kind == "field":
            base = self.walk_path(n)
            return Code(f"{base.at(ATOM)}.{self.field_of(n)}")
        if sel.kind == "methodexpr":
            return self.method_expression(n)
        return self.method_value(n)

    def qualified(self, n: Node) -> Code:
        obj = n.obj
        if obj.local:
            if obj.kind == "func":
                return self.function_value(n, obj)
            if obj.kind == "var":
                return self.variable(obj)
            return self.literal(obj.const.value, self.ty(n), n)
        return self.foreign_value(n)

    def foreign_value(self, n: Node) -> Code:
        raise NotImplementedError

    def method_value(self, n: Node) -> Code:
        raise NotImplementedError

    def method_expression(self, n: Node) -> Code:
        raise NotImplementedError

    # --- elements -----------------------------------------------------------------------------------------

    def expr_IndexExpr(self, n: Node) -> Code:
        if n.inst or (n.X.inst if n.X.kind in ("Ident", "SelectorExpr") else False):
            return self.instantiated(n)
        t = self.ty(n.X)
        u = t.under
        if u.kind == "pointer":
            u = u.elem.under
        if u.kind == "signature":
            return self.instantiated(n)
        self.order_calls([n.X, n.Index])
        base = self.expr(n.X)
        if u.kind == "map":
            return self.map_get(n, base, u)
        if u.kind == "basic":
            return call(self.lib("str_at"), base.arg, self.expr(n.Index).arg)
        if is_last(n) and self.is_list(n.X):
            return Code(f"{base.at(ATOM)}[-1]")
        return Code(f"{self.deref_index(base, t)}[{self.index(n.Index, u)}]")

    def deref_index(self, base: Code, t: Type) -> str:
        return base.at(ATOM)

    def index(self, i: Node, u: Type) -> str:
        """Return an index of a slice or array."""
        code = self.expr(i)
        if u.kind == "array" and not self.safe_index(i, u.len):
            return call(self.lib("index"), code.arg, str(u.len)).text
        return code.text

    def safe_index(self, i: Node, n: int) -> bool:
        if i.const is not None:
            return True
        # Beyond the end, Python's IndexError has Go's words.
        return self.non_negative(i)

    def map_get(self, n: Node, base: Code, u: Type) -> Code:
        key = self.read_key(n.Index, u)
        zero = self.zero(u.elem)
        if zero.text == "None":
            return Code(f"{base.at(ATOM)}.get({key})", fresh=False)
        return Code(f"{base.at(ATOM)}.get({key}, {zero.text})", fresh=False)

    def map_key(self, n: Node, u: Type) -> str:
        """Return a key of a map: a copy that is never changed, arrays as tuples."""
        code = self.value(n, u.key)
        return self.key_code(code, u.key).arg

    def read_key(self, n: Node, u: Type) -> str:
        """Return a key to look up, which needs no copy."""
        return self.key_code(self.convert(self.expr(n), self.ty(n), u.key, n), u.key).arg

    def convert_struct(self, code: Code, arg: Node, source: Type, target: Type, n: Node) -> Code:
        raise NotImplementedError

    def key_code(self, code: Code, t: Type) -> Code:
        t = self.subst(t)
        u = t.under
        if u.kind == "array":
            if u.elem.under.kind in ("array", "interface", "struct"):
                return call(self.lib("array_key"), code.arg)
            if kind_of(u.elem) in ("float", "complex"):
                mapped = call(self.builtin("map"), self.lib("float_key"), code.arg)
                return call(self.builtin("tuple"), mapped.text)
            return call(self.builtin("tuple"), code.arg)
        if kind_of(t) in ("float", "complex") and not re.fullmatch(r"-?[\d.e+]+", code.text):
            return call(self.lib("float_key"), code.arg) if self.is_plain(t) else code
        if u.kind == "pointer" and self.is_object(u.elem):
            self.facts.ptr_keys.add(u.elem.index)
        if u.kind == "interface":
            return call(self.lib("key"), code.arg)
        return code

    def from_key(self, code: str, t: Type) -> str:
        """Return the value that a key of a dict stands for."""
        u = self.subst(t).under
        if u.kind == "array":
            if u.elem.under.kind in ("array", "interface", "struct"):
                return f"{self.lib('unkey')}({code})"
            return f"{self.builtin('list')}({code})"
        if u.kind == "interface":
            return f"{self.lib('unkey')}({code})"
        return code

    def changes_key(self, t: Type) -> bool:
        return self.subst(t).under.kind in ("array", "interface")

    def instantiated(self, n: Node) -> Code:
        x = unparen(n.X)
        obj = x.obj
        inst = n.inst or x.inst
        if obj is None or obj.kind != "func" or not inst:
            raise self.refuse(n, "this instantiation has no translation")
        if not obj.local:
            return self.expr(x)
        self.facts.func_values.add(obj.index)
        return Code(self.instance_function(obj, [self.subst(t) for t in inst]))

    def expr_IndexListExpr(self, n: Node) -> Code:
        return self.instantiated(n)

    def expr_SliceExpr(self, n: Node) -> Code:
        t = self.ty(n.X)
        u = t.under
        base = self.expr(n.X)
        low = self.expr(n.Low).text if n.Low is not None else ""
        high = self.expr(n.High).text if n.High is not None else ""
        if u.kind == "basic":
            args = [base.arg]
            if low or high:
                args.append(low or "0")
            if high:
                args.append(high)
            if len(args) == 1:
                return base
            return self.wrap_class(call(self.lib("str_slice"), *args), t)
        if u.kind in ("array", "pointer"):
            elem = (u.elem.under if u.kind == "pointer" else u).elem
            if u.kind == "pointer":
                base = call(self.lib("deref"), base.arg)
            base = call(f"{self.lib('Slice')}[{self.ann(elem)}]", base.arg)
            if not low and not high and n.Max is None:
                return base
        text = f"{low}:{high}"
        if n.Max is not None:
            text += f":{self.expr(n.Max).text}"
        return Code(f"{base.at(ATOM)}[{text}]", fresh=True)

    def expr_TypeAssertExpr(self, n: Node) -> Code:
        t = self.ty(n)
        static = self.ty(n.X)
        self.facts.types_show = True
        if t.kind == "tuple":
            t = t.types[0]
            self.note_assert(t)
            args = [self.expr(n.X).arg, self.type_arg(t)]
            if self.foreign(t) and t.under.kind == "struct":
                # The class of a library stands for the pointer to it, too.
                args.append(self.zero(t).arg)
            return call(self.lib("assert_type_ok"), *args, fresh=False)
        self.note_assert(t)
        args = [self.expr(n.X).arg, self.type_arg(t)]
        if static.kind == "named" and not static.under.methods and not static.under.embeds:
            args.append(py_str(static.str))
        elif static.under.methods or static.kind == "named":
            args.append(self.type_arg(static))
        return call(self.lib("assert_type"), *args, fresh=False)

    def note_assert(self, t: Type) -> None:
        if t.under.kind == "pointer":
            self.facts.nil_sources.add(t.under.index)
        if not self.is_interface(t):
            self.note_iface(t)

    def type_arg(self, t: Type) -> str:
        """Return the annotation of a type, as an argument of a run-time helper."""
        t = self.subst(t)
        if self.is_bare(t):
            return self.class_of(t)
        if t.under.kind == "interface" and (t.under.methods or t.under.embeds):
            self.facts.asserted.add(t.index)
            if t.kind == "named":
                text = self.ann(t)
                return self.anonymous_interface(t) if text == self.typing("Any") else text
            return self.anonymous_interface(t)
        return self.ann(t)

    def anonymous_interface(self, t: Type) -> str:
        raise NotImplementedError

    # --- composite literals -------------------------------------------------------------------------------

    def expr_CompositeLit(self, n: Node) -> Code:
        t = self.ty(n)
        if t.under.kind == "pointer":
            # The elided &T in a slice of pointers.
            t = t.under.elem
        u = t.under
        parts: list[Node] = []
        for elt in n.Elts or []:
            parts += (
                [elt]
                if elt.kind != "KeyValueExpr"
                else [elt.Value]
                if u.kind == "struct"
                else [elt.Key, elt.Value]
            )
        if u.kind in ("slice", "array"):
            self.order_calls(parts, [self.subst(u.elem)] * len(parts))
        else:
            self.order_calls(parts)
        match u.kind:
            case "struct":
                return self.struct_literal(n, t)
            case "slice":
                return self.slice_literal(n, t)
            case "array":
                lit = self.array_literal(n, u)
                return call(self.class_of(t), lit.arg) if t.kind == "named" and not self.is_alias(t) else lit
            case "map":
                return self.map_literal(n, t)
        raise self.refuse(n, f"a literal of {t.str} has no translation")

    def struct_literal(self, n: Node, t: Type) -> Code:
        if self.is_unit(t):
            return Code("None")
        if self.is_cond(t):
            lockers = [self.expr(elt.Value if elt.kind == "KeyValueExpr" else elt) for elt in n.Elts or []]
            zero = self.zero(t)
            return call(zero.text.partition("(")[0], lockers[0].arg) if lockers else zero
        fields = t.under.fields
        args = []
        given = set()
        for i, elt in enumerate(n.Elts or []):
            if elt.kind == "KeyValueExpr":
                field = next(f for f in fields if f.name == elt.Key.Name)
                given.add(field.name)
                value = self.value(elt.Value, field.type)
                args.append(f"{self.any_field_name(field.name, t)}={value.arg}")
            else:
                given.add(fields[i].name)
                args.append(self.value(elt, fields[i].type).arg)
        for f in fields:
            if f.name not in given and f.type.under.kind in ("pointer", "chan"):
                self.facts.nil_sources.add(self.subst(f.type).under.index)
        return call(self.class_of(t), *args)

    def any_field_name(self, name: str, t: Type) -> str:
        if self.foreign(t):
            return snake(name)
        return self.field_name(name, t)

    def elements(self, n: Node, elem: Type) -> tuple[list[Code], list[int] | None]:
        """Return the elements of a literal, and their indexes if they have keys."""
        codes = []
        indexes: list[int] = []
        keyed = False
        at = 0
        for elt in n.Elts or []:
            value = elt
            if elt.kind == "KeyValueExpr":
                keyed = True
                at = int(elt.Key.const.value)
                value = elt.Value
            codes.append(self.value(value, elem))
            indexes.append(at)
            at += 1
        return codes, indexes if keyed else None

    def dense(self, n: Node, elem: Type, length: int) -> str:
        codes, indexes = self.elements(n, elem)
        if indexes is None:
            items = [code.arg for code in codes]
            missing = length - len(items)
            if missing > 0:
                zero = self.zero(elem)
                if not items and self.shareable(elem):
                    return f"[{zero.text}] * {length}"
                if missing > 8 and self.shareable(elem):
                    return f"[{', '.join(items)}] + [{zero.text}] * {missing}"
                if missing > 8:
                    return f"[{', '.join(items)}{', ' if items else ''}*({zero.text} for _ in {self.builtin('range')}({missing}))]"  # noqa: E501
                items += [zero.text] * missing
            return f"[{', '.join(items)}]"
        by_index = dict(zip(indexes, codes, strict=True))
        size = max(length, max(indexes, default=-1) + 1)
        if size > 1000:
            raise self.refuse(n, "a literal with indexes this large has no translation")
        return (
            f"[{', '.join(by_index[i].arg if i in by_index else self.zero(elem).text for i in range(size))}]"
        )

    def slice_literal(self, n: Node, t: Type) -> Code:
        elem = self.subst(t.under.elem)
        items = self.dense(n, elem, 0)
        if self.is_list(n):
            return Code(items)
        if t.kind == "named" and not self.is_alias(t):
            return call(self.class_of(t), items)
        return call(self.slice_class(elem, not n.Elts), items)

    def slice_class(self, elem: Type, empty: bool) -> str:
        """Return `Slice`, or `Slice[T]` where the elements don't show their type."""
        if not empty and elem.kind == "basic" and elem.name in ("int", "string", "bool", "float64"):
            return self.lib("Slice")
        return f"{self.lib('Slice')}[{self.ann(elem)}]"

    def array_literal(self, n: Node, u: Type) -> Code:
        return Code(self.dense(n, self.subst(u.elem), u.len), ATOM if n.Elts else MUL)

    def map_literal(self, n: Node, t: Type) -> Code:
        u = t.under
        items = []
        for elt in n.Elts or []:
            key = self.key_code(self.value(elt.Key, u.key), u.key)
            items.append(f"{key.arg}: {self.value(elt.Value, u.elem).arg}")
        text = "{" + ", ".join(items) + "}"
        if t.kind == "named" and not self.is_alias(t):
            return call(self.class_of(t), text)
        return Code(text)

    # --- elsewhere ----------------------------------------------------------------------------------------

    def receive(self, n: Node) -> Code:
        raise NotImplementedError

    def expr_FuncLit(self, n: Node) -> Code:
        raise NotImplementedError

    def expr_CallExpr(self, n: Node) -> Code:
        raise NotImplementedError


__all__ = ["SIGNED", "Expressions", "Sym", "contains", "is_blank", "is_pure", "py_str"]
