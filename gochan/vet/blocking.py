"""Checks of what holds up all goroutines, or an event loop: GOC207, GOC208, GOC213."""

from __future__ import annotations

import ast

from . import api
from .channels import expects_panic
from .file import File, key, text
from .infer import Instance, Local, Method, Symbol
from .model import COMPREHENSIONS, FUNCTIONS, Function, Scope

# A file that imports one of these may change a variable outside of goroutines.
_OUTSIDE = ("threading", "_thread", "multiprocessing", "concurrent", "signal", "asyncio", "ctypes")


def check(file: File) -> None:
    """Run all checks of this family."""
    _blocking(file)
    _started_blocking(file)
    _busy(file)
    _in_coroutines(file)


# --- GOC207 ---


def _blocking(file: File) -> None:
    places: dict[Scope, tuple[Function | None, int, str]] = {}
    for function in file.goroutines:
        places[file.model.inner[function]] = (function, 0, "run in one")
    for main, line in file.beside_others:
        scope = file.model.module if main is None else file.model.inner[main]
        places.setdefault(scope, (main, line, "others have been started here"))
    for scope, (_, line, why) in places.items():
        for call in file.calls_in.get(scope, ()):
            if call.lineno <= line:
                continue
            hint = _blocks(file, call, scope)
            if hint:
                name = text(call.func)
                file.report(
                    "GOC207", call, f"{name} blocks all goroutines, and {_why(why)}: {hint.format(name=name)}"
                )
    lines = {scope: line for scope, (_, line, _why_here) in places.items()}
    for node in file.model.of(ast.With, ast.For):
        scope = file.model.scopes[node].function()
        if scope not in lines or getattr(node, "lineno", 0) <= lines[scope]:
            continue
        if isinstance(node, ast.With):
            for item in node.items:
                if file.infer.cls(item.context_expr) in api.THREAD_LOCKS:
                    name = text(item.context_expr)
                    file.report(
                        "GOC207",
                        item.context_expr,
                        f"with {name} blocks all goroutines while the lock is held elsewhere: use sync.Mutex",
                    )
        elif isinstance(node, ast.For) and file.infer.symbol(node.iter) == "sys.stdin":
            file.report(
                "GOC207",
                node.iter,
                "reading sys.stdin blocks all goroutines: read each line with thread.call(sys.stdin.readline)",
            )


def _started_blocking(file: File) -> None:
    """Report `go(time.sleep, 1)`, with Python's own `time.sleep`."""
    for start in file.starts:
        if start.kind != "go" or not isinstance(start.target, ast.expr):
            continue
        call = ast.Call(start.target, start.args, [])
        if hint := _blocks(file, call, start.scope):
            name = text(start.target)
            file.report(
                "GOC207",
                start.node,
                f"{name} blocks all goroutines, and runs in one here: {hint.format(name=name)}",
            )


def _why(why: str) -> str:
    return "this code runs in one" if why == "run in one" else "this code runs beside others"


def _blocks(file: File, call: ast.Call, scope: Scope) -> str:
    """Return what to do instead of a call that blocks the thread; "" for any other call."""
    found = file.infer.type(call.func)
    keywords = {k.arg: k.value for k in call.keywords}
    if isinstance(found, Symbol):
        if found.name == "time.sleep" and call.args and _is_zero(call.args[0]):
            return ""
        if found.name == "input" and file.model.owner("input", scope) is not None:
            return ""
        if found.name in api.CONNECTING:
            return api.CONNECTING[found.name] if call.args or "host" in keywords else ""
        return api.BLOCKING.get(found.name, "")
    if not isinstance(found, Method) or not isinstance(call.func, ast.Attribute):
        return ""
    hint = api.BLOCKING_METHODS.get((found.cls, found.name), "")
    if not hint:
        return ""
    first = call.args[0] if call.args else None
    block = keywords.get(
        "block", keywords.get("blocking", first if found.name in ("get", "acquire") else None)
    )
    if found.name == "put" and len(call.args) > 1:
        block = call.args[1]
    if isinstance(block, ast.Constant) and block.value is False:
        return ""
    timeout = keywords.get("timeout", first if found.name in ("wait", "join", "result", "select") else None)
    if timeout is not None and _is_zero(timeout):
        return ""
    if found.name == "put":
        made = file.infer.type(call.func.value)
        if (
            isinstance(made, Instance)
            and made.call is not None
            and not made.call.args
            and not made.call.keywords
        ):
            # Without a limit there is always room.
            return ""
    if found.cls == "socket.socket" and _never_blocks(file, call.func.value):
        return ""
    if found.cls == "subprocess.Popen" and _polled(file, call.func.value, scope):
        return ""
    return hint


