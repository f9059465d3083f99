"""Checks one file: from its bytes to its findings."""

from __future__ import annotations

import ast
import warnings

from . import blocking, channels, contexts, copies, deferred, locks, routines, selects, updates
from .file import File, Finding
from .noqa import Noqa


class Unreadable(Exception):
    """A file can't be checked; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)


def check_source(source: bytes, noqa: bool = True) -> list[Finding]:
    """Return the findings in a file's source, sorted, without those that a `# noqa` comment silences.

    Raises `Unreadable` if the source is not Python that this interpreter can parse.
    """
    tree = _parse(source)
    if b"gochan" not in source:
        return []
    try:
        findings = check_tree(tree)
    except RecursionError:
        raise Unreadable("too deeply nested to be checked") from None
    if findings and noqa:
        silenced = Noqa(source)
        findings = [f for f in findings if not silenced.silences(f.line, f.code)]
    return findings


def _parse(source: bytes) -> ast.Module:
    try:
        with warnings.catch_warnings():
            # Python's warnings, such as for an invalid escape sequence, are not for vet to report.
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as error:
        where = f"line {error.lineno}: " if error.lineno else ""
        raise Unreadable(f"not valid Python: {where}{error.msg}") from None
    except ValueError as error:
        raise Unreadable(f"not valid Python: {error}") from None
    except (RecursionError, MemoryError):
        raise Unreadable("too deeply nested to be parsed") from None


def check_tree(tree: ast.Module) -> list[Finding]:
    """Return the findings in a parsed module, sorted.  `# noqa` is not seen here."""
    if not _imports_gochan(tree):
        return []
    file = File(tree)
    for family in (updates, channels, selects, routines, deferred, blocking, locks, copies, contexts):
        family.check(file)
    return sorted(file.findings)


def _imports_gochan(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and any(_is_gochan(alias.name) for alias in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and node.level == 0 and _is_gochan(node.module or ""):
            return True
    return False


def _is_gochan(module: str) -> bool:
    return module == "gochan" or module.startswith("gochan.")
