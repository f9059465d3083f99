"""What errors say, and what they are."""

from __future__ import annotations

import copy
import errno
import pickle
import socket
from collections.abc import Callable

import pytest
from servers import pair

from gochan import net

pytestmark = pytest.mark.gochan


@pytest.mark.parametrize(
    ("call", "text", "kind"),
    [
        (
            lambda: net.dial("tcp", "127.0.0.1:1"),
            "dial tcp 127.0.0.1:1: connect: connection refused",
            ConnectionRefusedError,
        ),
        (
            lambda: net.dial("tcp", "127.0.0.1"),
            "dial tcp: address 127.0.0.1: missing port in address",
            net.AddrError,
        ),
        (lambda: net.dial("tcp", ""), "dial tcp: missing address", net.OpError),
        (lambda: net.dial("foo", "127.0.0.1:1"), "dial foo: unknown network foo", net.UnknownNetworkError),
        (
            lambda: net.dial("tcp", "127.0.0.1:nosuch"),
            "dial tcp: lookup tcp/nosuch: unknown port",
            net.DNSError,
        ),
        (lambda: net.dial("tcp", "127.0.0.1:99999"), "dial tcp: address 99999: invalid port", net.AddrError),
        (lambda: net.dial("tcp", "127.0.0.1:-1"), "dial tcp: address -1: invalid port", net.AddrError),
        (
            lambda: net.dial("tcp6", "127.0.0.1:1"),
            "dial tcp6: address 127.0.0.1: no suitable address found",
            net.AddrError,
        ),
        (
            lambda: net.dial("unix", "/no/such"),
            "dial unix /no/such: connect: no such file or directory",
            FileNotFoundError,
        ),
        (
            lambda: net.listen("unix", "/no/such"),
            "listen unix /no/such: bind: no such file or directory",
            FileNotFoundError,
        ),
        (lambda: net.listen("udp", ":0"), "listen udp: unknown network udp", net.UnknownNetworkError),
        (lambda: net.listen_packet("tcp", ":0"), "listen tcp: unknown network tcp", net.UnknownNetworkError),
    ],
)
def test_in_gos_words(call: Callable[[], object], text: str, kind: type[BaseException]) -> None:
    with pytest.raises(net.OpError) as caught:
        call()
    assert str(caught.value) == text
    assert isinstance(caught.value, kind)
    assert isinstance(caught.value, OSError)


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(socket.gaierror) as caught:
        net.dial("tcp", "does-not-exist.invalid:80")
    assert isinstance(caught.value, net.OpError)
    assert isinstance(caught.value, net.DNSError)
    assert str(caught.value).startswith("dial tcp: lookup does-not-exist.invalid: ")


def test_the_addresses_and_the_number() -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener, pytest.raises(OSError) as caught:
        net.listen("tcp", str(listener.addr()))
    assert str(caught.value) == f"listen tcp {listener.addr()}: bind: address already in use"
    assert caught.value.errno == errno.EADDRINUSE
    err = caught.value
    assert isinstance(err, net.OpError)
    assert (err.op, err.net, err.source, err.addr) == ("listen", "tcp", None, listener.addr())
    assert isinstance(err.err, OSError)
    assert not err.timeout()
    assert not err.temporary()


def test_a_reset_by_the_peer() -> None:
    a, b = pair()
    with a, b:
        a.write(b"unread")
        local, remote = b.local_addr(), b.remote_addr()
        a.set_linger(0)
        a.close()
        with pytest.raises(ConnectionResetError) as caught:
            for _ in range(2):
                b.read(3)
                b.read()
        assert str(caught.value) == f"read tcp {local}->{remote}: read: connection reset by peer"
        assert isinstance(caught.value, net.OpError)
        assert (caught.value.source, caught.value.addr) == (local, remote)


def test_the_class_is_named_as_gos() -> None:
    with pytest.raises(net.OpError) as caught:
        net.dial("tcp", "127.0.0.1:1")
    assert type(caught.value).__name__ == "OpError"
    assert type(caught.value).__module__ == "gochan.net"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_errors_are_copied_and_pickled() -> None:
    with pytest.raises(net.OpError) as caught:
        net.dial("tcp", "127.0.0.1:1")
    for err in (pickle.loads(pickle.dumps(caught.value)), copy.copy(caught.value)):
        assert str(err) == str(caught.value)
        assert isinstance(err, ConnectionRefusedError)
        assert err.errno == errno.ECONNREFUSED
    error = net.DNSError("no such host", "name", -2, is_not_found=True)
    assert pickle.loads(pickle.dumps(error)).is_not_found


def test_an_error_of_ones_own() -> None:
    addr = net.TCPAddr("127.0.0.1", 80)
    assert str(net.OpError("read", "tcp", None, addr, TimeoutError("i/o timeout"))) == (
        "read tcp 127.0.0.1:80: i/o timeout"
    )
    assert str(net.OpError("close", "", None, None, OSError("odd"))) == "close: odd"
