"""What was done in a run, and where in the program: for its report."""

from __future__ import annotations

from types import FrameType
from typing import Final, NamedTuple

from .._engine.impl import G, sched
from .._engine.traceback import all_stacks, user_frame
from ..time import duration_string
from .operation import CLOCK, Op

# The steps that take a lock, if it is free, and those that give it back.
TAKES: Final = frozenset({"lock", "try_lock", "rlock", "try_rlock"})
GIVES_BACK: Final = frozenset({"unlock", "runlock"})

# How many of the last steps a report shows; of a run that reached the limit, no more are kept.
SHOWN: Final = 40


class Step(NamedTuple):
    """What a goroutine did, for the report."""

    goroutine: int
    # The function, and the file and line, in the program itself; "" if unknown.
    function: str
    place: str
    # What it did: the name of the operation, and what it was done on; "": reports don't show that.
    name: str
    on: str = ""

    @property
    def what(self) -> str:
        """What it did, as text."""
        return f"{self.name} {self.on}" if self.on else self.name


class Steps:
    """The steps of a run, as they are taken."""

    __slots__ = ("_places", "taken")

    def __init__(self) -> None:
        self.taken: list[Step] = []
        # By goroutine, where it was when it came to its operation.
        self._places: dict[int, tuple[str, str]] = {}

    def at(self, id: int, frame: FrameType) -> None:
        """Note where goroutine id is, which is about to do an operation."""
        self._places[id] = place_of(frame)

    def add(self, id: int, op: Op) -> None:
        """Note that goroutine id, or the clock, does an operation now."""
        if id == CLOCK:
            ahead = sched.timeout()
            later = f", {duration_string(ahead / 1e9)} later" if ahead > 0 else ""
            self.taken.append(Step(CLOCK, "", "", op.name + later))
            return
        function, place = self._places.get(id, ("", ""))
        self.taken.append(Step(id, function, place, op.name, op.on))


def where(frame: FrameType | None) -> tuple[str, int, str]:
    """Return the file, line and function of the innermost frame of the program; "" and 0 if there is none."""
    found = user_frame(frame)
    return (
        ("", 0, "") if found is None else (found.f_code.co_filename, found.f_lineno, found.f_code.co_qualname)
    )


def place_of(frame: FrameType | None) -> tuple[str, str]:
    """Return the innermost function of the program that a frame is in, and the file and line."""
    file, line, function = where(frame)
    return function, at(file, line)


def at(file: str, line: int) -> str:
    """Return a place as the steps show it; "" if it is unknown."""
    return f"{file.rpartition('/')[2]}:{line}" if line else ""


def stacks(goroutines: list[G]) -> str:
    """Return the stacks of some goroutines, as text."""
    wanted = {f"goroutine {gp.id} [" for gp in goroutines}
    parts = all_stacks().rstrip("\n").split("\n\n")
    return "\n\n".join(part for part in parts if part.startswith(tuple(wanted)))
