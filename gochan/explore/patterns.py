"""What the patterns of a match statement read: attributes, lists, dicts, and what is in those.

Rewritten code calls `matched` with a description of its patterns, in tuples:

- `("[", front, back)`: a sequence, the patterns before its star and those after it;
- `("{", pairs)`: a mapping, its keys and their patterns;
- `("(", cls, positional, named)`: a class, and the patterns of its attributes;
- `("|", patterns)`: any of some patterns;
- `("=", value)`: a literal, which decides whether the patterns after it are looked at;
- None: a pattern that reads nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from . import active
from .classes import container, holder
from .clocks import WHOLE
from .data import access, get

Pattern: TypeAlias = "tuple[Any, ...] | None"

# The classes whose only positional pattern is for the object itself.
_SELF: Final = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)
_PLAIN: Final = (bool, bytes, float, int, str)
_TEXTS: Final = (str, bytes, bytearray)


def description(pattern: ast.pattern | None) -> ast.expr | None:
    """Return the expression that describes a pattern; None if the pattern reads nothing."""
    match pattern:
        case ast.MatchAs(pattern=inner):
            return description(inner)
        case ast.MatchOr(patterns=patterns):
            parts = _all(patterns)
            return _tuple("|", parts) if any(map(_reads, parts.elts)) else None
        case ast.MatchSequence(patterns=patterns):
            at = next(
                (i for i, each in enumerate(patterns) if isinstance(each, ast.MatchStar)), len(patterns)
            )
            front, back = _all(patterns[:at]), _all(patterns[at + 1 :])
            # Most take what a select returns.
            reads = any(map(_reads, (*front.elts, *back.elts)))
            return _tuple("[", front, back) if reads else _tuple("[", _tuple(), _tuple())
        case ast.MatchMapping(keys=keys, patterns=patterns):
            return _tuple("{", _pairs(keys, patterns))
        case ast.MatchClass(cls=cls, patterns=patterns, kwd_attrs=names, kwd_patterns=named):
            pairs = _pairs([ast.Constant(name) for name in names], named)
            return _tuple("(", cls, _all(patterns), pairs)
        case ast.MatchValue(value=ast.Constant() as value):
            return _tuple("=", value)
    return None


def reading(patterns: Iterable[ast.pattern]) -> list[ast.expr]:
    """Return the descriptions of those patterns that read something."""
    return [each for each in map(description, patterns) if each is not None and _reads(each)]


def _tuple(*parts: str | ast.expr) -> ast.Tuple:
    return ast.Tuple([ast.Constant(each) if isinstance(each, str) else each for each in parts], ast.Load())


def _all(patterns: Sequence[ast.pattern]) -> ast.Tuple:
    return _tuple(*(description(each) or ast.Constant(None) for each in patterns))


def _pairs(keys: Sequence[ast.expr], patterns: Sequence[ast.pattern]) -> ast.Tuple:
    values = _all(patterns).elts
    return _tuple(*(_tuple(key, value) for key, value in zip(keys, values, strict=True)))


def _reads(described: ast.expr) -> bool:
    match described:
        case ast.Constant() | ast.Tuple(elts=[ast.Constant(value="="), _]):
            return False
    return True


def matched(o: Any, patterns: Callable[[], Sequence[Pattern]]) -> Any:
    """What a match statement takes apart; what its patterns are."""
    if active.current is not None:
        try:
            described = patterns()
        except (NameError, AttributeError):
            # A class that is not there yet: an earlier pattern has to match.
            described = ()
        for each in described:
            _read(o, each)
    return o


def _read(o: Any, pattern: Pattern) -> bool:
    """Note what matching o with a pattern reads; return whether it may match."""
    if pattern is None:
        return True
    kind, *parts = pattern
    if kind == "=":
        return type(o) not in _PLAIN or o == parts[0]
    if kind == "|":
        return any(_read(o, each) for each in parts[0])
    if kind == "(":
        return _read_attributes(o, *parts)
    if kind == "[":
        front, back = parts
        if not _is_sequence(o):
            return False
        if _is_whole(o) and len(o) >= len(front) + len(back):
            items = list(o)
            return all(map(_read, [*items[: len(front)], *items[len(o) - len(back) :]], (*front, *back)))
    elif isinstance(o, Mapping) and _is_whole(o):
        return all(_read(o[key], each) for key, each in parts[0] if key in o)
    return True


def _is_sequence(o: Any) -> bool:
    return type(o) is tuple or (isinstance(o, Sequence) and not isinstance(o, _TEXTS))


def _is_whole(o: Any) -> bool:
    """Note that o is read as a whole; return whether that calls no method of the program's."""
    if type(o) is tuple or container(type(o)) is None:
        return type(o) is tuple
    access(o, WHOLE, "match", False)
    return True


def _read_attributes(o: Any, cls: Any, positional: Sequence[Pattern], named: Sequence[Any]) -> bool:
    if not isinstance(cls, type) or not isinstance(o, cls):
        return False
    if cls in _SELF:
        pairs = [*named]
        if not all(_read(o, each) for each in positional):
            return False
    else:
        pairs = [*zip(getattr(cls, "__match_args__", ()), positional, strict=False), *named]
    for name, _ in pairs:
        get(o, name, False)
    # Those that are computed are not asked for: that would call the program's code twice.
    return all(
        _read(getattr(o, name, None), each)
        for name, each in pairs
        if each is not None and holder(o, name, False) is not None
    )
