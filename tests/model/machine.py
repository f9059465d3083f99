"""Random programs on gochan, each step of them checked against the model.

A `Program` is a program under way.  Its goroutines note each operation that they begin and what it ended
with, the clock notes that it moves, greenlet tells who has its turn, and `check` has the model follow.
`Machine` is the hypothesis state machine that makes programs up.  It is the main goroutine; its rules are
what main does.

Invariants
- Time is virtual: the clock moves when nobody can run, so a program goes the same way each time.
- Every value that is sent is sent once.
- Operations name slots; a slot is filled anew by `make`, and the numbers in the model tell old from new.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import greenlet
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from locks import MILLISECOND
from model import DEADLOCK, MAIN, STOP, TIME, Case, Crashed, Model, Op, Panicked

import gochan
from gochan import (
    Chan,
    Deadlock,
    Panic,
    default,
    defer,
    defers,
    go,
    panic,
    recover,
    recv,
    select,
    send,
    timeout,
)
from gochan._engine.impl import getg, sched
from gochan._engine.netpoll import WithoutLoop
from gochan._engine.run import program
from gochan.runtime import gosched
from gochan.sync import Mutex, RWMutex, WaitGroup
from gochan.time import Time, after, sleep

T = TypeVar("T")

# Of each kind of thing there are as many slots; a channel's slot after the last is nil.
CHANNELS, NIL = 3, 3
LOCKS = {"Mutex": Mutex, "RWMutex": RWMutex, "WaitGroup": WaitGroup}
# What a channel's values are made of, and the zero value that Go has for the type.
ELEMENTS: dict[str, tuple[Any, Callable[[int], Any], Any]] = {
    "int": (Chan[int], lambda n: n, 0),
    "str": (Chan[str], str, ""),
    "object": (Chan, lambda n: [n], None),
}


@dataclass(frozen=True)
class Do:
    """An operation as a program states it: `Do("send", 0)` sends on the channel in slot 0."""

    name: str
    args: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"do({', '.join(map(repr, (self.name, *self.args)))})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        # How hypothesis prints it: as it can be pasted into a test.
        printer.text(repr(self))


def do(name: str, *args: Any) -> Do:
    return Do(name, args)


class CrashError(Exception):
    """What a goroutine dies of that crashes."""


class Clock(WithoutLoop):
    """The idle sleep on virtual time."""

    def __init__(self, tick: Callable[[int], None]) -> None:
        self.tick = tick

    def wait(self, ns: int) -> None:
        assert ns >= 0, "the engine sleeps without a timer that could wake it"
        assert sched.moment is not None
        sched.moment += ns
        self.tick(ns)

    def pending(self) -> bool:
        return False

    def wake(self) -> None:
        pass


class MismatchError(AssertionError):
    """gochan did what the model does not allow."""


class Program:
    """A program under way, and what the model makes of it."""

    # How many operations of all programs were compared with the model.
    compared = 0

    def __init__(self) -> None:
        self.model = Model()
        self.log: list[tuple[Any, ...]] = []
        self.past: deque[str] = deque(maxlen=40)
        self.over = False
        self.now = 0
        self.goroutines = itertools.count(1)
        self.numbers = itertools.count(1)
        self.values = itertools.count(1)
        # By slot: the number in the model, and the thing itself.
        self.channels: list[tuple[int | None, Any]] = [(None, None)] * (CHANNELS + 1)
        self.makers: list[Callable[[int], Any]] = [int] * (CHANNELS + 1)
        self.locks: dict[str, tuple[int, Any]] = {}
        # Cases that are used again and again, by half of the goroutines.
        self.cases: dict[tuple[str, int | None], Any] = {}
        # Makes this the main goroutine, before each switch to it counts as its turn.
        getg()
        self.greenlets = {greenlet.getcurrent(): MAIN}
        self.tracer = greenlet.settrace(self.switched)
        self.idle = program.idle
        sched.random = 1
        sched.moment = sched.now()
        program.idle = Clock(self.tick)

    def finish(self) -> None:
        """End what is left of the program."""
        self.over = True
        gochan.run(lambda: None)
        greenlet.settrace(self.tracer)
        sched.moment = None
        program.idle = self.idle

    # --- what main and the others do ----------------------------------------------------------------------

    def make(self, slot: int, capacity: int, element: str) -> None:
        cls, self.makers[slot], zero = ELEMENTS[element]
        number = next(self.numbers)
        self.channels[slot] = number, cls(capacity)
        self.log.append(("make", "Chan", number, capacity, zero))

    def make_lock(self, kind: str) -> None:
        number = next(self.numbers)
        self.locks[kind] = number, LOCKS[kind]()
        self.log.append(("make", kind, number))

    def start(self, g: int, script: list[Do]) -> None:
        new = next(self.goroutines)
        self.log.append(("go", g, new))
        go(self.body, new, script)

    def body(self, g: int, script: list[Do]) -> None:
        me = greenlet.getcurrent()
        self.greenlets[me] = g
        for operation in script:
            self.perform(g, operation)
        del self.greenlets[me]
        self.log.append(("exit", g))

    def perform(self, g: int, operation: Do) -> None:
        getattr(self, "do_" + operation.name)(g, *operation.args)

    def note(self, g: int, op: Op, call: Callable[[], Any]) -> None:
        """Do op in g, and note that it begins and how it ends."""
        self.log.append(("begin", g, op))
        outcome: Any
        try:
            # Half of the goroutines recover from a panic in Go's way, the others in Python's.
            outcome = recovering(call) if g % 2 else call()
        except Panic as fault:
            outcome = Panicked(str(fault))
        except Deadlock as deadlock:
            assert str(deadlock).startswith("all goroutines are asleep - deadlock!\n\n"), deadlock
            outcome, self.over = DEADLOCK, True
        except CrashError as crash:
            assert g == MAIN, "a goroutine's end reaches another than main"
            outcome, self.over = Crashed(crash.args[0]), True
        self.log.append(("end", g, outcome))

    def do_send(self, g: int, slot: int) -> None:
        number, ch = self.channels[slot]
        v = self.makers[slot](next(self.values))
        self.note(g, Op("send", (number, v)), lambda: ch.send(v))

    def do_recv(self, g: int, slot: int) -> None:
        number, ch = self.channels[slot]
        self.note(g, Op("recv", (number,)), ch.recv)

    def do_recv_ok(self, g: int, slot: int) -> None:
        number, ch = self.channels[slot]
        self.note(g, Op("recv_ok", (number,)), ch.recv_ok)

    def do_next(self, g: int, slot: int) -> None:
        number, ch = self.channels[slot]
        self.note(g, Op("next", (number,)), lambda: next(ch, STOP))

    def do_len(self, g: int, slot: int) -> None:
        number, ch = self.channels[slot]
        self.note(g, Op("len", (number,)), lambda: len(ch))

    def do_close(self, g: int, slot: int) -> None:
        number, ch = self.channels[slot]
        self.note(g, Op("close", (number,)), lambda: gochan.close(ch))

    def do_select(self, g: int, *cases: Do) -> None:
        real: list[Any] = []
        stated: list[Case] = []
        for case in cases:
            if case.name == "default":
                real.append(default)
                stated.append(Case("default"))
            elif case.name in ("timeout", "after"):
                ms: int = case.args[0]
                real.append(self.a_case(g, case.name, ms))
                stated.append(Case(case.name, None, ms * MILLISECOND))
            else:
                slot: int = case.args[0]
                number, ch = self.channels[slot]
                if case.name == "recv":
                    real.append(self.a_case(g, "recv", number, ch))
                    stated.append(Case("recv", number))
                else:
                    v = self.makers[slot](next(self.values))
                    real.append(send(ch, v))
                    stated.append(Case("send", number, v))
        self.note(g, Op("select", tuple(stated)), lambda: told_time(select(*real)))

    def a_case(self, g: int, does: str, number: int | None, ch: Any = None) -> Any:
        """A case, new or used before; that of a timer's channel would be of no use twice."""
        if does == "after":
            assert number is not None
            return recv(after(number * 1e-3))
        case = self.cases.get((does, number)) if g % 2 else None
        if case is None:
            case = recv(ch) if does == "recv" else timeout((number or 0) * 1e-3)
            self.cases[does, number] = case
        return case

    def do_sleep(self, g: int, ms: int) -> None:
        self.note(g, Op("sleep", (ms * MILLISECOND,)), lambda: sleep(ms * 1e-3))

    def do_gosched(self, g: int) -> None:
        self.note(g, Op("gosched"), gosched)

    def do_panic(self, g: int) -> None:
        value = next(self.values)
        self.note(g, Op("panic", (value,)), lambda: panic(value))

    def do_crash(self, g: int) -> None:
        value = next(self.values)

        self.log.append(("begin", g, Op("crash", (value,))))
        # What is left to see is main's end; the others are unwound before that.
        self.over = True
        raise CrashError(value)

    def do_go(self, g: int, *script: Do) -> None:
        self.start(g, list(script))

    def do_call(self, g: int, kind: str, method: str, *args: int) -> None:
        """A method of a lock."""
        number, lock = self.locks[kind]
        name = "wait_at" if method in ("lock", "rlock", "wait") else "call"
        self.note(g, Op(name, (number, method, *args)), lambda: getattr(lock, method)(*args))

    # --- the model ----------------------------------------------------------------------------------------

    def tick(self, ns: int) -> None:
        self.now += ns
        self.log.append(("tick", self.now))

    def switched(self, event: str, greenlets: tuple[Any, Any]) -> None:
        g = self.greenlets.get(greenlets[1])
        if event == "switch" and g is not None and not self.over:
            self.log.append(("turn", g))

    def check(self) -> None:
        """Have the model follow what was noted."""
        log, self.log = self.log, []
        for event in log:
            if not self.model.see(*event):
                raise MismatchError(self.explain(event))
            if event[0] == "end":
                Program.compared += 1
            self.past.append(told(event))
        # What a program's text does not name is seen all the same.
        if not self.over:
            for number, ch in self.channels:
                if number is not None:
                    lengths = {len(w.channels[number].buffer) for w in self.model.worlds}
                    # By no len(ch): that may let others run.
                    length = int(repr(ch).partition("len=")[2].partition(" ")[0])
                    if length not in lengths:
                        raise MismatchError(f"channel {number} has {length} values, not {lengths}")

    def explain(self, event: tuple[Any, ...]) -> str:
        lines = ["the model does not allow the last of these:", *self.past, told(event), "what it knows:"]
        for w in self.model.worlds:
            lines += [f"  running {w.running}, done {w.done}, woken at a lock {w.pending()}, now {w.now}"]
            lines += [f"  in line: {place}" for place in w.line]
            lines += [f"  goroutine {g} is at lock {number}: {w.locks[number]}" for g, number in w.at.items()]
            lines += [f"  channel {number}: {ch}" for number, ch in w.channels.items()]
        return "\n".join(lines)


