"""Forked children: the child starts with a runtime of its own.

The child has a copy of the parent's goroutines, which must not run there.  It forgets them, but it never
frees their greenlets, because that would run their `finally` blocks.

If a goroutine forks, the child process ends when that goroutine's function returns, as with a fork in a
thread.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any, NoReturn

from .impl import sched
from .interrupt import unguard_handlers, unguard_interrupts, unguard_quit
from .netpoll import IdleSleep, fallback
from .program import program
from .watchdog import watch_again

# The parent's objects, which must not be freed in the child.  Among them is the event loop: both processes
# share its selector, and if the child closed it, the parent would get no more events.
_inherited: list[Any] = []


def begin_anew() -> None:
    """Forget the parent's program: called in the child, right after the fork."""
    _inherited.append((program.idle, program.abandoned, program.fatal, program.unwinding, program.base))
    sched.forget()
    fallback.close()
    program.idle = IdleSleep()
    program.wakers = 0
    program.at_end = []
    program.abandoned = []
    program.reset()
    unguard_handlers()
    unguard_interrupts()
    unguard_quit()
    watch_again()


def end_child(exc: BaseException | None) -> NoReturn:
    """End a child process that was forked in a goroutine, whose function has returned or raised exc."""
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
