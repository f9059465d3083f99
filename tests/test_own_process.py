"""Runs the tests marked `own_process`: a search for leaked goroutines goes over all objects of its process.

In a process that has run thousands of tests that takes many seconds each.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.mark.once
@pytest.mark.timeout(600)
def test_the_others_pass() -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-m",
        "own_process",
        "-p",
        "no:cacheprovider",
        "--reruns",
        "1",
    ]
    done = subprocess.run(
        [*command, str(TESTS / "debug"), str(TESTS / "test_docstrings.py")],
        cwd=TESTS.parent,
        env={**os.environ, "GOCHAN_OWN_PROCESS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
