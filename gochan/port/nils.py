"""Which channels may be nil: those that a nil or a zero value reaches.

The channels that may be the same (see cells.py) are a class, which is nil if one of them may be.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gochan.port.cells import Cell, Instance
from gochan.port.fills import Fill, find_fill, is_builtin
from gochan.port.kinds import core, holder, structure, unparen
from gochan.port.lists import Lists
from gochan.port.tree import Node, Program, Type

_CLAUSES = ("CaseClause", "CommClause")
# Functions that may leave zero values behind in a slice.
_ZEROING = ("slices.Delete", "slices.Compact", "slices.Replace", "slices.Grow")


class NilChannels:
    """The answer to: may this channel be nil."""

    def __init__(self, program: Program, lists: Lists) -> None:
        self._lists = lists
        self._cells = lists.cells
        self._zeroed: set[int] = set()  # struct types with a zero value
        self._arguments = [a for t in program.types for a in t.__dict__.get("args") or ()]
        nodes = list(lists.all_nodes(program))
        closed = [(instance, n.Args[0]) for instance, n in nodes if is_builtin(n, "close")]
        self._closed = {self._cells.reference(instance, n).find() for instance, n in closed}
        self._arguments += [a for _, n in nodes for a in n.__dict__.get("inst") or ()]
        self._filled = {fill.made.id for fill in fills(program)}
        for instance, n in nodes:
            self._visit(instance, n)

    def may_be_nil(self, n: Node) -> bool:
        """Return whether the channel that an expression has may be nil, as far as the program shows."""
        found = self._lists.reference(n)
        if found is None:
            return True
        root = found.find()
        return root.escaped or root.foreign or root.nil

    def _visit(self, instance: Instance, n: Node) -> None:
        match n.kind:
            case "ValueSpec" if not n.Values and n.id not in self._filled:
                for name in n.Names:
                    if name.obj is not None and name.obj.kind == "var":
                        self._zero(self._cells.cell(instance, name.obj), name.obj.type)
            case "FuncType" if n.Results is not None:
                for name in (name for f in n.Results.List for name in f.Names or ()):
                    if name.obj is not None:
                        self._zero(self._cells.cell(instance, name.obj), name.obj.type)
            case "CompositeLit":
                self._literal(instance, n)
            case "CallExpr" if n.call == "builtin":
                self._builtin(instance, n)
            case "CallExpr" if n.call == "call":
                fun = unparen(n.Fun)
                obj = fun.obj if fun.kind == "SelectorExpr" else None
                if obj is not None and obj.kind == "func":
                    self._library_call(instance, n, obj.full)
            case "IndexExpr" if n.X.type is not None and core(n.X.type).kind == "map":
                if n.parent is None or n.parent.kind != "AssignStmt" or n not in n.parent.Lhs:
                    self._element(instance, n.X)
            case "SliceExpr" if n.High is not None and core(n.X.type).kind == "slice":
                self._element(instance, n.X)
            case "UnaryExpr" if n.Op == "<-":
                found = self._cells.reference(instance, n.X).find()
                if found in self._closed or found.escaped or found.foreign:
                    self._element(instance, n.X)
            case "TypeAssertExpr" if n.type is not None and n.type.kind == "tuple":
                self._zero(self._cells.box(n.Type.type), n.Type.type)

    def _literal(self, instance: Instance, n: Node) -> None:
        t = n.type
        if t is None:
            return
        under = core(t)
        if under.kind == "pointer":  # the elided &T in a slice
            t = under.elem
            under = core(t)
        elements = n.Elts or []
        keyed = any(e.kind == "KeyValueExpr" for e in elements)
        if under.kind == "struct":
            fields = [f.name for f in under.fields[: len(elements)]]
            self._fields(t, {e.Key.Name for e in elements} if keyed else set(fields))
        elif (under.kind == "array" and len(elements) < under.len) or (under.kind == "slice" and keyed):
            self._element(instance, n)

    def _builtin(self, instance: Instance, n: Node) -> None:
        if is_builtin(n, "make") and core(n.type).kind == "slice" and n.id not in self._filled:
            if n.Args[1].const is None or n.Args[1].const.value != 0:
                self._element(instance, n)
        elif is_builtin(n, "new") and n.Args[0].mode == "type":
            self._zero(self._cells.reference(instance, n).part("target"), n.Args[0].type)
        elif is_builtin(n, "clear"):
            self._element(instance, n.Args[0])

    def _library_call(self, instance: Instance, n: Node, name: str) -> None:
        if name.startswith(_ZEROING):
            self._element(instance, n.Args[0])
        elif name == "(context.Context).Done":
            # It is nil for a context that never ends.
            self._cells.reference(instance, n).find().nil = True

    def _element(self, instance: Instance, n: Node) -> None:
        """Let an element of a slice, array, map or channel have its zero value."""
        self._zero(self._cells.elements_of(instance, n).part("elem"), core(_pointed(n.type)).elem)

    def _zero(self, cell: Cell, t: Type | None) -> None:
        """Let a cell have the zero value of a type."""
        if t is None:
            return
        under = core(t) if t.kind != "typeparam" else t
        if under.kind in ("chan", "typeparam"):
            cell.reference().nil = True
            if under.kind == "typeparam":  # it may be any type argument
                arguments, self._arguments = self._arguments, []
                for argument in arguments:
                    self._zero(Cell(), argument)
        elif under.kind == "array":
            self._zero(cell.reference().part("elem"), under.elem)
        elif under.kind == "struct":
            self._fields(t, set())

    def _fields(self, t: Type, given: set[str]) -> None:
        """Let the fields of a struct type have their zero values, except those that are given."""
        key = holder(t).index
        if not given:
            if key in self._zeroed:
                return
            self._zeroed.add(key)
        for f in structure(t).fields:
            if f.name not in given:
                self._zero(self._cells.field(t, f.name), f.type)


def fills(program: Program) -> Iterator[Fill]:
    """Yield the slices and arrays that a loop fills."""
    for package in program.packages:
        for n in package.walk():
            nodes = n.List if n.kind == "BlockStmt" else n.Body if n.kind in _CLAUSES else None
            for first, second in pairwise(nodes or []):
                found = find_fill(first, second)
                if found is not None:
                    yield found


def _pointed(t: Type | None) -> Type | None:
    return core(t).elem if t is not None and core(t).kind == "pointer" else t
