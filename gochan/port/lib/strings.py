"""Go's package strings.

Lengths and indexes are in bytes, as in Go.  Functions that Go hands a rune get an int.
"""

from __future__ import annotations

import re
from builtins import map as _map
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NoReturn

from . import unicode
from ._common import (
    Slice,
    bytes_of,
    char,
    decode,
    encode,
    fill,
    new_error,
    panic,
    rune,
    rune_at,
    rune_len,
    strings_of,
)
from ._errors import EOF
from ._types import error
from .iter import Seq

__all__ = [
    "Builder",
    "Reader",
    "Replacer",
    "clone",
    "compare",
    "contains",
    "contains_any",
    "contains_func",
    "contains_rune",
    "count",
    "cut",
    "cut_last",
    "cut_prefix",
    "cut_suffix",
    "equal_fold",
    "fields",
    "fields_func",
    "fields_func_seq",
    "fields_seq",
    "has_prefix",
    "has_suffix",
    "index",
    "index_any",
    "index_byte",
    "index_func",
    "index_rune",
    "join",
    "last_index",
    "last_index_any",
    "last_index_byte",
    "last_index_func",
    "lines",
    "map",
    "new_reader",
    "new_replacer",
    "repeat",
    "replace",
    "replace_all",
    "split",
    "split_after",
    "split_after_n",
    "split_after_seq",
    "split_n",
    "split_seq",
    "title",
    "to_lower",
    "to_title",
    "to_upper",
    "to_valid_utf8",
    "trim",
    "trim_func",
    "trim_left",
    "trim_left_func",
    "trim_prefix",
    "trim_right",
    "trim_right_func",
    "trim_space",
    "trim_suffix",
]

# What unicode.IsSpace holds for.
_SPACES: Final = "".join(_map(chr, unicode._SPACES))


def _offset(s: str, i: int) -> int:
    """Return the byte index of the character with index i, or i if it is negative."""
    if i <= 0 or s.isascii():
        return i
    return len(s[:i].encode("utf-8", "surrogateescape"))


def _runes(s: str) -> Iterator[int]:
    return _map(rune, s)


def clone(s: str) -> str:
    return s


def compare(a: str, b: str) -> int:
    if a == b:
        return 0
    if a.isascii() or b.isascii():
        return -1 if a < b else 1
    return -1 if encode(a) < encode(b) else 1


def contains(s: str, substr: str) -> bool:
    return substr in s or (not _whole(substr) and encode(substr) in encode(s))


def _whole(s: str) -> bool:
    """Return whether s is valid UTF-8, so that it matches whole characters only."""
    if s.isascii():
        return True
    try:
        s.encode()
    except UnicodeEncodeError:
        return False
    return True


def contains_any(s: str, chars: str) -> bool:
    return index_any(s, chars) >= 0


def contains_func(s: str, f: Callable[[int], bool]) -> bool:
    return index_func(s, f) >= 0


def contains_rune(s: str, r: int) -> bool:
    return index_rune(s, r) >= 0


def count(s: str, substr: str) -> int:
    return s.count(substr) if _whole(substr) else encode(s).count(encode(substr))


def cut(s: str, sep: str) -> tuple[str, str, bool]:
    if not sep:
        return "", s, True
    if _whole(sep):
        before, found, after = s.partition(sep)
        return before, after, bool(found)
    b, middle, a = encode(s).partition(encode(sep))
    return decode(b), decode(a), bool(middle)


def cut_last(s: str, sep: str) -> tuple[str, str, bool]:
    i = last_index(s, sep)
    if i < 0:
        return s, "", False
    data = encode(s)
    return decode(data[:i]), decode(data[i + len(encode(sep)) :]), True


def cut_prefix(s: str, prefix: str) -> tuple[str, bool]:
    if not has_prefix(s, prefix):
        return s, False
    return trim_prefix(s, prefix), True


def cut_suffix(s: str, suffix: str) -> tuple[str, bool]:
    if not has_suffix(s, suffix):
        return s, False
    return trim_suffix(s, suffix), True


def equal_fold(s: str, t: str) -> bool:
    if s.isascii() and t.isascii():
        return s.lower() == t.lower()
    if len(s) != len(t):
        return False
    return all(a == b or unicode.folds_to(a, b) for a, b in zip(_runes(s), _runes(t), strict=True))


def _fields(s: str) -> list[str]:
    if s.isascii():
        if not any(c in s for c in "\x1c\x1d\x1e\x1f"):  # spaces to Python alone
            return s.split()
        return _fields_of(s, " \t\n\v\f\r".__contains__)
    return _fields_of(s, _SPACES.__contains__)


def _fields_of(s: str, separates: Callable[[str], bool]) -> list[str]:
    found = []
    start = -1
    for i, c in enumerate(s):
        if separates(c):
            if start >= 0:
                found.append(s[start:i])
                start = -1
        elif start < 0:
            start = i
    if start >= 0:
        found.append(s[start:])
    return found


