"""Go's channels, select, mutexes and wait groups as an explicit state machine: no goroutine runs here.

A `World` is a state of a program.  Something happens in it: a goroutine begins an operation, has its turn,
comes back, starts another or ends; nobody can run and the clock moves on.  Each of these is a method, and
`every` gives every world that it may lead to.  No world means that Go does not allow what happened.

What holds in every world
- A goroutine is in one place: in `running` (it may begin an operation), in `done` (its operation is over, and
  it may come back with one of the outcomes listed there), in the line, or at a lock.
- Whoever waits for channels stands once in one line, in order of arrival, with all its cases.  The first in
  the line whose case fits is the partner, and leaves the line with that one case: so nobody is woken twice,
  and no losing case is left behind.
- Nobody stands in the line with a case that could go on: a value in a buffer means that no receiver waits
  for it, room in a buffer that no sender does, a closed channel that nobody does.
- Time moves only when nobody can run, and only to the earliest deadline in the line.
- A closed channel stays closed.

Where Go's spec leaves a free choice, `done` lists each outcome; where the choice also decides how the program
goes on, as it does among the ready cases of a select, `pick` makes it in every way.  The order in which
goroutines that can run do so is free, too: the trace decides.

The locks are in locks.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from locks import FaultError, Lock, Mutex, RWMutex, WaitGroup

T = TypeVar("T")

MAIN = 0


class Case(NamedTuple):
    """A case of a select: recv or send on a channel (None is nil), timeout, after, or default.

    `after` is what Go has for a timeout, a receive from a timer's channel; no other case waits on that.
    """

    does: str
    channel: int | None = None
    # What to send, or the timeout in nanoseconds.
    value: Any = None


class Op(NamedTuple):
    """An operation: a method of World, and its arguments."""

    name: str
    args: tuple[Any, ...] = ()


class Panicked(NamedTuple):
    """The outcome of an operation that panics."""

    text: str


class Length(NamedTuple):
    """The outcome of a look at a channel's length: what it is at the return, as others may run before."""

    channel: int


class Crashed(NamedTuple):
    """What main's operation ends with when another goroutine panics and does not recover."""

    value: int


DEADLOCK = "deadlock"
STOP = "stop"
TIME = "time"


class Place(NamedTuple):
    """A place in the line: who waits, in which operation, for which cases, and until when."""

    g: int
    name: str
    cases: tuple[tuple[int, Case], ...]
    deadline: int | None


@dataclass
class Channel:
    capacity: int
    zero: Any
    buffer: list[Any] = field(default_factory=list)
    closed: bool = False

    def copy(self) -> Channel:
        return Channel(self.capacity, self.zero, self.buffer[:], self.closed)


class NotAllowedError(Exception):
    """What happened is not what Go allows in this world."""


# --- the world --------------------------------------------------------------------------------------------


