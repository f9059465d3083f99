"""Runs the examples in gochan's docstrings, and asks for a docstring where none is.

They are read from the sources, since a compiled module hides most of its docstrings; they run against the
modules as imported, so that both engines are tried.
"""

import ast
import doctest
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import gochan.runtime

PACKAGE = Path(__file__).parent.parent / "gochan"
# The public names that the engine's files define.
ENGINE = {*gochan.__all__, *gochan.runtime.__all__}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DOCUMENTED = (ast.Module, ast.ClassDef, *FUNCTIONS)


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


def undocumented() -> Iterator[str]:
    """The public classes, functions and methods that say nothing of themselves, and such modules."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text())
        if ast.get_docstring(tree) is None:
            yield module_name(path)
        outer = [node for node in tree.body if isinstance(node, (ast.ClassDef, *FUNCTIONS))]
        named = [(node.name, node) for node in outer]
        engine = path.parent.name == "runtime" and path.stem != "__init__"
        for node in outer:
            # Classes that stay inside the engine are described as a whole.
            public = node.name in ENGINE if engine else not node.name.startswith("_")
            if isinstance(node, ast.ClassDef) and public:
                inner = [member for member in node.body if isinstance(member, FUNCTIONS)]
                named += [(f"{node.name}.{member.name}", member) for member in inner]
        for name, node in named:
            marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
            # What pytest calls by name is described there.
            private = name.rpartition(".")[2].startswith(("_", "pytest_"))
            if not private and not marks & {"overload", "setter"} and ast.get_docstring(node) is None:
                yield f"{module_name(path)}:{name}"


EXAMPLES = list(examples())


@pytest.mark.parametrize("test", EXAMPLES, ids=lambda test: test.name)
def test_docstring(test: doctest.DocTest) -> None:
    test.globs = dict(vars(importlib.import_module(test.name.split(":")[0])))
    report: list[str] = []
    outcome = doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert outcome.attempted == len(test.examples)
    assert outcome.failed == 0, "".join(report)


@pytest.mark.once
def test_every_public_name_has_a_docstring() -> None:
    assert list(undocumented()) == []


def test_docstrings_were_read() -> None:
    assert len(EXAMPLES) > 10
