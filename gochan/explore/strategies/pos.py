"""POS: partial order sampling.

Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.  Each pending operation has a random
priority, and the highest is done.  After it, the operations that depend on it draw again: so each order of
dependent operations is about as likely as another, however many independent ones there are.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from ..operation import dependent
from .base import Base, highest

if TYPE_CHECKING:
    from ..run import Run


class POS(Base):
    """The pending operation of the highest priority is done."""

    name = "POS"
    every = True

    def __init__(self, seed: int = 0) -> None:
        self.random = random.Random(seed)
        self.draw = self.random.random
        self.begin()

    def begin(self) -> None:
        """Forget the priorities."""
        self.priority: dict[int, float] = {}

    def next(self, run: Run, ids: list[int], current: int) -> int:
        """Choose the highest priority; draw again for what depends on what is done."""
        priority = self.priority
        index = highest(ids, priority, self.draw, 0.5) if len(ids) > 1 else 0
        id = ids[index]
        priority.pop(id, None)
        pending = run.pending
        op = pending.get(id) if id else run.tick
        if op is not None:
            for other in list(priority):
                if dependent(op, pending.get(other)):
                    del priority[other]
        return index

    def case(self, run: Run, n: int) -> int:
        """Draw."""
        return self.random.randrange(n)
