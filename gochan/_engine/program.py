"""The data of the program that runs, besides the scheduler's."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, final

from greenlet import greenlet

from .frames import current_frames
from .impl import G, sched
from .netpoll import IdleSleep

# How the names of threads begin that never wake a goroutine on their own: gochan's threads (thread.call's
# pool, the watchdog) and pytest-timeout's.
_BYSTANDERS: Final = ("gochan-", "pytest_timeout")


@final
class Program:
    """The data of a program; there is one instance, `program`."""

    __slots__ = (
        "abandoned",
        "at_end",
        "at_idle",
        "base",
        "exiting",
        "explicit",
        "explorer",
        "fatal",
        "idle",
        "threads_before",
        "unwind_tries",
        "unwinding",
        "wakers",
    )

    def __init__(self) -> None:
        # From here on: what outlives a program.
        # The idle sleep: an IdleSleep, or aio's SharedLoop while an event loop shares the thread.
        self.idle: Any = IdleSleep()
        # The number of things outside of the scheduler that may wake a goroutine: signal.notify, threads,
        # I/O.
        self.wakers: int = 0
        # Functions to call when a program ends.
        self.at_end: list[Callable[[], None]] = []
        # Functions to call before the hub sleeps, since no goroutine can run.
        self.at_idle: list[Callable[[], None]] = []
        # gochan.explore's function that chooses the next goroutine, and returns whether there is one.
        # None: the engine chooses.
        self.explorer: Callable[[], bool] | None = None
        # Whether the interpreter is exiting; then no thread may wait any more.
        self.exiting: bool = False
        # Goroutines that could not be unwound.  They must not be freed: that would make them run again.
        self.abandoned: list[greenlet] = []
        self.reset()

    def reset(self) -> None:
        """Forget the program that ran."""
        # Whether `run` started it.
        self.explicit: bool = False
        # The frame of the user's code that called `run`.
        self.base: FrameType | None = None
        # The exception that ends the program.
        self.fatal: BaseException | None = None
        # The goroutine that is being unwound, and how many times it has tried to wait.
        self.unwinding: G | None = None
        self.unwind_tries: int = 0
        # The threads from before the program began, by ident: weak references to the Thread objects.
        self.threads_before: dict[int, Callable[[], Any]] = {}

    def record_threads(self) -> None:
        """Record the threads that exist when the program begins."""
        active = _active()
        self.threads_before = {ident: _reference(active.get(ident)) for ident in current_frames()}

    def other_threads_running(self) -> bool:
        """Return whether another thread is running that may still wake a goroutine.

        Counts threads that were started after the program began and don't wait for a goroutine themselves.
        Idle threads of concurrent.futures pools don't count.
        """
        # First the waiting threads, then all: a thread that does not wait yet may start another and then
        # wait.
        waiting = {gp.thread for gp in sched.threads()}
        frames = current_frames()
        if len(frames) == 1:
            return False
        active = _active()
        for ident, frame in frames.items():
            thread = active.get(ident)
            if ident == sched.thread or ident in waiting:
                continue
            known = self.threads_before.get(ident)
            if known is not None and known() is thread:
                continue
            if thread is not None and thread.name.startswith(_BYSTANDERS):
                continue
            code = frame.f_code
            if code.co_name == "_worker" and frame.f_globals.get("__name__") == "concurrent.futures.thread":
                continue
            return True
        return False


def _active() -> dict[int, Any]:
    """Return the Thread objects by ident."""
    threading = sys.modules.get("threading")
    return {} if threading is None else threading._active


def _reference(thread: Any) -> Callable[[], Any]:
    return _nothing if thread is None else weakref.ref(thread)


def _nothing() -> None:
    return None


program: Final = Program()
