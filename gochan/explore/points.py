"""The points: the functions that rewritten programs call, and the names by which they do.

Each is called right before what the program does, and does nothing outside of a run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from . import callables, objects  # noqa: F401 - they fill the tables of before.py
from .before import BEFORE, PREFIX, before
from .calls import entered, lshift
from .data import (
    delitem,
    get,
    item,
    new_cell,
    own,
    read,
    read_cell,
    seen,
    setitem,
    sliced,
    stored,
    stored_cell,
    written,
)  # fmt: skip
from .iteration import each, in_place, iterated
from .patterns import matched

CALLS: Final[dict[str, Callable[..., Any]]] = {
    BEFORE: before,
    **{
        f"{PREFIX}{f.__name__}": f
        for f in (
            delitem, each, entered, get, in_place, item, iterated, lshift, matched, own, read, read_cell,
            seen, setitem, sliced, stored, stored_cell, written,
        )
    },
    f"{PREFIX}new_cell": new_cell,
}  # fmt: skip
