"""Files, the environment, the arguments, the end of the process: Go's package os."""

from __future__ import annotations

import errno
import os as _os
import sys
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any, NoReturn, TypeVar

from . import _stdio
from ._errors import DEADLINE_EXCEEDED, ErrorString
from ._exit import exit_now
from ._files import STDERR, STDIN, STDOUT, File, Pipe, opened
from ._fs import (
    MODE_APPEND,
    MODE_CHAR_DEVICE,
    MODE_DEVICE,
    MODE_DIR,
    MODE_EXCLUSIVE,
    MODE_IRREGULAR,
    MODE_NAMED_PIPE,
    MODE_PERM,
    MODE_SETGID,
    MODE_SETUID,
    MODE_SOCKET,
    MODE_STICKY,
    MODE_SYMLINK,
    MODE_TEMPORARY,
    MODE_TYPE,
    DirEntry,
    FileInfo,
    FileMode,
    lstat,
    permissions,
    read_dir,
    same_file,
    stat,
)
from ._process import ErrProcessDone, Process, ProcessState, SyscallError, WaitStatus, find_process
from ._slices import Slice
from ._text import decode
from ._types import STRING, UINT8, GoType, nil
from ._types import error as _error

__all__ = [
    "DEV_NULL",
    "MODE_APPEND",
    "MODE_CHAR_DEVICE",
    "MODE_DEVICE",
    "MODE_DIR",
    "MODE_EXCLUSIVE",
    "MODE_IRREGULAR",
    "MODE_NAMED_PIPE",
    "MODE_PERM",
    "MODE_SETGID",
    "MODE_SETUID",
    "MODE_SOCKET",
    "MODE_STICKY",
    "MODE_SYMLINK",
    "MODE_TEMPORARY",
    "MODE_TYPE",
    "O_APPEND",
    "O_CREATE",
    "O_EXCL",
    "O_RDONLY",
    "O_RDWR",
    "O_SYNC",
    "O_TRUNC",
    "O_WRONLY",
    "PATH_LIST_SEPARATOR",
    "PATH_SEPARATOR",
    "DirEntry",
    "ErrClosed",
    "ErrDeadlineExceeded",
    "ErrExist",
    "ErrInvalid",
    "ErrNotExist",
    "ErrPermission",
    "ErrProcessDone",
    "File",
    "FileInfo",
    "FileMode",
    "LinkError",
    "PathError",
    "Process",
    "ProcessState",
    "SyscallError",
    "WaitStatus",
    "args",
    "chdir",
    "chmod",
    "chtimes",
    "clearenv",
    "create",
    "create_temp",
    "environ",
    "executable",
    "exit",
    "expand",
    "expand_env",
    "find_process",
    "getegid",
    "getenv",
    "geteuid",
    "getgid",
    "getpagesize",
    "getpid",
    "getppid",
    "getuid",
    "getwd",
    "hostname",
    "is_exist",
    "is_not_exist",
    "is_permission",
    "is_timeout",
    "link",
    "lookup_env",
    "lstat",
    "mkdir",
    "mkdir_all",
    "mkdir_temp",
    "open",
    "open_file",
    "opened",
    "pipe",
    "read_dir",
    "read_file",
    "readlink",
    "remove",
    "remove_all",
    "rename",
    "same_file",
    "setenv",
    "stat",
    "stderr",
    "stdin",
    "stdout",
    "symlink",
    "temp_dir",
    "truncate",
    "unsetenv",
    "user_home_dir",
    "write_file",
]

T = TypeVar("T")

args: Slice[str] = Slice._make(list(sys.argv), STRING)
stdin: File = STDIN
stdout: File = STDOUT
stderr: File = STDERR

O_RDONLY = _os.O_RDONLY
O_WRONLY = _os.O_WRONLY
O_RDWR = _os.O_RDWR
O_APPEND = _os.O_APPEND
O_CREATE = _os.O_CREAT
O_EXCL = _os.O_EXCL
O_TRUNC = _os.O_TRUNC
O_SYNC = getattr(_os, "O_SYNC", 0)
PATH_SEPARATOR = 0x2F
PATH_LIST_SEPARATOR = 0x3A
DEV_NULL = "/dev/null"

ErrInvalid = ErrorString("invalid argument")
ErrPermission = ErrorString("permission denied")
ErrExist = ErrorString("file already exists")
ErrNotExist = ErrorString("file does not exist")
ErrClosed = ErrorString("file already closed")
ErrDeadlineExceeded = DEADLINE_EXCEEDED


