"""Small questions about the types and nodes of a program, for the analyses of its values."""

from __future__ import annotations

from gochan.port.intervals import RANGES
from gochan.port.tree import Node, Type


def unparen(n: Node) -> Node:
    while n.kind == "ParenExpr":
        n = n.X
    return n


def is_integer(t: Type | None) -> bool:
    return (
        t is not None
        and t.under.kind == "basic"
        and (t.under.name in RANGES or t.under.name == "untyped int")
    )


def may_be_integer(t: Type | None) -> bool:
    return t is not None and (t.kind == "typeparam" or is_integer(t))


def refers(t: Type | None) -> bool:
    """Return whether values of the type have a reference here."""
    if t is None:
        return False
    under = t.under
    if under.kind == "pointer":
        return under.elem.under.kind != "struct"
    return under.kind in ("slice", "map", "chan", "array", "signature", "typeparam")


def pointee(t: Type) -> Type:
    return t.under.elem if t.under.kind == "pointer" else t


def core(t: Type | None) -> Type:
    """Return the underlying type; of a type parameter that of its constraint's first type."""
    assert t is not None
    while t.kind == "typeparam":
        constraint = t.constraint.under
        while constraint.kind == "interface" and not constraint.terms and constraint.embeds:
            constraint = constraint.embeds[0].under
        if constraint.kind != "interface" or not constraint.terms:
            return constraint if constraint.kind != "interface" else t
        t = constraint.terms[0].type
    return t.under


def elements(t: Type | None) -> Type | None:
    """Return the type of a slice's, array's, map's or channel's elements."""
    under = core(t) if t is not None else None
    return under.elem if under is not None and under.kind in ("slice", "array", "map", "chan") else None


def components(t: Type) -> list[Type]:
    """Return the types that a type literal is made of; none for a name and for an interface."""
    match t.kind:
        case "pointer" | "slice" | "array" | "chan":
            return [t.elem]
        case "map":
            return [t.key, t.elem]
        case "struct":
            return [f.type for f in t.fields]
        case "signature":
            return [p.type for p in (*t.params, *t.results)]
        case _:
            return []


def structure(t: Type) -> Type:
    """Return the struct type that fields are found by: that of the generic type for an instance."""
    t = pointee(t)
    if t.kind == "named":
        t = t.origin or t
    return core(t)


def holder(t: Type) -> Type:
    """Return the type that has the fields: a named type (for an instance the generic one) or a struct."""
    t = pointee(t)
    return t.origin or t if t.kind == "named" else t


def callee(n: Node) -> Node:
    """Return the function of a call, without parentheses and type arguments."""
    fun = unparen(n.Fun)
    while fun.kind in ("IndexExpr", "IndexListExpr") and (fun.inst or names_function(fun.X)):
        fun = unparen(fun.X)
    return fun


def names_function(n: Node) -> bool:
    """Return whether an expression is the name of a function."""
    n = unparen(n)
    return n.kind in ("Ident", "SelectorExpr") and n.obj is not None and n.obj.kind == "func"
