"""Directives of the porting pages.

`.. go-package:: time` is the table of a Go package, and `.. own-package:: gochan.thread` is the table of a
package that only gochan has; see porting_tables.py.

`.. twins:: programs/porting/channels` shows two programs row by row: a row for each function of the Go half,
with the function of the same name of the gochan half beside it. The comment above a Go function is the
row's title; text after a colon in it is the row's note. If a body has lines between `// >` and `// <`
(`# >` and `# <` in Python), only these lines are shown, otherwise the whole body. A test runs both programs
as a whole, and checks that main calls every row.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from docutils import nodes
from porting_tables import DOCS, PACKAGES, Row, own_rows, rows
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

FILES = ("porting/go_api.csv", "porting/otherwise.csv", "left_out.csv")
GO_DOC = "https://pkg.go.dev/"


def cell(*content: nodes.Node) -> nodes.entry:
    paragraph = nodes.paragraph("", "", *content)
    return nodes.entry("", paragraph)


def code(text: str, *classes: str) -> nodes.literal:
    """Return text as code that may be broken between its words."""
    node = nodes.literal("", "", classes=["code", *classes])
    for i, part in enumerate(re.split(r"(?<=[._])(?=\w)|(?<=\w\()(?=\w)", text)):
        if i:
            node += nodes.raw("", "<wbr>", format="html")
        node += nodes.Text(part)
    return node


def block(language: str, text: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language=language)


def described(module: ModuleType, name: str) -> str:
    """Return the name under which the reference describes a name: a member, a base class's, or the class."""
    owner, _, last = name.rpartition(".")
    if not owner:
        return name
    for cls in getattr(module, owner).__mro__:
        thing = vars(cls).get(last)
        public = getattr(module, cls.__name__, None) is cls
        if public and not isinstance(thing, bytes) and getattr(thing, "__doc__", None):
            return f"{cls.__name__}.{last}"
    return owner


class _Table(SphinxDirective):
    required_arguments = 1

    def depend(self, *paths: Path) -> None:
        """Read the page again if one of these files has changed."""
        for path in paths:
            self.env.note_dependency(str(path))

    def table(self, head: list[str], widths: list[int], body: list[nodes.row]) -> nodes.table:
        group = nodes.tgroup(cols=len(widths))
        group += [nodes.colspec(colwidth=width) for width in widths]
        group += nodes.thead("", nodes.row("", *(cell(nodes.Text(title)) for title in head)))
        group += nodes.tbody("", *body)
        return nodes.table("", group, classes=["porting", "wide"])

    def package(self, package: str) -> Iterator[nodes.row]:
        """Make the rows of a Go package."""
        self.depend(*(DOCS / name for name in FILES))
        for row in rows(package):
            go: nodes.Node = code(row.go) if row.go else nodes.emphasis("", "nothing")
            if len(row.go_names) == 1:
                go = nodes.reference("", "", go, refuri=f"{GO_DOC}{package}#{row.go_names[0]}")
            ours = self.ours(PACKAGES[package], row)
            yield nodes.row("", cell(go), ours, self.text(row.note), go_names=row.go_names)

    def text(self, words: str) -> nodes.entry:
        """Parse a note: its backquotes mark code."""
        parsed, _ = self.state.inline_text(words, self.lineno)
        return cell(*parsed)

    def ours(self, module: str, row: Row) -> nodes.entry:
        """Return the gochan column of a row, linked to the reference."""
        if not row.shown:
            return cell(nodes.emphasis("", "left out"))
        content: list[nodes.Node] = []
        targets = row.gochan.split()
        for i, part in enumerate(row.shown.split("; ")):
            if i:
                content.append(nodes.Text("; "))
            found = [t for t in targets if t.rpartition(".")[2] in re.findall(r"\w+", part)]
            if not found:
                content.append(code(part))
                continue
            reference = addnodes.pending_xref(
                "",
                code(part, "xref", "py", "py-obj"),
                refdomain="py",
                reftype="obj",
                reftarget=f"{module}.{described(import_module(module), found[0])}",
                refexplicit=True,
                refwarn=True,
                refdoc=self.env.docname,
            )
            content.append(reference)
        return cell(*content)


