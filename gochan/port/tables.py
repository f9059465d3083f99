"""What Go's packages become in Python: the loader of idioms.toml.

`lookup("strings.Contains")` returns an `Idiom` (a Python expression that is equal to the call), a `Member` (a
name in a module of `gochan.port.lib` or of gochan), or a `Refusal` with the message to show.  Names are Go's:
the import path, the object, and for a method or field its name: "math/rand.Rand.Intn".
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from keyword import iskeyword
from typing import Any, Final

__all__ = [
    "PRECEDENCE",
    "Idiom",
    "Member",
    "Package",
    "Refusal",
    "Tables",
    "check_regexp",
    "lookup",
    "lookup_package",
    "snake",
]

# Python's precedence, from the loosest to the tightest.
PRECEDENCE: Final = (
    "lambda",
    "conditional",
    "bool_or",
    "bool_and",
    "not",
    "comparison",
    "or",
    "xor",
    "and",
    "shift",
    "add",
    "mul",
    "unary",
    "power",
    "await",
    "atom",
)


@dataclass(frozen=True)
class Member:
    """A name in a Python module that answers to Go's name.

    `name` is dotted for a method or field: "Builder.write_string".  If `raises`, the module is one of
    gochan's, whose functions raise what Go returns as an error.
    """

    module: str
    name: str
    raises: bool = False


@dataclass(frozen=True)
class Idiom:
    """A Python expression that is equal to the Go call or constant.

    `expr` has {0}, {1} ... for the arguments; for a method, {0} is the receiver.  `prec` is the precedence of
    the whole, `arg_prec[i]` the loosest precedence that argument i may have without parentheses.  `imports`
    are modules that the expression needs.  `when` are conditions, all of which must hold; if one doesn't, or
    if the function is used as a value, use `member`:

    - "const:1": argument 1 is a constant, "nonempty:1": it is one that is not the empty string or a slice
      that is known to have elements, "equals:1:10": it is the constant 10;
    - "utf8:1": argument 1, a string or a slice of strings, is known to be whole characters: a constant, or
      anything in a program that does not slice or index strings, convert bytes to strings, or read input;
    - "nonnegative:1": argument 1 is known not to be negative;
    - "plain:1": argument 1, or its elements, are of a type whose values compare in Python as in Go: integers,
      or booleans, or strings that are whole characters, but not floats (NaN) or interfaces;
    - "list:0": argument 0 is a list, "list": the result may be one;
    - "range": the call is what a `for` statement ranges over, whose body does not change the map.
    """

    expr: str
    prec: str
    arg_prec: tuple[str, ...]
    imports: tuple[str, ...]
    when: tuple[str, ...]
    member: Member | None


@dataclass(frozen=True)
class Refusal:
    """What has no translation; the message says why, and what does the job."""

    message: str


@dataclass(frozen=True)
class Package:
    """The module that answers to a Go package; see `Member.raises`."""

    module: str
    raises: bool = False


# Words that the rule for PEP 8 would split.
_WHOLE: Final = {"NaN": "Nan", "IPv": "Ipv", "IDs": "Ids", "URLs": "Urls", "OKs": "Oks"}


@cache
def snake(name: str) -> str:
    """Return a Go name in PEP 8's spelling of functions and variables: `ParseInt` is `parse_int`.

    A keyword of Python's gets an underscore behind it.
    """
    for go, whole in _WHOLE.items():
        name = name.replace(go, whole)
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    return words + "_" if iskeyword(words) else words


def _spellings(name: str) -> tuple[str, ...]:
    """Return what a Go name may be called in a module, in the order in which to try."""
    words = snake(name)
    # gochan's own modules don't split what follows a capital: try_rlock.
    short = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return words, words.rstrip("_").upper(), name, short, short.upper(), name.upper(), name.lower()


# Methods may be written as Go's documentation does: (*sync.WaitGroup).Add.
_PUNCTUATION: Final = str.maketrans("", "", "(*)")


class Tables:
    """The tables, with the rows that a user added.

    `extra` maps Go names to dotted Python names ("example.com/geo.Distance" to
    "geopy.distance.great_circle"). `modules` gives a Go package another module ("time" to "gochan.time").
    """

    def __init__(
        self, extra: Mapping[str, str] | None = None, modules: Mapping[str, str] | None = None
    ) -> None:
        table = tomllib.loads(files(__package__).joinpath("idioms.toml").read_text(encoding="utf-8"))
        self._modules: dict[str, str] = table["packages"] | dict(modules or {})
        self._idioms: dict[str, Any] = table["idioms"]
        self._refusals: dict[str, str] = table["refusals"]
        self._aliases: dict[str, str] = table["aliases"]
        self._only: dict[str, str] = table["only"]
        self._extra = table["names"] | dict(extra or {})

    def lookup_package(self, path: str) -> Package | Refusal:
        """Return the module for a Go package, or why there is none."""
        if path in self._modules:
            module = self._modules[path]
            return Package(module, raises=not module.startswith("gochan.port.lib."))
        if any(name.rpartition(".")[0] == path for name in self._extra):
            return Package("")
        return Refusal(f"package {path} has no counterpart{self._advice(path)}")

    def lookup(self, name: str) -> Idiom | Member | Refusal:
        """Return what answers to a Go name: an import path, an object and maybe a method or field."""
        name = name.translate(_PUNCTUATION)
        if name in self._extra:
            module, _, attribute = self._extra[name].rpartition(".")
            return Member(module, attribute)
        path, owner = split(name)
        alias = self._aliases.get(f"{path}.{owner[0]}") if owner else None
        if alias is not None:
            return self.lookup(".".join([alias, *owner[1:]]))
        if not owner or not owner[0].startswith(self._only.get(path, "")):
            return Refusal(f"{name} has no counterpart{self._advice(path)}")
        if name in self._refusals:
            return Refusal(f"{name} has no counterpart{self._advice(name)}")
        package = self.lookup_package(path)
        if isinstance(package, Refusal):
            return Refusal(f"{name} has no counterpart{self._advice(path)}")
        member = self._member(package, owner)
        idiom = self._idioms.get(name)
        if idiom is not None:
            return _idiom(idiom, member)
        if member is None:
            advice = self._advice(name) or f" yet: {package.module} does not have it"
            return Refusal(f"{name} has no counterpart{advice}")
        return member

    def _member(self, package: Package, owner: list[str]) -> Member | None:
        try:
            scope: Any = importlib.import_module(package.module)
        except ModuleNotFoundError as exc:
            if exc.name != package.module:
                raise
            return None
        found = []
        public = getattr(scope, "__all__", None)
        for word in owner:
            for spelling in _spellings(word):
                if (public is None or spelling in public) and _has(scope, spelling):
                    break
            else:
                return None
            found.append(spelling)
            scope, public = getattr(scope, spelling, None), None
        return Member(package.module, ".".join(found), package.raises)

    def _advice(self, name: str) -> str:
        """Return "; " and the advice for a name, or for the longest path that it is in."""
        while name:
            if name in self._refusals:
                advice = self._refusals[name]
                return f"; {advice}" if advice else ""
            name = name[: max(name.rfind("."), name.rfind("/"), 0)]
        return ""


def _has(scope: Any, name: str) -> bool:
    """Return whether a module or class defines a name, as an attribute or an annotated field."""
    if name.startswith("_"):
        return False
    if not isinstance(scope, type):
        return hasattr(scope, name)
    if any(name in vars(c) or name in vars(c).get("__annotations__", {}) for c in scope.__mro__[:-1]):
        return True
    # What __init__ sets.
    code = getattr(inspect.getattr_static(scope, "__init__"), "__code__", None)
    return code is not None and name in code.co_names


def split(name: str) -> tuple[str, list[str]]:
    """Return the import path of a Go name, and the names after it.

    >>> split("golang.org/x/time/rate.Limiter.Wait")
    ('golang.org/x/time/rate', ['Limiter', 'Wait'])
    """
    folder, slash, last = name.rpartition("/")
    package, *owner = last.split(".")
    return folder + slash + package, owner


def _idiom(row: str | dict[str, Any], member: Member | None) -> Idiom:
    if isinstance(row, str):
        row = {"expr": row}
    prec, arg_prec = _precedences(row["expr"])
    return Idiom(
        row["expr"], prec, arg_prec, tuple(row.get("imports", ())), tuple(row.get("when", ())), member
    )


_BINARY: Final[dict[type[ast.operator], str]] = {
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.BitAnd: "and",
    ast.LShift: "shift",
    ast.RShift: "shift",
    ast.Add: "add",
    ast.Sub: "add",
    ast.Mult: "mul",
    ast.Div: "mul",
    ast.FloorDiv: "mul",
    ast.Mod: "mul",
    ast.Pow: "power",
}


def _level(node: ast.expr) -> str:
    """Return the precedence of an expression."""
    match node:
        case ast.Lambda():
            return "lambda"
        case ast.IfExp():
            return "conditional"
        case ast.BoolOp(op=op):
            return "bool_or" if isinstance(op, ast.Or) else "bool_and"
        case ast.UnaryOp(op=op):
            return "not" if isinstance(op, ast.Not) else "unary"
        case ast.Compare():
            return "comparison"
        case ast.BinOp(op=op):
            return _BINARY[type(op)]
    return "atom"


def _tighter(level: str) -> str:
    return PRECEDENCE[PRECEDENCE.index(level) + 1]


@cache
def _precedences(expr: str) -> tuple[str, tuple[str, ...]]:
    """Return a template's precedence, and the loosest that each argument may have in it."""
    root = ast.parse(re.sub(r"\{(\d+)\}", r"_arg\1", expr), mode="eval").body
    found: dict[int, str] = {}

    def visit(node: ast.AST, least: str) -> None:
        if isinstance(node, ast.Name) and node.id.startswith("_arg"):
            i = int(node.id[4:])
            found[i] = max(found.get(i, "lambda"), least, key=PRECEDENCE.index)
        for child in ast.iter_child_nodes(node):
            visit(child, _least(node, child))

    visit(root, "lambda")
    return _level(root), tuple(found.get(i, "lambda") for i in range(max(found, default=-1) + 1))


