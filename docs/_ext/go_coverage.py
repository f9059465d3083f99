"""The directives `go-tests` and `not-implemented`: how many of Go's own tests and names gochan covers.

Both count the rows of the CSV files beside the pages. They show a summary, then a closed list for each
package.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from porting_tables import DOCS, gone, read
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

Row = dict[str, str]

# The tables of Go's tests, in the order of the page.
TABLES = {
    "language": "The language: programs of Go's ``test/``",
    "runtime": "``runtime``",
    "sync": "``sync`` and ``sync/atomic``",
    "context": "``context``",
    "time": "``time``",
    "signal": "``os/signal``",
    "synctest": "``testing/synctest``",
    "x": "``golang.org/x/sync`` and ``golang.org/x/time``",
}
# The reasons why a test cannot apply: the key is the beginning of the reason in the CSV file.
REASONS = {
    "faults": "what Go does on a nil pointer, a bad index or a failed type assertion; Python has exceptions"
    " of its own for these",
    "garbage collector": "which objects Go's collector frees, and when",
    "memory layout": "addresses, alignment, stacks that grow, the number of allocations",
    "threads": "several processors, data races, ``LockOSThread``; all goroutines of gochan run in one thread",
    "compiler": "what Go's compiler accepts and generates",
    "tracebacks": "the lines and frames in Go's tracebacks; Python writes its own",
    "language": "features that Python does not have, such as named results",
    "other packages": "``reflect``, ``pprof``, ``cgo`` and others that gochan does not implement",
}

# The kinds of rows, and the word for each in a count.
KINDS = {"ported": "ported", "covered": "covered", "differs": "differ", "cannot apply": "cannot apply"}


def table(header: list[str], rows: Iterable[list[str]], *options: str) -> Iterator[str]:
    """Yield the lines of a table."""
    yield from (".. list-table::", "   :header-rows: 1", *(f"   {option}" for option in options), "")
    for row in [header, *rows]:
        yield from (f"   {'  -' if i else '* -'} {text}" for i, text in enumerate(row))
    yield ""


def dropdown(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a section that is closed until a reader opens it."""
    yield from (f".. dropdown:: {title}", "", *(f"   {line}" for line in lines), "")


def names(words: Iterable[str]) -> str:
    return ", ".join(f"``{word}``" for word in words)


class _Counted(SphinxDirective):
    """A directive whose content is reStructuredText, generated from files."""

    files: ClassVar[list[str]]

    def lines(self) -> Iterator[str]:
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        for name in self.files:
            self.env.note_dependency(str(DOCS / name))
        parent = nodes.Element()
        self.state.nested_parse(StringList(list(self.lines()), self.name), self.content_offset, parent)
        return parent.children


# --- Go's tests ------------------------------------------------------------------------------------------


def kind(row: Row) -> str:
    """Return the column of the summary that counts a row."""
    if row["verdict"] == "passes":
        ported = all(test.startswith("tests/conformance/") for test in row["ours"].split())
        return "ported" if ported else "covered"
    if row["verdict"] == "cannot apply" and row["reason"].partition(":")[0] not in REASONS:
        test = f"{row['go_file']}, {row['go_test']}"
        raise ExtensionError(f"{test}: the reason must begin with one of {', '.join(REASONS)}")
    return row["verdict"]


def ours(row: Row) -> str:
    """Show gochan's tests of a row, grouped by file, because most are in one file."""
    tests = (test.partition("::") for test in row["ours"].split())
    files = groupby(tests, key=lambda parts: parts[0].removeprefix("tests/"))
    return "; ".join(f"``{file}``: {names(test for *_, test in found)}" for file, found in files)


