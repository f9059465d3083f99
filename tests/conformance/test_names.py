"""Every name that Go exports from the packages we answer to is here, or docs/left_out.csv says why not."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PACKAGES = {
    "sync": "gochan.sync",
    "sync/atomic": "gochan.sync.atomic",
    "context": "gochan.context",
    "time": "gochan.time",
    "os/signal": "gochan.signal",
    "runtime": "gochan.runtime",
    "testing/synctest": "gochan.synctest",
}


def go() -> str | None:
    beside = Path(sys.executable).parent / "go"
    return str(beside) if beside.exists() else shutil.which("go")


def exported(package: str) -> list[str]:
    """The names that `go doc -short` lists."""
    command = go()
    if command is None:
        pytest.skip("no Go toolchain: `go` is neither beside this Python nor on the PATH")
    done = subprocess.run([command, "doc", "-short", package], capture_output=True, text=True, check=True)
    return re.findall(r"^ *(?:func|type|var|const) (\w+)", done.stdout, re.MULTILINE)


def left_out(package: str) -> list[str]:
    with (DOCS / "left_out.csv").open() as file:
        rows = list(csv.DictReader(file))
    return [name for row in rows if row["go_package"] == package for name in row["go_names"].split()]


def spellings(name: str) -> set[str]:
    """What the naming rule makes of a Go name: a type keeps it, a function and a constant take PEP 8's."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return {name, snake, snake.upper()}


def otherwise_named(package: str) -> set[str]:
    """Return the names whose counterpart has another name."""
    with (DOCS / "porting" / "otherwise.csv").open(newline="") as file:
        return {
            name
            for row in csv.DictReader(file)
            if row["go_package"] == package
            for name in row["go_name"].split()
        }


@pytest.mark.parametrize("package", PACKAGES)
def test_each_name_is_here_or_left_out_for_a_reason(package: str) -> None:
    here = set(import_module(PACKAGES[package]).__all__)
    patterns = left_out(package)
    otherwise = otherwise_named(package)
    missing = [
        name
        for name in exported(package)
        if not spellings(name) & here
        and name not in otherwise
        and not any(fnmatchcase(name, pattern) for pattern in patterns)
    ]
    assert missing == []


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_is_called_left_out_that_is_here(package: str) -> None:
    names = exported(package)
    here = set(import_module(PACKAGES[package]).__all__)
    otherwise = otherwise_named(package)
    for pattern in left_out(package):
        found = [name for name in names if fnmatchcase(name, pattern)]
        assert found, f"Go's {package} exports no {pattern}"
        assert not [name for name in found if spellings(name) & here or name in otherwise]
