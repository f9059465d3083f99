"""Preemption on request: the thread is taken from a goroutine that computes for 10 ms (Go's sysmon).

A watcher thread checks every 10 ms whether the scheduler has picked a goroutine since the last check.  If it
has not, and the goroutine has computed in that time, the watcher sends SIGURG to the thread.  The signal's
handler runs in the goroutine, between two bytecodes, and yields there if it may.

It may yield only where the goroutine cannot hold a lock of a library's, because the other goroutines run in
the same thread and would wait for that lock forever, or take it a second time.  So all of this must hold:

- Every frame, from the goroutine's first function to the interrupted one, is the user's own code: not the
  standard library's, not an installed package's, and not gochan's.
- The interrupted frame is at the beginning of a function or at the end of a loop's round.  At a call, it
  may still be inside a function in C: a print in the middle of its write also runs signal handlers.
- No frame is a coroutine's, a finalizer, an `__enter__` or `__exit__`, the method of a file object that the
  io module calls under its lock, or a signal handler.  These are found by name, and by what the calling frame
  is doing just then: what interrupted it was not called by it.

If it may not, the handler sends the signal again, a few times, so that the next point where Python runs
handlers is tried; and the watcher tries again 10 ms later.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from _signal import getsignal  # type: ignore[import-not-found]
from collections.abc import Callable
from functools import cache, partial
from io import IOBase
from os import sep
from os.path import dirname, realpath
from types import CodeType, FrameType
from typing import Any, Final, final

from .defers import defers
from .depth import check_depth
from .frames import current_frames
from .functions import is_own
from .impl import gosched, running, sched
from .interrupt import SIGNALS, Deferring, sender
from .panic import call_deferring
from .program import program
from .unpatched import get_ident
from .watchdog import watch_heartbeats

# How often the watcher checks, in seconds: Go's time slice.
TICK: Final = 0.01
# How many times the watcher's signal is sent again.
MAX_RETRIES: Final = 25

_SIGNAL: Final = getattr(signal, "SIGURG", None)
_MODULE: Final = "<module>"

# The beginnings of the names of instructions that call something.  CACHE: Python 3.11, in a call of a Python
# function.
_CALLS: Final = ("CALL", "PRECALL", "CACHE")
# And of those that may call a method of the user's, an iterator or a generator.
_OPERATORS: Final = (
    "BINARY_",
    "COMPARE_",
    "CONTAINS_OP",
    "DELETE_ATTR",
    "DELETE_SUBSCR",
    "FOR_ITER",
    "GET_ITER",
    "LIST_EXTEND",
    "LOAD_ATTR",
    "LOAD_METHOD",
    "SEND",
    "SET_UPDATE",
    "STORE_ATTR",
    "STORE_SLICE",
    "STORE_SUBSCR",
    "UNARY_",
    "UNPACK_",
    "YIELD_FROM",
)
# Functions that Python itself calls where the program does not expect them, or that take and release locks.
_UNSAFE: Final = frozenset({"__aenter__", "__aexit__", "__del__", "__enter__", "__exit__"})
# Methods that the io module's buffered files call while they hold their lock.
_RAW: Final = frozenset({"read", "readall", "readinto", "seek", "tell", "truncate", "write"})
# gochan's functions between a function under @defers and its caller.
_DEFERRING: Final = frozenset(
    {call_deferring.__code__, *(c for c in defers.__code__.co_consts if isinstance(c, CodeType))}
)
# CO_COROUTINE, CO_ITERABLE_COROUTINE and CO_ASYNC_GENERATOR of the module inspect, whose import takes 7 ms.
_ASYNC: Final = 0x80 | 0x100 | 0x200

_LIBRARY: Final = realpath(dirname(os.__file__)) + sep
_INSTALLED: Final = (f"{sep}site-packages{sep}", f"{sep}dist-packages{sep}")


# --- where a goroutine may be preempted --------------------------------------------------------------------


@cache
def is_library(filename: str) -> bool:
    """Return whether a file of code is the standard library's or an installed package's."""
    path = filename if filename.startswith("<") else realpath(filename)
    return path.startswith(("<frozen ", _LIBRARY)) or any(part in path for part in _INSTALLED)


@cache
def installed_in(filename: str) -> str | None:
    """Return the top folder (or module) of the installed package that a file belongs to; None for others."""
    path = realpath(filename)
    for part in _INSTALLED:
        start, found, rest = path.rpartition(part)
        if found:
            return start + found + rest.partition(sep)[0]
    return None


def handlers() -> set[CodeType]:
    """Return the code of all signal handlers that are written in Python."""
    found = set()
    for sig in SIGNALS:
        handler: Any = getsignal(sig)
        if isinstance(handler, Deferring):
            handler = handler.handler
        while isinstance(handler, partial):
            handler = handler.func
        if callable(handler) and not hasattr(handler, "__code__"):
            handler = getattr(handler, "__call__", None)  # noqa: B004
        code = getattr(handler, "__code__", None)
        if isinstance(code, CodeType):
            found.add(code)
    return found


@final
class _Points:
    """The points of a program where a goroutine may be preempted."""

    def __init__(self) -> None:
        # Imported here, so that a program without preemption does not pay for it.
        from opcode import opname

        self.jumps = {i for i, name in enumerate(opname) if "JUMP_BACKWARD" in name}
        self.resume = opname.index("RESUME")
        # Python 3.11 has an instruction that compares and jumps.
        self.compare = opname.index("COMPARE_OP") if sys.version_info < (3, 12) else -1
        self.calling = {i for i, name in enumerate(opname) if name.startswith((*_CALLS, *_OPERATORS))}

    def is_safe(self, frame: FrameType) -> bool:
        """Return whether frame is at the beginning of a function or at the end of an iteration."""
        code = frame.f_code.co_code
        i = frame.f_lasti
        if code[i] == self.compare:
            # The jump is behind two entries of its cache.
            i = min(i + 6, len(code) - 2)
        return code[i] == self.resume or code[i] in self.jumps

    def is_call(self, frame: FrameType) -> bool:
        """Return whether frame is in a call, and was not interrupted between instructions."""
        return frame.f_code.co_code[frame.f_lasti] in self.calling

    def may_yield(self, frame: FrameType, is_main: bool) -> bool:
        """Return whether every frame of a goroutine is the user's own, and expects to be suspended.

        `frame` is the innermost one.  Main's are those above the frame that called `run`.
        """
        base = program.base if is_main else None
        # The package that called `run` is the user's own, even if it is installed.
        own = None if program.base is None else installed_in(program.base.f_code.co_filename)
        codes = set()
        at: FrameType | None = frame
        inner: FrameType | None = None
        in_entry = False
        while at is not None and at is not base:
            code = at.f_code
            if inner is not None and not self.is_call(at):
                # The code in `inner` has interrupted this function: it is a signal handler or a weak
                # reference's callback.
                return False
            if not is_own(code):
                name = code.co_name
                if in_entry or code.co_flags & _ASYNC or name in _UNSAFE:
                    return False
                if is_library(code.co_filename) and (own is None or installed_in(code.co_filename) != own):
                    return False
                if name in _RAW and code.co_argcount:
                    if isinstance(at.f_locals.get(code.co_varnames[0]), IOBase):
                        return False
                elif name == _MODULE and is_main and base is None and at.f_globals["__name__"] == "__main__":
                    # Code without `run`.  Below are python -m, a debugger, and the like.
                    break
                codes.add(code)
            elif inner is None:
                return False
            elif code not in _DEFERRING:
                # All other frames must be the engine's, too: they call the goroutine's function.
                in_entry = True
            inner = at
            at = at.f_back
        return codes.isdisjoint(handlers())


# --- the signal --------------------------------------------------------------------------------------------


@final
class _Preempter:
    """One setting of the preemption, its thread, and its signal handler."""

    def __init__(self) -> None:
        # The thread in which signal handlers run.
        self.thread = get_ident()
        self.stopped: Any = None
        # Held while the watcher sends the signal.
        self.sending: Any = None
        # The handler that the signal had: none, or to ignore it.
        self.before: Any = None
        self.points = _Points()
        # How many times a goroutine was preempted.
        self.count = 0
        self.retries = 0

    def start(self) -> None:
        """Start the watcher's thread."""
        from threading import Event, Lock, Thread

        self.thread = get_ident()
        self.stopped = Event()
        self.sending = Lock()
        Thread(target=self.watch, name="gochan-preempt", daemon=True).start()

    def stop(self) -> None:
        """Stop the watcher's thread: from here on no signal is sent."""
        if self.sending is None:
            # A signal handler has raised before it was started.
            return
        with self.sending:
            self.stopped.set()

    def watch(self) -> None:
        """Send the signal when a check finds that a goroutine has computed since the last one."""
        assert _SIGNAL is not None
        clock = _cpu_clock(self.thread)
        heartbeats = -1
        used = 0
        sent = 0
        while not self.stopped.wait(TICK):
            s = sched
            if s.curg is None or s.thread != self.thread:
                continue
            # The pick after the last signal was caused by the preemption: the next goroutine has run since
            # then.
            held = s.heartbeats - heartbeats in (0, sent)
            heartbeats = s.heartbeats
            before, used, sent = used, clock(), 0
            # Don't signal a goroutine that is blocked in a call: that would interrupt the call for nothing.
            if held and used - before >= TICK * 1e9 / 20 and getsignal(_SIGNAL) == self.on_signal:
                with self.sending:
                    if self.stopped.is_set():
                        return
                    self.retries = MAX_RETRIES
                    signal.pthread_kill(self.thread, _SIGNAL)
                    sent = 1

    def on_signal(self, signum: int, frame: FrameType | None) -> object:
        """Yield, if the goroutine that was interrupted may be preempted here."""
        try:
            # Leave room for the engine's own calls below the recursion limit.
            check_depth()
            gp = running()
            if gp is None or frame is None or sched.ending or self.stopped.is_set():
                return None
            allowed = self.points.may_yield(frame, gp is sched.main) and self.points.is_safe(frame)
        except RecursionError:
            return None
        if not allowed:
            self.retries -= 1
            return sender(signum)() if self.retries > 0 else None
        self.count += 1
        gosched()
        return None


