"""`# noqa` comments, with flake8's meaning."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Mapping

_NOQA = re.compile(
    r"#\s*noqa(?::[\s]?(?P<codes>[A-Z][0-9]+(?:[,\s]+[A-Z]+[0-9]+)*|[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?",
    re.I,
)
_FILE = re.compile(r"^\s*#\s*flake8[:=]\s*noqa(?P<codes>:\s?.*)?\s*$", re.I)
_SEPARATOR = re.compile(r"[,\s]+")

# Prefixes of codes; an empty tuple stands for all.
Codes = tuple[str, ...]


class Noqa:
    """What a file's comments silence."""

    def __init__(self, source: bytes) -> None:
        self._lines: dict[int, list[Codes]] = {}
        self._file: list[Codes] = []
        if b"noqa" in source.lower():
            self._read(source)

    def _read(self, source: bytes) -> None:
        first = None
        comments: list[str] = []
        try:
            for token in tokenize.tokenize(io.BytesIO(source).readline):
                if token.type in (tokenize.ENCODING, tokenize.NL, tokenize.INDENT, tokenize.DEDENT):
                    if token.type == tokenize.NL and first is None:
                        comments.clear()
                    continue
                if token.type == tokenize.COMMENT:
                    self._whole_file(token.string)
                    comments.append(token.string)
                    if first is None:
                        self._add(token.start[0], token.start[0], comments)
                        continue
                if first is None:
                    first = token.start[0]
                if token.type == tokenize.NEWLINE:
                    # A comment counts for all lines of its statement.
                    self._add(first, token.end[0], comments)
                    first = None
                    comments = []
        except (tokenize.TokenError, SyntaxError, ValueError):
            # The file was parsed, so its end is all that tokenize can miss.
            return

    def _add(self, first: int, last: int, comments: list[str]) -> None:
        for comment in comments:
            found = _NOQA.search(comment)
            if found is None or _FILE.match(comment):
                continue
            codes = tuple(c.upper() for c in _SEPARATOR.split(found["codes"]) if c) if found["codes"] else ()
            for line in range(first, last + 1):
                self._lines.setdefault(line, []).append(codes)

    def _whole_file(self, comment: str) -> None:
        found = _FILE.match(comment)
        if found is not None:
            codes = (found["codes"] or "").lstrip(": ")
            self._file.append(tuple(c.upper() for c in _SEPARATOR.split(codes) if c))

    def silences(self, line: int, code: str) -> bool:
        """Return whether a finding with this code on this line is silenced."""
        return any(not codes or code.startswith(codes) for codes in [*self._file, *self._lines.get(line, ())])


def selected(code: str, select: Codes, ignore: Codes, checks: Mapping[str, object]) -> bool:
    """Return whether --select and --ignore leave a code in; the longer prefix wins."""
    chosen = max((len(p) for p in select if code.startswith(p)), default=0 if not select else -1)
    ignored = max((len(p) for p in ignore if code.startswith(p)), default=-1)
    return code in checks and chosen >= 0 and chosen > ignored if ignored >= 0 else chosen >= 0
