"""Goroutines, channels and select."""

from __future__ import annotations

from ..tree import Type
from .base import Loop
from .code import ATOM, LAMBDA, SHIFT, Code, call
from .idioms import Idioms
from .walk import Node, idents, is_blank, unparen

# So many cases are made before a loop, not in each iteration.
_MANY_CASES = 6


class Concurrency(Idioms):
    """go, channels, select."""

    def own_zero(self, t: Type) -> bool:
        """Return whether gochan doesn't know the zero value of a channel's elements."""
        if t.index not in self.facts.closed:
            return False
        u = t.under
        if u.kind == "basic":
            return not self.is_plain(t)
        return u.kind in ("array", "slice", "map") or (u.kind == "struct" and not self.is_unit(t))

    def receive(self, n: Node) -> Code:
        ch = n.X
        t = self.ty(ch)
        elem = self.subst(t.under.elem)
        both = self.ty(n).kind == "tuple"
        code = self.expr(ch)
        self.note_nil_of_closed(elem)
        if self.is_moment(elem) and not both and n.parent is not None and n.parent.kind != "ExprStmt":
            return self.received(call(f"{code.at(ATOM)}.recv"), elem)
        if elem.under.kind in ("pointer", "chan"):
            self.facts.nil_sources.add(elem.under.index)
        if self.own_zero(elem):
            return call(self.lib("recv_ok_zero" if both else "recv_zero"), code.arg, self.zero_arg(elem))
        if self.may_be_nil_chan(t, ch):
            return call(self.lib("chan_recv_ok" if both else "chan_recv"), code.arg)
        if self.foreign_done(ch):
            # ctx.Done() is None for a context that never ends.
            return call(self.lib("chan_recv_ok" if both else "chan_recv"), code.arg)
        return call(f"{code.at(ATOM)}.{'recv_ok' if both else 'recv'}")

    def note_nil_of_closed(self, t: Type) -> None:
        """Note that there is a nil of the type of a channel's elements if such a channel is closed."""
        if t.index in self.facts.closed and t.under.kind in ("chan", "pointer", "signature", "interface"):
            self.note_nil(t)

    def is_moment(self, t: Type) -> bool:
        return t.kind == "named" and t.obj.pkg == "time" and t.obj.name == "Time" and not t.obj.local

    def received(self, code: Code, t: Type) -> Code:
        return code

    def foreign_done(self, ch: Node) -> bool:
        ch = unparen(ch)
        if ch.kind != "CallExpr":
            return False
        fun = unparen(ch.Fun)
        return (
            fun.kind == "SelectorExpr"
            and fun.Sel.Name == "Done"
            and fun.obj is not None
            and fun.obj.pkg == "context"
        )

    def zero_arg(self, t: Type) -> str:
        return self.ann(t)

    def stmt_SendStmt(self, n: Node) -> None:
        t = self.ty(n.Chan)
        self.order_calls([n.Chan, n.Value], [None, t.under.elem])
        ch = self.expr(n.Chan)
        value = self.value(n.Value, t.under.elem)
        if self.may_be_nil_chan(t, n.Chan):
            self.emit(call(self.lib("chan_send"), ch.arg, value.arg).text)
        else:
            self.emit(f"{ch.at(SHIFT)} << {value.at(SHIFT + 1)}")

    # --- go -----------------------------------------------------------------------------------------------

    def stmt_GoStmt(self, n: Node) -> None:
        self.start(n, n.Call, self.gochan("go"), started=True)

    def start(self, n: Node, x: Node, what: str, *, started: bool) -> None:
        """Emit a go or defer statement.

        As a decorator of a literal, or as a call with the function and its arguments.
        """
        fun = unparen(x.Fun)
        if x.call != "builtin" and fun.kind == "FuncLit":
            if not x.Args:
                self.decorated(fun, what, started=started)
                return
            self.order_arguments(x, fun)
            name = self.literal_def(fun, "work" if started else "deferred", now=started)
            sig = self.ty(fun).under
            self.emit(call(what, name, *self.arguments(x, sig)).text)
            return
        self.later = x
        try:
            code = self.call_code(x)
        finally:
            self.later = None
        if code.call is None:
            raise self.refuse(
                n, "go and defer of this call have no translation; put it into a function literal"
            )
        callee, args = code.call
        if callee == self.lib("recover"):
            callee = self.gochan("recover")
        self.emit(call(what, callee, *args).text)

    def call_code(self, x: Node) -> Code:
        """Translate a call whose arguments are evaluated now and which runs later."""
        return self.expr(x)

    def decorated(self, fun: Node, what: str, *, started: bool) -> None:
        raise NotImplementedError

    def stmt_DeferStmt(self, n: Node) -> None:
        self.start(n, n.Call, self.defer_name(), started=False)

    def defer_name(self) -> str:
        """Return what defers calls; in the body of a range over a function, to the end of what is around."""
        fn = self.fn
        loop: Loop | None = None
        while fn is not None and fn.iterator is not None:
            loop, fn = fn.iterator, fn.parent
        if loop is None or fn is None:
            return self.gochan("defer")
        if loop.deferring is None:
            loop.deferring = self.temp("later")
            fn.bound.add(loop.deferring.number)
        return loop.deferring.token

    def decorate_call(self, x: Node) -> bool:
        """Emit `wg.Go(func() {...})` as a def under @wg.go."""
        fun = unparen(x.Fun)
        if fun.kind != "SelectorExpr" or fun.sel is None or fun.sel.kind != "method" or fun.obj is None:
            return False
        if self.full_name(fun.obj) != "sync.WaitGroup.Go" or unparen(x.Args[0]).kind != "FuncLit":
            return False
        self.decorated(unparen(x.Args[0]), f"{self.walk_receiver(fun).at(ATOM)}.go", started=True)
        return True

    # --- select -------------------------------------------------------------------------------------------

    def stmt_SelectStmt(self, n: Node) -> None:
        label = self.label
        self.label = ""
        start = len(self.lines)
        clauses = n.Body.List or []
        comms = [c for c in clauses if c.Comm is not None]
        default = next((c for c in clauses if c.Comm is None), None)
        self.order_cases([c.Comm for c in comms])
        cases = [self.select_case(c.Comm) for c in comms]
        if default is not None:
            cases.append(self.gochan("default"))
        around = self.loop_of_cases(clauses)
        if around is not None:
            held = self.temp("cases")
            self.bind(held.number)
            around.before.append(f"{held.token} = [{', '.join(cases)}]")
            cases = [f"*{held.token}"]
        text = f"{self.gochan('select')}({', '.join(cases)})"
        self.label = label
        if not any(c.Body for c in clauses) and not any(self.binds(c) for c in comms):
            self.label = ""
            self.emit(text)
            self.flush(*n.end)
            return
        python = self.breaks_inside(n, clauses)
        loop = self.push("select", n, python)
        if python:
            self.emit("while True:")
            self.depth += 1
        self.emit(f"match {text}:")
        ordered = [*comms, *([default] if default is not None else [])]
        with self.indented():
            for i, clause in enumerate(ordered):
                self.flush(clause.line, clause.col)
                self.select_clause(clause, i, last=i == len(ordered) - 1)
        if python:
            self.emit("break")
            self.depth -= 1
        self.flush(*n.end)
        self.pop(loop, start)

    def loop_of_cases(self, clauses: list[Node]) -> Loop | None:
        """Return the loop around a select of many cases if they are the same in each iteration."""
        loops = [x for x in self.fn.loops if x.python] if self.fn is not None else []
        if len(clauses) < _MANY_CASES or not loops or loops[-1].kind != "for":
            return None
        if any(c.Comm is None or c.Comm.kind == "SendStmt" for c in clauses):
            return None
        channels = [unparen(self.receive_of(c.Comm).X) for c in clauses]
        loop = loops[-1].node
        same = all(self.ty(ch) is self.ty(channels[0]) and self.same_channel(ch, loop) for ch in channels)
        return loops[-1] if same else None

    def same_channel(self, ch: Node, loop: Node) -> bool:
        """Return whether a variable, or an element of an array, has the same channel while a loop runs."""
        element = (
            ch.kind == "IndexExpr" and ch.Index.const is not None and self.ty(ch.X).under.kind == "array"
        )
        variable = unparen(ch.X) if element else ch
        obj = variable.obj if variable.kind == "Ident" else None
        if obj is None or obj.kind != "var" or (obj.line, obj.col) >= (loop.line, loop.col):
            return False
        if not self.unchanged(obj, loop):
            return False
        if not element:
            return True
        reads = all(
            x.parent.kind == "IndexExpr"
            and x.parent.parent.kind in ("UnaryExpr", "CallExpr")
            and x.parent.parent.__dict__.get("Op") != "&"
            for x in idents(loop)
            if x.obj is obj
        )
        return reads and self.unseen(obj)

    def order_cases(self, comms: list[Node]) -> None:
        """Have the channels and values of all cases evaluated in the order of the source."""
        operands: list[tuple[Node, Type | None]] = []
        for comm in comms:
            if comm.kind == "SendStmt":
                elem = self.subst(self.ty(comm.Chan).under.elem)
                operands += [(comm.Chan, None), (comm.Value, elem)]
            else:
                operands.append((self.receive_of(comm).X, None))
        self.order_calls([n for n, _ in operands], [t for _, t in operands])

    def select_case(self, comm: Node) -> str:
        if comm.kind == "SendStmt":
            t = self.ty(comm.Chan)
            ch = self.expr(comm.Chan).arg
            return f"{self.gochan('send')}({ch}, {self.value(comm.Value, t.under.elem).arg})"
        ch = self.receive_of(comm).X
        self.note_nil_of_closed(self.subst(self.ty(ch).under.elem))
        return f"{self.gochan('recv')}({self.expr(ch).arg})"

    def receive_of(self, comm: Node) -> Node:
        return unparen(comm.Rhs[0] if comm.kind == "AssignStmt" else comm.X)

    def binds(self, clause: Node) -> bool:
        comm = clause.Comm
        return comm.kind == "AssignStmt" and any(not is_blank(x) for x in comm.Lhs)

    def select_clause(self, clause: Node, i: int, *, last: bool) -> None:
        comm = clause.Comm
        if comm is None:
            self.emit("case _:")
            self.clause_body([clause])
            return
        if comm.kind != "AssignStmt" or not self.binds(clause):
            self.emit("case _:" if last else f"case {i}, _, _:")
            self.clause_body([clause])
            return
        elem = self.subst(self.ty(self.receive_of(comm).X).under.elem)
        lefts = [unparen(x) for x in comm.Lhs]
        define = comm.Tok == ":="
        names = ["_", "_"]
        after = []
        for k, left in enumerate(lefts):
            if is_blank(left):
                continue
            isnew = self.is_new(left, define)
            var = (
                self.analysis.vars.get(left.obj.index)
                if left.kind == "Ident" and left.obj is not None
                else None
            )
            if isnew and var is not None and not var.uses and not var.assigns:
                continue
            t = self.subst(left.obj.type) if isnew else self.ty(left)
            plain = (
                not (k == 0 and self.is_moment(elem))
                and left.kind == "Ident"
                and not self.sym_is_ref(left.obj)
                and left.obj.scope != "package"
            )
            if plain and (isnew or ((not self.changes(elem, t) or k == 1) and not self.target(left).by_call)):
                names[k] = self.declare(left.obj).token if isnew else self.target(left).text
                continue
            sym = self.temp(left.Name if left.kind == "Ident" else "value" if k == 0 else "ok")
            self.bind(sym.number)
            names[k] = sym.token
            after.append((left, isnew, sym, t, k))
        own = self.own_zero(elem) and names[0] != "_"
        if own and names[1] == "_":
            ok = self.temp("ok")
            self.bind(ok.number)
            names[1] = ok.token
        if names == ["_", "_"]:
            self.emit("case _:" if last else f"case {i}, _, _:")
        else:
            self.emit(f"case {'_' if last else i}, {names[0]}, {names[1]}:")
        start = len(self.lines)
        self.depth += 1
        if own:
            self.emit(f"if not {names[1]}:")
            with self.indented():
                self.emit(f"{names[0]} = {self.zero(elem).text}")
        for left, isnew, sym, t, k in after:
            code = Code(sym.token) if k == 1 else self.convert(self.received(Code(sym.token), elem), elem, t)
            if isnew:
                self.define(left.obj, code, t)
            else:
                self.store(self.target(left), code)
        self.depth -= 1
        emitted = len(self.lines) > start
        body = clause.Body or []
        while body and body[-1].kind == "BranchStmt" and body[-1].Tok == "break" and body[-1].Label is None:
            body = body[:-1]
        self.depth += 1
        self.statements(body)
        if (not emitted and not body) or not any(
            not line.text.startswith("#") for line in self.lines[start:]
        ):
            self.emit("pass")
        self.depth -= 1


__all__ = ["LAMBDA", "Concurrency"]