def _cpu_clock(thread: int) -> Callable[[], int]:
    """Return a function that returns the nanoseconds for which a thread has used a processor.

    If the system doesn't provide that, as on macOS, the result always increases.
    """
    import time

    if hasattr(time, "pthread_getcpuclockid"):
        return partial(time.clock_gettime_ns, time.pthread_getcpuclockid(thread))
    return time.monotonic_ns


_current: _Preempter | None = None


def preempt_signal() -> int | None:
    """Return the signal that preemption uses; None while it is off."""
    return None if _current is None else _SIGNAL


def set_preempt(on: bool, /) -> None:
    """Preempt goroutines that compute for longer than about 10 ms, as Go does; with False, stop that.

    Preemption is off by default, unless the environment variable GOCHAN_PREEMPT is 1.  A goroutine is
    preempted only where all of its frames are the program's own code: a library's function runs until it
    returns.  While it is on, other goroutines may run in any loop and at any call, so `n = f(n)` with a
    shared n needs a `sync.Mutex`, as in Go.  It uses the signal SIGURG.  In Go, preemption is always on,
    unless GODEBUG contains asyncpreemptoff=1.

    Raises `TypeError` if on is not a bool, `RuntimeError` outside Python's main thread, while goroutines run
    in another thread, if SIGURG has a handler, and on Windows.

    >>> from gochan import Chan, go, run, runtime
    >>> def count(done: Chan[bool]) -> None:
    ...     for _ in range(1_000_000):
    ...         pass
    ...     done.send(True)
    >>> def main() -> None:
    ...     runtime.set_preempt(True)
    ...     done = Chan[bool]()
    ...     go(count, done)
    ...     go(count, done)  # both run, in turns of about 10 ms
    ...     done.recv(), done.recv()
    ...     runtime.set_preempt(False)
    >>> run(main)
    """
    global _current
    if type(on) is not bool:
        raise TypeError(f"runtime.set_preempt: {on!r} is not a bool; give True or False")
    if on == (_current is not None):
        return
    if _current is not None:
        _require_main_thread()
        # A signal that is under way is handled before signal.signal changes the handler.
        _current.stop()
        assert _SIGNAL is not None
        if getsignal(_SIGNAL) == _current.on_signal:
            signal.signal(_SIGNAL, _current.before)
        watch_heartbeats("preempt", False)
        _current = None
        return
    if _SIGNAL is None or not hasattr(signal, "pthread_kill"):
        raise RuntimeError("runtime.set_preempt: this system has no signal for it; call runtime.gosched()")
    _require_main_thread()
    if sched.main is not None and sched.thread not in (0, get_ident()) and sched.thread in current_frames():
        raise RuntimeError(
            "runtime.set_preempt: goroutines run in another thread, where Python runs no signal handler; "
            "call run in Python's main thread"
        )
    taken = getsignal(_SIGNAL)
    if taken not in (signal.SIG_DFL, signal.SIG_IGN):
        raise RuntimeError(
            f"runtime.set_preempt: SIGURG has the handler {taken!r}, but preemption needs that signal; "
            "use another signal for the handler"
        )
    new = _Preempter()
    new.before = taken
    # First, so that it can be undone if another signal's handler raises.
    _current = new
    try:
        signal.signal(_SIGNAL, new.on_signal)
        # System calls that can be restarted after a signal are restarted.
        signal.siginterrupt(_SIGNAL, False)
        watch_heartbeats("preempt", True)
        new.start()
    except BaseException:
        set_preempt(False)
        raise


def _require_main_thread() -> None:
    from threading import current_thread, main_thread

    if current_thread() is not main_thread():
        raise RuntimeError(
            "runtime.set_preempt: not in Python's main thread, the only one that runs signal handlers; "
            "call it there, or import gochan there with GOCHAN_PREEMPT=1"
        )


def _in_child() -> None:
    """Start the watcher's thread in a forked child, which has none."""
    if _current is not None:
        watch_heartbeats("preempt", True)
        _current.start()


def set_preempt_from_environment(text: str) -> None:
    """Set what GOCHAN_PREEMPT says."""
    if text not in ("0", "1"):
        raise ValueError(f"GOCHAN_PREEMPT={text!r}: give 1 to preempt goroutines, or 0")
    set_preempt(text == "1")


if hasattr(os, "register_at_fork"):
    # Registered after fork.py's function, which stops the counting: fork.py is imported earlier.
    os.register_at_fork(after_in_child=_in_child)


@atexit.register
def _stop() -> None:
    if _current is not None:
        _current.stop()
