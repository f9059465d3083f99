"""Loops that only fill, collect or add: as comprehensions and sums.

Each idiom looks at the next statements of a block. A variable that a function literal has, or whose address
is taken, could show what the loop has done so far, when the loop waits or panics: then it stays a loop.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..fills import find_fill, first_value, is_builtin, mentions
from ..tree import Object, Type
from .base import Refuse
from .code import ADD, OR, Code, call
from .gotypes import kind_of
from .loops import Loops
from .walk import Node, contains, idents, unparen


class Idioms(Loops):
    """Loops that are an expression in Python."""

    def several(self, nodes: list[Node]) -> int:
        """Translate the statements that a list begins with, if Python has an idiom; return how many."""
        first = nodes[0]
        if first.kind not in ("AssignStmt", "DeclStmt", "ForStmt", "RangeStmt"):
            return 0
        if len(nodes) > 1 and nodes[1].kind in ("ForStmt", "RangeStmt"):
            for method in (self.filled, self.collected, self.summed_from_zero):
                if self.replaced(nodes[:2], partial(method, *nodes[:2])):
                    return 2
        if first.kind in ("ForStmt", "RangeStmt") and self.replaced([first], partial(self.summed, first)):
            return 1
        return 0

    def replaced(self, nodes: list[Node], translate: Callable[[], bool]) -> bool:
        """Translate statements as one if that is possible: in a line, with their comments before it."""
        lines, comments, held = len(self.lines), self.comment_at, self.overrides
        depth, fn = self.depth, self.fn
        last = self.lines[-1] if self.lines else None
        last_text = last.text if last is not None else ""
        self.overrides = dict(held)
        self.flush(nodes[0].line, nodes[0].col)
        start = len(self.lines)
        self.here = nodes[0]
        try:
            done = translate() and len(self.lines) == start + 1
        except Refuse:  # the statements will be refused for the same reason
            done = False
        self.overrides = held
        if not done:
            del self.lines[lines:]
            if last is not None:  # it may have got a comment
                last.text = last_text
            self.comment_at, self.depth, self.fn = comments, depth, fn
            return False
        self.inner_comments(nodes[-1], start)
        self.trailing(nodes[-1])
        return True

    # --- the idioms ---------------------------------------------------------------------------------------

    def filled(self, first: Node, second: Node) -> bool:
        """Emit `x = [E for i in range(n)]` for `x := make([]T, n); for i := range x { x[i] = E }`."""
        fill = find_fill(first, second)
        if fill is None or only(second) is None:
            return False
        obj, index, element = fill.variable, fill.counter, fill.element
        var = self.analysis.vars[index.index]
        if not self.unseen(obj, second) or var.captured or var.addr or not self.is_plain(self.type_of(index)):
            return False
        self.counted.add(index.index)
        self.counted_up.add(index.index)
        t = self.type_of(obj)
        elem = self.subst(t.under.elem)
        count = Code(str(t.under.len)) if fill.size is None else self.expr(fill.size)
        item = self.value(element, elem)
        token = self.declare(index).token if mentions(element, index) else "_"
        checked = fill.size is None or self.non_negative(fill.size)
        numbers = call(self.builtin("range") if checked else self.lib("make_range"), count.arg)
        code = call(self.builtin("list"), numbers.text)
        if item.text != token:
            code = Code(f"[{item.arg} for {token} in {numbers.text}]")
        if t.kind == "named" and not self.is_alias(t):
            code = call(self.class_of(t), code.text)
        elif t.under.kind == "slice" and not self.is_list(obj):
            code = call(self.slice_class(elem, empty=True), code.text)
        self.define(obj, code, t, shown=self.shows(element, elem))
        return True

    def collected(self, first: Node, loop: Node) -> bool:
        """Emit `x = [E for v in xs]` for `var x []T; for _, v := range xs { x = append(x, E) }`."""
        declared = first_value(first)
        if declared is None:
            return False
        obj, value = declared
        t = self.type_of(obj)
        if not self.unseen(obj, loop) or not self.is_list(obj) or not is_empty(value):
            return False
        body = only(loop)
        condition = None
        if body is not None and body.kind == "IfStmt" and body.Init is None and body.Else is None:
            condition, body = body.Cond, only(body)
        element = appended(body, obj)
        if element is None:
            return False
        parts = [element, loop, *([condition] if condition is not None else [])]
        if any(contains(x, "FuncLit") for x in parts) or mentions(element, obj):
            return False
        if sum(x.obj is obj for x in idents(loop)) != 2:  # x = append(x, ...)
            return False
        clause = self.clause(loop)
        if clause is None:
            return False
        variable, values = clause
        item = self.value(element, self.subst(t.elem))
        if condition is None and item.text == variable:
            code = call(self.builtin("list"), values)
        else:
            tail = f" if {self.expr(condition).at(OR)}" if condition is not None else ""
            code = Code(f"[{item.arg} for {variable} in {values}{tail}]")
        elem = self.subst(t.elem)
        self.define(obj, code, t, explicit=self.ty(element) is not elem, shown=self.shows(element, elem))
        return True

    def summed_from_zero(self, first: Node, loop: Node) -> bool:
        """Emit `x = sum(xs)` for `x := 0; for _, v := range xs { x += v }`."""
        declared = first_value(first)
        if declared is None:
            return False
        obj, value = declared
        if value is not None and (value.const is None or value.const.value != 0):
            return False
        total = self.total(loop, obj, new=True)
        if total is None:
            return False
        self.define(obj, total, self.type_of(obj))
        return True

    def summed(self, loop: Node) -> bool:
        """Emit `x += sum(xs)` for `for _, v := range xs { x += v }`."""
        body = only(loop)
        if body is None or body.kind != "AssignStmt" or body.Tok != "+=":
            return False
        target = unparen(body.Lhs[0])
        if target.kind != "Ident" or target.obj is None:
            return False
        total = self.total(loop, target.obj)
        if total is None:
            return False
        token = self.target(target).text
        if total.raw is None:
            self.emit(f"{token} += {total.text}")
        else:
            code = self.wrap(Code(f"{token} + {total.raw.text}", ADD), self.ty(target))
            self.emit(f"{token} = {code.text}")
        return True

    def total(self, loop: Node, obj: Object, *, new: bool = False) -> Code | None:
        """Return what a loop adds to a variable, if that is all it does.

        It is wrapped if it may leave its type; it is `raw` without that.
        """
        t = self.type_of(obj)
        # Python's sum of floats is more exact than Go's loop.
        if kind_of(t) != "int" or not self.is_plain(t) or not self.unseen(obj, loop if new else None):
            return None
        body = only(loop)
        if body is None or body.kind != "AssignStmt" or body.Tok != "+=":
            return None
        target, addend = unparen(body.Lhs[0]), body.Rhs[0]
        if target.kind != "Ident" or target.obj is not obj or contains(loop, "FuncLit"):
            return None
        if sum(x.obj is obj for x in idents(loop)) != 1:
            return None
        clause = self.clause(loop)
        if clause is None:
            return None
        variable, values = clause
        wrapped = self.expr(addend)
        # One wrap at the end does what one at each step does.
        item = self.unwrapped(wrapped, addend, t)
        text = values if item.text == variable else f"{item.arg} for {variable} in {values}"
        code = call(self.builtin("sum"), text)
        needed = item is not wrapped or self.needs_wrap(body, "+", target, addend, t)
        return self.wrap(code, t) if needed else code

    # --- questions ----------------------------------------------------------------------------------------

    def type_of(self, obj: Object) -> Type:
        assert obj.type is not None
        return self.subst(obj.type)

    def unseen(self, obj: Object, loop: Node | None = None) -> bool:
        """Return whether only the function that declares a variable can see its value.

        With a loop that the declaration stands before: whether that is so until the loop ends.
        """
        var = self.analysis.vars.get(obj.index)
        if var is None or var.addr or obj.kind != "var" or obj.scope not in ("local", "param"):
            return False
        literals = [f.node for f in var.captured]
        return all(loop is not None and n is not None and (n.line, n.col) > loop.end for n in literals)

    def shows(self, element: Node, t: Type) -> bool:
        """Return whether a type checker finds the type of a list's elements by itself."""
        return self.ty(element) is t and t.under.kind in ("basic", "chan", "struct")

    def clause(self, loop: Node) -> tuple[str, str] | None:
        """Return the variable of a loop in a comprehension, and what it ranges over."""
        if self.label:
            return None
        if loop.kind == "ForStmt":
            counted = self.counted_loop(loop)
            if counted is None or self.is_ref(self.analysis.vars[counted[0].index]):
                return None
            return self.counter(counted[0]), counted[1]
        if loop.Tok == "=" or loop.over.startswith("func"):
            return None
        if loop.Tok == ":=" and not self.file.per_iteration and contains(loop, "UnaryExpr"):
            return None
        after: list[tuple[Node, Code, Type]] = []
        header = self.range_clause(loop, after)
        if after:
            return None
        variable, _, values = header.removeprefix("for ").removesuffix(":").partition(" in ")
        return variable, values


def only(loop: Node) -> Node | None:
    """Return the one statement of a loop or an if statement."""
    body = loop.Body.List or []
    return body[0] if len(body) == 1 else None


def is_empty(value: Node | None) -> bool:
    """Return whether the value of a new slice has no elements."""
    if value is None:
        return True
    if value.kind == "CompositeLit":
        return not value.Elts
    size = value.Args[1].const if is_builtin(value, "make") else None
    return size is not None and bool(size.value == 0)


def appended(n: Node | None, obj: Object) -> Node | None:
    """Return E of `x = append(x, E)`."""
    if n is None or n.kind != "AssignStmt" or n.Tok != "=" or len(n.Lhs) != 1:
        return None
    target, value = unparen(n.Lhs[0]), unparen(n.Rhs[0])
    if target.kind != "Ident" or target.obj is not obj:
        return None
    if not is_builtin(value, "append"):
        return None
    if len(value.Args) != 2 or value.Ellipsis or unparen(value.Args[0]).kind != "Ident":
        return None
    return value.Args[1] if unparen(value.Args[0]).obj is obj else None


__all__ = ["Idioms"]
