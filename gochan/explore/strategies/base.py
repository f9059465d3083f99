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

    @property
    def path(self) -> list[tuple[list[int], int, int]] | None:
        """The steps that begin the run, which it does without asking; it adds those that it does after them.

        Each is who could run, who was next, and the decision, -1 for none.  A run adds no more once something
        else besides the operations has an effect on who may be next.  None: the strategy is always asked.
        """
        ...

    def repeat_from(self, i: int) -> None:
        """Be asked from step i of the path on: another goroutine could run there than in the path."""

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
    path: list[tuple[list[int], int, int]] | None = None

    def repeat_from(self, i: int) -> None:
        """Without a path, there is nothing to do."""

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
