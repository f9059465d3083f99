"""What the tests of package net share."""

from __future__ import annotations

import select
from collections.abc import Callable
from pathlib import Path

import pytest

from gochan import go, net, runtime, time

# Runs a test with every poller that there is: "select" has no descriptor of its own.
every_poller = pytest.mark.parametrize(
    "poller", [*(["epoll"] if hasattr(select, "epoll") else []), "selectors", "select"], indirect=True
)
# Runs a test once, where the poller makes no difference.
one_poller = pytest.mark.parametrize(
    "poller", ["epoll" if hasattr(select, "epoll") else "selectors"], indirect=True
)

Handler = Callable[[net.TCPConn | net.UnixConn], object]


def serve(listener: net.Listener, handler: Handler) -> None:
    """Serve each connection in a goroutine, until the listener is closed."""

    def loop() -> None:
        for conn in listener:
            go(handle, conn)

    def handle(conn: net.TCPConn | net.UnixConn) -> None:
        with conn:
            handler(conn)

    go(loop)


def echo(conn: net.Conn) -> None:
    """Send back what comes in."""
    while data := conn.read():
        conn.write(data)


def pair(listener: net.Listener | None = None) -> tuple[net.TCPConn, net.TCPConn]:
    """Make a TCP connection, and return its two ends."""
    own = listener or net.listen("tcp", "127.0.0.1:0")
    client = net.dial("tcp", str(own.addr()))
    server = own.accept()
    if listener is None:
        own.close()
    assert isinstance(server, net.TCPConn)
    return client, server


def read_all(conn: net.Conn, n: int) -> bytes:
    """Read n bytes, or to the end."""
    data = b""
    while len(data) < n and (more := conn.read(n - len(data))):
        data += more
    return data


def settle() -> None:
    """Let the other goroutines run until they wait, and what they wait for on this machine come in."""
    for _ in range(3):
        for _ in range(5):
            runtime.gosched()
        time.sleep(0.001)


def open_files() -> int:
    """Return the number of this process's descriptors; 0 where the system does not tell."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0
