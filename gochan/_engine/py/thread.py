"""Foreign threads: threads other than the scheduler's that wait where goroutines do.

Such a thread has a G of its own, which is in wait queues like any other.  Where a goroutine would park,
the thread sleeps on a lock, `G.wakeup`, and `ready` releases that lock.  A timer that the thread waits for is
in the heap as usual.  If the scheduler's thread is busy when it is due, the thread fires it itself.

Invariant: `wakeup` is locked unless `ready` was called and the thread has not woken yet.
"""

from __future__ import annotations

import sys
from _thread import _local
from typing import Any, Final

from ..unpatched import allocate_lock, get_ident
from .state import IDLE, G, new_goroutine, sched
from .step import begin, end

# How long a thread sleeps before it checks again, in seconds: Python's main thread, because not every signal
# ends its sleep; any other, because the scheduler's thread may end without waking it.
_MAX_SLEEP_MAIN: Final = 0.1
_MAX_SLEEP: Final = 1.0

_own: Final[Any] = _local()


def thread_g() -> G:
    """Return the calling thread's G."""
    try:
        gp: G = _own.g
    except AttributeError:
        gp = new_goroutine()
        gp.thread = get_ident()
        gp.wakeup = allocate_lock()
        gp.wakeup.acquire()
        _own.g = gp
    return gp


def sleep_thread(gp: G) -> None:
    """Sleep until gp, the calling thread's G, is made ready.  Raises `RuntimeError` if the program ends."""
    s = sched
    longest = _MAX_SLEEP_MAIN if _is_main(gp.thread) else _MAX_SLEEP
    assert gp.wakeup is not None
    while True:
        seconds = min(longest, max(0, gp.when - s.timers.now()) / 1e9) if gp.when else longest
        if gp.wakeup.acquire(True, seconds):
            break
        main = s.main
        if main is not None and main.greenlet is not None and main.greenlet.dead:
            raise RuntimeError("the program has ended")
        if gp.when and s.timers.now() >= gp.when:
            before = begin()
            try:
                s.timers.run(s.timers.now())
            finally:
                end(before)
    before = begin()
    try:
        s.sleepers.pop(gp, None)
        if s.trace is not None:
            s.trace.run(gp)
        gp.status = IDLE
        gp.when = 0
        why, gp.wait_error = gp.wait_error, ""
    finally:
        end(before)
    if why:
        raise RuntimeError(why)


def _is_main(ident: int) -> bool:
    threading = sys.modules.get("threading")
    return threading is not None and threading.main_thread().ident == ident
