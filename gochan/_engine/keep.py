"""A call whose result no signal handler can lose.

Python calls signal handlers, which may raise, at the start of a function, after a call, and where a loop
jumps back, but not while C code runs.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import starmap
from typing import TypeVar

_T = TypeVar("_T")


def keep(results: list[_T], fn: Callable[..., _T], *args: object) -> None:
    """Append what `fn(*args)` returns to results, so that the list shows whether the call was made.

    A handler may raise before the call or after this function, but not in between, as it may in
    `results.append(fn(*args))`.
    """
    results.extend(starmap(fn, (args,)))
