"""Runs every program that the docs and README.md show, and writes what each prints into the page.

    python docs/outputs.py              # all pages
    python docs/outputs.py PAGE ...     # these alone, as docs/start.rst or README.md
    python docs/outputs.py --extract F  # only put all Python programs into the folder F, for a type checker

Don't type an output: leave the block of `text` empty, and run this. It prints which blocks it has written,
what fails, and what it could not read. tests/test_docs.py checks that the outputs are still true.

What a page may show:

- `.. code-block:: python` and `.. code-block:: go` are whole programs; Go's runs on one processor. A program
  with a `def test_...` runs under pytest.
- The next block, if it is `.. code-block:: text`, is what the program prints. Programs side by side in the
  items of one `grid` share the block behind the grid, byte for byte, unless each has one in its item.
- `:class: fails` on it: the program must fail, and what it prints on stderr follows, unchanged except that a
  path is shortened to the file's name. Only Python 3.13 or later with the C implementation writes tracebacks.
- `:class: varies` on it: the digits differ from run to run, or the lines do but not their number.
- `.. literalinclude:: /../examples/x.py`, whole or in part, is a program too. What it prints is the next
  block, or `.. literalinclude:: /outputs/x.txt` anywhere behind it on the page, a file that this writes.
- The tests run `pycon` as doctests, and check that the files and targets in `console` commands exist.
- Programs that a page shows in parts are files in docs/programs.
- In README.md a Go program and a Python program that follow each other share the block of `text` behind them.

docutils and markdown-it parse the pages. Sphinx's own directives are not used: they need a build of the whole
site, half a minute, and don't keep the lines of a block, which its output is written to. One directive stands
for all of them: it parses what they contain, and keeps the place of each block in the document tree.
"""

import argparse
import os
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

from docutils import frontend, nodes, utils
from docutils.parsers import rst
from docutils.parsers.rst import directives, states
from markdown_it import MarkdownIt

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
sys.path.insert(0, str(ROOT / "tests" / "differential"))

import gochan  # noqa: E402
from gochan import runtime  # noqa: E402
from twins import Running, build, start_go, toolchain  # noqa: E402

# These run until they are stopped, or need arguments; tests/test_examples_*.py runs them.
TOLD = {"fetch.py", "log_pipeline.py", "postgres.py", "web.py"} | {
    f"{name}.{suffix}"
    for name in ("chat_server", "echo", "http_server", "port_scanner", "tcp_proxy")
    for suffix in ("py", "go")
}
# On a busy machine, a program may miss a deadline of some milliseconds. A wrong program fails every time.
TRIES = 15

RUN = {"python", "go"}
# Nothing in these is run here: pycon and console are tests/test_docs.py's, the rest are settings and data.
SHOWN = {"pycon", "console", "none", "toml", "ini", "json", "yaml", "make", "html"}
CODE = ("code-block", "literalinclude")
SUFFIXES = {".py": "python", ".go": "go", ".txt": "text"}

# The pages have the tracebacks of Python 3.13 and the C implementation. Earlier Pythons mark other parts of a
# line, and the Python implementation shows the frame of `run` itself.
OTHER_MARKS = sys.version_info < (3, 13)
OTHER_FRAMES = not runtime.COMPILED


