"""Ctrl-C reaches the user's code, never the middle of an engine step; Ctrl-\\ shows the goroutines.

Python runs a signal's handler between any two bytecodes.  Compiled, the engine has no bytecodes; interpreted,
KeyboardInterrupt could leave a goroutine half way in a queue.  So the runtime puts its own handler in place
of Python's default one: in the midst of an engine step it has the signal raised again, a little later, until
the user's code runs.  While the engine sleeps, the handler raises at once: the idle wait expects it, and
throws it into main.  Where the idle wait is an event loop, the loop decides: to break off its own code would
leave callbacks uncalled.

SIGQUIT, while `run` runs, prints every goroutine's stack and ends the process, as Go's runtime does.
"""

from __future__ import annotations

import os
import signal
import sys
from _thread import get_ident, interrupt_main, start_new_thread
from contextlib import suppress
from types import FrameType
from typing import Final

from .runtime2 import sched
from .traceback import all_stacks, is_engine

_SIGQUIT: Final = getattr(signal, "SIGQUIT", None)


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


def guard_quit() -> None:
    """Have SIGQUIT show the goroutines, unless somebody handles it already."""
    try:
        if _SIGQUIT is not None and signal.getsignal(_SIGQUIT) is signal.SIG_DFL:
            signal.signal(_SIGQUIT, on_quit)
    except ValueError:
        pass


def unguard_quit() -> None:
    """Give SIGQUIT its default effect back."""
    try:
        if _SIGQUIT is not None and signal.getsignal(_SIGQUIT) is on_quit:
            signal.signal(_SIGQUIT, signal.SIG_DFL)
    except ValueError:
        pass


def on_quit(signum: int, frame: FrameType | None) -> None:
    """Print every goroutine and end with Go's status 2, whatever state the program is in."""
    try:
        with suppress(Exception):
            # It may be in the midst of a print, and then cannot be flushed.
            sys.stdout.flush()
        with suppress(Exception):
            sys.stderr.write("SIGQUIT: quit\n\n" + all_stacks(sched))
            sys.stderr.flush()
    finally:
        os._exit(2)


def on_interrupt(signum: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, now or a little later."""
    shared = sched.shared
    if shared and sched.poller.interrupt(frame):
        return
    midway = frame is not None and (shared or not sched.idle) and _midway(frame)
    if midway or (shared and sched.poller.busy):
        # Raised here, the signal would be handled here, without end.  A thread raises it when its turn comes.
        start_new_thread(_raise_again, (get_ident(),))
        return
    raise KeyboardInterrupt


def _raise_again(thread: int) -> None:
    if sys.platform == "win32":
        interrupt_main()
    else:
        # A true signal: the engine may have gone to sleep by now.
        signal.pthread_kill(thread, signal.SIGINT)


def _midway(frame: FrameType) -> bool:
    """Tell whether an engine step has begun: just called by the user's code, it has done nothing yet.

    In a program that only sends and receives, half of all tries find such a call and few the user's code.
    """
    code = frame.f_code
    if not is_engine(code):
        return False
    caller = frame.f_back
    return frame.f_lineno != code.co_firstlineno or caller is None or is_engine(caller.f_code)
