"""Packages.

Types, constants and variables, the order of a module, imports, instances of generic functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..tables import Refusal
from ..tree import File, Object, Type
from .base import Refuse
from .code import TOKEN, Code, Sym, call, py_str
from .embedded import embedded_text
from .generics import Copy, Merged, Reader, merge
from .gotypes import kind_of, type_base
from .instances import Instances
from .names import Line, camel, fixed_name, snake
from .scopes import type_key
from .statements import comment_lines
from .testfiles import OfTests, decorator_of_test, left_out
from .walk import Node, contains, unparen

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


@dataclass(eq=False)
class Item:
    """A declaration of a module: its lines, and which symbols it needs when it runs."""

    position: tuple[int, int, int]
    lines: list[Line]
    symbol: int = -1
    needs: set[int] = field(default_factory=set)
    late: bool = False
    kind: str = ""
    nodes: set[int] = field(default_factory=set)


class Packages(Instances):
    """Packages."""

    of_tests: OfTests
    items: list[Item]
    instances: dict[Any, Sym]
    pending: list[Callable[[], None]]
    inits: list[Sym]

    # --- a module -----------------------------------------------------------------------------------------

    def module_items(self) -> None:
        """Translate all declarations of the current package."""
        self.items = []
        self.copies = []
        self.inits = []
        self.method_decls: dict[int, list[tuple[File, Node]]] = {}
        for package in self.program.packages:
            for file in package.files:
                for decl in file.decls:
                    if decl.kind == "FuncDecl" and decl.Recv is not None:
                        base = self.receiver_base(decl)
                        self.method_decls.setdefault(base.obj.index, []).append((file, decl))
        self.decl_line = 1
        for number, file in enumerate(self.package.files):
            if self.testing not in (file.test, False) or not any(map(self.is_here, file.decls)):
                continue
            self.file = file
            self.comments = list(file.comments)
            self.comment_at = 0
            self.file_number = number
            if file.package_doc:
                self.comment_at = max(file.package_doc) + 1
            for decl in file.decls:
                self.decl_line = decl.line
                if self.is_here(decl):
                    self.declaration(decl)
                else:
                    self.skip_comments(*decl.end)
        here = "" if self.testing else self.module_names[self.package.path, False]
        for instance in list(self.wanted.get(here, {}).values()):
            self.instance_class(instance)
        while self.pending:
            self.pending.pop(0)()

    def is_here(self, decl: Node) -> bool:
        """Return whether a declaration belongs to the current module: the package's, or its tests'."""
        return (decl.id in self.of_tests.decls) == self.testing

    def receiver_base(self, decl: Node) -> Type:
        t = decl.Recv.List[0].Type.type
        if t.kind == "pointer":
            t = t.elem
        base: Type = t.origin or t
        return base

    def begin(self) -> None:
        self.lines = []
        self.depth = 0
        self.chunk = self.next_chunk()
        self.fn = None
        self.obj_syms = {}

    chunks: int = 0

    def next_chunk(self) -> int:
        self.chunks += 1
        return self.chunks

    def declaration(self, decl: Node) -> None:
        if decl.kind == "FuncDecl":
            if decl.Recv is not None:
                # Its comments go with it into the class.
                rest = self.comments[self.comment_at :]
                self.comments[self.comment_at :] = [c for c in rest if not self.belongs(c, self.file, decl)]
                return
            obj = decl.Name.obj
            if decl.Type.__dict__.get("TypeParams") is not None:
                self.skip_comments(*decl.end)
                return
            self.begin()
            self.doc_comments(decl)
            self.guarded(decl, lambda: self.declare_function(decl, obj))
            self.finish_item(
                decl,
                self.sym(obj).number if obj is not None and obj.name not in ("init", "_") else -1,
                "func",
            )
            return
        if decl.kind != "GenDecl" or decl.Tok == "import":
            if decl.kind == "GenDecl":
                self.skip_comments(*decl.end)
            return
        for spec in decl.Specs or []:
            if spec.kind == "TypeSpec":
                self.begin()
                self.doc_comments(spec if decl.Specs and len(decl.Specs) > 1 else decl)
                self.type_spec(spec)
            elif spec.kind == "ValueSpec":
                self.begin()
                self.doc_comments(
                    spec if decl.Specs and len(decl.Specs) > 1 and spec is not decl.Specs[0] else decl
                )
                self.flush(spec.line, spec.col)
                if decl.Tok == "const":
                    self.package_consts(spec)
                else:
                    self.package_vars(spec)
        self.skip_comments(*decl.end)

    def doc_comments(self, decl: Node) -> None:
        self.flush(decl.line, decl.col)

    def guarded(self, decl: Node, do: Callable[[], None]) -> None:
        start = len(self.lines)
        self.here = decl
        try:
            do()
        except Refuse as refused:
            found = self.record(refused)
            del self.lines[start:]
            self.depth = 0
            self.fn = None
            self.emit(f"# not ported: {found}")

    def finish_item(
        self, decl: Node, symbol: int, kind: str, *, eager: bool = False, late: bool = False
    ) -> Item:
        item = Item((self.file_number, decl.line, decl.col), self.lines, symbol, kind=kind, late=late)
        if eager:
            item.needs = self.tokens(self.lines)
        self.items.append(item)
        return item

    def tokens(self, lines: list[Line]) -> set[int]:
        return {int(k) for line in lines for k in TOKEN.findall(line.text) if k.isdigit()}

    def declare_function(self, decl: Node, obj: Object) -> None:
        if obj is None or obj.name == "_":
            return
        if obj.name == "init":
            sym = self.names.make("init", "func", go_name="init")
            self.inits.append(sym)
            self.function(decl, sym.token)
            return
        if self.testing:
            if left_out(decl):
                self.skip_comments(*decl.end)
                return
            module = self.module("gochan.port.lib.testing")
            decorator = decorator_of_test(decl)
            if decorator is not None:
                self.emit(f"@{module}.{decorator}")
            example = self.examples.get(obj)
            if example is not None:
                more = ", unordered=True" if example.unordered else ""
                self.emit(f"@{module}.example({py_str(example.output)}{more})")
        self.function(decl, self.sym(obj).token)
        if obj.name == "main" and self.package.name == "main":
            self.sym(obj).kind = "main"

    # --- constants and variables --------------------------------------------------------------------------

    def package_consts(self, spec: Node) -> None:
        for name in spec.Names:
            obj = name.obj
            if obj is None or obj.name == "_":
                continue
            self.lines = []
            self.here = spec

            def emit(name: Node = name, obj: Object = obj) -> None:
                self.emit(f"{self.sym(obj).token} = {self.const_value(obj, name, spec).text}")

            held = self.lines
            self.guarded(spec, emit)
            self.trailing(spec)
            self.lines = held
            self.finish_item(spec, self.sym(obj).number, "const", eager=True)

    def package_vars(self, spec: Node) -> None:
        values = spec.Values or []
        late = any(self.calls_program(v) for v in values)
        self.here = spec

        def emit() -> None:
            if len(values) == len(spec.Names):
                for name, value in zip(spec.Names, values, strict=True):
                    if name.Name == "_":
                        if not (value.kind in ("CompositeLit", "CallExpr") and self.is_assertion(spec)):
                            self.discard(value)
                        continue
                    t = self.subst(name.obj.type)
                    inner = unparen(value)
                    if (
                        inner.kind == "FuncLit"
                        and not self.sym_is_ref(name.obj)
                        and not self.has_class(name.obj)
                        and not self.analysis.vars[name.obj.index].assigns
                    ):
                        self.literal_def(inner, name.Name, name=self.sym(name.obj))
                        continue
                    self.define(name.obj, self.value(value, t), t, explicit=spec.Type is not None)
                return
            if not values:
                text = embedded_text(self.package, self.file, spec)
                for name in spec.Names:
                    t = self.subst(name.obj.type)
                    if text is not None:
                        self.define(name.obj, self.typed_literal(Code(py_str(text)), t), t, explicit=True)
                    elif name.Name != "_":
                        self.declare_zero(name.obj)
                return
            self.assign_results([*spec.Names], unparen(values[0]), True)

        held = self.lines
        self.guarded(spec, emit)
        self.trailing(spec)
        self.lines = held
        symbols = [self.sym(n.obj).number for n in spec.Names if n.obj is not None and n.Name != "_"]
        item = self.finish_item(spec, symbols[0] if symbols else -1, "var", eager=True, late=late)
        item.nodes = {v.id for v in values}

    def is_assertion(self, spec: Node) -> bool:
        """Return whether a declaration only checks that a type implements an interface: var _ I = T{}."""
        return spec.Type is not None

    def calls_program(self, n: Node) -> bool:
        """Return whether an expression calls the program, directly or through a variable's initializer."""
        for x in n.walk():
            if x.kind == "CallExpr" and x.call == "call":
                fun = unparen(x.Fun)
                if fun.kind in ("IndexExpr", "IndexListExpr"):
                    fun = unparen(fun.X)
                obj = fun.obj if fun.kind in ("Ident", "SelectorExpr") else None
                if obj is None or obj.local or obj.kind != "func":
                    return True
            if x.kind == "Ident" and x.obj is not None and x.obj.kind == "func" and x.obj.local:
                return True
            if x.kind == "Ident" and x.obj is not None and x.obj.kind == "var" and x.obj.scope == "package":
                return True
            if x.kind == "UnaryExpr" and x.Op == "<-":
                return True
        return False

    # --- types --------------------------------------------------------------------------------------------

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
        self.guarded(spec, lambda: self.type_class(spec, t, self.sym(obj).token, obj.name))
        self.skip_comments(*spec.end)
        self.finish_item(spec, number, "type", eager=False).needs = self.class_needs
        self.class_needs = set()

    class_needs: set[int] = set()  # noqa: RUF012 - replaced, never changed

    def type_class(self, spec: Node | None, t: Type, name: str, go_name: str) -> None:
        """Emit the class of a named type."""
        u = t.under
        self.class_needs = set()
        if u.kind == "interface":
            self.interface_class(t, name)
            return
        if self.is_bare(t):
            head = self.lines
            self.lines = []
            self.emit(f"class {name}:")
            with self.indented():
                self.emit(f"__go_under__ = {self.quoted_ann(t, u)}")
                if self.go_name_differs(t):
                    self.emit(f"__go_name__ = {py_str(t.str)}")
                self.methods(t)
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
        if u.kind == "struct":
            self.struct_class(spec, t, name, go_name)
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
        """Write `builtins.str` in the annotations of a class that has a field or method `str`."""
        inside = [line for line in self.lines if line.depth == 1]
        found = (re.match(r"(?:def )?(\w+)[:(]", line.text) for line in inside)
        for name in {match[1] for match in found if match is not None}:
            for line in inside:
                line.text = line.text.replace(self.builtin(name), f"{self.module('builtins')}.{name}")

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
        u = t.under
        match u.kind:
            case "pointer" | "slice" | "array" | "chan":
                parts = [u.elem]
            case "map":
                parts = [u.key, u.elem]
            case "signature":
                parts = [p.type for p in (*u.params, *u.results)]
            case "struct":
                parts = [f.type for f in u.fields]
            case _:
                return False
        return any(self.mentions(part, wanted, seen) for part in parts)

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
        at = len(self.lines)
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
        del at

    def facts_named_shown(self, t: Type) -> bool:
        """Return whether a value of a named type goes into an interface."""
        return bool(t.args) or t.index in self.facts.named_iface

    def go_name_differs(self, t: Type) -> bool:
        return (
            t.kind == "named"
            and (self.facts.types_show or self.facts.names_show)
            and (
                t.obj.name[:1].islower()
                or bool(t.args)
                or t.obj.index in self.facts.renamed
                or self.package.name != "main"
                or not t.obj.local
                or self.type_name(t.obj.name) != t.obj.name
            )
        )

    def struct_class(self, spec: Node | None, t: Type, name: str, go_name: str) -> None:
        u = t.under
        options = []
        fields = u.fields
        names = [self.field_name(f.name, t) if f.name != "_" else f"_blank{i}" for i, f in enumerate(fields)]
        named = t.kind == "named"
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
            if named:
                self.methods(t)
            self.promoted(t)

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
        was = self.in_error_class
        self.in_error_class = any(m.name == "Error" for m in origin.methods or [])
        self.method_texts(t, origin)
        self.in_error_class = was

    def method_texts(self, t: Type, origin: Type) -> None:
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
        if t.kind != "named" or hidden or (asserted and self.go_name_differs(t)):
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
        self.class_needs = self.eager_tokens(self.lines)

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
            self.guarded(here, lambda: self.type_class(spec, t, sym.token, t.str))
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

    # --- instances of generics ----------------------------------------------------------------------------

    def instance_class(self, t: Type) -> str:
        args = [self.subst(a) for a in t.args]
        origin = t.origin or t
        if any(self.has_typeparam(a) for a in args) or not args:
            return self.typing("Any")
        key = ("class", origin.index, tuple(a.index for a in args))
        sym = self.instances.get(key)
        if sym is None and (elsewhere := self.instance_elsewhere(origin, args)) is not None:
            return elsewhere
        if sym is None:
            base = self.type_name(origin.obj.name)
            others = [k for k in self.instances if k[0] == "class" and k[1] == origin.index]
            name = base if not others else base + "".join(camel(type_base(a)) for a in args)
            sym = self.names.make(name, "type", go_name=origin.obj.name)
            self.instances[key] = sym
            instance = self.named_instance(origin, args)
            env = {p.index: a for p, a in zip(origin.tparams, args, strict=True)}
            self.class_item(instance, sym, env=env)
        return sym.token

    def instance_function(self, obj: Object, args: list[Type]) -> str:
        """Return the name of the copy of a generic function for type arguments; request the copy."""
        key = ("func", obj.index, tuple(a.index for a in args))
        sym = self.instances.get(key)
        if sym is None:
            base = self.function_name(obj.name)
            others = [k for k in self.instances if k[0] == "func" and k[1] == obj.index]
            name = base if not others else base.rstrip("_") + "".join(f"_{snake(type_base(a))}" for a in args)
            sym = self.names.make(name, "func", go_name=obj.name)
            self.instances[key] = sym
            found = self.find_function(obj)
            if found is None:
                raise self.refuse(self.here, f"the generic function {obj.name} has no translation here")
            file, decl = found
            self.function_item(file, decl, sym, args)
        return sym.token

    def function_item(self, file: File, decl: Node, sym: Sym, args: list[Type]) -> None:
        tparams = decl.Name.obj.type.tparams
        env = {p.index: a for p, a in zip(tparams, args, strict=True)}
        state = self.item_state() | {"comments": [c for c in file.comments if self.belongs(c, file, decl)]}
        with self.aside(
            **state, obj_syms={}, subst_env=env, file=file, overrides={}, label=self.label, here=self.here,
            zeroed=set(),
        ):  # fmt: skip
            self.flush(decl.line, decl.col)
            self.guarded(decl, lambda: self.function(decl, sym.token))
            item = Item((self.file_number, decl.line, decl.col), self.lines, sym.number, kind="func")
            self.items.append(item)
            forms = [[self.ann(a), self.plain_ann(a)] for a in args]
            params = [type_variable(p, p.index in self.zeroed) for p in tparams]
            self.copies.append((item, Copy(sym.number, item.lines, decl.Name.obj.index, params, forms)))

    copies: list[tuple[Item, Copy]]

    def merge_copies(self) -> None:
        """Have one function for the copies of a generic function that differ in nothing but annotations."""
        local = {sym.number for sym in self.names.syms if sym.kind in ("local", "temp", "self")}
        variables: dict[tuple[str, ...], Sym] = {}
        merged = True
        while merged:
            merged = False
            groups: dict[int, list[Copy]] = {}
            for item, copy in self.copies:
                copy.lines = item.lines
                groups.setdefault(copy.generic, []).append(copy)
            for group in groups.values():
                for found in merge(group, Reader(local)) if len(group) > 1 else ():
                    self.use_merged(found, variables)
                    merged = True

    def use_merged(self, found: Merged, variables: dict[tuple[str, ...], Sym]) -> None:
        """Put the function that was found in the place of its copies."""
        gone = {copy.symbol for copy in found.others}
        for number in found.used:
            name, constrained = found.first.params[number]
            kinds = (copy.args[number][0] for copy in [found.first, *found.others])
            constraints = list(dict.fromkeys(kinds)) if constrained else []
            key = (name, *constraints)
            if key not in variables:
                sym = variables[key] = self.names.make(name, "type")
                args = ", ".join([f'"{sym.token}"', *constraints])
                line = Line(0, f"{sym.token} = {self.typing('TypeVar')}({args})", self.next_chunk())
                item = Item((-1, 0, len(variables)), [line], sym.number, kind="const")
                item.needs = self.tokens([line])
                self.items.append(item)
            for line in found.lines:
                line.text = line.text.replace(f"_T{number}_", variables[key].token)
        kept = next(item for item, copy in self.copies if copy is found.first)
        kept.lines = found.lines
        self.copies = [pair for pair in self.copies if pair[1].symbol not in gone]
        self.items = [item for item in self.items if item.symbol not in gone]
        names = re.compile("\x02(" + "|".join(map(str, sorted(gone))) + ")\x03")
        token = f"\x02{found.first.symbol}\x03"
        for item in self.items:
            for line in item.lines:
                line.text = names.sub(token, line.text)
            if item.needs & gone:
                item.needs = (item.needs - gone) | {found.first.symbol}

    def find_function(self, obj: Object) -> tuple[File, Node] | None:
        for package in self.program.packages:
            for file in package.files:
                for decl in file.decls:
                    if decl.kind == "FuncDecl" and decl.Name.obj is obj:
                        return file, decl
        return None

    # --- the text of a module -----------------------------------------------------------------------------

    def ordered(self) -> list[Item]:
        """Return the items of a module in an order in which they can run."""
        by_symbol = {item.symbol: item for item in self.items if item.symbol >= 0}
        done: set[int] = set()
        out: list[Item] = []

        def made_by(item: Item) -> set[int]:
            """Return what the classes need that the value of a variable may call."""
            found: set[int] = set()
            rest = set(item.needs)
            while rest:
                need = rest.pop()
                found.add(need)
                other = by_symbol.get(need)
                if other is not None and other.kind != "func":
                    rest |= (other.needs | self.eager_tokens(other.lines, called=True)) - found
            return found

        def add(item: Item) -> None:
            if id(item) in done:
                return
            done.add(id(item))
            for need in sorted(item.needs | (made_by(item) if item.kind == "var" else set())):
                other = by_symbol.get(need)
                if (
                    other is not None
                    and other is not item
                    and (other.kind != "func")
                    and not (other.late and not item.late)
                ):
                    add(other)
            out.append(item)

        early = sorted((i for i in self.items if not i.late), key=lambda i: i.position)
        for item in early:
            add(item)
        order = {node.id: n for n, (_, node) in enumerate(self.package.init_order)}
        late = [i for i in self.items if i.late]
        late.sort(key=lambda i: (min((order.get(o, 10**6) for o in i.nodes), default=10**6), i.position))
        for item in late:
            add(item)
        return out

    def imports(self, lines: list[Line]) -> list[str]:
        """Return the import lines for the fixed names that a module uses."""
        keys = {k for line in lines for k in TOKEN.findall(line.text) if not k.isdigit()}
        froms: dict[str, set[str]] = {}
        plain = set()
        for key in keys:
            head, _, rest = key.partition(":")
            match head:
                case "builtin":
                    continue
                case "lib":
                    froms.setdefault("gochan.port.lib", set()).add(rest)
                case "gochan":
                    froms.setdefault("gochan", set()).add(rest)
                case "typing":
                    froms.setdefault("typing", set()).add(rest)
                case "abc":
                    froms.setdefault("collections.abc", set()).add(rest)
                case "std":
                    module, dot, name = rest.rpartition(".")
                    if dot:
                        froms.setdefault(module, set()).add(name)
                    else:
                        plain.add(rest)
                case "module":
                    path, _, alias = rest.partition(" as ")
                    parent, dot, name = path.rpartition(".")
                    text = f"{name} as {alias}" if alias else name
                    if dot:
                        froms.setdefault(parent, set()).add(text)
                    else:
                        plain.add(path)
        # The library's cap takes channels, too.
        froms.get("gochan", set()).difference_update(froms.get("gochan.port.lib", set()))
        froms = {path: names for path, names in froms.items() if names}
        out = [f"import {m}" for m in sorted(plain)]
        out += [f"from {m} import {', '.join(sorted(names))}" for m, names in sorted(froms.items())]
        return out


def type_variable(p: Type, zeroed: bool) -> tuple[str, bool]:
    """Return the name for a type parameter, and whether its types are to be listed.

    That is so if its constraint has methods, or types that operators depend on, or a literal is its zero
    value.
    """
    constraint = p.constraint
    if not (constraint.under.terms or constraint.under.embeds or constraint.under.methods):
        return p.name, zeroed
    return (camel(constraint.obj.name) if constraint.kind == "named" else p.name), True


def lower_camel(name: str) -> str:
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


__all__ = ["Code", "Packages", "call", "comment_lines", "contains", "fixed_name", "re"]
