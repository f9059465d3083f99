"""Names, ports and addresses (Go's net/lookup.go and ipsock.go).

The system's resolver blocks, so it is called in a thread.  An address in numbers is parsed here, without it.
"""

from __future__ import annotations

import re
import socket
from typing import Any

from .. import thread
from ..context import Context, background, check_context
from .addr import Addr, TCPAddr, UDPAddr, UnixAddr
from .errors import AddrError, DNSError, UnknownNetworkError
from .options import string

# A port's number: its sign, and its digits without the zeros before them.
_NUMBER = re.compile(r"([+-]?)0*([0-9]*)")
_MISSING_PORT = "missing port in address"
_TOO_MANY_COLONS = "too many colons in address"


def split_host_port(hostport: str, /) -> tuple[str, str]:
    """Split "host:port", "[host]:port" or "[ipv6%zone]:port" into host and port: Go's net.SplitHostPort.

    Raises `AddrError` if there is no port, or the brackets of an IPv6 address are missing; `TypeError` if
    hostport is not a str.

    >>> from gochan import net
    >>> net.split_host_port("[::1]:80")
    ('::1', '80')
    >>> net.split_host_port(":http")
    ('', 'http')
    """
    string("net.split_host_port", hostport, "127.0.0.1:80")
    colon = hostport.rfind(":")
    if colon < 0:
        raise AddrError(_MISSING_PORT, hostport)
    begin_host = begin_rest = 0
    if hostport.startswith("["):
        end = hostport.find("]")
        if end < 0:
            raise AddrError("missing ']' in address", hostport)
        if end + 1 == len(hostport):
            raise AddrError(_MISSING_PORT, hostport)
        if end + 1 != colon:
            raise AddrError(_TOO_MANY_COLONS if hostport[end + 1] == ":" else _MISSING_PORT, hostport)
        host = hostport[1:end]
        begin_host, begin_rest = 1, end + 1
    else:
        host = hostport[:colon]
        if ":" in host:
            raise AddrError(_TOO_MANY_COLONS, hostport)
    if "[" in hostport[begin_host:]:
        raise AddrError("unexpected '[' in address", hostport)
    if "]" in hostport[begin_rest:]:
        raise AddrError("unexpected ']' in address", hostport)
    return host, hostport[colon + 1 :]


def join_host_port(host: str, port: str | int, /) -> str:
    """Join host and port to "host:port", or "[host]:port" for an IPv6 address: Go's net.JoinHostPort.

    Raises `TypeError` if host is not a str or port is neither a str nor an int.

    >>> from gochan import net
    >>> net.join_host_port("::1", 80)
    '[::1]:80'
    """
    string("net.join_host_port", host, "127.0.0.1")
    if not isinstance(port, (str, int)) or isinstance(port, bool):
        kind = type(port).__name__
        raise TypeError(f"net.join_host_port: got {port!r} ({kind}) as the port, want an int or a str")
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def lookup_host(host: str, /, ctx: Context | None = None) -> list[str]:
    """Look up a host's addresses, by /etc/hosts and DNS, in a thread: Go's net.LookupHost.

    Raises `DNSError` if there is no such host; `ctx.err()` if ctx ends first; `TypeError` if ctx is not a
    context.

    >>> from gochan import net
    >>> net.lookup_host("127.0.0.1")
    ['127.0.0.1']
    """
    string("net.lookup_host", host, "localhost")
    if ctx is not None:
        check_context("net.lookup_host", ctx)
    return list(dict.fromkeys(addr.ip for addr in _lookup(host, 0, socket.AF_UNSPEC, TCPAddr, ctx)))


def lookup_addr(addr: str, /, ctx: Context | None = None) -> list[str]:
    """Look up the names of an IP address, in a thread: Go's net.LookupAddr.

    Raises `DNSError` if there are none; `ctx.err()` if ctx ends first; `TypeError` if ctx is not a context.

    >>> from gochan import net
    >>> names = net.lookup_addr("127.0.0.1")  # ['localhost'] on most machines
    """
    string("net.lookup_addr", addr, "127.0.0.1")
    if ctx is not None:
        check_context("net.lookup_addr", ctx)
    if _literal(addr) is None:
        raise DNSError("unrecognized address", addr)
    try:
        name, aliases, _ = thread.call(socket.gethostbyaddr, addr, ctx=ctx)
    except (socket.herror, socket.gaierror) as err:
        raise _dns_error(err, addr) from None
    return [name, *aliases]


