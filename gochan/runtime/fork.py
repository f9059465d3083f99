"""A forked child starts with a runtime of its own, and the parent's goes on.

The child is a copy of the parent, its goroutines included, which are to have no second life.  So the child
forgets them, but never lets go of their greenlets: one that is freed would run its `finally` blocks.

Forked in a goroutine, the child ends where that one's function ends, as one forked in a thread does.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from contextlib import suppress
from typing import Any, NoReturn

from .interrupt import unguard_interrupts, unguard_quit
from .netpoll import Poller
from .runtime2 import sched
from .watchdog import watch_again

# What must not be freed here, for it is the parent's.  The event loop belongs to it, too: they share its
# selector, and closing it in the child would deafen the parent.
_inherited: list[Any] = []


def begin_anew() -> None:
    """Make the runtime a fresh one: in the child, right after the fork."""
    s = sched
    _inherited.extend((s.main, s.curg, s.hub, s.poller, s.abandoned, s.fatal, s.inbox, s.workers))
    _inherited.extend((s.runnext, s.head, s.ghead, s.handoff))
    s.poller = Poller()
    s.shared = s.watched = s.attention = False
    s.wakers = 0
    s.inbox = deque()
    s.at_end = []
    s.reset()
    unguard_interrupts()
    unguard_quit()
    watch_again()


def end_child(exc: BaseException | None) -> NoReturn:
    """End a child that was forked in a goroutine, which has ended, with exc or without."""
    status = 0
    try:
        if isinstance(exc, SystemExit):
            status = exc.code if isinstance(exc.code, int) else 0 if exc.code is None else 1
            if isinstance(exc.code, str):
                print(exc.code, file=sys.stderr)
        elif exc is not None:
            status = 1
            sys.excepthook(type(exc), exc, exc.__traceback__)
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):
                stream.flush()
    finally:
        os._exit(status & 0xFF)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=begin_anew)
