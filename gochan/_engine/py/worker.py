"""Workers, the greenlets that goroutines run in; and the hub, which starts them.

A goroutine gets a worker when it first runs.  The worker of a goroutine that has ended runs the next one,
without a switch, if that has no greenlet yet; otherwise it is idle until a new goroutine needs one.

The hub is a greenlet of its own.  It runs only to start a new greenlet (one that a goroutine started would
inherit its recursion depth and its position on the C stack), to call the hook `poll`, and to throw into main
the exception that ends the program.

Invariants
- `sched.curg` is the goroutine whose greenlet runs; it is set before each switch.  None: the hub runs, or
  there is no program.
- The goroutine that was picked is in `sched.handoff` until the switch to it.
- Only the scheduler's own thread switches.
- The engine keeps no reference to a goroutine that has ended, nor to its function, arguments or result.
"""

from __future__ import annotations

from functools import partial
from typing import Final, NoReturn

from greenlet import GreenletExit, getcurrent, greenlet

from ..error import Unwind
from .hooks import hooks
from .post import post
from .runq import pick, unpick
from .state import DEAD, IDLE, RUNNABLE, RUNNING, G, Worker, new_goroutine, sched
from .step import begin
from .thread import sleep_thread

# Module globals, since looking up an attribute of the class would cost time at each switch.
switch: Final = greenlet.switch
current: Final = getcurrent

# How many idle workers, and how many ended goroutines, are kept for the next `go`.
IDLE_WORKERS: Final = 1024


# --- switching -------------------------------------------------------------------------------------------


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


# --- workers ---------------------------------------------------------------------------------------------


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
        if w in sched.spare:
            # The user's code has switched here while no program runs.
            _leave_idle(w)
            raise
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
    if w in s.spare:
        s.spare.remove(w)
        return
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


def keeps_workers() -> bool:
    """Return whether idle workers outlive the program that runs."""
    s = sched
    return s.keeper is not None and s.main is not None and s.main.greenlet is s.keeper


def _new_worker() -> Worker:
    """Return a worker, which an earlier program may have left."""
    s = sched
    if s.spare and keeps_workers():
        w = s.spare.pop()
        s.workers[w] = None
        return w
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
