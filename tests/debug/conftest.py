"""Fixtures of the tests of gochan.debug."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep the files that say where processes serve in a folder of the test's."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "gochan-debug"


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose name is short enough for a Unix socket."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        yield Path(name)


@pytest.fixture
def page() -> Iterator[Any]:
    """A page that is served."""
    from gochan import debug

    with debug.serve("127.0.0.1:0") as server:
        yield server


@pytest.fixture
def ask() -> Callable[..., tuple[int, str, str]]:
    """Send a request as it is; return the status, the headers and the body."""

    def ask_(address: str, request: str, timeout: float = 60) -> tuple[int, str, str]:
        if address.startswith("unix:"):
            connection = socket.socket(socket.AF_UNIX)
            target: Any = address.removeprefix("unix:")
        else:
            host, _, port = address.rpartition(":")
            connection = socket.socket(socket.AF_INET6 if "[" in host else socket.AF_INET)
            target = (host.strip("[]"), int(port))
        with connection:
            connection.settimeout(timeout)
            connection.connect(target)
            connection.sendall(request.encode("latin-1"))
            data = b""
            while more := connection.recv(65536):
                data += more
        head, _, body = data.decode().partition("\r\n\r\n")
        return int(head.split(" ")[1]), head, body

    return ask_
