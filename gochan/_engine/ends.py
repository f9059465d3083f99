"""RecvChan and SendChan, the types of a channel's two ends, for annotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar, runtime_checkable

T_co = TypeVar("T_co", covariant=True)
T_contra = TypeVar("T_contra", contravariant=True)


@runtime_checkable
class RecvChan(Protocol[T_co]):
    """The type of a channel's receiving end, for annotations: Go's `<-chan T`.

    Every Chan is a RecvChan.

    >>> from gochan import Chan, RecvChan
    >>> def total(numbers: RecvChan[int]) -> int:
    ...     return sum(numbers)
    >>> ch = Chan[int](2)
    >>> ch << 1
    >>> ch << 2
    >>> ch.close()
    >>> total(ch)
    3
    """

    def recv(self) -> T_co:
        """Receive the next value: see Chan.recv."""
        ...

    def recv_ok(self) -> tuple[T_co, bool]:
        """Receive a value; return it and True, or the zero value and False: see Chan.recv_ok."""
        ...

    def __iter__(self) -> Iterator[T_co]: ...

    def __next__(self) -> T_co: ...

    def __len__(self) -> int: ...

    @property
    def cap(self) -> int:
        """The capacity of the buffer: see Chan.cap."""
        ...


@runtime_checkable
class SendChan(Protocol[T_contra]):
    """The type of a channel's sending end, for annotations: Go's `chan<- T`.

    Every Chan is a SendChan.

    >>> from gochan import Chan, SendChan
    >>> def count(numbers: SendChan[int], n: int) -> None:
    ...     for i in range(n):
    ...         numbers << i
    ...     numbers.close()
    >>> ch = Chan[int](3)
    >>> count(ch, 3)
    >>> list(ch)
    [0, 1, 2]
    """

    def send(self, v: T_contra, /) -> None:
        """Send v: see Chan.send."""
        ...

    def __lshift__(self, v: T_contra, /) -> None: ...

    def close(self) -> None:
        """Close the channel: see Chan.close."""
        ...

    def __len__(self) -> int: ...

    @property
    def cap(self) -> int:
        """The capacity of the buffer: see Chan.cap."""
        ...


# The public module that exports them.
for _public in (RecvChan, SendChan):
    _public.__module__ = "gochan"
