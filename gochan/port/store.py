"""The cells of a program by what they are for, and the instances of its functions."""

from __future__ import annotations

from collections.abc import Iterator

from gochan.port.cells import Cell, Instance, Reference, Source
from gochan.port.intervals import TOP
from gochan.port.kinds import (
    callee,
    holder,
    may_be_integer,
    refers,
)
from gochan.port.tree import Node, Object, Program, Type

MOST_INSTANCES = 400


class Store:
    """The cells of a program."""

    def __init__(self, program: Program, *, contexts: bool = True) -> None:
        self.program = program
        self.contexts = contexts
        self.instances: dict[int, list[Instance]] = {}  # by the id of the FuncDecl
        self.start = Instance(None, None)
        self._globals: dict[int, Cell] = {}
        self._fields: dict[tuple[int, str], Cell] = {}
        self._boxes: dict[int, Cell] = {}
        self._boxed: dict[int, Type] = {}
        self._shared: dict[int, Instance] = {}
        self._pending: list[tuple[Instance, Node]] = []
        self._count = 0
        self.declared: dict[int, Node] = {}  # FuncDecls by the index of the object
        self._methods: dict[str, list[Node]] = {}
        self.references: list[Reference] = []
        self._escaping: list[Type] = []
        self.generic = any(t.kind == "typeparam" and t.obj.local for t in program.types)

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
        self._boxed[t.index] = t
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

    # Instances of functions

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

    def _fresh(self, *, foreign: bool = False) -> Reference:
        reference = Reference()
        reference.foreign = foreign
        self.references.append(reference)
        return reference
