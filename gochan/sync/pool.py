"""Pool (Go's sync/pool.go).

As in Go on one processor, one object has a slot of its own, `private`; the others are in a stack, `shared`.
A full collection of Python's garbage collector makes the pool's objects its victims, which `get` takes when
nothing else is left, and drops the earlier victims.

Invariant: an object is in one list only.  The collector may run between any two steps of a method.  So it
moves the lists themselves, and a method reads each attribute once.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar, final
from weakref import WeakSet

from .._engine.pickling import refuse_pickling

T = TypeVar("T")


@final
class Pool(Generic[T]):
    """A set of unused objects, kept for reuse: Go's sync.Pool.

    `new` makes an object when the pool is empty; it can also be set later, as an attribute.  An object that
    stays in the pool during two full garbage collections is dropped.

    Raises `TypeError` if new is not callable.

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
        #: The function that makes an object when the pool is empty; None for none.  Go's field New.
        self.new = new
        # The private object, and the shared ones.
        self._cache: tuple[list[Any], deque[Any]] = ([], deque())
        self._victims: tuple[list[Any], deque[Any]] = ([], deque())
        _pools.add(self)
        if _age not in gc.callbacks:
            gc.callbacks.append(_age)

    def put(self, x: T, /) -> None:
        """Add x to the pool, unless it is None: Go's Pool.Put."""
        if x is None:
            return
        private, shared = self._cache
        if private:
            shared.append(x)
        else:
            private.append(x)

    def get(self) -> T:
        """Remove an object from the pool and return it; if there is none, return `new()` or None.

        Go's Pool.Get.
        """
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
        """Drop the victims, and make the pool's objects the new ones."""
        self._victims = self._cache
        self._cache = ([], deque())

    __reduce__ = refuse_pickling

    def __repr__(self) -> str:
        private, shared = self._cache
        old_private, old_shared = self._victims
        state = f"len={len(private) + len(shared)} victims={len(old_private) + len(old_shared)}"
        return f"<Pool {state} at {id(self):#x}>"


_pools: WeakSet[Pool[Any]] = WeakSet()


def _age(phase: str, info: dict[str, int]) -> None:
    if phase == "start" and info["generation"] == 2:
        for pool in list(_pools):
            pool._age()