def recovering(call: Callable[[], Any]) -> Any:
    """Call it; a panic that it ends with is recovered, and the outcome."""
    caught: list[Panicked] = []
    outcome = deferring(call, caught)
    return caught[0] if caught else outcome


@defers
def deferring(call: Callable[[], Any], caught: list[Panicked]) -> Any:
    @defer
    def _() -> None:
        value = recover()
        if value is not None:
            caught.append(Panicked(str(value)))

    return call()


def told_time(outcome: tuple[int, Any, bool]) -> tuple[int, Any, bool]:
    """What a timer sends is the time; the model has a word for it."""
    i, value, ok = outcome
    return (i, TIME, ok) if isinstance(value, Time) else outcome


def told(event: tuple[Any, ...]) -> str:
    match event:
        case "begin" | "end", g, what:
            return f"  goroutine {g} {event[0]}s {what!r}"
        case "make", kind, number, *args:
            return f"  main makes {kind} {number} {args}"
        case "go", g, new:
            return f"  goroutine {g} starts goroutine {new}"
        case "tick", now:
            return f"  the clock shows {now}"
        case _:
            return f"  goroutine {event[1]} {'has its turn' if event[0] == 'turn' else 'ends'}"


# --- what programs are made of ----------------------------------------------------------------------------
#
# A draw is what costs most here, so that whatever can be is one draw from a table.

