"""Statements, except jumps, switches, loops, goroutines and functions, which have files of their own."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ..kinds import names_function
from ..tree import Comment, Object, Type
from .base import Refuse
from .code import ATOM, Code, Sym, call
from .gotypes import kind_of
from .printing import Printing
from .scopes import Var, type_key
from .walk import Node, contains, has_effects, idents, is_blank, is_pure, unparen


class Target:
    """Where a value goes: `text` can be assigned to.

    Or, if `by_call`, `assign(text, value)` changes it in place; `assign_items` or `assign_rows` do so for an
    array of `rows` more dimensions.
    """

    def __init__(
        self, text: str, t: Type | None, *, by_call: bool = False, call: str = "assign", rows: int = 0
    ) -> None:
        self.text = text
        self.type = t
        self.by_call = by_call
        self.call = call
        self.rows = rows


class Statements(Printing):
    """Statements."""

    comments: list[Comment]
    comment_at: int

    # --- comments -----------------------------------------------------------------------------------------

    def flush(self, line: int, col: int) -> None:
        """Write the comments that stand before a position."""
        while self.comment_at < len(self.comments):
            c = self.comments[self.comment_at]
            if (c.line, c.col) >= (line, col):
                return
            self.comment_at += 1
            self.write_comment(c)

    def write_comment(self, c: Comment) -> None:
        lines = comment_lines(c)
        if not lines:
            return
        if not c.own_line and len(lines) == 1 and self.lines and not self.lines[-1].text.startswith("#"):
            last = self.lines[-1]
            if last.chunk == self.chunk and last.text and "\x04" not in last.text:
                last.text += f"  \x04# {lines[0]}".rstrip()
                return
        for text in lines:
            self.emit(f"# {text}".rstrip())

    def trailing(self, n: Node) -> None:
        """Write the comment that stands behind a statement on its line."""
        end = n.end
        if self.comment_at < len(self.comments):
            c = self.comments[self.comment_at]
            if c.line == end[0] and not c.own_line and c.col >= end[1]:
                self.comment_at += 1
                self.write_comment(c)

    def skip_comments(self, line: int, col: int) -> None:
        while self.comment_at < len(self.comments):
            c = self.comments[self.comment_at]
            if (c.line, c.col) >= (line, col):
                return
            self.comment_at += 1

    # --- blocks -------------------------------------------------------------------------------------------

    def statements(self, nodes: list[Node] | None) -> None:
        if nodes and any(n.kind == "LabeledStmt" and n.Label.Name in self.goto_targets() for n in nodes):
            self.goto_block(nodes)
            return
        rest = list(nodes or [])
        while rest:
            taken = self.several(rest)
            if not taken:
                self.statement(rest[0])
            del rest[: taken or 1]

    def several(self, nodes: list[Node]) -> int:
        raise NotImplementedError

    def goto_targets(self) -> set[str]:
        raise NotImplementedError

    def goto_block(self, nodes: list[Node]) -> None:
        raise NotImplementedError

    def block(self, nodes: list[Node] | None, end: tuple[int, int] | None = None) -> None:
        with self.indented():
            self.statements(nodes)
            if end is not None:
                self.flush(*end)

    def statement(self, n: Node) -> None:
        self.flush(n.line, n.col)
        start = len(self.lines)
        depth = self.depth
        fn = self.fn
        loops = len(fn.loops) if fn is not None else 0
        self.here = n
        held = dict(self.overrides)
        try:
            method = getattr(self, f"stmt_{n.kind}", None)
            if method is None:
                raise self.refuse(n, f"{n.kind} has no translation")
            method(n)
        except Refuse as refused:
            found = self.record(refused)
            del self.lines[start:]
            self.depth = depth
            self.fn = fn
            if fn is not None:
                del fn.loops[loops:]
            self.emit(f"raise {self.builtin('NotImplementedError')}({quote(str(found))})  \x04# not ported")
        finally:
            self.overrides = held
        if n.kind not in (
            "BlockStmt",
            "IfStmt",
            "ForStmt",
            "RangeStmt",
            "SwitchStmt",
            "TypeSwitchStmt",
            "SelectStmt",
            "LabeledStmt",
        ):
            self.inner_comments(n, start)
            self.trailing(n)

    def inner_comments(self, n: Node, start: int) -> None:
        """Write the comments inside a statement of several lines before it."""
        at = len(self.lines)
        while self.comment_at < len(self.comments):
            c = self.comments[self.comment_at]
            if (c.line, c.col) >= n.end:
                break
            self.comment_at += 1
            for text in comment_lines(c):
                self.emit(f"# {text}".rstrip())
        moved = self.lines[at:]
        if moved:
            del self.lines[at:]
            self.lines[start:start] = moved

    # --- simple statements --------------------------------------------------------------------------------

    def stmt_EmptyStmt(self, n: Node) -> None:
        pass

    def stmt_BlockStmt(self, n: Node) -> None:
        self.statements(n.List)
        self.flush(*n.end)

    def stmt_ExprStmt(self, n: Node) -> None:
        x = unparen(n.X)
        if x.kind == "CallExpr" and x.call == "call" and unparen(x.Fun).kind == "FuncLit":
            self.order_arguments(x, unparen(x.Fun))
            code = self.call_literal(x, unparen(x.Fun))
            self.emit(code.text)
            return
        if x.kind == "CallExpr" and self.decorate_call(x):
            return
        self.note_yield(x)
        code = self.expr(x)
        self.emit(code.text)

    def note_yield(self, x: Node) -> None:
        """Note that an iterator may go on after yield returned false: its result is ignored."""
        if x.kind != "CallExpr" or x.call != "call" or not self.gives_bool(self.ty(x.Fun)):
            return
        fun = unparen(x.Fun)
        named = fun.kind == "Ident" and fun.obj.kind == "var"
        self.facts.yields_ignored |= named or any(self.gives_bool(self.ty(a)) for a in x.Args or [])

    def gives_bool(self, t: Type) -> bool:
        """Return whether t is a type of functions that return a bool."""
        u = self.subst(t).under
        results = u.results if u.kind == "signature" else []
        return len(results) == 1 and kind_of(self.subst(results[0].type)) == "bool"

    def decorate_call(self, x: Node) -> bool:
        return False

    def stmt_IncDecStmt(self, n: Node) -> None:
        self.op_assign(n, n.X, n.Tok[0], None)

    def stmt_DeclStmt(self, n: Node) -> None:
        for spec in n.Decl.Specs or []:
            self.flush(spec.line, spec.col)
            match spec.kind:
                case "ValueSpec":
                    self.value_spec(spec, n.Decl.Tok)
                case "TypeSpec":
                    self.local_type(spec)
                case _:
                    raise self.refuse(spec, f"{spec.kind} has no translation")
            self.trailing(spec)

    def local_type(self, spec: Node) -> None:
        raise NotImplementedError

    def value_spec(self, spec: Node, tok: str) -> None:
        names = spec.Names
        if tok == "const":
            for name in names:
                obj = name.obj
                if obj is None or obj.name == "_" or not self.const_used(obj):
                    continue
                self.declare(obj)
                self.emit(f"{self.sym(obj).token} = {self.const_value(obj, name, spec).text}")
            return
        values = spec.Values or []
        if not values:
            for name in names:
                if name.Name == "_":
                    continue
                self.declare_zero(name.obj)
            return
        if len(values) == len(names):
            if len(names) > 1 and not all(is_pure(v) for v in values):
                self.assign_many([*names], values, define=True, types=[self.name_type(x) for x in names])
                return
            for name, value in zip(names, values, strict=True):
                if name.Name == "_":
                    self.discard(value)
                    continue
                t = self.subst(name.obj.type)
                self.define(name.obj, self.value(value, t), t, explicit=spec.Type is not None, value=value)
            return
        self.assign_many([*names], values, define=True, types=[self.name_type(x) for x in names])

    def name_type(self, n: Node) -> Type | None:
        return self.subst(n.obj.type) if n.obj is not None and n.obj.type is not None else None

    def const_used(self, obj: Object) -> bool:
        return obj.index in self.analysis.refs

    def const_value(self, obj: Object, name: Node, spec: Node) -> Code:
        t = obj.type
        assert t is not None and obj.const is not None
        values = spec.Values or []
        i = spec.Names.index(name)
        if i < len(values) and not uses_iota(values[i]) and values[i].type is not None:
            value = values[i]
            # In `const (x = x + 1; y)` the second use of the expression has another value and another x.
            again = value.const is not None and value.const.value != obj.const.value
            if not again and (value.type is t or kind_of(value.type) == kind_of(t)):
                code = self.constant(value)
                if (
                    value.type is not t
                    and not self.is_plain(t)
                    and not self.foreign(t)
                    and self.is_plain(value.type)
                ):
                    return call(self.class_of(t), code.arg)
                return code
        return self.literal(
            obj.const.value, t, name if name.const is not None else self.const_node(name, obj)
        )

    def const_node(self, name: Node, obj: Object) -> Node:
        n = Node()
        n.__dict__.update(
            kind="Ident", id=-1, line=name.line, col=name.col, end=name.end, const=obj.const, Name=name.Name
        )
        return n

    # --- declarations -------------------------------------------------------------------------------------

    def declare(self, obj: Object) -> Sym:
        """Note that a variable is bound in the current function of Python."""
        sym = self.sym(obj)
        self.bind(sym.number)
        return sym

    def bind(self, number: int) -> None:
        if self.fn is not None:
            self.fn.bound.add(number)

    def rebind(self, obj: Object) -> None:
        """Note an assignment to a variable: in an inner function it needs nonlocal or global."""
        if self.fn is not None and not (obj.scope == "package" and self.is_elsewhere(obj)):
            self.rebind_sym(self.sym(obj))

    def rebind_sym(self, sym: Sym) -> None:
        assert self.fn is not None
        if sym.kind == "global":
            self.fn.globals.add(sym.number)
        elif sym.number not in self.fn.bound:
            if self.fn.binder(sym.number) is not None:
                self.fn.nonlocals.add(sym.number)
            else:
                self.fn.bound.add(sym.number)

    def declare_zero(self, obj: Object) -> None:
        assert obj.type is not None
        self.note_zero(obj.type)
        t = self.subst(obj.type)
        self.define(obj, Code("[]") if self.is_list(obj) else self.zero(t), t, explicit=True)

    def define(
        self,
        obj: Object,
        code: Code,
        t: Type,
        *,
        explicit: bool = False,
        value: Node | None = None,
        shown: bool = False,
    ) -> None:
        """Emit the declaration of a variable with its first value; `shown`: the value shows the type."""
        sym = self.declare(obj)
        var = self.analysis.vars.get(obj.index)
        if var is not None and self.is_ref(var):
            ann = ""
            if self.needs_ann(code, t) or explicit:
                ann = f": {self.lib('Ref')}[{self.list_ann(t, self.is_list(obj))}]"
            self.emit(f"{sym.token}{ann} = {self.lib('Ref')}({code.arg})")
            return
        # What is assigned later may be a function whose parameters have other names.
        function = value is not None and names_function(without_conversion(value))
        narrower = value is not None and t.under.kind == "chan" and self.ty(value).under is not t.under
        one_of_several = (function or narrower) and var is not None and bool(var.assigns)
        needed = one_of_several or (not shown and self.needs_ann(code, t, explicit))
        ann = f": {self.list_ann(t, self.is_list(obj))}" if needed else ""
        self.emit(f"{sym.token}{ann} = {code.text}")

    def needs_ann(self, code: Code, t: Type, explicit: bool = False) -> bool:
        """Return whether a type checker needs to be told the type of a variable."""
        text = code.text
        u = t.under
        if text in (self.lib("nil"), "None"):
            return True
        if text.startswith((f"{self.lib('FieldRef')}(", f"{self.lib('unbox')}(", "lambda")):
            return True
        if text.startswith(("[", "{")) and self.hides_elements(text, t):
            return True
        if u.kind == "interface":
            return explicit or t.kind == "named"
        if (
            "{}" in text
            or "([])" in text
            or text == "[]"
            or text in (f"{self.lib('Slice')}()", f"{self.lib('NilMap')}()", f"{self.lib('Slice')}([])")
        ):
            return True
        if text.startswith(f"{self.module('gochan.port.lib.slices')}.grow({self.lib('Slice')}()"):
            return True
        if u.kind in ("slice", "map") and (
            text.startswith(self.lib("make_slice")) or text.endswith(("()", "([])"))
        ):
            return t.kind != "named" or self.is_alias(t)
        return False

    def hides_elements(self, text: str, t: Type) -> bool:
        """Return whether the elements of a list or dict don't show a type checker their type."""
        if self.is_alias(t):
            t = t.under
        if t.kind not in ("slice", "array", "map"):
            return False
        elem = self.subst(t.elem)
        if t.kind == "map" and self.is_tuple_key(self.subst(t.key)):
            return True
        while elem.kind == "array":
            elem = self.subst(elem.elem)
        if t.kind == "slice":
            return elem.under.kind not in ("basic", "struct")
        if self.is_interface(elem):
            return True
        empty = {"slice": f"{self.lib('Slice')}()", "map": f"{self.lib('NilMap')}()"}
        hidden = empty.get(elem.under.kind, "" if elem.under.kind in ("basic", "struct") else self.lib("nil"))
        return elem.under.kind == "signature" or (hidden != "" and hidden in text)

    def discard(self, value: Node) -> None:
        """Evaluate an expression whose value goes nowhere."""
        inner = unparen(value)
        # A package's variable is read, which the race detector and gochan.explore see.
        kept = inner.kind == "Ident" and inner.obj.kind == "var" and inner.obj.scope == "package"
        var = self.analysis.vars.get(inner.obj.index) if inner.kind == "Ident" else None
        # Without this use it would have none; a pattern needs none.
        kept |= var is not None and var.uses == 1 and not of_clause(var)
        if value.const is not None or (not kept and is_pure(value) and inner.kind in ("Ident", "BasicLit")):
            return
        if inner.kind == "FuncLit" or names_function(inner):
            return
        self.note_yield(inner)
        code = self.expr(value)
        if code.call is not None:
            self.emit(code.text)
        else:
            self.emit(f"_ = {code.text}")

    # --- assignments --------------------------------------------------------------------------------------

    def stmt_AssignStmt(self, n: Node) -> None:
        tok = n.Tok
        if tok not in ("=", ":="):
            self.op_assign(n, n.Lhs[0], tok[:-1], n.Rhs[0])
            return
        if len(n.Lhs) == 1:
            self.assign_one(n.Lhs[0], n.Rhs[0], define=tok == ":=")
            return
        self.assign_many(n.Lhs, n.Rhs, define=tok == ":=")

    def is_new(self, left: Node, define: bool) -> bool:
        return define and left.kind == "Ident" and bool(left.__dict__.get("def"))

    def assign_one(self, left: Node, right: Node, *, define: bool) -> None:
        left = unparen(left)
        if is_blank(left):
            self.discard(right)
            return
        inner = unparen(right)
        if self.is_new(left, define):
            t = self.subst(left.obj.type)
            if inner.kind == "FuncLit" and self.define_function(left.obj, inner):
                return
            self.define(left.obj, self.value(right, t), t, value=right)
            return
        t = self.ty(left)
        if inner.kind == "FuncLit" and left.kind == "Ident" and self.assign_function(left, inner):
            return
        if inner.kind == "CallExpr" and inner.call == "builtin" and self.is_list(inner):
            if unparen(inner.Fun).Name == "append":
                self.append_in_place(inner)
                return
        if left.kind != "Ident" and has_effects(right) and any(True for _ in self.calls_in(left)):
            self.hold_calls([left], [False])
        elif left.kind == "IndexExpr":
            self.order_calls([left.X, left.Index])
        value = self.value(right, t)
        self.store(self.target(left), value)

    def append_in_place(self, n: Node) -> None:
        """Emit `x = append(x, ...)` of a list."""
        elem = self.subst(self.ty(n).under.elem)
        self.order_calls(n.Args[1:], [None if n.Ellipsis else elem] * (len(n.Args) - 1))
        base = self.expr(n.Args[0]).at(ATOM)
        if n.Ellipsis:
            self.emit(f"{base}.extend({self.expr(n.Args[1]).arg})")
            return
        values = [self.value(a, elem).arg for a in n.Args[1:]]
        if len(values) == 1:
            self.emit(f"{base}.append({values[0]})")
        else:
            self.emit(f"{base}.extend([{', '.join(values)}])")

    def define_function(self, obj: Object, lit: Node) -> bool:
        """Emit `f := func...` as a def with that name, if it is never assigned again."""
        return False

    def assign_function(self, left: Node, lit: Node) -> bool:
        return False

    def store(self, target: Target, value: Code) -> None:
        if target.by_call:
            if value.call is not None and value.call[0] in (self.lib("copy"), self.lib("copy_opaque")):
                # assign copies.
                value = Code(value.call[1][0])
            rows = f", {target.rows}" if target.rows else ""
            self.emit(f"{self.lib(target.call)}({target.text}, {value.arg}{rows})")
        else:
            self.emit(f"{target.text} = {value.text}")

    def target(self, n: Node, held: dict[int, str] | None = None) -> Target:
        """Return where an assignment to an expression goes."""
        n = unparen(n)
        if is_blank(n):
            return Target("_", None)
        t = self.ty(n)
        match n.kind:
            case "Ident":
                return self.variable_target(n.obj, t)
            case "IndexExpr":
                return self.index_target(n, t)
            case "SelectorExpr" if n.sel.kind == "qualified":
                return self.variable_target(n.obj, t) if n.obj.local else Target(self.foreign_target(n), t)
            case "SelectorExpr":
                text = f"{self.walk_path(n).at(ATOM)}.{self.field_of(n)}"
                return self.part_target(text, t, n.sel.obj.index in self.analysis.field_addr)
            case "StarExpr":
                p = self.expr(n.X)
                if t.under.kind == "array":
                    return self.array_target(p, t)
                if self.is_object(t):
                    return Target(p.arg, t, by_call=True)
                return Target(f"{p.at(ATOM)}.v", t)
        raise self.refuse(n, f"an assignment to {n.kind} has no translation")

    def variable_target(self, obj: Object, t: Type) -> Target:
        """Return where an assignment to a variable goes, which may be one of another package."""
        text = self.ref(obj)
        var = self.analysis.vars.get(obj.index)
        if var is not None:
            if self.is_ref(var):
                return Target(f"{text}.v", t)
            if var.addr and t.under.kind == "array":
                return self.array_target(Code(text), t)
            if var.addr and self.is_changed_in_place(t):
                return Target(text, t, by_call=True)
        self.rebind(obj)
        return Target(text, t)

    def part_target(self, text: str, t: Type, pointed: bool) -> Target:
        """Return where an assignment to a field or element goes.

        `pointed`: whether there are pointers to this field, or to elements of this type.
        """
        pointed = pointed or bool(self.analysis.places.get(type_key(t)))
        if pointed and t.under.kind == "array":
            return self.array_target(Code(text), t)
        return Target(text, t, by_call=pointed and self.is_changed_in_place(t))

    def array_target(self, array: Code, t: Type) -> Target:
        """Return where an assignment to an array goes that there may be pointers to, or into."""
        rows, elem = 0, t.under.elem
        pointed = type_key(elem) in self.analysis.elem_addr
        while elem.under.kind == "array":
            rows, elem = rows + 1, elem.under.elem
            pointed = pointed or type_key(elem) in self.analysis.elem_addr
        if pointed and self.is_changed_in_place(elem):
            return Target(array.arg, t, by_call=True, call="assign_items", rows=rows)
        if pointed and rows:
            return Target(array.arg, t, by_call=True, call="assign_rows", rows=rows)
        return Target(f"{array.at(ATOM)}[:]", t)

    def is_changed_in_place(self, t: Type) -> bool:
        """Return whether an assignment to a variable with an address changes the object that is there.

        Locks and the like can't be changed. Methods alone do not keep the address of one, so another may
        take its place.
        """
        if not self.is_object(t) or self.is_unit(t):
            return False
        return not self.foreign(t) or t.obj.pkg != "sync" or t.index in self.addressed

    @cached_property
    def addressed(self) -> set[int]:
        """The types of variables whose address an operator & takes."""
        nodes = (n for package in self.program.packages for n in package.walk())
        operands = (unparen(n.X) for n in nodes if n.kind == "UnaryExpr" and n.Op == "&")
        return {x.type.index for x in operands if x.kind != "CompositeLit" and x.type is not None}

    def foreign_target(self, n: Node) -> str:
        name = f"{n.obj.pkg}.{n.obj.name}"
        return self.member_ref(self.foreign_member(n, name))

    def index_target(self, n: Node, t: Type) -> Target:
        base_type = self.ty(n.X)
        u = base_type.under
        if u.kind == "pointer":
            u = u.elem.under
        self.order_calls([n.X, n.Index])
        base = self.expr(n.X)
        if u.kind == "map":
            return Target(f"{base.at(ATOM)}[{self.map_key(n.Index, u)}]", t)
        text = f"{base.at(ATOM)}[{self.index(n.Index, u)}]"
        return self.part_target(text, t, type_key(t) in self.analysis.elem_addr)

    def hold_target(self, n: Node) -> Target:
        """Return the target of an assignment, with its operands evaluated now."""
        n = unparen(n)
        if n.kind == "IndexExpr":
            self.order_calls([n.X, n.Index])
            self.hold(n.X, "held")
            self.hold(n.Index, "key")
        elif n.kind == "SelectorExpr" and n.sel.kind == "field":
            self.hold(n.X, "held")
        elif n.kind == "StarExpr":
            self.hold(n.X, "pointer")
        return self.target(n)

    def hold(self, n: Node, base: str) -> None:
        """Evaluate an expression now, into a temporary that stands for it from here on."""
        if n.const is not None or n.id in self.overrides:
            return
        inner = unparen(n)
        if inner.kind in ("IndexExpr", "SelectorExpr", "StarExpr") and self.ty(inner).under.kind in (
            "array",
            "struct",
        ):
            # An addressable value: its parts are held, not a copy.
            for part in (inner.X, inner.__dict__.get("Index")):
                if part is not None:
                    self.hold(part, base)
            return
        if inner.kind == "Ident" and self.ty(inner).under.kind in ("array", "struct"):
            return
        code = self.expr(n)
        sym = self.temp(base)
        self.bind(sym.number)
        self.emit(f"{sym.token} = {code.text}")
        self.overrides[n.id] = Code(sym.token)

    def assign_many(
        self, lefts: list[Node], rights: list[Node], *, define: bool, types: list[Type | None] | None = None
    ) -> None:
        """Emit an assignment to several: all values first, then from left to right."""
        lefts = [unparen(x) for x in lefts]
        if len(rights) == 1 and len(lefts) > 1:
            self.assign_results(lefts, unparen(rights[0]), define)
            return
        new = [self.is_new(x, define) or (types is not None and not is_blank(x)) for x in lefts]
        targets_t = [
            (None if is_blank(x) else self.subst(x.obj.type) if isnew else self.ty(x))
            for x, isnew in zip(lefts, new, strict=True)
        ]
        if all(new) and any(unparen(r).kind == "FuncLit" for r in rights):
            if not any(self.uses_any(r, lefts) for r in rights):
                for left, right in zip(lefts, rights, strict=True):
                    self.assign_one(left, right, define=True)
                return
        swap = not define and self.permutes(lefts, rights)
        if not all(new):
            # Go calls all functions of both sides before it evaluates the operands on the left.
            operands = [part for left in lefts for part in operands_of(left)]
            self.order_calls([*operands, *rights], [*(None for _ in operands), *targets_t])
            self.hold_lefts(lefts, new)
        self.order_calls(rights, targets_t)
        values = []
        for r, t in zip(rights, targets_t, strict=True):
            if swap:
                values.append(self.convert(self.expr(r), self.ty(r), t))
            else:
                values.append(self.value(r, t))
        targets: list[Target | None] = []
        for left, isnew in zip(lefts, new, strict=True):
            targets.append(None if isnew and not is_blank(left) else self.target(left))
        needs_temps = any(t is not None and t.by_call for t in targets) or any(
            isnew and (self.sym_is_ref(left.obj) or self.needs_ann(v, t, False))
            for left, isnew, v, t in zip(lefts, new, values, targets_t, strict=True)
            if t is not None
        )
        if all(new) and not any(self.uses_any(r, lefts) for r in rights) and needs_temps:
            for left, right, v, t in zip(lefts, rights, values, targets_t, strict=True):
                if t is not None:
                    self.define(left.obj, v, t)
                elif right.const is None and unparen(right).kind != "Ident":
                    self.emit(f"_ = {v.text}")
            return
        if needs_temps:
            copied = [
                self.copy_code(v, t) if swap and t is not None else v
                for v, t in zip(values, targets_t, strict=True)
            ]
            self.assign_by_temporaries(lefts, targets, targets_t, copied)
            return
        names = []
        for left, target in zip(lefts, targets, strict=True):
            if target is None:
                names.append(self.declare(left.obj).token)
            else:
                names.append(target.text)
        if swap and any(name.endswith("[:]") for name in names):
            # An array that is changed in place: the others must not become the same list.
            values = [
                v if t is None else self.copy_code(v, t) for v, t in zip(values, targets_t, strict=True)
            ]
        order = self.slices_first(lefts, rights)
        self.emit(f"{', '.join(names[i] for i in order)} = {', '.join(values[i].arg for i in order)}")

    def slices_first(self, lefts: list[Node], rights: list[Node]) -> list[int]:
        """Return the order for the pairs of an assignment: Go slices before it indexes.

        So `x, s = s[n], s[:n]` panics with the message of the slice.  The pairs stay where they are if one
        that is assigned is part of the target of another.
        """
        order = list(range(len(rights)))
        if not any(contains(r, "IndexExpr") for r in rights):
            return order
        slices = [unparen(r).kind == "SliceExpr" for r in rights]
        parts = [{i.obj for i in idents(left) if i.obj is not None} for left in lefts]
        apart = sum(map(len, parts)) == len(set().union(*parts))
        if not apart or any(map(has_effects, rights)) or sum(left.kind != "Ident" for left in lefts) > 1:
            return order
        return sorted(order, key=lambda i: not slices[i])

    def assign_by_temporaries(
        self, lefts: list[Node], targets: list[Target | None], types: list[Type | None], values: list[Code]
    ) -> None:
        """Emit an assignment to several by way of temporaries; a target of None is a new variable."""
        temps = []
        for _ in values:
            s = self.temp("value")
            self.bind(s.number)
            temps.append(s.token)
        self.emit(f"{', '.join(temps)} = {', '.join(v.text for v in values)}")
        for left, temp, target, t in zip(lefts, temps, targets, types, strict=True):
            if target is None:
                assert t is not None
                self.define(left.obj, Code(temp), t)
            elif target.text != "_":
                self.store(target, Code(temp))

    def uses_any(self, n: Node, lefts: list[Node]) -> bool:
        names = {left.Name for left in lefts if left.kind == "Ident"}
        return any(i.Name in names for i in idents(n))

    def sym_is_ref(self, obj: Object) -> bool:
        var = self.analysis.vars.get(obj.index)
        return var is not None and self.is_ref(var)

    def permutes(self, lefts: list[Node], rights: list[Node]) -> bool:
        """Return whether an assignment only exchanges values: then structs need no copies."""
        if any(self.ty(r).under.kind not in ("struct", "array") for r in rights):
            return False
        return sorted(map(shape, lefts)) == sorted(map(shape, rights))

    def hold_lefts(self, lefts: list[Node], new: list[bool]) -> None:
        """Evaluate the operands on the left that an assignment further left would change."""
        for left in self.moved(lefts, new):
            self.hold_target(left)

    def moved(self, lefts: list[Node], new: list[bool]) -> list[Node]:
        """Return the targets that an assignment further left would change, or that have effects."""
        found: list[Node] = []
        assigned: set[int] = set()
        for left, isnew in zip(lefts, new, strict=True):
            if isnew or is_blank(left):
                continue
            if left.kind != "Ident":
                used = {i.obj.index for i in idents(left) if i.obj is not None}
                # An assignment to a variable leaves another variable, and so its fields, where they are.
                of_variable = left.kind == "SelectorExpr" and unparen(left.X).kind == "Ident"
                moves = -1 in assigned if of_variable else bool(assigned)
                if (
                    used & assigned
                    or has_effects(left)
                    or contains(left, "SliceExpr")
                    or (moves and contains(left, "SelectorExpr", "StarExpr"))
                ):
                    found.append(left)
                    continue
                assigned |= {-1}
            elif left.obj is not None:
                assigned.add(left.obj.index)
        return found

    def assign_results(self, lefts: list[Node], right: Node, define: bool) -> None:
        """Emit `a, b = f()` and the forms with ok."""
        new = [self.is_new(x, define) or (x.kind == "Ident" and bool(x.__dict__.get("def"))) for x in lefts]
        if right.kind == "IndexExpr" and self.ty(right.X).under.kind == "map":
            self.assign_lookup(lefts, right, new)
            return
        before = self.ty(right)
        types = [self.subst(t) for t in before.types]
        # Go calls the functions on the left first, and evaluates the other operands there last.
        moved = [] if all(new) else self.moved(lefts, new)
        self.hold_calls(moved, [False] * len(moved))
        code = self.expr(right)
        texts: list[str] = []
        after: list[Any] = []
        for left, t, isnew in zip(lefts, types, new, strict=True):
            if is_blank(left):
                texts.append("_")
                continue
            target_t = self.subst(left.obj.type) if isnew else self.ty(left)
            changed = self.changes(t, target_t)
            # What an interface holds stays in it.
            shared = right.kind == "TypeAssertExpr" and self.needs_copy(right, t)
            if isnew and not changed and not shared and not self.sym_is_ref(left.obj):
                texts.append(self.declare(left.obj).token)
                continue
            target = None if isnew or moved else self.target(left)
            if target is not None and not changed and not shared and not target.by_call:
                texts.append(target.text)
                continue
            s = self.temp(left.Name.lower() if left.kind == "Ident" else "value")
            self.bind(s.number)
            texts.append(s.token)
            value = self.copy_code(Code(s.token), t) if shared else Code(s.token)
            after.append((left, isnew, target, self.convert(value, t, target_t), target_t))
        if all(t == "_" for t in texts):
            self.emit(code.text)
        else:
            self.emit(f"{', '.join(texts)} = {code.text}")
        self.hold_lefts(lefts, new)
        for left, isnew, target, value, t in after:
            if isnew:
                self.define(left.obj, value, t)
            else:
                self.store(target or self.target(left), value)

    def assign_lookup(self, lefts: list[Node], right: Node, new: list[bool]) -> None:
        """Emit `v, ok := m[k]`."""
        u = self.ty(right.X).under
        moved = [] if all(new) else self.moved(lefts, new)
        self.hold_calls(moved, [False] * len(moved))
        self.order_calls([right.X, right.Index])
        if not is_pure(right.X):
            self.hold(right.X, "held")
        if not is_pure(right.Index):
            self.hold(right.Index, "key")
        v, ok = lefts
        if not is_blank(v):
            names = {i.obj.index for i in idents(right) if i.obj is not None}
            if v.kind == "Ident" and v.obj is not None and v.obj.index in names and not is_blank(ok):
                self.hold(right.Index, "key")
                self.hold(right.X, "held")
        self.hold_lefts(lefts, new)
        base = self.expr(right.X)
        key = self.read_key(right.Index, u)
        test = Code(f"{key} in {base.at(6)}", 5)
        value = self.map_get(right, base, u)
        elem = self.subst(u.elem)
        if self.value_like(elem) and self.mutable(elem):
            value = self.copy_code(value, elem)
        pairs = [(v, value, elem, new[0]), (ok, test, None, new[1])]
        for left, code, t, isnew in pairs:
            if is_blank(left):
                continue
            if isnew:
                target_t = self.subst(left.obj.type)
                self.define(left.obj, self.convert(code, t, target_t) if t is not None else code, target_t)
            else:
                target_t = self.ty(left)
                self.store(self.target(left), self.convert(code, t, target_t) if t is not None else code)

    def op_assign(self, n: Node, left: Node, op: str, right: Node | None) -> None:
        """Emit `x op= y`, or x++ and x-- if there is no y."""
        left = unparen(left)
        t = self.ty(left)
        if right is None:
            right = one(n, t)
        u = self.ty(left.X).under if left.kind == "IndexExpr" else None
        is_map = u is not None and u.kind == "map"
        if has_effects(right) and not self.steady(left):
            # Go reads the left side after the calls on the right, and makes its own calls before them.
            self.hold_calls([left], [False])
            self.hold(right, "value")
        y = self.expr(right)
        plain = self.plain_op(n, left, op, right, t, y)
        if plain is not None and not is_map:
            target = self.target(left)
            self.emit(
                f"{target.text} {op if op not in ('/',) or kind_of(t) == 'float' else '//'}= {plain.text}"
            )
            return
        target = self.hold_target(left) if not is_pure(left) else self.target(left)
        if is_map:
            assert u is not None
            x = self.map_get(left, self.expr(left.X), u)
        else:
            x = Code(target.text)
        value = self.arith(n, x, op, y, t, left, right)
        self.store(target, value)

    def steady(self, left: Node) -> bool:
        """Return whether nothing but this statement changes a variable while the right side is evaluated."""
        if left.kind != "Ident" or left.obj is None:
            return False
        var = self.analysis.vars.get(left.obj.index)
        return var is not None and var.func is not None and not var.captured and not var.addr

    def plain_op(self, n: Node, left: Node, op: str, right: Node, t: Type, y: Code) -> Code | None:
        """Return the right side of Python's own `op=`, if that is the same."""
        if not self.is_plain(t) and not (self.is_duration(t) and self.plain_durations()):
            return None
        k = kind_of(t)
        if k == "string":
            return y if op == "+" else None
        if k == "float":
            if (
                t.under.name == "float32"
                or (op == "/" and right.const is None)
                or (right.const is not None and op == "/" and float(right.const.value) == 0)
            ):
                return None
            return y
        if k == "complex":
            return y if op in ("+", "-", "*") and t.under.name != "complex64" else None
        if k != "int":
            return None
        if op in ("&", "|", "^"):
            return y
        if op == ">>" and right.const is not None:
            return y
        if op in ("/", "%"):
            return y if self.non_negative(left) and self.non_negative(right) else None
        if op in ("+", "-", "*") and not self.needs_wrap(n, op, left, right, t):
            return y
        return None

    def plain_durations(self) -> bool:
        return False


