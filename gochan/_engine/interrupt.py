"""The signal handlers: Ctrl-C raises in the user's code only, and Ctrl-\\ prints the goroutines' stacks.

Python runs a signal handler between any two bytecodes.  In the Python engine, a KeyboardInterrupt between two
bytecodes of a step could leave a goroutine queued halfway.  (In the C engine no Python code runs in a step.)
So, while a program runs, gochan replaces Python's default SIGINT handler.  Its handler sends the signal again
a little later if gochan's own code was interrupted, until the user's code is.  While the engine sleeps, the
handler raises at once, and the hub throws the KeyboardInterrupt into main.  If an event loop runs, aio's
`SharedLoop` decides: an exception inside the loop's own code could make it lose callbacks.

A signal handler of the user's that raises could do the same.  So, in the Python engine, the handlers that
are set when a program begins are wrapped while it runs: they are called later if gochan's own code was
interrupted.  A handler that is set while the program runs is called at once, and so is any handler if the
program runs in another thread than Python's main thread.

SIGQUIT (Ctrl-\\), while `run` runs, prints the stacks of all goroutines and ends the process, as in Go.
"""

from __future__ import annotations

import os
import signal
import sys
from _signal import SIG_DFL, getsignal  # type: ignore[import-not-found]
from _signal import signal as set_handler
from _thread import interrupt_main
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from types import CodeType, FrameType
from typing import Any, Final, final

from . import tracing
from .functions import is_own
from .impl import COMPILED, sched
from .program import program
from .traceback import all_stacks
from .unpatched import get_ident, start_new_thread

# Of _signal, since the functions of signal convert to enums and back: that took 22 us for each `run`.
_SIGINT: Final = int(signal.SIGINT)
_SIGQUIT: Final = int(signal.SIGQUIT) if hasattr(signal, "SIGQUIT") else None
# The function of the Python engine in which a foreign thread sleeps.
_SLEEPS: Final = "sleep_thread"

# Modules of Python's that gochan calls: to start a thread, where an exception may leave a Condition's lock
# unlocked, and to poll, where one may hit a goroutine's step.
_CALLED: Final = frozenset({"threading", "selectors"})

# The folder of the engine.
_ENGINE: Final = os.path.dirname(__file__) + os.sep
SIGNALS: Final = tuple(map(int, signal.valid_signals()))


def guard_interrupts() -> None:
    """Replace Python's default SIGINT handler by `on_interrupt`; leave any other handler alone."""
    try:
        if getsignal(_SIGINT) is signal.default_int_handler:
            set_handler(_SIGINT, on_interrupt)
    except ValueError:
        # Not the main thread, where no handler runs.
        pass


def unguard_interrupts() -> None:
    """Restore Python's default SIGINT handler."""
    try:
        if getsignal(_SIGINT) is on_interrupt:
            set_handler(_SIGINT, signal.default_int_handler)
    except ValueError:
        pass


def guard_quit() -> None:
    """Handle SIGQUIT by `on_quit`, unless it has a handler."""
    try:
        if _SIGQUIT is not None and getsignal(_SIGQUIT) is SIG_DFL:
            set_handler(_SIGQUIT, on_quit)
    except ValueError:
        pass


def unguard_quit() -> None:
    """Restore SIGQUIT's default effect."""
    try:
        if _SIGQUIT is not None and getsignal(_SIGQUIT) is on_quit:
            set_handler(_SIGQUIT, SIG_DFL)
    except ValueError:
        pass


def on_quit(signum: int, frame: FrameType | None) -> None:
    """Print the stacks of all goroutines, and end the process with status 2, as Go does."""
    try:
        with suppress(Exception):
            # This fails if the signal interrupted a print.
            sys.stdout.flush()
        with suppress(Exception):
            sys.stderr.write("SIGQUIT: quit\n\n" + all_stacks())
            sys.stderr.flush()
        with suppress(Exception):
            tracing.stop_at_quit()
    finally:
        os._exit(2)


