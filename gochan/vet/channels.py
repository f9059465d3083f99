"""Checks of channels and select: GOC1xx."""

from __future__ import annotations

import ast

from . import api
from .file import File, key, text
from .infer import Instance, Method, Symbol, is_call, is_none
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
    _selects(file)
    _closed(file)
    _ends(file)
    _lost_receivers(file)


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


# --- GOC104, GOC105, GOC106, GOC110: select ---


def _selects(file: File) -> None:
    ported = any(
        b.kind == "import" and b.target.startswith("gochan.port.lib")
        for bindings in file.model.module.bindings.values()
        for b in bindings
    )
    for node in file.model.of(ast.Match):
        assert isinstance(node, ast.Match)
        subject = node.subject.value if isinstance(node.subject, ast.Await) else node.subject
        if is_call(subject) and file.infer.symbol(subject.func) in ("gochan.select", "gochan.aio.select"):
            _match(file, node, subject)
    for node in file.model.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        if is_call(node.value) and file.infer.symbol(node.value.func) == "gochan.select":
            _spin_by_index(file, node, node.value)
            for target in node.targets:
                if isinstance(target, (ast.Tuple, ast.List)) and len(target.elts) != 3:
                    if not any(isinstance(item, ast.Starred) for item in target.elts):
                        file.report(
                            "GOC105",
                            target,
                            f"select returns three values, not {len(target.elts)}: write i, value, ok = select(...)",
                        )
    if ported:
        # The Go program's own timers.
        return
    for call in file.model.calls:
        if file.infer.symbol(call.func) != "gochan.time.after":
            continue
        if any(file.loops_around(call)) and _in_select(file, call):
            d = text(call.args[0]) if call.args else "d"
            file.report(
                "GOC106",
                call,
                f"{text(call)} makes a new timer in each iteration of the loop, and starts from the beginning: "
                f"write timeout({d}) if that is meant, or call time.after({d}) before the loop to limit all "
                "iterations together",
            )


def _in_select(file: File, call: ast.Call) -> bool:
    """Return whether a select receives from what a call returns, maybe by a variable of the same round."""
    parent = file.model.parents.get(call)
    if (
        isinstance(parent, ast.Assign)
        and len(parent.targets) == 1
        and isinstance(parent.targets[0], ast.Name)
    ):
        name = parent.targets[0].id
        owner = file.model.owner(name, file.model.scopes[call])
        if owner is None or len(owner.bindings[name]) != 1:
            return False
        uses: list[ast.AST] = list(file.loads(name, owner))
        loop = next(iter(file.loops_around(call)), None)
        if len(uses) != 1 or next(iter(file.loops_around(uses[0])), None) is not loop:
            # A loop inside has one timer for all its rounds.
            return False
    else:
        uses = [call]
    received = file.model.parents.get(uses[0])
    select = file.model.parents.get(received) if received is not None else None
    return (
        is_call(received)
        and file.infer.symbol(received.func) == "gochan.recv"
        and is_call(select)
        and file.infer.symbol(select.func) == "gochan.select"
        and len(select.args) > 1
    )


def _match(file: File, node: ast.Match, select: ast.Call) -> None:
    if any(isinstance(arg, ast.Starred) for arg in select.args) or not select.args:
        return
    count = len(select.args)
    seen: set[int] = set()
    everything = False
    for case in node.cases:
        indices = _indices(file, case.pattern)
        if indices is None:
            everything = True
        else:
            seen |= indices
    for index in sorted(seen):
        if not 0 <= index < count:
            pattern = next(c.pattern for c in node.cases if index in (_indices(file, c.pattern) or ()))
            last = f"0 to {count - 1}" if count > 1 else "0"
            file.report(
                "GOC105",
                pattern,
                f"case {index} never matches: the select has {count} cases, with indices {last}",
            )
    missing = [] if everything else [i for i in range(count) if i not in seen]
    # After a send there is often nothing left to do.
    missing = [i for i in missing if not _is_case(file, select.args[i], "gochan.send")]
    if missing and not _falls_through_on_purpose(file, node):
        named = ", ".join(f"{i}, {text(select.args[i])}" for i in missing)
        word = "case" if len(missing) == 1 else "cases"
        way = (
            f"add case {missing[0]}, _, _:"
            if len(missing) > 1
            else f"add case _: or case {missing[0]}, _, _:"
        )
        file.report(
            "GOC104", node, f"no pattern for {word} {named}: nothing runs when select takes it; {way}"
        )
    _spin(file, node, select)


def _is_case(file: File, node: ast.expr, name: str) -> bool:
    return is_call(node) and file.infer.symbol(node.func) == name


