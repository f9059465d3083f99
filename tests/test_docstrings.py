"""Runs the examples in gochan's docstrings, and requires that every public name has a docstring.

They are read from the Python sources, from which the C implementation's docstrings are made, and run on the
implementation that an import chooses.
"""

import ast
import doctest
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import gochan.runtime
import gochan.sync
import gochan.time

PACKAGE = Path(__file__).parent.parent / "gochan"
# The public names of the engine.
FACES = (gochan, gochan.runtime, gochan.sync, gochan.sync.atomic, gochan.time)
ENGINE = {name for module in FACES for name in module.__all__}
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
        if PACKAGE / "port" in path.parents:
            # A command, and what its output imports: Go's functions, by their names in Go.
            continue
        outer = [node for node in tree.body if isinstance(node, (ast.ClassDef, *FUNCTIONS))]
        named = [(node.name, node) for node in outer]
        engine = "_engine" in path.parts
        for node in outer:
            # Classes that stay inside the engine are described as a whole.
            public = node.name in ENGINE if engine else not node.name.startswith("_")
            if isinstance(node, ast.ClassDef) and public:
                inner = [member for member in node.body if isinstance(member, FUNCTIONS)]
                named += [(f"{node.name}.{member.name}", member) for member in inner]
        for name, node in named:
            marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
            # What pytest and ast call by name is described there.
            private = name.rpartition(".")[2].startswith(("_", "pytest_", "visit_"))
            if not private and not marks & {"overload", "setter"} and ast.get_docstring(node) is None:
                yield f"{module_name(path)}:{name}"


EXAMPLES = list(examples())
# It searches the whole heap.
MARKS = {"gochan.runtime:leaked_goroutines": pytest.mark.own_process}


@pytest.mark.parametrize(
    "test", [pytest.param(test, marks=MARKS.get(test.name, ()), id=test.name) for test in EXAMPLES]
)
def test_docstring(test: doctest.DocTest) -> None:
    module = test.name.split(":")[0]
    if module.startswith("gochan._engine.py."):
        # The C implementation has the same names, and the same examples.
        module = "gochan._engine.impl"
    test.globs = dict(vars(importlib.import_module(module)))
    report: list[str] = []
    outcome = doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert outcome.attempted == len(test.examples)
    assert outcome.failed == 0, "".join(report)


@pytest.mark.once
def test_every_public_name_has_a_docstring() -> None:
    assert list(undocumented()) == []


def test_docstrings_were_read() -> None:
    assert len(EXAMPLES) > 10


# These begin a sentence about the function and not what to do.
NOT_IMPERATIVE = ("Tell", "Tells", "Answer", "Answers", "Returns", "Gives", "Makes", "Raises", "Calls")


@pytest.mark.once
def test_docstrings_follow_pep_257() -> None:
    """A summary in one line that ends with a period; a function's is in the imperative."""
    wrong: list[str] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            docstring = ast.get_docstring(node) if isinstance(node, DOCUMENTED) else None
            if docstring is None:
                continue
            summary = docstring.partition("\n\n")[0]
            imperative = not isinstance(node, FUNCTIONS) or not summary.startswith(NOT_IMPERATIVE)
            if "\n" in summary or not summary.endswith((".", ".)")) or not imperative:
                wrong.append(f"{module_name(path)}:{getattr(node, 'name', 'module')}: {summary}")
    assert wrong == []
