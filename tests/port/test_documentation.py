"""The ports that the documentation shows are what the command prints."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PORTED = sorted((ROOT / "docs" / "ported").glob("*.py"))

pytestmark = pytest.mark.once


@pytest.mark.parametrize("shown", PORTED, ids=lambda path: path.stem)
def test_the_page_shows_the_port(go: str, shown: Path) -> None:
    source = f"tests/differential/patterns/{shown.stem}.go"
    command = [sys.executable, "-m", "gochan", "port", "--quiet", source]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    again = f"python -m gochan port --force {source} -o docs/ported/{shown.name}"
    assert printed == shown.read_text(), f"to write it again: {again}"


def test_all_five_are_shown() -> None:
    assert len(PORTED) == 5
