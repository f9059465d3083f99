"""The operating system's signals, sent into channels: Go's package os/signal.

Python calls a signal handler in its main thread, between any two bytecodes.  gochan's handler only records
the signal and wakes the scheduler, which sends it the next time it picks a goroutine.

Invariant: a signal has gochan's handler exactly while a channel is notified of it, and SIG_IGN while it is
ignored.  Afterwards, at the end of the program at the latest, the earlier handler is restored.
"""

from __future__ import annotations

import os
import signal as _signal
import sys
from collections.abc import Callable
from functools import partial
from signal import Signals
from threading import current_thread, main_thread
from types import FrameType
from typing import Any, TypeVar

from . import context
from ._engine.depth import check_depth
from ._engine.elem import fits, type_name
from ._engine.ends import SendChan
from ._engine.error import Panic
from ._engine.impl import Chan, recv, sched, select, spawn
from ._engine.interrupt import guard_interrupts, unguard_interrupts
from ._engine.preempt import preempt_signal
from ._engine.program import program
from ._engine.unpatched import get_ident

_T = TypeVar("_T")

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

# The first two cannot be handled; the others are faults of the running instruction.
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

# The signals that each channel is notified of, in the order of the notify calls.
_channels: dict[Chan[Any], set[Signals]] = {}
# The handlers that notify and ignore replaced.
_before: dict[Signals, Any] = {}


def notify(ch: SendChan[Signals], /, *signals: Signals | int) -> None:
    """Send the given signals into ch whenever the process receives them: Go's signal.Notify.

    Without signals, all that can be caught.  Another call adds signals for ch.  `stop`, `reset` and the end
    of the program end the notification.

    The send doesn't block: if ch has no room, the signal is dropped.  So give ch a buffer of at least 1; an
    unbuffered channel gets a signal only while a goroutine waits in a receive.  While a channel is notified,
    gochan reports no deadlock.

    Raises `Panic` if ch is None, `TypeError` if ch is not a channel of signals or a signal is not an int,
    `ValueError` if the system doesn't have a signal or it cannot be caught, `RuntimeError` outside Python's
    main thread.

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
    if ch is None:
        raise Panic("os/signal: Notify using nil channel")
    if not isinstance(ch, Chan):
        raise TypeError(f"signal.notify: {ch!r} is not a Chan; give a channel: Chan[signal.Signal](1)")
    elem = ch.__orig_class__.__args__[0]
    if not fits(Signals.SIGINT, elem):
        raise TypeError(
            f"signal.notify: signals cannot be sent into a Chan[{type_name(elem)}]; "
            "give a channel of signals: Chan[signal.Signal](1)"
        )
    _notify("notify", ch, signals)


def _notify(call: str, ch: Chan[Any], signals: tuple[Signals | int, ...]) -> None:
    check_depth()
    wanted = _signals(call, signals) or _catchable()
    _main_thread_only(call)
    before = _channels.get(ch)
    every = wanted if before is None else wanted | before
    _channels[ch] = every
    # Nothing was called in between, so no signal handler can have raised.
    if before is None:
        program.wakers += 1
    try:
        for sig in wanted:
            _take(sig, _record)
    except BaseException:
        if before is None:
            del _channels[ch]
            program.wakers -= 1
        else:
            _channels[ch] = before
        _restore(wanted.difference(*_channels.values()))
        raise


def stop(ch: SendChan[Signals], /) -> None:
    """Send no more signals into ch: Go's signal.Stop.

    If no other channel is notified of a signal, the signal's earlier handler is restored; no signal is lost
    in between.  Does nothing if ch is not notified.

    Raises `RuntimeError` outside Python's main thread.

    >>> from gochan import Chan, run, signal
    >>> def main() -> None:
    ...     arrived = Chan[signal.Signal](1)
    ...     signal.notify(arrived, signal.SIGTERM)
    ...     signal.stop(arrived)
    >>> run(main)
    """
    if not isinstance(ch, Chan) or ch not in _channels:
        return
    check_depth()
    _main_thread_only("stop")
    _whole(_stop, ch)


def ignore(*signals: Signals | int) -> None:
    """Ignore the given signals, or all: Go's signal.Ignore.

    Channels are no longer notified of them.  `notify`, `reset` and the end of the program undo it.

    Raises what `notify` raises.

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
    check_depth()
    _main_thread_only("ignore")
    _whole(_ignore, wanted)