def _falls_through_on_purpose(file: File, node: ast.Match) -> bool:
    """Return whether all cases leave, so that what stands behind the match belongs to the other ones."""
    leave = (ast.Return, ast.Raise, ast.Continue, ast.Break)
    if not all(case.body and isinstance(case.body[-1], leave) for case in node.cases):
        return False
    block = _block(file, node)
    return any(file.loops_around(node)) or (block is not None and block[-1] is not node)


def _indices(file: File, pattern: ast.pattern) -> set[int] | None:
    """Return the indices that a pattern of a select's result matches; None for all, or if that isn't clear."""
    match pattern:
        case ast.MatchAs(pattern=None):
            return None
        case ast.MatchAs(pattern=inner) if inner is not None:
            return _indices(file, inner)
        case ast.MatchOr(patterns=patterns):
            found: set[int] = set()
            for part in patterns:
                indices = _indices(file, part)
                if indices is None:
                    return None
                found |= indices
            return found
        case ast.MatchSequence(patterns=patterns):
            if any(isinstance(part, ast.MatchStar) for part in patterns):
                return None if not patterns or isinstance(patterns[0], ast.MatchStar) else _index(patterns[0])
            if len(patterns) != 3:
                file.report(
                    "GOC105",
                    pattern,
                    f"a pattern of {len(patterns)} never matches: a select gives three values: "
                    "case 0, value, ok: or case 0, _, _:",
                )
                return _index(patterns[0]) if patterns else None
            return _index(patterns[0])
        case ast.MatchValue(value=ast.Constant(value=int(index))):
            file.report(
                "GOC105",
                pattern,
                f"case {index} never matches: a select gives three values: case {index}, _, _:",
            )
            return {index}
    return None


def _index(pattern: ast.pattern) -> set[int] | None:
    match pattern:
        case ast.MatchValue(value=ast.Constant(value=int(index))):
            return {index}
        case ast.MatchOr(patterns=patterns):
            found: set[int] = set()
            for part in patterns:
                indices = _index(part)
                if indices is None:
                    return None
                found |= indices
            return found
        case ast.MatchAs(pattern=inner) if inner is not None:
            return _index(inner)
    return None


def _spin_by_index(file: File, node: ast.Assign, select: ast.Call) -> None:
    """Report `while True: i, v, ok = select(..., default)` and an `if` for another case alone."""
    loop = file.model.parents[node]
    match loop:
        case ast.While(
            body=[
                ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id=index), _, _])]),
                ast.If(
                    test=ast.Compare(
                        left=ast.Name(id=tested), ops=[ast.Eq()], comparators=[ast.Constant(value=case)]
                    ),
                    orelse=[],
                ),
            ]
        ) if index == tested and _defaults(file, select) and case not in _defaults(file, select):
            _report_spin(file, select)


def _defaults(file: File, select: ast.Call) -> list[int]:
    return [i for i, arg in enumerate(select.args) if file.infer.symbol(arg) == "gochan.default"]


def _report_spin(file: File, select: ast.Call) -> None:
    file.report(
        "GOC110",
        select,
        "this loop polls without a pause: leave out default, so that select waits, "
        "or do something in the default case",
    )


def _spin(file: File, node: ast.Match, select: ast.Call) -> None:
    defaults = _defaults(file, select)
    loop = file.model.parents[node]
    if not defaults or not isinstance(loop, ast.While) or loop.body != [node]:
        return
    for case in node.cases:
        indices = _indices(file, case.pattern)
        if indices is None or defaults[0] in indices:
            if case.guard is None and all(isinstance(s, (ast.Pass, ast.Continue)) for s in case.body):
                _report_spin(file, select)
            return


# --- GOC107 ---


def _lost_receivers(file: File) -> None:
    model = file.model
    for node in model.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        scope = model.scopes[node]
        if len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name) or not is_call(node.value):
            continue
        if scope.kind != "function" or not _unbuffered(file, node.value):
            continue
        name = node.targets[0].id
        if model.owner(name, scope) is not scope or len(scope.bindings[name]) != 1:
            continue
        select = _only_receive(file, name, scope)
        if select is not None:
            element = text(node.value.func)
            file.report(
                "GOC107",
                node.value,
                f"if the select on line {select.lineno} takes another case, no goroutine receives from {name}, and "
                f"the goroutine that sends waits forever: give it room, {name} = {element}(1)",
            )


