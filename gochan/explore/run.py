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
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .. import Deadlock, run
from .._engine.impl import Case, Chan, G, Mutex, RLocker, RWMutex, WaitGroup, count_ready, gosched, sched
from .._engine.program import program
from .._engine.run import cancel
from .._engine.traceback import all_stacks, is_engine
from . import points
from .clocks import BEFORE, Access, Clocks
from .locks import LockOrder
from .points import ANYTHING, CLOCK_KEY, WAKE, Op
from .strategies.base import Base

if TYPE_CHECKING:
    from .strategies import Search

# The id under which strategies see the clock; goroutines count from 1.
CLOCK: Final = 0
# The clock's operation.
TICK: Final = Op("timers fire", (ANYTHING,), True)
MAIN: Final = 1
# How many decisions in a row may go on with one goroutine while others can run: Go's time slice.
SLICE: Final = 200
# After how many decisions one that could have run all the time does: a strategy that always prefers others
# would make a livelock of any loop on a ticker.
PATIENCE: Final = 500
# How much time passes in a select that takes its default: a loop that polls must see time pass.
POLL_NS: Final = 10_000
# How often the clock may move after main has ended without a goroutine that can run: a ticker never ends.
REST_LIMIT: Final = 1_000
# The operations that may start goroutines.
_STARTS: Final = frozenset({"go", "library", "after_func"})
# The waits that something outside of the program may end.
_OUTSIDE: Final = frozenset({"IO wait", "thread call", "asyncio", "syscall", "synctest.Run", "sleep"})


class Livelock(RuntimeError):
    """The run made more decisions than it may: goroutines run, and never get done.

    >>> from gochan import explore, runtime
    >>> def main() -> None:
    ...     while True:
    ...         runtime.gosched()
    >>> try:
    ...     explore.check(main, max_steps=100)
    ... except explore.Found as found:
    ...     print(repr(found.__cause__)[:46])
    Livelock('goroutines still run after 100 steps
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message)


class Leak(RuntimeError):
    """Goroutines were left blocked when main had ended and nothing could run any more.

    >>> from gochan import Chan, explore, go
    >>> def main() -> None:
    ...     go(Chan[int]().recv)
    >>> try:
    ...     explore.check(main)
    ... except explore.Found as found:
    ...     print(str(found.__cause__).splitlines()[0])
    a goroutine is left blocked forever after main has ended
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message)


