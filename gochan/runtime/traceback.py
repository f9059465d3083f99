"""Goroutine stacks, the deadlock's report, and tracebacks without the engine (Go's runtime/traceback.go).

Only the user's frames are shown: whatever lies in gochan's own folder is left out.  Compiled, the engine
has no frames to begin with; interpreted, this is what makes both look the same.  A stack shows places and
lines of code, never values.
"""

from __future__ import annotations

import sys
from os.path import dirname, sep
from types import CodeType, FrameType, TracebackType
from typing import Final

from . import error
from .runtime2 import Bubble, G, Sched

# Bound once: a name that mypyc knows to be final costs no lookup.
_frame_at: Final = sys._getframe

# A compiled module of a group has a wrong __file__; error.py is never compiled.
_OURS: Final = dirname(dirname(error.__file__)) + sep


def is_engine(code: CodeType) -> bool:
    """Tell whether code is gochan's own."""
    return code.co_filename.startswith(_OURS) or code.co_filename.startswith("gochan/")


def user_frame(frame: FrameType | None) -> FrameType | None:
    """Find the first frame from here down that is the user's."""
    while frame is not None and is_engine(frame.f_code):
        frame = frame.f_back
    return frame


def caller() -> FrameType | None:
    """Find the user's frame that called the engine; None if C did, with no frame below: go(go, f)."""
    try:
        return user_frame(_frame_at(0))
    except ValueError:
        # Compiled, the engine has no frame itself.
        return None


def line_of(code: CodeType, lasti: int) -> int:
    """Find the line of the instruction at lasti, which is cheaper to keep than a line number."""
    for start, end, line in code.co_lines():
        if start <= lasti < end and line is not None:
            return line
    return code.co_firstlineno


def place(code: CodeType, line: int) -> str:
    """Say where, in the words of Python's own tracebacks, with the line of code if there is a source."""
    from linecache import getline

    text = getline(code.co_filename, line).strip()
    where = f'  File "{code.co_filename}", line {line}, in {code.co_qualname}\n'
    return where + f"    {text}\n" if text else where


def created_by(gp: G) -> str:
    """Say where gp's `go` stands; nothing for the main goroutine."""
    if gp.parent == 0:
        return ""
    if gp.code is None or is_engine(gp.code):
        return f"created by goroutine {gp.parent}\n"
    return f"created by goroutine {gp.parent} at\n" + place(gp.code, line_of(gp.code, gp.lasti))


def stack_of(gp: G, frame: FrameType | None) -> str:
    """Format one goroutine: number, state, the user's frames from the innermost down, its origin."""
    bubble = "" if gp.bubble is None else f", synctest bubble {gp.bubble.id}"
    lines = [f"goroutine {gp.id} [{gp.waiting or 'runnable'}{bubble}]:\n"]
    if gp.greenlet is None and gp.fn is not None:
        name = getattr(gp.fn, "__qualname__", None) or repr(type(gp.fn))
        lines.append(f"  {name}, not started yet\n")
    while frame is not None:
        if not is_engine(frame.f_code):
            lines.append(place(frame.f_code, frame.f_lineno))
        frame = frame.f_back
    lines.append(created_by(gp))
    return "".join(lines)


def goroutines(s: Sched) -> list[G]:
    """List every goroutine that is alive, by number."""
    found: dict[int, G] = {}
    if s.main is not None and not s.main_exited:
        found[s.main.id] = s.main
    for w in s.workers:
        if w.gp is not None:
            found[w.gp.id] = w.gp
    for first in (s.runnext, s.head, s.ghead):
        gp = first
        while gp is not None:
            found[gp.id] = gp
            gp = gp.link
    return [found[id] for id in sorted(found)]


def all_stacks(s: Sched) -> str:
    """Format every goroutine, the running one first, as Go does; then what of asyncio waits for a channel."""
    stacks: list[str] = []
    for gp in goroutines(s):
        if gp is s.curg:
            stacks.insert(0, current_stack(gp))
        else:
            stacks.append(stack_of(gp, None if gp.greenlet is None else gp.greenlet.gr_frame))
    if s.shared:
        stacks.extend(s.poller.stacks())
    return "\n".join(stacks)


def bubble_stacks(s: Sched, b: Bubble) -> str:
    """Format the goroutines of a bubble, its root left out."""
    members = [gp for gp in goroutines(s) if gp.bubble is b and gp is not b.root]
    stacks = [stack_of(gp, None if gp.greenlet is None else gp.greenlet.gr_frame) for gp in members]
    return "\n".join(stacks).rstrip("\n")


def current_stack(gp: G) -> str:
    """Format the goroutine that runs."""
    return stack_of(gp, caller()).replace("[runnable", "[running", 1)


def strip(tb: TracebackType | None) -> TracebackType | None:
    """Leave the engine's frames out of a traceback."""
    while tb is not None and is_engine(tb.tb_frame.f_code):
        tb = tb.tb_next
    last = tb
    while last is not None:
        after = last.tb_next
        while after is not None and is_engine(after.tb_frame.f_code):
            after = after.tb_next
        last.tb_next = after
        last = after
    return tb
