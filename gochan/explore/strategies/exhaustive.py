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

The papers have no yields: here a goroutine that yields lets the other ones run first.  As long as no schedule
is missed by that, a yield is no operation: it may come anywhere.  If a run shows that a goroutine should have
run right after its yield, the search begins again, and a yield depends on every operation of the other ones.

A run repeats the one before it up to the decision that is to differ.  The events until then are the same, so
what is known about them is kept, and only the events after it are compared.  As long as only operations
decide which goroutines can run, the run repeats its steps without asking the strategy: see `Search.path`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from ..clocks import WHOLE
from ..operation import ANYTHING, CLOCK, EVERYTHING, WAKE, dependent
from .base import Base

if TYPE_CHECKING:
    from ..operation import Op
    from ..outcome import Outcome
    from ..run import Run


# How many events of a run are compared with each other.  Longer programs have more schedules than can be run.
LONG = 1000
_NOBODY: Final[frozenset[int]] = frozenset()
# After so many decisions of a run, a select does not take its first ready case any more, but one or another.
PATIENT = 100
# Of a location that a goroutine has not touched: see `Exhaustive.touched`.
_NEVER: Final = -1, -1
_FIRST: Final = itemgetter(0)


class _Node:
    """A decision: what could have been next, what has been tried, and what was known before it."""

    __slots__ = (
        "backtrack", "chosen", "clocks", "count", "done", "ids", "of_case", "sleep", "woken", "yielded",
    )  # fmt: skip

    def __init__(self, ids: Sequence[int], search: Exhaustive, *, of_case: bool = False) -> None:
        self.ids = ids
        # Whether it is about a select's case, and not about a goroutine.
        self.of_case = of_case
        # What is to be tried; what has been, or need not be, since a goroutine that sleeps has run next in
        # another run.
        self.backtrack: set[int] = set()
        self.done = search.sleep
        self.chosen = -1
        # How many events there were, and what was known: see `search`.
        self.count = search.count
        self.clocks = search.clocks.copy()
        self.woken = search.woken
        self.yielded = search.yielded
        self.sleep = search.sleep


class _Event:
    """What was done at a node; clock: the last event of each goroutine that this one comes after."""

    __slots__ = ("before", "clock", "id", "ids", "index", "left_out", "node", "op", "yielded")

    def __init__(
        self, id: int, ids: list[int], op: Op | None, clock: dict[int, int], node: _Node | None
    ) -> None:
        self.id = id
        # What there was to choose from, and where in it is what was chosen.
        self.ids = ids
        self.index = 0
        # None: the code between operations.
        self.op = op
        self.clock = clock
        self.node = node
        # By location that this event touches, what `Exhaustive.touched` had of its goroutine before.
        self.before: dict[object, tuple[int, int]] = {}
        # The goroutines that could have been next, but had to let other ones run first; those of them that
        # had yielded.
        self.left_out = self.yielded = _NOBODY


