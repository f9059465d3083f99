"""Atomic values (Go's package sync/atomic).

Each change is one stretch of code that no other thread interrupts: see step.py.  `poll_point`, which lets
other goroutines run in a polling loop, is called before the value is read, so that the result is still
current.
"""

from __future__ import annotations

from types import GenericAlias
from typing import Any, Final, Generic, TypeVar, final

from ..error import Panic
from .proc import poll_point
from .state import public

T = TypeVar("T")

_HALF_32: Final = 1 << 31
_HALF_64: Final = 1 << 63
_MASK_32: Final = (1 << 32) - 1
_MASK_64: Final = (1 << 64) - 1


class _Integer:
    """An integer of fixed width."""

    __slots__ = ("_half", "_mask", "_value")

    def __init__(self, value: int, mask: int, half: int) -> None:
        if type(value) is not int:
            raise self._refuse("", value)
        self._mask = mask
        # What to add before masking and to subtract after it: for a signed type, half of its range.
        self._half = half
        self._value: int = ((value + half) & mask) - half

    def load(self) -> int:
        """Return the value."""
        poll_point()
        return self._value

    def store(self, value: int, /) -> None:
        """Set the value."""
        if type(value) is not int:
            raise self._refuse(".store", value)
        self._value = ((value + self._half) & self._mask) - self._half

    def swap(self, new: int, /) -> int:
        """Set the value, and return the one before."""
        if type(new) is not int:
            raise self._refuse(".swap", new)
        poll_point()
        old = self._value
        self._value = ((new + self._half) & self._mask) - self._half
        return old

    def compare_and_swap(self, old: int, new: int, /) -> bool:
        """Set the value to new if it is old, and return whether it was."""
        if type(old) is not int:
            raise self._refuse(".compare_and_swap", old)
        if type(new) is not int:
            raise self._refuse(".compare_and_swap", new)
        poll_point()
        if self._value == ((old + self._half) & self._mask) - self._half:
            self._value = ((new + self._half) & self._mask) - self._half
            return True
        return False

    def add(self, delta: int, /) -> int:
        """Add delta, which may be negative, and return the new value."""
        if type(delta) is not int:
            raise self._refuse(".add", delta)
        poll_point()
        self._value = new = ((self._value + delta + self._half) & self._mask) - self._half
        return new

    def and_(self, mask: int, /) -> int:
        """Keep the bits that are set in mask, and return the value before: Go's And."""
        if type(mask) is not int:
            raise self._refuse(".and_", mask)
        poll_point()
        old = self._value
        self._value = (((old & mask) + self._half) & self._mask) - self._half
        return old

    def or_(self, mask: int, /) -> int:
        """Set the bits that are set in mask, and return the value before: Go's Or."""
        if type(mask) is not int:
            raise self._refuse(".or_", mask)
        poll_point()
        old = self._value
        self._value = (((old | mask) + self._half) & self._mask) - self._half
        return old

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._value})"

    def _refuse(self, method: str, value: object) -> TypeError:
        return TypeError(f"{type(self).__name__}{method}: {value!r} is not an integer; give an int")


@final
@public("gochan.sync.atomic")
class Int32(_Integer):
    """An int32 that changes in one step: Go's atomic.Int32.  Raises `TypeError` if the value is not an int.

    >>> x = Int32(2**31 - 1)
    >>> x.add(1)
    -2147483648
    >>> x.compare_and_swap(-2147483648, 5), x.load()
    (True, 5)
    """

    __slots__ = ()

    def __init__(self, value: int = 0, /) -> None:
        super().__init__(value, _MASK_32, _HALF_32)


@final
@public("gochan.sync.atomic")
class Int64(_Integer):
    """An int64 that changes in one step: Go's atomic.Int64.  Raises `TypeError` if the value is not an int.

    >>> Int64().add(-1)
    -1
    """

    __slots__ = ()

    def __init__(self, value: int = 0, /) -> None:
        super().__init__(value, _MASK_64, _HALF_64)


@final
@public("gochan.sync.atomic")
class Uint32(_Integer):
    """A uint32 that changes in one step: Go's atomic.Uint32.  Raises `TypeError` if the value is not an int.

    >>> Uint32().add(-1)
    4294967295
    """

    __slots__ = ()

    def __init__(self, value: int = 0, /) -> None:
        super().__init__(value, _MASK_32, 0)


@final
@public("gochan.sync.atomic")
class Uint64(_Integer):
    """A uint64 that changes in one step: Go's atomic.Uint64.  Raises `TypeError` if the value is not an int.

    >>> Uint64().add(-1)
    18446744073709551615
    """

    __slots__ = ()

    def __init__(self, value: int = 0, /) -> None:
        super().__init__(value, _MASK_64, 0)


