"""Addresses and look-ups."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from gochan import context, go, net, time


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("localhost:http", "localhost", "http"),
        ("127.0.0.1:80", "127.0.0.1", "80"),
        ("[::1]:80", "::1", "80"),
        ("[fe80::1%eth0]:80", "fe80::1%eth0", "80"),
        (":80", "", "80"),
        ("host:", "host", ""),
        ("[]:80", "", "80"),
    ],
)
def test_split_host_port(text: str, host: str, port: str) -> None:
    assert net.split_host_port(text) == (host, port)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "missing port in address"),
        ("abc", "address abc: missing port in address"),
        ("a:b:c", "address a:b:c: too many colons in address"),
        ("::1", "address ::1: too many colons in address"),
        ("[::1", "address [::1: missing ']' in address"),
        ("[::1]", "address [::1]: missing port in address"),
        ("[::1]80", "address [::1]80: missing port in address"),
        ("[::1]x:1", "address [::1]x:1: missing port in address"),
        ("[::1]:1:2", "address [::1]:1:2: too many colons in address"),
        ("[a[b]:1", "address [a[b]:1: unexpected '[' in address"),
        ("a]b:1", "address a]b:1: unexpected ']' in address"),
    ],
)
def test_bad_addresses(text: str, fault: str) -> None:
    with pytest.raises(net.AddrError) as caught:
        net.split_host_port(text)
    assert str(caught.value) == fault
    assert isinstance(caught.value, ValueError)


def test_join_host_port() -> None:
    assert net.join_host_port("127.0.0.1", "80") == "127.0.0.1:80"
    assert net.join_host_port("fe80::1%eth0", 80) == "[fe80::1%eth0]:80"
    assert net.join_host_port("", "http") == ":http"


def test_addr() -> None:
    addr = net.TCPAddr("::1", 80, "lo")
    assert str(addr) == "[::1%lo]:80"
    assert addr == net.TCPAddr("::1", 80, "lo") != net.TCPAddr("::1", 80)
    ip, port, zone = addr
    assert (ip, port, zone) == ("::1", 80, "lo")
    for other in (addr, net.UDPAddr("1.2.3.4", 5), net.UnixAddr("/x", "unix")):
        assert isinstance(other, net.Addr)
    assert net.UDPAddr("1.2.3.4", 5).network() == "udp"
    assert net.UnixAddr("/x", "unixgram").network() == "unixgram"


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (lambda: net.split_host_port(5), "net.split_host_port: 5 is not a str; give one such as"),
        (lambda: net.split_host_port(b"a:1"), "net.split_host_port: b'a:1' is not a str"),
        (lambda: net.join_host_port(None, 80), "net.join_host_port: None is not a str"),
        (lambda: net.join_host_port("a", 80.0), "net.join_host_port: got 80.0 (float) as the port"),
        (lambda: net.join_host_port("a", True), "net.join_host_port: got True (bool) as the port"),
        (lambda: net.lookup_host(5), "net.lookup_host: 5 is not a str; give one such as 'localhost'"),
        (lambda: net.lookup_addr(None), "net.lookup_addr: None is not a str"),
        (lambda: net.lookup_port(5, "http"), "net.lookup_port: 5 is not a str; give one such as 'tcp'"),
        (lambda: net.lookup_port("tcp", 80), "net.lookup_port: 80 is not a str; give one such as 'http'"),
    ],
)
def test_what_is_no_string(call: Callable[[], object], fault: str) -> None:
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value).startswith(fault)


@pytest.mark.parametrize(
    ("service", "port"),
    [("80", 80), ("+5", 5), ("-0", 0), ("+", 0), ("00000000080", 80), ("65535", 65535)],
)
def test_the_number_of_a_port(service: str, port: int) -> None:
    assert net.lookup_port("tcp", service) == port


@pytest.mark.parametrize(
    ("service", "error", "fault"),
    [
        ("65536", net.AddrError, "address 65536: invalid port"),
        ("-1", net.AddrError, "address -1: invalid port"),
        ("9" * 5000, net.AddrError, "invalid port"),
        ("+-80", net.DNSError, "lookup tcp/+-80: unknown port"),
        ("a\0", net.DNSError, "unknown port"),
        ("\N{ARABIC-INDIC DIGIT EIGHT}", net.DNSError, "unknown port"),
    ],
)
def test_what_is_no_port(service: str, error: type[Exception], fault: str) -> None:
    with pytest.raises(error, match=re.escape(fault)):
        net.lookup_port("tcp", service)


@pytest.mark.gochan
def test_lookups() -> None:
    assert net.lookup_host("127.0.0.1") == ["127.0.0.1"]
    assert net.lookup_host("::1") == ["::1"]
    assert "127.0.0.1" in net.lookup_host("localhost")
    assert net.resolve_tcp_addr("tcp4", "localhost:http") == net.TCPAddr("127.0.0.1", 80)
    assert net.resolve_udp_addr("udp", "[::1]:53") == net.UDPAddr("::1", 53)
    assert net.lookup_port("tcp", "https") == 443
    assert net.lookup_port("udp", "domain") == 53
    assert net.lookup_port("tcp", "") == 0
    for resolve in (net.resolve_tcp_addr, net.resolve_udp_addr):
        with pytest.raises(net.UnknownNetworkError):
            resolve("unix", "/x")
    for name in ("does-not-exist.invalid", "", "nul\0", "x" * 300):
        with pytest.raises(net.DNSError):
            net.lookup_host(name)
    for name in ("", "localhost", "1.2.3", "nul\0"):
        with pytest.raises(net.DNSError, match="unrecognized address"):
            net.lookup_addr(name)


@pytest.mark.gochan
def test_a_lookup_is_in_a_thread_and_a_context_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    threads: list[str] = []

    def slow(*args: Any) -> list[Any]:
        threads.append(threading.current_thread().name)
        release.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setattr(socket, "gethostbyaddr", slow)
    ran: list[int] = []
    go(ran.append, 1)
    with context.with_timeout(context.background(), 0.005) as ctx:
        with pytest.raises(context.DeadlineExceeded):
            net.lookup_host("example.com", ctx)
        with pytest.raises(context.DeadlineExceeded):
            net.lookup_addr("127.0.0.1", ctx)
    with pytest.raises(TimeoutError, match="dial tcp: i/o timeout"):
        net.dial_timeout("tcp", "example.com:80", 0.005)
    ctx, cancel = context.with_cancel(context.background())
    go(lambda: (time.sleep(0.002), cancel()))
    with pytest.raises(net.OpError, match="dial tcp: operation was canceled"):
        net.Dialer().dial_context(ctx, "tcp", "example.com:80")
    assert ran == [1]
    assert all(name.startswith("gochan-") for name in threads)
    release.set()
    with pytest.raises(net.DNSError, match="temporary failure in name resolution") as caught:
        net.lookup_host("example.com")
    assert not caught.value.is_not_found


@pytest.mark.gochan
def test_lookup_addr() -> None:
    try:
        names = net.lookup_addr("127.0.0.1")
    except net.DNSError:
        return  # a machine without a hosts file
    assert all(isinstance(name, str) for name in names)
    with pytest.raises(net.DNSError):
        net.lookup_addr("not an address")
