"""`sched`: the scheduler as gochan's other modules see it, and how a program begins and ends.

Most of this is called by run.py.

Invariant: while no program runs, `main` and `curg` are None, and the run queue and the heap of timers are
empty.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from operator import index
from typing import Any, Final, TypeVar, final

from greenlet import GreenletExit

from ..unpatched import get_ident
from . import time
from .hooks import hooks
from .netpoll import forget_poller, poller
from .post import drain, post
from .proc import block
from .runq import ready, unqueue
from .state import RUNNING, WAITING, G, new_goroutine, public
from .state import sched as state
from .step import begin, end
from .worker import current, keeps_workers, unwind_worker

_F = TypeVar("_F")


@final
@public("gochan")
class Sched:
    """The scheduler's interface for gochan's other modules.  There is one instance, `sched`."""

    __slots__ = ()

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TypeError("there is one Sched: sched")

    @property
    def main(self) -> G | None:
        """The main goroutine; None while no program runs."""
        return state.main

    @property
    def curg(self) -> G | None:
        """The running goroutine; None while the hub runs, and while no program runs."""
        return state.curg

    @property
    def thread(self) -> int:
        """The ident of the thread that the program runs in; 0 while none runs."""
        return state.thread

    @property
    def ending(self) -> bool:
        """Whether the program is ending and its goroutines are being unwound."""
        return state.ending

    @property
    def live(self) -> int:
        """The number of goroutines."""
        return state.live

    @property
    def heartbeats(self) -> int:
        """How often `pick` was called while `watched` was set."""
        return state.heartbeats

    @property
    def shared(self) -> bool:
        """Whether an event loop shares the thread."""
        return state.shared

    @shared.setter
    def shared(self, value: bool) -> None:
        state.shared = bool(value)

    @property
    def watched(self) -> bool:
        """Whether the watchdog is on."""
        return state.watched

    @watched.setter
    def watched(self, value: bool) -> None:
        state.watched = bool(value)

    @property
    def timed(self) -> bool:
        """Whether each wait reads the clock, for a debug page."""
        return state.timed

    @timed.setter
    def timed(self, value: bool) -> None:
        state.timed = bool(value)

    @property
    def hub_asleep(self) -> bool:
        """Whether the hub sleeps, so that it must be woken when a goroutine becomes ready."""
        return state.hub_asleep

    @hub_asleep.setter
    def hub_asleep(self, value: bool) -> None:
        state.hub_asleep = bool(value)

    @property
    def use_selectors(self) -> bool:
        """Whether Python waits for descriptors, with selectors, instead of the engine."""
        return state.use_selectors

    @use_selectors.setter
    def use_selectors(self, value: bool) -> None:
        # Descriptors that are registered with the previous poller must be registered again.
        poller.close()
        state.use_selectors = bool(value)

    @property
    def io_waiters(self) -> int:
        """How many goroutines and threads wait for a descriptor."""
        return state.io_waiters

    @property
    def io_due(self) -> int:
        """When to poll although goroutines run, in ns on the monotonic clock."""
        return state.io_due

    @property
    def loop_due(self) -> int:
        """When the event loop is to run next, in ns on the monotonic clock."""
        return state.loop_due

    @loop_due.setter
    def loop_due(self, value: int) -> None:
        state.loop_due = int(value)

    @property
    def random(self) -> int:
        """The state of the random number generator of select."""
        return state.random

    @random.setter
    def random(self, value: int) -> None:
        state.random = int(value)

    @property
    def exploring(self) -> bool:
        """Whether gochan.explore decides what runs next."""
        return state.exploring

    @exploring.setter
    def exploring(self, value: bool) -> None:
        state.exploring = bool(value)

    @property
    def ready_case(self) -> int:
        """Of the cases that can run, the one that selects are to take, from 1; 0: a random one."""
        return state.ready_case

    @ready_case.setter
    def ready_case(self, value: int) -> None:
        state.ready_case = int(value)

    @property
    def moment(self) -> int | None:
        """For tests: the time at which the clock stands still, in ns; None for the real clock."""
        return state.timers.moment

    @moment.setter
    def moment(self, value: int | None) -> None:
        state.timers.moment = None if value is None else int(value)

    def now(self) -> int:
        """Return the monotonic clock's reading, in ns."""
        return state.timers.now()

    def post(self, fn: Callable[[], object], /) -> None:
        """Ask the hub to call fn() soon; it must not raise.  For signal handlers and threads.

        Raises `TypeError` if fn is not callable.
        """
        if not callable(fn):
            raise TypeError(f"Sched.post: {fn!r} is not callable")
        post(fn)

    def drain(self) -> None:
        """Call the posted functions, in order."""
        drain()

    def runnable(self) -> bool:
        """Return whether a goroutine is in the run queue or a call was posted."""
        s = state
        return s.runnext is not None or bool(s.runq) or bool(s.globq) or bool(s.inbox)

    def timeout(self) -> int:
        """Return for how many ns the hub may sleep until timers are due; -1 if there are none."""
        before = begin()
        try:
            return state.timers.timeout()
        finally:
            state.step = before

    def run_queue(self) -> list[int]:
        """Return the ids of the runnable goroutines, in the order in which they would run."""
        s = state
        before = begin()
        try:
            return [gp.id for gp in (s.runnext, *s.runq, *s.globq) if gp is not None]
        finally:
            s.step = before

    def choose(self, id: int, /) -> None:
        """Take the goroutine with this id out of the run queue as the next to run, for gochan.explore.

        Raises `ValueError` if it is not there, or if the last choice has not run yet.
        """
        id = index(id)
        before = begin()
        try:
            s = state
            found = [gp for gp in (s.runnext, *s.runq, *s.globq) if gp is not None and gp.id == id]
            if s.chosen is not None or not found:
                raise ValueError(f"Sched.choose: goroutine {id} is not in the run queue")
            unqueue(found[0])
            s.chosen = found[0]
        finally:
            s.step = before

    def fire_timers(self) -> bool:
        """Move the clock, which must stand still, to the next timer, and fire what is due then.

        Returns False if there is no timer.
        """
        timers = state.timers
        if timers.moment is None or not timers.heap:
            return False
        before = begin()
        try:
            timers.moment = max(timers.moment, timers.heap[0].when)
            timers.run(timers.moment)
        finally:
            end(before)
        return True

    def goroutines(self) -> list[G]:
        """Return all goroutines that have not ended, ordered by id."""
        s = state
        found: dict[int, G] = {}
        if s.main is not None and not s.main_gone:
            found[s.main.id] = s.main
        before = begin()
        try:
            for gp in (*[w.gp for w in s.workers], s.runnext, s.handoff, s.chosen, *s.runq, *s.globq):
                if gp is not None:
                    found[gp.id] = gp
        finally:
            s.step = before
        return [found[id] for id in sorted(found)]

    def threads(self) -> list[G]:
        """Return the Gs of the foreign threads that wait and have not been made ready yet."""
        before = begin()
        try:
            return [gp for gp in state.sleepers if gp.status == WAITING]
        finally:
            end(before)

    def attach(self) -> G | None:
        """Make the calling greenlet the main goroutine and return it; None while a program runs."""
        s = state
        gp = new_goroutine()
        gp.id = 1
        gp.status = RUNNING
        gp.greenlet = current()
        thread = get_ident()
        # From here on no call, in which a handler or another thread could begin a program.
        if s.main is not None:
            return None
        s.thread = thread
        s.live = 1
        s.main = s.curg = gp
        s.program += 1
        if s.trace is not None:
            s.trace.begin_main(gp)
        return gp

    def throw_into_main(self, exc: BaseException, /) -> None:
        """Ask the hub to throw exc into main, to end the program; raise `TypeError` if it is not one."""
        s = state
        if not isinstance(exc, BaseException):
            raise TypeError(f"Sched.throw_into_main: {exc!r} is not an exception")
        s.fatal = exc
        s.posted = True
        if s.hub_asleep:
            hooks.wake()

    def main_exited(self) -> None:
        """Park main forever, because it has called goexit."""
        s = state
        s.main_gone = True
        s.live -= 1
        block("")

    def end(self) -> None:
        """Begin to end the program: drop the run queue and the timers, end the waits of foreign threads."""
        s = state
        before = begin()
        try:
            dropped = _user_objects()
            s.ending = True
            s.runnext = s.handoff = s.chosen = None
            s.runq = deque()
            s.globq = deque()
            s.timers.clear()
            self.fail_waits("the program has ended")
        finally:
            end(before)
        # Only now: to free the user's objects may run their finalizers.
        del dropped

    def fail_waits(self, why: str, /) -> None:
        """End the waits of foreign threads, and any further one, with `RuntimeError(why)`."""
        s = state
        before = begin()
        try:
            s.no_waiting = why
            for gp in s.sleepers:
                if gp.status == WAITING:
                    gp.wait_error = why
                    if gp._queue is not None:
                        gp._queue.remove(gp)
                    if gp.cases is not None:
                        # So that no case of its select can win any more.
                        gp.cases._success = False
                        gp.selected = gp.cases
                    ready(gp)
        finally:
            end(before)

    def keep_workers(self, keep: bool, /) -> None:
        """Let idle workers outlive the programs of the calling greenlet, for its next one; or end them.

        The C engine keeps the hub, too.  Does nothing while another greenlet's workers are kept.
        """
        s = state
        me = current()
        if s.keeper is not None and s.keeper is not me:
            return
        s.keeper = me if keep else None
        while s.spare and s.keeper is None:
            unwind_worker(s.spare.pop())

    def unwind(self) -> BaseException | None:
        """Throw Unwind into all goroutines but the caller, and end the hub.

        Returns the last exception that came out of a goroutine instead of the Unwind, or None.
        """
        s = state
        me = s.curg
        late: BaseException | None = None
        for w in list(s.workers):
            if w.gp is None and keeps_workers():
                s.workers.pop(w, None)
                s.spare.append(w)
            elif w.gp is None or w.gp is not me:
                late = unwind_worker(w) or late
                s.workers.pop(w, None)
                s.curg = me
        s.free = None
        s.free_size = 0
        hub = s.hub
        s.hub = None
        if hub is not None and not hub.dead and hub is not current():
            hub.parent = current()
            hub.throw(GreenletExit())
        return late

    def reset(self) -> None:
        """Forget the program that ran."""
        begin()
        try:
            dropped = _user_objects()
            self.fail_waits("the program has ended")
            if state.trace is not None and state.main is not None:
                state.trace.ended(state.main)
            state.clear()
        finally:
            # The caller is in no step.  But a signal handler that raised may have left `step`
            # set as a step ended.
            end(0)
        del dropped

    def forget(self) -> None:
        """Start afresh in a forked child; keep the parent's objects alive, so that none is finalized."""
        s = state
        s.parent_state.append(
            (*_user_objects(), s.curg, s.fatal, s.inbox, s.sleepers, s.starting, s.free, s.gfree)
        )
        s.parent_state.append((s.keeper, s.spare))
        forget_poller()
        s.io_waiters = 0
        s.inbox = deque()
        s.keeper = None
        s.spare = []
        s.shared = s.watched = s.timed = s.posted = False
        time.tracer = s.trace = None
        s.step = 0
        s.program += 1
        s.first_program = s.program
        s.clear()


def _user_objects() -> tuple[Any, ...]:
    """Return what refers to the user's objects, so that it can be dropped after the step."""
    s = state
    queues = s.runnext, s.handoff, s.chosen, s.runq, s.globq
    return *queues, s.timers, list(s.timers.heap), s.workers, s.main, s.hub


sched: Final[Sched] = object.__new__(Sched)


def without_frames(fn: _F, home: str, /) -> _F:
    """Return the public function of the module home that calls fn and leaves no frame in a traceback.

    Only the C engine has that.  Here it is fn itself.
    """
    fn.__module__ = home
    return fn
