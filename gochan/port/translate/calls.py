"""Calls: builtins, conversions, the program's own functions and methods, and those of Go's library."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..tables import Idiom, Member, Refusal, check_regexp
from ..tree import Object, Type
from .code import ADD, ATOM, CMP, LAMBDA, LEVELS, MUL, UNARY, Code, call, fixed
from .expressions import Expressions, py_str
from .gotypes import SIGNED, UNSIGNED, kind_of
from .names import snake, upper
from .scopes import Func, Var, type_key
from .walk import Node, is_pure, unparen

_PRINTERS = {
    # name: position of the first value, -1 if the position before it is a format
    "fmt.Println": (0, False),
    "fmt.Print": (0, False),
    "fmt.Printf": (1, True),
    "fmt.Sprintf": (1, True),
    "fmt.Sprint": (0, False),
    "fmt.Sprintln": (0, False),
    "fmt.Fprintf": (2, True),
    "fmt.Fprintln": (1, False),
    "fmt.Fprint": (1, False),
    "fmt.Errorf": (1, True),
    "fmt.Appendf": (2, True),
    "log.Printf": (1, True),
    "log.Println": (0, False),
    "log.Print": (0, False),
    "log.Fatal": (0, False),
    "log.Fatalf": (1, True),
    "log.Fatalln": (0, False),
    "log.Panic": (0, False),
    "log.Panicf": (1, True),
    "log.Panicln": (0, False),
}
_METHOD_PRINTERS = {
    "Errorf": True,
    "Fatalf": True,
    "Logf": True,
    "Skipf": True,
    "Error": False,
    "Fatal": False,
    "Log": False,
    "Skip": False,
    "Printf": True,
    "Println": False,
    "Print": False,
    "Fatalln": False,
    "Panicf": True,
    "Panic": False,
    "Panicln": False,
}
# Functions of Go's library with a parameter of type any that only looks at it.
_RAW = {
    "sort.Slice",
    "sort.SliceStable",
    "sort.SliceIsSorted",
    "runtime.SetFinalizer",
    "runtime.KeepAlive",
}
# Functions that change the order of a slice's elements.
_REARRANGES = {
    "sort.Slice",
    "sort.SliceStable",
    "slices.SortFunc",
    "slices.SortStableFunc",
    "slices.Reverse",
}
# Functions of gochan that return an error, as Go's do.
_RETURNS_ERROR = {"context.Context.Err", "context.Cause", "Err", "Cause"}
# Functions of gochan whose function argument raises what Go's returns.
_TAKES_RAISING = {
    "golang.org/x/sync/errgroup.Group.Go",
    "golang.org/x/sync/errgroup.Group.TryGo",
}
# Types of Go that are generic in gochan.
_GENERIC = {"sync.Map": 2, "sync.Cond": 1, "sync.Pool": 1}
_INT_FITS = {"int8": (-7, 7), "int16": (-15, 15), "int32": (-31, 31), "int64": (-63, 63), "int": (-63, 63)}
_UNSAFE = "Python has no access to memory by addresses"
_VERB = re.compile(r"%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d+)?)?([a-zA-Z%])")


@dataclass
class Directive:
    """A verb of a format."""

    flags: str
    width: str
    precision: str
    verb: str
    start: int
    end: int


def directives(text: str) -> list[Directive] | None:
    """Return the verbs of a format; None if it has forms that only fmt understands."""
    found: list[Directive] = []
    i = 0
    while True:
        i = text.find("%", i)
        if i < 0:
            return found
        match = re.compile(r"%([-+# 0]*)(\d*)(\.\d*)?([a-zA-Z%])").match(text, i)
        if match is None:
            return None
        found.append(Directive(match[1], match[2], match[3] or "", match[4], i, match.end()))
        i = match.end()


def tests_nil(cond: Node, x: Node, op: str, join: str) -> bool:
    """Return whether a condition compares a variable with nil: alone, or joined with others by && or ||."""
    cond = unparen(cond)
    if cond.kind != "BinaryExpr":
        return False
    if cond.Op == join:
        return tests_nil(cond.X, x, op, join) or tests_nil(cond.Y, x, op, join)
    sides = [s.obj for s in (unparen(cond.X), unparen(cond.Y)) if s.kind == "Ident" and s.obj is not None]
    return cond.Op == op and x.obj in sides and any(o.kind == "nil" for o in sides)


def use_of_slice(x: Node, obj: Object) -> str:
    """Return what is done with a slice: "cap", or another word if nothing keeps it, else ""."""
    parent = x.parent
    while parent is not None and parent.kind == "ParenExpr":
        parent = parent.parent
    if parent is None:
        return ""
    match parent.kind:
        case "CallExpr" if parent.call == "builtin":
            name = getattr(unparen(parent.Fun), "Name", "")
            if name == "append":
                up = parent.parent
                to_itself = up.kind == "AssignStmt" and len(up.Lhs) == 1 and up.Lhs[0].obj is obj
                return "append" if to_itself and parent.Args[0] is x else ""
            return name if name in ("len", "cap") else ""
        case "AssignStmt":
            if x in parent.Lhs and len(parent.Lhs) == 1:
                value = unparen(parent.Rhs[0])
                if value.kind == "CallExpr" and value.call == "builtin":
                    args = value.Args
                    if getattr(unparen(value.Fun), "Name", "") == "make":
                        return "set" if len(args) == 2 and args[1].const is not None else ""
                    return "set" if args[0].kind == "Ident" and args[0].obj is obj else ""
                empty = value.kind == "CompositeLit" and not value.Elts
                nil = value.kind == "Ident" and value.obj is not None and value.obj.kind == "nil"
                return "set" if empty or nil else ""
            return ""
        case "ValueSpec":
            return "set" if not parent.Values else ""
        case "IndexExpr":
            up = parent.parent
            kept = up is not None and (up.kind == "SelectorExpr" or (up.kind == "UnaryExpr" and up.Op == "&"))
            return "index" if parent.X is x and not kept else ""
        case "RangeStmt":
            return "range" if parent.X is x else ""
        case "BinaryExpr":
            return "compare"
    return ""


class Calls(Expressions):
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
            code: Code = method(n)
            return code
        return self.call_function(n)

    # --- functions of the program, and calls of values ----------------------------------------------------

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
                return self.plain_call(n, self.method_expression(target).at(ATOM))
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
        if len(args) == 1 and self.ty(args[0]).kind == "tuple":
            raise self.refuse(n, "a call of this variadic function with several results has no translation")
        out = [self.argument(a, p) for a, p in zip(args, params[:-1], strict=False)]
        rest = args[len(params) - 1 :]
        elem = self.subst(params[-1].under.elem)
        if n.Ellipsis:
            out.append(self.value(rest[0], params[-1]).arg)
        elif rest:
            out.append(
                call(
                    self.slice_class(elem, False), "[" + ", ".join(self.argument(a, elem) for a in rest) + "]"
                ).text
            )
        else:
            out.append(self.zero(params[-1]).text)
        return out

    def spread_value(self, arg: Node, code: Code) -> str:
        return "*" + code.at(ATOM)

    def argument(self, arg: Node, param: Type) -> str:
        return self.value(arg, param).arg

    def spread_results(self, arg: Node, params: list[Type], variadic: bool) -> list[str]:
        types = self.ty(arg).types
        targets = list(params)
        if variadic:
            targets = params[:-1] + [params[-1].under.elem] * (len(types) - len(params) + 1)
        code = self.expr(arg)
        if all(not self.changes(t, p) for t, p in zip(types, targets, strict=True)):
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

    def bind(self, number: int) -> None:
        raise NotImplementedError

    # --- methods ------------------------------------------------------------------------------------------

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
        if not obj.ptr:
            return False
        if obj.index in self.nil_methods:
            return True
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
            if fun.sel.path:
                raise self.refuse(fun, "a pointer method of an embedded non-struct type has no translation")
            return self.address(fun.X, fun)
        code = self.walk_receiver(fun)
        if not obj.ptr:
            if pointer and not self.is_object(base):
                code = Code(f"{code.at(ATOM)}.v")
            if self.mutates_receiver(obj) and self.value_like(base) and not self.is_fresh(fun.X):
                code = self.copy_code(code, base)
        return code

    def walk_receiver(self, fun: Node) -> Code:
        code = self.expr(fun.X)
        if not fun.sel.path:
            return code
        t = self.ty(fun.X)
        text = self.deref_struct(code.at(ATOM), t)
        for step in fun.sel.path:
            owner = t.under.elem if t.under.kind == "pointer" else t
            if self.foreign(owner) and step.name[:1].islower():
                break
            text += "." + (snake(step.name) if self.foreign(owner) else self.field_name(step.name, owner))
            t = self.field_type(t, step)
        return Code(text)

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
        if not obj.local and obj.pkg is not None and t.kind == "named" and not t.obj.local:
            return self.call_foreign(n, f"{t.obj.pkg}.{t.obj.name}.{name}", fun)
        if not obj.local and obj.pkg is not None:
            found = self.owner_interface(obj, t)
            if found is not None:
                return self.call_foreign(n, f"{found}.{name}", fun)
        return call(f"{code.at(ATOM)}.{self.method_name(name)}", *self.arguments(n, self.ty(n.Fun).under))

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
        if not obj.local:
            if n.sel.kind == "interfacemethod" and n.Sel.Name == "Error":
                return Code(f"{self.walk_receiver(n).at(ATOM)}.error")
            t = self.receiver_type(n)
            base = t.under.elem if t.under.kind == "pointer" else t
            if base.kind == "named" and not base.obj.local and base.obj.scope != "universe":
                return self.foreign_method_value(n, f"{base.obj.pkg}.{base.obj.name}.{n.Sel.Name}")
            return Code(f"{self.walk_receiver(n).at(ATOM)}.{self.method_name(n.Sel.Name)}")
        if n.sel.kind == "interfacemethod":
            return Code(f"{self.walk_receiver(n).at(ATOM)}.{self.method_name(n.Sel.Name)}")
        t = self.receiver_type(n)
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
            return (
                Code(f"{fixed('std:operator.methodcaller')}", LAMBDA)
                if False
                else self.interface_method_expression(n)
            )
        return Code(f"{self.class_of(base)}.{self.method_name(obj.name)}")

    def interface_method_expression(self, n: Node) -> Code:
        sig = self.ty(n).under
        names = ["x", *(f"a{i}" for i in range(1, len(sig.params)))]
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
            text = call(self.lib("copy"), text).text
        args = ", ".join(names[1:])
        if n.sel.kind != "interfacemethod" and self.static_method(obj, base):
            joined = f"{self.class_of(base)}.{self.method_name(obj.name)}({', '.join([text, *names[1:]])})"
        else:
            joined = f"{text}.{self.method_name(obj.name)}({args})"
        return Code(f"lambda {', '.join(names)}: {joined}", LAMBDA)

    # --- Go's library -------------------------------------------------------------------------------------

    def full_name(self, obj: Object) -> str:
        """Return the name of a library's function or method for tables.py: "strings.Builder.WriteString"."""
        full = obj.full
        match = re.fullmatch(r"\(\*?([^)]*)\)\.(\w+)", full)
        if match:
            owner = match[1].partition("[")[0]
            return f"{owner}.{match[2]}"
        return full

    def full_method(self, fun: Node) -> str:
        """Return the name of a library's method for tables.py, by the exported type that has it."""
        t = self.ty(fun.X)
        for step in [None, *fun.sel.path]:
            if step is not None:
                t = self.field_type(t, step)
            base = t.elem if t.kind == "pointer" else t
            if (
                base.kind == "named"
                and not base.obj.local
                and base.obj.pkg is not None
                and base.obj.name[:1].isupper()
            ) and base.under.kind != "interface":
                return f"{base.obj.pkg}.{base.obj.name}.{fun.Sel.Name}"
        return self.full_name(fun.obj)

    def lookup(self, n: Node, name: str) -> Idiom | Member:
        found = self.tables.lookup(name)
        if isinstance(found, Refusal):
            raise self.refuse(n, found.message)
        return found

    def member_ref(self, member: Member) -> str:
        """Return the reference to a name in a module: `strings.contains`."""
        module = self.module_for(member.module)
        return f"{self.module(module)}.{member.name}" if member.module else member.name

    def module_for(self, module: str) -> str:
        return module

    def foreign_member(self, n: Node, name: str) -> Member:
        found = self.lookup(n, name)
        if isinstance(found, Idiom):
            if found.member is None:
                raise self.refuse(n, f"{name} as a value has no counterpart")
            return found.member
        return found

    def call_foreign(self, n: Node, name: str, fun: Node | None) -> Code:
        special = self.special_call(n, name, fun)
        if special is not None:
            return special
        printer = self.printer(n, name, fun)
        if printer is not None:
            return printer
        found = self.lookup(n, name)
        sig = self.ty(n.Fun).under
        args = self.foreign_arguments(n, sig, name)
        receiver = self.walk_receiver(fun) if fun is not None else None
        if isinstance(found, Idiom) and name != "errors.New" and not self.moves_elements(n, name):
            code = self.idiom(n, found, receiver, args)
            if code is not None:
                return code
        if isinstance(found, Idiom):
            if found.member is None:
                raise self.refuse(n, f"{name} with these arguments has no counterpart")
            found = found.member
        if receiver is not None:
            callee = f"{receiver.at(ATOM)}.{found.name.rpartition('.')[2]}"
        else:
            callee = self.member_ref(found)
        if self.moves_elements(n, name):
            return call(self.lib("keep_places"), callee, *args)
        if name in _TAKES_RAISING:
            args = [*args[:-1], self.raising(n.Args[-1], args[-1])]
        return self.bridge(n, found, name, call(callee, *args), sig)

    def moves_elements(self, n: Node, name: str) -> bool:
        """Return whether a function sorts structs, of which there may be pointers to elements of slices."""
        if name not in _REARRANGES or not n.Args:
            return False
        u = self.ty(n.Args[0]).under
        return (
            u.kind == "slice"
            and self.is_object(self.subst(u.elem))
            and type_key(self.subst(u.elem)) in self.analysis.elem_kept
        )

    def raising(self, arg: Node, text: str) -> str:
        return call(self.lib("raising"), text).text

    def bridge(self, n: Node, member: Member, name: str, code: Code, sig: Type) -> Code:
        """Turn the exception that gochan raises into the error that Go returns."""
        results = [self.subst(r.type) for r in sig.results]
        if not member.raises or not results or name in _RETURNS_ERROR or code.call is None:
            return code
        last = results[-1]
        if not (last.kind == "named" and last.obj.scope == "universe" and last.obj.name == "error"):
            return code
        callee, args = code.call
        if len(results) == 1:
            return call(self.lib("catch"), callee, *args)
        zero = (
            self.zero(results[0])
            if len(results) == 2
            else Code("(" + ", ".join(self.zero(r).text for r in results[:-1]) + ")")
        )
        return call(self.lib("catch_value"), zero.text, callee, *args)

    def foreign_arguments(self, n: Node, sig: Type, name: str) -> list[str]:
        if name in _RAW:
            return [self.expr(arg).arg for arg in n.Args or []]
        args = self.arguments(n, sig)
        for i, arg in enumerate(n.Args or []):
            if arg.kind == "BasicLit" and self.foreign(self.ty(arg)) and self.ty(arg).obj.pkg == "io/fs":
                # What takes permissions takes any int.
                args[i] = "0o" + arg.Value.removeprefix("0").lower().lstrip("o_")
        return args

    def idiom(self, n: Node, idiom: Idiom, receiver: Code | None, args: list[str]) -> Code | None:
        """Return Python's own expression for a call, if its conditions hold."""
        nodes = n.Args or []
        texts: list[Code] = [receiver] if receiver is not None else []
        if n.Ellipsis or any(a.startswith("*") for a in args) or len(args) != len(nodes):
            return None
        sig = self.ty(n.Fun).under
        for node, p in zip(nodes, sig.params, strict=False):
            texts.append(self.value(node, p.type))
        offset = len(texts) - len(nodes)
        for condition in idiom.when:
            head, _, rest = condition.partition(":")
            if head == "args":
                if len(nodes) != int(rest):
                    return None
                continue
            if head == "statement":
                if n.parent is None or n.parent.kind != "ExprStmt":
                    return None
                continue
            if head not in ("const", "nonempty", "nonnegative", "equals", "int", "string"):
                return None
            where, _, what = rest.partition(":")
            node = nodes[int(where) - offset]
            if head == "const" and node.const is None:
                return None
            if head in ("int", "string"):
                t = self.ty(node)
                if t.under.kind in ("slice", "array"):
                    t = self.subst(t.under.elem)
                if kind_of(t) != head or not self.is_plain(t):
                    return None
            if head == "nonempty" and (node.const is None or node.const.value == ""):
                return None
            if head == "nonnegative" and not self.non_negative(node):
                return None
            if head == "equals" and (node.const is None or str(node.const.value) != what):
                return None
        if len(texts) != len(idiom.arg_prec) and len(texts) < len(idiom.arg_prec):
            return None
        text = idiom.expr
        for module in idiom.imports:
            text = re.sub(rf"\b{re.escape(module)}\.", fixed(f"std:{module}") + ".", text)
        text = re.sub(
            r"\b(len|str|int|float|max|min|abs|sorted|sum|any|all|ord|chr|list|tuple|range|reversed|round|bool|set|dict|print|enumerate|zip|map|filter|repr|bytes|divmod|pow|isinstance)\(",
            lambda m: self.builtin(m[1]) + "(",
            text,
        )

        def place(match: re.Match[str]) -> str:
            i = int(match[1])
            return texts[i].at(LEVELS[idiom.arg_prec[i]])

        text = re.sub(r"\{(\d+)\}", place, text)
        if "list" in idiom.when:
            return None
        result = Code(text, LEVELS[idiom.prec])
        plain = re.fullmatch(r"([^()]*)\((.*)\)", text)
        if (
            plain is not None
            and result.prec == ATOM
            and idiom.expr.count("(") == 1
            and idiom.expr.endswith(")")
        ):
            inside = re.fullmatch(r"([^()]*)\((.*)\)", idiom.expr)
            if inside is not None and re.fullmatch(r"\{\d+\}(, \{\d+\})*|", inside[2]):
                order = [texts[int(i)].arg for i in re.findall(r"\{(\d+)\}", inside[2])]
                result.call = (text[: -len(f"({', '.join(order)})")], order)
        return result

    def foreign_value(self, n: Node) -> Code:
        """Translate a variable, constant or function of a library, used as a value."""
        obj = n.obj
        name = f"{obj.pkg}.{obj.name}"
        if obj.kind == "func":
            return self.foreign_function(n, name)
        special = self.special_value(n, name)
        if special is not None:
            return special
        found = self.lookup(n, name)
        if isinstance(found, Idiom):
            if not found.arg_prec:
                text = found.expr
                for module in found.imports:
                    text = re.sub(rf"\b{re.escape(module)}\.", fixed(f"std:{module}") + ".", text)
                return Code(text, LEVELS[found.prec])
            assert found.member is not None
            found = found.member
        return Code(self.member_ref(found))

    def special_value(self, n: Node, name: str) -> Code | None:
        if name in ("context.Canceled", "context.DeadlineExceeded"):
            parent = n.parent
            code = self.member_ref(self.foreign_member(n, name))
            if parent is not None and parent.kind == "CallExpr" and unparen(parent.Fun).obj is not None:
                if unparen(parent.Fun).obj.full == "errors.Is":
                    return Code(code)
            if parent is not None and parent.kind in ("BinaryExpr", "CaseClause"):
                return Code(code)
            return call(code)
        return None

    def foreign_function(self, n: Node, name: str) -> Code:
        member = self.foreign_member(n, name)
        sig = self.ty(n).under
        code = Code(self.member_ref(member))
        if name.startswith("fmt."):
            self.facts.names_show = self.facts.types_show = True
        return self.bridge_value(n, member, name, code, sig)

    def bridge_value(self, n: Node, member: Member, name: str, code: Code, sig: Type) -> Code:
        """Turn a function of gochan, used as a value, into one that returns its error."""
        results = sig.results
        if not member.raises or not results or name in _RETURNS_ERROR:
            return code
        last = results[-1].type
        if last.kind == "named" and last.obj.scope == "universe":
            if len(results) == 1:
                return call(fixed("std:functools.partial"), self.lib("catch"), code.arg)
            return call(
                fixed("std:functools.partial"),
                self.lib("catch_value"),
                self.zero(results[0].type).text,
                code.arg,
            )
        return code

    def foreign_method_value(self, n: Node, name: str) -> Code:
        if name in ("fmt.Stringer.String", "fmt.GoStringer.GoString"):
            return Code(f"{self.walk_receiver(n).at(ATOM)}.{self.method_name(n.Sel.Name)}")
        member = self.foreign_member(n, name)
        code = Code(f"{self.walk_receiver(n).at(ATOM)}.{member.name.rpartition('.')[2]}")
        return self.bridge_value(n, member, name, code, self.ty(n).under)

    def foreign_constant(self, n: Node, obj: Object, t: Type) -> Code | None:
        """Return a constant of a library by its name, or None for its value."""
        name = f"{obj.pkg}.{obj.name}"
        found = self.tables.lookup(name)
        if isinstance(found, Refusal):
            if (
                n.const is not None
                and obj.pkg in ("math", "syscall", "os", "time")
                and kind_of(t) in ("int", "float", "string")
            ):
                return None
            raise self.refuse(n, found.message)
        own = obj.type
        if own is not t and kind_of(own) != kind_of(t):
            return None
        if obj.const is not None and kind_of(t) == "float" and obj.const.kind == "int":
            return None
        if isinstance(found, Idiom) and found.arg_prec:
            return None
        if own is not t and t.kind == "named" and not self.is_plain(t):
            return None
        return self.foreign_value(n)

    def foreign_type(self, t: Type) -> str:
        """Return the name of a type of a library."""
        obj = t.obj
        if obj.pkg is None:
            return self.lib("error") if obj.name == "error" else self.typing("Any")
        name = f"{obj.pkg}.{obj.name}"
        if name in ("iter.Seq", "iter.Seq2"):
            # The library's Seq can be iterated too; a function of the program is only a function.
            return self.ann(t.under)
        found = self.tables.lookup(name)
        if isinstance(found, Refusal):
            if self.is_interface(t):
                return self.typing("Any")
            raise self.refuse(self.here, f"type {found.message}")
        member = found.member if isinstance(found, Idiom) else found
        assert member is not None
        text = self.member_ref(member)
        if t.args:
            text += f"[{', '.join(self.ann(a) for a in t.args)}]"
        elif name in _GENERIC:
            text += f"[{', '.join([self.typing('Any')] * _GENERIC[name])}]"
        return text

    here: Node

    def foreign_field(self, n: Node, owner: Type) -> str:
        name = f"{owner.obj.pkg}.{owner.obj.name}.{n.Sel.Name}"
        member = self.foreign_member(n, name)
        return member.name.rpartition(".")[2]

    def special_call(self, n: Node, name: str, fun: Node | None) -> Code | None:
        """Translate the few calls of a library that a table can't say."""
        args = n.Args or []
        if name == "errors.AsType":
            inst = unparen(n.Fun).inst or unparen(unparen(n.Fun).X).inst
            wanted = self.subst(inst[0])
            self.note_assert(wanted)
            member = self.foreign_member(n, name)
            return call(self.member_ref(member), self.value(args[0]).arg, self.type_arg(wanted))
        if name == "errors.As":
            target = args[1]
            err = self.value(args[0])
            ref = self.expr(target)
            pointed = self.ty(target).under.elem
            self.note_assert(self.subst(pointed))
            member = self.foreign_member(n, name)
            return call(self.member_ref(member), err.arg, ref.arg, self.type_arg(pointed))
        if name in ("encoding/json.Unmarshal", "encoding/json.Decoder.Decode"):
            member = self.foreign_member(n, name)
            target = args[-1]
            t = self.ty(target)
            if t.under.kind != "pointer":
                raise self.refuse(n, f"{name} into a value that is not a pointer has no translation")
            self.facts.names_show = True
            self.note_iface(t)
            out = [self.expr(a).arg for a in args] + [self.type_arg(t.under.elem)]
            if fun is not None:
                return call(f"{self.walk_receiver(fun).at(ATOM)}.{member.name.rpartition('.')[2]}", *out)
            return call(self.member_ref(member), *out)
        if (
            name.startswith("regexp.")
            and args
            and args[0].const is not None
            and isinstance(args[0].const.value, str)
        ) and name.rpartition(".")[2] in ("Compile", "MustCompile", "Match", "MatchString"):
            problem = check_regexp(args[0].const.value)
            if isinstance(problem, str):
                raise self.refuse(n, problem)
        if name in ("iter.Pull", "iter.Pull2"):
            member = self.foreign_member(n, name)
            following = self.ty(n).types[0].under.results
            zeros = [self.zero(r.type).text for r in following[:-1]]
            return call(self.member_ref(member), self.expr(args[0]).arg, *zeros)
        if name.startswith("encoding/json."):
            self.facts.names_show = True
        if name == "context.Context.Deadline" and fun is not None and not self.plain_durations():
            return call(f"{self.module('gochan.port.lib.context')}.deadline", self.walk_receiver(fun).arg)
        if name in ("fmt.Stringer.String", "fmt.GoStringer.GoString") and fun is not None:
            return call(f"{self.walk_receiver(fun).at(ATOM)}.{self.method_name(fun.Sel.Name)}")
        if name in ("os.Signal.String", "syscall.Signal.String") and fun is not None:
            return call(f"{self.module('gochan.port.lib.syscall')}.signal_text", self.walk_receiver(fun).arg)
        if name in ("sort.Sort", "sort.Stable") and args:
            member = self.foreign_member(n, name)
            self.note_iface(self.ty(args[0]))
            return call(self.member_ref(member), self.expr(args[0]).arg)
        return None

    # --- fmt ----------------------------------------------------------------------------------------------

    def printer(self, n: Node, name: str, fun: Node | None) -> Code | None:
        """Translate a function that prints or formats.

        With a plain print or f-string where that is the same.
        """
        args = n.Args or []
        row = _PRINTERS.get(name)
        method = name.rpartition(".")[2]
        if row is None:
            owner = name.rpartition(".")[0]
            if owner not in (
                "testing.common",
                "testing.T",
                "testing.B",
                "testing.TB",
                "testing.F",
                "log.Logger",
            ):
                return None
            if method not in _METHOD_PRINTERS:
                return None
            row = (1, True) if _METHOD_PRINTERS[method] else (0, False)
        first, formatted = row
        if n.Ellipsis or any(self.ty(a).kind == "tuple" for a in args):
            self.facts.names_show = True
            return None
        verbs: list[Directive] | None = None
        text = ""
        if formatted:
            const = args[first - 1].const
            if const is None:
                self.facts.names_show = self.facts.types_show = True
            else:
                text = str(const.value)
                verbs = directives(text)
                for d in verbs or ():
                    if d.verb == "v" and ("+" in d.flags or "#" in d.flags):
                        self.facts.names_show = True
                    if d.verb == "T" or "#" in d.flags:
                        self.facts.types_show = True
                if verbs is None:
                    self.facts.names_show = self.facts.types_show = True
        simple = self.simple_print(n, name, args, first, formatted, verbs, text)
        if simple is not None:
            return simple
        member = self.foreign_member(n, name)
        shown = [d for d in verbs or () if d.verb != "%"]
        out = [
            self.value(a, self.subst(self.ty(n.Fun).under.params[i].type)).arg
            for i, a in enumerate(args[:first])
        ]
        for i, arg in enumerate(args[first:]):
            verb = "v"
            if formatted:
                verb = shown[i].verb if verbs is not None and i < len(shown) else "?"
                if verbs is not None and i < len(shown) and "#" in shown[i].flags:
                    verb = "?"
            out.append(self.shown_argument(arg, verb))
        if fun is not None:
            callee = f"{self.walk_receiver(fun).at(ATOM)}.{member.name.rpartition('.')[2]}"
        else:
            callee = self.member_ref(member)
        return call(callee, *out)

    def shown_argument(self, arg: Node, verb: str) -> str:
        t = self.ty(arg)
        code = self.expr(arg)
        if self.is_nil(arg):
            return "None"
        if t.kind == "basic" and t.name == "untyped nil":
            return "None"
        if self.later and self.needs_copy(arg, t):
            code = self.copy_code(code, t)
        return self.box(code, t, arg, shown=verb).arg

    later: bool = False

    def plain_durations(self) -> bool:
        raise NotImplementedError

    def simple_print(
        self,
        n: Node,
        name: str,
        args: list[Node],
        first: int,
        formatted: bool,
        verbs: list[Directive] | None,
        text: str,
    ) -> Code | None:
        """Return print or an f-string, if all values are ints and strings."""
        if name == "fmt.Println":
            if all(self.plainly_printed(a) for a in args):
                return call(self.builtin("print"), *(self.printed(a) for a in args))
            return None
        if name == "fmt.Print" and len(args) == 1 and self.plainly_printed(args[0]):
            return self.print_text(self.printed(args[0]), args[0])
        if name in ("fmt.Printf", "fmt.Sprintf") and verbs is not None and args[0].const is not None:
            body = self.f_string(text, verbs, args[1:])
            if body is None:
                return None
            if name == "fmt.Sprintf":
                return Code(self.quote_f(body))
            if body[0].endswith("\\n"):
                return call(self.builtin("print"), self.quote_f((body[0][:-2], body[1])))
            return call(self.builtin("print"), self.quote_f(body), 'end=""')
        if False:
            return None
        return None

    def print_text(self, text: str, arg: Node) -> Code:
        if (
            arg.const is not None
            and isinstance(arg.const.value, str)
            and arg.const.value.endswith("\n")
            and text.startswith('"')
        ):
            return call(self.builtin("print"), text[:-3] + '"')
        return call(self.builtin("print"), text, 'end=""')

    def plainly_printed(self, n: Node) -> bool:
        """Return whether print writes a value as fmt.Println does: an int or a string."""
        t = self.ty(n)
        if t.kind == "named" and not self.is_alias(t):
            return False
        if self.is_duration(t):
            return False
        return t.under.kind == "basic" and kind_of(t) in ("int", "string")

    def printed(self, n: Node) -> str:
        t = self.ty(n)
        if n.const is not None and kind_of(t) == "int":
            inner = unparen(n)
            if inner.kind == "BasicLit" and inner.Kind == "CHAR":
                return self.constant(n).arg
        return self.expr(n).arg

    def f_string(self, text: str, verbs: list[Directive], args: list[Node]) -> tuple[str, bool] | None:
        """Return the inside of an f-string for a format, and whether it has values."""
        real = [d for d in verbs if d.verb != "%"]
        if len(real) != len(args):
            return None
        parts = []
        at = 0
        i = 0
        for d in verbs:
            parts.append(self.literal_part(text[at : d.start], bool(args)))
            at = d.end
            if d.verb == "%":
                if d.flags or d.width or d.precision:
                    return None
                parts.append("%")
                continue
            part = self.f_value(d, args[i])
            if part is None:
                return None
            parts.append(part)
            i += 1
        parts.append(self.literal_part(text[at:], bool(args)))
        return "".join(parts), bool(args)

    def literal_part(self, text: str, braces: bool) -> str:
        quoted = py_str(text)[1:-1]
        return quoted.replace("{", "{{").replace("}", "}}") if braces else quoted

    def quote_f(self, body: tuple[str, bool]) -> str:
        return f'{"f" if body[1] else ""}"{body[0]}"'

    def f_value(self, d: Directive, n: Node) -> str | None:
        """Return `{x:5}` for a value, or None if it needs fmt."""
        if not self.plainly_printed(n):
            return None
        kind = kind_of(self.ty(n))
        flags = d.flags
        bare = not (d.width or d.precision or flags)
        if kind == "string" and n.const is not None and bare and d.verb in ("s", "v"):
            return (
                self.literal_part(str(n.const.value), True)
                if unparen(n).kind == "BasicLit"
                else self.f_arg(n, "")
            )
        if d.precision:
            return None
        spec = ""
        if kind == "int":
            if d.verb not in ("d", "v") or set(flags) - {"-", "0"}:
                return None
            if d.verb == "v" and flags:
                return None
            if d.width:
                spec = ("<" if "-" in flags else "0" if "0" in flags else "") + d.width
            elif flags:
                return None
        else:
            if d.verb not in ("s", "v") or set(flags) - {"-"}:
                return None
            if d.width:
                spec = ("<" if "-" in flags else ">") + d.width
            elif flags:
                return None
        return self.f_arg(n, spec)

    def f_arg(self, n: Node, spec: str) -> str | None:
        code = self.expr(n)
        text = code.at(CMP)
        if '"' in text or "\\" in text or "{" in text or "'" in text:
            if "'" in text or "\\" in text or "{" in text or 'f"' in text:
                return None
            text = text.replace('"', "'")
        if code.prec <= LAMBDA:
            return None
        return "{" + text + (f":{spec}" if spec else "") + "}"

    # --- builtins -----------------------------------------------------------------------------------------

    def builtin_len(self, n: Node) -> Code:
        arg = n.Args[0]
        t = self.ty(arg)
        code = self.expr(arg)
        if kind_of(t) == "string":
            return call(self.lib("str_len"), code.arg)
        if t.under.kind == "chan" and self.may_be_nil_chan(t, arg):
            return call(self.lib("chan_len"), code.arg)
        return call(self.builtin("len"), code.arg)

    def may_be_nil_chan(self, t: Type, n: Node | None = None) -> bool:
        """Return whether a channel, n of type t, may be nil: somewhere in the program there is a nil one."""
        if n is not None and self.is_made(unparen(n)):
            return False
        elem = t.under.elem
        return any(self.chan_elem(i) is elem for i in self.facts.nil_sources)

    def is_made(self, n: Node) -> bool:
        """Return whether n is a variable that is made where it is declared, and never assigned."""
        if n.kind != "Ident" or n.obj is None:
            return False
        var = self.analysis.vars.get(n.obj.index)
        if var is None or var.func is None or var.assigns or var.addr or len(var.values) != 1:
            return False
        value = var.values[0]
        if value is None:
            return False
        value = unparen(value)
        return bool(
            value.kind == "CallExpr" and value.call == "builtin" and unparen(value.Fun).Name == "make"
        )

    def chan_elem(self, index: int) -> Type | None:
        t = self.type_by_index(index)
        return t.elem if t is not None and t.kind == "chan" else None

    def type_by_index(self, index: int) -> Type | None:
        if index < len(self.program.types):
            return self.program.types[index]
        return next((t for t in self.made_types.values() if t.index == index), None)

    def builtin_cap(self, n: Node) -> Code:
        t = self.ty(n.Args[0])
        name = self.gochan("cap") if t.under.kind == "chan" else self.lib("cap")
        return call(name, self.expr(n.Args[0]).arg)

    def builtin_append(self, n: Node) -> Code:
        t = self.ty(n)
        args = n.Args
        elem_t = self.subst(t.under.elem)
        self.order_calls(args, [None, *([None if n.Ellipsis else elem_t] * (len(args) - 1))])
        base = self.value(args[0], t)
        if self.is_nil(args[0]):
            base = (
                call(self.slice_class(self.subst(t.under.elem), True))
                if t.kind != "named" or self.is_alias(t)
                else self.zero(t)
            )
        if n.Ellipsis:
            other = self.expr(args[1])
            if self.is_nil(args[1]):
                return base
            return call(self.lib("append_all"), base.arg, other.arg)
        elem = self.subst(t.under.elem)
        name = "append_on_stack" if self.on_stack(unparen(args[0])) else "append"
        return call(self.lib(name), base.arg, *(self.value(a, elem).arg for a in args[1:]))

    def on_stack(self, x: Node) -> bool:
        """Return whether Go keeps the first elements of a slice on the stack, which its capacity shows."""
        if x.kind != "Ident" or x.obj is None or self.fn is None or self.fn.node is None:
            return False
        known = self.stack_slices.get(x.obj.index)
        if known is None:
            known = self.stack_slices[x.obj.index] = self.stays_local(x.obj)
        return known

    stack_slices: dict[int, bool]

    def stays_local(self, obj: Object) -> bool:
        var = self.analysis.vars.get(obj.index)
        if var is None or var.func is None or var.func.node is None or var.captured or var.addr:
            return False
        if obj.scope != "local" or len(var.values) == 0:
            return False
        shown = False
        for x in var.func.node.walk():
            if x.kind != "Ident" or x.obj is not obj:
                continue
            use = use_of_slice(x, obj)
            if use == "":
                return False
            shown = shown or use == "cap"
        return shown

    def builtin_copy(self, n: Node) -> Code:
        return call(self.lib("copy_slice"), self.expr(n.Args[0]).arg, self.expr(n.Args[1]).arg)

    def builtin_delete(self, n: Node) -> Code:
        u = self.ty(n.Args[0]).under
        base = self.expr(n.Args[0])
        return call(f"{base.at(ATOM)}.pop", self.map_key(n.Args[1], u), "None")

    def builtin_clear(self, n: Node) -> Code:
        return call(self.lib("clear"), self.expr(n.Args[0]).arg)

    def builtin_close(self, n: Node) -> Code:
        t = self.ty(n.Args[0])
        self.facts.closed.add(t.under.elem.index)
        return call(self.gochan("close"), self.expr(n.Args[0]).arg)

    def builtin_panic(self, n: Node) -> Code:
        arg = n.Args[0]
        self.facts.types_show = self.facts.types_show or arg.const is None
        return call(self.lib("panic"), self.value(arg, self.any_type(n)).arg)

    def any_type(self, n: Node) -> Type:
        t = self._any
        if t is None:
            t = Type()
            t.kind = "interface"
            t.index = 999_999
            t.str = "interface {}"
            t.methods = []
            t.embeds = []
            t.terms = []
            self._any = t
        return t

    _any: Type | None = None

    def builtin_recover(self, n: Node) -> Code:
        return call(self.lib("recover"))

    def builtin_print(self, n: Node) -> Code:
        return call(self.lib("builtin_print"), *(self.value(a, self.any_type(n)).arg for a in n.Args or []))

    def builtin_println(self, n: Node) -> Code:
        return call(self.lib("builtin_println"), *(self.value(a, self.any_type(n)).arg for a in n.Args or []))

    def builtin_min(self, n: Node) -> Code:
        return self._extreme(n, "min")

    def builtin_max(self, n: Node) -> Code:
        return self._extreme(n, "max")

    def _extreme(self, n: Node, name: str) -> Code:
        t = self.ty(n)
        self.order_calls(n.Args)
        args = [self.expr(a).arg for a in n.Args]
        if len(args) == 1:
            return self.expr(n.Args[0])
        if kind_of(t) == "float":
            code = Code(args[0])
            for a in args[1:]:
                code = call(f"{self.module('gochan.port.lib.math')}.{name}", code.arg, a)
            return self.wrap_class(code, t)
        return call(self.builtin(name), *args)

    def builtin_new(self, n: Node) -> Code:
        t = self.ty(n).under.elem
        arg = n.Args[0]
        if arg.mode != "type":
            # Go 1.26: new(expression)
            value = self.value(arg, t)
            return value if self.is_object(t) or t.under.kind == "array" else call(self.lib("Ref"), value.arg)
        zero = self.zero(t)
        if (self.is_object(t) and not self.is_unit(t)) or t.under.kind == "array":
            return zero
        return call(self.lib("Ref"), zero.arg)

    def builtin_make(self, n: Node) -> Code:
        t = self.ty(n)
        u = t.under
        args = n.Args[1:]
        if u.kind == "chan":
            capacity = [self.expr(a).arg for a in args if a.const is None or a.const.value != 0]
            return call(self.ann_chan(u), *capacity)
        if u.kind == "map":
            if t.kind == "named" and not self.is_alias(t):
                return call(self.class_of(t))
            return Code("{}")
        sizes = [self.expr(a).arg for a in args]
        elem = self.subst(u.elem)
        if self.is_list(n):
            return self.make_list(elem, args)
        code = call(self.lib("make_slice"), self.elem_arg(elem), *sizes)
        if t.kind == "named" and not self.is_alias(t):
            return call(self.class_of(t), code.text)
        return code

    def make_list(self, elem: Type, args: list[Node]) -> Code:
        """Return a list of zero values."""
        if args[0].const is not None and args[0].const.value == 0:
            return Code("[]")
        size, zero = self.expr(args[0]), self.zero(elem)
        if self.shareable(elem):
            return Code(f"[{zero.text}] * {size.at(UNARY)}", MUL)
        return Code(f"[{zero.text} for _ in {self.builtin('range')}({size.arg})]")

    def ann_chan(self, u: Type) -> str:
        return f"{self.gochan('Chan')}[{self.chan_elem_ann(u.elem)}]"

    def chan_elem_ann(self, t: Type) -> str:
        return self.ann(t)

    def builtin_complex(self, n: Node) -> Code:
        return call(self.builtin("complex"), *(self.expr(a).arg for a in n.Args))

    def builtin_real(self, n: Node) -> Code:
        return Code(f"{self.expr(n.Args[0]).at(ATOM)}.real")

    def builtin_imag(self, n: Node) -> Code:
        return Code(f"{self.expr(n.Args[0]).at(ATOM)}.imag")

    # --- conversions --------------------------------------------------------------------------------------

    def conversion(self, n: Node) -> Code:
        target = self.ty(n)
        arg = n.Args[0]
        source = self.ty(arg)
        if source is target:
            return self.expr(arg)
        if self.is_interface(target):
            return self.value(arg, target)
        if source.kind == "basic" and source.name == "untyped nil":
            return self.nil_of(target)
        a, b = kind_of(source), kind_of(target)
        if "Pointer" in (a, b):
            return self.address_number(n, source, target)
        code = self.expr(arg)
        if self.is_duration(target) or self.is_duration(source):
            special = self.duration_conversion(code, arg, source, target)
            if special is not None:
                return special
        if b in ("int", "float", "string", "bool", "complex"):
            plain = self.convert_basic(code, arg, source, target, a, b, n)
            return self.named_basic(plain, source, target, code)
        if b in ("slice", "map", "signature"):
            return self.convert_composite(code, arg, source, target, a, b, n)
        if b == "struct":
            return self.convert_struct(code, arg, source, target, n)
        if b == "array" and a == "slice":
            return call(self.lib("slice_array"), code.arg, str(target.under.len))
        if b in ("array", "pointer", "chan"):
            return code
        raise self.refuse(n, f"the conversion from {source.str} to {target.str} has no translation")

    def address_number(self, n: Node, source: Type, target: Type) -> Code:
        """Translate uintptr(unsafe.Pointer(p)), a number; refuse other conversions of unsafe pointers."""
        arg = unparen(n.Args[0])
        if kind_of(target) == "int" and arg.kind == "CallExpr" and arg.call == "conversion":
            pointer = arg.Args[0]
            if self.ty(pointer).under.kind == "pointer":
                return call(self.builtin("id"), self.expr(pointer).arg)
        names = [
            t.str.replace("Pointer", "unsafe.Pointer") if t.kind == "basic" else t.str
            for t in (source, target)
        ]
        raise self.refuse(n, f"the conversion from {names[0]} to {names[1]} has no translation: {_UNSAFE}")

    def duration_conversion(self, code: Code, arg: Node, source: Type, target: Type) -> Code | None:
        return None

    def named_basic(self, plain: Code, source: Type, target: Type, before: Code) -> Code:
        if target.kind == "named" and not self.is_alias(target):
            if self.foreign(target):
                return self.foreign_result(plain, target)
            return call(self.class_of(target), plain.arg)
        if source.kind == "named" and not self.is_alias(source) and plain is before:
            kind = kind_of(target)
            if kind == "int":
                return call(self.builtin("int"), plain.arg)
            if kind == "float":
                return call(self.builtin("float"), plain.arg)
            if kind == "string":
                return call(self.lib("plain"), plain.arg)
        return plain

    def convert_basic(
        self, code: Code, arg: Node, source: Type, target: Type, a: str, b: str, n: Node
    ) -> Code:
        if a == b == "int":
            if self.int_fits(source, target, arg):
                return code
            return self.wrap(code, target)
        if a == "int" and b == "float":
            if target.under.name == "float32":
                return call(self.lib("to_float32"), code.arg)
            return call(self.builtin("float"), code.arg)
        if a == "float" and b == "int":
            name = {"rune": "int32", "byte": "uint8", "int": "int"}.get(target.under.name, target.under.name)
            return call(self.lib(f"to_{name}"), code.arg)
        if a == b == "float":
            if target.under.name == "float32" and source.under.name != "float32":
                return call(self.lib("to_float32"), code.arg)
            return code
        if a == b == "complex":
            if target.under.name == "complex64" and source.under.name != "complex64":
                return call(self.lib("to_complex64"), code.arg)
            return code
        if b == "string":
            if a == "string":
                return code
            if a == "int":
                return call(self.lib("rune_str"), code.arg)
            if a == "slice":
                elem = source.under.elem.under.name
                name = "from_bytes" if elem in ("uint8", "byte") else "from_runes"
                return call(self.lib(name), code.arg)
        if a == b == "bool":
            return code
        raise self.refuse(n, f"the conversion from {source.str} to {target.str} has no translation")

    def int_fits(self, source: Type, target: Type, arg: Node) -> bool:
        s, t = source.under.name, target.under.name
        s_bits = SIGNED.get(s) or UNSIGNED.get(s) or 64
        t_bits = SIGNED.get(t) or UNSIGNED.get(t) or 64
        if s in UNSIGNED:
            return t_bits >= s_bits if t in UNSIGNED else t_bits > s_bits
        if t in SIGNED:
            return t_bits >= s_bits
        return t_bits >= s_bits and self.non_negative(arg)

    def convert_composite(
        self, code: Code, arg: Node, source: Type, target: Type, a: str, b: str, n: Node
    ) -> Code:
        if b == "slice" and a == "string":
            elem = target.under.elem.under.name
            code = call(self.lib("to_bytes" if elem in ("uint8", "byte") else "to_runes"), code.arg)
            if target.kind == "named" and not self.is_alias(target):
                return call(self.class_of(target), code.text)
            return code
        named = target.kind == "named" and not self.is_alias(target)
        was = source.kind == "named" and not self.is_alias(source)
        if named:
            if self.foreign(target):
                return (
                    call(self.class_of(target), code.arg)
                    if b == "slice"
                    else self.foreign_conversion(code, target)
                )
            return call(self.class_of(target), code.arg)
        if was:
            if b == "slice":
                return call(self.lib("Slice"), code.arg)
            if b == "map":
                raise self.refuse(n, "the conversion of a named map type to a plain one has no translation")
        return code

    def foreign_conversion(self, code: Code, target: Type) -> Code:
        return code

    def convert_struct(self, code: Code, arg: Node, source: Type, target: Type, n: Node) -> Code:
        if self.is_unit(target) or self.class_of(source) == self.class_of(target):
            return self.value(arg)
        if not is_pure(arg):
            held = self.temp("value")
            self.bind(held.number)
            self.emit(f"{held.token} = {code.text}")
            code = Code(held.token)
        parts = []
        for f, g in zip(source.under.fields, target.under.fields, strict=True):
            text = f"{code.at(ATOM)}.{self.field_name(f.name, source)}"
            if self.value_like(f.type) and self.mutable(f.type):
                text = call(self.lib("copy"), text).text
            del g
            parts.append(text)
        return call(self.class_of(target), *parts)


__all__ = ["ADD", "MUL", "UNARY", "Calls", "snake", "upper"]
