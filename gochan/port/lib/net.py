"""Go's package net, by gochan's: the same sockets, with Go's slices and errors as results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol, TypeAlias, TypeVar

import gochan.net as _net
from gochan.net import (
    AddrError,
    DNSError,
    ErrClosed,
    OpError,
    UnknownNetworkError,
    join_host_port,
)

from ._common import Slice, bytes_of, fill, new_error, strings_of
from ._panics import catch, catch_value
from ._types import error as _error
from ._types import go_name, nil
from .io import EOF

T = TypeVar("T")

__all__ = [
    "DEFAULT_RESOLVER",
    "Addr",
    "AddrError",
    "Conn",
    "DNSError",
    "Dialer",
    "ErrClosed",
    "Error",
    "Listener",
    "OpError",
    "PacketConn",
    "Resolver",
    "TCPAddr",
    "TCPConn",
    "TCPListener",
    "UDPAddr",
    "UDPConn",
    "UnixAddr",
    "UnixConn",
    "UnixListener",
    "UnknownNetworkError",
    "dial",
    "dial_tcp",
    "dial_timeout",
    "dial_udp",
    "dial_unix",
    "join_host_port",
    "listen",
    "listen_packet",
    "listen_tcp",
    "listen_udp",
    "listen_unix",
    "lookup_addr",
    "lookup_host",
    "lookup_port",
    "pipe",
    "resolve_tcp_addr",
    "resolve_udp_addr",
    "split_host_port",
]


@go_name("net.Error")
class Error(Protocol):
    """Go's net.Error, an error that may be a timeout."""

    def error(self) -> str: ...
    def timeout(self) -> bool: ...
    def temporary(self) -> bool: ...


def _catch(zero: Any, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, _error]:
    """Call fn; return its result and None, or zero and the error that it raised."""
    value, err = catch_value(fn, *args, **kwargs)
    return (value if err is None else zero), err


def _moment(t: Any) -> datetime | None:
    """Return a time of gochan.port.lib.time as gochan has it; None for the zero time."""
    if t is None or isinstance(t, datetime):
        return t
    return None if t.is_zero() else datetime.fromtimestamp(t.unix_nano() / 1e9, UTC)


def _seconds(d: Any) -> Any:
    """Return a duration in seconds: an int is one of nanoseconds."""
    return d / 1e9 if isinstance(d, int) else d


class Addr:
    """Go's net.Addr: an address of gochan's with Go's methods."""

    __slots__ = ("_addr",)

    def __init__(self, addr: Any) -> None:
        self._addr = addr

    def string(self) -> str:
        return str(self._addr)

    __str__ = string

    def network(self) -> str:
        return self._addr.network()  # type: ignore[no-any-return]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Addr) and self._addr == other._addr

    def __hash__(self) -> int:
        return hash(self._addr)


class _InternetAddr(Addr):
    __slots__ = ()

    @property
    def port(self) -> int:
        return self._addr.port  # type: ignore[no-any-return]


class TCPAddr(_InternetAddr):
    """Go's net.TCPAddr."""

    __slots__ = ()
    __go_name__ = "net.TCPAddr"


class UDPAddr(_InternetAddr):
    """Go's net.UDPAddr."""

    __slots__ = ()
    __go_name__ = "net.UDPAddr"


class UnixAddr(Addr):
    """Go's net.UnixAddr."""

    __slots__ = ()
    __go_name__ = "net.UnixAddr"


_ADDRESSES = {_net.TCPAddr: TCPAddr, _net.UDPAddr: UDPAddr, _net.UnixAddr: UnixAddr}


def _address(addr: Any) -> Addr:
    return nil if addr is None else _ADDRESSES.get(addr.__class__, Addr)(addr)


def _plain(addr: Any) -> Any:
    return addr._addr if isinstance(addr, Addr) else addr


class _Socket:
    """What connections and listeners have in common."""

    __slots__ = ("_conn",)

    def __init__(self, conn: Any) -> None:
        self._conn = conn

    def close(self) -> _error:
        return catch(self._conn.close)

    def set_deadline(self, t: Any) -> _error:
        return catch(self._conn.set_deadline, _moment(t))


