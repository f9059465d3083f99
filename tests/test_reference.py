"""The reference shows an example for each public class and function, and links each name to Go's."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
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


PUBLIC = [(module, name) for module in MODULES for name in import_module(module).__all__]
THINGS = {(module, name): tables.definition(import_module(module), name) for module, name in PUBLIC}
DEFINED = [public for public, thing in THINGS.items() if thing is not None]


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
    assert ">>> " in (THINGS[module, name].__doc__ or "")


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
    language = {row["gochan"] for row in tables.read("porting/language.csv")}
    assert {name for name in language if "." not in name} | {"timeout"} == {
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


Parameter = tuple[str, str, str]


def public_functions() -> Iterator[tuple[str, list[Parameter]]]:
    """The public functions, and the public methods and constructors of public classes."""
    for module, name in DEFINED:
        thing = THINGS[module, name]
        functions = {f"{module}.{name}": thing}
        if isinstance(thing, type):
            own = {member: getattr(value, "__func__", value) for member, value in vars(thing).items()}
            members = [member for member in own if member[0] != "_" or member == "__init__"]
            functions = {f"{module}.{name}.{member}": own[member] for member in members}
        for full_name, function in functions.items():
            if inspect.isfunction(function):
                parameters = inspect.signature(function).parameters.values()
                yield full_name, [(p.name, p.kind.name, str(p.annotation)) for p in parameters]


@pytest.fixture(scope="module")
def functions() -> dict[str, list[Parameter]]:
    """Those of the engine in Python: functions in C have no annotations."""
    code = "import json, test_reference; print(json.dumps(dict(test_reference.public_functions())))"
    path = os.pathsep.join(map(str, [Path(__file__).parent, DOCS.parent]))
    environ = os.environ | {"GOCHAN_PURE": "1", "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", code], env=environ, stdout=subprocess.PIPE, check=True)
    found: dict[str, list[Parameter]] = json.loads(done.stdout)
    return found


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


def test_parameters_of_one_meaning_have_one_name(functions: dict[str, list[Parameter]]) -> None:
    """A keyword has the name of a field of Go's instead, such as Sometimes.interval."""
    checked = 0
    for function in functions.keys() - NOT_PUBLIC:
        for name, kind, annotation in functions[function]:
            if kind == "POSITIONAL_ONLY":
                assert name in PARAMETERS.get(annotation, {name}), f"{function}: {annotation}"
                checked += annotation in PARAMETERS
    assert checked > 60


def test_no_parameter_is_private(functions: dict[str, list[Parameter]]) -> None:
    for function, parameters in functions.items():
        for name, kind, _ in parameters:
            assert kind.startswith("VAR_") or not name.startswith("_"), function
