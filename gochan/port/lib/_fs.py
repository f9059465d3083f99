"""What directories and files are: Go's fs.FileMode, FileInfo and DirEntry, os.Stat and os.ReadDir."""

from __future__ import annotations

import os as _os
import stat as _stat
from collections.abc import Callable
from typing import Any, Final, Protocol

from ._errors import EOF, ErrorString
from ._slices import Slice
from ._types import UINT32, error

_LETTERS: Final = "dalTLDpSugct?"
_BITS: Final = {letter: 1 << (31 - i) for i, letter in enumerate(_LETTERS)}
_RWX: Final = "rwxrwxrwx"


class FileMode(int):
    """The kind of a file and its permissions: Go's fs.FileMode."""

    __slots__ = ()
    __go_name__ = "fs.FileMode"
    __go_under__ = UINT32

    def string(self) -> str:
        """Return the mode as ls -l shows it: Go's String."""
        kind = "".join(letter for letter, bit in _BITS.items() if self & bit)
        bits = "".join(letter if self & 1 << (8 - i) else "-" for i, letter in enumerate(_RWX))
        return (kind or "-") + bits

    __str__ = string

    def is_dir(self) -> bool:
        """Return whether this is the mode of a directory: Go's IsDir."""
        return bool(self & _BITS["d"])

    def is_regular(self) -> bool:
        """Return whether this is the mode of a plain file: Go's IsRegular."""
        return not self & MODE_TYPE

    def perm(self) -> FileMode:
        """Return the permissions: Go's Perm."""
        return FileMode(self & 0o777)

    def type(self) -> FileMode:
        """Return the kind of the file: Go's Type."""
        return FileMode(self & MODE_TYPE)


MODE_DIR = FileMode(_BITS["d"])
MODE_APPEND = FileMode(_BITS["a"])
MODE_EXCLUSIVE = FileMode(_BITS["l"])
MODE_TEMPORARY = FileMode(_BITS["T"])
MODE_SYMLINK = FileMode(_BITS["L"])
MODE_DEVICE = FileMode(_BITS["D"])
MODE_NAMED_PIPE = FileMode(_BITS["p"])
MODE_SOCKET = FileMode(_BITS["S"])
MODE_SETUID = FileMode(_BITS["u"])
MODE_SETGID = FileMode(_BITS["g"])
MODE_CHAR_DEVICE = FileMode(_BITS["c"])
MODE_STICKY = FileMode(_BITS["t"])
MODE_IRREGULAR = FileMode(_BITS["?"])
MODE_TYPE = FileMode(sum(_BITS[letter] for letter in "dLpSDc?"))
MODE_PERM = FileMode(0o777)

_KINDS: Final = {
    _stat.S_IFDIR: MODE_DIR,
    _stat.S_IFLNK: MODE_SYMLINK,
    _stat.S_IFIFO: MODE_NAMED_PIPE,
    _stat.S_IFSOCK: MODE_SOCKET,
    _stat.S_IFBLK: MODE_DEVICE,
    _stat.S_IFCHR: FileMode(MODE_DEVICE | MODE_CHAR_DEVICE),
}


def _mode(bits: int) -> FileMode:
    """Return the system's mode in Go's bits."""
    mode = bits & 0o777 | _KINDS.get(_stat.S_IFMT(bits), 0)
    for bit, go in ((_stat.S_ISUID, MODE_SETUID), (_stat.S_ISGID, MODE_SETGID), (_stat.S_ISVTX, MODE_STICKY)):
        if bits & bit:
            mode |= go
    return FileMode(mode)


def permissions(mode: int) -> int:
    """Return the mode that the system takes for Go's."""
    bits = mode & 0o777
    for bit, go in ((_stat.S_ISUID, MODE_SETUID), (_stat.S_ISGID, MODE_SETGID), (_stat.S_ISVTX, MODE_STICKY)):
        if mode & go:
            bits |= bit
    return bits


class FileInfo(Protocol):
    """What os.Stat returns: Go's fs.FileInfo."""

    def name(self) -> str: ...
    def size(self) -> int: ...
    def mode(self) -> FileMode: ...
    def mod_time(self) -> Any: ...
    def is_dir(self) -> bool: ...
    def sys(self) -> Any: ...


class DirEntry(Protocol):
    """A file of a directory: Go's fs.DirEntry."""

    def name(self) -> str: ...
    def is_dir(self) -> bool: ...
    def type(self) -> FileMode: ...
    def info(self) -> tuple[FileInfo, error]: ...


class _FileStat:
    """Go's *os.fileStat."""

    __go_name__ = "os.fileStat"

    def __init__(self, name: str, status: _os.stat_result) -> None:
        self._name = name
        self.status = status

    def name(self) -> str:
        return self._name

    def size(self) -> int:
        return self.status.st_size

    def mode(self) -> FileMode:
        return _mode(self.status.st_mode)

    def mod_time(self) -> Any:
        from .time import unix

        return unix(0, self.status.st_mtime_ns)

    def is_dir(self) -> bool:
        return _stat.S_ISDIR(self.status.st_mode)

    def sys(self) -> Any:
        return self.status

    # Also the entry of its own, for filepath.WalkDir's root.
    def type(self) -> FileMode:
        return self.mode().type()

    def info(self) -> tuple[FileInfo, error]:
        return self, None


