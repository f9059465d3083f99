"""Repeats a run by its decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .base import Base

if TYPE_CHECKING:
    from ..run import Run


class Replay(Base):
    """Repeats decisions; behind the last one, chooses what Go would.

    `misfit` is set if a decision had fewer alternatives than the one it repeats: the program is another.
    """

    name = "replay"

    def __init__(self, decisions: Sequence[int]) -> None:
        self.decisions = decisions
        self.misfit = False
        self._at = 0

    def begin(self) -> None:
        """Begin again."""
        self._at = 0
        self.misfit = False

    def _decide(self, n: int) -> int:
        index = self.decisions[self._at] if self._at < len(self.decisions) else 0
        self._at += 1
        if index >= n:
            self.misfit = True
            return 0
        return index

    def next(self, run: Run, ids: list[int], current: int) -> int:
        """Repeat a decision."""
        return self._decide(len(ids))

    def case(self, run: Run, n: int) -> int:
        """Repeat a decision."""
        return self._decide(n)
