"""Runs each proof that asks for `size` twice: a short one in the suite, and a long one in `make soak`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gochan

# Its modules are what the tests beside them import.
sys.path.insert(0, str(Path(__file__).parent))

from sizes import LONG, SHORT, Sizes


@pytest.fixture(params=["short", pytest.param("long", marks=pytest.mark.soak)])
def size(request: pytest.FixtureRequest) -> Sizes:
    """How much the test does."""
    return LONG if request.param == "long" else SHORT


@pytest.fixture(autouse=True)
def fresh_runtime() -> Iterator[None]:
    """What a test without `run` leaves behind ends with it."""
    yield
    gochan.run(lambda: None)