class DataRace(RuntimeError):
    """Two goroutines use the same data, one of them writes, and nothing orders them.

    >>> from gochan import explore, go
    >>> def main() -> None:
    ...     data = [0]
    ...     @go
    ...     def _() -> None:
    ...         data[0] = 1
    ...     assert data[0] in (0, 1)
    >>> try:
    ...     explore.check(main)
    ... except explore.Found as found:
    ...     print(str(found.__cause__).splitlines()[0])
    a race on list[0]: nothing orders these two
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message)


class Redundant(Exception):
    """The run is the same as an earlier one but for the order of independent operations."""


def kind_of(exc: BaseException) -> str:
    """Return what a failure is called; an exception that is none of `_KINDS` is a panic."""
    return next((kind for type_, kind in _KINDS if isinstance(exc, type_)), "panic")


# What failures are called.
_KINDS: Final = (
    (Deadlock, "deadlock"),
    (AssertionError, "assertion"),
    (Livelock, "livelock"),
    (Leak, "leak"),
    (DataRace, "race"),
)


class Step(NamedTuple):
    """What a goroutine did, for the report."""

    goroutine: int
    # The function and the place of the program's own line, "" if unknown.
    function: str
    place: str
    what: str


class Outcome(NamedTuple):
    """How a run ended."""

    # What main returned, or the SystemExit that it raised.
    result: object
    # The exception that is the failure; None: there is none.
    failure: BaseException | None
    kind: str
    decisions: list[int]
    # Identifies the schedule: what was done in which order.
    schedule: int
    steps: list[Step]
    redundant: bool
    warnings: list[str]
    # Whether it failed because it had made as many decisions as it may.
    endless: bool = False


class Run:
    """A run; `execute` does it."""

    # For speed: each decision reads and changes many of them.
    __slots__ = (
        "atoms", "clocks", "count", "counts", "decisions", "every", "failure", "going", "keep", "kind",
        "leaks", "limit", "locks", "names", "next", "next_check", "operations", "order", "overdue",
        "passed_over", "pending", "places", "races", "record", "resting", "result", "seed", "slice_start",
        "steps", "stop", "strategy", "taken", "writers", "yielded",
    )  # fmt: skip

    # The clock's operation, for strategies.
    tick = TICK

    def __init__(
        self,
        strategy: Search,
        *,
        limit: int = 200_000,
        seed: int = 0,
        record: bool = False,
        leaks: bool = True,
        races: bool = True,
    ) -> None:
        self.strategy = strategy
        # Asked for at each decision, so looked up once.
        self.next = strategy.next
        self.taken = None if type(strategy).taken is Base.taken else strategy.taken
        self.every = strategy.every
        self.limit = limit
        self.seed = seed
        self.record = record
        self.leaks = leaks
        self.races = races
        self.decisions: list[int] = []
        # What each goroutine will do when it is chosen; not there: it goes on in the middle of its code.
        self.pending: dict[int, Op] = {}
        self.count = 0
        self.resting = 0
        # Whether the explorer decides: until the run ends, or is to end.
        self.going = False
        # The count at which the time slice of the goroutine that runs began; who lets the others go first.
        self.slice_start = 0
        self.yielded: set[int] = set()
        # Who has been able to run since this was last looked at; who is to run now; when to look again.
        self.passed_over: set[int] = set()
        self.overdue: set[int] = set()
        self.next_check = PATIENCE
        self.result: object = None
        self.failure: BaseException | None = None
        self.kind = ""
        self.steps: list[Step] = []
        self.places: dict[int, tuple[str, str]] = {}
        # What ends the run before its program does.
        self.stop: BaseException | None = None
        self.clocks = Clocks()
        self.locks = LockOrder()
        self.names: dict[int, str] = {}
        self.counts: dict[str, int] = {}
        self.keep: list[Any] = []
        # The locks of the read sides, by id.
        self.writers: dict[int, Any] = {}
        # Each operation in its order: the goroutine, and the name.
        self.order: list[object] = []
        # By method of an object of gochan: what does it as an operation.
        self.operations: dict[object, Callable[..., Any]] = {}
        # What orders the atomic operations on each variable that they are done on by its address.
        self.atoms: dict[tuple[int, object], points.Cell] = {}

    # --- the whole run ---

    def execute(self, main: Callable[[], object]) -> Outcome:
        """Run main as the main goroutine, and return how that ended."""
        if sched.main is not None:
            raise RuntimeError("explore: a program runs already; call it outside of run")
        random.setstate(_seeded(self.seed))
        seed_before = sched.random
        sched.random = 1 + self.seed % 1_000_000
        moment = sched.moment
        sched.moment = sched.now()
        sched.exploring = True
        program.explorer = self.choose
        points.current = self
        self.going = True
        try:
            run(self._main, main)
        except BaseException as exc:
            if isinstance(exc, KeyboardInterrupt):
                raise
            if isinstance(exc, SystemExit):
                # The program may end itself wherever it wants to.
                self.result = exc
            elif self.failure is None and not isinstance(exc, Redundant):
                self._fail(exc)
        finally:
            points.current = None
            self.going = False
            # They refer to the run: without them, it is freed when the search drops it.
            self.operations.clear()
            program.explorer = None
            sched.exploring = False
            sched.ready_case = 0
            sched.moment = moment
            sched.random = seed_before
        return Outcome(
            self.result,
            self.failure,
            self.kind,
            self.decisions,
            hash(tuple(self.order)),
            self.steps,
            isinstance(self.stop, Redundant),
            self.locks.cycles(),
            self.count > self.limit,
        )

    def _main(self, main: Callable[[], object]) -> None:
        self.result = main()
        self._rest()

    def _fail(self, exc: BaseException) -> None:
        self.failure = exc
        self.kind = kind_of(exc)

    def _rest(self) -> None:
        """Let the other goroutines go on after main has ended; those that then wait for ever have leaked."""
        self.resting = 1
        me = sched.curg
        while self.leaks:
            queue = [id for id in sched.run_queue() if id != MAIN]
            if queue:
                self.resting = 1
                chosen = self._decide(queue, -1)
                if chosen != CLOCK and self.going:
                    sched.choose(chosen)
                if chosen != CLOCK:
                    gosched()
            elif sched.timeout() >= 0:
                self.resting += 1
                if self.resting > REST_LIMIT:
                    return
                self._move_clock()
            else:
                break
        left = [
            gp for gp in sched.goroutines() if gp is not me and gp.waiting.partition(" (")[0] not in _OUTSIDE
        ]
        if left and self.leaks:
            count = "a goroutine is" if len(left) == 1 else f"{len(left)} goroutines are"
            raise Leak(f"{count} left blocked forever after main has ended\n\n{_stacks(left)}")

    # --- decisions ---

    def controls(self) -> bool:
        """Return whether the caller is a goroutine of this run that may be switched."""
        return self.going and sched.curg is not None and not sched.ending

    def operation(
        self, f: Any, me: Any, name: str, writes: bool, known_as: object = None
    ) -> Callable[..., Any]:
        """Return what does f, a method of me, with a point before it; from now on `operations` has it.

        There it is under known_as, or f.
        """
        # `key` keeps the object, so that its id is not used again.
        op = Op(name, (self.key(me),), writes, me)
        found = (self._starter if name in _STARTS else self._operator)(f, me, op)
        self.operations[known_as or f] = found
        return found

    def _starter(self, f: Any, me: Any, op: Op) -> Callable[..., Any]:
        """Return what does an operation that starts goroutines."""

        def start(*args: Any, **kwargs: Any) -> Any:
            if not self.controls():
                return f(*args, **kwargs)
            if args:
                args = (points.before(args[0]), *args[1:])
            self.point(op)
            return self.perform(op.name, me, f, args, kwargs)

        return start

    def _operator(self, f: Any, me: Any, op: Op) -> Callable[..., Any]:
        """Return what does any other operation: as `perform` does, but faster, since most are such."""
        name = op.name
        key = op.key
        point = self.point
        note = self.clocks.note
        publishes = self.clocks.publishes(name, me)
        sees = self.clocks.sees(name, me)
        locks = self.locks
        takes = name in ("lock", "try_lock")
        gives_back = name == "unlock"
        # One that is woken looks at the group again, which others may have reused by then.
        wakes = Op(WAKE, op.keys, False, me) if name == "wait" else None

        def operate(*args: Any, **kwargs: Any) -> Any:
            gp = sched.curg
            if gp is None or not self.going or sched.ending:
                return f(*args, **kwargs)
            id = gp.id
            point(op, id)
            if publishes:
                note((id, name, me, BEFORE))
            if gives_back:
                locks.released(id, key)
            if wakes is not None:
                self.pending[id] = wakes
            try:
                result = f(*args, **kwargs)
            except BaseException:
                note((id, name, me, None))
                raise
            if self.going:
                if sees:
                    note((id, name, me, result))
                if wakes is not None:
                    self.pending.pop(id, None)
                if takes and (name == "lock" or result):
                    locks.acquired(id, key)
            return result

        return operate

    def point(self, op: Op, id: int = 0) -> None:
        """Let the strategy switch to another goroutine before the caller, number id, does op."""
        if not id:
            gp = sched.curg
            assert gp is not None
            id = gp.id
        if self.record:
            self.places[id] = place_of(sys._getframe(1))
        if self.locks.held and op.name == "lock":
            self.locks.wants(id, op.keys[0])
        queue = sched.run_queue()
        if not queue and not self.every and sched.timeout() < 0 and self.count < self.limit:
            self._go_on(id, op)
            return
        self.pending[id] = op
        while True:
            chosen = self._decide([id, *queue], id)
            if not self.going:
                break
            if chosen == id:
                return
            if chosen != CLOCK:
                sched.choose(chosen)
                break
            queue = sched.run_queue()
        gosched()

    def choose(self) -> bool:
        """Choose the next goroutine when the one that ran waits or has ended; False if there is none."""
        while True:
            if self.stop is not None:
                if not sched.ending:
                    cancel(self.stop)
                return True
            queue = sched.run_queue()
            if self.resting and len(queue) > 1:
                queue = [id for id in queue if id != MAIN]
            if not queue and sched.timeout() < 0:
                return False
            chosen = self._decide(queue, -1)
            if chosen != CLOCK and self.going:
                sched.choose(chosen)
                return True

    def _go_on(self, id: int, op: Op) -> None:
        """Do what `_decide` does if nothing but goroutine id, which runs, can be next."""
        self.count += 1
        if self.count - self.slice_start > SLICE or op.name == "gosched":
            self.slice_start = self.count
        if self.yielded:
            self.yielded.clear()
        if self.passed_over:
            self.passed_over.discard(id)
            self.overdue.discard(id)
        if id not in self.clocks.known:
            self.clocks.begin_unknown(id)
        if self.taken is not None:
            self.taken(self, id, op)
        self.order += (id, op.name)
        if self.record:
            self._note(id, op)

    def _decide(self, queue: list[int], current: int) -> int:
        """Return the next goroutine of the queue; CLOCK if the clock has moved instead.

        current is the one that runs, -1 if none does.
        """
        self.count += 1
        if self.count > self.limit:
            self._end(self._endless())
        clock = "too" if sched.timeout() >= 0 else ""
        if current < 0:
            self.slice_start = self.count
        elif self.count - self.slice_start > SLICE or self.pending[current].name == "gosched":
            self.slice_start = self.count
            self.yielded.add(current)
        if self.yielded:
            queue, clock = self._fair(queue, clock, current)
        if self.overdue or len(self.decisions) >= self.next_check:
            queue, clock = self._patient(queue, clock)
        if self.locks.taken and len(queue) > 1:
            queue = self._unlocked(queue)
        known = self.clocks.known
        if not known.issuperset(queue):
            for id in queue:
                if id not in known:
                    self.clocks.begin_unknown(id)
        if clock == "only":
            queue = [CLOCK]
        elif clock:
            queue = [*queue, CLOCK]
        index = 0
        if len(queue) > 1:
            index = self.next(self, queue, current)
            self.decisions.append(index)
        elif self.every:
            index = self.next(self, queue, current)
        if index < 0:
            self._end(Redundant())
            index = 0
        id = queue[index]
        op = self.pending.pop(id, None) if id else TICK
        if self.yielded:
            # The others see what this one does.
            self.yielded &= {id}
        if self.passed_over:
            self.passed_over.discard(id)
            self.overdue.discard(id)
        if self.taken is not None:
            self.taken(self, id, op)
        if op is not None:
            self.order += (id, op.name)
            if self.record:
                self._note(id, op)
        if id == CLOCK:
            sched.fire_timers()
        return id

    def _fair(self, queue: list[int], clock: str, current: int) -> tuple[list[int], str]:
        """Return those of the queue that may go on, and whether the clock may: "", "too" or "only".

        One that has yielded, or has used up its time slice, lets the others go first: else a loop that
        waits for them would never end.  If all have yielded, time passes.
        """
        eager = [id for id in queue if id not in self.yielded and not self._is_locked_out(id)]
        if eager:
            return eager, clock
        if clock:
            return queue, "only"
        self.yielded.clear()
        return [*queue[1:], *queue[:1]] if current >= 0 else queue, clock

    def _patient(self, queue: list[int], clock: str) -> tuple[list[int], str]:
        """Return those alone, the clock too, that others have been preferred to for long, if any are."""
        able = {id for id in queue if not self._is_locked_out(id)}
        if clock:
            able.add(CLOCK)
        if len(self.decisions) >= self.next_check and (len(queue) > 1 or clock):
            self.next_check = len(self.decisions) + PATIENCE
            self.overdue = self.passed_over & able
            self.passed_over = able
        late = [id for id in queue if id in self.overdue and id in able]
        if clock and CLOCK in self.overdue:
            return (late, "too") if late else (queue, "only")
        return (late, "") if late else (queue, clock)

    def _unlocked(self, queue: list[int]) -> list[int]:
        """Return those of the queue that do not want a lock that is held; all, if all of them do.

        Such a one cannot go on: to let it queue for the lock is the same as to let it come later.
        """
        pending = self.pending
        taken = self.locks.taken
        for id in queue:
            if id in pending and pending[id].lock in taken:
                return [id for id in queue if id not in pending or pending[id].lock not in taken] or queue
        return queue

    def _is_locked_out(self, id: int) -> bool:
        return id in self.pending and self.pending[id].lock in self.locks.taken

    def _move_clock(self) -> None:
        self.strategy.taken(self, CLOCK, TICK)
        if self.record:
            self._note(CLOCK, TICK)
        sched.fire_timers()

    def _endless(self) -> Leak | Livelock:
        """Return the failure of a run that has made as many decisions as it may."""
        if not self.resting:
            return Livelock(f"goroutines still run after {self.limit} steps\n\n{all_stacks()}")
        left = [gp for gp in sched.goroutines() if gp.id != MAIN]
        return Leak(f"main has ended, and goroutines still run after {self.limit} steps\n\n{_stacks(left)}")

    def _end(self, exc: BaseException) -> None:
        """Have the hub end the program with exc, at the next decision."""
        if self.stop is None:
            self.stop = exc
            self.going = False
            if not isinstance(exc, Redundant):
                self._fail(exc)

    def perform(
        self,
        name: str,
        me: Any,
        f: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Any,
        *,
        key: object = None,
    ) -> Any:
        """Do an operation, and keep the books of who is ordered before whom; key is me's, if it is a lock."""
        gp = sched.curg
        id = gp.id if gp is not None else 0
        clocks = self.clocks
        clocks.note((id, name, me, BEFORE))
        if name == "unlock":
            self.locks.released(id, key)
        known = set(sched.run_queue()) if name in _STARTS else None
        try:
            result = f(*args, **kwargs)
        except BaseException:
            # What it waited for has happened all the same: errgroup's wait raises the error of a goroutine.
            clocks.note((id, name, me, None))
            raise
        if self is points.current:
            clocks.note((id, name, me, result))
            if known is not None:
                # What it has called may have started some already.
                for new in sched.run_queue():
                    if new not in known and new not in clocks.known:
                        clocks.begin(new, id, me)
            if name == "lock" or (name == "try_lock" and result):
                self.locks.acquired(id, key)
        return result

    def release(self, mu: Any, key: object, lock: Any) -> None:
        """Unlock lock, whose books are kept for mu, as part of an operation that has had its point."""
        name = "unlock" if lock is mu else "runlock"
        self.perform(name, mu, lock.unlock, (), {}, key=key)

    def select(self, select: Callable[..., Any], cases: tuple[Any, ...]) -> Any:
        """Do a select; the strategy decides which of the ready cases it takes."""
        channels = [_channel(c) for c in cases]
        keys: tuple[object, ...] = tuple(self.key(ch) for ch in channels if ch is not None)
        if any(ch is None for ch in channels):
            keys = (*keys, CLOCK_KEY)
        try:
            self.point(Op("select", keys, True, channels[0] if len(channels) == 1 else None))
        except BaseException:
            # The run has ended: so that no case warns that it was given to no select.
            count_ready(cases)
            raise
        if self is not points.current or sched.ending:
            return select(*cases)
        n = count_ready(cases)
        if n > 1:
            index = self.strategy.case(self, n)
            self.decisions.append(index)
            sched.ready_case = index + 1
        gp = sched.curg
        id = gp.id if gp is not None else 0
        names = ["send case" if repr(c)[0] == "s" else "recv case" for c in cases]
        for name, ch in zip(names, channels, strict=True):
            if ch is not None:
                self.clocks.before(id, name, ch)
        try:
            result = select(*cases)
        finally:
            sched.ready_case = 0
        taken = channels[result[0]]
        if taken is not None:
            self.clocks.after(id, names[result[0]], taken, result[2])
        if n == 0 and not result[2] and sched.moment is not None:
            sched.moment += POLL_NS
        return result

    # --- data ---

    def access(self, o: Any, part: object, name: str, writes: bool) -> None:
        """Note that the caller reads or writes part of o."""
        self._access((id(o), part), name if part == "" else _about(o, name), o, writes)

    def access_global(self, name: str, module: str, writes: bool) -> None:
        """Note that the caller reads or writes a global of a module of the program."""
        self._access((module, name), name, None, writes)

    def atomic(self, f: Any, addr: Any, args: tuple[Any, ...], o: Any, part: object) -> Any:
        """Do an atomic operation on part of o: it orders itself against others, and races with plain ones."""
        name = f.__name__
        key = (id(o), part)
        if key not in self.atoms:
            self.keep.append(o)
            self.atoms[key] = points.Cell(_about(o, f".{part}"))
        atom = self.atoms[key]
        writes = not name.startswith("load")
        self.point(Op(name, (key,), writes, atom.name, True))
        gp = sched.curg
        if gp is None or self.stop is not None:
            return f(addr, *args)
        clocks = self.clocks
        clocks.after(gp.id, "load", atom, None)
        race = clocks.access(gp.id, key, writes, _frame(sys._getframe(2)))
        clocks.before(gp.id, "store", atom)
        if race is not None and self.races:
            self._end(DataRace(_race_text(atom.name, race, gp.id, sys._getframe(2), writes)))
            gosched()
        return f(addr, *args)

    def _access(self, key: tuple[object, object], name: str, o: Any, writes: bool) -> None:
        if o is not None and key not in self.clocks.seen:
            # An id must not be used again for another object.
            self.keep.append(o)
        self.point(Op("write" if writes else "read", (key,), writes, name, True))
        gp = sched.curg
        if gp is None or self.stop is not None:
            return
        race = self.clocks.access(gp.id, key, writes, _frame(sys._getframe(2)))
        if race is not None and self.races:
            self._end(DataRace(_race_text(name, race, gp.id, sys._getframe(2), writes)))
            gosched()

    # --- names ---

    def key(self, o: Any) -> object:
        """Return the name of an object of gochan in this run: its kind, and a number by first use."""
        found = self.names.get(id(o))
        if found is None:
            kind = "atomic" if type(o).__name__ in ("Int32", "Int64", "Bool") else type(o).__name__
            if isinstance(o, RLocker):
                kind = "RLocker"
            self.counts[kind] = self.counts.get(kind, 0) + 1
            found = f"{kind} {self.counts[kind]}"
            self.names[id(o)] = found
            self.keep.append(o)
        return found

    def note_rlocker(self, locker: Any, mu: Any) -> None:
        """Note that locker is the read side of mu."""
        self.keep.append(locker)
        self.writers[id(locker)] = mu

    def writer_of(self, locker: Any) -> Any:
        """Return the lock that locker is the read side of; itself if that is not known."""
        return self.writers.get(id(locker), locker)

    def _note(self, id: int, op: Op) -> None:
        if id == CLOCK:
            self.steps.append(Step(CLOCK, "", "", "timers fire"))
            return
        function, place = self.places.get(id, ("", ""))
        on = ""
        if op.data:
            on = f" {op.on}"
        elif isinstance(op.on, (Chan, Mutex, RWMutex, WaitGroup)):
            on = f" {self.key(op.on)}"
        elif op.name == "go" and op.on is not None:
            # Not its repr: that may have an address, which another run does not repeat.
            on = f" {getattr(op.on, '__qualname__', type(op.on).__name__)}"
        self.steps.append(Step(id, function, place, op.name + on))


