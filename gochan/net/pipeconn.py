"""A connection in memory (Go's net/pipe.go)."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from operator import index
from typing import Any, TypeAlias, TypeVar, final

from .. import time
from .._engine.error import Panic
from .._engine.impl import Chan, Mutex, default, recv, select, send
from .._engine.keep import keep
from .._engine.pickling import refuse_pickling
from .addr import Addr, PipeAddr
from .conn import SIZE, Conn, Data, Writable
from .errors import ErrClosedPipe
from .options import deadline as check_deadline

_T = TypeVar("_T")

# Data, and the channel for the number of bytes that were read.
_Packet: TypeAlias = tuple[memoryview, Chan[int]]
# The incoming data of one end, and the channel that is closed with it.
_Half: TypeAlias = tuple[Chan[_Packet], Chan[None]]


class _Deadline:
    """A channel that is closed when the deadline passes: Go's pipeDeadline."""

    __slots__ = ("_cancel", "_current", "_lock", "_timers")

    def __init__(self) -> None:
        self._lock = Mutex()
        # The timer; and earlier timers that still have to be stopped, because a signal handler has raised in
        # `set`.
        self._timers: list[time.Timer] = []
        # A new object for each call of `set`: only the last one's timer closes the channel.
        self._current: object = None
        self._cancel = Chan[None]()

    def set(self, t: datetime | None) -> None:
        current = object()
        left = math.inf if t is None else time.until(t)
        with self._lock:
            closed = _closed(self._cancel)
            fresh = Chan[None]() if closed and left > 0 else self._cancel
            old = self._timers[:]
            if t is not None and left > 0:
                keep(self._timers, time.after_func, left, partial(self._pass, current))
            self._current, self._cancel = current, fresh
            if left <= 0 and not closed:
                fresh.close()
            _stop(old)
            del self._timers[: len(old)]

    def _pass(self, current: object) -> None:
        """Close the channel, unless the deadline has been changed."""
        with self._lock:
            if self._current is current:
                self._cancel.close()

    def wait(self) -> Chan[None]:
        with self._lock:
            return self._cancel


def _stop(timers: list[time.Timer]) -> None:
    for timer in timers:
        timer.stop()


