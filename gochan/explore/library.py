"""What functions of Python's own library do to the data of a program: `setattr`, `next`, `copy.deepcopy`.

Their code is not rewritten.  `before` in points.py returns the functions here in their place.
"""

from __future__ import annotations

import array
import copy
import dataclasses
import functools
import io
import json
import math
import operator
import pickle
import pprint
import random
import statistics
from collections import ChainMap, UserDict, UserList
from collections.abc import Callable, Iterable
from types import FunctionType, MethodWrapperType
from typing import Any, Final

from . import points
from .clocks import WHOLE

# The methods of slots that change a container, or read it, as in `d.__setitem__(k, v)`.
_SLOTS: Final = {
    "__setitem__": True, "__delitem__": True, "__iadd__": True, "__imul__": True, "__ior__": True,
    "__iand__": True, "__isub__": True, "__ixor__": True, "__getitem__": False, "__contains__": False,
    "__len__": False, "__iter__": False, "__reversed__": False, "__eq__": False, "__ne__": False,
    "__add__": False, "__mul__": False, "__or__": False, "__and__": False, "__sub__": False, "__xor__": False,
    "__repr__": False,
}  # fmt: skip

# Containers besides those that the language has; the methods that change them, and those that read them.
_MORE_CHANGES: Final[dict[type, set[str]]] = {
    bytearray: {"append", "clear", "extend", "insert", "pop", "remove", "reverse"},
    array.array: {
        "append", "byteswap", "extend", "frombytes", "fromfile", "fromlist", "fromunicode", "insert", "pop",
        "remove", "reverse",
    },
    UserDict: points.CHANGES[dict],
    ChainMap: points.CHANGES[dict],
    UserList: points.CHANGES[list],
    # What reads a stream moves its position.
    io.StringIO: {"close", "read", "readline", "readlines", "seek", "truncate", "write", "writelines"},
    io.BytesIO: {"close", "read", "readline", "readlines", "seek", "truncate", "write", "writelines"},
}  # fmt: skip
_MORE_READS: Final[dict[type, set[str]]] = {
    bytearray: {"copy", "count", "decode", "endswith", "find", "hex", "index", "join", "split", "startswith"},
    array.array: {"count", "index", "tobytes", "tofile", "tolist", "tounicode"},
    UserDict: points.READS[dict],
    ChainMap: points.READS[dict],
    UserList: points.READS[list],
    io.StringIO: {"getvalue", "tell"},
    io.BytesIO: {"getbuffer", "getvalue", "tell"},
}

# What reads the containers that it is given, but not what is in them.
_READERS: Final = (
    ascii, bytearray, bytes, format, math.fsum, math.prod, random.choice, random.choices, random.sample,
    *(f for f in vars(statistics).values() if type(f) is FunctionType and f.__module__ == "statistics"),
    operator.add, operator.and_, operator.concat, operator.contains, operator.countOf, operator.eq,
    operator.ge, operator.gt, operator.indexOf, operator.le, operator.lt, operator.mod, operator.mul,
    operator.ne, operator.not_, operator.or_, operator.sub, operator.truth, operator.xor,
)  # fmt: skip
# What reads all that it gets to from its first argument.
_DEEP: Final = (
    copy.deepcopy, dataclasses.asdict, dataclasses.astuple, json.dump, json.dumps, pickle.dump, pickle.dumps,
    pprint.pformat, pprint.pp, pprint.pprint,
)  # fmt: skip
_IN_PLACE: Final = {
    operator.iadd: "Add", operator.iand: "BitAnd", operator.iconcat: "Add", operator.imul: "Mult",
    operator.ior: "BitOr", operator.isub: "Sub", operator.ixor: "BitXor",
}  # fmt: skip


# --- attributes ------------------------------------------------------------------------------------------


def _attribute(f: Callable[..., Any], writes: bool) -> Callable[..., Any]:
    """Return what calls f(o, name, ...), which reads or writes an attribute."""

    def call(*args: Any) -> Any:
        if len(args) > 1 and isinstance(args[1], str):
            points.get(args[0], args[1], writes)
        return f(*args)

    return call


def _of_object(f: Callable[..., Any], writes: bool) -> Callable[..., Any]:
    """Return what calls f, an attribute's slot of `object`: for it, no method of the class decides."""

    def call(o: Any, name: Any, *args: Any) -> Any:
        if isinstance(name, str):
            points.attribute(o, name, writes)
        return f(o, name, *args)

    return call


def _attributes(o: Any) -> list[str]:
    """Return the names of the attributes that an object of the program has of its own."""
    if not points.is_program(type(o)):
        return []
    slots = (vars(each).get("__slots__", ()) for each in type(o).__mro__)
    names = [name for each in slots for name in ((each,) if isinstance(each, str) else each)]
    return [name for name in (*getattr(o, "__dict__", ()), *names) if hasattr(o, name)]


