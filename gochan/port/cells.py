"""Where the values of a program come from: its storage cells, and what is assigned to each.

A cell is a variable, a field of a struct type, or what all slices, maps, channels or pointers hold that may
be the same. The analysis does not follow the order of statements. A function is looked at once for each call
of it, with variables of its own (an `Instance`), so that two calls don't mix; recursive calls share one.

References (slices, maps, channels, functions, pointers to non-structs, arrays) are united where one is
assigned to the other. Pointers to structs need none: a field of a struct type is one cell in all structs.

store.py has the cells of a program by what they are for, flows.py what statements and expressions assign,
callflows.py what calls do, and wholeprogram.py visits all functions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from gochan.port.intervals import ZERO, Interval
from gochan.port.tree import Node


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
        self.nil = False  # nil is assigned to what holds it

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
        a.nil |= b.nil
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
