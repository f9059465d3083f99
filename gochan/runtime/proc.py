"""Goroutines: the run queue, park and ready, the hub, go and run (Go's runtime/proc.go).

A goroutine that parks picks the next one and switches straight to its greenlet.  The hub, a greenlet of its
own, runs only to start a fresh greenlet (one started from a goroutine would inherit that one's recursion
depth and place on the C stack), to sleep when nobody can run, and to throw into main what ends it.

Invariants
- `sched.curg` is the goroutine whose greenlet runs; whoever switches sets it first.  None: the hub runs, or
  nothing has started.
- `pick` alone decides who is next; it follows Go's findRunnable and its time slice.
- A goroutine that stops waiting by an exception (Deadlock, Unwind, KeyboardInterrupt) is taken out of the
  queue it was parked in before the exception goes on.
- Engine code holds no reference to a goroutine that has ended, nor to its function, arguments or result.
"""

from __future__ import annotations

import atexit
import sys
from _thread import get_ident
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from time import sleep
from types import CoroutineType, GeneratorType
from typing import Any, Final, NoReturn, ParamSpec, TypeVar

from greenlet import GreenletExit, getcurrent, greenlet

from .accelerate import accelerated, called_back
from .error import Deadlock, Goexit, Unwind
from .fork import end_child
from .interrupt import guard_interrupts, guard_quit, unguard_interrupts, unguard_quit
from .runtime2 import Bubble, G, Worker, sched
from .time import BURST, Timers
from .traceback import all_stacks, caller, created_by, current_stack, strip

_P = ParamSpec("_P")
_R = TypeVar("_R")

# Bound once: an attribute of a class costs a lookup at each switch.
switch: Final = greenlet.switch
current: Final = getcurrent

# Go's numbers: the local queue's size, the tick at which the global one goes first, the time slice.
LOCAL: Final = 256
FAIRNESS: Final = 61
SLICE: Final = 10_000_000
# How long goroutines run before an event loop in the same thread has a turn.
TURN: Final = 1_000_000
# Greenlets, and ended goroutines, kept for the next `go`.
IDLE_WORKERS: Final = 1024
# How often a goroutine that is unwound may try to wait again before it is left where it stands.
PATIENCE: Final = 100


# --- the run queue ---------------------------------------------------------------------------------------


@accelerated
def ready(gp: G) -> None:
    """Make gp runnable, next of all; who was next goes to the tail of the queue."""
    s = sched
    gp.waiting = ""
    if gp.idle:
        unsettle(gp)
    kicked = s.runnext
    s.runnext = gp
    if kicked is not None:
        put(kicked)
    if s.idle:
        s.poller.wake()