class _DirEntry:
    """Go's *os.unixDirent."""

    __go_name__ = "os.unixDirent"

    def __init__(self, folder: str, entry: _os.DirEntry[str]) -> None:
        self._path = _join(folder, entry.name)
        self._name = entry.name
        self._type = _type_of(entry)

    def name(self) -> str:
        return self._name

    def is_dir(self) -> bool:
        return self._type.is_dir()

    def type(self) -> FileMode:
        return self._type

    def info(self) -> tuple[FileInfo, error]:
        return lstat(self._path)

    def string(self) -> str:
        return f"{self._type.string()[:-9]} {self._name}{'/' if self.is_dir() else ''}"

    __str__ = string


def _join(folder: str, name: str) -> str:
    return f"{folder}{name}" if folder.endswith("/") else f"{folder}/{name}"


def _type_of(entry: _os.DirEntry[str]) -> FileMode:
    if entry.is_symlink():
        return MODE_SYMLINK
    if entry.is_dir(follow_symlinks=False):
        return MODE_DIR
    if entry.is_file(follow_symlinks=False):
        return FileMode(0)
    return _mode(entry.stat(follow_symlinks=False).st_mode).type()


def _base(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2] or ("/" if path else "")


def stat(name: str) -> tuple[FileInfo, error]:
    """Return what a file is; a link stands for what it refers to: Go's os.Stat."""
    return _status("stat", name, _os.stat)


def lstat(name: str) -> tuple[FileInfo, error]:
    """Return what a file is; a link is a link: Go's os.Lstat."""
    return _status("lstat", name, _os.lstat)


def _status(op: str, name: str, fn: Callable[[str], _os.stat_result]) -> tuple[Any, error]:
    from .os import path_error

    try:
        return _FileStat(_base(name), fn(name)), None
    except OSError as exc:
        return None, path_error(op, name, exc)


def status_of(fd: int, name: str) -> Any:
    """Return what an open file is.  Raises OSError."""
    return _FileStat(_base(name), _os.fstat(fd))


def same_file(a: Any, b: Any) -> bool:
    """Return whether two FileInfos are of one file: Go's os.SameFile."""
    return isinstance(a, _FileStat) and isinstance(b, _FileStat) and _os.path.samestat(a.status, b.status)


def entries(folder: str) -> list[Any]:
    """Return the entries of a directory, as the system lists them.  Raises OSError."""
    with _os.scandir(folder) as found:
        return [_DirEntry(folder, entry) for entry in found]


def read_dir(name: str) -> tuple[Slice[DirEntry], error]:
    """Return the entries of a directory by name: Go's os.ReadDir."""
    from .os import path_error

    try:
        return Slice[DirEntry](sorted(entries(name), key=lambda entry: _os.fsencode(entry.name()))), None
    except OSError as exc:
        return Slice[DirEntry](), path_error("open", name, exc)


class Listing:
    """The entries of an open directory that have not been read."""

    def __init__(self, folder: str) -> None:
        self._rest = entries(folder)

    def take(self, n: int) -> tuple[list[Any], Any]:
        """Return all that is left if n is not positive; else at most n, and io.EOF after the last."""
        if n <= 0:
            taken, self._rest = self._rest, []
            return taken, None
        taken, self._rest = self._rest[:n], self._rest[n:]
        return taken, None if taken else EOF


SkipDir = ErrorString("skip this directory")
SkipAll = ErrorString("skip everything and stop the walk")


def walk_entries(
    path: str, entry: Any, fn: Callable[[str, Any, Any], Any], listed: Callable[[str], Any]
) -> Any:
    """Call fn for an entry and all below it; `listed` reads a directory, as `read_dir` does."""
    err = fn(path, entry, None)
    if err is not None or not entry.is_dir():
        return None if err is SkipDir and entry.is_dir() else err
    found, err = listed(path)
    if err is not None:
        err = fn(path, entry, err)
        if err is not None:
            return None if err is SkipDir else err
    for each in found:
        err = walk_entries(_join_clean(path, each.name()), each, fn, listed)
        if err is SkipDir:
            break
        if err is not None:
            return err
    return None


def _join_clean(folder: str, name: str) -> str:
    from .path import join

    return join(folder, name)


def walk_dir(root: str, fn: Callable[[str, Any, Any], Any]) -> error:
    """Call fn(path, entry, err) for a file and all below it: Go's filepath.WalkDir.

    Entries are in the order of their names.  fn may return SkipDir or SkipAll.
    """
    info, err = lstat(root)
    err = fn(root, None, err) if err is not None else walk_entries(root, info, fn, read_dir)
    return None if err is SkipDir or err is SkipAll else err


def walk(root: str, fn: Callable[[str, Any, Any], Any]) -> error:
    """Call fn(path, info, err) for a file and all below it: Go's filepath.Walk."""
    info, err = lstat(root)
    err = fn(root, None, err) if err is not None else _walk_infos(root, info, fn)
    return None if err is SkipDir or err is SkipAll else err


def _walk_infos(path: str, info: Any, fn: Callable[[str, Any, Any], Any]) -> Any:
    if not info.is_dir():
        return fn(path, info, None)
    found, err = read_dir(path)
    said = fn(path, info, err)
    if err is not None or said is not None:
        return said
    for each in found:
        name = _join_clean(path, each.name())
        below, err = lstat(name)
        if err is not None:
            err = fn(name, below, err)
            if err is not None and err is not SkipDir:
                return err
            continue
        err = _walk_infos(name, below, fn)
        if err is not None and (err is not SkipDir or not below.is_dir()):
            return err
    return None
