"""Runs Go programs and their ports, and compares what they print and how they end.

All Go programs are in one binary, as those of tests/differential/twins.py are: a link takes longer than a
compilation. The programs of ALONE have a binary of their own, since they print before main.

What a program prints must not depend on time or on the order of a map: the Go program runs with GOMAXPROCS=1.
"""

import itertools
import os
import re
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import twins

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROGRAMS = HERE / "programs"
ALONE = ("init_order", "literals_of_package_variables", "panic_before_main")  # print before main
PATIENCE = 60
# A program that is held up for the 10 ms of a time slice is preempted, in Go as in gochan, and may then print
# something else; one that differs does so every time.
TRIES = 12
SECONDS = 60  # for all tries
ENTRY = '__name__ == "__main__"'  # is in the file to run


class Case(NamedTuple):
    """A Go program: its name, which is unique, its file or folder, and its standard input."""

    name: str
    source: Path
    stdin: Path = Path(os.devnull)


class Ending(NamedTuple):
    """What a program printed, and how it ended."""

    printed: bytes
    status: int
    errors: str


@dataclass
class Outcome:
    """What became of a port.

    `verdict` is "same", "different", "refused", or "failed" if the translator raised.
    """

    verdict: str
    report: str = ""
    files: dict[str, str] = field(default_factory=dict)


def cases() -> dict[str, Case]:
    """Return the programs of this folder by their names."""
    found = {}
    for source in sorted(PROGRAMS.glob("*.go")):
        stdin = source.with_suffix(".in")
        found[source.stem] = Case(source.stem, source, stdin if stdin.exists() else Path(os.devnull))
    return found


def build(go: str, folder: Path, wanted: list[Case]) -> dict[str, list[str]]:
    """Build the Go programs in folder; return the command of each by its name."""
    together = [case for case in wanted if case.name not in ALONE]
    commands = {}
    for number, group in enumerate([together, *([case] for case in wanted if case.name in ALONE)]):
        if group:
            here = folder / f"go{number}"
            here.mkdir()
            binary = twins.build(go, here, {c.name: (f"{c.source}:1", c.source.read_text()) for c in group})
            commands |= {case.name: [str(binary), case.name] for case in group}
    return commands


def run(command: list[str], stdin: Path, folder: Path | None = None, **environ: str) -> Ending:
    """Run a program to its end; raise `AssertionError` if it leaves a temporary file."""
    # Files, since a reader at the other end of a pipe would be woken by each line and hold up the writer.
    with (
        tempfile.TemporaryDirectory() as temporary,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        stdin.open("rb") as given,
    ):
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=os.environ | environ | {"TMPDIR": temporary},
                stdin=given,
                stdout=out,
                stderr=err,
                timeout=PATIENCE,
                check=False,
            )
            status = done.returncode
        except subprocess.TimeoutExpired:
            status = -1
        left = os.listdir(temporary)
        assert status == -1 or not left, f"{command} has left {left}"
        out.seek(0)
        err.seek(0)
        errors = err.read().decode(errors="replace")
        return Ending(out.read(), status, f"it did not end\n{errors}" if status == -1 else errors)


def run_go(command: list[str], stdin: Path) -> Ending:
    """Run a Go program of `build`."""
    ending = run(command, stdin, GOMAXPROCS="1", GOGC="off")
    # The combined binary has each program as a package `twin`.
    printed = re.sub(rb"\btwin\.", b"main.", ending.printed)
    return Ending(printed, ending.status, re.sub(r"\btwin\.", "main.", ending.errors))


def translate(source: Path) -> Outcome:
    """Translate a program; the verdict is "same" if all of it has a translation."""
    from gochan.port import translate as translator
    from gochan.port import tree

    try:
        result = translator.translate(tree.load(source))
    except tree.RefusedError as error:
        return Outcome("refused", str(error))
    except Exception:
        return Outcome("failed", traceback.format_exc())
    if result.refusals:
        return Outcome("refused", "\n".join(map(str, result.refusals)), dict(result.files))
    return Outcome("same", "", dict(result.files))


def write(files: dict[str, str], folder: Path) -> Path:
    """Write a port to a folder; return the file to run."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    entries = [name for name, text in files.items() if ENTRY in text]
    if len(files) == 1:
        # A program select.go would shadow Python's own module select.
        return (folder / entries[0]).rename(folder / "port_main.py")
    return folder / entries[0]


def run_port(script: Path, stdin: Path, *arguments: str) -> Ending:
    """Run a port with the gochan that is tested."""
    return run([sys.executable, str(script), *arguments], stdin, PYTHONPATH=str(ROOT))


def check(case: Case, command: list[str], folder: Path) -> Outcome:
    """Translate a program, run it and its port, and compare."""
    outcome = translate(case.source)
    if outcome.verdict != "same":
        return outcome
    try:
        script = write(outcome.files, folder)
        end = time.monotonic() + SECONDS
        for tried in range(TRIES):
            if tried and time.monotonic() > end:
                break
            outcome.report = difference(run_go(command, case.stdin), run_port(script, case.stdin)) or ""
            if not outcome.report:
                return outcome
    except Exception:
        outcome.report = traceback.format_exc()
    outcome.verdict = "different"
    return outcome


def difference(go: Ending, python: Ending) -> str | None:
    """Return how the endings of a program and its port differ, None if they don't."""
    if go.printed != python.printed:
        return f"{_first_line_apart(go.printed, python.printed)}\n{python.errors[-2000:]}"
    if go.status != python.status:
        said = f"{go.errors}\n{python.errors[-2000:]}"
        return f"Go ended with {go.status}, the port with {python.status}\n{said}"
    fault = re.search(r"^(panic|fatal error): (.*)", go.errors, re.MULTILINE)
    if go.status == 2 and fault:
        # Go adds what became of the panic, and the addresses of values.
        said = re.sub(r" \[(recovered|goexit).*\]$", "", fault[2])
        if not re.match(r"\((\*|main\.)", said) and said not in python.errors:
            return f"Go's fault is {said!r}, the port's:\n{python.errors[-2000:]}"
    return None


def _first_line_apart(go: bytes, python: bytes) -> str:
    before: list[str] = []
    lines = itertools.zip_longest(_lines(go), _lines(python))
    for number, (left, right) in enumerate(lines, 1):
        if left != right:
            common = "".join(before[-3:])
            return f"after\n{common}line {number} differs:\n  Go   {_show(left)}\n  port {_show(right)}"
        before.append(left or "")
    raise AssertionError("nothing differs")


def _lines(printed: bytes) -> list[str]:
    return printed.decode(errors="backslashreplace").splitlines(keepends=True)


def _show(line: str | None) -> str:
    return "ends here" if line is None else repr(line)
