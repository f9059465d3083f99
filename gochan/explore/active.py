"""The run that goes on: what rewritten code asks for before each operation.

`current` is set while a run lasts, and only one lasts at a time.  Outside of it, and in code that the
explorer does not control (a program that ends, other threads), rewritten code does what was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .run import Run

# None: no run lasts.
current: Run | None = None


def explored() -> Run | None:
    """Return the run whose goroutine calls this; None if there is none."""
    run = current
    return run if run is not None and run.controls() else None
