"""The tables of "Porting Go": what Go's packages export, and where it is in gochan.

A row's left side comes from porting/go_api.csv (see go_api.py), its right side from gochan itself, by the
naming rule. What does not follow the rule stands in porting/otherwise.csv; what gochan leaves out, and
why, in left_out.csv. A name that none of them accounts for is an error: `rows` raises it, and so fails
the build of the site and the tests."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

DOCS = Path(__file__).parents[1]
ROOT = DOCS.parent

# Go's packages, and gochan's that answer to them; the order is that of the page.
PACKAGES = {
    "context": "gochan.context",
    "sync": "gochan.sync",
    "sync/atomic": "gochan.sync.atomic",
    "time": "gochan.time",
    "net": "gochan.net",
    "crypto/tls": "gochan.tls",
    "io": "gochan.io",
    "bufio": "gochan.bufio",
    "os/signal": "gochan.signal",
    "runtime": "gochan.runtime",
    "runtime/trace": "gochan.trace",
    "testing/synctest": "gochan.synctest",
    "golang.org/x/sync/errgroup": "gochan.errgroup",
    "golang.org/x/sync/semaphore": "gochan.semaphore",
    "golang.org/x/sync/singleflight": "gochan.singleflight",
    "golang.org/x/time/rate": "gochan.rate",
}
# Those of gochan's that no package of Go's answers to.
OWN = ["gochan.thread", "gochan.debug", "gochan.explore", "gochan.aio"]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


class Row(NamedTuple):
    """A line of a table."""

    package: str
    go: str  # as Go's documentation has it; empty for what Go has not
    go_names: tuple[str, ...]
    gochan: str  # the dotted name of what answers to it; empty for what is left out
    shown: str  # how to write it
    note: str


def table(name: str) -> list[dict[str, str]]:
    """Read one of the files."""
    with (DOCS / name).open(newline="") as file:
        return list(csv.DictReader(file))


def snake(name: str) -> str:
    """Spell a Go name as PEP 8 has functions."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return words + "_" if words in ("and", "or") else words


@cache
def source(module: str) -> dict[str, Definition]:
    """Return the classes and functions that a module defines, and the classes' methods, from its source."""
    place = Path(*module.split("."))
    path = next(p for p in (ROOT / place.with_suffix(".py"), ROOT / place / "__init__.py") if p.exists())
    found: dict[str, Definition] = {}
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, Definition):
            found[node.name] = node
        if isinstance(node, ast.ClassDef):
            found.update({f"{node.name}.{n.name}": n for n in node.body if isinstance(n, Function)})
    return found


@cache
def engine_module(name: str) -> str | None:
    """Return the module of the engine that defines a name, in Python.

    To its users, what the engine defines is in a public module, whichever implementation runs.
    """
    for folder in ("gochan._engine.py", "gochan._engine"):
        paths = sorted(ROOT.joinpath(*folder.split(".")).glob("[!_]*.py"))
        found = [module for path in paths if name in source(module := f"{folder}.{path.stem}")]
        if len(found) > 1:
            raise LookupError(f"{name} is defined in {' and '.join(found)}")
        if found:
            return found[0]
    return None


def parts(module: str) -> list[str]:
    """Name the modules inside a package: what they define is public in the package.

    Private ones first: a package that has such keeps its public names there, and commands in the others.
    """
    folder = ROOT.joinpath(*module.split("."))
    paths = [*sorted(folder.glob("_[!_]*.py")), *sorted(folder.glob("[!_]*.py"))]
    return [f"{module}.{path.stem}" for path in paths]


def home(thing: object, name: str) -> str | None:
    """Return the module whose source defines a thing of gochan's; None if none does."""
    module: str = getattr(thing, "__module__", None) or ""
    if module.partition(".")[0] != "gochan":
        return None
    if not module.startswith("gochan._engine._c"):
        for where in (module, *parts(module)):
            if name in source(where):
                return where
    return engine_module(name)


def definition(module: ModuleType, name: str) -> Definition | None:
    """Find where a public name is defined; None if it is not a class or function of gochan's."""
    owner, _, last = name.rpartition(".")
    thing = getattr(module, owner or name, None)
    if not owner:
        where = home(thing, name)
        return source(where).get(name) if where is not None else None
    for where, cls in _classes(thing):
        found = source(where).get(f"{cls.name}.{last}")
        if found is not None:
            return found
    return None


