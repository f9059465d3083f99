"""Control flow: if, loops, switches, break and continue, labels, fallthrough."""

from __future__ import annotations

from typing import Any

from ..tree import Object, Type
from .base import Fn, Loop
from .code import ADD, AND, ATOM, CMP, NOT, OR, Code, Sym, call
from .gotypes import kind_of
from .scopes import type_key
from .statements import Statements
from .walk import Node, children, contains, idents, is_blank, is_pure, unparen


class Control(Statements):
    """Control flow."""

    # --- if -----------------------------------------------------------------------------------------------

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
            comments = self.comment_at
            self.if_chain(other, "elif")
            if self.lines[before].text.startswith("elif "):
                return
            del self.lines[before:]
            self.comment_at = comments
        self.emit("else:")
        if other.kind == "IfStmt":
            with self.indented():
                self.statement(other)
        else:
            self.block(other.List, other.end)

    # --- loops --------------------------------------------------------------------------------------------

    def stmt_LabeledStmt(self, n: Node) -> None:
        self.label = n.Label.Name
        inner = n.Stmt
        if inner.kind not in ("ForStmt", "RangeStmt", "SwitchStmt", "TypeSwitchStmt", "SelectStmt"):
            if inner.kind == "BlockStmt" and self.label_used(n):
                raise self.refuse(n, "a break out of a labeled block has no translation; use a loop")
            self.label = ""
            if inner.kind != "EmptyStmt":
                self.statement(inner)
            return
        self.statement(inner)

    def label_used(self, n: Node) -> bool:
        f = self.fn
        node = f.func.node if f is not None else None
        if node is None:
            return True
        return any(
            b.kind == "BranchStmt"
            and b.Tok != "goto"
            and b.Label is not None
            and b.Label.Name == n.Label.Name
            for b in node.Body.walk()
        )

    label: str = ""
    no_ops: set[int]

    def goto_targets(self) -> set[str]:
        """Return the labels of the current function that goto statements name."""
        f = self.fn
        node = f.func.node if f is not None else None
        if node is None or node.__dict__.get("Body") is None:
            return set()
        found = self._gotos.get(node.id)
        if found is None:
            found = {b.Label.Name for b in node.Body.walk() if b.kind == "BranchStmt" and b.Tok == "goto"}
            self._gotos[node.id] = found
        return found

    _gotos: dict[int, set[str]]

    def goto_block(self, nodes: list[Node]) -> None:
        """Emit a block with labels that goto statements name as a loop over its parts."""
        targets = self.goto_targets()
        parts: list[list[Node]] = [[]]
        labels: dict[str, int] = {}
        for n in nodes:
            if n.kind == "LabeledStmt" and n.Label.Name in targets:
                parts.append([])
                labels[n.Label.Name] = len(parts) - 1
            parts[-1].append(n)
        start = len(self.lines)
        before = parts[0]
        if len(labels) == 1 and not any(self.jumps(n, labels) for n in before):
            for n in before:
                self.statement(n)
            loop = self.push("goto", nodes[0], True)
            loop.labels = dict.fromkeys(labels, 0)
            self.emit("while True:")
            with self.indented():
                for n in parts[1]:
                    self.statement(n)
                if not ends(parts[1]):
                    self.emit("break")
            self.pop(loop, start)
            return
        state = self.temp("step")
        self.bind(state.number)
        self.emit(f"{state.token} = 0")
        loop = self.push("goto", nodes[0], True)
        loop.labels = labels
        loop.state = state
        self.emit("while True:")
        with self.indented():
            for i, part in enumerate(parts):
                if not part and i == 0:
                    continue
                self.emit(f"if {state.token} <= {i}:")
                with self.indented():
                    for n in part:
                        self.statement(n)
            self.emit("break")
        self.pop(loop, start)

    def jumps(self, n: Node, labels: dict[str, int]) -> bool:
        return any(b.kind == "BranchStmt" and b.Tok == "goto" and b.Label.Name in labels for b in n.walk())

    def goto(self, n: Node) -> None:
        assert self.fn is not None
        for target in reversed(self.fn.loops):
            if n.Label.Name in target.labels:
                if target.state is not None:
                    self.emit(f"{target.state.token} = {target.labels[n.Label.Name]}")
                self.leave(target, "continue")
                return
        raise self.refuse(n, "this goto has no translation; use a loop")

    def push(self, kind: str, n: Node, python: bool, post: Any = None) -> Loop:
        assert self.fn is not None
        loop = Loop(kind, self.label, python, n, post)
        loop.fn = self.fn
        self.label = ""
        self.fn.loops.append(loop)
        return loop

    def pop(self, loop: Loop, start: int) -> None:
        """End a loop: pass on what breaks and continues inside it left it for an outer one."""
        assert self.fn is not None
        self.fn.loops.pop()
        seen: list[tuple[Loop, str, Sym]] = []
        for target, what, flag in loop.pending:
            if not any(f is flag for _, _, f in seen):
                seen.append((target, what, flag))
        for target, what, flag in seen:
            from .names import Line

            self.lines.insert(start, Line(self.depth, f"{flag.token} = False", self.chunk))
            self.emit(f"if {flag.token}:")
            with self.indented():
                self.leave(target, what)

    def leave(self, target: Loop, what: str) -> None:
        """Emit a break out of a loop, or a continue of it, from where we are."""
        assert self.fn is not None
        loops = self.fn.loops
        if target not in loops:
            self.leave_iterator(target, what)
            return
        inner = [x for x in loops[loops.index(target) + 1 :] if x.python]
        if target.kind == "func":
            self.emit(f"return {what == 'continue'}")
            return
        if not inner:
            if what == "continue" and target.post is not None:
                target.post()
            self.emit(what)
            return
        nearest = inner[-1]
        flag = next((f for t, w, f in nearest.pending if t is target and w == what), None)
        if flag is None:
            flag = self.temp("done" if what == "break" else "again")
            self.bind(flag.number)
            nearest.pending.append((target, what, flag))
        self.emit(f"{flag.token} = True")
        self.emit("break")

    def leave_iterator(self, target: Loop, what: str) -> None:
        raise self.refuse(
            self.here, f"{what} out of the body of a range over a function has no translation here"
        )

    def stmt_BranchStmt(self, n: Node) -> None:
        assert self.fn is not None
        tok = n.Tok
        if tok == "goto":
            self.goto(n)
            return
        if tok == "fallthrough" or n.id in self.no_ops:
            return
        loops = self.fn.loops
        label = n.Label.Name if n.Label is not None else ""
        f: Fn | None = self.fn
        while f is not None:
            for target in reversed(f.loops):
                if label:
                    if target.label == label:
                        self.leave(target, tok)
                        return
                elif (tok == "break" and target.kind != "goto") or target.kind in ("for", "func"):
                    if target.kind == "func":
                        self.emit(f"return {tok == 'continue'}")
                        return
                    self.leave(target, tok)
                    return
            f = f.parent if f.iterator is not None else None
        del loops
        raise self.refuse(n, f"this {tok} has no translation")

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

    # The loop variables that are declared before their loop.
    shared: set[Object]

    def shared_variables(self, n: Node) -> None:
        """Declare the loop variables that all iterations share, as before Go 1.22, if their address is taken.

        Refuse those that are structs or arrays.
        """
        shared = {x.obj for x in (n.Key, n.Value) if x is not None and x.kind == "Ident"} - {None}
        declared: set[Object] = set()
        for x in n.Body.walk():
            if x.kind == "UnaryExpr" and x.Op == "&" and unparen(x.X).kind == "Ident":
                obj = unparen(x.X).obj
                if obj in shared - declared:
                    if self.is_ref(self.analysis.vars[obj.index]):
                        declared.add(obj)
                        self.define(obj, self.zero(obj.type), self.subst(obj.type))
                        continue
                    raise self.refuse(
                        x,
                        "the address of a struct or array that all iterations share has no translation; "
                        "copy it first, or have a go directive of 1.22 or later",
                    )
        self.shared |= declared

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
        t = self.subst(obj.type)
        unsigned = t.under.name.startswith("u")
        sized = t.under.name not in ("int", "int64")
        if step > 0 and op in ("<", "<="):
            if (
                op == "<="
                and sized
                and not (bound.const is not None and self.below_max(int(bound.const.value), t))
            ):
                return None
            if sized and step > 1:
                return None
        elif step < 0 and op in (">", ">="):
            if unsigned and (op == ">=" or step < -1):
                return None
            if sized and op == ">=" and bound.const is None:
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

    def below_max(self, value: int, t: Type) -> bool:
        from .gotypes import SIGNED, UNSIGNED

        name = t.under.name
        most = (1 << UNSIGNED[name]) - 1 if name in UNSIGNED else (1 << (SIGNED[name] - 1)) - 1
        return value < most

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

    def counted_for(self, n: Node, counted: tuple[Object, str]) -> None:
        obj, text = counted
        start = len(self.lines)
        loop = self.push("for", n, True)
        var = self.analysis.vars[obj.index]
        name = self.declare(obj).token if var.uses > 2 or var.captured else None
        if name is None:
            name = "_"
        self.emit(f"for {name} in {text}:")
        self.block(n.Body.List, n.Body.end)
        self.pop(loop, start)

    # --- range --------------------------------------------------------------------------------------------

    def stmt_RangeStmt(self, n: Node) -> None:
        over = n.over
        if over.startswith("func"):
            self.range_func(n)
            return
        start = len(self.lines)
        label, self.label = self.label, ""
        if n.Tok == ":=" and not self.file.per_iteration:
            self.shared_variables(n)
        t = self.ty(n.X)
        key = None if is_blank(n.Key) else n.Key
        value = None if is_blank(n.Value) else n.Value
        if n.Key is not None and n.Tok == ":=":
            key = key if key is None or self.used(key) else None
            value = value if value is None or self.used(value) else None
        after: list[tuple[Node, Code, Type]] = []
        if over == "int" and key is not None and n.Tok == ":=" and key.obj is not None:
            self.counted.add(key.obj.index) if not self.analysis.vars[key.obj.index].assigns else None
            if not self.analysis.vars[key.obj.index].assigns:
                self.counted_up.add(key.obj.index)
        if over in ("slice", "array", "ptrarray", "string") and key is not None and n.Tok == ":=":
            if not self.analysis.vars[key.obj.index].assigns:
                self.counted.add(key.obj.index)
                self.counted_up.add(key.obj.index)
        header = self.range_header(n, over, t, key, value, after)
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

    def used(self, n: Node) -> bool:
        var = self.analysis.vars.get(n.obj.index) if n.obj is not None else None
        return var is None or var.uses > 0 or bool(var.assigns)

    def range_target(
        self, n: Node | None, tok: str, t: Type, after: list[tuple[Node, Code, Type]], *, change: str = ""
    ) -> str:
        """Return the name of a key or value in the for statement; note what the body has to do.

        `change`: how the value of Python becomes Go's, with {} for it.
        """
        if n is None:
            return "_"
        if tok == ":=":
            var = self.analysis.vars[n.obj.index]
            if not self.is_ref(var) and not change:
                return self.declare(n.obj).token
            if not self.is_ref(var):
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
        sym = self.temp(n.Name if n.kind == "Ident" else "item")
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
            return f"for {self.range_target(key, tok, self.ty(n.X), after)} in {rng}({x.arg}):"
        if over in ("slice", "array", "ptrarray"):
            if value is None:
                size = str(u.len) if over != "slice" else f"{length}({x.arg})"
                return f"for {self.range_target(key, tok, int_t, after)} in {rng}({size}):"
            elem = self.subst(u.elem)
            change = ""
            if self.value_like(elem) and self.mutable(elem) and self.range_copies(n, value, elem):
                change = self.lib("copy") + "({})"
            if over == "array" and self.mutable_array(t) and not self.quiet(n.Body, elements=elem):
                x = call(self.lib("copy"), x.arg)
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
            key_change = self.from_key("{}", kt) if key is not None and self.changes_key(kt) else ""
            change = (
                self.lib("copy") + "({})"
                if value is not None and self.value_like(vt) and self.mutable(vt)
                else ""
            )
            k = self.range_target(key, tok, kt, after, change=key_change)
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
        if n.Tok != ":=" or value.obj is None:
            return True
        var = self.analysis.vars[value.obj.index]
        if var.captured or var.addr or var.assigns or var.obj.mutated or var.obj.part_addr_taken:
            return True
        return not self.quiet(n.Body, elements=elem)

    # --- range over functions -----------------------------------------------------------------------------

    def range_func(self, n: Node) -> None:
        raise NotImplementedError

    # --- switch -------------------------------------------------------------------------------------------

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
            return self.constant(v).text
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
        for clause in self.default_last(clauses):
            self.flush(clause.line, clause.col)
            bodies = [clause]
            while self.falls(bodies[-1]):
                bodies.append(clauses[clauses.index(bodies[-1]) + 1])
            if clause.List:
                before = len(self.lines)
                cond = self.case_condition(n, tag, clause)
                if len(self.lines) > before and word == "elif":
                    raise self.refuse(
                        clause, "a case with a function literal has no translation; assign it first"
                    )
                self.emit(f"{word} {cond.text}:")
                self.clause_body(bodies)
                word = "elif"
            elif word == "if":
                self.emit("if True:")
                self.clause_body(bodies)
            else:
                self.emit("else:")
                self.clause_body(bodies)

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

    # --- type switch --------------------------------------------------------------------------------------

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
                t.elem.index in self.facts.to_iface or t.index in self.facts.nil_sources
                if t.kind == "pointer"
                else True
            )
        return probe.text != "\x00"


def ends(nodes: list[Node] | None) -> bool:
    """Return whether a body never reaches its end."""
    return bool(nodes) and nodes[-1].kind in ("ReturnStmt", "BranchStmt") if nodes else False


__all__ = ["AND", "Control", "children", "contains", "ends", "idents", "type_key"]
