"""Go's package io/ioutil, as far as package os has no other function for it."""

from __future__ import annotations

from typing import Any

from ._fs import FileInfo
from ._fs import read_dir as _entries
from ._slices import Slice
from ._types import error

__all__ = ["read_dir"]


def read_dir(dirname: str) -> tuple[Slice[Any], error]:
    """Return what the files of a directory are, by name: Go's ioutil.ReadDir."""
    found, err = _entries(dirname)
    if err is not None:
        return Slice[FileInfo](), err
    infos = [entry.info() for entry in found]
    return Slice[FileInfo]([info for info, failed in infos if failed is None]), None