class GoPackage(_Table):
    """The table of a Go package."""

    def run(self) -> list[nodes.Node]:
        body = [*self.package(self.arguments[0])]
        return [self.table(["Go", "gochan", "What it is"], [36, 34, 30], body)]


class OwnPackage(_Table):
    """The table of a package that only gochan has."""

    def run(self) -> list[nodes.Node]:
        module = self.arguments[0]
        own = [nodes.row("", self.ours(module, row), self.text(row.note)) for row in own_rows(module)]
        return [self.table(["gochan", "What it is"], [45, 55], own)]


# --- twins -----------------------------------------------------------------------------------------------


class Pair(NamedTuple):
    """A row of twins: a title, a note, and the code of both sides."""

    name: str
    title: str
    note: str
    go: str
    gochan: str


def _shown(body: str, mark: str) -> str:
    """Return the part of a body that is shown."""
    lines = textwrap.dedent(body.expandtabs(4)).strip("\n").split("\n")
    kept: list[str] = []
    within = not any(line.strip() == f"{mark} >" for line in lines)
    for line in lines:
        if line.strip() in (f"{mark} >", f"{mark} <"):
            within = line.strip().endswith(">")
        elif within:
            kept.append(line)
    return textwrap.dedent("\n".join(kept)).strip("\n")


def pairs(stem: Path) -> list[Pair]:
    """Read the rows of twins. Raises LookupError for a Go function without a counterpart in Python."""
    go, python = stem.with_suffix(".go").read_text(), stem.with_suffix(".py").read_text()
    ours = {
        name: (before, body)
        for before, name, body in re.findall(
            r"(?:^# >\n((?:(?!# <).*\n)*)# <\n+)?^def (\w+)\(\) -> None:\n((?:(?:    .*)?\n)+)", python, re.M
        )
    }
    found = []
    for before, comment, name, body in re.findall(
        r"(?:^// >\n((?:(?!// <).*\n)*)// <\n+)?^((?://.*\n)+)func (\w+)\(\) \{\n((?:(?:\t.*)?\n)*?)\}\n",
        go,
        re.M,
    ):
        words = " ".join(line.removeprefix("//").strip() for line in comment.splitlines())
        title, _, note = words.partition(": ")
        ported = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
        ported += "_" * iskeyword(ported)
        if ported not in ours:
            raise LookupError(f"{stem.name}.py has no {ported}, which {stem.name}.go shows as a row")
        before_ours, body_ours = ours[ported]
        left = f"{before.expandtabs(4)}\n{_shown(body, '//')}".strip("\n")
        right = f"{before_ours.strip(chr(10))}\n\n{_shown(body_ours, '#')}".strip("\n")
        found.append(Pair(ported, title, note, left, right))
    return found


class Twins(_Table):
    """The rows of a pair of programs."""

    def run(self) -> list[nodes.Node]:
        stem = DOCS / self.arguments[0]
        self.depend(stem.with_suffix(".go"), stem.with_suffix(".py"))
        table = nodes.container(classes=["twins", "wide"])
        for pair in pairs(stem):
            heading = f"**{pair.title}:** {pair.note}" if pair.note else f"**{pair.title}**"
            words, _ = self.state.inline_text(heading, self.lineno)
            row = nodes.container("", nodes.paragraph("", "", *words, classes=["twins-title"]))
            row["classes"] = ["twins-row"]
            for language, label, text in (("go", "Go", pair.go), ("python", "gochan", pair.gochan)):
                title = nodes.paragraph("", label, classes=["twins-label"])
                row += nodes.container("", title, block(language, text), classes=["twins-side"])
            table += row
        return [table]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("go-package", GoPackage)
    app.add_directive("own-package", OwnPackage)
    app.add_directive("twins", Twins)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
