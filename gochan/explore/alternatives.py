"""Who may be next: what a strategy chooses from.

Those are the goroutines that can run, and the clock if there is a timer, except for three kinds:

- one that has yielded, or has used up its time slice, until another has made a step: otherwise a loop that
  waits for the others would never end.  If all goroutines have, time passes;
- one that wants a lock that is held: it cannot go on, and to let it queue is the same as to let it come
  later;
- all but those that others have been preferred to for long: a strategy that always prefers others would make
  a livelock of any loop on a ticker.

At least one always remains.  The clock, if it is there, is the last.
"""

from __future__ import annotations

from typing import Final

from .locks import LockOrder
from .operation import CLOCK, Op

# How many decisions in a row may go on with one goroutine while others can run: Go's time slice.
SLICE: Final = 200
# After how many decisions one that could have run all the time does.
PATIENCE: Final = 500


class Alternatives:
    """Who may be next in a run."""

    __slots__ = (
        "_limit", "_locks", "_next_check", "_overdue", "_passed_over", "_pending", "_yielded", "busy", "due",
        "left_out", "slice_start",
    )  # fmt: skip

    def __init__(self, pending: dict[int, Op], locks: LockOrder, limit: int) -> None:
        self._pending = pending
        self._locks = locks
        # Who lets the others go first.
        self._yielded: set[int] = set()
        # Who has been able to run since this was last looked at; who is to run now; when to look again.
        self._passed_over: set[int] = set()
        self._overdue: set[int] = set()
        self._next_check = PATIENCE
        # Whether one of these sets has a member, and the first step at which one may get a member: only then
        # does `among` have to be called.
        self.busy = False
        # Who was able to run, but left out of the alternatives.  Valid only while `busy`.
        self.left_out: frozenset[int] = frozenset()
        self._limit = limit
        self.due = min(SLICE, limit)
        # The step at which the time slice of the goroutine that runs began.
        self.slice_start = 0

    def let_others(self, id: int, count: int) -> None:
        """Note that goroutine id, which runs, lets the others go first, from step `count` on."""
        self.slice_start = count
        self._yielded.add(id)
        self.busy = True

    def among(self, ids: list[int], current: int, count: int, decided: int) -> list[int]:
        """Return those of ids that may be next, at step `count`.

        current is the one that runs, or -1; decided says how many decisions there were.
        """
        if current >= 0 and count - self.slice_start > SLICE:
            self.let_others(current, count)
        able = ids
        if self._yielded:
            ids = self._fair(ids, current)
        if self._overdue or decided >= self._next_check:
            ids = self._patient(ids, decided)
        self.left_out = frozenset(able).difference(ids) if len(ids) < len(able) else frozenset()
        self.busy = bool(self._yielded or self._passed_over)
        # In a step, there may be a decision about who is next, and one about a select's case.
        due = min(self.slice_start + SLICE, count + (self._next_check - decided) // 2, self._limit)
        self.due = max(count + 1, due)
        return self.unlocked(ids)

    def chosen(self, id: int) -> None:
        """Note that id is next."""
        # The others see what this one does.
        self._yielded &= {id}
        self._passed_over.discard(id)
        self._overdue.discard(id)
        self.busy = bool(self._yielded or self._passed_over)

    def _fair(self, ids: list[int], current: int) -> list[int]:
        eager = [id for id in ids if id not in self._yielded and not self._is_locked_out(id)]
        if eager:
            return eager
        self._yielded.clear()
        return [*ids[1:], *ids[:1]] if current >= 0 else ids

    def _patient(self, ids: list[int], decided: int) -> list[int]:
        able = {id for id in ids if not self._is_locked_out(id)}
        if decided >= self._next_check and (len(ids) > 1 or ids[0] == CLOCK):
            self._next_check = decided + PATIENCE
            self._overdue = self._passed_over & able
            self._passed_over = able
        return [id for id in ids if id in self._overdue and id in able] or ids

    def unlocked(self, ids: list[int]) -> list[int]:
        """Return those of ids that do not want a lock that is held; all, if all goroutines among them do."""
        taken = self._locks.taken
        if not taken or len(ids) == 1:
            return ids
        pending = self._pending
        free = []
        for id in ids:
            op = pending.get(id)
            if op is None or op.lock not in taken:
                free.append(id)
        return free if free and free[0] != CLOCK else ids

    def _is_locked_out(self, id: int) -> bool:
        return id in self._pending and self._pending[id].lock in self._locks.taken