def _never_blocks(file: File, sock: ast.expr) -> bool:
    """Return whether the file waits for a socket with gochan.net, or makes it non-blocking."""
    name = key(sock).rpartition(".")[2]
    for call in file.model.calls:
        match call:
            case ast.Call(func=ast.Attribute(value=value, attr="setblocking" | "settimeout"), args=[arg]):
                if key(value).rpartition(".")[2] == name and isinstance(arg, ast.Constant) and not arg.value:
                    return arg.value is not None
            case ast.Call(args=[arg, *_]) if file.infer.symbol(call.func) in (
                "gochan.net.wait_readable",
                "gochan.net.wait_writable",
            ):
                if key(arg).rpartition(".")[2] == name:
                    return True
    return False


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0 and node.value is not False


def _polled(file: File, process: ast.expr, scope: Scope) -> bool:
    """Return whether the function polls or kills the process, so that it may have ended."""
    name = key(process)
    return any(
        isinstance(c.func, ast.Attribute)
        and c.func.attr in ("poll", "kill", "terminate")
        and key(c.func.value) == name
        for c in file.calls_in.get(scope, ())
    )


# --- GOC208 ---


def _busy(file: File) -> None:
    loops = [n for n in file.model.of(ast.While) if isinstance(n, ast.While)]
    if not loops:
        return
    for node in file.model.of(ast.Import, ast.ImportFrom):
        names = (
            [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else [getattr(node, "module", None) or ""]
        )
        if any(name.partition(".")[0] in _OUTSIDE for name in names):
            return
    if any(a.attr == "set_preempt" for a in file.model.attributes) or any(
        n.id == "set_preempt" for n in file.model.names
    ):
        return
    for loop in loops:
        exits = _exits(loop)
        tests = [test.test for test in exits] or [loop.test]
        reads = [_plain(file, test) for test in tests]
        if (
            all(read and _changed_by_others(file, loop, read) for read in reads)
            and not _does_anything(file, loop, set().union(*reads), exits)
        ):  # fmt: skip
            holds = [text(test) if not exits else f"not {text(test)}" for test in tests]
            name = " and ".join(holds)
            file.report(
                "GOC208",
                loop,
                f"this loop never ends if {name}: no other goroutine can run and change that; "
                "wait with a Chan, a sync.Cond or time.sleep",
            )


def _exits(loop: ast.While) -> list[ast.If]:
    """Return what ends a `while True`, where that is an `if` with nothing but a break or return."""
    if not (isinstance(loop.test, ast.Constant) and loop.test.value):
        return []
    return [
        statement
        for statement in loop.body
        if isinstance(statement, ast.If)
        and not statement.orelse
        and len(statement.body) == 1
        and isinstance(statement.body[0], (ast.Break, ast.Return))
    ]


# Functions that only read their argument.
_READERS = {"len", "all", "any", "sum", "max", "min", "bool"}


def _plain(file: File, test: ast.expr) -> set[str]:
    """Return the variables that a test reads; none if it does more than read variables."""
    read: set[str] = set()
    stack: list[ast.expr] = [test]
    while stack:
        node = stack.pop()
        match node:
            case ast.Name() | ast.Attribute() | ast.Subscript():
                found = file.infer.type(node)
                if not key(node) or isinstance(found, (Local, Method, Symbol)):
                    return set()
                if isinstance(node, ast.Attribute) and not _plain_attribute(file, node):
                    return set()
                read.add(key(node))
            case ast.Constant():
                pass
            case ast.BoolOp(values=values):
                stack += values
            case ast.UnaryOp(operand=operand):
                stack.append(operand)
            case ast.Compare(left=left, comparators=comparators):
                stack += [left, *comparators]
            case ast.BinOp(left=left, right=right):
                stack += [left, right]
            case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[ast.Constant(), *_]) if (
                file.infer.type(node.func) is None and len(node.args) <= 2
            ):
                # An item of a dict.
                stack += [value, *node.args]
            case ast.Call(func=ast.Name(id=name), args=[arg], keywords=[]) if (
                name in _READERS and file.infer.symbol(node.func) == name
            ):
                if isinstance(file.infer.type(arg), Instance):
                    return set()
                stack.append(arg)
            case _:
                return set()
    return read


