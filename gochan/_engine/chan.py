"""close and cap, which also accept None, Go's nil channel."""

from __future__ import annotations

from typing import Any, NoReturn, overload

from .ends import RecvChan, SendChan
from .error import Panic
from .impl import Chan


@overload
def close(ch: SendChan[Any], /) -> None: ...
@overload
def close(ch: None, /) -> NoReturn: ...
def close(ch: SendChan[Any] | None, /) -> None:
    """Close a channel: Go's `close(ch)`.  See Chan.close.

    Raises `Panic` if ch is None (Go's nil channel) or closed already, `TypeError` if it is not a Chan.

    >>> from gochan import Chan, close
    >>> ch = Chan[str](1)
    >>> ch << "last"
    >>> close(ch)
    >>> list(ch)
    ['last']
    """
    if isinstance(ch, Chan):
        ch.close()
    elif ch is None:
        raise Panic("close of nil channel")
    else:
        raise TypeError(f"close: {ch!r} is not a Chan")


def cap(ch: RecvChan[Any] | SendChan[Any] | None, /) -> int:
    """Return the capacity of a channel's buffer: Go's `cap(ch)`.

    Returns 0 if ch is None (Go's nil channel).  Raises `TypeError` if ch is not a Chan.

    >>> from gochan import Chan, cap
    >>> cap(Chan[int](3)), cap(Chan[int]()), cap(None)
    (3, 0, 0)
    """
    if isinstance(ch, Chan):
        return ch.cap
    if ch is None:
        return 0
    raise TypeError(f"cap: {ch!r} is not a Chan")
