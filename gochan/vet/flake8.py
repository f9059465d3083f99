"""The flake8 plugin: each check is one of flake8's, under the same code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from .driver import check_tree


def _version() -> str:
    try:
        return version("gochan-csp")
    except PackageNotFoundError:
        return "0"


class Plugin:
    """What flake8 calls for each file."""

    name = "gochan-vet"
    version = _version()

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree

    def run(self) -> Iterator[tuple[int, int, str, type[Any]]]:
        """Yield line, column, message and class of each finding."""
        try:
            findings = check_tree(self._tree)
        except RecursionError:
            return
        for line, column, code, message in findings:
            yield line, column, f"{code} {message}", type(self)
