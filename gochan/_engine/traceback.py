"""Goroutine stacks, the deadlock report, and tracebacks without gochan's frames (Go's runtime/traceback.go).

A stack is data, a `Goroutine`, and is formatted from that.  Only the user's frames are shown, not those of
gochan's own files.  (The C engine has none; so both engines show the same.)  Stacks contain files and lines
of code, never values.
"""

from __future__ import annotations

import sys
from os.path import join
from types import CodeType, FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Final

from .frames import current_frames, outward
from .functions import function_of, is_own, name_of
from .impl import FD, Bubble, Chan, G, Mutex, NotifyList, RWMutex, WaitGroup, sched
from .program import program
from .unpatched import get_ident

if TYPE_CHECKING:
    from .goroutine import Frame, Goroutine

# In the Python engine: the end of the name of the file that runs goroutines, and what calls their function.
_SCHEDULER: Final = join("py", "worker.py")
_CALLER: Final = "_run"


def user_frame(frame: FrameType | None) -> FrameType | None:
    """Return the innermost frame of the user's, from `frame` outward."""
    while frame is not None and is_own(frame.f_code):
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
    from .goroutine import Frame

    return format_frame(Frame(code.co_filename, line, code.co_qualname))


def created_by(gp: G) -> str:
    """Format the position of the `go` that started gp; return "" for main."""
    return _format_go(gp.parent, _go_of(gp))


def _format_go(parent: int, frame: Frame | None) -> str:
    if parent == 0:
        return ""
    if frame is None:
        return f"created by goroutine {parent}\n"
    return f"created by goroutine {parent} at\n" + format_frame(frame)


def _go_of(gp: G) -> Frame | None:
    """Return the position of the `go` that started gp; None for main, and where gochan started it."""
    from .goroutine import Frame

    if gp.parent == 0 or gp.code is None or is_own(gp.code):
        return None
    return Frame(gp.code.co_filename, line_of(gp.code, gp.lasti), gp.code.co_qualname)


def stack_of(gp: G, frame: FrameType | None) -> str:
    """Format a goroutine or thread: its name and state, the user's frames (innermost first), and its `go`."""
    return format_goroutine(_describe(gp, frame))


def _describe(gp: G, frame: FrameType | None, running: bool = False) -> Goroutine:
    """Return the data of a goroutine or thread whose innermost frame is `frame`, except what it waits for."""
    from .goroutine import Frame

    stack: list[Frame] = []
    begun: FrameType | None = None
    own: list[Frame] | None = None
    for at in outward(frame):
        code = at.f_code
        if not is_own(code):
            if not (gp.thread and _begins_threads(at)):
                stack.append(Frame(code.co_filename, at.f_lineno or code.co_firstlineno, code.co_qualname))
        elif code.co_name == _CALLER and code.co_filename.endswith(_SCHEDULER):
            begun = at
        if at is program.base:
            # This frame called `run`: main's function is the frame before it.
            own = stack[:-1]
    return _goroutine(gp, stack, _function(gp, stack if own is None else own, begun), running)


def _goroutine(gp: G, stack: list[Frame], function: str, running: bool) -> Goroutine:
    from .goroutine import Goroutine

    reason = gp.waiting
    state = "running" if running else "waiting" if reason else "runnable"
    bubble = None if gp.bubble is None else gp.bubble.id
    thread = _thread_name(gp.thread) if gp.thread else None
    started = gp.thread != 0 or gp.greenlet is not None or gp.fn is None
    return Goroutine(
        gp.id, state, reason, None, gp.waited, function, _go_of(gp), stack, gp.parent, thread, bubble, started
    )


def _function(gp: G, stack: list[Frame], begun: FrameType | None) -> str:
    """Return the qualified name of gp's function; begun is the frame of the Python engine that calls it."""
    if stack:
        return stack[-1].function
    if gp.fn is not None:
        return name_of(function_of(gp.fn, gp.args or ()))
    if begun is not None and begun.f_locals.get("fn") is not None:
        return name_of(function_of(begun.f_locals["fn"], begun.f_locals["args"]))
    return ""


def format_frame(frame: Frame) -> str:
    """Format a line of a stack as Python's tracebacks do."""
    from linecache import getline

    text = getline(frame.file, frame.line).strip()
    where = f'  File "{frame.file}", line {frame.line}, in {frame.function}\n'
    return where + f"    {text}\n" if text else where


