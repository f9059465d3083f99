"""Tests in a class: what pytest and unittest call before and after each, as `setup_method` and `setUp`.

A test gets a new object in each run, which is set up in the run, since that may start goroutines.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import ModuleType
from typing import Any, Final

# Who has them: the module, the class, or the object that the test is a method of; or the module, for a
# function that is a test.
_AROUND: Final = {
    "module": (("setup_module", "teardown_module"), ("setUpModule", "tearDownModule")),
    "class": (("setup_class", "teardown_class"), ("setUpClass", "tearDownClass")),
    "object": (("setup_method", "teardown_method"), ("", "doCleanups"), ("setUp", "tearDown")),
    "function": (("setup_function", "teardown_function"),),
}


def prepared(test: Callable[[], Any], module: ModuleType) -> Callable[[], Any]:
    """Return what calls a test of a module after what sets it up, and then what tears it down."""
    around = list(_around(test, module))
    if not around:
        return test

    def call() -> Any:
        with ExitStack() as stack:
            for setup, teardown, argument in around:
                _call(setup, argument)
                stack.callback(_call, teardown, argument)
            return test()

    return call


def _around(test: Any, module: ModuleType) -> Iterator[tuple[Any, Any, Any]]:
    """Yield what is called before and after a test, and with which argument, if it takes one."""
    me = getattr(test, "__self__", None)
    method = me is not None and not isinstance(me, type)
    owners: list[tuple[str, Any, Any]] = [("module", module, module)]
    owners += (
        [("class", type(me), type(me)), ("object", me, test)] if method else [("function", module, test)]
    )
    for kind, owner, argument in owners:
        for names in _AROUND[kind]:
            found = [getattr(owner, name, None) for name in names]
            if any(map(callable, found)):
                yield *found, argument


def _call(function: Any, argument: Any) -> None:
    if callable(function):
        takes = inspect.signature(function).parameters
        function(*[argument][: len(takes)])


def create(kind: type, test: str) -> Any:
    """Make the object of a class that has a test of this name."""
    unittest = sys.modules.get("unittest")
    return kind(test) if unittest is not None and issubclass(kind, unittest.TestCase) else kind()


def names(tree: ast.Module) -> list[str]:
    """Return the names of the test functions of a module, as pytest finds them."""
    found: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            found.append(node.name)
        elif isinstance(node, ast.ClassDef) and (node.name.startswith("Test") or _is_case(node)):
            found += [
                f"{node.name}.{part.name}"
                for part in node.body
                if isinstance(part, ast.FunctionDef) and part.name.startswith("test")
            ]
    return found


def _is_case(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).rpartition(".")[2] == "TestCase" for base in node.bases)


def runs_tests(tree: ast.Module) -> bool:
    """Return whether a module that is executed as a program runs its tests, as by `unittest.main()`."""
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("unittest.main", "pytest.main"):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            todo += ast.iter_child_nodes(node)
    return False
