"""Small questions about nodes of the tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    # Go's type checker has seen the program: which fields a node has, its kind says.
    Node: TypeAlias = Any
else:
    from ..tree import Node


def children(n: Node) -> Iterator[Node]:
    """Yield the nodes directly below, in the order of the source."""
    yield from n.children()


def unparen(n: Node) -> Node:
    """Return an expression without its parentheses."""
    while n.kind == "ParenExpr":
        n = n.X
    return n


def is_blank(n: Node | None) -> bool:
    """Return whether an expression is the identifier `_`."""
    return n is None or (n.kind == "Ident" and n.Name == "_")


def contains(n: Node, *kinds: str, into_literals: bool = False) -> bool:
    """Return whether a node of one of these kinds is in n; not looking into function literals, as a rule."""
    if n.kind in kinds:
        return True
    if n.kind == "FuncLit" and not into_literals:
        return False
    return any(contains(child, *kinds, into_literals=into_literals) for child in children(n))


def is_pure(n: Node) -> bool:
    """Return whether evaluating an expression twice is the same as once: no calls, no receives."""
    n = unparen(n)
    if n.const is not None:
        return True
    match n.kind:
        case "Ident" | "BasicLit":
            return True
        case "SelectorExpr":
            return n.sel.kind in ("qualified", "field") and (n.sel.kind == "qualified" or is_pure(n.X))
        case "IndexExpr":
            return is_pure(n.X) and is_pure(n.Index)
        case "StarExpr":
            return is_pure(n.X)
        case "UnaryExpr":
            return n.Op not in ("<-", "&") and is_pure(n.X)
        case "BinaryExpr":
            return is_pure(n.X) and is_pure(n.Y)
        case "CallExpr":
            if n.call == "builtin":
                fun = unparen(n.Fun)
                return fun.kind == "Ident" and fun.Name in ("len", "cap") and all(map(is_pure, n.Args))
            return n.call == "conversion" and all(map(is_pure, n.Args))
    return False


def has_effects(n: Node) -> bool:
    """Return whether evaluating an expression may do more than compute: it calls a function or receives."""
    if n.const is not None:
        return False
    if n.kind == "FuncLit":
        return False
    if n.kind == "UnaryExpr" and n.Op == "<-":
        return True
    if n.kind == "CallExpr":
        if n.call == "call":
            return True
        if n.call == "builtin":
            fun = unparen(n.Fun)
            if fun.kind != "Ident" or fun.Name not in (
                "len",
                "cap",
                "min",
                "max",
                "real",
                "imag",
                "complex",
                "make",
                "new",
            ):
                return True
        return any(map(has_effects, n.Args or []))
    return any(map(has_effects, children(n)))


def idents(n: Node) -> Iterator[Node]:
    """Yield the identifiers in an expression."""
    for node in n.walk():
        if node.kind == "Ident":
            yield node