SLOTS = range(CHANNELS)
CASES = [
    *(do(does, slot) for slot in SLOTS for does in ("recv", "send")),
    *(do("timeout", ms) for ms in range(4)),
    *(do("after", ms) for ms in range(4)),
    do("default"),
    do("recv", NIL),
    do("send", NIL),
]
CHANNEL = [do(name, slot) for slot in SLOTS for name in ("recv", "send", "recv_ok", "next")]
PAUSE = [do("gosched"), *(do("sleep", ms) for ms in range(4))]
LOCK = [
    do("call", "Mutex", "lock"),
    do("call", "RWMutex", "lock"),
    do("call", "RWMutex", "rlock"),
    do("call", "WaitGroup", "wait"),
]
# These never wait.
BRIEF = [
    *(do("select", do(does, slot), do("default")) for slot in SLOTS for does in ("recv", "send")),
    *(do("len", slot) for slot in SLOTS),
    *(do("close", slot) for slot in (*SLOTS, NIL)),
    do("panic"),
    do("call", "Mutex", "try_lock"),
    do("call", "Mutex", "unlock"),
    do("call", "RWMutex", "try_lock"),
    do("call", "RWMutex", "unlock"),
    do("call", "RWMutex", "try_rlock"),
    do("call", "RWMutex", "runlock"),
    do("call", "WaitGroup", "add", 1),
    do("call", "WaitGroup", "add", 2),
    do("call", "WaitGroup", "add", -2),
    do("call", "WaitGroup", "done"),
]
HELD: list[tuple[Do, ...]] = [
    (do("call", kind, lock), *between, do("call", kind, unlock))
    for kind, lock, unlock in (
        ("Mutex", "lock", "unlock"),
        ("RWMutex", "lock", "unlock"),
        ("RWMutex", "rlock", "runlock"),
    )
    for between in itertools.product([*PAUSE, *CHANNEL], repeat=2)
]
COUNTED: list[tuple[Do, ...]] = [
    (do("call", "WaitGroup", "add", 1), *between, do("call", "WaitGroup", "done"), *then)
    for between in itertools.product(PAUSE, repeat=2)
    for then in ((), (do("call", "WaitGroup", "wait"),))
]