class World:
    """A state of the program; main runs in it, and no other goroutine yet."""

    def __init__(self) -> None:
        self.now = 0
        self.channels: dict[int, Channel] = {}
        self.locks: dict[int, Lock] = {}
        self.running: set[int] = {MAIN}
        self.done: dict[int, list[Any]] = {}
        self.line: list[Place] = []
        # Who waits at which lock.
        self.at: dict[int, int] = {}
        self.crashed: Crashed | None = None
        # The free choices: those to take, and those that were met, each with the number of its options.
        self._choices: list[int] = []
        self._met: list[tuple[int, int]] = []

    def copy(self) -> World:
        """A world to change; what a channel or a lock is in it must be copied before that is."""
        w = World.__new__(World)
        w.now = self.now
        w.channels = self.channels.copy()
        w.locks = self.locks.copy()
        w.running = self.running.copy()
        w.done = self.done.copy()
        w.line = self.line.copy()
        w.at = self.at.copy()
        w.crashed = self.crashed
        w._choices, w._met = [], []
        return w

    def __eq__(self, other: object) -> bool:
        return isinstance(other, World) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def every(self, event: Callable[[World], object]) -> list[World]:
        """The worlds that the event leads to, one for each way to make its free choices."""
        worlds: list[World] = []
        choices: list[int] = []
        while True:
            w = self.copy()
            w._choices = choices
            try:
                event(w)
                worlds.append(w)
            except NotAllowedError:
                pass
            met, w._choices, w._met = w._met, [], []
            while met and met[-1][0] == met[-1][1] - 1:
                met.pop()
            if not met:
                return worlds
            choices = [choice for choice, _ in met]
            choices[-1] += 1

    def pick(self, options: list[T]) -> T:
        """Make a free choice."""
        if len(options) == 1:
            return options[0]
        i = len(self._met)
        choice = self._choices[i] if i < len(self._choices) else 0
        self._met.append((choice, len(options)))
        return options[choice]

    # --- what can happen ----------------------------------------------------------------------------------

    def make(self, kind: str, number: int, *args: Any) -> None:
        """Main makes a channel or a lock."""
        allow(MAIN in self.running)
        if kind == "Chan":
            self.channels[number] = Channel(*args)
        else:
            self.locks[number] = {"Mutex": Mutex, "RWMutex": RWMutex, "WaitGroup": WaitGroup}[kind]()

    def go(self, g: int, new: int) -> None:
        """g starts another goroutine."""
        allow(g in self.running)
        self.running.add(new)

    def begin(self, g: int, op: Op) -> None:
        """g begins op: it is over at once, or g waits."""
        allow(g in self.running and self.crashed is None)
        self.running.remove(g)
        getattr(self, op.name)(g, *op.args)

    def end(self, g: int, outcome: Any) -> None:
        """g comes back from its operation with this outcome."""
        if outcome == DEADLOCK:
            allow(g == MAIN and not self.can_run() and not self.deadlines())
            return
        if self.crashed is not None:
            allow(g == MAIN and g not in self.running and outcome == self.crashed)
            return
        allow(g in self.done and outcome in [self.found(o) for o in self.done.pop(g)])
        self.running.add(g)

    def found(self, outcome: Any) -> Any:
        return len(self.channels[outcome.channel].buffer) if isinstance(outcome, Length) else outcome

    def turn(self, g: int) -> None:
        """g, which has waited or yielded, goes on; woken at a lock it may find that it must wait again."""
        if g in self.pending():
            self.resume(g)
        else:
            allow(g in self.done)

    def exit(self, g: int) -> None:
        """g ends."""
        allow(g in self.running and self.crashed is None)
        self.running.remove(g)

    def tick(self, now: int) -> None:
        """Nobody can run, so the clock moves on, to the earliest deadline."""
        allow(not self.can_run() and self.crashed is None)
        deadlines = self.deadlines()
        allow(bool(deadlines) and now == min(deadlines))
        self.now = now
        for place in [p for p in self.line if p.deadline == now]:
            self.line.remove(place)
            timers = [(i, c) for i, c in place.cases if c.does in ("timeout", "after")]
            first = min(c.value for _, c in timers)
            came = [(i, TIME if c.does == "after" else None, True) for i, c in timers if c.value == first]
            self.finish(place.g, place.name, *came)

    def can_run(self) -> bool:
        return bool(self.running or self.done or self.pending())

    def deadlines(self) -> list[int]:
        return [p.deadline for p in self.line if p.deadline is not None]

    # --- channels -----------------------------------------------------------------------------------------

    def send(self, g: int, channel: int, value: Any) -> None:
        self.select(g, Case("send", channel, value), name="send")

    def recv(self, g: int, channel: int) -> None:
        self.select(g, Case("recv", channel), name="recv")

    def recv_ok(self, g: int, channel: int) -> None:
        self.select(g, Case("recv", channel), name="recv_ok")

    def next(self, g: int, channel: int) -> None:
        """One turn of `for v in ch`."""
        self.select(g, Case("recv", channel), name="next")

    def sleep(self, g: int, ns: int) -> None:
        self.select(g, Case("timeout", None, ns), name="sleep")

    def select(self, g: int, *cases: Case, name: str = "select") -> None:
        numbered = list(enumerate(cases))
        ready = [(i, c) for i, c in numbered if self.is_ready(c)]
        default = [i for i, c in numbered if c.does == "default"]
        over = [i for i, c in numbered if c.does == "timeout" and c.value <= 0]
        if ready:
            self.go_on(g, name, *self.pick(ready))
        elif default:
            self.finish(g, name, (default[0], None, False))
        elif over:
            self.finish(g, name, *((i, None, True) for i in over))
        else:
            timeouts = [c.value for c in cases if c.does in ("timeout", "after")]
            self.line.append(Place(g, name, tuple(numbered), self.now + min(timeouts) if timeouts else None))

    def is_ready(self, c: Case) -> bool:
        if c.does == "after":
            return bool(c.value <= 0)
        if c.channel is None:
            return False
        ch = self.channels[c.channel]
        if c.does == "recv":
            return bool(ch.buffer) or ch.closed or self.anyone("send", c.channel)
        return ch.closed or len(ch.buffer) < ch.capacity or self.anyone("recv", c.channel)

    def go_on(self, g: int, name: str, i: int, c: Case) -> None:
        """Run a case that is ready."""
        if c.does == "after":
            self.finish(g, name, (i, TIME, True))
            return
        assert c.channel is not None
        ch = self.channels[c.channel] = self.channels[c.channel].copy()
        if c.does == "send":
            if ch.closed:
                self.done[g] = [Panicked("send on closed channel")]
                return
            if self.anyone("recv", c.channel):
                self.let_receive(c.channel, c.value, True)
            else:
                ch.buffer.append(c.value)
            self.finish(g, name, (i, None, True))
        elif ch.buffer:
            self.finish(g, name, (i, ch.buffer.pop(0), True))
            if self.anyone("send", c.channel):
                ch.buffer.append(self.let_send(c.channel))
        elif self.anyone("send", c.channel):
            self.finish(g, name, (i, self.let_send(c.channel), True))
        else:
            self.finish(g, name, (i, ch.zero, False))

    def let_receive(self, channel: int, value: Any, ok: bool) -> None:
        """Let the first receiver that waits go on with this."""
        place, fitting = self.partner("recv", channel)
        self.finish(place.g, place.name, *((i, value, ok) for i, _ in fitting))

    def let_send(self, channel: int) -> Any:
        """Let the first sender that waits go on; what it sends is returned."""
        place, fitting = self.partner("send", channel)
        i, c = self.pick(fitting)
        self.finish(place.g, place.name, (i, None, True))
        return c.value

    def anyone(self, does: str, channel: int) -> bool:
        return any(c.does == does and c.channel == channel for p in self.line for _, c in p.cases)

    def partner(self, does: str, channel: int) -> tuple[Place, list[tuple[int, Case]]]:
        """Take the first who waits to do this out of the line, with the cases that it may go on by."""
        for place in self.line:
            fitting = [(i, c) for i, c in place.cases if c.does == does and c.channel == channel]
            if fitting:
                self.line.remove(place)
                return place, fitting
        raise AssertionError("nobody waits for that")

    def close(self, g: int, channel: int | None) -> None:
        if channel is None:
            self.done[g] = [Panicked("close of nil channel")]
            return
        ch = self.channels[channel]
        if ch.closed:
            self.done[g] = [Panicked("close of closed channel")]
            return
        ch = self.channels[channel] = ch.copy()
        ch.closed = True
        # A select that would both receive and send receives: Go lets all receivers go first.
        while self.anyone("recv", channel):
            self.let_receive(channel, ch.zero, False)
        while self.anyone("send", channel):
            place, _ = self.partner("send", channel)
            self.done[place.g] = [Panicked("send on closed channel")]
        self.done[g] = [None]

    def len(self, g: int, channel: int) -> None:
        self.done[g] = [Length(channel)]

    def finish(self, g: int, name: str, *came: tuple[int, Any, bool]) -> None:
        """g's operation is over: a case brought this, one of them."""
        self.done[g] = [shape(name, *one) for one in came]

    # --- goroutines ---------------------------------------------------------------------------------------

    def gosched(self, g: int) -> None:
        self.done[g] = [None]

    def panic(self, g: int, value: int) -> None:
        self.done[g] = [Panicked(str(value))]

    def crash(self, g: int, value: int) -> None:
        """A panic that nobody recovers: it ends the program, with nothing but main's end to come."""
        self.crashed = Crashed(value)

    # --- locks --------------------------------------------------------------------------------------------

    def wait_at(self, g: int, number: int, method: str) -> None:
        """Call a method that may wait."""
        self.at[g] = number
        lock = self.locks[number] = self.locks[number].copy()
        self.pass_lock(g, lambda: getattr(lock, method)(g, self.now))

    def resume(self, g: int) -> None:
        """g, woken at its lock, runs: it is through, or waits again."""
        lock = self.locks[self.at[g]] = self.locks[self.at[g]].copy()
        self.pass_lock(g, lambda: lock.resume(g, self.now))

    def pass_lock(self, g: int, attempt: Callable[[], bool]) -> None:
        try:
            through = attempt()
        except FaultError as fault:
            self.done[g] = [Panicked(str(fault))]
        else:
            if not through:
                return
            self.done[g] = [None]
        del self.at[g]

    def call(self, g: int, number: int, method: str, *args: Any) -> None:
        """Call a method that never waits."""
        lock = self.locks[number] = self.locks[number].copy()
        try:
            self.done[g] = [getattr(lock, method)(*args)]
        except FaultError as fault:
            self.done[g] = [Panicked(str(fault))]

    def pending(self) -> list[int]:
        """Those who were woken at a lock and have not run yet."""
        return [g for lock in self.locks.values() for g in lock.pending()] if self.at else []


def shape(name: str, i: int, value: Any, ok: bool) -> Any:
    """What the operation of this name returns."""
    if name == "select":
        return i, value, ok
    if name == "recv_ok":
        return value, ok
    return value if ok or name != "next" else STOP


def allow(condition: bool) -> None:
    if not condition:
        raise NotAllowedError


class Model:
    """All worlds that a program may be in, after what has been seen of it."""

    def __init__(self) -> None:
        self.worlds = [World()]

    def see(self, event: str, *args: Any) -> bool:
        """Follow an event, a method of World; False if no world allows it, and then the worlds stay."""
        step = getattr(World, event)
        after = [w for world in self.worlds for w in world.every(lambda w: step(w, *args))]
        if not after:
            return False
        self.worlds = distinct(after)
        return True


def distinct(worlds: Iterable[World]) -> list[World]:
    found: list[World] = []
    for w in worlds:
        if w not in found:
            found.append(w)
    return found
