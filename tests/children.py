"""Starts Python programs in processes of their own, with the gochan under test.

What crashes or hangs there is a failed assertion here.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent
from typing import Any

TESTS = Path(__file__).parent
EXAMPLES = TESTS.parent / "examples"


def gochan_root() -> Path:
    """Return the folder that gochan was imported from."""
    spec = find_spec("gochan")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parents[1]


def environment(**more: str) -> dict[str, str]:
    """Return a child's environment: the gochan under test, and the helpers in tests/faults.

    Coverage is left out: it is slow, and its tracer is Python code that runs inside the engine.
    """
    left_out = ("COVERAGE_", "GOCHAN_PREEMPT", "GOCHAN_WATCHDOG")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    path = os.pathsep.join(map(str, (gochan_root(), TESTS / "faults")))
    return {**environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "PYTHONFAULTHANDLER": "1", **more}


def start(*command: object, **options: Any) -> subprocess.Popen[str]:
    """Start a process; options are those of Popen.

    In the main thread, where handlers can be set, the process is made to react to SIGINT: a shell makes the
    programs that it runs in the background ignore it, and their children inherit that.
    """
    options = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "errors": "replace",
        "env": environment(),
        **options,
    }
    words = [str(word) for word in command]
    if threading.current_thread() is not threading.main_thread():
        return subprocess.Popen(words, text=True, **options)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(words, text=True, **options)
    finally:
        signal.signal(signal.SIGINT, before)


def example(name: str, *arguments: object, **options: Any) -> subprocess.Popen[str]:
    """Start one of the examples, with its output buffered as it is for a user."""
    options = {"env": environment(PYTHONUNBUFFERED=""), **options}
    return start(sys.executable, EXAMPLES / f"{name}.py", *arguments, **options)


def died(status: int) -> str:
    """Describe how a process ended."""
    return f"exit {status}" if status >= 0 else signal.Signals(-status).name


@dataclass
class Child:
    """A process that has ended."""

    status: int
    out: str
    err: str
    hung: bool = False

    def __str__(self) -> str:
        how = "it hung and was killed" if self.hung else died(self.status)
        return f"{how}\n--- stdout\n{self.out[-4000:]}\n--- stderr\n{self.err[-6000:]}"

    def check(self, out: str | None = None, err: str | None = None) -> None:
        """Assert that it ended well, and what it wrote."""
        assert self.status == 0 and not self.hung, str(self)
        if out is not None:
            assert self.out == dedent(out).lstrip("\n"), str(self)
        if err is not None:
            assert self.err == err, str(self)


def finish(process: subprocess.Popen[str], patience: float = 120) -> Child:
    """Wait until a process ends; after `patience` seconds, make it print its stacks and kill it."""
    try:
        out, err = process.communicate(timeout=patience)
        return Child(process.returncode, out, err)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
    try:
        out, err = process.communicate(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    return Child(process.returncode, out, err, hung=True)


def python(
    program: str,
    *args: object,
    patience: float = 60,
    environ: Mapping[str, str] | None = None,
    executable: Sequence[str] = (sys.executable,),
) -> Child:
    """Run the text of a program in a Python of its own for at most `patience` seconds."""
    # From a file, so that a stack shows its lines.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.py"
        path.write_text(dedent(program))
        return finish(start(*executable, path, *args, env=environment(**(environ or {}))), patience)
