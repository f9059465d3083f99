"""The scopes of a module, and what is bound in each: the layer below name resolution.

One pass over the tree, without recursion, so that a deeply nested expression is no problem.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from . import api

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LOOPS = (ast.For, ast.AsyncFor, ast.While)

# Nodes without children that any check looks at.
_LEAVES = (ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)


class Binding(NamedTuple):
    """One place where a name gets a value.

    kind is "assign", "aug", "annotated", "for", "with", "arg", "import", "def", "class", "walrus", or "other".
    value is the expression that it comes from, path the indices of an unpacking; scope is where it stands.
    """

    kind: str
    node: ast.AST
    value: ast.expr | None
    path: tuple[int, ...]
    scope: Scope
    target: str = ""


class Scope:
    """A module, class, function, lambda or comprehension, and the names that are bound in it."""

    __slots__ = ("bindings", "globals", "kind", "node", "nonlocals", "parent")

    def __init__(self, kind: str, node: ast.AST, parent: Scope | None) -> None:
        self.kind = kind
        self.node = node
        self.parent = parent
        self.bindings: dict[str, list[Binding]] = {}
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()

    def function(self) -> Scope:
        """Return the scope of the function, lambda, or module whose code this is."""
        scope = self
        while scope.kind in ("comprehension", "class") and scope.parent is not None:
            scope = scope.parent
        return scope

    def chain(self) -> Iterator[Scope]:
        """Yield this scope and those around it."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent


class Model:
    """A parsed module: the parent and scope of each node, and the nodes that checks look at, by type."""

    def __init__(self, tree: ast.Module, lines: int = 0) -> None:
        self.tree = tree
        self.module = Scope("module", tree, None)
        self.parents: dict[ast.AST, ast.AST] = {}
        self.scopes: dict[ast.AST, Scope] = {}
        # The scope that a function, class or comprehension makes.
        self.inner: dict[ast.AST, Scope] = {tree: self.module}
        self.calls: list[ast.Call] = []
        self.names: list[ast.Name] = []
        self.attributes: list[ast.Attribute] = []
        self.functions: list[Function] = []
        self.returns: dict[Scope, list[ast.Return]] = {}
        self.yields: set[Scope] = set()
        self.nodes: dict[type[ast.AST], list[ast.AST]] = {}
        # Attributes that methods assign, as in `self.mu = sync.Mutex()`, by class.
        self.attrs: dict[ast.ClassDef, dict[str, list[Binding]]] = {}
        self._later: list[tuple[Scope, str, Binding]] = []
        self._read()
        self._resolve_nonlocals()

    # --- questions ---

    def owner(self, name: str, scope: Scope) -> Scope | None:
        """Return the scope that binds name as seen from scope; None for a builtin or an unknown one."""
        here: Scope | None = scope
        while here is not None:
            if name in here.globals:
                return self.module if name in self.module.bindings else None
            if (
                (here is scope or here.kind != "class")
                and name not in here.nonlocals
                and name in here.bindings
            ):
                return here
            here = here.parent
        return None

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """Return the innermost statement that contains the node."""
        here: ast.AST | None = node
        while here is not None and not isinstance(here, ast.stmt):
            here = self.parents.get(here)
        return here

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around a node, innermost first."""
        here = self.parents.get(node)
        while here is not None:
            yield here
            here = self.parents.get(here)

    def class_of(self, function: ast.AST) -> ast.ClassDef | None:
        """Return the class in whose body a function is defined, if it is a method."""
        scope = self.scopes.get(function)
        if scope is not None and scope.kind == "class":
            assert isinstance(scope.node, ast.ClassDef)
            return scope.node
        return None

    def of(self, *types: type[ast.AST]) -> Iterator[ast.AST]:
        """Yield the nodes of these types: statements other than the most common, and some expressions."""
        for kind in types:
            yield from self.nodes.get(kind, ())

    def within(self, node: ast.AST, function: bool = False) -> Iterator[ast.AST]:
        """Yield the nodes below a node in source order; those of nested functions only if function is true."""
        stack = [node]
        while stack:
            here = stack.pop()
            yield here
            if here is not node and not function and isinstance(here, (*FUNCTIONS, ast.ClassDef)):
                # Decorators and defaults are evaluated here, but no check needs them.
                continue
            stack.extend(reversed(list(ast.iter_child_nodes(here))))

    # --- reading ---

    def _read(self) -> None:
        parents, scopes, nodes = self.parents, self.scopes, self.nodes
        stack: list[tuple[ast.AST, ast.AST | None, Scope]] = [(self.tree, None, self.module)]
        while stack:
            node, parent, scope = stack.pop()
            if parent is not None:
                parents[node] = parent
            scopes[node] = scope
            kind = type(node)
            if kind is ast.Name:
                self.names.append(node)  # type: ignore[arg-type]
                continue
            if kind is ast.Constant:
                continue
            if kind is ast.Call:
                self.calls.append(node)  # type: ignore[arg-type]
            elif kind is ast.Attribute:
                self.attributes.append(node)  # type: ignore[arg-type]
            else:
                handler = _HANDLERS.get(kind)
                if handler is not None:
                    nodes.setdefault(kind, []).append(node)
                    children = handler(self, node, scope)
                    if children is not None:
                        stack.extend([(child, node, inner) for child, inner in reversed(children)])
                        continue
            children_here = []
            for name in node._fields:
                value = getattr(node, name, None)
                if type(value) is list:
                    children_here += [(item, node, scope) for item in value if isinstance(item, ast.AST)]
                elif isinstance(value, ast.AST) and not isinstance(value, _LEAVES):
                    children_here.append((value, node, scope))
            children_here.reverse()
            stack.extend(children_here)

    def bind(self, scope: Scope, name: str, binding: Binding) -> None:
        """Record that name is bound in scope, or where scope's `global` and `nonlocal` say."""
        if name in scope.globals:
            self.module.bindings.setdefault(name, []).append(binding)
        elif name in scope.nonlocals:
            self._later.append((scope, name, binding))
        else:
            scope.bindings.setdefault(name, []).append(binding)

    def _resolve_nonlocals(self) -> None:
        for scope, name, binding in self._later:
            here = scope.parent
            while here is not None:
                if here.kind in ("function", "lambda") and name in here.bindings:
                    here.bindings[name].append(binding)
                    break
                here = here.parent

    def bind_target(
        self, target: ast.expr, scope: Scope, kind: str, value: ast.expr | None, path: tuple[int, ...] = ()
    ) -> None:
        """Bind the names of a target: a name, an attribute of self, or an unpacking of them."""
        stack = [(target, path)]
        while stack:
            here, at = stack.pop()
            if isinstance(here, ast.Name):
                self.bind(scope, here.id, Binding(kind, here, value, at, scope, here.id))
            elif isinstance(here, (ast.Tuple, ast.List)):
                stack.extend((item, (*at, i)) for i, item in enumerate(here.elts))
            elif isinstance(here, ast.Starred):
                stack.append((here.value, (*at, -1)))
            elif isinstance(here, ast.Attribute) and isinstance(here.value, ast.Name):
                cls = self._class_of_self(here.value.id, scope)
                if cls is not None:
                    bindings = self.attrs.setdefault(cls, {}).setdefault(here.attr, [])
                    bindings.append(Binding(kind, here, value, at, scope, here.attr))

    def _class_of_self(self, name: str, scope: Scope) -> ast.ClassDef | None:
        """Return the class whose method's first parameter is called name, if scope is in such a method."""
        for here in scope.chain():
            if here.kind == "function" and isinstance(here.node, DEFS):
                arguments = [*here.node.args.posonlyargs, *here.node.args.args]
                if arguments and arguments[0].arg == name:
                    return self.class_of(here.node)
                if name in here.bindings:
                    return None
        return None

    def new_scope(self, kind: str, node: ast.AST, parent: Scope) -> Scope:
        """Make the scope of a node."""
        scope = self.inner[node] = Scope(kind, node, parent)
        return scope


