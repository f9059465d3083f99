"""Classes: the types of a program, their fields, methods and what they promote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from ..kinds import components
from ..tables import Refusal
from ..tree import File, Type
from .base import Refuse
from .code import TOKEN, Sym, call, fixed, py_str
from .gotypes import kind_of
from .items import Item, Items
from .names import Line, camel, fixed_name, snake
from .scopes import type_key
from .walk import Node

# What a class does not evaluate when its body runs: strings, and the functions that make default values.
NOT_YET = re.compile(r'"[^"]*"|\blambda: .*')
# The methods that fmt, errors, encoding/json, io and log/slog look for in any value.
_LOOKED_FOR = frozenset(
    {
        *("Error", "String", "GoString", "Unwrap", "Is", "As", "Timeout", "Temporary"),
        *("MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "IsZero", "LogValue"),
        *("Read", "Write", "Close", "WriteTo", "ReadFrom", "WriteString", "ReadByte", "WriteByte", "Flush"),
    }
)


def is_own_protocol(t: Type) -> bool:
    """Return whether an interface is a class of the program."""
    return t.kind == "named" and t.obj.local and t.under.kind == "interface"


def library_methods(interface: Type) -> Iterator[Any]:
    """Yield the methods that an interface gets from the library's, and from those without a name."""
    for e in interface.embeds or []:
        if e.under.kind == "interface" and not is_own_protocol(e):
            yield from library_methods(e.under)
            yield from e.under.methods or []


