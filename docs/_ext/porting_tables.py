"""The tables of "Porting Go": what Go's packages export, and where it is in gochan.

A row's left side comes from porting/go_api.csv (see go_api.py), its right side from gochan itself, by the
naming rule. Exceptions from the rule are in porting/otherwise.csv; what gochan leaves out, and why, in
left_out.csv. For a name that is in none of these, `rows` raises an error, and so the build of the site and
the tests fail.

Sphinx's own `csv-table` can only show a file as it is. A file with all of these rows would repeat the
signatures and docstrings of gochan, and nothing would notice a name that is missing.
"""

from __future__ import annotations

import csv
import inspect
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from pathlib import Path
from types import GetSetDescriptorType, ModuleType
from typing import Any, NamedTuple

DOCS = Path(__file__).parents[1]

# Go's packages, and gochan's counterparts, in the order of the page.
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
# The packages that only gochan has.
OWN = ["gochan.thread", "gochan.debug", "gochan.explore", "gochan.aio"]
# In the C implementation of the engine, a property is a getset descriptor.
PROPERTIES = (property, GetSetDescriptorType)


class Row(NamedTuple):
    """A line of a table."""

    package: str
    go: str  # as in Go's documentation; empty if only gochan has it
    go_names: tuple[str, ...]
    gochan: str  # the dotted name of the counterpart; empty if it is left out
    shown: str  # how to write it
    note: str


