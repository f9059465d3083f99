"""Generic functions: their copies become one function with type variables, where that is the same.

A generic function is translated once for each of its instances, with the types of that instance.  Copies that
differ in nothing but their annotations do the same at run time.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .code import TOKEN
from .names import Line

# What marks a comment in a line; a form feed is white space to Python's parser.
_MARK = "\x04"
_FEED = "\x0c"
_WORD = re.compile(r"\b_[GL]\d+_\b")


@dataclass(eq=False)
class Copy:
    """A copy of a generic function.

    `symbol`: of its name.  `lines`: its text.  `generic`: what is the same for all copies of one function.
    `params`: the names of the type parameters, and whether each has a constraint that operators depend on.
    `args`: for each of them the annotations that the type argument may have.
    """

    symbol: int
    lines: list[Line]
    generic: int
    params: list[tuple[str, bool]]
    args: list[list[str]]


class Reader:
    """Makes Python of lines: tokens are words there, those of local names by the order of their use."""

    def __init__(self, is_local: set[int]) -> None:
        self._is_local = is_local
        self._shared: dict[str, str] = {}

    def words(self, copy: Copy) -> dict[str, str]:
        """Return the word for each token of a copy."""
        words: dict[str, str] = {str(copy.symbol): "_L0_"}
        for line in copy.lines:
            for key in TOKEN.findall(line.text):
                self._word(key, words)
        return words

    def _word(self, key: str, words: dict[str, str]) -> str:
        if key in words:
            return words[key]
        if key.isdigit() and int(key) in self._is_local:
            words[key] = f"_L{sum(word.startswith('_L') for word in words.values())}_"
        else:
            words[key] = self._shared.setdefault(key, f"_G{len(self._shared)}_")
        return words[key]

    def python(self, text: str, words: dict[str, str]) -> str:
        return TOKEN.sub(lambda match: self._word(match[1], words), text).replace(_MARK, _FEED)


def tokens(text: str, words: dict[str, str]) -> str:
    """Return text with its tokens."""
    keys = {word: key for key, word in words.items()}
    return _WORD.sub(lambda match: f"\x02{keys[match[0]]}\x03", text).replace(_FEED, _MARK)


@dataclass(eq=False)
class Parsed:
    """A copy as Python: its lines, its annotations, and everything else."""

    copy: Copy
    words: dict[str, str]
    source: list[str]
    annotations: list[ast.expr]
    results: set[int]
    rest: str
    args: list[list[str]]


def parse(copy: Copy, reader: Reader) -> Parsed | None:
    """Parse a copy; None if it has lines that are no Python by themselves."""
    words = reader.words(copy)
    source = [("    " * line.depth + reader.python(line.text, words)) for line in copy.lines]
    if any("\n" in line for line in source):
        return None
    try:
        tree = ast.parse("\n".join(source))
    except SyntaxError:
        return None
    found: list[ast.expr] = []
    results: set[int] = set()
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            annotation = getattr(node, name, None)
            if isinstance(annotation, ast.expr):
                if name == "returns":
                    results.add(len(found))
                found.append(annotation)
                setattr(node, name, ast.Constant(None))
    args = [[ast.dump(_expr(reader.python(text, words))) for text in texts] for texts in copy.args]
    return Parsed(copy, words, source, found, results, ast.dump(tree), args)


def _expr(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


class Differ(Exception):
    """Annotations differ in more than type arguments."""


def unify(nodes: list[Any], args: list[list[tuple[str, ...]]], used: set[int]) -> Any:
    """Return a node for those of all copies, with `_T0_`, `_T1_` where they differ by their type arguments.

    `args`: for each type parameter what may stand for it in the copies.
    """
    first = nodes[0]
    if not isinstance(first, ast.AST):
        if isinstance(first, list):
            if any(len(node) != len(first) for node in nodes):
                raise Differ
            return [unify(list(parts), args, used) for parts in zip(*nodes, strict=True)]
        if any(node != first for node in nodes):
            raise Differ
        return first
    dumps = tuple(map(ast.dump, nodes))
    if len(set(dumps)) == 1:
        return first
    for number, forms in enumerate(args):
        if dumps in forms:
            used.add(number)
            return ast.Name(f"_T{number}_")
    if any(node.__class__ is not first.__class__ for node in nodes):
        raise Differ
    return first.__class__(
        **{name: unify([getattr(node, name) for node in nodes], args, used) for name in first._fields}
    )


@dataclass
class Merged:
    """One function for several copies: the lines of the first, with type variables `_T0_`, `_T1_`."""

    first: Copy
    others: list[Copy]
    lines: list[Line]
    used: list[int]


def merge(copies: list[Copy], reader: Reader) -> Iterator[Merged]:
    """Yield the functions that do for several copies of one generic function."""
    groups: dict[str, list[Parsed]] = {}
    for copy in copies:
        parsed = parse(copy, reader)
        if parsed is not None:
            groups.setdefault(parsed.rest, []).append(parsed)
    for group in groups.values():
        if len(group) > 1:
            merged = _merge(group)
            if merged is not None:
                yield merged


def _merge(group: list[Parsed]) -> Merged | None:
    first = group[0]
    args = [
        [tuple(forms) for forms in zip(*(one.args[number] for one in group), strict=True)]
        for number in range(len(first.args))
    ]
    of_params: set[int] = set()
    of_results: set[int] = set()
    made = []
    try:
        for number, nodes in enumerate(zip(*(one.annotations for one in group), strict=True)):
            used = of_results if number in first.results else of_params
            made.append(unify(list(nodes), args, used))
    except (Differ, ValueError):
        return None
    if not of_results <= of_params:
        return None
    source = [line.encode() for line in first.source]
    # From the end, so that the positions before it stay what they are.
    for old, new in sorted(
        zip(first.annotations, made, strict=True), key=lambda pair: (-pair[0].lineno, -pair[0].col_offset)
    ):
        if new is old or old.end_lineno != old.lineno:
            continue
        line = source[old.lineno - 1]
        source[old.lineno - 1] = (
            line[: old.col_offset] + ast.unparse(new).encode() + line[old.end_col_offset :]
        )
    lines = [
        Line(line.depth, tokens(text.decode()[4 * line.depth :], first.words), line.chunk)
        for line, text in zip(first.copy.lines, source, strict=True)
    ]
    return Merged(first.copy, [one.copy for one in group[1:]], lines, sorted(of_params | of_results))