@final
@public("gochan.sync.atomic")
class Bool:
    """A bool that changes in one step: Go's atomic.Bool.  Raises `TypeError` if the value is not a bool.

    >>> ready = Bool()
    >>> ready.swap(True), ready.load()
    (False, True)
    """

    __slots__ = ("_value",)

    def __init__(self, value: bool = False, /) -> None:
        if type(value) is not bool:
            raise _no_bool("", value)
        self._value: bool = value

    def load(self) -> bool:
        """Return the value."""
        poll_point()
        return self._value

    def store(self, value: bool, /) -> None:
        """Set the value."""
        if type(value) is not bool:
            raise _no_bool(".store", value)
        self._value = value

    def swap(self, new: bool, /) -> bool:
        """Set the value, and return the one before."""
        if type(new) is not bool:
            raise _no_bool(".swap", new)
        poll_point()
        old = self._value
        self._value = new
        return old

    def compare_and_swap(self, old: bool, new: bool, /) -> bool:
        """Set the value to new if it is old, and return whether it was."""
        if type(old) is not bool:
            raise _no_bool(".compare_and_swap", old)
        if type(new) is not bool:
            raise _no_bool(".compare_and_swap", new)
        poll_point()
        if self._value == old:
            self._value = new
            return True
        return False

    def __repr__(self) -> str:
        return f"Bool({self._value})"


@final
@public("gochan.sync.atomic")
class Pointer(Generic[T]):
    """A reference to an object, or None, that changes in one step: Go's atomic.Pointer[T].

    compare_and_swap compares by identity, not by equality.

    >>> latest = Pointer[list[int]]()
    >>> first = [1]
    >>> latest.compare_and_swap(None, first), latest.compare_and_swap([1], [2])
    (True, False)
    """

    __slots__ = ("_value",)

    def __init__(self, value: T | None = None, /) -> None:
        self._value: T | None = value

    def __class_getitem__(cls, t: Any, /) -> GenericAlias:
        return GenericAlias(cls, t)

    def load(self) -> T | None:
        """Return the object, or None."""
        poll_point()
        return self._value

    def store(self, value: T | None, /) -> None:
        """Refer to value."""
        self._value = value

    def swap(self, new: T | None, /) -> T | None:
        """Refer to new, and return the object before."""
        poll_point()
        old = self._value
        self._value = new
        return old

    def compare_and_swap(self, old: T | None, new: T | None, /) -> bool:
        """Refer to new if it refers to old, and return whether it did."""
        poll_point()
        if self._value is old:
            self._value = new
            return True
        return False

    def __repr__(self) -> str:
        return f"Pointer({self._value!r})"


@final
@public("gochan.sync.atomic")
class Value:
    """A value that changes in one step, always of the type of the first: Go's atomic.Value.

    Storing None, or a value of another type than the first, raises `Panic`.

    >>> config = Value()
    >>> config.load()
    >>> config.store({"debug": True})
    >>> config.load()
    {'debug': True}
    """

    __slots__ = ("_value",)

    def __init__(self) -> None:
        self._value: Any = None

    def load(self) -> Any:
        """Return the value; None if nothing has been stored."""
        poll_point()
        return self._value

    def store(self, value: Any, /) -> None:
        """Set the value."""
        if value is None:
            raise Panic("sync/atomic: store of nil value into Value")
        while True:
            old = self._value
            if old is not None and type(old) is not type(value):
                raise Panic("sync/atomic: store of inconsistently typed value into Value")
            if self._value is old:
                self._value = value
                return

    def swap(self, new: Any, /) -> Any:
        """Set the value, and return the one before; None if there was none."""
        if new is None:
            raise Panic("sync/atomic: swap of nil value into Value")
        poll_point()
        while True:
            old = self._value
            if old is not None and type(old) is not type(new):
                raise Panic("sync/atomic: swap of inconsistently typed value into Value")
            if self._value is old:
                self._value = new
                return old

    def compare_and_swap(self, old: Any, new: Any, /) -> bool:
        """Set the value to new if it equals old, and return whether it did; None stands for no value yet."""
        if new is None:
            raise Panic("sync/atomic: compare and swap of nil value into Value")
        if old is not None and type(old) is not type(new):
            raise Panic("sync/atomic: compare and swap of inconsistently typed values")
        poll_point()
        while True:
            value = self._value
            if value is not None and type(value) is not type(new):
                raise Panic("sync/atomic: compare and swap of inconsistently typed value into Value")
            if (old is not None) if value is None else not value == old:  # noqa: SIM201  # Go asks for equal
                return False
            # The user's __eq__ may have let another goroutine change the value.
            if self._value is value:
                self._value = new
                return True

    def __repr__(self) -> str:
        return f"Value({self._value!r})"


def _no_bool(method: str, value: object) -> TypeError:
    return TypeError(f"Bool{method}: {value!r} is not a bool; give True or False")
