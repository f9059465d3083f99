"""Tells, at the end of a run, how many operations were compared with the model."""

import sys
from pathlib import Path

import pytest

# Its modules are what the tests beside them import.
sys.path.insert(0, str(Path(__file__).parent))

from machine import Program


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many it were in the test that ran last."""
    if Program.compared:
        terminalreporter.write_line(f"{Program.compared:,} operations compared with the model of Go")