def _least(node: ast.AST, child: ast.AST) -> str:
    """Return the loosest precedence that a child may have in its place."""
    match node:
        case ast.Attribute() | ast.Starred():
            return "atom"
        case ast.Call(func=func):
            return "atom" if child is func else "conditional"
        case ast.Subscript(value=value):
            return "atom" if child is value else "conditional"
        case ast.BinOp(left=left, op=op):
            level = _level(node)
            tight = (child is left) == isinstance(op, ast.Pow)
            return _tighter(level) if tight else level
        case ast.UnaryOp():
            return _level(node)
        case ast.Compare() | ast.BoolOp():
            return _tighter(_level(node))
        case ast.IfExp(orelse=orelse):
            return "conditional" if child is orelse else "bool_or"
    return "conditional"


_default: Tables | None = None


def _tables() -> Tables:
    global _default
    if _default is None:
        _default = Tables()
    return _default


def lookup(name: str) -> Idiom | Member | Refusal:
    """Return what answers to a Go name, by the tables without a user's rows: see `Tables.lookup`."""
    return _tables().lookup(name)


def lookup_package(path: str) -> Package | Refusal:
    """Return the module for a Go package: see `Tables.lookup_package`."""
    return _tables().lookup_package(path)


def check_regexp(expr: str) -> str | None:
    """Return why gochan.port.lib.regexp does not match a regular expression as Go does; None if it does.

    An expression that Go does not compile is none of these: the port reports the error as Go does.
    """
    from .lib._re2 import Unsupported, WrongPattern, translate

    try:
        translate(expr)
    except Unsupported as exc:
        return str(exc)
    except WrongPattern:
        return None
    return None