def format_goroutine(g: Goroutine) -> str:
    """Format a goroutine or thread as Go's dumps do: its name and state, its stack, and its `go`."""
    bubble = "" if g.bubble is None else f", synctest bubble {g.bubble}"
    name = f"goroutine {g.number}" if g.thread is None else f"thread {g.thread}"
    minutes = f", {g.since // 60:.0f} minutes" if g.since is not None and g.since >= 60 else ""
    lines = [f"{name} [{g.reason or g.state}{minutes}{bubble}]:\n"]
    if not g.started:
        lines.append(f"  {g.function}, not started yet\n")
    lines.extend(map(format_frame, g.stack))
    lines.append(_format_go(g.parent, g.created_by))
    return "".join(lines)


def _begins_threads(frame: FrameType) -> bool:
    """Return whether a frame belongs to the standard library's code that calls a thread's function."""
    return frame.f_globals.get("__name__") in {"threading", "concurrent.futures.thread"}


def _thread_name(ident: int) -> str:
    threading = sys.modules.get("threading")
    thread = None if threading is None else threading._active.get(ident)
    return str(ident) if thread is None else str(thread.name)


def _all_goroutines() -> list[tuple[G, Goroutine]]:
    """Describe all goroutines, the running one first, as Go does; then the waiting threads."""
    found: list[tuple[G, Goroutine]] = []
    for gp in sched.goroutines():
        if gp is sched.curg:
            found.insert(0, (gp, _describe(gp, _running_frame(), running=True)))
        else:
            found.append((gp, _describe(gp, gp.frame)))
    found.extend((gp, _describe(gp, gp.frame)) for gp in sched.threads())
    return found


def _running_frame() -> FrameType | None:
    """Return the innermost frame of the user's in the thread of the goroutines."""
    if sched.thread == get_ident():
        return caller()
    return user_frame(current_frames().get(sched.thread))


def all_stacks() -> str:
    """Format all goroutines, the running one first, as Go does; then the waiting threads and tasks."""
    stacks = [format_goroutine(g) for _, g in _all_goroutines()]
    stacks.extend(program.idle.stacks())
    return "\n".join(stacks)


def goroutines() -> list[Goroutine]:
    """Return the goroutines, the running one first, and waiting threads, as data: see `stack(all=True)`.

    Returns an empty list if no program runs.  Works in any thread and in signal handlers, and changes
    nothing.  Another thread reads the goroutines one after the other, while they run.  Asyncio tasks are left
    out.  Go's runtime.GoroutineProfile.

    >>> from gochan import Chan, go, run, runtime
    >>> def main() -> None:
    ...     go(Chan[int]().recv)
    ...     runtime.gosched()
    ...     for g in runtime.goroutines():
    ...         print(g.number, g.state, g.reason, g.function)
    >>> run(main)
    1 running  main
    2 waiting chan receive Chan.recv
    """
    return [g._replace(object=_description(gp)) if g.reason else g for gp, g in _all_goroutines()]


def waits_for(gp: G) -> list[Any]:
    """Return the objects that a parked goroutine or thread waits for, as far as they are known."""
    known: Any = getattr(gp, "objects", None)
    if known is not None:
        return list(known)
    found: list[Any] = []
    case = getattr(gp, "cases", None)
    while case is not None:
        found.append(case if case._chan is None else case._chan)
        case = case._link
    if found or gp.waiting.startswith("select"):
        return found[::-1]
    # The Python engine: the methods that wait, from the inside outward.
    for frame in outward(gp.frame):
        if not is_own(frame.f_code):
            break
        if "self" in frame.f_code.co_varnames:
            owner = frame.f_locals.get("self")
            if isinstance(owner, RWMutex):
                return [owner]
            if isinstance(owner, (Chan, FD, Mutex, NotifyList, WaitGroup)):
                found = found or [owner]
    return found


def _description(gp: G) -> str | None:
    """Describe what gp waits for, such as "Mutex locked waiters=1 at 0x7f..."; None if it is not known."""
    try:
        texts = [repr(o).removeprefix("<").removesuffix(">") for o in waits_for(gp)]
    except Exception:
        # The name of an element type is the user's code.
        return None
    return ", ".join(texts) or None


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
    return format_goroutine(_describe(gp, caller(), running=True))


def strip(tb: TracebackType | None) -> TracebackType | None:
    """Remove gochan's frames from a traceback, and return its new first entry."""
    while tb is not None and is_own(tb.tb_frame.f_code):
        tb = tb.tb_next
    last = tb
    while last is not None:
        after = last.tb_next
        while after is not None and is_own(after.tb_frame.f_code):
            after = after.tb_next
        if after is not last.tb_next:
            # Only if it changed, because the assignment takes time in proportion to the length of the rest.
            last.tb_next = after
        last = after
    return tb
