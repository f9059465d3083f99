"""Connections (Go's net/net.go, tcpsock.go, udpsock.go and unixsock.go).

`Conn` is what every stream has, also a pipe in memory and TLS.  `SocketConn` and its subclasses are sockets,
which the engine's `FD` reads, writes and waits for.

Invariants
- The socket is non-blocking, and only the FD closes it, so that its number is not used again under a call.
- An error of the system is raised as an `OpError`, which has the connection's addresses.  This end's is noted
  before the socket is closed or given away.
"""

from __future__ import annotations

import io
import os
import socket
import struct
from abc import ABC, abstractmethod
from contextlib import suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias, overload

from .. import time
from .._engine.arguments import check_int
from .._engine.error import ErrClosed
from .._engine.impl import FD, clock, sched
from .._engine.instant import Time
from .addr import Addr, UDPAddr, UnixAddr, from_sockaddr, to_sockaddr
from .errors import OpError, UnknownNetworkError, op_error
from .options import KEEP_ALIVE, MOST, boolean, keep_alive_period
from .options import deadline as check_deadline

# What can be written, and read into.
Data: TypeAlias = bytes | bytearray | memoryview
Writable: TypeAlias = bytearray | memoryview

READ = False
WRITE = True

# How much `read` gets at most, and how large a buffer of `makefile` is.
SIZE = 65536
# Go's number of keep-alive probes.
KEEP_ALIVE_PROBES = 9
# The latest time of the monotonic clock, in ns.
_LATEST = 2**62
# The most seconds that `set_linger` takes: Windows has an unsigned short for them.
_LONGEST_LINGER = 65535 if os.name == "nt" else MOST


