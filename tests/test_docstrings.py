"""Runs the examples in gochan's docstrings.

They are read from the sources, since a compiled module hides most of its docstrings; they run against the
modules as imported, so that both engines are tried.
"""

import ast
import doctest
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "gochan"
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def module_name(path: Path) -> str:
    """gochan/sync/__init__.py is gochan.sync."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def examples() -> Iterator[doctest.DocTest]:
    """One test for each docstring that holds an example."""
    parser = doctest.DocTestParser()
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            docstring = ast.get_docstring(node) if isinstance(node, DOCUMENTED) else None
            if docstring:
                name = f"{module_name(path)}:{getattr(node, 'name', 'module')}"
                test = parser.get_doctest(docstring, {}, name, str(path), getattr(node, "lineno", 1))
                if test.examples:
                    yield test


EXAMPLES = list(examples())


@pytest.mark.parametrize("test", EXAMPLES, ids=lambda test: test.name)
def test_docstring(test: doctest.DocTest) -> None:
    test.globs = dict(vars(importlib.import_module(test.name.split(":")[0])))
    report: list[str] = []
    outcome = doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert outcome.attempted == len(test.examples)
    assert outcome.failed == 0, "".join(report)


def test_docstrings_were_read() -> None:
    assert len(EXAMPLES) > 10
