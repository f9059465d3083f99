"""What the tests of the larger examples share: programs that are driven by sockets, files and signals."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import children


def finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    child = children.finish(process)
    assert not child.hung, child
    return child.out, child.err


def said(process: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    """Read the next line of output, which must match."""
    assert process.stdout is not None
    line = process.stdout.readline()
    match = re.fullmatch(pattern, line.rstrip("\n"))
    assert match, f"{line!r}\n{process.stderr.read() if process.stderr and not line else ''}"
    return match


def eventually(condition: Callable[[], Any]) -> None:
    limit = time.monotonic() + 100
    while not condition():
        assert time.monotonic() < limit, "it never came"
        time.sleep(0.005)


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
