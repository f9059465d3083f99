"""Listeners, and dialing them."""

from __future__ import annotations

import copy
import math
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import children
import pytest
from servers import echo, every_poller, serve, settle

from gochan import Chan, context, go, net, sync, time

needs_unix = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets")


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="no IPv6")


@pytest.mark.gochan
@pytest.mark.parametrize(
    ("network", "address", "prefix"),
    [
        ("tcp", "127.0.0.1:0", "127.0.0.1:"),
        ("tcp4", ":0", "0.0.0.0:"),
        ("tcp4", "", "0.0.0.0:"),
        ("tcp", "localhost:0", "127.0.0.1:"),
        pytest.param("tcp", ":0", "[::]:", marks=needs_ipv6),
        pytest.param("tcp", "0.0.0.0:0", "[::]:", marks=needs_ipv6),
        pytest.param("tcp6", "[::1]:0", "[::1]:", marks=needs_ipv6),
        pytest.param("tcp6", ":0", "[::]:", marks=needs_ipv6),
    ],
)
def test_addresses(network: str, address: str, prefix: str) -> None:
    with net.listen(network, address) as listener:
        serve(listener, echo)
        assert str(listener.addr()).startswith(prefix)
        port = str(listener.addr()).rpartition(":")[2]
        # Without a host, dial goes to this machine.
        with net.dial(network, f":{port}") as conn:
            conn.write(b"x")
            assert conn.read() == b"x"
        settle()


@needs_ipv6
@pytest.mark.gochan
def test_one_listener_for_both_families() -> None:
    with net.listen("tcp", ":0") as listener:
        _, port = net.split_host_port(str(listener.addr()))
        for host in ("127.0.0.1", "::1"):
            with net.dial("tcp", net.join_host_port(host, port)) as conn, listener.accept() as accepted:
                # Not ::ffff:127.0.0.1.
                assert accepted.remote_addr() == conn.local_addr()
    with net.listen("tcp6", ":0") as listener:
        _, port = net.split_host_port(str(listener.addr()))
        with pytest.raises(ConnectionRefusedError):
            net.dial("tcp4", f"127.0.0.1:{port}")


@needs_unix
@every_poller
@pytest.mark.gochan
def test_unix_sockets(poller: str, tmp_path: Path) -> None:
    path = os.path.relpath(tmp_path / "socket")
    with net.listen("unix", path) as listener:
        assert listener.addr() == net.UnixAddr(path, "unix")
        serve(listener, echo)
        with net.dial("unix", path) as conn:
            assert str(conn.remote_addr()) == path
            assert str(conn.local_addr()) == "@"
            conn.write(b"hello")
            conn.close_write()
            assert conn.read() == b"hello"
            assert conn.read() == b""
        settle()
    assert not os.path.exists(path)
    with net.listen("unix", path) as listener:
        listener.set_unlink_on_close(False)
    assert os.path.exists(path)
    with pytest.raises(OSError, match=r"listen unix .*: bind: address already in use"):
        net.listen("unix", path)
    with pytest.raises(ConnectionRefusedError, match=r"dial unix .*: connect: connection refused"):
        net.dial("unix", path)


@pytest.mark.skipif(sys.platform != "linux", reason="an abstract namespace is Linux's")
@pytest.mark.gochan
def test_abstract_unix_sockets() -> None:
    name = f"@gochan-test-{os.getpid()}"
    with net.listen("unix", name) as listener, net.dial("unix", name) as conn, listener.accept() as server:
        assert str(listener.addr()) == str(conn.remote_addr()) == name
        server.write(b"x")
        assert conn.read() == b"x"


@every_poller
@pytest.mark.gochan
def test_close_ends_accept_and_iteration(poller: str) -> None:
    listener = net.listen("tcp", "127.0.0.1:0")
    ended = Chan[str]()

    def accept() -> None:
        with pytest.raises(net.ErrClosed, match=r"accept tcp .*: use of closed network connection"):
            listener.accept()
        ended << "accept"

    def iterate() -> None:
        for _ in listener:
            pass
        ended << "iteration"

    for f in (accept, iterate, accept, iterate):
        go(f)
    settle()
    listener.close()
    listener.close()
    assert sorted(ended.recv() for _ in range(4)) == ["accept", "accept", "iteration", "iteration"]
    # The port is free.
    net.listen("tcp", str(listener.addr())).close()
    with pytest.raises(net.ErrClosed):
        listener.accept()
    with pytest.raises(net.ErrClosed):
        listener.detach()
    assert listener.fileno() == -1


@pytest.mark.gochan
def test_closing_a_listener_leaves_its_connections_open() -> None:
    listener = net.listen("tcp", "127.0.0.1:0")
    with net.dial("tcp", str(listener.addr())) as a, listener.accept() as b:
        listener.close()
        a.write(b"x")
        assert b.read() == b"x"


