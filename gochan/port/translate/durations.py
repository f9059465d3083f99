"""Durations: gochan's seconds where the program cannot observe the difference.

Otherwise the nanoseconds of gochan.port.lib.time.
"""

from __future__ import annotations

from ..tree import Program, Type
from .code import ATOM, MUL, Code, call
from .functions import Functions
from .walk import Node, unparen


def is_duration(t: Type | None) -> bool:
    return t is not None and t.kind == "named" and t.obj.pkg == "time" and t.obj.name == "Duration"


def is_time(t: Type | None) -> bool:
    if t is not None and t.kind == "pointer":
        t = t.elem
    return (
        t is not None
        and t.kind == "named"
        and t.obj.pkg == "time"
        and t.obj.name in ("Time", "Month", "Weekday")
    )


def seconds_will_do(program: Program) -> bool:
    """Return whether the program only makes durations of numbers and units, and hands them to calls."""
    for package in program.packages:
        for n in package.walk():
            if is_time(n.type) and n.mode != "type":
                return False
            if (
                n.type is not None
                and n.type.kind == "tuple"
                and any(is_time(t) or is_duration(t) for t in n.type.types)
            ):
                return False
            if n.kind == "CallExpr" and n.call == "conversion" and n.const is None:
                if is_duration(n.Args[0].type) and not is_duration(n.type):
                    return False
            if (
                n.kind == "SelectorExpr"
                and n.sel is not None
                and n.sel.kind in ("method", "methodexpr")
                and is_duration(n.X.type)
            ):
                return False
            if (
                n.kind == "SelectorExpr"
                and n.obj is not None
                and n.obj.pkg == "flag"
                and n.obj.name in ("Duration", "DurationVar")
            ):
                # They also parse and print durations.
                return False
            if n.kind == "SelectorExpr" and n.obj is not None and n.obj.pkg == "context":
                if "Cause" in n.obj.name:
                    # gochan's causes are exceptions, Go's are errors.
                    return False
            if is_duration(n.type) and n.mode != "type" and not (_harmless(n) and _in_place(n)):
                return False
            if n.type is not None and n.mode == "type" and is_duration(n.type) and _is_argument(n):
                return False
            if n.kind == "CallExpr" and n.call in ("call", "conversion"):
                if _shows_inside(n) or _is_generic(n):
                    return False
    return True


def role(n: Node) -> str:
    """Return what a duration is: "count", a number without a unit; "time"; "" if it is neither."""
    n = unparen(n)
    match n.kind:
        case "BasicLit":
            return "count"
        case "CallExpr" if n.call == "conversion":
            return role(n.Args[0]) if is_duration(n.Args[0].type) else "count"
        case "Ident" | "SelectorExpr" if n.obj is not None and n.obj.kind == "const":
            return "time" if is_duration(n.obj.type) else "count"
        case "UnaryExpr" if n.Op in ("-", "+"):
            return role(n.X)
        case "BinaryExpr":
            x, y = role(n.X), role(n.Y)
            if n.Op in ("+", "-"):
                return x if x == y else ""
            if n.Op == "*":
                if x == y == "count":
                    return "count"
                return "time" if {x, y} == {"count", "time"} else ""
            return "time" if n.Op == "/" and (x, y) == ("time", "count") else ""
    return "time"


def _in_place(n: Node) -> bool:
    """Return whether a duration is a time, or a count that multiplies one."""
    parent = n.parent
    if parent is not None and (parent.kind == "ParenExpr" or _computes(parent)):
        return role(n) != ""
    return role(n) == "time" or (n.const is not None and n.const.value == 0)


def _computes(n: Node) -> bool:
    """Return whether an expression makes a duration of others."""
    converts = n.kind == "CallExpr" and n.call == "conversion"
    return (n.kind in ("BinaryExpr", "UnaryExpr") or converts) and is_duration(n.type)


def _shows_inside(n: Node) -> bool:
    """Return whether an argument of a call is a value in an empty interface, with a duration inside."""
    sig = n.Fun.type.under
    for i, arg in enumerate(n.Args or []):
        if n.call == "conversion":
            target = n.type
        else:
            params = sig.params
            target = params[min(i, len(params) - 1)].type if params else None
            if target is not None and sig.variadic and i >= len(params) - 1 and not n.Ellipsis:
                target = target.elem
        if target is None or target.under.kind != "interface" or target.under.methods or arg.type is None:
            continue
        if _holds_duration(arg.type, set()):
            return True
    return False


