"""Sums up, at the end of a run, how many of Go's own tests have a counterpart here that passed."""

import sys
from pathlib import Path

import pytest

# Its modules are what the tests beside them import.
sys.path.insert(0, str(Path(__file__).parent))

from table import Summary, rows


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how far this run has shown what docs/conformance/*.csv say."""
    passed: set[str] = set()
    other: set[str] = set()
    for outcome, reports in terminalreporter.stats.items():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                (passed if outcome in ("passed", "") else other).add(report.nodeid.partition("[")[0])
    terminalreporter.write_line(Summary.of(rows(), passed - other).line())
