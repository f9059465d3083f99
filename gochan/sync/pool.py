"""Pool (Go's sync/pool.go).

What is put in last comes out first, but for one object that lies in a place of its own, as in Go on one
processor.  At a full collection of Python's garbage collector all that is in a pool becomes its victims,
which are given out when nothing else is left, and the victims before them are dropped.

Not compiled: the collector finds the pools by weak references, which a class of mypyc's cannot have.

Invariant: an object is in one list only.  The collector may run between any two steps of a method, so it
moves lists as they are, and a method looks up each list once.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, NoReturn, TypeVar, final
from weakref import WeakSet

T = TypeVar("T")


@final
class Pool(Generic[T]):
    """Keeps objects that are in no use, to be used again: Go's sync.Pool.

    `new` makes an object when the pool has none; it may be set later, as an attribute.  An object that lies
    in the pool through two full garbage collections is dropped.

    >>> pool = Pool(new=bytearray)
    >>> buffer = pool.get()
    >>> buffer += b"some text"
    >>> pool.put(buffer)
    >>> pool.get()
    bytearray(b'some text')
    """

    def __init__(self, new: Callable[[], T] | None = None) -> None:
        if new is not None and not callable(new):
            raise TypeError(f"Pool: new={new!r} is not callable; give a function without arguments")
        #: Makes an object when the pool has none; None: get gives None then.  Go's field New.
        self.new = new
        # The object in a place of its own, and the others.
        self._cache: tuple[list[Any], deque[Any]] = ([], deque())
        self._victims: tuple[list[Any], deque[Any]] = ([], deque())
        _pools.add(self)
        if _age not in gc.callbacks:
            gc.callbacks.append(_age)

    def put(self, x: T, /) -> None:
        """Add x to the pool; None is not added.  Go's Pool.Put."""
        if x is None:
            return
        private, shared = self._cache
        if private:
            shared.append(x)
        else:
            private.append(x)

    def get(self) -> T:
        """Take an object out of the pool; if there is none, what `new` makes, or None.  Go's Pool.Get."""
        x = self._take()
        if x is None and self.new is not None:
            return self.new()
        return x  # type: ignore[no-any-return]

    def _take(self) -> Any:
        private, shared = self._cache
        if private:
            return private.pop()
        if shared:
            return shared.pop()
        private, shared = self._victims
        if private:
            return private.pop()
        # Go takes these from the other end.
        return shared.popleft() if shared else None

    def _age(self) -> None:
        """Drop the victims; what is in the pool takes their place."""
        self._victims = self._cache
        self._cache = ([], deque())

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Pool cannot be pickled or copied: share the one that there is")


_pools: WeakSet[Pool[Any]] = WeakSet()


def _age(phase: str, info: dict[str, int]) -> None:
    if phase == "start" and info["generation"] == 2:
        for pool in list(_pools):
            pool._age()
