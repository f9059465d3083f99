"""Checks of select: GOC104 to GOC107, and GOC110."""

from __future__ import annotations

import ast

from . import api
from .file import File, text
from .infer import Symbol, is_call
from .model import Function, Scope


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
    """Return whether a select receives from what a call returns, maybe by a variable of the same iteration."""
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
            # A loop inside has one timer for all its iterations.
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