def _classes(thing: object) -> Iterator[tuple[str, ast.ClassDef]]:
    """List a class and its bases, as far as they are gochan's, by their sources.

    A class in C has no base that it shares with others; its source in Python may have one.
    """
    for base in getattr(thing, "__mro__", ()):
        where = home(base, base.__name__)
        if where is not None:
            node = source(where)[base.__name__]
            assert isinstance(node, ast.ClassDef)
            yield where, node
            for name in [expression.id for expression in node.bases if isinstance(expression, ast.Name)]:
                inner = source(where).get(name)
                if isinstance(inner, ast.ClassDef):
                    yield where, inner


def members(module: ModuleType) -> Iterator[str]:
    """Name what a module makes public: its names, and those of its classes' members that are gochan's
    own."""
    for name in module.__all__:
        yield name
        thing = getattr(module, name)
        if isinstance(thing, type):
            own: dict[str, None] = {}
            for _, node in _classes(thing):
                own.update(dict.fromkeys(_members(node)))
            yield from (f"{name}.{member}" for member in own if not member.startswith("_"))


def _members(node: ast.ClassDef) -> Iterator[str]:
    """Name the methods and attributes of a class, those that __init__ sets too."""
    for part in node.body:
        if isinstance(part, Function):
            yield part.name
            if part.name == "__init__":
                yield from (
                    target.attr
                    for target in ast.walk(part)
                    if isinstance(target, ast.Attribute) and isinstance(target.ctx, ast.Store)
                )
        elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            yield part.target.id


def answer(name: str, public: set[str]) -> str | None:
    """Find the public name that a Go name, `Timer` or `Timer.Stop`, has by the naming rule."""
    owner, _, last = name.rpartition(".")
    spellings = (last, snake(last), snake(last).upper(), last.lower())
    return next((found for s in spellings if (found := f"{owner}.{s}" if owner else s) in public), None)


def written(module: ModuleType, name: str) -> str:
    """Tell how a name is used: `time.after(d)`, `timer.stop()`, `time.SECOND`."""
    owner, _, last = name.rpartition(".")
    package = module.__name__.rpartition(".")[2]
    prefix = f"{_instance(owner)}." if owner else f"{package}."
    node = definition(module, name)
    if isinstance(node, ast.ClassDef):
        init = definition(module, f"{name}.__init__")
        node = init if _made_by_caller(getattr(module, name)) else None
    if node is None or any(isinstance(d, ast.Name) and d.id == "property" for d in node.decorator_list):
        return f"{prefix}{last}"
    assert isinstance(node, Function)
    return f"{prefix}{last}({_parameters(node)})"


def _made_by_caller(thing: type) -> bool:
    if getattr(thing, "_is_protocol", False) or issubclass(thing, BaseException):
        return False
    return thing.__name__ not in ("Listener", "Reservation", "Result", "Ticker", "Time", "Timer")


def _instance(owner: str) -> str:
    known = {
        "WaitGroup": "wg", "Context": "ctx", "Mutex": "mu", "RWMutex": "mu", "Group": "g", "Weighted": "sem",
        "Map": "m", "Bool": "flag", "Int32": "n", "Int64": "n", "Uint32": "n", "Uint64": "n", "Pointer": "p",
        "Value": "v", "Time": "t", "Locker": "l",
        "PacketConn": "conn", "TCPConn": "conn", "UDPConn": "conn", "UnixConn": "conn",
        "TCPAddr": "addr", "UDPAddr": "addr", "UnixAddr": "addr",
        "AddrError": "err", "DNSError": "err", "OpError": "err", "UnknownNetworkError": "err",
    }  # fmt: skip
    return known.get(owner, snake(owner))


def _parameters(node: Function) -> str:
    """Write the parameters without their types."""
    bare = ast.parse(ast.unparse(node.args).join(("def f(", "): pass"))).body[0]
    assert isinstance(bare, ast.FunctionDef)
    arguments = bare.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg]
    every.append(arguments.kwarg)
    for argument in filter(None, every):
        argument.annotation = None
    text = ast.unparse(arguments).replace("self, /", "").removeprefix("self")
    return ", ".join(part for part in text.split(", ") if part not in ("", "/"))


