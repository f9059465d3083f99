"""Go's package path."""

from __future__ import annotations

import re
from typing import Final

from ._common import new_error
from ._types import error

__all__ = ["ErrBadPattern", "base", "clean", "dir", "ext", "is_abs", "join", "match", "split"]

ErrBadPattern: Final = new_error("syntax error in pattern")


def clean(path: str) -> str:
    if not path:
        return "."
    rooted = path.startswith("/")
    parts: list[str] = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part == "..":
            if parts and parts[-1] != "..":
                parts.pop()
                continue
            if rooted:
                continue
        parts.append(part)
    text = "/".join(parts)
    return "/" + text if rooted else text or "."


def join(*elem: str) -> str:
    text = "/".join([part for part in elem if part])
    return clean(text) if text else ""


def split(path: str) -> tuple[str, str]:
    i = path.rfind("/") + 1
    return path[:i], path[i:]


def base(path: str) -> str:
    if not path:
        return "."
    path = path.rstrip("/")
    return path[path.rfind("/") + 1 :] or "/"


def dir(path: str) -> str:
    return clean(split(path)[0])


def ext(path: str) -> str:
    name = path[path.rfind("/") + 1 :]
    i = name.rfind(".")
    return name[i:] if i >= 0 else ""


def is_abs(path: str) -> bool:
    return path.startswith("/")


def _pattern(pattern: str) -> re.Pattern[str] | None:
    """Return a pattern as a regular expression; None if it is malformed."""
    out = ""
    i = 0
    while i < len(pattern):
        c = pattern[i]
        i += 1
        if c == "*":
            out += "[^/]*"
        elif c == "?":
            out += "[^/]"
        elif c == "\\":
            if i == len(pattern):
                return None
            out += re.escape(pattern[i])
            i += 1
        elif c == "[":
            found = _class(pattern, i)
            if found is None:
                return None
            text, i = found
            out += text
        else:
            out += re.escape(c)
    return re.compile(out, re.DOTALL)


def _class(pattern: str, i: int) -> tuple[str, int] | None:
    negated = pattern.startswith("^", i)
    i += negated
    ranges: list[str] = []
    while True:
        if i < len(pattern) and pattern[i] == "]" and ranges:
            break
        ends = []
        for _ in range(2):
            if i >= len(pattern) or pattern[i] in "-]":
                return None
            if pattern[i] == "\\":
                i += 1
                if i >= len(pattern):
                    return None
            ends.append(pattern[i])
            i += 1
            if i >= len(pattern):
                return None
            if pattern[i] != "-":
                break
            if len(ends) == 1:
                i += 1
        if ends[0] <= ends[-1]:
            ranges.append("-".join(f"\\U{ord(c):08x}" for c in ends))
        else:
            ranges.append("")
    inside = "".join(ranges)
    if not inside:
        return ("(?s:.)" if negated else "(?!)"), i + 1
    return f"[{'^' if negated else ''}{inside}]", i + 1


def match(pattern: str, name: str) -> tuple[bool, error]:
    compiled = _pattern(pattern)
    if compiled is None:
        return False, ErrBadPattern
    return compiled.fullmatch(name) is not None, None