def lookup_port(network: str, service: str, /) -> int:
    """Return the port of a service such as "http", or of a number such as "80": Go's net.LookupPort.

    Raises `DNSError` for an unknown service, `AddrError` for a number that is not a port.

    >>> from gochan import net
    >>> net.lookup_port("tcp", "8080")
    8080
    """
    protocol = string("net.lookup_port", network, "tcp").rstrip("46") or "tcp"
    if not string("net.lookup_port", service, "http"):
        return 0
    # As in Go, a sign alone is 0, and only ASCII digits count.
    number = _NUMBER.fullmatch(service)
    if number is not None:
        sign, digits = number.groups()
        if len(digits) > 5 or int(digits or "0") > 65535 or (sign == "-" and digits):
            raise AddrError("invalid port", service)
        return int(digits or "0")
    try:
        return socket.getservbyname(service, protocol)
    except (OSError, ValueError):
        raise DNSError("unknown port", f"{network}/{service}", is_not_found=True) from None


def resolve_tcp_addr(network: str, address: str, /) -> TCPAddr:
    """Make a TCPAddr of "host:port", looking up a name: Go's net.ResolveTCPAddr.

    network is "tcp", "tcp4" or "tcp6".  Raises `AddrError`, `DNSError`, `UnknownNetworkError`.

    >>> from gochan import net
    >>> net.resolve_tcp_addr("tcp", "127.0.0.1:80").port
    80
    """
    if network not in ("tcp", "tcp4", "tcp6"):
        raise UnknownNetworkError(network)
    addr = resolve(network, address)[0]
    assert isinstance(addr, TCPAddr)
    return addr


def resolve_udp_addr(network: str, address: str, /) -> UDPAddr:
    """Make a UDPAddr of "host:port", looking up a name: Go's net.ResolveUDPAddr.

    network is "udp", "udp4" or "udp6".  Raises `AddrError`, `DNSError`, `UnknownNetworkError`.

    >>> from gochan import net
    >>> net.resolve_udp_addr("udp", "127.0.0.1:53").port
    53
    """
    if network not in ("udp", "udp4", "udp6"):
        raise UnknownNetworkError(network)
    addr = resolve(network, address)[0]
    assert isinstance(addr, UDPAddr)
    return addr


def resolve(network: str, address: str, ctx: Context | None = None) -> list[Addr]:
    """Return the addresses of "host:port", or of a path, in network, in the system's order of preference.

    An empty host is the wildcard address.  Raises `TypeError` if address is not a str, `AddrError` if it is
    malformed or has no address in network, `DNSError` if the name or the service is not known, and
    `ctx.err()` if ctx ends first.
    """
    if not isinstance(address, str):
        raise TypeError(f"net: got {address!r} as an address, want a str such as '127.0.0.1:80'")
    if network.startswith("unix"):
        return [UnixAddr(address, network)]
    host, service = split_host_port(address) if address else ("", "")
    port = lookup_port(network, service)
    kind = UDPAddr if network.startswith("udp") else TCPAddr
    if not host:
        return [kind("", port)]
    family = {"4": socket.AF_INET, "6": socket.AF_INET6}.get(network[-1], socket.AF_UNSPEC)
    found = _lookup(host, port, family, kind, ctx)
    if not found:
        raise AddrError("no suitable address found", host)
    return list(found)


def first_ipv4(addrs: list[Addr]) -> Addr:
    """Return the first IPv4 address, or the first: what Go listens on for a name."""
    return next((addr for addr in addrs if ":" not in str(getattr(addr, "ip", ":"))), addrs[0])


def _literal(host: str) -> tuple[int, str, str] | None:
    """Parse an IP address; return its family, itself and its zone."""
    ip, _, zone = host.partition("%")
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            packed = socket.inet_pton(family, ip)
        except (OSError, ValueError):
            continue
        if zone and family == socket.AF_INET:
            return None
        text = socket.inet_ntop(family, packed)
        if text.startswith("::ffff:") and "." in text:
            return socket.AF_INET, text[7:], ""
        return family, text, zone
    return None


def _lookup(host: str, port: int, family: int, kind: Any, ctx: Context | None) -> list[Any]:
    literal = _literal(host)
    if literal is not None:
        known, ip, zone = literal
        return [kind(ip, port, zone)] if family in (known, socket.AF_UNSPEC) else []
    if not host or "\0" in host:
        raise DNSError("no such host", host, is_not_found=True)
    ctx = ctx or background()
    try:
        infos = thread.call(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, ctx=ctx)
    except socket.gaierror as err:
        raise _dns_error(err, host) from None
    except UnicodeError:
        raise DNSError("no such host", host, is_not_found=True) from None
    found: dict[Any, None] = {}
    for _, _, _, _, sockaddr in infos:
        ip, _, zone = str(sockaddr[0]).partition("%")
        found[kind(ip, port, zone)] = None
    return list(found)


def _dns_error(err: OSError, name: str) -> DNSError:
    codes = {getattr(socket, code, None) for code in ("EAI_NONAME", "EAI_NODATA")} - {None}
    missing = isinstance(err, socket.herror) or err.errno in codes
    text = "no such host" if missing else str(err.strerror or err).lower()
    return DNSError(text, name, err.errno, is_not_found=missing)
