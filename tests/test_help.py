"""help(), docstrings and signatures of public names are the same on both implementations of the engine."""

import json
from typing import Any

import children
import pytest

from gochan.runtime import COMPILED

# Prints a JSON object: for each public name its kind, docstring, parameters, and more.
DUMP = '''
import importlib, inspect, json, pkgutil, sys
import gochan

def modules():
    """The public modules: their names, and their packages', have no underscore, and they have an __all__."""
    yield gochan
    for info in pkgutil.walk_packages(gochan.__path__, "gochan."):
        # gochan.port is a command. What its output imports is as Go documents it.
        if not any(part.startswith("_") or part == "port" for part in info.name.split(".")):
            try:
                module = importlib.import_module(info.name)
            except ModuleNotFoundError as missing:
                # An extension of Sphinx, which is not installed.
                assert not missing.name.startswith("gochan"), missing
                continue
            if hasattr(module, "__all__"):
                yield module

def refuses(cls):
    """Return whether the class cannot be instantiated."""
    try:
        cls()
    except TypeError as e:
        return "argument" not in str(e)
    return False

def parameters(value, kind):
    if kind == "class" and refuses(value):
        return None
    try:
        given = list(inspect.signature(value).parameters.values())
    except (ValueError, TypeError) as e:
        return f"{type(e).__name__}: {e}"
    if kind == "method":
        del given[0]  # self: in C it is positional-only, whatever the Python says
    return [[p.name, p.kind.name, None if p.default is p.empty else repr(p.default)] for p in given]

def describe(value, kind):
    about = {"kind": kind, "doc": inspect.getdoc(value)}
    return about | {"parameters": None if kind == "property" else parameters(value, kind)}

def kind_of(owner, name):
    raw = inspect.getattr_static(owner, name)
    if isinstance(raw, (staticmethod, classmethod)) or type(raw).__name__ == "classmethod_descriptor":
        return "static or class method"
    if inspect.ismemberdescriptor(raw) and raw.__doc__ is None:
        return "other"  # a slot of a Python class
    if isinstance(raw, property) or inspect.isdatadescriptor(raw):
        return "property"
    if callable(raw):
        return "method"
    return "other"

found = {}
for module in modules():
    found[module.__name__] = {"kind": "module", "doc": inspect.getdoc(module), "parameters": None}
    for name in module.__all__:
        value = getattr(module, name)
        path = f"{module.__name__}.{name}"
        if inspect.isclass(value):
            found[path] = describe(value, "class")
            found[path]["repr"] = repr(value)
            found[path]["module"] = value.__module__
            for member in dir(value):
                if member.startswith("_") and member not in SPECIAL:
                    continue
                # What it has from outside gochan is described there.
                owner = next((c for c in value.__mro__ if member in vars(c)), object)
                if not owner.__module__.startswith("gochan"):
                    continue
                kind = kind_of(value, member)
                if kind == "other":
                    continue
                described = describe(getattr(value, member), kind)
                if member.startswith("_"):
                    # That there is one is all that is promised.
                    described = {"kind": kind, "doc": "", "parameters": None}
                found[f"{path}.{member}"] = described
        elif inspect.isroutine(value):
            found[path] = describe(value, "function")
            found[path]["module"] = getattr(value, "__module__", None)
            found[path]["name"] = getattr(value, "__qualname__", None)
        else:
            found[path] = {"kind": "value", "doc": "", "parameters": None}
print(json.dumps(found))
'''
SPECIAL = [
    "__enter__",
    "__exit__",
    "__iter__",
    "__next__",
    "__len__",
    "__bool__",
    "__lshift__",
    "__class_getitem__",
]


def dump(pure: bool) -> dict[str, Any]:
    """Describe all public names in a process of its own."""
    program = DUMP.replace("SPECIAL", repr(SPECIAL))
    child = children.python(program, environ={"GOCHAN_PURE": "1" if pure else "0"})
    child.check()
    found: dict[str, Any] = json.loads(child.out)
    return found


@pytest.fixture(scope="module")
def python() -> dict[str, Any]:
    return dump(pure=True)


@pytest.fixture(scope="module")
def compiled() -> dict[str, Any]:
    if not COMPILED:
        pytest.skip("there is only the Python implementation")
    return dump(pure=False)


def test_all_names_were_found(python: dict[str, Any]) -> None:
    names = {
        "gochan.Chan",
        "gochan.Chan.recv",
        "gochan.select",
        "gochan.sync.Mutex.lock",
        "gochan.sync.atomic.Int64.add",
    }
    names |= {
        "gochan.time.Timer.stop",
        "gochan.runtime.stack",
        "gochan.aio.recv",
        "gochan.Chan.cap",
        "gochan.thread.call",
    }
    assert names <= python.keys()
    assert len(python) > 200


@pytest.mark.parametrize("implementation", ["python", "compiled"])
def test_every_public_name_has_help(implementation: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(implementation)
    assert [name for name, described in found.items() if described["doc"] is None] == []


@pytest.mark.parametrize("implementation", ["python", "compiled"])
def test_every_function_has_a_signature(implementation: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(implementation)
    without = {name: d["parameters"] for name, d in found.items() if isinstance(d["parameters"], str)}
    # An exception takes what any exception takes, and a Time what a datetime takes.
    assert {
        name: text for name, text in without.items() if not name.endswith(("Panic", "Deadlock", "Time"))
    } == {}


def test_both_have_the_same_names(python: dict[str, Any], compiled: dict[str, Any]) -> None:
    assert compiled.keys() ^ python.keys() == set()


@pytest.mark.parametrize("what", ["kind", "doc", "parameters", "repr", "module", "name"])
def test_both_are_described_alike(what: str, python: dict[str, Any], compiled: dict[str, Any]) -> None:
    differ = {
        name: (described.get(what), compiled[name].get(what))
        for name, described in python.items()
        if name in compiled and described.get(what) != compiled[name].get(what)
    }
    assert differ == {}


@pytest.mark.parametrize("implementation", ["python", "compiled"])
def test_classes_show_where_they_are_imported_from(
    implementation: str, request: pytest.FixtureRequest
) -> None:
    found = request.getfixturevalue(implementation)
    assert found["gochan.Chan"]["repr"] == "<class 'gochan.Chan'>"
    inside = {name: d["repr"] for name, d in found.items() if d["kind"] == "class" and "._" in d["repr"]}
    assert inside == {}
    private = {name: d["module"] for name, d in found.items() if d["kind"] == "class" and "._" in d["module"]}
    assert private == {}


@pytest.mark.parametrize("pure", [True, False], ids=["python", "compiled"])
def test_modules_are_attributes_of_the_package(pure: bool) -> None:
    """`import gochan; gochan.sync` works, and costs nothing before it is used."""
    program = """
import sys
import gochan
assert "gochan.aio" not in sys.modules and "asyncio" not in sys.modules
names = "aio bufio context errgroup io net rate runtime semaphore signal singleflight sync synctest"
names = [*names.split(), "thread", "time", "tls"]
for name in names:
    assert getattr(gochan, name) is sys.modules["gochan." + name], name
    assert name in dir(gochan), name
gochan.sync.Mutex().lock()
assert gochan.sync.atomic.Int64(1).add(1) == 2
try:
    gochan.nonsense
except AttributeError as e:
    assert "nonsense" in str(e) and "gochan" in str(e)
else:
    raise AssertionError
"""
    children.python(program, environ={"GOCHAN_PURE": "1" if pure else "0"}).check()
