"""What the explorer knows about types: which are containers, what their methods do, who has an attribute.

A container is read or changed as a whole by its methods, except for the items of lists.  A class of the
program that inherits from one is a container, too, unless methods of its own decide what is read and written.

A program's classes are others in each run.  So only the last `_MOST_KNOWN` answers are kept, and no class
stays alive for being known.
"""

from __future__ import annotations

import array
import functools
import gc
import io
import itertools
import sys
import weakref
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, deque
from collections.abc import Iterable
from types import FunctionType, GetSetDescriptorType, MappingProxyType, MemberDescriptorType
from typing import Any, Final, TypeVar

from .before import BEFORE

_K = TypeVar("_K")
_V = TypeVar("_V")
# The limit on the entries that are kept about classes.
_MOST_KNOWN = 500

# --- containers ------------------------------------------------------------------------------------------

_DICT_CHANGES: Final = {"update", "pop", "popitem", "setdefault", "clear"}
_DICT_READS: Final = {"get", "keys", "values", "items", "copy"}
_LIST_CHANGES: Final = {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"}
_LIST_READS: Final = {"index", "count", "copy"}
_SET_CHANGES: Final = {
    "add", "discard", "remove", "pop", "clear", "update", "difference_update", "intersection_update",
    "symmetric_difference_update",
}  # fmt: skip
_SET_READS: Final = {
    "copy", "issubset", "issuperset", "union", "difference", "intersection", "isdisjoint",
    "symmetric_difference",
}  # fmt: skip
# A read of a stream moves its position, so it is a change.
_STREAM_CHANGES: Final = {
    "close", "read", "readline", "readlines", "seek", "truncate", "write", "writelines",
}  # fmt: skip

# The containers, and the methods that change them.  If two fit a class, the first one counts.
_CHANGES: Final[dict[type, set[str]]] = {
    list: _LIST_CHANGES,
    dict: _DICT_CHANGES,
    set: _SET_CHANGES,
    deque: {
        "append", "appendleft", "extend", "extendleft", "pop", "popleft", "remove", "reverse", "rotate",
        "clear", "insert",
    },
    bytearray: {"append", "clear", "extend", "insert", "pop", "remove", "reverse"},
    array.array: {
        "append", "byteswap", "extend", "frombytes", "fromfile", "fromlist", "fromunicode", "insert", "pop",
        "remove", "reverse",
    },
    UserDict: _DICT_CHANGES,
    ChainMap: _DICT_CHANGES,
    weakref.WeakKeyDictionary: _DICT_CHANGES,
    weakref.WeakValueDictionary: _DICT_CHANGES,
    weakref.WeakSet: _SET_CHANGES,
    UserList: _LIST_CHANGES,
    io.StringIO: _STREAM_CHANGES,
    io.BytesIO: _STREAM_CHANGES,
}  # fmt: skip
# The methods that only read them.
_READS: Final[dict[type, set[str]]] = {
    list: _LIST_READS,
    dict: _DICT_READS,
    set: _SET_READS,
    deque: {"index", "count", "copy"},
    bytearray: {"copy", "count", "decode", "endswith", "find", "hex", "index", "join", "split", "startswith"},
    array.array: {"count", "index", "tobytes", "tofile", "tolist", "tounicode"},
    UserDict: _DICT_READS,
    ChainMap: _DICT_READS,
    weakref.WeakKeyDictionary: _DICT_READS,
    weakref.WeakValueDictionary: _DICT_READS,
    weakref.WeakSet: _SET_READS,
    UserList: _LIST_READS,
    io.StringIO: {"getvalue", "tell"},
    io.BytesIO: {"getbuffer", "getvalue", "tell"},
}  # fmt: skip
# The containers of the standard library that have methods written in Python, and whether these change them.
_EXTENDED: Final[dict[type, dict[str, bool]]] = {
    Counter: {
        "update": True, "subtract": True, "most_common": False, "elements": False, "total": False,
        "copy": False,
    },
    OrderedDict: {"move_to_end": True},
}  # fmt: skip
# The views of dicts, including read-only ones, and the iterators of the language.  `itertools.count` is left
# out: goroutines often share one to number things, and its `next` is a single step.
_VIEWS: Final = frozenset({type({}.keys()), type({}.values()), type({}.items()), MappingProxyType})
ITERATORS: Final[frozenset[type]] = frozenset(
    {
        enumerate, filter, map, zip, reversed, type(iter([])), type(iter(())), type(iter({})),
        type(iter(set())), type(iter({}.values())), type(iter({}.items())),
    }
)  # fmt: skip
# The iterators that read a container directly.
_SAMPLES: Final[tuple[Iterable[Any], ...]] = (
    [], {}, {}.values(), {}.items(), set(), deque(), bytearray(), array.array("b"),
)  # fmt: skip
_OVER_CONTAINERS: Final = frozenset(type(iter(each)) for each in _SAMPLES) | {
    reversed, type(reversed([])), type(reversed({})), type(reversed({}.values())), type(reversed({}.items())),
    type(reversed(deque())),
}  # fmt: skip
# The iterators that read other iterators.
_OVER_ITERATORS: Final = frozenset(
    {
        enumerate, filter, map, zip, itertools.chain, itertools.compress, itertools.dropwhile,
        itertools.filterfalse, itertools.islice, itertools.starmap, itertools.takewhile,
    }
)  # fmt: skip
# The container that a type is; None if it is not one, or if its own methods decide.
_containers: Final[dict[type, type | None]] = {}
_ACCESSES: Final = ("__getitem__", "__setitem__", "__delitem__", "__iter__", "__contains__", "__len__")


def changes(base: type, kind: type, name: str) -> bool | None:
    """Return whether a method changes a container of this base and kind; None: it does not even read it."""
    if name in _CHANGES[base]:
        return True
    if name in _READS[base]:
        return False
    return _EXTENDED[kind].get(name) if kind in _EXTENDED else None


def base_of(kind: type) -> type | None:
    """Return which container a type is one of, or inherits from."""
    return next((base for base in _CHANGES if issubclass(kind, base)), None)


def container(kind: type) -> type | None:
    """Return which container a type is one of; None if its own methods decide what is read and written."""
    try:
        return _containers[kind]
    except KeyError:
        pass
    found = base_of(kind)
    if found is not None:
        for each in kind.__mro__[: kind.__mro__.index(found)]:
            if each.__module__ != "collections" and any(name in vars(each) for name in _ACCESSES):
                found = None
                break
    return _remember(_containers, kind, found)


def whole(o: Any) -> Any:
    """Return the container that is read if o is read as a whole; None if there is none."""
    kind = type(o)
    if kind in _VIEWS:
        # A view refers to nothing but its dict.
        o = gc.get_referents(o)[0]
        kind = type(o)
    return o if container(kind) is not None else None


def gone_over(o: Any) -> list[Any]:
    """Return the containers that an iterator reads when it is asked for its next value."""
    kind = type(o)
    if kind in _OVER_CONTAINERS:
        return [each for each in gc.get_referents(o)[:1] if container(type(each)) is not None]
    if kind not in _OVER_ITERATORS:
        return []
    parts = gc.get_referents(o)
    if kind in (map, zip):
        # Its iterators are in a tuple, which comes first among its references.
        parts = next((list(each) for each in parts if type(each) is tuple), [])
    return [found for each in parts for found in gone_over(each)]


def _remember(known: dict[_K, _V], key: _K, value: _V) -> _V:
    """Keep an entry about a class.  Each run of a program has new classes, so the entries are limited."""
    if len(known) >= _MOST_KNOWN:
        known.clear()
    known[key] = value
    return value


# --- attributes ------------------------------------------------------------------------------------------

# By type and name: whether code of the class is called for a read, and for a write, whether the class may
# have the attribute, and whether the first read assigns it.
_attributes: Final[dict[tuple[type, str], tuple[bool, bool, bool, bool]]] = {}


def assigned_by_read(o: Any, name: str) -> bool:
    """Return whether a read of an attribute assigns it: a cached property without a value does."""
    how = _attributes.get((type(o), name))
    return how is not None and how[3] and name not in getattr(o, "__dict__", ())


def holder(o: Any, name: str, writes: bool) -> Any:
    """Return the owner of the attribute: o, or a class; None if a method of the class decides that."""
    is_class = isinstance(o, type)
    kind = type(o)
    how = _attributes.get((kind, name))
    if how is None:
        how = _remember(_attributes, (kind, name), _attribute(kind, name))
    if how[writes]:
        return None
    if writes:
        return o
    if is_class:
        return _class_with(o, name) or o
    if how[2] and not how[3] and name not in getattr(o, "__dict__", ()):
        # Not from `how`: the class's attribute may have been assigned since.
        return _class_with(kind, name) or o
    return o


def _class_with(kind: type, name: str) -> type | None:
    """Return the class that defines an attribute of kind: kind itself or one of its bases."""
    return next((each for each in kind.__mro__ if name in vars(each)), None)


def _attribute(kind: type, name: str) -> tuple[bool, bool, bool, bool]:
    owner = _class_with(kind, name)
    of_class = None if owner is None else vars(owner)[name]
    if isinstance(of_class, (MemberDescriptorType, GetSetDescriptorType)):
        return False, False, False, False
    about = type(of_class)
    cached = about is functools.cached_property
    reads = hasattr(about, "__get__") and not isinstance(of_class, FunctionType) and not cached
    writes = hasattr(about, "__set__")
    return (
        reads or isinstance(kind.__getattribute__, FunctionType),
        writes or isinstance(kind.__setattr__, FunctionType),
        True,
        cached,
    )


def attributes(o: Any) -> list[str]:
    """Return the names of the attributes that an object of the program has of its own."""
    if not _is_program(type(o)):
        return []
    slots = (vars(each).get("__slots__", ()) for each in type(o).__mro__)
    names = [name for each in slots for name in ((each,) if isinstance(each, str) else each)]
    return [name for name in (*getattr(o, "__dict__", ()), *names) if hasattr(o, name)]


def _is_program(kind: type) -> bool:
    """Return whether a class is the program's."""
    module = sys.modules.get(kind.__module__)
    return module is not None and BEFORE in vars(module)