class Exhaustive(Base):
    """Tries every schedule once.

    Clocks are shared among goroutines' last events and the decisions after them: none is changed any more.
    """

    name = "exhaustive"
    every = True

    def __init__(self) -> None:
        self.exhausted = False
        # Whether yields are operations, and whether it has turned out that they have to be.
        self.fair = False
        self.unfair = False
        self._restart()
        self.begin()

    def _restart(self) -> None:
        """Begin the search."""
        # The decisions of the run, those of them that are about cases, and its events.
        self.nodes: list[_Node] = []
        self.cases: list[_Node] = []
        self.events: list[_Event] = []
        # The first steps of the run, which are the events at the same indices.
        self.path: list[tuple[list[int], int, int]] = []
        # By location and goroutine, the last event that touches it, and the last that changes it.
        self.touched: dict[object, dict[int, tuple[int, int]]] = {}
        # Whether an event has touched what concerns all others.
        self.wide = False
        # The clock of each goroutine's last event.
        self.clocks: dict[int, dict[int, int]] = {}
        # The goroutines that were woken in a wait and have not run since; those whose last event is a yield.
        self.woken = _NOBODY
        self.yielded = _NOBODY
        # The goroutines that sleep.
        self.sleep = _NOBODY

    def begin(self) -> None:
        """Begin a run: it repeats the decisions up to the last that has an alternative left."""
        # How many events there were in this run, but for the steps that it repeats without asking; how many
        # events it repeats, and after these the decision that is to differ, if it is about a goroutine.
        self.count = len(self.path)
        self.repeated = len(self.events)
        self.differs = self.nodes[-1] if self.nodes and not self.nodes[-1].of_case else None
        # How many decisions about cases there were.
        self.asked = 0

    def repeat_from(self, i: int) -> None:
        """Be asked from event i on, though the steps of `path` are more."""
        self.count = i

    # --- decisions ---

    def next(self, run: Run, ids: list[int], current: int) -> int:
        """Choose as at this decision before, or the alternative; else the first that does not sleep."""
        i = self.count
        if i < self.repeated:
            self.count = i + 1
            event = self.events[i]
            return event.index if event.ids == ids else self._index(event, ids)
        node = self.differs
        if node is None:
            node, id = self._new_node(run, ids)
        else:
            self.differs = None
            id = node.chosen
            if set(node.ids) != set(ids):
                return self._give_up()
        event = self._add_event(run, id if id >= 0 else ids[0], ids, node)
        self.count = i + 1
        if id < 0:
            return -1
        event.index = ids.index(id)
        return event.index

    def _index(self, event: _Event, ids: list[int]) -> int:
        """Return which of ids, which were others or in another order, is what was done in event."""
        if event.id not in ids or (event.node is not None and set(event.node.ids) != set(ids)):
            return self._give_up()
        return ids.index(event.id)

    def _new_node(self, run: Run, ids: list[int]) -> tuple[_Node | None, int]:
        """Decide for the first time; None: there is no choice, and -1: all that could be next sleep."""
        pending = run.pending
        between = -1
        for id in ids:
            op = pending.get(id)
            if op is None and id:
                if between < 0:
                    between = id
                if id not in self.yielded:
                    self._wake(id)
            elif op is not None and op.name == WAKE and id not in self.woken:
                # One that is about to do any other operation has not waited: if it was left out, the lock
                # that it wants was held.
                self.woken |= {id}
                self._wake(id)
        if between > 0:
            # It goes on between two operations: that needs no decision.
            return None, between
        id = next((id for id in ids if id not in self.sleep), -1) if self.sleep else ids[0]
        if id < 0 and run.alternatives.busy:
            self._miss(run.alternatives.left_out - self.sleep, self.yielded)
        if id < 0 or len(ids) == 1:
            return None, id
        node = _Node(ids, self)
        node.chosen = id
        node.backtrack.add(id)
        if ids[-1] == CLOCK != id and not pending[id].data:
            # The timers may not come to fire later, so that no race with them would show.
            node.backtrack.add(CLOCK)
        self.nodes.append(node)
        return node, id

    def _give_up(self) -> int:
        """End the search: something besides the decisions has an effect: threads, files, the clock."""
        self.repeatable = self.complete = False
        self.exhausted = True
        self._restart()
        self.repeated = 0
        return -1

    def case(self, run: Run, n: int) -> int:
        """Try each case."""
        i = self.asked
        self.asked = i + 1
        if i < len(self.cases):
            return self.cases[i].chosen
        at = len(self.nodes)
        node = _Node(range(n), self, of_case=True)
        # The first, until the run is long: a select in a loop would never take the case that ends it.
        # Go chooses at random; this looks random, and is the same in each run.
        node.chosen = 0 if at < PATIENT else (at * 2654435761 >> 16) % n
        node.backtrack = set(range(n))
        node.done = _NOBODY
        self.nodes.append(node)
        self.cases.append(node)
        return node.chosen

    # --- events ---

    def _wake(self, id: int) -> None:
        """Let goroutine id, which has waited, come after the last event."""
        if self.events:
            clock = self.clocks[id].copy() if id in self.clocks else {}
            _join(clock, self.events[-1].clock)
            self.clocks[id] = clock

    def _add_event(self, run: Run, id: int, ids: list[int], node: _Node | None) -> _Event:
        """Note an event, and where it could have come earlier."""
        op = self._operation(run, id)
        i = self.count
        clock = self.clocks[id].copy() if id in self.clocks else {}
        event = _Event(id, ids, op, clock, node)
        if run.alternatives.busy:
            event.left_out = run.alternatives.left_out
            event.yielded = event.left_out & self.yielded
        if id in self.woken:
            self.woken -= {id}
        if id in self.yielded:
            self.yielded -= {id}
        if id and (now := run.pending.get(id)) is not None and now.key == EVERYTHING:
            self.yielded |= {id}
        if i >= LONG:
            self.complete = False
        elif op is not None:
            self._find_races(i, id, op, clock)
            self._touch(i, op, event)
        clock[id] = i
        self.clocks[id] = clock
        self.events.append(event)
        if node is not None:
            self.sleep = node.done
        if self.sleep and op is not None:
            self.sleep = frozenset(
                q for q in self.sleep if q != id and not dependent(self._operation(run, q), op)
            )
        return event

    def _operation(self, run: Run, id: int) -> Op | None:
        """Return what a goroutine, or the clock, will do when it is chosen; None: no operation."""
        op = run.pending.get(id) if id else run.tick
        return None if op is not None and op.key == EVERYTHING and not self.fair else op

    def _touch(self, i: int, op: Op, event: _Event) -> None:
        """Note that event i does op."""
        for location in _locations(op):
            touched = self.touched.setdefault(location, {})
            before = event.before[location] = touched.get(event.id, _NEVER)
            touched[event.id] = i, i if op.writes else before[1]
        self.wide = self.wide or op.key in (ANYTHING, EVERYTHING)

    def _return_to(self, node: _Node) -> None:
        """Know what was known before a decision, and no more."""
        self.clocks = node.clocks.copy()
        self.woken = node.woken
        self.yielded = node.yielded
        self.sleep = node.sleep
        for event in reversed(self.events[node.count :]):
            for location, before in event.before.items():
                self.touched[location][event.id] = before
        del self.events[node.count :]
        del self.path[node.count :]

    def _earlier(self, id: int, op: Op) -> Iterator[int]:
        """Yield the last event of each other goroutine on which op depends, the last first.

        The goroutine's earlier events come before that one.  If it frees the lock that op takes, the one
        before it matters, too.
        """
        events = self.events
        if op.key in (ANYTHING, EVERYTHING):
            for j in reversed(range(self.count)):
                earlier = events[j].op
                if dependent(earlier, op):
                    yield j
                    if earlier is not None and earlier.key in (op.key, EVERYTHING):
                        return
            return
        # A read depends on no other.
        kind = 0 if op.writes else 1
        found = [
            (pair[kind], location)
            for location in self._concerning(op)
            if location in self.touched
            for q, pair in self.touched[location].items()
            if q != id and pair[kind] >= 0
        ]
        while found:
            if len(found) > 1:
                found.sort(key=_FIRST)
            j, location = found.pop()
            yield j
            event = events[j]
            if _frees(event.op, op) and event.before[location][kind] >= 0:
                found.append((event.before[location][kind], location))

    def _concerning(self, op: Op) -> Sequence[object]:
        """Return the locations that the operations touch on which op depends."""
        if op.data:
            place: Any = op.keys[0]
            owner, part = place
            found: tuple[object, ...] = ((owner,),) if part == WHOLE else (place, (owner, WHOLE))
            return (*found, EVERYTHING) if self.fair else found
        return (*op.keys, ANYTHING, EVERYTHING) if self.wide else op.keys

    def _find_races(self, i: int, id: int, op: Op, clock: dict[int, int]) -> None:
        """Give an alternative to the decision before each event that event i could have come before.

        clock has what goroutine id has seen before, and then also what event i comes after.
        """
        # Without the unlocks that let it go on: what was done with the lock held is no reason to come later.
        free = clock if op.lock is None else clock.copy()
        events = self.events
        for j in self._earlier(id, op):
            event = events[j]
            if event.id == id or free.get(event.id, -1) >= j:
                continue
            if _frees(event.op, op):
                # The lock cannot be taken before that.
                _join(clock, event.clock)
                continue
            self._add_alternative(j, i, id, clock)
            _join(clock, event.clock)
            if free is not clock:
                _join(free, event.clock)

    def _add_alternative(self, j: int, i: int, id: int, clock: dict[int, int]) -> None:
        """Have goroutine id's event i, with this clock, come before event j in some run."""
        event = self.events[j]
        node = event.node
        left_out = event.left_out
        if not left_out and (node is None or node.backtrack.issuperset(node.ids)):
            return
        initials = self._initials(j, i, id, clock)
        first = initials.intersection(node.ids) if node is not None else _NOBODY
        if not first:
            self._miss(left_out & initials, event.yielded)
        if node is None:
            return
        if not first:
            # It could not have come right before that event, but maybe before an earlier one.
            node.backtrack.update(node.ids)
        elif not first & (node.backtrack | node.done):
            node.backtrack.add(id if id in first else min(first))

    def _miss(self, missed: frozenset[int], yielded: Set[int]) -> None:
        """Note that one of `missed` should have been next, but had to let others go first."""
        if not missed <= yielded:
            # A time slice was over.
            self.complete = False
        elif missed:
            self.unfair = True

    def _initials(self, j: int, i: int, id: int, clock: dict[int, int]) -> set[int]:
        """Return which goroutines may run first in a run without event j.

        That is a run of event i and of what precedes it, but not of event j and its effects.
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
        if self.unfair and not self.fair:
            self.fair = True
            self._restart()
            return
        while self.nodes:
            node = self.nodes[-1]
            node.done |= {node.chosen}
            left = node.backtrack - node.done
            if left:
                node.chosen = min(left)
                self._return_to(node)
                return
            self.nodes.pop()
            if node.of_case:
                self.cases.pop()
        self.exhausted = True


def _locations(op: Op) -> Sequence[object]:
    """Return what op touches: of data, the part, and its owner."""
    if not op.data:
        return op.keys
    place: Any = op.keys[0]
    return place, place[:1]


def _frees(earlier: Op | None, op: Op) -> bool:
    """Return whether one operation frees the lock that another takes."""
    return op.lock is not None and earlier is not None and earlier.name in ("unlock", "wait")


def _join(a: dict[int, int], b: dict[int, int]) -> None:
    for id, time in b.items():
        if a.get(id, -1) < time:
            a[id] = time