@lru_cache(1)
def _seeded(seed: int) -> Any:
    """Return the state of `random` after random.seed(seed): it takes less time to set than to compute."""
    random.seed(seed)
    return random.getstate()


def _channel(c: Any) -> Any:
    """Return the channel of a case; None if it has none."""
    if type(c) is not Case:
        return None
    return getattr(c, "_chan", None)


def _about(o: Any, name: str) -> str:
    """Return what an access is shown as: list[0], Account.balance, list.append."""
    return f"{type(o).__name__}{name if name[0] in '.[' else f'.{name}'}"


def _user(frame: FrameType | None) -> FrameType | None:
    """Return the innermost frame of the program."""
    while frame is not None and is_engine(frame.f_code):
        frame = frame.f_back
    return frame


def _frame(frame: FrameType | None) -> tuple[str, int, str]:
    found = _user(frame)
    return (
        ("", 0, "") if found is None else (found.f_code.co_filename, found.f_lineno, found.f_code.co_qualname)
    )


def place_of(frame: FrameType | None) -> tuple[str, str]:
    """Return the innermost function of the program that a frame is in, and the file and line."""
    file, line, function = _frame(frame)
    return function, f"{file.rpartition('/')[2]}:{line}" if line else ""


def _stacks(goroutines: list[G]) -> str:
    wanted = {f"goroutine {gp.id} [" for gp in goroutines}
    parts = all_stacks().rstrip("\n").split("\n\n")
    return "\n\n".join(part for part in parts if part.startswith(tuple(wanted)))


def _race_text(name: str, earlier: Access, id: int, frame: FrameType, writes: bool) -> str:
    now = Access(id, writes, _frame(frame))
    lines = [f"a race on {name}: nothing orders these two"]
    for access in (earlier, now):
        file, line, function = access.where
        lines.append(
            f"  goroutine {access.goroutine} {'writes' if access.writes else 'reads'} it at "
            f"{file}:{line}, in {function}"
        )
    return "\n".join(lines)
