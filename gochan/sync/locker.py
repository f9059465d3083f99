"""Locker, the type of objects that can be locked and unlocked (Go's sync/mutex.go)."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class Locker(Protocol):
    """An object that can be locked and unlocked, such as a Mutex: Go's sync.Locker.

    A protocol: any object with these two methods is a Locker.

    >>> from gochan import sync
    >>> isinstance(sync.Mutex(), sync.Locker), isinstance(sync.RWMutex().rlocker(), sync.Locker)
    (True, True)
    """

    def lock(self) -> None:
        """Lock it, blocking until that is possible."""
        ...

    def unlock(self) -> None:
        """Unlock it."""
        ...
