"""A check of the recursion depth."""

from __future__ import annotations

from typing import Final

# More nested calls than any operation makes in Python, including those of the Python engine.
ENOUGH: Final = 10


def check_depth(levels: int = ENOUGH) -> None:
    """Raise `RecursionError` unless `levels` nested calls are possible.

    Called before an operation's first change, so that no RecursionError comes between its changes.
    """
    if levels:
        check_depth(levels - 1)
