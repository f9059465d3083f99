"""Checks of contexts, durations, signals and results: GOC4xx and GOC5xx."""

from __future__ import annotations

import ast

from . import api
from .channels import expects_panic
from .file import File, text
from .flow import Flow, State, TooManyStates
from .infer import Instance, Method, Symbol, is_call
from .model import DEFS, Scope

LIMIT = 100
# A product with one of these, such as 5 * 60, is meant in seconds.
_UNITS = {60, 3600, 86400}


def check(file: File) -> None:
    """Run all checks of this family."""
    _cancels(file)
    _durations(file)
    _keys(file)
    _signals(file)
    _results(file)
    _not_called(file)


# --- GOC401 ---


def _cancels(file: File) -> None:
    model = file.model
    for call in model.calls:
        name = file.infer.symbol(call.func)
        if name not in api.CANCELABLE:
            continue
        word = "stop" if name == "gochan.signal.notify_context" else "cancel"
        what = text(call.func)
        way = f"write with {what}(...) as ctx:, or defer({word})"
        parent = model.parents[call]
        match parent:
            case ast.Expr():
                if not expects_panic(file, call):
                    file.report("GOC401", call, f"the {word} function of {what} is dropped: {way}")
            case ast.Subscript(slice=ast.Constant(value=0)):
                file.report("GOC401", call, f"[0] drops the {word} function of {what}: {way}")
            case ast.Assign(
                targets=[ast.Tuple(elts=[_, ast.Name() as second])]
                | [ast.Tuple(elts=[_, ast.Starred(value=ast.Name() as second)])]
            ):
                _dropped(file, call, parent, second, what, word)
            case ast.Assign(targets=[(ast.Name() | ast.Attribute()) as target]):
                _pair(file, call, target, what, word)


def _dropped(file: File, call: ast.Call, statement: ast.stmt, cancel: ast.Name, what: str, word: str) -> None:
    """Report a cancel function that no path, or not every path, mentions."""
    model = file.model
    name = cancel.id
    scope = model.scopes[cancel]
    owner = model.owner(name, scope)
    if owner is None:
        return
    uses = file.loads(name, owner)
    if not uses:
        if name != "_" and owner.kind == "module" and scope.kind == "module":
            # Other modules may import it.
            return
        with_it = f"write with {what}(...) as ctx:, or defer({word})"
        file.report(
            "GOC401",
            cancel,
            f"{name} is never called, so the context of {what} stays until its parent ends: {with_it}",
        )
        return
    function = scope.node
    if owner is not scope or not isinstance(function, DEFS) or len(owner.bindings[name]) != 1:
        return
    if scope in model.yields or isinstance(function, ast.AsyncFunctionDef):
        return
    flow = _CancelFlow(file, statement, scope, uses)
    try:
        flow.run(function.body, frozenset())
    except TooManyStates:
        return
    if flow.again:
        file.report(
            "GOC401",
            cancel,
            f"{name} is assigned again in the loop's next iteration, and the earlier function is never called: "
            f"write with {what}(...) as ctx:, or call {name} in each iteration",
        )
        return
    for end, kind, state in flow.ends:
        if "open" in state and kind == "return":
            line = getattr(end, "lineno", 0)
            file.report(
                "GOC401",
                cancel,
                f"{name} is not called on the path that returns on line {line}: write defer({name}) here, "
                f"or with {what}(...) as ctx:",
            )
            return
        if "open" in state and kind == "end":
            file.report(
                "GOC401",
                cancel,
                f"{name} is not called on every path to the end of the function: write defer({name}) here, "
                f"or with {what}(...) as ctx:",
            )
            return


class _CancelFlow(Flow):
    """The fact "open": the context was made, and nothing has mentioned its cancel function."""

    def __init__(self, file: File, made: ast.stmt, scope: Scope, uses: list[ast.Name]) -> None:
        super().__init__()
        self.file = file
        self.made = made
        # Whether the context may be made again while its last cancel function has not been mentioned.
        self.again = False
        # The statements and expressions of this function that contain the name.
        self.mentions: set[ast.AST] = set()
        for use in uses:
            self.mentions.add(use)
            for parent in file.model.ancestors(use):
                self.mentions.add(parent)
                if parent is scope.node:
                    break

    def step(self, node: ast.AST, state: State) -> State:
        if node is self.made:
            self.again = self.again or "open" in state
            return state | {"open"}
        if node in self.mentions:
            return state - {"open"}
        return state

    def entered(self, item: ast.withitem, state: State) -> State:
        return state - {"open"} if item.context_expr in self.mentions else state

    def never_returns(self, statement: ast.stmt) -> bool:
        call = statement.value if isinstance(statement, ast.Expr) else None
        return is_call(call) and self.file.infer.symbol(call.func) in api.NORETURN


def _pair(file: File, call: ast.Call, target: ast.Name | ast.Attribute, what: str, word: str) -> None:
    """Report `ctx = context.with_cancel(...)` if ctx is then used as a context."""
    name = text(target)
    for use in file.model.attributes:
        # The variable or attribute has no other value: it is assigned only once.
        if use.attr in ("done", "err", "value", "deadline") and file.value(use.value) is call:
            file.report(
                "GOC401",
                call,
                f"{what} returns a context and its {word} function: write {name}, {word} = {what}(...), "
                f"or with {what}(...) as {name}:",
            )
            return


# --- GOC402 ---


