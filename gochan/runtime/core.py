"""The stand-in for core.c where that is not compiled: with nothing in it, the Python code runs as it is."""

from typing import Any, Final

COMPILED: Final = False


def fall_back(twin: Any) -> None:
    """See core.c."""
    raise AssertionError("only the compiled core falls back")
