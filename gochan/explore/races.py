"""Data races: each access to data is a point, and is compared with those that nothing orders before it.

The clocks know who is ordered before whom.  A race ends the run, unless races are no failure.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._engine.impl import gosched, sched
from .clocks import Access
from .held import held
from .operation import access_of
from .outcome import DataRace
from .steps import at, where

if TYPE_CHECKING:
    from .run import Run


class Cell:
    """Identifies a variable, which is no object: one that a closure captures, or an atomic one."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


def access(run: Run, o: Any, part: object, name: str, writes: bool) -> None:
    """Note that the caller reads or writes part of o."""
    if id(o) in run.names.owners:
        # It is read or changed as a whole.
        for each in list(o):
            access_attribute(run, o, each, writes)
    _access(run, (run.names.number(o), part), name if part == "" else _about(o, name), writes)


def access_global(run: Run, name: str, module: str, writes: bool) -> None:
    """Note that the caller reads or writes a global of a module of the program."""
    _access(run, (module, name), name, writes)


def access_attribute(run: Run, namespace: Any, name: Any, writes: bool) -> None:
    """Note that the caller reads or writes an attribute, by the dict in which its owner has it."""
    owner = run.names.owners[id(namespace)]
    if type(owner) is str:
        access_global(run, name, owner, writes)
    else:
        access(run, owner, name, f".{name}", writes)


def atomic(run: Run, name: str, place: tuple[Any, Any], f: Callable[[], Any]) -> Any:
    """Do atomic operation `name` on an object's part by f: it is ordered, and races with plain accesses."""
    o, part = place
    key = run.names.number(o), part
    if key not in run.atoms:
        run.atoms[key] = Cell(_about(o, f".{part}"))
    atom = run.atoms[key]
    writes = not name.startswith("load")
    run.point(access_of(name, key, writes, atom.name))
    gp = sched.curg
    if gp is None or run.stop is not None:
        return f()
    clocks = run.clocks
    clocks.after(gp.id, "load", atom, None)
    found = clocks.access(gp.id, key, writes, where(sys._getframe(1)))
    clocks.before(gp.id, "store", atom)
    _report(run, atom.name, found, gp.id, writes)
    return f()


def _access(run: Run, key: tuple[object, object], name: str, writes: bool) -> None:
    run.point(access_of("write" if writes else "read", key, writes, name))
    gp = sched.curg
    if gp is None or run.stop is not None:
        return
    found = run.clocks.access(gp.id, key, writes, where(sys._getframe(2)))
    _report(run, name, found, gp.id, writes)


def _report(run: Run, name: str, earlier: Access | None, id: int, writes: bool) -> None:
    """End the run if the access of goroutine id, which calls this, races with an earlier one."""
    if earlier is not None and run.races:
        now = Access(id, writes, where(sys._getframe(3)))
        run.end(DataRace(_text(run, name, (earlier, now))))
        gosched()


def _about(o: Any, name: str) -> str:
    """Return what an access is shown as: list[0], Account.balance, list.append, list."""
    kind = o if isinstance(o, type) else type(o)
    return f"{kind.__name__}{name if name[:1] in ('', '.', '[') else f'.{name}'}"


def _text(run: Run, name: str, accesses: tuple[Access, Access]) -> str:
    lines = [f"a race on {name}: nothing determines which of these two is first"]
    steps = run.steps.taken if run.steps is not None else []
    locks = [held(steps, access.goroutine, at(*access.where[:2])) for access in accesses]
    for access, mine in zip(accesses, locks, strict=True):
        file, line, function = access.where
        with_ = f", holding {' and '.join(mine)}" if mine else ", without a lock" if any(locks) else ""
        lines.append(
            f"  goroutine {access.goroutine} {'writes' if access.writes else 'reads'} it at "
            f"{file}:{line}, in {function}{with_}"
        )
    return "\n".join(lines)
