"""Sums up, at the end of a run, how many of Go's own tests have a counterpart here that passed."""

import sys
from pathlib import Path

import pytest

# Its modules are what the tests beside them import.
sys.path.insert(0, str(Path(__file__).parent))

from table import Summary, rows


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the summary of docs/conformance/*.csv."""
    reports = terminalreporter.stats
    passed = {report.nodeid.partition("[")[0] for report in reports.get("passed", ())}
    for outcome in ("failed", "error", "skipped", "xfailed", "xpassed"):
        passed -= {report.nodeid.partition("[")[0] for report in reports.get(outcome, ()) if hasattr(report, "nodeid")}
    terminalreporter.write_line(Summary.of(rows(), passed).line())
