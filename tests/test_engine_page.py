"""What "How it works" names is in the engine."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "engine.rst"
ENGINE = ROOT / "gochan" / "_engine"

pytestmark = pytest.mark.once

# Go's and Python's own, and what the page explains with.
ELSEWHERE = {
    "CHANGELOG.md",
    "NOT_GOS",
    "__all__",
    "__del__",
    "aio.select",
    "Cond",
    "KeyboardInterrupt",
    "RecursionError",
    "RuntimeError",
    "deque",
    "gr_context",
    "heapq",
    "datetime",
    "help",
    "inspect.signature",
    "once",
    "synctest",
    "timedelta",
}


def names() -> set[str]:
    """Return the engine's files, with and without their suffixes, and what they define."""
    found: set[str] = set()
    for path in (path for folder in (ENGINE, ENGINE / "py") for path in folder.glob("*.py")):
        found |= {path.stem, path.name}
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                found.add(node.name)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
    for path in (ENGINE / "c").iterdir():
        found |= {path.name, *re.findall(r"\b[A-Za-z_]\w*", path.read_text())}
    return found


def test_every_name_on_the_page_is_there() -> None:
    known = names()
    said = re.findall(r"``([A-Za-z_][\w.]*)``", PAGE.read_text())
    assert len(said) > 100
    missing = {name for name in said if name not in known | ELSEWHERE and not set(name.split(".")) <= known}
    assert missing == set()


def test_every_file_of_the_engine_is_on_the_page() -> None:
    text = PAGE.read_text()
    for path in (ENGINE / "py").glob("[!_]*.py"):
        assert f"``{path.name}``" in text
    for path in (ENGINE / "c").glob("*.[ch]"):
        assert f"``{path.name}``" in text
    for path in ENGINE.glob("[!_]*.py"):
        assert f"``{path.stem}``" in text


def test_every_folder_and_target_on_the_page_is_there() -> None:
    text = PAGE.read_text()
    targets = re.findall(r"``make (\w+)``", text)
    folders = re.findall(r"``(\w+/[\w/]+)``", text)
    makefile = (ROOT / "Makefile").read_text()
    assert targets
    assert folders
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    assert all((ROOT / folder).exists() for folder in folders)
