"""Functions: declarations, literals, results, deferred calls, and the bodies of ranges over functions."""

from __future__ import annotations

from typing import Any

from ..fills import is_builtin
from ..kinds import callee
from ..tree import Object, Type
from .base import Fn, Loop
from .code import ATOM, COND, LAMBDA, Code, Sym, call
from .concurrency import Concurrency
from .gotypes import inherited, kind_of
from .names import Line, snake
from .scopes import Func
from .walk import Node, contains, is_blank, unparen


class Functions(Concurrency):
    """Functions."""

    # --- results ------------------------------------------------------------------------------------------

    def may_recover(self, f: Func) -> bool:
        """Return whether a call that a function defers may stop a panic."""
        for d in f.defers:
            fun = unparen(d.Call.Fun)
            if d.Call.call == "builtin":
                continue
            if fun.kind == "FuncLit":
                if self.analysis.funcs[fun.id].recovers:
                    return True
                continue
            obj = fun.obj if fun.kind in ("Ident", "SelectorExpr") else None
            if obj is not None and obj.kind == "func":
                target = self.analysis.func_of_obj.get(obj.index)
                if target is not None and target.recovers:
                    return True
                if target is None and obj.local and any(g.recovers for g in self.analysis.funcs.values()):
                    return True
                continue
            if obj is not None and obj.type is not None and obj.type.str == "context.CancelFunc":
                continue
            if any(g.recovers for g in self.analysis.funcs.values()):
                return True
        return False

    def results_escape(self, f: Func, node: Node) -> bool:
        """Return whether deferred calls may see or set named results."""
        if not f.defers or node.Type.Results is None:
            return False
        for part in node.Type.Results.List:
            for name in part.Names or []:
                var = self.analysis.vars.get(name.obj.index) if name.obj is not None else None
                if var is not None and (var.captured or var.addr):
                    return True
        return False

    def result_types(self, node: Node) -> list[Type]:
        types: list[Type] = []
        if node.Type.Results is not None:
            for part in node.Type.Results.List or []:
                types += [self.ty(part.Type)] * max(1, len(part.Names or []))
        return types

    def result_names(self, node: Node) -> list[Node]:
        if node.Type.Results is None:
            return []
        return [name for part in node.Type.Results.List or [] for name in part.Names or []]

    def stmt_ReturnStmt(self, n: Node) -> None:
        fn = self.fn
        assert fn is not None
        if fn.iterator is not None:
            self.return_from_iterator(n)
            return
        results = n.Results or []
        if fn.body_mode:
            if results:
                self.set_results(fn, results)
            self.emit("return")
            return
        if not results:
            if fn.result_syms:
                self.emit(f"return {self.result_list(fn)}")
            else:
                self.emit("return")
            return
        values = self.return_values(fn, results)
        self.emit(f"return {', '.join(values)}")

    def result_list(self, fn: Fn) -> str:
        return ", ".join(self.result_text(s) for s in fn.result_syms)

    def result_text(self, s: Sym) -> str:
        return f"{s.token}.v" if s.number in self.ref_results else s.token

    ref_results: set[int]

    def return_values(self, fn: Fn, results: list[Node]) -> list[str]:
        if len(results) == 1 and len(fn.results) > 1:
            code = self.expr(results[0])
            types = self.ty(results[0]).types
            if any(self.changes(t, r) for t, r in zip(types, fn.results, strict=True)):
                names = []
                for _ in types:
                    s = self.temp("value")
                    self.bind(s.number)
                    names.append(s)
                self.emit(f"{', '.join(s.token for s in names)} = {code.text}")
                return [
                    self.convert(Code(s.token), t, r).arg
                    for s, t, r in zip(names, types, fn.results, strict=True)
                ]
            return [code.arg]
        self.order_calls(results, fn.results)
        return [
            "[]" if self.is_nil(r) and self.is_list(fn.node, i) else self.returned(r, t).arg
            for i, (r, t) in enumerate(zip(results, fn.results, strict=True))
        ]

    def returned(self, n: Node, t: Type) -> Code:
        """Return a result; a local variable that ends with the function needs no copy."""
        inner = unparen(n)
        own = self.ty(n)
        if (
            inner.kind == "Ident"
            and inner.obj is not None
            and inner.obj.kind == "var"
            and self.value_like(own)
        ):
            var = self.analysis.vars.get(inner.obj.index)
            assert self.fn is not None
            if (
                var is not None
                and var.func is self.fn.func
                and not var.captured
                and not var.addr
                and var.obj.scope in ("local", "param", "result")
            ):
                return self.convert(self.expr(n), own, t, n)
        return self.value(n, t)

    def set_results(self, fn: Fn, results: list[Node]) -> None:
        values = self.return_values(fn, results)
        targets = []
        for s in fn.result_syms:
            if s.number in self.ref_results:
                targets.append(f"{s.token}.v")
            else:
                self.rebind_sym(s)
                targets.append(s.token)
        if len(targets) == len(values):
            kept = [(target, value) for target, value in zip(targets, values, strict=True) if target != value]
            targets, values = [target for target, _ in kept], [value for _, value in kept]
        if targets:
            self.emit(f"{', '.join(targets)} = {', '.join(values)}")

    # --- the body -----------------------------------------------------------------------------------------

    def parameters(self, node: Node, fn: Fn, *, skip: int = 0) -> tuple[list[str], list[str]]:
        """Return the parameters of a function, and the lines that its body starts with."""
        params: list[str] = []
        first: list[str] = []
        fields = node.Type.Params.List or [] if node.Type.Params is not None else []
        for field in fields:
            variadic = field.Type.kind == "Ellipsis"
            t = self.ty(field.Type.Elt) if variadic else self.ty(field.Type)
            for name in field.Names or [None]:
                star = "*" if variadic else ""
                if is_blank(name):
                    sym = self.temp("_")
                    params.append(f"{star}{sym.token}: {self.plain_ann(t)}")
                    continue
                obj = name.obj
                var = self.analysis.vars.get(obj.index)
                sym = self.declare(obj)
                if variadic and node.kind == "FuncDecl" and self.takes_slice(node.Name.obj):
                    params.append(f"{sym.token}: {self.lib('Slice')}[{self.plain_ann(t)}]")
                    if var is not None and self.is_ref(var):
                        raise self.refuse(node, "the address of this variadic parameter has no translation")
                    continue
                if variadic:
                    if var is not None and self.only_read(var):
                        params.append(f"*{sym.token}: {self.plain_ann(t)}")
                    else:
                        arg = self.temp(f"{obj.name}_")
                        params.append(f"*{arg.token}: {self.plain_ann(t)}")
                        elem = self.slice_class(t, True)
                        value = f"{elem}({self.builtin('list')}({arg.token})) if {arg.token} else {elem}()"
                        if var is not None and self.is_ref(var):
                            value = f"{self.lib('Ref')}({value})"
                        first.append(f"{sym.token} = {value}")
                    continue
                if var is not None and self.is_ref(var):
                    arg = self.temp(f"{obj.name}_")
                    params.append(f"{arg.token}: {self.plain_ann(t)}")
                    first.append(f"{sym.token} = {self.lib('Ref')}({arg.token})")
                    continue
                params.append(f"{sym.token}: {self.list_ann(t, self.is_list(obj))}")
                if node.kind == "FuncLit" and self.given_uncopied(node.parent) and self.changes_own(obj, t):
                    first.append(f"{sym.token} = {self.copy_code(Code(sym.token), t).text}")
        return params, first

    def given_uncopied(self, n: Node | None) -> bool:
        """Return whether a call is one of the library, which does not copy what it gives to functions."""
        if n is None or n.kind != "CallExpr" or n.call != "call":
            return False
        obj = callee(n).obj
        return obj is not None and obj.kind == "func" and not obj.local

    def changes_own(self, obj: Object, t: Type) -> bool:
        """Return whether a variable holds a struct or an array, and may be changed in place."""
        var = self.analysis.vars.get(obj.index)
        changed = var is not None and (var.captured or var.addr or obj.mutated or obj.part_addr_taken)
        return bool(changed) and self.value_like(t) and self.mutable(t)

    def only_read(self, var: Any) -> bool:
        """Return whether a variadic parameter is only ranged over, indexed, measured or passed on.

        A tuple will do.
        """
        f = var.func
        if f is None or f.node is None or var.assigns or var.addr:
            return False
        for n in f.node.Body.walk():
            if n.kind != "Ident" or n.obj is not var.obj:
                continue
            parent = n.parent
            if parent.kind == "RangeStmt" and parent.X is n:
                continue
            if parent.kind == "IndexExpr" and parent.X is n and not self.is_written(parent):
                continue
            if parent.kind == "CallExpr":
                fun = unparen(parent.Fun)
                if parent.call == "builtin" and fun.Name == "len":
                    continue
                if parent.Ellipsis and parent.Args[-1] is n and parent.call == "call":
                    continue
                if (
                    parent.Ellipsis
                    and parent.call == "builtin"
                    and parent.Args[-1] is n
                    and len(parent.Args) == 2
                    and parent.Args[0] is not n
                ):
                    continue
            return False
        return True

    def is_written(self, n: Node) -> bool:
        parent = n.parent
        while parent is not None and parent.kind in ("ParenExpr", "SelectorExpr", "IndexExpr"):
            n, parent = parent, parent.parent
        if parent is None:
            return False
        if parent.kind == "AssignStmt" and n in parent.Lhs:
            return True
        return bool(parent.kind == "IncDecStmt" or (parent.kind == "UnaryExpr" and parent.Op == "&"))

    def function_body(self, node: Node, fn: Fn, first: list[str]) -> None:
        """Emit the body of a function, at the current depth: results, deferred calls, statements."""
        f = fn.func
        names = self.result_names(node)
        start = len(self.lines)
        for text in first:
            self.emit(text)
        recovers = bool(fn.results) and self.may_recover(f)
        fn.body_mode = bool(fn.results) and (recovers or self.results_escape(f, node))
        bare = self.has_bare_return(node)
        if names:
            needed = fn.body_mode or bare or any(self.name_used(x) for x in names)
            if needed:
                for i, (name, t) in enumerate(zip(names, fn.results, strict=True)):
                    if name.Name == "_" or name.obj is None:
                        s = self.temp("result")
                        self.bind(s.number)
                        zero = Code("[]") if self.is_list(node, i) else self.zero(t)
                        self.emit(f"{s.token} = {zero.text}")
                    else:
                        self.declare_zero(name.obj)
                        s = self.sym(name.obj)
                        if self.sym_is_ref(name.obj):
                            self.ref_results.add(s.number)
                    fn.result_syms.append(s)
        elif fn.body_mode:
            for i, t in enumerate(fn.results):
                s = self.temp("result")
                self.bind(s.number)
                zero = Code("[]") if self.is_list(node, i) else self.zero(t)
                ann = f": {self.list_ann(t, self.is_list(node, i))}" if self.needs_ann(zero, t, True) else ""
                self.emit(f"{s.token}{ann} = {zero.text}")
                fn.result_syms.append(s)
        if fn.body_mode:
            body = self.temp("body")
            self.bind(body.number)
            inner = Fn(f, node, fn.results, fn.result_syms, True, parent=fn)
            self.emit("@" + self.gochan("defers"))
            self.emit(f"def {body.token}() -> None:")
            self.fn = inner
            self.inner_body(node, inner)
            self.fn = fn
            self.emit(f"{body.token}()")
            self.emit(f"return {self.result_list(fn)}")
        else:
            self.body_statements(node)
            if fn.result_syms and not node.Body.List:
                self.emit(f"return {self.result_list(fn)}")
        self.scope_lines(fn, start)

    def inner_body(self, node: Node, fn: Fn) -> None:
        with self.indented():
            start = len(self.lines)
            self.body_statements(node)
            self.scope_lines(fn, start)

    def body_statements(self, node: Node) -> None:
        """Emit the statements of a function's body, without a `return` at its end that does nothing."""
        start = len(self.lines)
        self.statements(node.Body.List)
        self.flush(*node.Body.end)
        for at in reversed(range(start, len(self.lines))):
            line = self.lines[at]
            if line.text == "return" and line.depth == self.depth:
                del self.lines[at]
            if not line.text.startswith("#"):
                break

    def scope_lines(self, fn: Fn, start: int) -> None:
        """Put nonlocal and global at the start of a function."""
        lines = []
        if fn.globals:
            names = ", ".join(self.names.syms[i].token for i in sorted(fn.globals))
            lines.append(Line(self.depth, f"global {names}", self.chunk))
        if fn.nonlocals:
            names = ", ".join(self.names.syms[i].token for i in sorted(fn.nonlocals))
            lines.append(Line(self.depth, f"nonlocal {names}", self.chunk))
        self.lines[start:start] = lines

    def has_bare_return(self, node: Node) -> bool:
        return bool(self.result_names(node)) and self._bare(node.Body)

    def _bare(self, n: Node) -> bool:
        if n.kind == "ReturnStmt":
            return not n.Results
        if n.kind == "FuncLit":
            return False
        return any(self._bare(child) for child in n.children())

    def name_used(self, name: Node) -> bool:
        var = self.analysis.vars.get(name.obj.index) if name.obj is not None else None
        return var is not None and (var.uses > 0 or bool(var.assigns))

    # --- literals -----------------------------------------------------------------------------------------

    def expr_FuncLit(self, n: Node) -> Code:
        t = self.ty(n)
        short = self.as_lambda(n)
        if short is not None:
            return short
        hint = self.literal_hint(n)
        del t
        return Code(self.literal_def(n, hint))

    def literal_hint(self, n: Node) -> str:
        """Return a name for a literal, after what it is for."""
        parent = n.parent
        if parent is not None and parent.kind == "CallExpr":
            fun = unparen(parent.Fun)
            if fun.kind in ("Ident", "SelectorExpr") and parent.type is not None:
                sig = fun.type.under if fun.type is not None else None
                if sig is not None and sig.kind == "signature" and n in (parent.Args or []):
                    i = parent.Args.index(n)
                    if i < len(sig.params) and sig.params[i].name not in ("", "_"):
                        return snake(sig.params[i].name)
        if parent is not None and parent.kind == "KeyValueExpr" and parent.Key.kind == "Ident":
            return snake(parent.Key.Name)
        if parent is not None and parent.kind == "ReturnStmt":
            return "result"
        return "func"

    def as_lambda(self, n: Node) -> Code | None:
        """Return a literal as a lambda, if its body is one expression."""
        body = n.Body.List or []
        f = self.analysis.funcs[n.id]
        # A type checker infers no lambda that has more parameters than its type.
        if len(body) > 1 or f.defers or self.comment_inside(n) or self.default_args(f):
            return None
        results = self.result_types(n)
        if not body:
            # One function for all, as in Go: a literal that captures nothing is not made anew each time.
            return Code(self.lib("noop")) if not results and not n.Type.Params.List else None
        stmt = body[0]
        if (
            stmt.kind == "ReturnStmt"
            and stmt.Results
            and len(stmt.Results) == len(results)
            and not self.result_names(n)
        ):
            exprs = stmt.Results
        elif stmt.kind == "ExprStmt" and not results and unparen(stmt.X).kind == "CallExpr":
            exprs = [stmt.X]
        else:
            return None
        if any(contains(e, "FuncLit") for e in exprs):
            return None
        if any(self.sym_is_ref(self.analysis.vars[i].obj) for i in f.params if i in self.analysis.vars):
            return None
        state = self.save()
        fn = Fn(f, n, results, parent=self.fn)
        self.fn = fn
        before = len(self.lines)
        params = []
        for field in n.Type.Params.List or []:
            if field.Type.kind == "Ellipsis" and not all(
                self.only_read(self.analysis.vars[x.obj.index]) for x in field.Names or [] if not is_blank(x)
            ):
                self.restore(state)
                return None
            for name in field.Names or [None]:
                star = "*" if field.Type.kind == "Ellipsis" else ""
                params.append(
                    star + (self.temp("_").token if is_blank(name) else self.declare(name.obj).token)
                )
        if results:
            codes = [self.returned(e, t) for e, t in zip(exprs, results, strict=True)]
            text = codes[0].at(COND) if len(codes) == 1 else f"({', '.join(c.arg for c in codes)})"
        else:
            code = self.expr(exprs[0])
            text = code.at(COND)
            gives = is_builtin(unparen(exprs[0]), "delete") or (  # it is dict.pop
                exprs[0].type is not None and not (exprs[0].type.kind == "tuple" and not exprs[0].type.types)
            )
            if gives and not (code.call is not None and code.call[0] == self.builtin("print")):
                # A type checker wants a function that returns None.
                self.restore(state)
                return None
        self.fn = fn.parent
        if len(self.lines) != before or fn.nonlocals or fn.globals or len(text) > 90:
            self.restore(state)
            return None
        head = f"lambda {', '.join(params)}" if params else "lambda"
        return Code(f"{head}: {text}", LAMBDA)

    def comment_inside(self, n: Node) -> bool:
        if self.comment_at < len(self.comments):
            c = self.comments[self.comment_at]
            return bool((n.line, n.col) < (c.line, c.col) < n.end)
        return False

    def save(self) -> tuple[int, dict[str, Any]]:
        """Return the state in which an expression is translated, for `restore`."""
        names = ("fn", "depth", "comment_at")
        state = {name: getattr(self, name) for name in names}
        return len(self.lines), state | {"overrides": dict(self.overrides)}

    def restore(self, state: tuple[int, dict[str, Any]]) -> None:
        """Forget what was translated since `save`: its lines, and the variables that they assign."""
        del self.lines[state[0] :]
        for name, value in state[1].items():
            setattr(self, name, value)

    def default_args(self, f: Func) -> list[tuple[str, str]]:
        """Return the variables of an iteration that a literal takes by default arguments.

        Token and annotation.
        """
        if f.called_now:
            return []
        found = []
        for index in sorted(f.uses):
            var = self.analysis.vars.get(index)
            if var is None or var.func is not f.parent or not self.per_iteration(var):
                continue
            if var.obj.kind != "var" or index in f.params:
                continue
            if self.declared_inside_later(var, f):
                continue
            t = self.subst(var.type) if var.type is not None else None
            ann = self.list_ann(t, self.is_list(var.obj)) if t is not None else self.typing("Any")
            if self.is_ref(var):
                ann = f"{self.lib('Ref')}[{ann}]"
            found.append((self.sym(var.obj).token, ann))
        return found

    def declared_inside_later(self, var: Any, f: Func) -> bool:
        return False

    def literal_def(
        self,
        fun: Node,
        hint: str,
        *,
        now: bool = False,
        name: Sym | None = None,
        decorators: tuple[str, ...] = (),
        started: bool = False,
    ) -> str:
        """Emit a function literal as a def before the current statement, and return its name."""
        f = self.analysis.funcs[fun.id]
        sym = name or self.temp(hint)
        self.bind(sym.number)
        fn = Fn(f, fun, self.result_types(fun), parent=self.fn)
        outer = self.fn
        for d in decorators:
            self.emit("@" + d)
        starts = started if decorators else f.started
        self.fn = fn
        params, first = self.parameters(fun, fn)
        params += [f"{token}: {ann} = {token}" for token, ann in self.default_args(f)]
        body_at = len(self.lines)
        self.emit(f"def {sym.token}({', '.join(params)}) -> {self.result_ann(fn.results)}:")
        saved_loops = self.label
        self.label = ""
        with self.indented():
            for token in self.default_tokens(f):
                fn.bound.add(token)
            self.function_body(fun, fn, first)
        self.label = saved_loops
        self.fn = outer
        if (
            f.defers
            and not fn.body_mode
            and not (starts and not f.recovers and self.really_started(fun, decorators))
        ):
            self.lines.insert(body_at, Line(self.depth, "@" + self.gochan("defers"), self.chunk))
        return sym.token

    def really_started(self, fun: Node, decorators: tuple[str, ...]) -> bool:
        return bool(decorators) or self.analysis.funcs[fun.id].started

    def default_tokens(self, f: Func) -> list[int]:
        if f.called_now:
            return []
        return [
            self.sym(self.analysis.vars[i].obj).number
            for i in f.uses
            if i in self.analysis.vars
            and self.analysis.vars[i].func is f.parent
            and self.per_iteration(self.analysis.vars[i])
        ]

    def decorated(self, fun: Node, what: str, *, started: bool) -> None:
        self.literal_def(fun, "_", name=self.underscore(), decorators=(what,), started=started)

    def underscore(self) -> Sym:
        func = self.fn.func.id if self.fn is not None else 0
        return self.names.make("_", "blank", func=func)

    def define_function(self, obj: Object, lit: Node) -> bool:
        var = self.analysis.vars.get(obj.index)
        if var is None or var.assigns or self.is_ref(var) or self.has_class(obj):
            return False
        short = self.as_lambda(lit)
        sym = self.declare(obj)
        if short is not None and len(short.text) < 60 and False:
            return False
        self.literal_def(lit, obj.name, name=sym)
        return True

    def has_class(self, obj: Object) -> bool:
        """Return whether a variable's function is an object of a class with Go's methods."""
        t = self.subst(obj.type) if obj.type is not None else None
        return t is not None and t.kind == "named" and not self.is_alias(t)

    def assign_function(self, left: Node, lit: Node) -> bool:
        """Emit `f = func...` for `var f func(); f = func...` as a def, so that it can call itself."""
        obj = left.obj
        var = self.analysis.vars.get(obj.index) if obj is not None else None
        if (
            var is None
            or self.is_ref(var)
            or self.has_class(obj)
            or var.func is None
            or self.fn is None
            or var.func is not self.fn.func
        ):
            return False
        if len(var.assigns) != 1 or self.fn.iterator is not None:
            return False
        sym = self.sym(obj)
        if sym.number not in self.fn.bound:
            return False
        place = self.declaration_of(sym.token)
        beside = place is not None and self.lines[place].depth == self.depth
        if place is not None and beside and not self.is_unread(sym.token, place):
            return False
        self.literal_def(lit, obj.name, name=sym)
        if place is not None and beside:
            del self.lines[place]
        return True

    def declaration_of(self, token: str) -> int | None:
        """Return the line that declares a variable of the current function with its type."""
        for i in range(len(self.lines) - 1, -1, -1):
            line = self.lines[i]
            if line.chunk == self.chunk and line.text.startswith(f"{token}: "):
                return i
        return None

    def is_unread(self, token: str, place: int) -> bool:
        """Return whether the nil that a variable is declared with at a line is read nowhere so far.

        Lines that define functions and start goroutines run nothing of these yet.
        """
        between = self.lines[place + 1 :]
        idle = all(line.depth > self.depth or line.text.startswith(("def ", "@", "#")) for line in between)
        return self.lines[place].text.endswith((f" = {self.lib('nil')}", " = None")) and (
            idle or not any(token in line.text for line in between)
        )

    # --- declarations -------------------------------------------------------------------------------------

    def function(self, node: Node, name: str, *, method_of: Type | None = None) -> None:
        """Emit a function or method."""
        obj = node.Name.obj
        f = self.analysis.funcs[node.id]
        fn = Fn(f, node, self.result_types(node))
        self.fn = fn
        self.label = ""
        params: list[str] = []
        receiver_first: list[str] = []
        static = False
        if method_of is not None:
            pointer = obj.ptr and not self.is_object(method_of)
            static = pointer or (self.is_bare(method_of) and not obj.ptr)
            given, receiver_first = self.receiver_parameter(node, fn, method_of, static=static)
            ann = f"{self.lib('Ref')}[{self.ann(method_of)}]" if pointer else self.ann(method_of)
            params.append(f"{given}: {ann}" if static else given)
        more, first = self.parameters(node, fn)
        params += more
        if static:
            self.emit("@staticmethod")
        at = len(self.lines)
        # fmt looks for Format by that name, which is another method of str.
        hides = (
            method_of is not None and not self.is_bare(method_of) and name in inherited(kind_of(method_of))
        )
        ignored = "  # type: ignore[override]" if hides else ""
        self.emit(f"def {name}({', '.join(params)}) -> {self.results_ann(node, fn.results)}:{ignored}")
        if node.Body is None:
            raise self.refuse(node, "a function without a body has no translation")
        with self.indented():
            self.function_body(node, fn, receiver_first + first)
        self.fn = None
        if f.defers and not fn.body_mode and not self.only_started(obj, f):
            self.lines.insert(at, Line(self.depth, "@" + self.gochan("defers"), self.chunk))

    def receiver_parameter(
        self, node: Node, fn: Fn, method_of: Type, *, static: bool
    ) -> tuple[str, list[str]]:
        """Return the name of a method's first parameter, and the lines that its body starts with."""
        names = node.Recv.List[0].Names
        robj = names[0].obj if names and names[0].Name != "_" else None
        if robj is None:
            return (self.temp("_").token if static else "self"), []
        var = self.analysis.vars.get(robj.index)
        value = "{}"
        if not node.Name.obj.ptr and self.copies_receiver(node.Name.obj):
            value = self.copy_code(Code("{}"), method_of).text
        elif var is not None and self.is_ref(var):
            value = f"{self.lib('Ref')}({{}})"
        elif static or var is None or not var.assigns:
            if static:
                return self.declare(robj).token, []
            value = ""
        given = self.names.make("self", "self", func=fn.func.id)
        self.bind(given.number)
        if value:
            # What changes has the name that Go gives it.
            return given.token, [f"{self.declare(robj).token} = {value.format(given.token)}"]
        self.obj_syms[robj.index] = given
        self.names.by_obj[robj.index] = given.number
        return given.token, []

    def only_started(self, obj: Object, f: Func) -> bool:
        """Return whether a function is only called by go statements or as main."""
        uses = self.analysis.refs if obj.recv is None else self.analysis.other_uses
        refs = uses.get(obj.index, 0)
        if obj.name == "main" and obj.recv is None and self.package.name == "main":
            return refs == 0 and not self.has_init()
        if obj.recv is not None and self.called_by_name(obj):
            return False
        return refs > 0 and refs == self.analysis.go_uses.get(obj.index, 0)

    def has_init(self) -> bool:
        """Return whether main is called after functions init."""
        decls = [decl for file in self.package.files for decl in file.decls]
        return any(d.kind == "FuncDecl" and d.Name.Name == "init" and d.Recv is None for d in decls)

    def called_by_name(self, method: Object) -> bool:
        """Return whether a call of an interface's method, or one of a library, may reach a method."""
        exported = method.name[:1].isupper()
        return exported or any(
            method.name == m.name
            for t in self.program.types
            if t.kind == "interface"
            for m in t.methods or ()
        )

    # --- range over functions -----------------------------------------------------------------------------

    def range_func(self, n: Node) -> None:
        """Emit the body as a function that the iterator calls."""
        assert self.fn is not None
        outer = self.fn
        start = len(self.lines)
        sig = self.ty(n.X).under
        params = [self.subst(p.type) for p in sig.params[0].type.under.params]
        it = self.expr(n.X)
        label, self.label = self.label, ""
        loop = Loop("func", label, False, n)
        body = self.temp("body")
        self.bind(body.number)
        fn = Fn(
            outer.func,
            outer.node,
            outer.results,
            outer.result_syms,
            outer.body_mode,
            parent=outer,
            iterator=loop,
        )
        fn.loops.append(loop)
        loop.fn = fn
        self.fn = fn
        names = []
        copies = []
        after: list[Any] = []
        for node, t in zip((n.Key, n.Value), params, strict=False):
            if is_blank(node) or (n.Tok == ":=" and not self.used(node)):
                names.append(f"{self.temp('_').token}: {self.plain_ann(t)}")
                continue
            if n.Tok == ":=" and not self.sym_is_ref(node.obj):
                token = self.declare(node.obj).token
                names.append(f"{token}: {self.plain_ann(t)}")
                if self.given_uncopied(unparen(n.X)) and self.changes_own(node.obj, t):
                    copies.append(f"{token} = {self.copy_code(Code(token), t).text}")
                continue
            s = self.temp(node.Name if node.kind == "Ident" else "value")
            self.bind(s.number)
            names.append(f"{s.token}: {self.plain_ann(t)}")
            after.append((node, s, t))
        self.emit(f"def {body.token}({', '.join(names)}) -> {self.builtin('bool')}:")
        with self.indented():
            at = len(self.lines)
            for line in copies:
                self.emit(line)
            for node, s, t in after:
                if n.Tok == ":=":
                    self.define(node.obj, Code(s.token), t)
                else:
                    self.store(self.target(node), self.convert(Code(s.token), t, self.ty(node)))
            self.statements(n.Body.List)
            self.flush(*n.Body.end)
            self.emit("return True")
            self.scope_lines(fn, at)
        self.fn = outer
        given = body.token
        if self.facts.yields_ignored and any(line.text == "return False" for line in self.lines[start:]):
            given = call(self.lib("until_false"), given).text
        self.emit(call(it.at(ATOM), given).text)
        if loop.deferring is not None:
            line = f"{loop.deferring.token} = {self.lib('deferring')}()"
            self.lines.insert(start, Line(self.depth, line, self.chunk))
        flags = loop.pending
        for what, flag, value in flags:
            self.lines.insert(start, Line(self.depth, f"{flag.token} = False", self.chunk))
            outer.bound.add(flag.number)
            if value is not None:
                for i, s in enumerate(value):
                    outer.bound.add(s.number)
                    line = f"{s.token}: {self.passed_ann(outer, i, len(value))} = {self.lib('nil')}"
                    self.lines.insert(start, Line(self.depth, line, self.chunk))
            self.emit(f"if {flag.token}:")
            with self.indented():
                if what == "return":
                    self.pass_return(outer, value)
                else:
                    self.leave(*what)

    def passed_ann(self, fn: Fn, i: int, count: int) -> str:
        """Return the annotation of a result that the body of a range over a function returns."""
        if fn.node is None or count != len(fn.results):
            return self.typing("Any")
        return self.list_ann(fn.results[i], self.is_list(fn.node, i))

    def pass_return(self, outer: Fn, value: list[Sym] | None) -> None:
        if outer.iterator is not None:
            flag, syms = self.return_flag(outer, len(value or []))
            self.rebind_outer(outer, flag)
            self.emit(f"{flag.token} = True")
            for s, v in zip(syms, value or [], strict=True):
                self.rebind_outer(outer, s)
                self.emit(f"{s.token} = {v.token}")
            self.emit("return False")
            return
        if outer.body_mode:
            for s, v in zip(outer.result_syms, value or [], strict=False):
                self.rebind_sym(s)
                self.emit(f"{s.token} = {v.token}")
            self.emit("return")
        elif value:
            self.emit(f"return {', '.join(v.token for v in value)}")
        elif outer.result_syms:
            self.emit(f"return {self.result_list(outer)}")
        else:
            self.emit("return")

    def return_flag(self, fn: Fn, count: int) -> tuple[Sym, list[Sym]]:
        loop = fn.iterator
        for what, flag, value in loop.pending:
            if what == "return" and len(value or []) == count:
                return flag, value or []
        flag = self.temp("returned")
        values = [self.temp("result") for _ in range(count)]
        loop.pending.append(("return", flag, values))
        return flag, values

    def rebind_outer(self, fn: Fn, s: Sym) -> None:
        fn.nonlocals.add(s.number)

    def return_from_iterator(self, n: Node) -> None:
        fn = self.fn
        assert fn is not None
        results = n.Results or []
        values = self.return_values(fn, results) if results else []
        if not results and fn.result_syms and not fn.body_mode:
            values = []
        if len(values) == 1 and len(fn.results) > 1:
            values = ["*" + values[0]] if False else values
            flag, syms = self.return_flag(fn, len(fn.results))
            for s in syms:
                self.rebind_outer(fn, s)
            self.emit(f"{', '.join(s.token for s in syms)} = {values[0]}")
        else:
            flag, syms = self.return_flag(fn, len(values))
            for s, v in zip(syms, values, strict=True):
                self.rebind_outer(fn, s)
                self.emit(f"{s.token} = {v}")
        self.rebind_outer(fn, flag)
        self.emit(f"{flag.token} = True")
        self.emit("return False")

    def leave_iterator(self, target: Loop, what: str) -> None:
        fn = self.fn
        assert fn is not None
        if fn.iterator is None:
            raise self.refuse(self.here, f"{what} of this label has no translation")
        loop = fn.iterator
        if loop is target:
            self.emit(f"return {what == 'continue'}")
            return
        flag = self.temp("done" if what == "break" else "again")
        loop.pending.append(((target, what), flag, None))
        self.rebind_outer(fn, flag)
        self.emit(f"{flag.token} = True")
        self.emit("return False")


__all__ = ["Functions", "is_blank"]
