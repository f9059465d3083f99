"""Two pages that show Go beside gochan: the table of everything, which filters, and the cheat sheet.

`.. all-of-go::` is one table of all that "Porting Go" has: the rows of the language (the twins, see
porting.py), then those of every package. all_of_go.js adds the filter; without scripts it is a plain table.

`.. cheats:: Channels` is a box of the cheat sheet. Each line of its content takes rows from the same sources,
which tests check: `twins channels: make close` takes rows of a pair of programs by the names of their
functions, and `names sync: Mutex WaitGroup.Add` takes rows of a package by Go's names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

from docutils import nodes
from porting import DOCS, GO_DOC, Pair, _Table, cell, code, pairs
from porting_tables import PACKAGES, Row, rows
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

TWINS = DOCS / "programs" / "porting"
SCRIPTS = {"porting/all_of_go": "all_of_go.js"}
STYLED = {"porting/all_of_go", "cheatsheet"}


def block(language: str, text: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language=language)


def language_tables() -> list[tuple[str, str]]:
    """Return the title and the programs of each table of the page of the language."""
    page = (DOCS / "porting" / "language.rst").read_text()
    found = []
    for part in re.split(r"\n(?=.+\n-{3,}\n)", page)[1:]:
        stems = re.findall(r"^\.\. twins:: programs/porting/(\w+)", part, re.M)
        found += [(part.partition("\n")[0], stem) for stem in stems]
    return found


class AllOfGo(_Table):
    """The table of all of Go."""

    def run(self) -> list[nodes.Node]:
        body = []
        for title, stem in language_tables():
            self.depend(stem)
            body.append(self.heading(title))
            body += [self.twin(pair) for pair in pairs(TWINS / stem)]
        for name in ("porting/language.rst", "porting/go_api.csv", "porting/otherwise.csv", "left_out.csv"):
            self.env.note_dependency(str(DOCS / name))
        for package in PACKAGES:
            body.append(self.heading(package))
            body += [self.row(package, row) for row in rows(package)]
        [table] = self.build(["Go", "gochan", "What it is"], [], [36, 34, 30])
        table["classes"] += ["all-of-go", "wide"]
        table[0][-1].extend(body)
        return [table]

    def depend(self, stem: str) -> None:
        for suffix in (".go", ".py"):
            self.env.note_dependency(str(TWINS / f"{stem}{suffix}"))

    def heading(self, title: str) -> nodes.row:
        entry = cell(nodes.strong("", title))
        entry["morecols"] = 2
        return nodes.row("", entry, classes=["group"])

    def twin(self, pair: Pair) -> nodes.row:
        words = f"{pair.title}: {pair.note}" if pair.note else pair.title
        sides = (nodes.entry("", block(*side)) for side in (("go", pair.go), ("python", pair.gochan)))
        return nodes.row("", *sides, self.text(words))

    def row(self, package: str, row: Row) -> nodes.row:
        shown: nodes.Node = code(row.go)
        if len(row.go_names) == 1:
            shown = nodes.reference("", "", shown, refuri=f"{GO_DOC}{package}#{row.go_names[0]}")
        go = cell(shown) if row.go else cell(nodes.emphasis("", "nothing"))
        # What is searched for and not shown: the full names of methods, and of all names of a row.
        last = package.rpartition("/")[2]
        keys = " ".join(f"{last}.{name}" for name in row.go_names)
        go += nodes.raw("", f"<span hidden>{escape(keys)}</span>", format="html")
        return nodes.row("", go, self.ours(PACKAGES[package], row), self.text(row.note))


def twin_cheats(program: str) -> dict[str, tuple[str, str]]:
    """Map the rows of a pair of programs to their code, without blank lines."""
    return {
        pair.name: (re.sub(r"\n{2,}", "\n", pair.go), re.sub(r"\n{2,}", "\n", pair.gochan))
        for pair in pairs(TWINS / program)
    }


def name_cheats(package: str) -> dict[str, tuple[str, str]]:
    """Map Go's names of a package to how each language writes them."""
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


def add_files(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Load the style sheet and the script on these pages alone."""
    if page in STYLED:
        app.add_css_file("pages.css")
    if page in SCRIPTS:
        app.add_js_file(SCRIPTS[page], loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("all-of-go", AllOfGo)
    app.add_directive("cheats", Cheats)
    app.connect("html-page-context", add_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
