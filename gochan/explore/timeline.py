"""The timeline of a run: what `gochan trace view` makes of it, a step of the clock for each event."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .._engine import tracing
from ..trace import record, view
from ..trace._stepping import SteppingWriter
from .rules import Rules
from .search import Program, repeat


def write(path: str, program: Program, decisions: Sequence[int], rules: Rules) -> None:
    """Repeat a run, recorded, and write its page into path, over what is there.

    Raises `OSError` if it cannot be written, `RuntimeError` if a recording is under way.
    """
    with tempfile.TemporaryDirectory() as folder:
        recorded = os.path.join(folder, "run.json")
        with record(recorded):
            assert tracing.recorder is not None
            tracing.recorder.writer = SteppingWriter
            repeat(program, decisions, rules, record=False)
        view.write(recorded, path, title=Path(path).stem, force=True)
