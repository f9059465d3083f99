"""Interpreter exit while a daemon thread runs a program.

Before Python 3.14, a daemon thread that asks for the GIL after finalization has begun is ended by
pthread_exit, which unwinds its C stack.  But the C stack of a parked goroutine is not in one piece: greenlet
has copied parts of it away.  The unwinder would read another goroutine's memory, and the process would die of
SIGSEGV or "terminate called without an active exception".

So the program is stopped before that.  Its hub goes to sleep on a lock that is never released, and so never
asks for the GIL again.  If a goroutine runs for longer than _STOP_TIMEOUT, it is stopped by an asynchronous
exception whose constructor never returns.  That fails if the goroutine is in a C function all the time: see
docs/limits.rst.
"""

from __future__ import annotations

import atexit
import sys
from contextlib import suppress
from typing import Final, Self

from .frames import current_frames
from .impl import sched
from .unpatched import allocate_lock, get_ident

# How long the exit waits for the hub to sleep, in seconds.
_STOP_TIMEOUT: Final = 0.5

# The first is never released, the second when the program has stopped.
_forever: Final = allocate_lock()
_stopped: Final = allocate_lock()
_forever.acquire()
_stopped.acquire()


def _stop() -> None:
    """Sleep forever."""
    with suppress(RuntimeError):  # released already
        _stopped.release()
    _forever.acquire()


class _Stop(BaseException):
    """An exception that stops the thread in which it is raised."""

    def __new__(cls) -> Self:
        _stop()
        raise AssertionError("the lock is never released")


def stop_program() -> None:
    """Stop the program if it runs in another thread, which is a daemon thread when called at exit."""
    if sched.main is None or sched.thread == get_ident() or sched.thread not in current_frames():
        return
    sched.post(_stop)
    if _stopped.acquire(True, _STOP_TIMEOUT):
        return
    try:
        from ctypes import c_ulong, py_object, pythonapi
    except ImportError:
        return
    pythonapi.PyThreadState_SetAsyncExc(c_ulong(sched.thread), py_object(_Stop))
    _stopped.acquire(True, _STOP_TIMEOUT)


if sys.version_info < (3, 14):
    atexit.register(stop_program)
