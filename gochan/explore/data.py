"""Reads and writes of the program's data: attributes, items, captured variables and globals.

Rewritten code calls one of these functions right before it reads or writes.  Nothing here does anything
outside of a run; in one, each notes the access at a point, so that another goroutine may come first.
"""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType, ModuleType
from typing import Any, Final

from . import active, races
from .active import explored
from .before import BEFORE, PREFIX
from .classes import assigned_by_read, container, gone_over, holder, whole
from .clocks import WHOLE
from .races import Cell


def access(o: Any, part: object, name: str, writes: bool) -> None:
    """Note a read or write of part of o, if the caller is explored."""
    run = explored()
    if run is not None:
        races.access(run, o, part, name, writes)


def place(o: Any, part: Any) -> tuple[Any, Any]:
    """Return the object and part that an item of o stands for: for a pointer, its variable."""
    found = getattr(type(o), "__explore_place__", None)
    return (o, part) if found is None else found(o, part)


# --- attributes ------------------------------------------------------------------------------------------


def get(o: Any, name: str, writes: bool) -> Any:
    """The owner of an attribute that is about to be read or assigned."""
    run = explored()
    if run is None:
        return o
    if isinstance(o, ModuleType):
        if BEFORE in vars(o):
            races.access_global(run, name, o.__name__, writes)
        return o
    if name == "__dict__":
        namespace(o)
        return o
    if hasattr(type(o), "__explore_place__"):
        owner, part = place(o, name)
        races.access(run, owner, part, f".{part}" if type(part) is str else f"[{part!r}]", writes)
        return o
    owner = holder(o, name, writes)
    writes = writes or assigned_by_read(o, name)
    if owner is not None:
        races.access(run, owner, name, f".{name}", writes)
    return o


def namespace(o: Any) -> None:
    """Note that the dict of o holds o's attributes: they are about to be read or written there."""
    run = explored()
    found = getattr(o, "__dict__", None)
    if run is not None and type(found) is dict:
        if not isinstance(o, ModuleType):
            run.names.note_namespace(found, o)
        elif BEFORE in found:
            run.names.note_namespace(found, o.__name__)


def attribute(o: Any, name: str, writes: bool) -> None:
    """An attribute of o itself is about to be read or written, whatever its class says."""
    access(o, name, f".{name}", writes)


# --- containers ------------------------------------------------------------------------------------------


def read_whole(o: Any, name: str) -> None:
    """A container, or the view or iterator of one, is about to be read as a whole, by what is called name."""
    found = whole(o)
    for each in gone_over(o) if found is None else [found]:
        access(each, WHOLE, name, False)


def seen(o: Any) -> Any:
    """What is compared, tested or formatted."""
    if active.current is not None:
        read_whole(o, "")
    return o


def sliced(o: Any, writes: bool) -> Any:
    """What a slice is taken of, or assigned to."""
    if active.current is not None and container(type(o)) is not None:
        access(o, WHOLE, "[:]", writes)
    return o


def _item(o: Any, i: Any, writes: bool) -> None:
    """An item is about to be read or assigned."""
    run = explored()
    if run is not None and id(o) in run.names.owners:
        races.access_attribute(run, o, i, writes)
        return
    o, i = place(o, i)
    kind = container(type(o))
    if kind is list or kind is bytearray:
        if type(i) is int:
            access(o, i if i >= 0 else i + len(o), f"[{i!r}]", writes)
    elif kind is None:
        if type(o) is MappingProxyType:
            read_whole(o, "[...]")
    else:
        # A defaultdict adds what is not there.
        access(o, WHOLE, "[...]", writes or (type(o) is defaultdict and i not in o))


def item(o: Any, i: Any) -> Any:
    """`o[i]`."""
    if active.current is not None:
        _item(o, i, False)
    return o[i]


def setitem(v: Any, o: Any, i: Any) -> None:
    """`o[i] = v`."""
    if active.current is not None:
        _item(o, i, True)
    o[i] = v


def delitem(o: Any, i: Any) -> None:
    """`del o[i]`."""
    if active.current is not None and container(type(o)) is not None:
        if type(o) is dict:
            _item(o, i, True)
        else:
            access(o, WHOLE, "del", True)
    del o[i]


def written(o: Any, i: Any) -> Any:
    """The owner of an item that is about to be assigned."""
    if active.current is not None:
        _item(o, i, True)
    return o


# --- variables -------------------------------------------------------------------------------------------


new_cell: Final = Cell


def read_cell(cell: Cell) -> None:
    """A captured variable is about to be read."""
    if active.current is not None:
        access(cell, "", cell.name, False)


def stored_cell(cell: Cell, v: Any) -> Any:
    """A captured variable is about to be assigned v."""
    if active.current is not None:
        access(cell, "", cell.name, True)
    return v


def read(name: str, module: str) -> None:
    """A global is about to be read."""
    run = explored()
    if run is not None:
        races.access_global(run, name, module, False)


def stored(name: str, v: Any, module: str) -> Any:
    """A global is about to be assigned v."""
    run = explored()
    if run is not None:
        races.access_global(run, name, module, True)
    return v


def own(names: Any) -> Any:
    """Return what `locals()`, `vars()` or `dir()` has, without the names that rewritten code adds."""
    if type(names) is list:
        return [name for name in names if not name.startswith(PREFIX)]
    for name in [name for name in names if name.startswith(PREFIX)]:
        del names[name]
    return names
