"""gochan.port.lib gives the results that Go gave for the tables."""

from __future__ import annotations

import importlib
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gochan.port.tables import Idiom, Member, lookup, snake

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import tables  # noqa: E402


def function(name: str) -> Any:
    """Return what answers to a Go function."""
    found = lookup(name)
    if isinstance(found, Idiom):
        assert found.member is not None, name
        found = found.member
    assert isinstance(found, Member), found
    result: Any = importlib.import_module(found.module)
    for part in found.name.split("."):
        result = getattr(result, part)
    return result


def result(package: str, row: tables.Row) -> str:
    """Return the result of a row as text."""
    name, args = row
    values = [tables.value(arg) for arg in args]
    if isinstance(name, tables.Of):
        owner = function(f"{package}.{name.function}")(*map(tables.value, name.args))
        return tables.outcome(partial(getattr(owner, snake(name.method)), *values))
    if isinstance(name, tables.Value):
        owner = function(f"{package}.{name.variable}")
        return tables.outcome(partial(getattr(owner, snake(name.method)), *values))
    if not isinstance(name, tables.In):
        return tables.outcome(partial(function(f"{package}.{name}"), *values))
    x = values[0]
    plain, _, rest = name.name.partition("(")
    in_place = function(f"{package}.{plain}")
    if rest:
        in_place(x, lambda i, j: x[i] // 1000 < x[j] // 1000)
    else:
        in_place(x)
    return tables.show(x)


@pytest.mark.parametrize("package", tables.TABLES)
def test_the_results_are_those_of_go(package: str) -> None:
    rows = list(tables.TABLES[package]())
    expected = (HERE / "results" / f"{package.replace('/', '_')}.txt").read_text().splitlines()
    assert len(rows) == len(expected)
    wrong = []
    for row, want in zip(rows, expected, strict=True):
        got = result(package, row)
        if got != want:
            wrong.append(f"{row}\n    got  {got}\n    want {want}")
    assert not wrong, f"{len(wrong)} of {len(rows)}:\n" + "\n".join(wrong[:40])
