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
  tabs of one `tab-set` share the block behind the set, byte for byte, unless they have one each in their tab.
- `:class: fails` on it: the program must fail, and what it prints on stderr follows, unchanged except that a
  path is shortened to the file's name. Only Python 3.13 or later with the C implementation writes tracebacks.
- `:class: varies` on it: the digits differ from run to run, or the lines do but not their number.
- `.. literalinclude:: /../examples/x.py`, whole or in part, is a program too. What it prints is the next
  block, or `.. literalinclude:: /outputs/x.txt` anywhere behind it on the page, a file that this writes.
- The tests run `pycon` as doctests, and check that the files and targets in `console` commands exist.
- Programs that a page shows in parts are files in docs/programs.
- In README.md a Go program and a Python program that follow each other share the block of `text` behind them.

Invariant: the reader goes by lines and never guesses. A block that it does not understand is an error.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

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

# The pages have the tracebacks of Python 3.13 and the C implementation. Earlier Pythons mark other parts of a
# line, and the Python implementation shows the frame of `run` itself.
OTHER_MARKS = sys.version_info < (3, 13)
OTHER_FRAMES = not runtime.COMPILED

DIRECTIVE = re.compile(
    r"^(?P<indent> *)\.\. (?P<name>code-block|literalinclude|tab-set|tab-item)::(?P<rest>.*)$"
)
OPTION = re.compile(r"^ +:(?P<name>[\w-]+):(?P<value>.*)$")
FENCE = re.compile(r"^```(?P<language>\w*)$")


