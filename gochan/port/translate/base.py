"""What all passes share: the state of a translation, emission of lines, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ..tables import Tables
from ..tree import Const, File, Object, Package, Place, Program, Type
from .code import Code, Sym, fixed
from .names import BUILTINS, Line, Names
from .scopes import Analysis, Func
from .testfiles import Example
from .walk import Node


class Refuse(Exception):
    """What has no translation."""

    def __init__(self, node: Node, message: str) -> None:
        super().__init__(message)
        self.node = node
        self.message = message


@dataclass
class Facts:
    """What only the whole program shows; a first pass collects it for the second."""

    to_iface: set[int] = field(default_factory=set)
    ptr_to_iface: set[int] = field(default_factory=set)
    nil_sources: set[int] = field(default_factory=set)
    nils: set[tuple[str, int]] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)
    ptr_keys: set[int] = field(default_factory=set)
    struct_keys: set[int] = field(default_factory=set)
    asserted: set[int] = field(default_factory=set)
    func_values: set[int] = field(default_factory=set)
    named_iface: set[int] = field(default_factory=set)
    plain_iface: set[int] = field(default_factory=set)
    bare_maps: set[int] = field(default_factory=set)
    names_show: bool = False
    methods_show: bool = False
    types_show: bool = False
    durations_show: bool = False
    yields_ignored: bool = False
    spread: set[int] = field(default_factory=set)
    renamed: set[int] = field(default_factory=set)
    promotes: set[int] = field(default_factory=set)
    instances: set[str] = field(default_factory=set)

    def snapshot(self) -> tuple[Any, ...]:
        return tuple(
            len(v) if isinstance(v, set) else v
            for v in (getattr(self, name) for name in self.__dataclass_fields__)
        )


@dataclass(eq=False)
class Loop:
    """A statement that break or continue may leave, on the stack of those around the current statement.

    `python`: whether it is a loop of Python's.  `label`: Go's.  `post`: emits the post statement of a for.
    `before`: lines to write before it.  `deferring`: what defers calls to the end of the function around a
    range over a function.
    """

    kind: str
    label: str
    python: bool
    node: Node
    post: Any = None
    break_flag: Sym | None = None
    continue_flag: Sym | None = None
    pending: list[Any] = field(default_factory=list)
    fn: Any = None
    labels: dict[str, int] = field(default_factory=dict)
    state: Sym | None = None
    before: list[str] = field(default_factory=list)
    deferring: Sym | None = None


@dataclass(eq=False)
class Fn:
    """The function that is being translated."""

    func: Func
    node: Node | None
    results: list[Type]
    result_syms: list[Sym] = field(default_factory=list)
    body_mode: bool = False
    named: bool = False
    loops: list[Loop] = field(default_factory=list)
    nonlocals: set[int] = field(default_factory=set)
    globals: set[int] = field(default_factory=set)
    defaults: set[int] = field(default_factory=set)
    iterator: Any = None
    parent: Fn | None = None
    bound: set[int] = field(default_factory=set)
    outer_flags: list[Any] = field(default_factory=list)

    def binder(self, number: int) -> Fn | None:
        f: Fn | None = self
        while f is not None:
            if number in f.bound:
                return f
            f = f.parent
        return None


class Base:
    """State; the passes are mixed into one class in translator.py."""

    program: Program
    analysis: Analysis
    facts: Facts
    tables: Tables
    names: Names
    package: Package
    file: File
    lines: list[Line]
    depth: int
    chunk: int
    fn: Fn | None
    refusals: list[Place]
    keep_going: bool
    testing: bool = False  # whether the current module is one of tests
    subst_env: dict[int, Type]
    examples: dict[Object, Example]
    fuzz_tests: set[Object]
    final: bool

    # --- emission -----------------------------------------------------------------------------------------

    def emit(self, text: str) -> None:
        self.lines.append(Line(self.depth, text, self.chunk))

    @contextmanager
    def indented(self) -> Iterator[None]:
        self.depth += 1
        start = len(self.lines)
        yield
        if not any(line.depth >= self.depth and not line.text.startswith("#") for line in self.lines[start:]):
            self.emit("pass")
        self.depth -= 1

    @contextmanager
    def aside(self, **state: Any) -> Iterator[None]:
        """Have other values in these attributes for a block, and then those from before."""
        before = {name: getattr(self, name) for name in state}
        try:
            for name, value in state.items():
                setattr(self, name, value)
            yield
        finally:
            for name, value in before.items():
                setattr(self, name, value)

    def refuse(self, node: Node, message: str) -> Refuse:
        return Refuse(node, message)

    def record(self, refuse: Refuse) -> Place:
        found = Place(self.file.name, refuse.node.line, refuse.node.col, refuse.message)
        if found not in self.refusals:
            self.refusals.append(found)
        return found

    # --- names --------------------------------------------------------------------------------------------

    def lib(self, name: str) -> str:
        return fixed(f"lib:{name}")

    def gochan(self, name: str) -> str:
        return fixed(f"gochan:{name}")

    def builtin(self, name: str) -> str:
        return fixed(f"builtin:{name}")

    def typing(self, name: str) -> str:
        return fixed(f"typing:{name}")

    def module(self, name: str) -> str:
        last = name.rpartition(".")[2]
        # A module such as list must not hide Python's.
        return fixed(f"module:{name} as {last}_" if last in BUILTINS else f"module:{name}")

    def temp(self, base: str) -> Sym:
        """Return a new local name, or one of the module outside of functions."""
        if self.fn is None:
            return self.names.make(base, "module")
        func = self.fn.func.id
        sym = self.names.make(base, "temp", func=func, type_key=f"temp{len(self.names.syms)}")
        f: Func | None = self.fn.func
        while f is not None:
            self.names.extra_uses.setdefault(f.id, set()).add(sym.number)
            f = f.parent
        return sym


__all__ = ["Base", "Code", "Const", "Facts", "Fn", "Loop", "Object", "Refuse"]
