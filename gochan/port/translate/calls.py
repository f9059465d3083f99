"""Calls: the program's own functions and methods."""

from __future__ import annotations

from typing import Any

from ..tables import Member
from ..tree import Method, Object, Type
from .builtin import Builtins
from .code import ATOM, LAMBDA, Code, call, fixed, py_str
from .gotypes import kind_of
from .names import snake
from .scopes import Func, Var
from .walk import Node, unparen


def tests_nil(cond: Node, x: Node, op: str, join: str) -> bool:
    """Return whether a condition compares a variable with nil: alone, or joined with others by && or ||."""
    cond = unparen(cond)
    if cond.kind != "BinaryExpr":
        return False
    if cond.Op == join:
        return tests_nil(cond.X, x, op, join) or tests_nil(cond.Y, x, op, join)
    sides = [s.obj for s in (unparen(cond.X), unparen(cond.Y)) if s.kind == "Ident" and s.obj is not None]
    return cond.Op == op and x.obj in sides and any(o.kind == "nil" for o in sides)


class Calls(Builtins):
    """Calls."""

    def expr_CallExpr(self, n: Node) -> Code:
        if n.call == "conversion":
            return self.conversion(n)
        if n.call == "builtin":
            fun = unparen(n.Fun)
            name = fun.Name if fun.kind == "Ident" else fun.Sel.Name
            method = getattr(self, f"builtin_{name}", None)
            if method is None:
                raise self.refuse(n, f"the builtin {name} has no translation")
            if any(arg.type is not None and arg.type.kind == "tuple" for arg in n.Args or []):
                raise self.refuse(n, f"a call of {name} with several results has no translation; assign them")
            code: Code = method(n)
            return code
        return self.call_function(n)

    # --- functions, and calls of values ---------------------------------------------------------------------

    def call_function(self, n: Node) -> Code:
        fun = unparen(n.Fun)
        target = fun
        if fun.kind in ("IndexExpr", "IndexListExpr") and unparen(fun.X).obj is not None:
            inner = unparen(fun.X)
            if inner.obj.kind == "func":
                target = inner
        obj = target.obj if target.kind in ("Ident", "SelectorExpr") else None
        self.order_arguments(n, target)
        if target.kind == "SelectorExpr" and target.sel is not None:
            kind = target.sel.kind
            if kind == "method":
                return self.call_method(n, target)
            if kind == "interfacemethod":
                return self.call_interface(n, target)
            if kind == "qualified" and obj is not None and obj.kind == "func" and not obj.local:
                return self.call_foreign(n, self.full_name(obj), None)
            if kind == "methodexpr":
                return self.call_method_expression(n, target)
        if obj is not None and obj.kind == "func" and target.kind in ("Ident", "SelectorExpr"):
            inst = fun.inst or target.inst
            callee = self.instance_function(obj, [self.subst(t) for t in inst]) if inst else self.ref(obj)
            return self.plain_call(n, callee, obj)
        if fun.kind == "FuncLit":
            return self.call_literal(n, fun)
        callee = self.expr(fun).at(ATOM)
        t = self.ty(fun)
        if t.under.kind == "signature":
            self.nil_func(t)
        return self.plain_call(n, callee)

    def call_method_expression(self, n: Node, target: Node) -> Code:
        """Translate T.M(x, ...), for an interface as the call of the method of x."""
        args = n.Args or []
        own = target.sel.obj.local and not target.sel.path and self.is_interface(self.ty(target.X))
        if not own or len(args) != len(self.ty(n.Fun).under.params):
            return self.plain_call(n, self.method_expression(target).at(ATOM))
        receiver = self.value(args[0], self.subst(self.ty(n.Fun).under.params[0].type)).at(ATOM)
        rest = self.arguments(n, self.ty(n.Fun).under)[1:]
        return call(f"{receiver}.{self.method_name(target.Sel.Name)}", *rest)

    def nil_func(self, t: Type) -> None:
        """A call of a nil function is a TypeError in Python, which becomes Go's panic."""

    def order_arguments(self, n: Node, fun: Node) -> None:
        """Have the calls in the operands of a call before what Go reads after them."""
        operands: list[Node] = []
        targets: list[Type | None] = []
        if fun.kind != "FuncLit" and (fun.obj is None or fun.obj.kind != "func"):
            operands.append(fun)
            targets.append(None)
        if (
            fun.kind == "SelectorExpr"
            and fun.sel is not None
            and fun.sel.kind in ("method", "interfacemethod")
        ):
            if not fun.sel.obj.ptr or self.ty(fun.X).under.kind == "pointer":
                operands.append(fun.X)
                targets.append(None)
            else:
                operands += [c for c in (fun.X,) if any(True for _ in self.calls_in(c))]
                targets += [None] * len(operands)
        sig = self.ty(n.Fun).under
        args: list[Node] = n.Args or []
        for i, arg in enumerate(args):
            if n.Ellipsis or i < len(sig.params) - sig.variadic:
                target = sig.params[i].type if i < len(sig.params) else None
            else:
                target = sig.params[-1].type.under.elem
            operands.append(arg)
            targets.append(self.subst(target) if target is not None else None)
        if len(operands) > 1:
            self.order_calls(operands, targets)

    def call_literal(self, n: Node, fun: Node) -> Code:
        """Call a function literal where it stands."""
        code = self.literal_def(fun, "body", now=True)
        return self.plain_call(n, code)

    def literal_def(self, fun: Node, hint: str, *, now: bool = False) -> str:
        raise NotImplementedError

    def plain_call(self, n: Node, callee: str, obj: Object | None = None) -> Code:
        sig = self.ty(n.Fun).under
        return call(callee, *self.arguments(n, sig, obj))

    def takes_slice(self, obj: Object | None) -> bool:
        """Return whether a variadic function of the program gets a slice.

        It is given one, and may change it.
        """
        if obj is None or obj.index not in self.facts.spread or obj.recv is not None:
            return False
        f = self.analysis.func_of_obj.get(obj.index)
        if f is None or f.node is None or obj.index in self.facts.func_values:
            return False
        last = f.node.Type.Params.List[-1]
        if not last.Names or last.Names[0].obj is None:
            return False
        var = self.analysis.vars.get(last.Names[0].obj.index)
        return var is not None and not self.only_read(var)

    def only_read(self, var: Any) -> bool:
        raise NotImplementedError

    def check_spread(self, n: Node, obj: Object | None) -> None:
        """Refuse a call `f(s...)` if f gets a copy of the slice, but may change it."""
        f = self.analysis.func_of_obj.get(obj.index) if obj is not None else self.literal_of(unparen(n.Fun))
        if f is None or f.node is None:
            return
        names = f.node.Type.Params.List[-1].Names
        var = self.analysis.vars.get(names[0].obj.index) if names and names[0].obj is not None else None
        if var is not None and not self.only_read(var) and self.may_change_elements(var, 3):
            raise self.refuse(
                n,
                "f(s...) of a method or function literal that may change s has no translation; take a slice",
            )

    def literal_of(self, fun: Node) -> Func | None:
        """Return the function literal that is called: in place, or by the variable that holds it."""
        if fun.kind == "Ident" and fun.obj is not None and fun.obj.index in self.analysis.vars:
            var = self.analysis.vars[fun.obj.index]
            if len(var.values) == 1 and not var.assigns and var.values[0] is not None:
                fun = unparen(var.values[0])
        return self.analysis.funcs.get(fun.id) if fun.kind == "FuncLit" else None

    def may_change_elements(self, var: Var, depth: int) -> bool:
        """Return whether a function may change an element of a slice that is its parameter, or keep it."""
        f = var.func
        if f is None or f.node is None or not depth:
            return True
        for x in f.node.Body.walk():
            if x.kind != "Ident" or x.obj is not var.obj:
                continue
            part = x.parent if x.parent.kind == "SliceExpr" else x
            parent = part.parent
            if parent.kind in ("AssignStmt", "ReturnStmt", "KeyValueExpr", "CompositeLit", "SendStmt"):
                return True
            if parent.kind == "IndexExpr" and parent.X is part and self.is_written(parent):
                return True
            if parent.kind == "CallExpr" and parent.call == "call" and not parent.Ellipsis:
                if self.call_changes(parent, part, depth):
                    return True
        return False

    def call_changes(self, n: Node, arg: Node, depth: int) -> bool:
        """Return whether a call may change an element of a slice that is its argument, or keep it."""
        fun = unparen(n.Fun)
        obj = fun.obj if fun.kind in ("Ident", "SelectorExpr") else None
        if obj is None or obj.kind != "func" or arg not in (n.Args or []):
            return True
        if not obj.local:
            return obj.pkg == "sort" or (obj.pkg == "slices" and obj.name in ("Sort", "SortFunc", "Reverse"))
        f = self.analysis.func_of_obj.get(obj.index)
        names = [x for part in f.node.Type.Params.List for x in part.Names or []] if f and f.node else []
        i = n.Args.index(arg)
        var = self.analysis.vars.get(names[i].obj.index) if i < len(names) and names[i].obj else None
        return var is not None and self.may_change_elements(var, depth - 1)

    def is_written(self, n: Node) -> bool:
        raise NotImplementedError

    def arguments(self, n: Node, sig: Type, obj: Object | None = None) -> list[str]:
        """Return the arguments of a call: copied, boxed, and a spread slice with its star."""
        if sig.variadic and self.takes_slice(obj):
            return self.slice_arguments(n, sig)
        args: list[Node] = n.Args or []
        params = [self.subst(p.type) for p in sig.params]
        if len(args) == 1 and len(params) != 1 and self.ty(args[0]).kind == "tuple":
            return self.spread_results(args[0], params, sig.variadic)
        if len(args) == 1 and sig.variadic and self.ty(args[0]).kind == "tuple":
            return self.spread_results(args[0], params, True)
        out = []
        fixed_params = len(params) - 1 if sig.variadic else len(params)
        for i, arg in enumerate(args):
            if i < fixed_params and self.is_nil(arg) and self.takes_list(obj, i):
                out.append("[]")
            elif i < fixed_params:
                out.append(self.argument(arg, params[i]))
            elif n.Ellipsis:
                if obj is not None:
                    self.facts.spread.add(obj.index)
                self.check_spread(n, obj)
                code = self.expr(arg)
                if kind_of(self.ty(arg)) == "string":
                    code = call(self.lib("to_bytes"), code.arg)
                out.append(self.spread_value(arg, code))
            else:
                out.append(self.argument(arg, params[-1].under.elem))
        return out

    def takes_list(self, obj: Object | None, i: int) -> bool:
        """Return whether a parameter of a function of the program is a list."""
        return obj is not None and self.is_list(self.lists.parameter(obj, i))

    def slice_arguments(self, n: Node, sig: Type) -> list[str]:
        """Return the arguments for a variadic function that takes a slice."""
        params = [self.subst(p.type) for p in sig.params]
        args: list[Node] = n.Args or []
        fixed = len(params) - 1
        elem = self.subst(params[-1].under.elem)
        if len(args) == 1 and self.ty(args[0]).kind == "tuple":
            out = self.spread_results(args[0], params, True, together=False)
        else:
            out = [self.argument(a, p) for a, p in zip(args, params[:-1], strict=False)]
            if n.Ellipsis:
                return [*out, self.value(args[fixed], params[-1]).arg]
            out += [self.argument(a, elem) for a in args[fixed:]]
        if len(out) == fixed:
            return [*out, self.zero(params[-1]).text]
        return [*out[:fixed], call(self.slice_class(elem, False), "[" + ", ".join(out[fixed:]) + "]").text]

    def spread_value(self, arg: Node, code: Code) -> str:
        return "*" + code.at(ATOM)

    def argument(self, arg: Node, param: Type) -> str:
        return self.value(arg, param).arg

    def spread_results(
        self, arg: Node, params: list[Type], variadic: bool, together: bool = True
    ) -> list[str]:
        """Return the results of a call as arguments, each by itself unless they may be passed `together`."""
        types = self.ty(arg).types
        targets = list(params)
        if variadic:
            targets = params[:-1] + [params[-1].under.elem] * (len(types) - len(params) + 1)
        code = self.expr(arg)
        if together and all(not self.changes(t, p) for t, p in zip(types, targets, strict=True)):
            return ["*" + code.at(ATOM)]
        names = [self.temp("value") for _ in types]
        self.emit(f"{', '.join(s.token for s in names)} = {code.text}")
        for s in names:
            self.bind(s.number)
        return [self.convert(Code(s.token), t, p).arg for s, t, p in zip(names, types, targets, strict=True)]

    def changes(self, t: Type, target: Type) -> bool:
        """Return whether a value of type t is another one as a `target`."""
        t, target = self.subst(t), self.subst(target)
        probe = Code("\x00")
        return self.convert(probe, t, target).text != "\x00"

    # --- methods --------------------------------------------------------------------------------------------

    def receiver_type(self, n: Node) -> Type:
        """Return the type that declares the method of a selector, behind embedded fields."""
        t = self.ty(n.X)
        for step in n.sel.path:
            t = self.field_type(t, step)
        return t

    def field_type(self, t: Type, step: Object) -> Type:
        owner = t.under.elem if t.under.kind == "pointer" else t
        if owner.under.kind == "struct":
            for f in owner.under.fields:
                if f.name == step.name:
                    return self.subst(f.type)
        assert step.type is not None
        return self.subst(step.type)

    def call_method(self, n: Node, fun: Node) -> Code:
        obj = fun.sel.obj
        if not obj.local:
            return self.call_foreign(n, self.full_method(fun), fun)
        t = self.receiver_type(fun)
        base = t.under.elem if t.under.kind == "pointer" and t.kind != "named" else t
        receiver = self.receiver(fun, obj, t)
        name = self.method_name(obj.name)
        sig = self.ty(n.Fun).under
        args = self.arguments(n, sig, obj)
        if self.static_method(obj, base):
            return call(f"{self.class_of(base)}.{name}", receiver.arg, *args)
        return call(f"{receiver.at(ATOM)}.{name}", *args)

    def static_method(self, obj: Object, base: Type) -> bool:
        """Return whether a method is called by its class: its receiver may be nil, or is a Ref."""
        if self.is_bare(base) or (obj.ptr and not self.is_object(base)):
            return True
        if obj.index in self.nil_methods and (obj.ptr or base.under.kind == "signature"):
            return True
        if not obj.ptr:
            return False
        # A nil pointer gets as far as the method's first use of it.
        return obj.index in self.late_methods and self.may_be_nil(base)

    def may_be_nil(self, base: Type) -> bool:
        """Return whether there is a nil pointer to a type somewhere in the program."""
        return any(
            t is not None and t.kind == "pointer" and t.elem is base
            for t in map(self.type_by_index, self.facts.nil_sources)
        )

    late_methods: set[int]
    nil_methods: set[int]

    def receiver(self, fun: Node, obj: Object, t: Type) -> Code:
        """Return the receiver of a method call: the object, a Ref to it, or a copy."""
        pointer = t.under.kind == "pointer" and t.kind != "named"
        base = t.under.elem if pointer else t
        if obj.ptr and not self.is_object(base):
            if pointer:
                return self.walk_receiver(fun)
            return self.embedded_ref(fun) if fun.sel.path else self.address(fun.X, fun)
        code = self.walk_receiver(fun)
        if not obj.ptr:
            if pointer and not self.is_object(base):
                code = Code(f"{code.at(ATOM)}.v")
            # A deferred call has the receiver as it is now.
            later = self.later is not None and unparen(self.later.Fun) is fun and self.mutable(base)
            if (later or self.mutates_receiver(obj)) and self.value_like(base) and not self.is_fresh(fun.X):
                code = self.copy_code(code, base)
        return code

    # The call of a go or defer statement whose arguments are evaluated now.
    later: Node | None = None

    def embedded_ref(self, fun: Node) -> Code:
        """Return a Ref to the embedded field that has the method of a selector."""
        *way, last = fun.sel.path
        text, t = self.embedded(fun, way)
        owner = t.under.elem if t.under.kind == "pointer" else t
        return call(self.lib("FieldRef"), text, py_str(self.field_name(last.name, owner)))

    def walk_receiver(self, fun: Node) -> Code:
        return Code(self.embedded(fun, fun.sel.path)[0]) if fun.sel.path else self.expr(fun.X)

    def embedded(self, fun: Node, way: list[Object]) -> tuple[str, Type]:
        """Return an embedded field of the operand of a selector, and its type."""
        t = self.ty(fun.X)
        text = self.deref_struct(self.expr(fun.X).at(ATOM), t)
        for step in way:
            owner = t.under.elem if t.under.kind == "pointer" else t
            if self.foreign(owner) and step.name[:1].islower():
                break
            text += "." + (snake(step.name) if self.foreign(owner) else self.field_name(step.name, owner))
            t = self.field_type(t, step)
        return text, t

    def receiver_variable(self, method: Func | None) -> Var | None:
        """Return the variable of a method's receiver; None if it has no name."""
        if method is None or method.node is None:
            return None
        recv = method.node.Recv.List[0]
        if not recv.Names or recv.Names[0].obj is None:
            return None
        return self.analysis.vars.get(recv.Names[0].obj.index)

    def copies_receiver(self, obj: Object) -> bool:
        """Return whether a value method changes its receiver, so that it makes a copy of it first."""
        f = self.analysis.func_of_obj.get(obj.index)
        var = self.receiver_variable(f)
        if var is None or var.type is None or not self.value_like(self.subst(var.type)):
            return False
        return bool(var.captured or var.addr or var.obj.mutated or var.obj.part_addr_taken) and self.mutable(
            self.subst(var.type)
        )

    def mutates_receiver(self, obj: Object) -> bool:
        """Return whether the caller of a value method must copy the receiver."""
        if self.copies_receiver(obj):
            return False
        f = self.analysis.func_of_obj.get(obj.index)
        if f is None or f.node is None:
            return True
        var = self.receiver_variable(f)
        if var is None or var.type is None or not self.mutable(self.subst(var.type)):
            return False
        changed = self.analysis.summary(f)
        return "*" in changed or str(self.subst(var.type).index) in changed

    def call_interface(self, n: Node, fun: Node) -> Code:
        obj = fun.sel.obj
        name = fun.Sel.Name
        t = self.receiver_type(fun)
        code = self.walk_receiver(fun)
        if name == "Error" and not n.Args:
            if not fun.sel.path and not self.known_not_nil(unparen(fun.X)):
                code = call(self.lib("deref"), code.arg)
            return call(self.builtin("str"), code.arg)
        base = t.elem if t.kind == "pointer" else t
        if not obj.local and obj.pkg is not None and base.kind == "named" and not base.obj.local:
            return self.call_foreign(n, f"{base.obj.pkg}.{base.obj.name}.{name}", fun)
        if not obj.local and obj.pkg is not None and t.under.kind == "interface":
            found = self.owner_interface(obj, t)
            if found is not None:
                return self.call_foreign(n, f"{found}.{name}", fun)
        args = self.arguments(n, self.ty(n.Fun).under)
        if base.under.kind == "struct" and self.own_method(base, name) is None:
            # A type parameter stands for a struct that embeds what has the method.
            self.facts.promotes.add(base.index)
        receiver, by_class = self.substituted_receiver(code, t, name)
        if by_class:
            return call(f"{self.class_of(base)}.{self.method_name(name)}", receiver.arg, *args)
        return call(f"{receiver.at(ATOM)}.{self.method_name(name)}", *args)

    def substituted_receiver(self, code: Code, t: Type, name: str) -> tuple[Code, bool]:
        """Return the receiver of an interface's method, and whether the method is called by its class.

        It is an interface value, or of a type that a type parameter stands for: one without methods in
        Python, or a pointer, which may be nil.
        """
        own = self.own_method(t.elem, name) if t.kind == "pointer" else None
        if own is None or own.obj is None:
            return code, self.is_bare(t)
        if not own.ptr and not self.is_object(t.elem):
            code = Code(f"{code.at(ATOM)}.v")  # the pointer is a Ref
        return code, self.static_method(own.obj, t.elem)

    def own_method(self, t: Type, name: str) -> Method | None:
        """Return the method that a named type of the program declares."""
        if not self.is_local_named(t):
            return None
        return next((m for m in (t.origin or t).methods or [] if m.name == name), None)

    def known_not_nil(self, x: Node) -> bool:
        """Return whether a test around an expression, or before it, shows that a variable is not nil."""
        if x.kind == "TypeAssertExpr":
            return True
        if x.kind != "Ident" or x.obj is None:
            return False
        var = self.analysis.vars.get(x.obj.index)
        if var is not None and var.implicit:
            return True
        child, parent = x, x.parent
        while parent is not None and parent.kind not in ("FuncLit", "FuncDecl"):
            if parent.kind == "IfStmt":
                if child is parent.Body and tests_nil(parent.Cond, x, "!=", "&&"):
                    return True
                if child is parent.Else and tests_nil(parent.Cond, x, "==", "||"):
                    return True
            elif parent.kind == "BinaryExpr" and child is parent.Y:
                if parent.Op == "&&" and tests_nil(parent.X, x, "!=", "&&"):
                    return True
                if parent.Op == "||" and tests_nil(parent.X, x, "==", "||"):
                    return True
            elif (
                parent.kind == "CaseClause"
                and parent.List
                and (
                    child not in parent.List
                    and len(parent.List) == 1
                    and tests_nil(parent.List[0], x, "!=", "&&")
                )
            ):
                return True
            if parent.kind == "BlockStmt" and parent.parent is not None and child.kind == "CaseClause":
                earlier = parent.List[: parent.List.index(child)]
                if any(len(c.List or []) == 1 and tests_nil(c.List[0], x, "==", "||") for c in earlier):
                    return True
            body = (
                parent.List
                if parent.kind == "BlockStmt"
                else parent.Body
                if parent.kind in ("CaseClause", "CommClause")
                else None
            )
            if isinstance(body, list) and child in body:
                for before in reversed(body[: body.index(child)]):
                    if before.kind == "IfStmt" and before.Body.List and tests_nil(before.Cond, x, "==", "||"):
                        if before.Body.List[-1].kind in ("ReturnStmt", "BranchStmt"):
                            return True
                    if before.kind == "AssignStmt" and any(
                        t.kind == "Ident" and t.obj is x.obj for t in before.Lhs
                    ):
                        break
            child, parent = parent, parent.parent
        return False

    def owner_interface(self, obj: Object, t: Type) -> str | None:
        """Return the library's interface whose method the program's interface embeds."""
        for e in t.under.embeds or []:
            if e.kind == "named" and not e.obj.local and e.obj.scope != "universe":
                return f"{e.obj.pkg}.{e.obj.name}"
        return None

    def method_value(self, n: Node) -> Code:
        obj = n.sel.obj
        t = self.receiver_type(n)
        if not obj.local:
            if n.sel.kind == "interfacemethod" and n.Sel.Name == "Error":
                return Code(f"{call(self.lib('deref'), self.walk_receiver(n).arg).text}.__str__")
            base = t.under.elem if t.under.kind == "pointer" else t
            if base.kind == "named" and not base.obj.local and base.obj.scope != "universe":
                return self.foreign_method_value(n, f"{base.obj.pkg}.{base.obj.name}.{n.Sel.Name}")
        if n.sel.kind == "interfacemethod":
            name = self.method_name(n.Sel.Name)
            receiver, by_class = self.substituted_receiver(self.walk_receiver(n), t, n.Sel.Name)
            if by_class:
                owner = self.class_of(t.elem if t.kind == "pointer" else t)
                return call(fixed("std:functools.partial"), f"{owner}.{name}", receiver.arg)
            return Code(f"{receiver.at(ATOM)}.{name}")
        base = t.under.elem if t.under.kind == "pointer" and t.kind != "named" else t
        receiver = self.receiver(n, obj, t)
        if not obj.ptr and self.value_like(base) and self.mutable(base) and receiver.call is None:
            receiver = self.copy_code(receiver, base)
        name = self.method_name(obj.name)
        if self.static_method(obj, base):
            return call(fixed("std:functools.partial"), f"{self.class_of(base)}.{name}", receiver.arg)
        return Code(f"{receiver.at(ATOM)}.{name}")

    def method_expression(self, n: Node) -> Code:
        obj = n.sel.obj
        t = self.ty(n.X)
        base = t.under.elem if t.under.kind == "pointer" and t.kind != "named" else t
        if self.is_interface(base) or not obj.local or n.sel.path:
            return self.interface_method_expression(n)
        method = f"{self.class_of(base)}.{self.method_name(obj.name)}"
        if base is not t and not obj.ptr and not self.is_object(base):
            # The pointer is a Ref, and the method is one of the value.
            names = self.lambda_parameters(n)
            return Code(f"lambda {', '.join(names)}: {method}({', '.join(['x.v', *names[1:]])})", LAMBDA)
        return Code(method)

    def lambda_parameters(self, n: Node) -> list[str]:
        """Return the parameters of a lambda for a method expression, which are also the arguments in it."""
        sig = self.ty(n).under
        last = len(sig.params) - 1
        return ["x", *(f"{'*' * (sig.variadic and i == last)}a{i}" for i in range(1, last + 1))]

    def interface_method_expression(self, n: Node) -> Code:
        sig = self.ty(n).under
        names = self.lambda_parameters(n)
        if not n.sel.obj.local and not n.sel.path:
            base = self.ty(n.X)
            base = base.elem if base.kind == "pointer" else base
            if base.kind == "named" and not base.obj.local:
                member = self.foreign_member(n, f"{base.obj.pkg}.{base.obj.name}.{n.Sel.Name}")
                return self.bridge_value(n, member, member.name, Code(self.member_ref(member)), sig)
        if n.sel.path:
            return self.promoted_expression(n, names)
        return Code(
            f"lambda {', '.join(names)}: x.{self.method_name(n.Sel.Name)}({', '.join(names[1:])})", LAMBDA
        )

    def promoted_expression(self, n: Node, names: list[str]) -> Code:
        """Translate T.M for the method M of an embedded field."""
        obj = n.sel.obj
        t = self.ty(n.X)
        text = "x"
        for step in n.sel.path:
            owner = t.under.elem if t.under.kind == "pointer" else t
            if self.foreign(owner) or not obj.local:
                raise self.refuse(n, "this method expression has no translation")
            text += "." + self.field_name(step.name, owner)
            t = self.field_type(t, step)
        base = t.under.elem if t.under.kind == "pointer" and t.kind != "named" else t
        if obj.ptr and not self.is_object(base):
            raise self.refuse(n, "this method expression has no translation")
        if not obj.ptr and self.mutates_receiver(obj) and self.value_like(base):
            text = self.copy_code(Code(text), base).text
        args = ", ".join(names[1:])
        if n.sel.kind != "interfacemethod" and self.static_method(obj, base):
            joined = f"{self.class_of(base)}.{self.method_name(obj.name)}({', '.join([text, *names[1:]])})"
        else:
            joined = f"{text}.{self.method_name(obj.name)}({args})"
        return Code(f"lambda {', '.join(names)}: {joined}", LAMBDA)

    # --- elsewhere ------------------------------------------------------------------------------------------

    def call_foreign(self, n: Node, name: str, fun: Node | None) -> Code:
        raise NotImplementedError

    def full_name(self, obj: Object) -> str:
        raise NotImplementedError

    def full_method(self, fun: Node) -> str:
        raise NotImplementedError

    def foreign_member(self, n: Node, name: str) -> Member:
        raise NotImplementedError

    def member_ref(self, member: Member) -> str:
        raise NotImplementedError

    def foreign_method_value(self, n: Node, name: str) -> Code:
        raise NotImplementedError

    def bridge_value(self, n: Node, member: Member, name: str, code: Code, sig: Type) -> Code:
        raise NotImplementedError
