"""Ctrl-C reaches the user's code, never the middle of an engine step.

Python runs a signal's handler between any two bytecodes.  Compiled, the engine has no bytecodes; interpreted,
KeyboardInterrupt could leave a goroutine half way in a queue.  So the runtime puts its own handler in place
of Python's default one: in an engine frame it raises the signal again, which brings it back a few bytecodes
later, until the frame is the user's.  While the engine sleeps, the handler raises at once: the idle wait
expects it, and throws it into main.
"""

from __future__ import annotations

import signal
from types import FrameType

from .runtime2 import sched
from .traceback import is_engine


def guard_interrupts() -> None:
    """Take the place of Python's default handler of SIGINT; leave any other alone."""
    try:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, on_interrupt)
    except ValueError:
        # Not the main thread: no handler runs here.
        pass


def unguard_interrupts() -> None:
    """Give Python's default handler its place back."""
    try:
        if signal.getsignal(signal.SIGINT) is on_interrupt:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    except ValueError:
        pass


def on_interrupt(signum: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, now or a few bytecodes later."""
    if frame is not None and not sched.idle and is_engine(frame.f_code):
        signal.raise_signal(signum)
        return
    raise KeyboardInterrupt
