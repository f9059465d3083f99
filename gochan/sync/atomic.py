"""Values that are read and changed in one step: Go's package sync/atomic.

Goroutines take turns, and none is interrupted in the midst of a method; so they, and the threads of a Python
with a GIL, can share these.  Arithmetic wraps at the type's width, as Go's does, and so do the ints that come
in: an Int32 keeps 2**31 as -2**31.

Left out: Go's functions on a variable's address, as `atomic.AddInt32(&x, 1)`, since Python has no addresses,
and Uintptr, whose values they are.
"""

from __future__ import annotations

from typing import Any, Final, Generic, Never, NoReturn, TypeVar, final

from ..runtime.error import Panic
from ..runtime.polled import Polled

__all__ = ["Bool", "Int32", "Int64", "Pointer", "Uint32", "Uint64", "Value"]

T = TypeVar("T")

_HALF_32: Final = 1 << 31
_HALF_64: Final = 1 << 63
_MASK_32: Final = (1 << 32) - 1
_MASK_64: Final = (1 << 64) - 1


class _Integer(Polled):
    """An integer of some width."""

    __slots__ = ("_half", "_mask", "_value")

    # To a type checker `int | Never` is int.  For mypyc it is any object: an int it would check before we
    # can, and refuse in words of its own, or take True for 1.  Other files do the same.
    def __init__(self, value: int | Never, mask: int, half: int) -> None:
        if type(value) is not int:
            raise self._refuse("", value)
        super().__init__()
        self._mask = mask
        # What is to be added before masking and taken off again after: for a signed type, half of its range.
        self._half = half
        self._value: int = ((value + half) & mask) - half

    def load(self) -> int:
        """Give the value."""
        self._poll()
        return self._value

    def store(self, value: int | Never, /) -> None:
        """Set the value."""
        if type(value) is not int:
            raise self._refuse(".store", value)
        self._value = ((value + self._half) & self._mask) - self._half

    def swap(self, new: int | Never, /) -> int:
        """Set the value, and give the one before."""
        if type(new) is not int:
            raise self._refuse(".swap", new)
        self._poll()
        old = self._value
        self._value = ((new + self._half) & self._mask) - self._half
        return old

    def compare_and_swap(self, old: int | Never, new: int | Never, /) -> bool:
        """Set the value to new if it is old, and tell whether it was."""
        if type(old) is not int:
            raise self._refuse(".compare_and_swap", old)
        if type(new) is not int:
            raise self._refuse(".compare_and_swap", new)
        self._poll()
        if self._value == ((old + self._half) & self._mask) - self._half:
            self._value = ((new + self._half) & self._mask) - self._half
            return True
        return False

    def add(self, delta: int | Never, /) -> int:
        """Add delta, which may be negative, and give the new value."""
        if type(delta) is not int:
            raise self._refuse(".add", delta)
        self._poll()
        self._value = new = ((self._value + delta + self._half) & self._mask) - self._half
        return new

    def and_(self, mask: int | Never, /) -> int:
        """Keep the bits that are set in mask, and give the value before: Go's And."""
        if type(mask) is not int:
            raise self._refuse(".and_", mask)
        self._poll()
        old = self._value
        self._value = (((old & mask) + self._half) & self._mask) - self._half
        return old

    def or_(self, mask: int | Never, /) -> int:
        """Set the bits that are set in mask, and give the value before: Go's Or."""
        if type(mask) is not int:
            raise self._refuse(".or_", mask)
        self._poll()
        old = self._value
        self._value = (((old | mask) + self._half) & self._mask) - self._half
        return old

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._value})"

    def __reduce__(self) -> NoReturn:
        raise _no_copy(self)

    def _refuse(self, method: str, value: object) -> TypeError:
        return TypeError(f"{type(self).__name__}{method}: {value!r} is not an integer; give an int")


@final
class Int32(_Integer):
    """An int32 that changes in one step: Go's atomic.Int32.  TypeError for what is no int.

    >>> x = Int32(2**31 - 1)
    >>> x.add(1)
    -2147483648
    >>> x.compare_and_swap(-2147483648, 5), x.load()
    (True, 5)
    """

    __slots__ = ()

    def __init__(self, value: int | Never = 0, /) -> None:
        super().__init__(value, _MASK_32, _HALF_32)


@final
class Int64(_Integer):
    """An int64 that changes in one step: Go's atomic.Int64.  TypeError for what is no int.

    >>> Int64().add(-1)
    -1
    """

    __slots__ = ()

    def __init__(self, value: int | Never = 0, /) -> None:
        super().__init__(value, _MASK_64, _HALF_64)


@final
class Uint32(_Integer):
    """A uint32 that changes in one step: Go's atomic.Uint32.  TypeError for what is no int.

    >>> Uint32().add(-1)
    4294967295
    """

    __slots__ = ()

    def __init__(self, value: int | Never = 0, /) -> None:
        super().__init__(value, _MASK_32, 0)


@final
class Uint64(_Integer):
    """A uint64 that changes in one step: Go's atomic.Uint64.  TypeError for what is no int.

    >>> Uint64().add(-1)
    18446744073709551615
    """

    __slots__ = ()

    def __init__(self, value: int | Never = 0, /) -> None:
        super().__init__(value, _MASK_64, 0)


