"""Calls of Go's builtin functions."""

from __future__ import annotations

from functools import cached_property

from ..tree import Object, Type
from .code import ATOM, MUL, UNARY, Code, call
from .conversions import Conversions
from .gotypes import kind_of
from .scopes import type_key
from .walk import Node, unparen


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
                if value.kind == "CallExpr" and value.call == "conversion":
                    return "set" if kind_of(value.Args[0].type) == "string" else ""
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
        case "SliceExpr":
            up = parent.parent
            text = up.kind == "CallExpr" and up.call == "conversion" and kind_of(up.type) == "string"
            if parent.X is not x or not text:
                return ""
            # The end may be beyond the length.
            return "slice" if parent.High is None else "cap"
        case "RangeStmt":
            return "range" if parent.X is x else ""
        case "BinaryExpr":
            return "compare"
    return ""


class Builtins(Conversions):
    """Calls of builtin functions."""

    def builtin_len(self, n: Node) -> Code:
        arg = n.Args[0]
        t = self.ty(arg)
        code = self.expr(arg)
        if kind_of(t) == "string":
            return call(self.lib("str_len"), code.arg)
        if t.under.kind == "pointer":
            # The length is that of the type, also if the pointer is nil.
            return Code(f"({code.arg}, {t.under.elem.under.len})[1]")
        if t.under.kind == "chan" and self.may_be_nil_chan(t, arg):
            return call(self.lib("chan_len"), code.arg)
        return call(self.builtin("len"), code.arg)

    def may_be_nil_chan(self, t: Type, n: Node | None = None) -> bool:
        """Return whether a channel, n of type t, may be nil: somewhere in the program there is a nil one."""
        if n is not None and self.is_made(unparen(n)):
            return False
        elem = t.under.elem
        if n is not None and not self.nils.may_be_nil(n):
            return False
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
        if t.under.kind == "pointer":
            return self.builtin_len(n)
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
            return self.in_place(t, self.overwrites(t), "append_all", base.arg, other.arg)
        name = "append_on_stack" if self.on_stack(unparen(args[0])) else "append"
        values = [self.value(a, elem_t).arg for a in args[1:]]
        return self.in_place(t, self.overwrites(t), name, base.arg, *values)

    def overwrites(self, t: Type) -> bool:
        """Return whether an append may overwrite elements: of a slice that is longer elsewhere."""
        return type_key(self.subst(t.under.elem)) in self.analysis.resliced

    def in_place(self, t: Type, overwrites: bool, name: str, *args: str) -> Code:
        """Return a call that overwrites elements of a slice, so that pointers to them stay valid."""
        if overwrites and self.has_pointers_into(t):
            return call(self.lib("keep_places"), self.lib(name), *args)
        return call(self.lib(name), *args)

    def has_pointers_into(self, t: Type) -> bool:
        """Return whether t is a slice of structs, and there are pointers to elements of such slices."""
        if t.under.kind != "slice":
            return False
        elem = self.subst(t.under.elem)
        return self.is_object(elem) and type_key(elem) in self.analysis.elem_kept

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
        self.order_calls(n.Args)
        args = [self.expr(arg).arg for arg in n.Args]
        return self.in_place(self.ty(n.Args[0]), True, "copy_slice", *args)

    def builtin_delete(self, n: Node) -> Code:
        self.order_calls(n.Args)
        u = self.ty(n.Args[0]).under
        base = self.expr(n.Args[0])
        return call(f"{base.at(ATOM)}.pop", self.map_key(n.Args[1], u), "None")

    def builtin_clear(self, n: Node) -> Code:
        return self.in_place(self.ty(n.Args[0]), True, "clear", self.expr(n.Args[0]).arg)

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
        if elem.under.kind == "chan":
            self.facts.nil_sources.add(elem.under.index)
        self.note_nil(elem)
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

    @cached_property
    def own_signals(self) -> bool:
        """Whether the program has a type that may be an os.Signal."""
        named = (t for t in self.program.types if t.kind == "named" and t.obj.local)
        return any("Signal" in (t.ptrmethodset or ()) for t in named if t.under.kind != "interface")

    def chan_elem_ann(self, t: Type) -> str:
        """Return the annotation of the elements of a channel that is made, which checks what is sent."""
        t = self.subst(t)
        if t.kind == "named" and t.obj.pkg == "os" and t.obj.name == "Signal" and self.own_signals:
            return self.typing("Any")
        if self.has_nil(t) and self.excludes_nil(t):
            return f"{self.lib('OrNil')}[{self.ann(t)}]"
        return self.ann(t)

    def excludes_nil(self, t: Type) -> bool:
        """Return whether None is no value of the annotation of a type that has nil."""
        u = t.under
        if u.kind == "pointer":
            to_struct = self.foreign(u.elem) and u.elem.under.kind == "struct"
            return to_struct or not (self.is_object(u.elem) or u.elem.under.kind == "array")
        if u.kind == "interface":
            return self.foreign(t)
        return u.kind in ("chan", "signature")

    def builtin_complex(self, n: Node) -> Code:
        self.order_calls(n.Args)
        return call(self.builtin("complex"), *(self.expr(a).arg for a in n.Args))

    def builtin_real(self, n: Node) -> Code:
        return Code(f"{self.expr(n.Args[0]).at(ATOM)}.real")

    def builtin_imag(self, n: Node) -> Code:
        return Code(f"{self.expr(n.Args[0]).at(ATOM)}.imag")
