"""What functions of Python's own library do to the data of a program: `len`, `setattr`, `copy.deepcopy`.

Their code is not rewritten.  What is called in their place notes first what they read and change: the
containers among their arguments, an attribute, or all that they get to.
"""

from __future__ import annotations

import array
import bisect
import copy
import dataclasses
import functools
import heapq
import itertools
import json
import math
import operator
import pickle
import pprint
import random
import statistics
import sys
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, defaultdict, deque
from collections.abc import Callable, Iterable
from types import FunctionType, MethodWrapperType
from typing import Any, Final

from .._engine.impl import Chan
from . import races
from .active import explored
from .before import BEFORE, KINDS, METHODS, REPLACED, before, callback
from .classes import attributes, base_of, container, gone_over, whole
from .clocks import LENGTH, WHOLE
from .data import access, attribute, delitem, get, item, namespace, setitem
from .iteration import advanced, in_place, receive
from .operation import Op

# --- functions that read or change containers ------------------------------------------------------------

# What goes over the containers that it is given, and receives from channels.
_ITERATING: Final = (
    all, any, dict, enumerate, filter, frozenset, iter, list, map, max, min, reversed, set, sorted, sum,
    tuple, zip, deque, Counter, OrderedDict, functools.reduce, heapq.nlargest, heapq.nsmallest,
    bisect.bisect, bisect.bisect_left, bisect.bisect_right,
    *(each for each in vars(itertools).values() if isinstance(each, type)),
    itertools.chain.from_iterable,
)  # fmt: skip
# What reads the containers that it is given, but not what is in them.
_READING: Final = (
    ascii, array.array, bool, bytearray, bytes, defaultdict, dict.fromkeys, format, math.fsum, math.prod,
    random.choice, random.choices, random.sample, repr, str, ChainMap, UserDict, UserList,
    *(f for f in vars(statistics).values() if type(f) is FunctionType and f.__module__ == "statistics"),
    operator.add, operator.and_, operator.concat, operator.contains, operator.countOf, operator.eq,
    operator.ge, operator.gt, operator.indexOf, operator.le, operator.lt, operator.mod, operator.mul,
    operator.ne, operator.not_, operator.or_, operator.sub, operator.truth, operator.xor,
)  # fmt: skip
# What changes the list that it is given.
_CHANGING: Final = (
    heapq.heappush, heapq.heappop, heapq.heapify, heapq.heapreplace, heapq.heappushpop, bisect.insort,
    bisect.insort_left, bisect.insort_right, random.shuffle,
)  # fmt: skip
# The methods of containers that read those that they are given, or call what they are given.
_TAKERS: Final = frozenset(
    {
        "extend", "extendleft", "sort", "update", "difference_update", "intersection_update", "union",
        "difference", "intersection", "isdisjoint", "issubset", "issuperset", "symmetric_difference",
        "symmetric_difference_update",
    }
)  # fmt: skip


def reader(f: Any, iterates: bool = False) -> Callable[..., Any]:
    """Return what calls f, which reads the containers among its arguments, and the values that it copies."""

    def call(*args: Any, **kwargs: Any) -> Any:
        run = explored()
        if run is not None:
            name = getattr(f, "__name__", "call")
            if iterates:
                # What they iterate over, or call, does operations.
                args = tuple(receive(o) if type(o) is Chan else callback(o) for o in args)
                kwargs = {key: callback(o) for key, o in kwargs.items()}
            for i, o in enumerate((*args, *kwargs.values())):
                for read in _read_by(o):
                    races.access(run, read, WHOLE, name, False)
                if name in ("copy", "assign"):
                    for part in getattr(o, "__dataclass_fields__", ()):
                        races.access(run, o, part, f".{part}", name == "assign" and i == 0)
        return f(*args, **kwargs)

    return call


def _read_by(o: Any) -> list[Any]:
    """Return the containers that are read where o is: itself, or what it is a view or an iterator of."""
    found = whole(o)
    return gone_over(o) if found is None else [found]