@dataclass(eq=False)
class Block:
    """A block of a page. Its text is on the lines from `first` to before `last`, counted from 0."""

    page: Path
    line: int
    language: str
    text: str
    first: int
    last: int
    indent: int = 0
    options: dict[str, str] = field(default_factory=dict)
    # What a literalinclude shows.
    path: Path | None = None
    # The lines of the tab-set and of the tab-item around it.
    tabs: int | None = None
    tab: int | None = None

    @property
    def where(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    def has(self, name: str) -> bool:
        return name in self.options.get("class", "").split()

    @property
    def output(self) -> str:
        """The text that it shows, if it is an output."""
        if self.path is None:
            return self.text
        return self.path.read_text() if self.path.exists() else ""


@dataclass(eq=False)
class Program:
    """A program, and the block that shows what it prints, or None."""

    block: Block
    shown: Block | None = None

    @property
    def where(self) -> str:
        return self.block.where

    @property
    def text(self) -> str:
        return self.block.text if self.block.path is None else self.block.path.read_text()


@dataclass
class Ending:
    printed: str
    status: int
    errors: str


class Wrong(Exception):
    """What a page shows is wrong, or cannot be read."""


def pages() -> list[Path]:
    """Return all pages, README.md first."""
    found = (page for page in DOCS.rglob("*.rst") if "_build" not in page.parts)
    return [ROOT / "README.md", *sorted(found)]


# --- reading ------------------------------------------------------------------------------------------------


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page, in order."""
    text = page.read_text()
    if page.suffix == ".md":
        return list(_markdown(page, text.splitlines()))
    if "\t" in text:
        line = text[: text.index("\t")].count("\n") + 1
        raise Wrong(f"{page.relative_to(ROOT)}:{line}: a tab; in a page indent Go by four spaces")
    return list(_rest(page, text.splitlines()))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _markdown(page: Path, lines: list[str]) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        opened = FENCE.match(lines[at])
        at += 1
        if opened:
            first = at
            while lines[at] != "```":
                at += 1
            text = "".join(f"{line}\n" for line in lines[first:at])
            # A bare fence there is for a shell.
            yield Block(page, first, opened["language"] or "console", text, first, at)
            at += 1


def _rest(page: Path, lines: list[str]) -> Iterator[Block]:
    around: list[tuple[int, str, int]] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.strip():
            continue
        while around and _indent(line) <= around[-1][0]:
            around.pop()
        found = DIRECTIVE.match(line)
        if not found:
            continue
        number, indent, name, rest = at, len(found["indent"]), found["name"], found["rest"].strip()
        if name.startswith("tab-"):
            around.append((indent, name, number))
            continue
        options = {}
        while at < len(lines) and _indent(lines[at]) > indent and (option := OPTION.match(lines[at])):
            options[option["name"]] = option["value"].strip()
            at += 1
        tabs = next((line for _, kind, line in reversed(around) if kind == "tab-set"), None)
        tab = next((line for _, kind, line in reversed(around) if kind == "tab-item"), None)
        block = Block(page, number, rest, "", at, at, indent, options, None, tabs, tab)
        if name == "literalinclude":
            base = DOCS if rest.startswith("/") else page.parent
            block.path = Path(os.path.normpath(base / rest.lstrip("/")))
            suffixes = {".py": "python", ".go": "go", ".txt": "text"}
            block.language = options.get("language") or suffixes.get(block.path.suffix, "none")
            yield block
            continue
        first = at
        while at < len(lines) and (not lines[at].strip() or _indent(lines[at]) > indent):
            at += 1
        block.last = at
        while block.last > first and not lines[block.last - 1].strip():
            block.last -= 1
        block.first = first
        while block.first < block.last and not lines[block.first].strip():
            block.first += 1
        # Not deeper than the writer's own margin, so that a text may begin with spaces.
        margins = (_indent(line) for line in lines[block.first : block.last] if line.strip())
        inner = min(margins, default=0)
        if block.language == "text":
            inner = min(inner, indent + 3)
        block.text = "".join(f"{line[inner:].rstrip()}\n" for line in lines[block.first : block.last])
        yield block


def programs(page: Path) -> list[Program]:
    """Return the programs of a page, in order, each with the output that the page shows."""
    found: list[Program] = []
    waiting: list[Program] = []
    for block in blocks(page):
        if block.language == "text":
            if block.path is not None:
                if block.path.parent != DOCS / "outputs":
                    raise Wrong(f"{block.where}: {block.path} is not in docs/outputs")
                printers = [p for p in found if p.block.path and p.block.path.stem == block.path.stem]
            else:
                tab = block.tab
                printers = [p for p in waiting if tab is None or p.block.tab == tab]
            if not printers:
                raise Wrong(f"{block.where}: an output with no program before it")
            for printer in printers:
                printer.shown = block
            waiting = [program for program in waiting if program not in printers]
        elif block.language in RUN:
            if waiting and not _beside(waiting[-1].block, block):
                waiting.clear()
            # TOLD is for real programs, shown whole or in part, that a page's output cannot be of.
            if block.path is not None and block.path.name in TOLD:
                continue
            waiting.append(Program(block))
            found.append(waiting[-1])
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
    return one.tabs is not None and one.tabs == other.tabs and one.tab != other.tab


# --- running ------------------------------------------------------------------------------------------------


class Bench:
    """Where programs run: a folder, and the Go programs, built."""

    def __init__(self, folder: Path, wanted: Iterable[Program]) -> None:
        self.folder = folder
        self.names: dict[str, str] = {}
        self.binary: Path | None = None
        self.go = toolchain()
        sources = {}
        for program in wanted:
            if program.block.language == "go":
                where = f"{program.block.path or program.block.page}"
                line = 1 if program.block.path else program.block.first + 1
                name = self.names[program.where] = f"b{len(self.names)}"
                sources[name] = f"{where}:{line}", program.text
        if self.go is not None and sources:
            (folder / "go").mkdir()
            try:
                self.binary = build(self.go, folder / "go", sources)
            except AssertionError as error:
                raise Wrong(str(error)) from None

    def ending(self, program: Program) -> Ending:
        """Run the program to its end."""
        block = program.block
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            folder = Path(name)
            if block.language == "go":
                assert self.binary is not None
                running = start_go(self.binary, self.names[program.where])
            else:
                file = block.path
                if file is None:
                    file = folder / "program.py"
                    file.write_text(block.text)
                command: list[object] = [sys.executable, file]
                if re.search(r"^(async )?def test_", program.text, re.MULTILINE):
                    plugins = ["-p", "no:cacheprovider", "-p", "gochan.pytest_plugin"]
                    command[1:] = ["-m", "pytest", "-q", *plugins, file]
                running = Running(
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
                )
            done = running.ending()
            out = done.printed.decode()
            if block.language == "go":
                first = 1 if block.path else block.first + 1
                return Ending(out, done.status, _short_go(done.errors, block.path or block.page, first))
            return Ending(_pathless(out, folder), done.status, _pathless(done.errors, folder))

    def printed(self, program: Program) -> str:
        """Return what the program prints, as its page must show it. Raise Wrong if it ends otherwise."""
        ending = self.ending(program)
        fails = program.shown is not None and program.shown.has("fails")
        said = f"\n{ending.printed}{ending.errors}"
        if fails and ending.status == 0:
            raise Wrong(f"{program.where}: it must fail, and does not{said}")
        if not fails and ending.status != 0:
            raise Wrong(f"{program.where}: it ends with status {ending.status}{said}")
        if not fails and ending.errors:
            raise Wrong(f"{program.where}: it prints on stderr{said}")
        text = ending.printed + ending.errors if fails else ending.printed
        # docutils drops these too.
        return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())

    def check(self, program: Program, tries: int = TRIES) -> None:
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


def differs(program: Program, printed: str) -> str | None:
    """Return a text that shows how the output differs from what its page shows, or None."""
    shown = program.shown
    if shown is None or printed == shown.output:
        return None
    if _comparable(printed) == _comparable(shown.output):
        return None
    if shown.has("varies"):
        if len(printed.splitlines()) == len(shown.output.splitlines()):
            return None
        masked = [re.sub(r"\d+", "0", text) for text in (printed, shown.output)]
        if masked[0] == masked[1]:
            return None
    return f"{program.where}: the page shows\n{shown.output}\nand it prints\n{printed}"


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
    margin = " " * (block.indent + 3)
    new = [f"{margin}{line}".rstrip() for line in printed.splitlines()]
    if block.page.suffix == ".md":
        new = printed.splitlines()
    elif block.first == block.last:
        new = ["", *new]
    lines[block.first : block.last] = new
    block.page.write_text("".join(f"{line}\n" for line in lines))


def update(wanted: list[Path]) -> int:
    """Run the programs of these pages and write their outputs; return how many of them are wrong."""
    wrong = 0
    shown: list[Program] = []
    for page in wanted:
        try:
            shown += programs(page)
        except Wrong as error:
            print(error)
            wrong += 1
    with tempfile.TemporaryDirectory() as name:
        try:
            bench = Bench(Path(name), shown)
        except Wrong as error:
            print(error)
            return wrong + 1
        if bench.go is None:
            print("no Go toolchain: Go's programs are not run")
            shown = [program for program in shown if program.block.language != "go"]

        def run(program: Program) -> str | Wrong:
            try:
                return bench.printed(program)
            except Wrong as error:
                return error

        with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            endings = dict(zip(shown, threads.map(run, shown), strict=True))
        groups: dict[Block, list[Program]] = {}
        for program in shown:
            groups.setdefault(program.shown or program.block, []).append(program)
        # From the last one of a page, since a write moves the lines behind it.
        for block, group in sorted(groups.items(), key=lambda item: -item[0].line):
            results = [endings[program] for program in group]
            fine = settled(group, results)
            for _ in range(TRIES):
                if fine:
                    break
                # What is new, or wrong, may be so only since others ran beside it: seen twice, it is true.
                before, results = results, [run(program) for program in group]
                fine = settled(group, results) or (before == results and len(set(results)) == 1)
            for program, result in zip(group, results, strict=True):
                if isinstance(result, Wrong):
                    print(result)
                elif result != results[0] and not block.has("varies"):
                    print(f"{program.where} prints\n{result}\nand the program beside it\n{results[0]}")
                else:
                    continue
                wrong += 1
                break
            else:
                if differs(group[0], str(results[0])) is not None:
                    try:
                        write(block, str(results[0]))
                        print(f"{block.where}: written")
                    except Wrong as error:
                        print(error)
                        wrong += 1
    print(f"{len(shown)} programs, {wrong} wrong")
    return wrong


def settled(group: list[Program], results: list[str | Wrong]) -> bool:
    """Return whether all programs that share an output print what it shows."""
    pairs = zip(group, results, strict=True)
    return all(isinstance(result, str) and differs(program, result) is None for program, result in pairs)


def extract(wanted: list[Path], folder: Path) -> None:
    """Write each Python program of these pages into a file in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.py"):
        old.unlink()
    for page in wanted:
        for program in programs(page):
            if program.block.language == "python":
                (folder / re.sub(r"\W", "_", program.where)).with_suffix(".py").write_text(program.text)


def main() -> None:
    parser = argparse.ArgumentParser(description="Run what the docs show, and write what it prints.")
    parser.add_argument("page", nargs="*", type=Path, help="a page; all of them by default")
    parser.add_argument("--extract", metavar="FOLDER", type=Path, help="put the Python programs there")
    options = parser.parse_args()
    wanted = [page.resolve() for page in options.page] or pages()
    if options.extract is None:
        sys.exit(update(wanted) > 0)
    extract(wanted, options.extract)


if __name__ == "__main__":
    main()
