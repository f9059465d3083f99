"""What `before` does for each kind of callable: bound methods, functions, classes, partials.

A function of the program's is rewritten, and does its own points.  A function that is not, and may use
gochan, is one operation as a whole; whether it may, its module's globals show.
"""

from __future__ import annotations

import functools
import random
import sys
from abc import ABCMeta
from types import BuiltinMethodType, FunctionType, MethodType, ModuleType
from typing import Any, Final

from . import ported
from .before import BEFORE, KINDS, METHODS, REPLACED, before
from .calls import library
from .classes import base_of, changes, container
from .library import method

# The parts of gochan whose functions are no operations.
_NO_OPERATIONS: Final = (
    "gochan._engine.defers", "gochan._engine.panic", "gochan._engine.scope", "gochan.explore",
)  # fmt: skip
# Whether a module that is not rewritten uses gochan.
_foreign: Final[dict[str, bool]] = {}


def _bound(f: Any) -> Any:
    """Return what is called instead of a bound method, or a built-in function."""
    me = f.__self__
    kind = type(me)
    # A method may be made of any callable.
    name = getattr(f, "__name__", "")
    found = METHODS.get((kind, name))
    if found is not None:
        return found(f, me, name)
    # Built-in functions are methods of their modules; those of the module random are methods of an object.
    built_in = type(f) is BuiltinMethodType
    if built_in or kind is random.Random:
        replaced = REPLACED.get(f)
        if replaced is not None or kind is ModuleType:
            return replaced or f
    # A built-in method reads and writes the container itself, though a class may have others.
    base = base_of(kind) if built_in else container(kind)
    if base is not None:
        writes = changes(base, kind, name)
        return f if writes is None else method(f, me, name, writes)
    return f if built_in else _of_python(f, name)


def _of_python(f: Any, name: str) -> Any:
    """Return what is called instead of a method that is written in Python."""
    function = f.__func__
    if _is_library(getattr(function, "__module__", None) or ""):
        # A subtest is code of the program.
        return library(f) if name != "run" else f
    return library(f) if type(function) is FunctionType and _is_foreign(function) else f


def _function(f: Any) -> Any:
    """Return what is called instead of a function that is written in Python."""
    if BEFORE in f.__globals__:
        # The program's own.
        return f
    replaced = REPLACED.get(f)
    if replaced is not None:
        return replaced
    module = f.__module__ or ""
    if ported.is_ported(module):
        return ported.function(f)
    if module.startswith("gochan"):
        return library(f) if _is_library(module) else f
    return library(f) if _is_foreign(f) else f


def _class(f: Any) -> Any:
    return REPLACED.get(f, f)


def _partial(f: Any) -> Any:
    function = before(f.func)
    return f if function is f.func else functools.partial(function, *f.args, **f.keywords)


KINDS.update(
    {
        BuiltinMethodType: _bound,
        MethodType: _bound,
        FunctionType: _function,
        type: _class,
        ABCMeta: _class,
        functools.partial: _partial,
    }
)


def _is_library(module: str) -> bool:
    """Return whether the functions of a module are operations of gochan."""
    if ported.is_ported(module):
        return ported.ordering(module)
    return module.startswith("gochan.") and not module.startswith(_NO_OPERATIONS)


def _is_foreign(f: Any) -> bool:
    """Return whether f, a function that is not rewritten, may do operations of gochan."""
    # Not __module__: a wrapper takes that from the program's function that it wraps.
    module = f.__globals__.get("__name__", "")
    if module.startswith(_NO_OPERATIONS):
        # It is under @defers.
        return False
    found = _foreign.get(module)
    if found is None:
        found = BEFORE not in f.__globals__ and uses_gochan(f.__globals__)
        if module in sys.modules:
            _foreign[module] = found
    return found


def uses_gochan(namespace: dict[str, Any]) -> bool:
    """Return whether a module has something of gochan's among its globals."""
    for value in list(namespace.values()):
        name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
        if isinstance(name, str) and name.partition(".")[0] == "gochan":
            return True
    return False
