"""Packages.

Constants and variables, instances of generic functions, the order of a module, imports.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..tree import File, Object, Type
from .classes import Classes
from .code import TOKEN, Code, Sym, py_str
from .embedded import embedded_text
from .generics import Copy, Merged, Reader, merge
from .gotypes import type_base
from .items import Item
from .names import Line, camel, snake
from .testfiles import OfTests, decorator_of_test, left_out
from .walk import Node, unparen


class Packages(Classes):
    """Packages."""

    of_tests: OfTests
    instances: dict[Any, Sym]
    pending: list[Callable[[], None]]
    inits: list[Sym]

    # --- a module -----------------------------------------------------------------------------------------

    def module_items(self) -> None:
        """Translate all declarations of the current package."""
        self.items = []
        self.copies = []
        self.inits = []
        self.method_decls = {}
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
                    if name.Name == "_":
                        continue
                    t = self.subst(name.obj.type)
                    if text is not None:
                        self.define(name.obj, self.typed_literal(Code(py_str(text)), t), t, explicit=True)
                    else:
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
            base = self.function_name(obj.name, may_be_test=False)
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
                        plain.add(rest)
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
