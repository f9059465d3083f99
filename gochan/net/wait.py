"""Waiting for other libraries' descriptors."""

from __future__ import annotations

import errno
import os
import select
from contextlib import suppress
from datetime import timedelta
from io import FileIO
from typing import Protocol, TypeAlias

from .._engine.impl import FD, sched
from .._engine.seconds import seconds
from .conn import READ, WRITE
from .options import MOST


class HasFileno(Protocol):
    """An object with a descriptor: a socket, a file, a database connection."""

    def fileno(self) -> int:
        """Return the descriptor's number."""
        ...


Descriptor: TypeAlias = int | HasFileno

_HAS_POLL = hasattr(select, "poll")


def wait_readable(fd: Descriptor, /, timeout: float | timedelta | None = None) -> None:
    """Wait until a descriptor can be read without blocking, while other goroutines run.

    fd is a number, or an object with a method `fileno()`, such as a socket or another library's connection.
    At the end of a stream, and after an error, it is readable, too.

    Raises `TimeoutError` after timeout, a number of seconds or a timedelta; `OSError` if fd is not open;
    `TypeError` if it is not a descriptor.

    >>> import socket
    >>> from gochan import go, net, run
    >>> def main() -> None:
    ...     a, b = socket.socketpair()
    ...     with a, b:
    ...         go(b.send, b"ping")
    ...         net.wait_readable(a)
    ...         print(a.recv(10))
    >>> run(main)
    b'ping'
    """
    _wait(fd, READ, timeout, "net.wait_readable")


def wait_writable(fd: Descriptor, /, timeout: float | timedelta | None = None) -> None:
    """Wait until a descriptor can be written to without blocking: see `wait_readable`.

    Raises what `wait_readable` raises.

    >>> import socket
    >>> from gochan import net
    >>> a, b = socket.socketpair()
    >>> with a, b:
    ...     net.wait_writable(a)
    """
    _wait(fd, WRITE, timeout, "net.wait_writable")


def _wait(of: Descriptor, mode: bool, timeout: float | timedelta | None, call: str) -> None:
    left = None if timeout is None else min(4e9, max(0.0, seconds(call, timeout)))
    number = _number(of, call)
    # This is first: with a timeout of 0, the call only asks whether the descriptor is ready.
    with suppress(BlockingIOError):
        _check(number, mode)
        return
    # A copy, because the original may be closed, or waited for elsewhere, under its own number.  The FileIO
    # closes the copy.  Windows cannot copy sockets, and needs no copy, because it has no epoll.
    copy: FileIO | None = None
    if os.name == "posix":
        # By map, so that no signal handler can raise before the FileIO owns the number.
        copy = next(map(FileIO, map(os.dup, (number,))))
        number = copy.fileno()
    fd = FD(copy, number, False)
    try:
        if left is not None:
            fd._set_deadline(mode, max(1, sched.now() + int(left * 1e9)))
        fd._call(mode, _check, number, mode)
    except TimeoutError:
        raise TimeoutError(f"{call}: i/o timeout") from None
    finally:
        fd._close()


def _number(of: Descriptor, call: str) -> int:
    """Return a descriptor's number."""
    number = of.fileno() if hasattr(of, "fileno") else of
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError(f"{call}: {of!r} is not a descriptor; give its number, or an object with fileno()")
    if not 0 <= number <= MOST:
        # That of a closed socket is -1.
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return number


def _check(number: int, mode: bool) -> None:
    """Raise BlockingIOError unless a descriptor is ready."""
    if _HAS_POLL:
        poll = select.poll()
        poll.register(number, select.POLLOUT if mode else select.POLLIN | select.POLLPRI)
        found = poll.poll(0)
        if found and found[0][1] & select.POLLNVAL:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        if found:
            return
    else:
        wanted = [number]
        if any(select.select([] if mode else wanted, wanted if mode else [], wanted, 0)):
            return
    raise BlockingIOError
