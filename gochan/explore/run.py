"""One run of a program, in which a strategy decides.

It decides which goroutine is next, which case a select takes, and when the clock moves.

The engine asks for every decision: at a point, before an operation, the goroutine that runs calls
`Run.point`; when it waits or ends, the hub calls `Run.choose`.  Between two decisions the program is
deterministic, so that the decisions repeat the run.  The clock is virtual: it stands still until the
strategy moves it to the next timer.

A decision is an index into the alternatives.  They are ordered so that 0 is what Go would do: go on with
the goroutine that runs, else the first of the run queue; the clock comes last, and of a select's ready
cases 0 is the first.  So the decisions of a run without any interference are all 0, and what makes a
failure short is many zeros.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from .. import run
from .._engine.impl import gosched, sched
from .._engine.program import program
from .._engine.run import cancel
from .._engine.traceback import all_stacks
from . import active
from .alternatives import PATIENCE, Alternatives
from .clocks import Clocks
from .locks import LockOrder
from .names import Names
from .operation import CLOCK, TICK, Op
from .outcome import Leak, Livelock, Outcome, kind_of
from .races import Cell
from .rules import Rules
from .steps import SHOWN, Steps, stacks
from .waits import Waits

if TYPE_CHECKING:
    from .._engine.impl import G
    from .strategies import Search

_MAIN: Final = 1
# How many steps before the limit of a run are recorded: so many that each goroutine that can run does run.
TAIL: Final = 4 * PATIENCE
# Asked for at each step, so looked up once.
_run_queue: Final = sched.run_queue
_timeout: Final = sched.timeout
# How often the clock may move after main has ended without a goroutine that can run: a ticker never ends.
_REST_LIMIT: Final = 1_000
# The waits that something outside of the program may end.
_OUTSIDE: Final = frozenset({"IO wait", "thread call", "asyncio", "syscall", "synctest.Run", "sleep"})


class Redundant(Exception):
    """The run is the same as an earlier one but for the order of independent operations."""


class Run:
    """A run; `execute` does it."""

    # For speed: each decision reads and changes many of them.
    __slots__ = (
        "_every", "_failure", "_kind", "_known", "_last", "_leaks", "_limit", "_next", "_order",
        "_path", "_planned", "_resting", "_result", "_seed", "_taken", "_waits", "alternatives", "atoms",
        "clocks", "count", "decisions", "going", "locks", "names", "operations", "pending", "races",
        "steps", "stop", "strategy",
    )  # fmt: skip

    # The clock's operation, for strategies.
    tick = TICK

    def __init__(
        self,
        strategy: Search,
        rules: Rules,
        *,
        record: bool = False,
    ) -> None:
        self.strategy = strategy
        # Asked for at each decision, so looked up once.
        self._next = strategy.next
        self._every = strategy.every
        # The steps that the strategy knows, and to which it wants the others added.
        self._path = strategy.path
        self._planned = len(self._path) if self._path is not None else 0
        self._limit = rules.max_steps
        self._seed = rules.seed
        self._leaks = rules.leaks
        self.races = rules.races
        self.decisions: list[int] = []
        # What each goroutine will do when it is chosen; not there: it goes on in the middle of its code.
        self.pending: dict[int, Op] = {}
        # How many steps there were: a decision each, where there was an alternative.
        self.count = 0
        # How often in a row the clock had to move since main has ended; 0: it has not.
        self._resting = 0
        # Whether the explorer decides: until the run ends, or is to end.
        self.going = False
        self._result: object = None
        self._failure: BaseException | None = None
        self._kind = ""
        # What those wait for that can't go on, in a line each, if the steps are recorded.
        self._waits: list[str] = []
        # What ends the run before its program does.
        self.stop: BaseException | None = None
        self.clocks = Clocks()
        self._known = self.clocks.known
        self.locks = LockOrder()
        self._taken = self.locks.taken
        self.names = Names()
        # The last steps before the limit are recorded in any case, so that a run that reaches it need not be
        # done again.
        self._last = max(0, self._limit - TAIL)
        self.alternatives = Alternatives(self.pending, self.locks, self._last or self._limit)
        # What is done, for the report; None: it is not wanted.
        self.steps = Steps() if record or not self._last else None
        # Each operation in its order: the goroutine, and the name.
        self._order: list[object] = []
        # By method of an object of gochan: what does it as an operation.
        self.operations: dict[object, Callable[..., Any]] = {}
        # What orders the atomic operations on each variable, by its owner and part.
        self.atoms: dict[tuple[int, object], Cell] = {}

    # --- the whole run ---

    def execute(self, main: Callable[[], object]) -> Outcome:
        """Run main as the main goroutine, and return how that ended."""
        if sched.main is not None:
            raise RuntimeError("explore: a program runs already; call it outside of run")
        random.setstate(_seeded(self._seed))
        seed_before = sched.random
        sched.random = 1 + self._seed % 1_000_000
        moment = sched.moment
        sched.moment = sched.now()
        sched.exploring = True
        program.explorer = self.choose
        active.current = self
        self.going = True
        try:
            run(self._main, main)
        except BaseException as exc:
            if isinstance(exc, KeyboardInterrupt):
                raise
            if isinstance(exc, SystemExit):
                # The program may end itself wherever it wants to.
                self._result = exc
            elif self._failure is None and not isinstance(exc, Redundant):
                self._fail(exc)
        finally:
            active.current = None
            self.going = False
            # They refer to the run: without them, it is freed when the search drops it.
            self.operations.clear()
            program.explorer = None
            sched.exploring = False
            sched.ready_case = 0
            sched.moment = moment
            sched.random = seed_before
        endless = self.count > self._limit
        steps = [] if self.steps is None else self.steps.taken
        return Outcome(
            self._result,
            self._failure,
            self._kind,
            self.decisions,
            hash(tuple(self._order)),
            steps[-SHOWN:] if endless else steps,
            isinstance(self.stop, Redundant),
            self.locks.cycles(),
            self.count,
            endless,
            self._waits if self._kind in ("deadlock", "leak") else [],
        )

    def _main(self, main: Callable[[], object]) -> None:
        self._result = main()
        self._rest()

    def _note_waits(self, left: list[G]) -> None:
        """Note what the goroutines wait for that can't go on."""
        if self.steps is not None:
            alive = {gp.id for gp in sched.goroutines()}
            self._waits = Waits([gp.id for gp in left], alive, self.steps.taken, self.locks.holders).lines()

    def _fail(self, exc: BaseException) -> None:
        self._failure = exc
        self._kind = kind_of(exc)

    def _rest(self) -> None:
        """Let the other goroutines go on after main has ended; those that then wait forever have leaked."""
        self._resting = 1
        me = sched.curg
        while self._leaks:
            queue = [id for id in sched.run_queue() if id != _MAIN]
            if queue:
                self._resting = 1
                chosen = self._decide(queue, -1)
                if chosen > CLOCK:
                    sched.choose(chosen)
                if chosen != CLOCK:
                    gosched()
            elif sched.timeout() >= 0:
                self._resting += 1
                if self._resting > _REST_LIMIT:
                    return
                # No step, since a ticker would use up all that a run may have.
                if self._every:
                    self._next(self, [CLOCK], -1)
                if self.steps is not None:
                    self.steps.add(CLOCK, TICK)
                sched.fire_timers()
            else:
                break
        left = [
            gp for gp in sched.goroutines() if gp is not me and gp.waiting.partition(" (")[0] not in _OUTSIDE
        ]
        if left and self._leaks:
            self._note_waits(left)
            count = "a goroutine is" if len(left) == 1 else f"{len(left)} goroutines are"
            raise Leak(f"{count} left blocked forever after main has ended\n\n{stacks(left)}")

    # --- decisions ---

    def controls(self) -> bool:
        """Return whether the caller is a goroutine of this run that may be switched."""
        return self.going and sched.curg is not None and not sched.ending

    def point(self, op: Op) -> None:
        """Let the strategy switch to another goroutine before the caller does op."""
        assert sched.curg is not None
        self.step(op, sched.curg.id)

    def step(self, op: Op, id: int) -> None:
        """Let the strategy switch to another goroutine before the caller, number id, does op."""
        if self.steps is not None:
            self.steps.at(id, sys._getframe(1))
        count = self.count
        if count < self._planned:
            # As `_decide` does, which would find the same.
            able, chosen, index = self._path[count]  # type: ignore[index] # it has so many
            if chosen == id and able == [id, *_run_queue()]:
                self.count = count + 1
                if index >= 0:
                    self.decisions.append(index)
                self._order += (id, op.name)
                return
        self.pending[id] = op
        while (chosen := self._decide([id, *_run_queue()], id)) != id:
            if chosen != CLOCK:
                if self.going:
                    sched.choose(chosen)
                gosched()
                return

    def choose(self) -> bool:
        """Choose the next goroutine when the one that ran waits or has ended; False if there is none."""
        while True:
            if self.stop is not None:
                if not sched.ending:
                    cancel(self.stop)
                return True
            queue = sched.run_queue()
            if self._resting and len(queue) > 1:
                queue = [id for id in queue if id != _MAIN]
            if not queue and sched.timeout() < 0:
                self._note_waits([gp for gp in sched.goroutines() if gp.waiting])
                return False
            chosen = self._decide(queue, -1)
            if chosen > CLOCK:
                sched.choose(chosen)
                return True

    def let_others(self) -> None:
        """Have the goroutine that runs let the others go first at the next decision."""
        assert sched.curg is not None
        self.alternatives.let_others(sched.curg.id, self.count + 1)

    def _decide(self, ids: list[int], current: int) -> int:
        """Return the next goroutine of ids, which can run; current is the one that runs, -1 if none does.

        Returns CLOCK if the clock has moved instead, -1 if the run is to end.
        """
        count = self.count = self.count + 1
        alternatives = self.alternatives
        if current < 0:
            alternatives.slice_start = count
        if count <= self._planned:
            before, id, index = self._path[count - 1]  # type: ignore[index] # it has so many
            if ids == before:
                if index >= 0:
                    self.decisions.append(index)
                op = self.pending.pop(id, None)
                if op is not None:
                    self._order += (id, op.name)
                return id
            self._planned = 0
            self.strategy.repeat_from(count - 1)
            self._path = None
        able = ids
        if not self._known.issuperset(ids):
            self._path = None
            self.clocks.begin_unknown(ids)
        if _timeout() >= 0:
            self._path = None
            ids.append(CLOCK)
        if alternatives.busy or count >= alternatives.due:
            self._path = None
            if count > self._limit:
                self.end(self._endless())
            elif count > self._last and self.steps is None:
                self.steps = Steps()
            ids = alternatives.among(ids, current, count, len(self.decisions))
        elif self._taken:
            ids = alternatives.unlocked(ids)
        index = 0
        if len(ids) > 1:
            index = self._next(self, ids, current)
            self.decisions.append(index)
        elif self._every:
            index = self._next(self, ids, current)
        if index < 0:
            self.end(Redundant())
            index = 0
        id = ids[index]
        if self._path is not None:
            self._path.append((able, id, index if len(ids) > 1 else -1))
        if alternatives.busy:
            alternatives.chosen(id)
        op = self.pending.pop(id, None) if id else TICK
        if op is not None:
            self._order += (id, op.name)
            if self.steps is not None:
                self.steps.add(id, op)
        if id == CLOCK:
            sched.fire_timers()
        return id if self.going else -1

    def _endless(self) -> Leak | Livelock:
        """Return the failure of a run that has made as many decisions as it may."""
        if not self._resting:
            return Livelock(f"goroutines still run after {self._limit} steps\n\n{all_stacks()}")
        left = [gp for gp in sched.goroutines() if gp.id != _MAIN]
        return Leak(f"main has ended, and goroutines still run after {self._limit} steps\n\n{stacks(left)}")

    def end(self, exc: BaseException) -> None:
        """Have the hub end the program with exc, at the next decision."""
        if self.stop is None:
            self.stop = exc
            self.going = False
            if not isinstance(exc, Redundant):
                self._fail(exc)


@lru_cache(1)
def _seeded(seed: int) -> Any:
    """Return the state of `random` after random.seed(seed): it takes less time to set than to compute."""
    random.seed(seed)
    return random.getstate()
