"""The programs in programs/, written in Go and with gochan.port.lib, print the same and end the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(path.stem for path in (HERE / "programs").glob("*.go")))
def test_the_output_is_that_of_go(name: str) -> None:
    out = subprocess.run(
        # -P: the folder has modules with the names of the standard library's.
        [sys.executable, "-P", str(HERE / "programs" / f"{name}.py")],
        capture_output=True,
        timeout=60,
        check=False,
    )
    expected = (HERE / "results" / f"program_{name}.txt").read_bytes()
    assert out.stdout + b"exit status %d\n" % out.returncode == expected, out.stderr.decode()
