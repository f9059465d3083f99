"""The scheduler's data (Go's runtime/runtime2.go).

A `Waiter` is an entry of a `WaitQueue` (Go's sudog).  A goroutine, `G`, is itself a waiter, and so is each
case of a select, so that no operation allocates anything in order to wait.  A thread that is not the
scheduler's waits as a G of its own.

Invariants
- A waiter is in at most one queue; `waiter._queue` is that queue, or None.
- A goroutine is running (`sched.curg`), in the run queue (`runnext`, the local or the global queue, or
  `handoff`), or parked (`G.waiting` says for what).  `G.status` says which.
- Of the cases of one select at most one wins.  Dequeuing a case sets `G.selected`; after that the select's
  other cases are ignored.
"""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Callable
from contextvars import Context
from gc import get_referrers
from time import monotonic_ns
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Final, TypeVar, final

from greenlet import greenlet

from ..frames import current_frames
from ..pickling import refuse_pickling
from .time import Timers

if TYPE_CHECKING:
    from _thread import LockType

    from ..scope import Scope
    from .select import AsyncSelect, Case
    from .synctest import Bubble
    from .trace import Tracer
    from .waitgroup import WaitGroup

C = TypeVar("C", bound=type)

# The states of a goroutine.  `ready` accepts those up to WAITING.
IDLE: Final = 0
WAITING: Final = 1
RUNNABLE: Final = 2
RUNNING: Final = 3
DEAD: Final = 4


def public(module: str) -> Callable[[C], C]:
    """Return a decorator that makes a class public in `module`, final, and impossible to pickle."""

    def decorate(cls: C) -> C:
        def refuse_subclass(cls: type, /, **kwargs: Any) -> None:
            raise TypeError(f"type '{module}.{name}' is not an acceptable base type")

        name = cls.__name__
        made: Any = cls
        made.__module__ = module
        made.__init_subclass__ = classmethod(refuse_subclass)
        made.__reduce__ = refuse_pickling
        return cls

    return decorate


class Waiter:
    """An entry of a wait queue (Go's sudog)."""

    __slots__ = ("_elem", "_gp", "_next", "_prev", "_program", "_queue", "_success")

    # The goroutine whose select waits here; None for a goroutine's own waiter, which is the G itself.
    _gp: G | None
    _next: Waiter | None
    _prev: Waiter | None
    _queue: WaitQueue | None
    # The value to send, or the value received.  Cleared when it is taken: a waiter keeps no value alive.
    _elem: Any
    # Whether a value was sent or received; False if close() woke the waiter.
    _success: bool
    # The number of the program in which it was enqueued.
    _program: int


@final
class WaitQueue:
    """A first-in, first-out queue of waiters (Go's waitq).

    Its methods call nothing while they change it, so they cannot be interrupted halfway.
    """

    __slots__ = ("bubble", "first", "last")

    def __init__(self, bubble: Bubble | None = None) -> None:
        self.first: Waiter | None = None
        self.last: Waiter | None = None
        # The synctest bubble that the queue's channel or WaitGroup belongs to.
        self.bubble = bubble

    def enqueue(self, w: Waiter) -> None:
        """Append w."""
        w._program = sched.program
        last = self.last
        w._queue = self
        w._prev = last
        w._next = None
        if last is None:
            self.first = w
        else:
            last._next = w
        self.last = w

    def push(self, w: Waiter) -> None:
        """Put w at the front.  For a lock's waiter that was woken and did not get the lock."""
        w._program = sched.program
        first = self.first
        w._queue = self
        w._prev = None
        w._next = first
        if first is None:
            self.last = w
        else:
            first._prev = w
        self.first = w

    def dequeue(self) -> Waiter | None:
        """Remove and return the first waiter.

        Skips cases of selects that another case has won, and what waits in the parent process.
        """
        while True:
            w = self.first
            if w is None:
                return None
            after = w._next
            self.first = after
            if after is None:
                self.last = None
            else:
                after._prev = None
                w._next = None
            w._queue = None
            if w._program < sched.first_program:
                continue
            gp = w._gp
            if gp is not None:
                if gp.selected is not None:
                    continue
                # It has a goroutine, so it is a Case.
                gp.selected = w  # type: ignore[assignment]
            return w

    def waiting(self) -> bool:
        """Return whether `dequeue` would return a waiter."""
        while True:
            w = self.first
            if w is None:
                return False
            gp = w._gp
            if w._program >= sched.first_program and (gp is None or gp.selected is None):
                return True
            self.remove(w)

    def remove(self, w: Waiter) -> None:
        """Remove w; do nothing if it is not in this queue."""
        if w._queue is not self:
            return
        prev, after = w._prev, w._next
        if prev is None:
            self.first = after
        else:
            prev._next = after
        if after is None:
            self.last = prev
        else:
            after._prev = prev
        w._queue = w._next = w._prev = None


