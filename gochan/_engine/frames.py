"""Safe ways to other threads' and goroutines' frames."""

from __future__ import annotations

import gc
import sys
from _thread import RLock
from operator import call
from types import FrameType
from typing import Any, Final

_lock: Final = RLock()


def current_frames() -> dict[int, FrameType]:
    """Return the innermost frame of each thread, by ident: sys._current_frames() without its deadlock.

    sys._current_frames allocates while it holds a lock of the interpreter.  In Python 3.11 that may start a
    garbage collection.  If a finalizer then switches to a thread that calls sys._current_frames, too, that
    thread waits for the lock while it holds the GIL: a deadlock.  So no collection may start here, and only
    one thread at a time calls it.
    """
    done: list[Any] = []
    try:
        try:
            # By map, in C, so that neither a signal handler nor a trace function comes in between.
            done.extend(map(call, (_lock.acquire, gc.isenabled, gc.disable, sys._current_frames)))
            # In no variable: this frame is among them.
            return done.pop()  # type: ignore[no-any-return]
        finally:
            _undo(done)
    except BaseException:
        # It may have raised in the lines above.
        _undo(done)
        raise


def _undo(done: list[Any]) -> None:
    """Undo what `current_frames` has done, once."""
    if done:
        enable: tuple[Any, ...] = (gc.enable,) if len(done) > 2 and done[1] else ()
        list(map(call, (*enable, _lock.release, done.clear)))


def outward(frame: FrameType | None) -> list[FrameType]:
    """Return a frame, which may be a goroutine's that is parked, and those that called it, innermost first.

    In Python 3.11 `f_back` may start a garbage collection before it has a reference to what it returns.  If a
    finalizer then yields, and the goroutine goes on, that is gone: the process would crash.
    """
    found: list[FrameType] = []
    enabled = gc.isenabled()
    try:
        gc.disable()
        while frame is not None:
            found.append(frame)
            frame = frame.f_back
    finally:
        if enabled:
            gc.enable()
    return found
