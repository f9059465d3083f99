"""The errors of file operations: Go's package io/fs, as far as package os shares it."""

from .os import ErrClosed, ErrExist, ErrInvalid, ErrNotExist, ErrPermission, PathError

__all__ = ["ErrClosed", "ErrExist", "ErrInvalid", "ErrNotExist", "ErrPermission", "PathError"]