def _plain_attribute(file: File, node: ast.Attribute) -> bool:
    """Return whether an attribute is plain data, as far as this file shows: not a property or gochan's."""
    base = file.infer.type(node.value)
    if isinstance(base, (Instance, Symbol)):
        return False
    return node.attr not in file.function_names


def _changed_by_others(file: File, loop: ast.While, read: set[str]) -> bool:
    """Return whether another function changes one of the variables."""
    scope = file.model.scopes[loop].function()
    for name in read:
        root = name.partition(".")[0].partition("[")[0]
        owner = file.model.owner(root, file.model.scopes[loop])
        if owner is None:
            continue
        if root != name or _filled_elsewhere(file, name, owner, scope):
            return True
        writers = file.writers(name, owner)
        if writers - {scope} and (owner.function() is not scope or writers - {owner.function()}):
            return True
    return False


# Methods that change a container.
_CHANGES = {
    "add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "popleft", "remove",
    "setdefault", "update",
}  # fmt: skip


def _filled_elsewhere(file: File, name: str, owner: Scope, scope: Scope) -> bool:
    """Return whether another function, or a goroutine that gets it, changes the container in a variable."""
    given = {arg for start in file.starts if start.kind == "go" for arg in start.args}
    for use in file.loads(name, owner):
        match parent := file.model.parents[use]:
            case ast.Attribute(attr=method) if method in _CHANGES:
                called = file.model.parents[parent]
                passed = not (isinstance(called, ast.Call) and called.func is parent)
                changes = passed or file.model.scopes[use].function() is not scope
            case ast.Subscript(ctx=ast.Store() | ast.Del()):
                changes = parent.value is use and file.model.scopes[use].function() is not scope
            case _:
                changes = use in given
        if changes:
            return True
    return False


def _does_anything(file: File, loop: ast.While, read: set[str], exits: list[ast.If]) -> bool:
    """Return whether the body could end the loop, change a variable of its test, or let others run."""
    roots = {name.partition(".")[0].partition("[")[0] for name in read}
    for test in (loop.test, *(each.test for each in exits)):
        roots |= {node.id for node in file.model.within(test) if isinstance(node, ast.Name)}
    for statement in loop.body:
        if statement in exits:
            continue
        for node in file.model.within(statement, function=True):
            if isinstance(
                node,
                (
                    ast.Break,
                    ast.Return,
                    ast.Raise,
                    ast.Yield,
                    ast.YieldFrom,
                    ast.Await,
                    ast.With,
                    ast.Try,
                    *FUNCTIONS,
                    ast.AsyncFor,
                    ast.AsyncWith,
                    ast.Import,
                    ast.ImportFrom,
                ),
            ):
                return True
            if isinstance(node, ast.For) and file.infer.type(node.iter) is not None:
                return True
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) and node.id in roots:
                return True
            if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
                here: ast.expr = node
                while isinstance(here, (ast.Attribute, ast.Subscript)):
                    here = here.value
                if not isinstance(here, ast.Name) or here.id in roots:
                    return True
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.LShift):
                return True
            if isinstance(node, ast.Call):
                name = file.infer.symbol(node.func)
                if name not in (
                    "print",
                    "len",
                    "time.sleep",
                    "range",
                    "str",
                    "int",
                    "abs",
                    "time.time",
                    "time.monotonic",
                ):
                    return True
    return False


# --- GOC213 ---

_ASYNC = {
    "gochan.select": "await aio.select(...)",
    "gochan.time.sleep": "await asyncio.sleep(...)",
    "gochan.aio.await_": "await",
    "gochan.thread.call": "await asyncio.to_thread(...)",
    "gochan.runtime.gosched": "await asyncio.sleep(0)",
}


