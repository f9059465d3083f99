"""A server's loop: accept, start a goroutine for each connection, and end in order.

What Go's net/http does for HTTP, for any handler: Server.Serve, its "recover and log", and Server.Shutdown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Generic, Protocol, TypeVar

from .. import context, sync, time
from .._engine.defers import defers
from .._engine.impl import Chan, recv, select, send, spawn
from .._engine.seconds import seconds
from .conn import Conn
from .errors import OpError

_C = TypeVar("_C", bound=Conn)
_C_co = TypeVar("_C_co", bound=Conn, covariant=True)

_log = logging.getLogger("gochan.net")


class _Listener(Protocol[_C_co]):
    """The methods that `serve` needs of a listener; those of net and tls have them."""

    def __iter__(self) -> Iterator[_C_co]: ...

    def close(self) -> None: ...


def serve(
    listener: _Listener[_C],
    handler: Callable[[_C], object],
    /,
    *,
    ctx: context.Context | None = None,
    limit: int | None = None,
    grace: float | timedelta | None = None,
    on_error: Callable[[_C, Exception], object] | None = None,
) -> None:
    """Accept connections, and call handler for each in a goroutine of its own: Go's http.Server.Serve.

    The connection is closed when handler returns.  An Exception that leaves handler ends its connection and
    not the server: `on_error(conn, exc)` is called in handler's goroutine, which by default logs it with its
    traceback to the logger "gochan.net".  Errors of the connection itself, such as a reset or a deadline, are
    logged at level INFO without a traceback.  What `on_error` raises ends the program, as KeyboardInterrupt
    does.

    - `limit` is how many connections are served at a time; further ones wait in the system's queue.
    - When `ctx` is done, the listener is closed, and `serve` returns when the last handler has returned, as
      Go's Server.Shutdown does.  The same happens when the listener is closed elsewhere.
    - After that, handlers have `grace` seconds (or a timedelta).  Then their connections are closed, which
      ends their reads and writes with `ErrClosed`.  By default, there is no limit.

    Raises `TypeError` and `ValueError` for wrong arguments.  If `accept` fails, closes the listener and
    raises the exception of `accept`; but if the process has too many open files, waits until it has fewer.

    >>> from gochan import context, go, net, run
    >>> def main() -> None:
    ...     listener = net.listen("tcp", "127.0.0.1:0")
    ...     with context.with_cancel(context.background()) as ctx:
    ...         @go
    ...         def _() -> None:
    ...             net.serve(listener, greet, ctx=ctx)
    ...         with net.dial("tcp", str(listener.addr())) as conn:
    ...             print(conn.read())
    >>> def greet(conn: net.Conn) -> None:
    ...     conn.write(b"hello")
    >>> run(main)
    b'hello'
    """
    if not callable(handler):
        raise TypeError(f"net.serve: {handler!r} is not callable; give a function of a Conn")
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int)):
        raise TypeError(f"net.serve: limit is {limit!r}, want an int, or None for no limit")
    if limit is not None and limit < 1:
        raise ValueError(f"net.serve: limit is {limit}, want at least 1, or None for no limit")
    if ctx is not None:
        context.check_context("net.serve", ctx)
    patience = None if grace is None else seconds("net.serve", grace)
    server = _Server(handler, _report if on_error is None else on_error, limit, ctx)
    stop = None if ctx is None else context.after_func(ctx, listener.close)
    try:
        server.accept_all(listener)
    finally:
        if stop is not None:
            stop()
        listener.close()
    server.wait(patience)


class _Server(Generic[_C]):
    """The connections that one call of `serve` has accepted, and their handlers.

    Invariants
    - A connection is in `_conns` from before its handler starts until the connection is closed.
    - `_tokens` holds one value for each of these connections.
    """

    def __init__(
        self,
        handler: Callable[[_C], object],
        report: Callable[[_C, Exception], object],
        limit: int | None,
        ctx: context.Context | None,
    ) -> None:
        # A handler may defer and recover, as a function that `go` starts.
        self._handler = defers(handler)
        self._report = report
        # None: there is no limit.
        self._tokens = None if limit is None else Chan[None](limit)
        self._done = None if ctx is None else ctx.done()
        self._conns: set[_C] = set()
        self._handlers = sync.WaitGroup()

    def accept_all(self, listener: _Listener[_C]) -> None:
        """Accept connections, and start their handlers, until the listener is closed or ctx is done."""
        accepted = iter(listener)
        while self._wait_for_room():
            conn = next(accepted, None)
            if conn is None:
                return
            self._conns.add(conn)
            self._handlers.add(1)
            spawn(self._handle, (conn,))

    def _wait_for_room(self) -> bool:
        """Wait until one more connection may be served; return False if ctx is done first."""
        return self._tokens is None or select(send(self._tokens, None), recv(self._done))[0] == 0

    def _handle(self, conn: _C) -> None:
        try:
            try:
                with conn:
                    self._handler(conn)
            except Exception as exc:
                self._report(conn, exc)
        finally:
            self._conns.discard(conn)
            if self._tokens is not None:
                self._tokens.recv()
            self._handlers.done()

    def wait(self, patience: float | None) -> None:
        """Wait for the handlers; close the connections of those that take more than `patience` seconds."""
        if patience is None:
            self._handlers.wait()
            return
        timer = time.after_func(patience, self._close_all)
        try:
            self._handlers.wait()
        finally:
            timer.stop()

    def _close_all(self) -> None:
        for conn in list(self._conns):
            # Each one in its own goroutine, because closing a TLS connection may wait for the peer.
            spawn(conn.close)


def _report(conn: Conn, exc: Exception) -> None:
    """Log an exception that left a handler."""
    remote = conn.remote_addr()
    if _is_own(conn, exc):
        _log.info("net.serve: %s: %s", remote, exc)
    else:
        _log.error("net.serve: error serving %s", remote, exc_info=exc)


def _is_own(conn: Conn, exc: Exception) -> bool:
    """Return whether exc is an error of conn itself, not of the program or of another connection."""
    if isinstance(exc, OpError):
        return (exc.source, exc.addr) == (conn.local_addr(), conn.remote_addr())
    if hasattr(conn, "connection_state"):
        # A tls.Conn, whose errors are Python's and don't know the connection.
        from ssl import SSLError

        return isinstance(exc, SSLError)
    return False
