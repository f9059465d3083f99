"""The strategies: how to decide which goroutine is next, so that bugs show in few runs."""

from collections.abc import Callable
from typing import Final

from .auto import Auto
from .base import Search
from .exhaustive import Exhaustive
from .pct import PCT
from .pos import POS
from .random_walk import RandomWalk
from .replay import Replay

# By the names that users give.
STRATEGIES: Final[dict[str, Callable[[int], Search]]] = {
    "auto": Auto,
    "exhaustive": lambda seed: Exhaustive(),
    "pct": PCT,
    "pos": POS,
    "random": RandomWalk,
}

__all__ = ["PCT", "POS", "STRATEGIES", "Auto", "Exhaustive", "RandomWalk", "Replay", "Search"]