def operands_of(target: Node) -> list[Node]:
    """Return what is evaluated of the target of an assignment."""
    match target.kind:
        case "IndexExpr":
            return [target.X, target.Index]
        case "SelectorExpr" if target.sel.kind == "field":
            return [target.X]
        case "StarExpr":
            return [target.X]
    return []


def of_clause(var: Var) -> bool:
    """Return whether a variable is what a case of a select receives."""
    statement = var.decl.parent if var.decl is not None else None
    return statement is not None and statement.parent is not None and statement.parent.kind == "CommClause"


def without_conversion(n: Node) -> Node:
    """Return the operand of a conversion, which may be several; any other expression as it is."""
    n = unparen(n)
    return without_conversion(n.Args[0]) if n.kind == "CallExpr" and n.call == "conversion" else n


def one(n: Node, t: Type) -> Node:
    """Return the constant 1 of x++."""
    from ..tree import Const

    made = Node()
    made.__dict__.update(
        kind="BasicLit", id=-n.id - 1, line=n.line, col=n.col, end=n.end, Kind="INT", Value="1", type=t,
        const=Const("int", 1), mode="value", fields=(), parent=n,
    )  # fmt: skip
    if kind_of(t) == "float":
        made.__dict__["Kind"] = "FLOAT"
        made.__dict__["const"] = Const("float", 1.0)
        made.__dict__["Value"] = "1.0"
    return made


