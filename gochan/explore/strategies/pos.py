"""POS: partial order sampling.

Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.  Each pending operation has a random
priority, and the highest is done.  After it, the operations that depend on it draw again: so each order of
dependent operations is about as likely as another, however many independent ones there are.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from ..points import dependent
from .base import Base

if TYPE_CHECKING:
    from ..points import Op
    from ..run import Run


class POS(Base):
    """The pending operation of the highest priority is done."""

    name = "POS"

    def __init__(self, seed: int = 0) -> None:
        self.random = random.Random(seed)
        self.begin()

    def begin(self) -> None:
        """Forget the priorities."""
        self.priority: dict[int, float] = {}

    def next(self, run: Run, ids: list[int], current: int) -> int:
        """Choose the highest priority."""
        priority = self.priority
        best, highest = 0, -1.0
        for i, id in enumerate(ids):
            mine = priority.get(id)
            if mine is None:
                mine = priority[id] = self.random.random() * (1.0 if id else 0.5)
            if mine > highest:
                best, highest = i, mine
        return best

    def case(self, run: Run, n: int) -> int:
        """Draw."""
        return self.random.randrange(n)

    def taken(self, run: Run, id: int, op: Op | None) -> None:
        """Draw again for what was done, and for what depends on it."""
        priority = self.priority
        priority.pop(id, None)
        if op is not None:
            for other, pending in run.pending.items():
                if other in priority and dependent(op, pending):
                    del priority[other]
