"""Runs every program that README.md and the docs show, and compares its output with the output shown.

A page shows a program in a block of `python`, and what it prints in a block of `text` after it, with no other
program between. Each program is whole, so each runs in a process of its own, as a reader's would.
"""

import importlib
import inspect
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.rst"))]

MARKDOWN = re.compile(r"^```(?P<language>\w+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
REST = re.compile(r"^\.\. code-block:: (?P<language>\w+)\n\n(?P<code>(?: {3}.*\n|\n)+)", re.MULTILINE)


class Block(NamedTuple):
    """A block of code, and the line that it starts at."""

    line: int
    language: str
    code: str


class Program(NamedTuple):
    """A program, and what the page says it prints: None where the page doesn't say."""

    where: str
    language: str
    code: str
    output: str | None


def blocks(text: str, pattern: re.Pattern[str]) -> list[Block]:
    """The code blocks of a page, in order."""
    found = []
    for match in pattern.finditer(text):
        line = text.count("\n", 0, match.start("code")) + 1
        found.append(Block(line, match["language"], textwrap.dedent(match["code"]).strip() + "\n"))
    return found


def programs(page: Path) -> list[Program]:
    """The programs of a page, in order. A Go program and its port, side by side, share what both print."""
    waiting: list[Block] = []
    found: list[Program] = []
    name = page.relative_to(ROOT)

    def settle(output: str | None) -> None:
        found.extend(Program(f"{name}:{block.line}", block.language, block.code, output) for block in waiting)
        waiting.clear()

    for block in blocks(page.read_text(), MARKDOWN if page.suffix == ".md" else REST):
        if block.language == "text":
            settle(block.code)
            continue
        if block.language in [earlier.language for earlier in waiting]:
            settle(None)
        waiting.append(block)
    settle(None)
    return found


PROGRAMS = [program for page in PAGES for program in programs(page)]
PYTHON = [program for program in PROGRAMS if program.language == "python"]
GO = [program for program in PROGRAMS if program.language == "go"]


def run(command: list[str], folder: Path) -> str:
    """What the command prints; a failure shows what it said on the way."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("program", PYTHON, ids=lambda program: program.where)
def test_python_program_prints_what_the_page_says(program: Program, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(program.code)
    command = [sys.executable, "program.py"]
    if "\ndef test_" in program.code:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "gochan.pytest_plugin", "program.py"]
    printed = run(command, tmp_path)
    if program.output is not None:
        assert printed == program.output


@pytest.mark.once
@pytest.mark.timeout(180)  # the first program of a fresh Go toolchain has it compile its standard library
@pytest.mark.parametrize("program", GO, ids=lambda program: program.where)
def test_go_program_prints_what_the_page_says(program: Program, tmp_path: Path) -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("no Go toolchain")
    (tmp_path / "main.go").write_text(program.code)
    assert run([go, "run", "main.go"], tmp_path) == program.output


def test_pages_were_read() -> None:
    """A page whose blocks the patterns above no longer find would pass unseen."""
    marks = {".md": r"^```python$", ".rst": r"^\.\. code-block:: python$"}
    shown = sum(len(re.findall(marks[page.suffix], page.read_text(), re.MULTILINE)) for page in PAGES)
    assert shown == len(PYTHON) > 10
    assert len(GO) == 1


def test_pages_link_to_files_that_are_there() -> None:
    readme = (ROOT / "README.md").read_text()
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", readme) if "://" not in target]
    assert len(targets) >= 3
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_no_page_tells_to_install_the_name_of_another_project() -> None:
    pages = [*PAGES, ROOT / "CHANGELOG.md"]
    assert [page for page in pages if re.search(r"pip install gochan\b", page.read_text())] == []


def test_readme_opens_with_the_two_commands() -> None:
    commands = (ROOT / "README.md").read_text().split("```")[1].strip().splitlines()
    assert [command.split("#")[0].strip() for command in commands] == ["make demo", "make test"]
    makefile = (ROOT / "Makefile").read_text()
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in ("demo", "test"))


REFERENCE = sorted(page for page in (ROOT / "docs" / "reference").glob("*.rst") if page.stem != "index")


@pytest.mark.parametrize("page", REFERENCE, ids=lambda page: page.stem)
def test_reference_has_every_public_name(page: Path) -> None:
    """autodoc takes functions and classes from `__all__`, but no data, and not what it is to leave out."""
    text = page.read_text()
    module = importlib.import_module("gochan" if page.stem == "gochan" else f"gochan.{page.stem}")
    left_out = re.findall(r"\w+", " ".join(re.findall(r":exclude-members:(.*)", text)))
    if re.search(r"automodule:: .*\n +:no-members:", text):
        left_out = module.__all__
    for name in module.__all__:
        thing = getattr(module, name)
        if name in left_out or not (inspect.isroutine(thing) or inspect.isclass(thing)):
            assert re.search(rf"\b{name}\b", text), name


def test_reference_has_every_package() -> None:
    packages = {path.stem for path in (ROOT / "gochan").iterdir() if path.is_dir() or path.suffix == ".py"}
    public = {name for name in packages if not name.startswith("_")}
    # What pytest loads and nobody imports has docs/testing.rst.
    assert public - {"pytest_plugin"} <= {page.stem for page in REFERENCE}
