"""What ports need of Go's package syscall, besides the signals, which are gochan.signal's."""

from __future__ import annotations

import os
import signal
from typing import Any

from . import _stdio
from ._types import error

__all__ = [
    "exec_",
    "getegid",
    "geteuid",
    "getgid",
    "getpagesize",
    "getpid",
    "getppid",
    "getuid",
    "kill",
    "signal_text",
]


def signal_text(sig: int) -> str:
    """Return the words for a signal: Go's Signal.String.

    >>> signal_text(2), signal_text(1000)
    ('interrupt', 'signal 1000')
    """
    try:
        text = signal.strsignal(sig)
    except ValueError:
        text = None
    if text is None:
        return f"signal {int(sig)}"
    # Some systems add the number.
    text = text.partition(":")[0]
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def kill(pid: int, sig: int) -> error:
    """Send a signal to a process; return an error or None: Go's syscall.Kill."""
    try:
        os.kill(pid, sig)
    except OSError as exc:
        return exc
    return None


def exec_(argv0: str, argv: Any, envv: Any) -> error:
    """Replace the program by another one; return an error if that fails: Go's syscall.Exec.

    argv0: the path; argv: the arguments, the first of which is the name; envv: the environment, as KEY=VALUE.
    """
    from ._process import errno_of

    _stdio.flush()
    environ = dict(item.split("=", 1) for item in envv if "=" in item)
    # Python ignores SIGPIPE, and the other program would, too.
    ignored = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        os.execve(argv0, list(argv), environ)
    except OSError as exc:
        signal.signal(signal.SIGPIPE, ignored)
        return errno_of(exc)


getpid = os.getpid
getppid = os.getppid


def getuid() -> int:
    """Return the user's number, -1 where there are none."""
    return os.getuid() if hasattr(os, "getuid") else -1


def geteuid() -> int:
    """Return the effective user's number, -1 where there are none."""
    return os.geteuid() if hasattr(os, "geteuid") else -1


def getgid() -> int:
    """Return the group's number, -1 where there are none."""
    return os.getgid() if hasattr(os, "getgid") else -1


def getegid() -> int:
    """Return the effective group's number, -1 where there are none."""
    return os.getegid() if hasattr(os, "getegid") else -1


def getpagesize() -> int:
    """Return the size of a page of memory in bytes."""
    import mmap

    return mmap.PAGESIZE
