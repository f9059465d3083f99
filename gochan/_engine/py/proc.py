"""Goroutines: the run queue, park and ready, the hub, and go (Go's runtime/proc.go).

A goroutine that parks picks the next one and switches straight to its greenlet.  The hub is a greenlet of its
own.  It runs only to start a new greenlet (one that a goroutine started would inherit its recursion depth and
its position on the C stack), to call the hook `poll`, and to throw into main the exception that ends the
program.

`wait` is how an operation waits: in one step it tries the operation, and if that is not possible yet it
enqueues the caller and picks the next goroutine; after the step it switches.  The caller's goroutine is found
by `waiter`, or else by the hook `enter` (it may make the calling code main, or find that this is another
thread), and then the operation starts over.  If an exception ends the wait, `undo_wait` undoes it.

Invariants
- `sched.curg` is the goroutine whose greenlet runs; it is set before each switch.  None: the hub runs, or
  there is no program.
- Only `pick` decides which goroutine runs next, as Go's findRunnable and its time slice do.  It calls no user
  code.  It picks none if the hub has to run, for posted calls or for the event loop.
- The goroutine that was picked is in `sched.handoff` until the switch to it.
- Only the scheduler's own thread picks and switches.
- The engine keeps no reference to a goroutine that has ended, nor to its function, arguments or result.
"""

from __future__ import annotations

from _thread import get_ident
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from time import monotonic_ns, sleep
from typing import Any, Final, NoReturn, ParamSpec

from greenlet import GreenletExit, getcurrent, greenlet

from ..error import Unwind
from .hooks import hooks
from .netpoll import poll_now
from .post import drain, post
from .state import DEAD, IDLE, RUNNABLE, RUNNING, WAITING, G, Worker, new_goroutine, sched
from .step import begin, end, wait_for_step
from .thread import sleep_thread
from .time import Timers

_P = ParamSpec("_P")

# Module globals, since looking up an attribute of the class would cost time at each switch.
switch: Final = greenlet.switch
current: Final = getcurrent

# Go's numbers: the local queue's size, the tick at which the global one goes first, the time slice.
LOCAL: Final = 256
FAIRNESS: Final = 61
SLICE: Final = 10_000_000
# How many idle workers, and how many ended goroutines, are kept for the next `go`.
IDLE_WORKERS: Final = 1024


# --- the run queue: all of these run in a step -----------------------------------------------------------


def ready(gp: G) -> None:
    """Make gp, which waits, runnable, as the next one to run; the one that was next goes to the tail.

    If gp is a thread, wake it.
    """
    if gp.status > WAITING:
        raise RuntimeError(f"ready: goroutine {gp.id} does not wait")
    s = sched
    if gp.pending is not None and gp.uncounted:
        launch(gp)
    if s.trace is not None:
        s.trace.ready(gp)
    gp.waiting = ""
    gp.status = RUNNABLE
    if gp.wakeup is not None:
        gp.wakeup.release()
        return
    if gp.uncounted:
        unblock(gp)
    put_next(gp)


def put_next(gp: G) -> None:
    """Make gp, which is runnable, the next to run; the one that was next goes to the tail."""
    s = sched
    kicked, s.runnext = s.runnext, gp
    if kicked is not None:
        put(kicked)


def unpick(gp: G) -> None:
    """Put back gp, which was picked but has not run: it runs next, and then the one that is next by now."""
    s = sched
    after, s.runnext = s.runnext, gp
    if after is not None:
        s.runq.appendleft(after)


