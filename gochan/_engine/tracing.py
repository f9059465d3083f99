"""The recording as the engine's Python code sees it: how programs end, panics, values, names of threads.

`recorder` is None while nothing is recorded; the functions then do nothing.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from . import events
from .error import Deadlock, Panic
from .impl import sched, trace_event

# The recording: see gochan/trace/_recorder.py.
recorder: Any = None

# A note, since the text of a Deadlock is Go's.
PICTURE: Final = "\nFor a picture of what led to the deadlock: python -m gochan trace run PROG.py"


def offer_picture(deadlock: Deadlock) -> Deadlock:
    """Say in the report of a deadlock how to see what led to it; return the exception."""
    # The explorer's deadlocks are of an order that `trace run` would not repeat.
    if recorder is None and not sched.exploring:
        deadlock.add_note(PICTURE)
    return deadlock


def describe(exc: BaseException) -> str:
    """Describe an exception that ends a program, in one line."""
    if isinstance(exc, Deadlock):
        return "deadlock"
    text = ""
    # The user's __str__ may raise.
    with suppress(Exception):
        text = str(exc.value if isinstance(exc, Panic) else exc).partition("\n")[0]
    kind = "panic" if isinstance(exc, Panic) else type(exc).__name__
    return f"{kind}: {text}" if text else kind


def record_panic(exc: BaseException) -> None:
    """Record that an exception leaves the running goroutine and ends the program, if it is an error."""
    r = recorder
    if r is not None and isinstance(exc, Exception) and not isinstance(exc, Deadlock):
        text = describe(exc)
        trace_event(events.PANIC, 0, r.text(text if text.startswith("panic") else f"panic: {text}"), 0)


def record_end(exc: BaseException | None) -> None:
    """Record how a program ends: with exc, or by itself."""
    r = recorder
    if r is not None:
        r.end = "done" if exc is None else describe(exc)


def stop_at_quit() -> None:
    """Write what was recorded: SIGQUIT is about to end the process."""
    r = recorder
    if r is not None:
        r.quit()


def keep_value(value: object) -> int:
    """Keep the text of a value that is sent or received; return its number: a hook."""
    r = recorder
    return 0 if r is None else int(r.value(value))


def name_threads() -> None:
    """Look up the names of threads that the engine has just recorded for the first time: a hook."""
    r = recorder
    if r is not None:
        r.name_threads()
