"""The names of the objects of a run: by them operations are compared and reported, from one run to another.

A name is the object's kind and a number by first use, so that it is the same in each run that has made the
same decisions.  Each object that has one is kept until the run ends, so that its id stays its own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from .._engine.impl import RLocker

# What the channels of contexts are called.
DONE: Final = "ctx.done()"
_ATOMIC: Final = frozenset({"Int32", "Int64", "Bool"})


class Names:
    """The names that a run has given."""

    __slots__ = ("_counts", "_dones", "_keep", "_names", "_numbers", "_writers", "owners")

    def __init__(self) -> None:
        # By id.
        self._names: dict[int, str] = {}
        self._counts: dict[str, int] = {}
        self._numbers: dict[int, int] = {}
        self._keep: list[Any] = []
        # The ids of the channels that contexts close.
        self._dones: set[int] = set()
        # The locks of the read sides, by id.
        self._writers: dict[int, Any] = {}
        # The objects, or the names of the modules, whose attributes are in these dicts, by the dict's id.
        self.owners: dict[int, Any] = {}

    def of(self, o: Any) -> str:
        """Return the name of an object of gochan."""
        found = self._names.get(id(o))
        if found is None:
            kind = DONE if id(o) in self._dones else type(o).__name__
            if kind in _ATOMIC:
                kind = "atomic"
            elif isinstance(o, RLocker):
                kind = "RLocker"
            self._counts[kind] = self._counts.get(kind, 0) + 1
            found = f"{kind} {self._counts[kind]}"
            self._names[id(o)] = found
            self._keep.append(o)
        return found

    def note_done(self, ch: Any) -> None:
        """Note that ch is the channel that a context closes when it ends."""
        if id(ch) not in self._dones:
            self._keep.append(ch)
            self._dones.add(id(ch))

    def shown(self, o: Any) -> str:
        """Return the name by which reports show an object; "" if it is none of gochan's that users know."""
        return self.of(o) if _is_shown(type(o)) else ""  # type: ignore[arg-type] # type[Any] is hashable

    def number(self, o: Any) -> int:
        """Return the number of an object of the program, which has data."""
        found = self._numbers.get(id(o))
        if found is None:
            found = self._numbers[id(o)] = len(self._numbers)
            self._keep.append(o)
        return found

    def note_namespace(self, namespace: Any, owner: Any) -> None:
        """Note that the dict `namespace` has the attributes of owner, an object or the name of a module."""
        if id(namespace) not in self.owners:
            self._keep.append(namespace)
            self.owners[id(namespace)] = owner

    def note_rlocker(self, locker: Any, mu: Any) -> None:
        """Note that locker is the read side of mu."""
        self._keep.append(locker)
        self._writers[id(locker)] = mu

    def writer_of(self, locker: Any) -> Any:
        """Return the lock that locker is the read side of; itself if that is not known."""
        return self._writers.get(id(locker), locker)


# A class of the program's has another object in each run.
@lru_cache(64)
def _is_shown(kind: type) -> bool:
    """Return whether reports show the names of such objects: they are gochan's, and public."""
    return kind.__module__.partition(".")[0] == "gochan" and not kind.__name__.startswith("_")
