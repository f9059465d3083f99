"""Checks of channels: GOC101 to GOC103, GOC108, GOC109."""

from __future__ import annotations

import ast

from . import api
from .file import File, key, text
from .infer import Instance, Method, Symbol, is_none
from .model import COMPREHENSIONS, FUNCTIONS, Function, Scope

_CASES = ("gochan.recv", "gochan.send", "gochan.timeout")
_COROUTINES = {f"gochan.aio.{name}" for name in ("recv", "recv_ok", "send", "select", "run")}


# How many reads of a variable are looked at in one statement.
_MOST = 20


def check(file: File) -> None:
    """Run all checks of this family."""
    _read_before_wait(file)
    _precedence(file)
    _cases(file)
    _closed(file)
    _ends(file)


# --- GOC101 ---


def _read_before_wait(file: File) -> None:
    waits: dict[ast.Assign | ast.AugAssign, ast.Call] = {}
    for call in file.model.calls:
        if file.waits(call):
            statement = file.assignment_of(call)
            if statement is not None and _position(call) >= _position(waits.get(statement)):
                waits[statement] = call
    for statement, call in waits.items():
        if isinstance(statement, ast.AugAssign):
            target: ast.expr = statement.target
        else:
            found = _reread(file, statement, call)
            if found is None:
                continue
            target = found
        name = text(target)
        if _shared(file, target, statement) and not file.locked(statement):
            file.report(
                "GOC101",
                statement,
                f"{name} is read before {text(call)} waits, and what others add to it meanwhile is lost: "
                f"receive into a variable first, then change {name}",
            )


def _position(node: ast.expr | None) -> tuple[int, int]:
    return (0, 0) if node is None else (node.lineno, node.col_offset)


def _inside(file: File, node: ast.AST, root: ast.AST) -> bool:
    """Return whether root contains node, which is evaluated with it."""
    here: ast.AST | None = node
    while here is not None and here is not root:
        if isinstance(here, FUNCTIONS):
            return False
        here = file.model.parents.get(here)
    return here is root


def _reread(file: File, statement: ast.Assign, call: ast.Call) -> ast.expr | None:
    """Return a target of the assignment that its value reads before the call."""
    targets = {key(target): target for target in statement.targets if key(target)}
    if not targets:
        return None
    tries = _MOST
    for node in file.model.within(statement.value):
        if tries == 0:
            break
        if not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            continue
        if not isinstance(node.ctx, ast.Load) or key(node) not in targets:
            continue
        if (node.lineno, node.col_offset) >= (call.lineno, call.col_offset) or _inside(file, node, call.func):
            continue
        tries -= 1
        around = list(file.model.ancestors(node))
        around = around[: around.index(statement)]
        if any(isinstance(parent, (ast.IfExp, ast.BoolOp, *COMPREHENSIONS)) for parent in around):
            continue
        return targets[key(node)]
    return None


def _shared(file: File, target: ast.expr, statement: ast.stmt) -> bool:
    """Return whether another goroutine may change the target meanwhile."""
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
        return len(writers - {owner.function(), scope}) > 0 or not _runs_once(file, function)
    if owner.function() is scope:
        kinds = {b.kind for b in bindings}
        if "arg" not in kinds:
            # Made here: other goroutines see it only through a function that captures it.
            return _captured_writer(file, root.id, owner)
        if isinstance(target, ast.Attribute) and target.value is root:
            cls = model._class_of_self(root.id, scope)
            if cls is not None:
                others = file.methods_that_set(cls, target.attr) - {function}
                return bool(others) or not _runs_once(file, function)
    return not _runs_once(file, function)


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


def _runs_once(file: File, function: Function | None) -> bool:
    """Return whether a function runs only once, as far as this file shows."""
    for _ in range(20):
        if function is None:
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


# --- GOC102 ---