class Conn(ABC):
    """A stream between two ends: Go's net.Conn.  `dial`, `Listener.accept`, `pipe` and tls make them.

    Every method may be called by several goroutines, and from other threads.  Reads wait for each other, and
    so do writes.  `close` ends those that wait with `ErrClosed`.  A read or write that an exception ends
    (the program's end, KeyboardInterrupt) leaves the connection usable.

    In a `with` statement the connection is closed at the end.  It is an abstract class: a Conn of your own
    defines the methods that have no body here.

    >>> from gochan import go, net, run
    >>> def main() -> None:
    ...     with net.listen("tcp", "127.0.0.1:0") as listener:
    ...         @go
    ...         def _() -> None:
    ...             with listener.accept() as conn:
    ...                 conn.write(b"hello, " + conn.read())
    ...         with net.dial("tcp", str(listener.addr())) as conn:
    ...             conn.write(b"gopher")
    ...             print(conn.read())
    >>> run(main)
    b'hello, gopher'
    """

    __slots__ = ()

    @abstractmethod
    def read(self, n: int = SIZE, /) -> bytes:
        """Read at most n bytes, waiting for the first; b"" at the end of the stream: Go's Conn.Read.

        Raises an `OpError`, which is also a `TimeoutError` after the deadline and an `ErrClosed` after close;
        `ValueError` if n is negative.
        """

    @abstractmethod
    def read_into(self, buffer: Writable, /) -> int:
        """Read into a writable buffer, waiting for the first byte; return how many, 0 at the end.

        Raises what `read` raises.
        """

    @abstractmethod
    def write(self, data: Data, /) -> int:
        """Write all of data, and return its length in bytes: Go's Conn.Write.

        Parks while the other side does not keep up.  Raises an `OpError`, which is also a `TimeoutError`
        after the deadline (a part of data may then be sent), an `ErrClosed` after close, and so on.
        """

    @abstractmethod
    def close(self) -> None:
        """Close the connection; reads and writes that wait end with `ErrClosed`.  A second call does nothing.

        Go's Conn.Close.
        """

    @abstractmethod
    def local_addr(self) -> Addr:
        """Return the address of this end: Go's Conn.LocalAddr."""

    @abstractmethod
    def remote_addr(self) -> Addr | None:
        """Return the address of the other end; None if there is none: Go's Conn.RemoteAddr."""

    def set_deadline(self, t: datetime | None, /) -> None:
        """Set the time after which current and later reads and writes raise TimeoutError: Go's SetDeadline.

        t is a datetime, such as `time.now() + timedelta(seconds=5)`, or None for no deadline.  If t has
        passed, they raise at once.  Raises `TypeError` if t is not a datetime, `ErrClosed` after close.
        """
        check_deadline("Conn.set_deadline", t)
        self.set_read_deadline(t)
        self.set_write_deadline(t)

    @abstractmethod
    def set_read_deadline(self, t: datetime | None, /) -> None:
        """Set when reads end with TimeoutError; see `set_deadline`.  Go's Conn.SetReadDeadline."""

    @abstractmethod
    def set_write_deadline(self, t: datetime | None, /) -> None:
        """Set when writes end with TimeoutError; see `set_deadline`.  Go's Conn.SetWriteDeadline."""

    @overload
    def makefile(
        self,
        mode: Literal["r", "w"] = "r",
        buffering: int = -1,
        *,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> io.TextIOWrapper: ...
    @overload
    def makefile(self, mode: Literal["rb"], buffering: int = -1) -> io.BufferedReader: ...
    @overload
    def makefile(self, mode: Literal["wb"], buffering: int = -1) -> io.BufferedWriter: ...
    @overload
    def makefile(self, mode: Literal["rwb"], buffering: int = -1) -> io.BufferedRWPair: ...
    def makefile(
        self,
        mode: Literal["r", "w", "rb", "wb", "rwb"] = "r",
        buffering: int = -1,
        *,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> io.TextIOWrapper | io.BufferedReader | io.BufferedWriter | io.BufferedRWPair:
        """Return a file for the connection, as Python's socket.makefile does.

        `for line in conn.makefile("rb")` reads lines.  mode is "r", "w", "rb", "wb" or "rwb", buffering the
        buffer's size in bytes.  A file is for one goroutine, or for one that reads and one that writes.
        Closing the file does not close the connection.  Raises `ValueError` for another mode.
        """
        size = SIZE if buffering < 0 else max(1, buffering)
        if mode == "rwb":
            return io.BufferedRWPair(_Raw(self, True), _Raw(self, False), size)
        if mode not in ("r", "w", "rb", "wb"):
            raise ValueError(f'Conn.makefile: got mode {mode!r}, want "r", "w", "rb", "wb" or "rwb"')
        raw = _Raw(self, mode[0] == "r")
        binary: Any = io.BufferedReader(raw, size) if mode[0] == "r" else io.BufferedWriter(raw, size)
        if mode.endswith("b"):
            return binary  # type: ignore[no-any-return]
        return io.TextIOWrapper(binary, encoding or "utf-8", errors, newline)

    def __enter__(self) -> Self:
        """Return the connection."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None, /
    ) -> None:
        """Close the connection."""
        self.close()


class _Raw(io.RawIOBase):
    """The raw file below a buffered one of `Conn.makefile`."""

    def __init__(self, conn: Conn, reads: bool) -> None:
        super().__init__()
        self._conn = conn
        self._reads = reads

    def readable(self) -> bool:
        return self._reads

    def writable(self) -> bool:
        return not self._reads

    def readinto(self, buffer: Any, /) -> int:
        return self._conn.read_into(buffer)

    def write(self, data: Any, /) -> int:
        return self._conn.write(data)


class SocketConn(FD, Conn):
    """What TCP, UDP and Unix connections have in common; the engine's FD reads and writes."""

    __slots__ = ("_laddr", "_net", "_peername", "_raddr", "_sockname", "_timeout")

    _net: str
    # The addresses, made from those of Python's socket on first use; None if an address is not known yet or
    # does not exist.
    _laddr: Addr | None
    _raddr: Addr | None
    _sockname: Any
    _peername: Any
    # The timeout that the socket had when it was passed to `from_socket`.
    _timeout: float | None

    def __new__(cls, *args: object, **kwargs: object) -> Self:
        raise TypeError(f"a {cls.__name__} is made by net.dial, Listener.accept or net.from_socket")

    @classmethod
    def _make(cls, sock: socket.socket, network: str, raddr: Addr | None, peername: Any = None) -> Self:
        """Make a connection from a non-blocking socket; the peer's address may be Python's or a net.Addr."""
        self = FD.__new__(cls, sock, sock.fileno(), cls is TCPConn)
        self._net = network
        self._raddr = raddr
        self._peername = peername
        self._laddr = self._sockname = None
        self._timeout = None
        return self

    def __repr__(self) -> str:
        state = "closed " if self._closing else ""
        return f"<{state}{type(self).__name__} {self.local_addr()}->{self.remote_addr() or ''}>"

    def close(self) -> None:
        """Close the connection: see Conn.close."""
        self._note_sockname()
        self._close()

    def _note_sockname(self) -> None:
        """Remember this end's address, for errors after close."""
        sock = self._owner
        if self._laddr is None and sock is not None:
            with suppress(OSError):
                self._sockname = sock.getsockname()

    def local_addr(self) -> Addr:
        """Return the address of this end: see Conn.local_addr."""
        if self._laddr is None:
            self._note_sockname()
            if self._sockname is None:
                # The descriptor was closed by its number before anything used its address.
                self._sockname = "" if self._net.startswith("unix") else ("", 0)
            self._laddr = from_sockaddr(self._net, self._sockname)
        return self._laddr

    def remote_addr(self) -> Addr | None:
        """Return the address of the other end; None for a socket that has none: see Conn.remote_addr."""
        if self._raddr is None and self._peername is not None:
            self._raddr = from_sockaddr(self._net, self._peername)
        return self._raddr

    def set_deadline(self, t: datetime | None, /) -> None:
        """Set when reads and writes end with TimeoutError: see Conn.set_deadline."""
        self._set_deadlines("Conn.set_deadline", t, READ, WRITE)

    def set_read_deadline(self, t: datetime | None, /) -> None:
        """Set when reads end with TimeoutError: see Conn.set_deadline."""
        self._set_deadlines("Conn.set_read_deadline", t, READ)

    def set_write_deadline(self, t: datetime | None, /) -> None:
        """Set when writes end with TimeoutError: see Conn.set_deadline."""
        self._set_deadlines("Conn.set_write_deadline", t, WRITE)

    def _set_deadlines(self, call: str, t: datetime | None, *modes: bool) -> None:
        """Set the deadline t, which a call was given, for operations of these modes."""
        deadline = monotonic(call, t)
        try:
            for mode in modes:
                self._set_deadline(mode, deadline)
        except OSError as err:
            raise self._set_error(err) from None

    def set_read_buffer(self, size: int, /) -> None:
        """Set the size of the system's receive buffer in bytes: Go's SetReadBuffer.

        The system may round it, and has a limit.  Raises `TypeError` if size is not an int, `ValueError` if
        it is negative or above 2**31 - 1.
        """
        size = check_int("Conn.set_read_buffer", "number of bytes", size, 0, MOST)
        self._set(socket.SOL_SOCKET, socket.SO_RCVBUF, size)

    def set_write_buffer(self, size: int, /) -> None:
        """Set the size of the system's send buffer in bytes: Go's SetWriteBuffer.

        Raises what `set_read_buffer` raises.
        """
        size = check_int("Conn.set_write_buffer", "number of bytes", size, 0, MOST)
        self._set(socket.SOL_SOCKET, socket.SO_SNDBUF, size)

    def detach(self) -> socket.socket:
        """Return the connection's socket, for Python's own code; close the connection, but not the socket.

        Goroutines that wait for the connection get an `ErrClosed`.  The socket is blocking, or has the
        timeout that it had when it was passed to `from_socket`.  Raises `ErrClosed` after close.  Go's
        TCPConn.File returns a copy instead.
        """
        self._note_sockname()
        try:
            sock: socket.socket = self._detach()
        except OSError as err:
            raise self._error("detach", err) from None
        sock.settimeout(self._timeout)
        return sock

    def _error(self, operation: str, err: Exception, call: str = "", addr: Addr | None = None) -> OpError:
        source = self.local_addr()
        return op_error(operation, self._net, source, addr or self.remote_addr(), err, call=call or operation)

    def _set_error(self, err: BaseException) -> OpError:
        return op_error("set", self._net, None, self.local_addr(), err, call="setsockopt")

    def _set(self, level: int, option: int, value: int | bytes) -> None:
        """Set an option of the socket."""
        try:
            socket_of(self).setsockopt(level, option, value)
        except OSError as err:
            raise self._set_error(err) from None


class StreamConn(SocketConn):
    """What TCP and Unix stream connections have in common."""

    __slots__ = ()

    def close_read(self) -> None:
        """Shut down the reading side: reads then return b"".  Go's CloseRead.  Raises `OpError`."""
        self._shut_down(socket.SHUT_RD)

    def close_write(self) -> None:
        """Shut down the writing side: the peer's reads return b"" at the end.  Go's CloseWrite.

        Raises `OpError`.
        """
        self._shut_down(socket.SHUT_WR)

    def _shut_down(self, how: int) -> None:
        try:
            socket_of(self).shutdown(how)
        except OSError as err:
            raise self._error("close", err, "shutdown") from None


class TCPConn(StreamConn):
    """A TCP connection: Go's net.TCPConn.

    It sends small packets at once (no delay), and probes an idle peer every 15 s, as in Go.

    >>> from gochan import net
    >>> with net.listen("tcp", "127.0.0.1:0") as listener:
    ...     conn = net.dial("tcp", str(listener.addr()))
    >>> isinstance(conn, net.TCPConn), conn.remote_addr() == listener.addr()
    (True, True)
    >>> conn.close()
    """

    __slots__ = ()

    def set_no_delay(self, no_delay: bool, /) -> None:
        """Set whether small packets are sent at once, without Nagle's algorithm; they are by default.

        Raises `TypeError` if no_delay is not a bool.  Go's TCPConn.SetNoDelay.
        """
        self._set(socket.IPPROTO_TCP, socket.TCP_NODELAY, int(boolean("TCPConn.set_no_delay", no_delay)))

    def set_keep_alive(self, keep_alive: bool, /) -> None:
        """Set whether an idle peer is probed; it is by default.  Go's TCPConn.SetKeepAlive.

        Raises `TypeError` if keep_alive is not a bool.
        """
        self._set(socket.SOL_SOCKET, socket.SO_KEEPALIVE, int(boolean("TCPConn.set_keep_alive", keep_alive)))

    def set_keep_alive_period(self, d: float | timedelta, /) -> None:
        """Set the interval at which an idle peer is probed; 15 s by default.  Go's SetKeepAlivePeriod.

        d is rounded up to whole seconds; 0 stands for the default.  Raises `TypeError` if d is not a number
        of seconds or a timedelta, `ValueError` if it is negative or above 32767 seconds, about 9 hours.
        """
        period = keep_alive_period("TCPConn.set_keep_alive_period", d)
        try:
            _set_keep_alive_period(socket_of(self), period)
        except OSError as err:
            raise self._set_error(err) from None

    def set_linger(self, sec: int, /) -> None:
        """Set for how many seconds the system tries to send unsent data after close.  Go's SetLinger.

        With 0, the system discards the data and resets the connection.  With a negative number, the default,
        it sends the data in the background.  Raises `TypeError` if sec is not an int, `ValueError` if the
        system has no room for so large a number.
        """
        layout = "HH" if os.name == "nt" else "ii"
        sec = check_int("TCPConn.set_linger", "number of seconds", sec, -MOST, _LONGEST_LINGER)
        self._set(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(layout, sec >= 0, max(0, sec)))


class PacketConn(SocketConn):
    """A socket for datagrams, a UDPConn or a UnixConn: Go's net.PacketConn.

    >>> from gochan import net
    >>> with net.listen_packet("udp", "127.0.0.1:0") as conn:
    ...     isinstance(conn, net.PacketConn)
    True
    """

    __slots__ = ()

    def write(self, data: Data, /) -> int:
        """Send one datagram to the peer that was dialed; return its length in bytes.  Raises `OpError`."""
        try:
            sent: int = self._call(WRITE, socket_of(self).send, data)
        except OSError as err:
            raise self._error("write", err) from None
        return sent

    def read_from(self, n: int = SIZE, /) -> tuple[bytes, Addr]:
        """Receive one datagram, at most n bytes of it; return it and the sender: Go's PacketConn.ReadFrom.

        Raises what `read` raises.
        """
        try:
            data, sockaddr = self._call(READ, socket_of(self).recvfrom, n)
        except OSError as err:
            raise self._error("read", err, "recvfrom") from None
        return data, from_sockaddr(self._net, sockaddr)

    def write_to(self, data: Data, addr: Addr, /) -> int:
        """Send one datagram to addr; return its length in bytes: Go's PacketConn.WriteTo.

        Raises `OpError`, `TypeError` if addr is not a UDPAddr or a UnixAddr.
        """
        if not isinstance(addr, UnixAddr if self._net == "unixgram" else UDPAddr):
            wanted = (
                'UnixAddr("/path", "unixgram")' if self._net == "unixgram" else 'UDPAddr("127.0.0.1", 53)'
            )
            raise TypeError(f"write_to: got {addr!r} ({type(addr).__name__}), want an address: {wanted}")
        try:
            sock = socket_of(self)
            if self.remote_addr() is not None:
                raise OSError("use of write_to with pre-connected connection")
            sent: int = self._call(WRITE, sock.sendto, data, to_sockaddr(addr, sock.family))
        except (OSError, OverflowError) as err:
            raise self._error("write", err, "sendto", addr) from None
        return sent


class UDPConn(PacketConn):
    """A UDP socket, which `listen_packet` or `dial` makes: Go's net.UDPConn.

    >>> from gochan import net
    >>> with net.listen_packet("udp", "127.0.0.1:0") as a, net.listen_packet("udp", "127.0.0.1:0") as b:
    ...     n = a.write_to(b"ping", b.local_addr())
    ...     data, sender = b.read_from()
    >>> data, sender == a.local_addr()
    (b'ping', True)
    """

    __slots__ = ()


class UnixConn(StreamConn, PacketConn):
    """A Unix socket's connection, or a Unix datagram socket: Go's net.UnixConn.

    >>> import socket
    >>> from gochan import net
    >>> left, right = (net.from_socket(sock) for sock in socket.socketpair())
    >>> left.write(b"hello")
    5
    >>> right.read()
    b'hello'
    >>> left.close(), right.close()
    (None, None)
    """

    __slots__ = ()

    def write(self, data: Data, /) -> int:
        """Write all of data, or send one datagram: see Conn.write."""
        return (PacketConn if self._net == "unixgram" else FD).write(self, data)


def socket_of(fd: FD) -> socket.socket:
    """Return the socket, or raise ErrClosed."""
    sock = fd._owner
    if sock is None or fd._closing:
        raise ErrClosed("use of closed network connection")
    return sock  # type: ignore[no-any-return]


def monotonic(call: str, t: datetime | None) -> int:
    """Convert t, the deadline that a call was given, to the monotonic clock, in ns; None to 0."""
    if t is None:
        return 0
    if isinstance(t, Time):
        reading = t.monotonic()
        if reading is not None:
            # In a synctest bubble, the virtual and the real clock differ, and sockets use the real one.
            return max(1, min(sched.now() + reading - clock()[1], _LATEST))
    check_deadline(call, t)
    # Keep the result in the clock's range.
    left = max(-1e9, min(4e9, time.until(t)))
    return max(1, sched.now() + int(left * 1e9))


def set_up_tcp(sock: socket.socket, keep_alive: int = KEEP_ALIVE) -> None:
    """Set Go's defaults; keep_alive is the interval of probes in seconds, < 0 for none."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if keep_alive >= 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        _set_keep_alive_period(sock, keep_alive)
        if _KEEPCNT is not None:
            sock.setsockopt(socket.IPPROTO_TCP, _KEEPCNT, KEEP_ALIVE_PROBES)


_KEEPIDLE: int | None = getattr(socket, "TCP_KEEPIDLE", getattr(socket, "TCP_KEEPALIVE", None))
_KEEPINTVL: int | None = getattr(socket, "TCP_KEEPINTVL", None)
_KEEPCNT: int | None = getattr(socket, "TCP_KEEPCNT", None)


def _set_keep_alive_period(sock: socket.socket, period: int) -> None:
    for option in (_KEEPIDLE, _KEEPINTVL):
        if option is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, period)


def make_conn(sock: socket.socket, network: str, raddr: Addr | None) -> TCPConn | UDPConn | UnixConn:
    """Make the connection of a non-blocking socket in a network."""
    if network.startswith("tcp"):
        return TCPConn._make(sock, network, raddr)
    if network.startswith("udp"):
        return UDPConn._make(sock, network, raddr)
    return UnixConn._make(sock, network, raddr)


def network_of(sock: socket.socket) -> str:
    """Return the name of a socket's network; raise `UnknownNetworkError` if gochan.net has none for it."""
    stream = sock.type == socket.SOCK_STREAM
    if not stream and sock.type != socket.SOCK_DGRAM:
        raise UnknownNetworkError(f"of a socket of type {sock.type!r}")
    if sock.family in (socket.AF_INET, socket.AF_INET6):
        return "tcp" if stream else "udp"
    if sock.family == getattr(socket, "AF_UNIX", None):
        return "unix" if stream else "unixgram"
    raise UnknownNetworkError(f"of a socket of family {sock.family!r}")


def from_socket(sock: socket.socket, /) -> TCPConn | UDPConn | UnixConn:
    """Turn a Python socket into a connection, which takes it over: Go's net.FileConn.

    The socket is set non-blocking, and closed with the connection; `detach` gives it back.  Raises
    `UnknownNetworkError` if it is not a TCP, UDP or Unix socket, `ValueError` if it listens: see
    `from_listening_socket`.

    >>> import socket
    >>> from gochan import net
    >>> a, b = socket.socketpair()
    >>> with net.from_socket(a) as conn:
    ...     conn.write(b"from a goroutine")
    ...     b.recv(100)
    16
    b'from a goroutine'
    >>> b.close()
    """
    network = network_of(sock)
    if listens(sock):
        raise ValueError(f"net.from_socket: {sock!r} listens; use net.from_listening_socket")
    try:
        raddr = from_sockaddr(network, sock.getpeername())
    except OSError:
        # Not connected, as a UDP socket may be.
        raddr = None
    timeout = sock.gettimeout()
    sock.setblocking(False)
    conn = make_conn(sock, network, raddr)
    conn._timeout = timeout
    return conn


def listens(sock: socket.socket) -> bool:
    """Return whether a socket listens."""
    try:
        return bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except (AttributeError, OSError):
        # Not known on this system.
        return False