@cache
def read(name: str) -> list[dict[str, str]]:
    """Read one of the CSV files."""
    with (DOCS / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def snake(name: str) -> str:
    """Spell a Go name as PEP 8 spells functions."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return words + "_" if words in ("and", "or") else words


def definition(module: ModuleType, name: str) -> Any:
    """Return gochan's class, function, method or property of a public name, or None for anything else."""
    owner, _, last = name.rpartition(".")
    thing = inspect.getattr_static(getattr(module, owner) if owner else module, last, None)
    ours = (getattr(thing, "__module__", None) or "gochan").startswith("gochan")
    known = inspect.isclass(thing) or inspect.isroutine(thing) or isinstance(thing, PROPERTIES)
    return thing if ours and known else None


def members(module: ModuleType) -> Iterator[str]:
    """Yield a module's public names, and those of its classes' members that gochan itself defines."""
    for name in module.__all__:
        yield name
        bases = getattr(getattr(module, name), "__mro__", ())
        own: dict[str, None] = {}
        for base in (base for base in bases if base.__module__.startswith("gochan")):
            own |= dict.fromkeys([*vars(base), *vars(base).get("__annotations__", ())])
            if inspect.isfunction(init := vars(base).get("__init__")):
                # For a class without __slots__: the attributes that __init__ sets.
                own |= dict.fromkeys(re.findall(r"^ +self\.(\w+)(?:: .*)? = ", inspect.getsource(init), re.M))
        yield from (f"{name}.{member}" for member in own if not member.startswith("_"))


def answer(name: str, public: set[str]) -> str | None:
    """Return the public name of a Go name, such as `Timer` or `Timer.Stop`, by the naming rule."""
    owner, _, last = name.rpartition(".")
    spellings = (last, snake(last), snake(last).upper(), last.lower())
    return next((found for s in spellings if (found := f"{owner}.{s}" if owner else s) in public), None)


def written(module: ModuleType, name: str) -> str:
    """Show how a name is used: `time.after(d)`, `timer.stop()`, `time.SECOND`."""
    owner, _, last = name.rpartition(".")
    prefix = _instance(owner) if owner else module.__name__.rpartition(".")[2]
    thing = definition(module, name)
    if thing is None or isinstance(thing, PROPERTIES) or not _called(thing):
        return f"{prefix}.{last}"
    signature = inspect.signature(getattr(thing, "__func__", thing))
    bare = [parameter.replace(annotation=parameter.empty) for parameter in signature.parameters.values()]
    shown = str(signature.replace(parameters=bare, return_annotation=signature.empty))
    parameters = [part for part in shown[1:-1].split(", ") if part not in ("self", "/", "")]
    return f"{prefix}.{last}({', '.join(parameters)})"


def _called(thing: Any) -> bool:
    """Return whether users call it: a function, or a class whose objects are not made only by gochan."""
    if not inspect.isclass(thing):
        return True
    if getattr(thing, "_is_protocol", False) or issubclass(thing, BaseException):
        return False
    others = ("ConnectionState", "Listener", "Reservation", "Result", "Ticker", "Time", "Timer")
    return not thing.__name__.endswith(("Conn", *others))


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


def summary(module: ModuleType, name: str) -> str:
    """Return the first sentence of a name's docstring, without the mention of its counterpart in Go."""
    doc = inspect.cleandoc(getattr(definition(module, name), "__doc__", None) or "")
    first = re.split(r"(?<=[.])\s|\n\n", doc.replace("\n", " "), maxsplit=1)[0]
    return re.sub(r"[:,;] (as )?Go's [^:]+$|: (Go's|see) .*$", ".", first.strip()).strip()


def left_out(package: str) -> dict[str, dict[str, str]]:
    """Map the patterns of the names that are left out of a package to their rows."""
    rows = [row for row in read("left_out.csv") if row["go_package"] == package]
    return {pattern: row for row in rows for pattern in row["go_names"].split()}


def gone(package: str) -> dict[str, list[str]]:
    """Map the patterns of the names that are left out of a package to the names that match."""
    here = {name for row in _otherwise(package) for name in row["go_name"].split()}
    patterns = left_out(package)
    found: dict[str, list[str]] = {}
    for row in exported(package):
        # A member is left out with its type, and a constant with its group.
        asked = row["name"].rpartition(".")[0] or row["group"] or row["name"]
        matching = (pattern for pattern in patterns if fnmatchcase(asked, pattern))
        if row["name"] not in here and (pattern := next(matching, None)):
            found.setdefault(pattern, []).append(row["name"])
    return found


def exported(package: str) -> list[dict[str, str]]:
    """List what a Go package exports: functions, each type with its members, constants and variables."""

    def place(row: dict[str, str]) -> tuple[int, str, bool]:
        owner = row["name"].rpartition(".")[0]
        if row["kind"] == "func":
            return 0, row["name"], False
        if row["kind"] == "type" or owner:
            return 1, owner or row["name"], bool(owner)
        return 2, row["group"], False

    return sorted((row for row in read("porting/go_api.csv") if row["package"] == package), key=place)


def _otherwise(package: str) -> list[dict[str, str]]:
    return [row for row in read("porting/otherwise.csv") if row["go_package"] == package]


def rows(package: str) -> list[Row]:
    """Make the rows of a Go package. Raises LookupError for a name without a row."""
    module = import_module(PACKAGES[package])
    public = set(members(module))
    apart = {name: row for row in _otherwise(package) for name in row["go_name"].split()}
    absent = gone(package)
    left = {name for names in absent.values() for name in names}
    found: list[Row] = []
    for row in exported(package):
        name = row["name"]
        if (other := apart.pop(name, None)) is not None:
            names = tuple(other["go_name"].split())
            if name == names[0]:
                shown = _go(package, row, names)
                found.append(Row(package, shown, names, other["gochan"], other["shown"], other["note"]))
        elif (ours := answer(name, public)) is not None and name not in left:
            shown = _go(package, row, (name,))
            found.append(Row(package, shown, (name,), ours, written(module, ours), summary(module, ours)))
        elif name not in left:
            raise LookupError(f"{package}: no row for {name}: neither here nor said to be left out")
    if apart:
        raise LookupError(f"{package}: otherwise.csv names {', '.join(apart)}, which Go does not export")
    found += [
        Row(package, row["go_name"], (), row["gochan"], row["shown"], row["note"])
        for row in _otherwise(PACKAGES[package])
    ]
    used = {ours for row in found for ours in row.gochan.split()}
    if public - used:
        raise LookupError(f"{PACKAGES[package]}: no row for {', '.join(sorted(public - used))}")
    if used - public:
        raise LookupError(f"{PACKAGES[package]}: otherwise.csv names {', '.join(sorted(used - public))}")
    for row in (row for row in read("left_out.csv") if row["go_package"] == package):
        every = tuple(name for pattern in row["go_names"].split() for name in absent.get(pattern, ()))
        shown = ", ".join(f"{package.rpartition('/')[2]}.{name}" for name in every if "." not in name)
        instead = f" Instead: {row['python']}." if row["python"] else ""
        found.append(Row(package, shown, every, "", "", f"{row['reason']}{instead}"))
    return found


def _go(package: str, row: dict[str, str], names: tuple[str, ...]) -> str:
    """Show a name with its signature, or the names of a row that has several."""
    package = package.rpartition("/")[2]
    owner, _, last = row["name"].rpartition(".")
    if len(names) > 1:
        lasts = [name.rpartition(".")[2] for name in names]
        return f"({owner}) {', '.join(lasts)}" if owner else ", ".join(f"{package}.{name}" for name in names)
    if owner:
        return f"({owner}) {row['signature']}"
    return f"{package}.{row['signature'] if row['kind'] == 'func' else last}"


def own_rows(module_name: str) -> list[Row]:
    """Make the rows of a package that only gochan has."""
    module = import_module(module_name)
    return [
        Row("", "", (), name, written(module, name), summary(module, name))
        for name in members(module)
        if "." not in name
    ]
