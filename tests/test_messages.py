"""What error messages recommend exists under that name."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

GOCHAN = Path(__file__).parent.parent / "gochan"
MODULES = {path.stem for path in GOCHAN.glob("[a-z]*.py")} | {"aio", "sync", "asyncio"}
# A name of a module of gochan's, or of asyncio's, as in `await aio.recv(ch)` and thread.submit(f, ...).
NAME = re.compile(rf"(?<![\w./])({'|'.join(sorted(MODULES))})\.([A-Za-z_]\w*)")

# Names of Go's, in texts that are Go's word for word.
GO = {("bufio", "Scan"), ("runtime", "Goexit"), ("synctest", "Run"), ("synctest", "Wait")}


def texts_in_python(path: Path) -> Iterator[str]:
    """Yield the texts in the functions of a file, except for docstrings."""
    tree = ast.parse(path.read_text())
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def texts_in_c(path: Path) -> Iterator[str]:
    yield from re.findall(r'"((?:[^"\\\n]|\\.)*)"', path.read_text())


def names() -> list[tuple[str, str]]:
    """Return the names in messages, each with its module."""
    found: set[tuple[str, str]] = set()
    for path in GOCHAN.rglob("*.[pc]*"):
        if {"port", "vet"} & set(path.parts):
            # These speak of Go's names, and of the standard library's.
            continue
        if path.suffix == ".py" and "docstrings" not in path.name:
            found.update(name for text in texts_in_python(path) for name in NAME.findall(text))
        elif path.suffix == ".c":
            found.update(name for text in texts_in_c(path) for name in NAME.findall(text))
    # Not the names of C files.
    return sorted((module, name) for module, name in found - GO if name != "c")


@pytest.mark.parametrize(("module", "name"), names())
def test_names_in_messages_exist(module: str, name: str) -> None:
    home = importlib.import_module(module if module == "asyncio" else f"gochan.{module}")
    assert hasattr(home, name), f"a message names {module}.{name}, which does not exist"


def test_the_names_are_found() -> None:
    assert {("aio", "run"), ("aio", "recv"), ("thread", "submit"), ("asyncio", "to_thread")} <= set(names())