def _holds_duration(t: Type, seen: set[int]) -> bool:
    """Return whether fmt may find a duration in a value of a type."""
    if is_duration(t):
        return True
    if t.index in seen or (t.kind == "named" and not t.obj.local):
        return False
    seen.add(t.index)
    u = t.under
    if u.kind == "struct":
        return any(_holds_duration(f.type, seen) for f in u.fields)
    if u.kind in ("slice", "array", "pointer"):
        return _holds_duration(u.elem, seen)
    return u.kind == "map" and (_holds_duration(u.elem, seen) or _holds_duration(u.key, seen))


def _is_argument(n: Node) -> bool:
    """Return whether a type is an argument of a generic type or function, which may show its values."""
    return n.parent is not None and n.parent.kind in ("IndexExpr", "IndexListExpr") and n is not n.parent.X


def _is_generic(n: Node) -> bool:
    """Return whether a call passes a value with a duration inside to a generic function of the program."""
    fun = unparen(n.Fun)
    if fun.kind not in ("Ident", "SelectorExpr") or fun.obj is None or fun.obj.kind != "func":
        return False
    if not fun.obj.local or fun.obj.type is n.Fun.type:
        return False
    return any(a.type is not None and _holds_duration(a.type, set()) for a in n.Args or [])


def _harmless(n: Node) -> bool:
    """Return whether the place of a duration doesn't show what it is made of."""
    parent = n.parent
    while parent is not None and parent.kind == "ParenExpr":
        n, parent = parent, parent.parent
    if parent is None:
        return False
    match parent.kind:
        case "BinaryExpr":
            if parent.Op in ("/", "%") and parent.const is None:
                return False
            return parent.Op in ("+", "-", "*", "/", "<", ">", "<=", ">=")
        case "CallExpr":
            if parent.call != "call" or n is parent.Fun:
                return parent.call == "conversion" and parent.const is not None and is_duration(parent.type)
            sig = parent.Fun.type.under
            if n not in parent.Args:
                return False
            i = parent.Args.index(n)
            params = sig.params
            if sig.variadic and i >= len(params) - 1:
                return is_duration(params[-1].type.elem)
            return is_duration(params[i].type)
        case "AssignStmt":
            return parent.Tok in ("=", ":=", "+=", "-=") and len(parent.Lhs) == len(parent.Rhs)
        case "ValueSpec" | "Field" | "ReturnStmt":
            return parent.kind != "ReturnStmt" or len(parent.Results) == 1
        case "UnaryExpr":
            return bool(parent.Op == "-")
        case "CompositeLit":
            return (
                is_duration(parent.type.under.elem)
                if parent.type.under.kind in ("slice", "array")
                else parent.type.under.kind == "struct"
            )
        case "KeyValueExpr":
            return True
        case "RangeStmt":
            return n is parent.Key or n is parent.Value
        case "IndexExpr" | "SelectorExpr":
            return n is not parent.X
    return False


# The packages of the library whose types on basic types are classes.
_WITH_CLASSES = frozenset({"io/fs", "log/slog", "net/url", "reflect", "time"})


