"""Checks of deferred calls: GOC209 to GOC211."""

from __future__ import annotations

import ast

from . import api
from .channels import expects_panic
from .file import File, Start, key, position, text
from .infer import is_call
from .model import Function

# Decorators that leave a function as it is.
_HARMLESS = {
    "staticmethod", "classmethod", "property", "functools.cached_property", "functools.lru_cache",
    "functools.cache", "typing.override", "typing.final", "typing_extensions.override",
}  # fmt: skip
# Subtracting a time from these gives the time that has passed.
_NOW = {"gochan.time.now", "time.time", "time.monotonic", "time.perf_counter", "datetime.datetime.now"}


def _passes(file: File, node: ast.AST) -> bool:
    """Return whether an expression is a time that has passed: time.since(start), or time.now() - start."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return is_call(node.left) and file.infer.symbol(node.left.func) in _NOW
    return is_call(node) and file.infer.symbol(node.func) in ("gochan.time.since", "gochan.time.until")


def check(file: File) -> None:
    """Run all checks of this family."""
    reported: set[Function | None] = set()
    for start in file.starts:
        if start.kind != "call" or file.infer.symbol(start.starter) != "gochan.defer":
            continue
        _in_loop(file, start)
        for arg in [*start.args, *start.keywords]:
            for node in file.model.within(arg):
                if _passes(file, node):
                    message = f"{text(node)} is evaluated now, not when the function ends: defer a function that calls it"
                    file.report("GOC211", node, message)
        function = file.function_of(start.node) if start.scope.kind != "class" else None
        if start.scope.kind == "class" or function in reported:
            continue
        reported.add(function)
        if function is None:
            if not expects_panic(file, start.node):
                file.report(
                    "GOC209",
                    start.node,
                    "defer outside of any function: there is no end to wait for; use try/finally or with",
                )
            continue
        why = _without_scope(file, function)
        if why:
            file.report("GOC209", start.node, why)


def _without_scope(file: File, function: Function) -> str:
    """Return why a function can't defer; "" if it can, or if that isn't known."""
    name = text(function)
    if isinstance(function, ast.AsyncFunctionDef):
        return f"{name} is a coroutine function, in which defer raises RuntimeError: use try/finally or async with"
    if isinstance(function, ast.Lambda):
        return ""
    for decorator in function.decorator_list:
        if file.infer.symbol(decorator.func if is_call(decorator) else decorator) not in _HARMLESS:
            return ""
    what = "its defer raises RuntimeError; put @defers above its def"
    for call in file.called.get(function, ()):
        if not expects_panic(file, call):
            return f"{name} is called on line {call.lineno}, and not started by go or run there: {what}"
    for node in file.called_implicitly.get(function, ()):
        if not expects_panic(file, node):
            line = getattr(node, "lineno", 0)
            return f"{name} is called on line {line}, and not started by go or run there: {what}"
    for start in file.starts_of.get(function, ()):
        if file.infer.symbol(start.starter) == "gochan.defer" and not expects_panic(file, start.node):
            line = getattr(start.node, "lineno", 0)
            return f"{name} is called by {text(start.starter)} on line {line}, not by go or run: {what}"
    return ""


def _in_loop(file: File, start: Start) -> None:
    target = start.target
    if isinstance(target, ast.Lambda) and is_call(target.body) and not target.body.args:
        # defer(lambda: mu.unlock())
        target = target.body.func
    statement = file.model.statement(start.node)
    block = file.block_of(statement) if statement is not None else None
    if block is not None and file.leaves(block) > position(start.node):
        # There is no next iteration.
        return
    for loop in file.loops_around(start.node):
        if isinstance(target, ast.Attribute) and target.attr in ("unlock", "runlock"):
            name = key(target.value)
            lock = target.attr.removeprefix("r").removeprefix("un") if target.attr == "unlock" else "rlock"
            for call in file.calls_in.get(start.scope.function(), ()):
                if (
                    isinstance(call.func, ast.Attribute)
                    and call.func.attr == lock
                    and key(call.func.value) == name
                    and loop in file.loops_around(call)
                ):
                    file.report(
                        "GOC210",
                        start.node,
                        f"{name}.{target.attr} runs when the function ends, not when this iteration of the loop does, "
                        f"so the next {name}.{lock} waits forever: use with {name}, or move the body into a function",
                    )
                    return
        if _is_endless(file, loop):
            if not any(
                isinstance(n, (ast.Return, ast.Break, ast.Raise, ast.Yield, ast.YieldFrom))
                or (is_call(n) and file.infer.symbol(n.func) in api.NORETURN)
                for n in file.model.within(loop)
            ):
                file.report(
                    "GOC210",
                    start.node,
                    "the loop never ends, and so never runs what is deferred in it: use with or try/finally, "
                    "or move the body into a function",
                )
                return


def _is_endless(file: File, loop: ast.AST) -> bool:
    if isinstance(loop, ast.For):
        return is_call(loop.iter) and file.infer.symbol(loop.iter.func) == "itertools.count"
    return isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) and bool(loop.test.value)
