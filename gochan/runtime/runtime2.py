"""The data of the scheduler, with no behaviour but their links (Go's runtime/runtime2.go).

A `Waiter` is one place in one `WaitQueue` (Go's sudog).  A goroutine, `G`, is itself a waiter, and so is the
case of a select: neither a plain send or receive nor a select allocates anything in order to wait.

Invariants
- A waiter is in at most one queue, and `waiter.queue` names it; None means in none.
- A goroutine is in one place only: running (`sched.curg`), in the run queue (`runnext`, the local or the
  global list, linked by `G.link`), or parked (`G.waiting` says for what).
- Of the cases that one goroutine waits in at most one wins: whoever dequeues the first sets `G.selected`,
  and from then on its other places count for nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextvars import Context
from types import CodeType, FrameType
from typing import Any, Final, final

from greenlet import greenlet

from .accelerate import accelerated
from .netpoll import Poller
from .scope import Scope
from .time import Timers, VirtualTimers


@accelerated
class Waiter:
    """A place in a wait queue: Go's sudog."""

    __slots__ = ("elem", "gp", "next", "prev", "queue", "success")

    def __init__(self) -> None:
        # The goroutine whose select waits here; None for a goroutine's own waiter, which is the G itself.
        self.gp: G | None = None
        self.next: Waiter | None = None
        self.prev: Waiter | None = None
        self.queue: WaitQueue | None = None
        # What is sent, or what came in.  Cleared by whoever takes it: a parked goroutine keeps nothing alive.
        self.elem: Any = None
        # Whether a value came or went; False when close() woke the waiter.
        self.success: bool = False


@final
@accelerated
class WaitQueue:
    """A first-in, first-out list of waiters: Go's waitq."""

    __slots__ = ("bubble", "first", "last")

    def __init__(self, bubble: Bubble | None = None) -> None:
        self.first: Waiter | None = None
        self.last: Waiter | None = None
        # The bubble of synctest that what is waited for belongs to.
        self.bubble = bubble

    def enqueue(self, w: Waiter) -> None:
        last = self.last
        w.queue = self
        w.prev = last
        w.next = None
        if last is None:
            self.first = w
        else:
            last.next = w
        self.last = w

    def push(self, w: Waiter) -> None:
        """Put w in front of all others: a lock's waiter that was woken once and lost the race."""
        first = self.first
        w.queue = self
        w.prev = None
        w.next = first
        if first is None:
            self.last = w
        else:
            first.prev = w
        self.first = w

    def dequeue(self) -> Waiter | None:
        """Take out the first waiter that still waits; cases of a select that is won are skipped."""
        while True:
            w = self.first
            if w is None:
                return None
            after = w.next
            self.first = after
            if after is None:
                self.last = None
            else:
                after.prev = None
                w.next = None
            w.queue = None
            gp = w.gp
            if gp is not None:
                if gp.selected is not None:
                    continue
                gp.selected = w
            return w

    def waiting(self) -> bool:
        """Tell whether a dequeue would find somebody; drops the cases of won selects in front."""
        while True:
            w = self.first
            if w is None:
                return False
            gp = w.gp
            if gp is None or gp.selected is None:
                return True
            self.remove(w)

    def remove(self, w: Waiter) -> None:
        """Take out w, wherever it stands; nothing to do if it is no longer here."""
        if w.queue is not self:
            return
        prev, after = w.prev, w.next
        if prev is None:
            self.first = after
        else:
            prev.next = after
        if after is None:
            self.last = prev
        else:
            after.prev = prev
        w.queue = w.next = w.prev = None


@final
@accelerated
class G(Waiter):
    """A goroutine."""

    __slots__ = (
        "args",
        "bubble",
        "code",
        "context",
        "durable",
        "fn",
        "greenlet",
        "id",
        "idle",
        "kwargs",
        "lasti",
        "link",
        "parent",
        "scope",
        "selected",
        "waiting",
    )

    def __init__(self) -> None:
        super().__init__()
        self.id: int = 0
        self.fn: Callable[..., object] | None = None
        self.args: tuple[Any, ...] = ()
        self.kwargs: dict[str, Any] | None = None
        self.link: G | None = None
        # None until it first runs: a fresh goroutine takes whatever greenlet is free by then.
        self.greenlet: greenlet | None = None
        self.waiting: str = ""
        self.scope: Scope | None = None
        # The case that won, until the select has taken note of it.
        self.selected: Waiter | None = None
        self.context: Context | None = None
        # The bubble of synctest that it runs in; whether its wait is one that only the bubble can end; and
        # whether it is counted out of the bubble's running goroutines.
        self.bubble: Bubble | None = None
        self.durable: bool = False
        self.idle: bool = False
        # The place of its `go`: the spawner's number, code and instruction.
        self.parent: int = 0
        self.code: CodeType | None = None
        self.lasti: int = 0


