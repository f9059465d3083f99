"""Files, their kinds, and file systems: Go's package io/fs.

A file system is what has a method `open`; where it has others, such as `read_file`, they are used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from . import io
from . import os as _os
from . import path as _path
from ._common import Slice, new_error, nil_bytes, strings_of
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
    SkipAll,
    SkipDir,
    walk_entries,
)
from ._types import error
from .os import ErrClosed, ErrExist, ErrInvalid, ErrNotExist, ErrPermission, PathError

__all__ = [
    "FS",
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
    "DirEntry",
    "ErrClosed",
    "ErrExist",
    "ErrInvalid",
    "ErrNotExist",
    "ErrPermission",
    "File",
    "FileInfo",
    "FileMode",
    "GlobFS",
    "PathError",
    "ReadDirFS",
    "ReadDirFile",
    "ReadFileFS",
    "SkipAll",
    "SkipDir",
    "StatFS",
    "SubFS",
    "WalkDirFunc",
    "file_info_to_dir_entry",
    "glob",
    "read_dir",
    "read_file",
    "stat",
    "sub",
    "valid_path",
    "walk_dir",
]

WalkDirFunc: TypeAlias = Callable[[str, Any, Any], Any]


class File(Protocol):
    """Go's fs.File."""

    def stat(self) -> tuple[FileInfo, error]: ...
    def read(self, p: Any, /) -> tuple[int, error]: ...
    def close(self) -> error: ...


class ReadDirFile(File, Protocol):
    def read_dir(self, n: int, /) -> tuple[Slice[DirEntry], error]: ...


class FS(Protocol):
    """Go's fs.FS."""

    def open(self, name: str, /) -> tuple[File, error]: ...


class ReadFileFS(FS, Protocol):
    def read_file(self, name: str, /) -> tuple[Slice[int], error]: ...


class ReadDirFS(FS, Protocol):
    def read_dir(self, name: str, /) -> tuple[Slice[DirEntry], error]: ...


class StatFS(FS, Protocol):
    def stat(self, name: str, /) -> tuple[FileInfo, error]: ...


class GlobFS(FS, Protocol):
    def glob(self, pattern: str, /) -> tuple[Slice[str], error]: ...


class SubFS(FS, Protocol):
    def sub(self, dir: str, /) -> tuple[FS, error]: ...


def valid_path(name: str) -> bool:
    """Return whether a name may be given to open: relative, and without . and .. in it."""
    return name == "." or all(part not in ("", ".", "..") for part in name.split("/"))


class DirFS:
    """The files of a directory: what os.DirFS returns."""

    __slots__ = ("_folder",)
    __go_name__ = "os.dirFS"

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def _do(self, fn: Callable[[str], tuple[Any, Any]], op: str, name: str, nothing: Any = None) -> Any:
        if not self._folder:
            return nothing, PathError(op, name, new_error("os: DirFS with empty root"))
        if not valid_path(name) or "\0" in name:
            return nothing, PathError(op, name, ErrInvalid)
        found, err = fn(f"{self._folder.rstrip('/')}/{name}")
        # The error names the file as the caller does.
        return found, PathError(err.op, name, err.err) if isinstance(err, PathError) else err

    def open(self, name: str) -> Any:
        return self._do(_os.open, "open", name)

    def read_file(self, name: str) -> Any:
        return self._do(_os.read_file, "readfile", name, nil_bytes())

    def read_dir(self, name: str) -> Any:
        return self._do(_os.read_dir, "readdir", name, Slice[DirEntry]())

    def stat(self, name: str) -> Any:
        return self._do(_os.stat, "stat", name)


def read_file(fsys: Any, name: str) -> tuple[Slice[int], error]:
    if hasattr(fsys, "read_file"):
        found: tuple[Slice[int], error] = fsys.read_file(name)
        return found
    file, err = fsys.open(name)
    if err is not None:
        return nil_bytes(), err
    data, err = io.read_all(file)
    file.close()
    return data, err


