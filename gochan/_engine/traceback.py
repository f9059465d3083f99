"""Goroutine stacks, the deadlock report, and tracebacks without gochan's frames (Go's runtime/traceback.go).

Only the user's frames are shown, not those of gochan's own files.  (The C engine has none; so both engines
show the same.)  Stacks contain files and lines of code, never values.
"""

from __future__ import annotations

import sys
from os.path import dirname, sep
from types import CodeType, FrameType, TracebackType
from typing import Final

from .impl import Bubble, G, sched
from .program import program

_OURS: Final = dirname(dirname(__file__)) + sep


def is_engine(code: CodeType) -> bool:
    """Return whether code is gochan's own."""
    return code.co_filename.startswith(_OURS)


def user_frame(frame: FrameType | None) -> FrameType | None:
    """Return the innermost frame of the user's, from `frame` outward."""
    while frame is not None and is_engine(frame.f_code):
        frame = frame.f_back
    return frame


def caller() -> FrameType | None:
    """Return the user's frame that called gochan; None if C code did, with no frame below: go(go, f)."""
    return user_frame(sys._getframe())


def line_of(code: CodeType, lasti: int) -> int:
    """Return the line of the instruction `lasti`.  (To record `lasti` is cheaper than to record the line.)"""
    for start, end, line in code.co_lines():
        if start <= lasti < end and line is not None:
            return line
    return code.co_firstlineno


def format_line(code: CodeType, line: int) -> str:
    """Format a line of code as Python's tracebacks do."""
    from linecache import getline

    text = getline(code.co_filename, line).strip()
    where = f'  File "{code.co_filename}", line {line}, in {code.co_qualname}\n'
    return where + f"    {text}\n" if text else where


def created_by(gp: G) -> str:
    """Format the position of the `go` that started gp; return "" for main."""
    if gp.parent == 0:
        return ""
    if gp.code is None or is_engine(gp.code):
        return f"created by goroutine {gp.parent}\n"
    return f"created by goroutine {gp.parent} at\n" + format_line(gp.code, line_of(gp.code, gp.lasti))


def stack_of(gp: G, frame: FrameType | None) -> str:
    """Format a goroutine or thread: its name and state, the user's frames (innermost first), and its `go`."""
    bubble = "" if gp.bubble is None else f", synctest bubble {gp.bubble.id}"
    name = f"thread {_thread_name(gp.thread)}" if gp.thread else f"goroutine {gp.id}"
    lines = [f"{name} [{gp.waiting or 'runnable'}{bubble}]:\n"]
    if gp.greenlet is None and gp.fn is not None:
        name = getattr(gp.fn, "__qualname__", None) or repr(type(gp.fn))
        lines.append(f"  {name}, not started yet\n")
    while frame is not None:
        if not is_engine(frame.f_code) and not (gp.thread and _begins_threads(frame)):
            lines.append(format_line(frame.f_code, frame.f_lineno))
        frame = frame.f_back
    lines.append(created_by(gp))
    return "".join(lines)


def _begins_threads(frame: FrameType) -> bool:
    """Return whether a frame belongs to the standard library's code that calls a thread's function."""
    return frame.f_globals.get("__name__") in {"threading", "concurrent.futures.thread"}


def _thread_name(ident: int) -> str:
    threading = sys.modules.get("threading")
    thread = None if threading is None else threading._active.get(ident)
    return str(ident) if thread is None else str(thread.name)


def all_stacks() -> str:
    """Format all goroutines, the running one first, as Go does; then the waiting threads and tasks."""
    stacks: list[str] = []
    for gp in sched.goroutines():
        if gp is sched.curg:
            stacks.insert(0, current_stack(gp))
        else:
            stacks.append(stack_of(gp, gp.frame))
    stacks += [stack_of(gp, gp.frame) for gp in sched.threads()]
    if sched.shared:
        stacks.extend(program.poller.stacks())
    return "\n".join(stacks)


def bubble_stacks(b: Bubble) -> str:
    """Format the goroutines of a bubble, except for its root."""
    members = [gp for gp in sched.goroutines() if gp.bubble is b and gp is not b.root]
    return "\n".join(stack_of(gp, gp.frame) for gp in members).rstrip("\n")


def outside_channels() -> str:
    """Name the channels from outside of bubbles that goroutines in bubbles wait for, a line for each.

    Such a wait is not durable: it keeps its bubble's clock from moving on.
    """
    return "".join(
        f"goroutine {gp.id} waits for {ch!r}, which was made outside the bubble\n"
        for gp in sched.goroutines()
        if gp.bubble is not None
        for ch in gp.outside_channels
    )


def current_stack(gp: G) -> str:
    """Format gp, the caller's goroutine."""
    return stack_of(gp, caller()).replace("[runnable", "[running", 1)


def strip(tb: TracebackType | None) -> TracebackType | None:
    """Remove gochan's frames from a traceback, and return its new first entry."""
    while tb is not None and is_engine(tb.tb_frame.f_code):
        tb = tb.tb_next
    last = tb
    while last is not None:
        after = last.tb_next
        while after is not None and is_engine(after.tb_frame.f_code):
            after = after.tb_next
        if after is not last.tb_next:
            # Only then, since the assignment takes time in proportion to the length of what follows.
            last.tb_next = after
        last = after
    return tb
