"""Slices and arrays that the loop after their declaration fills."""

from __future__ import annotations

from typing import NamedTuple

from gochan.port.kinds import core, unparen
from gochan.port.tree import Node, Object, Type


class Fill(NamedTuple):
    """`x := make([]T, size)` or `var x [n]T`, and a loop over its indexes that begins with `x[i] = ...`."""

    variable: Object
    made: Node  # the call of make, or the ValueSpec of an array
    size: Node | None  # None of an array
    loop: Node
    counter: Object
    element: Node


def find_fill(first: Node, second: Node) -> Fill | None:
    """Return how two statements make a slice or array and fill it, so that no code sees a zero element."""
    declared = first_value(first)
    if declared is None or second.kind not in ("ForStmt", "RangeStmt"):
        return None
    obj, value = declared
    t = core(obj.type)
    if t.kind not in ("slice", "array"):
        return None
    size = None
    if t.kind == "slice":
        if value is None or not is_builtin(value, "make") or len(value.Args) != 2:
            return None
        size = value.Args[1]
    elif value is not None:
        return None
    index = _index(second, obj, size, t)
    body = second.Body.List or []
    if index is None or not body or body[0].kind != "AssignStmt" or body[0].Tok != "=":
        return None
    if len(body[0].Lhs) != 1 or not _is_element(unparen(body[0].Lhs[0]), obj, index):
        return None
    element = body[0].Rhs[0]
    fixed = {index}
    if second.kind == "ForStmt":
        fixed |= {n.obj for n in second.Cond.walk() if n.kind == "Ident"}
    if mentions(element, obj) or any(_may_end(n, obj, index, fixed) for n in second.Body.walk()):
        return None
    made = first.Decl.Specs[0] if value is None else value
    return Fill(obj, made, size, second, index, element)


def _index(loop: Node, obj: Object, size: Node | None, t: Type) -> Object | None:
    """Return the variable of a loop over all indexes."""
    if loop.kind == "RangeStmt":
        if loop.Tok != ":=" or loop.Key is None or loop.Key.Name == "_":
            return None
        if loop.Value is not None and loop.Value.Name != "_":
            return None
        x = unparen(loop.X)
        itself = x.kind == "Ident" and x.obj is obj
        found: Object | None = loop.Key.obj
        return found if itself or (loop.over == "int" and _same_size(x, size, t)) else None
    init, cond, post = loop.Init, loop.Cond, loop.Post
    if init is None or cond is None or post is None:
        return None
    if init.kind != "AssignStmt" or init.Tok != ":=" or len(init.Lhs) != 1:
        return None
    start, cond = init.Rhs[0], unparen(cond)
    found = init.Lhs[0].obj
    if start.const is None or start.const.value != 0 or cond.kind != "BinaryExpr" or cond.Op != "<":
        return None
    if (
        post.kind != "IncDecStmt"
        or post.Tok != "++"
        or not _names(post.X, found)
        or not _names(cond.X, found)
    ):
        return None
    bound = unparen(cond.Y)
    itself = is_builtin(bound, "len") and _names(bound.Args[0], obj)
    return found if itself or _same_size(bound, size, t) else None


def _same_size(bound: Node, size: Node | None, t: Type) -> bool:
    """Return whether a loop's bound is the length that a slice or array was made with."""
    if size is None:
        return bound.const is not None and bound.const.value == t.len
    if bound.const is not None or size.const is not None:
        return bound.const is not None and size.const is not None and bound.const.value == size.const.value
    obj = bound.obj if bound.kind == "Ident" else None
    if obj is None or not _names(size, obj):
        return False
    # A function may change a variable that a literal has or whose address is taken.
    return obj.scope in ("local", "param") and not obj.captured and not obj.addr_taken


def _may_end(n: Node, obj: Object, index: Object, fixed: set[Object]) -> bool:
    """Return whether a node may leave a loop early, change its header's variables, or see other elements."""
    if n.kind in ("ReturnStmt", "LabeledStmt") or (n.kind == "BranchStmt" and n.Tok != "continue"):
        return True
    if n.kind == "BranchStmt" and n.Label is not None:
        return True
    if n.kind == "AssignStmt":
        return any(unparen(x).kind == "Ident" and unparen(x).obj in fixed for x in n.Lhs)
    if n.kind == "IncDecStmt" or (n.kind == "UnaryExpr" and n.Op == "&"):
        return unparen(n.X).kind == "Ident" and unparen(n.X).obj in fixed
    if n.kind == "Ident" and n.obj is obj:
        parent = n.parent
        return parent is None or not _is_element(parent, obj, index)
    return False


def _is_element(n: Node, obj: Object, index: Object) -> bool:
    return n.kind == "IndexExpr" and _names(n.X, obj) and _names(n.Index, index)


def _names(n: Node, obj: Object | None) -> bool:
    n = unparen(n)
    return n.kind == "Ident" and n.obj is obj


def first_value(n: Node) -> tuple[Object, Node | None] | None:
    """Return the variable that a statement declares and its value, None for the zero value."""
    if n.kind == "AssignStmt" and n.Tok == ":=":
        names, values = n.Lhs, n.Rhs
    elif n.kind == "DeclStmt" and n.Decl.Tok == "var" and len(n.Decl.Specs or []) == 1:
        spec = n.Decl.Specs[0]
        names, values = spec.Names, spec.Values or []
    else:
        return None
    obj: Object | None = names[0].obj
    if len(names) != 1 or len(values) > 1 or obj is None or obj.type is None or obj.name == "_":
        return None
    return obj, unparen(values[0]) if values else None


def is_builtin(n: Node, name: str) -> bool:
    """Return whether an expression is a call of a builtin function."""
    if n.kind != "CallExpr" or n.call != "builtin":
        return False
    fun = unparen(n.Fun)
    return bool(fun.kind == "Ident" and fun.Name == name)


def mentions(n: Node, obj: Object) -> bool:
    """Return whether an expression names a variable."""
    return any(x.kind == "Ident" and x.obj is obj for x in n.walk())
