"""Runs each proof that asks for `size` twice: a short one in the suite, and a long one in `make soak`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Its modules are what the tests beside them import.
sys.path.insert(0, str(Path(__file__).parent))

if TYPE_CHECKING:
    from sizes import Sizes


@pytest.fixture(params=["short", pytest.param("long", marks=pytest.mark.soak)])
def size(request: pytest.FixtureRequest) -> Sizes:
    """How much the test does."""
    from sizes import LONG, SHORT  # those of the implementation under test

    return LONG if request.param == "long" else SHORT
