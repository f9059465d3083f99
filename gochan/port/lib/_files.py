"""Files: what os.Open returns, and the three standard ones."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from . import _stdio
from ._errors import EOF
from ._fs import DirEntry, FileInfo, Listing, permissions, status_of
from ._panics import nil_dereference
from ._slices import Slice
from ._text import decode, encode
from ._types import STRING, error


class File:
    """An open file: Go's *os.File."""

    __go_name__ = "os.File"

    def __init__(self, fd: int, name: str) -> None:
        self._fd = fd
        self._name = name
        self._listing: Listing | None = None

    def name(self) -> str:
        """Return the name as it was given to open: Go's Name."""
        return self._name

    def fd(self) -> int:
        """Return the file descriptor: Go's Fd."""
        return self._fd

    def read(self, p: Slice[int]) -> tuple[int, error]:
        """Read at most len(p) bytes into p: Go's Read."""
        data, err = self._read(len(p))
        p[: len(data)].replace(list(data))
        return len(data), err

    def _read(self, n: int) -> tuple[bytes, error]:
        """Read at most n bytes, for readers of this package."""
        if n == 0:
            return b"", None
        data, err = self._call("read", os.read, n)
        return data or b"", EOF if err is None and not data else err

    def write(self, p: Any) -> tuple[int, error]:
        """Write the bytes of p: Go's Write."""
        return self._write(bytes(p))

    def write_string(self, s: str) -> tuple[int, error]:
        """Write the bytes of a string: Go's WriteString."""
        return self._write(encode(s))

    def _write(self, data: bytes) -> tuple[int, error]:
        done = 0
        while done < len(data):
            n, err = self._call("write", os.write, data[done:])
            if err is not None:
                return done, err
            done += n
        return done, None

    def read_all(self) -> bytes:
        """Read the rest of the file."""
        parts: list[bytes] = []
        while True:
            data, err = self._call("read", os.read, 65536)
            if err is not None or not data:
                return b"".join(parts)
            parts.append(data)

    def seek(self, offset: int, whence: int) -> tuple[int, error]:
        """Set the position of the next read or write: Go's Seek."""
        at, err = self._call("seek", os.lseek, offset, whence)
        return at or 0, err

    def sync(self) -> error:
        """Write what the system keeps in memory to the disk: Go's Sync."""
        return self._call("sync", os.fsync)[1]

    def truncate(self, size: int) -> error:
        """Change the size: Go's Truncate."""
        return self._call("truncate", os.ftruncate, size)[1]

    def close(self) -> error:
        """Close the file: Go's Close."""
        _, err = self._call("close", os.close)
        self._fd = -1
        return err

    def read_at(self, p: Slice[int], off: int) -> tuple[int, error]:
        """Read at most len(p) bytes from a position into p: Go's ReadAt."""
        data, err = self._call("read", os.pread, len(p), off)
        p[: len(data or b"")].replace(list(data or b""))
        return len(data or b""), EOF if err is None and len(data) < len(p) else err

    def write_at(self, p: Any, off: int) -> tuple[int, error]:
        """Write the bytes of p at a position: Go's WriteAt."""
        n, err = self._call("write", os.pwrite, bytes(p), off)
        return n or 0, err

    def chmod(self, mode: int) -> error:
        """Change the permissions: Go's Chmod."""
        return self._call("chmod", os.fchmod, permissions(mode))[1]

    def stat(self) -> tuple[FileInfo, error]:
        """Return what the file is: Go's Stat."""
        return self._call("stat", status_of, self._name)

    def read_dir(self, n: int) -> tuple[Slice[DirEntry], error]:
        """Return at most n entries of a directory, all if n is not positive: Go's ReadDir."""
        found, err = self._entries(n)
        return Slice[DirEntry](found), err

    def readdirnames(self, n: int) -> tuple[Slice[str], error]:
        """Return at most n names of a directory, all if n is not positive: Go's Readdirnames."""
        found, err = self._entries(n)
        return Slice._make([entry.name() for entry in found], STRING), err

    def readdir(self, n: int) -> tuple[Slice[FileInfo], error]:
        """Return what at most n files of a directory are: Go's Readdir."""
        found, err = self._entries(n)
        infos = [entry.info() for entry in found]
        return Slice[FileInfo]([info for info, failed in infos if failed is None]), err

    def _entries(self, n: int) -> tuple[list[Any], error]:
        if self._listing is None:
            listing, err = self._call("readdir", lambda _: Listing(self._name))
            if err is not None:
                return [], err
            self._listing = listing
        return self._listing.take(n)

    def _call(self, op: str, fn: Callable[..., Any], *args: Any) -> tuple[Any, error]:
        from .os import ErrClosed, path_error

        while self._fd >= 0:
            try:
                return fn(self._fd, *args), None
            except BlockingIOError:
                self._wait(op)
            except OSError as exc:
                return None, path_error(op, self._name, exc)
        return None, path_error(op, self._name, ErrClosed)

    def _wait(self, op: str) -> None:
        """Let other goroutines run until a descriptor that does not block is ready."""
        from gochan import net

        (net.wait_readable if op == "read" else net.wait_writable)(self._fd)


class Pipe(File):
    """An end of a pipe, at which a goroutine waits without holding up the others."""

    __go_name__ = "os.File"

    def __init__(self, fd: int, name: str) -> None:
        super().__init__(fd, name)
        os.set_blocking(fd, False)

    def give_away(self) -> None:
        """Let the end block, as another program expects it that gets it."""
        if self._fd >= 0:
            os.set_blocking(self._fd, True)


class _Stdin(File):
    __go_name__ = "os.File"

    def _read(self, n: int) -> tuple[bytes, error]:
        if n == 0:
            return b"", None
        data = _stdio.stdin.read(n)
        return data, None if data else EOF

    def read_all(self) -> bytes:
        parts = []
        while data := _stdio.stdin.read(1 << 20):
            parts.append(data)
        return b"".join(parts)


class _Output(File):
    __go_name__ = "os.File"

    def __init__(self, fd: int, name: str, put: Callable[[str], tuple[int, Any]]) -> None:
        super().__init__(fd, name)
        self._put = put

    def _write(self, data: bytes) -> tuple[int, error]:
        return self._put(decode(data))

    def write_string(self, s: str) -> tuple[int, error]:
        return self._put(s)

    def sync(self) -> error:
        _stdio.flush()
        return None


class _NoFile(File):
    """A nil *os.File, whose methods return an error."""

    __go_name__ = "os.File"

    def name(self) -> str:
        raise nil_dereference()

    def fd(self) -> int:
        return 0xFFFF_FFFF_FFFF_FFFF

    def _read(self, n: int) -> tuple[bytes, error]:
        return self._call("read", os.read)

    def _write(self, data: bytes) -> tuple[int, error]:
        return 0, self._call("write", os.write)[1]

    def _call(self, op: str, fn: Callable[..., Any], *args: Any) -> tuple[Any, error]:
        from .os import ErrInvalid

        return b"" if op == "read" else None, ErrInvalid


def opened(f: File | None, /) -> File:
    """Return a file; for nil one whose methods return `os.ErrInvalid`, as those of a nil *os.File do."""
    return _NO_FILE if f is None else f


_NO_FILE = _NoFile(-1, "")
STDIN = _Stdin(0, "/dev/stdin")
STDOUT = _Output(1, "/dev/stdout", _stdio.write_own)
STDERR = _Output(2, "/dev/stderr", _stdio.write_stderr)
