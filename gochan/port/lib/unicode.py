"""Go's package unicode, by Python's tables of characters.

Which characters there are depends on the version of Unicode: Go's may know newer ones than Python's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Final

__all__ = [
    "LOWER_CASE",
    "MAX_ASCII",
    "MAX_CASE",
    "MAX_LATIN1",
    "MAX_RUNE",
    "REPLACEMENT_CHAR",
    "TITLE_CASE",
    "UPPER_CASE",
    "VERSION",
    "RangeTable",
    "cyrillic",
    "digit",
    "greek",
    "han",
    "hangul",
    "hiragana",
    "in_",
    "is_",
    "is_control",
    "is_digit",
    "is_graphic",
    "is_letter",
    "is_lower",
    "is_mark",
    "is_number",
    "is_one_of",
    "is_print",
    "is_punct",
    "is_space",
    "is_symbol",
    "is_title",
    "is_upper",
    "katakana",
    "l",
    "latin",
    "letter",
    "ll",
    "lower",
    "lu",
    "m",
    "mark",
    "mn",
    "n",
    "nd",
    "number",
    "p",
    "punct",
    "s",
    "simple_fold",
    "space",
    "symbol",
    "title",
    "to",
    "to_lower",
    "to_title",
    "to_upper",
    "upper",
    "white_space",
    "z",
]

MAX_RUNE: Final = 0x10FFFF
REPLACEMENT_CHAR: Final = 0xFFFD
MAX_ASCII: Final = 0x7F
MAX_LATIN1: Final = 0xFF
UPPER_CASE: Final = 0
LOWER_CASE: Final = 1
TITLE_CASE: Final = 2
MAX_CASE: Final = 3
VERSION: Final = unicodedata.unidata_version

_SPACES: Final = frozenset(
    [*range(9, 14), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
)


def _category(r: int) -> str:
    """Return the general category; Cs for what is not a rune."""
    return unicodedata.category(chr(r)) if 0 <= r <= MAX_RUNE else "Cs"


class RangeTable:
    """A set of runes: Go's unicode.RangeTable, defined by a test."""

    __slots__ = ("has",)

    def __init__(self, has: Callable[[int], bool]) -> None:
        self.has = has


def _table(category: str) -> RangeTable:
    return RangeTable(lambda r: _category(r).startswith(category))


_Ranges = tuple[tuple[int, int], ...]


def _parsed(text: str) -> _Ranges:
    """Return ranges that are written as hexadecimal numbers."""
    pairs = [part.partition("-") for part in text.split()]
    return tuple((int(low, 16), int(high or low, 16)) for low, _, high in pairs)


_LATIN: Final = _parsed(
    "41-5a 61-7a aa ba c0-d6 d8-f6 f8-2b8 2e0-2e4 1d00-1d25 1d2c-1d5c 1d62-1d65 1d6b-1d77 1d79-1dbe "
    "1e00-1eff 2071 207f 2090-209c 212a-212b 2132 214e 2160-2188 2c60-2c7f a722-a787 a78b-a7dc a7f1-a7ff "
    "ab30-ab5a ab5c-ab64 ab66-ab69 fb00-fb06 ff21-ff3a ff41-ff5a 10780-10785 10787-107b0 107b2-107ba "
    "1df00-1df1e 1df25-1df2a "
)
_GREEK: Final = _parsed(
    "370-373 375-377 37a-37d 37f 384 386 388-38a 38c 38e-3a1 3a3-3e1 3f0-3ff 1d26-1d2a 1d5d-1d61 "
    "1d66-1d6a 1dbf 1f00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 "
    "1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe 2126 ab65 10140-1018e 101a0 1d200-1d245 "
)
_CYRILLIC: Final = _parsed(
    "400-484 487-52f 1c80-1c8a 1d2b 1d78 2de0-2dff a640-a69f fe2e-fe2f 1e030-1e06d 1e08f "
)
_HAN: Final = _parsed(
    "2e80-2e99 2e9b-2ef3 2f00-2fd5 3005 3007 3021-3029 3038-303b 3400-4dbf 4e00-9fff f900-fa6d fa70-fad9 "
    "16fe2-16fe3 16ff0-16ff1 20000-2a6df 2a700-2b739 2b740-2b81d 2b820-2cea1 2ceb0-2ebe0 2ebf0-2ee5d "
    "2f800-2fa1d 30000-3134a 31350-323af "
)
_HIRAGANA: Final = _parsed("3041-3096 309d-309f 1b001-1b11f 1b132 1b150-1b152 1f200 ")
_KATAKANA: Final = _parsed(
    "30a1-30fa 30fd-30ff 31f0-31ff 32d0-32fe 3300-3357 ff66-ff6f ff71-ff9d 1aff0-1aff3 1aff5-1affb "
    "1affd-1affe 1b000 1b120-1b122 1b155 1b164-1b167 "
)
_HANGUL: Final = _parsed(
    "1100-11ff 302e-302f 3131-318e 3200-321e 3260-327e a960-a97c ac00-d7a3 d7b0-d7c6 d7cb-d7fb ffa0-ffbe "
    "ffc2-ffc7 ffca-ffcf ffd2-ffd7 ffda-ffdc "
)


