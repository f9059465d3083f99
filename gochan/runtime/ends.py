"""The two ends of a channel, as types for annotations.

Protocols, and so not compiled: mypyc makes no class of them that isinstance accepts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar, runtime_checkable

T_co = TypeVar("T_co", covariant=True)
T_contra = TypeVar("T_contra", contravariant=True)


@runtime_checkable
class RecvChan(Protocol[T_co]):
    """A channel seen from the end that receives: Go's `<-chan T`.  Every Chan is one; for annotations.

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
        """See Chan.recv."""
        ...

    def recv_ok(self) -> tuple[T_co, bool]:
        """See Chan.recv_ok."""
        ...

    def __iter__(self) -> Iterator[T_co]: ...

    def __next__(self) -> T_co: ...

    def __len__(self) -> int: ...

    @property
    def cap(self) -> int:
        """See Chan.cap."""
        ...


@runtime_checkable
class SendChan(Protocol[T_contra]):
    """A channel seen from the end that sends: Go's `chan<- T`.  Every Chan is one; for annotations.

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
        """See Chan.send."""
        ...

    def __lshift__(self, v: T_contra, /) -> None: ...

    def close(self) -> None:
        """See Chan.close."""
        ...

    def __len__(self) -> int: ...

    @property
    def cap(self) -> int:
        """See Chan.cap."""
        ...
