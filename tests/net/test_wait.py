"""Waiting for other libraries' descriptors."""

from __future__ import annotations

import os
import socket
from contextlib import suppress

import pytest
from servers import every_poller, settle

from gochan import go, net, sync, time

pytestmark = [
    pytest.mark.gochan,
    pytest.mark.skipif(os.name != "posix", reason="pipes have no descriptors to wait for"),
]


@every_poller
def test_a_pipe(poller: str) -> None:
    reader, writer = os.pipe()
    go(lambda: (time.sleep(0.002), os.write(writer, b"x")))
    net.wait_writable(writer)
    net.wait_readable(reader)
    assert os.read(reader, 1) == b"x"
    with pytest.raises(TimeoutError, match=r"^net\.wait_readable: i/o timeout$"):
        net.wait_readable(reader, 0.002)
    with pytest.raises(TimeoutError):
        net.wait_readable(reader, 0)
    # At the end, too.
    go(os.close, writer)
    net.wait_readable(reader)
    assert os.read(reader, 1) == b""
    os.close(reader)


@every_poller
def test_several_that_wait_for_one(poller: str) -> None:
    a, b = socket.socketpair()
    with a, b:
        wg = sync.WaitGroup()
        for _ in range(5):
            wg.go(net.wait_readable, a, 5)
        settle()
        b.send(b"x")
        wg.wait()
        assert a.recv(1) == b"x"


def test_beside_a_connection() -> None:
    a, b = socket.socketpair()
    with net.from_socket(a) as conn, b:
        wg = sync.WaitGroup()
        got: list[bytes] = []
        wg.go(lambda: got.append(conn.read()))
        wg.go(net.wait_readable, conn, 5)
        settle()
        b.send(b"x")
        wg.wait()
        assert got == [b"x"]


def test_a_full_socket() -> None:
    a, b = socket.socketpair()
    with a, b:
        a.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                a.send(bytes(10_000))
        with pytest.raises(TimeoutError, match="wait_writable"):
            net.wait_writable(a, 0.002)
        b.setblocking(False)

        def drain() -> None:
            settle()
            with suppress(BlockingIOError):
                while True:
                    b.recv(1_000_000)

        go(drain)
        net.wait_writable(a)
        a.send(b"x")


def test_what_is_no_descriptor() -> None:
    with pytest.raises(TypeError):
        net.wait_readable("x")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        net.wait_readable(0, "x")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="wait_readable: True is not a descriptor"):
        net.wait_readable(True)


@pytest.mark.parametrize("number", [-1, 2**31, 10**30])
def test_a_number_that_is_not_open(number: int) -> None:
    for wait in (net.wait_readable, net.wait_writable):
        with pytest.raises(OSError, match="Bad file descriptor"):
            wait(number)


def test_a_closed_socket_is_not_open() -> None:
    with socket.socket() as sock:
        pass
    with pytest.raises(OSError, match="Bad file descriptor"):
        net.wait_readable(sock)