# Functions that receive from a channel that is their argument.
_ITERATE = ("list", "tuple", "set", "sum", "sorted", "next", "max", "min", "enumerate")
_OTHER_LOCK = "an asyncio.Lock, or lock it in a goroutine"
_ASYNC_METHODS = {
    (api.WAITGROUP, "wait"): "close a Chan after the wait, and await aio.recv of it",
    (api.GROUP, "wait"): "await aio.run(group.wait)",
    (api.COND, "wait"): "a Chan instead of the Cond, and await aio.recv of it",
    (api.MUTEX, "lock"): _OTHER_LOCK,
    (api.RWMUTEX, "lock"): _OTHER_LOCK,
    (api.RWMUTEX, "rlock"): _OTHER_LOCK,
    (api.LOCKER, "lock"): _OTHER_LOCK,
    (api.RLOCKER, "lock"): _OTHER_LOCK,
    ("gochan.semaphore.Weighted", "acquire"): "an asyncio.Semaphore, or acquire it in a goroutine",
}


def _in_coroutines(file: File) -> None:
    for function in file.model.functions:
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        scope = file.model.inner[function]
        for call in file.calls_in.get(scope, ()):
            if expects_panic(file, call):
                continue
            found = file.infer.type(call.func)
            if isinstance(found, Symbol) and found.name in _ASYNC:
                if any(file.infer.symbol(arg) == "gochan.default" for arg in call.args):
                    continue
                _report_async(file, call, text(call), _ASYNC[found.name])
            elif isinstance(found, Method) and isinstance(call.func, ast.Attribute):
                if found.cls in api.CHANS and found.name in ("recv", "recv_ok", "send"):
                    if not _has_to_wait(file, call.func.value):
                        continue
                    ch = text(call.func.value)
                    rest = ", ".join([ch, *map(text, call.args)])
                    _report_async(file, call, text(call), f"await aio.{found.name}({rest})")
                elif hint := _ASYNC_METHODS.get((found.cls, found.name)):
                    _report_async(file, call, text(call), hint)
            if isinstance(found, Symbol) and found.name in _ITERATE and call.args:
                _iterates(file, call.args[0])
    for node in file.model.of(ast.BinOp):
        assert isinstance(node, ast.BinOp)
        if isinstance(node.op, ast.LShift) and _is_async(file, node) and file.infer.is_chan(node.left):
            if _has_to_wait(file, node.left) and not expects_panic(file, node):
                ch, value = text(node.left), text(node.right)
                _report_async(file, node, text(node), f"await aio.send({ch}, {value})")
    for node in file.model.of(ast.With):
        assert isinstance(node, ast.With)
        if _is_async(file, node):
            for item in node.items:
                if file.infer.cls(item.context_expr) in api.LOCKS:
                    _report_async(file, item.context_expr, f"with {text(item.context_expr)}", _OTHER_LOCK)
    for node in file.model.of(ast.For):
        assert isinstance(node, ast.For)
        if _is_async(file, node):
            _iterates(file, node.iter)
    for node in file.model.of(*COMPREHENSIONS):
        assert isinstance(node, COMPREHENSIONS)
        if _is_async(file, node):
            for generator in node.generators:
                if not generator.is_async:
                    _iterates(file, generator.iter)


def _is_async(file: File, node: ast.AST) -> bool:
    """Return whether a node stands in a coroutine's own code."""
    return isinstance(file.model.scopes[node].function().node, ast.AsyncFunctionDef)


def _iterates(file: File, node: ast.expr) -> None:
    if file.infer.is_chan(node):
        _report_async(file, node, text(node), f"async for ... in aio.each({text(node)})")


def _has_to_wait(file: File, ch: ast.expr) -> bool:
    """Return whether a channel may be unbuffered: with a buffer, a send may not have to wait."""
    found = file.infer.type(ch)
    return not (
        isinstance(found, Instance) and found.call is not None and (found.call.args or found.call.keywords)
    )


def _report_async(file: File, node: ast.AST, what: str, instead: str) -> None:
    file.report(
        "GOC213",
        node,
        f"{what} would block the event loop, and raises RuntimeError if it has to wait: write {instead}",
    )
