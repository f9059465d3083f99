"""The declarations of a module: their lines, and the names that these need when the module runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .base import Refuse
from .code import TOKEN
from .instances import Instances
from .names import Line
from .walk import Node


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


class Items(Instances):
    """Adds items to the current module."""

    items: list[Item]
    file_number: int
    decl_line: int
    chunks: int = 0

    def begin(self) -> None:
        self.lines = []
        self.depth = 0
        self.chunk = self.next_chunk()
        self.fn = None
        self.obj_syms = {}

    def next_chunk(self) -> int:
        self.chunks += 1
        return self.chunks

    def guarded(self, decl: Node, do: Callable[[], None]) -> None:
        """Do what translates a declaration; leave a marked line in its place if it has no translation."""
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
