"""The names of a port's modules: one for each package, and one for its tests."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterator

from ..tables import Refusal, Tables
from ..tree import Package, Program

_HIDING = {*sys.stdlib_module_names, *keyword.kwlist, "gochan"}
# What ports import without being asked.
_ALWAYS = {"context", "errors", "fmt", "strings", "syscall", "testing", "time"}


def module_names(program: Program, tables: Tables) -> dict[tuple[str, bool], str]:
    """Return the names by the path of the package and whether the module is that of its tests."""
    names: dict[tuple[str, bool], str] = {}
    hidden = {*_HIDING, "main", *_ALWAYS, *_imported(program, tables)}
    taken: set[str] = set()

    def choose(package: Package, testing: bool, names_of: Iterator[str]) -> None:
        name = next(name for name in names_of if name not in taken)
        taken.add(name)
        names[package.path, testing] = name

    for package in [program.main, *program.packages[:-1]]:
        choose(package, False, _candidates(program, package, hidden))
    for package in program.packages:
        if any(file.test for file in package.files):
            choose(package, True, _test_candidates(package))
    return names


def _imported(program: Program, tables: Tables) -> Iterator[str]:
    """Yield the names of the library's modules that the program imports."""
    for path in {imp.path for package in program.packages for file in package.files for imp in file.imports}:
        found = tables.lookup_package(path)
        if not isinstance(found, Refusal):
            yield found.module.rpartition(".")[2]


def _candidates(program: Program, package: Package, hidden: set[str]) -> Iterator[str]:
    """Yield the names that the module of a package may have, the best one first."""
    files = [file for file in package.files if not file.test]
    if package is program.main:
        if len(files) == len(program.packages) == 1:
            name = _word(files[0].name.rpartition("/")[2].removesuffix(".go"))
            # Tests import the module; a program alone is run by its path, and so hides nothing.
            others = hidden - {"main"} if len(files) < len(package.files) else _HIDING
            yield f"{name}_" if name in others else name
        elif package.name == "main":
            yield "main"
    # A module must not hide one of Python's library, or of the ports', that its importer needs, too.
    name = f"{package.name}_" if package.name in hidden else package.name
    yield name
    for part in reversed(package.path.split("/")[:-1]):
        name = f"{_word(part)}_{name}"
        yield name
    while True:
        name += "_"
        yield name


def _word(text: str) -> str:
    """Return a name that can be imported."""
    name = re.sub(r"\W", "_", text)
    return name if name.isidentifier() else f"_{name}"


def _test_candidates(package: Package) -> Iterator[str]:
    name = f"test_{package.name.removesuffix('_test')}"
    if package.name.endswith("_test"):
        yield name
        name += "_external"
    while True:
        yield name
        name += "_"
