"""Element types of channels: which values fit, and the zero value.

`Chan[T]()` checks each value that is sent by its class.  An annotation that no class decides is checked as
far as it goes: a parametrised generic by its origin, a union by its members, a Literal by its values; Any,
type variables, forward references and protocols that cannot be checked let everything pass.  As for type
checkers, an int is good for a float and both for a complex.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable as AbcCallable
from typing import Any, Final

ZEROS: Final[dict[Any, Any]] = {int: 0, float: 0.0, bool: False, str: "", bytes: b"", complex: 0j}


def zero(t: Any) -> Any:
    """Give the zero value of an element type, what a receive from a closed channel yields."""
    return ZEROS.get(plain(t)) if isinstance(plain(t), type) else None


def plain(t: Any) -> Any:
    """Take away what says nothing about the class: Annotated, NewType, an alias, Final and the like."""
    while True:
        if typing.get_origin(t) is typing.Annotated:
            t = t.__origin__
        elif isinstance(t, typing.NewType):
            t = t.__supertype__
        elif type(t).__name__ == "TypeAliasType":
            t = t.__value__
        else:
            return t


def fits(v: Any, t: Any) -> bool:
    """Tell whether v may travel in a channel of t."""
    t = plain(t)
    if t is None or t is types.NoneType:
        return v is None
    if t is Any or t is object:
        return True
    origin = typing.get_origin(t)
    if origin is not None:
        args = typing.get_args(t)
        if origin is typing.Union or origin is types.UnionType:
            return any(fits(v, arm) for arm in args)
        if origin is typing.Literal:
            return any(v == value and type(v) is type(value) for value in args)
        if origin is type:
            base = args[0]
            # On Python 3.11 Any is a class, too.
            return isinstance(v, type) and (base is Any or not isinstance(base, type) or issubclass(v, base))
        if origin is AbcCallable:
            return callable(v)
        t = origin
    if not isinstance(t, type):
        return True
    if t is float:
        return isinstance(v, (float, int))
    if t is complex:
        return isinstance(v, (complex, float, int))
    if typing.is_typeddict(t):
        return isinstance(v, dict)
    if getattr(t, "_is_protocol", False) and not getattr(t, "_is_runtime_protocol", False):
        return True
    return isinstance(v, t)


def name(t: Any) -> str:
    """Name an element type as the user wrote it."""
    if t is None or t is types.NoneType:
        return "None"
    return t.__qualname__ if isinstance(t, type) else str(t).replace("typing.", "")


def check_type(t: Any) -> None:
    """Refuse an element type that is none: `Chan[3]`."""
    if isinstance(t, (int, float, bytes, list, tuple, dict, set)):
        raise TypeError(f"Chan[{t!r}]: {t!r} is not a type; give the type of the elements, as in Chan[int]")
