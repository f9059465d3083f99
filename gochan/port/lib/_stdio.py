"""Standard input, output and error.

Output goes through `sys.stdout`, so that it stays in order with Python's `print`, and is flushed when the
program ends, reads its input or writes to standard error.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import Any, NoReturn

from ._types import error

# Windows has none.
SIGPIPE: int = getattr(signal, "SIGPIPE", 13)


def prepare() -> None:
    """Let strings that are not UTF-8 pass, and newlines stay as they are."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")


def write_stdout(text: str) -> tuple[int, error]:
    """Write to standard output; return the number of bytes and None.

    If its reader has closed its end, the program ends by SIGPIPE, as Go's do.
    """
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:
        prepare()
        sys.stdout.write(text)
    except BrokenPipeError:
        die_of(SIGPIPE)
    return (len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))), None


class _Redirected:
    """What prints write to while the program has another file in os.Stdout.

    file: that file, or None; own: the stream of the process's standard output.
    """

    def __init__(self, file: Any, own: Any) -> None:
        self.file = file
        self.own = own

    def write(self, text: str) -> int:
        if self.file is not None:
            self.file.write_string(text)
        return len(text)

    def flush(self) -> None:
        self.own.flush()


def redirect(file: Any) -> None:
    """Let prints write to a file: what Go's do that print to os.Stdout, a variable."""
    sys.stdout = _Redirected(file, _own())


def restore() -> None:
    """Let prints write to the standard output of the process again."""
    sys.stdout = _own()


def _own() -> Any:
    stream: Any = sys.stdout
    return stream.own if isinstance(stream, _Redirected) else stream


def write_own(text: str) -> tuple[int, error]:
    """Write to the standard output of the process, where prints may go elsewhere."""
    redirected = sys.stdout
    if not isinstance(redirected, _Redirected):
        return write_stdout(text)
    restore()
    try:
        return write_stdout(text)
    finally:
        sys.stdout = redirected


def write_stderr(text: str) -> tuple[int, error]:
    """Write to standard error at once, after what standard output was given before."""
    flush()
    try:
        sys.stderr.write(text)
    except UnicodeEncodeError:
        prepare()
        sys.stderr.write(text)
    sys.stderr.flush()
    return len(text.encode("utf-8", "surrogateescape")), None


def flush() -> None:
    """Flush standard output."""
    try:
        # A full disk, or a stream that was closed, is no error.
        with suppress(ValueError):
            sys.stdout.flush()
    except BrokenPipeError:
        die_of(SIGPIPE)
    except OSError:
        return


def die_of(number: int) -> NoReturn:
    """End the process by a signal, as if it had no handler."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    # In another thread, Python refuses to change the handler.
    with suppress(ValueError):
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(128 + number)


class Stdin:
    """Standard input, with the bytes that were read from the system and not by the program yet."""

    def __init__(self) -> None:
        self._pending = b""
        self._at = 0

    def read(self, n: int) -> bytes:
        """Read at most n bytes, waiting for the first; return b"" at the end."""
        if self._at == len(self._pending):
            self._pending = self._fetch()
            self._at = 0
        data = self._pending[self._at : self._at + n]
        self._at += len(data)
        return data

    def unread(self) -> None:
        """Give the last byte back."""
        self._at -= 1

    def _fetch(self) -> bytes:
        flush()
        stream: Any = getattr(sys.stdin, "buffer", None)
        if stream is None:
            return sys.stdin.read(65536).encode("utf-8", "surrogateescape") if sys.stdin else b""
        _wait(stream)
        return stream.read1(65536)  # type: ignore[no-any-return]


def _wait(stream: Any) -> None:
    """Let other goroutines run until a pipe or terminal has input."""
    from gochan._engine.impl import running, sched

    if running() is None or sched.live <= 1:
        return
    import stat

    try:
        fd = stream.fileno()
        mode = os.fstat(fd).st_mode
    except (OSError, ValueError):
        return
    if not stat.S_ISREG(mode):
        from gochan import net

        try:
            net.wait_readable(fd)
        except (OSError, RuntimeError, ValueError):
            # Files that cannot be polled, such as /dev/null.
            return


stdin = Stdin()
