"""The watchdog: tells which goroutine keeps the thread from all others.

A thread of its own looks, a few times per limit, whether the scheduler has had a turn since its last look.
While it is on, `sched.watched` sends every switch through attend(), which counts in `sched.beats`; while it
is off, nothing is counted.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any, Final, final

from .runtime2 import sched
from .time import seconds
from .traceback import created_by, place, user_frame

_HINT: Final = (
    "A call that blocks belongs in gochan.thread.call, a long computation there with a process pool as its\n"
    "executor; between its steps, runtime.gosched() lets the others run.\n"
)


@final
class _Watchdog:
    """One setting of the watchdog, and its thread."""

    def __init__(self, limit: float) -> None:
        from threading import Event, Thread

        self.limit = limit
        self.stopped: Any = Event()
        self.told: set[tuple[str, int]] = set()
        Thread(target=self.watch, name="gochan-watchdog", daemon=True).start()

    def watch(self) -> None:
        looks = 4
        beats = -1
        still = 0
        while not self.stopped.wait(self.limit / looks):
            s = sched
            if s.curg is None or s.beats != beats:
                beats = s.beats
                still = 0
                continue
            still += 1
            if still == looks:
                self.tell()

    def tell(self) -> None:
        """Print the stack of the goroutine that runs, once for each place."""
        s = sched
        gp = s.curg
        frame = user_frame(sys._current_frames().get(s.thread))
        if gp is None or frame is None:
            return
        where = (frame.f_code.co_filename, frame.f_lineno)
        if where in self.told:
            return
        self.told.add(where)
        lines = [f"gochan: goroutine {gp.id} has held the thread for {self.limit:g} s; all others wait.\n"]
        while frame is not None:
            lines.append(place(frame.f_code, frame.f_lineno))
            frame = user_frame(frame.f_back)
        sys.stderr.write("".join(lines) + created_by(gp) + _HINT)
        sys.stderr.flush()


_current: _Watchdog | None = None


def set_watchdog(limit: float | timedelta | None, /) -> None:
    """Report to stderr each place where a goroutine keeps the thread for longer than limit seconds.

    The report is the goroutine's stack, once per place, and what to do about it.  None switches it off, which
    it is at first, unless the environment's GOCHAN_WATCHDOG gives a limit.  On, it slows each switch a
    little; off, nothing.  Go needs no such thing: it preempts.

    Raises TypeError for what is no duration, ValueError for a limit of 0, less, or NaN.

    >>> from gochan import runtime
    >>> runtime.set_watchdog(0.1)
    >>> runtime.set_watchdog(None)
    """
    global _current
    number = None if limit is None else seconds("set_watchdog", limit)
    if number is not None and not number > 0:
        raise ValueError(f"set_watchdog: {limit!r} is not above 0; give a limit in seconds, or None")
    if _current is not None:
        _current.stopped.set()
        _current = None
    sched.watched = number is not None
    sched.attention = True
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
