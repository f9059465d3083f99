"""Checks of select: GOC104 to GOC107, and GOC110."""

from __future__ import annotations

import ast

from . import api
from .file import File, text
from .infer import Symbol, is_call
from .model import Function, Scope

_SELECTS = ("gochan.select", "gochan.aio.select")


def check(file: File) -> None:
    """Run all checks of this family."""
    _selects(file)
    _lost_receivers(file)


# --- GOC104, GOC105, GOC106, GOC110: select ---


def _selects(file: File) -> None:
    ported = any(
        b.kind == "import" and b.target.startswith("gochan.port.lib")
        for bindings in file.model.module.bindings.values()
        for b in bindings
    )
    for node in file.model.of(ast.Match):
        assert isinstance(node, ast.Match)
        select = _select(file, file.value(node.subject))
        if select is not None:
            _match(file, node, select)
    for node in file.model.of(ast.While):
        assert isinstance(node, ast.While)
        _spin_by_item(file, node)
    for node in file.model.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        select = _select(file, node.value)
        if select is not None:
            _spin_by_index(file, node, select)
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
                f"{text(call)} makes a new timer in each iteration of the loop, so the time starts again each time: "
                f"write timeout({d}) if that is meant, or call time.after({d}) before the loop to limit all "
                "iterations together",
            )


def _select(file: File, node: ast.expr) -> ast.Call | None:
    """Return the call of select, awaited or not, that an expression is."""
    while isinstance(node, (ast.Await, ast.NamedExpr)):
        node = node.value
    return node if is_call(node) and file.infer.symbol(node.func) in _SELECTS else None


def _named(statement: ast.AST | None) -> str:
    """Return the only name that a statement assigns."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


def _in_select(file: File, call: ast.Call) -> bool:
    """Return whether a select receives from the result of a call, directly or by a loop's variable."""
    name = _named(file.model.parents.get(call))
    if name:
        owner = file.model.owner(name, file.model.scopes[call])
        if owner is None or len(owner.bindings[name]) != 1:
            return False
        uses: list[ast.AST] = list(file.loads(name, owner))
        loop = next(iter(file.loops_around(call)), None)
        if len(uses) != 1 or next(iter(file.loops_around(uses[0])), None) is not loop:
            # The select is in an inner loop, whose iterations share the timer.
            return False
    else:
        uses = [call]
    received = file.model.parents.get(uses[0])
    select = file.model.parents.get(received) if received is not None else None
    return (
        is_call(received)
        and file.infer.symbol(received.func) == "gochan.recv"
        and is_call(select)
        and file.infer.symbol(select.func) in _SELECTS
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
    """Return whether all cases leave, so that the code after the match handles the other cases."""
    leave = (ast.Return, ast.Raise, ast.Continue, ast.Break)
    if not all(case.body and isinstance(case.body[-1], leave) for case in node.cases):
        return False
    block = file.block_of(node)
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
            if _is_no_index(patterns[0]):
                file.report(
                    "GOC105",
                    pattern,
                    f"{text(patterns[0])} never matches: a select gives the index of a case",
                )
                return set()
            return _index(patterns[0])
        case ast.MatchValue(value=ast.Constant(value=int(index))):
            file.report(
                "GOC105",
                pattern,
                f"case {index} never matches: a select gives three values: case {index}, _, _:",
            )
            return {index}
    return None


def _is_no_index(pattern: ast.pattern) -> bool:
    """Return whether a pattern cannot match an int."""
    match pattern:
        case ast.MatchSingleton():
            return True
        case ast.MatchValue(value=ast.Constant(value=value)):
            return not isinstance(value, (int, float))
    return False


def _index(pattern: ast.pattern) -> set[int] | None:
    match pattern:
        case ast.MatchValue(value=ast.Constant(value=int(index))):
            return {index}
        case ast.MatchValue(value=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(index)))):
            return {-index}
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


def _spin_by_item(file: File, loop: ast.While) -> None:
    """Report a loop that does nothing but `select(..., default)[0]`, in its test or in an `if` that leaves it."""
    match loop.body:
        case [ast.If(test=test, body=[ast.Break() | ast.Return()], orelse=[])] if isinstance(
            loop.test, ast.Constant
        ):
            leaves = True
        case _ if all(map(_is_nothing, loop.body)):
            test, leaves = loop.test, False
        case _:
            return
    match test:
        case ast.Compare(
            left=ast.Subscript(value=value, slice=ast.Constant(value=0)),
            ops=[(ast.Eq() | ast.NotEq()) as op],
            comparators=[ast.Constant(value=case)],
        ) if (select := _select(file, value)) is not None and len(_defaults(file, select)) == 1:
            goes_on = (case in _defaults(file, select)) is isinstance(op, ast.Eq)
            if goes_on is not leaves:
                _report_spin(file, select)


