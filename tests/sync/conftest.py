"""What the tests of sync share: a fixture, and the module beside them."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def collector() -> Iterator[None]:
    """Keep the garbage collector from running by itself, and make the runs that a test asks for quick."""
    gc.disable()
    gc.freeze()
    yield
    gc.unfreeze()
    gc.enable()
