"""Duplicate call suppression: Go's golang.org/x/sync/singleflight, with errors as values."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from gochan import RecvChan, singleflight
from gochan.singleflight import Result

from ._panics import catch, raising
from ._types import error

__all__ = ["Group", "Result"]


class Group:
    """A namespace of keys, for each of which at most one call is in flight: Go's singleflight.Group."""

    __slots__ = ("_group",)

    def __init__(self) -> None:
        self._group = singleflight.Group()

    def do(self, key: Hashable, fn: Callable[[], tuple[Any, Any]], /) -> tuple[Any, error, bool]:
        """Call fn, or wait for the call of key in flight; return value, error, and whether it is shared.

        >>> from gochan import run
        >>> run(lambda: print(Group().do("key", lambda: (7, None))))
        (7, None, False)
        """
        value: Any = None
        mine: Any = None

        def first() -> Any:
            # Called if no other call of key is in flight.
            nonlocal mine
            mine = self._group._calls.get(key)
            return raising(fn)()

        def call() -> None:
            nonlocal value
            value, _ = self._group.do(key, first)

        err = catch(call)
        return value, err, mine is None or mine.dups > 0

    def do_chan(self, key: Hashable, fn: Callable[[], tuple[Any, Any]], /) -> RecvChan[Result[Any]]:
        """Do what `do` does in a goroutine; return a channel for its Result.

        Its err may be an exception that carries the error.
        """
        return self._group.do_chan(key, raising(fn))

    def forget(self, key: Hashable, /) -> None:
        """Forget key: its next `do` calls its function even if a call is in flight."""
        self._group.forget(key)