def _changer(f: Any) -> Callable[..., Any]:
    """Return what calls f, which changes its first argument."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if args and container(type(args[0])) is not None:
            access(args[0], WHOLE, f.__name__, True)
        return f(*args, **kwargs)

    return call


def method(f: Any, me: Any, name: str, writes: bool) -> Callable[..., Any]:
    """Return what calls f, a method of the container me."""
    taker = reader(f, iterates=True) if name in _TAKERS else f

    def call(*args: Any, **kwargs: Any) -> Any:
        access(me, WHOLE, name, writes)
        return taker(*args, **kwargs)

    return call


def _text(f: Any, me: Any, name: str) -> Callable[..., Any]:
    """Return what calls f, the method of a text that makes another of what it is given."""
    return reader(f, iterates=True)


def length(o: Any, /) -> int:
    """`len(o)`."""
    run = explored()
    if run is not None:
        read = whole(o)
        if read is not None:
            # Assigning an item does not change how many there are.
            races.access(run, read, LENGTH if isinstance(read, list) else WHOLE, "len", False)
        elif type(o) is Chan:
            name = run.names.of(o)
            run.point(Op("len", (name,), False, name))
    return len(o)


def _print(*args: Any, file: Any = None, **kwargs: Any) -> None:
    if file is not None and container(type(file)) is not None:
        access(file, WHOLE, "write", True)
    reader(print)(*args, file=file, **kwargs)


REPLACED[len] = length
REPLACED[print] = _print
REPLACED.update({f: reader(f, iterates=True) for f in _ITERATING})
REPLACED.update({f: reader(f) for f in _READING})
REPLACED.update({f: _changer(f) for f in _CHANGING})
METHODS.update({(str, name): _text for name in ("join", "format", "format_map")})
METHODS[bytes, "join"] = _text


# --- attributes ------------------------------------------------------------------------------------------


# What reads all that it gets to from its first argument.
_DEEP: Final = (
    copy.deepcopy, dataclasses.asdict, dataclasses.astuple, json.dump, json.dumps, pickle.dump, pickle.dumps,
    pprint.pformat, pprint.pp, pprint.pprint,
)  # fmt: skip


def _attribute(f: Callable[..., Any], writes: bool) -> Callable[..., Any]:
    """Return what calls f(o, name, ...), which reads or writes an attribute."""

    def call(*args: Any) -> Any:
        if len(args) > 1 and isinstance(args[1], str):
            get(args[0], args[1], writes)
        return f(*args)

    return call


def _vars(*args: Any) -> Any:
    """`vars(o)`, and `vars()` under another name."""
    if not args:
        return sys._getframe(1).f_locals
    namespace(*args)
    return vars(*args)


def _globals() -> Any:
    """`globals()`."""
    found = sys._getframe(1).f_globals
    run = explored()
    if run is not None and BEFORE in found:
        run.names.note_namespace(found, found["__name__"])
    return found


def _of_object(f: Callable[..., Any], writes: bool) -> Callable[..., Any]:
    """Return what calls f, an attribute's slot of `object`: for it, no method of the class decides."""

    def call(o: Any, name: Any, *args: Any) -> Any:
        if isinstance(name, str):
            attribute(o, name, writes)
        return f(o, name, *args)

    return call


def _read_all(o: Any, seen: set[int], depth: int) -> None:
    """Read o, and what it consists of, down to some depth."""
    if id(o) in seen or depth < 0:
        return
    seen.add(id(o))
    parts: Iterable[Any] = ()
    if container(type(o)) is not None:
        access(o, WHOLE, "", False)
        parts = [*o, *o.values()] if isinstance(o, (dict, UserDict, ChainMap)) else list(o)
    elif isinstance(o, tuple):
        parts = o
    else:
        names = attributes(o)
        for name in names:
            get(o, name, False)
        parts = [getattr(o, name, None) for name in names]
    for part in parts:
        _read_all(part, seen, depth - 1)