def _read_all(o: Any, seen: set[int], depth: int) -> None:
    """Read o, and what it consists of, down to some depth."""
    if id(o) in seen or depth < 0:
        return
    seen.add(id(o))
    parts: Iterable[Any] = ()
    if points.container(type(o)) is not None:
        points.access(o, WHOLE, "read", False)
        parts = [*o, *o.values()] if isinstance(o, (dict, UserDict, ChainMap)) else list(o)
    elif isinstance(o, tuple):
        parts = o
    else:
        names = _attributes(o)
        for name in names:
            points.get(o, name, False)
        parts = [getattr(o, name, None) for name in names]
    for part in parts:
        _read_all(part, seen, depth - 1)


def _deep(f: Callable[..., Any], depth: int) -> Callable[..., Any]:
    """Return what calls f, which reads its first argument, and what that consists of."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if args and points.explored() is not None:
            _read_all(args[0], set(), depth)
        return f(*args, **kwargs)

    return call


# --- items and iterators ---------------------------------------------------------------------------------


def _next(o: Any, /, *default: Any) -> Any:
    points.advanced(o)
    return next(o, *default)


def _setitem(o: Any, i: Any, v: Any, /) -> None:
    points.setitem(v, o, i)


def _getter(f: Any) -> Callable[[Any], Any]:
    """Return what calls an itemgetter, attrgetter or methodcaller."""
    kind, arguments = f.__reduce__()[:2]
    if kind is functools.partial:
        # A methodcaller with keyword arguments.
        return f  # type: ignore[no-any-return]

    def call(o: Any, /) -> Any:
        if kind is operator.methodcaller:
            return points.before(getattr(o, arguments[0]))(*arguments[1:])
        for each in arguments:
            if kind is operator.itemgetter:
                points.item(o, each)
                continue
            part = o
            for name in each.split("."):
                points.get(part, name, False)
                part = getattr(part, name)
        return f(o)

    return call


def _slot(f: Any) -> Any:
    """Return what calls a slot's method of an object, such as `d.__setitem__`."""
    me, name = f.__self__, f.__name__
    if name in ("__setattr__", "__delattr__", "__getattribute__"):
        return functools.partial(_of_object(lambda _, *args: f(*args), name != "__getattribute__"), me)
    if name == "__next__":
        return functools.partial(_next, me)
    if name in _SLOTS and points.base_of(type(me)) is not None:
        return points.method(f, me, name, _SLOTS[name])
    return f


def _unbound(f: Any) -> Callable[..., Any]:
    """Return what calls a method of a built-in type with its object, as in `list.append(names, name)`."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if not args or not isinstance(args[0], f.__objclass__):
            return f(*args, **kwargs)
        return points.before(f.__get__(args[0], type(args[0])))(*args[1:], **kwargs)

    return call


# --- dataclasses -----------------------------------------------------------------------------------------

_GENERATED: Final = ("__eq__", "__ge__", "__gt__", "__hash__", "__le__", "__lt__", "__repr__")


def _dataclass(cls: Any = None, /, **kwargs: Any) -> Any:
    """`@dataclass`, whose methods are not rewritten as they have no source."""
    if cls is None:
        return lambda cls: _dataclass(cls, **kwargs)
    own = {name: vars(cls).get(name) for name in _GENERATED}
    made = dataclasses.dataclass(cls, **kwargs)
    if not kwargs.get("frozen"):
        fields = dataclasses.fields(made)
        for name in _GENERATED:
            method = vars(made).get(name)
            if type(method) is FunctionType and method is not own[name]:
                read = [f.name for f in fields if (f.repr if name == "__repr__" else f.compare)]
                setattr(made, name, _reading(method, read))
    return made


def _reading(method: Any, names: list[str]) -> Callable[..., Any]:
    """Return what calls a method that reads attributes, of what it is given as well."""

    @functools.wraps(method)
    def call(self: Any, *others: Any) -> Any:
        for o in (self, *others):
            if type(o) is type(self):
                for name in names:
                    points.get(o, name, False)
        return method(self, *others)

    return call


def install() -> None:
    """Have `before` return what is here for these functions."""
    points.CHANGES.update(_MORE_CHANGES)
    points.READS.update(_MORE_READS)
    points.READERS.update(_READERS)
    points.ONLY_SHOW.update(_READERS)
    replaced = points.REPLACED
    for f, writes in (
        (getattr, False), (hasattr, False), (setattr, True), (delattr, True),
    ):  # fmt: skip
        replaced[f] = _attribute(f, writes)
    for f in (object.__setattr__, object.__delattr__, object.__getattribute__):
        replaced[f] = _of_object(f, f is not object.__getattribute__)
    replaced[copy.copy] = _deep(copy.copy, 0)
    replaced[dataclasses.replace] = _deep(dataclasses.replace, 0)
    replaced.update((f, _deep(f, 20)) for f in _DEEP)
    replaced[next] = _next
    replaced[operator.setitem] = _setitem
    replaced[operator.getitem] = points.item
    replaced[operator.delitem] = points.delitem
    replaced.update((f, functools.partial(points.in_place, op)) for f, op in _IN_PLACE.items())
    replaced[dataclasses.dataclass] = _dataclass
    points.KINDS.update(
        {
            operator.itemgetter: _getter,
            operator.attrgetter: _getter,
            operator.methodcaller: _getter,
            MethodWrapperType: _slot,
            type(list.append): _unbound,
            type(list.__len__): _unbound,
        }
    )
