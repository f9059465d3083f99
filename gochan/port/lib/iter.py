"""Go's package iter, and the iterators of slices, maps and strings.

A sequence of Go is a function that calls another for each value.  A `Seq` is that, and also iterable, so that
`for x in seq` works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar, cast

__all__ = ["Seq", "Seq2", "pull", "pull2", "values_of"]

V = TypeVar("V")
K = TypeVar("K")


class Seq(Generic[V]):
    """Go's iter.Seq of an iterable: a function that starts anew with each use."""

    __slots__ = ("_start",)

    def __init__(self, start: Callable[[], Iterator[V]]) -> None:
        self._start = start

    def __iter__(self) -> Iterator[V]:
        return self._start()

    def __call__(self, yield_: Callable[[V], bool]) -> None:
        for value in self._start():
            if not yield_(value):
                return


class Seq2(Generic[K, V]):
    """Go's iter.Seq2 of an iterable of pairs: a function that starts anew with each use."""

    __slots__ = ("_start",)

    def __init__(self, start: Callable[[], Iterator[tuple[K, V]]]) -> None:
        self._start = start

    def __iter__(self) -> Iterator[tuple[K, V]]:
        return self._start()

    def __call__(self, yield_: Callable[[K, V], bool]) -> None:
        for key, value in self._start():
            if not yield_(key, value):
                return


def values_of(seq: Any) -> Iterable[Any]:
    """Return all values of a sequence, pairs as tuples; a sequence that is a function runs to its end."""
    if hasattr(seq, "__iter__"):
        return cast("Iterable[Any]", seq)
    found: list[Any] = []

    def take(*values: Any) -> bool:
        found.append(values[0] if len(values) == 1 else values)
        return True

    seq(take)
    return found


def pull(seq: Any, zero: Any = None) -> tuple[Callable[[], tuple[Any, bool]], Callable[[], None]]:
    """Return next and stop of a sequence; next returns (zero, False) at its end."""
    take, stop = _pull(seq)

    def next_() -> tuple[Any, bool]:
        values = take()
        return (zero, False) if values is None else (values[0], True)

    return next_, stop


def pull2(
    seq: Any, zero: Any = None, zero2: Any = None
) -> tuple[Callable[[], tuple[Any, Any, bool]], Callable[[], None]]:
    """Return next and stop of a sequence of pairs; next returns (zero, zero2, False) at its end."""
    take, stop = _pull(seq)

    def next_() -> tuple[Any, Any, bool]:
        values = take()
        return (zero, zero2, False) if values is None else (values[0], values[1], True)

    return next_, stop


def _pull(seq: Any) -> tuple[Callable[[], tuple[Any, ...] | None], Callable[[], None]]:
    """Run a sequence in a goroutine that is a coroutine of the caller's: one of both waits."""
    from gochan import Chan, go

    wanted: Chan[bool] = Chan()
    given: Chan[Any] = Chan()
    state = "new"
    failure: BaseException | None = None

    def give(*values: Any) -> bool:
        given.send(values)
        return wanted.recv()

    def produce() -> None:
        nonlocal failure
        try:
            if wanted.recv():
                seq(give)
        except Exception as exc:
            failure = exc
        given.send(None)

    def ask(more: bool) -> tuple[Any, ...] | None:
        nonlocal state
        if state == "done" or (state == "new" and not more):
            state = "done"
            return None
        if state == "new":
            state = "running"
            go(produce)
        wanted.send(more)
        values: tuple[Any, ...] | None = given.recv()
        if values is None:
            state = "done"
            if failure is not None:
                raise failure
        return values

    def stop() -> None:
        ask(False)

    return lambda: ask(True), stop
