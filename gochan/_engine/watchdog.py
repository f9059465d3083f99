"""The watchdog: reports which goroutine keeps the thread from all others.

A thread of its own checks, a few times per limit, whether the scheduler has picked a goroutine since the last
check.  While it is on, `sched.watched`, each pick is counted in `sched.heartbeats`; while it is off, nothing
is counted.
"""

from __future__ import annotations

import sys
from _thread import TIMEOUT_MAX
from datetime import timedelta
from time import monotonic_ns
from typing import Any, Final, final

from .frames import current_frames
from .impl import sched
from .seconds import seconds
from .traceback import created_by, format_line, user_frame

_BLOCKED: Final = (
    "It is blocked in a call. Wait with gochan instead, as in gochan.time.sleep, or run the call in a\n"
    "thread: gochan.thread.call(f, ...) lets the other goroutines run.\n"
)
_COMPUTING: Final = (
    "It is computing. Call gochan.runtime.gosched() between its steps, or run it in another process:\n"
    "gochan.thread.call(f, ..., executor=ProcessPoolExecutor()).\n"
)
_UNKNOWN: Final = (
    "If it is blocked in a call, run the call in a thread: gochan.thread.call(f, ...). If it is computing,\n"
    "call gochan.runtime.gosched() between its steps, or give thread.call a ProcessPoolExecutor.\n"
)
# The number of the watchdog's checks within one limit.
_CHECKS: Final = 4


def thread_times(ident: int) -> tuple[int, int] | None:
    """Return for how many nanoseconds a thread has run, and for how many it was ready but did not run.

    None on other systems than Linux.
    """
    thread = sys.modules["threading"]._active.get(ident)
    try:
        with open(f"/proc/self/task/{thread.native_id}/schedstat", encoding="ascii") as file:
            running, ready, *_ = file.read().split()
        return int(running), int(ready)
    except (AttributeError, OSError, ValueError):
        return None


def advice(before: tuple[int, int] | None, after: tuple[int, int] | None, elapsed: int) -> str:
    """Return what to do about a goroutine whose thread had these times, `elapsed` nanoseconds apart."""
    if before is None or after is None:
        return _UNKNOWN
    running, ready = after[0] - before[0], after[1] - before[1]
    # One that computes shares the GIL with other threads, or the processor with other programs.
    return _COMPUTING if running * 4 > elapsed or (running + ready) * 4 > elapsed * 3 else _BLOCKED


@final
class _Watchdog:
    """One setting of the watchdog, and its thread."""

    def __init__(self, limit: float) -> None:
        from threading import Event, Thread

        self.limit = limit
        self.stopped: Any = Event()
        # Where goroutines were when they were reported.
        self.reported: set[tuple[str, int]] = set()
        Thread(target=self.watch, name="gochan-watchdog", daemon=True).start()

    def watch(self) -> None:
        """Report a goroutine when _CHECKS checks in a row have found no switch."""
        heartbeats = -1
        checks = 0
        since = 0
        before: tuple[int, int] | None = None
        while not self.stopped.wait(min(self.limit / _CHECKS, TIMEOUT_MAX)):
            s = sched
            if s.curg is None or s.heartbeats != heartbeats:
                heartbeats = s.heartbeats
                checks = 0
                continue
            if checks == 0:
                since = monotonic_ns()
                before = thread_times(s.thread)
            checks += 1
            if checks == _CHECKS:
                self.report(advice(before, thread_times(s.thread), monotonic_ns() - since))

    def report(self, hint: str) -> None:
        """Print the running goroutine's stack and a hint, unless one was reported at this line before."""
        s = sched
        gp = s.curg
        frame = user_frame(current_frames().get(s.thread))
        if gp is None or frame is None:
            return
        where = (frame.f_code.co_filename, frame.f_lineno)
        if where in self.reported:
            return
        self.reported.add(where)
        lines = [f"gochan: goroutine {gp.id} has held the thread for {self.limit:g} s; all others wait.\n"]
        while frame is not None:
            lines.append(format_line(frame.f_code, frame.f_lineno))
            frame = user_frame(frame.f_back)
        sys.stderr.write("".join(lines) + created_by(gp) + hint)
        sys.stderr.flush()


_current: _Watchdog | None = None
# The readers of `sched.heartbeats`: the watchdog, the preemption.
_readers: Final[set[str]] = set()


def watch_heartbeats(reader: str, on: bool) -> None:
    """Count each pick in `sched.heartbeats` while there is a reader."""
    (_readers.add if on else _readers.discard)(reader)
    sched.watched = bool(_readers)


def set_watchdog(d: float | timedelta | None, /) -> None:
    """Report to stderr each line at which a goroutine keeps the thread for longer than d.

    d is a number of seconds or a timedelta; None switches the watchdog off.  It is off by default, unless the
    environment variable GOCHAN_WATCHDOG gives a number of seconds.  While it is on, each switch takes a
    little longer.

    The report is the goroutine's stack, once for each line, and advice: on Linux it says whether the
    goroutine is computing or blocked in a call, elsewhere it covers both.  Go has no counterpart, because it
    preempts goroutines.

    Raises `TypeError` if d is not a duration or None, `ValueError` if it is 0, negative or NaN.

    >>> from gochan import runtime
    >>> runtime.set_watchdog(0.1)
    >>> runtime.set_watchdog(None)
    """
    global _current
    number = None if d is None else seconds("runtime.set_watchdog", d)
    if number is not None and not number > 0:
        raise ValueError(f"runtime.set_watchdog: {d!r} is not above 0; give a number of seconds, or None")
    if _current is not None:
        _current.stopped.set()
        _current = None
    watch_heartbeats("watchdog", number is not None)
    if number is not None:
        _current = _Watchdog(number)


def watch_again() -> None:
    """Start the watchdog's thread in a forked child, which has none."""
    if _current is not None:
        set_watchdog(_current.limit)


def set_from_environment(text: str) -> None:
    """Set what GOCHAN_WATCHDOG says."""
    try:
        limit = float(text)
    except ValueError:
        raise ValueError(f"GOCHAN_WATCHDOG={text!r}: give a limit in seconds, such as 0.1") from None
    set_watchdog(limit)
