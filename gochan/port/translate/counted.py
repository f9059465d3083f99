"""Loops over numbers: `for i := a; i < b; i++` as a range, where range does the same."""

from __future__ import annotations

from ..tree import Object, Type
from .code import ADD, Code
from .gotypes import SIGNED, UNSIGNED, kind_of
from .switches import Switches
from .walk import Node, is_blank, unparen


class Counted(Switches):
    """Loops over numbers."""

    def counted_loop(self, n: Node) -> tuple[Object, str] | None:
        """Return the variable and the range of `for i := a; i < b; i++`, if range does the same."""
        init, cond, post = n.Init, n.Cond, n.Post
        if init is None or cond is None or post is None:
            return None
        if init.kind != "AssignStmt" or init.Tok != ":=" or len(init.Lhs) != 1 or len(init.Rhs) != 1:
            return None
        obj = init.Lhs[0].obj
        if obj is None or kind_of(obj.type) != "int" or not self.is_plain(self.subst(obj.type)):
            return None
        var = self.analysis.vars.get(obj.index)
        if var is None or len(var.assigns) != 1 or var.addr:
            return None
        if var.captured and not self.file.per_iteration:
            # A function that runs after the loop sees the bound.
            return None
        step = self.step_of(post, obj)
        if step == 0:
            return None
        cond = unparen(cond)
        if cond.kind != "BinaryExpr":
            return None
        x = unparen(cond.X)
        op = cond.Op
        bound = cond.Y
        if x.kind != "Ident" or x.obj is not obj:
            y = unparen(cond.Y)
            if y.kind == "Ident" and y.obj is obj and op in ("<", ">", "<=", ">="):
                op = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}[op]
                bound = cond.X
            else:
                return None
        if not self.invariant(bound, n):
            return None
        up = step > 0
        if op in (("<", "<=") if up else (">", ">=")):
            if not self.stays_within(bound, op, step, self.subst(obj.type)):
                return None
        elif op == "!=" and abs(step) == 1 and bound.const is not None and init.Rhs[0].const is not None:
            a, b = int(init.Rhs[0].const.value), int(bound.const.value)
            if (b - a) * step < 0:
                return None
            op = "<" if step > 0 else ">"
        else:
            return None
        self.counted.add(obj.index)
        if step > 0 and self.non_negative(init.Rhs[0]):
            self.counted_up.add(obj.index)
        if step < 0 and bound.const is not None and int(bound.const.value) >= (0 if op == ">=" else -1):
            self.counted_up.add(obj.index)
        start = self.expr(init.Rhs[0])
        stop = self.expr(bound)
        if op in ("<=", ">="):
            stop = self.plus(bound, stop, 1 if op == "<=" else -1)
        parts = [stop.arg] if start.text == "0" and step == 1 else [start.arg, stop.arg]
        if step != 1:
            parts.append(str(step))
        return obj, f"{self.builtin('range')}({', '.join(parts)})"

    def stays_within(self, bound: Node, op: str, step: int, t: Type) -> bool:
        """Return whether a variable that runs up or down to a bound can't wrap around on its way."""
        name = t.under.name
        if bound.const is None:
            # A bound near the limits of 64 bits is not worth a longer loop.
            return name in ("int", "int64") or (op in ("<", ">") and abs(step) == 1)
        beyond = int(bound.const.value) + step
        if op in ("<", ">"):
            beyond += -1 if step > 0 else 1
        bits = SIGNED.get(name, 0)
        return -(1 << bits) <= 2 * beyond < 1 << bits if bits else 0 <= beyond < 1 << UNSIGNED[name]

    def plus(self, n: Node, code: Code, k: int) -> Code:
        """Return n + k, as a person would write it."""
        inner = unparen(n)
        if inner.kind == "BasicLit" or (n.const is not None and code.text.lstrip("-").isdigit()):
            return Code(str(int(n.const.value if n.const is not None else 0) + k))
        if (
            (
                inner.kind == "BinaryExpr"
                and inner.Op == ("-" if k > 0 else "+")
                and inner.Y.const is not None
                and inner.const is None
            )
            and int(inner.Y.const.value) == 1
            and self.needs_nothing(inner)
        ):
            return self.expr(inner.X)
        return Code(f"{code.at(ADD)} {'+' if k > 0 else '-'} 1", ADD)

    def needs_nothing(self, n: Node) -> bool:
        return not self.needs_wrap(n, n.Op, n.X, n.Y, self.ty(n))

    def step_of(self, post: Node, obj: Object) -> int:
        if post.kind == "IncDecStmt":
            x = unparen(post.X)
            if x.kind == "Ident" and x.obj is obj:
                return 1 if post.Tok == "++" else -1
        if post.kind == "AssignStmt" and post.Tok in ("+=", "-=") and post.Rhs[0].const is not None:
            x = unparen(post.Lhs[0])
            value = int(post.Rhs[0].const.value)
            if x.kind == "Ident" and x.obj is obj and 0 < value < 1 << 30:
                return value if post.Tok == "+=" else -value
        return 0

    def invariant(self, e: Node, loop: Node) -> bool:
        """Return whether an expression has the same value in each iteration, and no effects."""
        e = unparen(e)
        if e.const is not None:
            return True
        match e.kind:
            case "Ident":
                return e.obj is not None and e.obj.kind == "var" and self.unchanged(e.obj, loop)
            case "BinaryExpr":
                if e.Op in ("/", "%") and e.Y.const is None:
                    return False
                return self.invariant(e.X, loop) and self.invariant(e.Y, loop)
            case "CallExpr":
                if e.call == "conversion":
                    return self.invariant(e.Args[0], loop)
                fun = unparen(e.Fun)
                if e.call == "builtin" and fun.kind == "Ident" and fun.Name in ("len", "cap", "min", "max"):
                    if fun.Name in ("min", "max"):
                        return all(self.invariant(a, loop) for a in e.Args)
                    t = self.ty(e.Args[0])
                    if t.under.kind in ("slice", "array", "basic"):
                        return self.invariant(e.Args[0], loop)
                    if t.under.kind == "map":
                        return self.invariant(e.Args[0], loop) and self.quiet(loop.Body, maps=True)
                return False
            case "SelectorExpr":
                if e.sel.kind == "field":
                    return self.invariant(e.X, loop) and self.quiet(loop.Body, field=e.sel.obj)
                return (
                    e.sel.kind == "qualified"
                    and e.obj.kind == "var"
                    and e.obj.local
                    and self.unchanged(e.obj, loop)
                )
            case "IndexExpr":
                t = self.ty(e.X)
                if t.under.kind in ("slice", "array"):
                    return (
                        self.invariant(e.X, loop)
                        and self.invariant(e.Index, loop)
                        and self.quiet(loop.Body, elements=self.ty(e))
                    )
        return False

    def unchanged(self, obj: Object, loop: Node) -> bool:
        """Return whether a variable keeps its value while a loop runs."""
        var = self.analysis.vars.get(obj.index)
        if var is None:
            return False
        if var.addr and not (var.type is not None and self.is_object(self.subst(var.type))):
            return False
        if not var.assigns:
            return True
        if obj.scope == "package":
            return False
        lines = (loop.line, loop.col), loop.end
        for f, node in var.assigns:
            if f is not var.func:
                return False
            if lines[0] <= (node.line, node.col) <= lines[1]:
                return False
        return True

    def quiet(
        self, body: Node, *, field: Object | None = None, elements: Type | None = None, maps: bool = False
    ) -> bool:
        """Return whether a body calls nothing of the program, doesn't wait, and changes no value in place."""
        for n in body.walk():
            if n.kind in ("SendStmt", "SelectStmt", "GoStmt", "DeferStmt", "FuncLit"):
                return False
            if n.kind == "UnaryExpr" and n.Op in ("<-", "&"):
                return False
            if n.kind == "CallExpr":
                if n.call == "conversion":
                    continue
                fun = unparen(n.Fun)
                if n.call == "builtin":
                    if fun.kind == "Ident" and fun.Name in ("delete", "clear") and maps:
                        return False
                    continue
                obj = fun.obj if fun.kind in ("Ident", "SelectorExpr") else None
                if obj is None or obj.kind != "func" or obj.local:
                    return False
                if not (obj.pkg or "").startswith(
                    ("fmt", "strings", "strconv", "math", "unicode", "errors", "sort")
                ):
                    return False
            targets = []
            if n.kind == "AssignStmt" and n.Tok != ":=":
                targets = n.Lhs
            elif n.kind == "IncDecStmt":
                targets = [n.X]
            elif n.kind == "RangeStmt" and n.Tok == "=":
                return False
            for target in map(unparen, targets):
                if is_blank(target):
                    continue
                if target.kind == "StarExpr":
                    return False
                if target.kind == "SelectorExpr" and target.sel is not None:
                    if field is not None and target.sel.obj.name == field.name:
                        return False
                    if field is not None and self.ty(target).under.kind in ("struct", "array"):
                        return False
                    if elements is not None:
                        return False
                if target.kind == "IndexExpr":
                    if maps and self.ty(target.X).under.kind == "map":
                        return False
                    if elements is not None or (
                        field is not None and self.ty(target).under.kind in ("struct", "array")
                    ):
                        return False
                if target.kind == "Ident" and field is not None and self.ty(target).under.kind == "struct":
                    return False
        return True

    def counter(self, obj: Object) -> str:
        """Return the name of a loop's variable, "_" if the body does not use it."""
        var = self.analysis.vars[obj.index]
        return self.declare(obj).token if var.uses > 2 or var.captured else "_"

    def counted_for(self, n: Node, counted: tuple[Object, str]) -> None:
        obj, text = counted
        start = len(self.lines)
        loop = self.push("for", n, True)
        self.emit(f"for {self.counter(obj)} in {text}:")
        self.block(n.Body.List, n.Body.end)
        self.pop(loop, start)
