"""Checks of channels: GOC102, GOC103, GOC108, GOC109."""

from __future__ import annotations

import ast

from . import api
from .file import File, key, text
from .infer import Instance, Method, Symbol, is_call, is_none
from .model import COMPREHENSIONS, FUNCTIONS

_CASES = ("gochan.recv", "gochan.send", "gochan.timeout")
# Functions whose argument can't sensibly be a case.
_TAKE_VALUES = {
    "print", "repr", "str", "len", "bool", "int", "float", "list", "tuple", "set", "dict", "sum", "sorted", "max", "min",
    "bytes", "enumerate", "next", "iter",
}  # fmt: skip
_COROUTINES = {f"gochan.aio.{name}" for name in ("recv", "recv_ok", "send", "select", "run")}


def check(file: File) -> None:
    """Run all checks of this family."""
    _precedence(file)
    _cases(file)
    _closed(file)
    _ends(file)


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
        if not is_chan and (
            found is not None or not isinstance(root, ast.Expr) or _is_number(file, node.left)
        ):
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


def _is_number(file: File, node: ast.expr) -> bool:
    """Return whether an expression is a number, as its literal or its annotation says."""
    if isinstance(node, ast.Name):
        owner = file.model.owner(node.id, file.model.scopes[node])
        bindings = owner.bindings[node.id] if owner is not None else []
        annotations = [
            b.node.annotation if isinstance(b.node, ast.arg) else b.value if b.kind == "annotated" else None
            for b in bindings
        ]
        return any(isinstance(each, ast.Name) and each.id in ("int", "bool") for each in annotations)
    return isinstance(node, ast.Constant)


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
    if not (_is_no_case(file, call) or _kept_as_value(file, call)):
        return
    arg = text(call.args[0]) if call.args else "ch"
    value = text(call.args[1]) if len(call.args) > 1 else "v"
    instead = {"recv": f"{arg}.recv()", "send": f"{arg}.send({value})", "timeout": f"time.sleep({arg})"}[word]
    what = (
        "receives nothing" if word == "recv" else "sends nothing" if word == "send" else "waits for nothing"
    )
    file.report("GOC103", call, f"{text(call)} {what}: it only makes a case for select; write {instead}")


