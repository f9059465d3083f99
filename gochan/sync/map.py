"""Map (Go's sync/map.go): a dict under Go's interface.

One goroutine runs at a time, and no method parks, or yields once it has looked, so that each is one step for
all others.  Only the user's `__eq__` may run in between: after it a method looks again before it changes
anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Generic, Literal, NoReturn, TypeVar, final

from ..runtime.polled import Polled

K = TypeVar("K")
V = TypeVar("V")

_MISSING: Final = object()


@final
class Map(Polled, Generic[K, V]):
    """A dict for many goroutines: Go's sync.Map.

    Keys are hashable: every method that takes one raises TypeError for a key that is not.  Values are
    compared by `==`.

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
        super().__init__()
        self._entries: dict[Any, Any] = {}

    def load(self, key: K, /) -> tuple[V, Literal[True]] | tuple[None, Literal[False]]:
        """Give the value of key and True; None and False if there is none.  Go's Map.Load."""
        _check("load", key)
        self._poll()
        value = self._entries.get(key, _MISSING)
        return (None, False) if value is _MISSING else (value, True)

    def store(self, key: K, value: V, /) -> None:
        """Set the value of key: Go's Map.Store."""
        _check("store", key)
        self._entries[key] = value

    def load_or_store(self, key: K, value: V, /) -> tuple[V, bool]:
        """Give the value of key and True; if there is none, set it, and give it and False.

        Go's Map.LoadOrStore.
        """
        _check("load_or_store", key)
        self._poll()
        there = self._entries.get(key, _MISSING)
        if there is _MISSING:
            self._entries[key] = value
            return value, False
        return there, True

    def load_and_delete(self, key: K, /) -> tuple[V, Literal[True]] | tuple[None, Literal[False]]:
        """Remove key, and give the value that it had and True; None and False if it was not there.

        Go's Map.LoadAndDelete.
        """
        _check("load_and_delete", key)
        self._poll()
        value = self._entries.pop(key, _MISSING)
        return (None, False) if value is _MISSING else (value, True)

    def delete(self, key: K, /) -> None:
        """Remove key, if it is there: Go's Map.Delete."""
        _check("delete", key)
        self._entries.pop(key, None)

    def swap(self, key: K, value: V, /) -> tuple[V, Literal[True]] | tuple[None, Literal[False]]:
        """Set the value of key, and give the one that it had and True; None and False if it had none.

        Go's Map.Swap.
        """
        _check("swap", key)
        self._poll()
        previous = self._entries.get(key, _MISSING)
        self._entries[key] = value
        return (None, False) if previous is _MISSING else (previous, True)

    def compare_and_swap(self, key: K, old: V, new: V, /) -> bool:
        """Set the value of key to new if it is old, and tell whether it was: Go's Map.CompareAndSwap."""
        _check("compare_and_swap", key)
        if not self._is(key, old):
            return False
        self._entries[key] = new
        return True

    def compare_and_delete(self, key: K, old: V, /) -> bool:
        """Remove key if its value is old, and tell whether it was: Go's Map.CompareAndDelete."""
        _check("compare_and_delete", key)
        if not self._is(key, old):
            return False
        del self._entries[key]
        return True

    def range(self, f: Callable[[K, V], object], /) -> None:
        """Call `f(key, value)` for each entry, in the order in which the keys came, until f returns False.

        f may return None to go on, and may use the Map: a key that was removed meanwhile is left out, one
        that is new is not visited.  Raises TypeError if f is not callable.  Answers to Go's Map.Range.
        """
        if not callable(f):
            raise TypeError(f"Map.range: {f!r} is not callable; give a function of a key and a value")
        self._poll()
        for key in list(self._entries):
            value = self._entries.get(key, _MISSING)
            if value is not _MISSING:
                more = f(key, value)
                if more is not None and not more:
                    return

    def clear(self) -> None:
        """Remove all keys: Go's Map.Clear."""
        self._entries = {}

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Map cannot be pickled or copied: share the one that there is")

    def _is(self, key: K, old: V) -> bool:
        """Tell whether the value of key is old, at the time of the return."""
        self._poll()
        while True:
            value = self._entries.get(key, _MISSING)
            if value is _MISSING or not value == old:  # noqa: SIM201  # Go asks whether they are equal
                return False
            if self._entries.get(key, _MISSING) is value:
                return True


def _check(method: str, key: object) -> None:
    try:
        hash(key)
    except TypeError as error:
        kind = type(key).__name__
        raise TypeError(f"Map.{method}: {key!r} cannot be a key, as a {kind} has no hash") from error