def ignored(sig: Signals | int, /) -> bool:
    """Return whether the process ignores sig: Go's signal.Ignored.

    Raises `TypeError` if sig is not an int, `ValueError` if the system doesn't have it.

    >>> from gochan import run, signal
    >>> def main() -> None:
    ...     signal.ignore(signal.SIGTERM)
    ...     print(signal.ignored(signal.SIGTERM))
    >>> run(main)
    True
    """
    return any(_signal.getsignal(s) is _signal.SIG_IGN for s in _signals("ignored", (sig,)))


def reset(*signals: Signals | int) -> None:
    """Undo `notify` and `ignore` for the given signals, or all: Go's signal.Reset.

    The handlers that were set before the program began are restored.

    Raises what `notify` raises.

    >>> from gochan import run, signal
    >>> def main() -> None:
    ...     signal.ignore(signal.SIGTERM)
    ...     signal.reset(signal.SIGTERM)
    ...     print(signal.ignored(signal.SIGTERM))
    >>> run(main)
    False
    """
    wanted = _signals("reset", signals) or set(_before)
    check_depth()
    _main_thread_only("reset")
    _whole(_reset, wanted)


def notify_context(parent: context.Context, /, *signals: Signals | int) -> context.Pair[context.CancelFunc]:
    """Make a child of parent that ends when the process receives a signal: Go's signal.NotifyContext.

    Returns `(ctx, stop)`; `stop()` cancels ctx and ends the notification.  A `with` statement binds ctx, and
    calls stop at its end.  After a signal, `context.cause(ctx)` is a Canceled that names the signal.

    Raises `Panic` if parent is None, `TypeError` if it is not a context, and as `notify` does.

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
    context.check_parent("signal.notify_context", parent)
    ctx = _Notified(parent, signals)
    ctx.follow()

    def cancel(cause: context.Canceled | None = None) -> None:
        gone = context.Canceled()
        ctx.cancel(gone, gone if cause is None else cause)

    ch = Chan[Signals](1)

    def wait() -> None:
        index, sig, _ = select(recv(ch), recv(ctx.done()))
        if index == 0:
            assert sig is not None
            cancel(context.Canceled(f"{_describe(sig)} signal received"))

    def stop_both() -> None:
        cancel()
        stop(ch)

    try:
        _notify("notify_context", ch, signals)
        if ctx.err() is None:
            spawn(wait)
        return context.Pair((ctx, stop_both))
    except BaseException:
        stop_both()
        raise


class _Notified(context._Cancel):
    """A context that has in its repr the signals that end it."""

    def __init__(self, parent: context.Context, signals: tuple[Signals | int, ...]) -> None:
        super().__init__(parent)
        self._signals = signals

    def _around(self) -> tuple[str, str]:
        words = " ".join(_describe(Signals(sig)) for sig in self._signals)
        return "signal.notify_context(", f", [{words}])" if words else ")"


# --- inside ----------------------------------------------------------------------------------------------


def _record(signum: int, frame: FrameType | None) -> None:
    """Handle a signal: record it, and wake the scheduler, which delivers it."""
    sched.post(partial(_deliver, Signals(signum)))


def _deliver(sig: Signals) -> None:
    # If another program has begun since, its channels are not notified.
    for ch, wanted in list(_channels.items()):
        if sig in wanted:
            ch._offer(sig)


def _signals(call: str, signals: tuple[Signals | int, ...]) -> set[Signals]:
    found = set()
    for sig in signals:
        if not isinstance(sig, int) or isinstance(sig, bool):
            raise TypeError(f"signal.{call}: {sig!r} is not a signal; give one such as signal.SIGTERM")
        try:
            found.add(Signals(sig))
        except ValueError:
            raise ValueError(f"signal.{call}: this system has no signal {sig!r}") from None
        if call != "ignored" and Signals(sig).name in ("SIGKILL", "SIGSTOP"):
            raise ValueError(f"signal.{call}: {Signals(sig).name} cannot be caught or ignored")
        if call in ("notify", "notify_context", "ignore") and sig == preempt_signal():
            raise ValueError(f"signal.{call}: {Signals(sig).name} is in use, by runtime.set_preempt(True)")
    return found


def _catchable() -> set[Signals]:
    return {sig for sig in Signals if sig.name not in _UNCATCHABLE and sig != preempt_signal()}


def _main_thread_only(call: str) -> None:
    if current_thread() is not main_thread():
        raise RuntimeError(
            f"signal.{call}: called in the thread {current_thread().name!r}; Python sets handlers in its "
            "main thread only, so run the program there"
        )


def _take(sig: Signals, handler: Any) -> None:
    """Install handler, and remember the one that it replaces."""
    if _end not in program.at_end:
        program.at_end.append(_end)
    # Store the earlier handler first: a signal handler may raise after any call.
    if sig not in _before:
        before = _signal.getsignal(sig)
        if before is _record:
            # The user's code has saved gochan's handler during a notification, and installed it again
            # afterwards.
            before = _signal.SIG_DFL
        # Not if the handler of another signal has called this function in between.
        if sig not in _before:
            _before[sig] = before
    earlier = _before[sig]
    # Repeat this if the handler of another signal has restored the earlier handler in between, for example by
    # `stop`.
    while True:
        _signal.signal(sig, handler)
        if sig in _before:
            return
        _before[sig] = earlier


def _whole(change: Callable[[_T], None], what: _T) -> None:
    """Make a change that can be repeated; repeat it if another signal's handler raises in it."""
    try:
        change(what)
    except BaseException:
        change(what)
        raise