def _is_no_case(file: File, node: ast.expr) -> bool:
    """Return whether an expression is used as a statement, or in a way in which a case makes no sense."""
    parent = file.model.parents[node]
    made_here = is_call(node)
    while isinstance(parent, ast.NamedExpr):
        # while (v := recv(ch)) != 0
        node, parent = parent, file.model.parents[parent]
    match parent:
        case ast.Compare(ops=[ast.Is() | ast.IsNot()]) | ast.Match() if made_here:
            return True
        case ast.Expr() | ast.Await() | ast.Assert() | ast.withitem() | ast.If() | ast.While():
            return True
        case ast.Assign(targets=[ast.Tuple() | ast.List(), *_]):
            return True
        case ast.BinOp() | ast.AugAssign() | ast.FormattedValue() | ast.UnaryOp() | ast.Subscript():
            return True
        case ast.Compare(ops=ops):
            return not any(isinstance(op, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for op in ops)
        case ast.BoolOp(values=[*first, _]):
            # A case is always true.
            return node in first
        case ast.For(iter=iterable) | ast.AsyncFor(iter=iterable):
            return iterable is node
        case ast.Call(func=func):
            # A value that is sent on a channel is not a case.
            return file.infer.symbol(func) in _TAKE_VALUES or (
                isinstance(func, ast.Attribute) and func.attr == "send" and file.infer.is_chan(func.value)
            )
        case ast.Attribute(attr=attr):
            return attr in ("recv", "recv_ok", "send")
        case ast.Lambda():
            return any(start.function is parent for start in file.starts)
    return False


def _kept_as_value(file: File, call: ast.Call) -> bool:
    """Return whether the case is assigned to a variable that is then used like a received value."""
    match file.model.parents[call]:
        case ast.Assign(targets=[ast.Name(id=name)]):
            pass
        case _:
            return False
    owner = file.model.owner(name, file.model.scopes[call])
    kinds = [] if owner is None else [b.kind for b in owner.bindings[name]]
    if owner is None or kinds not in (["assign"], ["assign", "aug"]):
        return False
    uses = file.loads(name, owner)
    return (bool(uses) or "aug" in kinds) and all(_is_no_case(file, use) for use in uses)


# --- GOC108 ---


def _closed(file: File) -> None:
    blocks: dict[int, list[ast.stmt]] = {}
    for call in file.model.calls:
        ch, statement = _closed_by(file, call), file.model.parents.get(call)
        if isinstance(statement, ast.withitem) and is_call(statement.context_expr):
            ch, statement = _closing(file, statement.context_expr), file.model.parents[statement]
        elif not isinstance(statement, ast.Expr):
            continue
        if ch is None or not key(ch) or not isinstance(statement, ast.stmt):
            continue
        block = file.block_of(statement)
        if block is not None and not expects_panic(file, statement):
            blocks[id(block)] = block
            around = file.model.parents[statement]
            if isinstance(around, ast.Try) and around.body is block:
                # However the body ends, what follows it is what is under finally.
                blocks[id(block)] = [*block, *around.finalbody]
    for block in blocks.values():
        _Closed(file, block).follow()


def _closes(file: File, call: ast.Call) -> ast.expr | None:
    """Return the channel that a call closes."""
    if file.infer.symbol(call.func) == "gochan.close" and len(call.args) == 1:
        return call.args[0]
    return _method_of(file, call.func, "close")


def _method_of(file: File, node: ast.expr, name: str) -> ast.expr | None:
    """Return the channel whose method of that name an expression is."""
    return (
        node.value
        if isinstance(node, ast.Attribute) and node.attr == name and file.infer.is_chan(node.value)
        else None
    )


def _deferred_close(file: File, call: ast.Call) -> ast.expr | None:
    """Return the channel that a call of defer closes."""
    if file.infer.symbol(call.func) != "gochan.defer" or not call.args:
        return None
    if file.infer.symbol(call.args[0]) == "gochan.close" and len(call.args) == 2:
        return call.args[1]
    return _method_of(file, call.args[0], "close")


def _closing(file: File, node: ast.expr) -> ast.expr | None:
    """Return the channel that `with closing(ch):` closes."""
    if is_call(node) and node.args and file.infer.symbol(node.func) == "contextlib.closing":
        return node.args[0] if file.infer.is_chan(node.args[0]) else None
    return None


def _closed_by(file: File, call: ast.Call) -> ast.expr | None:
    return _closes(file, call) or _deferred_close(file, call)


class _Closed:
    """The channels that one block of statements has closed so far."""

    def __init__(self, file: File, block: list[ast.stmt]) -> None:
        self.file = file
        self.block = block
        # By the channel's key: the line that closes it, or that defers the close.
        self.closed: dict[str, int] = {}
        self.deferred: dict[str, int] = {}

    def follow(self) -> None:
        """Report what is done after a close."""
        for statement in self.block:
            match statement:
                case ast.Expr(value=ast.Call() as call):
                    self._call(call)
                case ast.Expr(value=ast.BinOp(left=left, op=ast.LShift()) as send):
                    self._send(send, left)
                case ast.Match(subject=ast.Call() as call) | ast.Assign(value=ast.Call() as call):
                    self._select(call)
            self._forget(statement)
            if isinstance(statement, ast.With):
                self._left(statement)

    def _call(self, call: ast.Call) -> None:
        file = self.file
        if (ch := _closes(file, call)) is not None and key(ch):
            if key(ch) in self.closed:
                self._report(call, ch, "this second close")
            elif key(ch) in self.deferred:
                file.report(
                    "GOC108",
                    call,
                    f"{text(ch)} is closed again when the function ends, by the defer on line "
                    f"{self.deferred[key(ch)]}, and that panics: leave out one of them",
                )
            elif self._again(call, ch):
                file.report(
                    "GOC108",
                    call,
                    f"{text(ch)} is closed in each iteration of the loop, and the second close panics: "
                    "close it after the loop",
                )
            self.closed[key(ch)] = call.lineno
        elif (ch := _deferred_close(file, call)) is not None and key(ch):
            self.deferred[key(ch)] = call.lineno
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "send":
            self._send(call, call.func.value)
        elif self.file.infer.symbol(call.func) == "gochan.select":
            self._select(call)
        else:
            kind, index = file.starting(call.func)
            target = call.args[index] if kind and index < len(call.args) else None
            if isinstance(target, ast.Attribute) and target.attr == "send":
                self._send(call, target.value)

    def _send(self, node: ast.AST, ch: ast.expr) -> None:
        if key(ch) in self.closed:
            self._report(node, ch, "this send")

    def _select(self, call: ast.Call) -> None:
        """Report a select that may send to a closed channel."""
        if self.file.infer.symbol(call.func) == "gochan.select":
            for case in call.args:
                if is_call(case) and case.args and self.file.infer.symbol(case.func) == "gochan.send":
                    self._send(case, case.args[0])

    def _left(self, statement: ast.With) -> None:
        """Note the channels that the end of a with statement closes."""
        for item in statement.items:
            ch = _closing(self.file, item.context_expr)
            if ch is not None and key(ch):
                self.closed[key(ch)] = statement.lineno

    def _again(self, call: ast.Call, ch: ast.expr) -> bool:
        """Return whether the block is the body of a loop that closes the same channel in each iteration."""
        loop = next(iter(self.file.loops_around(call)), None)
        if not isinstance(loop, ast.For) or loop.body is not self.block:
            return False
        names = {node.id for node in ast.walk(ch) if isinstance(node, ast.Name)}
        for node in self.file.model.within(loop):
            if isinstance(node, (ast.Break, ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Await)):
                return False
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in names:
                return False
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and key(node) == key(ch):
                return False
            if is_call(node) and node is not call and self._may_change(node, key(ch)):
                return False
        # A loop over a list or tuple display is not reported: `[ch]` has one item.
        return not isinstance(loop.iter, (ast.List, ast.Tuple))

    def _forget(self, statement: ast.stmt) -> None:
        """Forget the channels whose variables a statement may have assigned."""
        for node in self.file.model.within(statement):
            if isinstance(node, (ast.Name, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
                name = key(node)
                for known in (self.closed, self.deferred):
                    for each in [k for k in known if _mentions(k, name)]:
                        del known[each]
            elif is_call(node):
                for each in [k for k in self.closed if self._may_change(node, k)]:
                    del self.closed[each]

    def _may_change(self, call: ast.Call, name: str) -> bool:
        """Return whether a call may assign a variable or attribute: a function here, or a method of its object."""
        root = name.partition(".")[0].partition("[")[0]
        if _closed_by(self.file, call) is not None:
            return False
        if root != name and isinstance(call.func, ast.Attribute) and key(call.func.value) == root:
            return True
        function = self.file.function(call.func)
        scope = self.file.model.scopes[call].function()
        owner = self.file.model.owner(root, scope)
        return function is not None and (
            owner is not scope or len(self.file.writers(root, owner)) > 1 or root != name
        )

    def _report(self, node: ast.AST, ch: ast.expr, what: str) -> None:
        name = text(ch)
        self.file.report(
            "GOC108",
            node,
            f"{name} was closed on line {self.closed[key(ch)]}, so {what} panics: close it once, at the end",
        )


def _mentions(name: str, part: str) -> bool:
    """Return whether a key contains part, as its beginning or as an index: `a.b` and `c[a]` mention `a`."""
    return bool(part) and (name == part or name.startswith((f"{part}.", f"{part}[")) or f"[{part}]" in name)


def expects_panic(file: File, node: ast.AST) -> bool:
    """Return whether a node is in a `try` with handlers, a `with` like pytest.raises, or under a recover."""
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


# Functions that receive from their first argument, if that is a channel.
_RECEIVERS = {
    "gochan.recv", "gochan.aio.recv", "gochan.aio.recv_ok", "gochan.aio.each", "list", "tuple", "set", "sum", "sorted",
    "next", "iter", "enumerate", "max", "min",
}  # fmt: skip


def _ends(file: File) -> None:
    infer = file.infer
    asked = {
        (file.model.scopes[call].function(), key(call.args[0]))
        for call in file.model.calls
        if infer.symbol(call.func) == "isinstance" and call.args
    }

    def wrong(node: ast.AST, ch: ast.expr, cls: str, what: str) -> None:
        if infer.cls(ch) == cls and (file.model.scopes[ch].function(), key(ch)) not in asked:
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
            elif found.name in ("gochan.send", "gochan.aio.send"):
                wrong(call, call.args[0], "gochan.RecvChan", "send")
            elif found.name in _RECEIVERS:
                wrong(call, call.args[0], "gochan.SendChan", "receive")
        elif isinstance(found, Method) and isinstance(call.func, ast.Attribute):
            if found.name in ("send", "close"):
                wrong(call, call.func.value, "gochan.RecvChan", found.name)
            elif found.name in ("recv", "recv_ok"):
                wrong(call, call.func.value, "gochan.SendChan", "receive")
    for start in file.starts:
        # go(ch.send, v), defer(close, ch)
        found = infer.type(start.target) if isinstance(start.target, ast.expr) else None
        if isinstance(found, Symbol) and found.name == "gochan.close" and start.args:
            wrong(start.node, start.args[0], "gochan.RecvChan", "close")
        elif isinstance(found, Method) and isinstance(start.target, ast.Attribute):
            if found.name in ("send", "close"):
                wrong(start.node, start.target.value, "gochan.RecvChan", found.name)
            elif found.name in ("recv", "recv_ok"):
                wrong(start.node, start.target.value, "gochan.SendChan", "receive")
    for node in file.model.of(ast.BinOp):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.LShift):
            wrong(node, node.left, "gochan.RecvChan", "send")
    for node in file.model.of(ast.For):
        if isinstance(node, ast.For):
            wrong(node.iter, node.iter, "gochan.SendChan", "receive")
    for node in file.model.of(*COMPREHENSIONS):
        if isinstance(node, COMPREHENSIONS):
            for generator in node.generators:
                wrong(generator.iter, generator.iter, "gochan.SendChan", "receive")
