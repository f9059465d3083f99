"""Fixtures of the runtime's tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

import gochan

ROOT = Path(gochan.__file__).parents[1]
# Without coverage: a tracer runs Python code in the midst of the engine, and an interrupt may hit it there.
ENVIRON = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


@pytest.fixture(autouse=True)
def fresh_runtime() -> Iterator[None]:
    """What a test without `run` leaves behind ends with it."""
    yield
    gochan.run(lambda: None)


@pytest.fixture
def python(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Start a Python of its own on a program, with the same gochan; one that is left behind is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(program: str) -> subprocess.Popen[str]:
        path = tmp_path / f"program{len(started)}.py"
        path.write_text(dedent(program))
        # It would inherit that SIGINT is ignored, as a shell has it for what runs in the background.
        was = signal.signal(signal.SIGINT, signal.default_int_handler)
        process = subprocess.Popen(
            [sys.executable, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**ENVIRON, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        )
        signal.signal(signal.SIGINT, was)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