@pytest.mark.gochan
def test_from_and_to_pythons_sockets() -> None:
    with net.from_listening_socket(socket.create_server(("127.0.0.1", 0))) as listener:
        with net.dial("tcp", str(listener.addr())), listener.accept():
            pass
        sock = listener.detach()
    with sock:
        assert sock.gettimeout() is None
        address = "{}:{}".format(*sock.getsockname())
        with net.dial("tcp", address):
            sock.accept()[0].close()
    with socket.socket() as plain, pytest.raises(ValueError, match="does not listen"):
        net.from_listening_socket(plain)
    with pytest.raises(TypeError, match=r"made by net\.listen"):
        net.Listener()


EMFILE = """
import resource, socket
from gochan import go, net, run, time

def main():
    listener = net.listen("tcp", "127.0.0.1:0")
    clients = [socket.socket() for _ in range(10)]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    for client in clients:
        client.setblocking(False)
        client.connect_ex(listener.addr()[:2])
    served = []

    def loop():
        for conn in listener:
            served.append(conn)

    # No descriptor is left.
    highest = max(client.fileno() for client in clients)
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, hard))
    try:
        listener.accept()
    except net.OpError as err:
        print(str(err).partition(": ")[2], err.temporary())
    go(loop)
    time.sleep(0.02)
    print(len(served))
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    while len(served) < len(clients):
        time.sleep(0.005)
    print(len(served))
    listener.close()

run(main)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit to set")
def test_accept_goes_on_after_too_many_open_files(poller: str) -> None:
    if poller != "epoll":
        return
    child = children.python(EMFILE)
    child.check("accept: too many open files True\n0\n10\n")


# --- dialing ---------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_a_dialers_local_address() -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        local = net.TCPAddr("127.0.0.2", 0)
        try:
            conn = net.Dialer(local_addr=local).dial("tcp", str(listener.addr()))
        except OSError:
            # Only Linux has all of 127/8.
            assert sys.platform != "linux"
            return
        with conn, listener.accept() as server:
            assert str(server.remote_addr()).startswith("127.0.0.2:")
        with pytest.raises(net.AddrError, match="mismatched local address type"):
            net.Dialer(local_addr=net.UDPAddr("127.0.0.1", 0)).dial("tcp", str(listener.addr()))
        with pytest.raises(net.AddrError, match="no suitable address found"):
            net.Dialer(local_addr=net.TCPAddr("::1", 0)).dial("tcp", str(listener.addr()))


def full_listener() -> tuple[socket.socket, list[socket.socket]]:
    """Make a listener that accepts nothing any more: a dial to it waits."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen(0)
    clients = []
    for _ in range(4):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(sock.getsockname())
        clients.append(client)
    return sock, clients


@pytest.mark.parametrize("d", [math.inf, 10**400, 1e300, timedelta.max, 10**10])
@pytest.mark.gochan
def test_a_dial_that_may_take_forever(d: Any) -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        net.dial_timeout("tcp", str(listener.addr()), d).close()
        for deadline in (datetime.max, datetime.max.replace(tzinfo=UTC)):
            net.Dialer(timeout=d, deadline=deadline).dial("tcp", str(listener.addr())).close()
        with net.dial("tcp", str(listener.addr())) as conn:
            conn.set_deadline(time.now() + timedelta(days=200_000))
            conn.write(b"x")


def test_a_listener_is_not_copied() -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        for call in (copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match=r"^Listener cannot be pickled or copied: it lives in"):
                call(listener)


@pytest.mark.gochan
def test_a_local_port_that_is_none() -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        for port in (-1, 65536):
            dialer = net.Dialer(local_addr=net.TCPAddr("127.0.0.1", port))
            with pytest.raises(net.OpError, match="port must be 0-65535"):
                dialer.dial("tcp", str(listener.addr()))


@pytest.mark.skipif(sys.platform != "linux", reason="how a full backlog acts is the system's")
@every_poller
@pytest.mark.gochan
def test_a_dial_that_takes_too_long(poller: str) -> None:
    sock, clients = full_listener()
    address = "{}:{}".format(*sock.getsockname())
    try:
        start = time.now()
        with pytest.raises(TimeoutError, match=r"dial tcp 127.0.0.1:\d+: i/o timeout") as caught:
            net.dial_timeout("tcp", address, 0.01)
        assert isinstance(caught.value, net.OpError)
        assert caught.value.timeout()
        with pytest.raises(TimeoutError, match="i/o timeout"):
            net.Dialer(deadline=time.now() + timedelta(seconds=0.01)).dial("tcp", address)
        with context.with_timeout(context.background(), 0.01) as ctx, pytest.raises(TimeoutError):
            net.Dialer().dial_context(ctx, "tcp", address)
        assert 0.03 < time.since(start) < 5
        ctx, cancel = context.with_cancel(context.background())
        go(lambda: (time.sleep(0.005), cancel()))
        with pytest.raises(net.OpError, match=r"dial tcp 127.0.0.1:\d+: operation was canceled"):
            net.Dialer().dial_context(ctx, "tcp", address)
        with pytest.raises(net.OpError, match="operation was canceled"):
            net.Dialer().dial_context(ctx, "tcp", address)
    finally:
        for client in (sock, *clients):
            client.close()


