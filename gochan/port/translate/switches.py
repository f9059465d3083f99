"""If, switch and type switch."""

from __future__ import annotations

from ..tree import Object, Type
from .code import CMP, OR, Code, Sym, call
from .gotypes import kind_of
from .jumps import Jumps
from .walk import Node, is_blank, is_pure, unparen


class Switches(Jumps):
    """If, switch and type switch."""

    # --- if -------------------------------------------------------------------------------------------------

    def stmt_IfStmt(self, n: Node) -> None:
        self.if_chain(n, "if")

    def if_chain(self, n: Node, word: str) -> None:
        if n.Init is not None:
            simple = self.lookup_only(n)
            if simple is not None:
                self.emit(f"{word} {simple.at(OR)}:")
                self.if_rest(n)
                return
            self.statement(n.Init)
        cond = self.expr(n.Cond)
        self.emit(f"{word} {cond.text}:")
        self.if_rest(n)

    def lookup_only(self, n: Node) -> Code | None:
        """Return `k in m` for `if _, ok := m[k]; ok`."""
        init = n.Init
        if init.kind != "AssignStmt" or init.Tok != ":=" or len(init.Lhs) != 2 or len(init.Rhs) != 1:
            return None
        right = unparen(init.Rhs[0])
        if right.kind != "IndexExpr" or not is_blank(init.Lhs[0]) or is_blank(init.Lhs[1]):
            return None
        obj = init.Lhs[1].obj
        var = self.analysis.vars.get(obj.index) if obj is not None else None
        if var is None or var.uses != 1 or var.captured:
            return None
        cond = unparen(n.Cond)
        negative = cond.kind == "UnaryExpr" and cond.Op == "!"
        if negative:
            cond = unparen(cond.X)
        if cond.kind != "Ident" or cond.obj is not obj:
            return None
        u = self.ty(right.X).under
        base = self.expr(right.X)
        return Code(
            f"{self.read_key(right.Index, u)} {'not in' if negative else 'in'} {base.at(CMP + 1)}", CMP
        )

    def if_rest(self, n: Node) -> None:
        self.block(n.Body.List, n.Body.end)
        other = n.Else
        if other is None:
            return
        if other.kind == "IfStmt" and (other.Init is None or self.lookup_only(other) is not None):
            before = len(self.lines)
            comments, held = self.comment_at, dict(self.overrides)
            self.if_chain(other, "elif")
            if self.lines[before].text.startswith("elif "):
                return
            del self.lines[before:]
            self.comment_at, self.overrides = comments, held
        self.emit("else:")
        if other.kind == "IfStmt":
            with self.indented():
                self.statement(other)
        else:
            self.block(other.List, other.end)

    # --- switch ---------------------------------------------------------------------------------------------

    def stmt_SwitchStmt(self, n: Node) -> None:
        label = self.label
        self.label = ""
        start = len(self.lines)
        if n.Init is not None:
            self.statement(n.Init)
        clauses = n.Body.List or []
        tag = n.Tag
        if (
            tag is not None
            and tag.const is None
            and not (unparen(tag).kind == "Ident" and not self.tag_changes(tag, clauses))
        ):
            if clauses and any(c.List for c in clauses):
                use_match = self.matchable(n, clauses)
                if not use_match:
                    self.hold(tag, "value")
            else:
                self.discard(tag)
        self.label = label
        python = self.breaks_inside(n, clauses)
        loop = self.push("switch", n, python)
        if python:
            self.emit("while True:")
            self.depth += 1
        if tag is not None and self.matchable(n, clauses):
            self.match_switch(tag, clauses)
        else:
            self.if_switch(n, tag, clauses)
        if python:
            if not (self.lines and self.lines[-1].depth == self.depth and self.lines[-1].text == "break"):
                self.emit("break")
            self.depth -= 1
        self.flush(*n.end)
        self.pop(loop, start)

    def tag_changes(self, tag: Node, clauses: list[Node]) -> bool:
        """Return whether evaluating the cases may change a variable that is the tag."""
        return any(not is_pure(v) for c in clauses for v in c.List or [])

    def breaks_inside(self, n: Node, clauses: list[Node]) -> bool:
        """Return whether a break leaves this switch or select from the middle of a clause."""
        return any(self.has_break(c.Body or [], self.label_of(n), last=True) for c in clauses)

    def label_of(self, n: Node) -> str:
        parent = n.parent
        return parent.Label.Name if parent is not None and parent.kind == "LabeledStmt" else ""

    def has_break(self, nodes: list[Node], label: str, *, last: bool = False, nested: bool = False) -> bool:
        for i, n in enumerate(nodes):
            at_end = last and i == len(nodes) - 1
            if n.kind == "BranchStmt" and n.Tok == "break":
                mine = (n.Label is None and not nested) or (
                    n.Label is not None and n.Label.Name == label and label
                )
                if mine and not at_end:
                    return True
                if mine:
                    self.no_ops.add(n.id)
                continue
            if n.kind == "IfStmt":
                if self.has_break(n.Body.List or [], label, last=at_end, nested=nested):
                    return True
                other = n.Else
                if other is not None and self.has_break(
                    [other] if other.kind == "IfStmt" else other.List or [], label, last=at_end, nested=nested
                ):
                    return True
            elif n.kind == "BlockStmt":
                if self.has_break(n.List or [], label, last=at_end, nested=nested):
                    return True
            elif n.kind == "LabeledStmt":
                if self.has_break([n.Stmt], label, nested=nested):
                    return True
            elif n.kind in ("ForStmt", "RangeStmt", "SwitchStmt", "TypeSwitchStmt", "SelectStmt"):
                bodies = (
                    [n.Body.List or []]
                    if n.kind in ("ForStmt", "RangeStmt")
                    else [c.Body or [] for c in n.Body.List or []]
                )
                if any(self.has_break(b, label, nested=True) for b in bodies):
                    return True
        return False

    def matchable(self, n: Node, clauses: list[Node]) -> bool:
        """Return whether all cases are literal ints or strings, so that match says it best."""
        tag = n.Tag
        if tag is None or kind_of(self.ty(tag)) not in ("int", "string") or not self.is_plain(self.ty(tag)):
            return False
        values = [v for c in clauses for v in c.List or []]
        if len(values) < 2 or any(self.falls(c) for c in clauses):
            return False
        return all(self.literal_pattern(v) is not None for v in values)

    def literal_pattern(self, v: Node) -> str | None:
        v = unparen(v)
        if v.kind == "BasicLit" and v.Kind in ("INT", "STRING") and v.const is not None:
            code = self.constant(v)
            return code.text if code.call is None else None
        if v.kind == "UnaryExpr" and v.Op == "-" and v.X.kind == "BasicLit" and v.X.Kind == "INT":
            return "-" + self.constant(v.X).text
        return None

    def falls(self, clause: Node) -> bool:
        body = clause.Body or []
        return bool(body) and body[-1].kind == "BranchStmt" and body[-1].Tok == "fallthrough"

    def match_switch(self, tag: Node, clauses: list[Node]) -> None:
        self.emit(f"match {self.expr(tag).text}:")
        with self.indented():
            for clause in self.default_last(clauses):
                self.flush(clause.line, clause.col)
                if clause.List:
                    self.emit(f"case {' | '.join(self.literal_pattern(v) or '' for v in clause.List)}:")
                else:
                    self.emit("case _:")
                self.clause_body([clause])

    def default_last(self, clauses: list[Node]) -> list[Node]:
        return [c for c in clauses if c.List] + [c for c in clauses if not c.List]

    def clause_body(self, clauses: list[Node]) -> None:
        with self.indented():
            for clause in clauses:
                body = clause.Body or []
                while (
                    body
                    and body[-1].kind == "BranchStmt"
                    and (
                        body[-1].Tok == "fallthrough" or (body[-1].Tok == "break" and body[-1].Label is None)
                    )
                ):
                    body = body[:-1]
                self.clause_statements(body)

    def clause_statements(self, body: list[Node]) -> None:
        self.statements(body)

    def if_switch(self, n: Node, tag: Node | None, clauses: list[Node]) -> None:
        word = "if"
        depth = self.depth
        for clause in self.default_last(clauses):
            self.flush(clause.line, clause.col)
            bodies = [clause]
            while self.falls(bodies[-1]):
                bodies.append(clauses[clauses.index(bodies[-1]) + 1])
            if clause.List:
                before = len(self.lines)
                cond = self.case_condition(n, tag, clause)
                added = self.lines[before:]
                if added and word == "elif":
                    # The statements that the condition needs run only if no case before has matched.
                    del self.lines[before:]
                    self.emit("else:")
                    for line in added:
                        line.depth += 1
                    self.lines += added
                    self.depth += 1
                    word = "if"
                self.emit(f"{word} {cond.text}:")
                self.clause_body(bodies)
                word = "elif"
            elif word == "if":
                self.emit("if True:")
                self.clause_body(bodies)
            else:
                self.emit("else:")
                self.clause_body(bodies)
        self.depth = depth

    def case_condition(self, n: Node, tag: Node | None, clause: Node) -> Code:
        if tag is None:
            conds = [self.expr(v) for v in clause.List]
        else:
            plain = kind_of(self.ty(tag)) in ("int", "string") and self.is_plain(self.ty(tag))
            if plain and len(clause.List) > 1 and all(v.const is not None for v in clause.List):
                values = ", ".join(self.expr(v).arg for v in clause.List)
                return Code(f"{self.expr(tag).at(CMP + 1)} in ({values})", CMP)
            conds = [self.compare(self.equality(tag, v)) for v in clause.List]
            if tag.const is not None and tag.const.kind == "bool":
                conds = [self.expr(v) if tag.const.value else self.negate(v) for v in clause.List]
        if len(conds) == 1:
            return conds[0]
        return Code(" or ".join(c.at(OR + 1) for c in conds), OR)

    def equality(self, x: Node, y: Node) -> Node:
        made = Node()
        made.__dict__.update(
            kind="BinaryExpr", id=-y.id - 1_000_000, line=y.line, col=y.col, end=y.end, Op="==", X=x, Y=y,
            type=None, const=None, fields=("X", "Y"), parent=y.parent,
        )  # fmt: skip
        return made

    # --- type switch ----------------------------------------------------------------------------------------

    def stmt_TypeSwitchStmt(self, n: Node) -> None:
        label = self.label
        self.label = ""
        start = len(self.lines)
        if n.Init is not None:
            self.statement(n.Init)
        assign = n.Assign
        guard = assign.Rhs[0] if assign.kind == "AssignStmt" else assign.X
        bound = assign.Lhs[0].Name if assign.kind == "AssignStmt" else ""
        guard = unparen(guard)
        x = guard.X
        inner = unparen(x)
        subject: Code
        sym: Sym | None = None
        if (
            inner.kind == "Ident"
            and inner.obj is not None
            and inner.obj.kind == "var"
            and not self.sym_is_ref(inner.obj)
        ):
            var = self.analysis.vars.get(inner.obj.index)
            subject = self.expr(inner)
            if var is not None and not var.assigns and var.func is not None:
                sym = self.sym(inner.obj)
        else:
            subject = self.expr(x)
        if sym is None:
            sym = self.temp(bound or "value")
            self.bind(sym.number)
            any_ = self.typing("Any")
            self.emit(f"{sym.token}: {any_} = {subject.text}")
            subject = Code(sym.token)
        clauses = n.Body.List or []
        self.label = label
        python = self.breaks_inside(n, clauses)
        loop = self.push("switch", n, python)
        if python:
            self.emit("while True:")
            self.depth += 1
        self.type_cases(n, clauses, subject, sym)
        if python:
            self.emit("break")
            self.depth -= 1
        self.flush(*n.end)
        self.pop(loop, start)

    def type_cases(self, n: Node, clauses: list[Node], subject: Code, sym: Sym) -> None:
        word = "if"
        self.facts.types_show = self.facts.types_show or False
        for clause in self.default_last(clauses):
            self.flush(clause.line, clause.col)
            if clause.List:
                tests = [self.type_test(v, subject) for v in clause.List]
                cond = tests[0] if len(tests) == 1 else Code(" or ".join(t.at(OR + 1) for t in tests), OR)
                self.emit(f"{word} {cond.text}:")
                word = "elif"
            elif word == "if":
                self.emit("if True:")
            else:
                self.emit("else:")
            obj = clause.__dict__.get("implicit")
            with self.indented():
                if obj is not None:
                    self.bind_clause(clause, obj, subject, sym)
                body = clause.Body or []
                while (
                    body
                    and body[-1].kind == "BranchStmt"
                    and body[-1].Tok == "break"
                    and body[-1].Label is None
                ):
                    body = body[:-1]
                self.statements(body)

    def type_test(self, v: Node, subject: Code) -> Code:
        if self.is_nil(v):
            return Code(f"{subject.at(CMP + 1)} is None", CMP)
        t = self.ty(v)
        self.note_assert(t)
        return call(self.lib("type_is"), subject.arg, self.type_arg(t))

    def bind_clause(self, clause: Node, obj: Object, subject: Code, sym: Sym) -> None:
        var = self.analysis.vars.get(obj.index)
        if var is None or (not var.uses and not var.assigns):
            return
        assert obj.type is not None
        t = self.subst(obj.type)
        single = len(clause.List or []) == 1 and not self.is_nil(clause.List[0])
        code = subject
        if single and self.boxed_in_interface(t):
            code = call(self.lib("unbox"), subject.arg)
        if single and self.value_like(t) and self.mutable(t):
            code = self.copy_code(code, t)
        if code is subject and not var.assigns and not var.addr and not self.is_ref(var):
            self.obj_syms[obj.index] = sym
            self.names.by_obj[obj.index] = sym.number
            # The clause's variable is the subject: who uses it, uses that.
            for f in self.analysis.funcs.values():
                if obj.index in f.uses:
                    self.names.extra_uses.setdefault(f.id, set()).add(sym.number)
            return
        self.obj_syms.pop(obj.index, None)
        self.define(obj, code, t)

    def boxed_in_interface(self, t: Type) -> bool:
        """Return whether values of a type are in a box when they are in an interface."""
        probe = self.box(Code("\x00"), t)
        if t.under.kind == "pointer":
            return (
                self.boxes_pointer(t.elem) or t.index in self.facts.nil_sources
                if t.kind == "pointer"
                else True
            )
        return probe.text != "\x00"