def fields(s: str) -> Slice[str]:
    return strings_of(_fields(s))


def fields_func(s: str, f: Callable[[int], bool]) -> Slice[str]:
    return strings_of(_fields_of(s, lambda c: f(rune(c))))


def fields_seq(s: str) -> Seq[str]:
    return Seq(lambda: iter(_fields(s)))


def fields_func_seq(s: str, f: Callable[[int], bool]) -> Seq[str]:
    return Seq(lambda: iter(_fields_of(s, lambda c: f(rune(c)))))


def has_prefix(s: str, prefix: str) -> bool:
    return s.startswith(prefix) or (not _whole(prefix) and encode(s).startswith(encode(prefix)))


def has_suffix(s: str, suffix: str) -> bool:
    return s.endswith(suffix) or (not _whole(suffix) and encode(s).endswith(encode(suffix)))


def index(s: str, substr: str) -> int:
    if _whole(substr):
        return _offset(s, s.find(substr))
    return encode(s).find(encode(substr))


def last_index(s: str, substr: str) -> int:
    if _whole(substr):
        return _offset(s, s.rfind(substr))
    return encode(s).rfind(encode(substr))


def index_any(s: str, chars: str) -> int:
    wanted = set(_runes(chars))
    return _find(s, wanted.__contains__)


def last_index_any(s: str, chars: str) -> int:
    wanted = set(_runes(chars))
    return _find_last(s, wanted.__contains__)


def index_byte(s: str, c: int) -> int:
    if s.isascii():
        return s.find(chr(c))
    return encode(s).find(c)


def last_index_byte(s: str, c: int) -> int:
    if s.isascii():
        return s.rfind(chr(c))
    return encode(s).rfind(c)


def index_func(s: str, f: Callable[[int], bool]) -> int:
    return _find(s, f)


def last_index_func(s: str, f: Callable[[int], bool]) -> int:
    return _find_last(s, f)


def _find(s: str, f: Callable[[int], bool], want: bool = True) -> int:
    at = 0
    for c in s:
        r = rune(c)
        if f(r) == want:
            return at
        at += rune_len(c)
    return -1


def _find_last(s: str, f: Callable[[int], bool], want: bool = True) -> int:
    at = len(encode(s))
    for c in reversed(s):
        at -= rune_len(c)
        if f(rune(c)) == want:
            return at
    return -1


def index_rune(s: str, r: int) -> int:
    if r == 0xFFFD:
        return _find(s, (0xFFFD).__eq__)
    if not 0 <= r <= 0x10FFFF or 0xD800 <= r <= 0xDFFF:
        return -1
    return _offset(s, s.find(chr(r)))


def join(elems: Sequence[str], sep: str) -> str:
    return _normal(sep.join(elems))


def _normal(s: str) -> str:
    """Return s with bytes that now stand next to each other and form a character as that character."""
    return s if _whole(s) else decode(encode(s))


def lines(s: str) -> Seq[str]:
    def each() -> Iterator[str]:
        rest = s
        while rest:
            line, newline, rest = rest.partition("\n")
            yield line + newline

    return Seq(each)


def map(mapping: Callable[[int], int], s: str) -> str:
    parts = []
    for c in s:
        r = mapping(rune(c))
        if r >= 0:
            parts.append(char(r))
    return "".join(parts)


def repeat(s: str, count: int) -> str:
    if count < 0:
        panic("strings: negative Repeat count")
    return _normal(s * count)


def replace(s: str, old: str, new: str, n: int) -> str:
    if _whole(old):
        return _normal(s.replace(old, new, n))
    return decode(encode(s).replace(encode(old), encode(new), n))


def replace_all(s: str, old: str, new: str) -> str:
    return replace(s, old, new, -1)


def _split(s: str, sep: str, n: int) -> list[str] | None:
    if n == 0:
        return None
    if not sep:
        chars = list(s)
        return [*chars[: n - 1], "".join(chars[n - 1 :])] if 0 < n < len(chars) else chars
    if _whole(sep):
        return s.split(sep, n - 1 if n > 0 else -1)
    return [decode(part) for part in encode(s).split(encode(sep), n - 1 if n > 0 else -1)]


def _split_after(s: str, sep: str, n: int) -> list[str] | None:
    parts = _split(s, sep, n)
    if not parts or not sep:
        return parts
    return [_normal(part + sep) for part in parts[:-1]] + parts[-1:]


def split(s: str, sep: str) -> Slice[str]:
    return strings_of(s.split(sep) if sep and _whole(sep) else _split(s, sep, -1))


def split_n(s: str, sep: str, n: int) -> Slice[str]:
    return strings_of(_split(s, sep, n))