def _stop(ch: Chan[Any]) -> None:
    wanted = _channels.get(ch)
    if wanted is None:
        return
    others = [wanted for other, wanted in list(_channels.items()) if other is not ch]
    _restore(wanted.difference(*others))
    _deliver_recorded()
    _remove(ch)


def _ignore(signals: set[Signals]) -> None:
    _forget(signals)
    for sig in signals:
        _take(sig, _signal.SIG_IGN)


def _reset(signals: set[Signals]) -> None:
    _restore(signals)
    _forget(signals)


def _remove(ch: Chan[Any]) -> None:
    """Remove a channel that gets no signals any more, unless a signal handler has already removed it."""
    if ch in _channels:
        del _channels[ch]
        program.wakers -= 1


def _restore(signals: set[Signals]) -> None:
    """Restore the handlers that the signals had before."""
    for sig in signals & _before.keys():
        if sig not in _before:
            # A signal handler has already removed it.
            continue
        before = _before[sig]
        # None means a handler that was not installed from Python and cannot be restored.
        _signal.signal(sig, _signal.SIG_DFL if before is None else before)
        _before.pop(sig, None)
    if sched.main is not None:
        # If Python's default handler of SIGINT was restored, gochan's wrapper of it is needed again.
        guard_interrupts()


def _deliver_recorded() -> None:
    """Deliver the signals that gochan's handler has recorded, so that none is lost when it is replaced."""
    if sched.thread in (0, get_ident()):
        sched.drain()


def _forget(signals: set[Signals]) -> None:
    """End the notification of the signals, whose handlers have been replaced, or will be."""
    _deliver_recorded()
    for ch, wanted in list(_channels.items()):
        wanted.difference_update(signals)
        if not wanted:
            _remove(ch)


def _end() -> None:
    if current_thread() is main_thread():
        _restore(set(_before))
        program.wakers -= len(_channels)
        _channels.clear()


def _end_in_child() -> None:
    """Restore, in a forked child, the handlers from before the program."""
    _restore(set(_before))
    _channels.clear()
    unguard_interrupts()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_end_in_child)


def _describe(sig: Signals) -> str:
    """Return the name that Go gives a signal: interrupt, terminated."""
    text = _signal.strsignal(sig) or sig.name
    return text[0].lower() + text[1:] if text[1].islower() else text