def summary(module: ModuleType, name: str) -> str:
    """Tell in one sentence what a name is, from its docstring, without the name that Go has for it."""
    node = definition(module, name)
    doc = ast.get_docstring(node) if node is not None else None
    if not doc:
        return ""
    first = re.split(r"(?<=[.])\s|\n\n", doc.replace("\n", " "), maxsplit=1)[0]
    return re.sub(r"[:,;] (as )?Go's [^:]+$|: Go's .*$", ".", first.strip()).strip()


def left_out(package: str) -> dict[str, dict[str, str]]:
    """Map the patterns of what is left out of a package to their rows."""
    rows = [row for row in table("left_out.csv") if row["go_package"] == package]
    return {pattern: row for row in rows for pattern in row["go_names"].split()}


def rows(package: str) -> list[Row]:
    """Make the rows of one of Go's packages; raises LookupError for a name that nothing accounts for."""
    module = import_module(PACKAGES[package])
    public = set(members(module))
    last = package.rpartition("/")[2]
    apart = {
        name: row
        for row in table("porting/otherwise.csv")
        if row["go_package"] == package
        for name in row["go_name"].split()
    }
    patterns = left_out(package)
    found: list[Row] = []
    gone: dict[str, list[str]] = {}
    used: set[str] = set()
    names = [row for row in table("porting/go_api.csv") if row["package"] == package]
    for row in sorted(names, key=_place):
        name, signature = row["name"], row["signature"]
        owner, _, _ = name.rpartition(".")
        go = f"{last}.{signature}" if not owner and row["kind"] == "func" else _go(last, row)
        pattern = next((p for p in patterns if fnmatchcase(owner or row["group"] or name, p)), None)
        if name in apart:
            other = apart.pop(name)
            used.update(other["gochan"].split())
            names_here = tuple(other["go_name"].split())
            if name == names_here[0]:
                go = go if len(names_here) == 1 else _several(last, names_here)
                found.append(Row(package, go, names_here, other["gochan"], other["shown"], other["note"]))
        elif pattern is not None:
            gone.setdefault(pattern, []).append(name)
        elif (ours := answer(name, public)) is not None:
            used.add(ours)
            found.append(Row(package, go, (name,), ours, written(module, ours), summary(module, ours)))
        else:
            raise LookupError(f"{package}: no row for {name}: neither here nor said to be left out")
    if apart:
        raise LookupError(f"{package}: otherwise.csv names {', '.join(apart)}, which Go does not export")
    for row in table("porting/otherwise.csv"):
        if row["go_package"] == PACKAGES[package]:
            used.update(row["gochan"].split())
            found.append(Row(package, row["go_name"], (), row["gochan"], row["shown"], row["note"]))
    if public - used:
        raise LookupError(f"{PACKAGES[package]}: no row for {', '.join(sorted(public - used))}")
    if used - public:
        raise LookupError(f"{PACKAGES[package]}: otherwise.csv names {', '.join(sorted(used - public))}")
    done = []
    for row in patterns.values():
        if row not in done:
            done.append(row)
            names_of = [n for p in row["go_names"].split() for n in gone.get(p, ()) if "." not in n]
            every = tuple(n for p in row["go_names"].split() for n in gone.get(p, ()))
            shown = ", ".join(f"{last}.{n}" for n in names_of)
            instead = f" In its place: {row['python']}." if row["python"] else ""
            found.append(Row(package, shown, every, "", "", f"{row['reason']}{instead}"))
    return found


def _place(row: dict[str, str]) -> tuple[int, str, int]:
    """Functions first, then each type with its members, then constants and variables."""
    owner, _, _ = row["name"].rpartition(".")
    if row["kind"] == "func":
        return 0, row["name"], 0
    if row["kind"] == "type" or owner:
        return 1, owner or row["name"], 0 if not owner else 1
    return 2, row["group"], 0


def _go(package: str, row: dict[str, str]) -> str:
    owner, _, last = row["name"].rpartition(".")
    if owner:
        return f"({owner}) {row['signature']}"
    return f"{package}.{last}"


def _several(package: str, names: tuple[str, ...]) -> str:
    owner = names[0].rpartition(".")[0]
    lasts = ", ".join(name.rpartition(".")[2] for name in names)
    return f"({owner}) {lasts}" if owner else ", ".join(f"{package}.{name}" for name in names)


def own_rows(module_name: str) -> list[Row]:
    """Make the rows of a package that only gochan has."""
    module = import_module(module_name)
    return [
        Row("", "", (), name, written(module, name), summary(module, name))
        for name in members(module)
        if "." not in name
    ]
