"""Rewrites a program so that the explorer can switch goroutines before each of its operations.

As pytest rewrites asserts: the syntax tree gets calls of the functions in points.py, and the line numbers
stay. What is rewritten:

- `f(...)` becomes `before(f)(...)`, where f may be an operation of gochan or a method of a container;
- `ch << v`, `for v in ch` and `with mu` likewise, since those call methods without saying so;
- reads and writes of what goroutines may share: attributes that are assigned outside of constructors, items,
  captured variables that are assigned more than once, and globals that functions assign.

A variable that is assigned once, before anything can run beside it, needs no point, nor does a method's name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any, Final

from .attributes import attributes_of
from .before import PREFIX
from .patterns import reading
from .scopes import FUNCTIONS, Names, Shared

_NO_ARGUMENTS: Final = ast.arguments([], [], None, [], [], None, [])
# What, without arguments, has the names of the frame that calls it.
_OF_FRAMES: Final = ("locals", "vars", "dir")


def _call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(PREFIX + name, ast.Load()), list(args), [])


def _same_place(node: ast.AST, old: ast.AST) -> Any:
    """Give node, and what it has no place for inside, the place of old."""
    for part in ast.walk(node):
        if isinstance(part, (ast.expr, ast.stmt)) and not hasattr(part, "lineno"):
            ast.copy_location(part, old)
    return node


class _Rewriter(ast.NodeTransformer):
    """Adds the points."""

    def __init__(self, tree: ast.Module, cells: bool, attributes: frozenset[str]) -> None:
        self.names = Names(tree, None)
        self.attributes = attributes | attributes_of(tree)
        self.shared = Shared(self.names, self.attributes)
        if not cells:
            self.shared.cells = set()
        self.tree = tree

    def rewrite(self) -> ast.Module:
        self.tree.body = self._visit_field(self.tree.body)
        return ast.fix_missing_locations(self.tree)

    # --- scopes ---

    def _inside(self, node: Any, outside: Sequence[str]) -> Any:
        """Visit a scope: the fields in `outside` in the scope around it, the others in its own."""
        around = self.names
        for field in outside:
            setattr(node, field, self._visit_field(getattr(node, field)))
        self.names = around.inner[node]
        for field, value in ast.iter_fields(node):
            if field not in outside and field != "decorator_list":
                setattr(node, field, self._visit_field(value))
        self.names = around
        return node

    def _visit_field(self, value: Any) -> Any:
        if isinstance(value, list):
            visited = [self.visit(part) if isinstance(part, ast.AST) else part for part in value]
            # A statement may be followed by others that it needs.
            return [each for part in visited for each in (part if isinstance(part, list) else [part])]
        return self.visit(value) if isinstance(value, ast.AST) else value

    def _function(self, node: Any) -> Any:
        around = self.names
        own = around.inner[node]
        cells = sorted(name for owner, name in self.shared.cells if owner is own)
        node.args.defaults = self._visit_field(node.args.defaults)
        node.args.kw_defaults = self._visit_field(node.args.kw_defaults)
        if not isinstance(node, ast.Lambda):
            node.decorator_list = self._decorators(node.decorator_list)
        self.names = own
        node.body = self._visit_field(node.body)
        self.names = around
        if cells:
            made = [
                ast.Assign(
                    [ast.Name(f"{PREFIX}cell_{name}", ast.Store())], _call("new_cell", ast.Constant(name))
                )
                for name in cells
            ]
            at = 1 if ast.get_docstring(node, clean=False) is not None else 0
            node.body[at:at] = [_same_place(statement, node.body[0]) for statement in made]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Any:
        return [self._function(node), *self._assigned([node.name], node)]

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        return self._function(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        node.decorator_list = self._decorators(node.decorator_list)
        node = self._inside(node, ("bases", "keywords"))
        return [node, *self._assigned([node.name], node)]

    def _decorators(self, decorators: Sequence[ast.expr]) -> list[ast.expr]:
        """Visit decorators, which are called: `@go` calls go."""
        return [_same_place(_call("before", self.visit(each)), each) for each in decorators]

    def _comprehension(self, node: Any) -> Any:
        around = self.names
        for i, generator in enumerate(node.generators):
            # The first is evaluated outside.
            generator.iter = (self.visit if generator.is_async else self._each)(generator.iter)
            if not i:
                self.names = around.inner[node]
            generator.ifs = self._visit_field(generator.ifs)
        for field in ("elt", "key", "value"):
            if hasattr(node, field):
                setattr(node, field, self.visit(getattr(node, field)))
        self.names = around
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    # --- operations ---

    def visit_Call(self, node: ast.Call) -> Any:
        function = node.func
        if isinstance(function, ast.Attribute):
            # Looking up a method is not a read that another goroutine can disturb.
            function.value = self.visit(function.value)
        elif isinstance(function, ast.Name) and function.id == "super":
            return self.generic_visit(node)
        else:
            function = self.visit(function)
        bare = (
            isinstance(function, ast.Name) and function.id in _OF_FRAMES and not (node.args or node.keywords)
        )
        if not bare:
            node.func = _same_place(_call("before", function), node)
        node.args = self._visit_field(node.args)
        for keyword in node.keywords:
            # `**d` reads d.
            keyword.value = self.visit(keyword.value) if keyword.arg else self._seen(keyword.value)
        if bare and isinstance(self.names.scope, FUNCTIONS):
            return _same_place(_call("own", node), node)
        return node

    def _seen(self, node: ast.expr) -> ast.expr:
        """Visit an operand of what reads a container as a whole, such as `==` or `if`."""
        visited = self.visit(node)
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            return _same_place(_call("seen", visited), node)  # type: ignore[no-any-return]
        return visited  # type: ignore[no-any-return]

    def _iterated(self, node: ast.expr) -> ast.expr:
        return _same_place(_call("iterated", self.visit(node)), node)  # type: ignore[no-any-return]

    def _each(self, node: ast.expr) -> ast.expr:
        """Visit what a loop goes over: what is not made on the spot may be shared."""
        named = ast.Constant(isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)))
        return _same_place(_call("each", self.visit(node), named), node)  # type: ignore[no-any-return]

    def visit_Starred(self, node: ast.Starred) -> Any:
        node.value = self._iterated(node.value) if isinstance(node.ctx, ast.Load) else self.visit(node.value)
        return node

    def visit_Dict(self, node: ast.Dict) -> Any:
        for i, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            node.keys[i] = None if key is None else self.visit(key)
            node.values[i] = self._seen(value) if key is None else self.visit(value)
        return node

    def visit_YieldFrom(self, node: ast.YieldFrom) -> Any:
        node.value = self._iterated(node.value)
        return node

    def visit_Compare(self, node: ast.Compare) -> Any:
        node.left = self._seen(node.left)
        node.comparators = [
            self._compared(op, part) for op, part in zip(node.ops, node.comparators, strict=True)
        ]
        return node

    def _compared(self, op: ast.cmpop, node: ast.expr) -> ast.expr:
        if isinstance(op, (ast.In, ast.NotIn)):
            return _same_place(_call("iterated", self.visit(node), ast.Constant("")), node)  # type: ignore[no-any-return]
        return self.visit(node) if isinstance(op, (ast.Is, ast.IsNot)) else self._seen(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        node.operand = self._seen(node.operand) if isinstance(node.op, ast.Not) else self.visit(node.operand)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        node.values = [self._seen(value) for value in node.values]
        return node

    def visit_FormattedValue(self, node: ast.FormattedValue) -> Any:
        node.value = self._seen(node.value)
        if node.format_spec is not None:
            node.format_spec = self.visit(node.format_spec)
        return node

    def _test(self, node: Any) -> Any:
        test, node.test = node.test, ast.Constant(None)
        self.generic_visit(node)
        node.test = self._seen(test)
        return node

    visit_If = visit_While = visit_IfExp = visit_Assert = _test

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        if isinstance(node.op, ast.LShift):
            self.generic_visit(node)
            return _same_place(_call("lshift", node.left, node.right), node)
        # It may make a container of two others, or a text: `names + [x]`, `"%s" % names`.
        node.left, node.right = self._seen(node.left), self._seen(node.right)
        return node

    def visit_For(self, node: ast.For) -> Any:
        target, node.target = node.target, ast.Constant(None)
        over, node.iter = node.iter, ast.Constant(None)
        self.generic_visit(node)
        # Each iteration assigns the loop's own variables.
        node.body[:0] = self._bound(target)
        node.target = self._target(target)
        node.iter = self._each(over)
        return node

    def _bound(self, target: ast.AST) -> list[ast.stmt]:
        """Return what notes that the names in a target have been assigned."""
        names = [
            each.id
            for each in ast.walk(target)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        ]
        return self._assigned(names, target)

    def _assigned(self, names: Iterable[str | None], place: ast.AST) -> list[ast.stmt]:
        """Return what notes that those of the names that are shared have been assigned."""
        return [
            _same_place(ast.Expr(self._stored(ast.Name(name, ast.Store()), ast.Constant(None))), place)
            for name in names
            if name and self._is_shared(name)
        ]

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> Any:
        self.generic_visit(node)
        node.body[:0] = self._assigned([node.name], node)
        return node

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> Any:
        names = [each.asname or each.name.partition(".")[0] for each in node.names]
        return [node, *self._assigned(names, node)]

    visit_ImportFrom = visit_Import

    def visit_With(self, node: ast.With) -> Any:
        bound: list[ast.stmt] = []
        for item in node.items:
            item.context_expr = _same_place(
                _call("entered", self.visit(item.context_expr)), item.context_expr
            )
            if item.optional_vars is not None:
                bound += self._bound(item.optional_vars)
                item.optional_vars = self._target(item.optional_vars)
        node.body = [*bound, *self._visit_field(node.body)]
        return node

    # --- variables ---

    def _key(self, owner: Names | None, name: str) -> ast.expr:
        return ast.Name(f"{PREFIX}cell_{name}", ast.Load()) if owner is not None else ast.Constant(name)

    def visit_Name(self, node: ast.Name) -> Any:
        if not isinstance(node.ctx, ast.Load):
            return node
        owner, is_shared = self.shared.find(self.names, node.id)
        if not is_shared:
            return node
        if owner is not None:
            call = _call("read_cell", self._key(owner, node.id))
        else:
            call = _call("read", self._key(owner, node.id), ast.Name("__name__", ast.Load()))
        # The call first, then the variable.
        pair = ast.Tuple([call, ast.Name(node.id, ast.Load())], ast.Load())
        return _same_place(ast.Subscript(pair, ast.Constant(1), ast.Load()), node)

    def _stored(self, target: ast.Name, value: ast.expr) -> ast.expr:
        owner, is_shared = self.shared.find(self.names, target.id)
        if not is_shared:
            return value
        if owner is not None:
            return _call("stored_cell", self._key(owner, target.id), value)
        return _call("stored", self._key(owner, target.id), value, ast.Name("__name__", ast.Load()))

    def _is_shared(self, name: str) -> bool:
        return self.shared.find(self.names, name)[1]

    def visit_NamedExpr(self, node: ast.NamedExpr) -> Any:
        node.value = _same_place(self._stored(node.target, self.visit(node.value)), node)
        return node

    def visit_Assign(self, node: ast.Assign) -> Any:
        node.value = self.visit(node.value)
        if len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name):
                node.value = _same_place(self._stored(target, node.value), node)
                return node
            if isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
                call = _call("setitem", node.value, self.visit(target.value), self.visit(target.slice))
                return _same_place(ast.Expr(call), node)
        unpacked = any(isinstance(target, (ast.Tuple, ast.List)) for target in node.targets)
        if unpacked and not isinstance(node.value, (ast.Tuple, ast.List)):
            # It is read, or receives.
            node.value = _same_place(_call("iterated", node.value), node)
        # All that is assigned, after the value and before the first of them.
        for target in node.targets:
            for name in ast.walk(target):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                    node.value = _same_place(self._stored(name, node.value), node)
        node.targets = [self._target(target) for target in node.targets]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is not None:
            node.value = self.visit(node.value)
            if isinstance(node.target, ast.Name):
                node.value = _same_place(self._stored(node.target, node.value), node)
            else:
                node.target = self._target(node.target)
        return node

    def _target(self, target: Any) -> Any:
        """Rewrite what is assigned to, inside a tuple maybe."""
        if isinstance(target, (ast.Tuple, ast.List)):
            target.elts = [self._target(part) for part in target.elts]
        elif isinstance(target, ast.Starred):
            target.value = self._target(target.value)
        elif isinstance(target, ast.Attribute):
            owner = self.visit(target.value)
            if target.attr in self.attributes:
                owner = _same_place(
                    _call("get", owner, ast.Constant(target.attr), ast.Constant(True)), target
                )
            target.value = owner
        elif isinstance(target, ast.Subscript):
            owner = self.visit(target.value)
            index = self.visit(target.slice)
            if isinstance(index, ast.Slice):
                owner = _same_place(_call("sliced", owner, ast.Constant(True)), target)
            else:
                named = ast.NamedExpr(ast.Name(f"{PREFIX}i", ast.Store()), index)
                owner = _same_place(_call("written", owner, named), target)
                index = ast.copy_location(ast.Name(f"{PREFIX}i", ast.Load()), target)
            target.value, target.slice = owner, index
        return target

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        value = self.visit(node.value)
        target = node.target
        op = ast.Constant(type(node.op).__name__)
        if isinstance(target, ast.Name):
            _, is_shared = self.shared.find(self.names, target.id)
            if not is_shared:
                node.value = value
                if not isinstance(value, ast.Constant):
                    # It may be a channel, or a container that others have, too.
                    read = ast.Name(target.id, ast.Load())
                    return _same_place(ast.Assign([target], _call("in_place", op, read, value)), node)
                return node
            read = self.visit(ast.copy_location(ast.Name(target.id, ast.Load()), target))
            return _same_place(
                ast.Assign([target], self._stored(target, _call("in_place", op, read, value))), node
            )
        if isinstance(target, ast.Attribute):
            if target.attr not in self.attributes:
                node.value = value
                return node
            holder = ast.NamedExpr(ast.Name(f"{PREFIX}o", ast.Store()), self.visit(target.value))
            name = ast.Constant(target.attr)
            old = ast.Attribute(_call("get", holder, name, ast.Constant(False)), target.attr, ast.Load())
            again = _call("get", ast.Name(f"{PREFIX}o", ast.Load()), name, ast.Constant(True))
            made = ast.Assign(
                [ast.Attribute(again, target.attr, ast.Store())], _call("in_place", op, old, value)
            )
            return _same_place(made, node)
        if isinstance(target.slice, ast.Slice):
            node.value = value
            node.target = self._target(target)
            return node
        holder = ast.NamedExpr(ast.Name(f"{PREFIX}o", ast.Store()), self.visit(target.value))
        index = ast.NamedExpr(ast.Name(f"{PREFIX}i", ast.Store()), self.visit(target.slice))
        changed = _call("in_place", op, _call("item", holder, index), value)
        o, i = ast.Name(f"{PREFIX}o", ast.Load()), ast.Name(f"{PREFIX}i", ast.Load())
        return _same_place(ast.Expr(_call("setitem", changed, o, i)), node)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        node.value = self.visit(node.value)
        if isinstance(node.ctx, ast.Load) and (node.attr in self.attributes or node.attr == "__dict__"):
            node.value = _same_place(
                _call("get", node.value, ast.Constant(node.attr), ast.Constant(False)), node
            )
        return node

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        node.value = self.visit(node.value)
        node.slice = self.visit(node.slice)
        if isinstance(node.ctx, ast.Load):
            if not isinstance(node.slice, ast.Slice):
                return _same_place(_call("item", node.value, node.slice), node)
            node.value = _same_place(_call("sliced", node.value, ast.Constant(False)), node)
        return node

    def visit_Delete(self, node: ast.Delete) -> Any:
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Subscript):
            target = node.targets[0]
            if not isinstance(target.slice, ast.Slice):
                call = _call("delitem", self.visit(target.value), self.visit(target.slice))
                return _same_place(ast.Expr(call), node)
        node.targets = [self._target(target) for target in node.targets]
        return node

    # --- what is not executed as written: annotations, patterns ---

    def visit_arguments(self, node: ast.arguments) -> Any:
        return node

    def visit_Match(self, node: ast.Match) -> Any:
        described = reading(case.pattern for case in node.cases)
        node.subject = self.visit(node.subject)
        if described:
            # Its classes are looked up when they are needed.
            patterns = ast.Lambda(_NO_ARGUMENTS, ast.Tuple(described, ast.Load()))
            node.subject = _same_place(_call("matched", node.subject, patterns), node.subject)
        for case in node.cases:
            self.visit(case)
        return node

    def visit_match_case(self, node: ast.match_case) -> Any:
        if node.guard is not None:
            node.guard = self.visit(node.guard)
        captured = [
            getattr(each, "rest", None) or getattr(each, "name", None) for each in ast.walk(node.pattern)
        ]
        node.body = [*self._assigned(captured, node.pattern), *self._visit_field(node.body)]
        return node


def rewrite(
    source: str | bytes, path: str, *, cells: bool = True, attributes: frozenset[str] = frozenset()
) -> ast.Module:
    """Return the syntax tree of a program with the points in it.  Raises `SyntaxError`.

    cells=False leaves out the points of captured variables, which need variables of their own; attributes are
    those that other modules of the program assign.
    """
    return rewrite_tree(ast.parse(source, path), cells=cells, attributes=attributes)


def rewrite_tree(
    tree: ast.Module, *, cells: bool = True, attributes: frozenset[str] = frozenset()
) -> ast.Module:
    """Add the points to the syntax tree of a program."""
    return _Rewriter(tree, cells, attributes).rewrite()
