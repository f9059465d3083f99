"""Zero values, by type."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ._types import UNIT, GoType, go_type

if TYPE_CHECKING:
    from typing_extensions import TypeForm

T = TypeVar("T")

# Of these, a program has pointers only.
_POINTED_TO: Final = frozenset(
    f"{module}.{name}" for module in ("gochan.time", "gochan.port.lib.time") for name in ("Timer", "Ticker")
)

_ZEROS: Final[dict[str, Any]] = {
    "bool": False,
    "string": "",
    "float32": 0.0,
    "float64": 0.0,
    "complex64": 0j,
    "complex128": 0j,
    "pointer": None,
    "interface": None,
    "func": None,
    "chan": None,
}
# Zero values of these kinds are immutable, so that one object will do.
_SHARED: Final = frozenset(
    {*_ZEROS, "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64"}
    | {"uintptr", "slice"}
)


def zero(annotation: TypeForm[T], /) -> T:
    """Return the zero value of a type, given as an annotation: Go's `var x T`.

    >>> zero(int), zero(str), zero(dict[str, int]).is_nil
    (0, '', True)
    """
    made: T = zero_of(go_type(annotation))
    return made


def is_own_pointer(t: GoType) -> bool:
    """Return whether a pointer to a variable of a type is the value itself: no `Ref` holds it.

    Structs and arrays, and slices of a type that has methods of pointers.
    """
    return t.kind in ("struct", "array") or (t.kind == "slice" and hasattr(t.cls, "__go_pointer_methods__"))


def zero_of(t: GoType) -> Any:
    """Return the zero value of a type."""
    kind = t.kind
    if kind == "struct":
        if t is UNIT:
            return None
        if t.cls is None:
            raise TypeError(f"zero: the struct {t.name} has no class")
        return t.cls()
    if kind == "array":
        assert t.elem is not None
        shared = t.elem.kind in _SHARED
        items = [zero_of(t.elem)] * t.length if shared else [zero_of(t.elem) for _ in range(t.length)]
        # An array type with methods is a class of lists.
        return t.cls(items) if t.cls is not None and issubclass(t.cls, list) else items
    if kind == "slice":
        from ._slices import Slice

        made: Slice[Any] = t.cls() if t.cls is not None else Slice()
        made._t = t.elem
        return made
    if kind == "map":
        from ._maps import NilMap, nil_map

        return nil_map(t.cls) if t.cls is not None and issubclass(t.cls, dict) else NilMap()
    value = _ZEROS.get(kind, 0)
    if t.cls is None or value is None or not issubclass(t.cls, value.__class__):
        return value
    return t.cls(value)


def filled(zero_value: Any, n: int) -> tuple[GoType | None, list[Any]]:
    """Return the type of the elements, if it is known, and n zero values, for `make_slice`."""
    cls = zero_value.__class__
    if zero_value is None or cls in {int, str, float, bool, complex}:
        return None, [zero_value] * n
    factory: Callable[[], Any]
    t: GoType | None = None
    if cls.__name__ == "function":
        factory = zero_value
    else:
        try:
            t = go_type(zero_value)
        except TypeError:
            # A value of another type, such as a named int.
            return None, [zero_value] * n
        if t.cls is not None and f"{t.cls.__module__}.{t.cls.__qualname__}" in _POINTED_TO:
            return t, [None] * n
        if t.kind in _SHARED:
            return t, [zero_of(t)] * n
        known = t
        if t.kind == "struct" and t.cls is not None:
            factory = t.cls
        else:

            def factory() -> Any:
                return zero_of(known)

    return t, [factory() for _ in range(n)]