class Conn(_Socket):
    """Go's net.Conn, TCPConn, UDPConn and UnixConn."""

    __slots__ = ()

    def read(self, b: Any) -> tuple[int, _error]:
        data, err = self._read(len(b))
        return fill(b, data), err

    def _read(self, n: int) -> tuple[bytes, _error]:
        if n == 0:
            return b"", None
        data, err = _catch(b"", self._conn.read, n)
        return data, EOF if err is None and not data and not isinstance(self._conn, _net.UDPConn) else err

    def write(self, b: Any) -> tuple[int, _error]:
        return self._write(bytes_of(b))

    def _write(self, data: bytes) -> tuple[int, _error]:
        return _catch(0, self._conn.write, data)

    def local_addr(self) -> Addr:
        return _address(self._conn.local_addr())

    def remote_addr(self) -> Addr:
        return _address(self._conn.remote_addr())

    def set_read_deadline(self, t: Any) -> _error:
        return catch(self._conn.set_read_deadline, _moment(t))

    def set_write_deadline(self, t: Any) -> _error:
        return catch(self._conn.set_write_deadline, _moment(t))

    def close_read(self) -> _error:
        return catch(self._conn.close_read)

    def close_write(self) -> _error:
        return catch(self._conn.close_write)

    def set_no_delay(self, no_delay: bool) -> _error:
        return catch(self._conn.set_no_delay, no_delay)

    def set_keep_alive(self, keep_alive: bool) -> _error:
        return catch(self._conn.set_keep_alive, keep_alive)

    def set_keep_alive_period(self, d: Any) -> _error:
        return catch(self._conn.set_keep_alive_period, _seconds(d))

    def set_linger(self, sec: int) -> _error:
        return catch(self._conn.set_linger, sec)

    def read_from(self, b: Any) -> tuple[int, Addr, _error]:
        (data, addr), err = _catch((b"", None), self._conn.read_from, len(b))
        return fill(b, data), _address(addr), err

    def write_to(self, b: Any, addr: Any) -> tuple[int, _error]:
        return _catch(0, self._conn.write_to, bytes_of(b), _plain(addr))

    read_from_udp = read_from_unix = read_from
    write_to_udp = write_to_unix = write_to


TCPConn: TypeAlias = Conn
UnixConn: TypeAlias = Conn


class PacketConn(Conn):
    """Go's net.PacketConn and UDPConn: io.Copy writes to it as to any other writer."""

    __slots__ = ()


UDPConn: TypeAlias = PacketConn


class Listener(_Socket):
    """Go's net.Listener."""

    __slots__ = ()

    def accept(self) -> tuple[Conn, _error]:
        conn, err = _catch(None, self._conn.accept)
        return (nil if conn is None else Conn(conn)), err

    accept_tcp = accept_unix = accept

    def addr(self) -> Addr:
        return _address(self._conn.addr())


TCPListener: TypeAlias = Listener
UnixListener: TypeAlias = Listener


