"""The programs that the explorer is tested with: each has a bug, and a mended twin beside it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = Path(__file__).parent / "programs"
# What may be found in the programs of a file.  A KeyError is a panic, and so is a failed division.
KINDS = {
    "accesses": {"race"},
    "asserts": {"assertion"},
    "deadlocks": {"deadlock", "race"},
    "leaks": {"leak"},
    "livelocks": {"livelock"},
    "panics": {"panic"},
    "races": {"race"},
}


def correct() -> list[str]:
    """Return the names of the correct programs."""
    tree = ast.parse((PROGRAMS / "correct.py").read_text())
    return [
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def pairs() -> list[Any]:
    """Return the file and the name of each program that has a mended twin, as pytest's parameters."""
    found: list[Any] = []
    for path in sorted(PROGRAMS.glob("*.py")):
        names = [node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        found += [
            pytest.param(path, name, id=f"{path.stem}-{name}") for name in names if f"{name}_mended" in names
        ]
    return found