class _Errno(Exception):
    """An error number of the system: Go's syscall.Errno."""

    def __init__(self, number: int) -> None:
        text = _os.strerror(number)
        super().__init__(text[:1].lower() + text[1:])
        self.number = number

    def error(self) -> str:
        """Return the system's text: Go's Error."""
        return str(self)

    def is_(self, target: Any) -> bool:
        """Return whether target is the error of this package for the number: Go's Is."""
        if target is ErrNotExist:
            return self.number == errno.ENOENT
        if target is ErrExist:
            return self.number in {errno.EEXIST, errno.ENOTEMPTY}
        if target is ErrPermission:
            return self.number in {errno.EACCES, errno.EPERM}
        return False

    def __go_dynamic__(self) -> GoType:
        return _ERRNO


_ERRNO = GoType("struct", "syscall.Errno", cls=_Errno, named=True)


class PathError(Exception):
    """An operation on a path failed: Go's *fs.PathError."""

    __go_name__ = "fs.PathError"

    def __init__(self, op: str, path: str, err: _error) -> None:
        super().__init__(f"{op} {path}: {err}")
        self.op = op
        self.path = path
        self.err = err

    def error(self) -> str:
        """Return the text: Go's Error."""
        return str(self)

    def unwrap(self) -> _error:
        """Return the error of the system: Go's Unwrap."""
        return self.err


class LinkError(Exception):
    """An operation on two paths failed: Go's *os.LinkError."""

    __go_name__ = "os.LinkError"

    def __init__(self, op: str, old: str, new: str, err: _error) -> None:
        super().__init__(f"{op} {old} {new}: {err}")
        self.op = op
        self.old = old
        self.new = new
        self.err = err

    def error(self) -> str:
        """Return the text: Go's Error."""
        return str(self)

    def unwrap(self) -> _error:
        """Return the error of the system: Go's Unwrap."""
        return self.err


def errno_error(number: int) -> _error:
    """Make the error of the system for an error number."""
    return _Errno(number)


def path_error(op: str, path: str, err: _error) -> PathError:
    """Make a PathError of an OSError or another error."""
    if isinstance(err, OSError):
        err = _Errno(err.errno or 0)
    return PathError(op, path, err)


def exit(code: int) -> NoReturn:
    """End the process at once, with this status: Go's os.Exit.  No deferred call runs."""
    exit_now(code)


# --- the environment --------------------------------------------------------------------------------------


def getenv(key: str) -> str:
    """Return a variable of the environment, or "": Go's os.Getenv."""
    return _os.environ.get(key, "")


def lookup_env(key: str) -> tuple[str, bool]:
    """Return a variable of the environment, and whether it is set: Go's os.LookupEnv."""
    value = _os.environ.get(key)
    return ("", False) if value is None else (value, True)


def setenv(key: str, value: str) -> _error:
    """Set a variable of the environment: Go's os.Setenv."""
    try:
        _os.environ[key] = value
    except (ValueError, OSError):
        return ErrorString("setenv: invalid argument")
    return None


def unsetenv(key: str) -> _error:
    """Remove a variable of the environment: Go's os.Unsetenv."""
    _os.environ.pop(key, None)
    return None


def environ() -> Slice[str]:
    """Return the environment, as "key=value" each: Go's os.Environ."""
    return Slice._make([f"{key}={value}" for key, value in _os.environ.items()], STRING)


def expand_env(s: str) -> str:
    """Replace $var and ${var} by the environment's values: Go's os.ExpandEnv."""
    return expand(s, getenv)


def expand(s: str, mapping: Callable[[str], str]) -> str:
    """Replace $var and ${var} by what mapping returns for them: Go's os.Expand."""
    import re

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        return mapping(name) if name else ""

    # ${} and a brace without its end vanish.
    return re.sub(r"\$(?:\{([^}]*)\}|\{|([*#$@!?0-9-]|[A-Za-z_][A-Za-z_0-9]*))", value, s)


def clearenv() -> None:
    """Remove all variables of the environment: Go's os.Clearenv."""
    _os.environ.clear()


def user_home_dir() -> tuple[str, _error]:
    """Return the user's home directory: Go's os.UserHomeDir."""
    home = getenv("HOME")
    return (home, None) if home else ("", ErrorString("$HOME is not defined"))


def getpid() -> int:
    """Return the process's number: Go's os.Getpid."""
    return _os.getpid()


def getppid() -> int:
    """Return the parent process's number: Go's os.Getppid."""
    return _os.getppid()