# --- what each node binds; a handler returns the node's children with their scopes, or None for the usual --------

Children: TypeAlias = list[tuple[ast.AST, Scope]] | None


def _arguments(model: Model, args: ast.arguments, outer: Scope, inner: Scope) -> list[tuple[ast.AST, Scope]]:
    children: list[tuple[ast.AST, Scope]] = []
    for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs]:
        inner.bindings.setdefault(arg.arg, []).append(Binding("arg", arg, None, (), inner, arg.arg))
        model.scopes[arg] = inner
        model.parents[arg] = args
        if arg.annotation is not None:
            children.append((arg.annotation, outer))
    for rest in (args.vararg, args.kwarg):
        if rest is not None:
            inner.bindings.setdefault(rest.arg, []).append(Binding("other", rest, None, (), inner, rest.arg))
            if rest.annotation is not None:
                children.append((rest.annotation, outer))
    children.extend((d, outer) for d in [*args.defaults, *args.kw_defaults] if d is not None)
    model.parents[args] = inner.node
    return children


def _type_params(node: ast.AST, inner: Scope) -> list[tuple[ast.AST, Scope]]:
    for param in getattr(node, "type_params", ()):
        inner.bindings.setdefault(param.name, []).append(Binding("other", param, None, (), inner, param.name))
    return []


def _function(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, DEFS)
    model.functions.append(node)
    model.bind(scope, node.name, Binding("def", node, None, (), scope, node.name))
    inner = model.new_scope("function", node, scope)
    _type_params(node, inner)
    children: list[tuple[ast.AST, Scope]] = [(d, scope) for d in node.decorator_list]
    children += _arguments(model, node.args, scope, inner)
    if node.returns is not None:
        children.append((node.returns, scope))
    children += [(statement, inner) for statement in node.body]
    return children


def _lambda(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, ast.Lambda)
    model.functions.append(node)
    inner = model.new_scope("lambda", node, scope)
    return [*_arguments(model, node.args, scope, inner), (node.body, inner)]


