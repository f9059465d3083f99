"""Programs end as Go's do: exit status, output, message."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
WAYS = [json.loads(line) for line in (HERE / "results" / "exits.txt").read_text().splitlines()]


@pytest.mark.parametrize(("name", "status", "output", "message"), WAYS, ids=[way[0] for way in WAYS])
def test_a_way_to_end(name: str, status: int, output: str, message: str) -> None:
    command = [sys.executable, str(HERE / "core_exits.py"), name]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert done.stdout.decode("latin-1") == output
    text = done.stderr.decode()
    got = [line.partition("ion code=")[0] for line in text.partition("\ngoroutine ")[0].splitlines()]
    want = [line.partition("ion code=")[0] for line in message.splitlines()]
    if name == "nilptr":
        got[-1] = got[-1].rstrip("]").removesuffix("ion")
        want[-1] = want[-1].removesuffix("ion")
    assert [line for line in got if line] == [line for line in want if line]
    assert done.returncode == status