def read_dir(fsys: Any, name: str) -> tuple[Slice[DirEntry], error]:
    if hasattr(fsys, "read_dir"):
        found: tuple[Slice[DirEntry], error] = fsys.read_dir(name)
        return found
    file, err = fsys.open(name)
    if err is not None:
        return Slice[DirEntry](), err
    if not hasattr(file, "read_dir"):
        file.close()
        return Slice[DirEntry](), PathError("readdir", name, new_error("not implemented"))
    listed, err = file.read_dir(-1)
    file.close()
    return Slice[DirEntry](sorted(listed, key=lambda entry: entry.name().encode())), err


def stat(fsys: Any, name: str) -> tuple[FileInfo, error]:
    if hasattr(fsys, "stat"):
        found: tuple[FileInfo, error] = fsys.stat(name)
        return found
    file, err = fsys.open(name)
    if err is not None:
        return None, err  # type: ignore[return-value]
    info, err = file.stat()
    file.close()
    return info, err


class _InfoEntry:
    """Go's *fs.dirInfo."""

    __go_name__ = "fs.dirInfo"

    def __init__(self, info: Any) -> None:
        self._info = info

    def name(self) -> str:
        name: str = self._info.name()
        return name

    def is_dir(self) -> bool:
        return bool(self._info.is_dir())

    def type(self) -> FileMode:
        return FileMode(self._info.mode()).type()

    def info(self) -> tuple[FileInfo, error]:
        return self._info, None


def file_info_to_dir_entry(info: Any) -> Any:
    return None if info is None else _InfoEntry(info)


def walk_dir(fsys: Any, root: str, fn: Callable[[str, Any, Any], Any]) -> error:
    """Call fn(path, entry, err) for a file and all below it; fn may return SkipDir or SkipAll."""
    info, err = stat(fsys, root)
    if err is not None:
        err = fn(root, None, err)
    else:
        err = walk_entries(root, _InfoEntry(info), fn, lambda path: read_dir(fsys, path))
    return None if err is SkipDir or err is SkipAll else err


def glob(fsys: Any, pattern: str) -> tuple[Slice[str], error]:
    """Return the names that match a pattern, in the order of their directories."""
    if hasattr(fsys, "glob"):
        found: tuple[Slice[str], error] = fsys.glob(pattern)
        return found
    _, err = _path.match(pattern, "")
    names = [] if err is not None else _matches(fsys, pattern)
    return strings_of(names or None), err


def _matches(fsys: Any, pattern: str) -> list[str]:
    if not any(c in pattern for c in "*?[\\"):
        return [pattern] if stat(fsys, pattern)[1] is None else []
    folder, _, last = pattern.rpartition("/")
    found: list[str] = []
    for each in _matches(fsys, folder) if folder else ["."]:
        entries, _ = read_dir(fsys, each)
        names = [entry.name() for entry in entries]
        found += [_path.join(each, name) for name in names if _path.match(last, name)[0]]
    return found


class _Sub:
    """Go's *fs.subFS: the files of a directory of a file system."""

    __slots__ = ("_folder", "_fsys")
    __go_name__ = "fs.subFS"

    def __init__(self, fsys: Any, folder: str) -> None:
        self._fsys = fsys
        self._folder = folder

    def _do(self, fn: Callable[[Any, str], tuple[Any, Any]], op: str, name: str, nothing: Any = None) -> Any:
        if not valid_path(name):
            return nothing, PathError(op, name, ErrInvalid)
        found, err = fn(self._fsys, _path.join(self._folder, name))
        if isinstance(err, PathError) and (
            err.path == self._folder or err.path.startswith(self._folder + "/")
        ):
            err = PathError(err.op, err.path[len(self._folder) + 1 :] or ".", err.err)
        return found, err

    def open(self, name: str) -> Any:
        return self._do(lambda fsys, path: fsys.open(path), "open", name)

    def read_file(self, name: str) -> Any:
        return self._do(read_file, "read", name, nil_bytes())

    def read_dir(self, name: str) -> Any:
        return self._do(read_dir, "read", name, Slice[DirEntry]())


def sub(fsys: Any, dir: str) -> Any:
    """Return the file system of a directory of another one, and an error."""
    if not valid_path(dir):
        return None, PathError("sub", dir, ErrInvalid)
    if dir == ".":
        return fsys, None
    return fsys.sub(dir) if hasattr(fsys, "sub") else (_Sub(fsys, dir), None)
