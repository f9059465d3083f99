"""Chooses the engine's implementation: all of gochan imports the engine's names from here.

That is the C extension if it was built, unless GOCHAN_PURE=1 is set; the Python package otherwise.  No other
module depends on which of the two runs.  Type checkers see the Python.
"""

import os
import signal
from typing import TYPE_CHECKING


def _refuse_second_interpreter() -> None:
    """Raise `ImportError` in a subinterpreter, since the engine's state is shared by the whole process."""
    try:
        # A cheap check: this always fails, with another message outside of the main thread.
        signal.signal(-1, signal.SIG_DFL)
    except ValueError as refusal:
        if "main thread" not in str(refusal):
            return
    try:
        try:
            import _interpreters as interpreters  # type: ignore[import-not-found]
        except ImportError:
            import _xxsubinterpreters as interpreters  # type: ignore[import-not-found]
    except ImportError:
        # This Python has no subinterpreters.
        return
    if interpreters.get_current() != interpreters.get_main():
        raise ImportError("gochan works in the main interpreter only, not in a subinterpreter")


_refuse_second_interpreter()

if TYPE_CHECKING or os.environ.get("GOCHAN_PURE", "0") not in ("", "0"):
    from .py import *  # noqa: F403
else:
    try:
        from ._c import *  # noqa: F403
    except ModuleNotFoundError as missing:
        # If the extension exists and cannot be loaded, that is an error.
        if missing.name != "gochan._engine._c":
            raise
        from .py import *  # noqa: F403