@final
class Bubble:
    """Goroutines that live on a clock of their own: synctest's, Go's synctestBubble.

    Invariant: `running` counts those of the `total` goroutines that are not durably blocked, plus the root.
    When it is zero and nothing is `active`, somebody is woken: see settle() in proc.py.
    """

    __slots__ = ("active", "done", "id", "main", "root", "running", "timers", "total", "waiter")

    def __init__(self, id: int, root: G) -> None:
        self.id = id
        # Runs the bubble's timers; the caller of synctest.test.
        self.root = root
        self.main: G | None = None
        # The goroutine in synctest.wait.
        self.waiter: G | None = None
        self.total: int = 1
        self.running: int = 1
        # Wake-ups under way.
        self.active: int = 0
        # The main goroutine has ended, and time stands still.
        self.done: bool = False
        self.timers: VirtualTimers = VirtualTimers()


@final
@accelerated
class Worker:
    """A greenlet that runs one goroutine after another, and the goroutine that it runs now."""

    __slots__ = ("gp", "greenlet", "link")

    def __init__(self) -> None:
        self.greenlet: greenlet | None = None
        self.gp: G | None = None
        # The next one of those that have nothing to do.
        self.link: Worker | None = None


@final
@accelerated
class Sched:
    """The scheduler's state: Go's one P and its global queue.  The functions are in proc.py."""

    __slots__ = (
        "abandoned",
        "at_end",
        "attention",
        "base",
        "beats",
        "breathe",
        "curg",
        "ending",
        "explicit",
        "fatal",
        "free",
        "free_size",
        "gfree",
        "gfree_size",
        "ghead",
        "goid",
        "gsize",
        "gtail",
        "handoff",
        "head",
        "hub",
        "idle",
        "inbox",
        "inherited",
        "live",
        "loop_turn",
        "main",
        "main_exited",
        "poller",
        "polls",
        "random",
        "runnext",
        "shared",
        "size",
        "slice_end",
        "starting",
        "tail",
        "thread",
        "tick",
        "timers",
        "tries",
        "wakers",
        "watched",
        "workers",
    )

    def __init__(self) -> None:
        # What survives a run.
        # The idle wait: a Poller, or what takes its place while an event loop shares the thread.
        self.poller: Any = Poller()
        self.shared: bool = False
        # The watchdog is on: every switch comes by attend(), which counts.
        self.watched: bool = False
        self.beats: int = 0
        # A timer that its owner keeps can be used by the next program, so the clock it goes by stays.
        self.timers: Timers = Timers()
        self.random: int = 1
        # How many things outside can still wake a goroutine: signal.notify, threads, I/O.
        self.wakers: int = 0
        # What came from outside (a signal handler, a thread), for the scheduler to call: see post().
        self.attention: bool = False
        self.inbox: deque[Callable[[], object]] = deque()
        # What is called when a program ends.
        self.at_end: list[Callable[[], None]] = []
        self.reset()

    def reset(self) -> None:
        """Forget everything of the program that ran."""
        self.thread: int = 0
        self.explicit: bool = False
        self.ending: bool = False
        self.main: G | None = None
        self.main_exited: bool = False
        # The user's frame that called run.
        self.base: FrameType | None = None
        self.fatal: BaseException | None = None
        # None while the hub runs and while there is no program.
        self.curg: G | None = None
        self.hub: greenlet | None = None
        # The goroutine that the hub is asked to start.
        self.handoff: G | None = None
        # The worker whose greenlet is about to start.
        self.starting: Worker | None = None
        self.idle: bool = False
        # The event loop's next turn by the clock, and whether it has come.
        self.loop_turn: int = 0
        self.breathe: bool = False
        self.goid: int = 1
        self.live: int = 0
        # Every worker, and the last that has come to have nothing to do, with a link to the one before.
        self.workers: dict[Worker, None] = {}
        self.free: Worker | None = None
        self.free_size: int = 0
        # While goroutines are unwound: how often this one tried to wait again, and those that never stopped.
        self.tries: int = 0
        self.abandoned: list[greenlet] = []
        # The run queue.
        self.runnext: G | None = None
        self.head: G | None = None
        self.tail: G | None = None
        self.size: int = 0
        self.ghead: G | None = None
        self.gtail: G | None = None
        self.gsize: int = 0
        # Go's own goroutines have had about that many turns when main begins; os/signal adds two.
        # Goroutines that have ended, to be used again.
        self.gfree: G | None = None
        self.gfree_size: int = 0
        self.tick: int = 5
        self.inherited: int = 0
        self.slice_end: int = 0
        self.polls: int = 0
        self.timers.clear()


sched: Final = Sched()