def _made(kind: Callable[[Any], T], fn: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[T, _error]:
    made, err = _catch(None, fn, *args, **kwargs)
    return (nil if made is None else kind(made)), err


def listen(network: str, address: str) -> tuple[Listener, _error]:
    return _made(Listener, _net.listen, network, address)


def listen_packet(network: str, address: str) -> tuple[PacketConn, _error]:
    return _made(PacketConn, _net.listen_packet, network, address)


def dial(network: str, address: str) -> tuple[Conn, _error]:
    return _made(_conn, _net.dial, network, address)


def dial_timeout(network: str, address: str, timeout: Any) -> tuple[Conn, _error]:
    return _made(_conn, _net.dial_timeout, network, address, _seconds(timeout))


def dial_tcp(network: str, laddr: Any, raddr: Any) -> tuple[Conn, _error]:
    return _dial_to("tcp", network, laddr, raddr)


def dial_udp(network: str, laddr: Any, raddr: Any) -> tuple[Conn, _error]:
    return _dial_to("udp", network, laddr, raddr)


def dial_unix(network: str, laddr: Any, raddr: Any) -> tuple[Conn, _error]:
    return _dial_to("unix", network, laddr, raddr)


def _dial_to(kind: str, network: str, laddr: Any, raddr: Any) -> tuple[Conn, _error]:
    if (err := _wrong_network("dial", kind, network, raddr)) is not None:
        return nil, err
    if raddr is None:
        return nil, OpError("dial", network, None, _plain(laddr), new_error("missing address"))
    if laddr is None:
        return dial(network, str(raddr))
    dialer = _net.Dialer(local_addr=_plain(laddr))
    return _made(_conn, dialer.dial, network, str(raddr))


def listen_tcp(network: str, laddr: Any) -> tuple[Listener, _error]:
    err = _wrong_network("listen", "tcp", network, laddr)
    return (nil, err) if err is not None else listen(network, ":0" if laddr is None else str(laddr))


def listen_udp(network: str, laddr: Any) -> tuple[PacketConn, _error]:
    err = _wrong_network("listen", "udp", network, laddr)
    return (nil, err) if err is not None else listen_packet(network, ":0" if laddr is None else str(laddr))


def listen_unix(network: str, laddr: Any) -> tuple[Listener, _error]:
    err = _wrong_network("listen", "unix", network, laddr)
    return (nil, err) if err is not None else listen(network, "" if laddr is None else str(laddr))


def _wrong_network(op: str, kind: str, network: str, addr: Any) -> Any:
    if network in (kind, f"{kind}4", f"{kind}6"):
        return None
    return OpError(op, network, None, _plain(addr), UnknownNetworkError(network))


def _conn(conn: Any) -> Conn:
    return PacketConn(conn) if isinstance(conn, _net.UDPConn) else Conn(conn)


def pipe() -> tuple[Conn, Conn]:
    a, b = _net.pipe()
    return Conn(a), Conn(b)


class Dialer:
    """Go's net.Dialer, with a timeout."""

    __slots__ = ("timeout",)

    def __init__(self, timeout: Any = 0) -> None:
        self.timeout = timeout

    def dial(self, network: str, address: str) -> tuple[Conn, _error]:
        return dial_timeout(network, address, self.timeout) if self.timeout else dial(network, address)

    def dial_context(self, ctx: Any, network: str, address: str) -> tuple[Conn, _error]:
        dialer = _net.Dialer(timeout=_seconds(self.timeout)) if self.timeout else _net.Dialer()
        return _made(_conn, dialer.dial_context, ctx, network, address)


def lookup_host(host: str) -> tuple[Slice[str], _error]:
    found, err = _catch([], _net.lookup_host, host)
    return strings_of(list(found) or None), err


def lookup_addr(addr: str) -> tuple[Slice[str], _error]:
    found, err = _catch([], _net.lookup_addr, addr)
    return strings_of(list(found) or None), err


class Resolver:
    """Go's net.Resolver, the system's own."""

    __slots__ = ()

    def lookup_host(self, ctx: Any, host: str) -> tuple[Slice[str], _error]:
        found, err = _catch([], _net.lookup_host, host, ctx)
        return strings_of(list(found) or None), err

    def lookup_addr(self, ctx: Any, addr: str) -> tuple[Slice[str], _error]:
        found, err = _catch([], _net.lookup_addr, addr, ctx)
        return strings_of(list(found) or None), err


DEFAULT_RESOLVER = Resolver()


def lookup_port(network: str, service: str) -> tuple[int, _error]:
    return _catch(0, _net.lookup_port, network, service)


def resolve_tcp_addr(network: str, address: str) -> tuple[TCPAddr, _error]:
    found: tuple[Any, _error] = _made(_address, _net.resolve_tcp_addr, network, address)
    return found


def resolve_udp_addr(network: str, address: str) -> tuple[UDPAddr, _error]:
    found: tuple[Any, _error] = _made(_address, _net.resolve_udp_addr, network, address)
    return found


def split_host_port(hostport: str) -> tuple[str, str, _error]:
    (host, port), err = _catch(("", ""), _net.split_host_port, hostport)
    return host, port, err