class Classes(Items):
    """Translates types into classes."""

    method_decls: dict[int, list[tuple[File, Node]]]

    def local_type(self, spec: Node) -> None:
        """Declare a type of a function: its class goes to the module."""
        if spec.Name.obj is None:
            return
        obj = spec.Name.obj
        sym = self.obj_syms.get(obj.index)
        if sym is None:
            sym = self.names.make(self.type_name(obj.name), "type", go_name=obj.name)
            self.global_syms[obj.index] = sym
        with self.aside(**self.item_state(), obj_syms=self.obj_syms):
            self.type_spec(spec)

    def type_spec(self, spec: Node) -> None:
        obj = spec.Name.obj
        if obj is None:  # type _ ...
            self.skip_comments(*spec.end)
            return
        t = obj.type
        if spec.__dict__.get("Assign") or obj.alias:
            self.skip_comments(*spec.end)
            return
        if spec.__dict__.get("TypeParams") is not None:
            self.skip_comments(*spec.end)
            return
        number = self.sym(obj).number
        self.guarded(spec, lambda: self.type_class(spec, t, self.sym(obj).token))
        self.skip_comments(*spec.end)
        self.finish_item(spec, number, "type", eager=False).needs = self.class_needs
        self.class_needs = set()

    class_needs: set[int] = set()  # noqa: RUF012 - replaced, never changed

    def type_class(self, spec: Node | None, t: Type, name: str) -> None:
        """Emit the class of a named type."""
        u = t.under
        self.class_needs = set()
        if self.is_bare(t):
            head = self.lines
            self.lines = []
            self.emit(f"class {name}:")
            with self.indented():
                self.emit(f"__go_under__ = {self.quoted_ann(t, u)}")
                if self.go_name_differs(t):
                    self.emit(f"__go_name__ = {py_str(t.str)}")
                self.methods(t)
            self.spell_out_hidden()
            self.class_needs = self.eager_tokens(self.lines)
            self.lines = head + self.lines
            return
        if self.is_alias(t):
            text = self.ann(self.subst(u))
            if name in text:
                text = text.replace(name, f'"{name}"')
                self.emit(f"{name}: {self.typing('TypeAlias')} = {text}")
            else:
                self.emit(f"{name} = {text}")
            self.class_needs = self.tokens(self.lines[-1:])
            return
        head = self.lines
        self.lines = []
        if u.kind == "interface":
            self.interface_class(t, name)
        elif u.kind == "struct":
            self.struct_class(spec, t, name)
        elif u.kind == "basic":
            self.emit(
                f"class {name}({self.builtin({'int': 'int', 'string': 'str', 'float': 'float', 'complex': 'complex'}[kind_of(u)])}):"  # noqa: E501
            )
            self.simple_class(t, u)
        elif u.kind in ("slice", "map"):
            self.emit(f"class {name}({self.base_ann(t, u)}):")
            self.simple_class(t, u)
        elif u.kind == "signature":
            self.emit(f"class {name}({self.lib('Func')}[{self.func_args(t, u)}]):")
            self.simple_class(t, u)
        elif u.kind == "array":
            self.emit(f"class {name}({self.builtin('list')}[{self.quoted_ann(t, u.elem)}]):")
            self.simple_class(t, u)
        else:
            raise self.refuse(spec or self.here, f"the type {t.str} has no translation")
        self.spell_out_hidden()
        self.class_needs = self.eager_tokens(self.lines)
        self.lines = head + self.lines

    def spell_out_hidden(self) -> None:
        """Write `builtins.str` or `context_` in a class that has a field or method `str` or `context`."""
        inside = [line for line in self.lines if line.depth == 1]
        found = (re.match(r"(?:def )?(\w+)[:(]", line.text) for line in inside)
        hidden = {match[1] for match in found if match is not None}

        def spelled_out(match: re.Match[str]) -> str:
            key = match[1]
            name = "" if key.isdigit() else fixed_name(key)
            if name not in hidden:
                return match[0]
            if key.startswith("builtin:"):
                return f"{self.module('builtins')}.{name}"
            while name in hidden:
                name += "_"
            return fixed(f"{key.partition(' as ')[0]} as {name}")

        for line in inside:
            line.text = TOKEN.sub(spelled_out, line.text)

    def func_args(self, t: Type, u: Type) -> str:
        """Return the type arguments of the base class of a named function type."""
        texts = []
        for part in [*u.params, *u.results]:
            text = self.plain_ann(part.type)
            if self.mentions(self.subst(part.type), t):
                # The class does not exist yet when this is evaluated.
                text = re.sub("\x02\\d+\x03", lambda name: f'"{name[0]}"', text)
            texts.append(text)
        results = texts[len(u.params) :]
        given = "..." if u.variadic else f"[{', '.join(texts[: len(u.params)])}]"
        if len(results) > 1:
            return f"{given}, {self.builtin('tuple')}[{', '.join(results)}]"
        return f"{given}, {results[0] if results else 'None'}"

    def base_ann(self, t: Type, u: Type) -> str:
        """Return the base class of a named slice or map type."""
        if u.kind == "slice":
            return f"{self.lib('Slice')}[{self.quoted_ann(t, u.elem)}]"
        key = self.key_ann(self.subst(u.key))
        return f"{self.builtin('dict')}[{key}, {self.quoted_ann(t, u.elem)}]"

    def quoted_ann(self, t: Type, part: Type) -> str:
        """Return the annotation of a part of a named type, as a string if the type is in it.

        It would not exist yet when the annotation is evaluated.
        """
        text = self.ann(part)
        return f'"{text}"' if self.mentions(self.subst(part), t) else text

    def mentions(self, t: Type, wanted: Type, seen: frozenset[int] = frozenset()) -> bool:
        """Return whether a type has another one somewhere in it."""
        if t is wanted or t.index in seen:
            return t is wanted
        seen |= {t.index}
        return any(self.mentions(part, wanted, seen) for part in components(t.under))

    def eager_tokens(self, lines: list[Line], *, called: bool = False) -> set[int]:
        """Return the symbols that a class needs when its body runs: bases and default values.

        `called`: what it needs when it is called, too.
        """
        found: set[int] = set()
        for line in lines:
            text = line.text
            if line.depth == 0 and text.startswith("class "):
                evaluated = text.partition("(")[2]
            elif line.depth == 1 and " = " in text and not text.startswith(("def ", "@")):
                evaluated = text.partition(" = ")[2]
            else:
                continue
            found |= self.tokens([Line(0, evaluated if called else NOT_YET.sub("", evaluated))])
        return found

    def simple_class(self, t: Type, u: Type) -> None:
        with self.indented():
            if u.kind == "array" or (
                u.kind == "basic" and u.name not in ("int", "string", "float64", "complex128")
            ):
                self.emit(f"__go_under__ = {self.quoted_ann(t, u)}")
            elif (
                u.kind in ("map", "slice") and self.facts_named_shown(t) and self.is_unit(self.subst(u.elem))
            ):
                self.units = True
                self.emit(f"__go_under__ = {self.quoted_ann(t, u)}")
                self.units = False
            if self.go_name_differs(t):
                self.emit(f"__go_name__ = {py_str(t.str)}")
            pointers = [self.method_name(m.name) for m in (t.origin or t).methods or [] if m.ptr]
            if pointers:
                self.emit(f"__go_pointer_methods__ = {self.builtin('frozenset')}({pointers!r})")
            if any(m.name == "Error" for m in (t.origin or t).methods or []):
                self.emit("def __str__(self) -> str:")
                with self.indented():
                    self.emit("return self.error()")
            self.methods(t)

    def facts_named_shown(self, t: Type) -> bool:
        """Return whether a value of a named type goes into an interface."""
        return bool(t.args) or t.index in self.facts.named_iface

    def go_name_differs(self, t: Type) -> bool:
        return (
            t.kind == "named"
            and (self.facts.types_show or self.facts.names_show)
            and (
                bool(t.args)
                or t.obj.index in self.facts.renamed
                or self.package.name != "main"
                or not t.obj.local
                or self.type_name(t.obj.name) != t.obj.name
            )
        )

    def struct_class(self, spec: Node | None, t: Type, name: str) -> None:
        fields = t.under.fields
        names = [self.field_name(f.name, t) if f.name != "_" else f"_blank{i}" for i, f in enumerate(fields)]
        options = self.struct_options(t, names)
        deco = f"@{self.lib('struct')}"
        self.emit(f"{deco}({', '.join(options)})" if options else deco)
        self.emit(f"class {name}:")
        type_node = spec.Type if spec is not None else None
        with self.indented():
            rows = self.field_nodes(type_node)
            for i, (p, f) in enumerate(zip(names, fields, strict=True)):
                node = rows[i] if i < len(rows) else None
                if node is not None:
                    self.flush(node.line, node.col)
                self.emit(f"{p}: {self.field_ann(f.type)} = {self.field_default(f.type)}")
                if node is not None:
                    self.trailing(node)
            if type_node is not None:
                self.flush(*type_node.end)
            if t.kind == "named":
                self.methods(t)
            self.promoted(t)

    def struct_options(self, t: Type, names: list[str]) -> list[str]:
        """Return the arguments of the decorator of a struct; `names`: of its fields in Python."""
        fields, named = t.under.fields, t.kind == "named"
        options = []
        if self.facts.types_show or self.facts.names_show or (not named and t.index in self.facts.to_iface):
            if not named or self.go_name_differs(t):
                options.append(f"go={py_str(t.str)}")
        if self.facts.names_show or (
            any(f.name[:1].isupper() for f in fields) and self.formats_fields(fields)
        ):
            pairs = [(p, f.name) for p, f in zip(names, fields, strict=True) if lower_camel(p) != f.name]
            if pairs:
                options.append("names={" + ", ".join(f"{py_str(p)}: {py_str(g)}" for p, g in pairs) + "}")
        if t.index in self.facts.ptr_to_iface and t.index not in self.facts.to_iface:
            options.append("pointer=True")
        if t.index in self.facts.to_iface:
            pointers = [self.method_name(m.name) for m in self.methods_of(t) if m.ptr]
            own = {m.name for m in self.methods_of(t)}
            reach = set(t.methodset or [])
            pointers += [
                self.method_name(m)
                for m in t.ptrmethodset or []
                if m not in own
                and m not in reach
                and (self.promoted_type(t, m) is not None or m in self.asked_for)
            ]
            if pointers:
                options.append(f"pointer_methods={py_str(' '.join(pointers))}")
        embedded = [p for p, f in zip(names, fields, strict=True) if f.embedded]
        if embedded and (self.facts.names_show or self.facts.types_show or self.formats_fields(fields)):
            options.append(f"embedded={py_str(' '.join(embedded))}")
        tags = {p: f.tag for p, f in zip(names, fields, strict=True) if f.tag}
        if tags:
            options.append(
                "tags={" + ", ".join(f"{py_str(p)}: {py_str(tag)}" for p, tag in tags.items()) + "}"
            )
        kept = self.analysis.places.get(type_key(t), ())
        if kept:
            shown = " ".join(p for p, f in zip(names, fields, strict=True) if f.name in kept)
            options.append(f"places={py_str(shown)}")
        if t.index in self.facts.ptr_keys:
            options.append("eq=False")
        return options

    def formats_fields(self, fields: list[Any]) -> bool:
        """Return whether fmt needs to know which fields are exported.

        It calls the String methods of those alone.
        """
        return any(self.has_text_method(f.type) for f in fields)

    def has_text_method(self, t: Type, seen: frozenset[int] = frozenset()) -> bool:
        if t.index in seen:
            return False
        seen = seen | {t.index}
        base = t.elem if t.kind == "pointer" else t
        if base.kind == "named" and any(
            m.name in ("String", "Error") for m in (base.origin or base).methods or []
        ):
            return True
        if base.under.kind == "interface":
            return True
        if base.under.kind in ("slice", "array", "map"):
            key = base.under.kind == "map" and self.has_text_method(base.under.key, seen)
            return key or self.has_text_method(base.under.elem, seen)
        if base.under.kind == "struct":
            return any(self.has_text_method(f.type, seen) for f in base.under.fields)
        return False

    def field_nodes(self, node: Node | None) -> list[Node]:
        if node is None or node.kind != "StructType" or node.Fields is None:
            return []
        rows = []
        for part in node.Fields.List or []:
            rows += [part] * max(1, len(part.Names or []))
        return rows

    def field_ann(self, t: Type) -> str:
        with self.aside(in_fields=True):
            return self.ann(t)

    def field_default(self, t: Type) -> str:
        """Return the default of a field: its zero value."""
        t = self.subst(t)
        zero = self.zero(t)
        u = t.under
        if u.kind == "struct" and not self.is_unit(t) and not self.is_cond(t):
            return f"{self.lib('field')}(default_factory={self.class_of(t)})"
        if u.kind == "array" or self.is_cond(t):
            return f"{self.lib('field')}(default_factory=lambda: {zero.text})"
        if u.kind == "map" and (t.kind != "named" or self.is_alias(t)):
            return f"{self.lib('field')}(default_factory={self.lib('NilMap')})"
        if u.kind == "map" or self.is_object(t) or (u.kind == "slice" and "[" in zero.text):
            return f"{self.lib('field')}(default_factory=lambda: {zero.text})"
        return zero.text

    def methods(self, t: Type) -> None:
        """Emit the methods of a type, in the order of the source."""
        origin = t.origin or t
        if self.facts.methods_show:
            by_value = t.methodset or []
            shown = [m if m in by_value else f"*{m}" for m in t.ptrmethodset or [] if m[:1].isupper()]
            if shown:
                self.emit(f"__go_methods__ = {py_str(' '.join(shown))}")
        lacks = "".join(f"({py_str(i)}, {py_str(m)}), " for i, m in sorted(self.lacks(origin).items()))
        if lacks:
            self.emit(f"__go_lacks__ = ({lacks.removesuffix(' ')})")
        for file, decl in self.method_decls.get(origin.obj.index, []):
            if decl.Name.obj is None:  # func (T) _()
                continue
            env = self.receiver_env(decl, t) if t.args else self.subst_env
            depth = self.depth
            start = len(self.lines)
            comments = [c for c in file.comments if self.belongs(c, file, decl)]
            chunk = self.next_chunk()
            with self.aside(
                file=file, comments=comments, comment_at=0, chunk=chunk, obj_syms={}, subst_env=env
            ):
                try:
                    self.here = decl
                    self.flush(decl.line, decl.col)
                    self.function(decl, self.method_name(decl.Name.Name), method_of=t)
                except Refuse as refused:
                    found = self.record(refused)
                    del self.lines[start:]
                    self.depth = depth
                    self.fn = None
                    self.emit(f"# not ported: {found}")

    def belongs(self, c: Any, file: File, decl: Node) -> bool:
        """Return whether a comment is inside a declaration, or directly above it."""
        if (decl.line, decl.col) <= (c.line, c.col) < decl.end:
            return True
        before = [d for d in file.decls if d.end <= (decl.line, decl.col)]
        floor = max((d.end for d in before), default=(0, 0))
        return c.own_line and floor < (c.line, c.col) < (decl.line, decl.col) and c.line > floor[0]

    def receiver_env(self, decl: Node, t: Type) -> dict[int, Type]:
        """Return the type arguments of a generic type, for the names that a method's receiver gives them."""
        recv = decl.Recv.List[0].Type.type
        if recv.kind == "pointer":
            recv = recv.elem
        env = dict(self.subst_env)
        for p, a in zip(recv.args, t.args, strict=False):
            env[p.index] = a
        for p, a in zip((t.origin or t).tparams or [], t.args, strict=False):
            env[p.index] = a
        return env

    def promoted(self, t: Type) -> None:
        """Emit methods that only call those of embedded fields, where interfaces may need them."""
        indexes = self.facts.to_iface | self.facts.ptr_to_iface | self.facts.promotes
        own = {m.name for m in self.methods_of(t)}
        wanted = [m for m in (t.ptrmethodset or t.methodset or []) if m not in own]
        for name in sorted(set(wanted)):
            if t.index not in indexes and name not in ("String", "Error", "GoString", "Format"):
                # fmt looks for these, also inside of other values.
                continue
            found = self.path_to(t, name)
            if found is None:
                continue
            path, field_type = found
            method = self.method_name(name)
            sig = self.promoted_type(t, name)
            if sig is None:
                if not self.asks_library(field_type, name):
                    continue
                # time.Time's Format is not that of fmt.Formatter, which has two parameters.
                param = "layout" if name == "Format" else "*args"
                self.emit(f"def {method}(self, {param}: {self.typing('Any')}) -> {self.typing('Any')}:")
                with self.indented():
                    self.emit(f"return {self.promoted_call(path, field_type, name, [param])}")
                continue
            params = ["self"]
            args = []
            for i, p in enumerate(sig.params):
                pt = self.subst(p.type)
                pname = snake(p.name) if p.name not in ("", "_", "self") else f"a{i}"
                variadic = sig.variadic and i == len(sig.params) - 1
                params.append(
                    f"*{pname}: {self.plain_ann(pt.elem)}" if variadic else f"{pname}: {self.plain_ann(pt)}"
                )
                args.append(f"*{pname}" if variadic else pname)
            results = [r.type for r in sig.results]
            self.emit(f"def {method}({', '.join(params)}) -> {self.result_ann(results)}:")
            with self.indented():
                word = "return " if results else ""
                self.emit(f"{word}{self.promoted_call(path, field_type, name, args)}")

    def asks_library(self, t: Type, method: str) -> bool:
        """Return whether an interface may call a method of an embedded type of the library."""
        base = t.elem if t.kind == "pointer" else t
        if method not in self.asked_for:
            return False
        found = self.tables.lookup(f"{base.obj.pkg}.{base.obj.name}.{method}") if self.foreign(base) else None
        return not isinstance(found, Refusal)

    @cached_property
    def asked_for(self) -> frozenset[str]:
        """The methods that an interface of the program has, or that the library looks for in any value."""
        interfaces = [t for t in self.program.types if t.kind == "interface"]
        return _LOOKED_FOR | {m.name for t in interfaces for m in t.methods or ()}

    def promoted_call(self, path: list[str], t: Type, name: str, args: list[str]) -> str:
        """Return the call of a method of the embedded field, of type t, at the end of a path."""
        value, method = ".".join(["self", *path]), self.method_name(name)
        base = t.elem if t.kind == "pointer" else t
        if name == "Error" and t.kind == "named" and t.obj.scope == "universe":
            return f"{self.builtin('str')}({self.lib('deref')}({value}))"
        own = next((m for m in self.methods_of(base) if m.name == name), None)
        by_ref = own is not None and own.ptr
        if own is not None and own.obj is not None and own.obj.local and self.is_object(base):
            if self.static_method(own.obj, base):
                return f"{self.class_of(base)}.{method}({', '.join([value, *args])})"
        if self.is_object(base) or self.is_interface(base) or self.foreign(base):
            return f"{value}.{method}({', '.join(args)})"
        if t.kind == "pointer":
            value = value if by_ref else f"{value}.v"
        elif by_ref:
            value = call(self.lib("FieldRef"), ".".join(["self", *path[:-1]]), py_str(path[-1])).text
        if by_ref or self.is_bare(base):
            return f"{self.class_of(base)}.{method}({', '.join([value, *args])})"
        return f"{value}.{method}({', '.join(args)})"

    def methods_of(self, t: Type) -> list[Any]:
        return (t.origin or t).methods or [] if t.kind == "named" else []

    def lacks(self, t: Type) -> dict[str, str]:
        """Return the interfaces of which a type has a method with another signature, and that method."""
        found: dict[str, str] = {}
        if t.tparams:
            return found
        own = {m.name: m.obj.type for m in t.methods or [] if m.obj is not None}
        reach = set(t.ptrmethodset or [])
        for asserted in (self.program.types[index] for index in self.facts.asserted):
            for m in asserted.under.methods or []:
                has = own.get(m.name) or (self.promoted_type(t, m.name) if m.name in reach else None)
                if has is not None and m.type is not None and has.under is not m.type.under:
                    found[asserted.str] = m.name
        return found

    def promoted_type(self, t: Type, method: str) -> Type | None:
        """Return the signature of a promoted method, where it is known."""
        queue = [t]
        for _ in range(5):
            following: list[Type] = []
            for owner in queue:
                base = owner.elem if owner.kind == "pointer" else owner
                if base.kind == "named" and base is not t:
                    for m in (base.origin or base).methods or []:
                        if m.name == method:
                            found = m.type or (m.obj.type if m.obj is not None else None)
                            if found is not None and not base.args:
                                return found.under
                            return None
                if base.under.kind == "interface":
                    for m in base.under.methods or []:
                        if m.name == method and m.type is not None:
                            return m.type.under
                if base.under.kind == "struct":
                    following += [self.subst(f.type) for f in base.under.fields if f.embedded]
            queue = following
        return None

    def path_to(self, t: Type, method: str) -> tuple[list[str], Type] | None:
        """Return the embedded fields on the way to a promoted method, and the type of the last."""
        queue: list[tuple[Type, list[str]]] = [(t, [])]
        for _ in range(4):
            following = []
            for owner, path in queue:
                if owner.under.kind != "struct":
                    continue
                for f in owner.under.fields:
                    if not f.embedded:
                        continue
                    inner = self.subst(f.type)
                    base = inner.elem if inner.kind == "pointer" else inner
                    step = [*path, self.field_name(f.name, owner)]
                    names = (
                        {m.name for m in (base.origin or base).methods or []}
                        if base.kind == "named"
                        else set()
                    )
                    if base.under.kind == "interface":
                        names |= {m.name for m in base.under.methods or []}
                    if method in names:
                        return step, inner
                    following.append((base, step))
            queue = following
        return None

    def interface_class(self, t: Type, name: str) -> None:
        u = t.under
        if u.terms:
            return
        if not u.methods and not u.embeds:
            self.emit(f"{name} = {self.typing('Any')}")
            return
        bases = [
            self.class_of(e)
            for e in u.embeds or []
            if is_own_protocol(e) and not e.under.terms and (e.under.methods or e.under.embeds)
        ]
        methods = [*library_methods(u), *(u.methods or [])]
        asserted = t.index in self.facts.asserted
        small = [m.name for m in u.methods or [] if m.name[:1].islower()]
        hidden = [self.method_name(name) for name in small if asserted]
        shown = asserted or t.index in self.facts.named_iface
        if t.kind != "named" or hidden or (shown and self.go_name_differs(t)):
            more = f", {py_str(' '.join(hidden))}" if hidden else ""
            self.emit(f"@{self.lib('go_name')}({py_str(t.str)}{more})")
        self.emit(f"class {name}({', '.join([*bases, self.typing('Protocol')])}):")
        with self.indented():
            for m in {m.name: m for m in methods}.values():
                sig = m.type.under if m.type is not None else None
                if sig is None:
                    continue
                params = ["self"]
                for i, p in enumerate(sig.params):
                    pt = self.subst(p.type)
                    pname = snake(p.name) if p.name not in ("", "_") else f"a{i}"
                    if sig.variadic and i == len(sig.params) - 1:
                        params.append(f"*{pname}: {self.plain_ann(pt.elem)}")
                    else:
                        params.append(f"{pname}: {self.plain_ann(pt)}")
                if len(params) > 1 and not sig.variadic:
                    params.append("/")
                self.emit(
                    f"def {self.method_name(m.name)}({', '.join(params)}) -> {self.result_ann([r.type for r in sig.results])}: ..."  # noqa: E501
                )

    def anonymous_struct(self, t: Type) -> str:
        """Return the class of a struct type without a name."""
        sym = self.anonymous.get(t.index)
        if sym is None:
            sym = self.names.make("Row" if not t.fields else "Fields", "type")
            self.anonymous[t.index] = sym
            self.class_item(t, sym)
        return sym.token

    def class_item(
        self, t: Type, sym: Sym, spec: Node | None = None, env: dict[int, Type] | None = None
    ) -> None:
        """Emit a class for an instance, or for a struct without a name, as an item of the module."""
        here = self.here
        with self.aside(
            **self.item_state(),
            obj_syms={},
            class_needs=self.class_needs,
            subst_env=self.subst_env if env is None else env,
            here=here,
        ):
            self.guarded(here, lambda: self.type_class(spec, t, sym.token))
            item = Item(
                (self.file_number, self.decl_line, -1), self.lines, sym.number, self.class_needs, kind="type"
            )
            self.items.append(item)

    def item_state(self) -> dict[str, Any]:
        """Return the state in which the lines of an item of the module are emitted, apart from all others."""
        return {
            "lines": [], "depth": 0, "chunk": self.next_chunk(), "fn": None, "comments": [], "comment_at": 0
        }  # fmt: skip

    def anonymous_interface(self, t: Type) -> str:
        sym = self.anonymous.get(t.index)
        if sym is None:
            name = (
                t.obj.name
                if t.kind == "named"
                else "Has" + "".join(camel(m.name) for m in t.under.methods[:2])
            )
            sym = self.names.make(name, "type")
            self.anonymous[t.index] = sym
            self.class_item(t, sym)
        return sym.token


def lower_camel(name: str) -> str:
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
