"""What a search and the repetition of a run have in common."""

from __future__ import annotations

from typing import Final, NamedTuple


class Rules(NamedTuple):
    """How each run is done, and what is a failure: the arguments of `explore.check`, by name."""

    seed: int = 0
    max_steps: int = 200_000
    leaks: bool = True
    races: bool = True


DEFAULT: Final = Rules()