def getuid() -> int:
    """Return the user's number: Go's os.Getuid."""
    return _os.getuid()


def geteuid() -> int:
    """Return the effective user's number: Go's os.Geteuid."""
    return _os.geteuid()


def getgid() -> int:
    """Return the group's number: Go's os.Getgid."""
    return _os.getgid()


def getegid() -> int:
    """Return the effective group's number: Go's os.Getegid."""
    return _os.getegid()


def getpagesize() -> int:
    """Return the size of a page of memory: Go's os.Getpagesize."""
    import resource

    return resource.getpagesize()


def hostname() -> tuple[str, _error]:
    """Return the machine's name: Go's os.Hostname."""
    import socket

    return socket.gethostname(), None


def executable() -> tuple[str, _error]:
    """Return the path of the program: Go's os.Executable."""
    return _os.path.abspath(sys.argv[0] or sys.executable), None


# --- files ------------------------------------------------------------------------------------------------


def _path(op: str, path: str, fn: Any, *more: Any) -> _error:
    try:
        fn(path, *more)
    except OSError as exc:
        return path_error(op, path, exc)
    return None


def open(name: str) -> tuple[File, _error]:
    """Open a file for reading: Go's os.Open."""
    return open_file(name, O_RDONLY, 0)


def create(name: str) -> tuple[File, _error]:
    """Create a file, or empty it if it exists: Go's os.Create."""
    return open_file(name, O_RDWR | O_CREATE | O_TRUNC, 0o666)


def open_file(name: str, flag: int, perm: int) -> tuple[File, _error]:
    """Open a file with flags, such as O_APPEND | O_CREATE | O_WRONLY: Go's os.OpenFile."""
    try:
        fd = _os.open(name, flag | getattr(_os, "O_CLOEXEC", 0), perm)
    except OSError as exc:
        return nil, path_error("open", name, exc)
    return File(fd, name), None


def read_file(name: str) -> tuple[Slice[int], _error]:
    """Return the bytes of a file: Go's os.ReadFile."""
    file, err = open(name)
    if err is not None:
        return Slice(), err
    try:
        parts: list[bytes] = []
        while True:
            data, err = file._call("read", _os.read, 1 << 20)
            if err is not None:
                return Slice(), err
            if not data:
                return Slice._make(list(b"".join(parts)), UINT8), None
            parts.append(data)
    finally:
        file.close()


def write_file(name: str, data: Any, perm: int) -> _error:
    """Write bytes to a file, which is created or emptied: Go's os.WriteFile."""
    file, err = open_file(name, O_WRONLY | O_CREATE | O_TRUNC, perm)
    if err is not None:
        return err
    _, err = file.write(data)
    closing = file.close()
    return err if err is not None else closing


def remove(name: str) -> _error:
    """Remove a file or an empty directory: Go's os.Remove."""
    if _os.path.isdir(name) and not _os.path.islink(name):
        return _path("remove", name, _os.rmdir)
    return _path("remove", name, _os.remove)


def remove_all(path: str) -> _error:
    """Remove a file, or a directory with all it holds: Go's os.RemoveAll."""
    import shutil

    if _os.path.isdir(path) and not _os.path.islink(path):
        return _path("remove", path, shutil.rmtree)
    return _path("remove", path, _os.remove) if _os.path.lexists(path) else None


def rename(old: str, new: str) -> _error:
    """Rename a file: Go's os.Rename."""
    return _two_paths("rename", old, new, _os.rename)


def link(old: str, new: str) -> _error:
    """Give a file another name: Go's os.Link."""
    return _two_paths("link", old, new, _os.link)


def symlink(old: str, new: str) -> _error:
    """Make a symbolic link: Go's os.Symlink."""
    return _two_paths("symlink", old, new, _os.symlink)


def _two_paths(op: str, old: str, new: str, fn: Any) -> _error:
    try:
        fn(old, new)
    except OSError as exc:
        return LinkError(op, old, new, _Errno(exc.errno or 0))
    return None


def readlink(name: str) -> tuple[str, _error]:
    """Return what a symbolic link refers to: Go's os.Readlink."""
    try:
        return _os.readlink(name), None
    except OSError as exc:
        return "", path_error("readlink", name, exc)


def chmod(name: str, mode: int) -> _error:
    """Change the permissions of a file: Go's os.Chmod."""
    return _path("chmod", name, _os.chmod, permissions(mode))


