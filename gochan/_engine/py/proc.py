"""Goroutines: park, yield and go (Go's runtime/proc.go).

A goroutine that parks picks the next one (see runq.py) and switches straight to its greenlet (see worker.py).

`wait` is how an operation waits: in one step it tries the operation, and if that is not possible yet it
enqueues the caller and picks the next goroutine; after the step it switches.  The caller's goroutine is found
by `waiter`, or else by the hook `enter` (it may make the calling code main, or find that this is another
thread), and then the operation starts over.  If an exception ends the wait, `undo_wait` undoes it.

Invariants
- Only the scheduler's own thread picks and switches.
- A goroutine whose wait or yield an exception has ended is in no queue when it continues.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from time import monotonic_ns
from types import BuiltinFunctionType
from typing import Any, Final, NoReturn, ParamSpec

from ..unpatched import get_ident, sleep
from .hooks import hooks
from .post import drain
from .runq import SLICE, fresh_slice, launch, pick, put, ready, unblock, unpick, unqueue
from .state import IDLE, RUNNABLE, RUNNING, WAITING, G, new_goroutine, sched
from .step import MAX_TRIES, begin, end, silence, wait_for_step
from .time import Timers
from .worker import current, forget_worker, switch_away

_P = ParamSpec("_P")

# The types of functions that `check_namespace` may refuse.
UNUSUAL: Final = frozenset((BuiltinFunctionType, partial, type))


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
    - `cancel(gp)` takes back what `enqueue` did besides queueing gp itself, which is out of its queue again.
      It is called when a handler or finalizer has used the engine within the step, since the attempt might
      succeed now.
    - `undo(gp, woken)` gives back what gp has received when an exception ends the wait.  It is called in a
      step of its own, with gp out of its queue; `woken` says whether gp had been made ready before.
    - `of` is the object of the operation, for recordings.
    """
    s = sched
    gp: G | None = None
    parked = False
    tries = 0
    restore: Callable[[], None] | None = None
    try:
        while True:
            if tries > MAX_TRIES:
                restore = silence()
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
                        cancel_wait(gp)
                        if cancel is not None:
                            cancel(gp)
                        parked = False
                        tries += 1
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
                if restore is not None:
                    restore()
                    restore = None
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
            # This goroutine was picked, but the switch to it did not happen.
            s.handoff = None
            unpick(n)
        if s.starting is not None:
            forget_worker(s.starting)
        other = s.curg
        if other is not None and other is not gp and other.status == RUNNING and not s.ending:
            # This goroutine has called the greenlet's throw, or the switch to it has failed: it continues
            # later.
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

    Returns the caller's G; a thread's G is not put into a queue.  Returns None if the hook `enter` has to
    find the G first.  gp is the result of `enter`, or None.
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
    """Switch from gp, which is in the run queue, to the picked goroutine; return when gp runs again."""
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
    # For a foreign thread, which may also try a lock or read an atomic value, this does nothing.
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
    sched.globq.append(fresh_slice(gp))


# --- the caller's clock ----------------------------------------------------------------------------------


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


# --- go --------------------------------------------------------------------------------------------------


def go(fn: Callable[_P, object], /, *args: _P.args, **kwargs: _P.kwargs) -> Any:
    """Start a goroutine that calls `fn(*args, **kwargs)`: Go's `go` statement.

    The goroutine first runs when the caller waits or ends.  What `fn` returns is dropped; an exception that
    leaves it ends the program.  `fn` runs in a copy of the caller's contextvars context.

    As a decorator, `@go` starts the function below it and binds its name to None.  (`go` returns None; its
    return type is Any so that type checkers accept several functions named `_` in one scope.)  Called from
    another thread, it starts a goroutine behind all runnable ones.

    Raises `TypeError` if `fn` is not callable, or is a builtin such as `locals` that works in the namespace
    of its caller.  Arguments that don't fit `fn` raise in the new goroutine.

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
    if type(fn) in UNUSUAL:
        hooks.check_namespace("go", fn, args, kwargs)
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
        # A finalizer that interrupts a step, or the goroutine's end, is not part of it.
        if spawner.bubble is not None and running() is spawner:
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
