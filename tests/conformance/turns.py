"""Waiting until everybody else waits."""

from gochan import runtime
from gochan.runtime.runtime2 import sched


def everyone() -> None:
    """Let the others run until each of them waits or has ended.

    A single gosched is not enough: at every 61st tick its caller comes back before the others.
    """
    while True:
        runtime.gosched()
        if sched.runnext is None and sched.size == 0 and sched.gsize == 0:
            return
