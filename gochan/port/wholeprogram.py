"""Visits all functions of a program, and so finds all its cells and what they hold."""

from __future__ import annotations

from gochan.port import library
from gochan.port.callflows import CallFlows
from gochan.port.cells import Instance, Reference, Source
from gochan.port.intervals import TOP
from gochan.port.kinds import (
    elements,
    is_integer,
    pointee,
    structure,
)
from gochan.port.tree import Node, Package, Program


class Cells(CallFlows):
    """All cells of a program."""

    def __init__(self, program: Program, *, contexts: bool = True) -> None:
        super().__init__(program, contexts=contexts)
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
        self._generate(functions)
        self._escape_all()

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
        by_name = any(
            not library.CALLS_BY_NAME.isdisjoint((obj.pkg, obj.full)) for obj in self.program.objects
        )
        for node in functions:
            name = node.Name.Name
            if node.Recv is not None and name in library.METHODS:
                instance = self._share(node)
                for obj, t in self.params(node):
                    if obj is not None and is_integer(t):
                        self.cell(instance, obj).add(Source(interval=library.METHODS[name]))
            elif node.Recv is not None and (
                name in library.METHODS_OF_ANY or (by_name and name[0].isupper())
            ):
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
            elif under.kind == "interface" and not under.methods:
                # It may be anything that an interface holds, such as a pointer for fmt.Scan.
                self._escaping += self._boxed.values()
                for cell in self.boxes():
                    cell.reference().escaped = True
                    self.references.append(cell.reference())
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