@final
class Bool(Polled):
    """A bool that changes in one step: Go's atomic.Bool.  TypeError for what is no bool.

    >>> ready = Bool()
    >>> ready.swap(True), ready.load()
    (False, True)
    """

    __slots__ = ("_value",)

    def __init__(self, value: bool | Never = False, /) -> None:
        if type(value) is not bool:
            raise _no_bool("", value)
        super().__init__()
        self._value: bool = value

    def load(self) -> bool:
        """Give the value."""
        self._poll()
        return self._value

    def store(self, value: bool | Never, /) -> None:
        """Set the value."""
        if type(value) is not bool:
            raise _no_bool(".store", value)
        self._value = value

    def swap(self, new: bool | Never, /) -> bool:
        """Set the value, and give the one before."""
        if type(new) is not bool:
            raise _no_bool(".swap", new)
        self._poll()
        old = self._value
        self._value = new
        return old

    def compare_and_swap(self, old: bool | Never, new: bool | Never, /) -> bool:
        """Set the value to new if it is old, and tell whether it was."""
        if type(old) is not bool:
            raise _no_bool(".compare_and_swap", old)
        if type(new) is not bool:
            raise _no_bool(".compare_and_swap", new)
        self._poll()
        if self._value == old:
            self._value = new
            return True
        return False

    def __repr__(self) -> str:
        return f"Bool({self._value})"

    def __reduce__(self) -> NoReturn:
        raise _no_copy(self)


@final
class Pointer(Polled, Generic[T]):
    """A reference to an object, or None, that changes in one step: Go's atomic.Pointer[T].

    compare_and_swap asks whether it is the same object, not an equal one.

    >>> latest = Pointer[list[int]]()
    >>> first = [1]
    >>> latest.compare_and_swap(None, first), latest.compare_and_swap([1], [2])
    (True, False)
    """

    def __init__(self, value: T | None = None, /) -> None:
        super().__init__()
        self._value: T | None = value

    def load(self) -> T | None:
        """Give the object, or None."""
        self._poll()
        return self._value

    def store(self, value: T | None, /) -> None:
        """Refer to value."""
        self._value = value

    def swap(self, new: T | None, /) -> T | None:
        """Refer to new, and give the object before."""
        self._poll()
        old = self._value
        self._value = new
        return old

    def compare_and_swap(self, old: T | None, new: T | None, /) -> bool:
        """Refer to new if it refers to old, and tell whether it did."""
        self._poll()
        if self._value is old:
            self._value = new
            return True
        return False

    def __repr__(self) -> str:
        return f"Pointer({self._value!r})"

    def __reduce__(self) -> NoReturn:
        raise _no_copy(self)


@final
class Value(Polled):
    """A value that changes in one step, always of the type of the first: Go's atomic.Value.

    Storing None, or a value of another type than the one before, raises Panic.

    >>> config = Value()
    >>> config.load()
    >>> config.store({"debug": True})
    >>> config.load()
    {'debug': True}
    """

    __slots__ = ("_value",)

    def __init__(self) -> None:
        super().__init__()
        self._value: Any = None

    def load(self) -> Any:
        """Give the value; None if nothing has been stored."""
        self._poll()
        return self._value

    def store(self, value: Any, /) -> None:
        """Set the value."""
        if value is None:
            raise Panic("sync/atomic: store of nil value into Value")
        if self._value is not None and type(self._value) is not type(value):
            raise Panic("sync/atomic: store of inconsistently typed value into Value")
        self._value = value

    def swap(self, new: Any, /) -> Any:
        """Set the value, and give the one before; None if there was none."""
        if new is None:
            raise Panic("sync/atomic: swap of nil value into Value")
        self._poll()
        old = self._value
        if old is not None and type(old) is not type(new):
            raise Panic("sync/atomic: swap of inconsistently typed value into Value")
        self._value = new
        return old

    def compare_and_swap(self, old: Any, new: Any, /) -> bool:
        """Set the value to new if it equals old, and tell whether it did; an old of None stands for none."""
        if new is None:
            raise Panic("sync/atomic: compare and swap of nil value into Value")
        if old is not None and type(old) is not type(new):
            raise Panic("sync/atomic: compare and swap of inconsistently typed values")
        self._poll()
        while True:
            value = self._value
            if value is not None and type(value) is not type(new):
                raise Panic("sync/atomic: compare and swap of inconsistently typed value into Value")
            if (old is not None) if value is None else not value == old:  # noqa: SIM201  # Go asks for equal
                return False
            # The user's __eq__ may have let another change it.
            if self._value is value:
                self._value = new
                return True

    def __repr__(self) -> str:
        return f"Value({self._value!r})"

    def __reduce__(self) -> NoReturn:
        raise _no_copy(self)


def _no_bool(method: str, value: object) -> TypeError:
    return TypeError(f"Bool{method}: {value!r} is not a bool; give True or False")


def _no_copy(x: object) -> TypeError:
    return TypeError(f"a {type(x).__name__} cannot be pickled or copied: share the one that there is")
