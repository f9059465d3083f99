"""Maps: a dict, with what Go's maps have beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from ._panics import GoError
from ._types import ANY, GoType, go_type, map_of

K = TypeVar("K")
V = TypeVar("V")


class _Nil:
    """What a nil map refuses."""

    is_nil = True

    def __setitem__(self, key: Any, value: Any) -> None:
        raise GoError("assignment to entry in nil map", "runtime.plainError", "")

    setdefault = __setitem__

    def __go_dynamic__(self) -> GoType:
        cls = getattr(self, "__go_nil_of__", None)
        return map_of(ANY, ANY) if cls is None else go_type(cls)


class NilMap(_Nil, dict[K, V]):  # type: ignore[misc]
    """A nil map: reads find nothing, and writes panic.

    >>> NilMap().get("a", 0)
    0
    """

    __slots__ = ()


_nil_classes: dict[type[Any], type[Any]] = {}


def nil_map(cls: type[Any]) -> Any:
    """Return the nil map of a named map type."""
    made = _nil_classes.get(cls)
    if made is None:
        details = {"__module__": cls.__module__, "__go_nil_of__": cls}
        made = _nil_classes[cls] = type(cls.__name__, (_Nil, cls), details)
    return made()


def map_range(m: dict[K, V], /) -> Iterator[tuple[K, V]]:
    """Yield keys and values of a map that the loop may change: what it deletes does not come.

    >>> m = {"a": 1, "b": 2}
    >>> for k, v in map_range(m):
    ...     m.pop("b", None)
    ...     print(k, v)
    2
    a 1
    """
    for key in list(m):
        try:
            value = m[key]
        except KeyError:
            continue
        yield key, value


def delete(m: dict[K, Any], key: K, /) -> None:
    """Remove a key from a map, if it is there: Go's delete."""
    m.pop(key, None)


def clear(x: Any, /) -> None:
    """Remove all keys of a map, or set all elements of a slice to the zero value: Go's clear."""
    if isinstance(x, dict):
        x.clear()
        return
    from ._zero import zero_of

    t = x.elem_type()
    for i in range(len(x)):
        x[i] = zero_of(t)