SHORT: list[tuple[Do, ...]] = [(), *((one,) for one in PAUSE)]
# What a goroutine does that contends for a lock with others.
CONTENTION: dict[str, list[tuple[Do, ...]]] = {
    kind: [
        (*before, do("call", kind, lock), *between, do("call", kind, unlock), *then)
        for lock, unlock in pairs
        for before, between in itertools.product(SHORT, repeat=2)
        for then in ((), (do("call", kind, "try_" + lock), do("call", kind, unlock)))
    ]
    for kind, pairs in (
        ("Mutex", [("lock", "unlock")]),
        ("RWMutex", [("lock", "unlock"), ("rlock", "runlock")]),
    )
}


def a_select(length: int, number: int) -> Do:
    """The select whose cases are the digits of the number: at most one default, and two of any other."""
    cases: list[Do] = []
    for _ in range(length):
        number, digit = divmod(number, len(CASES))
        case = CASES[digit]
        if cases.count(case) < (1 if case.name == "default" else 2):
            cases.append(case)
    return do("select", *cases)


def patient(one: Do, ms: int) -> Do:
    """The same, as a select that gives up after a while."""
    cases = one.args if one.name == "select" else (do("send" if one.name == "send" else "recv", *one.args),)
    return do("select", *cases[:5], do("timeout", ms))


def one_from(table: list[T]) -> st.SearchStrategy[T]:
    """What sampled_from does, without the table in its repr: that would take long to make."""
    return st.integers(0, len(table) - 1).map(lambda i: table[i])


select_of = st.builds(a_select, st.integers(0, 6), st.integers(0, len(CASES) ** 6 - 1))
hasty = st.builds(patient, select_of, st.integers(1, 3))
operation = st.one_of(one_from([*CHANNEL, *PAUSE, *BRIEF, *LOCK]), select_of)
part = st.one_of(
    one_from([(one,) for one in [*CHANNEL, *CHANNEL, *PAUSE, *BRIEF, *LOCK]]),
    one_from([(patient(one, ms),) for one in CHANNEL for ms in (1, 2)]),
    select_of.map(lambda one: (one,)),
    hasty.map(lambda one: (one,)),
    one_from(HELD),
    one_from(COUNTED),
)
MIRROR = {"send": "recv", "recv": "send", "recv_ok": "send", "next": "send"}


def mirrored(one: Do) -> Do:
    """What meets it: it sends where the other receives, and the other way round."""
    if one.name in ("select", "go"):
        return do(one.name, *map(mirrored, one.args))
    return do(MIRROR.get(one.name, one.name), *one.args)


def a_script(parts: list[tuple[Do, ...]], turns: int, last: Do | None) -> list[Do]:
    ops = [one for part in parts for one in part] * turns
    if last is None:
        return ops
    # Half of it in a goroutine that it starts.
    return [do("go", *ops[::2]), *ops[1::2]] if last.name == "go" else [*ops, last]


script = st.builds(
    a_script,
    st.lists(part, min_size=1, max_size=5),
    st.sampled_from([1, 3, 10]),
    st.sampled_from([*[None] * 4, *[do("go")] * 2, *(do("close", slot) for slot in SLOTS), do("crash")]),
)
channel = st.tuples(st.integers(0, 4), st.sampled_from(sorted(ELEMENTS)))


