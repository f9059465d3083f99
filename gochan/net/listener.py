"""Listeners, and sockets that are bound to an address (Go's net/dial.go, tcpsock.go and unixsock.go).

Invariants
- A listening socket is non-blocking, and only its FD closes it.
- An accepted connection is never lost, also if a signal handler raises: its descriptor is in a list, which C
  code fills, until the socket object owns it.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice, repeat, starmap
from types import TracebackType
from typing import Any, Self

from .. import time
from .._engine.error import ErrClosed
from .._engine.impl import FD
from .._engine.pickling import refuse_pickling
from .addr import Addr, InetAddr, TCPAddr, UDPAddr, UnixAddr, from_sockaddr, is_wildcard, to_sockaddr
from .conn import (
    READ,
    TCPConn,
    UDPConn,
    UnixConn,
    listens,
    monotonic,
    network_of,
    set_up_tcp,
    socket_of,
)
from .errors import OpError, UnknownNetworkError, op_error
from .lookup import first_ipv4, resolve
from .options import boolean

STREAMS = ("tcp", "tcp4", "tcp6", "unix")
DATAGRAMS = ("udp", "udp4", "udp6", "unixgram")

# If the system's limit is lower, the system uses that.
_BACKLOG = 4096
# The arguments of each call of `accept`: none.
_NOTHING: repeat[tuple[()]] = repeat(())
# The seconds for which `for conn in listener` waits after a temporary error, as in net/http.
_FIRST_DELAY = 0.005
_LAST_DELAY = 1.0


class Listener:
    """Accepts connections, as `listen` makes it: Go's net.Listener.

    `for conn in listener` accepts until the listener is closed.  In a `with` statement it is closed at the
    end.

    >>> from gochan import go, net, run
    >>> def main() -> None:
    ...     with net.listen("tcp", "127.0.0.1:0") as listener:
    ...         @go
    ...         def _() -> None:
    ...             for conn in listener:
    ...                 go(greet, conn)
    ...         with net.dial("tcp", str(listener.addr())) as conn:
    ...             print(conn.read())
    >>> def greet(conn: net.Conn) -> None:
    ...     with conn:
    ...         conn.write(b"hello")
    >>> run(main)
    b'hello'
    """

    __slots__ = ("__weakref__", "_addr", "_fd", "_inherited", "_net", "_path", "_timeout")

    _addr: Addr
    _fd: FD
    # Whether the connections have the options of the listening socket.
    _inherited: bool
    _net: str
    # The path of a Unix socket, which is removed at the end; and the timeout that the socket had before.
    _path: str
    _timeout: float | None

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TypeError("a Listener is made by net.listen or net.from_listening_socket")

    @classmethod
    def _make(cls, sock: socket.socket, network: str) -> Self:
        """Make a listener of a non-blocking socket that listens."""
        self = object.__new__(cls)
        self._fd = FD(sock, sock.fileno(), False)
        self._net = network
        self._addr = from_sockaddr(network, sock.getsockname())
        self._inherited = False
        self._path = ""
        self._timeout = None
        return self

    __reduce__ = refuse_pickling

    def __repr__(self) -> str:
        return f"<{'closed ' if self._fd._closing else ''}Listener {self._net} {self._addr}>"

    def accept(self) -> TCPConn | UnixConn:
        """Wait for the next connection and return it, a TCPConn or UnixConn: Go's Listener.Accept.

        Raises an `OpError`, which is also an `ErrClosed` after close and a `TimeoutError` after the deadline.
        When the process has too many open files (`OpError.temporary()`), it can be called again.
        """
        # C code puts the accepted socket into `accepted`, so no signal handler can raise in between.
        accepted: list[tuple[int, Any]] = []
        sock = socket.socket.__new__(socket.socket)
        try:
            while not accepted:
                try:
                    listening: Any = socket_of(self._fd)
                    self._fd._call(READ, accepted.extend, islice(starmap(listening._accept, _NOTHING), 1))
                except ConnectionAbortedError:
                    # The peer closed the connection before it was accepted.
                    continue
                except OSError as err:
                    raise op_error("accept", self._net, None, self._addr, err, call="accept") from None
            number, sockaddr = accepted[0]
            socket.socket.__init__(sock, listening.family, listening.type, listening.proto, number)
            sock.setblocking(False)
            if self._net == "unix":
                return UnixConn._make(sock, self._net, None, sockaddr)
            if not self._inherited:
                set_up_tcp(sock)
            return TCPConn._make(sock, self._net, None, sockaddr)
        except BaseException:
            if accepted and sock.fileno() < 0:
                # The socket object does not own the descriptor yet.
                os.close(accepted[0][0])
            # Python's own `close` needs attributes that its `__init__` may not have set yet.
            socket.SocketType.close(sock)
            raise

    def __iter__(self) -> Iterator[TCPConn | UnixConn]:
        """Accept connections until the listener is closed.

        When the process has too many open files, it waits for 5 ms to 1 s, as Go's net/http does, and goes
        on.  Raises what else `accept` raises.
        """
        delay = 0.0
        while True:
            try:
                conn = self.accept()
            except ErrClosed:
                return
            except OpError as err:
                if not err.temporary() or err.timeout():
                    raise
                delay = min(2 * delay, _LAST_DELAY) or _FIRST_DELAY
                time.sleep(delay)
                continue
            delay = 0.0
            yield conn

    def close(self) -> None:
        """Stop listening; goroutines in `accept` get an `ErrClosed`.  A second call does nothing.

        Connections that were accepted stay open.  The path of a Unix socket is removed.  Go's Listener.Close.
        """
        if self._fd._close() and self._path:
            path, self._path = self._path, ""
            with suppress(OSError):
                os.unlink(path)

    def addr(self) -> Addr:
        """Return the address that it listens on: Go's Listener.Addr."""
        return self._addr

    def set_deadline(self, t: datetime | None, /) -> None:
        """Set when `accept` ends with TimeoutError: see Conn.set_deadline.  Go's TCPListener.SetDeadline."""
        deadline = monotonic("Listener.set_deadline", t)
        try:
            self._fd._set_deadline(READ, deadline)
        except OSError as err:
            raise op_error("set", self._net, None, self._addr, err) from None

    def set_unlink_on_close(self, unlink: bool, /) -> None:
        """Set whether `close` removes a Unix socket's path; it does by default.  Go's SetUnlinkOnClose.

        Raises `TypeError` if unlink is not a bool.
        """
        boolean("Listener.set_unlink_on_close", unlink)
        name = self._addr.name if unlink and isinstance(self._addr, UnixAddr) else ""
        self._path = "" if name.startswith("@") else name

    def fileno(self) -> int:
        """Return the descriptor's number; -1 after close."""
        return self._fd.fileno()

    def detach(self) -> socket.socket:
        """Return the socket, for Python's own code, without closing it; the listener is closed.

        Raises `ErrClosed` after close.
        """
        try:
            sock: socket.socket = self._fd._detach()
        except OSError as err:
            raise op_error("detach", self._net, None, self._addr, err) from None
        sock.settimeout(self._timeout)
        return sock

    def __enter__(self) -> Self:
        """Return the listener."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None, /
    ) -> None:
        """Close the listener."""
        self.close()


def listen(network: str, address: str, /) -> Listener:
    """Listen on an address: Go's net.Listen.

    network is "tcp", "tcp4", "tcp6" or "unix".  address is "host:port", or a path.  Without a host, or with
    0.0.0.0 or ::, it stands for all addresses of the machine, for "tcp" both IPv4 and IPv6.  With port 0 or
    none, the system chooses a port: see `Listener.addr`.  A host name is looked up, and its first IPv4
    address is used.

    Raises an `OpError`, which is also a `PermissionError`, an `UnknownNetworkError`, and so on.

    >>> from gochan import net
    >>> with net.listen("tcp", "127.0.0.1:0") as listener:
    ...     host, port = net.split_host_port(str(listener.addr()))
    >>> host
    '127.0.0.1'
    """
    addr: Addr | None = None
    try:
        if network not in STREAMS:
            raise UnknownNetworkError(network)
        addr = first_ipv4(resolve(network, address))
        if isinstance(addr, UnixAddr):
            sock = bind(socket.AF_UNIX, socket.SOCK_STREAM, network, addr)
        else:
            assert isinstance(addr, TCPAddr)
            sock = bind_inet(socket.SOCK_STREAM, network, addr)
        try:
            _call("listen", sock.listen, _BACKLOG)
            listener = Listener._make(sock, network)
            if sys.platform == "linux" and network != "unix":
                # The accepted sockets get a copy of the options.
                set_up_tcp(sock)
                listener._inherited = True
            listener.set_unlink_on_close(True)
            return listener
        except BaseException:
            sock.close()
            raise
    except (OSError, ValueError) as err:
        raise op_error("listen", network, None, addr, err, call=getattr(err, "call", "")) from None


def listen_packet(network: str, address: str, /) -> UDPConn | UnixConn:
    """Make a socket for datagrams at an address: Go's net.ListenPacket.

    network is "udp", "udp4", "udp6" or "unixgram"; address is as for `listen`.  Raises `OpError`,
    `UnknownNetworkError`.

    >>> from gochan import net
    >>> with net.listen_packet("udp", "127.0.0.1:0") as conn:
    ...     n = conn.write_to(b"to myself", conn.local_addr())
    ...     data, sender = conn.read_from()
    >>> data
    b'to myself'
    """
    addr: Addr | None = None
    try:
        if network not in DATAGRAMS:
            raise UnknownNetworkError(network)
        addr = first_ipv4(resolve(network, address))
        if isinstance(addr, UnixAddr):
            return UnixConn._make(bind(socket.AF_UNIX, socket.SOCK_DGRAM, network, addr), network, None)
        assert isinstance(addr, UDPAddr)
        return UDPConn._make(bind_inet(socket.SOCK_DGRAM, network, addr), network, None)
    except (OSError, ValueError) as err:
        raise op_error("listen", network, None, addr, err, call=getattr(err, "call", "")) from None


def from_listening_socket(sock: socket.socket, /) -> Listener:
    """Turn a listening Python socket into a listener, which takes it over: Go's net.FileListener.

    `detach` gives it back.  Raises `ValueError` if it does not listen, `UnknownNetworkError` if it is not a
    TCP or Unix socket.

    >>> import socket
    >>> from gochan import net
    >>> with net.from_listening_socket(socket.create_server(("127.0.0.1", 0))) as listener:
    ...     listener.addr().network()
    'tcp'
    """
    network = network_of(sock)
    if not listens(sock):
        raise ValueError(f"net.from_listening_socket: {sock!r} does not listen; use net.from_socket")
    timeout = sock.gettimeout()
    sock.setblocking(False)
    listener = Listener._make(sock, network)
    listener._timeout = timeout
    return listener


# --- sockets ---------------------------------------------------------------------------------------------


def families(network: str, addr: InetAddr) -> list[int]:
    """List the address families to listen with on addr, the best first."""
    if network.endswith("4") or (":" not in addr.ip and not is_wildcard(addr.ip)):
        return [socket.AF_INET]
    if network.endswith("6") or not is_wildcard(addr.ip):
        return [socket.AF_INET6]
    # One socket for both families; IPv4 alone if the system has no IPv6.
    return [socket.AF_INET6, socket.AF_INET]


def bind_inet(kind: int, network: str, addr: InetAddr) -> socket.socket:
    """Make a non-blocking TCP or UDP socket that is bound to addr."""
    *others, last = families(network, addr)
    for family in others:
        try:
            return bind(family, kind, network, addr)
        except OSError as err:
            # No IPv6 here.
            if err.errno not in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL):
                raise
    return bind(last, kind, network, addr)


def bind(family: int, kind: int, network: str, addr: Addr) -> socket.socket:
    """Make a non-blocking socket that is bound to addr."""
    sock = _call("socket", socket.socket, family, kind)
    try:
        sock.setblocking(False)
        if family == socket.AF_INET6:
            # For "tcp" and "udp" a wildcard address takes IPv4, too.
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(network.endswith("6")))
        if kind == socket.SOCK_STREAM and os.name == "posix" and not isinstance(addr, UnixAddr):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if kind == socket.SOCK_DGRAM and not isinstance(addr, UnixAddr):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        _call("bind", sock.bind, to_sockaddr(addr, family))
    except BaseException:
        sock.close()
        raise
    return sock  # type: ignore[no-any-return]


def _call(call: str, fn: Any, *args: Any) -> Any:
    """Call fn, and add the system call's name to an OSError."""
    try:
        return fn(*args)
    except OSError as err:
        err.call = call  # type: ignore[attr-defined]
        raise
