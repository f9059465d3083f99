"""Go's types in Python.

Annotations, zero values, when a value is copied, and when it needs a box in an interface.
"""

from __future__ import annotations

from typing import Any

from ..lists import Lists
from ..nils import NilChannels
from ..tree import Field, Object, Type
from .base import Base
from .code import ATOM, Code, Sym, call
from .names import camel, snake
from .scopes import type_key
from .walk import Node, unparen

_BASIC = {
    "int": "int",
    "string": "str",
    "bool": "bool",
    "float64": "float",
    "complex128": "complex",
    "untyped int": "int",
    "untyped string": "str",
    "untyped bool": "bool",
    "untyped float": "float",
    "untyped rune": "int",
    "untyped complex": "complex",
}
SIGNED = {"int": 64, "int8": 8, "int16": 16, "int32": 32, "int64": 64, "rune": 32}
UNSIGNED = {"uint": 64, "uint8": 8, "uint16": 16, "uint32": 32, "uint64": 64, "uintptr": 64, "byte": 8}
_INTS = {*SIGNED, *UNSIGNED, "untyped int", "untyped rune"}
_FLOATS = {"float32", "float64", "untyped float"}


def kind_of(t: Type | None) -> str:
    """Return "int", "float", "string", "bool", "complex", or the kind of the underlying type."""
    if t is None:
        return ""
    u = t.under
    if u.kind != "basic":
        return u.kind
    name = u.name
    if name in _INTS:
        return "int"
    if name in _FLOATS:
        return "float"
    if name.endswith("string"):
        return "string"
    if name.endswith("bool"):
        return "bool"
    if "complex" in name:
        return "complex"
    return "nil" if name == "untyped nil" else name


# The methods that the library looks for in any value.
_LOOKED_FOR = {"string", "error", "format", "go_string", "unwrap", "is_", "as_", "read", "write"}
# The classes that named types inherit from, whose methods the port and the library call.
_BASES: dict[str, type] = {
    "int": int, "float": float, "complex": complex, "string": str, "map": dict, "array": list
}  # fmt: skip
_SLICE_NAMES = {"count", "elem_type", "index", "is_nil", "replace", "slice3", "tolist"}
# The attributes of Boxed and PointerBox, which are in the place of a value in an interface.
_OF_BOXES = {"t", "v"}


def inherited(kind: str) -> set[str]:
    """Return the names of the methods that a class of a named type of this kind inherits."""
    if kind == "slice":
        return _SLICE_NAMES
    return {name for name in dir(_BASES[kind]) if name[0] != "_"} if kind in _BASES else set()


# Types of Go's library whose nil pointers have a text of their own.
_TEXT_OF_NIL = {"net/url.Userinfo"}