def on_interrupt(signum: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, or send the signal again a little later."""
    idle = program.idle
    if idle.interrupt(frame):
        return
    if _in_engine(frame) or idle.uninterruptible:
        # Sent from here, the signal would be handled at once, endlessly.  A thread sends it when it gets the
        # GIL.
        start_new_thread(_raise_again, (get_ident(),))
        return
    raise KeyboardInterrupt


def _raise_again(thread: int) -> None:
    """Send SIGINT to a thread again."""
    if sys.platform == "win32":
        interrupt_main()
    else:
        # A real signal, since the engine may sleep by now and must be woken.
        signal.pthread_kill(thread, signal.SIGINT)


def _in_engine(frame: FrameType | None) -> bool:
    """Return whether gochan's own code runs at frame, so that no exception may be raised there.

    While the hub sleeps, one may.

    A function that the user's code has just called, and that has not done anything yet, does not count: in a
    program that only sends and receives, signals rarely hit the user's own code.
    """
    while frame is not None and frame.f_globals.get("__name__") in _CALLED:
        frame = frame.f_back
    if frame is None or (sched.hub_asleep and not sched.shared and sched.thread == get_ident()):
        return False
    code = frame.f_code
    if not is_own(code) or code.co_name == _SLEEPS:
        return False
    if code.co_name == "__del__":
        # Python ignores an exception in a finalizer.
        return True
    caller = frame.f_back
    return frame.f_lineno != code.co_firstlineno or caller is None or is_own(caller.f_code)


# --- the user's handlers, in the Python engine -----------------------------------------------------------


@cache
def sender(signum: int) -> type:
    """Return a class whose instances make the signal pending when they are freed.

    A handler returns one, and CPython frees it once the handler's frame is gone.  If the handler itself made
    the signal pending, it would interrupt itself endlessly.
    """
    # A function in C, since any bytecode in a finalizer would be interrupted again.
    again = staticmethod(partial(interrupt_main, signum))  # type: ignore[arg-type]
    return type("Sender", (), {"__slots__": (), "__del__": again})


@final
class Deferring:
    """Calls a signal handler of the user's as soon as no code of gochan's is interrupted."""

    __slots__ = ("handler",)

    def __init__(self, handler: Callable[[int, FrameType | None], object]) -> None:
        self.handler = handler

    def __call__(self, signum: int, frame: FrameType | None) -> object:
        if _in_engine(frame) and not _in_loop(frame):
            return sender(signum)()
        return self.handler(signum, frame)


def _in_loop(frame: FrameType | None) -> bool:
    """Return whether the event loop runs, and none of the engine's functions.

    An event loop written in C has no frames: the innermost one is that of gochan's function that runs it.
    """
    if frame is None or not program.idle.in_loop():
        return False
    return not frame.f_code.co_filename.startswith(_ENGINE)


_deferring: Final[dict[int, Deferring]] = {}


def guard_handlers() -> None:
    """Have the user's signal handlers called outside of the Python engine's code only."""
    if COMPILED:
        return
    for signum in SIGNALS:
        handler: Any = getsignal(signum)
        code = getattr(handler, "__code__", None)
        if not callable(handler) or isinstance(handler, Deferring) or _is_asyncios(handler):
            continue
        if isinstance(code, CodeType) and is_own(code):
            continue
        guarded = Deferring(handler)
        try:
            set_handler(signum, guarded)
        except ValueError:
            # Not the main thread, where no handler runs.
            return
        _deferring[signum] = guarded


def _is_asyncios(handler: object) -> bool:
    """Return whether `asyncio.run` set this handler, which it removes only if it is still in place."""
    while isinstance(handler, partial):
        handler = handler.func
    return getattr(handler, "__module__", None) == "asyncio.runners"


def unguard_handlers() -> None:
    """Restore the user's signal handlers."""
    for signum, guarded in list(_deferring.items()):
        try:
            if getsignal(signum) is guarded:
                set_handler(signum, guarded.handler)
        except ValueError:
            return
        # A handler may have begun another program, and ended it.
        _deferring.pop(signum, None)