def _unbuffered(file: File, call: ast.Call) -> bool:
    found = file.infer.type(call.func)
    if found != Symbol("gochan.Chan") or call.keywords:
        return False
    return not call.args or (isinstance(call.args[0], ast.Constant) and call.args[0].value == 0)


def _only_receive(file: File, name: str, scope: Scope) -> ast.Call | None:
    """Return the select with the only receive from a local channel, if it may take another case, and one sends."""
    select: ast.Call | None = None
    sends = 0
    for use in file.loads(name, scope):
        inside = file.model.scopes[use].function()
        if inside is scope and (found := _selected(file, use)) is not None:
            if select is not None or any(file.loops_around(found)) or not _leaves(file, found, use):
                return None
            select = found
            continue
        kind = _sender_use(file, use, inside is scope)
        if kind is None:
            return None
        sends += kind
    return select if sends else None


def _selected(file: File, use: ast.Name) -> ast.Call | None:
    """Return the select that receives from this use of a channel."""
    received = file.model.parents[use]
    select = file.model.parents.get(received)
    if is_call(received) and is_call(select) and file.infer.symbol(received.func) == "gochan.recv":
        if file.infer.symbol(select.func) == "gochan.select":
            return select
    return None


def _leaves(file: File, select: ast.Call, use: ast.Name) -> bool:
    """Return whether a select has a case by which it gives up: a timeout, an ended context, default."""
    for arg in select.args:
        found = file.infer.symbol(arg) or (file.infer.symbol(arg.func) if is_call(arg) else "")
        if found in ("gochan.default", "gochan.timeout"):
            return True
        if found == "gochan.recv" and is_call(arg) and arg.args and is_call(arg.args[0]):
            made = arg.args[0].func
            if file.infer.symbol(made) == "gochan.time.after" or file.infer.method(made) == (
                api.CONTEXT,
                "done",
            ):
                return True
            if isinstance(made, ast.Attribute) and made.attr == "done" and not file.infer.type(made.value):
                # Of a context whose parameter has no annotation: what else has done()?
                return True
    return False


def _sender_use(file: File, use: ast.Name, here: bool) -> int | None:
    """Return 1 for a plain send in a goroutine, 0 for a harmless use, None for one that is not understood."""
    parents = file.model.parents
    parent = parents[use]
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.LShift) and parent.left is use:
        return None if here or any(file.loops_around(parent)) else 1
    if isinstance(parent, ast.Attribute):
        outer = parents[parent]
        if parent.attr == "close":
            return 0
        if parent.attr != "send":
            return None
        if is_call(outer) and outer.func is parent:
            return None if here or any(file.loops_around(outer)) else 1
        # go(ch.send, v)
        return 1 if is_call(outer) and file.starting(outer.func)[0] == "go" else None
    if is_call(parent):
        called = file.infer.symbol(parent.func)
        if called == "gochan.close" or (
            called == "gochan.defer" and file.infer.symbol(parent.args[0]) == "gochan.close"
        ):
            return 0
        kind, index = file.starting(parent.func)
        if kind == "go" and index < len(parent.args) and use in parent.args[index + 1 :]:
            function = file.function(parent.args[index])
            if function is not None:
                return _parameter_sends(file, function, parent.args[index + 1 :].index(use))
    return None


def _parameter_sends(file: File, function: Function, index: int) -> int | None:
    """Return what _sender_use says of all uses of a parameter."""
    positional = [*function.args.posonlyargs, *function.args.args]
    index += 1 if file.model.class_of(function) is not None else 0
    if index >= len(positional):
        return None
    scope = file.model.inner[function]
    sends = 0
    for use in file.loads(positional[index].arg, scope):
        kind = _sender_use(file, use, False)
        if kind is None:
            return None
        sends += kind
    return sends


# --- GOC108 ---


def _closed(file: File) -> None:
    blocks: dict[int, tuple[list[ast.stmt], dict[str, ast.expr]]] = {}
    for call in file.model.calls:
        ch = _closes(file, call)
        statement = file.model.parents.get(call)
        if ch is None or not key(ch) or not isinstance(statement, ast.Expr):
            continue
        block = _block(file, statement)
        if block is not None and id(block) not in blocks and not expects_panic(file, statement):
            blocks[id(block)] = (block, {})
    for block, _ in blocks.values():
        _closed_in(file, block)


def _block(file: File, statement: ast.stmt) -> list[ast.stmt] | None:
    """Return the list of statements that a statement is in."""
    parent = file.model.parents.get(statement)
    if parent is None:
        return None
    for field in ("body", "orelse", "finalbody"):
        block = getattr(parent, field, None)
        if isinstance(block, list) and statement in block:
            return block
    return None


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