def _class(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, ast.ClassDef)
    model.bind(scope, node.name, Binding("class", node, None, (), scope, node.name))
    inner = model.new_scope("class", node, scope)
    _type_params(node, inner)
    outside: list[ast.AST] = [*node.decorator_list, *node.bases, *node.keywords]
    return [*((child, scope) for child in outside), *((statement, inner) for statement in node.body)]


def _comprehension(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, COMPREHENSIONS)
    inner = model.new_scope("comprehension", node, scope)
    children: list[tuple[ast.AST, Scope]] = []
    for i, generator in enumerate(node.generators):
        model.parents[generator] = node
        model.scopes[generator] = inner
        model.bind_target(generator.target, inner, "for", generator.iter)
        children += [(generator.iter, inner if i else scope), (generator.target, inner)]
        children += [(test, inner) for test in generator.ifs]
    if isinstance(node, ast.DictComp):
        return [*children, (node.key, inner), (node.value, inner)]
    return [*children, (node.elt, inner)]


def _import(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, ast.Import)
    for alias in node.names:
        name = alias.asname or alias.name.partition(".")[0]
        dotted = alias.name if alias.asname else name
        model.bind(scope, name, Binding("import", node, None, (), scope, dotted))
    return []


def _import_from(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, ast.ImportFrom)
    module = "." * node.level + (node.module or "")
    for alias in node.names:
        if alias.name == "*":
            for name in LANGUAGE if module == "gochan" else sorted(api.NAMES.get(module, ())):
                model.bind(scope, name, Binding("import", node, None, (), scope, f"{module}.{name}"))
            continue
        dotted = f"{module}{alias.name}" if module.endswith(".") else f"{module}.{alias.name}"
        model.bind(scope, alias.asname or alias.name, Binding("import", node, None, (), scope, dotted))
    return []


def _assign(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, ast.Assign)
    for target in node.targets:
        model.bind_target(target, scope, "assign", node.value)
    return None


def _annotated(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, ast.AnnAssign)
    if isinstance(node.target, (ast.Name, ast.Attribute)):
        model.bind_target(node.target, scope, "annotated", node.annotation)
    return None


def _augmented(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, ast.AugAssign)
    model.bind_target(node.target, scope, "aug", None)
    return None


def _for(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, (ast.For, ast.AsyncFor))
    model.bind_target(node.target, scope, "for" if isinstance(node, ast.For) else "other", node.iter)
    return None


def _with(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, (ast.With, ast.AsyncWith))
    for item in node.items:
        if item.optional_vars is not None:
            kind = "with" if isinstance(node, ast.With) else "other"
            model.bind_target(item.optional_vars, scope, kind, item.context_expr)
    return None


def _walrus(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, ast.NamedExpr)
    here = scope
    while here.kind == "comprehension" and here.parent is not None:
        here = here.parent
    model.bind_target(node.target, here, "walrus", node.value)
    return None


def _global(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, ast.Global)
    scope.globals.update(node.names)
    return []


def _nonlocal(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, ast.Nonlocal)
    scope.nonlocals.update(node.names)
    return []


def _except(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, ast.ExceptHandler)
    if node.name:
        model.bind(scope, node.name, Binding("other", node, None, (), scope, node.name))
    return None


def _capture(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, (ast.MatchAs, ast.MatchStar))
    if node.name:
        model.bind(scope, node.name, Binding("match", node, None, (), scope, node.name))
    return None


def _mapping(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, ast.MatchMapping)
    if node.rest:
        model.bind(scope, node.rest, Binding("other", node, None, (), scope, node.rest))
    return None


def _return(model: Model, node: ast.AST, scope: Scope) -> Children:
    assert isinstance(node, ast.Return)
    model.returns.setdefault(scope, []).append(node)
    return None


def _yield(model: Model, node: ast.AST, scope: Scope) -> Children:
    model.yields.add(scope.function())
    return None


def _noted(model: Model, node: ast.AST, scope: Scope) -> Children:
    return None


# What `from gochan import *` brings.
LANGUAGE = (
    "Case", "Chan", "Deadlock", "Panic", "RecvChan", "SendChan", "cap", "close", "default", "defer", "defers", "go",
    "panic", "recover", "recv", "run", "select", "send", "timeout",
)  # fmt: skip

_HANDLERS = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.Lambda: _lambda,
    ast.ClassDef: _class,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.NamedExpr: _walrus,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.ExceptHandler: _except,
    ast.MatchAs: _capture,
    ast.MatchStar: _capture,
    ast.MatchMapping: _mapping,
    ast.Return: _return,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.While: _noted,
    ast.If: _noted,
    ast.Match: _noted,
    ast.Expr: _noted,
    ast.BinOp: _noted,
    ast.Compare: _noted,
    ast.Try: _noted,
    ast.UnaryOp: _noted,
    ast.BoolOp: _noted,
    ast.IfExp: _noted,
    ast.FormattedValue: _noted,
}
