"""How core.c takes the place of the engine's hot half.

What `@accelerated` stands above exists twice: in Python, which is what the interpreted engine runs and what
there is to read, and in core.c under the same name.  Compiled, the name means the one in C:
- a function in C handles the frequent case, and calls its Python twin for any other;
- a class in C has the fields and the hot methods, and gets all others from its Python twin.

Both pass the same tests.
"""

from __future__ import annotations

from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any, Final, TypeVar

from . import core

T = TypeVar("T")

COMPILED: Final = core.COMPILED

# What a class has of its own, whatever its body says.
_OWN: Final = frozenset(("__annotations__", "__dict__", "__doc__", "__module__", "__slots__", "__weakref__"))


def called_back(function: T) -> T:
    """Tell core.c of a function that it calls for what only Python does."""
    if COMPILED:
        core.fall_back(function)
    return function


def accelerated(thing: T) -> T:
    """Replace a function or class of the engine by its twin in C, where that is compiled."""
    if not COMPILED:
        return thing
    python: Any = thing
    twin: Any = getattr(core, python.__name__)
    twin.__module__ = python.__module__
    if not isinstance(python, type):
        core.fall_back(python)
        return twin  # type: ignore[no-any-return]
    for name, value in vars(python).items():
        a_field = isinstance(value, (GetSetDescriptorType, MemberDescriptorType))
        if not a_field and name not in _OWN and name not in vars(twin):
            setattr(twin, name, value)
    twin.__doc__ = python.__doc__
    return twin  # type: ignore[no-any-return]
