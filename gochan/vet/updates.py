"""A check of updates across a wait: GOC101."""

from __future__ import annotations

import ast

from .file import File, key, position, text
from .infer import is_call
from .model import COMPREHENSIONS, FUNCTIONS, Function, Scope

# The limit on the reads of a variable that are checked in one statement.
_MOST = 20


def check(file: File) -> None:
    """Run all checks of this family."""
    waits: dict[ast.Assign | ast.AugAssign, ast.expr] = {}
    found: list[ast.expr] = [call for call in file.model.calls if file.waits(call)]
    comprehensions = file.model.of(ast.ListComp, ast.SetComp, ast.DictComp)
    found += [n for n in comprehensions if isinstance(n, ast.expr) and file.receives(n)]
    for call in found:
        statement = file.assignment_of(call)
        if statement is not None and position(call) >= position(waits.get(statement)):
            waits[statement] = call
    for statement, call in waits.items():
        target = statement.target if isinstance(statement, ast.AugAssign) else _reread(file, statement, call)
        if target is None:
            continue
        name = text(target)
        if _shared(file, target, statement) and not file.locked(statement):
            file.report(
                "GOC101",
                statement,
                f"{name} is read before {text(call)} waits, so what other goroutines add during the wait is lost: "
                f"receive into a variable first, then change {name}",
            )


def _inside(file: File, node: ast.AST, root: ast.AST) -> bool:
    """Return whether root contains node, outside of nested functions."""
    here: ast.AST | None = node
    while here is not None and here is not root:
        if isinstance(here, FUNCTIONS):
            return False
        here = file.model.parents.get(here)
    return here is root


def _reread(file: File, statement: ast.Assign, call: ast.expr) -> ast.expr | None:
    """Return a target of the assignment that the right-hand side reads before the call."""
    targets = {
        key(target): target
        for each in statement.targets
        for target in (each.elts if isinstance(each, (ast.Tuple, ast.List)) else [each])
        if key(target)
    }
    if not targets:
        return None
    tries = _MOST
    for node in file.model.within(statement.value):
        if tries == 0:
            break
        name = _read(node)
        if name not in targets or not isinstance(node, ast.expr):
            continue
        if position(node) >= position(call):
            continue
        if is_call(call) and _inside(file, node, call.func):
            continue
        tries -= 1
        around = list(file.model.ancestors(node))
        around = around[: around.index(statement)]
        if any(isinstance(parent, (ast.IfExp, ast.BoolOp, *COMPREHENSIONS)) for parent in around):
            continue
        return targets[name]
    return None


def _read(node: ast.AST) -> str:
    """Return the key of what an expression reads; `d.get(k, 0)` reads `d[k]`."""
    match node:
        case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()) | ast.Subscript(ctx=ast.Load()):
            return key(node)
        case ast.Call(
            func=ast.Attribute(value=value, attr="get"), args=[(ast.Name() | ast.Constant()) as k, *_]
        ):
            return f"{key(value)}[{ast.unparse(k)}]" if key(value) else ""
    return ""


def _shared(file: File, target: ast.expr, statement: ast.stmt) -> bool:
    """Return whether another goroutine may change the target during the wait."""
    model = file.model
    scope = model.scopes[statement].function()
    function = scope.node if isinstance(scope.node, FUNCTIONS) else None
    root: ast.expr = target
    while isinstance(root, (ast.Attribute, ast.Subscript)):
        root = root.value
    if not isinstance(root, ast.Name):
        return False
    owner = model.owner(root.id, model.scopes[statement])
    if owner is None:
        return False
    bindings = owner.bindings[root.id]
    if isinstance(target, ast.Name):
        writers = file.writers(root.id, owner)
        if owner.function() is scope:
            return len(writers) > 1
        # Each call of the function that the variable belongs to has its own variable.
        return len(writers - {owner.function(), scope}) > 0 or not _runs_once(file, function, owner)
    if owner.function() is scope:
        kinds = {b.kind for b in bindings}
        if "arg" not in kinds:
            # The object is made here, so other goroutines see it only through a function that captures it.
            return _captured_writer(file, root.id, owner)
        if isinstance(target, ast.Attribute) and target.value is root:
            cls = model._class_of_self(root.id, scope)
            if cls is not None:
                others = file.methods_that_set(cls, target.attr) - {function}
                return bool(others) or not _runs_once(file, function)
    return not _runs_once(file, function, None if "arg" in {b.kind for b in bindings} else owner)


def _captured_writer(file: File, name: str, owner: Scope) -> bool:
    """Return whether a nested function changes an attribute or item of the variable."""
    for node in file.loads(name, owner):
        if file.model.scopes[node].function() is owner.function():
            continue
        parent = file.model.parents.get(node)
        while isinstance(parent, (ast.Attribute, ast.Subscript)):
            if isinstance(parent.ctx, ast.Store):
                return True
            parent = file.model.parents.get(parent)
    return False


def _runs_once(file: File, function: Function | None, owner: Scope | None = None) -> bool:
    """Return whether a function runs only once, as far as this file shows; once in each call of owner, if given."""
    for _ in range(20):
        if function is None or (owner is not None and function is owner.function().node):
            return True
        starts: list[tuple[ast.AST, Scope]] = [(s.node, s.scope) for s in file.starts_of.get(function, ())]
        starts += [(call, file.model.scopes[call]) for call in file.called.get(function, ())]
        if len(starts) != 1:
            return False
        node, scope = starts[0]
        if any(file.loops_around(node)) or scope.kind == "comprehension":
            return False
        caller = scope.function().node
        if caller is function:
            return False
        function = caller if isinstance(caller, FUNCTIONS) else None
    return False
