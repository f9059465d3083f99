"""The order of evaluation.

Go's compiler calls all functions of an expression first, and reads variables after that.

Python reads each variable where it stands.  That is another value if a call further right changes it; then
the calls go to temporaries before the statement.
"""

from __future__ import annotations

from collections.abc import Iterator

from .code import Code
from .gotypes import Types
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


class Order(Types):
    """The order of calls and reads."""

    overrides: dict[int, Code]
    unsure: int = 0

    def calls_in(self, n: Node) -> Iterator[Node]:
        """Yield the outermost calls and receives of an expression that are evaluated in any case."""
        n = unparen(n)
        if n.const is not None or n.id in self.overrides or n.kind == "FuncLit":
            return
        if n.kind == "UnaryExpr" and n.Op == "<-":
            yield n
            return
        if n.kind == "CallExpr" and n.call == "call":
            yield n
            return
        if n.kind == "BinaryExpr" and n.Op in ("&&", "||"):
            yield from self.calls_in(n.X)
            return
        for child in n.children():
            yield from self.calls_in(child)

    def reads_in(self, n: Node) -> Iterator[Node]:
        """Yield the variables, fields and elements that an expression reads outside of its calls."""
        n = unparen(n)
        if n.const is not None or n.id in self.overrides or n.kind == "FuncLit" or n.mode == "type":
            return
        if n.kind == "CallExpr" and n.call == "call":
            return
        if n.kind == "UnaryExpr" and n.Op in ("<-", "&"):
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
        if n.kind in ("IndexExpr", "StarExpr"):
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
        fun = unparen(call.Fun)
        if fun.kind in ("IndexExpr", "IndexListExpr"):
            fun = unparen(fun.X)
        start: list[Func] = []
        unknown = False
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
            for inner in arg.walk():
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
        """Return whether functions may change what an expression reads."""
        if read.kind == "Ident" or (read.kind == "SelectorExpr" and read.sel.kind == "qualified"):
            var = self.analysis.vars.get(read.obj.index)
            return var is not None and self.changes_var(var, found, unknown)
        if read.kind == "SelectorExpr":
            t = read.X.type
            keys = {type_key(t.under.elem if t.under.kind == "pointer" else t)}
        elif read.kind == "StarExpr":
            keys = {"pointers", type_key(read.type)} if read.type is not None else {"pointers"}
        else:
            u = read.X.type.under
            keys = (
                {"slices"} if u.kind == "slice" else {"maps"} if u.kind == "map" else {type_key(read.X.type)}
            )
            if u.kind == "basic":
                return False
        if any(f.mutates & keys for f in found):
            return True
        return unknown and any(f.mutates & keys for f in self.analysis.funcs.values())

    def changes_var(self, var: Var, found: set[Func], unknown: bool) -> bool:
        outside = [f for f, _ in var.assigns if f is not None and f is not var.func]
        if not outside and not var.addr and not (var.func is None and var.assigns):
            # A part of a captured struct or array may be assigned to.
            return any(f"var{var.obj.index}" in f.mutates for f in found if f is not var.func)
        if any(f in found for f in outside):
            return True
        return unknown and bool(outside or var.addr)

    def order_calls(self, operands: list[Node]) -> None:
        """Put the calls of operands into temporaries, if one may change what an operand before it reads."""
        if self.fn is None or self.unsure:
            return
        reads: list[Node] = []
        for operand in operands:
            for call in self.calls_in(operand):
                if not reads:
                    break
                found, unknown = self.reached(call)
                if any(self.changes_read(read, found, unknown) for read in reads):
                    self.hold_calls(operands)
                    return
            reads += list(self.reads_in(operand))

    def hold_calls(self, operands: list[Node]) -> None:
        for operand in operands:
            for call in list(self.calls_in(operand)):
                if call.type is None or call.type.kind == "tuple":
                    continue
                code = self.expr(call)
                sym = self.temp("value")
                self.bind(sym.number)
                self.emit(f"{sym.token} = {code.text}")
                self.overrides[call.id] = Code(sym.token, fresh=True)

    def expr(self, n: Node) -> Code:
        raise NotImplementedError

    def bind(self, number: int) -> None:
        raise NotImplementedError
