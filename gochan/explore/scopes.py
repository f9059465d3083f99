"""Which scope owns a name, and which names goroutines may share and change.

A variable that is assigned once, before anything can run beside it, is not shared.  Neither is a loop's own
variable, nor a function's name: they are captured as they are at that time.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Scope: TypeAlias = (
    ast.Module
    | ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.Lambda
    | ast.ListComp
    | ast.SetComp
    | ast.DictComp
    | ast.GeneratorExp
    | ast.ClassDef
)


class Names(ast.NodeVisitor):
    """What a scope binds, declares and reads; the scopes inside it are scopes of their own."""

    def __init__(self, scope: Scope, parent: Names | None) -> None:
        self.scope = scope
        self.parent = parent
        # The number of places that bind a name here; one in a loop counts twice.
        self.bound: dict[str, int] = {}
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.used: set[str] = set()
        # The lines that assign a name, for those that no def, class or import binds.
        self.lines: dict[str, int] = {}
        self.inner: dict[ast.AST, Names] = {}
        self.loops = 0
        for child in self._own_parts(scope):
            self.visit(child)

    def _own_parts(self, scope: Scope) -> Iterable[ast.AST]:
        """Yield the parts of a scope that are evaluated in it."""
        if isinstance(scope, FUNCTIONS):
            a = scope.args
            for arg in (*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg):
                if arg is not None:
                    self._bind(arg.arg)
            return [scope.body] if isinstance(scope, ast.Lambda) else scope.body
        if isinstance(scope, (ast.Module, ast.ClassDef)):
            return scope.body
        # A comprehension: its first iterable is evaluated outside.
        parts: list[ast.AST] = [scope.key, scope.value] if isinstance(scope, ast.DictComp) else [scope.elt]
        for i, generator in enumerate(scope.generators):
            parts += [generator.target, *generator.ifs, *([generator.iter] if i else [])]
        return parts

    def _bind(self, name: str) -> None:
        self.bound[name] = self.bound.get(name, 0) + (2 if self.loops else 1)

    def _open(self, node: Any, outside: Sequence[ast.AST]) -> None:
        for part in outside:
            self.visit(part)
        self.inner[node] = Names(node, self)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._bind(node.name)
        self._open(node, [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)])

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._open(node, [*node.args.defaults, *filter(None, node.args.kw_defaults)])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._bind(node.name)
        self._open(node, [*node.decorator_list, *node.bases, *[k.value for k in node.keywords]])

    def _comprehension(self, node: Any) -> None:
        self._open(node, [node.generators[0].iter])

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def _loop(self, node: Any) -> None:
        self.loops += 1
        self.generic_visit(node)
        self.loops -= 1

    visit_For = visit_While = visit_AsyncFor = _loop

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.used.add(node.id)
        else:
            self._bind(node.id)
            self.lines[node.id] = node.lineno

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        # In a comprehension, it binds a name of the function around it, and maybe several times.
        scope, loops = self, 0
        while isinstance(scope.scope, _COMPREHENSIONS) and scope.parent is not None:
            scope, loops = scope.parent, 1
        scope.loops += loops
        scope._bind(node.target.id)
        scope.loops -= loops
        self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            self.used.add(node.target.id)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._bind(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name:
            self._bind(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self._bind(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self._bind(node.rest)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            self._bind(alias.asname or alias.name.partition(".")[0])

    visit_ImportFrom = visit_Import

    def visit_Global(self, node: ast.Global) -> None:
        self.globals.update(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.nonlocals.update(node.names)

    def owner(self, name: str) -> Names | None:
        """Return the function scope that owns `name`, as seen from here; None for a global or a builtin."""
        scope: Names | None = self
        first = True
        while scope is not None and scope.parent is not None:
            if name in scope.globals:
                return None
            visible = first or not isinstance(scope.scope, ast.ClassDef)
            if visible and name in scope.bound and name not in scope.nonlocals:
                return scope
            scope, first = scope.parent, False
        return None

    def all(self) -> Iterable[Names]:
        """Yield this scope and those inside it."""
        yield self
        for inner in self.inner.values():
            yield from inner.all()


class Shared:
    """Which names and attributes goroutines may share and change."""

    def __init__(self, module: Names, attributes: frozenset[str]) -> None:
        # (owner, name) of the captured variables; the globals.
        self.cells: set[tuple[Names, str]] = set()
        self.globals: set[str] = set()
        if type(attributes) is frozenset:
            # Another module may assign `module.name`.
            self.globals |= attributes.intersection(module.bound)
        elif any("globals" in scope.used for scope in module.all()):
            self.globals |= module.lines.keys()
        captured: set[tuple[Names, str]] = set()
        changed: set[tuple[Names, str]] = set()
        for scope in module.all():
            self.globals |= {name for name in scope.globals if scope.bound.get(name)}
            for name in scope.used | scope.nonlocals:
                owner = scope.owner(name)
                if owner is not None and owner is not scope and not isinstance(owner.scope, ast.ClassDef):
                    captured.add((owner, name))
                    if getattr(scope.scope, "lineno", 0) < owner.lines.get(name, 0):
                        # It may be read before it is assigned.
                        changed.add((owner, name))
                    if name in scope.nonlocals and scope.bound.get(name):
                        changed.add((owner, name))
            if isinstance(scope.scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
                changed |= {(scope, n) for n, times in scope.bound.items() if times > 1}
        self.cells = captured & changed
        # A loop's own variable, and a function's name, are captured as they are at that time; only those of
        # plain functions are owned by a scope that has statements.
        self.cells = {
            (owner, name)
            for owner, name in self.cells
            if isinstance(owner.scope, (ast.FunctionDef, ast.AsyncFunctionDef))
        }

    def find(self, scope: Names, name: str) -> tuple[Names | None, bool]:
        """Return the owner of a shared name, None for a global, and whether it is shared at all."""
        owner = scope.owner(name)
        if owner is None:
            return None, name in self.globals and scope.parent is not None
        return owner, (owner, name) in self.cells
