"""Go's package regexp, by Python's re.

Both prefer the leftmost match, and of these the one that a backtracking search finds first.  Python's search
may take exponential time where Go's is linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from ._common import Slice, append_bytes, byte_slice, bytes_of, decode, encode, make, nil_bytes, strings_of
from ._errors import ErrorString
from ._re2 import WrongPattern, backquoted, translate
from ._types import INT, error, nil

__all__ = ["Regexp", "compile", "match", "match_string", "must_compile", "quote_meta"]


T = TypeVar("T")


class Regexp:
    """Go's regexp.Regexp."""

    __slots__ = ("_expr", "_names", "_re")

    def __init__(self, expr: str = "") -> None:
        pattern, flags, names = translate(expr)
        self._expr = expr
        self._re = re.compile(pattern, flags)
        self._names = names

    def string(self) -> str:
        return self._expr

    __str__ = string

    def num_subexp(self) -> int:
        return len(self._names) - 1

    def subexp_names(self) -> Slice[str]:
        return strings_of(list(self._names))

    def subexp_index(self, name: str) -> int:
        return self._names.index(name) if name and name in self._names else -1

    # --- matching -----------------------------------------------------------------------------------------

    def _all(self, s: str, n: int) -> Iterator[re.Match[str]]:
        """Yield the first n matches, all if n is negative, without empty ones right after another."""
        at = 0
        end = -1
        found = 0
        while (n < 0 or found < n) and at <= len(s):
            match = self._re.search(s, at)
            if match is None:
                return
            accepted = True
            if match.end() == at:
                accepted = match.start() != end
                at += 1
            else:
                at = match.end()
            end = match.end()
            if accepted:
                found += 1
                yield match

    def match_string(self, s: str) -> bool:
        return self._re.search(s) is not None

    def match(self, b: Any) -> bool:
        return self.match_string(decode(bytes_of(b)))

    @staticmethod
    def _index(s: str, match: re.Match[str], groups: bool) -> Slice[int]:
        """Return the byte indexes of a match, and of its groups."""
        spans = [match.span(i) for i in range(match.re.groups + 1)] if groups else [match.span()]
        flat = [i for span in spans for i in span]
        if not s.isascii():
            flat = [i if i <= 0 else len(encode(s[:i])) for i in flat]
        return make(flat, INT)

    @staticmethod
    def _texts(match: re.Match[str]) -> Slice[str]:
        return strings_of([text or "" for text in (match[0], *match.groups())])

    def find_string(self, s: str) -> str:
        match = self._re.search(s)
        return match[0] if match else ""

    def find_string_index(self, s: str) -> Slice[int]:
        match = self._re.search(s)
        return self._index(s, match, False) if match else Slice()

    def find_string_submatch(self, s: str) -> Slice[str]:
        match = self._re.search(s)
        return self._texts(match) if match else strings_of(None)

    def find_string_submatch_index(self, s: str) -> Slice[int]:
        match = self._re.search(s)
        return self._index(s, match, True) if match else Slice()

    @staticmethod
    def _list(values: list[T]) -> Slice[T]:
        return make(values) if values else Slice()

    def find_all_string(self, s: str, n: int) -> Slice[str]:
        return strings_of([match[0] for match in self._all(s, n)] or None)

    def find_all_string_index(self, s: str, n: int) -> Slice[Slice[int]]:
        return self._list([self._index(s, match, False) for match in self._all(s, n)])

    def find_all_string_submatch(self, s: str, n: int) -> Slice[Slice[str]]:
        return self._list([self._texts(match) for match in self._all(s, n)])

    def find_all_string_submatch_index(self, s: str, n: int) -> Slice[Slice[int]]:
        return self._list([self._index(s, match, True) for match in self._all(s, n)])

    # --- the same for slices of bytes ---------------------------------------------------------------------

    @staticmethod
    def _pieces(b: Any, index: Slice[int]) -> list[Any]:
        source = b if isinstance(b, Slice) else Slice(b)
        flat = index.tolist()
        pairs = zip(flat[::2], flat[1::2], strict=True)
        return [source[i:j:j] if i >= 0 else nil_bytes() for i, j in pairs]

    def find(self, b: Any) -> Slice[int]:
        index = self.find_index(b)
        return self._pieces(b, index)[0] if len(index) else nil_bytes()

    def find_index(self, b: Any) -> Slice[int]:
        return self.find_string_index(decode(bytes_of(b)))

    def find_submatch(self, b: Any) -> Slice[Slice[int]]:
        return self._list(self._pieces(b, self.find_submatch_index(b)))

    def find_submatch_index(self, b: Any) -> Slice[int]:
        return self.find_string_submatch_index(decode(bytes_of(b)))

    def find_all(self, b: Any, n: int) -> Slice[Slice[int]]:
        return self._list([self._pieces(b, index)[0] for index in self.find_all_index(b, n)])

    def find_all_index(self, b: Any, n: int) -> Slice[Slice[int]]:
        return self.find_all_string_index(decode(bytes_of(b)), n)

    def find_all_submatch(self, b: Any, n: int) -> Slice[Slice[Slice[int]]]:
        return self._list([make(self._pieces(b, index)) for index in self.find_all_submatch_index(b, n)])

    def find_all_submatch_index(self, b: Any, n: int) -> Slice[Slice[int]]:
        return self.find_all_string_submatch_index(decode(bytes_of(b)), n)

    # --- replacing and splitting --------------------------------------------------------------------------

    def _replaced(self, s: str, new: Callable[[re.Match[str]], str]) -> str:
        parts = []
        last = at = 0
        while at <= len(s):
            match = self._re.search(s, at)
            if match is None:
                break
            parts.append(s[last : match.start()])
            if match.end() > last or match.start() == 0:
                parts.append(new(match))
            last = match.end()
            at = max(at + 1, last)
        return "".join(parts) + s[last:]

    def _expanded(self, template: str, match: re.Match[str]) -> str:
        def value(found: re.Match[str]) -> str:
            if found[0] == "$$":
                return "$"
            name = found[1] or found[2]
            if name.isdecimal():
                i = int(name)
            elif name in self._names:
                i = self._names.index(name)
            else:
                return ""
            return (match[i] or "") if i < len(self._names) else ""

        return _VARIABLE.sub(value, template)

    def replace_all_string(self, src: str, repl: str) -> str:
        if "$" not in repl:
            return self._replaced(src, lambda _: repl)
        return self._replaced(src, lambda match: self._expanded(repl, match))

    def replace_all_literal_string(self, src: str, repl: str) -> str:
        return self._replaced(src, lambda _: repl)

    def replace_all_string_func(self, src: str, repl: Callable[[str], str]) -> str:
        return self._replaced(src, lambda match: repl(match[0]))

    def replace_all(self, src: Any, repl: Any) -> Slice[int]:
        return byte_slice(encode(self.replace_all_string(decode(bytes_of(src)), decode(bytes_of(repl)))))

    def replace_all_literal(self, src: Any, repl: Any) -> Slice[int]:
        return byte_slice(
            encode(self.replace_all_literal_string(decode(bytes_of(src)), decode(bytes_of(repl))))
        )

    def replace_all_func(self, src: Any, repl: Callable[[Any], Any]) -> Slice[int]:
        text = decode(bytes_of(src))
        return byte_slice(
            encode(self._replaced(text, lambda m: decode(bytes_of(repl(byte_slice(encode(m[0])))))))
        )

    def expand(self, dst: Any, template: Any, src: Any, match: Any) -> Slice[int]:
        return self.expand_string(dst, decode(bytes_of(template)), decode(bytes_of(src)), match)

    def expand_string(self, dst: Any, template: str, src: str, match: Any) -> Slice[int]:
        data = encode(src)
        flat = list(match)
        texts = [decode(data[i:j]) if i >= 0 else "" for i, j in zip(flat[::2], flat[1::2], strict=True)]

        def value(found: re.Match[str]) -> str:
            if found[0] == "$$":
                return "$"
            name = found[1] or found[2]
            i = int(name) if name.isdecimal() else self.subexp_index(name)
            return texts[i] if 0 <= i < len(texts) else ""

        return append_bytes(dst, encode(_VARIABLE.sub(value, template)))

    def split(self, s: str, n: int) -> Slice[str]:
        if n == 0:
            return strings_of(None)
        if self._expr and not s:
            return strings_of([""])
        parts: list[str] = []
        start = end = 0
        for match in self._all(s, n):
            if n > 0 and len(parts) == n - 1:
                break
            end = match.start()
            if match.end() != 0:
                parts.append(s[start:end])
            start = match.end()
        if end != len(s):
            parts.append(s[start:])
        return strings_of(parts)


_VARIABLE = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})")


class _Error(ErrorString):
    """Go's *syntax.Error."""

    __go_name__ = "syntax.Error"


def compile(expr: str) -> tuple[Regexp, error]:
    try:
        return Regexp(expr), None
    except WrongPattern as exc:
        return nil, _Error(str(exc))


def must_compile(str: str) -> Regexp:
    from ._common import panic

    found, err = compile(str)
    if err is not None:
        panic(f"regexp: Compile({backquoted(str)}): {err}")
    return found


def match_string(pattern: str, s: str) -> tuple[bool, error]:
    found, err = compile(pattern)
    return (False, err) if err is not None else (found.match_string(s), None)


def match(pattern: str, b: Any) -> tuple[bool, error]:
    return match_string(pattern, decode(bytes_of(b)))


def quote_meta(s: str) -> str:
    return re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", s)