@final
class PipeConn(Conn):
    """One end of a `net.pipe`."""

    __slots__ = (
        "_data",
        "_done",
        "_kept",
        "_peer_data",
        "_peer_done",
        "_read_deadline",
        "_write_deadline",
        "_write_lock",
    )

    def __init__(self, ours: _Half, peers: _Half) -> None:
        self._data, self._done = ours
        self._peer_data, self._peer_done = peers
        # Data that a read took before an exception ended it.
        self._kept = b""
        self._write_lock = Mutex()
        self._read_deadline = _Deadline()
        self._write_deadline = _Deadline()

    def read(self, n: int = SIZE, /) -> bytes:
        """Read at most n bytes: see Conn.read."""
        n = index(n)
        if n < 0:
            raise ValueError(f"Conn.read: got {n}, want 0 or more bytes")
        # The buffer is made when the size of the data is known: n may be large.
        return self._receive(n, bytes) or b""

    def read_into(self, buffer: Writable, /) -> int:
        """Read into a writable buffer: see Conn.read_into."""
        # Before anything is taken from the writer, who then waits for the answer.
        got: list[int] = []
        try:
            with memoryview(buffer) as view, view.cast("B") as into:
                if into.readonly:
                    raise BufferError("Conn.read_into: the buffer is not writable")

                def take(data: memoryview) -> int:
                    into[: len(data)] = data
                    return len(data)

                got += (self._receive(len(into), take) or 0,)
        except BaseException:
            if got:
                # A signal handler has raised when the views were released: the data is for the next read.
                self._kept = bytes(memoryview(buffer).cast("B")[: got[0]]) + self._kept
            raise
        return got[0]

    def _receive(self, most: int, take: Callable[[memoryview], _T]) -> _T | None:
        """Return take(data) for the next data, at most `most` bytes; None at the end."""
        if _closed(self._done):
            raise ErrClosedPipe
        if self._kept:
            n = min(most, len(self._kept))
            kept, rest = self._kept[:n], self._kept[n:]
            taken = take(memoryview(kept))
            self._kept = rest
            return taken
        if _closed(self._peer_done):
            return None
        deadline = self._read_deadline.wait()
        if _closed(deadline):
            raise TimeoutError("read pipe: i/o timeout")
        results: list[tuple[int, _Packet | None, bool]] = []
        acked: list[None] = []
        n = 0
        try:
            cases = recv(self._data), recv(self._done), recv(self._peer_done), recv(deadline)
            keep(results, select, *cases)
            case, packet, _ = results[0]
            if packet is not None:
                data, acks = packet
                n = min(most, len(data))
                taken = take(data[:n])
                keep(acked, acks.send, n)
                return taken
        except BaseException:
            if acked and packet is not None:
                self._kept = bytes(packet[0][:n])
            elif results and results[0][1] is not None:
                # Nothing was taken; the writer goes on.
                results[0][1][1].send(0)
            raise
        if case == 1:
            raise ErrClosedPipe
        if case == 2:
            return None
        raise TimeoutError("read pipe: i/o timeout")

    def write(self, data: Data, /) -> int:
        """Write all of data: see Conn.write.  The other end has read it when this returns."""
        if _closed(self._done) or _closed(self._peer_done):
            raise ErrClosedPipe
        deadline = self._write_deadline.wait()
        if _closed(deadline):
            raise TimeoutError("write pipe: i/o timeout")
        # In CPython 3.13, if a signal handler raises where a loop inside a `with` jumps back, `__exit__` is
        # not called.
        with self._write_lock:
            return self._write(memoryview(data).cast("B"), deadline)

    def _write(self, rest: memoryview, deadline: Chan[None]) -> int:
        total = 0
        # One empty packet for no data.
        while True:
            # Each packet has its own channel with a buffer, so the reader never waits, even if an exception
            # has ended this write.
            acks = Chan[int](1)
            packet = rest, acks
            case, _, _ = select(
                send(self._peer_data, packet), recv(self._done), recv(self._peer_done), recv(deadline)
            )
            if case in (1, 2):
                raise ErrClosedPipe
            if case == 3:
                raise TimeoutError("write pipe: i/o timeout")
            n = acks.recv()
            rest = rest[n:]
            total += n
            if not rest:
                return total

    def close(self) -> None:
        """Close the connection: see Conn.close."""
        # Not with a sync.Once, which would not try again after an exception such as RecursionError.
        with suppress(Panic):
            self._done.close()

    __reduce__ = refuse_pickling

    def local_addr(self) -> Addr:
        """Return the address of a pipe."""
        return PipeAddr()

    def remote_addr(self) -> Addr:
        """Return the address of a pipe."""
        return PipeAddr()

    def set_read_deadline(self, t: datetime | None, /) -> None:
        """Set when reads end with TimeoutError: see Conn.set_deadline."""
        self._set(self._read_deadline, check_deadline("Conn.set_read_deadline", t))

    def set_write_deadline(self, t: datetime | None, /) -> None:
        """Set when writes end with TimeoutError: see Conn.set_deadline."""
        self._set(self._write_deadline, check_deadline("Conn.set_write_deadline", t))

    def _set(self, deadline: _Deadline, t: datetime | None) -> None:
        if _closed(self._done) or _closed(self._peer_done):
            raise ErrClosedPipe
        deadline.set(t)


def _closed(done: Chan[Any]) -> bool:
    return select(recv(done), default)[0] == 0


def pipe() -> tuple[Conn, Conn]:
    """Make a connection in memory, without a buffer, and return its two ends: Go's net.Pipe.

    A write returns when the other end has read all of it.  A pipe needs no descriptor, and works in
    `synctest`.  After either end's close a write raises an `ErrClosed`, which is also a `BrokenPipeError`,
    and so does a read from a closed end.

    >>> from gochan import go, net, run
    >>> def main() -> None:
    ...     here, there = net.pipe()
    ...     go(there.write, b"hello")
    ...     print(here.read())
    >>> run(main)
    b'hello'
    """
    first = Chan[Any](), Chan[None]()
    second = Chan[Any](), Chan[None]()
    return PipeConn(first, second), PipeConn(second, first)
