"""What functions do with their variables: captures, assignments, addresses; which types are changed in place.

One walk over a package collects it; the passes ask. Everything is conservative: where it isn't known, a
variable counts as assigned, a call as one that changes everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from ..tree import Object, Program, Type
from .walk import Node, children, unparen

# Statements that open a scope.
_SCOPES = {
    "BlockStmt",
    "IfStmt",
    "ForStmt",
    "RangeStmt",
    "SwitchStmt",
    "TypeSwitchStmt",
    "CaseClause",
    "CommClause",
    "SelectStmt",
}

ALL = "*"

# The library functions that may let other goroutines run: by package, all of them or those with these names.
_WAITING: Final[dict[str, frozenset[str] | None]] = {
    "bufio": None,
    "golang.org/x/sync/errgroup": None,
    "golang.org/x/sync/semaphore": None,
    "golang.org/x/sync/singleflight": None,
    "golang.org/x/time/rate": frozenset({"Wait", "WaitN"}),
    "io": None,
    "net": None,
    "os": frozenset({"Read", "ReadAt", "Write", "WriteString"}),
    "os/exec": frozenset({"CombinedOutput", "Output", "Run", "Wait"}),
    "runtime": frozenset({"Gosched"}),
    "sync": frozenset({"Do", "Lock", "RLock", "Wait"}),
    "time": frozenset({"Sleep"}),
}


@dataclass(eq=False)
class Func:
    """A function declaration or literal."""

    id: int
    node: Node | None
    parent: Func | None
    lits: list[Func] = field(default_factory=list)
    uses: set[int] = field(default_factory=set)
    names: set[int] = field(default_factory=set)
    assigns: set[int] = field(default_factory=set)
    params: set[int] = field(default_factory=set)
    defers: list[Node] = field(default_factory=list)
    recovers: bool = False
    started: bool = False
    called_now: bool = False
    mutates: set[str] = field(default_factory=set)
    callees: set[int] = field(default_factory=set)
    dynamic: bool = False
    # Whether it may let other goroutines run before it returns.
    blocks: bool = False
    name_of_lit: int = -1

    def chain(self) -> Iterator[Func]:
        f: Func | None = self
        while f is not None:
            yield f
            f = f.parent

    def within(self, other: Func) -> bool:
        return any(f is other for f in self.chain())


@dataclass(eq=False)
class Var:
    """A variable or constant declared in a function, or of a package."""

    obj: Object
    func: Func | None
    scope: tuple[int, ...]
    loops: tuple[int, ...]
    type: Type | None
    decl: Node | None = None
    captured: list[Func] = field(default_factory=list)
    assigns: list[tuple[Func | None, Node]] = field(default_factory=list)
    values: list[Node | None] = field(default_factory=list)
    addr: bool = False
    uses: int = 0
    loop_var: bool = False
    implicit: bool = False


# Functions of Go's library that change structs and arrays that they are given pointers to.
_FILLERS = frozenset(["encoding/json.Unmarshal", "(*encoding/json.Decoder).Decode"])


class Analysis:
    """The result for a program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.vars: dict[int, Var] = {}
        self.funcs: dict[int, Func] = {}
        self.func_of_obj: dict[int, Func] = {}
        self.mutated: set[str] = set()
        self.field_addr: set[int] = set()
        self.elem_addr: set[str] = set()
        self.elem_kept: set[str] = set()
        # The types of elements and fields that are overwritten as a whole.
        self.elem_stored: set[str] = set()
        self.field_stored: dict[int, str] = {}
        self.stored_whole: dict[str, Type] = {}
        self.places: dict[str, set[str]] = {}  # the fields of structs that an assignment to the struct keeps
        self.resliced: set[str] = set()
        self.go_uses: dict[int, int] = {}
        self.other_uses: dict[int, int] = {}
        self.refs: dict[int, int] = {}
        self.method_nil: set[int] = set()
        self.closed: set[str] = set()
        self.nil_sources: set[str] = set()
        self.to_interface: set[str] = set()
        self.formats: list[str | None] = []
        self.packages_used: set[str] = set()
        self._func: Func | None = None
        self._scope: tuple[int, ...] = ()
        self._loops: tuple[int, ...] = ()
        for package in program.packages:
            for file in package.files:
                for decl in file.decls:
                    self._decl(decl)
        self._finish()

    # --- the walk -----------------------------------------------------------------------------------------

    def _decl(self, decl: Node) -> None:
        self._loops = ()
        self._scope = ()
        self._func = None
        if decl.kind == "FuncDecl":
            self._function(decl, decl.Name.obj)
        else:
            self._visit(decl)

    def _function(self, node: Node, obj: Object | None) -> None:
        f = Func(node.id, node, self._func)
        if self._func is not None:
            self._func.lits.append(f)
        self.funcs[node.id] = f
        if obj is not None:
            self.func_of_obj[obj.index] = f
        saved = self._func, self._scope, self._loops
        self._func, self._scope, self._loops = f, (*self._scope, node.id), ()
        if node.kind == "FuncDecl" and node.Recv is not None:
            self._fields(node.Recv)
        self._fields(node.Type.Params)
        if node.Type.Results is not None:
            self._fields(node.Type.Results)
        if node.Body is not None:
            for stmt in node.Body.List or []:
                self._visit(stmt)
        self._func, self._scope, self._loops = saved

    def _fields(self, fields: Node | None) -> None:
        if fields is None:
            return
        for part in fields.List or []:
            for name in part.Names or []:
                obj = name.obj
                if obj is not None:
                    self._declare(obj, name)
                    assert self._func is not None
                    self._func.params.add(obj.index)

    def _declare(self, obj: Object, node: Node | None) -> Var:
        var = self.vars.get(obj.index)
        if var is None:
            var = self.vars[obj.index] = Var(obj, self._func, self._scope, self._loops, obj.type, node)
        return var

    def _use(self, obj: Object, node: Node) -> None:
        if obj.kind not in ("var", "const", "func", "type"):
            return
        f = self._func
        self.refs[obj.index] = self.refs.get(obj.index, 0) + 1
        var = self.vars.get(obj.index)
        if var is not None:
            var.uses += 1
        while f is not None:
            f.uses.add(obj.index)
            f.names.add(obj.index)
            if var is not None and var.func is not None and f is not var.func and f not in var.captured:
                var.captured.append(f)
            if var is not None and var.func is f:
                break
            f = f.parent

    def _visit(self, n: Any) -> None:
        if n is None:
            return
        if isinstance(n, list):
            for item in n:
                self._visit(item)
            return
        method = getattr(self, f"_on_{n.kind}", None)
        scoped = n.kind in _SCOPES
        if scoped:
            saved = self._scope
            self._scope = (*saved, n.id)
        if method is not None:
            method(n)
        else:
            for child in children(n):
                self._visit(child)
        if scoped:
            self._scope = saved

    def _on_FuncLit(self, n: Node) -> None:
        self._function(n, None)

    def _on_Ident(self, n: Node) -> None:
        obj = n.obj
        if obj is None:
            return
        if obj.index not in self.vars and obj.kind in ("var", "const") and (obj.pkg is not None):
            if is_decl(n):
                self._declare(obj, n)
                return
        self._use(obj, n)

    def _on_SelectorExpr(self, n: Node) -> None:
        self._visit(n.X)
        sel = n.sel
        if sel is not None and sel.obj is not None and sel.kind == "qualified":
            self._use(sel.obj, n)
        if sel is not None and sel.kind in ("method", "methodexpr") and sel.obj is not None:
            if self._func is not None:
                self._func.callees.add(sel.obj.index)
            self.other_uses[sel.obj.index] = self.other_uses.get(sel.obj.index, 0) + 1
            if sel.kind == "method" and sel.ptrrecv:
                steps = [n.X.type, *(step.type for step in sel.path)]
                if all(t is not None and t.under.kind != "pointer" for t in steps):
                    if sel.path:
                        self.field_addr.add(sel.path[-1].index)
                    self._address(n.X)
        if sel is not None and sel.kind == "interfacemethod" and self._func is not None:
            self._func.dynamic = True

    def _on_KeyValueExpr(self, n: Node) -> None:
        # The key of a struct literal is a field, not a use.
        if not (n.Key.kind == "Ident" and n.Key.obj is not None and n.Key.obj.scope == "field"):
            self._visit(n.Key)
        self._visit(n.Value)

    def _on_ForStmt(self, n: Node) -> None:
        saved = self._loops
        if n.Init is not None:
            # The variables of the clause are per iteration.
            self._loops = (*saved, n.id)
            self._visit(n.Init)
            for name in n.Init.Lhs if n.Init.kind == "AssignStmt" and n.Init.Tok == ":=" else []:
                if name.kind == "Ident" and name.obj is not None and name.obj.index in self.vars:
                    self.vars[name.obj.index].loop_var = True
        self._loops = (*saved, n.id)
        self._visit(n.Cond)
        self._visit(n.Body)
        self._visit(n.Post)
        self._loops = saved

    def _on_RangeStmt(self, n: Node) -> None:
        self._visit(n.X)
        saved = self._loops
        self._loops = (*saved, n.id)
        for part in (n.Key, n.Value):
            if part is None:
                continue
            if n.Tok == ":=":
                if part.kind == "Ident" and part.obj is not None:
                    self._declare(part.obj, part).loop_var = True
            else:
                self._visit(part)
                self._assigned(part, None)
        over = n.over
        if self._func is not None and over in ("chan", "func0", "func1", "func2"):
            self._func.blocks = True
            self._func.dynamic = self._func.dynamic or over != "chan"
        self._visit(n.Body)
        self._loops = saved

    def _on_CaseClause(self, n: Node) -> None:
        if n.implicit is not None:
            self._declare(n.implicit, None).implicit = True
        self._visit(n.List)
        self._visit(n.Body)

    def _on_AssignStmt(self, n: Node) -> None:
        self._visit(n.Rhs)
        single = len(n.Rhs) == len(n.Lhs)
        for i, left in enumerate(n.Lhs):
            value = n.Rhs[i] if single and n.Tok in ("=", ":=") else None
            if n.Tok == ":=" and left.kind == "Ident" and left.obj is not None and is_decl(left):
                self._declare(left.obj, left).values.append(value)
                continue
            self._visit(left)
            self._assigned(left, value if n.Tok == "=" else n)

    def _on_ValueSpec(self, n: Node) -> None:
        self._visit(n.Type)
        self._visit(n.Values)
        for i, name in enumerate(n.Names):
            if name.obj is not None:
                var = self._declare(name.obj, name)
                if n.Values and len(n.Values) == len(n.Names):
                    var.values.append(n.Values[i])
                elif n.Values:
                    var.values.append(None)

    def _on_TypeSpec(self, n: Node) -> None:
        self._visit(n.Type)

    def _on_IncDecStmt(self, n: Node) -> None:
        self._visit(n.X)
        self._assigned(n.X, n)

    def _on_UnaryExpr(self, n: Node) -> None:
        self._visit(n.X)
        if n.Op == "&":
            self._address(n.X)
            x = unparen(n.X)
            if x.kind == "IndexExpr" and x.type is not None:
                self.elem_kept.add(type_key(x.type))
        elif n.Op == "<-" and self._func is not None:
            self._func.blocks = True

    def _on_SliceExpr(self, n: Node) -> None:
        for child in children(n):
            self._visit(child)
        t = n.X.type
        if t is not None and t.under.kind == "array":
            self._address(n.X)
        if t is not None and t.under.kind == "slice" and n.High is not None:
            # What is appended after it overwrites elements.
            self.resliced.add(type_key(t.under.elem))

    def _on_SendStmt(self, n: Node) -> None:
        self._visit(n.Chan)
        self._visit(n.Value)
        if self._func is not None:
            self._func.blocks = True

    def _on_SelectStmt(self, n: Node) -> None:
        if self._func is not None:
            self._func.blocks = True
        self._visit(n.Body.List)

    def _on_DeferStmt(self, n: Node) -> None:
        if self._func is not None:
            self._func.defers.append(n)
        self._visit(n.Call)
        fun = unparen(n.Call.Fun)
        if fun.kind == "FuncLit":
            self.funcs[fun.id].called_now = False

    def _on_GoStmt(self, n: Node) -> None:
        fun = unparen(n.Call.Fun)
        obj = None
        if fun.kind == "Ident":
            obj = fun.obj
        elif fun.kind == "SelectorExpr" and fun.sel is not None and fun.sel.kind in ("method", "qualified"):
            obj = fun.sel.obj
        if obj is not None and obj.kind == "func":
            self.go_uses[obj.index] = self.go_uses.get(obj.index, 0) + 1
        self._visit(n.Call)
        if fun.kind == "FuncLit":
            self.funcs[fun.id].started = True
            self.funcs[fun.id].called_now = False
        if self._func is not None:
            self._func.dynamic = True

    def _on_CallExpr(self, n: Node) -> None:
        fun = unparen(n.Fun)
        self._visit(n.Fun)
        self._visit(n.Args)
        if n.call == "conversion":
            return
        f = self._func
        if n.call == "builtin":
            name = fun.Name if fun.kind == "Ident" else ""
            if name == "recover" and f is not None:
                f.recovers = True
            if name in ("append", "copy") and f is not None:
                f.mutates.add("slices")
            if name in ("copy", "clear"):
                self._stores(n.Args[0].type)
            return
        if fun.kind == "FuncLit":
            self.funcs[fun.id].called_now = True
            if f is not None:
                f.callees.add(-fun.id)
            return
        obj = None
        if fun.kind in ("IndexExpr", "IndexListExpr"):
            fun = unparen(fun.X)
        if fun.kind == "Ident":
            obj = fun.obj
        elif fun.kind == "SelectorExpr" and fun.sel is not None:
            obj = fun.sel.obj
            if fun.sel.kind == "field":
                obj = None
        if obj is not None and obj.pkg in ("slices", "sort") and n.Args:
            self._stores(n.Args[0].type)
        if obj is not None and obj.full in _FILLERS:
            for arg in n.Args:
                self._filled(arg.type, set())
        elif obj is not None and obj.full == "errors.As":
            pointer = n.Args[1].type
            if pointer is not None and pointer.under.kind == "pointer":
                target = pointer.under.elem
                if target.under.kind == "struct":
                    self._mark(target)
        elif obj is not None and obj.full.startswith("(reflect.Value).Set"):
            self._filled(None, set())
        if f is None:
            return
        if obj is None or obj.kind != "func":
            f.dynamic = True
        else:
            f.callees.add(obj.index)
            f.blocks = f.blocks or _waits(obj)

    def _filled(self, t: Type | None, seen: set[int]) -> None:
        """Note that the library changes what t points to, and what that contains; None for any struct."""
        if t is None or t.kind == "typeparam":
            for struct in self.program.types:
                if struct.kind == "named" and struct.obj.local and struct.under.kind == "struct":
                    self._mark(struct)
            return
        if t.index in seen:
            return
        seen.add(t.index)
        under = t.under
        if under.kind in ("struct", "array"):
            self._mark(t)
        if under.kind == "struct":
            for part in under.fields:
                self._filled(part.type, seen)
        elif under.kind in ("pointer", "slice", "array", "map"):
            self._filled(under.elem, seen)

    def _stores(self, t: Type | None) -> None:
        """Note that the elements of a slice are overwritten."""
        if t is not None and t.under.kind == "slice":
            self.elem_stored.add(type_key(t.under.elem))

    # --- assignments and addresses ------------------------------------------------------------------------

    def _assigned(self, target: Node, value: Node | None) -> None:
        target = unparen(target)
        if target.type is not None and target.type.under.kind == "struct":
            self.stored_whole[type_key(target.type)] = target.type
        if target.kind == "Ident" or is_qualified(target):
            obj = target.obj
            if obj is None:
                return
            var = self._var(obj)
            var.assigns.append((self._func, target))
            var.values.append(value)
            if self._func is not None:
                self._func.assigns.add(obj.index)
            return
        self._mutated(target)

    def _var(self, obj: Object) -> Var:
        """Return what is known of a variable, which may be one of another package."""
        var = self.vars.get(obj.index)
        if var is None:
            var = self.vars[obj.index] = Var(obj, None, (), (), obj.type)
        return var

    def _mark(self, t: Type | None) -> None:
        if t is None:
            return
        key = type_key(t)
        self.mutated.add(key)
        if self._func is not None:
            self._func.mutates.add(key)

    def _mutated(self, target: Node) -> None:
        """Note that what `target` denotes is changed in place: the types of what contains it."""
        target = unparen(target)
        if target.kind == "SelectorExpr" and target.sel is not None and target.sel.kind == "field":
            t = target.X.type
            for step in target.sel.path:
                self._mark(deref(t))
                t = step.type
            self._mark(deref(t))
            if target.sel.obj is not None and target.type is not None:
                self.field_stored[target.sel.obj.index] = type_key(target.type)
            if t is not None and t.under.kind != "pointer":
                self._mutated_owner(target.X)
        elif is_qualified(target):
            if target.obj is not None:
                var = self._var(target.obj)
                var.assigns.append((self._func, target))
                var.values.append(None)
        elif target.kind == "IndexExpr":
            t = target.X.type
            if t is None:
                return
            if target.type is not None:
                self.elem_stored.add(type_key(target.type))
            if t.under.kind == "array":
                self._mark(t)
                self._mutated_owner(target.X)
            elif t.under.kind == "pointer":
                self._mark(t.under.elem)
            elif self._func is not None:
                self._func.mutates.add("slices" if t.under.kind == "slice" else "maps")
        elif target.kind == "StarExpr":
            self._mark(target.type)
            if self._func is not None:
                self._func.mutates.add("pointers")

    def _mutated_owner(self, n: Node) -> None:
        n = unparen(n)
        if n.kind in ("SelectorExpr", "IndexExpr", "StarExpr"):
            self._mutated(n)
        elif n.kind == "Ident" and n.obj is not None and self._func is not None:
            self._func.mutates.add(f"var{n.obj.index}")

    def _address(self, n: Node) -> None:
        n = unparen(n)
        t = n.type
        if (n.kind == "Ident" or is_qualified(n)) and n.obj is not None:
            self._var(n.obj).addr = True
        elif n.kind == "SelectorExpr" and n.sel is not None and n.sel.kind == "field":
            if n.sel.obj is not None:
                self.field_addr.add(n.sel.obj.index)
            self._mutated(n)
            inner = unparen(n.X)
            if inner.kind == "IndexExpr" and inner.type is not None:
                self.elem_addr.add(type_key(inner.type))
                self.elem_kept.add(type_key(inner.type))
            elif inner.type is not None and inner.type.under.kind == "struct":
                # A pointer to a part is one into the whole.
                self._address(inner)
        elif n.kind == "IndexExpr" and n.X.type is not None:
            if t is not None:
                self.elem_addr.add(type_key(t))
            if n.X.type.under.kind == "array":
                self._mutated(n)
                self._address(n.X)

    # --- afterwards ---------------------------------------------------------------------------------------

    def _finish(self) -> None:
        for var in self.vars.values():
            if var.addr and var.assigns and var.type is not None:
                self.mutated.add(type_key(var.type))
        # What overwrites an element or a field that has pointers to it changes the struct that is there.
        generic = any(self.program.types[int(key)].kind == "typeparam" for key in self.elem_stored)
        self.mutated |= self.elem_addr if generic else self.elem_addr & (self.elem_stored | self.resliced)
        self.mutated |= {t for field, t in self.field_stored.items() if field in self.field_addr}
        fields = [self.program.objects[index] for index in self.field_addr]
        addressed = {(f.name, type_key(f.type)) for f in fields if f.type is not None}
        for t in self.stored_whole.values():
            self._note_places(t, addressed)
        # What contains a changed type is changed.
        self._all_mutates: dict[int, set[str]] = {}

    def _note_places(self, t: Type, addressed: set[tuple[str, str]]) -> bool:
        """Note the fields of a struct that there are pointers to, or into; return whether there are any."""
        key = type_key(t)
        if key not in self.places:
            found = self.places[key] = set()
            for f in t.under.fields if is_local(t) else ():
                if f.type.under.kind not in ("struct", "array") or not is_local(f.type):
                    continue
                inside = f.type.under.kind == "struct" and self._note_places(f.type, addressed)
                # Structs of types with the same fields have these fields' objects in common.
                if inside or (f.name, type_key(f.type)) in addressed:
                    found.add(f.name)
                    self.mutated.add(type_key(f.type))
        return bool(self.places[key])

    def summary(self, f: Func, seen: set[int] | None = None) -> set[str]:
        """Return what a call of f may change: type keys, or ALL."""
        known = self._all_mutates.get(f.id)
        if known is not None:
            return known
        if seen is None:
            seen = set()
        if f.id in seen:
            return set()
        seen.add(f.id)
        found = set(f.mutates)
        if f.dynamic or f.blocks:
            found.add(ALL)
        for callee in f.callees:
            if callee < 0:
                other: Func | None = self.funcs.get(-callee)
            else:
                other = self.func_of_obj.get(callee)
            if other is not None:
                found |= self.summary(other, seen)
        for lit in f.lits:
            found |= self.summary(lit, seen)
        if len(seen) == 1:
            self._all_mutates[f.id] = found
        return found


def _waits(f: Object) -> bool:
    """Return whether a function of the library may let other goroutines run before it returns."""
    if f.local or f.pkg not in _WAITING:
        return False
    names = _WAITING[f.pkg]
    return names is None or f.name in names


def is_decl(n: Node) -> bool:
    """Return whether an identifier declares its object."""
    obj = n.obj
    return obj is not None and bool(n.__dict__.get("def"))


def deref(t: Type | None) -> Type | None:
    """Return what a pointer type points to, and any other type itself."""
    if t is not None and t.under.kind == "pointer":
        return t.under.elem
    return t


def is_qualified(n: Node) -> bool:
    """Return whether an expression is a name of another package: p.X."""
    return n.kind == "SelectorExpr" and n.sel is not None and n.sel.kind == "qualified"


def is_local(t: Type) -> bool:
    """Return whether a type is the program's own."""
    return t.kind != "named" or t.obj.local


def type_key(t: Type) -> str:
    """Return a key that is the same for identical types."""
    return str(t.index)