class GoTests(_Counted):
    """`verdict`: the counts of each package. `reasons`: why tests cannot apply. `list`: all tests."""

    required_arguments = 1
    files: ClassVar[list[str]] = [f"conformance/{name}.csv" for name in TABLES]

    def lines(self) -> Iterator[str]:
        rows = {name: read(file) for name, file in zip(TABLES, self.files, strict=True)}
        kinds = {name: Counter(map(kind, tests)) for name, tests in rows.items()}
        if self.arguments[0] == "verdict":
            yield from self.verdict(kinds)
        elif self.arguments[0] == "reasons":
            yield from self.reasons([row for tests in rows.values() for row in tests])
        else:
            for name, title in TABLES.items():
                counts = ", ".join(f"{kinds[name][k]} {word}" for k, word in KINDS.items() if kinds[name][k])
                yield from dropdown(f"{title}: {kinds[name].total()} tests, {counts}", self.tests(rows[name]))

    def verdict(self, kinds: dict[str, Counter[str]]) -> Iterator[str]:
        total = sum(kinds.values(), Counter[str]())
        passes = total["ported"] + total["covered"]
        yield (
            f"**Of {total.total()} of Go's own tests, {passes} have a counterpart in gochan's test suite "
            f"that passes.** {total['ported']} of these are ported one by one; {total['covered']} are "
            "covered by gochan's own tests of the same feature. "
            f"In {total['differs']} tests, gochan differs from Go on purpose. "
            f"The other {total['cannot apply']} cannot apply to gochan."
        )
        yield ""
        lines = [
            [title, str(kinds[name].total()), *(str(kinds[name][key]) for key in KINDS)]
            for name, title in TABLES.items()
        ]
        lines.append(["**all**", f"**{total.total()}**", *(f"**{total[key]}**" for key in KINDS)])
        yield from table(["Go's tests of", "tests", *KINDS.values()], lines, ":class: counts right")

    def reasons(self, rows: list[Row]) -> Iterator[str]:
        reasons = Counter(row["reason"].partition(":")[0] for row in rows if kind(row) == "cannot apply")
        lines = [[reason, str(count), REASONS[reason]] for reason, count in reasons.most_common()]
        header = ["reason", "tests", "the tests are about"]
        yield from table(header, lines, ":class: counts", ":widths: 24 10 66")

    def tests(self, rows: list[Row]) -> Iterator[str]:
        """Yield the tables of a package's tests: one for all its programs, and one for each test file."""
        if programs := [(row["go_file"], row) for row in rows if row["go_test"] == "main"]:
            yield from self.rows("Go's program", programs)
        in_files = (row for row in rows if row["go_test"] != "main")
        for file, tests in groupby(in_files, key=lambda row: row["go_file"]):
            yield from self.rows(f"``{file}``", [(row["go_test"], row) for row in tests])

    def rows(self, title: str, rows: list[tuple[str, Row]]) -> Iterator[str]:
        lines = []
        for name, row in rows:
            note = f"*differs:* {row['reason']}" if kind(row) == "differs" else row["reason"]
            lines.append([f"``{name}``", ours(row) or "*cannot apply*", note])
        header = [title, "gochan's tests, in ``tests/``", "notes"]
        yield from table(header, lines, ":class: names", ":widths: 30 45 25")


# --- names -----------------------------------------------------------------------------------------------


class NotImplementedNames(_Counted):
    """The number of names that Go exports and gochan lacks, and a closed list of them for each package."""

    files: ClassVar[list[str]] = ["left_out.csv", "porting/go_api.csv", "porting/otherwise.csv"]

    def lines(self) -> Iterator[str]:
        left_out, api = map(read, self.files[:2])
        exported = Counter(row["package"] for row in api if "." not in row["name"])
        # The number of names that each pattern stands for. The members of a type don't count.
        counts = {
            package: Counter(p for p, names in gone(package).items() for name in names if "." not in name)
            for package in exported
        }
        missing = {package: count.total() for package, count in counts.items()}
        complete = [package for package, count in missing.items() if not count]
        total = sum(missing.values())
        yield (
            f"**gochan covers {len(exported)} packages of Go, {len(complete)} of them completely:** "
            f"{names(complete)}. Of the {exported.total()} names that Go exports from the {len(exported)} "
            f"packages, it implements {exported.total() - total}. The other {total} are below. Python has "
            "its own for most of them: dates, settings of TLS, IP addresses, profiles."
        )
        yield ""
        for package in filter(missing.get, exported):
            lines = [
                [shown(row["go_names"].split(), counts[package]), row["reason"], row["python"]]
                for row in left_out
                if row["go_package"] == package
            ]
            yield from dropdown(
                f"``{package}``: {missing[package]} of {exported[package]} names not implemented",
                table(["Go", "why not", "in Python"], lines, ":class: names", ":widths: 36 32 32"),
            )


def shown(patterns: list[str], counts: Counter[str]) -> str:
    """Show the patterns, each with its number of names: a constant stands for its group."""
    return ", ".join(
        f"``{pattern}``" + (f" ({counts[pattern]} names)" if counts[pattern] > 1 else "")
        for pattern in patterns
    )


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("go-tests", GoTests)
    app.add_directive("not-implemented", NotImplementedNames)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
