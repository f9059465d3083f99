"""The reference shows an example for each public class and function, and links each name to Go's."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import gochan

DOCS = Path(__file__).parents[1] / "docs"
sys.path.insert(0, str(DOCS / "_ext"))

import counterparts  # noqa: E402
import porting_tables as tables  # noqa: E402

# The implementation makes no difference to what the sources say.
pytestmark = pytest.mark.once

MODULES = ["gochan", *tables.PACKAGES.values(), *tables.OWN]


def definition(module: str, name: str) -> tables.Definition | None:
    return tables.definition(import_module(module), name)


PUBLIC = [(module, name) for module in MODULES for name in import_module(module).__all__]
DEFINED = [(module, name) for module, name in PUBLIC if definition(module, name) is not None]


def test_what_has_no_definition_is_a_value() -> None:
    rest = {f"{module}.{name}" for module, name in set(PUBLIC) - set(DEFINED)}
    values = {name for name in rest if name.rpartition(".")[2].isupper() and "SIG" not in name}
    assert {name for name in rest - values if ".SIG" not in name} == {
        "gochan.default",
        "gochan.bufio.SplitFunc",
        "gochan.context.CancelFunc",
        "gochan.rate.Limit",
        "gochan.signal.Signal",
        "gochan.sync.atomic",
    }
    assert len(DEFINED) > 90


@pytest.mark.parametrize(("module", "name"), DEFINED)
def test_each_class_and_function_has_an_example(module: str, name: str) -> None:
    node = definition(module, name)
    assert node is not None
    assert ">>> " in (ast.get_docstring(node) or "")


# Python's own, or a thing of gochan's alone.
NOT_GOS = {
    "gochan.Deadlock",
    "gochan.default",
    "gochan.net.serve",
    "gochan.net.wait_readable",
    "gochan.net.wait_writable",
    "gochan.runtime.COMPILED",
    "gochan.runtime.Goroutine",
    "gochan.runtime.goroutines",
    "gochan.runtime.leaked_goroutines",
    "gochan.runtime.set_preempt",
    "gochan.runtime.set_watchdog",
    "gochan.tls.Listener",
    "gochan.trace.name",
    "gochan.trace.record",
}


def test_each_name_is_linked_to_gos() -> None:
    known = counterparts.counterparts()
    wanted = {f"{module}.{name}" for module, name in DEFINED if module not in tables.OWN} - NOT_GOS
    # Those of otherwise.csv that answer to several names at once are linked on their page.
    assert wanted - set(known) == set()
    for name in wanted:
        go, url = known[name]
        assert re.fullmatch(r"https://(pkg\.go\.dev/[\w./]+#[\w.]+|go\.dev/ref/spec#\w+)", url), name
        assert go


def test_the_language_is_all_there() -> None:
    assert {name for name in counterparts.LANGUAGE if "." not in name} | {"timeout"} == {
        name for name in gochan.__all__ if f"gochan.{name}" not in NOT_GOS
    }


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (
            "gochan.sync.WaitGroup.add",
            ["Add delta: Go's WaitGroup.Add."],
            ["Add delta: Go's `WaitGroup.Add <https://pkg.go.dev/sync#WaitGroup.Add>`__."],
        ),
        (
            "gochan.sync.atomic.Pointer",
            ["A reference: Go's atomic.Pointer[T]."],
            ["A reference: Go's `atomic.Pointer <https://pkg.go.dev/sync/atomic#Pointer>`__."],
        ),
        (
            "gochan.context.cause",
            [">>> Go's context.Cause", "See Go's Causes."],
            [
                ">>> Go's context.Cause",
                "See Go's Causes.",
                "",
                "In Go: `context.Cause <https://pkg.go.dev/context#Cause>`__.",
                "",
            ],
        ),
        ("gochan.thread.call", ["Go's nothing."], ["Go's nothing."]),
    ],
)
def test_the_link_stands_where_go_is_mentioned(name: str, before: list[str], after: list[str]) -> None:
    counterparts.put_link(name, before)
    assert before == after


def test_each_module_has_a_page() -> None:
    pages = "".join(path.read_text() for path in (DOCS / "reference").glob("*.rst"))
    for module in MODULES:
        assert f".. automodule:: {module}\n" in pages


def public_functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """The public functions, and the public methods and constructors of public classes."""
    for module, name in DEFINED:
        node = definition(module, name)
        if not isinstance(node, ast.ClassDef):
            assert node is not None
            yield f"{module}.{name}", node
            continue
        for member in node.body:
            private = getattr(member, "name", "_").startswith("_")
            if isinstance(member, (ast.FunctionDef, ast.AsyncFunctionDef)) and (
                not private or member.name == "__init__"
            ):
                yield f"{module}.{name}.{member.name}", member


# Reservations are made by limiters only.
NOT_PUBLIC = {"gochan.rate.Reservation.__init__"}
# The names of positional parameters, by their type.
PARAMETERS = {
    "float | timedelta": {"d"},
    "float | timedelta | None": {"d"},
    "datetime": {"t"},
    "Context": {"ctx", "parent"},
    "Context | None": {"ctx"},
    "RecvChan[T]": {"ch"},
    "RecvChan[_T]": {"ch"},
    "SendChan[T]": {"ch"},
    "SendChan[_T]": {"ch"},
    "SendChan[Signals]": {"ch"},
    "Callable[[], object]": {"fn"},
    "Callable[[], T]": {"fn"},
    "Callable[_P, object]": {"fn"},
    "Callable[_P, _R]": {"fn"},
    "Callable[..., _R]": {"fn"},
}


def test_parameters_of_one_meaning_have_one_name() -> None:
    """A keyword has the name of a field of Go's instead, such as Sometimes.interval."""
    checked = 0
    for name, node in public_functions():
        if name in NOT_PUBLIC:
            continue
        for parameter in node.args.posonlyargs:
            annotation = ast.unparse(parameter.annotation) if parameter.annotation is not None else ""
            assert parameter.arg in PARAMETERS.get(annotation, {parameter.arg}), f"{name}: {annotation}"
            checked += annotation in PARAMETERS
    assert checked > 60


def test_no_parameter_is_private() -> None:
    for name, node in public_functions():
        arguments = node.args
        for parameter in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
            assert not parameter.arg.startswith("_"), name
