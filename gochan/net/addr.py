"""Addresses (Go's net/tcpsock.go, udpsock.go, unixsock.go and ipsock.go).

They are tuples, which never change, so that goroutines and threads can share them.  `from_sockaddr` and
`to_sockaddr` convert them from and to what Python's sockets take.
"""

from __future__ import annotations

import socket
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable


@runtime_checkable
class Addr(Protocol):
    """The address of one end of a connection: `str(addr)` is text such as "127.0.0.1:80".  Go's net.Addr.

    >>> from gochan import net
    >>> addr = net.TCPAddr("::1", 80)
    >>> isinstance(addr, net.Addr), addr.network(), str(addr)
    (True, 'tcp', '[::1]:80')
    """

    def network(self) -> str:
        """Return the network's name, such as "tcp": Go's Addr.Network."""
        ...


class TCPAddr(NamedTuple):
    """The address of a TCP socket: Go's net.TCPAddr.

    >>> from gochan import net
    >>> str(net.TCPAddr("127.0.0.1", 8080))
    '127.0.0.1:8080'
    """

    ip: str
    port: int
    zone: str = ""

    def network(self) -> str:
        """Return "tcp"."""
        return "tcp"

    def __str__(self) -> str:
        return _host_port(self.ip, self.port, self.zone)


class UDPAddr(NamedTuple):
    """The address of a UDP socket: Go's net.UDPAddr.

    >>> from gochan import net
    >>> str(net.UDPAddr("::1", 53))
    '[::1]:53'
    """

    ip: str
    port: int
    zone: str = ""

    def network(self) -> str:
        """Return "udp"."""
        return "udp"

    def __str__(self) -> str:
        return _host_port(self.ip, self.port, self.zone)


class UnixAddr(NamedTuple):
    """The address of a Unix socket: its path, and the network "unix" or "unixgram".  Go's net.UnixAddr.

    A name that begins with "@" is in Linux's abstract namespace; "@" alone is a socket without a name.

    >>> from gochan import net
    >>> str(net.UnixAddr("/run/server.sock", "unix"))
    '/run/server.sock'
    """

    name: str
    net: str

    def network(self) -> str:
        """Return "unix" or "unixgram"."""
        return self.net

    def __str__(self) -> str:
        return self.name


class PipeAddr(NamedTuple):
    """The address of both ends of a `net.pipe`."""

    def network(self) -> str:
        """Return "pipe"."""
        return "pipe"

    def __str__(self) -> str:
        return "pipe"


InetAddr: TypeAlias = TCPAddr | UDPAddr


def _host_port(ip: str, port: int, zone: str) -> str:
    host = f"{ip}%{zone}" if zone else ip
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def from_sockaddr(network: str, sockaddr: Any) -> Addr:
    """Return the Addr for an address as Python's sockets return it."""
    if network.startswith("unix"):
        name = sockaddr.decode(errors="surrogateescape") if isinstance(sockaddr, bytes) else sockaddr or ""
        if not name:
            name = "@"
        elif name[0] == "\0":
            name = "@" + name[1:]
        return UnixAddr(name, network)
    ip, _, zone = sockaddr[0].partition("%")
    if not zone and len(sockaddr) == 4 and sockaddr[3]:
        try:
            zone = socket.if_indextoname(sockaddr[3])
        except OSError:
            zone = str(sockaddr[3])
    # An IPv4 peer of a socket for both families.
    if ip.startswith("::ffff:") and "." in ip:
        ip = ip[7:]
    kind = UDPAddr if network.startswith("udp") else TCPAddr
    return kind(ip, sockaddr[1], zone)


def to_sockaddr(addr: Addr, family: int) -> Any:
    """Return addr in the form that Python's sockets take."""
    if isinstance(addr, UnixAddr):
        return unix_path(addr.name)
    assert isinstance(addr, (TCPAddr, UDPAddr))
    if family != socket.AF_INET6:
        return "" if addr.ip == "::" else addr.ip, addr.port
    ip = addr.ip or "::"
    if ":" not in ip:
        ip = "::" if ip == "0.0.0.0" else f"::ffff:{ip}"
    return ip, addr.port, 0, scope_id(addr.zone)


def scope_id(zone: str) -> int:
    """Return the number of an IPv6 zone, which is the name of an interface or a number."""
    if not zone:
        return 0
    return int(zone) if zone.isdecimal() else socket.if_nametoindex(zone)


def unix_path(name: str) -> str:
    """Return a Unix socket's name as the system takes it."""
    return "\0" + name[1:] if name.startswith("@") else name


def is_wildcard(ip: str) -> bool:
    """Return whether an IP means every local address."""
    return ip in ("", "0.0.0.0", "::")
