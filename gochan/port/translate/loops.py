"""Loops: for and range."""

from __future__ import annotations

from typing import Any

from ..tree import Object, Type
from .code import ATOM, NOT, Code
from .counted import Counted
from .jumps import ends
from .walk import Node, idents, is_blank, unparen


class Loops(Counted):
    """Loops."""

    # --- for ------------------------------------------------------------------------------------------------

    def stmt_ForStmt(self, n: Node) -> None:
        label = self.label
        counted = self.counted_loop(n)
        if counted is not None:
            self.label = label
            self.counted_for(n, counted)
            return
        start = len(self.lines)
        self.label = ""
        per_iteration: list[Object] = []
        if n.Init is not None:
            self.statement(n.Init)
            if n.Init.kind == "AssignStmt" and n.Init.Tok == ":=":
                for left in n.Init.Lhs:
                    var = self.analysis.vars.get(left.obj.index) if left.obj is not None else None
                    if (
                        var is not None
                        and self.is_ref(var)
                        and (var.captured or var.addr)
                        and self.file.per_iteration
                    ):
                        per_iteration.append(left.obj)

        def post() -> None:
            for obj in per_iteration:
                token = self.sym(obj).token
                self.emit(f"{token} = {self.lib('Ref')}({token}.v)")
            if n.Post is not None:
                self.comments_off(n.Post)

        self.label = label
        loop = self.push("for", n, True, post if n.Post is not None or per_iteration else None)
        self.label = ""
        self.while_header(n.Cond)
        with self.indented():
            self.while_cond(n.Cond)
            self.statements(n.Body.List)
            self.flush(*n.Body.end)
            if loop.post is not None and not ends(n.Body.List):
                post()
        self.pop(loop, start)

    def comments_off(self, n: Node) -> None:
        saved, held = self.comment_at, dict(self.overrides)
        method = getattr(self, f"stmt_{n.kind}")
        method(n)
        self.comment_at, self.overrides = saved, held

    def while_header(self, cond: Node | None) -> None:
        self.held_cond: list[Any] | None = None
        if cond is None:
            self.emit(f"while True:")  # noqa: F541
            return
        before = len(self.lines)
        self.depth += 1
        code = self.expr(cond)
        self.depth -= 1
        if len(self.lines) > before:
            self.held_cond = self.lines[before:]
            del self.lines[before:]
            self.emit("while True:")
            self.held_code = code
            return
        self.emit(f"while {code.text}:")

    held_cond: list[Any] | None = None
    held_code: Code

    def while_cond(self, cond: Node | None) -> None:
        if self.held_cond is not None:
            self.lines.extend(self.held_cond)
            self.held_cond = None
            self.emit(f"if not {self.held_code.at(NOT)}:")
            with self.indented():
                self.emit("break")

    # --- range ----------------------------------------------------------------------------------------------

    # The loop variables that are declared before their loop.
    shared: set[Object]

    def shared_variables(self, n: Node) -> None:
        """Declare the loop variables that all iterations share, as before Go 1.22, if their address is taken.

        Those that are structs or arrays, too: each iteration changes them in place.
        """
        shared = {x.obj for x in (n.Key, n.Value) if x is not None and x.kind == "Ident"} - {None}
        declared: set[Object] = set()
        for x in n.Body.walk():
            if x.kind == "UnaryExpr" and x.Op == "&" and unparen(x.X).kind == "Ident":
                obj = unparen(x.X).obj
                if obj in shared - declared:
                    declared.add(obj)
                    self.define(obj, self.zero(obj.type), self.subst(obj.type))
        self.shared |= declared

    def stmt_RangeStmt(self, n: Node) -> None:
        over = n.over
        if over.startswith("func"):
            self.range_func(n)
            return
        start = len(self.lines)
        label, self.label = self.label, ""
        if n.Tok == ":=" and not self.file.per_iteration:
            self.shared_variables(n)
        after: list[tuple[Node, Code, Type]] = []
        header = self.range_clause(n, after)
        self.label = label
        loop = self.push("for", n, True)
        self.emit(header)
        with self.indented():
            for node, code, vt in after:
                if n.Tok == ":=" and node.obj not in self.shared:
                    self.define(node.obj, code, vt)
                else:
                    self.store(self.target(node), code)
            self.statements(n.Body.List)
            self.flush(*n.Body.end)
        self.pop(loop, start)

    def range_clause(self, n: Node, after: list[tuple[Node, Code, Type]]) -> str:
        """Return the for statement of a range; note what the body has to do first."""
        over, t = n.over, self.ty(n.X)
        key = None if is_blank(n.Key) else n.Key
        value = None if is_blank(n.Value) else n.Value
        if n.Tok == "=" and key is not None and value is not None and value.kind != "Ident":
            # Go evaluates the operands of the second target before it assigns to the first.
            used = {x.obj for x in idents(value)}
            if key.kind != "Ident" or key.obj in used:
                raise self.refuse(
                    n, "a range into these variables has no translation; assign them in the body"
                )
        if n.Key is not None and n.Tok == ":=":
            key = key if key is None or self.used(key) else None
            value = value if value is None or self.used(value) else None
        if over == "int" and key is not None and n.Tok == ":=" and key.obj is not None:
            self.counted.add(key.obj.index) if not self.analysis.vars[key.obj.index].assigns else None
            if not self.analysis.vars[key.obj.index].assigns:
                self.counted_up.add(key.obj.index)
        if over in ("slice", "array", "ptrarray", "string") and key is not None and n.Tok == ":=":
            if not self.analysis.vars[key.obj.index].assigns:
                self.counted.add(key.obj.index)
                self.counted_up.add(key.obj.index)
        return self.range_header(n, over, t, key, value, after)

    def used(self, n: Node) -> bool:
        var = self.analysis.vars.get(n.obj.index) if n.obj is not None else None
        return var is None or var.uses > 0 or bool(var.assigns)

    def range_target(
        self,
        n: Node | None,
        tok: str,
        t: Type,
        after: list[tuple[Node, Code, Type]],
        *,
        change: str = "",
        raw: str = "",
    ) -> str:
        """Return the name of a key or value in the for statement; note what the body has to do.

        `change`: how the value of Python becomes Go's, with {} for it.
        `raw`: a name for the value of Python, if its type is another one.
        """
        if n is None:
            return "_"
        var = self.analysis.vars.get(n.obj.index) if tok == ":=" else None
        if var is not None and (n.obj not in self.shared or self.is_ref(var)):
            if not self.is_ref(var) and not change:
                return self.declare(n.obj).token
            if not self.is_ref(var) and not raw:
                token = self.declare(n.obj).token
                after.append((n, Code(change.format(token)), t))
                return token
            target_t = t
        else:
            target_t = self.ty(n)
            target = self.target(n)
            if (
                not change
                and not target.by_call
                and unparen(n).kind == "Ident"
                and not self.changes(t, target_t)
            ):
                return target.text
        sym = self.temp(raw or (n.Name if n.kind == "Ident" else "item"))
        self.bind(sym.number)
        code = Code(change.format(sym.token) if change else sym.token)
        after.append((n, self.convert(code, t, target_t), target_t))
        return sym.token

    def range_header(
        self,
        n: Node,
        over: str,
        t: Type,
        key: Node | None,
        value: Node | None,
        after: list[tuple[Node, Code, Type]],
    ) -> str:
        u = t.under
        if u.kind == "pointer":
            u = u.elem.under
        tok = n.Tok or ":="
        x = self.expr(n.X)
        int_t = self.key_type(n)
        rng, length = self.builtin("range"), self.builtin("len")
        if over == "int":
            numbers = f"{rng}({x.arg})"
            if key is not None and not self.is_plain(t):
                numbers = f"{self.builtin('map')}({self.class_of(t)}, {numbers})"
            return f"for {self.range_target(key, tok, t, after)} in {numbers}:"
        if over in ("slice", "array", "ptrarray"):
            if value is None:
                size = str(u.len) if over != "slice" else f"{length}({x.arg})"
                return f"for {self.range_target(key, tok, int_t, after)} in {rng}({size}):"
            elem = self.subst(u.elem)
            x = self.literal_with_type(n.X, x, t)
            change = ""
            if self.value_like(elem) and self.mutable(elem) and self.range_copies(n, value, elem):
                change = self.copy_code(Code("{}"), elem).text
            if over == "array" and self.mutable_array(t) and not self.is_fresh(n.X):
                if not self.quiet(n.Body, elements=elem):
                    x = self.copy_code(x, t)
            if key is None:
                return f"for {self.range_target(value, tok, elem, after, change=change)} in {x.arg}:"
            k = self.range_target(key, tok, int_t, after)
            v = self.range_target(value, tok, elem, after, change=change)
            return f"for {k}, {v} in {self.builtin('enumerate')}({x.arg}):"
        if over == "string":
            if key is None and value is None:
                return f"for _ in {self.lib('runes')}({x.arg}):"
            k = self.range_target(key, tok, int_t, after)
            v = self.range_target(value, tok, self.rune_type(), after)
            return f"for {k}, {v} in {self.lib('runes')}({x.arg}):"
        if over == "map":
            kt, vt = self.subst(u.key), self.subst(u.elem)
            if value is not None:
                x = self.literal_with_type(n.X, x, t)
            raw = "key" if key is not None and self.changes_key(kt) else ""
            key_change = self.from_key("{}", kt) if raw else ""
            if key is not None and kt.under.kind == "struct" and self.mutable(kt) and self.may_change(n, key):
                key_change = self.copy_code(Code("{}"), kt).text
            change = (
                self.copy_code(Code("{}"), vt).text
                if value is not None and self.value_like(vt) and self.mutable(vt)
                else ""
            )
            k = self.range_target(key, tok, kt, after, change=key_change, raw=raw)
            v = self.range_target(value, tok, vt, after, change=change)
            if not self.quiet(n.Body, maps=True):
                return f"for {k}, {v} in {self.lib('map_range')}({x.arg}):"
            if key is None and value is None:
                return f"for _ in {x.arg}:"
            if value is None:
                return f"for {k} in {x.arg}:"
            if key is None:
                return f"for {v} in {x.at(ATOM)}.values():"
            return f"for {k}, {v} in {x.at(ATOM)}.items():"
        if over == "chan":
            elem = self.subst(u.elem)
            change = self.received(Code("{}"), elem).text if self.is_moment(elem) and key is not None else ""
            name = self.range_target(key, tok, elem, after, change=change)
            if self.may_be_nil_chan(t, n.X):
                return f"for {name} in {self.lib('chan_range')}({x.arg}):"
            return f"for {name} in {x.arg}:"
        raise self.refuse(n, f"range over {t.str} has no translation")

    def literal_with_type(self, n: Node, x: Code, t: Type) -> Code:
        """Return a variable for a literal whose elements, pointers to fields or interfaces, hide its type."""
        if x.text[0] not in "[{":
            return x
        elem = self.subst(t.under.elem)
        pointers = elem.kind == "pointer" and f"{self.lib('FieldRef')}(" in x.text
        if not pointers and not (unparen(n).kind == "CompositeLit" and self.mixes_types(unparen(n), elem)):
            return x
        sym = self.temp("pointers" if pointers else "items")
        self.bind(sym.number)
        self.emit(f"{sym.token}: {self.list_ann(t, x.text[0] == '[')} = {x.text}")
        return Code(sym.token)

    def is_moment(self, t: Type) -> bool:
        raise NotImplementedError

    def received(self, code: Code, t: Type) -> Code:
        raise NotImplementedError

    def key_type(self, n: Node) -> Type:
        for t in self.program.types:
            if t.kind == "basic" and t.name == "int":
                return t
        made = self.made_types.get(("basic", "int"))
        if made is None:
            made = Type()
            made.kind, made.name, made.str, made.index = (
                "basic",
                "int",
                "int",
                1_000_000 + len(self.made_types),
            )
            self.made_types["basic", "int"] = made
        return made

    def rune_type(self) -> Type:
        found = [t for t in self.program.types if t.kind == "basic" and t.name in ("int32", "rune")]
        return found[0] if found else self.key_type(self.here)

    def mutable_array(self, t: Type) -> bool:
        return self.mutable(t)

    def range_copies(self, n: Node, value: Node, elem: Type) -> bool:
        """Return whether the variable of a range needs a copy.

        It, or what it was copied from, is changed in the loop.
        """
        return self.may_change(n, value) or not self.quiet(n.Body, elements=elem)

    def may_change(self, n: Node, value: Node) -> bool:
        """Return whether the variable of a range may change in place."""
        if n.Tok != ":=" or value.obj is None:
            return True
        var = self.analysis.vars[value.obj.index]
        return bool(var.captured or var.addr or var.assigns or var.obj.mutated or var.obj.part_addr_taken)

    def range_func(self, n: Node) -> None:
        raise NotImplementedError