def _precedence(file: File) -> None:
    parents = file.model.parents
    for node in file.model.of(ast.BinOp):
        assert isinstance(node, ast.BinOp)
        if not isinstance(node.op, ast.LShift):
            continue
        parent = parents[node]
        root: ast.AST = parent
        while (
            isinstance(root, (ast.BoolOp, ast.Compare, ast.IfExp, ast.BinOp, ast.Tuple)) and root in parents
        ):
            root = parents[root]
        if root is parent or not isinstance(root, (ast.Expr, ast.Lambda)):
            continue
        found = file.infer.type(node.left)
        is_chan = isinstance(found, Instance) and found.cls in api.CHANS
        if not is_chan and (found is not None or not isinstance(root, ast.Expr)):
            continue
        sent = ""
        match parent:
            case ast.BoolOp(op=op, values=[first, *rest]) if first is node:
                word = "or" if isinstance(op, ast.Or) else "and"
                sent = f" {word} ".join([text(node.right), *map(text, rest)])
            case ast.Compare(left=left, ops=ops, comparators=comparators) if left is node:
                sent = text(ast.Compare(left=node.right, ops=ops, comparators=comparators))
            case ast.IfExp(test=test, body=body, orelse=orelse) if body is node:
                if is_none(orelse) or _is_send(orelse):
                    continue
                sent = f"{text(node.right)} if {text(test)} else {text(orelse)}"
            case ast.BinOp(left=left, op=op, right=right) if left is node and is_chan:
                if isinstance(op, (ast.BitOr, ast.BitAnd, ast.BitXor, ast.LShift, ast.RShift)):
                    sent = text(ast.BinOp(left=node.right, op=op, right=right))
            case ast.Tuple(elts=[first, *rest]) if first is node and is_chan:
                sent = ", ".join([text(node.right), *map(text, rest)])
        if sent:
            ch = text(node.left)
            file.report(
                "GOC102",
                node,
                f"{ch} << ... sends {text(node.right)} alone, because << binds more tightly than what follows: "
                f"write {ch} << ({sent}) or {ch}.send(...)",
            )


def _is_send(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.LShift)


# --- GOC103 ---


def _cases(file: File) -> None:
    for call in file.model.calls:
        name = file.infer.symbol(call.func)
        if name in _CASES:
            _case(file, call, name.rpartition(".")[2])
        elif name in _COROUTINES and isinstance(file.model.parents[call], ast.Expr):
            file.report(
                "GOC103", call, f"{text(call)} is a coroutine that never runs: write await {text(call)}"
            )
    for start in file.starts:
        if isinstance(start.target, ast.expr) and (name := file.infer.symbol(start.target)) in _CASES:
            word = name.rpartition(".")[2]
            instead = {
                "recv": f"{text(start.args[0]) if start.args else 'ch'}.recv",
                "send": f"{text(start.args[0]) if start.args else 'ch'}.send, ...",
                "timeout": "time.sleep, ...",
            }[word]
            file.report(
                "GOC103",
                start.node,
                f"{word} only makes a case for select, and does nothing by itself: "
                f"write {text(start.starter)}({instead})",
            )


