"""Expressions with the same value and order of evaluation: names, selectors, elements, addresses."""

from __future__ import annotations

import re
from typing import Any

from ..kinds import core
from ..lists import is_last
from ..tree import Object, Type
from .code import ATOM, Code, Sym, call, py_str
from .gotypes import kind_of
from .names import camel, snake, upper
from .order import Order
from .scopes import Var, deref
from .testfiles import has_prefix
from .walk import Node, unparen

# The methods by which fmt and encoding/json show a value.
_SHOWN_BY = {"String", "Error", "Format", "GoString", "MarshalJSON", "MarshalText"}


class Expressions(Order):
    """Expressions."""

    obj_syms: dict[int, Sym]
    global_syms: dict[int, Sym]
    overrides: dict[int, Code]
    here: Node

    # --- the entry points -----------------------------------------------------------------------------------

    def expr(self, n: Node) -> Code:
        """Translate an expression, as it is: without the copy that an assignment makes."""
        held = self.overrides.get(n.id)
        if held is not None:
            return held
        if n.const is not None and n.mode != "type":
            return self.constant(n)
        method = getattr(self, f"expr_{n.kind}", None)
        if method is None:
            raise self.refuse(n, f"{n.kind} as an expression has no translation")
        code: Code = method(n)
        return code

    def value(self, n: Node, target: Type | None = None) -> Code:
        """Translate an expression whose value goes to a variable of type `target`.

        Copied and boxed as needed.
        """
        code = self.expr(n)
        t = self.ty(n)
        if t.kind == "tuple":
            return code
        if self.needs_copy(n, t) and not code.fresh:
            code = self.copy_code(code, t)
        return self.convert(code, t, target, n)

    def may_be_nil(self, base: Type) -> bool:
        raise NotImplementedError

    def copy_code(self, code: Code, t: Type) -> Code:
        """Return a copy of a struct or array."""
        t = self.subst(t)
        inside = t
        while inside.under.kind == "array":
            inside = self.subst(inside.under.elem)
        leaf = inside.under
        if self.foreign(t):
            return call(self.lib("copy_opaque"), code.arg)
        if code.call is not None and code.call[0] == self.lib("deref"):
            # A copy of nil panics, too.
            code = Code(code.call[1][0])
        opaque = leaf.kind == "struct" and self.foreign(inside) and inside.obj.pkg != "time"
        if t.under.kind != "array" or not (opaque or leaf.kind in ("pointer", "interface")):
            return call(self.lib("copy"), code.arg)
        # What is pointed to is not copied; at run time, a struct of the library is like a pointer to one.
        code = self.copy_lists(code, t)
        return call(self.class_of(t), code.text) if t.kind == "named" and not self.is_alias(t) else code

    def copy_lists(self, code: Code, t: Type) -> Code:
        """Return a copy of a list of lists; only structs of the library in the innermost are copied."""
        elem = self.subst(t.under.elem)
        if elem.under.kind not in ("array", "struct"):
            return Code(f"{code.at(ATOM)}[:]", fresh=True)
        row = self.temp("row").token
        return Code(f"[{self.copy_code(Code(row), elem).text} for {row} in {code.arg}]", fresh=True)

    def convert(self, code: Code, t: Type, target: Type | None, n: Node | None = None) -> Code:
        """Return a value of type t as one of type `target`, to which it is assignable."""
        if target is None:
            return code
        target = self.subst(target)
        if t is target:
            return code
        if t.kind == "basic" and t.name == "untyped nil":
            return self.nil_of(target)
        if self.is_interface(target) and not self.is_interface(t):
            return self.box(code, t, n)
        if (
            t.under.kind == "struct"
            and target.under.kind == "struct"
            and n is not None
            and not self.is_unit(t)
        ):
            if not self.foreign(t) and not self.foreign(target) and self.class_of(t) != self.class_of(target):
                return self.convert_struct(code, n, t, target, n)
            return code
        gets_name = target.kind == "named" and t.kind != "named" and not self.is_alias(target)
        if gets_name and self.foreign(target):
            return self.foreign_conversion(code, target, n)
        if gets_name and target.under.kind in ("slice", "map", "signature", "array"):
            if target.under.kind == "map" and not (n is not None and self.is_fresh(n)):
                self.note_shared_map(target)
            return call(self.class_of(target), code.arg)
        if self.sheds_name(t, target):
            return self.without_name(code, t, n)
        return code

    def foreign_conversion(self, code: Code, target: Type, n: Node | None) -> Code:
        """Return a value of a type without a name as one of a named type of the library."""
        if target.under.kind == "map" and not (n is not None and self.is_fresh(n)):
            raise self.refuse(
                n or self.here,
                f"a map that becomes {target.str} may be in use as another type, and Python would copy it; "
                f"make {target.str}{{}} and set its entries",
            )
        return call(self.class_of(target), code.arg) if target.under.kind in ("map", "slice") else code

    def sheds_name(self, t: Type, target: Type) -> bool:
        """Return whether an interface shows that a value of a named type is one of a plain type now."""
        return (
            t.kind == "named"
            and t.under.kind in ("slice", "array", "map")
            and target.kind != "named"
            and target.index in self.facts.plain_iface
            and not self.foreign(t)
            and not self.is_alias(t)
            and (self.facts.types_show or bool(_SHOWN_BY & {m.name for m in (t.origin or t).methods or []}))
        )

    def note_shared_map(self, *types: Type) -> None:
        """Note the named types of a map that is of two types at once: it stays a plain dict."""
        self.facts.bare_maps |= {t.index for t in types if t.kind == "named" and not self.foreign(t)}

    def without_name(self, code: Code, t: Type, n: Node | None) -> Code:
        """Return a value of a named type as one of its underlying type."""
        if t.under.kind == "map":
            self.note_shared_map(t)
            return code
        name = self.lib("Slice") if t.under.kind == "slice" else self.builtin("list")
        return call(name, code.arg)

    def nil_of(self, t: Type) -> Code:
        u = t.under
        if u.kind in ("slice", "map"):
            return self.zero(t)
        if u.kind in ("chan", "pointer"):
            self.facts.nil_sources.add(u.index)
            self.note_nil(t)
            return Code(self.lib("nil"))
        return self.nil_interface(t)

    def is_plain(self, t: Type) -> bool:
        """Return whether values of a basic kind are Python's own, with no class of the program."""
        return t.kind == "basic" or (t.kind == "named" and self.is_alias(t))

    def is_duration(self, t: Type) -> bool:
        return t.kind == "named" and t.obj.pkg == "time" and t.obj.name == "Duration"

    # --- names ----------------------------------------------------------------------------------------------

    def sym(self, obj: Object) -> Sym:
        """Return the symbol of a variable, constant, type or function of the program."""
        found = self.obj_syms.get(obj.index) or self.global_syms.get(obj.index)
        if found is not None:
            return found
        var = self.analysis.vars.get(obj.index)
        if obj.scope in ("package", "file") and obj.kind != "pkg":
            kind = {"const": "const", "type": "type", "func": "func"}.get(obj.kind, "global")
            if kind == "func" or (kind == "global" and kind_of(obj.type) == "signature"):
                base = self.function_name(obj.name, kind == "func" and has_prefix(obj.name, "Test"))
            else:
                base = {"const": upper, "type": self.type_name}.get(obj.kind, snake)(obj.name)
            if obj in self.examples or obj in self.fuzz_tests:
                base = f"test_{base}"
            sym = self.names.make(base, kind, go_name=obj.name)
            self.global_syms[obj.index] = sym
        else:
            assert obj.kind in ("var", "const", "type"), obj
            base = snake(obj.name) if obj.kind != "type" else self.type_name(obj.name)
            scope = var.scope if var is not None else ()
            func = var.func.id if var is not None and var.func is not None else 0
            t = self.subst(obj.type) if obj.type is not None else None
            kind = "local" if obj.kind != "type" else "type"
            sym = self.names.make(base, kind, go_name=obj.name, func=func, scope=scope)
            sym.declared = (obj.line, obj.col)
            for at in scope:
                node = self.program.nodes.get(at)
                if node is not None:
                    self.names.ends[at] = node.end
            sym.type_key = f"{t.index if t is not None else 0}"
            if var is not None and self.is_ref(var):
                sym.type_key += "ref"
            if self.is_list(obj):
                sym.type_key += "list"
            sym.captured_by_cell = var is not None and bool(var.captured) and not self.by_default(var)
            self.obj_syms[obj.index] = sym
            self.names.by_obj[obj.index] = sym.number
        return sym

    def type_name(self, name: str) -> str:
        """Return what to call the class of a type: pytest takes a class Test... for a class of tests."""
        base = camel(name)
        return f"_{base}" if self.testing and base.startswith("Test") else base

    @staticmethod
    def function_name(name: str, may_be_test: bool) -> str:
        """Return what to call a function: pytest takes one called test... for a test."""
        words = snake(name)
        return words if may_be_test or not words.startswith("test") else f"_{words}"

    def ref(self, obj: Object) -> str:
        """Return the token of an object, with its module if it is another package's."""
        if obj.scope in ("package", "file") or (obj.kind == "func" and obj.scope != "local"):
            return self.ref_global(obj)
        return self.sym(obj).token

    def ref_global(self, obj: Object) -> str:
        if obj.scope not in ("package", "file", "method") and obj.kind == "type":
            return self.sym(obj).token
        if obj.local and obj.pkg is not None and self.is_elsewhere(obj):
            return self.other_package(obj)
        return self.sym(obj).token

    def is_elsewhere(self, obj: Object) -> bool:
        """Return whether an object is in another module."""
        return obj.pkg != self.package.path

    def other_package(self, obj: Object) -> str:
        raise NotImplementedError

    def is_ref(self, var: Var) -> bool:
        """Return whether a variable is held in a Ref.

        Its address is taken, or each iteration needs one of its own.
        """
        t = var.type
        if t is None or var.obj.kind != "var":
            return False
        t = self.subst(t)
        if var.addr and not self.is_object(t) and t.under.kind != "array":
            return True
        return self.per_iteration(var) and not self.by_default(var)

    def per_iteration(self, var: Var) -> bool:
        """Return whether a function literal may outlive the iteration whose variable it captures."""
        loops = var.loops
        if var.loop_var and not self.file.per_iteration:
            # Before Go 1.22, all iterations have one variable.
            loops = loops[:-1]
        if not loops or not var.captured or var.obj.kind != "var":
            return False
        return any(not lit.called_now for lit in var.captured if lit.parent is var.func)

    def by_default(self, var: Var) -> bool:
        """Return whether a literal gets a variable of an iteration by a default argument."""
        if not self.per_iteration(var):
            return False
        if var.addr and not self.is_object(self.subst(var.type)) if var.type is not None else False:
            return True
        if not var.assigns:
            return True
        if var.loop_var and var.obj.index in self.counted:
            return True
        return not var.obj.assigned_after_capture and not var.obj.assigned_in_closure and not var.loop_var

    counted: set[int]

    def expr_Ident(self, n: Node) -> Code:
        obj = n.obj
        if obj is None:
            raise self.refuse(n, f"{n.Name} as a value has no translation")
        if obj.kind == "nil":
            return self.nil_of(self.ty(n))
        if obj.kind == "var":
            return self.variable(obj)
        if obj.kind == "func":
            return self.function_value(n, obj)
        if obj.kind == "const":
            return self.literal(obj.const.value if obj.const else 0, self.ty(n), n)
        raise self.refuse(n, f"{obj.kind} {n.Name} as a value has no translation")

    def variable(self, obj: Object) -> Code:
        var = self.analysis.vars.get(obj.index)
        name = self.ref(obj)
        if var is not None and self.is_ref(var):
            return Code(f"{name}.v")
        return Code(name)

    def function_value(self, n: Node, obj: Object) -> Code:
        self.facts.func_values.add(obj.index)
        if n.inst:
            return Code(self.instance_function(obj, [self.subst(t) for t in n.inst]))
        return Code(self.ref(obj))

    def instance_function(self, obj: Object, args: list[Type]) -> str:
        raise NotImplementedError

    def expr_ParenExpr(self, n: Node) -> Code:
        return self.expr(n.X)

    # --- addresses ------------------------------------------------------------------------------------------

    def address(self, x: Node, n: Node) -> Code:
        """Return &x."""
        x = unparen(x)
        t = self.ty(x)
        if x.kind == "CompositeLit":
            lit = self.expr(x)
            if self.is_object(t) or t.under.kind == "array":
                return lit
            return call(self.lib("Ref"), self.convert(lit, self.ty(x), t).arg)
        if x.kind == "StarExpr":
            return self.expr(x.X)
        if self.is_unit(t):
            raise self.refuse(n, "the address of a struct{} has no translation")
        if self.is_object(t) or t.under.kind == "array":
            return Code(self.expr(x).text, self.expr(x).prec)
        if x.kind == "Ident" and x.obj is not None:
            return Code(self.ref(x.obj))
        if x.kind == "SelectorExpr":
            if x.sel.kind == "qualified":
                return Code(self.ref(x.obj))
            base = self.walk_path(x)
            return call(self.lib("FieldRef"), base.arg, py_str(self.field_of(x)))
        if x.kind == "IndexExpr":
            self.order_calls([x.X, x.Index])
            base = self.expr(x.X)
            return call(self.lib("ElemRef"), base.arg, self.expr(x.Index).arg)
        raise self.refuse(n, f"the address of {x.kind} has no translation")

    def expr_StarExpr(self, n: Node) -> Code:
        p = self.expr(n.X)
        t = self.ty(n)
        if self.is_object(t) and self.is_local_named(t) and self.may_be_nil(t) and not selects(n):
            return call(self.lib("deref"), p.arg, fresh=False)
        if self.is_object(t) or t.under.kind == "array":
            return Code(p.text, p.prec)
        return Code(f"{p.at(ATOM)}.v")

    # --- selectors ------------------------------------------------------------------------------------------

    def walk_path(self, n: Node) -> Code:
        """Return the operand of a selector, with the embedded fields on the way."""
        base = self.expr(n.X)
        t = self.ty(n.X)
        text = base.at(ATOM)
        text = self.deref_struct(text, t)
        owner = deref(t.under) if t.under.kind == "pointer" else t
        assert owner is not None
        for step in n.sel.path:
            if self.foreign(owner) and step.name[:1].islower():
                # What a library embeds is its own business.
                break
            text += "." + (snake(step.name) if self.foreign(owner) else self.field_name(step.name, owner))
            inner = self.subst(step.type)
            owner = inner.under.elem if inner.under.kind == "pointer" else inner
        return Code(text)

    def deref_struct(self, text: str, t: Type) -> str:
        """Return the object that a pointer points to, where the pointer is not the object itself."""
        if t.under.kind == "pointer" and not self.is_object(t.under.elem):
            return text + ".v"
        return text

    def owner_of(self, n: Node) -> Type:
        """Return the struct type that directly has the field that a selector selects."""
        t = self.ty(n.X)
        owner = t.under.elem if t.under.kind == "pointer" else t
        for step in n.sel.path:
            inner = self.subst(step.type)
            owner = inner.under.elem if inner.under.kind == "pointer" else inner
        return owner

    def field_of(self, n: Node) -> str:
        owner = self.owner_of(n)
        if self.foreign(owner):
            return self.foreign_field(n, owner)
        return self.field_name(n.Sel.Name, owner)

    def foreign_field(self, n: Node, owner: Type) -> str:
        raise NotImplementedError

    def expr_SelectorExpr(self, n: Node) -> Code:
        sel = n.sel
        if sel is None:
            raise self.refuse(n, "this selector has no translation")
        if sel.kind == "qualified":
            return self.qualified(n)
        if sel.kind == "field":
            base = self.walk_path(n)
            return Code(f"{base.at(ATOM)}.{self.field_of(n)}")
        if sel.kind == "methodexpr":
            return self.method_expression(n)
        return self.method_value(n)

    def qualified(self, n: Node) -> Code:
        obj = n.obj
        if obj.local:
            if obj.kind == "func":
                return self.function_value(n, obj)
            if obj.kind == "var":
                return self.variable(obj)
            return self.literal(obj.const.value, self.ty(n), n)
        return self.foreign_value(n)

    def foreign_value(self, n: Node) -> Code:
        raise NotImplementedError

    def method_value(self, n: Node) -> Code:
        raise NotImplementedError

    def method_expression(self, n: Node) -> Code:
        raise NotImplementedError

    # --- elements -------------------------------------------------------------------------------------------

    def expr_IndexExpr(self, n: Node) -> Code:
        if n.inst or (n.X.inst if n.X.kind in ("Ident", "SelectorExpr") else False):
            return self.instantiated(n)
        t = self.ty(n.X)
        u = t.under
        if u.kind == "pointer":
            u = u.elem.under
        if u.kind == "signature":
            return self.instantiated(n)
        self.order_calls([n.X, n.Index])
        base = self.expr(n.X)
        if u.kind == "map":
            return self.map_get(n, base, u)
        if u.kind == "basic":
            return call(self.lib("str_at"), base.arg, self.expr(n.Index).arg)
        if is_last(n) and self.is_list(n.X):
            return Code(f"{base.at(ATOM)}[-1]")
        return Code(f"{self.deref_index(base, t)}[{self.index(n.Index, u)}]")

    def deref_index(self, base: Code, t: Type) -> str:
        return base.at(ATOM)

    def index(self, i: Node, u: Type) -> str:
        """Return an index of a slice or array."""
        code = self.expr(i)
        if u.kind == "array" and not self.safe_index(i, u.len):
            return call(self.lib("index"), code.arg, str(u.len)).text
        return code.text

    def safe_index(self, i: Node, n: int) -> bool:
        if i.const is not None:
            return True
        # Beyond the end, Python's IndexError has Go's words.
        return self.non_negative(i)

    def map_get(self, n: Node, base: Code, u: Type) -> Code:
        key = self.read_key(n.Index, u)
        self.note_zero(core(n.X.type).elem)
        zero = self.zero(u.elem)
        if zero.text == "None":
            return Code(f"{base.at(ATOM)}.get({key})", fresh=False)
        return Code(f"{base.at(ATOM)}.get({key}, {zero.text})", fresh=False)

    def map_key(self, n: Node, u: Type) -> str:
        """Return a key of a map: a copy that is never changed, arrays as tuples."""
        code = self.value(n, u.key)
        return self.key_code(code, u.key).arg

    def read_key(self, n: Node, u: Type) -> str:
        """Return a key to look up, which needs no copy."""
        return self.key_code(self.convert(self.expr(n), self.ty(n), u.key, n), u.key).arg

    def convert_struct(self, code: Code, arg: Node, source: Type, target: Type, n: Node) -> Code:
        raise NotImplementedError

    def key_code(self, code: Code, t: Type) -> Code:
        t = self.subst(t)
        u = t.under
        self.note_struct_key(t)
        if u.kind == "array":
            if u.elem.under.kind in ("array", "interface", "struct"):
                return call(self.lib("array_key"), code.arg)
            if kind_of(u.elem) in ("float", "complex"):
                mapped = call(self.builtin("map"), self.lib("float_key"), code.arg)
                return call(self.builtin("tuple"), mapped.text)
            items = list_items(code.text)
            if items is not None:
                return Code(f"({items},)" if u.len == 1 else f"({items})")
            return call(self.builtin("tuple"), code.arg)
        if kind_of(t) in ("float", "complex") and not re.fullmatch(r"-?[\d.e+]+", code.text):
            return call(self.lib("float_key"), code.arg) if self.is_plain(t) else code
        if u.kind == "pointer" and self.is_object(u.elem):
            self.facts.ptr_keys.add(u.elem.index)
            if u.elem.index in self.facts.struct_keys:
                raise self.refuse(self.here, f"maps with keys {u.elem.str} and {t.str} have no translation")
        if u.kind == "interface":
            return call(self.lib("key"), code.arg)
        return code

    def note_struct_key(self, t: Type) -> None:
        """Note the structs in a key of a map, which are compared by their values."""
        if t.under.kind == "array":
            elem = self.subst(t.under.elem)
            self.note_struct_key(elem)
            if elem.under.kind == "pointer" and self.is_object(elem.under.elem):
                self.facts.ptr_keys.add(elem.under.elem.index)
        elif t.under.kind == "struct":
            self.facts.struct_keys.add(t.index)
            for f in t.under.fields:
                self.note_struct_key(self.subst(f.type))

    def from_key(self, code: str, t: Type) -> str:
        """Return the value that a key of a dict stands for."""
        t = self.subst(t)
        u = t.under
        if u.kind == "array":
            if u.elem.under.kind in ("array", "interface", "struct"):
                return f"{self.lib('unkey')}({code})"
            named = t.kind == "named" and not self.is_alias(t)
            return f"{self.class_of(t) if named else self.builtin('list')}({code})"
        if u.kind == "interface":
            return f"{self.lib('unkey')}({code})"
        return code

    def changes_key(self, t: Type) -> bool:
        return self.subst(t).under.kind in ("array", "interface")

    def instantiated(self, n: Node) -> Code:
        x = unparen(n.X)
        obj = x.obj
        inst = n.inst or x.inst
        if obj is None or obj.kind != "func" or not inst:
            raise self.refuse(n, "this instantiation has no translation")
        if not obj.local:
            return self.expr(x)
        self.facts.func_values.add(obj.index)
        return Code(self.instance_function(obj, [self.subst(t) for t in inst]))

    def expr_IndexListExpr(self, n: Node) -> Code:
        return self.instantiated(n)

    def expr_SliceExpr(self, n: Node) -> Code:
        t = self.ty(n.X)
        u = t.under
        self.order_calls([x for x in (n.X, n.Low, n.High, n.Max) if x is not None])
        base = self.expr(n.X)
        low = self.expr(n.Low).text if n.Low is not None else ""
        high = self.expr(n.High).text if n.High is not None else ""
        if u.kind == "basic":
            args = [base.arg]
            if low or high:
                args.append(low or "0")
            if high:
                args.append(high)
            if len(args) == 1:
                return base
            return self.wrap_class(call(self.lib("str_slice"), *args), t)
        if u.kind in ("array", "pointer"):
            elem = (u.elem.under if u.kind == "pointer" else u).elem
            if u.kind == "pointer":
                base = call(self.lib("deref"), base.arg)
            base = call(f"{self.lib('Slice')}[{self.ann(elem)}]", base.arg)
            if not low and not high and n.Max is None:
                return base
        text = f"{low}:{high}"
        if n.Max is not None:
            text += f":{self.expr(n.Max).text}"
        return Code(f"{base.at(ATOM)}[{text}]", fresh=True)

    def expr_TypeAssertExpr(self, n: Node) -> Code:
        t = self.ty(n)
        static = self.ty(n.X)
        self.facts.types_show = True
        if t.kind == "tuple":
            t = t.types[0]
            self.note_assert(t)
            args = [self.expr(n.X).arg, self.type_arg(t)]
            if self.foreign(t) and t.under.kind == "struct":
                # The class of a library stands for the pointer to it, too.
                args.append(self.zero(t).arg)
            return call(self.lib("assert_type_ok"), *args, fresh=False)
        self.note_assert(t)
        args = [self.expr(n.X).arg, self.type_arg(t)]
        if static.kind == "named" and not static.under.methods and not static.under.embeds:
            args.append(py_str(static.str))
        elif static.under.methods or static.kind == "named":
            args.append(self.type_arg(static))
        return call(self.lib("assert_type"), *args, fresh=False)

    def note_assert(self, t: Type) -> None:
        if t.under.kind == "pointer":
            self.facts.nil_sources.add(t.under.index)
        if not self.is_interface(t):
            self.note_iface(t)

    def type_arg(self, t: Type) -> str:
        """Return the annotation of a type, as an argument of a run-time helper."""
        t = self.subst(t)
        if self.is_bare(t):
            if t.under.kind == "signature":
                return self.class_of(t)
            # To a type checker, the values are those of the underlying type.
            return f"{self.typing('Annotated')}[{self.ann(t.under)}, {self.class_of(t)}]"
        if t.under.kind == "interface" and (t.under.methods or t.under.embeds):
            self.facts.asserted.add(t.index)
            if t.kind == "named":
                text = self.ann(t)
                return self.anonymous_interface(t) if text == self.typing("Any") else text
            return self.anonymous_interface(t)
        with self.aside(units=True):
            return self.ann(t)

    def anonymous_interface(self, t: Type) -> str:
        raise NotImplementedError

    # --- elsewhere ------------------------------------------------------------------------------------------

    def receive(self, n: Node) -> Code:
        raise NotImplementedError

    def expr_FuncLit(self, n: Node) -> Code:
        raise NotImplementedError

    def expr_CallExpr(self, n: Node) -> Code:
        raise NotImplementedError

    def constant(self, n: Node) -> Code:
        raise NotImplementedError

    def literal(self, value: Any, t: Type, n: Node) -> Code:
        raise NotImplementedError

    def wrap_class(self, code: Code, t: Type) -> Code:
        raise NotImplementedError

    def non_negative(self, n: Node) -> bool:
        raise NotImplementedError


def selects(n: Node) -> bool:
    """Return whether only a field, element or method of an expression is used."""
    child, parent = n, n.parent
    while parent is not None and parent.kind == "ParenExpr":
        child, parent = parent, parent.parent
    return parent is not None and parent.kind in ("SelectorExpr", "IndexExpr") and parent.X is child


def list_items(text: str) -> str | None:
    """Return what is between the brackets of a list with its elements; None for any other expression."""
    if not (text.startswith("[") and text.endswith("]")) or " for " in text or text == "[]":
        return None
    depth = 0
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', lambda found: "_" * len(found[0]), text)
    for at, c in enumerate(bare):
        depth += (c in "[({") - (c in "])}")
        if depth == 0 and at < len(text) - 1:
            return None
    return text[1:-1] if depth == 0 else None
