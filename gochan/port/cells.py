"""Where the values of a program come from: its storage cells, and what is assigned to each.

A cell is a variable, a field of a struct type, or what all slices, maps, channels or pointers hold that may
be the same. The analysis does not follow the order of statements. A function is looked at once for each call
of it, with variables of its own (an `Instance`), so that two calls don't mix; recursive calls share one.

References (slices, maps, channels, functions, pointers to non-structs, arrays) are united where one is
assigned to the other. Pointers to structs need none: a field of a struct type is one cell in all structs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from gochan.port import library
from gochan.port.intervals import RANGES, TOP, ZERO, Interval, point
from gochan.port.tree import Node, Object, Package, Program, Type

MOST_INSTANCES = 400
BYTE = Interval(0, 255)
RUNE = Interval(0, 0x10FFFF)


class Source(NamedTuple):
    """What a cell may hold: an interval, another cell's value, an expression's, or that of an operation."""

    interval: Interval | None = None
    cell: Cell | None = None
    instance: Instance | None = None
    node: Node | None = None  # an expression, `x += y`, `x++`, or a RangeStmt over an int


class Cell:
    """A storage cell."""

    def __init__(self, *, zero: bool = False) -> None:
        self._root: Cell = self
        self.sources: list[Source] = [Source(interval=ZERO)] if zero else []
        self._reference: Reference | None = None

    def find(self) -> Cell:
        root = self
        while root._root is not root:
            root = root._root
        while self._root is not root:
            self._root, self = root, self._root  # noqa: PLW0642 - path compression
        return root

    def reference(self) -> Reference:
        """Return what the reference in this cell refers to."""
        root = self.find()
        if root._reference is None:
            root._reference = Reference()
        root._reference = root._reference.find()
        return root._reference

    def has_reference(self) -> bool:
        return self.find()._reference is not None

    def add(self, source: Source) -> None:
        self.find().sources.append(source)


class Reference:
    """What a slice, map, channel, pointer, array or function value refers to: cells by part.

    The parts are "elem", "key", "target", "len" (a slice's length and capacity), and of functions "p0",
    "p1"... (parameters) and "r0"... (results).
    """

    def __init__(self) -> None:
        self._root: Reference = self
        self.parts: dict[str, Cell] = {}
        self.escaped = False  # library code may write to it
        self.foreign = False  # library code has made it

    def find(self) -> Reference:
        root = self
        while root._root is not root:
            root = root._root
        return root

    def part(self, name: str) -> Cell:
        root = self.find()
        if name not in root.parts:
            root.parts[name] = Cell(zero=True)
        return root.parts[name]


def unite(a: Reference, b: Reference) -> None:
    """Make two references one."""
    pending = [(a, b)]
    while pending:
        a, b = (one.find() for one in pending.pop())
        if a is b:
            continue
        b._root = a
        a.escaped |= b.escaped
        a.foreign |= b.foreign
        for name, cell in b.parts.items():
            if name not in a.parts:
                a.parts[name] = cell
                continue
            pending += _unite_cells(a.parts[name], cell)


def unite_cells(a: Cell, b: Cell) -> None:
    """Make two cells one."""
    for x, y in _unite_cells(a, b):
        unite(x, y)


def _unite_cells(a: Cell, b: Cell) -> list[tuple[Reference, Reference]]:
    a, b = a.find(), b.find()
    if a is b:
        return []
    b._root = a
    a.sources += b.sources
    if a._reference is None or b._reference is None:
        a._reference = a._reference or b._reference
        return []
    return [(a._reference, b._reference)]


@dataclass(eq=False)
class Instance:
    """A function with the variables of one of its calls; or the initialization of packages."""

    node: Node | None
    parent: Instance | None
    call: Node | None = None  # in the parent
    repeated: bool = False  # more calls than this one share it
    cells: dict[int, Cell] = field(default_factory=dict)
    results: dict[int, list[Cell]] = field(default_factory=dict)
    references: dict[int, Reference] = field(default_factory=dict)
    calls: dict[int, list[Cell] | None] = field(default_factory=dict)

    def ancestor(self, node: Node) -> Instance | None:
        """Return the instance of a function that is active during this one."""
        instance: Instance | None = self
        while instance is not None and instance.node is not node:
            instance = instance.parent
        return instance


def unparen(n: Node) -> Node:
    while n.kind == "ParenExpr":
        n = n.X
    return n


def is_integer(t: Type | None) -> bool:
    return (
        t is not None
        and t.under.kind == "basic"
        and (t.under.name in RANGES or t.under.name == "untyped int")
    )


def may_be_integer(t: Type | None) -> bool:
    return t is not None and (t.kind == "typeparam" or is_integer(t))


def refers(t: Type | None) -> bool:
    """Return whether values of the type have a reference here."""
    if t is None:
        return False
    under = t.under
    if under.kind == "pointer":
        return under.elem.under.kind != "struct"
    return under.kind in ("slice", "map", "chan", "array", "signature", "typeparam")


def pointee(t: Type) -> Type:
    return t.under.elem if t.under.kind == "pointer" else t


def core(t: Type | None) -> Type:
    """Return the underlying type; of a type parameter that of its constraint's first type."""
    assert t is not None
    while t.kind == "typeparam":
        constraint = t.constraint.under
        while constraint.kind == "interface" and not constraint.terms and constraint.embeds:
            constraint = constraint.embeds[0].under
        if constraint.kind != "interface" or not constraint.terms:
            return constraint if constraint.kind != "interface" else t
        t = constraint.terms[0].type
    return t.under


def elements(t: Type | None) -> Type | None:
    """Return the type of a slice's, array's, map's or channel's elements."""
    under = core(t) if t is not None else None
    return under.elem if under is not None and under.kind in ("slice", "array", "map", "chan") else None


def structure(t: Type) -> Type:
    """Return the struct type that fields are found by: that of the generic type for an instance."""
    t = pointee(t)
    if t.kind == "named":
        t = t.origin or t
    return t.under


def holder(t: Type) -> Type:
    """Return the type that has the fields: a named type (for an instance the generic one) or a struct."""
    t = pointee(t)
    return t.origin or t if t.kind == "named" else t


class Cells:
    """All cells of a program."""

    def __init__(self, program: Program, *, contexts: bool = True) -> None:
        self.program = program
        self.contexts = contexts
        self.instances: dict[int, list[Instance]] = {}  # by the id of the FuncDecl
        self.start = Instance(None, None)
        self._globals: dict[int, Cell] = {}
        self._fields: dict[tuple[int, str], Cell] = {}
        self._boxes: dict[int, Cell] = {}
        self._shared: dict[int, Instance] = {}
        self._pending: list[tuple[Instance, Node]] = []
        self._count = 0
        self.declared: dict[int, Node] = {}  # FuncDecls by the index of the object
        self._methods: dict[str, list[Node]] = {}
        self.references: list[Reference] = []
        self._escaping: list[Type] = []
        functions = [
            node
            for package in program.packages
            for file in package.files
            for node in file.decls
            if node.kind == "FuncDecl"
        ]
        for node in functions:
            if node.Name.obj is not None:
                self.declared[node.Name.obj.index] = node
            if node.Recv is not None:
                self._methods.setdefault(node.Name.Name, []).append(node)
        self.generic = any(t.kind == "typeparam" and t.obj.local for t in program.types)
        self._generate(functions)
        self._escape_all()

    # What there is for whom

    def cell(self, instance: Instance, obj: Object) -> Cell:
        """Return the cell of a variable."""
        cells, key = instance.cells, obj.index
        if obj.scope == "package":
            cells = self._globals
        if key not in cells:
            cells[key] = Cell(zero=obj.scope in ("package", "result"))
        return cells[key]

    def field(self, t: Type, name: str) -> Cell:
        key = (holder(t).index, name)
        if key not in self._fields:
            self._fields[key] = Cell(zero=True)
        return self._fields[key]

    def box(self, t: Type) -> Cell:
        """Return the cell of all values of a type that are in interfaces."""
        key = 0 if self.generic else t.index
        if key not in self._boxes:
            self._boxes[key] = Cell()
        return self._boxes[key]

    def results(self, instance: Instance, function: Node) -> list[Cell]:
        """Return the cells of the results of a FuncDecl or FuncLit."""
        if function.id not in instance.results:
            found: list[Cell] = []
            for f in function.Type.Results.List if function.Type.Results else ():
                names = f.Names or [None]
                found += [self.cell(instance, name.obj) if name and name.obj else Cell() for name in names]
            instance.results[function.id] = found
        return instance.results[function.id]

    @staticmethod
    def params(function: Node) -> list[tuple[Object | None, Type]]:
        """Return the parameters of a FuncDecl or FuncLit; a variadic one has a slice type."""
        found: list[tuple[Object | None, Type]] = []
        for f in function.Type.Params.List:
            for name in f.Names or [None]:
                obj = name.obj if name else None
                found.append((obj, obj.type if obj else f.Type.type))
        return found

    def boxes(self) -> list[Cell]:
        """Return the cells of what is in interfaces."""
        return list(self._boxes.values())

    def is_local_call(self, n: Node) -> bool:
        """Return whether a call is one of a function or method that the program declares."""
        obj = callee(n).obj
        if obj is None or obj.kind != "func" or obj.local:
            return True
        return obj.index in self.declared

    def every_instance(self) -> Iterator[Instance]:
        yield self.start
        for instances in self.instances.values():
            yield from instances

    def every_cell(self) -> Iterator[Cell]:
        """Yield the cells, some of them more than once."""
        yield from self._globals.values()
        yield from self._fields.values()
        yield from self._boxes.values()
        for instance in self.every_instance():
            yield from instance.cells.values()
            for results in instance.results.values():
                yield from results
            for reference in instance.references.values():
                yield from reference.find().parts.values()

    def variables(self) -> set[Cell]:
        """Return the cells of variables and fields, and of what references refer to."""
        found = [*self._globals.values(), *self._fields.values(), *self._boxes.values()]
        for instance in self.every_instance():
            found += instance.cells.values()
            for reference in instance.references.values():
                found += [cell for name, cell in reference.find().parts.items() if name[0] != "r"]
        return {cell.find() for cell in found}

    # Generation

    def _generate(self, functions: list[Node]) -> None:
        for package in self.program.packages:
            for file in package.files:
                for node in file.decls:
                    if node.kind != "FuncDecl":
                        self._visit(self.start, node, None)
        for package in self.program.packages:
            for node in functions:
                if self._is_root(package, node):
                    self._unknown_params(self._share(node), node)
                    if package.name != "main":  # code that is not here may change what it is given
                        self._escaping += [t for _, t in self.params(node)]
        self._drain()
        for node in functions:
            name = node.Name.Name
            if node.Recv is not None and name in library.METHODS:
                instance = self._share(node)
                for obj, t in self.params(node):
                    if obj is not None and is_integer(t):
                        self.cell(instance, obj).add(Source(interval=library.METHODS[name]))
            elif node.Recv is not None and name in library.METHODS_OF_ANY:
                self._unknown_params(self._share(node), node)
        self._drain()
        for node in functions:
            if node.id not in self.instances:  # only library code calls it, or nothing
                self._unknown_params(self._share(node), node)
                self._drain()

    def _is_root(self, package: Package, node: Node) -> bool:
        if not any(node in file.decls for file in package.files):
            return False
        name = node.Name.Name
        if name.startswith(("Test", "Benchmark", "Fuzz", "Example")) or name in ("main", "init"):
            return True
        return package is self.program.main and package.name != "main" and name[0].isupper()

    def _drain(self) -> None:
        while self._pending:
            instance, node = self._pending.pop()
            if node.Body is not None:
                self._visit(instance, node.Body, node)

    def _unknown_params(self, instance: Instance, function: Node) -> None:
        names = [name for f in function.Recv.List for name in f.Names] if function.Recv else []
        objects = [(name.obj, name.obj.type) for name in names if name.obj is not None]
        for obj, t in objects + self.params(function):
            if obj is not None and t is not None:
                self._unknown(self.cell(instance, obj), t)

    def _unknown(self, cell: Cell, t: Type) -> None:
        """Let a cell hold anything of its type."""
        if may_be_integer(t):
            cell.add(Source(interval=TOP))
        if refers(t):
            cell.reference().escaped = True
            self.references.append(cell.reference())

    def _share(self, function: Node) -> Instance:
        """Return the instance for calls from anywhere."""
        if function.id not in self._shared:
            self._shared[function.id] = self._instantiate(function, None, None)
        return self._shared[function.id]

    def _instantiate(self, function: Node, parent: Instance | None, call: Node | None) -> Instance:
        is_main = function.Name.Name in ("main", "init") and function.Recv is None
        instance = Instance(function, parent, call, repeated=parent is None and not is_main)
        self.instances.setdefault(function.id, []).append(instance)
        self._pending.append((instance, function))
        self._count += 1
        return instance

    def _instance_for(self, instance: Instance, function: Node, call: Node) -> Instance:
        if not self.contexts or self._count > MOST_INSTANCES:
            found = self._share(function)
        else:
            active = instance.ancestor(function)
            if active is None:
                return self._instantiate(function, instance, call)
            found = active
        found.repeated = True
        return found

    def _visit(self, instance: Instance, n: Node, function: Node | None) -> None:
        """Visit a node and all below it, except function literals' bodies, which belong to their literal."""
        stack: list[tuple[Node, Node | None]] = [(n, function)]
        while stack:
            node, around = stack.pop()
            self._collect(instance, node, around)
            inner = node if node.kind == "FuncLit" else around
            stack.extend((child, inner) for child in node.children())

    def _collect(self, instance: Instance, n: Node, function: Node | None) -> None:
        match n.kind:
            case "AssignStmt":
                self._assign(instance, n)
            case "IncDecStmt":
                self._target(instance, n.X, Source(instance=instance, node=n))
            case "ValueSpec":
                self._declare(instance, n)
            case "SendStmt":
                channel = self.reference(instance, n.Chan)
                self.flow(instance, channel.part("elem"), elements(n.Chan.type), n.Value)
            case "RangeStmt":
                self._range(instance, n)
            case "ReturnStmt" if function is not None:
                self._return(instance, n, function)
            case "TypeSwitchStmt":
                self._type_switch(instance, n)
            case "CompositeLit":
                self.reference(instance, n)
                self._literal(instance, n)
            case "CallExpr":
                self.call(instance, n)

    # Flows

    def flow(self, instance: Instance, cell: Cell, t: Type | None, n: Node) -> None:
        """Let a cell of a type hold an expression's value."""
        if n.mode == "nil":
            return
        t = t or n.type
        if t is None:
            return
        if t.under.kind == "interface" and t.kind != "typeparam":
            self._put_in_box(instance, n)
            return
        if may_be_integer(n.type) or (n.const is not None and n.const.kind == "int"):
            cell.add(Source(instance=instance, node=n))
        if refers(n.type):
            unite(cell.reference(), self.reference(instance, n))
        self._convert(t, n.type)

    def flow_cell(self, cell: Cell, source: Cell, t: Type | None) -> None:
        """Let a cell hold what another of the same type holds."""
        if cell.find() is source.find() or t is None:
            return
        if may_be_integer(t):
            cell.add(Source(cell=source))
        if refers(t):
            unite(cell.reference(), source.reference())

    def _put_in_box(self, instance: Instance, n: Node) -> None:
        t = n.type
        if t is None or (t.under.kind == "interface" and t.kind != "typeparam") or t.kind == "tuple":
            return
        self.flow(instance, self.box(t), t, n)

    def _target(self, instance: Instance, n: Node, source: Source) -> None:
        cell = self.place(instance, n)
        if cell is not None and may_be_integer(n.type):
            cell.add(source)

    def place(self, instance: Instance, n: Node) -> Cell | None:
        """Return the cell of an expression that can be assigned to or whose address can be taken."""
        n = unparen(n)
        match n.kind:
            case "Ident":
                if n.obj is not None and n.obj.kind == "var":
                    return self.cell(instance, n.obj)
            case "SelectorExpr":
                return self._selected(instance, n)
            case "IndexExpr":
                if n.X.type is not None and n.X.type.under.kind != "signature":
                    return self.elements_of(instance, n.X).part("elem")
            case "StarExpr":
                if n.X.type is not None and refers(n.X.type):
                    return self.reference(instance, n.X).part("target")
        return None

    def _selected(self, instance: Instance, n: Node) -> Cell | None:
        selection = n.sel
        if selection.kind == "qualified":
            if selection.obj.kind == "var" and selection.obj.local:
                return self.cell(instance, selection.obj)
            return None
        if selection.kind != "field" or not selection.obj.local:
            return None
        t = self._holder(n)
        return self.field(t, selection.obj.name) if structure(t).kind == "struct" else None

    @staticmethod
    def _holder(n: Node) -> Type:
        """Return the struct type that has the field or method which a selector selects."""
        t: Type = n.sel.path[-1].type if n.sel.path else n.X.type
        return t

    def _assign(self, instance: Instance, n: Node) -> None:
        if n.Tok not in ("=", ":="):
            self._target(instance, n.Lhs[0], Source(instance=instance, node=n))
            return
        if len(n.Lhs) == len(n.Rhs):
            for left, right in zip(n.Lhs, n.Rhs, strict=True):
                self._set(instance, left, right)
            return
        self._set_several(instance, n.Lhs, n.Rhs[0])

    def _set(self, instance: Instance, left: Node, right: Node) -> None:
        left = unparen(left)
        if left.kind == "Ident" and left.Name == "_":
            return
        cell = self.place(instance, left)
        if cell is not None:
            self.flow(instance, cell, left.type, right)
        if left.kind == "IndexExpr" and left.X.type is not None and core(left.X.type).kind == "map":
            key = self.reference(instance, left.X).part("key")
            self.flow(instance, key, core(left.X.type).key, left.Index)

    def _set_several(self, instance: Instance, targets: list[Node], right: Node) -> None:
        right = unparen(right)
        if right.kind == "CallExpr":
            sources = self.call(instance, right)
            types = right.type.types if right.type is not None else []
            for i, target in enumerate(targets):
                cell = self.place(instance, target)
                if cell is None or i >= len(types):
                    continue
                if sources is None:
                    self._unknown_result(instance, cell, right, i, types[i])
                else:
                    self.flow_cell(cell, sources[i], types[i])
            return
        # v, ok = m[k], <-ch, x.(T)
        cell = self.place(instance, targets[0])
        source = self._several_source(instance, right)
        if cell is not None and source is not None and targets[0].type is not None:
            self.flow_cell(cell, source, targets[0].type)
            cell.add(Source(interval=ZERO))

    def _several_source(self, instance: Instance, n: Node) -> Cell | None:
        match n.kind:
            case "TypeAssertExpr":
                return self.box(n.Type.type)
            case "UnaryExpr":
                return self.reference(instance, n.X).part("elem")
            case "IndexExpr":
                return self.reference(instance, n.X).part("elem")
        return None

    def _unknown_result(self, instance: Instance, cell: Cell, call: Node, i: int, t: Type) -> None:
        if may_be_integer(t):
            # The first integer result has the range that the table knows.
            known = i == 0 and call.type is not None
            cell.add(Source(instance=instance, node=call) if known else Source(interval=TOP))
        if refers(t):
            cell.reference().foreign = True
            self.references.append(cell.reference())

    def _declare(self, instance: Instance, n: Node) -> None:
        if n.parent is not None and n.parent.Tok != "var":
            return
        names, values = n.Names, n.Values
        if not values:
            for name in names:
                if name.obj is not None:
                    self.cell(instance, name.obj).add(Source(interval=ZERO))
        elif len(values) == len(names):
            for name, value in zip(names, values, strict=True):
                self._set(instance, name, value)
        else:
            self._set_several(instance, names, values[0])

    def _return(self, instance: Instance, n: Node, function: Node) -> None:
        cells = self.results(instance, function)
        types = [
            f.Type.type
            for f in (function.Type.Results.List if function.Type.Results else ())
            for _ in f.Names or [0]
        ]
        if len(n.Results) == len(cells):
            for cell, t, value in zip(cells, types, n.Results, strict=True):
                self.flow(instance, cell, t, value)
        elif n.Results:
            sources = self.call(instance, unparen(n.Results[0]))
            for i, (cell, t) in enumerate(zip(cells, types, strict=True)):
                if sources is None:
                    self._unknown(cell, t)
                else:
                    self.flow_cell(cell, sources[i], t)

    def _range(self, instance: Instance, n: Node) -> None:
        targets = [n.Key, n.Value]
        match n.over:
            case "slice" | "array" | "ptrarray" | "string":
                self._range_target(instance, targets[0], Source(instance=instance, node=n))
                if n.over == "string":
                    self._range_target(instance, targets[1], Source(interval=RUNE))
                else:
                    self._range_cell(instance, targets[1], self.elements_of(instance, n.X).part("elem"))
            case "map":
                reference = self.reference(instance, n.X)
                self._range_cell(instance, targets[0], reference.part("key"))
                self._range_cell(instance, targets[1], reference.part("elem"))
            case "chan":
                self._range_cell(instance, targets[0], self.reference(instance, n.X).part("elem"))
            case "int":
                self._range_target(instance, targets[0], Source(instance=instance, node=n))
            case _:
                yielded = self.reference(instance, n.X).part("p0").reference()
                for i, target in enumerate(targets):
                    self._range_cell(instance, target, yielded.part(f"p{i}"))

    def elements_of(self, instance: Instance, n: Node) -> Reference:
        """Return the reference of a slice or array, or of the array behind a pointer."""
        reference = self.reference(instance, n)
        if n.type is not None and n.type.under.kind == "pointer":
            return reference.part("target").reference()
        return reference

    def _range_target(self, instance: Instance, target: Node | None, source: Source) -> None:
        if target is not None:
            self._target(instance, target, source)

    def _range_cell(self, instance: Instance, target: Node | None, source: Cell) -> None:
        if target is None:
            return
        cell = self.place(instance, target)
        if cell is not None:
            self.flow_cell(cell, source, target.type)

    def _type_switch(self, instance: Instance, n: Node) -> None:
        for clause in n.Body.List:
            obj = clause.implicit
            if obj is not None and obj.type is not None and obj.type.under.kind != "interface":
                self.flow_cell(self.cell(instance, obj), self.box(obj.type), obj.type)

    def _literal(self, instance: Instance, n: Node) -> None:
        t = n.type
        if t is None:
            return
        t = pointee(t)
        under = core(t)
        for i, element in enumerate(n.Elts):
            key, value = (element.Key, element.Value) if element.kind == "KeyValueExpr" else (None, element)
            if under.kind == "struct":
                name = key.Name if key is not None else under.fields[i].name
                found = next(f.type for f in under.fields if f.name == name)
                self.flow(instance, self.field(t, name), found, value)
            elif under.kind in ("slice", "array", "map"):
                reference = self.reference(instance, n)
                self.flow(instance, reference.part("elem"), under.elem, value)
                reference.part("len").add(Source(interval=point(_index_of(n, i) + 1)))
                if key is not None and under.kind == "map":
                    self.flow(instance, reference.part("key"), under.key, key)

    # References of expressions

    def reference(self, instance: Instance, n: Node) -> Reference:
        """Return the reference that an expression's value has."""
        n = unparen(n)
        if n.id not in instance.references:
            instance.references[n.id] = self._find_reference(instance, n)
        return instance.references[n.id].find()

    def _find_reference(self, instance: Instance, n: Node) -> Reference:
        match n.kind:
            case "Ident" | "SelectorExpr" if n.obj is not None and n.obj.kind == "func":
                return self._function_as_value(instance, n)
            case "Ident" | "SelectorExpr" | "StarExpr":
                cell = self.place(instance, n)
                if cell is not None:
                    return cell.reference()
                return self._fresh(foreign=True)
            case "FuncLit":
                return self._value_of_function(instance, n, self._fresh())
            case "IndexExpr" | "IndexListExpr" if _names_function(n.X):
                return self.reference(instance, n.X)
            case "IndexExpr":
                base = n.X.type
                if base is not None and base.under.kind != "signature":
                    return self.elements_of(instance, n.X).part("elem").reference()
            case "SliceExpr":
                reference = self.elements_of(instance, n.X)
                array = core(pointee(n.X.type))
                if array.kind == "array":
                    reference.part("len").add(Source(interval=point(array.len)))
                elif array.kind == "slice" and n.High is not None:  # it may be beyond the length
                    reference.part("len").add(Source(instance=instance, node=n.High))
                return reference
            case "UnaryExpr" if n.Op == "<-":
                return self.reference(instance, n.X).part("elem").reference()
            case "UnaryExpr" if n.Op == "&":
                return self._address(instance, unparen(n.X))
            case "TypeAssertExpr" if n.Type is not None:
                return self.box(n.Type.type).reference()
            case "CallExpr":
                return self._reference_of_call(instance, n)
        return self._fresh()

    def _fresh(self, *, foreign: bool = False) -> Reference:
        reference = Reference()
        reference.foreign = foreign
        self.references.append(reference)
        return reference

    def _address(self, instance: Instance, n: Node) -> Reference:
        reference = self._fresh()
        if n.kind == "CompositeLit":
            target = reference.part("target")
            if refers(n.type):
                unite(target.reference(), self.reference(instance, n))
            return reference
        cell = self.place(instance, n)
        if cell is not None:
            reference.parts["target"] = cell
        return reference

    def _reference_of_call(self, instance: Instance, n: Node) -> Reference:
        if n.call == "conversion":
            inner = n.Args[0]
            if inner.type is not None and core(inner.type).kind == "basic":  # a string's bytes or runes
                reference = self._fresh()
                reference.part("elem").add(Source(interval=RUNE))
                reference.part("len").add(Source(interval=library.LENGTH))
                return reference
            return self.reference(instance, inner)
        if n.call == "builtin":
            name = unparen(n.Fun).Name if unparen(n.Fun).kind == "Ident" else ""
            if name == "append":
                return self._append(instance, n)
            reference = self._fresh()
            if name == "make" and core(n.type).kind == "slice":
                for size in n.Args[1:]:
                    reference.part("len").add(Source(instance=instance, node=size))
            return reference
        results = self.call(instance, n)
        if results is None:
            return self._fresh(foreign=True)
        return results[0].reference() if results else self._fresh()

    def _append(self, instance: Instance, n: Node) -> Reference:
        first = n.Args[0]
        reference = self.reference(instance, first) if first.mode != "nil" else self._fresh()
        elem = elements(n.type)
        reference.part("len").add(Source(instance=instance, node=n))
        for value in n.Args[1:]:
            if not n.Ellipsis:
                self.flow(instance, reference.part("elem"), elem, value)
            elif value.type is not None and value.type.under.kind == "basic":
                reference.part("elem").add(Source(interval=BYTE))
            else:
                source = self.reference(instance, value).part("elem")
                self.flow_cell(reference.part("elem"), source, elem or elements(value.type))
        return reference

    # Calls

    def call(self, instance: Instance, n: Node) -> list[Cell] | None:
        """Return the cells of a call's results; None for a library function, a conversion or a builtin."""
        if n.id not in instance.calls:
            instance.calls[n.id] = None
            instance.calls[n.id] = self._call(instance, n)
        return instance.calls[n.id]

    def _call(self, instance: Instance, n: Node) -> list[Cell] | None:
        if n.call == "conversion":
            self._convert(n.type, n.Args[0].type)
            return None
        if n.call == "builtin":
            self._builtin(instance, n)
            return None
        fun = callee(n)
        if fun.kind == "FuncLit":
            self._bind(instance, n, instance, fun, n.Args)
            return self.results(instance, fun)
        obj = fun.obj if fun.kind in ("Ident", "SelectorExpr") else None
        if fun.kind == "SelectorExpr" and fun.sel.kind == "interfacemethod":
            return self._call_of_interface(instance, n, fun)
        if obj is not None and obj.kind == "func":
            function = self.declared.get(obj.index)
            if function is None:
                self._call_of_library(instance, n, obj)
                return None
            if function.Body is None:
                return None
            target = self._instance_for(instance, function, n)
            args = n.Args
            if fun.kind == "SelectorExpr" and fun.sel.kind == "method":
                self._bind_receiver(instance, fun, target, function)
            elif fun.kind == "SelectorExpr" and fun.sel.kind == "methodexpr":
                target = self._share(function)
                self._bind_receiver_value(instance, args[0], target, function)
                args = args[1:]
            self._bind(instance, n, target, function, args)
            return self.results(target, function)
        return self._call_of_value(instance, n, fun)

    def _convert(self, a: Type | None, b: Type | None) -> None:
        """Make the fields one of two struct types that values go between."""
        if a is None or b is None or a is b or a.kind == "typeparam" or b.kind == "typeparam":
            return
        if structure(a).kind == structure(b).kind == "struct" and holder(a) is not holder(b):
            for f in structure(a).fields:
                unite_cells(self.field(a, f.name), self.field(b, f.name))

    def _bind(self, instance: Instance, n: Node, target: Instance, function: Node, args: list[Node]) -> None:
        params = self.params(function)
        variadic = bool(params) and _is_variadic(function)
        cells = [self.cell(target, obj) if obj is not None else Cell() for obj, _ in params]
        self._pass(
            instance, n, args, list(zip(cells, (t for _, t in params), strict=True)), variadic=variadic
        )

    def _pass(
        self,
        instance: Instance,
        n: Node,
        args: list[Node],
        params: list[tuple[Cell, Type]],
        *,
        variadic: bool,
    ) -> None:
        """Let parameters hold the arguments of a call."""
        if variadic and not n.Ellipsis:
            several = len(args) == 1 and args[0].type is not None and args[0].type.kind == "tuple"
            count = library.LENGTH if several else point(len(args))
            params[-1][0].reference().part("len").add(Source(interval=count))
        if len(args) == 1 and args[0].type is not None and args[0].type.kind == "tuple":
            sources = self.call(instance, unparen(args[0]))
            for i, t in enumerate(args[0].type.types):
                cell, wanted = params[min(i, len(params) - 1)]
                if variadic and i >= len(params) - 1:
                    cell, wanted = cell.reference().part("elem"), core(wanted).elem
                if wanted.under.kind == "interface" and wanted.kind != "typeparam":
                    cell = self.box(t)
                if sources is None:
                    self._unknown(cell, t)
                else:
                    self.flow_cell(cell, sources[i], t)
            return
        for i, arg in enumerate(args):
            cell, wanted = params[min(i, len(params) - 1)]
            if variadic and i >= len(params) - 1 and not n.Ellipsis:
                self.flow(instance, cell.reference().part("elem"), core(wanted).elem, arg)
            else:
                self.flow(instance, cell, wanted, arg)

    def _bind_receiver(self, instance: Instance, fun: Node, target: Instance, function: Node) -> None:
        names = function.Recv.List[0].Names
        if not names or names[0].obj is None:
            return
        cell = self.cell(target, names[0].obj)
        wanted = names[0].obj.type
        if wanted is None or structure(wanted).kind == "struct":
            return
        if fun.sel.path:
            holder = fun.sel.path[-2].type if len(fun.sel.path) > 1 else fun.X.type
            self._receive(cell, wanted, self.field(holder, fun.sel.path[-1].name), fun.sel.path[-1].type)
            return
        self._bind_receiver_value(instance, fun.X, target, function)

    def _bind_receiver_value(self, instance: Instance, n: Node, target: Instance, function: Node) -> None:
        names = function.Recv.List[0].Names
        if not names or names[0].obj is None:
            return
        cell, wanted = self.cell(target, names[0].obj), names[0].obj.type
        if wanted is None or structure(wanted).kind == "struct" or n.type is None:
            return
        if n.type.under.kind == "pointer" or wanted.under.kind != "pointer":
            if n.type.under.kind == "pointer" and wanted.under.kind != "pointer":
                self.flow_cell(cell, self.reference(instance, n).part("target"), wanted)
            else:
                self.flow(instance, cell, wanted, n)
            return
        place = self.place(instance, n)
        if place is not None:
            unite_cells(cell.reference().part("target"), place)

    def _receive(self, cell: Cell, wanted: Type, source: Cell, t: Type | None) -> None:
        """Let a receiver be what an embedded field holds, or its address, or what it points to."""
        if t is None:
            return
        if (t.under.kind == "pointer") == (wanted.under.kind == "pointer"):
            self.flow_cell(cell, source, wanted)
        elif wanted.under.kind == "pointer":
            unite_cells(cell.reference().part("target"), source)
        else:
            self.flow_cell(cell, source.reference().part("target"), wanted)

    def _call_of_value(self, instance: Instance, n: Node, fun: Node) -> list[Cell] | None:
        t = core(fun.type) if fun.type is not None else None
        if t is None or t.kind != "signature":
            return None
        reference = self.reference(instance, fun)
        params = [(reference.part(f"p{i}"), p.type) for i, p in enumerate(t.params)]
        self._pass(instance, n, n.Args, params, variadic=t.variadic)
        return [reference.part(f"r{i}") for i in range(len(t.results))]

    def _call_of_interface(self, instance: Instance, n: Node, fun: Node) -> list[Cell] | None:
        t = fun.type
        if t is None:
            return None
        results = [Cell() for _ in t.under.results]
        for function in self._methods.get(fun.Sel.Name, ()):
            if not self._same_signature(function, t.under):
                continue
            target = self._share(function)
            self._bind(instance, n, target, function, n.Args)
            self._receive_from_boxes(target, function)
            for cell, source, r in zip(results, self.results(target, function), t.under.results, strict=True):
                self.flow_cell(cell, source, r.type)
        if not fun.sel.obj.local:
            for arg in n.Args:
                self._escape(instance, arg)
            for cell, r in zip(results, t.under.results, strict=True):
                self._unknown(cell, r.type)
        return results

    def _same_signature(self, function: Node, t: Type) -> bool:
        params = [p for _, p in self.params(function)]
        results = function.Name.obj.type.under.results
        if len(params) != len(t.params) or len(results) != len(t.results):
            return False
        return self.generic or (
            all(a is b.type for a, b in zip(params, t.params, strict=True))
            and all(a.type is b.type for a, b in zip(results, t.results, strict=True))
        )

    def _receive_from_boxes(self, target: Instance, function: Node) -> None:
        names = function.Recv.List[0].Names
        if not names or names[0].obj is None:
            return
        obj = names[0].obj
        if structure(obj.type).kind == "struct":
            return
        self.flow_cell(self.cell(target, obj), self.box(obj.type), obj.type)
        for t in self.program.types:
            if t.kind == "pointer" and t.elem is obj.type:
                self.flow_cell(self.cell(target, obj), self.box(t).reference().part("target"), obj.type)

    def _function_as_value(self, instance: Instance, n: Node) -> Reference:
        """Return the reference of a function or method that is not called at once."""
        reference = self._fresh()
        assert n.obj is not None
        if n.kind == "SelectorExpr" and n.sel.kind == "interfacemethod":
            for method in self._methods.get(n.Sel.Name, ()):
                if self._same_signature(method, core(n.type)):
                    self._receive_from_boxes(self._share(method), method)
                    self._value_of_function(self._share(method), method, reference)
            reference.escaped |= not n.obj.local
            return reference
        function = self.declared.get(n.obj.index)
        if function is None or function.Body is None:
            reference.escaped = True
            return reference
        target = self._share(function)
        if n.kind == "SelectorExpr" and n.sel.kind == "method":
            self._bind_receiver(instance, n, target, function)
        elif n.kind == "SelectorExpr" and n.sel.kind == "methodexpr":
            self._unknown_params(target, function)
        return self._value_of_function(target, function, reference)

    def _value_of_function(self, instance: Instance, function: Node, reference: Reference) -> Reference:
        """Let all who call a value with this reference call the function."""
        for i, (obj, t) in enumerate(self.params(function)):
            if obj is not None:
                self.flow_cell(self.cell(instance, obj), reference.part(f"p{i}"), t)
        types = [
            f.Type.type
            for f in (function.Type.Results.List if function.Type.Results else ())
            for _ in f.Names or [0]
        ]
        for i, (source, t) in enumerate(zip(self.results(instance, function), types, strict=True)):
            self.flow_cell(reference.part(f"r{i}"), source, t)
        return reference

    # Library functions and builtins

    def _call_of_library(self, instance: Instance, n: Node, obj: Object) -> None:
        harmless = _is_harmless(obj)
        signature = obj.type.under if obj.type is not None else None
        for i, arg in enumerate(n.Args):
            t = arg.type
            if t is None or arg.mode == "nil":
                continue
            if core(t).kind == "signature":
                self._called_back(instance, arg, obj.full)
            elif not harmless:
                self._escape(instance, arg)
            if signature is not None and obj.pkg not in library.PRINTERS:
                wanted = signature.params[min(i, len(signature.params) - 1)].type
                if signature.variadic and i >= len(signature.params) - 1 and not n.Ellipsis:
                    wanted = wanted.elem
                if wanted.under.kind == "interface":
                    self._put_in_box(instance, arg)
        fun = callee(n)
        if fun.kind == "SelectorExpr" and fun.sel.kind == "method" and not harmless:
            self._escape(instance, fun.X)

    def _called_back(self, instance: Instance, n: Node, caller: str) -> None:
        """Let a library function call a function."""
        reference = self.reference(instance, n)
        if caller in library.CALLED_WITH_INDEXES:
            for i in range(len(core(n.type).params)):
                reference.part(f"p{i}").add(Source(interval=library.LENGTH))
        else:
            reference.escaped = True
            self.references.append(reference)

    def _escape(self, instance: Instance, n: Node) -> None:
        """Let library code write to all that a value refers to."""
        t = n.type
        if t is None:
            return
        if refers(t):
            reference = self.reference(instance, n)
            reference.escaped = True
            self.references.append(reference)
        self._escaping.append(t)

    def _escape_all(self) -> None:
        """Let everything hold any integer that library code may write to."""
        seen: set[int] = set()
        while self._escaping:
            t = self._escaping.pop()
            if t.index in seen:
                continue
            seen.add(t.index)
            under = pointee(t).under
            if under.kind == "struct":
                for f in structure(t).fields:
                    if f.obj is not None and f.obj.local and t.under.kind != "struct":
                        self._unknown(self.field(t, f.name), f.type)
                        self._escaping.append(f.type)
            elif under.kind in ("slice", "map", "chan", "array", "pointer"):
                self._escaping.append(under.elem)
        roots = {reference.find() for reference in self.references}
        pending = [reference for reference in roots if reference.escaped or reference.foreign]
        done: set[Reference] = set()
        while pending:
            reference = pending.pop().find()
            if reference in done:
                continue
            done.add(reference)
            reference.escaped |= not reference.foreign
            for cell in reference.parts.values():
                cell.add(Source(interval=TOP))
                if cell.has_reference():
                    pending.append(cell.reference())

    def _builtin(self, instance: Instance, n: Node) -> None:
        fun = unparen(n.Fun)
        name = fun.Name if fun.kind == "Ident" else ""
        match name:
            case "append":
                self.reference(instance, n)
            case "copy":
                target, source = n.Args
                if source.type is not None and source.type.under.kind == "basic":
                    self.reference(instance, target).part("elem").add(Source(interval=BYTE))
                elif source.type is not None and source.type.under.kind == "slice":
                    elem = source.type.under.elem
                    cell = self.reference(instance, target).part("elem")
                    self.flow_cell(cell, self.reference(instance, source).part("elem"), elem)
            case "panic":
                self._put_in_box(instance, n.Args[0])


def _index_of(literal: Node, i: int) -> int:
    """Return the index that the i-th element of a slice's or array's literal has."""
    index = -1
    for element in literal.Elts[: i + 1]:
        key = element.Key.const if element.kind == "KeyValueExpr" else None
        index = key.value if key is not None and isinstance(key.value, int) else index + 1
    return index


def callee(n: Node) -> Node:
    """Return the function of a call, without parentheses and type arguments."""
    fun = unparen(n.Fun)
    while fun.kind in ("IndexExpr", "IndexListExpr") and (fun.inst or _names_function(fun.X)):
        fun = unparen(fun.X)
    return fun


def _names_function(n: Node) -> bool:
    n = unparen(n)
    return n.kind in ("Ident", "SelectorExpr") and n.obj is not None and n.obj.kind == "func"


def _is_variadic(function: Node) -> bool:
    fields = function.Type.Params.List
    return bool(fields) and fields[-1].Type.kind == "Ellipsis"


def _is_harmless(obj: Object) -> bool:
    """Return whether a library function leaves the integers alone that its arguments refer to."""
    if obj.pkg == "sync/atomic":
        return obj.recv is not None
    return obj.full in library.READERS or (
        obj.pkg in library.HARMLESS and not obj.full.startswith(library.WRITERS)
    )
