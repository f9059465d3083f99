"""Tokens: the decisions of a run as text, to be given to `--replay`.

`g1-SEED-D`: D has the decisions that are not 0, each as the number of zeros before it and its value, in
base 36: `g1-0-4.1-12.2` says four zeros, a 1, thirty-eight zeros, a 2.

`g1z-SEED-TEXT` is a longer one: TEXT is D, compressed by zlib, in base 64.  A run that goes round in a loop
makes the same few decisions thousands of times; compressed, they take little room.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from typing import Final

_VERSION: Final = "g1"
_PACKED: Final = "g1z"
# How many characters of decisions are not worth compressing.
_SHORT: Final = 100
# How many bytes a compressed token may have in full.
_MOST: Final = 100_000_000
# What base 64 has besides letters and digits; not "-", which separates.
_MORE_DIGITS: Final = b"._"
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def _base36(n: int) -> str:
    digits = ""
    while True:
        n, rest = divmod(n, 36)
        digits = _DIGITS[rest] + digits
        if not n:
            return digits


def _pack(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode(), 9), _MORE_DIGITS).decode().rstrip("=")


def _unpack(text: str) -> str:
    """Return the text that was packed.  Raises `ValueError` if none was."""
    packed = base64.b64decode(text + "=" * (-len(text) % 4), _MORE_DIGITS, validate=True)
    try:
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(packed, _MOST)
    except zlib.error as error:
        raise ValueError(text) from error
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError(text)
    return plain.decode()


def encode(seed: int, decisions: Sequence[int]) -> str:
    """Return the token of a run."""
    parts: list[str] = []
    zeros = 0
    for decision in decisions:
        if decision:
            parts.append(f"{_base36(zeros)}.{_base36(decision)}")
            zeros = 0
        else:
            zeros += 1
    text = "-".join(parts)
    if len(text) > _SHORT:
        return f"{_PACKED}-{_base36(seed)}-{_pack(text)}"
    return "-".join([_VERSION, _base36(seed), *parts])


def decode(token: str) -> tuple[int, list[int]]:
    """Return the seed and the decisions of a token.  Raises `ValueError` if it is not one."""
    version, *parts = token.strip().split("-")
    try:
        if version == _PACKED and len(parts) == 2:
            parts[1:] = _unpack(parts[1]).split("-")
        elif version != _VERSION or not parts:
            raise ValueError
        seed = int(parts[0], 36)
        decisions: list[int] = []
        for part in parts[1:]:
            zeros, dot, value = part.partition(".")
            if not dot or len(zeros) > 6 or int(value, 36) < 1 or int(zeros, 36) < 0 or seed < 0:
                raise ValueError
            decisions += [0] * int(zeros, 36)
            decisions.append(int(value, 36))
    except ValueError:
        raise ValueError(
            f"{token!r} is not a replay token; give the text that a report shows after --replay, "
            "such as g1-0-4.1"
        ) from None
    return seed, decisions
