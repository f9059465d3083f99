"""Checks what README.md and the docs name: files, commands, packages and public names.

tests/test_docs.py runs the programs that they show.
"""

import importlib
import inspect
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.rst"))]


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
    # What nobody imports has other pages: docs/real/tests.rst, docs/porting/machine.rst, docs/vet.
    assert public - {"pytest_plugin", "port", "vet"} <= {page.stem for page in REFERENCE}
