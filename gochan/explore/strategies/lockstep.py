"""Lockstep: the goroutines take turns, with the same number of operations each.

It finds the livelocks in which goroutines hinder each other again and again: two that both give back what
they hold because the other has the rest.  With random decisions, one of them soon gets ahead.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from .base import Base

if TYPE_CHECKING:
    from ..outcome import Outcome
    from ..run import Run

# How many operations a turn has at most.
LONGEST = 3


class Lockstep(Base):
    """Goes round the goroutines and the clock, after a beginning in which one goes on until it waits.

    So those that main starts begin together.  A turn has one operation in the first run, then more.  From the
    second run on, the beginning ends at a random step.
    """

    name = "lockstep"

    def __init__(self, seed: int = 0) -> None:
        self.random = random.Random(seed)
        self.length = 0
        # How many operations a turn has.
        self.size = 0
        self.begin()

    def begin(self) -> None:
        """Draw where the turns begin, and choose how long they are."""
        self.size = self.size % LONGEST + 1
        # The last step of the beginning; None: the first one at which the goroutine that runs has to wait.
        self.start = self.random.randrange(self.length) if self.length else None
        self.begun = False
        self.last = self.taken = 0

    def next(self, run: Run, ids: list[int], current: int) -> int:
        """Choose the one whose turn it is, or else the one after it."""
        if not self.begun:
            self.begun = current < 0 if self.start is None else run.count > self.start
            if not self.begun:
                return 0
        self.taken += 1
        if self.taken < self.size and ids[0] == self.last:
            return 0
        self.taken = 0
        self.last = min((id for id in ids if id > self.last), default=min(ids))
        return ids.index(self.last)

    def end(self, outcome: Outcome) -> None:
        """Learn how long the program is."""
        self.length = outcome.length
