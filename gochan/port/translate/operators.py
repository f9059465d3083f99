"""Operators: arithmetic that wraps around as Go's does, and comparisons."""

from __future__ import annotations

from typing import Any

from ..tree import Type
from .code import ADD, AND, ATOM, BAND, BOR, BXOR, CMP, MUL, NOT, OR, SHIFT, UNARY, Code, call
from .expressions import Expressions
from .gotypes import UNSIGNED, kind_of
from .names import Line
from .walk import Node, is_pure, unparen

ARITH = {
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
_OPPOSITES = {"==": "!=", "!=": "=="}
# Pairs of comparisons that Python writes as one: `a < b <= c`.
_CHAINS = {(a, b) for ops in (("<", "<="), (">", ">=")) for a in ops for b in ops}


class Operators(Expressions):
    """Operators."""

    # --- arithmetic -----------------------------------------------------------------------------------------

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
        if inner.kind == "BinaryExpr" and inner.Op in _OPPOSITES and n.const is None:
            turned = Node()
            turned.__dict__.update(inner.__dict__, Op=_OPPOSITES[inner.Op], id=-inner.id - 2_000_000)
            return self.expr_BinaryExpr(turned)
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
            return self.chained(n, x, y) or Code(f"{x.at(prec)} {word} {y.at(prec)}", prec)
        result = self.temp("ok")
        self.bind(result.number)
        test = f"if {result.token}:" if n.Op == "&&" else f"if not {result.token}:"
        self.lines[start:start] = [
            Line(self.depth, f"{result.token} = {x.text}", self.chunk),
            Line(self.depth, test, self.chunk),
        ]
        self.lines.append(Line(self.depth + 1, f"{result.token} = {y.text}", self.chunk))
        return Code(result.token)

    def chained(self, n: Node, x: Code, y: Code) -> Code | None:
        """Return `a <= v < b` for `a <= v && v < b`."""
        left, right = unparen(n.X), unparen(n.Y)
        if n.Op != "&&" or left.kind != "BinaryExpr" or right.kind != "BinaryExpr":
            return None
        ops, middle = (left.Op, right.Op), unparen(left.Y)
        if ops not in _CHAINS or middle.kind != "Ident" or unparen(right.X).kind != "Ident":
            return None
        if middle.obj is not unparen(right.X).obj:
            return None
        shared = self.expr(middle).text
        if not (x.text.endswith(f" {left.Op} {shared}") and y.text.startswith(f"{shared} {right.Op} ")):
            return None
        return Code(x.text + y.text[len(shared) :], CMP)

    def arith(self, n: Node, x: Code, op: str, y: Code, t: Type, xn: Node, yn: Node) -> Code:
        """Return x op y, of type t, as Go computes it."""
        k = kind_of(t)
        if k == "typeparam":
            raise self.refuse(n, "an operation on a type parameter has no translation here")
        if k == "string":
            return self.wrap_class(self.join(x, "+", y, ADD), t)
        if k == "float":
            code = self.divide_floats(x, y, yn) if op == "/" else self.join(x, op, y, ARITH[op])
            if t.under.name == "float32":
                code = call(self.lib("to_float32"), code.arg)
            return self.wrap_class(code, t)
        if k == "complex":
            code = call(self.lib("cdiv"), x.arg, y.arg) if op == "/" else self.join(x, op, y, ARITH[op])
            if t.under.name == "complex64":
                code = call(self.lib("to_complex64"), code.arg)
            return self.wrap_class(code, t)
        if k != "int":
            raise self.refuse(n, f"the operator {op} on {t.str} has no translation")
        if self.is_duration(t):
            special = self.duration_arith(n, x, op, y, t, xn, yn)
            if special is not None:
                return special
        if op in ("<<", ">>") and yn.const is not None and yn.const.kind == "float":
            y = Code(str(int(yn.const.value)))
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
            return self.wrap_class(self.join(x, op, y, ARITH[op]), t)
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
            return self.wrap_class(self.wrap(self.join(x, op, y, ARITH[op]), t), t)
        else:
            code = self.join(x, op, y, ARITH[op])
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

    # --- comparisons ----------------------------------------------------------------------------------------

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
                if is_pure(x) and is_pure(y):
                    return Code(str(op == "=="))
                return self.join(a, "is" if op == "==" else "is not", b, CMP)
            if tx is not ty and kind == "struct":
                if tx.kind == "named":
                    b = self.convert(b, ty, tx, y)
                else:
                    a = self.convert(a, tx, ty, x)
            if kind == "array" and self.subst(tx.under.elem).under.kind == "pointer":
                raise self.refuse(n, "comparing arrays of pointers has no translation; compare the elements")
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
