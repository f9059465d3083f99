"""Holds the table of Go's own tests to what is there: our tests, and the sources of the installed Go."""

from __future__ import annotations

import subprocess
import sys

import pytest
from table import (
    CANNOT_APPLY,
    DIFFERS,
    PASSES,
    ROOT,
    Row,
    Summary,
    goroot,
    missing,
    missing_programs,
    packages,
    programs_folder,
    rows,
)

pytestmark = pytest.mark.once


def test_rows() -> None:
    """Each row has one of the three verdicts, and what belongs to it."""
    for row in rows():
        assert row.go_file and row.go_test, row
        assert row.verdict in (PASSES, DIFFERS, CANNOT_APPLY), row
        assert bool(row.ours) == (row.verdict != CANNOT_APPLY), row
        assert row.reason or row.verdict == PASSES, row


def test_no_row_twice() -> None:
    keys = [(row.go_file, row.go_test) for row in rows()]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_ours_exist(request: pytest.FixtureRequest) -> None:
    """What the rows name is what pytest collects."""
    named = {node_id for row in rows() for node_id in row.node_ids}
    named -= {item.nodeid.partition("[")[0] for item in request.session.items}
    # Not in this run: a part of the suite, or a choice of tests.
    files = sorted({node_id.partition("::")[0] for node_id in named})
    assert [file for file in files if not (ROOT / file).is_file()] == []
    if files:
        command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        named -= {line.partition("[")[0] for line in done.stdout.splitlines()}
    assert sorted(named) == []


def _files() -> list[str]:
    root = goroot()
    return [] if root is None else [file for file, _ in packages(root / "src")]


@pytest.mark.parametrize("file", _files())
def test_every_go_test_has_a_row(file: str) -> None:
    """None of the Test functions of the installed Go's sources is left out."""
    root = goroot()
    assert root is not None
    assert missing(root / "src").get(file, []) == []


def test_every_program_has_a_row() -> None:
    """None of the programs of Go's test/ that are about what gochan has is left out."""
    test = programs_folder()
    if test is None:
        pytest.skip("no test/: Go's distributions leave it out, Debian's golang-src has it")
    assert missing_programs(test) == []


def test_summary() -> None:
    """The summary counts a row as shown when all of its tests have passed."""
    table = [
        Row("t.csv", "a_test.go", "TestA", "tests/t.py::test_a", PASSES, ""),
        Row("t.csv", "a_test.go", "TestB", "tests/t.py::test_a tests/t.py::test_b[x]", PASSES, ""),
        Row("t.csv", "a_test.go", "TestC", "", CANNOT_APPLY, "compile errors"),
        Row("t.csv", "a_test.go", "TestD", "tests/t.py::test_d", DIFFERS, "raises at once"),
    ]
    assert Summary.of(table, {"tests/t.py::test_a"})[:4] == (1, 1, 1, 1)
    assert Summary.of(table, {"tests/t.py::test_a", "tests/t.py::test_b"})[:4] == (2, 0, 1, 1)
    assert Summary(2, 0, 4, 1, 0).line() == (
        "Go's own tests: 2 have a counterpart that passed, 4 differ on purpose, 1 cannot apply, "
        "none without a row"
    )
    assert Summary(1, 1, 4, 1, 3).line() == (
        "Go's own tests: 1 have a counterpart that passed, 1 have one that did not run or pass, "
        "4 differ on purpose, 1 cannot apply, 3 without a row"
    )
