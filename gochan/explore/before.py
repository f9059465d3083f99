"""`before(f)`: what rewritten code calls instead of f, for each call that it makes.

The tables say what that is; what is in none of them is called as it is.  They are filled by the modules that
define what is called: calls.py, iteration.py, library.py and ported.py.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from types import BuiltinMethodType, MethodType
from typing import Any, Final

from . import active

# How the names begin by which rewritten code calls the functions in points.py.  Not with two underscores:
# those would be mangled inside a class.
PREFIX: Final = "_gochan_"
# Its name for `before`: what has it among its globals is the program's.
BEFORE: Final = f"{PREFIX}before"

# Functions of gochan's and of Python's library, and what is called in their place.
REPLACED: Final[dict[Any, Callable[..., Any]]] = {}
# By the type of an object and the name of its method: what returns, for the method, the object and the name,
# what is called in the method's place.
METHODS: Final[dict[tuple[type, str], Callable[[Any, Any, str], Any]]] = {}
# By the type of what is called: what returns what is called in its place.
KINDS: Final[dict[type, Callable[[Any], Any]]] = {}

# What others may be given to call, besides functions and classes: `sorted(jobs, key=attrgetter("n"))`.
_CALLBACKS: Final = frozenset(
    {BuiltinMethodType, MethodType, operator.attrgetter, operator.itemgetter, operator.methodcaller}
)


def before(f: Any) -> Any:
    """Return f, or what does its operation with a point before it."""
    run = active.current
    if run is None:
        # A class is made before the run.
        return REPLACED[f] if f is dataclass else f
    t = type(f)
    if t is BuiltinMethodType:
        # For speed: most calls are of what a run calls again and again.
        known = run.operations.get(f)
        if known is not None:
            return known
    found = KINDS.get(t)
    return f if found is None else found(f)


def callback(f: Any) -> Any:
    """Return what calls f with a point, if it is an operation that others are given to call."""
    return before(f) if type(f) in _CALLBACKS else f
