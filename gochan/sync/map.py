"""Map (Go's sync/map.go): a dict with Go's interface.

Each method is atomic to other goroutines: one goroutine runs at a time, and no method parks, or yields after
it has read the dict.  It is atomic to other threads and signal handlers, too: between the read and the change
it calls nothing, and uses operators, after which CPython runs neither.  Only an `__eq__` of the user's can
yield in between.  After a value's, a method reads the dict again before it changes it.  After a key's,
`load_or_store` does; the methods that replace a value do not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Generic, Literal, TypeVar, final

from .._engine.impl import poll_point
from .._engine.pickling import refuse_pickling

K = TypeVar("K")
V = TypeVar("V")

_MISSING: Final = object()


@final
class Map(Generic[K, V]):
    """A dict whose methods are atomic: Go's sync.Map.

    Every method that takes a key raises `TypeError` if it is not hashable.  Values are compared with `==`.
    A key's `__eq__` must not block or yield: then `swap`, `compare_and_swap` and `compare_and_delete` would
    not be atomic.

    >>> m = Map[str, int]()
    >>> m.store("apples", 3)
    >>> m.load("apples"), m.load("pears")
    ((3, True), (None, False))
    >>> m.load_or_store("apples", 5)
    (3, True)
    >>> m.compare_and_swap("apples", 3, 4)
    True
    """

    def __init__(self) -> None:
        self._entries: dict[Any, Any] = {}

    def load(self, key: K, /) -> tuple[V, Literal[True]] | tuple[None, Literal[False]]:
        """Return `(value, True)`, or `(None, False)` if key is not in the map: Go's Map.Load."""
        _check("load", key)
        poll_point()
        value = self._entries.get(key, _MISSING)
        return (None, False) if value is _MISSING else (value, True)

    def store(self, key: K, value: V, /) -> None:
        """Set the value of key: Go's Map.Store."""
        _check("store", key)
        self._entries[key] = value

    def load_or_store(self, key: K, value: V, /) -> tuple[V, bool]:
        """Return `(value, True)` if key is in the map; else store value and return `(value, False)`.

        Go's Map.LoadOrStore.
        """
        _check("load_or_store", key)
        poll_point()
        while True:
            entries = self._entries
            # `in` is an operator, after which no other thread can run.  So if two threads store the same
            # object, only one of them gets False, for "stored".
            if key not in entries:
                # Not with an assignment, because another goroutine may have stored a value while the key's
                # `__eq__` ran.
                there = entries.setdefault(key, value)
                return there, there is not value
            there = entries.get(key, _MISSING)
            if there is not _MISSING:
                return there, True

    def load_and_delete(self, key: K, /) -> tuple[V, Literal[True]] | tuple[None, Literal[False]]:
        """Remove key; return `(value, True)`, or `(None, False)` if key was not in the map.

        Go's Map.LoadAndDelete.
        """
        _check("load_and_delete", key)
        poll_point()
        value = self._entries.pop(key, _MISSING)
        return (None, False) if value is _MISSING else (value, True)

    def delete(self, key: K, /) -> None:
        """Remove key, if it is in the map: Go's Map.Delete."""
        _check("delete", key)
        self._entries.pop(key, None)

    def swap(self, key: K, value: V, /) -> tuple[V, Literal[True]] | tuple[None, Literal[False]]:
        """Set the value of key; return `(previous, True)`, or `(None, False)` if key was not in the map.

        Go's Map.Swap.
        """
        _check("swap", key)
        poll_point()
        entries = self._entries
        try:
            previous: Any = entries[key] if key in entries else _MISSING  # noqa: SIM401  # get is a call
        except KeyError:
            # Removed by another goroutine, while an `__eq__` of the key's ran.
            previous = _MISSING
        entries[key] = value
        return (None, False) if previous is _MISSING else (previous, True)

    def compare_and_swap(self, key: K, old: V, new: V, /) -> bool:
        """Set the value of key to new if it is old; return whether it was: Go's Map.CompareAndSwap."""
        _check("compare_and_swap", key)
        poll_point()
        return self._replace(key, old, new)

    def compare_and_delete(self, key: K, old: V, /) -> bool:
        """Remove key if its value is old; return whether it was: Go's Map.CompareAndDelete."""
        _check("compare_and_delete", key)
        poll_point()
        return self._replace(key, old, _MISSING)

    def _replace(self, key: K, old: V, new: Any) -> bool:
        """Set the value of key to new, or with _MISSING remove it, if it is old; return whether it was."""
        while True:
            entries = self._entries
            value = entries.get(key, _MISSING)
            if value is _MISSING or not value == old:  # noqa: SIM201  # Go uses ==, too
                return False
            try:
                if self._entries is entries and entries[key] is value:
                    if new is _MISSING:
                        del entries[key]
                    else:
                        entries[key] = new
                    return True
            except KeyError:
                # As in `swap`.
                continue

    def range(self, fn: Callable[[K, V], object], /) -> None:
        """Call `fn(key, value)` for each key, in insertion order, until fn returns False: Go's Map.Range.

        To go on, fn returns True or None.  fn may change the map: keys that are removed before they
        are reached are not visited, and new keys aren't either.

        Raises `TypeError` if fn is not callable.
        """
        if not callable(fn):
            raise TypeError(f"Map.range: {fn!r} is not callable; give a function of a key and a value")
        poll_point()
        for key in list(self._entries):
            value = self._entries.get(key, _MISSING)
            if value is not _MISSING:
                more = fn(key, value)
                if more is not None and not more:
                    return

    def clear(self) -> None:
        """Remove all keys: Go's Map.Clear."""
        self._entries = {}

    __reduce__ = refuse_pickling

    def __repr__(self) -> str:
        return f"<Map len={len(self._entries)} at {id(self):#x}>"


def _check(method: str, key: object) -> None:
    try:
        hash(key)
    except TypeError as error:
        raise TypeError(f"Map.{method}: {key!r} is not hashable; give a str or a tuple") from error
