"""What goes over containers, iterators and channels: loops, comprehensions, unpacking, `+=`.

A container may change between two of its items, so there is a read before each.  A generator, or an iterator
that goroutines may share, is changed by whatever asks it for its next value.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterator
from types import GeneratorType
from typing import Any, Final
from weakref import WeakKeyDictionary

from .._engine.impl import Chan
from . import active, races
from .active import explored
from .before import METHODS
from .calls import lshift, operation
from .classes import ITERATORS, container, gone_over, whole
from .clocks import WHOLE
from .data import access, read_whole, seen
from .races import Cell

# What identifies a generator: the run must not keep it, since its end is a part of the program.
_generators: Final[WeakKeyDictionary[Any, Cell]] = WeakKeyDictionary()


def iterated(o: Any, name: str = "") -> Any:
    """What is gone over by code that is not rewritten."""
    if active.current is not None:
        if type(o) is Chan:
            return receive(o)
        read_whole(o, name)
    return o


def each(o: Any, named: bool) -> Any:
    """What a for loop goes over; others may have an iterator, too, that is named.

    There is a read before each item, since others may have changed the container after the one before.
    """
    if active.current is None:
        return o
    if type(o) is Chan:
        return receive(o)
    if explored() is None:
        return o
    if whole(o) is not None:
        return _items(o)
    shared = named and (type(o) is GeneratorType or type(o) in ITERATORS)
    # A chain has none of its containers at first.
    return _values(o, shared) if shared or type(o) is itertools.chain or gone_over(o) else o


def receive(ch: Any) -> Iterator[Any]:
    """Yield what is received from a channel until it is closed."""
    recv_ok = operation(ch.recv_ok, ch, "recv_ok", True)
    while True:
        v, ok = recv_ok()
        if not ok:
            return
        yield v


def advanced(o: Any) -> None:
    """An iterator is about to be asked for its next value."""
    kind = type(o)
    if kind is GeneratorType:
        cell = _generators.get(o)
        if cell is None:
            cell = _generators[o] = Cell(f"the generator {o.__name__}")
        access(cell, "", cell.name, True)
        return
    if kind in ITERATORS:
        access(o, WHOLE, "next", True)
    read_whole(o, "")


def _generator(f: Any, me: Any, name: str) -> Any:
    """Return what calls f, a method of a generator that continues it."""

    def call(*args: Any) -> Any:
        advanced(me)
        return f(*args)

    return call


METHODS.update({(GeneratorType, name): _generator for name in ("send", "throw", "close")})


def _values(o: Any, shared: bool) -> Iterator[Any]:
    """Yield what an iterator does, which goroutines may share, or may only change what it goes over."""
    while True:
        if shared:
            advanced(o)
        else:
            read_whole(o, "")
        try:
            value = next(o)
        except StopIteration:
            return
        yield value


def _items(o: Any) -> Iterator[Any]:
    rest = iter(o)
    read = whole(o)
    count = -1
    while True:
        run = explored()
        if run is not None and run.clocks.count() != count:
            # What was done in the loop's body may order what others do before this.
            races.access(run, read, WHOLE, "", False)
            count = run.clocks.count()
        try:
            item = next(rest)
        except StopIteration:
            return
        yield item


_IN_PLACE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "LShift": operator.ilshift,
    "Add": operator.iadd, "Sub": operator.isub, "Mult": operator.imul, "Div": operator.itruediv,
    "FloorDiv": operator.ifloordiv, "Mod": operator.imod, "Pow": operator.ipow, "BitAnd": operator.iand,
    "BitOr": operator.ior, "BitXor": operator.ixor, "RShift": operator.irshift, "MatMult": operator.imatmul,
}  # fmt: skip


def in_place(op: str, a: Any, b: Any) -> Any:
    """`a op= b`."""
    if op == "LShift" and type(a) is Chan:
        return lshift(a, b)
    if active.current is not None:
        if type(b) is Chan and type(a) is list:
            b = receive(b)
        if container(type(a)) is not None:
            seen(b)
            access(a, WHOLE, "update", True)
    return _IN_PLACE[op](a, b)
