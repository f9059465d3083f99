"""Go's package sync/atomic: gochan's types, and the functions that take the address of a variable.

An address is a `Ref`, `FieldRef` or `ElemRef`.  Goroutines run in one thread, and none is preempted inside a
function of this module that reads and writes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from gochan.sync.atomic import Bool, Int32, Int64, Uint32, Uint64, Value

T = TypeVar("T")

if TYPE_CHECKING:

    class Pointer(Generic[T]):
        """gochan's Pointer, to a type checker: T is a pointer of Go's, which may be nil."""

        def __init__(self, value: T = ..., /) -> None: ...

        def load(self) -> T: ...

        def store(self, value: T, /) -> None: ...

        def swap(self, new: T, /) -> T: ...

        def compare_and_swap(self, old: T, new: T, /) -> bool: ...
else:
    from gochan.sync.atomic import Pointer

__all__ = [
    "Bool",
    "Int32",
    "Int64",
    "Pointer",
    "Uint32",
    "Uint64",
    "Value",
    "add_int32",
    "add_int64",
    "add_uint32",
    "add_uint64",
    "add_uintptr",
    "and_int32",
    "and_int64",
    "and_uint32",
    "and_uint64",
    "compare_and_swap_int32",
    "compare_and_swap_int64",
    "compare_and_swap_uint32",
    "compare_and_swap_uint64",
    "load_int32",
    "load_int64",
    "load_uint32",
    "load_uint64",
    "or_int32",
    "or_int64",
    "or_uint32",
    "or_uint64",
    "store_int32",
    "store_int64",
    "store_uint32",
    "store_uint64",
    "swap_int32",
    "swap_int64",
    "swap_uint32",
    "swap_uint64",
]


def _wrap(bits: int, signed: bool) -> Callable[[int], int]:
    mask = (1 << bits) - 1
    half = 1 << (bits - 1)
    if signed:
        return lambda n: ((n + half) & mask) - half
    return lambda n: n & mask


def _adder(bits: int, signed: bool) -> Callable[[Any, int], int]:
    wrap = _wrap(bits, signed)

    def add(addr: Any, delta: int) -> int:
        """Add delta to a variable; return the sum."""
        addr.v = n = wrap(addr.v + delta)
        return n

    return add


add_int32 = _adder(32, True)
add_int64 = _adder(64, True)
add_uint32 = _adder(32, False)
add_uint64 = add_uintptr = _adder(64, False)


def _load(addr: Any) -> int:
    """Return a variable's value."""
    return addr.v  # type: ignore[no-any-return]


load_int32 = load_int64 = load_uint32 = load_uint64 = _load


def _store(addr: Any, val: int) -> None:
    """Set a variable."""
    addr.v = val


store_int32 = store_int64 = store_uint32 = store_uint64 = _store


def _swap(addr: Any, new: int) -> int:
    """Set a variable; return its old value."""
    old: int = addr.v
    addr.v = new
    return old


swap_int32 = swap_int64 = swap_uint32 = swap_uint64 = _swap


def _compare_and_swap(addr: Any, old: int, new: int) -> bool:
    """Set a variable if it has the value `old`; return whether it had."""
    if addr.v != old:
        return False
    addr.v = new
    return True


compare_and_swap_int32 = compare_and_swap_int64 = compare_and_swap_uint32 = compare_and_swap_uint64 = (
    _compare_and_swap
)


def _and(addr: Any, mask: int) -> int:
    """Set a variable to its bits that mask has, too; return its old value."""
    old: int = addr.v
    addr.v = old & mask
    return old


and_int32 = and_int64 = and_uint32 = and_uint64 = _and


def _or(addr: Any, mask: int) -> int:
    """Set the bits of mask in a variable; return its old value."""
    old: int = addr.v
    addr.v = old | mask
    return old


or_int32 = or_int64 = or_uint32 = or_uint64 = _or
