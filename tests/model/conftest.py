"""Prints, at the end of a run, how many operations were compared with the model."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# Its modules are what the tests beside them import.
sys.path.insert(0, str(Path(__file__).parent))

# By the implementation of the engine.
compared: dict[str, int] = {}


@pytest.fixture(autouse=True)
def count(implementation: str) -> Iterator[None]:
    """Note how many operations the last test that ran programs compared."""
    from machine import Program  # that of the implementation under test

    yield
    if Program.compared:
        compared[implementation] = Program.compared


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for implementation, number in compared.items():
        terminalreporter.write_line(f"{number:,} operations compared with the model of Go [{implementation}]")