def split_after(s: str, sep: str) -> Slice[str]:
    return strings_of(_split_after(s, sep, -1))


def split_after_n(s: str, sep: str, n: int) -> Slice[str]:
    return strings_of(_split_after(s, sep, n))


def split_seq(s: str, sep: str) -> Seq[str]:
    return Seq(lambda: iter(_split(s, sep, -1) or ()))


def split_after_seq(s: str, sep: str) -> Seq[str]:
    return Seq(lambda: iter(_split_after(s, sep, -1) or ()))


def title(s: str) -> str:
    parts = []
    before = 0x20
    for c in s:
        r = rune(c)
        parts.append(char(unicode.to_title(r) if _separates(before) else r))
        before = r
    return "".join(parts)


def _separates(r: int) -> bool:
    if r < 0x80:
        return not (chr(r).isalnum() or r == 0x5F)
    if unicode.is_letter(r) or unicode.is_digit(r):
        return False
    return unicode.is_space(r)


def to_lower(s: str) -> str:
    return s.lower() if s.isascii() else map(unicode.to_lower, s)


def to_upper(s: str) -> str:
    return s.upper() if s.isascii() else map(unicode.to_upper, s)


def to_title(s: str) -> str:
    return s.upper() if s.isascii() else map(unicode.to_title, s)


def to_valid_utf8(s: str, replacement: str) -> str:
    if _whole(s):
        return s
    parts = []
    invalid = False
    for c in s:
        if "\udc80" <= c <= "\udcff":
            if not invalid:
                parts.append(replacement)
            invalid = True
        else:
            parts.append(c)
            invalid = False
    return _normal("".join(parts))


def trim(s: str, cutset: str) -> str:
    if _whole(cutset) and "\ufffd" not in cutset:
        return s.strip(cutset)
    return trim_right(trim_left(s, cutset), cutset)


def trim_left(s: str, cutset: str) -> str:
    wanted = set(_runes(cutset))
    return trim_left_func(s, wanted.__contains__)


def trim_right(s: str, cutset: str) -> str:
    wanted = set(_runes(cutset))
    return trim_right_func(s, wanted.__contains__)


def trim_func(s: str, f: Callable[[int], bool]) -> str:
    return trim_right_func(trim_left_func(s, f), f)


def trim_left_func(s: str, f: Callable[[int], bool]) -> str:
    for i, c in enumerate(s):
        if not f(rune(c)):
            return s[i:]
    return ""


def trim_right_func(s: str, f: Callable[[int], bool]) -> str:
    for i in range(len(s), 0, -1):
        if not f(rune(s[i - 1])):
            return s[:i]
    return ""


def trim_space(s: str) -> str:
    return s.strip(_SPACES)


def trim_prefix(s: str, prefix: str) -> str:
    if _whole(prefix):
        return s.removeprefix(prefix)
    return decode(encode(s).removeprefix(encode(prefix)))


def trim_suffix(s: str, suffix: str) -> str:
    if _whole(suffix):
        return s.removesuffix(suffix)
    return decode(encode(s).removesuffix(encode(suffix)))


class Builder:
    """Go's strings.Builder."""

    __slots__ = ("_n", "_parts")

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._n = 0

    def write_string(self, s: str) -> tuple[int, None]:
        n = len(s) if s.isascii() else len(encode(s))
        self._parts.append(s)
        self._n += n
        return n, None

    def write_byte(self, c: int) -> None:
        self._parts.append(chr(c) if c < 0x80 else chr(0xDC00 + c))
        self._n += 1

    def write_rune(self, r: int) -> tuple[int, None]:
        return self.write_string(char(r))

    def write(self, p: Sequence[int]) -> tuple[int, None]:
        return self.write_string(decode(bytes_of(p)))

    def _write(self, data: bytes) -> tuple[int, None]:
        return self.write_string(decode(data))

    def string(self) -> str:
        if len(self._parts) > 1:
            self._parts = [_normal("".join(self._parts))]
        return _normal(self._parts[0]) if self._parts else ""

    def __str__(self) -> str:
        return self.string()

    def len(self) -> int:
        return self._n

    def cap(self) -> int:
        return max(self._n, 16)

    def grow(self, n: int) -> None:
        if n < 0:
            panic("strings.Builder.Grow: negative count")

    def reset(self) -> None:
        self._parts = []
        self._n = 0

    def __go_copied__(self) -> Builder:
        made = _Copy() if self._n else Builder()
        made._parts = list(self._parts)
        made._n = self._n
        return made


class _Copy(Builder):
    """A copy of a Builder that is not empty: Go panics if it is written to."""

    __slots__ = ()
    __go_name__ = "strings.Builder"

    def write_string(self, s: str) -> NoReturn:
        panic("strings: illegal use of non-zero Builder copied by value")

    def write_byte(self, c: int) -> NoReturn:
        self.write_string("")

    def grow(self, n: int) -> NoReturn:
        self.write_string("")

    def reset(self) -> None:
        super().reset()
        self.__class__ = Builder  # type: ignore[assignment]


