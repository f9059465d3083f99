"""Checks of goroutines, and of what starts and counts them: GOC201 to GOC206, GOC212."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator

from . import api
from .file import File, Start, key, position, text
from .infer import Instance, Local, Method, Symbol, is_call
from .model import COMPREHENSIONS, Function, Scope

_GIVES_FUNCTION = {
    "gochan.defers", "gochan.sync.once_func", "gochan.sync.once_value", "gochan.sync.once_values",
    "gochan.context.after_func",
}  # fmt: skip
# Coroutine functions of the standard library.
_COROUTINES = {
    f"asyncio.{name}" for name in ("sleep", "gather", "wait", "wait_for", "to_thread", "open_connection")
}
# Types whose values cannot be called.
_PLAIN = {
    "int", "str", "float", "bool", "bytes", "list", "dict", "set", "tuple", "Chan", "RecvChan", "SendChan", "NoReturn",
    "Never",
}  # fmt: skip


def check(file: File) -> None:
    """Run all checks of this family."""
    for start in file.starts:
        _called_now(file, start)
        _never_runs(file, start)
        _captured(file, start)
        _waits_for_itself(file, start)
    _counted(file)
    _never_waited(file)


# --- GOC201, GOC202 ---


def _called_now(file: File, start: Start) -> None:
    target = start.target
    if isinstance(target, ast.NamedExpr):
        target = target.value
    starter = text(start.starter)
    if (
        isinstance(target, ast.BinOp)
        and isinstance(target.op, ast.LShift)
        and file.infer.is_chan(target.left)
    ):
        ch, value = text(target.left), text(target.right)
        file.report(
            "GOC201",
            target,
            f"{text(target)} is sent now, by the caller: write {starter}({ch}.send, {value})",
        )
        return
    if isinstance(target, ast.IfExp):
        called = [each for each in (target.body, target.orelse) if is_call(each) and _no_function(file, each)]
        if len(called) == 2:
            message = f"{text(target)} is called now, and {starter} gets its result: use an if statement"
            file.report("GOC201", target, message)
        return
    if not is_call(target) or not _no_function(file, target):
        return
    function = text(target.func)
    rest = [text(arg) for arg in target.args] + [
        f"{k.arg}={text(k.value)}" if k.arg else "..." for k in target.keywords
    ]
    before = ""
    if is_call(start.node) and start.node.args and start.node.args[0] is not target:
        before = f"{text(start.node.args[0])}, "
    instead = f"{starter}({before}{', '.join([function, *rest])})"
    file.report(
        "GOC201",
        target,
        f"{text(target)} is called now, and {starter} gets its result: write {instead}",
    )


def _no_function(file: File, call: ast.Call) -> bool:
    """Return whether the result of a call is certainly not a function."""
    found = file.infer.type(call.func)
    if isinstance(found, Symbol):
        name = found.name
        if name.startswith("gochan.") and not name.startswith("gochan.port."):
            return (
                name not in _GIVES_FUNCTION
                and name not in api.CLASSES
                and name.count(".") <= 2
                and (name.rpartition(".")[2].islower())
            )
        return name in api.NOT_CALLABLE or name in api.BLOCKING or name in _COROUTINES
    if isinstance(found, Instance):
        return found.cls == api.CANCEL
    if isinstance(found, Method):
        return found.name in api.METHODS.get(found.cls, ()) and found.name != "value"
    if isinstance(found, Local):
        return _returns_no_function(file, found.node)
    return False


def _returns_no_function(file: File, function: Function) -> bool:
    if isinstance(function, ast.Lambda):
        return is_call(function.body) and _no_function(file, function.body)
    scope = file.model.inner[function]
    if isinstance(function, ast.AsyncFunctionDef) or scope in file.model.yields:
        return True
    if any(
        text(d).rpartition(".")[2] not in ("staticmethod", "classmethod", "defers")
        for d in function.decorator_list
    ):
        return False
    if function.returns is None:
        returned = [r.value for r in file.model.returns.get(scope, ()) if r.value is not None]
        return all(_is_data(value) for value in returned)
    return _is_plain(function.returns)


def _is_plain(annotation: ast.expr) -> bool:
    """Return whether an annotation is a type whose values cannot be called."""
    match annotation:
        case ast.Constant(value=None):
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in _PLAIN
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _is_plain(left) and _is_plain(right)
        case ast.Subscript(value=ast.Name(id="Optional") | ast.Attribute(attr="Optional"), slice=inner):
            return _is_plain(inner)
        case ast.Subscript(value=value):
            return _is_plain(value)
    return False


def _is_data(node: ast.expr) -> bool:
    """Return whether an expression is plain data, or None."""
    return isinstance(
        node,
        (ast.Constant, ast.BinOp, ast.Compare, ast.JoinedStr, ast.List, ast.Dict, ast.Tuple, *COMPREHENSIONS),
    )


def _never_runs(file: File, start: Start) -> None:
    function = start.function
    if function is None or start.kind == "thread" or (start.target is start.node and start.kind == "run"):
        return
    if isinstance(function, ast.Lambda) and is_call(function.body):
        # go(lambda: fetch(url))
        made = file.function(function.body.func)
        function = made if isinstance(made, ast.AsyncFunctionDef) else function
    if isinstance(function, ast.AsyncFunctionDef):
        what = f"{function.name} is a coroutine function: {text(start.starter)} only makes a coroutine, which never runs; "
        way = "start a function that calls aio.await_"
        file.report("GOC202", start.node, f"{what}{way}({function.name}(...))")
    elif file.model.inner[function] in file.model.yields and isinstance(function, ast.FunctionDef):
        if function.decorator_list and start.target is not function:
            return
        what = f"{function.name} is a generator function: {text(start.starter)} only makes a generator, "
        file.report(
            "GOC202",
            start.node,
            what + "whose body never runs; send the values into a Chan instead of yielding them",
        )


# --- GOC203 ---


def _captured(file: File, start: Start) -> None:
    if start.kind not in ("go", "call") or (
        start.kind == "call" and file.infer.symbol(start.starter) != "gochan.defer"
    ):
        return
    closures = [start.function] if start.function is not None else []
    closures += [arg for arg in [*start.args, *start.keywords] if isinstance(arg, ast.Lambda)]
    if not closures:
        return
    loops: list[tuple[ast.AST, Scope]] = [(loop, start.scope) for loop in file.loops_around(start.node)]
    if start.scope.kind == "comprehension":
        loops.append((start.scope.node, start.scope))
    loops += [
        (made, file.model.inner[made]) for closure in closures for made in _made_in(file, closure, start)
    ]
    for loop, scope in loops:
        if not isinstance(loop, COMPREHENSIONS) and (start.kind == "go" and _settles(file, loop, start.node)):
            return
        for closure in closures:
            found = _late_name(file, closure, loop, scope)
            if found is None:
                continue
            starter, name = text(start.starter), found.id
            if isinstance(closure, ast.Lambda):
                call = closure.body
                function = text(call.func) if is_call(call) else "f"
                way = f"pass it as an argument: {starter}({function}, {name})"
                elsewhere = closure is not start.function or scope.function() is not scope is not start.scope
                if elsewhere or (is_call(call) and any(not isinstance(a, ast.Name) for a in call.args)):
                    way = f"bind it: lambda {name}={name}: ..."
            elif closure is start.node:
                way = f"give it a parameter with this iteration's value: def {closure.name}({name}={name})"
            else:
                way = f"give {text(closure)} a parameter: {starter}({text(closure)}, {name})"
            file.report(
                "GOC203",
                found,
                f"{name} is one variable for all iterations of the loop, and may have changed when this runs: {way}",
            )
            return


def _made_in(file: File, closure: Function, start: Start) -> Iterator[ast.AST]:
    """Yield the comprehensions that make a list, set or dict of closures, which is complete when one starts."""
    around = set(file.model.ancestors(start.node))
    for parent in file.model.ancestors(closure):
        if isinstance(parent, (ast.ListComp, ast.SetComp, ast.DictComp)) and parent not in around:
            yield parent


def _late_name(file: File, closure: Function, loop: ast.AST, scope: Scope) -> ast.Name | None:
    """Return a name that a closure reads, and that each iteration of the loop sets again."""
    model = file.model
    inner = model.inner[closure]
    first, last = getattr(loop, "lineno", 0), getattr(loop, "end_lineno", 0)
    changed: dict[str, bool] = {}
    for node in model.within(closure, function=True):
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        here = model.scopes[node]
        if inner not in here.chain():
            continue
        name = node.id
        if name not in changed:
            owner = model.owner(name, here)
            outside = owner is not None and inner not in owner.chain()
            changed[name] = (
                owner is not None
                and outside
                and owner in (scope, scope.function())
                and any(
                    b.kind in ("for", "assign", "walrus", "aug", "with", "match", "annotated")
                    and b.scope.function() is scope.function()
                    and (isinstance(loop, COMPREHENSIONS) or first <= getattr(b.node, "lineno", 0) <= last)
                    and (not isinstance(loop, COMPREHENSIONS) or owner is scope)
                    and not (
                        b.kind == "annotated" and getattr(model.parents.get(b.node), "value", None) is None
                    )
                    for b in owner.bindings[name]
                )
            )
        if changed[name]:
            return node
    return None


def _settles(file: File, loop: ast.AST, start: ast.AST) -> bool:
    """Return whether the loop waits for what it has started, or ends, before its next iteration."""
    model = file.model
    scope = model.scopes[start].function()
    after = (getattr(start, "end_lineno", 0), getattr(start, "end_col_offset", 0))
    body = getattr(loop, "body", [])
    last = body[-1] if body else None
    end = (getattr(last, "end_lineno", 0), getattr(last, "end_col_offset", 0))
    places = file.waits_in(scope)
    index = bisect_right(places, after)
    if index < len(places) and places[index] <= end:
        return True
    for parent in model.ancestors(start):
        if isinstance(parent, ast.With) and any(_waits_at_its_end(file, item) for item in parent.items):
            return True
        for block in file.blocks(parent):
            if position(block[0]) <= position(start) and after < file.leaves(block):
                return True
        if parent is loop:
            return False
    return False


def _waits_at_its_end(file: File, item: ast.withitem) -> bool:
    """Return whether a with statement waits for a group of goroutines when it ends."""
    return file.infer.cls(item.context_expr) == api.GROUP


# --- GOC204, GOC205, GOC206 ---


def _counted(file: File) -> None:
    for function, starts in file.starts_of.items():
        going = [s for s in starts if s.kind == "go"]
        if not going:
            continue
        adds, dones, deferred, waits = _group_calls(file, function)
        if not (adds or dones or waits):
            continue
        inner = file.model.inner[function]
        own_starts = [
            getattr(s.node, "lineno", 0)
            for s in file.starts
            if s.scope.function() is inner and s.kind == "go"
        ]
        for name, call in adds.items():
            if (
                name in dones
                and not any(line >= call.lineno for line in own_starts)
                and _from_outside(file, name, inner)
                and not _announced(file, call)
            ):
                file.report(
                    "GOC204",
                    call,
                    f"{name}.add counts this goroutine only when it runs, and {name}.wait may have returned by then: "
                    f"call {name}.add before go, or start it with {name}.go",
                )
        # The groups that have started it, by their names in it.
        groups = {name: s for s in going for name in _names_inside(file, s, function)}
        for name, call in waits.items():
            if name in groups or (name in deferred and _from_outside(file, name, inner)):
                file.report(
                    "GOC205",
                    call,
                    f"{name}.wait waits for this goroutine too, which {name} counts: it never returns; "
                    f"wait in a goroutine that {name} doesn't count",
                )
        for name, call in dones.items():
            start = groups.get(name)
            if start is None or name in adds or not isinstance(start.starter, ast.Attribute):
                continue
            group = start.starter.value
            if (
                file.infer.cls(group) == api.WAITGROUP
                and not _added(file, name, call)
                and not _added(file, key(group), start.node)
            ):
                file.report(
                    "GOC206",
                    call,
                    f"{name}.go calls {name}.done by itself when this ends, so the counter becomes negative: "
                    f"leave out {name}.done",
                )


def _announced(file: File, call: ast.Call) -> bool:
    """Return whether the next statement tells others that the call has been made."""
    statement = file.model.statement(call)
    block = file.block_of(statement) if statement is not None else None
    if block is None or statement is None:
        return False
    match block[block.index(statement) + 1 :][:1]:
        case [
            ast.Expr(
                value=ast.Call(func=ast.Attribute(attr="close" | "done" as method, value=value), args=[])
            )
        ]:
            return method == "close" or (
                isinstance(call.func, ast.Attribute) and key(value) != key(call.func.value)
            )
        case [ast.Expr(value=ast.Call(func=ast.Attribute(attr="send"), args=[ast.Constant(value=None)]))]:
            return True
        case [ast.Expr(value=ast.Call(func=function))]:
            return file.infer.symbol(function) == "gochan.close"
    return False


def _names_inside(file: File, start: Start, function: Function) -> Iterator[str]:
    """Yield the names that the group which starts a function has inside it, also as a parameter."""
    if not (isinstance(start.starter, ast.Attribute) and start.starter.attr in ("go", "try_go")):
        return
    group = key(start.starter.value)
    if not group:
        return
    yield group
    positional = [*function.args.posonlyargs, *function.args.args]
    if file.model.class_of(function) is not None:
        positional = positional[1:]
    for parameter, arg in zip(positional, start.args, strict=False):
        if key(arg) == group:
            yield parameter.arg


def _waits_for_itself(file: File, start: Start) -> None:
    """Report `wg.go(wg.wait)`."""
    starter, target = start.starter, start.target
    if (
        isinstance(starter, ast.Attribute)
        and isinstance(target, ast.Attribute)
        and (starter.attr, target.attr) == ("go", "wait")
        and (name := key(starter.value)) == key(target.value) != ""
    ):
        file.report(
            "GOC205",
            start.node,
            f"{name}.wait waits for this goroutine too, which {name} counts: it never returns; write go({name}.wait)",
        )


def _added(file: File, name: str, at: ast.AST) -> bool:
    """Return whether anything adds to the group of that name, as seen from a node."""
    root = name.partition(".")[0].partition("[")[0]
    mine = file.model.owner(root, file.model.scopes[at])
    return any(
        isinstance(c.func, ast.Attribute)
        and c.func.attr == "add"
        and key(c.func.value) == name
        and (root != name or file.model.owner(root, file.model.scopes[c]) is mine)
        for c in file.model.calls
    )


def _from_outside(file: File, name: str, inner: Scope) -> bool:
    """Return whether a group was not made by the function itself."""
    owner = file.model.owner(name.partition(".")[0].partition("[")[0], inner)
    if owner is not inner:
        return True
    return all(b.kind == "arg" for b in inner.bindings[name.partition(".")[0].partition("[")[0]])


def _group_calls(
    file: File, function: Function
) -> tuple[dict[str, ast.Call], dict[str, ast.Call], set[str], dict[str, ast.Call]]:
    """Return a function's own calls of add, done and wait by group, and the groups with a deferred done."""
    adds: dict[str, ast.Call] = {}
    dones: dict[str, ast.Call] = {}
    waits: dict[str, ast.Call] = {}
    deferred: set[str] = set()

    def group(node: ast.expr, attr: str) -> str:
        if isinstance(node, ast.Attribute) and node.attr == attr:
            found = file.infer.type(node.value)
            known = (api.WAITGROUP, api.GROUP) if attr == "wait" else (api.WAITGROUP,)
            if found is None or (isinstance(found, Instance) and found.cls in known):
                return key(node.value)
        return ""

    for call in file.calls_in.get(file.model.inner[function], ()):
        if (name := group(call.func, "add")) and len(call.args) == 1:
            if isinstance(call.args[0], ast.UnaryOp):
                dones.setdefault(name, call)
            else:
                adds.setdefault(name, call)
        elif name := group(call.func, "done"):
            dones.setdefault(name, call)
        elif name := group(call.func, "wait"):
            waits.setdefault(name, call)
        elif (
            file.infer.symbol(call.func) == "gochan.defer"
            and call.args
            and (name := group(call.args[0], "done"))
        ):
            dones.setdefault(name, call)
            deferred.add(name)
    return adds, dones, deferred, waits