@final
@public("gochan")
class G(Waiter):
    """A goroutine, or a thread that waits in an operation of gochan.

    `id` is its number: 1 for main, 0 for a thread.  `waiting` is what it waits for, in Go's words, or "".
    `bubble` is its synctest bubble.  `parent` is the id of the goroutine that started it, `code` and `lasti`
    are the code object and the instruction of that `go`.
    """

    __slots__ = (
        "args",
        "bubble",
        "cases",
        "code",
        "context",
        "durable",
        "fn",
        "greenlet",
        "group",
        "id",
        "kwargs",
        "lasti",
        "link",
        "parent",
        "pending",
        "scope",
        "selected",
        "since",
        "status",
        "thread",
        "traced",
        "uncounted",
        "wait_error",
        "waiting",
        "wakeup",
        "when",
    )

    id: int
    status: int
    waiting: str
    # The time when it began to wait, in ns on the monotonic clock; 0: not known.
    since: int
    fn: Callable[..., object] | None
    args: tuple[Any, ...]
    kwargs: dict[str, Any] | None
    # None until it first runs: it then takes a free greenlet, if there is one.
    greenlet: greenlet | None
    # The next in the list of ended goroutines that are kept for reuse.
    link: G | None
    # The deferred calls of the function that runs.
    scope: Scope | None
    # The case that won, until the select returns; and the last of the cases that it waits in.
    selected: Case[Any] | None
    cases: Case[Any] | None
    # An asyncio task's select, which this G waits for.  The task holds the G, so it is not reused.
    pending: AsyncSelect | None
    context: Context | None
    # The WaitGroup whose `go` started it.
    group: WaitGroup | None
    # Its synctest bubble; whether only the bubble can end its select; and whether the bubble does not count
    # it as running, because only the bubble can end its wait.  A G that waits for an asyncio task has no
    # number until it is made ready.
    bubble: Bubble | None
    durable: bool
    uncounted: bool
    parent: int
    code: CodeType | None
    lasti: int
    # For a thread: its ident; the lock that it sleeps on; the time when its timer is due, or 0; and the text
    # of the RuntimeError that ends its wait, or "".
    thread: int
    wakeup: LockType | None
    when: int
    wait_error: str
    # The name and the code of its function, stored at the first use by a recording.
    traced: tuple[str, CodeType | None] | None

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TypeError("a G is made by go(f)")

    @property
    def waited(self) -> float | None:
        """The seconds for which it has waited; None if it does not wait, or if that is not known."""
        if not self.waiting or not self.since or sched.timers.moment is not None:
            return None
        return (monotonic_ns() - self.since) / 1e9

    @property
    def frame(self) -> FrameType | None:
        """The innermost Python frame of a parked goroutine or thread; None if it runs or has not started."""
        if self.thread:
            return current_frames().get(self.thread)
        return None if self.greenlet is None else self.greenlet.gr_frame

    @property
    def outside_channels(self) -> list[Any]:
        """The channels that it waits for and that were made outside its bubble; empty outside of bubbles.

        For the report of a deadlock: it asks the garbage collector which channel a queue belongs to.
        """
        if self.bubble is None:
            return []
        channels = [] if self._queue is None else [ch for ch in get_referrers(self._queue) if is_chan(ch)]
        c = self.cases
        while c is not None:
            if c._chan is not None:
                channels.append(c._chan)
            c = c._link
        return [ch for ch in channels if ch._recvq.bubble is not self.bubble]

    def result(self) -> tuple[int, Any, bool]:
        """Return the result of the select that `select_async` began, once a case has won.

        Raises `TypeError` if this G is not from `select_async`, and what the winning case raises.
        """
        if self.pending is None:
            raise TypeError("G.result: this G is not from select_async")
        return self.pending.result()

    def cancel(self) -> bool:
        """Cancel the select that `select_async` began, and give back what it received.

        Returns False if `result` was called before.  Raises `TypeError` if this G is not from `select_async`.
        """
        if self.pending is None:
            raise TypeError("G.cancel: this G is not from select_async")
        return self.pending.cancel()


def is_chan(o: object) -> bool:
    """Return whether o is a Chan, whose module imports this one."""
    return type(o).__name__ == "Chan" and hasattr(type(o), "_recvq")


def new_goroutine() -> G:
    """Make an empty G."""
    gp: G = object.__new__(G)
    gp._gp = gp._next = gp._prev = gp._queue = None
    gp._elem = None
    gp._success = False
    gp.id = 0
    gp.status = IDLE
    gp.waiting = ""
    gp.since = 0
    gp.fn = gp.kwargs = None
    gp.args = ()
    gp.greenlet = gp.link = gp.scope = gp.selected = gp.cases = None
    gp.context = gp.group = gp.bubble = gp.pending = None
    gp.durable = gp.uncounted = False
    gp.parent = gp.lasti = 0
    gp.code = None
    gp.thread = 0
    gp.wakeup = None
    gp.when = 0
    gp.wait_error = ""
    gp.traced = None
    return gp


@final
class Worker:
    """A greenlet that runs goroutines, one after another."""

    __slots__ = ("gp", "greenlet", "link")

    def __init__(self) -> None:
        self.greenlet: greenlet | None = None
        # The goroutine that it runs; None while it is idle.
        self.gp: G | None = None
        # The next in the list of idle workers.
        self.link: Worker | None = None