class Reader:
    """Go's strings.Reader."""

    __slots__ = ("_at", "_back", "_data")
    _KIND = "strings"
    _NOUN = "string"

    def __init__(self, s: str = "") -> None:
        self.reset(s)

    def reset(self, s: str) -> None:
        self._data = encode(s)
        self._at = 0
        self._back = -1  # where the rune that was just read begins

    def len(self) -> int:
        return max(len(self._data) - self._at, 0)

    def size(self) -> int:
        return len(self._data)

    def read(self, b: Any) -> tuple[int, error]:
        data, err = self._read(len(b))
        return fill(b, data), err

    def _read(self, n: int) -> tuple[bytes, error]:
        if self._at >= len(self._data):
            return b"", EOF
        self._back = -1
        data = self._data[self._at : self._at + n]
        self._at += len(data)
        return data, None

    def read_at(self, b: Any, off: int) -> tuple[int, error]:
        if off < 0:
            return 0, new_error(f"{self._KIND}.Reader.ReadAt: negative offset")
        if off >= len(self._data):
            return 0, EOF
        part = self._data[off : off + len(b)]
        fill(b, part)
        return len(part), EOF if len(part) < len(b) else None

    def read_byte(self) -> tuple[int, error]:
        self._back = -1
        if self._at >= len(self._data):
            return 0, EOF
        self._at += 1
        return self._data[self._at - 1], None

    def unread_byte(self) -> error:
        if self._at <= 0:
            return new_error(f"{self._KIND}.Reader.UnreadByte: at beginning of {self._NOUN}")
        self._back = -1
        self._at -= 1
        return None

    def read_rune(self) -> tuple[int, int, error]:
        if self._at >= len(self._data):
            self._back = -1
            return 0, 0, EOF
        self._back = self._at
        r, size = rune_at(self._data, self._at)
        self._at += size
        return r, size, None

    def unread_rune(self) -> error:
        if self._at <= 0:
            return new_error(f"{self._KIND}.Reader.UnreadRune: at beginning of {self._NOUN}")
        if self._back < 0:
            return new_error(f"{self._KIND}.Reader.UnreadRune: previous operation was not ReadRune")
        self._at, self._back = self._back, -1
        return None

    def seek(self, offset: int, whence: int) -> tuple[int, error]:
        self._back = -1
        if whence not in (0, 1, 2):
            return 0, new_error(f"{self._KIND}.Reader.Seek: invalid whence")
        at = offset + (0, self._at, len(self._data))[whence]
        if at < 0:
            return 0, new_error(f"{self._KIND}.Reader.Seek: negative position")
        self._at = at
        return at, None

    def write_to(self, w: Any) -> tuple[int, error]:
        from .io import write_string

        self._back = -1
        if self._at >= len(self._data):
            return 0, None
        rest = self._data[self._at :]
        n, err = write_string(w, decode(rest))
        if n > len(rest):
            panic(f"{self._KIND}.Reader.WriteTo: invalid WriteString count")
        self._at += n
        if n != len(rest) and err is None:
            from .io import ErrShortWrite

            err = ErrShortWrite
        return n, err


def new_reader(s: str) -> Reader:
    return Reader(s)


class Replacer:
    """Go's strings.Replacer: at each index, the first pair whose old string matches wins."""

    __slots__ = ("_new", "_pattern")

    def __init__(self, *oldnew: str) -> None:
        if len(oldnew) % 2:
            panic("strings.NewReplacer: odd argument count")
        self._new: dict[bytes, bytes] = {}
        for old, new in zip(oldnew[::2], oldnew[1::2], strict=True):
            self._new.setdefault(encode(old), encode(new))
        # None if an old string is empty: then what matched before decides on a match too.
        self._pattern = None if b"" in self._new else re.compile(b"|".join(_map(re.escape, self._new)))

    def replace(self, s: str) -> str:
        if not self._new:
            return s
        data = encode(s)
        if self._pattern is not None:
            return decode(self._pattern.sub(lambda match: self._new[match[0]], data))
        out = bytearray()
        i = 0
        was_empty = False
        while i <= len(data):
            for old, new in self._new.items():
                if (old or not was_empty) and data.startswith(old, i):
                    out += new
                    i += len(old)
                    was_empty = not old
                    break
            else:
                out += data[i : i + 1]
                i += 1
                was_empty = False
        return decode(bytes(out))

    def write_string(self, w: Any, s: str) -> tuple[int, error]:
        from .io import write_string

        return write_string(w, self.replace(s))


def new_replacer(*oldnew: str) -> Replacer:
    return Replacer(*oldnew)
