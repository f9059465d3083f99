"""Duplicate call suppression: Go's golang.org/x/sync/singleflight, with errors as values."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, NoReturn

from gochan import RecvChan, go, select, singleflight

from ._structs import struct
from ._types import error

__all__ = ["Group", "Result"]


@struct(go="singleflight.Result", names={"val": "Val", "err": "Err", "shared": "Shared"})
class Result:
    """Go's singleflight.Result."""

    val: Any = None
    err: error = None
    shared: bool = False


class Group:
    """A namespace of keys, for each of which at most one call is in flight: Go's singleflight.Group."""

    __slots__ = ("_group",)

    def __init__(self) -> None:
        self._group = singleflight.Group()
        self._group._outcome = _result

    def do(self, key: Hashable, fn: Callable[[], tuple[Any, error]], /) -> tuple[Any, error, bool]:
        """Call fn, or wait for the call of key in flight; return value, error, and whether it is shared.

        >>> from gochan import run
        >>> run(lambda: print(Group().do("key", lambda: (7, None))))
        (7, None, False)
        """
        (value, err), shared = self._group.do(key, fn)
        return value, err, shared

    def do_chan(self, key: Hashable, fn: Callable[[], tuple[Any, error]], /) -> RecvChan[Result]:
        """Do what `do` does in a goroutine; return a channel for its Result."""

        def call() -> tuple[Any, error]:
            try:
                return fn()
            except Exception as panic:
                # gochan's Group would send it as an error.
                _crash(panic)

        found: Any = self._group.do_chan(key, call)
        return found  # type: ignore[no-any-return]

    def forget(self, key: Hashable, /) -> None:
        """Forget key: its next `do` calls its function even if a call is in flight."""
        self._group.forget(key)


def _result(outcome: tuple[Any, error], _: BaseException | None, shared: bool) -> Result:
    return Result(*outcome, shared)


def _crash(panic: Exception) -> NoReturn:
    """End the program with a panic, which no caller of `do` can recover."""

    def again() -> NoReturn:
        raise panic

    go(again)
    select()
