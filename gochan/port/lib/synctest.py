"""Go's package testing/synctest, by gochan's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gochan import synctest as _synctest
from gochan.synctest import wait

__all__ = ["test", "wait"]


def test(t: Any, f: Callable[[Any], object]) -> None:
    """Run f(t) in a bubble."""
    _synctest.test(f, t)
