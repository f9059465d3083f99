"""PCT: random priorities, with d - 1 changes at random steps.

Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of
Finding Bugs", ASPLOS 2010.  A bug of depth d, one that needs d orderings, is found with a probability of at
least 1 / (n * k ** (d - 1)) for n goroutines and k steps.

The paper has no yields: here a goroutine that yields falls behind all others.  Otherwise two that wait in
loops would let each other go again and again, and the one that they wait for would hardly run.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from ..operation import EVERYTHING
from .base import Base, highest

if TYPE_CHECKING:
    from ..outcome import Outcome
    from ..run import Run


class PCT(Base):
    """The goroutine of the highest priority runs; at change points it falls behind all others."""

    name = "PCT"

    def __init__(self, seed: int = 0) -> None:
        self.random = random.Random(seed)
        self.length = 20
        self.begin()

    def begin(self) -> None:
        """Draw the steps at which priorities change."""
        depth = 2 + self.random.randrange(3)
        self.priority: dict[int, float] = {}
        self.changes = {self.random.randrange(self.length) for _ in range(depth - 1)}
        self.low = 0.0

    def next(self, run: Run, ids: list[int], current: int) -> int:
        """Choose the highest priority."""
        if current > 0 and run.pending[current].key == EVERYTHING:
            self._fall_behind(current)
        best = self._highest(ids)
        step = run.count - 1
        if step in self.changes:
            self.changes.discard(step)
            self._fall_behind(ids[best])
            best = self._highest(ids)
        return best

    def _fall_behind(self, id: int) -> None:
        self.low -= 1.0
        self.priority[id] = self.low

    def _highest(self, ids: list[int]) -> int:
        return highest(ids, self.priority, self.random.random, 0.3)

    def case(self, run: Run, n: int) -> int:
        """Draw."""
        return self.random.randrange(n)

    def end(self, outcome: Outcome) -> None:
        """Learn how long the program is."""
        self.length = max(2, outcome.length)
