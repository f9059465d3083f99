"""The pages of the checks: the mistake has the finding and does what the page shows; the fix has none."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from gochan.vet import check_source
from gochan.vet.table import CHECKS, FAMILIES

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^\.\. code-block:: (python|text)\n\n((?:   .*\n|\n)+)", re.MULTILINE)
# These mistakes hang.
ENDLESS = {("GOC208", 0), ("GOC402", 0)}


def programs(code: str) -> list[tuple[str, str | None]]:
    """Return the programs of a page, each with what it prints, or None."""
    found: list[tuple[str, str | None]] = []
    for kind, block in BLOCK.findall(CHECKS[code].page()):
        text = textwrap.dedent(block).rstrip("\n") + "\n"
        if kind == "python":
            found.append((text, None))
        else:
            found[-1] = (found[-1][0], text)
    return found


@pytest.mark.parametrize("code", CHECKS)
def test_the_mistake_is_found_and_the_fix_is_clean(code: str) -> None:
    [(mistake, _), (fix, _)] = programs(code)
    assert {finding.code for finding in check_source(mistake.encode())} == {code}
    assert check_source(fix.encode()) == []


@pytest.mark.parametrize("which", [0, 1], ids=["mistake", "fix"])
@pytest.mark.parametrize("code", CHECKS)
def test_the_programs_print_what_the_page_shows(code: str, which: int, tmp_path: Path) -> None:
    text, shown = programs(code)[which]
    assert (shown is None) == ((code, which) in ENDLESS)
    if shown is None:
        return
    file = tmp_path / "program.py"
    file.write_text(text)
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHON_COLORS": "0"}
    done = subprocess.run(
        [sys.executable, file], capture_output=True, text=True, timeout=60, env=environ, check=False
    )
    printed = done.stdout
    if done.returncode:
        error = re.search(r"^[\w.]+: .*$", done.stderr, re.MULTILINE)
        assert error is not None, done.stderr
        printed += error[0] + "\n"
    assert printed == shown


def test_the_docs_have_each_page() -> None:
    index = (ROOT / "docs/vet/index.rst").read_text()
    listed = re.findall(r":caption: (.*)\n   :maxdepth: 1\n   :glob:\n\n   goc(\d)\*\n", index)
    assert listed == [(title, family.removeprefix("GOC")) for family, title in FAMILIES.items()]
    for code in CHECKS:
        name = code.lower()
        assert (
            ROOT / f"docs/vet/{name}.rst"
        ).read_text() == f".. include:: /../gochan/vet/pages/{name}.rst\n"
        title, line = CHECKS[code].page().splitlines()[:2]
        assert title == f"{code}: {CHECKS[code].name}"
        assert line == "=" * len(title)
    assert len(list((ROOT / "gochan/vet/pages").iterdir())) == len(CHECKS)