def put(gp: G) -> None:
    """Append gp to the local queue.  If that is full, half of it moves to the global queue, as in Go."""
    local = sched.runq
    if len(local) >= LOCAL:
        shared = sched.globq
        for _ in range(LOCAL // 2):
            shared.append(local.popleft())
        shared.append(gp)
        return
    local.append(gp)


def pick() -> G | None:
    """Remove the next goroutine to run from its queue, as Go's findRunnable does, and return it.

    Returns None if no goroutine is runnable, or if the hub has to run first.
    """
    s = sched
    if s.exploring:
        chosen, s.chosen = s.chosen, None
        return chosen
    if s.watched:
        s.heartbeats += 1
    if s.posted or (s.shared and s.timers.now() >= s.loop_due):
        return None
    if s.timers.heap:
        s.timers.run(s.timers.now())
    if s.io_waiters and s.timers.now() >= s.io_due:
        if s.use_selectors:
            return None
        s.globq.extend(poll_now())
    if s.globq and s.tick % FAIRNESS == 0:
        return _fresh_slice(s.globq.popleft())
    gp = s.runnext
    if gp is not None:
        s.runnext = None
        if not (s.runq or s.globq) or not _slice_over():
            return gp
        s.globq.append(gp)
    if s.runq:
        return _fresh_slice(s.runq.popleft())
    if s.globq:
        gp = s.globq.popleft()
        for _ in range(min(len(s.globq), LOCAL // 2 - 1)):
            s.runq.append(s.globq.popleft())
        return _fresh_slice(gp)
    if s.io_waiters and not s.use_selectors:
        s.runq.extend(poll_now())
        if s.runq:
            return _fresh_slice(s.runq.popleft())
    return None


def _fresh_slice(gp: G) -> G:
    """Return gp, which begins a new time slice."""
    s = sched
    s.tick += 1
    s.inherited = 0
    s.slice_end = 0
    return gp


def _slice_over() -> bool:
    """Return whether the run-next chain has used up its time slice; only each eighth call reads the clock."""
    s = sched
    s.inherited += 1
    if s.inherited & 7:
        return False
    now = s.timers.now()
    if s.slice_end == 0:
        s.slice_end = now + SLICE
    return now >= s.slice_end


def unqueue(gp: G) -> None:
    """Remove gp from the run queue, because it resumes with an exception."""
    s = sched
    if s.runnext is gp:
        s.runnext = None
    elif s.chosen is gp:
        s.chosen = None
    elif gp in s.runq:
        s.runq.remove(gp)
    elif gp in s.globq:
        s.globq.remove(gp)


# --- waiting and yielding ----------------------------------------------------------------------------------


def running() -> G | None:
    """Return the goroutine that the caller runs in; None in a foreign thread, the hub or another greenlet."""
    s = sched
    gp = s.curg
    if gp is None or current() is not gp.greenlet or gp.status != RUNNING:
        return None
    # A finalizer or handler that has interrupted a step must not wait: it is not part of the goroutine.
    return None if s.step and s.step == get_ident() else gp


def getg() -> G:
    """Return the caller's goroutine, or its thread's G; without a program, the caller becomes main."""
    return running() or hooks.enter()


def waiter(gp: G | None, before: int) -> G | None:
    """Return the goroutine or thread that is about to wait; None if the hook `enter` has to find it first.

    In a step.  `gp` is what `enter` has returned, or None; `before` is what `begin` has returned.
    """
    s = sched
    if before:
        return None
    if gp is not None and gp.thread:
        return gp if s.main is not None and not s.ending and not s.no_waiting and gp.status == IDLE else None
    gp = s.curg
    if gp is None or s.ending or gp.status != RUNNING or current() is not gp.greenlet:
        return None
    return gp


def wait(  # noqa: PLR0917  # as fast as possible
    reason: str,
    attempt: Callable[[], bool],
    enqueue: Callable[[G], object],
    undo: Callable[[G, bool], object] | None = None,
    cancel: Callable[[G], object] | None = None,
    of: object = None,
) -> G | None:
    """Do an operation for the caller, or park it until it is made ready; return its G if it was parked.

    - `attempt()` does the operation if that needs no waiting, and returns whether it did.
    - `enqueue(gp)` puts the caller's G into a wait queue.  It is called in the same step.
    - `cancel(gp)` takes back what `enqueue` did besides queueing gp itself.  It is called when a handler or
      finalizer has used the engine within the step, since the attempt might succeed now.
    - `undo(gp, woken)` gives back what gp has received when an exception ends the wait.  It is called in a
      step of its own, with gp out of its queue; `woken` says whether gp had been made ready before.
    - `of` is what the operation is of, for recordings.
    """
    s = sched
    gp: G | None = None
    parked = False
    try:
        while True:
            me = get_ident()
            before = wait_for_step(me) if s.step else 0
            s.step = me
            try:
                nested = s.nested
                if attempt():
                    return None
                gp = waiter(gp, before)
                if gp is not None:
                    parked = True
                    gp.waiting = reason
                    gp.since = monotonic_ns() if s.timed or s.trace is not None else 0
                    gp.status = WAITING
                    gp._success = False
                    enqueue(gp)
                    if s.nested != nested and gp.status == WAITING:
                        if cancel is not None:
                            cancel(gp)
                        cancel_wait(gp)
                        parked = False
                        continue
                    if s.trace is not None and gp.status == WAITING:
                        s.trace.park(gp, reason, of)
                    if gp.bubble is not None and gp.status == WAITING:
                        gp.bubble.block(gp)
                    if gp.thread:
                        s.sleepers[gp] = None
                    else:
                        s.handoff = pick()
            finally:
                s.step = before
                if s.hub_asleep:
                    hooks.wake()
            if gp is not None:
                switch_away(gp)
                return gp
            gp = hooks.enter()
    except BaseException as exc:
        if parked and gp is not None:
            undo_wait(gp, undo)
            after_throw(gp, exc)
        raise


def cancel_wait(gp: G) -> None:
    """Take back the beginning of a wait, before anything else has run.  In a step."""
    if gp._queue is not None:
        gp._queue.remove(gp)
    gp._elem = None
    gp.waiting = ""
    gp.when = 0
    gp.status = IDLE if gp.thread else RUNNING


def switch_away(gp: G) -> None:
    """Switch from gp, the caller, to what was picked; return when gp runs again."""
    s = sched
    n = s.handoff
    if n is gp:
        # A timer that was due has made it ready.
        s.handoff = None
        gp.status = RUNNING
        if s.trace is not None:
            s.trace.run(gp)
        return
    if gp.thread:
        sleep_thread(gp)
        return
    if n is not None:
        g = n.greenlet
        if g is None:
            w = _idle_worker()
            if w is not None:
                w.gp = n
                g = n.greenlet = w.greenlet
        if g is not None:
            s.handoff = None
            n.status = RUNNING
            s.curg = n
            if s.trace is not None:
                s.trace.run(n)
            # A frame of a parked goroutine must not keep n alive.
            n = None
            switch(g)
            if s.curg is not gp:
                refuse_switch(gp)
            return
        n = None
    hub = s.hub or new_hub()
    s.curg = None
    switch(hub)
    if s.curg is not gp:
        refuse_switch(gp)


def refuse_switch(gp: G) -> None:
    """Raise RuntimeError where the user's code has switched to the greenlet of gp, which is parked or idle.

    Returns when the scheduler has switched here.
    """
    s = sched
    while s.curg is not gp:
        if gp is _NO_GOROUTINE and s.curg is not None and s.curg.greenlet is current():
            # An idle worker that was given a goroutine.
            return
        back = s.hub if s.curg is None else s.curg.greenlet
        error = RuntimeError(
            "greenlet.switch to the greenlet of a goroutine: only the scheduler may; to wake it, send to its "
            "channel"
        )
        if back is None:
            raise error
        back.throw(error)


def _idle_worker() -> Worker | None:
    """Take a worker off the list of idle ones; None if there is none."""
    s = sched
    w = s.free
    if w is not None:
        s.free = w.link
        w.link = None
        s.free_size -= 1
    return w


def undo_wait(gp: G, undo: Callable[[G, bool], object] | None = None) -> None:
    """End gp's wait or yield because of an exception, and call undo(gp, woken) in the same step."""
    before = begin()
    try:
        woken = gp.status != WAITING
        abort_wait(gp)
        if undo is not None:
            undo(gp, woken)
        gp._elem = None
    finally:
        end(before)


def abort_wait(gp: G) -> None:
    """Take gp out of all queues and make it the running goroutine again: an exception has ended its wait.

    In a step.
    """
    s = sched
    if gp.thread:
        s.sleepers.pop(gp, None)
        if gp.status == RUNNABLE and gp.wakeup is not None:
            gp.wakeup.acquire(False)
        gp.status = IDLE
        gp.when = 0
    else:
        n = s.handoff
        if n is not None:
            # It was picked, but the switch to it did not happen.
            s.handoff = None
            unpick(n)
        if s.starting is not None:
            forget_worker(s.starting)
        other = s.curg
        if other is not None and other is not gp and other.status == RUNNING and not s.ending:
            # It has called this greenlet's throw, or the switch to it has failed: it goes on later.
            other.status = RUNNABLE
            put(other)
        if gp.status == RUNNABLE:
            unqueue(gp)
        gp.status = RUNNING
        s.curg = gp
    if s.trace is not None:
        s.trace.run(gp)
    gp.waiting = ""
    if gp.uncounted:
        unblock(gp)
    if gp._queue is not None:
        gp._queue.remove(gp)


def after_throw(gp: G, exc: BaseException) -> None:
    """Begin a new program if exc, which has ended gp's wait, was thrown into main to end the program.

    Between steps.
    """
    s = sched
    if gp is s.main and s.threw_into_main:
        s.threw_into_main = False
        hooks.program_ended(gp, exc)


def park(reason: str) -> None:
    """Park the caller until it is made ready; `reason` is what it waits for, in Go's words."""
    wait(reason, _never, _nowhere)


def _never() -> bool:
    return False


def _nowhere(gp: G) -> None:
    pass


def block(reason: str, /) -> NoReturn:
    """Park the caller forever: only an exception ends the wait."""
    while True:
        park(reason)


def gosched() -> None:
    """Yield the processor to the other goroutines; return when the scheduler picks the caller again.

    The caller goes to the end of the global run queue.  Go's runtime.Gosched.

    >>> from gochan import go, run, runtime
    >>> def main() -> None:
    ...     go(print, "first")
    ...     runtime.gosched()
    ...     print("second")
    >>> run(main)
    first
    second
    """
    gp: G | None = None
    while True:
        gp = _begin_yield(gp, sched.globq.append)
        if gp is not None:
            break
        gp = hooks.enter()
    if gp.thread:
        sleep(0)
    else:
        yield_to_next(gp)


def yield_local() -> None:
    """Yield to the goroutine that is next; the caller goes to the end of the local queue: Go's goyield."""
    gp = _begin_yield(None, put)
    # A finalizer in the hub cannot yield, nor can a goroutine that is being unwound.
    if gp is not None:
        yield_to_next(gp)


def _begin_yield(gp: G | None, queue: Callable[[G], object]) -> G | None:
    """Put the calling goroutine into the run queue by queue(gp), and pick the next one.

    Returns the caller's G.  A thread's is in no run queue.  None if the hook `enter` has to find it first; gp
    is what that has returned, or None.
    """
    before = begin()
    try:
        gp = waiter(gp, before)
        if gp is not None and not gp.thread:
            if sched.trace is not None:
                sched.trace.yields(gp)
            gp.status = RUNNABLE
            queue(gp)
            sched.handoff = pick()
        return gp
    finally:
        end(before)


def yield_to_next(gp: G) -> None:
    """Switch from gp, which is in the run queue, to what was picked; return when gp runs again."""
    try:
        switch_away(gp)
    except BaseException as exc:
        undo_wait(gp)
        after_throw(gp, exc)
        raise


def poll_point() -> None:
    """Let other goroutines run if the caller's time slice is used up, where Go would preempt it.

    Called by the operations of a polling loop, such as a failed try_lock, since such a loop never parks.
    Posted calls are made here, too.
    """
    s = sched
    s.polls += 1
    if s.posted or not s.polls & 63:
        end_slice()


def end_slice() -> None:
    """Do what `poll_point` does, for a caller that has counted `sched.polls` and checked it."""
    s = sched
    gp = running()
    # A foreign thread may come here, too, by trying a lock or reading an atomic value.  It does nothing.
    if gp is None or s.ending:
        return
    if s.posted:
        drain()
    if s.polls & 63:
        return
    now = s.timers.now()
    if s.slice_end == 0:
        s.slice_end = now + SLICE
    over = now >= s.slice_end
    if not over and not (s.shared and now >= s.loop_due):
        return
    gp = _begin_yield(None, _end_of_slice if over else s.globq.append)
    if gp is not None:
        yield_to_next(gp)


def _end_of_slice(gp: G) -> None:
    """Put gp, whose time slice is over, into the global queue; the next goroutine gets a slice of its own."""
    sched.globq.append(_fresh_slice(gp))


# --- bubbles: see synctest.py ----------------------------------------------------------------------------


def timers() -> Timers:
    """Return the timers and the clock that the caller uses: its bubble's in a bubble."""
    gp = sched.curg
    if gp is None or gp.bubble is None or current() is not gp.greenlet:
        return sched.timers
    return gp.bubble.timers


def clock() -> tuple[int, int]:
    """Return the readings of the wall clock and the monotonic clock, in ns: those of the caller's bubble."""
    t = timers()
    return t.wall(), t.now()


def unblock(gp: G) -> None:
    """Count gp, which becomes ready, among its bubble's running goroutines."""
    gp.uncounted = False
    if gp.pending is None:
        # Only a bubble has uncounted goroutines.
        assert gp.bubble is not None
        gp.bubble.running += 1


# --- go --------------------------------------------------------------------------------------------------


def go(fn: Callable[_P, object], /, *args: _P.args, **kwargs: _P.kwargs) -> Any:
    """Start a goroutine that calls `fn(*args, **kwargs)`: Go's `go` statement.

    The goroutine first runs when the caller waits or ends.  What `fn` returns is dropped; an exception that
    leaves it ends the program.  `fn` runs in a copy of the caller's contextvars context.

    As a decorator, `@go` starts the function below it and binds its name to None.  (`go` returns None; its
    return type is Any so that type checkers accept several functions named `_` in one scope.)  Called from
    another thread, it starts a goroutine behind all runnable ones.

    Raises `TypeError` if `fn` is not callable.  Arguments that don't fit `fn` raise in the new goroutine.

    >>> from gochan import Chan, go, run
    >>> def main() -> int:
    ...     answer = Chan[int]()
    ...     go(answer.send, 42)
    ...     return answer.recv()
    >>> run(main)
    42
    """
    if not callable(fn):
        raise TypeError(f"go: {fn!r} is not callable; give the function and its arguments: go(f, x)")
    start(*new_g(fn, args, kwargs))


def spawn(
    fn: Callable[..., object], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None, /
) -> None:
    """Do what `go` does, for gochan's own Python code."""
    start(*new_g(fn, args, kwargs))


def spawn_global(
    fn: Callable[..., object], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None, /
) -> None:
    """Do what `spawn` does, but append the goroutine to the global queue: first started, first run."""
    gp, _ = new_g(fn, args, kwargs)
    start(gp, True)


def new_g(fn: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any] | None) -> tuple[G, bool]:
    """Make a goroutine that calls fn(*args, **kwargs), without starting it.

    Returns it, and whether the caller is a foreign thread: then `start` must put it into the global queue.
    """
    s = sched
    spawner = s.curg
    if spawner is None or current() is not spawner.greenlet:
        spawner = hooks.spawner()
    if spawner is None or spawner.greenlet is None:
        # Called by a thread, a task or callback of the event loop, or a finalizer that interrupted the hub.
        gp = new_goroutine()
        gp.parent = 1
        gp.context = copy_context()
    else:
        context = spawner.greenlet.gr_context
        if context is not None:
            context = context.copy()
        head = s.gfree
        if head is None:
            gp = new_goroutine()
        else:
            gp = head
            s.gfree = gp.link
            s.gfree_size -= 1
            gp.link = None
        gp.parent = spawner.id
        gp.bubble = spawner.bubble
        gp.context = context
    gp.fn = fn
    gp.args = args
    if kwargs:
        gp.kwargs = kwargs
    frame = hooks.caller()
    if frame is not None:
        gp.code = frame.f_code
        gp.lasti = frame.f_lasti
    return gp, spawner is None and s.thread != get_ident()


def start(gp: G, last: bool = False) -> None:
    """Start a new goroutine: make it ready, or with `last` append it to the global queue."""
    s = sched
    before = begin()
    try:
        if s.ending or s.main is None:
            # Started by a `finally` block or a thread after the program's end: it never runs.
            return
        launch(gp)
        if last:
            gp.status = RUNNABLE
            s.globq.append(gp)
        else:
            ready(gp)
    finally:
        end(before)


def launch(gp: G) -> None:
    """Give a new goroutine its id and count it.  In a step."""
    s = sched
    s.goid += 1
    gp.id = s.goid
    s.live += 1
    if gp.bubble is not None:
        gp.bubble.total += 1
        gp.bubble.running += 1
    if s.trace is not None:
        s.trace.go(gp)


def work() -> None:
    """Run goroutines in this greenlet, one after another, until the worker ends."""
    w, sched.starting = sched.starting, None
    assert w is not None
    try:
        _work(w)
    except (Unwind, GreenletExit):
        # Thrown into an idle worker.
        _leave_idle(w)
    except BaseException as exc:
        # A signal handler has raised between two goroutines, or in an idle worker: raise that in main.
        end_worker(w)
        post(partial(_raise, exc))


def _raise(exc: BaseException) -> NoReturn:
    try:
        raise exc
    finally:
        del exc


def _work(w: Worker) -> None:
    s = sched
    while True:
        me = w.greenlet
        gp = w.gp
        assert me is not None and gp is not None
        if gp.context is not None:
            me.gr_context = gp.context
        if not _run(gp, w):
            return
        # No goroutine runs any more: a finalizer of what is dropped now cannot wait.
        s.curg = None
        me.gr_context = None
        w.gp = None
        _recycle(gp)
        gp = None
        before = begin()
        try:
            n = s.handoff = pick()
        finally:
            s.step = before
        if n is not None and n.greenlet is None:
            # A new goroutine can run in this greenlet, without a switch.
            s.handoff = None
            n.greenlet = me
            n.status = RUNNING
            w.gp = n
            s.curg = n
            if s.trace is not None:
                s.trace.run(n)
            n = None
            continue
        if s.free_size >= IDLE_WORKERS:
            end_worker(w)
            return
        w.link = s.free
        s.free = w
        s.free_size += 1
        n = None
        switch_away(_NO_GOROUTINE)


# Stands for the goroutine in switch_away when an idle worker switches.
_NO_GOROUTINE: Final = new_goroutine()


def end_worker(w: Worker) -> None:
    """Let w end when its function returns; the hub runs next."""
    s = sched
    s.workers.pop(w, None)
    _leave_idle(w)
    s.curg = None
    assert w.greenlet is not None
    # When a greenlet ends, its parent continues.
    w.greenlet.parent = s.hub or new_hub()


def forget_worker(w: Worker) -> None:
    """Put the goroutine of w back into the run queue, since w's greenlet could not start."""
    s = sched
    s.starting = s.curg = None
    s.workers.pop(w, None)
    gp, w.gp = w.gp, None
    assert gp is not None
    gp.greenlet = None
    gp.status = RUNNABLE
    unpick(gp)
    if s.trace is not None:
        s.trace.ready(gp)


def _leave_idle(w: Worker) -> None:
    """Give no goroutine to w any more, if it is idle."""
    s = sched
    before: Worker | None = None
    found = s.free
    while found is not None and found is not w:
        before, found = found, found.link
    if found is None:
        return
    if before is None:
        s.free = w.link
    else:
        before.link = w.link
    w.link = None
    s.free_size -= 1


def _recycle(gp: G) -> None:
    """Keep the G of a goroutine that has ended for the next `go` (Go's gfput)."""
    s = sched
    gp.greenlet = None
    gp.code = None
    gp.context = None
    if s.gfree_size < IDLE_WORKERS and gp.pending is None:
        gp.status = IDLE
        gp.link = s.gfree
        s.gfree = gp
        s.gfree_size += 1


def _run(gp: G, w: Worker) -> bool:
    """Run gp to its end; return False if its greenlet must end, too."""
    fn, args, kwargs = gp.fn, gp.args, gp.kwargs
    assert fn is not None
    gp.fn = None
    gp.args = ()
    gp.kwargs = None
    exc: BaseException | None = None
    result: object = None
    try:
        result = fn(*args) if kwargs is None else fn(*args, **kwargs)
        if result is not None:
            hooks.check_result(fn, result, "go" if gp.group is None else "WaitGroup.go")
    except BaseException as raised:
        exc = raised
    fn = args = kwargs = result = None  # type: ignore[assignment]
    s = sched
    fatal: BaseException | None = None
    try:
        if exc is not None or gp.scope is not None or s.ending or s.curg is not gp:
            fatal = _goroutine_ended(gp, exc)
            if s.curg is not gp:
                # Its program is over and forgotten, so its greenlet is being freed.
                return False
        if gp.group is not None:
            fatal = _leave_group(gp, fatal)
        s.live -= 1
        gp.status = DEAD
        if s.trace is not None:
            s.trace.ended(gp)
        if fatal is not None:
            w.gp = None
            s.fatal = fatal
            end_worker(w)
            return False
        if s.ending:
            # It was unwound, even if it has caught the Unwind.
            return False
        if gp.bubble is not None:
            gp.bubble.drop(gp)
        return True
    finally:
        # Their tracebacks hold this frame.
        exc = fatal = None


def _goroutine_ended(gp: G, exc: BaseException | None) -> BaseException | None:
    """Call the hook `goroutine_ended`, and again with what it raises; return what it returns."""
    while True:
        try:
            return hooks.goroutine_ended(gp, exc)
        except BaseException as raised:
            exc = raised


def _leave_group(gp: G, fatal: BaseException | None) -> BaseException | None:
    """Call `done` on the WaitGroup whose `go` started gp, unless an exception left gp."""
    group, gp.group = gp.group, None
    if fatal is not None or sched.ending or group is None:
        return fatal
    try:
        group.done()
    except BaseException as raised:
        return _goroutine_ended(gp, raised)
    return None


# --- the hub ---------------------------------------------------------------------------------------------


def new_hub() -> greenlet:
    """Make the hub's greenlet."""
    s = sched
    s.hub = hub = greenlet(_hub, s.main.greenlet if s.main is not None else None)
    return hub


def _hub() -> None:
    s = sched
    while True:
        if s.fatal is not None:
            s.threw_into_main = True
            _throw_main(_take_fatal())
            continue
        if s.handoff is None:
            before = begin()
            try:
                s.handoff = pick()
            finally:
                s.step = before
            if s.handoff is None:
                _poll()
                continue
        switch(_start(s.handoff))


def _take_fatal() -> BaseException:
    exc, sched.fatal = sched.fatal, None
    assert exc is not None
    return exc


def _start(n: G) -> greenlet:
    """Make n, which was picked, the running goroutine; return its greenlet.

    A separate function, so that the hub's frame does not keep n alive while other goroutines run.
    """
    s = sched
    if n.greenlet is None:
        w = _idle_worker() or _new_worker()
        w.gp = n
        n.greenlet = w.greenlet
    g = n.greenlet
    assert g is not None
    s.handoff = None
    n.status = RUNNING
    s.curg = n
    if s.trace is not None:
        s.trace.run(n)
    return g


def _new_worker() -> Worker:
    s = sched
    w = Worker()
    # The parent is main's greenlet, not the hub: greenlet walks the chain of parents at each switch.
    w.greenlet = greenlet(work, s.main.greenlet if s.main is not None else None)
    s.workers[w] = None
    s.starting = w
    return w


def _poll() -> None:
    """Call the hook `poll`, and throw what it raises into main."""
    raised: BaseException | None = None
    try:
        hooks.poll()
    except BaseException as exc:
        raised = exc
    if raised is not None:
        _throw_main(raised)


def _throw_main(exc: BaseException) -> None:
    s = sched
    main = s.main
    assert main is not None and main.greenlet is not None
    s.curg = main
    main.greenlet.throw(type(exc), exc, exc.__traceback__)


def unwind_worker(w: Worker) -> BaseException | None:
    """Throw Unwind into the goroutine that w runs, and end w; return the exception that came out instead."""
    s = sched
    g = w.greenlet
    if g is None or g.dead:
        return None
    if w.gp is not None:
        s.curg = w.gp
    g.parent = current()
    try:
        g.throw(Unwind())
    except BaseException as exc:
        return exc
    finally:
        w.gp = None
    return None