def _durations(file: File) -> None:
    for call in file.model.calls:
        found = file.infer.type(call.func)
        index = None
        if isinstance(found, Symbol):
            index = api.DURATIONS.get(found.name)
        elif isinstance(found, Method):
            index = api.DURATION_METHODS.get((found.cls, found.name))
        if index is None or index >= len(call.args):
            continue
        arg = call.args[index]
        value = _integer(file.value(arg))
        # Whole hours are meant: 3600 is unlikely to be milliseconds.
        if value is not None and value >= LIMIT and value % 3600 and not file.virtual:
            file.report(
                "GOC402",
                arg,
                f"{text(call.func)} takes seconds, and {text(arg)} of them are {_long(value)}: write "
                f"{text(arg)} * time.MILLISECOND, or {text(arg)} * time.SECOND if that is meant",
            )


def _integer(node: ast.expr) -> int | None:
    """Return the value of an int, or a product of ints."""
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return value
        case ast.NamedExpr(value=inner) | ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _integer(inner)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            a, b = _integer(left), _integer(right)
            if a is None or b is None or max(a, b) >= 1 << 64 or {a, b} & _UNITS:
                return None
            return a * b
        case ast.IfExp(body=body, orelse=orelse):
            a, b = _integer(body), _integer(orelse)
            return None if a is None or b is None else min(a, b)
    return None


def _long(seconds: int) -> str:
    for name, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {name}" if seconds % size else f"{seconds // size} {name}"
    return f"{seconds} seconds"


# --- GOC403, GOC404 ---


def _keys(file: File) -> None:
    for call in file.model.calls:
        if file.infer.symbol(call.func) == "gochan.context.with_value" and len(call.args) == 3:
            given = call.args[1]
            if _is_common(file.value(given)):
                file.report(
                    "GOC403",
                    given,
                    f"any other package may use the key {text(given)} too: make a key of your own, KEY = object(), or a class",
                )


def _is_common(key: ast.expr) -> bool:
    """Return whether any package can make the same key: from text, bytes and numbers."""
    if isinstance(key, ast.Tuple):
        return all(map(_is_common, key.elts))
    return isinstance(key, ast.JoinedStr) or (
        isinstance(key, ast.Constant) and isinstance(key.value, (str, int, float, bytes))
    )


def _signals(file: File) -> None:
    for call in file.model.calls:
        if file.infer.symbol(call.func) != "gochan.signal.notify" or not call.args:
            continue
        found = file.infer.type(call.args[0])
        if not isinstance(found, Instance) or found.cls != "gochan.Chan" or found.call is None:
            continue
        size = found.call.args[0] if found.call.args else None
        if not found.call.keywords and (size is None or (isinstance(size, ast.Constant) and size.value == 0)):
            name = text(call.args[0])
            file.report(
                "GOC404",
                call.args[0],
                f"a signal that comes while no goroutine receives from {name} is lost: give the channel a buffer, "
                f"{text(found.call.func)}(1)",
            )


# --- GOC501, GOC502 ---


def _results(file: File) -> None:
    for node in file.model.of(ast.Expr):
        assert isinstance(node, ast.Expr)
        call = node.value
        if not is_call(call):
            continue
        found = file.infer.type(call.func)
        hint = ""
        if isinstance(found, Symbol):
            hint = api.RESULTS.get(found.name, "")
        elif isinstance(found, Method):
            hint = api.RESULT_METHODS.get((found.cls, found.name), "")
        if hint and not expects_panic(file, node):
            file.report("GOC501", call, f"the result of {text(call)} is not used: {hint}")


def _not_called(file: File) -> None:
    parents = file.model.parents
    for node in file.model.attributes:
        parent = parents.get(node)
        what = ""
        match parent:
            case ast.Expr():
                what = "does nothing"
            case (
                ast.If(test=test)
                | ast.While(test=test)
                | ast.IfExp(test=test)
                | ast.Assert(test=test)
                | ast.match_case(guard=test)
            ) if test is node:
                what = "is a method, and always true"
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                if any(node in generator.ifs for generator in parent.generators):
                    what = "is a method, and always true"
            case ast.FormattedValue():
                what = "is a method"
            case ast.UnaryOp(op=ast.Not()):
                what = "is a method, and always true"
            case ast.BoolOp():
                grand = parents.get(parent)
                if isinstance(grand, (ast.If, ast.While)) or node in parent.values[:-1]:
                    what = "is a method, and always true"
            case ast.Compare() if not any(isinstance(op, (ast.In, ast.NotIn)) for op in parent.ops):
                others = [parent.left, *parent.comparators]
                if any(
                    isinstance(o, ast.Constant) or file.infer.symbol(o).startswith("gochan.context.")
                    for o in others
                ):
                    what = "is a method"
            case ast.Call(func=func, args=[first, *_]) if first is node:
                if file.infer.symbol(func) in ("gochan.recv", "gochan.send", "gochan.close"):
                    what = "is a method, not a channel"
            case ast.For(iter=iterable) if iterable is node:
                what = "is a method"
        if not what:
            continue
        found = file.infer.type(node)
        if isinstance(found, Method) and found.name in api.METHODS.get(found.cls, ()):
            file.report("GOC502", node, f"{text(node)} {what}: write {text(node)}()")
    for named in (n.value for n in file.model.of(ast.Expr) if isinstance(n, ast.Expr)):
        if isinstance(named, (ast.Name, ast.Attribute)) and file.infer.cls(named) == api.CANCEL:
            file.report("GOC502", named, f"{text(named)} does nothing: write {text(named)}()")
