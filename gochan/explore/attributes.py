"""Which attributes a program assigns after others may have the object: only those are shared.

No other goroutine sees what a constructor assigns to `self` before it gives `self` away, unless the object is
an old one: `__new__` has returned it, or `self.__init__()` resets it.
"""

from __future__ import annotations

import ast
import functools
import sys
from typing import Any, Final

from .scopes import FUNCTIONS


class _All(frozenset[str]):
    """The attributes of a program that computes their names."""

    def __contains__(self, name: object) -> bool:
        return True

    def __or__(self, other: Any) -> _All:
        return self

    __ror__ = __or__


_CONSTRUCTORS: Final = ("__init__", "__post_init__")
_NAMESPACES: Final = ("vars", "globals", "__dict__")
_SETTERS: Final = ("setattr", "delattr", "__setattr__", "__delattr__")


@functools.lru_cache
def stored_attributes(source: str | bytes) -> frozenset[str]:
    """Return the attributes that a module assigns.  Raises `SyntaxError`."""
    return attributes_of(ast.parse(source))


def attributes_of(tree: ast.AST) -> frozenset[str]:
    """Return the attributes that are assigned, except to `self` in a constructor before others have it."""
    found: set[str] = set()
    # By constructor, where it first gives `self` to others.
    given: dict[ast.AST, tuple[int, int]] = {}
    # The names of the functions that assign attributes, where they are used with the attribute's name.
    plain: set[ast.AST] = set()
    computed = False
    # Whether a constructor is called once for each object.
    first = not _constructs_again(tree)

    def walk(node: ast.AST, constructor: ast.AST | None, me: str, once: bool) -> None:
        nonlocal computed
        if isinstance(node, ast.ClassDef):
            # `__new__` may return an object that others have.
            once = first and not any(getattr(each, "name", "") == "__new__" for each in node.body)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            me = node.args.args[0].arg if node.args.args else ""
            constructor = node if node.name in _CONSTRUCTORS and me and once else None
            if constructor is not None:
                given[constructor] = _given_away(node, me)
            if any(_named(each) == "cached_property" for each in node.decorator_list):
                # Reading it assigns it.
                found.add(node.name)
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            owner = node.value
            if (
                constructor is None
                or not (isinstance(owner, ast.Name) and owner.id == me)
                or (node.lineno, node.col_offset) > given[constructor]
            ):
                found.add(node.attr)
        elif isinstance(node, ast.Subscript) and is_namespace(node.value):
            # `vars(o)["name"]`, which may be assigned.
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                found.add(node.slice.value)
                plain.add(_namer(node.value))
        elif isinstance(node, ast.Call) and _named(node.func) in _SETTERS:
            texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
            if texts and isinstance(texts[0], str):
                found.add(texts[0])
                plain.add(node.func)
        if isinstance(node, (ast.Name, ast.Attribute)) and node not in plain:
            computed = computed or _named(node) in (*_SETTERS, *_NAMESPACES)
        for child in ast.iter_child_nodes(node):
            walk(child, constructor, me, once)

    walk(tree, None, "", first)
    return _All() if computed else frozenset(found)


def _constructs_again(node: ast.AST) -> bool:
    """Return whether anything but a constructor names one, as in `self.__init__()`."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in _CONSTRUCTORS:
        return False
    return _named(node) in _CONSTRUCTORS or any(map(_constructs_again, ast.iter_child_nodes(node)))


def _given_away(constructor: ast.FunctionDef | ast.AsyncFunctionDef, me: str) -> tuple[int, int]:
    """Return the place in a constructor from which others may have the object."""
    places: list[tuple[int, int]] = []

    def walk(node: ast.AST, argument: bool) -> None:
        if isinstance(node, ast.Name) and node.id == me and isinstance(node.ctx, ast.Load):
            places.append((node.lineno, node.col_offset))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == me:
            # An argument may be a method; a function may be called at any time.
            if argument:
                places.append((node.lineno, node.col_offset))
        elif isinstance(node, ast.Call):
            walk(node.func, argument)
            for part in (*node.args, *node.keywords):
                walk(part, True)
        else:
            inner = isinstance(node, FUNCTIONS)
            for child in ast.iter_child_nodes(node):
                walk(child, argument or inner)

    for statement in constructor.body:
        walk(statement, False)
    return min(places, default=(sys.maxsize, 0))


def is_namespace(node: ast.AST) -> bool:
    """Return whether an expression is `vars(o)`, `globals()` or `o.__dict__`."""
    return _named(_namer(node)) in _NAMESPACES


def _namer(node: ast.AST) -> ast.AST:
    """Return what names the function that a node calls, or the attribute that it reads."""
    return node.func if isinstance(node, ast.Call) else node


def _named(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
