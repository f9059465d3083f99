"""Element types of channels: which values fit, and the zero value.

`Chan[T]()` checks the class of each value that is sent.  Other annotations are checked as far as possible: a
parametrized generic by its origin, a union by its members, a Literal by its values.  Any, type variables,
forward references and protocols without @runtime_checkable accept every value.  As for type checkers, an int
fits float, and both fit complex.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable as AbcCallable
from typing import Any, Final

ZEROS: Final[dict[Any, Any]] = {int: 0, float: 0.0, bool: False, str: "", bytes: b"", complex: 0j}


def zero(t: Any) -> Any:
    """Return the zero value of an element type: what a receive from a closed channel returns."""
    return ZEROS.get(plain(t)) if isinstance(plain(t), type) else None


def plain(t: Any) -> Any:
    """Return the type behind Annotated, NewType and type aliases."""
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
    """Return whether v may be sent into a channel of t."""
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
            # Any is a class since Python 3.11.
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


def type_name(t: Any) -> str:
    """Return the name of an element type, as the user wrote it."""
    if t is None or t is types.NoneType:
        return "None"
    return t.__qualname__ if isinstance(t, type) else str(t).replace("typing.", "")


def check_type(t: Any) -> None:
    """Raise `TypeError` if t is not a type, as in `Chan[3]`."""
    if isinstance(t, (int, float, bytes, list, tuple, dict, set)):
        raise TypeError(f"Chan[{t!r}]: {t!r} is not a type; give the type of the elements, as in Chan[int]")


def element(t: Any) -> tuple[Any, Any]:
    """Return the class of most values of a Chan[t], or None if every value fits, and the zero value of t."""
    if t is None:
        return types.NoneType, None
    return None if t is Any or t is object or isinstance(t, (typing.TypeVar, str)) else t, zero(t)


def check(t: Any, v: Any) -> None:
    """Raise `TypeError` unless v may be sent into a channel of t."""
    if not fits(v, t):
        raise TypeError(f"Chan[{type_name(t)}].send: got {v!r} ({type(v).__qualname__}), want {type_name(t)}")