class Types(Base):
    """Types, for the other passes."""

    type_syms: dict[int, Sym]
    anonymous: dict[int, Sym]
    made_types: dict[tuple[Any, ...], Type]

    # --- substitution -------------------------------------------------------------------------------------

    def ty(self, n: Node) -> Type:
        """Return the type of an expression, with the type arguments of the current instance."""
        t = n.type
        if t is None:
            raise self.refuse(n, f"{n.kind} without a type")
        return self.subst(t)

    def subst(self, t: Type) -> Type:
        if not self.subst_env:
            return t
        return self._subst(t)

    def _subst(self, t: Type) -> Type:
        if t.kind == "typeparam":
            return self.subst_env.get(t.index, t)
        if not self.has_typeparam(t):
            return t
        parts: tuple[Any, ...]
        match t.kind:
            case "pointer" | "slice" | "array" | "chan":
                elem = self._subst(t.elem)
                return self.make_type(t, t.kind, elem, getattr(t, "len", None), getattr(t, "dir", None))
            case "map":
                return self.make_map(self._subst(t.key), self._subst(t.elem))
            case "signature":
                parts = (
                    tuple(self._subst(p.type).index for p in t.params),
                    tuple(self._subst(p.type).index for p in t.results),
                    t.variadic,
                )
                found = self.made_types.get(("signature", *parts))
                if found is None:
                    found = self.made_types["signature", *parts] = self._new_type("signature", t)
                    found.params = [p._replace(type=self._subst(p.type)) for p in t.params]
                    found.results = [p._replace(type=self._subst(p.type)) for p in t.results]
                    found.variadic = t.variadic
                    found.recv = None
                    found.tparams = []
                return found
            case "struct":
                return self.make_struct(t, [f._replace(type=self._subst(f.type)) for f in t.fields])
            case "tuple":
                parts = (tuple(self._subst(p).index for p in t.types),)
                found = self.made_types.get(("tuple", *parts))
                if found is None:
                    found = self.made_types["tuple", *parts] = self._new_type("tuple", t)
                    found.types = [self._subst(p) for p in t.types]
                return found
            case "named":
                return self.named_instance(t.origin or t, [self._subst(a) for a in t.args])
            case "interface":
                return t
        return t

    def _new_type(self, kind: str, like: Type) -> Type:
        t = Type()
        t.kind = kind
        t.index = 1_000_000 + len(self.made_types)
        t.str = self.shown(like)
        return t

    def shown(self, t: Type) -> str:
        text = t.str
        for index, arg in self.subst_env.items():
            name = self.program.types[index].name
            import re

            text = re.sub(rf"\b{re.escape(name)}\b", arg.str, text)
        return text

    def make_type(self, like: Type, kind: str, elem: Type, length: int | None, direction: str | None) -> Type:
        for t in self.program.types:
            if t.kind == kind and t.elem is elem and getattr(t, "len", None) == length:
                if getattr(t, "dir", None) == direction:
                    return t
        key = (kind, elem.index, length, direction)
        found = self.made_types.get(key)
        if found is None:
            found = self.made_types[key] = self._new_type(kind, like)
            found.elem = elem
            if length is not None:
                found.len = length
            if direction is not None:
                found.dir = direction
            if kind == "slice":
                found.str = f"[]{elem.str}"
            elif kind == "pointer":
                found.str = f"*{elem.str}"
        return found

    def make_map(self, key: Type, elem: Type) -> Type:
        for t in self.program.types:
            if t.kind == "map" and t.key is key and t.elem is elem:
                return t
        at = ("map", key.index, elem.index)
        found = self.made_types.get(at)
        if found is None:
            t = Type()
            t.kind, t.key, t.elem, t.index = "map", key, elem, 1_000_000 + len(self.made_types)
            t.str = f"map[{key.str}]{elem.str}"
            found = self.made_types[at] = t
        return found

    def make_struct(self, like: Type, fields: list[Field]) -> Type:
        """Return the struct type without a name that has these fields; make it if the program has none."""

        def parts(fields: list[Field]) -> tuple[Any, ...]:
            return tuple((f.name, f.type.index, f.embedded, f.tag) for f in fields)

        for t in self.program.types:
            if t.kind == "struct" and parts(t.fields) == parts(fields):
                return t
        found = self.made_types.get(("struct", *parts(fields)))
        if found is None:
            found = self.made_types["struct", *parts(fields)] = self._new_type("struct", like)
            found.fields = fields
            found.methodset = found.ptrmethodset = []
        return found

    def named_instance(self, origin: Type, args: list[Type]) -> Type:
        for t in self.program.types:
            if t.kind == "named" and t.origin is origin and len(t.args) == len(args):
                if all(a is b for a, b in zip(t.args, args, strict=True)):
                    return t
        key = ("named", origin.index, tuple(a.index for a in args))
        found = self.made_types.get(key)
        if found is None:
            t = Type()
            t.kind = "named"
            t.obj = origin.obj
            t.origin = origin
            t.args = args
            t.tparams = []
            t.methods = origin.methods
            t.methodset = origin.methodset
            t.ptrmethodset = origin.ptrmethodset
            t.index = 1_000_000 + len(self.made_types)
            t.str = f"{origin.str.partition('[')[0]}[{','.join(map(argument_name, args))}]"
            found = self.made_types[key] = t
            with self.aside(subst_env={p.index: a for p, a in zip(origin.tparams, args, strict=True)}):
                t._under = self._subst(origin.under)
        return found

    def has_typeparam(self, t: Type, seen: frozenset[int] = frozenset()) -> bool:
        known = self._typeparams.get(t.index)
        if known is not None:
            return known
        if t.index in seen:
            return False
        seen = seen | {t.index}
        match t.kind:
            case "typeparam":
                found = True
            case "pointer" | "slice" | "array" | "chan":
                found = self.has_typeparam(t.elem, seen)
            case "map":
                found = self.has_typeparam(t.key, seen) or self.has_typeparam(t.elem, seen)
            case "signature":
                found = any(self.has_typeparam(p.type, seen) for p in (*t.params, *t.results))
            case "struct":
                found = any(self.has_typeparam(f.type, seen) for f in t.fields)
            case "tuple":
                found = any(self.has_typeparam(p, seen) for p in t.types)
            case "named":
                found = any(self.has_typeparam(a, seen) for a in t.args)
                if not t.args and t.tparams:
                    found = True
            case _:
                found = False
        self._typeparams[t.index] = found
        return found

    _typeparams: dict[int, bool]

    # --- what kind of value -------------------------------------------------------------------------------

    def is_object(self, t: Type) -> bool:
        """Return whether a pointer to a t is the Python object itself.

        Structs, and slice types with pointer methods.
        """
        u = t.under
        if u.kind == "struct":
            return True
        if t.kind == "named" and u.kind == "array":
            return self.type_has_methods(t)
        return t.kind == "named" and u.kind == "slice" and any(m.ptr for m in (t.origin or t).methods or [])

    def is_unit(self, t: Type) -> bool:
        """Return whether t is struct{}."""
        return t.kind == "struct" and not t.fields

    def is_local_named(self, t: Type) -> bool:
        return t.kind == "named" and t.obj.pkg is not None and bool(t.obj.local)

    def foreign(self, t: Type) -> bool:
        """Return whether t is a named type of Go's library."""
        return t.kind == "named" and not t.obj.local and t.obj.scope != "universe"

    def mutable(self, t: Type, seen: frozenset[int] = frozenset()) -> bool:
        """Return whether values of a struct or array type are changed in place somewhere."""
        if t.index in seen:
            return False
        if type_key(t) in self.analysis.mutated:
            return True
        if t.kind == "named" and t.origin is not None and type_key(t.origin) in self.analysis.mutated:
            return True
        if (
            t.kind == "named"
            and t.origin is not None
            and t.args
            and any(
                type_key(x) in self.analysis.mutated
                for x in self.program.types
                if x.kind == "named" and x.origin is t.origin
            )
        ):
            return True
        u = t.under
        if type_key(u) in self.analysis.mutated:
            return True
        seen = seen | {t.index}
        if u.kind == "struct":
            if self.foreign(t):
                return t.obj.pkg not in ("time", "sync", "sync/atomic", "context")
            return any(
                self.mutable(f.type, seen)
                for f in u.fields
                if f.type.under.kind in ("struct", "array") or self.is_object(f.type)
            )
        if u.kind == "array":
            return u.elem.under.kind in ("struct", "array") and self.mutable(u.elem, seen)
        return u.kind == "slice" and self.is_object(t) and type_key(t) in self.analysis.mutated

    def value_like(self, t: Type) -> bool:
        return t.under.kind in ("struct", "array") or self.is_object(t)

    def is_fresh(self, n: Node) -> bool:
        """Return whether the value of an expression has no other owner."""
        n = unparen(n)
        match n.kind:
            case "CompositeLit" | "FuncLit" | "BasicLit" | "BinaryExpr":
                return True
            case "CallExpr":
                return n.call != "conversion" or self.is_fresh(n.Args[0])
            case "UnaryExpr":
                return True
        return False

    def needs_copy(self, n: Node, t: Type) -> bool:
        return self.value_like(t) and not self.is_unit(t) and not self.is_fresh(n) and self.mutable(t)

    # --- classes of the program ---------------------------------------------------------------------------

    def type_has_methods(self, t: Type) -> bool:
        return bool((t.origin or t).methods)

    def is_alias(self, t: Type) -> bool:
        """Return whether a named type is just another name of its underlying type in Python.

        That is so if it has no methods and never gets into an interface.
        """
        if t.kind != "named" or not t.obj.local:
            return False
        u = t.under
        if u.kind in ("struct", "interface"):
            return False
        if u.kind in ("pointer", "chan") or self.is_bare(t):
            return True
        if self.type_has_methods(t):
            return False
        if u.kind == "signature":
            return True
        return t.index not in self.facts.named_iface

    def is_bare(self, t: Type) -> bool:
        """Return whether the values of a named type are those of its underlying type in Python.

        It has a class for its name, and for its methods, which are static.
        """
        if t.kind != "named" or not t.obj.local:
            return False
        shown = t.index in self.facts.named_iface
        if t.under.kind == "signature":
            return shown and not self.type_has_methods(t)
        if t.under.kind in ("chan", "pointer") or kind_of(t) == "bool" or t.index in self.facts.bare_maps:
            return shown or self.type_has_methods(t)
        return False

    def class_of(self, t: Type) -> str:
        """Return the name of the class of a named type of the program, or of an anonymous struct."""
        if t.kind == "struct":
            return self.anonymous_struct(t)
        if not t.obj.local:
            return self.foreign_type(t)
        if t.args or (t.origin is None and t.tparams):
            return self.instance_class(t)
        return self.ref_global(t.obj)

    def foreign_type(self, t: Type) -> str:
        raise NotImplementedError

    def instance_class(self, t: Type) -> str:
        raise NotImplementedError

    def ref_global(self, obj: Object) -> str:
        raise NotImplementedError

    def anonymous_struct(self, t: Type) -> str:
        raise NotImplementedError

    def anonymous_interface(self, t: Type) -> str:
        raise NotImplementedError

    # --- annotations --------------------------------------------------------------------------------------

    def ann(self, t: Type) -> str:
        """Return the annotation that describes a type."""
        t = self.subst(t)
        if self.units and self.is_bare(t):
            return self.class_of(t)
        if self.in_fields and self.is_bare(t) and t.under.kind != "signature":
            return f"{self.typing('Annotated')}[{self.ann(t.under)}, {self.class_of(t)}]"
        match t.kind:
            case "basic":
                name = _BASIC.get(t.name)
                if name is not None:
                    return self.builtin(name)
                if t.name == "untyped nil":
                    return self.typing("Any")
                return self.lib(t.name)
            case "pointer":
                if self.foreign(t.elem) and t.elem.under.kind == "struct":
                    return self.ann(t.elem)
                if self.is_object(t.elem) and not self.is_unit(t.elem):
                    return f"{self.lib('Pointer')}[{self.ann(t.elem)}]"
                if t.elem.under.kind == "array":
                    return f"{self.lib('Pointer')}[{self.ann(t.elem)}]"
                return f"{self.lib('Ref')}[{self.ann(t.elem)}]"
            case "slice":
                return f"{self.lib('Slice')}[{self.elem_ann(t.elem)}]"
            case "array":
                return f"{self.typing('Annotated')}[{self.builtin('list')}[{self.elem_ann(t.elem)}], {self.lib('Len')}({t.len})]"  # noqa: E501
            case "map":
                return f"{self.builtin('dict')}[{self.key_ann(self.subst(t.key))}, {self.elem_ann(t.elem)}]"
            case "chan":
                name = {"both": "Chan", "send": "SendChan", "recv": "RecvChan"}[t.dir]
                return f"{self.gochan(name)}[{self.elem_ann(t.elem)}]"
            case "struct":
                return "None" if not t.fields and not self.units else self.anonymous_struct(t)
            case "signature":
                result = self.result_ann([r.type for r in t.results])
                return f"{self.callable()}[{self.params_ann(t)}, {result}]"
            case "interface":
                return self.anonymous_interface(t) if t.methods and not t.terms else self.typing("Any")
            case "tuple":
                return self.result_ann(t.types)
            case "named":
                if t.obj.scope == "universe":
                    if t.obj.name != "error":
                        return self.typing("Any")
                    return self.lib("error")
                return self.bare_ann(t) if self.is_bare(t) else self.class_of(t)
            case "typeparam":
                return self.typing("Any")
        return self.typing("Any")

    def elem_ann(self, t: Type) -> str:
        """Return the annotation of a type's elements.

        Where the annotation is to name the type, a pointer to a struct of the library is a Pointer: its class
        alone names the struct.
        """
        t = self.subst(t)
        text = self.ann(t)
        if self.units and t.kind == "pointer" and self.foreign(t.elem) and t.elem.under.kind == "struct":
            return f"{self.lib('Pointer')}[{text}]"
        return text

    bare_outer: frozenset[int] = frozenset()

    def bare_ann(self, t: Type) -> str:
        """Return the annotation of a named type whose class only holds its methods."""
        if t.index in self.bare_outer:
            return self.typing("Any")
        outer = self.bare_outer
        self.bare_outer |= {t.index}
        try:
            return self.ann(t.under)
        finally:
            self.bare_outer = outer

    def params_ann(self, t: Type) -> str:
        """Return the annotation of a function type's parameters; in full if it identifies the type."""
        if t.variadic and not self.units:
            return "..."
        params = [self.ann(p.type) for p in t.params]
        if t.variadic:
            rest = f"{self.builtin('tuple')}[{self.ann(t.params[-1].type.elem)}, ...]"
            params[-1] = f"{self.typing('Unpack')}[{rest}]"
        return f"[{', '.join(params)}]"

    def key_ann(self, t: Type) -> str:
        """Return the annotation of a map's key: an array is a tuple there."""
        if not self.is_tuple_key(t):
            return self.ann(t)
        named = t.kind == "named" and not self.is_alias(t)
        what = self.class_of(t) if named else f"{self.lib('Len')}({t.under.len})"
        return f"{self.typing('Annotated')}[{self.builtin('tuple')}[{self.ann(t.under.elem)}, ...], {what}]"

    def is_tuple_key(self, t: Type) -> bool:
        """Return whether a key of this type is a tuple in Python."""
        return t.under.kind == "array" and t.under.elem.under.kind not in ("array", "interface", "struct")

    in_fields: bool = False

    def callable(self) -> str:
        return "\x02abc:Callable\x03"

    def plain_ann(self, t: Type) -> str:
        """Return an annotation for a type checker alone: arrays are lists."""
        t = self.subst(t)
        if t.kind == "array":
            return f"{self.builtin('list')}[{self.plain_ann(t.elem)}]"
        if t.kind == "slice":
            return f"{self.lib('Slice')}[{self.plain_ann(t.elem)}]"
        if t.kind == "map":
            key = self.plain_ann(t.key)
            if self.is_tuple_key(t.key):
                key = f"{self.builtin('tuple')}[{self.plain_ann(t.key.under.elem)}, ...]"
            return f"{self.builtin('dict')}[{key}, {self.plain_ann(t.elem)}]"
        if t.kind == "pointer" and t.elem.under.kind == "array":
            return self.plain_ann(t.elem)
        return self.ann(t)

    # --- slices that are lists ----------------------------------------------------------------------------

    lists: Lists
    nils: NilChannels

    def is_list(self, what: Node | Object | None, result: int | None = None) -> bool:
        """Return whether a slice is a list: a variable, an expression's value, or a result of a function."""
        if what is None:
            return False
        if isinstance(what, Object):
            return self.lists.variable(what)
        return self.lists.value(what) if result is None else self.lists.result(what, result)

    def list_ann(self, t: Type, is_list: bool) -> str:
        """Return an annotation for a type checker alone, where the value may be a list."""
        if is_list:
            return f"{self.builtin('list')}[{self.plain_ann(self.subst(t).elem)}]"
        return self.plain_ann(t)

    def results_ann(self, node: Node, results: list[Type]) -> str:
        """Return the annotation of a function's results."""
        texts = [self.list_ann(t, self.is_list(node, i)) for i, t in enumerate(results)]
        if len(texts) < 2:
            return texts[0] if texts else "None"
        return f"{self.builtin('tuple')}[{', '.join(texts)}]"

    def result_ann(self, results: list[Type]) -> str:
        if not results:
            return "None"
        if len(results) == 1:
            return self.plain_ann(results[0])
        return f"{self.builtin('tuple')}[{', '.join(self.plain_ann(r) for r in results)}]"

    # --- zero values --------------------------------------------------------------------------------------

    zeroed: set[int]  # type parameters whose zero values are in the current function

    def note_zero(self, t: Type) -> None:
        """Note that the current function has the zero value of a type, before its parameters are replaced."""
        if t.kind == "typeparam":
            self.zeroed.add(t.index)

    def zero(self, t: Type) -> Code:
        """Return the zero value of a type."""
        t = self.subst(t)
        u = t.under
        match u.kind:
            case "basic":
                text = {"int": "0", "float": "0.0", "string": '""', "bool": "False", "complex": "0j"}.get(
                    kind_of(u)
                )
                if text is None:
                    return Code(self.lib("nil"))
                if t.kind == "named" and not self.is_alias(t):
                    if self.foreign(t) and self.foreign_plain(t):
                        return Code(text)
                    return call(self.class_of(t), text)
                return Code(text)
            case "slice":
                if t.kind == "named" and not self.is_alias(t):
                    return call(self.class_of(t))
                return call(self.slice_class(self.subst(u.elem), False))
            case "map":
                if t.kind == "named" and not self.is_alias(t):
                    return call(self.lib("nil_map"), self.class_of(t))
                return call(self.lib("NilMap"))
            case "struct":
                if self.is_unit(t):
                    return Code("None")
                if self.is_cond(t):
                    # Its L is assigned later.
                    sync = self.class_of(t).rpartition(".")[0]
                    return call(f"{sync}.Cond", f"{sync}.Mutex()")
                return call(self.class_of(t))
            case "array":
                if t.kind == "named" and not self.is_alias(t):
                    return call(self.class_of(t), self.zero_array(u).arg)
                return self.zero_array(u)
            case "chan" | "pointer":
                self.facts.nil_sources.add(u.index)
                self.note_nil(t)
                return Code(self.lib("nil"))
        return self.nil_interface(t)

    def is_cond(self, t: Type) -> bool:
        """Return whether t is sync.Cond, which gochan makes with its Locker."""
        return self.foreign(t) and t.obj.pkg == "sync" and t.obj.name == "Cond"

    def note_nil(self, t: Type) -> None:
        """Note that there is a nil of a type, and so of the types to which it may be assigned."""
        self.facts.nils.add(self.kind_of_nil(t))

    def has_nil(self, t: Type) -> bool:
        """Return whether a value of a type may be nil, as far as the program shows."""
        return self.kind_of_nil(t) in self.facts.nils

    def kind_of_nil(self, t: Type) -> tuple[str, int]:
        """Return what the types have in common whose nils can be assigned to each other."""
        u = t.under
        if u.kind == "chan":
            return u.kind, u.elem.index
        return u.kind, 0 if u.kind == "interface" else u.index

    def nil_interface(self, t: Type) -> Code:
        """Return nil as an interface, or a function: an error may be None to a type checker, too."""
        self.note_nil(t)
        if t.kind == "named" and t.obj.scope == "universe" and t.obj.name == "error":
            return Code("None")
        if self.ann(t) == self.typing("Any"):
            return Code("None")
        return Code(self.lib("nil"))

    def foreign_plain(self, t: Type) -> bool:
        """Return whether values of a library's type on a basic type are plain in Python."""
        return False

    def slice_class(self, elem: Type, empty: bool) -> str:
        raise NotImplementedError

    def zero_array(self, u: Type) -> Code:
        inner = self.zero(u.elem)
        if self.shareable(u.elem):
            return Code(f"[{inner.text}] * {u.len}", 11)
        return Code(f"[{inner.text} for _ in {self.builtin('range')}({u.len})]")

    def shareable(self, t: Type) -> bool:
        """Return whether one zero value will do for many variables: it is immutable."""
        u = t.under
        if u.kind in ("struct", "array"):
            return self.is_unit(t)
        return not self.is_object(t)

    def elem_arg(self, t: Type) -> str:
        """Return the argument of make_slice that says what the elements are."""
        return self.ann(t)

    # --- interfaces ---------------------------------------------------------------------------------------

    def is_interface(self, t: Type) -> bool:
        return t.under.kind == "interface"

    def note_iface(self, t: Type) -> None:
        if t.kind == "named":
            self.facts.named_iface.add(t.index)
        else:
            self.facts.plain_iface.add(t.index)
        if t.under.kind == "struct":
            self.facts.to_iface.add(t.index)
        elif t.under.kind == "pointer":
            self.facts.ptr_to_iface.add(t.under.elem.index)
            if t.under.elem.under.kind != "struct":
                self.note_iface_elem(t.under.elem)
        elif t.under.kind in ("slice", "array"):
            self.note_iface_elem(t.under.elem)
        elif t.under.kind == "map":
            self.note_iface_elem(t.under.elem)
            self.note_iface_elem(t.under.key)
        if t.under.kind == "struct" and not self.foreign(t):
            for f in t.under.fields:
                if f.type.kind in ("slice", "array", "map"):
                    self.facts.plain_iface.add(f.type.index)
                if (
                    f.type.under.kind in ("struct", "basic")
                    and f.type.kind == "named"
                    and f.type.index not in self.facts.named_iface
                ):
                    self.note_iface(f.type)

    def note_iface_elem(self, t: Type, outer: frozenset[int] = frozenset()) -> None:
        """Note what is inside a value in an interface, so that it is printed as what it is."""
        if t.kind == "named":
            self.facts.named_iface.add(t.index)
        else:
            self.facts.plain_iface.add(t.index)
        if t.under.kind in ("slice", "array", "map") and t.index not in outer:
            self.note_iface_elem(t.under.elem, outer | {t.index})

    def box(self, code: Code, t: Type, n: Node | None = None, *, shown: str = "") -> Code:
        """Return a value as what goes into an interface.

        `shown`: the verb of fmt that the value is for, where that is all that happens to it.
        """
        t = self.subst(t)
        if self.is_interface(t):
            return code
        self.note_iface(t)
        if self.is_bare(t):
            return call(self.lib("Boxed"), code.arg, self.class_of(t))
        match t.kind:
            case "basic":
                if t.name in _BASIC or t.name == "untyped nil":
                    return code
                if shown in ("d", "v") and t.name not in ("float32", "complex64"):
                    return code
                if shown in ("c", "q", "U", "x", "X", "o", "b") and t.name in (
                    "rune",
                    "int32",
                    "byte",
                    "uint8",
                ):
                    return code
            case "named":
                if self.foreign(t):
                    return self.box_foreign(code, t)
                u = t.under
                if u.kind in ("pointer", "chan", "signature") and self.is_alias(t):
                    if shown:
                        return code
                    return call(self.lib("Boxed"), code.arg, self.ann(t))
                return code
            case "struct":
                if not t.fields:
                    return call(self.lib("Boxed"), code.arg, self.anonymous_struct(t))
                return code
            case "pointer":
                if self.is_object(t.elem) and t.elem.kind in ("named", "struct"):
                    may_nil = t.index in self.facts.nil_sources and not (n is not None and self.never_nil(n))
                    if self.foreign(t.elem):
                        own_text = f"{t.elem.obj.pkg}.{t.elem.obj.name}" in _TEXT_OF_NIL
                        # fmt shows a nil pointer of the others, and a nil interface, alike.
                        if own_text or (may_nil and not shown):
                            return call(self.lib("pointer_box"), code.arg, self.ann(t))
                        return code
                    both = self.boxes_pointer(t.elem)
                    if may_nil:
                        return call(self.lib("pointer_box"), code.arg, self.ann(t))
                    if both:
                        return call(self.lib("PointerBox"), code.arg)
                    return code
                # A Ref does not know the type of its variable.
                plain = t.elem.under.kind != "array" and not self.is_its_target(t.elem)
                if shown not in ("", "T", "?") and plain and not self.shows_nil(t, shown, n):
                    return code
            case "slice" | "array" | "map":
                if shown in ("v", "d", "s", "t") and self.shows_alike(t, shown):
                    return code
            case "chan" | "signature":
                if shown == "v":
                    return code
                if shown and t.kind == "chan" and not self.may_be_nil_chan(t, n):
                    # The address does not show the direction; a channel knows its elements by their class.
                    if shown == "p" or (t.dir == "both" and shown != "T"):
                        return code
        self.units = True
        ann = self.ann(t)
        self.units = False
        return call(self.lib("Boxed"), code.arg, ann)

    def is_its_target(self, t: Type) -> bool:
        """Return whether a type is that of pointers which are the list or dict that they point to."""
        if t.kind != "pointer" or t.elem.under.kind == "struct":
            return False
        return t.elem.under.kind == "array" or self.is_object(t.elem)

    def may_be_nil_chan(self, t: Type, n: Node | None = None) -> bool:
        raise NotImplementedError

    units: bool = False

    def shows_nil(self, t: Type, verb: str, n: Node | None) -> bool:
        """Return whether a pointer may be nil, and fmt shows nil of its type in a way of its own."""
        if t.index not in self.facts.nil_sources or (n is not None and self.never_nil(n)):
            return False
        methods = (t.elem.origin or t.elem).methods if t.elem.kind == "named" else None
        return verb != "v" or any(m.name in ("String", "Error", "Format") for m in methods or [])

    def boxes_pointer(self, t: Type) -> bool:
        """Return whether a pointer is in a box in an interface, since the object itself may be in one."""
        return t.index in self.facts.to_iface or t.under.kind != "struct"

    def box_foreign(self, code: Code, t: Type) -> Code:
        return code

    def never_nil(self, n: Node) -> bool:
        n = unparen(n)
        return bool(n.kind == "UnaryExpr" and n.Op == "&")

    def shows_alike(self, t: Type, verb: str) -> bool:
        """Return whether fmt shows a value the same without its type."""
        u = t.under
        if self.is_bare(t):
            return False
        if t.kind == "named" and not self.is_alias(t) and u.kind != "struct":
            # Its class knows.
            return True
        match u.kind:
            case "slice" | "array":
                if u.elem.under.kind == "basic" and u.elem.under.name in ("uint8", "byte") and verb == "s":
                    return False
                return self.shows_alike(u.elem, verb)
            case "map":
                return self.shows_alike(u.key, verb) and self.shows_alike(u.elem, verb)
            case "basic":
                # fmt shows the type of a number if the verb is not one for numbers.
                return u.name in _BASIC or (verb in ("v", "d") and u.name not in ("float32", "complex64"))
            case "struct":
                if self.is_unit(t):
                    return False
                return t.index not in self.facts.ptr_to_iface or t.index in self.facts.to_iface
            case "interface":
                return True
        return False

    # --- fields and methods -------------------------------------------------------------------------------

    field_names: dict[int, str]

    def field_name(self, name: str, owner: Type) -> str:
        """Return the Python name of a field of a struct type."""
        key = owner.index
        known = self.fields_known.get(key)
        if known is None:
            known = self.fields_known[key] = {}
            # `self` is the first parameter of what is generated for the class.
            taken = {"self", *self.methods_of_struct(owner)}
            fields = owner.under.fields if owner.under.kind == "struct" else []
            for f in sorted(fields, key=lambda f: f.name[:1].isupper()):
                words = snake(f.name)
                while words in taken:
                    words += "_"
                taken.add(words)
                known[f.name] = words
        return known.get(name) or snake(name)

    fields_known: dict[int, dict[str, str]]

    def methods_of_struct(self, t: Type) -> set[str]:
        key = t.index
        found = self._struct_methods.get(key)
        if found is None:
            found = set()
            if t.kind == "named":
                for m in (t.origin or t).methods or []:
                    found.add(self.method_name(m.name))
                for name in [*(t.methodset or []), *(t.ptrmethodset or [])]:
                    found.add(self.method_name(name))
            self._struct_methods[key] = found
        return found

    _struct_methods: dict[int, set[str]]

    def method_name(self, name: str) -> str:
        """Return the Python name of a method: the same for all types, as interfaces call it by that name."""
        known = self.__dict__.get("method_names")
        if known is None:
            known = self.method_names = self.name_methods()
        return known.get(name) or snake(name)

    method_names: dict[str, str]

    def name_methods(self) -> dict[str, str]:
        """Return the names of the program's methods.

        Visit for Visit, and visit_ for visit where there are both. A method that is not exported has no name
        that the library looks for; none hides a method of the class that its type inherits from, and no box
        hides one that an interface calls.
        """
        found: set[str] = set()
        reserved: set[str] = set()
        for t in self.program.types:
            if t.kind == "interface":
                reserved |= _OF_BOXES & {snake(m.name) for m in t.methods or []}
            if t.kind == "named" and t.obj.local:
                own = {m.name for m in (t.origin or t).methods or []}
                found |= own
                reserved |= inherited(kind_of(t)) & set(map(snake, own)) - _LOOKED_FOR
                if t.under.kind == "interface":
                    found |= {m.name for m in t.under.methods or []}
        names: dict[str, str] = {}
        taken: set[str] = set()
        for name in sorted(found, key=lambda name: (not name[:1].isupper(), name)):
            words = snake(name)
            while words in taken or words in reserved or (words in _LOOKED_FOR and not name[:1].isupper()):
                words += "_"
            taken.add(words)
            names[name] = words
        return names

    def struct_fields(self, t: Type) -> list[Field]:
        return list(t.under.fields)


def argument_name(t: Type) -> str:
    """Return the name of a type in the arguments of a generic type, where it has the path of its package."""
    if t.kind != "named" or t.obj.pkg is None or t.str.startswith("main."):
        return t.str
    return t.obj.pkg + t.str[t.str.index(".") :]


def type_base(t: Type) -> str:
    """Return a word for a type, for a name of an instance: `int`, `str`, `Point`, `slice_int`."""
    match t.kind:
        case "basic":
            return _BASIC.get(t.name, t.name)
        case "named":
            return camel(t.obj.name) + "".join(type_base(a).capitalize() for a in t.args)
        case "pointer":
            return type_base(t.elem)
        case "slice" | "array":
            return type_base(t.elem) + "s"
        case "map":
            return f"{type_base(t.key)}_to_{type_base(t.elem)}"
        case "interface":
            return "any"
    return t.kind


__all__ = ["ATOM", "SIGNED", "UNSIGNED", "Types", "kind_of", "type_base"]