@accelerated
def put(gp: G) -> None:
    """Append gp to the local queue; a full one moves half of itself to the global queue."""
    s = sched
    if s.size == LOCAL:
        for _ in range(LOCAL // 2):
            put_global(_get_local())
        put_global(gp)
        return
    tail = s.tail
    if tail is None:
        s.head = gp
    else:
        tail.link = gp
    s.tail = gp
    s.size += 1


def _get_local() -> G:
    s = sched
    gp = s.head
    assert gp is not None
    s.head = gp.link
    gp.link = None
    if s.head is None:
        s.tail = None
    s.size -= 1
    return gp


@accelerated
def put_global(gp: G) -> None:
    """Append gp to the global queue."""
    s = sched
    tail = s.gtail
    if tail is None:
        s.ghead = gp
    else:
        tail.link = gp
    s.gtail = gp
    s.gsize += 1


def _get_global() -> G:
    s = sched
    gp = s.ghead
    assert gp is not None
    s.ghead = gp.link
    gp.link = None
    if s.ghead is None:
        s.gtail = None
    s.gsize -= 1
    return gp


@accelerated
def pick() -> G | None:
    """Take the next goroutine to run out of its queue, as Go's findRunnable does; None if there is none."""
    s = sched
    if s.attention:
        attend()
        if s.breathe:
            # The hub first lets the event loop run.
            return None
    if s.timers.heap:
        s.timers.run(s.timers.now())
    if s.gsize and s.tick % FAIRNESS == 0:
        return _fresh_slice(_get_global())
    gp = s.runnext
    if gp is not None:
        s.runnext = None
        if (s.head is None and s.gsize == 0) or not _slice_over():
            return gp
        put_global(gp)
    if s.head is not None:
        return _fresh_slice(_get_local())
    if s.gsize:
        gp = _get_global()
        for _ in range(min(s.gsize, LOCAL // 2 - 1)):
            put(_get_global())
        return _fresh_slice(gp)
    return None


def _fresh_slice(gp: G) -> G:
    s = sched
    s.tick += 1
    s.inherited = 0
    s.slice_end = 0
    return gp


def _slice_over() -> bool:
    """Tell whether the run-next chain has had its time slice; only every eighth switch reads the clock."""
    s = sched
    s.inherited += 1
    if s.inherited & 7:
        return False
    now = s.timers.now()
    if s.slice_end == 0:
        s.slice_end = now + SLICE
    return now >= s.slice_end


def post(fn: Callable[[], object]) -> None:
    """Have the scheduler call fn soon, which must neither park nor raise: for handlers and threads."""
    s = sched
    s.inbox.append(fn)
    s.attention = True
    if s.idle:
        s.poller.wake()


@called_back
def attend() -> None:
    """Call what was posted since the last look; see whether it is the event loop's turn."""
    s = sched
    s.attention = s.shared or s.watched
    s.beats += 1
    while s.inbox:
        s.inbox.popleft()()
    if s.shared and s.timers.now() >= s.loop_turn:
        s.breathe = True


# --- park, and its kin -----------------------------------------------------------------------------------


@accelerated
def blocker() -> G:
    """Find the goroutine that is about to wait, or say why the caller may not."""
    gp = sched.curg
    if gp is None:
        gp = attach()
    elif current() is not gp.greenlet:
        gp = _claim()
    elif stepping(gp):
        raise misplaced()
    if sched.ending:
        _again(gp)
    return gp


def stepping(gp: G) -> bool:
    """Tell whether gp is half way into a wait: whoever runs now is a finalizer or callback in its midst.

    Were gp to wait or to yield there, it would be in two places at once.
    """
    return gp.queue is not None or gp.waiting != "" or gp.selected is not None


@accelerated
def getg() -> G:
    """Find the goroutine that runs; outside any, the calling code becomes main."""
    gp = sched.curg
    if gp is None:
        return attach()
    return gp if current() is gp.greenlet else _claim()


@accelerated
def park(gp: G, reason: str) -> None:
    """Stop running gp, which is in some queue by now, until `ready` and its turn; reason is in Go's words."""
    gp.waiting = reason
    if gp.bubble is not None:
        block_in_bubble(gp)
    _yield(gp)


def _switch_to(n: G | None) -> None:
    """Hand the thread to n, through the hub where n needs a greenlet or there is no n."""
    s = sched
    if n is not None:
        g = n.greenlet
        if g is None:
            w = _idle_worker()
            if w is not None:
                w.gp = n
                g = n.greenlet = w.greenlet
        if g is not None:
            s.curg = n
            switch(g)
            return
        s.handoff = n
    s.curg = None
    hub = s.hub
    if hub is None:
        hub = s.hub = new_hub()
    switch(hub)


def _idle_worker() -> Worker | None:
    """Take a worker that has nothing to do, if there is one."""
    s = sched
    w = s.free
    if w is not None:
        s.free = w.link
        w.link = None
        s.free_size -= 1
    return w


@called_back
def thrown(gp: G) -> None:
    """Tidy up after an exception that was thrown into gp while it was parked."""
    s = sched
    gp.waiting = ""
    gp.elem = None
    if gp.idle:
        unsettle(gp)
    if gp.queue is not None:
        gp.queue.remove(gp)
    s.curg = gp
    if s.fatal is not None and not s.explicit and gp is s.main:
        s.fatal = None
        _finish_program()
        _restart(gp)


def _again(gp: G) -> NoReturn:
    """End a goroutine that tries to wait although the program has ended."""
    s = sched
    s.tries += 1
    if s.tries > PATIENCE and gp is not s.main and gp.greenlet is not None:
        # It catches whatever is thrown into it.  It stays where it is for good: freed, it would run again.
        s.abandoned.append(gp.greenlet)
        unwinder = gp.greenlet.parent
        assert unwinder is not None
        switch(unwinder)
    raise Unwind


@accelerated
def gosched() -> None:
    """Let the others run: the caller goes to the end of the global queue.

    Returns when its turn comes again.  Answers to Go's runtime.Gosched.

    >>> from gochan import go, run, runtime
    >>> def main() -> None:
    ...     go(print, "first")
    ...     runtime.gosched()
    ...     print("second")
    >>> run(main)
    first
    second
    """
    gp = blocker()
    put_global(gp)
    _yield(gp)


@accelerated
def yield_local(gp: G) -> None:
    """Let whoever is next run at once; gp goes to the end of the local queue: Go's goyield."""
    put(gp)
    _yield(gp)


def _yield(gp: G) -> None:
    n = pick()
    # It is gp again where a timer that was due made it ready.
    if n is not gp:
        try:
            _switch_to(n)
        except BaseException:
            thrown(gp)
            raise


@accelerated
def poll_point() -> None:
    """Give others a chance in a loop that never waits: called by what tried something in vain.

    What came from outside is delivered at once; a time slice that is used up ends, as Go's preemption would
    end it.
    """
    s = sched
    gp = s.curg
    # Another thread that tries a lock or an atomic value comes here, too: what was posted is not for it.
    if s.attention and gp is not None and current() is gp.greenlet:
        attend()
        if s.breathe and not s.ending and not stepping(gp):
            put_global(gp)
            _yield(gp)
            return
    s.polls += 1
    if s.polls & 63:
        return
    if gp is None or current() is not gp.greenlet or s.ending or stepping(gp):
        return
    now = s.timers.now()
    if s.slice_end == 0:
        s.slice_end = now + SLICE
    elif now >= s.slice_end:
        put_global(gp)
        _fresh_slice(gp)
        _yield(gp)


# --- bubbles: Go's runtime/synctest.go, as far as the scheduler takes part ---------------------------------

# Waits that nothing outside the bubble can end, whatever they wait for.
_DURABLE: Final = frozenset(
    (
        "chan receive (nil chan)",
        "select (no cases)",
        "sleep",
        "sync.Cond.Wait",
        "synctest.Run",
        "synctest.Wait",
    )
)


def clock() -> Timers:
    """Find the timers, and the clock, that the calling goroutine goes by."""
    s = sched
    gp = s.curg
    if gp is None:
        if s.idle:
            # A callback of the event loop may be about to set a timer that is due before all others.
            s.poller.wake()
        return s.timers
    return s.timers if gp.bubble is None else gp.bubble.timers


@called_back
def block_in_bubble(gp: G) -> None:
    """Count gp, which is about to park, out of its bubble's running goroutines if its wait is durable."""
    b = gp.bubble
    assert b is not None
    if gp.waiting not in _DURABLE:
        if not gp.durable and (gp.queue is None or gp.queue.bubble is not b):
            return
        gp.durable = False
        gp.waiting += " (durable)"
    gp.idle = True
    b.running -= 1
    settle(b)


@called_back
def unsettle(gp: G) -> None:
    """Count gp, which is made ready, among its bubble's running goroutines again."""
    gp.idle = False
    if gp.bubble is not None:
        gp.bubble.running += 1


def settle(b: Bubble) -> None:
    """Wake somebody if all of the bubble's goroutines are durably blocked: root for a timer that is due,
    or who waits for just this, or root to move the clock."""
    if b.running or b.active:
        return
    b.active += 1
    heap = b.timers.heap
    if b.waiter is not None and not (heap and heap[0].when <= b.timers.moment):
        ready(b.waiter)
    else:
        ready(b.root)


def leave_bubble(gp: G) -> None:
    """Count gp, which has ended, out of its bubble."""
    b = gp.bubble
    assert b is not None
    gp.bubble = None
    b.total -= 1
    b.running -= 1
    if gp is b.main:
        b.main = None
        b.done = True
    settle(b)


def unwind_bubble(b: Bubble) -> BaseException | None:
    """Unwind the goroutines of an ended bubble, all of them parked; return what one of them raised."""
    s = sched
    me = s.curg
    s.ending = True
    for w in list(s.workers):
        if w.gp is not None and w.gp.bubble is b and w.gp is not me:
            _unwind(w)
            s.workers.pop(w, None)
            s.curg = me
    s.ending = False
    late, s.fatal = s.fatal, None
    return late


# --- go --------------------------------------------------------------------------------------------------


# go(f, fn=1) passes fn to f. Where mypyc compiles such a function, its positional-only parameter could be
# given by keyword all the same; so each has a name that no keyword is likely to have.


@accelerated
def go(_fn: Callable[..., object], /, *args: Any, **kwargs: Any) -> None:
    """Start a goroutine that calls `_fn(*args, **kwargs)`: Go's `go` statement.

    It runs when the caller next waits or ends.  Its result is dropped; an exception that leaves it ends the
    program.  It runs in a copy of the caller's contextvars context.  As a decorator, `@go` starts the
    function below it; the name is then None.

    Raises TypeError if _fn is not callable.  Arguments that don't fit it raise in the new goroutine.

    >>> from gochan import Chan, run
    >>> def main() -> int:
    ...     answer = Chan[int]()
    ...     go(answer.send, 42)
    ...     return answer.recv()
    >>> run(main)
    42
    """
    if not callable(_fn):
        raise TypeError(f"go: {_fn!r} is not callable; give the function and its arguments: go(f, x)")
    start(new_g(_fn, args, kwargs))


@accelerated
def new_g(fn: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> G:
    """Make a goroutine, not started yet: it knows its spawner, the place of its `go` and its context."""
    s = sched
    spawner = s.curg
    if spawner is None and s.main is None:
        spawner = attach()
    g = None if spawner is None else spawner.greenlet
    if spawner is None or g is None:
        if s.thread != get_ident():
            _claim()
            return new_g(fn, args, kwargs)
        # A task or callback of the event loop, or a finalizer that has interrupted the scheduler.
        stray = outside_g(fn, args)
        if kwargs:
            stray.kwargs = kwargs
        return stray
    try:
        context = g.gr_context
    except ValueError:
        # The one check that this is the spawner's own thread, and at no cost: before anything is touched.
        _claim()
        return new_g(fn, args, kwargs)
    if not s.explicit and g.dead:
        # A main without run that has ended: this begins another program.
        _claim()
        return new_g(fn, args, kwargs)
    gp = s.gfree
    if gp is None:
        gp = G()
    else:
        s.gfree = gp.link
        s.gfree_size -= 1
        gp.link = None
    gp.fn = fn
    gp.args = args
    gp.parent = spawner.id
    if kwargs:
        gp.kwargs = kwargs
    gp.bubble = spawner.bubble
    place_at_caller(gp)
    if context is not None:
        gp.context = context.copy()
    return gp


def outside_g(fn: Callable[..., object], args: tuple[Any, ...]) -> G:
    """Make a goroutine, not started yet, for a call from outside of all goroutines."""
    gp = G()
    gp.fn = fn
    gp.args = args
    gp.parent = 1
    place_at_caller(gp)
    gp.context = copy_context()
    return gp


def place_at_caller(gp: G) -> None:
    """Give gp the place of the user's call, for a module of gochan's own that is not compiled."""
    frame = caller()
    if frame is not None:
        gp.code = frame.f_code
        gp.lasti = frame.f_lasti


@accelerated
def start(gp: G) -> None:
    """Number a new goroutine and make it ready."""
    s = sched
    if s.ending:
        # Started from a `finally` block after the program's end: it will never run.
        return
    s.goid += 1
    gp.id = s.goid
    s.live += 1
    if gp.bubble is not None:
        gp.bubble.total += 1
        gp.bubble.running += 1
    ready(gp)


def start_behind(gp: G) -> None:
    """Start a goroutine for what comes from outside: behind all others, so that they run as they came."""
    s = sched
    if s.ending:
        return
    s.goid += 1
    gp.id = s.goid
    s.live += 1
    put_global(gp)


@accelerated
def work() -> None:
    """Run goroutines in this greenlet, one after another, for as long as somebody keeps it."""
    s = sched
    w = s.starting
    assert w is not None
    s.starting = None
    while True:
        gp = s.curg
        assert gp is not None
        me = w.greenlet
        assert me is not None
        if gp.context is not None:
            me.gr_context = gp.context
        if not _run(gp):
            return
        # Whatever it was: the one given, or one that the goroutine made itself.
        me.gr_context = None
        w.gp = None
        _recycle(gp)
        gp = None
        n = pick()
        if n is not None and n.greenlet is None:
            # A fresh goroutine goes on in this greenlet, without a switch.
            n.greenlet = me
            w.gp = n
            s.curg = n
            continue
        if s.free_size >= IDLE_WORKERS:
            retire(w, n)
            return
        w.link = s.free
        s.free = w
        s.free_size += 1
        try:
            _switch_to(n)
        except (Unwind, GreenletExit):
            return


@called_back
def retire(w: Worker, n: G | None) -> None:
    """Let a worker that nobody needs end, and have the hub go on with n."""
    s = sched
    s.workers.pop(w, None)
    s.handoff = n
    s.curg = None
    assert w.greenlet is not None
    _die_into_hub(w.greenlet)


def _recycle(gp: G) -> None:
    """Keep a goroutine that has ended, empty, for the next `go`: Go's gfput."""
    s = sched
    gp.greenlet = None
    gp.code = None
    gp.context = None
    if s.gfree_size < IDLE_WORKERS:
        gp.link = s.gfree
        s.gfree = gp
        s.gfree_size += 1


def _run(gp: G) -> bool:
    """Run gp to its end; False if the program ended with it and this greenlet is to die."""
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
            refuse_unrun(fn, result)
    except BaseException as raised:
        exc = raised
    fn = args = kwargs = result = None  # type: ignore[assignment]
    try:
        return ended(gp, exc)
    finally:
        # Its traceback holds this frame.
        exc = None


@called_back
def ended(gp: G, exc: BaseException | None) -> bool:
    """Finish gp, whose function returned or raised exc; False if the program ended with it."""
    s = sched
    if isinstance(exc, (Unwind, GreenletExit)):
        if s.ending or s.curg is not gp:
            s.live -= 1
            return False
        # The user's own.  As after any fatal error, no deferred call runs.
        gp.scope = None
    if s.curg is not gp:
        # This is a child that gp has forked.
        end_child(exc)
    try:
        if gp.scope is not None and not s.ending:
            try:
                exc = gp.scope.run(exc)
            except BaseException as raised:
                if s.ending and isinstance(raised, (Unwind, GreenletExit)):
                    s.live -= 1
                    return False
                # A fatal error in a deferred call: the others do not run.
                exc = raised
            gp.scope = None
        s.live -= 1
        if gp.bubble is not None and not s.ending:
            leave_bubble(gp)
        if exc is None or isinstance(exc, Goexit):
            # In a program that ends it was unwound, whatever it made of that; nobody has a turn after it.
            return not s.ending
        _die(gp, exc)
        return False
    finally:
        # Its traceback holds this frame.
        exc = None


@called_back
def refuse_unrun(fn: Callable[..., object], result: object) -> None:
    """Refuse a coroutine or generator function: calling one runs nothing, and `go` would drop it unseen."""
    if isinstance(result, (CoroutineType, GeneratorType)):
        result.close()
        kind = "coroutine" if isinstance(result, CoroutineType) else "generator"
        name = getattr(fn, "__qualname__", repr(fn))
        raise TypeError(f"go: {name} is a {kind} function: calling it runs nothing; give a plain function")


def _die(gp: G, exc: BaseException) -> None:
    """End the program with exc, which left gp: the hub will throw it into main."""
    s = sched
    # Whatever the user made of it, it is the exception that ends the program.
    with suppress(Exception):
        exc.add_note(f"in goroutine {gp.id}, {created_by(gp).rstrip()}")
    exc.__traceback__ = strip(exc.__traceback__)
    if s.ending:
        # Raised while it was unwound.  The first exception is the one that is told.
        if s.fatal is None:
            s.fatal = exc
        return
    s.fatal = exc
    s.curg = None
    g = gp.greenlet
    assert g is not None
    _die_into_hub(g)


def _die_into_hub(g: greenlet) -> None:
    """Let the hub go on when g ends."""
    hub = sched.hub
    assert hub is not None
    g.parent = hub


# --- the hub ---------------------------------------------------------------------------------------------


@called_back
def new_hub() -> greenlet:
    """Make the hub's greenlet."""
    s = sched
    return greenlet(_hub, s.main.greenlet if s.main is not None else None)


def _hub() -> None:
    s = sched
    while True:
        if s.fatal is not None:
            _end_main()
            continue
        if s.breathe:
            _breathe()
            continue
        n = s.handoff
        if n is not None:
            s.handoff = None
        else:
            n = pick()
            if n is None:
                _idle()
                continue
        if n.greenlet is None:
            w = _idle_worker() or _new_worker()
            w.gp = n
            n.greenlet = w.greenlet
        s.curg = n
        g = n.greenlet
        assert g is not None
        # While others run, the hub must not keep the last one that it started alive.
        n = None
        switch(g)


def _new_worker() -> Worker:
    s = sched
    w = Worker()
    # Parent is main's greenlet, not the hub: greenlet walks the line of parents at every switch.
    w.greenlet = greenlet(work, s.main.greenlet if s.main is not None else None)
    s.workers[w] = None
    s.starting = w
    return w


def _breathe() -> None:
    """Let the event loop that shares the thread run once."""
    s = sched
    s.breathe = False
    raised: BaseException | None = None
    try:
        s.poller.breathe()
    except BaseException as e:
        raised = e
    s.loop_turn = s.timers.now() + TURN
    if raised is not None:
        _throw_main(raised)


def _idle() -> None:
    """Sleep until a timer or the outside makes a goroutine ready; if none ever can, that is a deadlock."""
    s = sched
    timers = s.timers
    raised: BaseException | None = None
    try:
        if not timers.heap and s.wakers == 0 and not s.poller.pending():
            raised = _deadlock()
        else:
            # A signal's handler may raise as soon as idle is set, and not before or after.
            s.idle = True
            if not s.inbox and s.runnext is None:
                s.poller.wait(max(0, timers.burst(BURST) - timers.now()) if timers.heap else -1)
            s.idle = False
            if s.shared:
                s.loop_turn = timers.now() + TURN
    except BaseException as e:
        s.idle = False
        raised = e
    if raised is not None:
        _throw_main(raised)


def _deadlock() -> Deadlock:
    text = "no goroutines (main called runtime.Goexit)" if sched.main_exited else "all goroutines are asleep"
    stacks = all_stacks(sched).rstrip("\n")
    return Deadlock(f"{text} - deadlock!\n\n{stacks}" if stacks else f"{text} - deadlock!")


def _throw_main(exc: BaseException) -> None:
    s = sched
    main = s.main
    assert main is not None
    _unqueue(main)
    s.curg = main
    g = main.greenlet
    assert g is not None
    g.throw(type(exc), exc, exc.__traceback__)


def _unqueue(gp: G) -> None:
    """Take gp out of the run queue, if a handler or a thread made it ready before it is thrown into."""
    s = sched
    if s.runnext is gp:
        s.runnext = None
        return
    before: G | None = None
    n = s.head
    while n is not None and n is not gp:
        before = n
        n = n.link
    if n is None:
        return
    if before is None:
        s.head = gp.link
    else:
        before.link = gp.link
    if gp.link is None:
        s.tail = before
    gp.link = None
    s.size -= 1


def _end_main() -> None:
    """End main because of an exception in another goroutine."""
    s = sched
    _drop_queues()
    if s.explicit:
        # run() raises the exception itself, once main has unwound.
        s.ending = True
        _throw_main(Unwind())
    else:
        exc = s.fatal
        assert exc is not None
        _throw_main(exc)


# --- run, and the program's end --------------------------------------------------------------------------


def run(_fn: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Run `_fn(*args, **kwargs)` as the main goroutine and return its result: Go's func main.

    The program ends when main returns: goroutines that are left are unwound, so that their `finally` and
    `with` blocks run; their deferred calls don't.

    Raises what leaves main, or what leaves any other goroutine (with a note that says which one, and where
    it was started); Deadlock when nothing can run any more; TypeError if _fn is not callable;
    RuntimeError inside a running program, and in a thread while the runtime is another thread's.

    >>> from gochan import run
    >>> run(lambda: "done")
    'done'
    """
    if not callable(_fn):
        raise TypeError(f"run: {_fn!r} is not callable; give the main function: run(main)")
    s = sched
    gp = s.main
    if gp is None:
        gp = attach()
    elif s.explicit and s.thread == get_ident():
        raise RuntimeError("run: a program runs already; start a goroutine in it with go(f)")
    elif s.curg is None or current() is not s.curg.greenlet:
        gp = _claim()
    elif s.curg is not gp:
        raise RuntimeError("run: called in a goroutine; start another with go(f)")
    s.explicit = True
    s.base = caller()
    guard_quit()
    # The deferred calls of code that runs without run and is under @defers: they are none of main's.
    outer, gp.scope = gp.scope, None
    try:
        result = _main(gp, _fn, args, kwargs)
    finally:
        s.ending = True
        try:
            _finish_program()
            for hook in list(s.at_end):
                hook()
        finally:
            # After signal's hook, which may put it back.
            unguard_quit()
            fatal = s.fatal
            s.reset()
            if outer is not None:
                _restart(gp)
                gp.scope = outer
            else:
                # Last of all: from here on KeyboardInterrupt may come anywhere.
                unguard_interrupts()
    if fatal is not None:
        try:
            raise fatal
        finally:
            # Its traceback holds this frame.
            fatal = None
    return result  # type: ignore[return-value]


def _main(gp: G, main: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> object:
    """Run main and its deferred calls.  After its Goexit, wait for the others to end the program."""
    s = sched
    exc: BaseException | None = None
    result: object = None
    try:
        result = main(*args, **kwargs)
        if result is not None:
            refuse_unrun(main, result)
    except BaseException as raised:
        exc = raised
    try:
        if gp.scope is not None and not s.ending and not isinstance(exc, (Deadlock, Unwind, GreenletExit)):
            panicked = exc is not None
            exc = gp.scope.run(exc)
            if panicked:
                result = None
        if isinstance(exc, Goexit):
            s.main_exited = True
            s.live -= 1
            exc = None
            park(gp, "")
    except BaseException as raised:
        exc = raised
    if s.fatal is None and exc is not None:
        try:
            raise exc.with_traceback(strip(exc.__traceback__))
        finally:
            # Its traceback holds this frame.
            exc = None
    # So does an Unwind's.
    exc = None
    return result


def _finish_program() -> None:
    """Unwind every goroutine but main, and let go of all greenlets."""
    s = sched
    main = s.main
    s.ending = True
    _drop_queues()
    s.timers.clear()
    me = current()
    late: BaseException | None = None
    for w in list(s.workers):
        late = _unwind(w) or late
        s.curg = main
    s.free = None
    s.free_size = 0
    s.workers.clear()
    hub = s.hub
    if hub is not None and not hub.dead and hub is not me:
        hub.parent = me
        hub.throw(GreenletExit())
    s.hub = None
    if late is not None and s.fatal is None:
        s.fatal = late


def _unwind(w: Worker) -> BaseException | None:
    """Unwind the goroutine that w runs, and end w; return what came out of it instead."""
    s = sched
    g = w.greenlet
    if g is None or g.dead:
        return None
    if w.gp is not None:
        s.curg = w.gp
    g.parent = current()
    s.tries = 0
    try:
        g.throw(Unwind())
    except BaseException as e:
        return e
    finally:
        w.gp = None
    return None


def _drop_queues() -> None:
    s = sched
    s.runnext = s.handoff = None
    for first in (s.head, s.ghead):
        gp = first
        while gp is not None:
            after = gp.link
            gp.link = None
            gp = after
    s.head = s.tail = s.ghead = s.gtail = None
    s.size = s.gsize = 0


def attach() -> G:
    """Make the calling code the main goroutine: what `run` does, and the first blocking call without it."""
    s = sched
    if s.main is not None:
        raise misplaced()
    g = current()
    s.thread = get_ident()
    s.live = 1
    s.main = gp = G()
    gp.id = 1
    gp.greenlet = g
    s.curg = gp
    guard_interrupts()
    return gp


def _restart(gp: G) -> None:
    """Begin a new program with the same main: the old one ended, in code that runs without `run`."""
    s = sched
    s.reset()
    s.thread = get_ident()
    s.live = 1
    s.main = s.curg = gp


def _claim() -> G:
    """Take the runtime over from a thread that has ended, in place of refusing the call."""
    s = sched
    main = s.main.greenlet if s.main is not None else None
    if main is not None and _ended(main):
        s.reset()
        return attach()
    raise misplaced()


def _ended(main: greenlet) -> bool:
    """Tell whether main's greenlet has ended, by itself or with its thread."""
    # The thread's number does not tell, as the next thread may bear it again.  The greenlet does, but a
    # moment after the thread was joined; until then, a thread without any frame may be alive or not.
    for _ in range(20):
        if main.dead or sched.thread in sys._current_frames():
            break
        sleep(0.001)
    return main.dead


def misplaced() -> RuntimeError:
    """Explain why a call that waits is refused in a place that is no goroutine."""
    s = sched
    if s.thread != get_ident():
        return foreign()
    if s.shared and s.poller.running():
        return RuntimeError(
            "a blocking call in an asyncio task or callback; there it is `await aio.recv(ch)`, aio.send or "
            "aio.select"
        )
    gp = s.curg
    if gp is None or stepping(gp):
        return RuntimeError("a blocking call in a finalizer or callback that interrupted the scheduler")
    return RuntimeError("a blocking call in a greenlet that is not a goroutine's; start it with go(f)")


def foreign() -> RuntimeError:
    """Explain why a call is refused in a thread that is not the runtime's."""
    return RuntimeError(
        "a call in a thread that is not the runtime's: goroutines run in the thread that used gochan first; "
        "from here, thread.submit(f, ...) calls f in one"
    )


def keep_out() -> None:
    """Refuse to touch a channel in another thread than the runtime's, for as long as that one lives.

    For the interpreted engine, whose steps another thread would meet half done.
    """
    s = sched
    main = s.main.greenlet if s.main is not None else None
    if main is not None and s.thread != get_ident() and not _ended(main):
        raise foreign()


def goexit() -> NoReturn:
    """End the calling goroutine, after its deferred calls; the others go on.

    After main's, `run` waits for the others and raises Deadlock when none is left.  Raises RuntimeError
    outside any goroutine.  Answers to Go's runtime.Goexit.

    >>> from gochan import defer, run, runtime, sync
    >>> def visit() -> None:
    ...     defer(print, "bye")
    ...     runtime.goexit()
    >>> def main() -> None:
    ...     wg = sync.WaitGroup()
    ...     wg.go(visit)
    ...     wg.wait()
    >>> run(main)
    bye
    """
    s = sched
    gp = s.curg
    if gp is None or (gp is s.main and not s.explicit) or current() is not gp.greenlet:
        raise RuntimeError("goexit: no goroutine to end; call it in a function started by go or run")
    raise Goexit


def num_goroutine() -> int:
    """Count the goroutines that exist, main included: Go's runtime.NumGoroutine.

    >>> from gochan import Chan, go, run, runtime
    >>> def main() -> None:
    ...     go(Chan[int]().recv)
    ...     print(runtime.num_goroutine())
    >>> run(main)
    2
    """
    # Nothing else lets the others run in a loop that waits for their end.
    poll_point()
    return max(1, sched.live)


def stack(all: bool = False) -> str:
    """Format the stack of the calling goroutine, or with all=True of every one: Go's runtime.Stack.

    >>> from gochan import run, runtime
    >>> def main() -> None:
    ...     print(runtime.stack().splitlines()[0])
    >>> run(main)
    goroutine 1 [running]:
    """
    gp = getg()
    if all:
        return all_stacks(sched)
    return current_stack(gp)


def _at_exit() -> None:
    """Unwind what the implicit main leaves behind, as run does for its own."""
    s = sched
    if s.main is not None and s.curg is s.main and s.thread == get_ident() and not s.explicit:
        _finish_program()
        for hook in list(s.at_end):
            hook()
        s.reset()


atexit.register(_at_exit)