@pytest.mark.gochan
def test_the_context_is_for_the_dial_alone() -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        with context.with_timeout(context.background(), 5) as ctx:
            conn = net.Dialer(timeout=5).dial_context(ctx, "tcp", str(listener.addr()))
        with conn, listener.accept() as server:
            server.write(b"x")
            assert conn.read() == b"x"
    with pytest.raises(TypeError, match=r"^Dialer\.dial_context: None is not a context"):
        net.Dialer().dial_context(None, "tcp", "127.0.0.1:1")  # type: ignore[call-overload]


def addresses(monkeypatch: pytest.MonkeyPatch, *found: net.TCPAddr) -> None:
    """Have every name stand for these addresses."""
    from gochan.net import dialer

    monkeypatch.setattr(dialer, "resolve", lambda *args: list(found))


@pytest.mark.gochan
def test_addresses_are_tried_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        good = listener.addr()
        assert isinstance(good, net.TCPAddr)
        addresses(monkeypatch, net.TCPAddr("127.0.0.1", 1), good)
        with net.dial("tcp", "name:1") as conn, listener.accept():
            assert conn.remote_addr() == good
        # The first error is told.
        addresses(monkeypatch, net.TCPAddr("127.0.0.1", 1), net.TCPAddr("127.0.0.1", 2))
        with pytest.raises(ConnectionRefusedError, match=r"127.0.0.1:1: "):
            net.dial("tcp", "name:1")


@needs_ipv6
@pytest.mark.gochan
def test_both_families_race(monkeypatch: pytest.MonkeyPatch) -> None:
    """Happy eyeballs: an IPv6 address that does not answer costs the head start only."""
    with net.listen("tcp4", "127.0.0.1:0") as listener:
        good = listener.addr()
        assert isinstance(good, net.TCPAddr)
        # One that refuses: the other family is tried at once.
        addresses(monkeypatch, net.TCPAddr("::1", 1), good)
        start = time.now()
        with net.Dialer(fallback_delay=100).dial("tcp", "name:1") as conn, listener.accept():
            assert conn.remote_addr() == good
        assert time.since(start) < 50
        addresses(monkeypatch, net.TCPAddr("::1", 1), net.TCPAddr("127.0.0.1", 1))
        with pytest.raises(ConnectionRefusedError, match=r"\[::1\]:1"):
            net.dial("tcp", "name:1")
        # One that does not answer.
        from gochan.net.dialer import Dialer

        real = Dialer._connect

        def connect(self: Any, ctx: context.Context, network: str, addr: Any, *rest: Any) -> Any:
            if ":" in addr.ip:
                ctx.done().recv()
                raise TimeoutError("i/o timeout")
            return real(self, ctx, network, addr, *rest)

        monkeypatch.setattr(Dialer, "_connect", connect)
        addresses(monkeypatch, net.TCPAddr("::1", 1), good)
        start = time.now()
        with net.Dialer(fallback_delay=0.02).dial("tcp", "name:1") as conn, listener.accept():
            assert conn.remote_addr() == good
        assert 0.019 < time.since(start) < 5
        # The race that was lost ends, too.
        settle()
        # Without a race.
        with pytest.raises(TimeoutError):
            net.Dialer(fallback_delay=-1, timeout=0.02).dial("tcp", "name:1")


@pytest.mark.gochan
def test_a_server_in_another_process(poller: str) -> None:
    program = """if True:
        import socket
        s = socket.create_server(("127.0.0.1", 0))
        print(s.getsockname()[1], flush=True)
        c, _ = s.accept()
        c.sendall(c.recv(100).upper())
        c.close()
    """
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        with net.dial("tcp", f"127.0.0.1:{process.stdout.readline().strip()}") as conn:
            conn.write(b"hello")
            assert conn.read() == b"HELLO"
            assert conn.read() == b""


@pytest.mark.gochan
def test_a_dialers_keep_alive() -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        for keep_alive, probed in ((-1, False), (0, True), (timedelta(seconds=30), True)):
            dialer = net.Dialer(keep_alive=keep_alive)
            conn = dialer.dial("tcp", str(listener.addr()))
            with conn, listener.accept(), socket.socket(fileno=os.dup(conn.fileno())) as raw:
                assert bool(raw.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)) is probed
                if sys.platform == "linux" and probed:
                    want = 30 if keep_alive else 15
                    assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == want


@pytest.mark.gochan
def test_dials_at_once() -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        wg = sync.WaitGroup()
        for _ in range(100):
            wg.go(lambda: net.dial("tcp", str(listener.addr())).close())
        for _ in range(100):
            listener.accept().close()
        wg.wait()
