"""The programs of go/ print the same as their counterparts in core_programs.py."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from core_programs import PROGRAMS  # noqa: E402


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_output_is_that_of_go(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parts: list[str] = []

    def write(s: str) -> int:
        parts.append(s)
        return len(s)

    monkeypatch.setattr(sys.stdout, "write", write)
    PROGRAMS[name]()
    monkeypatch.undo()
    got = "".join(parts).encode("utf-8", "surrogateescape").splitlines()
    want = (HERE / "results" / f"{name}.txt").read_bytes().splitlines()
    wrong = [f"line {i}:\n  got  {g!r}\n  want {w!r}" for i, (g, w) in enumerate(zip(got, want), 1) if g != w]  # noqa: B905
    assert not wrong, "\n".join(wrong[:30])
    assert len(got) == len(want)
