"""The order of evaluation.

Go's compiler calls all functions of an expression first, and reads variables after that.

Python reads each variable where it stands.  That is another value if a call further right changes it; then
the calls go to temporaries before the statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import Any

from ..tree import Type
from .code import Code
from .gotypes import Types, kind_of
from .scopes import Func, Var, type_key
from .walk import Node, unparen

# Packages whose functions call no function of the program, unless they are given one.
_QUIET = (
    "fmt",
    "strings",
    "strconv",
    "math",
    "unicode",
    "errors",
    "bytes",
    "sort",
    "slices",
    "maps",
    "regexp",
)

# Builtin functions whose result goes to a temporary.
_IN_PLACE = {"len", "cap", "append", "copy", "complex", "real", "imag", "make", "min", "max", "recover"}


def holds(t: Type | None, part: Type) -> bool:
    """Return whether a value of a struct or array type contains one of type `part`."""
    if t is None or t.under.kind not in ("struct", "array"):
        return False
    inside = [f.type for f in t.under.fields] if t.under.kind == "struct" else [t.under.elem]
    return any(of is part or holds(of, part) for of in inside)


class Order(Types):
    """The order of calls and reads."""

    overrides: dict[int, Code]
    comment_at: int
    # Expressions whose translation puts nothing before the statement.
    plain: set[tuple[Any, ...]]

    def calls_in(self, n: Node) -> Iterator[Node]:
        """Yield the calls of an expression, and what else Go evaluates where it stands, in that order."""
        n = unparen(n)
        if n.const is not None or n.id in self.overrides or n.kind == "FuncLit" or n.mode == "type":
            return
        if self.evaluated_in_place(n):
            yield n
            return
        for child in n.children():
            yield from self.calls_in(child)

    def evaluated_in_place(self, n: Node) -> bool:
        """Return whether Go puts the value of an expression into a temporary, where it stands."""
        match n.kind:
            case "UnaryExpr":
                return bool(n.Op == "<-")
            case "BinaryExpr":
                return n.Op in ("&&", "||")
            case "SliceExpr" | "TypeAssertExpr":
                return True
            case "CompositeLit":
                return bool(self.ty(n).under.kind == "map" and n.Elts)
            case "CallExpr":
                if n.call == "builtin":
                    return getattr(unparen(n.Fun), "Name", "") in _IN_PLACE
                if n.call == "conversion":
                    return kind_of(self.ty(n)) == "slice" and kind_of(self.ty(n.Args[0])) == "string"
                return True
        return False

    def may_divide_by_zero(self, n: Node) -> bool:
        return bool(n.kind == "BinaryExpr" and n.Op in ("/", "%") and n.Y.const is None) and (
            kind_of(self.ty(n)) == "int"
        )

    def reads_elements(self, n: Node) -> bool:
        """Return whether n is the conversion of a []byte or []rune to a string."""
        conversion = n.kind == "CallExpr" and n.call == "conversion" and kind_of(self.ty(n)) == "string"
        return bool(conversion and kind_of(self.ty(n.Args[0])) == "slice")

    def has_calls(self, n: Node) -> bool:
        """Return whether an expression calls a function, or receives."""
        return any(
            (c.kind == "CallExpr" and c.call == "call")
            or (c.kind == "UnaryExpr" and c.Op == "<-")
            or any(self.has_calls(child) for child in c.children())
            for c in self.calls_in(n)
        )

    def reads_in(self, n: Node) -> Iterator[Node]:
        """Yield the variables, fields and elements that an expression reads outside of its calls."""
        n = unparen(n)
        if n.const is not None or n.id in self.overrides or n.kind == "FuncLit" or n.mode == "type":
            return
        if self.evaluated_in_place(n) or (n.kind == "UnaryExpr" and n.Op == "&"):
            return
        if n.kind == "Ident":
            if n.obj is not None and n.obj.kind == "var":
                yield n
            return
        if n.kind == "SelectorExpr":
            if n.sel is not None and n.sel.kind in ("field", "qualified"):
                yield n
            if n.sel is not None and n.sel.kind != "qualified":
                yield from self.reads_in(n.X)
            return
        if n.kind in ("IndexExpr", "StarExpr") or self.may_divide_by_zero(n) or self.reads_elements(n):
            yield n
        if n.kind == "KeyValueExpr":
            if not (n.Key.kind == "Ident" and n.Key.obj is not None and n.Key.obj.scope == "field"):
                yield from self.reads_in(n.Key)
            yield from self.reads_in(n.Value)
            return
        for child in n.children():
            yield from self.reads_in(child)

    def reached(self, call: Node) -> tuple[set[Func], bool]:
        """Return the functions that a call may run, and whether it may run others, or wait for goroutines."""
        if call.kind == "UnaryExpr":
            return set(), True
        if call.kind != "CallExpr" or call.call != "call":
            found_inside: set[Func] = set()
            any_unknown = False
            for child in call.children():
                for inner in self.calls_in(child):
                    some, other = self.reached(inner)
                    found_inside |= some
                    any_unknown = any_unknown or other
            return found_inside, any_unknown
        fun = unparen(call.Fun)
        if fun.kind in ("IndexExpr", "IndexListExpr"):
            fun = unparen(fun.X)
        start: list[Func] = []
        unknown = False
        obj = known = None
        if fun.kind == "FuncLit":
            start.append(self.analysis.funcs[fun.id])
        else:
            obj = fun.obj if fun.kind in ("Ident", "SelectorExpr") else None
            known = self.analysis.func_of_obj.get(obj.index) if obj is not None else None
            if known is not None:
                start.append(known)
            elif (
                obj is None
                or obj.kind != "func"
                or obj.local
                or (fun.kind == "SelectorExpr" and fun.sel.kind == "interfacemethod")
            ) or not (obj.pkg or "").startswith(_QUIET):
                unknown = True
        for arg in call.Args or []:
            if obj is not None and known is None and arg.type is not None:
                # A library's function may change what it has a pointer to, as fmt.Sscan does.
                unknown = unknown or arg.type.under.kind == "pointer"
        receiver = [fun.X] if fun.kind == "SelectorExpr" else []
        for operand in [*receiver, *(call.Args or [])]:
            for inner in operand.walk():
                if inner.kind == "FuncLit":
                    start.append(self.analysis.funcs[inner.id])
                elif inner.kind == "CallExpr" and inner.call == "call":
                    more, other = self.reached(inner)
                    start += more
                    unknown = unknown or other
        found: set[Func] = set()
        while start:
            f = start.pop()
            if f in found:
                continue
            found.add(f)
            unknown = unknown or f.dynamic or f.blocks
            start += f.lits
            for callee in f.callees:
                other_f = (
                    self.analysis.funcs.get(-callee) if callee < 0 else self.analysis.func_of_obj.get(callee)
                )
                if other_f is not None:
                    start.append(other_f)
        return found, unknown

    def changes_read(self, read: Node, found: set[Func], unknown: bool) -> bool:
        """Return whether functions may change what an expression reads, or run before it panics."""
        if read.kind == "BinaryExpr":
            return True
        if read.kind == "Ident" or (read.kind == "SelectorExpr" and read.sel.kind == "qualified"):
            var = self.analysis.vars.get(read.obj.index)
            return var is not None and self.changes_var(var, found, unknown)
        t: Any = read.__dict__.get("X") and read.X.type
        if read.kind == "SelectorExpr":
            owner = t.under.elem if t.under.kind == "pointer" else t
            keys = {type_key(owner)}
            if (t.under.kind == "pointer" or read.sel.path) and self.changes_pointed(owner, found, unknown):
                return True
        elif read.kind == "StarExpr":
            return read.type is None or self.changes_pointed(read.type, found, unknown)
        elif read.kind == "CallExpr":
            keys = {"slices"}
        else:
            u = t.under
            keys = {"slices"} if u.kind == "slice" else {"maps"} if u.kind == "map" else {type_key(t)}
            if u.kind == "basic":
                return False
            if u.kind == "pointer" and self.changes_pointed(u.elem, found, unknown):
                return True
        return any(f.mutates & keys for f in self.run_by(found, unknown))

    def run_by(self, found: set[Func], unknown: bool) -> Collection[Func]:
        """Return the functions that calls may run: all, if they may run unknown ones."""
        return self.analysis.funcs.values() if unknown else found

    def changes_pointed(self, t: Type, found: set[Func], unknown: bool) -> bool:
        """Return whether functions may change what a pointer to a value of type t points to."""
        keys = {"pointers", type_key(t)}
        if type_key(t) in self.analysis.elem_addr:
            keys.add("slices")
        run = self.run_by(found, unknown)
        changed = set().union(*(f.mutates for f in run))
        if changed & keys:
            return True
        in_parts = t.index in self.addressed_parts
        if in_parts and any(holds(self.program.types[int(key)], t) for key in changed if key.isdigit()):
            return True
        pointed = [v for v in self.analysis.vars.values() if v.addr and v.type is not None]
        pointed = [v for v in pointed if v.type is t or (in_parts and holds(v.type, t))]
        return any(f in run for v in pointed for f, _ in v.assigns)

    @cached_property
    def addressed_parts(self) -> set[int]:
        """The types of fields and elements that there may be pointers to."""
        fields = {self.program.objects[index].type for index in self.analysis.field_addr}
        return {t.index for t in fields if t is not None} | {int(key) for key in self.analysis.elem_addr}

    def changes_var(self, var: Var, found: set[Func], unknown: bool) -> bool:
        outside = [f for f, _ in var.assigns if f is not None and f is not var.func]
        key = type_key(var.type) if var.type is not None else ""
        if var.addr and any(f.mutates & {"pointers", key} for f in found):
            return True
        if not outside and not var.addr and not (var.func is None and var.assigns):
            # A part of a captured struct or array may be assigned to.
            run = self.run_by(found, unknown)
            return any(f"var{var.obj.index}" in f.mutates for f in run if f is not var.func)
        if any(f in found for f in outside):
            return True
        return unknown and bool(outside or var.addr)

    def order_calls(self, operands: list[Node], targets: Sequence[Type | None] | None = None) -> None:
        """Put the calls of operands into temporaries, if one may change what an operand before it reads.

        `targets`: the types of the variables that the operands go to.
        """
        if self.fn is None:
            return
        if not any(self.has_calls(operand) for operand in operands):
            return
        pairs = zip(operands, targets or [None] * len(operands), strict=False)
        early = [target is not None and self.copied_early(operand, target) for operand, target in pairs]
        reads: list[Node] = []
        for operand, is_early in zip(operands, early, strict=False):
            for call in self.calls_in(operand):
                if not reads:
                    break
                found, unknown = self.reached(call)
                if (found or unknown) and any(self.changes_read(read, found, unknown) for read in reads):
                    self.hold_calls(operands, early)
                    return
            if not is_early:
                reads += list(self.reads_in(operand))
        if self.emits_later(operands, early):
            self.hold_calls(operands, early)

    def copied_early(self, n: Node, target: Type) -> bool:
        """Return whether Go copies a value where it stands, as it becomes an interface."""
        t = self.ty(n)
        n = unparen(n)
        if n.const is not None or not self.is_interface(target) or self.is_interface(t) or t.kind == "tuple":
            return False
        if n.kind in ("Ident", "SelectorExpr", "IndexExpr", "StarExpr", "FuncLit"):
            return False
        u = t.under
        while (u.kind == "struct" and len(u.fields) == 1) or (u.kind == "array" and u.len == 1):
            u = self.subst(u.fields[0].type if u.kind == "struct" else u.elem).under
        if u.kind == "basic":
            return u.name in ("bool", "untyped bool", "int8", "uint8", "byte", "complex64", "complex128")
        return u.kind in ("struct", "array", "pointer")

    def emits_later(self, operands: list[Node], early: list[bool]) -> bool:
        """Return whether an operand needs statements of its own, and one before it is evaluated first."""
        before = False
        for operand, is_early in zip(operands, early, strict=False):
            if before and self.has_calls(operand) and self.emits(operand):
                return True
            before = before or any(self.reads(call) for call in self.calls_in(operand))
            before = before or (is_early and self.reads(operand))
        return False

    def reads(self, n: Node) -> bool:
        """Return whether the value of an expression depends on variables or calls."""
        return any(x.kind in ("Ident", "CallExpr", "UnaryExpr") and x.const is None for x in n.walk())

    def emits(self, n: Node) -> bool:
        """Return whether the translation of an expression puts statements before it, other than functions."""
        key = n.id, *((index, t.index) for index, t in self.subst_env.items())
        if key in self.plain:
            return False
        start, depth = len(self.lines), self.depth
        with self.aside(comment_at=self.comment_at, overrides=dict(self.overrides)):
            self.expr(n)
        emitted = any(
            line.depth == depth and not line.text.startswith(("def ", "#")) for line in self.lines[start:]
        )
        del self.lines[start:]
        if not emitted:
            self.plain.add(key)
        return emitted

    def hold_calls(self, operands: list[Node], early: list[bool]) -> None:
        for operand, is_early in zip(operands, early, strict=False):
            if operand.id in self.overrides:
                continue
            if is_early and any(True for _ in self.reads_in(operand)):
                self.hold_value(operand, self.value(operand))
                continue
            for call in list(self.calls_in(operand)):
                if call.type is None or call.type.kind == "tuple":
                    continue
                self.hold_value(call, self.expr(call))

    def hold_value(self, n: Node, code: Code) -> None:
        sym = self.temp("value")
        self.bind(sym.number)
        self.emit(f"{sym.token} = {code.text}")
        self.overrides[n.id] = Code(sym.token, fresh=True)

    def value(self, n: Node, target: Type | None = None) -> Code:
        raise NotImplementedError

    def expr(self, n: Node) -> Code:
        raise NotImplementedError

    def bind(self, number: int) -> None:
        raise NotImplementedError