def _deep(f: Callable[..., Any], depth: int) -> Callable[..., Any]:
    """Return what calls f, which reads its first argument, and what that consists of."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if args and explored() is not None:
            _read_all(args[0], set(), depth)
            if f.__name__ == "dump" and len(args) > 1 and container(type(args[1])) is not None:
                # The file that it writes to.
                access(args[1], WHOLE, "write", True)
        return f(*args, **kwargs)

    return call


for _f, _writes in ((getattr, False), (hasattr, False), (setattr, True), (delattr, True)):
    REPLACED[_f] = _attribute(_f, _writes)
REPLACED.update({vars: _vars, globals: _globals})
for _f in (object.__setattr__, object.__delattr__, object.__getattribute__):
    REPLACED[_f] = _of_object(_f, _f is not object.__getattribute__)
REPLACED.update({f: _deep(f, 0) for f in (copy.copy, dataclasses.replace)})
REPLACED.update({f: _deep(f, 20) for f in _DEEP})


# --- items and iterators ---------------------------------------------------------------------------------


_IN_PLACE: Final = {
    operator.iadd: "Add", operator.iand: "BitAnd", operator.iconcat: "Add", operator.imul: "Mult",
    operator.ior: "BitOr", operator.isub: "Sub", operator.ixor: "BitXor",
}  # fmt: skip
# The methods of slots that change a container, or read it, as in `d.__setitem__(k, v)`.
_SLOTS: Final = {
    "__setitem__": True, "__delitem__": True, "__iadd__": True, "__imul__": True, "__ior__": True,
    "__iand__": True, "__isub__": True, "__ixor__": True, "__getitem__": False, "__contains__": False,
    "__len__": False, "__iter__": False, "__reversed__": False, "__eq__": False, "__ne__": False,
    "__add__": False, "__mul__": False, "__or__": False, "__and__": False, "__sub__": False, "__xor__": False,
    "__repr__": False,
}  # fmt: skip


def _next(o: Any, /, *default: Any) -> Any:
    advanced(o)
    return next(o, *default)


def _setitem(o: Any, i: Any, v: Any, /) -> None:
    setitem(v, o, i)


def _getter(f: Any) -> Callable[[Any], Any]:
    """Return what calls an itemgetter, attrgetter or methodcaller."""
    kind, arguments = f.__reduce__()[:2]
    if kind is functools.partial:
        # A methodcaller with keyword arguments.
        return f  # type: ignore[no-any-return]

    def call(o: Any, /) -> Any:
        if kind is operator.methodcaller:
            return before(getattr(o, arguments[0]))(*arguments[1:])
        for each in arguments:
            if kind is operator.itemgetter:
                item(o, each)
                continue
            part = o
            for name in each.split("."):
                get(part, name, False)
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
    if name in _SLOTS and base_of(type(me)) is not None:
        return method(f, me, name, _SLOTS[name])
    return f


def _unbound(f: Any) -> Callable[..., Any]:
    """Return what calls a method of a built-in type with its object, as in `list.append(names, name)`."""
    if f in REPLACED:
        return REPLACED[f]

    def call(*args: Any, **kwargs: Any) -> Any:
        if not args or not isinstance(args[0], f.__objclass__):
            return f(*args, **kwargs)
        return before(f.__get__(args[0], type(args[0])))(*args[1:], **kwargs)

    return call


REPLACED.update({next: _next, operator.setitem: _setitem, operator.getitem: item, operator.delitem: delitem})
REPLACED.update({f: functools.partial(in_place, op) for f, op in _IN_PLACE.items()})
KINDS.update(
    {
        operator.itemgetter: _getter,
        operator.attrgetter: _getter,
        operator.methodcaller: _getter,
        MethodWrapperType: _slot,
        type(list.append): _unbound,
        type(list.__len__): _unbound,
    }
)


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
            generated = vars(made).get(name)
            if type(generated) is FunctionType and generated is not own[name]:
                read = [f.name for f in fields if (f.repr if name == "__repr__" else f.compare)]
                setattr(made, name, _reading(generated, read))
    return made


def _reading(method: Any, names: list[str]) -> Callable[..., Any]:
    """Return what calls a method that reads attributes, of what it is given as well."""

    @functools.wraps(method)
    def call(self: Any, *others: Any) -> Any:
        for o in (self, *others):
            if type(o) is type(self):
                for name in names:
                    get(o, name, False)
        return method(self, *others)

    return call


REPLACED[dataclasses.dataclass] = _dataclass
