"""Fixtures of the runtime's tests."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from children import start


@pytest.fixture
def python(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Start programs in processes of their own; one that is left running is killed."""
    started: list[subprocess.Popen[str]] = []

    def start_(program: str) -> subprocess.Popen[str]:
        path = tmp_path / f"program{len(started)}.py"
        path.write_text(dedent(program))
        started.append(start(sys.executable, path, stdin=subprocess.PIPE))
        return started[-1]

    yield start_
    for process in started:
        process.kill()
        process.communicate()