def _case(file: File, call: ast.Call, word: str) -> None:
    node: ast.expr = call
    parent = file.model.parents[call]
    while isinstance(parent, ast.NamedExpr):
        # while (v := recv(ch)) != 0
        node, parent = parent, file.model.parents[parent]
    used = ""
    match parent:
        case ast.Expr():
            used = "statement"
        case ast.Assign(targets=[ast.Tuple() | ast.List(), *_]):
            used = "value"
        case ast.BinOp() | ast.AugAssign() | ast.FormattedValue() | ast.UnaryOp() | ast.Subscript():
            used = "value"
        case ast.Compare(ops=ops) if not any(
            isinstance(op, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for op in ops
        ):
            used = "value"
        case ast.For(iter=iterable) if iterable is node:
            used = "value"
        case ast.Call(func=func) if file.infer.symbol(func) in ("print", "repr", "str", "len", "bool"):
            used = "value"
        case ast.If() | ast.While():
            used = "value"
        case ast.Attribute(attr=attr):
            used = "value" if attr in ("recv", "recv_ok", "send") else ""
    if not used:
        return
    arg = text(call.args[0]) if call.args else "ch"
    value = text(call.args[1]) if len(call.args) > 1 else "v"
    instead = {"recv": f"{arg}.recv()", "send": f"{arg}.send({value})", "timeout": f"time.sleep({arg})"}[word]
    what = (
        "receives nothing" if word == "recv" else "sends nothing" if word == "send" else "waits for nothing"
    )
    file.report("GOC103", call, f"{text(call)} {what}: it only makes a case for select; write {instead}")


# --- GOC108 ---


def _closed(file: File) -> None:
    blocks: dict[int, tuple[list[ast.stmt], dict[str, ast.expr]]] = {}
    for call in file.model.calls:
        ch = _closes(file, call)
        statement = file.model.parents.get(call)
        if ch is None or not key(ch) or not isinstance(statement, ast.Expr):
            continue
        block = file.block_of(statement)
        if block is not None and id(block) not in blocks and not expects_panic(file, statement):
            blocks[id(block)] = (block, {})
    for block, _ in blocks.values():
        _closed_in(file, block)


def _closes(file: File, call: ast.Call) -> ast.expr | None:
    """Return the channel that a call closes."""
    if file.infer.symbol(call.func) == "gochan.close" and len(call.args) == 1:
        return call.args[0]
    if (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "close"
        and file.infer.is_chan(call.func.value)
    ):
        return call.func.value
    return None


def _closed_in(file: File, block: list[ast.stmt]) -> None:
    closed: dict[str, int] = {}
    for statement in block:
        match statement:
            case ast.Expr(value=ast.Call() as call):
                ch = _closes(file, call)
                if ch is not None and key(ch):
                    if key(ch) in closed:
                        _report_closed(file, call, ch, closed, "this second close")
                    closed[key(ch)] = call.lineno
                elif (
                    isinstance(call.func, ast.Attribute)
                    and call.func.attr == "send"
                    and key(call.func.value) in closed
                ):
                    _report_closed(file, call, call.func.value, closed, "this send")
            case ast.Expr(value=ast.BinOp(left=left, op=ast.LShift()) as send):
                if key(left) in closed:
                    _report_closed(file, send, left, closed, "this send")
            case ast.Assign(targets=targets):
                for target in targets:
                    for node in ast.walk(target):
                        name = key(node)
                        closed = {
                            k: line for k, line in closed.items() if k.partition(".")[0] != name and k != name
                        }
            case ast.Expr() | ast.Pass() | ast.AnnAssign() | ast.AugAssign() | ast.Import() | ast.Assert():
                pass
            case _:
                stored = {
                    n.id
                    for n in ast.walk(statement)
                    if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
                }
                closed = {k: line for k, line in closed.items() if k.partition(".")[0] not in stored}


def _report_closed(file: File, node: ast.AST, ch: ast.expr, closed: dict[str, int], what: str) -> None:
    name = text(ch)
    file.report(
        "GOC108",
        node,
        f"{name} was closed on line {closed[key(ch)]}, so {what} panics: close it once, at the end",
    )


def expects_panic(file: File, node: ast.AST) -> bool:
    """Return whether a node is in a `try` with handlers, in a `with` like pytest.raises, or below a recover."""
    child = node
    for parent in file.model.ancestors(node):
        if isinstance(parent, ast.Try) and parent.handlers and child in parent.body:
            return True
        if isinstance(parent, (ast.With, ast.AsyncWith)):
            for item in parent.items:
                name = text(item.context_expr).partition("(")[0].lower()
                if any(word in name for word in ("raises", "suppress", "panic", "catch")):
                    return True
        if isinstance(parent, FUNCTIONS) and parent in file.recovering:
            return True
        child = parent
    return False


# --- GOC109 ---


def _ends(file: File) -> None:
    infer = file.infer

    def wrong(node: ast.AST, ch: ast.expr, cls: str, what: str) -> None:
        if infer.cls(ch) == cls:
            end = "receiving" if cls == "gochan.RecvChan" else "sending"
            other = "SendChan" if cls == "gochan.RecvChan" else "RecvChan"
            file.report(
                "GOC109",
                node,
                f"{text(ch)} is the {end} end, a {cls.rpartition('.')[2]}, and does not {what}: "
                f"declare it as a Chan or a {other}",
            )

    for call in file.model.calls:
        found = infer.type(call.func)
        if isinstance(found, Symbol) and call.args:
            if found.name == "gochan.close":
                wrong(call, call.args[0], "gochan.RecvChan", "close")
            elif found.name == "gochan.send":
                wrong(call, call.args[0], "gochan.RecvChan", "send")
            elif found.name == "gochan.recv":
                wrong(call, call.args[0], "gochan.SendChan", "receive")
        elif isinstance(found, Method) and isinstance(call.func, ast.Attribute):
            if found.name in ("send", "close"):
                wrong(call, call.func.value, "gochan.RecvChan", found.name)
            elif found.name in ("recv", "recv_ok"):
                wrong(call, call.func.value, "gochan.SendChan", "receive")
    for node in file.model.of(ast.BinOp):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.LShift):
            wrong(node, node.left, "gochan.RecvChan", "send")
    for node in file.model.of(ast.For):
        if isinstance(node, ast.For):
            wrong(node.iter, node.iter, "gochan.SendChan", "receive")
