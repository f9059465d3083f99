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
    from ..operation import Op
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
        return highest(ids, self.priority, self.random.random, 0.5)

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
