"""fmt prints what Go's fmt prints: each value by each format."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from gochan.port.lib import fmt

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from core_values import VALUES  # noqa: E402

LINES = [json.loads(line) for line in (HERE / "results" / "verbs.txt").read_text().splitlines()]
FORMATS: list[str] = LINES[0]
# Values that show addresses with these verbs.
ADDRESSES = re.compile(r"0[xX][0-9a-fA-F]{9,}|[0-9]{10,}|[0-9a-fA-F]{9,}")
WITH_ADDRESSES = {"errs", "shown", "wrapped", "joined"}


def mask(name: str, text: str) -> str:
    """Replace addresses."""
    return ADDRESSES.sub("ADDRESS", text) if name in WITH_ADDRESSES else text


@pytest.mark.parametrize("line", LINES[1:], ids=lambda line: line[0])
def test_a_value_by_all_formats(line: list[str]) -> None:
    name, *results = line
    wrong = []
    for format, result in zip(FORMATS, results, strict=True):
        want = mask(name, result.encode("latin-1").decode("utf-8", "surrogateescape"))
        got = mask(name, fmt.sprintf(format, VALUES[name]))
        # Both pad an address of another length to another width.
        if got != want and not ("ADDRESS" in got and got.split() == want.split()):
            wrong.append(f"{format!r}: got {got!a}, want {want!a}")
    assert not wrong, "\n".join(wrong)


def test_every_value_has_results() -> None:
    assert [line[0] for line in LINES[1:]] == list(VALUES)
