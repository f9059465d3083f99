"""Posted calls: what signal handlers and threads ask the hub to call."""

from __future__ import annotations

from collections.abc import Callable

from .hooks import hooks
from .state import sched


def post(fn: Callable[[], object]) -> None:
    """Ask the hub to call fn() soon.  For signal handlers and threads."""
    s = sched
    s.inbox.append(fn)
    s.posted = True
    if s.hub_asleep:
        hooks.wake()


def drain() -> None:
    """Call the posted functions, in order."""
    s = sched
    s.posted = s.fatal is not None
    inbox = s.inbox
    try:
        while inbox:
            # No signal handler can run between the next three lines, so one that raises loses no posted call.
            fn = inbox[0]
            del inbox[0]
            fn()
    finally:
        if inbox:
            s.posted = True