def _ranges(ranges: _Ranges) -> RangeTable:
    return RangeTable(lambda r: any(low <= r <= high for low, high in ranges))


letter: Final = _table("L")
l: Final = letter  # noqa: E741
upper: Final = _table("Lu")
lu: Final = upper
lower: Final = _table("Ll")
ll: Final = lower
title: Final = _table("Lt")
mark: Final = _table("M")
m: Final = mark
mn: Final = _table("Mn")
number: Final = _table("N")
n: Final = number
digit: Final = _table("Nd")
nd: Final = digit
punct: Final = _table("P")
p: Final = punct
symbol: Final = _table("S")
s: Final = symbol
space: Final = _table("Z")
z: Final = space
white_space: Final = RangeTable(_SPACES.__contains__)
han: Final = _ranges(_HAN)
hiragana: Final = _ranges(_HIRAGANA)
katakana: Final = _ranges(_KATAKANA)
hangul: Final = _ranges(_HANGUL)
latin: Final = _ranges(_LATIN)
greek: Final = _ranges(_GREEK)
cyrillic: Final = _ranges(_CYRILLIC)


def is_(range_tab: RangeTable, r: int) -> bool:
    return range_tab.has(r)


def in_(r: int, *ranges: RangeTable) -> bool:
    return any(table.has(r) for table in ranges)


def is_one_of(ranges: list[RangeTable], r: int) -> bool:
    return in_(r, *ranges)


def is_letter(r: int) -> bool:
    return _category(r)[0] == "L"


def is_upper(r: int) -> bool:
    return _category(r) == "Lu"


def is_lower(r: int) -> bool:
    return _category(r) == "Ll"


def is_title(r: int) -> bool:
    return _category(r) == "Lt"


def is_digit(r: int) -> bool:
    return _category(r) == "Nd"


def is_number(r: int) -> bool:
    return _category(r)[0] == "N"


def is_punct(r: int) -> bool:
    return _category(r)[0] == "P"


def is_symbol(r: int) -> bool:
    return _category(r)[0] == "S"


def is_mark(r: int) -> bool:
    return _category(r)[0] == "M"


def is_control(r: int) -> bool:
    return 0 <= r < 0x20 or 0x7F <= r < 0xA0


def is_space(r: int) -> bool:
    return r in _SPACES


def is_graphic(r: int) -> bool:
    category = _category(r)
    return category[0] in "LMNPS" or category == "Zs"


def is_print(r: int) -> bool:
    return r == 0x20 or _category(r)[0] in "LMNPS"


def to_upper(r: int) -> int:
    return _upper(r) if 0 <= r <= MAX_RUNE else r


def to_lower(r: int) -> int:
    return _lower(r) if 0 <= r <= MAX_RUNE else r


def to_title(r: int) -> int:
    return _title(r) if 0 <= r <= MAX_RUNE else r


def to(case: int, r: int) -> int:
    if case == UPPER_CASE:
        return to_upper(r)
    if case == LOWER_CASE:
        return to_lower(r)
    return to_title(r) if case == TITLE_CASE else REPLACEMENT_CHAR


@cache
def _upper(r: int) -> int:
    text = chr(r).upper()
    if len(text) > 1:
        # Python has the full mapping, Go the simple one; where they differ, it is that to title case.
        text = chr(r).title()
    return ord(text) if len(text) == 1 else r


@cache
def _lower(r: int) -> int:
    if r == 0x130:
        return 0x69
    text = chr(r).lower()
    return ord(text) if len(text) == 1 else r


@cache
def _title(r: int) -> int:
    text = chr(r).title()
    return ord(text) if len(text) == 1 else r


@cache
def _orbits() -> dict[int, tuple[int, ...]]:
    """Return the runes that are equal but for case, for each that has others, in order."""
    groups: dict[int, set[int]] = {}
    for r in range(0x20000):
        # Not chr(r).casefold(), which is the full mapping.
        root = _fold(r)
        if root != r:
            groups.setdefault(root, {root}).add(r)
    # These have no simple folding, but the same full one.
    for pair in ((0x390, 0x1FD3), (0x3B0, 0x1FE3), (0xFB05, 0xFB06)):
        groups[pair[0]] = set(pair)
    return {r: tuple(sorted(group)) for group in groups.values() for r in group}


def _fold(r: int) -> int:
    """Return the simple case folding of a rune."""
    if r in (0x130, 0x131):
        return r  # the dotted and the dotless i of Turkish fold to themselves
    text = chr(r).casefold()
    if len(text) == 1:
        return ord(text)
    return _lower(r)


def simple_fold(r: int) -> int:
    if not 0 <= r <= MAX_RUNE:
        return r
    orbit = _orbits().get(r)
    if orbit is None:
        return r
    return orbit[(orbit.index(r) + 1) % len(orbit)]


def folds_to(a: int, b: int) -> bool:
    """Return whether two runes are equal but for case."""
    return a == b or b in _orbits().get(a, ())


def folded(s: str) -> str:
    """Return s with each rune as the least of those that are equal to it but for case."""
    return "".join([chr(_orbits().get(ord(c), (ord(c),))[0]) for c in s])
