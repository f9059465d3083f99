"""What strategies have in common."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..outcome import Outcome
    from ..run import Run


class Search(Protocol):
    """A strategy over many runs."""

    name: str
    # Whether every schedule has been seen.
    exhausted: bool
    # Whether it is one that sees every schedule, of this program.
    complete: bool
    # Whether the same decisions have always led to the same alternatives.
    repeatable: bool

    @property
    def every(self) -> bool:
        """Whether it is to be asked also where there is one alternative only."""
        ...

    def begin(self) -> None:
        """Begin the next run."""

    def next(self, run: Run, ids: list[int], current: int) -> int:
        """Return the index of what is next in ids; 0 is the clock.  current: the one that runs, or -1."""

    def case(self, run: Run, n: int) -> int:
        """Return which of n ready cases a select takes."""

    def end(self, outcome: Outcome) -> None:
        """Note how the run ended."""


def highest(ids: list[int], priority: dict[int, float], draw: Callable[[], float], clock: float) -> int:
    """Return the index of the highest priority.  Draw those that are missing, the clock's times `clock`."""
    best, most = 0, -inf
    for i, id in enumerate(ids):
        mine = priority.get(id)
        if mine is None:
            mine = priority[id] = draw() * (1.0 if id else clock)
        if mine > most:
            best, most = i, mine
    return best


class Base:
    """A strategy that remembers nothing."""

    name = ""
    exhausted = False
    complete = True
    repeatable = True
    # Whether it is to be asked also where there is one alternative only.
    every = False

    def begin(self) -> None:
        """Begin the next run."""

    def next(self, run: Run, ids: list[int], current: int) -> int:
        """Choose what Go would."""
        return 0

    def case(self, run: Run, n: int) -> int:
        """Choose the first case."""
        return 0

    def end(self, outcome: Outcome) -> None:
        """Forget it."""
