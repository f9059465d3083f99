"""Exhaustive search, with dynamic partial-order reduction and sleep sets.

Flanagan, Godefroid, "Dynamic Partial-Order Reduction for Model Checking Software", POPL 2005; Godefroid,
"Partial-Order Methods for the Verification of Concurrent Systems", 1996, for sleep sets; Abdulla, Aronis,
Jonsson, Sagonas, "Optimal Dynamic Partial Order Reduction", POPL 2014, for which alternative to add.

Two runs that differ only in the order of independent operations are the same.  After each run, every pair
of dependent operations that no other operation orders is a race in the sense of that paper: a run in which
they come in the other order is worth doing, and the decision before the first of them gets an alternative.
A goroutine sleeps in a run if an earlier run has done what it would do now, and nothing since depends on
that.  Each schedule is then seen once; a run in which all that could go on sleep is given up, and does not
count.

What a goroutine does between two operations touches nothing that others see, so it needs no decision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._engine.impl import Mutex
from ..operation import WAKE, dependent
from .base import Base

if TYPE_CHECKING:
    from ..operation import Op
    from ..outcome import Outcome
    from ..run import Run


# How many events of a run are compared with each other.  Longer programs have more schedules than can be run.
LONG = 1000
# After so many decisions of a run, a select does not take its first ready case any more, but one or another.
PATIENT = 100


class _Node:
    """A decision: what could have been next, and what has been tried."""

    __slots__ = ("backtrack", "chosen", "done", "enabled", "sleep")

    def __init__(self, enabled: set[int], sleep: set[int]) -> None:
        self.enabled = enabled
        # Only numbers: in each run the operations are other objects.
        self.sleep = sleep
        self.backtrack: set[int] = set()
        self.done: set[int] = set()
        self.chosen = -1


class _Event:
    """What was done at a node; clock: the last event of each goroutine that this one comes after."""

    __slots__ = ("clock", "id", "node", "op")

    def __init__(self, id: int, op: Op | None, clock: dict[int, int], node: _Node | None) -> None:
        self.id = id
        self.op = op
        self.clock = clock
        self.node = node


class Exhaustive(Base):
    """Tries every schedule once."""

    name = "exhaustive"
    every = True

    def __init__(self) -> None:
        self.nodes: list[_Node] = []
        self.exhausted = False
        self.begin()

    def begin(self) -> None:
        """Begin a run: it repeats the decisions up to the last that has an alternative left."""
        self.at = 0
        self.sleep: set[int] = set()
        self.events: list[_Event] = []
        # The clock of each goroutine's last event.
        self.clocks: dict[int, dict[int, int]] = {}
        self.runnable: set[int] = {1}
        self.node: _Node | None = None

    # --- decisions ---

    def next(self, run: Run, ids: list[int], current: int) -> int:
        """Choose as at this decision before, or the alternative; else the first that does not sleep."""
        self._woken(run, ids)
        for i, id in enumerate(ids):
            if id and id not in run.pending:
                # It goes on between two operations: that needs no decision.
                return i
        if self.at < len(self.nodes):
            node = self.nodes[self.at]
        else:
            node = _Node(set(ids), self.sleep)
            awake = [id for id in ids if id not in node.sleep]
            if not awake:
                return -1
            node.chosen = awake[0]
            node.backtrack.add(node.chosen)
            first = self._op(run, node.chosen)
            if 0 in node.enabled and first is not None and not first.data:
                # The timers may not come to fire later, so that no race with them would show.
                node.backtrack.add(0)
            self.nodes.append(node)
        self.at += 1
        self.node = node
        if node.enabled != set(ids):
            # Something besides the decisions has an effect: threads, files, the clock.
            self.repeatable = self.complete = False
            self.exhausted = True
            self.nodes.clear()
            return -1
        return ids.index(node.chosen)

    def _op(self, run: Run, id: int) -> Op | None:
        return run.pending.get(id) if id else run.tick

    def case(self, run: Run, n: int) -> int:
        """Try each case."""
        if self.at < len(self.nodes):
            node = self.nodes[self.at]
        else:
            node = _Node(set(), set())
            # The first, until the run is long: a select in a loop would never take the case that ends it.
            # Go chooses at random; this looks random, and is the same in each run.
            node.chosen = 0 if self.at < PATIENT else (self.at * 2654435761 >> 16) % n
            node.backtrack = set(range(n))
            self.nodes.append(node)
        self.at += 1
        return node.chosen

    def _woken(self, run: Run, ids: list[int]) -> None:
        """Let goroutines that have become runnable since the last event come after it.

        One that is about to do an operation has not waited: if it was left out, the lock that it wants was
        held.
        """
        last = self.events[-1] if self.events else None
        for id in ids:
            if id and id not in self.runnable:
                self.runnable.add(id)
                if last is not None and (id not in run.pending or run.pending[id].name == WAKE):
                    _join(self.clocks.setdefault(id, {}), last.clock)

    def taken(self, run: Run, id: int, op: Op | None) -> None:
        """Note an event, and where it could have come earlier."""
        node, self.node = self.node, None
        self.runnable.intersection_update(run.pending)
        self.runnable.discard(id)
        i = len(self.events)
        clock = dict(self.clocks.get(id, {}))
        if i >= LONG:
            self.complete = False
        elif op is not None:
            self._find_races(i, id, op, clock)
        clock[id] = i
        self.clocks[id] = clock
        self.events.append(_Event(id, op, clock, node))
        if node is not None:
            self.sleep = node.sleep | node.done
        if self.sleep and op is not None:
            self.sleep = {q for q in self.sleep if q != id and not dependent(self._op(run, q), op)}

    def _find_races(self, i: int, id: int, op: Op, clock: dict[int, int]) -> None:
        """Give an alternative to the decision before each event that event i could have come before.

        clock has what goroutine id has seen before, and then also what event i comes after.
        """
        # Without the unlocks that let it go on: what was done with the lock held is no reason to come later.
        free = dict(clock)
        for j in range(i - 1, -1, -1):
            event = self.events[j]
            if event.id == id or free.get(event.id, -1) >= j or not dependent(event.op, op):
                continue
            assert event.op is not None
            if op.name == "lock" and event.op.name in ("unlock", "wait") and type(op.on) is Mutex:
                # The lock cannot be taken before that.
                _join(clock, event.clock)
                continue
            self._add_alternative(j, i, id, clock)
            _join(free, event.clock)
            _join(clock, event.clock)

    def _add_alternative(self, j: int, i: int, id: int, clock: dict[int, int]) -> None:
        """Have goroutine id's event i, with this clock, come before event j in some run."""
        node = self.events[j].node
        if node is None or node.backtrack >= node.enabled:
            return
        first = self._initials(j, i, id, clock) & node.enabled
        if not first:
            # It could not have come right before that event, but maybe before an earlier one.
            node.backtrack.update(node.enabled)
        elif not first & (node.backtrack | node.sleep):
            node.backtrack.add(id if id in first else min(first))

    def _initials(self, j: int, i: int, id: int, clock: dict[int, int]) -> set[int]:
        """Return who may go first in a run of event i and what precedes it, but not event j and its effects.

        With any other alternative, a goroutine that sleeps may hide a schedule that has not been run.
        """
        later = self.events[j].id
        # By goroutine, its first event in that run.
        since: dict[int, int] = {}
        found: set[int] = set()
        for k in range(j + 1, i + 1):
            q, seen = (id, clock) if k == i else (self.events[k].id, self.events[k].clock)
            if k < i and (q == later or seen.get(later, -1) >= j):
                continue
            if q not in since:
                if all(seen.get(other, -1) < first for other, first in since.items()):
                    found.add(q)
                since[q] = k
        return found

    def end(self, outcome: Outcome) -> None:
        """Go back to the last decision that has an alternative left."""
        if not self.repeatable:
            return
        while self.nodes:
            node = self.nodes[-1]
            node.done.add(node.chosen)
            left = [q for q in sorted(node.backtrack) if q not in node.done and q not in node.sleep]
            if left:
                node.chosen = left[0]
                return
            self.nodes.pop()
        self.exhausted = True


def _join(a: dict[int, int], b: dict[int, int]) -> None:
    for id, time in b.items():
        if a.get(id, -1) < time:
            a[id] = time
