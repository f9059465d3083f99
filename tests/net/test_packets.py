"""Datagrams."""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from servers import every_poller, settle

from gochan import Chan, go, net, time

needs_unix = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets")


@every_poller
@pytest.mark.gochan
def test_udp(poller: str) -> None:
    with net.listen_packet("udp", "127.0.0.1:0") as server:

        def echo() -> None:
            while True:
                try:
                    data, sender = server.read_from()
                except net.ErrClosed:
                    return
                server.write_to(data.upper(), sender)

        go(echo)
        assert isinstance(server, net.UDPConn)
        assert server.remote_addr() is None
        with net.dial("udp", str(server.local_addr())) as client:
            assert client.remote_addr() == server.local_addr()
            for data in (b"one", b"", b"three"):
                assert client.write(data) == len(data)
                assert client.read() == data.upper()
            with pytest.raises(OSError, match=r"write udp .*: use of write_to with pre-connected connection"):
                client.write_to(b"x", server.local_addr())
    settle()


@pytest.mark.gochan
def test_a_datagram_is_cut_to_what_is_read() -> None:
    with net.listen_packet("udp", "127.0.0.1:0") as a, net.listen_packet("udp4", ":0") as b:
        port = b.local_addr().port  # type: ignore[union-attr]
        a.write_to(b"0123456789", net.UDPAddr("127.0.0.1", port))
        a.write_to(b"next", net.UDPAddr("127.0.0.1", port))
        assert b.read_from(4) == (b"0123", a.local_addr())
        assert b.read(100) == b"next"
        buffer = bytearray(3)
        a.write_to(b"012345", net.UDPAddr("127.0.0.1", port))
        assert b.read_into(buffer) == 3
        fault = r"write udp 127.0.0.1:\d+->127.0.0.1:\d+: sendto: message too long"
        with pytest.raises(OSError, match=fault):
            a.write_to(bytes(100_000), net.UDPAddr("127.0.0.1", port))


@pytest.mark.gochan
def test_a_deadline_and_a_close() -> None:
    conn = net.listen_packet("udp", "127.0.0.1:0")
    conn.set_read_deadline(time.now() + timedelta(seconds=0.002))
    with pytest.raises(TimeoutError, match=r"read udp .*: i/o timeout"):
        conn.read_from()
    conn.set_read_deadline(None)
    ended = Chan[str]()

    def read() -> None:
        try:
            conn.read_from()
        except net.ErrClosed as err:
            ended << str(err)

    go(read)
    settle()
    conn.close()
    assert ended.recv() == f"read udp {conn.local_addr()}: use of closed network connection"
    with pytest.raises(net.ErrClosed):
        conn.write_to(b"x", conn.local_addr())


@pytest.mark.gochan
def test_a_refused_datagram() -> None:
    with net.listen_packet("udp", "127.0.0.1:0") as gone:
        address = str(gone.local_addr())
    with net.dial("udp", address) as conn:
        conn.write(b"x")
        conn.set_deadline(time.now() + timedelta(seconds=5))
        with pytest.raises(ConnectionRefusedError):
            conn.read()


@pytest.mark.gochan
@pytest.mark.parametrize(
    "addr", [None, 5, ("127.0.0.1", 9), net.TCPAddr("127.0.0.1", 9), net.UnixAddr("/x", "unixgram")], ids=repr
)
def test_what_is_no_address_of_the_network(addr: Any) -> None:
    with net.listen_packet("udp4", "127.0.0.1:0") as conn, pytest.raises(TypeError) as caught:
        conn.write_to(b"x", addr)
    text = f'write_to: got {addr!r} ({type(addr).__name__}), want an address: UDPAddr("127.0.0.1", 53)'
    assert str(caught.value) == text


@pytest.mark.gochan
def test_a_port_that_is_none() -> None:
    with net.listen_packet("udp4", "127.0.0.1:0") as conn:
        for port in (-1, 65536):
            with pytest.raises(net.OpError, match=f"write udp4 .*->127.0.0.1:{port}: .*port must be 0-65535"):
                conn.write_to(b"x", net.UDPAddr("127.0.0.1", port))


@pytest.mark.gochan
def test_both_families() -> None:
    try:
        conn = net.listen_packet("udp6", "[::1]:0")
    except OSError:
        return
    with conn, net.dial("udp", str(conn.local_addr())) as client:
        client.write(b"x")
        data, sender = conn.read_from()
        assert (data, sender) == (b"x", client.local_addr())
    with net.listen_packet("udp", ":0") as both:
        port = both.local_addr().port  # type: ignore[union-attr]
        for host in ("127.0.0.1", "::1"):
            with net.dial("udp", net.join_host_port(host, port)) as client:
                client.write(b"x")
                data, sender = both.read_from()
                assert sender == client.local_addr()
                both.write_to(b"y", sender)
                assert client.read() == b"y"


@needs_unix
@every_poller
@pytest.mark.gochan
def test_unix_datagrams(poller: str, tmp_path: Path) -> None:
    first, second = (os.path.relpath(tmp_path / name) for name in ("first", "second"))
    with net.listen_packet("unixgram", first) as a, net.listen_packet("unixgram", second) as b:
        go(lambda: (time.sleep(0.001), b.write_to(b"hello", net.UnixAddr(first, "unixgram"))))
        assert a.read_from() == (b"hello", net.UnixAddr(second, "unixgram"))
        with net.dial("unixgram", first) as client:
            client.write(b"from nobody")
            data, sender = a.read_from()
            assert (data, str(sender)) == (b"from nobody", "@")
            # As many as fit, and then it parks.
            written = 0

            def flood() -> None:
                nonlocal written
                for _ in range(2000):
                    written += client.write(bytes(1000))

            go(flood)
            settle()
            assert written < 2_000_000
            total = 0
            while total < 2_000_000:
                total += len(a.read())
            settle()
            assert written == total
