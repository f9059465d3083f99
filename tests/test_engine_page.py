"""What "How it works" names is in the engine, and its figures are those that the script draws."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "engine.rst"
ENGINE = ROOT / "gochan" / "runtime"

pytestmark = pytest.mark.once

# Go's and Python's own, and what the page explains with.
ELSEWHERE = {
    "Final",
    "RecursionError",
    "asyncio",
    "deque",
    "datetime",
    "sync",
    "synctest",
}


def names() -> set[str]:
    """The engine's files, and what they define."""
    found: set[str] = set()
    for path in ENGINE.glob("*.py"):
        found.add(path.stem)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                found.add(node.name)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
    return found


def test_every_name_on_the_page_is_there() -> None:
    known = names()
    said = re.findall(r"``([A-Za-z_][\w.]*)``", PAGE.read_text())
    assert len(said) > 60
    missing = {name for name in said if not set(name.split(".")) <= known and name not in ELSEWHERE}
    assert missing == set()


def test_every_folder_and_target_on_the_page_is_there() -> None:
    text = PAGE.read_text()
    targets = re.findall(r"``make (\w+)``", text)
    folders = re.findall(r"``(\w+/[\w/]+)``", text)
    makefile = (ROOT / "Makefile").read_text()
    assert targets
    assert folders
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    assert all((ROOT / folder).exists() for folder in folders)


def test_the_figures_are_those_that_are_drawn() -> None:
    spec = importlib.util.spec_from_file_location("engine_figures", ROOT / "docs" / "engine_figures.py")
    assert spec is not None
    assert spec.loader is not None
    figures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(figures)
    drawn = {f"{figure.name}.svg": str(figure) for figure in (draw() for draw in figures.FIGURES)}
    assert drawn == {path.name: path.read_text() for path in figures.FOLDER.glob("*.svg")}
    for name in drawn:
        assert f":file: _static/engine/{name}" in PAGE.read_text()
