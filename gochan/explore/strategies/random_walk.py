"""A random walk: each decision is drawn at random.

It finds most bugs that need one switch at a place that is passed often.  The chance of a bug that needs
several switches at certain places falls with each of them, and with the length of the program.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from .base import Base

if TYPE_CHECKING:
    from ..run import Run

# How likely the clock moves while goroutines can run: seldom, since each timer changes much.
CLOCK_CHANCE = 0.1


class RandomWalk(Base):
    """Draws each decision; keeps to the goroutine that runs half of the time."""

    name = "random walk"

    def __init__(self, seed: int = 0) -> None:
        self.random = random.Random(seed)
        self.draw = self.random.random

    def next(self, run: Run, ids: list[int], current: int) -> int:
        """Draw."""
        draw = self.draw
        n = len(ids)
        if ids[-1] == 0:
            if draw() < CLOCK_CHANCE:
                return n - 1
            n -= 1
        if current >= 0 and draw() < 0.5:
            return 0
        return int(draw() * n)

    def case(self, run: Run, n: int) -> int:
        """Draw."""
        return self.random.randrange(n)
