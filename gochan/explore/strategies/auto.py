"""What to try first: a short exhaustive search, which begins with Go's own order, then a mix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .base import Search
from .exhaustive import Exhaustive
from .lockstep import Lockstep
from .pct import PCT
from .pos import POS
from .random_walk import RandomWalk

if TYPE_CHECKING:
    from ..outcome import Outcome
    from ..run import Run

# How many runs the exhaustive search gets, and how many events in all of them: enough for a small program.
# One that polls on a ticker has no end of schedules, and each is longer than the one before.
SHORT = 300
SHORT_EVENTS = 20_000
# In every so many of the other runs, the goroutines go in lockstep.
LOCKSTEP_EVERY = 20


class Auto:
    """Each strategy in its turn; ends early if the exhaustive search has seen every schedule."""

    name = "auto"

    @property
    def every(self) -> bool:
        """Whether the strategy is to be asked also where there is one alternative only."""
        return self.now.every

    @property
    def path(self) -> list[tuple[list[int], int, int]] | None:
        """The steps with which the run begins."""
        return self.now.path

    def repeat_from(self, i: int) -> None:
        """Pass it on to the strategy."""
        self.now.repeat_from(i)

    def __init__(self, seed: int = 0) -> None:
        self.exhausted = False
        self.complete = True
        self.repeatable = True
        self.exhaustive = Exhaustive()
        self.mix: list[Any] = [POS(seed), PCT(seed + 1), RandomWalk(seed + 2), POS(seed + 3)]
        self.lockstep = Lockstep(seed + 4)
        # How many runs there were, and how many of them were not the exhaustive search's.
        self.count = -1
        self.mixed = 0
        self.events = 0
        self.now: Search = self.exhaustive

    def begin(self) -> None:
        """Begin the next run with the strategy whose turn it is."""
        self.count += 1
        if self.count < SHORT and self.events < SHORT_EVENTS and self.complete:
            self.now = self.exhaustive
        else:
            in_step = self.mixed % LOCKSTEP_EVERY == 0
            self.now = self.lockstep if in_step else self.mix[self.count % len(self.mix)]
            self.mixed += 1
        self.now.begin()

    def next(self, run: Run, ids: list[int], current: int) -> int:
        """Ask the strategy."""
        return self.now.next(run, ids, current)

    def case(self, run: Run, n: int) -> int:
        """Ask the strategy."""
        return self.now.case(run, n)

    def end(self, outcome: Outcome) -> None:
        """Pass it on to the strategy."""
        self.now.end(outcome)
        if self.now is self.exhaustive:
            self.events += self.exhaustive.count
        self.repeatable = self.exhaustive.repeatable
        self.complete = self.exhaustive.complete
        self.exhausted = self.exhaustive.exhausted and self.complete
