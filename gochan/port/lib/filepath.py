"""Go's package path/filepath, for Unix."""

from __future__ import annotations

import glob as _glob
import os as _os
from typing import Final

from . import path as _path
from ._common import Slice, new_error, strings_of
from ._fs import SkipAll, SkipDir, walk, walk_dir
from ._types import error
from .path import ErrBadPattern, base, clean, dir, ext, is_abs, join, match, split

__all__ = [
    "LIST_SEPARATOR",
    "SEPARATOR",
    "ErrBadPattern",
    "SkipAll",
    "SkipDir",
    "abs",
    "base",
    "clean",
    "dir",
    "eval_symlinks",
    "ext",
    "from_slash",
    "glob",
    "is_abs",
    "is_local",
    "join",
    "match",
    "rel",
    "split",
    "split_list",
    "to_slash",
    "volume_name",
    "walk",
    "walk_dir",
]

SEPARATOR: Final = 0x2F
LIST_SEPARATOR: Final = 0x3A


def abs(path: str) -> tuple[str, error]:
    return (clean(path) if is_abs(path) else join(_os.getcwd(), path)), None


def from_slash(path: str) -> str:
    return path


def to_slash(path: str) -> str:
    return path


def volume_name(path: str) -> str:
    return ""


def split_list(path: str) -> Slice[str]:
    return strings_of(path.split(":") if path else [])


def is_local(path: str) -> bool:
    if not path or is_abs(path):
        return False
    depth = 0
    for part in path.split("/"):
        if part == "..":
            depth -= 1
            if depth < 0:
                return False
        elif part not in ("", "."):
            depth += 1
    return True


def rel(base_path: str, targ_path: str) -> tuple[str, error]:
    start, target = clean(base_path), clean(targ_path)
    if target == start:
        return ".", None
    if start == ".":
        start = ""
    if start.startswith("/") != target.startswith("/"):
        return "", new_error(f"Rel: can't make {targ_path} relative to {base_path}")
    here = [part for part in start.split("/") if part]
    there = [part for part in target.split("/") if part and part != "."]
    common = 0
    while common < min(len(here), len(there)) and here[common] == there[common]:
        common += 1
    if ".." in here[common:]:
        return "", new_error(f"Rel: can't make {targ_path} relative to {base_path}")
    return "/".join([*[".."] * (len(here) - common), *there[common:]]), None


def eval_symlinks(path: str) -> tuple[str, error]:
    from .os import path_error

    if not _os.path.lexists(path):
        try:
            _os.lstat(path)
        except OSError as exc:
            return "", path_error("lstat", path, exc)
    return _os.path.relpath(_os.path.realpath(path)) if not is_abs(path) else _os.path.realpath(path), None


def glob(pattern: str) -> tuple[Slice[str], error]:
    _, err = _path.match(pattern, "")
    if err is not None:
        return strings_of(None), err
    found = sorted(name for name in _glob.glob(pattern.replace("[^", "[!"), include_hidden=True))
    return strings_of(found or None), None