def _is_nothing(statement: ast.stmt) -> bool:
    """Return whether a statement does nothing in a loop: pass, continue, or `...`."""
    return isinstance(statement, (ast.Pass, ast.Continue)) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


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
            if case.guard is None and all(map(_is_nothing, case.body)):
                _report_spin(file, select)
            return


# --- GOC107 ---

_TIMERS = ("gochan.time.Timer", "gochan.time.Ticker")


def _lost_receivers(file: File) -> None:
    model = file.model
    for node in model.of(ast.Assign, ast.AnnAssign):
        assert isinstance(node, (ast.Assign, ast.AnnAssign))
        scope, name = model.scopes[node], _named(node)
        if not name or not is_call(node.value):
            continue
        if scope.kind != "function" or not _unbuffered(file, node.value):
            continue
        if model.owner(name, scope) is not scope or len(scope.bindings[name]) != 1:
            continue
        select = _only_receive(file, name, scope)
        if select is not None:
            element = text(node.value.func)
            file.report(
                "GOC107",
                node.value,
                f"if the select on line {select.lineno} takes another case, no goroutine receives from {name}, and "
                f"the goroutine that sends waits forever: give the channel a buffer, {name} = {element}(1)",
            )


def _unbuffered(file: File, call: ast.Call) -> bool:
    found = file.infer.type(call.func)
    if found != Symbol("gochan.Chan") or call.keywords:
        return False
    return not call.args or (isinstance(call.args[0], ast.Constant) and call.args[0].value == 0)


def _only_receive(file: File, name: str, scope: Scope) -> ast.Call | None:
    """Return the select with a local channel's only receive, if it may give up and a goroutine sends."""
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
        if file.infer.symbol(select.func) in _SELECTS:
            return select
    return None


def _leaves(file: File, select: ast.Call, use: ast.Name) -> bool:
    """Return whether a select has a case by which it gives up: a timeout, an ended context, default."""
    for arg in select.args:
        found = file.infer.symbol(arg) or (file.infer.symbol(arg.func) if is_call(arg) else "")
        if found in ("gochan.default", "gochan.timeout"):
            return True
        received = file.value(arg.args[0]) if found == "gochan.recv" and is_call(arg) and arg.args else None
        if isinstance(received, ast.Attribute) and file.infer.cls(received.value) in _TIMERS:
            return True
        if is_call(received):
            made = received.func
            if file.infer.symbol(made) == "gochan.time.after" or file.infer.method(made) == (
                api.CONTEXT,
                "done",
            ):
                return True
            if isinstance(made, ast.Attribute) and made.attr == "done" and not file.infer.type(made.value):
                # The type is unknown, as for a parameter without an annotation, but only contexts have
                # done().
                return True
    return False


def _sender_use(file: File, use: ast.Name, here: bool) -> int | None:
    """Return 1 for a plain send in a goroutine, 0 for a harmless use, None for any other use."""
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
    call = parents.get(parent) if isinstance(parent, ast.keyword) else parent
    if is_call(call):
        called = file.infer.symbol(call.func)
        if called == "gochan.close" or (
            called == "gochan.defer" and file.infer.symbol(call.args[0]) == "gochan.close"
        ):
            return 0
        given = parents.get(call)
        if called == "functools.partial" and is_call(given):
            # go(partial(f, ch))
            kind, index = file.starting(given.func)[0], 0
        else:
            kind, index = file.starting(call.func)
        function = file.function(call.args[index]) if kind == "go" and index < len(call.args) else None
        if function is not None and isinstance(parent, ast.keyword):
            return _parameter_sends(file, function, parent.arg or "")
        if function is not None and use in call.args[index + 1 :]:
            positional = [*function.args.posonlyargs, *function.args.args]
            positional = positional[1:] if file.model.class_of(function) is not None else positional
            at = call.args[index + 1 :].index(use)
            return _parameter_sends(file, function, positional[at].arg) if at < len(positional) else None
    return None


def _parameter_sends(file: File, function: Function, name: str) -> int | None:
    """Return the sum of _sender_use over all uses of a parameter, or None."""
    scope = file.model.inner[function]
    if [b.kind for b in scope.bindings.get(name, ())] != ["arg"]:
        return None
    sends = 0
    for use in file.loads(name, scope):
        kind = _sender_use(file, use, False)
        if kind is None:
            return None
        sends += kind
    return sends
