"""Which locks a goroutine held at an access, as the steps of a run show: for the reports of data races."""

from __future__ import annotations

from collections import Counter
from typing import Final

from .steps import GIVES_BACK, TAKES, Step

# The steps of the read side of a lock.
_READS: Final = frozenset({"rlock", "try_rlock", "runlock"})
_ACCESSES: Final = frozenset({"read", "write"})


def held(steps: list[Step], id: int, place: str) -> list[str]:
    """Return the locks that goroutine id held when it was last at an access in a place."""
    mine: Counter[str] = Counter()
    found: list[str] = []
    for i, step in enumerate(steps):
        lock = f"{step.on} for reading" if step.name in _READS else step.on
        if step.goroutine == id and step.name in TAKES:
            if step.name.startswith("try_") and not _gives_back(steps[i + 1 :], id, step.on):
                continue
            # A Cond has given a lock back that is taken again; only readers take one twice.
            mine[lock] = mine[lock] + 1 if step.name in _READS else 1
        elif step.name == "unlock" or (step.name == "runlock" and step.goroutine == id):
            # Whoever unlocks a lock, its holder has it no more.
            mine[lock] = max(0, mine[lock] - 1)
        elif step.goroutine == id and step.name in _ACCESSES and step.place == place:
            found = [lock for lock, times in mine.items() if times > 0]
    return found


def _gives_back(steps: list[Step], id: int, lock: str) -> bool:
    """Return whether the goroutine gives a lock back that it has tried to take: then it got it."""
    return any(step.goroutine == id and step.on == lock and step.name in GIVES_BACK for step in steps)
