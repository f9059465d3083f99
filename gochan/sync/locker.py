"""Locker, the type of whatever can be locked (Go's sync/mutex.go).

A protocol, and so not compiled: mypyc makes no class of it that isinstance accepts.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class Locker(Protocol):
    """What can be locked and unlocked: Go's sync.Locker.  For annotations, and for what a Cond goes with.

    >>> from gochan import sync
    >>> isinstance(sync.Mutex(), sync.Locker), isinstance(sync.RWMutex().rlocker(), sync.Locker)
    (True, True)
    """

    def lock(self) -> None:
        """Lock it, waiting until that can be done."""
        ...

    def unlock(self) -> None:
        """Unlock it."""
        ...
