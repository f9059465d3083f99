"""Receives with Go's zero values, and channels that may be nil."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn, TypeVar

from gochan import RecvChan, SendChan, select

from ._zero import zero

T = TypeVar("T")


def _make_zero(of: Any) -> Any:
    if of.__class__.__name__ == "function":
        return of()
    return zero(of)


def recv_zero(ch: RecvChan[T] | None, of: Any, /) -> T:
    """Receive a value; of a closed channel, the zero value of a type, or what a function makes: Go's <-ch."""
    if ch is None:
        forever()
    value, ok = ch.recv_ok()
    return value if ok else _make_zero(of)


def recv_ok_zero(ch: RecvChan[T] | None, of: Any, /) -> tuple[T, bool]:
    """Receive a value and whether the channel was open, with a zero value as `recv_zero` has it."""
    if ch is None:
        forever()
    value, ok = ch.recv_ok()
    return (value, True) if ok else (_make_zero(of), False)


def forever() -> NoReturn:
    """Block forever, as an operation on a nil channel does."""
    while True:
        select()


def chan_recv(ch: RecvChan[T] | None, /) -> T:
    """Receive from a channel that may be nil."""
    return forever() if ch is None else ch.recv()


def chan_recv_ok(ch: RecvChan[T] | None, /) -> tuple[T, bool]:
    """Receive from a channel that may be nil, and return whether it was open."""
    return forever() if ch is None else ch.recv_ok()


def chan_send(ch: SendChan[T] | None, v: T, /) -> None:
    """Send to a channel that may be nil."""
    if ch is None:
        forever()
    ch.send(v)


def chan_range(ch: RecvChan[T] | None, /) -> Iterator[T]:
    """Range over a channel that may be nil."""
    return forever() if ch is None else iter(ch)


def chan_len(ch: RecvChan[Any] | SendChan[Any] | None, /) -> int:
    """Return the number of values in the buffer of a channel that may be nil."""
    return 0 if ch is None else len(ch)
