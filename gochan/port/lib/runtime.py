"""Go's package runtime, by gochan's."""

from __future__ import annotations

import gc as _gc
import sys
from typing import Any, Final

from gochan.runtime import goexit, gomaxprocs, gosched, num_cpu, num_goroutine
from gochan.runtime import stack as _stack

from ._common import encode, fill
from ._panics import GoError as Error

__all__ = [
    "COMPILER",
    "GOARCH",
    "GOOS",
    "Error",
    "gc",
    "goexit",
    "gomaxprocs",
    "goroot",
    "gosched",
    "keep_alive",
    "lock_os_thread",
    "num_cgo_call",
    "num_cpu",
    "num_goroutine",
    "stack",
    "unlock_os_thread",
    "version",
]

COMPILER: Final = "gc"
GOOS: Final = {"win32": "windows"}.get(sys.platform, sys.platform)


def _arch() -> str:
    import platform

    machine = platform.machine().lower()
    return {"x86_64": "amd64", "aarch64": "arm64", "i686": "386"}.get(machine, machine)


GOARCH: Final = _arch()


def gc() -> None:
    """Collect garbage."""
    _gc.collect()


def goroot() -> str:
    return ""


def version() -> str:
    """Return the version of Go that the ports follow."""
    return "go1.27"


def keep_alive(x: Any) -> None:
    """Do nothing: an object lives as long as a name refers to it."""


def lock_os_thread() -> None:
    """Do nothing: all goroutines run in one thread."""


def unlock_os_thread() -> None:
    """Do nothing."""


def num_cgo_call() -> int:
    return 0


def stack(buf: Any, all: bool) -> int:
    """Write the stacks of the goroutines, in Python's form."""
    return fill(buf, encode(str(_stack())))
