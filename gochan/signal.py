"""The operating system's signals as values in a channel: Go's package os/signal.

Python calls a signal's handler in its main thread, between any two steps of whatever runs there.  The handler
here only records the signal and wakes the scheduler, which delivers it at its next turn.

Invariant: a signal has our handler in place exactly while some channel is notified of it, and none while it
is ignored; the handler that was there before comes back after.  All of this ends with the program that asked
for it.
"""

from __future__ import annotations

import os
import signal as _signal
import sys
from _thread import get_ident
from functools import partial
from signal import Signals
from threading import current_thread, main_thread
from types import FrameType
from typing import Any

from . import context
from .runtime.chan import Chan
from .runtime.ends import SendChan
from .runtime.error import Panic
from .runtime.interrupt import guard_interrupts, unguard_interrupts
from .runtime.proc import attend, new_g, place_at_caller, post, start
from .runtime.runtime2 import sched
from .runtime.select import recv, select

# Go's os.Signal, for annotations: Chan[Signal].  The names below are its members.
Signal = Signals
SIGABRT = Signals.SIGABRT
SIGFPE = Signals.SIGFPE
SIGILL = Signals.SIGILL
SIGINT = Signals.SIGINT
SIGSEGV = Signals.SIGSEGV
SIGTERM = Signals.SIGTERM
INTERRUPT = SIGINT
if sys.platform != "win32":
    SIGALRM = Signals.SIGALRM
    SIGBUS = Signals.SIGBUS
    SIGCHLD = Signals.SIGCHLD
    SIGCONT = Signals.SIGCONT
    SIGHUP = Signals.SIGHUP
    SIGIO = Signals.SIGIO
    SIGKILL = Signals.SIGKILL
    SIGPIPE = Signals.SIGPIPE
    SIGPROF = Signals.SIGPROF
    SIGQUIT = Signals.SIGQUIT
    SIGSTOP = Signals.SIGSTOP
    SIGSYS = Signals.SIGSYS
    SIGTRAP = Signals.SIGTRAP
    SIGTSTP = Signals.SIGTSTP
    SIGTTIN = Signals.SIGTTIN
    SIGTTOU = Signals.SIGTTOU
    SIGURG = Signals.SIGURG
    SIGUSR1 = Signals.SIGUSR1
    SIGUSR2 = Signals.SIGUSR2
    SIGVTALRM = Signals.SIGVTALRM
    SIGWINCH = Signals.SIGWINCH
    SIGXCPU = Signals.SIGXCPU
    SIGXFSZ = Signals.SIGXFSZ
    KILL = SIGKILL