def waits(slot: int) -> list[Do]:
    """Operations that wait for the channel in the slot, or for another beside it."""
    other = (slot + 1) % CHANNELS
    return [
        *(do(name, slot) for name in ("send", "recv", "recv_ok", "next")),
        do("select", do("send", slot)),
        do("select", do("recv", other), do("send", slot)),
        do("select", do("send", slot), do("recv", slot)),
        do("select", do("recv", slot), do("send", other), do("recv", slot)),
    ]


class Machine(RuleBasedStateMachine):
    """Makes programs up: each rule is something that main does, and is followed by a check."""

    def __init__(self) -> None:
        super().__init__()
        self.program: Program | None = None
        self.channels: list[tuple[int, str]] = []

    @initialize(channels=st.tuples(*[channel] * CHANNELS))
    def begin(self, channels: tuple[tuple[int, str], ...]) -> None:
        self.channels = list(channels)
        self.begin_program()

    def begin_program(self) -> None:
        self.program = program = Program()
        for slot, (capacity, element) in enumerate(self.channels):
            program.make(slot, capacity, element)
        for kind in LOCKS:
            program.make_lock(kind)

    @rule(slot=st.sampled_from(SLOTS), channel=channel, kind=st.sampled_from(["", *LOCKS]))
    def renew(self, slot: int, channel: tuple[int, str], kind: str) -> None:
        if kind:
            self.step(lambda program: program.make_lock(kind))
        else:
            self.channels[slot] = channel
            self.step(lambda program: program.make(slot, *channel))

    @rule(script=script, mirror=st.booleans())
    def start(self, script: list[Do], mirror: bool) -> None:
        self.step(lambda program: program.start(MAIN, script))
        if mirror:
            self.step(lambda program: program.start(MAIN, list(map(mirrored, script))))

    @rule(script=script, pairs=st.integers(1, 2), ms=st.integers(1, 4))
    def meet(self, script: list[Do], pairs: int, ms: int) -> None:
        for _ in range(pairs):
            self.start(script, True)
        self.pause(ms)

    @rule(slot=st.sampled_from(SLOTS), waiters=st.lists(st.integers(0, len(waits(0)) - 1), max_size=4))
    def close(self, slot: int, waiters: list[int]) -> None:
        for i in waiters:
            self.start([waits(slot)[i]], False)
        self.pause(1)
        self.step(lambda program: program.perform(MAIN, do("close", slot)))
        self.pause(1)
        self.renew(slot, self.channels[slot], "")

    @rule(
        kind=st.sampled_from(sorted(CONTENTION)),
        uses=st.lists(st.integers(0, 1 << 16), min_size=2, max_size=5),
        turns=st.integers(1, 4),
        ms=st.integers(1, 5),
    )
    def contend(self, kind: str, uses: list[int], turns: int, ms: int) -> None:
        # Nothing will ever unlock the one that there is, perhaps.
        self.step(lambda program: program.make_lock(kind))
        for i in uses:
            self.start(list(CONTENTION[kind][i % len(CONTENTION[kind])]) * turns, False)
        self.pause(ms)

    @rule(ms=st.integers(1, 5))
    def pause(self, ms: int) -> None:
        self.step(lambda program: program.perform(MAIN, do("sleep", ms)))

    @rule(operation=one_from([*BRIEF, *PAUSE[:1]]))
    def perform(self, operation: Do) -> None:
        self.step(lambda program: program.perform(MAIN, operation))

    @rule(operation=st.one_of(hasty, hasty, operation))
    def wait(self, operation: Do) -> None:
        self.step(lambda program: program.perform(MAIN, operation))

    def step(self, action: Callable[[Program], None]) -> None:
        assert self.program is not None
        action(self.program)
        self.program.check()
        if self.program.over:
            # A deadlock, or a goroutine that crashed: the next program begins.
            self.end_program()
            self.begin_program()

    def end_program(self) -> None:
        program, self.program = self.program, None
        if program is not None:
            program.finish()

    def teardown(self) -> None:
        self.end_program()


def exercise(first_seed: int, at_least: int, shrink: bool = True) -> int:
    """Check random programs until this many operations were compared with the model; tell how many were."""
    Program.compared = 0
    budget = settings(
        max_examples=20,
        stateful_step_count=50,
        deadline=None,
        database=None,
        derandomize=False,
        print_blob=True,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for number in itertools.count(first_seed):
        machine = seed(number)(type("Machine", (Machine,), {}))
        try:
            run_state_machine_as_test(machine, settings=budget)
        except BaseException as e:
            e.add_note(f"That was MODEL_SEED={number}; the program above is a test as it stands.")
            raise
        if Program.compared >= at_least:
            return Program.compared
    raise AssertionError