@final
class State:
    """The scheduler's state: Go's P and its sched.

    There is one P.  `Sched` in interface.py is the interface for gochan's other modules.
    """

    __slots__ = (
        "chosen",
        "curg",
        "ending",
        "exploring",
        "fatal",
        "first_program",
        "free",
        "free_size",
        "gfree",
        "gfree_size",
        "globq",
        "goid",
        "handoff",
        "heartbeats",
        "hub",
        "hub_asleep",
        "inbox",
        "inherited",
        "io_due",
        "io_waiters",
        "keeper",
        "live",
        "loop_due",
        "main",
        "main_gone",
        "nested",
        "no_waiting",
        "parent_state",
        "polls",
        "posted",
        "program",
        "random",
        "ready_case",
        "runnext",
        "runq",
        "shared",
        "sleepers",
        "slice_end",
        "spare",
        "starting",
        "step",
        "thread",
        "threw_into_main",
        "tick",
        "timed",
        "timers",
        "trace",
        "use_selectors",
        "watched",
        "workers",
    )

    def __init__(self) -> None:
        # The attributes in this function outlive a program; those in `clear` don't.  `step` is the ident of
        # the thread that is in a step, 0 between steps; `nested` is the number of nested steps so far: see
        # step.py.
        self.step: int = 0
        self.nested: int = 0
        # Whether an event loop shares the thread.
        self.shared: bool = False
        # Whether the watchdog is on; the number of calls of `pick` while it was.
        self.watched: bool = False
        # Whether each wait reads the clock.
        self.timed: bool = False
        self.heartbeats: int = 0
        # The same object for all programs: a Timer that is kept can be used in the next program.
        self.timers: Timers = Timers()
        self.random: int = 1
        # The recording, or None: see trace.py.
        self.trace: Tracer | None = None
        # The number of the program, and that of this process's first: what was enqueued before that waits in
        # the parent process.
        self.program: int = 0
        self.first_program: int = 0
        # Whether gochan.explore decides what runs next; `pick` then returns the goroutine that it has chosen.
        # And which of its ready cases a select takes, counted from 1; 0: a random one.
        self.exploring: bool = False
        self.ready_case: int = 0
        # The greenlet whose next program reuses the idle workers of its last one, or None; and those workers.
        self.keeper: greenlet | None = None
        self.spare: list[Worker] = []
        # Whether the hub has to run, for the posted calls in `inbox` or for `fatal`.
        self.posted: bool = False
        # Whether Python's selectors wait for descriptors instead of the engine; the number of goroutines and
        # threads that wait for one; and the time of the next poll while goroutines run: see netpoll.py.
        self.use_selectors: bool = not hasattr(select, "epoll")
        self.io_waiters: int = 0
        self.io_due: int = 0
        self.inbox: deque[Callable[[], object]] = deque()
        # In a forked child: the parent's objects, which must never be freed.
        self.parent_state: list[Any] = []
        self.clear()

    def clear(self) -> None:
        """Forget the program that ran."""
        # The ident of the thread that the program runs in; 0: there is no program.
        self.thread: int = 0
        self.ending: bool = False
        self.main: G | None = None
        # Whether main has called goexit.
        self.main_gone: bool = False
        # The running goroutine; None while the hub runs and while there is no program.
        self.curg: G | None = None
        self.hub: greenlet | None = None
        # The goroutine that gochan.explore has taken out of the run queue to run next; None: ask it.
        self.chosen: G | None = None
        # The goroutine that was picked, until the switch to it.
        self.handoff: G | None = None
        # The worker whose greenlet is about to start.
        self.starting: Worker | None = None
        # The exception that the hub has to throw into main to end the program; whether it has done so.
        self.fatal: BaseException | None = None
        self.threw_into_main: bool = False
        # Whether the hub sleeps, so that a step which makes a goroutine ready must wake it.
        self.hub_asleep: bool = False
        # When the event loop is to run next, in ns on the monotonic clock.
        self.loop_due: int = 0
        # The id of the newest goroutine; the number of goroutines.
        self.goid: int = 1
        # The number of goroutines that have not ended, including those that the end of the program drops.
        self.live: int = 0
        # All workers, in the order in which they were made; the list of idle ones, and its length.
        self.workers: dict[Worker, None] = {}
        self.free: Worker | None = None
        self.free_size: int = 0
        # The foreign threads that wait.  `no_waiting`, if it is not "", is the text of the RuntimeError for
        # further ones.
        self.sleepers: dict[G, None] = {}
        self.no_waiting: str = ""
        # The run queue.
        self.runnext: G | None = None
        self.runq: deque[G] = deque()
        self.globq: deque[G] = deque()
        # The list of ended goroutines that are kept for reuse, and its length.
        self.gfree: G | None = None
        self.gfree_size: int = 0
        # How often a goroutine was taken from the queues.  Go's own goroutines have run about five times when
        # main begins; os/signal adds two.
        self.tick: int = 5
        # The run-next chain: the number of switches, and when its time slice ends (0: not known yet).
        self.inherited: int = 0
        self.slice_end: int = 0
        # How often `poll_point` was called.
        self.polls: int = 0
        self.timers.clear()


sched: Final = State()