def shape(n: Node) -> str:
    """Return a text that is the same for expressions that are written the same."""
    n = unparen(n)
    match n.kind:
        case "Ident":
            return f"{n.Name}{n.obj.index if n.obj is not None else ''}"
        case "BasicLit":
            return str(n.Value)
        case "SelectorExpr":
            return f"{shape(n.X)}.{n.Sel.Name}"
        case "IndexExpr":
            return f"{shape(n.X)}[{shape(n.Index)}]"
        case "StarExpr":
            return f"*{shape(n.X)}"
        case "BinaryExpr":
            return f"({shape(n.X)}{n.Op}{shape(n.Y)})"
    return f"?{n.id}"


def uses_iota(n: Node) -> bool:
    return any(i.Name == "iota" for i in idents(n))


def comment_lines(c: Comment) -> list[str]:
    """Return the lines of a comment without its marks; none for a directive."""
    if c.kind == "line":
        text = c.text.removeprefix("//")
        if text.startswith(("go:", "+build", "line ", "export ", "nolint")):
            return []
        return [text[1:] if text.startswith(" ") else text]
    text = c.text.removeprefix("/*").removesuffix("*/")
    lines = [line.strip().removeprefix("* ").rstrip() for line in text.strip().splitlines()]
    return ["" if line == "*" else line for line in lines]


def quote(text: str) -> str:
    from .code import py_str

    return py_str(text)


__all__ = ["Statements", "Target", "kind_of"]