def chtimes(name: str, atime: Any, mtime: Any) -> _error:
    """Change the times of a file: Go's os.Chtimes."""
    try:
        _os.utime(name, ns=(atime.unix_nano(), mtime.unix_nano()))
    except OSError as exc:
        return path_error("chtimes", name, exc)
    return None


def truncate(name: str, size: int) -> _error:
    """Change the size of a file: Go's os.Truncate."""
    return _path("truncate", name, _os.truncate, size)


def pipe() -> tuple[File, File, _error]:
    """Return a connected pair of files: reads from the first return what is written to the second.

    Go's os.Pipe.
    """
    try:
        reader, writer = _os.pipe()
    except OSError as exc:
        return nil, nil, ErrorString(f"pipe2: {_Errno(exc.errno or 0)}")
    return Pipe(reader, "|0"), Pipe(writer, "|1"), None


def mkdir(name: str, perm: int) -> _error:
    """Make a directory: Go's os.Mkdir."""
    return _path("mkdir", name, _os.mkdir, perm)


def mkdir_all(path: str, perm: int) -> _error:
    """Make a directory and its parents, as far as they are missing: Go's os.MkdirAll."""
    try:
        _os.makedirs(path, perm, exist_ok=True)
    except OSError as exc:
        return path_error("mkdir", path, exc)
    return None


def _make_new(dir: str, pattern: str, make: Callable[[str], T]) -> tuple[str, T]:
    """Return a new path and what `make` returns for it; raise `OSError` as `make` does.

    The name has a random number in place of the last * of a pattern, or behind it.
    """
    prefix, star, suffix = pattern.rpartition("*")
    if not star:
        prefix, suffix = suffix, ""
    parent = (dir or temp_dir()).rstrip("/")
    for _ in range(10000):
        name = f"{parent}/{prefix}{int.from_bytes(_os.urandom(4))}{suffix}"
        with suppress(FileExistsError):
            return name, make(name)
    raise FileExistsError(errno.EEXIST, "", f"{parent}/{pattern}")


def mkdir_temp(dir: str, pattern: str) -> tuple[str, _error]:
    """Make a directory with a new name: Go's os.MkdirTemp."""
    try:
        return _make_new(dir, pattern, lambda name: _os.mkdir(name, 0o700))[0], None
    except OSError as exc:
        return "", path_error("mkdir", exc.filename, exc)


def create_temp(dir: str, pattern: str) -> tuple[File, _error]:
    """Create a file with a new name, and open it: Go's os.CreateTemp."""
    flags = _os.O_RDWR | _os.O_CREAT | _os.O_EXCL | _os.O_CLOEXEC
    try:
        name, fd = _make_new(dir, pattern, lambda name: _os.open(name, flags, 0o600))
    except OSError as exc:
        return nil, path_error("open", exc.filename, exc)
    return File(fd, name), None


def temp_dir() -> str:
    """Return the directory of temporary files: Go's os.TempDir."""
    return _os.environ.get("TMPDIR") or "/tmp"


def getwd() -> tuple[str, _error]:
    """Return the working directory: Go's os.Getwd."""
    return decode(_os.getcwdb()), None


def chdir(dir: str) -> _error:
    """Change the working directory: Go's os.Chdir."""
    return _path("chdir", dir, _os.chdir)


def _under(err: _error) -> Any:
    return err.err if isinstance(err, (PathError, LinkError)) else err


def is_not_exist(err: _error) -> bool:
    """Return whether err says that a file does not exist: Go's os.IsNotExist."""
    return _is(err, ErrNotExist)


def is_exist(err: _error) -> bool:
    """Return whether err says that a file exists: Go's os.IsExist."""
    return _is(err, ErrExist)


def is_permission(err: _error) -> bool:
    """Return whether err says that permission is denied: Go's os.IsPermission."""
    return _is(err, ErrPermission)


def is_timeout(err: _error) -> bool:
    """Return whether err says that the time for something is over: Go's os.IsTimeout."""
    under = _under(err)
    if isinstance(under, type):
        # context.DeadlineExceeded is a class.
        return issubclass(under, TimeoutError)
    method = getattr(under, "timeout", None)
    return bool(method()) if callable(method) else isinstance(under, TimeoutError)


def _is(err: _error, target: Any) -> bool:
    under = _under(err)
    return under is target or (isinstance(under, _Errno) and under.is_(target))


class _Module(ModuleType):
    """Lets prints follow an assignment to `stdout`: they write to what os.Stdout is at the time."""

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "stdout" and value is STDOUT:
            _stdio.restore()
        elif name == "stdout":
            _stdio.redirect(value)


sys.modules[__name__].__class__ = _Module