# Handled by nobody: the first two cannot be, the rest are faults of the running instruction.
_UNCATCHABLE = ("SIGKILL", "SIGSTOP", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGSYS", "SIGTRAP", "SIGABRT")

__all__ = [
    "INTERRUPT",
    "SIGABRT",
    "SIGFPE",
    "SIGILL",
    "SIGINT",
    "SIGSEGV",
    "SIGTERM",
    "Signal",
    "ignore",
    "ignored",
    "notify",
    "notify_context",
    "reset",
    "stop",
]
if sys.platform != "win32":
    __all__ += [
        "KILL",
        "SIGALRM",
        "SIGBUS",
        "SIGCHLD",
        "SIGCONT",
        "SIGHUP",
        "SIGIO",
        "SIGKILL",
        "SIGPIPE",
        "SIGPROF",
        "SIGQUIT",
        "SIGSTOP",
        "SIGSYS",
        "SIGTRAP",
        "SIGTSTP",
        "SIGTTIN",
        "SIGTTOU",
        "SIGURG",
        "SIGUSR1",
        "SIGUSR2",
        "SIGVTALRM",
        "SIGWINCH",
        "SIGXCPU",
        "SIGXFSZ",
    ]

# Which channels are notified of which signals, in the order in which they asked.
_channels: dict[Chan[Any], set[Signals]] = {}
# The handlers that notify and ignore took the place of.
_before: dict[Signals, Any] = {}


def notify(c: SendChan[Signals], /, *signals: Signals | int) -> None:
    """Send each of the signals that comes in into c: Go's signal.Notify.

    Without signals, all that can be caught.  A further call adds to those c already gets.  Nothing waits for
    c: a signal for which it has no room is dropped, so give it a buffer of at least one; an unbuffered
    channel gets a signal only while a goroutine waits on it.  While anything is notified, waiting goroutines
    are no deadlock.  The registrations end with `stop`, `reset`, or the program.

    Raises Panic for None, TypeError for what is no channel of signals or no signal, ValueError for a number
    that is none or one that cannot be caught, RuntimeError outside Python's main thread.

    >>> import os
    >>> from gochan import Chan, run, signal
    >>> def main() -> None:
    ...     arrived = Chan[signal.Signal](1)
    ...     signal.notify(arrived, signal.SIGTERM)
    ...     os.kill(os.getpid(), signal.SIGTERM)
    ...     print(arrived.recv().name)
    >>> run(main)
    SIGTERM
    """
    if c is None:
        raise Panic("os/signal: Notify using nil channel")
    if not isinstance(c, Chan):
        raise TypeError(f"signal.notify: {c!r} is not a Chan; give a channel, as Chan[signal.Signals](1)")
    c._check(Signals.SIGINT)
    wanted = _signals("notify", signals) or _catchable()
    _main_thread_only("notify")
    for sig in wanted:
        _take(sig, _record)
    if c not in _channels:
        _channels[c] = set()
        sched.wakers += 1
    _channels[c] |= wanted


def stop(c: SendChan[Signals], /) -> None:
    """Send no more signals into c: Go's signal.Stop.

    A signal that nobody else is notified of has its earlier effect again; none is lost in between.  Raises
    RuntimeError outside Python's main thread.

    >>> from gochan import Chan, run, signal
    >>> def main() -> None:
    ...     arrived = Chan[signal.Signal](1)
    ...     signal.notify(arrived, signal.SIGTERM)
    ...     signal.stop(arrived)
    >>> run(main)
    """
    if not isinstance(c, Chan) or c not in _channels:
        return
    _main_thread_only("stop")
    others = [wanted for other, wanted in _channels.items() if other is not c]
    _put_back(_channels[c].difference(*others))
    _settle()
    del _channels[c]
    sched.wakers -= 1


def ignore(*signals: Signals | int) -> None:
    """Let the signals, or all, have no effect at all: Go's signal.Ignore.

    Channels are no longer notified of them.  It lasts until `notify`, `reset`, or the program's end.  Raises
    as notify does.

    >>> import os
    >>> from gochan import run, signal
    >>> def main() -> None:
    ...     signal.ignore(signal.SIGTERM)
    ...     os.kill(os.getpid(), signal.SIGTERM)
    ...     print("still here")
    >>> run(main)
    still here
    """
    wanted = _signals("ignore", signals) or _catchable()
    _main_thread_only("ignore")
    for sig in wanted:
        _take(sig, _signal.SIG_IGN)
    _forget(wanted)


def ignored(sig: Signals | int, /) -> bool:
    """Tell whether a signal is ignored: Go's signal.Ignored.

    >>> from gochan import run, signal
    >>> def main() -> None:
    ...     signal.ignore(signal.SIGTERM)
    ...     print(signal.ignored(signal.SIGTERM))
    >>> run(main)
    True
    """
    return any(_signal.getsignal(s) is _signal.SIG_IGN for s in _signals("ignored", (sig,)))


def reset(*signals: Signals | int) -> None:
    """Undo what notify and ignore did for the signals, or for all: Go's signal.Reset.

    A signal that was ignored when the program began is ignored again.  Raises as notify does.

    >>> from gochan import run, signal
    >>> def main() -> None:
    ...     signal.ignore(signal.SIGTERM)
    ...     signal.reset(signal.SIGTERM)
    ...     print(signal.ignored(signal.SIGTERM))
    >>> run(main)
    False
    """
    wanted = _signals("reset", signals) or set(_before)
    _main_thread_only("reset")
    _put_back(wanted)
    _forget(wanted)


def notify_context(
    parent: context.Context, /, *signals: Signals | int
) -> context.Pair[context.CancelFunc]:
    """Make a child of parent that ends when one of the signals comes in: Go's signal.NotifyContext.

    Returns `(ctx, stop)`; stop ends ctx and the registration.  In a `with` statement the pair gives ctx, and
    stops at the end.  After a signal `context.cause(ctx)` is a Canceled that names it.  Raises as notify
    does.

    >>> import os
    >>> from gochan import context, recv, run, select, signal
    >>> def main() -> None:
    ...     with signal.notify_context(context.background(), signal.SIGTERM) as ctx:
    ...         os.kill(os.getpid(), signal.SIGTERM)
    ...         select(recv(ctx.done()))
    ...         print(context.cause(ctx))
    >>> run(main)
    terminated signal received
    """
    context._check(parent)
    ctx = _Notified(parent, signals)
    ctx.follow()

    def cancel(cause: context.Canceled | None = None) -> None:
        gone = context.Canceled()
        ctx.cancel(False, gone, gone if cause is None else cause)

    c = Chan[Signals](1)
    try:
        notify(c, *signals)
    except BaseException:
        cancel()
        raise

    def wait() -> None:
        index, sig, _ = select(recv(c), recv(ctx.done()))
        if index == 0:
            assert sig is not None
            cancel(context.Canceled(f"{_describe(sig)} signal received"))

    def stop_both() -> None:
        cancel()
        stop(c)

    if ctx.err() is None:
        gp = new_g(wait, (), {})
        place_at_caller(gp)
        start(gp)
    return context.Pair((ctx, stop_both))


class _Notified(context._Cancel):
    """A context that shows the signals it ends with."""

    def __init__(self, parent: context.Context, signals: tuple[Signals | int, ...]) -> None:
        super().__init__(parent)
        self._signals = signals

    def __repr__(self) -> str:
        words = " ".join(_describe(Signals(sig)) for sig in self._signals)
        return f"signal.notify_context({self._parent!r}{f', [{words}]' if words else ''})"


# --- inside ----------------------------------------------------------------------------------------------


def _record(signum: int, frame: FrameType | None) -> None:
    post(partial(_deliver, Signals(signum)))


def _deliver(sig: Signals) -> None:
    for c, wanted in _channels.items():
        if sig in wanted:
            c._offer(sig)


def _signals(what: str, signals: tuple[Signals | int, ...]) -> set[Signals]:
    found = set()
    for sig in signals:
        if not isinstance(sig, int) or isinstance(sig, bool):
            raise TypeError(f"signal.{what}: {sig!r} is not a signal; give one such as signal.SIGTERM")
        try:
            found.add(Signals(sig))
        except ValueError:
            raise ValueError(f"signal.{what}: this system has no signal {sig!r}") from None
        if what != "ignored" and Signals(sig).name in ("SIGKILL", "SIGSTOP"):
            raise ValueError(f"signal.{what}: {Signals(sig).name} cannot be caught or ignored")
    return found


def _catchable() -> set[Signals]:
    return {sig for sig in Signals if sig.name not in _UNCATCHABLE}


def _main_thread_only(what: str) -> None:
    if current_thread() is not main_thread():
        raise RuntimeError(
            f"signal.{what}: called in the thread {current_thread().name!r}; Python sets handlers in its "
            "main thread only, so run the program there"
        )


def _take(sig: Signals, handler: Any) -> None:
    """Put handler in place of what is there, which comes back later."""
    if sched.at_end.count(_end) == 0:
        sched.at_end.append(_end)
    before = _signal.signal(sig, handler)
    _before.setdefault(sig, before)


def _put_back(signals: set[Signals]) -> None:
    """Give the signals the handlers that they had before."""
    for sig in signals & _before.keys():
        before = _before.pop(sig)
        # None: the handler was not installed from Python, and cannot be put back from here.
        _signal.signal(sig, _signal.SIG_DFL if before is None else before)
    if sched.main is not None:
        # Python's default handler of SIGINT, when it was there before the program, came back bare.
        guard_interrupts()


def _settle() -> None:
    """Deliver what came in while our handler was in place, so that no signal is lost at its end."""
    if sched.attention and sched.thread in (0, get_ident()):
        attend()


def _forget(signals: set[Signals]) -> None:
    """Let no channel be notified of the signals any more; another handler is in place by now."""
    _settle()
    for c, wanted in list(_channels.items()):
        wanted.difference_update(signals)
        if not wanted:
            del _channels[c]
            sched.wakers -= 1


def _end() -> None:
    if current_thread() is main_thread():
        _put_back(set(_before))
        sched.wakers -= len(_channels)
        _channels.clear()


def _end_in_child() -> None:
    """A forked child begins with the handlers from before the program."""
    _put_back(set(_before))
    _channels.clear()
    unguard_interrupts()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_end_in_child)


def _describe(sig: Signals) -> str:
    """Name a signal in Go's words: interrupt, terminated."""
    text = _signal.strsignal(sig) or sig.name
    return text[0].lower() + text[1:] if text[1].islower() else text


