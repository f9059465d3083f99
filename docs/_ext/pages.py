"""Two pages that show Go beside gochan: a table of everything, with a filter, and the cheat sheet.

`.. all-of-go::` is one table of everything in "Porting Go": the rows of the language (the twins, see
porting.py), then those of every package. all_of_go.js adds the filter; without scripts it is a plain table.

`.. cheats:: Channels` is a box of the cheat sheet. Each line of its content takes rows from the same sources,
which tests check: `twins channels: make close` takes rows of a pair of programs by the names of their
functions, and `names sync: Mutex WaitGroup.Add` takes rows of a package by Go's names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from porting import DOCS, Pair, _Table, block, cell, pairs
from porting_tables import PACKAGES, rows
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

TWINS = DOCS / "programs" / "porting"


def language_tables() -> list[tuple[str, Path]]:
    """Return the title and the programs of each table on the page "The language"."""
    page = (DOCS / "porting" / "language.rst").read_text()
    found = []
    for part in re.split(r"\n(?=.+\n-{3,}\n)", page)[1:]:
        stems = re.findall(r"^\.\. twins:: (.+)", part, re.M)
        found += [(part.partition("\n")[0], DOCS / stem) for stem in stems]
    return found


class AllOfGo(_Table):
    """The table of all of Go."""

    required_arguments = 0

    def run(self) -> list[nodes.Node]:
        body = []
        self.depend(DOCS / "porting" / "language.rst")
        for title, stem in language_tables():
            self.depend(stem.with_suffix(".go"), stem.with_suffix(".py"))
            body += [heading(title), *map(self.twin, pairs(stem))]
        for package in PACKAGES:
            body.append(heading(package))
            last = package.rpartition("/")[2]
            for row in self.package(package):
                # Hidden text for the filter: the full names of methods, and of all names in the row.
                keys = " ".join(f"{last}.{name}" for name in row["go_names"])
                row[0] += nodes.raw("", f"<span hidden>{escape(keys)}</span>", format="html")
                body.append(row)
        table = self.table(["Go", "gochan", "What it is"], [36, 34, 30], body)
        table["classes"].append("all-of-go")
        return [table]

    def twin(self, pair: Pair) -> nodes.row:
        words = f"{pair.title}: {pair.note}" if pair.note else pair.title
        sides = (nodes.entry("", block(*side)) for side in (("go", pair.go), ("python", pair.gochan)))
        return nodes.row("", *sides, self.text(words))


def heading(title: str) -> nodes.row:
    entry = cell(nodes.strong("", title))
    entry["morecols"] = 2
    return nodes.row("", entry, classes=["group"])


def twin_cheats(program: str) -> dict[str, tuple[str, str]]:
    """Map the names of a program pair's rows to their code on both sides, without blank lines."""
    return {
        pair.name: (re.sub(r"\n{2,}", "\n", pair.go), re.sub(r"\n{2,}", "\n", pair.gochan))
        for pair in pairs(TWINS / program)
    }


def name_cheats(package: str) -> dict[str, tuple[str, str]]:
    """Map the Go names of a package to the way each language writes them."""
    last = package.rpartition("/")[2]
    return {name: (f"{last}.{name}", row.shown) for row in rows(package) for name in row.go_names}


class Cheats(SphinxDirective):
    """A box of the cheat sheet."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        box = nodes.container(classes=["cheats"])
        box += nodes.rubric("", self.arguments[0])
        lines: list[tuple[str, str]] = []
        for line in self.content:
            source, _, names = line.partition(":")
            kind, _, where = source.partition(" ")
            if kind == "twins":
                box += [self.pair(*found) for found in self.taken(where, names, twin_cheats)]
            elif kind == "names":
                lines += self.taken(where, names, name_cheats)
            else:
                raise self.error(f"cheats: {line!r} is neither `twins PROGRAM: ...` nor `names PACKAGE: ...`")
        if lines:
            box += self.pair(*("\n".join(side) for side in zip(*lines, strict=True)))
        return [box]

    def taken(
        self, where: str, names: str, read: Callable[[str], dict[str, tuple[str, str]]]
    ) -> list[tuple[str, str]]:
        found = read(where)
        missing = [name for name in names.split() if name not in found]
        if missing:
            raise self.error(f"cheats: {where} has no row {', '.join(missing)}")
        return [found[name] for name in names.split()]

    def pair(self, go: str, gochan: str) -> nodes.container:
        return nodes.container("", block("go", go), block("python", gochan), classes=["cheat"])


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("all-of-go", AllOfGo)
    app.add_directive("cheats", Cheats)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
