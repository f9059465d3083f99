"""The run queue: which goroutine runs next (Go's runqput, runqget and findRunnable in runtime/proc.go).

First comes `runnext`, the goroutine that was made ready last; then the local queue, `runq`, with room for
LOCAL goroutines; then the global queue, `globq`.

Invariants
- Every function here is called in a step, and calls no user code.
- Only `pick` decides which goroutine runs next, as Go's findRunnable and its time slice do.  It picks none if
  the hub has to run, for posted calls or for the event loop.
- A goroutine in the run queue is there once, and its status is RUNNABLE.
"""

from __future__ import annotations

from typing import Final

from .netpoll import poll_now
from .state import RUNNABLE, WAITING, G, sched

# Go's numbers: the local queue's size, the tick at which the global one goes first, the time slice in ns.
LOCAL: Final = 256
FAIRNESS: Final = 61
SLICE: Final = 10_000_000


def ready(gp: G) -> None:
    """Make gp, which waits, runnable, as the next one to run; the one that was next goes to the tail.

    If gp is a thread, wake it.  Raises `RuntimeError` if gp does not wait.
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
        return fresh_slice(s.globq.popleft())
    gp = s.runnext
    if gp is not None:
        s.runnext = None
        if not (s.runq or s.globq) or not _slice_over():
            return gp
        s.globq.append(gp)
    if s.runq:
        return fresh_slice(s.runq.popleft())
    if s.globq:
        gp = s.globq.popleft()
        for _ in range(min(len(s.globq), LOCAL // 2 - 1)):
            s.runq.append(s.globq.popleft())
        return fresh_slice(gp)
    if s.io_waiters and not s.use_selectors:
        s.runq.extend(poll_now())
        if s.runq:
            return fresh_slice(s.runq.popleft())
    return None


def fresh_slice(gp: G) -> G:
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


def unblock(gp: G) -> None:
    """Count gp, which becomes ready, among its bubble's running goroutines."""
    gp.uncounted = False
    if gp.pending is None:
        # Only a bubble has uncounted goroutines.
        assert gp.bubble is not None
        gp.bubble.running += 1


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
