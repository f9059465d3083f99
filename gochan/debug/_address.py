"""The addresses of debug pages: how they are written, and how `gochan top PID` finds one."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import socket
import stat
import tempfile
from pathlib import Path
from typing import NamedTuple

VARIABLE = "GOCHAN_DEBUG_ADDR"


class Address(NamedTuple):
    """The host and port, or the path of a Unix socket."""

    host: str
    port: int
    path: str = ""

    def __str__(self) -> str:
        if self.path:
            return f"unix:{self.path}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse(what: str, text: str) -> Address:
    """Parse an address.  Raises `ValueError`; `what` is the call or variable that got it."""
    how = "give HOST:PORT, such as 127.0.0.1:6060 or [::1]:6060, or unix:/PATH"
    if text.startswith("unix:"):
        path = text.removeprefix("unix:")
        if not path or "\0" in path:
            raise ValueError(f"{what}: {text!r} has no path; {how}")
        return Address("", 0, path)
    host, colon, port = text.rpartition(":")
    if not colon or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise ValueError(f"{what}: {text!r} has no port from 0 to 65535; {how}")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise ValueError(f"{what}: {text!r}: put an IPv6 address in brackets; {how}")
    return Address(host, int(port))


def resolve(address: Address) -> list[tuple[int, tuple[object, ...]]]:
    """Return the families and the addresses for bind; of an empty host those of all interfaces.

    Raises `OSError` if the host is not known.
    """
    found = socket.getaddrinfo(
        address.host or None, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    return [(family, sockaddr) for family, _, _, _, sockaddr in found]


def is_loopback(sockaddr: tuple[object, ...]) -> bool:
    """Return whether only this machine can reach an address of a socket."""
    return ipaddress.ip_address(str(sockaddr[0]).partition("%")[0]).is_loopback


# --- the files that say which process serves where -------------------------------------------------------


def _folder() -> Path:
    """Return the folder of the files: one that belongs to the user alone."""
    run = os.environ.get("XDG_RUNTIME_DIR")
    if run and os.path.isdir(run):
        return Path(run, "gochan-debug")
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    return Path(tempfile.gettempdir(), f"gochan-debug-{user}")


def _is_private(folder: Path) -> bool:
    """Return whether folder belongs to the user, and only the user may use it."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(status.st_mode):
        return False
    return not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o077)


def leave(address: str | None) -> None:
    """Leave this process's address for `gochan top PID`; None: remove it.

    It is a convenience: nothing fails if it cannot be left.
    """
    folder = _folder()
    path = folder / str(os.getpid())
    with contextlib.suppress(OSError):
        if address is None:
            if _is_private(folder):
                path.unlink(missing_ok=True)
            return
        folder.mkdir(mode=0o700, exist_ok=True)
        if not _is_private(folder):
            return
        _sweep(folder)
        path.unlink(missing_ok=True)
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(number, "w", encoding="utf-8") as file:
            json.dump({"address": address}, file)


def _sweep(folder: Path) -> None:
    """Remove the files of processes that were killed."""
    for path in folder.iterdir():
        if path.name.isdigit() and not is_alive(int(path.name)):
            path.unlink(missing_ok=True)


def is_alive(pid: int) -> bool:
    """Return whether there is a process of that number."""
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def find(pid: int) -> str | None:
    """Return the address that a process has left, or else was given in its environment; None: neither."""
    folder = _folder()
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        if _is_private(folder):
            text: object = json.loads((folder / str(pid)).read_text(encoding="utf-8"))["address"]
            if isinstance(text, str):
                return text
    with contextlib.suppress(OSError):
        for entry in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
            name, _, value = entry.partition(b"=")
            if name == VARIABLE.encode() and value:
                return os.fsdecode(value)
    return None
