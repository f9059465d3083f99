"""Tokens: the decisions of a run as text, to be given to `--replay`.

`g1-SEED-D`: D has the decisions that are not 0, each as the number of zeros before it and its value, in
base 36: `g1-0-4.1-12.2` says four zeros, a 1, thirty-eight zeros, a 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_VERSION: Final = "g1"
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def _base36(n: int) -> str:
    digits = ""
    while True:
        n, rest = divmod(n, 36)
        digits = _DIGITS[rest] + digits
        if not n:
            return digits


def encode(seed: int, decisions: Sequence[int]) -> str:
    """Return the token of a run."""
    parts = [_VERSION, _base36(seed)]
    zeros = 0
    for decision in decisions:
        if decision:
            parts.append(f"{_base36(zeros)}.{_base36(decision)}")
            zeros = 0
        else:
            zeros += 1
    return "-".join(parts)


def decode(token: str) -> tuple[int, list[int]]:
    """Return the seed and the decisions of a token.  Raises `ValueError` if it is not one."""
    version, *parts = token.strip().split("-")
    try:
        if version != _VERSION or not parts:
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
            f"{token!r} is not a replay token; it is what a report shows after --replay, such as g1-0-4.1"
        ) from None
    return seed, decisions