# --- GOC212 ---


def _never_waited(file: File) -> None:
    model = file.model
    for node in model.of(ast.Assign, ast.AnnAssign):
        assert isinstance(node, (ast.Assign, ast.AnnAssign))
        scope = model.scopes[node]
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if scope.kind != "function" or len(targets) != 1 or not is_call(node.value):
            continue
        target = targets[0]
        if (
            isinstance(target, ast.Tuple)
            and target.elts
            and file.infer.symbol(node.value.func) == "gochan.errgroup.with_context"
        ):
            target = target.elts[0]
        if not isinstance(target, ast.Name) or target.id == "_":
            continue
        if len(scope.bindings.get(target.id, ())) != 1:
            continue
        if file.infer.cls(target) not in (api.WAITGROUP, api.GROUP):
            continue
        used: set[str] = set()
        for use in file.loads(target.id, scope):
            parent = model.parents[use]
            used.add(parent.attr if isinstance(parent, ast.Attribute) else "?")
        if used & {"go", "add", "try_go"} and used <= {"go", "add", "done", "try_go", "set_limit"}:
            name = target.id
            lost = "their errors are lost, and " if file.infer.cls(target) == api.GROUP else ""
            file.report(
                "GOC212",
                node,
                f"no code calls {name}.wait: {lost}the goroutines of {name} may not have ended when this returns",
            )
