"""What the goroutines that a run has left blocked wait for, and who could have ended that: for its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from .names import DONE
from .steps import GIVES_BACK, TAKES, Step

_LOCKS: Final = frozenset({"lock", "rlock"})


class Waits:
    """The waits at the end of a run."""

    def __init__(
        self, left: list[int], alive: set[int], steps: list[Step], holders: Callable[[str], Iterable[int]]
    ) -> None:
        """left are the goroutines that wait; alive those that have not ended.

        holders returns the goroutines that hold a lock, except for those that only read.
        """
        self._alive = alive
        self._holders = holders
        last = {step.goroutine: i for i, step in enumerate(steps)}
        pending = {last[id] for id in left if id in last}
        # The waits themselves, in the order of left, and what was done before.
        self._waits = [steps[last[id]] for id in left if id in last]
        self._done = [step for i, step in enumerate(steps) if i not in pending]

    def lines(self) -> list[str]:
        """Return a line for each goroutine."""
        return [line for wait in self._waits if (line := self._line(wait))]

    def _line(self, wait: Step) -> str:
        who = f"goroutine {wait.goroutine} waits in {wait.name}"
        if wait.on:
            return f"{who}: {'; '.join(self._reason(wait, on) for on in wait.on.split(', '))}"
        return f"{who}: it has no channel, so it waits forever" if wait.name == "select" else ""

    def _reason(self, wait: Step, on: str) -> str:
        """Return who holds what a goroutine waits for, or who has used it last."""
        uses = [step for step in self._done if on in step.on.split(", ")]
        held = self._held(wait, on, uses) if wait.name in _LOCKS else []
        if held:
            return f"{on} is held by {' and by '.join(held)}"
        if on.startswith(DONE):
            return f"{on} is closed when its context is canceled, which has not happened"
        others = [step for step in uses if step.goroutine != wait.goroutine]
        if others:
            step = others[-1]
            who = f"goroutine {step.goroutine}{self._ended(step.goroutine)}"
            return f"{on} was last used by {who}: {_did(step)}"
        if any(step.name == "go" for step in uses):
            # Those that a group has started need no operation of their own to leave it.
            return on
        if uses:
            return f"only the goroutine itself has used {on}: {_did(uses[-1])}"
        return f"no other goroutine has used {on}"

    def _held(self, wait: Step, on: str, uses: list[Step]) -> list[str]:
        """Return who holds a lock, and who waits to write before a reader that waits."""
        # By goroutine, where it has taken the lock without giving it back.
        taken: dict[int, list[str]] = {}
        for step in uses:
            mine = taken.setdefault(step.goroutine, [])
            if step.name in TAKES:
                mine.append(step.place)
            elif mine and step.name in GIVES_BACK:
                mine.pop()
        readers = [step.goroutine for step in uses if step.name == "rlock" and taken[step.goroutine]]
        held = [self._holder(id, wait, taken.get(id)) for id in dict.fromkeys([*self._holders(on), *readers])]
        if held and wait.name == "rlock":
            writers = [other.goroutine for other in self._waits if other.on == on and other.name == "lock"]
            held[-1] += "".join(f", and goroutine {id} waits to lock it" for id in writers[:1])
        return held

    def _holder(self, id: int, wait: Step, taken: list[str] | None) -> str:
        """Return how reports call the holder of a lock, and where it has taken it."""
        who = "the goroutine itself" if id == wait.goroutine else f"goroutine {id}{self._ended(id)}"
        return f"{who} since {taken[-1]}" if taken and taken[-1] else who

    def _ended(self, id: int) -> str:
        return "" if id in self._alive else " (ended)"


def _did(step: Step) -> str:
    """Return what was done, and where; the place is unknown if the goroutine's function is gochan's."""
    return f"{step.name} at {step.place}" if step.place else step.name
