"""The examples and the programs of the documentation, in some of their orders: no bug but those told here."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from gochan.explore.program import File
from gochan.explore.search import search
from gochan.explore.strategies import STRATEGIES

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
RUNS = 30
# What is found in them, on purpose or as in their Go programs.
KNOWN = {
    # The bug that the page on exploring finds.
    "account": "assertion",
    # It shows an empty select, which waits forever.
    "selects": "leak",
}
# Their runs are long, they need arguments, or they use what is outside of the program.
LEFT_OUT = {
    "at_a_time", "chat_server", "context", "echo", "fetch", "http_server", "log_pipeline", "port_scanner",
    "postgres", "producer_consumer", "quit_signal", "semaphore", "tcp_proxy", "timeout", "web", "web_client",
    "word_count", "bounded_parallelism", "timeout_quit_context", "lookup", "lookup_fixed",
}  # fmt: skip
PROGRAMS = [
    path
    for path in sorted([*ROOT.glob("examples/*.py"), *ROOT.glob("docs/programs/**/*.py")])
    if path.stem not in LEFT_OUT
]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_nothing_is_found(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [str(path)])
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        found = search(File(str(path)), STRATEGIES["auto"](0), RUNS)
    assert (found.failure.kind if found.failure else None) == KNOWN.get(path.stem)