@dataclass(eq=False)
class Block:
    """A block of a page. Its text is on the lines from `first` to before `last`, counted from 0."""

    page: Path
    line: int
    language: str
    text: str
    first: int
    last: int
    options: dict[str, str] = field(default_factory=dict)
    # What a literalinclude shows.
    path: Path | None = None
    # The directives around it, such as a grid-item and its grid, from the innermost.
    around: list[nodes.Node] = field(default_factory=list)
    # What shows the output, if this is a program.
    shown: "Block | None" = None

    @property
    def where(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def origin(self) -> tuple[Path, int]:
        """The file that has the text, and the line where it begins there."""
        return (self.path, 1) if self.path else (self.page, self.first + 1)

    @property
    def whole(self) -> str:
        """The text; of a file the whole, even if the page shows a part."""
        if self.path is None:
            return self.text
        return self.path.read_text() if self.path.exists() else ""

    def has(self, name: str) -> bool:
        return name in self.options.get("class", "").split()


class Wrong(Exception):
    """What a page shows is wrong, or cannot be read."""


def pages() -> list[Path]:
    """Return all pages, README.md first."""
    found = (page for page in DOCS.rglob("*.rst") if "_build" not in page.parts)
    return [ROOT / "README.md", *sorted(found)]


# --- reading ------------------------------------------------------------------------------------------------


class Plain(states.Inliner):
    """Leaves the text of paragraphs unparsed: no program is in there, and Sphinx's roles are unknown here."""

    def init_customizations(self, settings: object) -> None:
        """It has none."""

    def parse(
        self, text: str, lineno: int, memo: object, parent: object
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.Text(text)], []


class Part(rst.Directive):
    """Stands for every directive: keeps itself in the tree, and parses what it contains unless it is code."""

    optional_arguments, final_argument_whitespace, has_content = 1, True, True
    option_spec: ClassVar = defaultdict(lambda: directives.unchanged, {"class": directives.unchanged})

    def run(self) -> list[nodes.Node]:
        part = nodes.container(directive=self)
        if self.name not in CODE:
            self.state.nested_parse(self.content, self.content_offset, part)
        return [part]


@cache
def parts(page: Path, text: str) -> list[tuple[rst.Directive, list[nodes.Node]]]:
    """Return the directives of a page in order, each with those around it, from the innermost."""
    settings = frontend.get_default_settings(rst.Parser)
    settings.report_level = settings.halt_level = 5
    document = utils.new_document(str(page), settings)
    with patch.object(directives, "directive", lambda *_: (Part, [])):
        rst.Parser(inliner=Plain()).parse(text, document)
    found = []
    for part in document.findall(nodes.container):
        around, outer = [], part.parent
        while outer is not None:
            around += [outer] if isinstance(outer, nodes.container) else []
            outer = outer.parent
        found.append((part["directive"], around))
    return found


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page, in order."""
    text = page.read_text()
    if page.suffix == ".md":
        fences = [(token, *(token.map or ())) for token in MarkdownIt().parse(text) if token.type == "fence"]
        # A bare fence there is for a shell.
        return [Block(page, a + 1, t.info or "console", t.content, a + 1, b - 1) for t, a, b in fences]
    if "\t" in text:
        line = text[: text.index("\t")].count("\n") + 1
        raise Wrong(f"{page.relative_to(ROOT)}:{line}: a tab; in a page indent Go by four spaces")
    found = []
    for part, around in parts(page, text):
        if part.name not in CODE:
            continue
        named = "".join(part.arguments)
        # Without content, it is to come behind the options.
        first = part.content_offset - (not part.content)
        block = Block(page, part.lineno, named, "", first, first + len(part.content), part.options)
        block.text = "".join(f"{line}\n" for line in part.content)
        block.around = around
        if part.name == "literalinclude":
            base = DOCS if named.startswith("/") else page.parent
            block.path = Path(os.path.normpath(base / named.lstrip("/")))
            block.language = part.options.get("language") or SUFFIXES.get(block.path.suffix, "none")
        found.append(block)
    return found


def programs(page: Path) -> list[Block]:
    """Return the programs of a page, in order, each with the output that the page shows."""
    found: list[Block] = []
    waiting: list[Block] = []
    for block in blocks(page):
        if block.language == "text":
            if block.path is not None:
                if block.path.parent != DOCS / "outputs":
                    raise Wrong(f"{block.where}: {block.path} is not in docs/outputs")
                printers = [p for p in found if p.path and p.path.stem == block.path.stem]
            else:
                printers = [p for p in waiting if set(block.around) <= set(p.around)]
            if not printers:
                raise Wrong(f"{block.where}: an output with no program before it")
            for printer in printers:
                printer.shown = block
            waiting = [program for program in waiting if program not in printers]
        elif block.language in RUN:
            if waiting and not _beside(waiting[-1], block):
                waiting.clear()
            # TOLD is for real programs, shown whole or in part, that a page's output cannot be of.
            if block.path is None or block.path.name not in TOLD:
                waiting.append(block)
                found.append(block)
        elif block.language not in SHOWN:
            known = ", ".join(sorted(RUN | SHOWN))
            raise Wrong(f"{block.where}: what is a block of {block.language!r}? Known are text, {known}")
    return found


def _beside(one: Block, other: Block) -> bool:
    """Return whether two programs, one after the other on a page, share their output."""
    if one.path is not None and one.path == other.path:
        return True
    if one.page.suffix == ".md":
        return one.language != other.language
    # In two parts of one directive, as in the items of a grid.
    return one.around[:1] != other.around[:1] and one.around[1:] == other.around[1:] != []


# --- running ------------------------------------------------------------------------------------------------


class Bench:
    """Where programs run: a folder, and the Go programs, built."""

    def __init__(self, folder: Path, wanted: Iterable[Block]) -> None:
        self.folder = folder
        self.binary: Path | None = None
        self.go = toolchain()
        coded = [program for program in wanted if program.language == "go"]
        self.names = {program.where: f"b{i}" for i, program in enumerate(coded)}
        if self.go is not None and coded:
            (folder / "go").mkdir()
            sources = {self.names[p.where]: ("{}:{}".format(*p.origin), p.whole) for p in coded}
            try:
                self.binary = build(self.go, folder / "go", sources)
            except AssertionError as error:
                raise Wrong(str(error)) from None

    def ending(self, program: Block) -> tuple[int, str, str]:
        """Run the program to its end: return its status, and what it printed on stdout and on stderr."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            folder = Path(name)
            if program.language == "go":
                assert self.binary is not None
                done = start_go(self.binary, self.names[program.where]).ending()
                return done.status, done.printed.decode(), _short_go(done.errors, *program.origin)
            file = program.path
            if file is None:
                file = folder / "program.py"
                file.write_text(program.whole)
            command: list[object] = [sys.executable, file]
            if re.search(r"^(async )?def test_", program.whole, re.MULTILINE):
                plugins = ["-p", "no:cacheprovider", "-p", "gochan.pytest_plugin"]
                command[1:] = ["-m", "pytest", "-q", *plugins, file]
            done = Running(
                *command,
                folder=folder,
                # The gochan that is tested here, wherever it was imported from.
                PYTHONPATH=str(Path(gochan.__file__).parents[1]),
                PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
                # pytest shortens its summary for a reader, and not for a CI, which it knows by these.
                CI="",
                BUILD_NUMBER="",
                PYTEST_ADDOPTS="",
                PYTHONIOENCODING="utf-8",
                PYTHON_COLORS="0",
                NO_COLOR="1",
                COLUMNS="100",
            ).ending()
            return done.status, _pathless(done.printed.decode(), folder), _pathless(done.errors, folder)

    def printed(self, program: Block) -> str:
        """Return what the program prints, as its page must show it. Raise Wrong if it ends otherwise."""
        status, text, errors = self.ending(program)
        fails = program.shown is not None and program.shown.has("fails")
        if fails and status == 0:
            raise Wrong(f"{program.where}: it must fail, and does not\n{text}{errors}")
        if not fails and status != 0:
            raise Wrong(f"{program.where}: it ends with status {status}\n{text}{errors}")
        if not fails and errors:
            raise Wrong(f"{program.where}: it prints on stderr\n{text}{errors}")
        # docutils drops these too.
        return "".join(f"{line.rstrip()}\n" for line in f"{text}{errors}".strip("\n").splitlines())

    def check(self, program: Block, tries: int = TRIES) -> None:
        """Raise Wrong if the program does not print what its page shows in any of the tries."""
        for left in reversed(range(tries)):
            try:
                told = differs(program, self.printed(program))
                if told is None:
                    return
                raise Wrong(told)
            except Wrong:
                if not left:
                    raise

    def agreed(self, group: list[Block]) -> str:
        """Return what programs with one output print: what their page shows, or else the same text twice."""
        first = group[0]
        before: list[str] = []
        told = ""
        for _ in range(TRIES):
            try:
                printed = [self.printed(program) for program in group]
            except Wrong as error:
                told = str(error)
                continue
            told = "".join(f"{p.where} prints\n{text}" for p, text in zip(group, printed, strict=True))
            if all(differs(first, text) is None for text in printed):
                return printed[0]
            alike = before == printed and len(set(printed)) == 1
            if alike or (first.shown is not None and first.shown.has("varies")):
                return printed[0]
            before = printed
        raise Wrong(told)


def _pathless(text: str, folder: Path) -> str:
    for path in (folder, folder.resolve(), ROOT / "docs" / "programs", ROOT / "examples", ROOT):
        text = text.replace(f"{path}{os.sep}", "")
    return re.sub(r"[^\s\"]*[/\\]lib[/\\]python3\.\d+[/\\](site-packages[/\\])?", "", text)


def _short_go(errors: str, path: Path, first: int) -> str:
    """Return Go's report without addresses and paths, as if the program had a binary of its own."""
    errors = re.sub(r"\nmain\.main\(\)\n\ttwins/main\.go.*", "", errors)
    errors = re.sub(r"twins/b\d+\.Main\b", "main.main", errors)
    errors = re.sub(r"twins/b\d+\.", "main.", errors)
    errors = re.sub(r" \+0x[0-9a-f]+$", "", errors, flags=re.MULTILINE)
    name = path.name if path.suffix == ".go" else "main.go"
    return re.sub(
        rf"^\t\S*{re.escape(path.name)}:(\d+)",
        lambda match: f"    {name}:{int(match[1]) - first + 1}",
        errors,
        flags=re.MULTILINE,
    ).expandtabs(4)


def _comparable(text: str) -> str:
    """Return the text without what this Python and this implementation print differently."""
    if OTHER_MARKS:
        text = re.sub(r"^ +[~^]+\n", "", text, flags=re.MULTILINE)
    if OTHER_FRAMES:
        text = re.sub(r'^  File "gochan/.*, in (run|test)\n(?:    .*\n)*', "", text, flags=re.MULTILINE)
    return text


def differs(program: Block, printed: str) -> str | None:
    """Return a text that shows how the output differs from what its page shows, or None."""
    if program.shown is None:
        return None
    shown = program.shown.whole
    if _comparable(printed) == _comparable(shown):
        return None
    if program.shown.has("varies"):
        masked = [re.sub(r"\d+", "0", text) for text in (printed, shown)]
        if len(printed.splitlines()) == len(shown.splitlines()) or masked[0] == masked[1]:
            return None
    return f"{program.where}: the page shows\n{shown}\nand it prints\n{printed}"


# --- writing ------------------------------------------------------------------------------------------------


def write(block: Block, printed: str) -> None:
    """Write an output into its block. The later blocks of a page must be written first."""
    if (OTHER_MARKS or OTHER_FRAMES) and "Traceback (most recent call last):" in printed:
        raise Wrong(f"{block.where}: a traceback; write it with Python 3.13 and the C implementation")
    if block.path is not None:
        block.path.parent.mkdir(exist_ok=True)
        block.path.write_text(printed)
        return
    lines = block.page.read_text().splitlines()
    new = printed.splitlines()
    if block.page.suffix != ".md":
        directive = lines[block.line - 1]
        margin = " " * (len(directive) - len(directive.lstrip()) + 3)
        new = [""] * (block.first == block.last) + [f"{margin}{line}".rstrip() for line in new]
    lines[block.first : block.last] = new
    block.page.write_text("".join(f"{line}\n" for line in lines))


def update(wanted: list[Path]) -> int:
    """Run the programs of these pages and write their outputs; return how many of them are wrong."""
    problems: list[Wrong] = []
    with_go = toolchain() is not None
    if not with_go:
        print("no Go toolchain: Go's programs are not run")
    groups: defaultdict[Block, list[Block]] = defaultdict(list)
    for page in wanted:
        try:
            for program in programs(page):
                if with_go or program.language != "go":
                    groups[program.shown or program].append(program)
        except Wrong as problem:
            problems.append(problem)
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), [program for group in groups.values() for program in group])

        def fine(group: list[Block]) -> bool:
            try:
                for program in group:
                    bench.check(program, 1)
            except Wrong:
                return False
            return True

        with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            settled = dict(zip(groups, threads.map(fine, groups.values()), strict=True))
        # What failed beside other programs may only have been slow: it runs again alone. The last one of a
        # page goes first, since a write moves the lines behind it.
        for block, group in sorted(groups.items(), key=lambda item: -item[0].line):
            try:
                if not settled[block] and differs(group[0], printed := bench.agreed(group)) is not None:
                    write(block, printed)
                    print(f"{block.where}: written")
            except Wrong as problem:
                problems.append(problem)
    print(*problems, f"{sum(map(len, groups.values()))} programs, {len(problems)} wrong", sep="\n")
    return len(problems)


def extract(wanted: list[Path], folder: Path) -> None:
    """Write each Python program of these pages into a file in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.py"):
        old.unlink()
    for page in wanted:
        for program in programs(page):
            if program.language == "python":
                (folder / re.sub(r"\W", "_", program.where)).with_suffix(".py").write_text(program.whole)


def main() -> None:
    parser = argparse.ArgumentParser(description="Run what the docs show, and write what it prints.")
    parser.add_argument("page", nargs="*", type=Path, help="a page; all of them by default")
    parser.add_argument("--extract", metavar="FOLDER", type=Path, help="put the Python programs there")
    options = parser.parse_args()
    wanted = [page.resolve() for page in options.page] or pages()
    try:
        if options.extract is None:
            sys.exit(update(wanted) > 0)
        extract(wanted, options.extract)
    except Wrong as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