class Durations(Functions):
    """Durations of either kind."""

    seconds: bool

    def note_iface(self, t: Type) -> None:
        # What is in an interface may be printed, by fmt, encoding/json or text/template.
        self.facts.durations_show |= self.seconds and _holds_duration(self.subst(t), set())
        super().note_iface(t)

    def plain_durations(self) -> bool:
        return self.seconds

    def duration_constant(self, n: Node) -> Code | None:
        """Return `2 * time.SECOND` as it is written."""
        inner = unparen(n)
        if self.seconds and role(inner) == "count":
            return Code(str(int(inner.const.value)))
        if not self.seconds and role(inner) == "count":
            return self.counted_constant(inner)
        if inner.kind == "BinaryExpr" and inner.Op in ("*", "+", "-"):
            for x in (inner.X, inner.Y):
                if x.const is None:
                    return None
            x, y = self.duration_part(inner.X, inner.Op), self.duration_part(inner.Y, inner.Op)
            if x is None or y is None:
                return None
            return self.join(x, inner.Op, y, MUL if inner.Op == "*" else 10)
        if inner.kind == "BinaryExpr" and inner.Op == "/" and self.seconds and is_duration(inner.X.type):
            x, y = self.duration_part(inner.X, "*"), self.duration_part(inner.Y, "*")
            if x is not None and y is not None:
                return self.join(x, "/", y, MUL)
        if inner.kind == "UnaryExpr" and inner.Op == "-":
            return Code("-" + self.constant(inner.X).at(12), 12)
        return None

    def counted_constant(self, n: Node) -> Code | None:
        """Return `10 * 1000`, which has no unit, as a Duration; None if its parts are not that short."""
        if n.kind != "BinaryExpr" or any(unparen(x).kind not in ("BasicLit", "Ident") for x in (n.X, n.Y)):
            return None
        x, y = self.duration_part(n.X, "*"), self.duration_part(n.Y, "*")
        if x is None or y is None or n.Op not in ("*", "+", "-"):
            return None
        return call(self.class_of(self.ty(n)), self.join(x, n.Op, y, MUL if n.Op == "*" else 10).text)

    def duration_part(self, x: Node, op: str) -> Code | None:
        inner = unparen(x)
        if inner.kind == "BasicLit":
            return Code(str(inner.const.value)) if op == "*" and isinstance(inner.const.value, int) else None
        if inner.kind == "CallExpr" and inner.call == "conversion":
            arg = inner.Args[0]
            return self.duration_part(arg, op) if op == "*" else self.constant(inner)
        if inner.kind in ("Ident", "SelectorExpr") and inner.obj is not None and inner.obj.kind == "const":
            if is_duration(inner.obj.type):
                return self.constant(inner)
            if op == "*" and inner.obj.local and inner.obj.const.kind == "int":
                return Code(self.ref(inner.obj))
            return Code(str(int(inner.const.value))) if op == "*" else None
        return self.constant(inner)

    def foreign_literal(self, code: Code, t: Type) -> Code:
        if is_duration(t):
            if self.seconds:
                value = int(code.text, 0) if code.text.lstrip("-").isalnum() else int(code.text)
                return Code("0" if value == 0 else repr(value / 1e9))
            return call(self.class_of(t), code.text)
        if t.under.kind == "basic" and self.foreign_class(t):
            return call(self.class_of(t), code.text)
        if is_signal(t) and code.text != "0":
            return call(self.class_of(t), code.text)
        return code

    def foreign_class(self, t: Type) -> bool:
        """Return whether a library's type on a basic type is a class."""
        return t.obj.pkg in _WITH_CLASSES or (t.obj.pkg, t.obj.name) == ("encoding/json", "Number")

    def foreign_plain(self, t: Type) -> bool:
        return (is_duration(t) and self.seconds) or not self.foreign_class(t)

    def foreign_result(self, code: Code, t: Type) -> Code:
        if is_duration(t):
            return code if self.seconds else call(self.class_of(t), code.arg)
        if self.foreign_class(t) or is_signal(t):
            return call(self.class_of(t), code.arg)
        return code

    def foreign_type(self, t: Type) -> str:
        if is_duration(t) and self.seconds:
            return self.builtin("float")
        return super().foreign_type(t)

    def duration_arith(self, n: Node, x: Code, op: str, y: Code, t: Type, xn: Node, yn: Node) -> Code | None:
        if op in ("+", "-", "*"):
            if self.seconds:
                # A count is no time in seconds.
                x, y = self.count(x, xn), self.count(y, yn)
            return self.join(x, op, y, MUL if op == "*" else 10)
        if self.seconds:
            if op == "/":
                return self.join(x, "/", y, MUL)
            raise self.refuse(n, f"the operator {op} on a duration has no translation")
        return None

    def count(self, code: Code, n: Node) -> Code:
        """Return the number of a constant that has no unit; the code of any other operand."""
        if n.const is None or role(n) != "count":
            return code
        return self.duration_part(n, "*") or code

    def duration_conversion(self, code: Code, arg: Node, source: Type, target: Type) -> Code | None:
        if is_duration(target):
            if self.seconds:
                return code
            plain = self.convert_basic(code, arg, source, target, self.kind(source), "int", arg)
            return call(self.class_of(target), plain.arg)
        if self.seconds:
            raise self.refuse(arg, "this conversion of a duration has no translation")
        return None

    def kind(self, t: Type) -> str:
        from .gotypes import kind_of

        return kind_of(t)

    def box_foreign(self, code: Code, t: Type) -> Code:
        if t.under.kind == "basic" and not is_duration(t) and not self.foreign_class(t):
            return code
        return code

    def received(self, code: Code, t: Type) -> Code:
        """Return a moment that a timer's channel gave as one of gochan.port.lib.time."""
        if t.kind == "named" and t.obj.pkg == "time" and t.obj.name == "Time":
            return call(f"{self.module('gochan.port.lib.time')}.received", code.arg)
        return code


def is_signal(t: Type) -> bool:
    """Return whether t is syscall.Signal, whose zero value is no signal of Python's."""
    return t.kind == "named" and t.obj.pkg == "syscall" and t.obj.name == "Signal"


__all__ = ["ATOM", "Durations", "seconds_will_do"]
