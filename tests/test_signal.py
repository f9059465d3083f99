"""signal: the system's signals in channels.

Where a test follows one of Go's, its docstring names it (os/signal/signal_test.go).  When a process sends
itself a signal, its handler has run before the call returns, so that most tests need not wait for one.
"""

import os
import platform
import signal as python_signal
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from signal import SIG_DFL, SIG_IGN, Signals, getsignal
from time import monotonic, sleep
from typing import Any

import pytest

from gochan import Chan, Deadlock, Panic, context, default, go, recv, run, runtime, select, signal, sync, time
from gochan._engine.impl import sched
from gochan._engine.program import program as running
from gochan.context import Canceled
from gochan.signal import SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has next to no signals")

BACKGROUND = context.background()


@pytest.fixture(autouse=True)
def handlers_come_back() -> Iterator[None]:
    """When a test's program has ended, no trace of its signal handlers is left."""
    before = {sig: getsignal(sig) for sig in Signals}
    yield
    assert {sig: getsignal(sig) for sig in Signals} == before
    assert running.wakers == 0


def kill(sig: Signals) -> None:
    os.kill(os.getpid(), sig)


def kill_when_idle(sig: Signals) -> list[float]:
    """Send sig from another thread once the runtime sleeps; return a list that gets the moment."""
    sent: list[float] = []

    def wait_and_kill() -> None:
        while not sched.hub_asleep:
            sleep(0.0002)
        # There is no other sign between the flag and the sleep.
        sleep(0.002)
        sent.append(monotonic())
        kill(sig)

    threading.Thread(target=wait_and_kill, daemon=True).start()
    return sent


def channel(size: int = 1) -> Chan[Signals]:
    return Chan[Signals](size)


def received(c: Chan[Signals]) -> list[Signals]:
    """Take what is there in c, and what the scheduler has still to deliver."""
    runtime.gosched()
    found = []
    while True:
        index, sig, _ = select(recv(c), default)
        if index == 1:
            return found
        assert sig is not None
        found.append(sig)


# --- notify ------------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_notify() -> None:
    """Go's TestSignal."""
    c = channel()
    signal.notify(c, SIGHUP)
    kill(SIGHUP)
    assert c.recv() is SIGHUP

    everything = channel(10)
    signal.notify(everything)
    kill(SIGWINCH)
    assert everything.recv() is SIGWINCH
    # c is full after the first, and blocks no goroutine.
    kill(SIGHUP)
    assert everything.recv() is SIGHUP
    kill(SIGHUP)
    assert everything.recv() is SIGHUP
    assert received(c) == [SIGHUP]


@pytest.mark.gochan
def test_notify_takes_numbers() -> None:
    c = channel()
    signal.notify(c, int(SIGUSR1))
    kill(SIGUSR1)
    assert c.recv() is Signals.SIGUSR1


@pytest.mark.gochan
def test_everything_is_all_that_can_be_caught() -> None:
    signal.notify(channel())
    ours = {sig for sig in Signals if getsignal(sig) is signal._record}
    assert {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGWINCH} < ours
    assert not {Signals.SIGKILL, Signals.SIGSTOP, Signals.SIGSEGV, Signals.SIGABRT} & ours


@pytest.mark.gochan
def test_each_channel_gets_a_copy() -> None:
    one, two, other = channel(2), channel(2), channel(2)
    signal.notify(one, SIGUSR1)
    signal.notify(two, SIGUSR1, SIGUSR2)
    signal.notify(other, SIGUSR2)
    kill(SIGUSR1)
    kill(SIGUSR2)
    assert (received(one), received(two), received(other)) == ([SIGUSR1], [SIGUSR1, SIGUSR2], [SIGUSR2])


@pytest.mark.gochan
def test_notify_again_adds_signals() -> None:
    c = channel(10)
    signal.notify(c, SIGUSR1)
    signal.notify(c, SIGUSR2, SIGUSR1)
    kill(SIGUSR1)
    kill(SIGUSR2)
    assert received(c) == [SIGUSR1, SIGUSR2]
    assert running.wakers == 1


@pytest.mark.gochan
def test_signals_for_which_there_is_no_room_are_dropped() -> None:
    c = channel(2)
    signal.notify(c, SIGUSR1, SIGUSR2)
    for sig in [SIGUSR1, SIGUSR2, SIGUSR1, SIGUSR1]:
        kill(sig)
    assert received(c) == [SIGUSR1, SIGUSR2]
    kill(SIGUSR2)
    assert received(c) == [SIGUSR2]


@pytest.mark.gochan
def test_an_unbuffered_channel_gets_a_signal_only_while_a_goroutine_waits() -> None:
    c = channel(0)
    signal.notify(c, SIGUSR1)
    kill(SIGUSR1)
    assert received(c) == []
    got = Chan[Signals](1)
    go(lambda: got.send(c.recv()))
    runtime.gosched()
    kill(SIGUSR1)
    assert got.recv() is SIGUSR1


@pytest.mark.gochan
def test_a_closed_channel_gets_nothing() -> None:
    c = channel()
    signal.notify(c, SIGUSR1)
    c.close()
    kill(SIGUSR1)
    assert c.recv_ok() == (None, False)


@pytest.mark.gochan
def test_a_loop_that_only_polls_sees_a_signal() -> None:
    c = channel()
    signal.notify(c, SIGUSR1)
    kill(SIGUSR1)
    for _ in range(3):
        if select(recv(c), default)[0] == 0:
            return
    pytest.fail("the signal did not come in")


@pytest.mark.gochan
def test_a_signal_reaches_a_pair_that_is_never_idle() -> None:
    c = channel()
    signal.notify(c, SIGUSR1)
    ping, wg = Chan[int](), sync.WaitGroup()
    stop: list[Signals] = []

    @wg.go
    def _() -> None:
        while not stop:
            ping.send(1)
        ping.close()

    @wg.go
    def _() -> None:
        for _ in ping:
            pass

    @wg.go
    def _() -> None:
        stop.append(c.recv())

    time.after_func(0.002, lambda: kill(SIGUSR1))
    wg.wait()
    assert stop == [SIGUSR1]


@pytest.mark.gochan
def test_many_signals() -> None:
    """Go's TestStress and TestTime."""
    c = channel()
    signal.notify(c, SIGUSR1)

    @go
    def _() -> None:
        for _ in range(200):
            kill(SIGUSR1)
            runtime.gosched()
        signal.stop(c)
        # No signal comes after stop, so that this is safe in Go, too.
        c.close()

    n = sum(1 for _ in c)
    assert 1 <= n <= 200


# --- idle --------------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_a_signal_wakes_an_idle_program_at_once() -> None:
    c = channel()
    signal.notify(c, SIGUSR1)
    for wait in [c.recv, lambda: select(recv(c), recv(time.after(30)))]:
        latencies: list[float] = []
        # On a busy machine it may be late, but not each time, as if the scheduler polled only now and then.
        while not latencies or (latencies[-1] > 0.005 and len(latencies) < 200):
            sent = kill_when_idle(SIGUSR1)
            wait()
            latencies.append(monotonic() - sent[0])
        assert min(latencies) < 0.005


def test_while_anything_is_notified_waiting_is_not_a_deadlock() -> None:
    def main() -> str:
        c = channel()
        signal.notify(c, SIGUSR1)
        answer = Chan[str]()

        @go
        def _() -> None:
            answer.send(f"{c.recv().name} came in")

        kill_when_idle(SIGUSR1)
        assert answer.recv() == "SIGUSR1 came in"
        signal.stop(c)
        return answer.recv()

    with pytest.raises(Deadlock, match=r"goroutine 1 \[chan receive\]"):
        run(main)


def test_a_program_in_another_thread_gets_the_signals_too() -> None:
    """Python runs the handler in its main thread, which waits for the other one."""
    c = channel()
    signal.notify(c, SIGUSR1)
    got: list[Any] = []
    thread = threading.Thread(target=lambda: got.append(run(c.recv)))
    thread.start()
    kill_when_idle(SIGUSR1)
    thread.join()
    assert got == [SIGUSR1]
    signal.stop(c)


# --- stop --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sig", [SIGWINCH, SIGHUP, SIGUSR1])
@pytest.mark.gochan
def test_stop(sig: Signals) -> None:
    """Go's TestStop."""
    before = getsignal(sig)
    c = channel()
    signal.notify(c, sig)
    assert getsignal(sig) is not before
    kill(sig)
    assert c.recv() is sig
    signal.stop(c)
    assert getsignal(sig) is before
    assert running.wakers == 0
    if sig is SIGWINCH:  # which is ignored by default
        kill(sig)
        assert received(c) == []


@pytest.mark.gochan
def test_stop_of_one_channel_leaves_the_others() -> None:
    one, other = channel(), channel()
    signal.notify(one, SIGUSR1, SIGUSR2)
    signal.notify(other, SIGUSR1)
    signal.stop(one)
    kill(SIGUSR1)
    assert received(one) == []
    assert received(other) == [SIGUSR1]
    assert getsignal(SIGUSR2) is SIG_DFL


@pytest.mark.parametrize("c", [None, 3, channel()])
def test_stop_of_a_channel_that_is_not_notified_does_nothing(c: Any) -> None:
    signal.stop(c)
    signal.stop(c)


@pytest.mark.gochan
def test_stop_loses_no_signal() -> None:
    """Go's TestAtomicStop: a signal comes into the channel, or has its other effect."""
    other: list[int] = []
    before = python_signal.signal(SIGUSR1, lambda signum, frame: other.append(signum))
    c = channel()
    try:
        for stop in [lambda: signal.stop(c), lambda: signal.reset(SIGUSR1), lambda: signal.ignore(SIGUSR1)]:
            signal.notify(c, SIGUSR1)
            kill(SIGUSR1)
            stop()
            assert received(c) == [SIGUSR1]
            kill(SIGUSR1)
            assert received(c) == []
        # Not after ignore.
        assert other == [SIGUSR1, SIGUSR1]
        signal.reset()
        kill(SIGUSR1)
        assert other == [SIGUSR1] * 3
    finally:
        python_signal.signal(SIGUSR1, before)


def test_stop_without_a_program_loses_no_signal() -> None:
    c = channel()
    signal.notify(c, SIGUSR1)
    kill(SIGUSR1)
    signal.stop(c)
    assert len(c) == 1


@pytest.mark.gochan
def test_ctrl_c_after_stop() -> None:
    c = channel()
    signal.notify(c, SIGINT)
    kill(SIGINT)
    assert c.recv() is SIGINT
    signal.stop(c)
    with pytest.raises(KeyboardInterrupt):
        kill(SIGINT)
    # And while the program sleeps.
    signal.notify(c, SIGINT)
    signal.stop(c)
    kill_when_idle(SIGINT)
    with pytest.raises(KeyboardInterrupt):
        time.sleep(30)
    assert sched.timeout() == -1


def test_ctrl_c_after_stop_in_code_that_runs_without_run() -> None:
    """Python's own handler would raise in the middle of an engine step."""
    from gochan._engine.interrupt import on_interrupt

    before = python_signal.signal(SIGINT, python_signal.default_int_handler)
    try:
        c = channel()
        signal.notify(c, SIGINT)
        kill(SIGINT)
        assert c.recv() is SIGINT
        signal.stop(c)
        assert getsignal(SIGINT) is on_interrupt
        with pytest.raises(KeyboardInterrupt):
            kill(SIGINT)
    finally:
        python_signal.signal(SIGINT, before)


# --- ignore and reset --------------------------------------------------------------------------------------


@pytest.mark.parametrize("ignore", [False, True])
@pytest.mark.gochan
def test_reset_and_ignore(ignore: bool) -> None:
    """Go's TestReset and TestIgnore."""
    winch, hup = channel(), channel()
    signal.notify(winch, SIGWINCH)
    signal.notify(hup, SIGHUP)
    kill(SIGWINCH)
    assert winch.recv() is SIGWINCH
    kill(SIGHUP)
    assert hup.recv() is SIGHUP
    if ignore:
        signal.ignore(SIGWINCH, SIGHUP)
        kill(SIGHUP)
    else:
        signal.reset(SIGWINCH, SIGHUP)
    kill(SIGWINCH)
    assert (received(winch), received(hup)) == ([], [])
    assert running.wakers == 0
    assert getsignal(SIGHUP) is (SIG_IGN if ignore else SIG_DFL)

    signal.notify(winch, SIGWINCH)
    kill(SIGWINCH)
    assert winch.recv() is SIGWINCH


@pytest.mark.gochan
def test_ignored() -> None:
    """Go's TestIgnored."""
    assert not signal.ignored(SIGWINCH)
    c = channel()
    signal.notify(c, SIGWINCH)
    assert not signal.ignored(SIGWINCH)
    signal.stop(c)
    signal.ignore(SIGWINCH)
    assert signal.ignored(SIGWINCH)
    assert signal.ignored(int(SIGWINCH))
    signal.reset()
    assert not signal.ignored(SIGWINCH)
    assert not signal.ignored(Signals.SIGKILL)


@pytest.mark.gochan
def test_reset_of_some_signals_leaves_the_others() -> None:
    one, other = channel(), channel()
    signal.notify(one, SIGUSR1, SIGUSR2)
    signal.notify(other, SIGUSR2)
    signal.reset(SIGUSR2)
    assert getsignal(SIGUSR2) is SIG_DFL
    assert running.wakers == 1
    kill(SIGUSR1)
    assert received(one) == [SIGUSR1]


@pytest.mark.gochan
def test_reset_of_everything() -> None:
    signal.reset()
    signal.notify(channel(), SIGUSR1)
    signal.notify(channel())
    signal.ignore(SIGUSR2)
    signal.reset()
    assert running.wakers == 0
    assert {getsignal(sig) for sig in [SIGUSR1, SIGUSR2, SIGTERM, SIGHUP]} == {SIG_DFL}


@pytest.mark.gochan
def test_ignore_everything() -> None:
    c = channel()
    signal.notify(c, SIGUSR1)
    signal.ignore()
    for sig in [SIGUSR1, SIGTERM, SIGHUP, SIGINT]:
        kill(sig)
        assert signal.ignored(sig)
    assert received(c) == []


@pytest.mark.gochan
def test_notify_and_stop_after_ignore() -> None:
    """The ignoring is undone for good, as in Go."""
    signal.ignore(SIGUSR1)
    c = channel()
    signal.notify(c, SIGUSR1)
    kill(SIGUSR1)
    assert received(c) == [SIGUSR1]
    signal.stop(c)
    assert getsignal(SIGUSR1) is SIG_DFL


@pytest.mark.gochan
def test_a_signal_that_was_ignored_before_is_ignored_again() -> None:
    """Go's TestNohup."""
    before = python_signal.signal(SIGHUP, SIG_IGN)
    try:
        assert signal.ignored(SIGHUP)
        c = channel()
        signal.notify(c, SIGHUP)
        assert not signal.ignored(SIGHUP)
        kill(SIGHUP)
        assert c.recv() is SIGHUP
        signal.stop(c)
        assert signal.ignored(SIGHUP)
        kill(SIGHUP)
        signal.notify(c, SIGHUP)
        signal.reset(SIGHUP)
        signal.reset(SIGHUP)
        assert signal.ignored(SIGHUP)
    finally:
        python_signal.signal(SIGHUP, before)


# --- the program's end -------------------------------------------------------------------------------------


@pytest.mark.parametrize("fail", [False, True])
def test_all_ends_with_the_program(fail: bool) -> None:
    """The fixture compares the handlers."""
    c = channel()

    def main() -> None:
        signal.notify(c, SIGUSR1)
        signal.notify(channel())
        signal.ignore(SIGUSR2, SIGINT)
        if fail:
            raise ZeroDivisionError

    if fail:
        with pytest.raises(ZeroDivisionError):
            run(main)
    else:
        run(main)
    assert getsignal(SIGUSR1) is SIG_DFL
    # The next program has no part of it.
    with pytest.raises(Deadlock):
        run(c.recv)


def test_a_signal_that_comes_in_as_the_program_ends() -> None:
    c = channel()

    def main() -> None:
        signal.notify(c, SIGUSR1)
        kill(SIGUSR1)

    run(main)
    with pytest.raises(Deadlock):
        run(c.recv)


def test_a_handler_of_the_users_comes_back() -> None:
    seen: list[int] = []

    def handler(signum: int, frame: object) -> None:
        seen.append(signum)

    def main() -> None:
        c = channel()
        signal.notify(c, SIGUSR1)
        kill(SIGUSR1)
        assert c.recv() is SIGUSR1

    before = python_signal.signal(SIGUSR1, handler)
    try:
        for _ in range(2):
            run(main)
            assert not seen
        assert getsignal(SIGUSR1) is handler
        kill(SIGUSR1)
        assert seen == [SIGUSR1]
    finally:
        python_signal.signal(SIGUSR1, before)


@pytest.mark.gochan
def test_a_handler_of_gochans_that_is_set_again() -> None:
    """By code that saves the handler it finds during a notification, and restores it later."""
    ch = channel()
    signal.notify(ch, SIGUSR1)
    found = getsignal(SIGUSR1)
    signal.stop(ch)
    python_signal.signal(SIGUSR1, found)
    signal.notify(ch, SIGUSR1)
    kill(SIGUSR1)
    assert ch.recv() == SIGUSR1
    signal.stop(ch)
    assert getsignal(SIGUSR1) is SIG_DFL


def test_what_was_notified_before_the_program_ends_with_it_too() -> None:
    c = channel()
    signal.notify(c, SIGUSR1, SIGINT)

    def main() -> Signals:
        kill(SIGINT)
        return c.recv()

    assert run(main) is SIGINT
    assert getsignal(SIGINT) is python_signal.default_int_handler


# --- notify_context ----------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_notify_context() -> None:
    """Go's TestNotifyContextNotifications and TestNotifyContextCause."""
    ctx, stop = signal.notify_context(BACKGROUND, SIGINT)
    assert ctx.err() is None
    done = ctx.done()
    assert done is not None
    for _ in range(3):
        kill(SIGINT)
    done.recv()
    assert str(context.cause(ctx)) == "interrupt signal received"
    assert isinstance(context.cause(ctx), Canceled)
    assert str(ctx.err()) == "context canceled"
    # Until stop it is gochan's, and does nothing more.
    kill(SIGINT)
    runtime.gosched()
    stop()
    with pytest.raises(KeyboardInterrupt):
        kill(SIGINT)
    assert str(context.cause(ctx)) == "interrupt signal received"


@pytest.mark.gochan
def test_the_goroutine_of_notify_context_is_the_callers() -> None:
    with signal.notify_context(BACKGROUND, SIGUSR1):
        runtime.gosched()
        stack = runtime.stack(all=True)
    assert "goroutine 2 [select]:\ncreated by goroutine 1 at\n" in stack
    assert "with signal.notify_context(BACKGROUND, SIGUSR1):" in stack


@pytest.mark.gochan
def test_notify_context_that_is_stopped() -> None:
    """Go's TestNotifyContextStop."""
    signal.ignore(SIGHUP)
    parent, cancel = context.with_cancel(BACKGROUND)
    ctx, stop = signal.notify_context(parent, SIGHUP)
    assert not signal.ignored(SIGHUP)
    stop()
    done = ctx.done()
    assert done is not None
    done.recv()
    assert isinstance(ctx.err(), Canceled)
    assert context.cause(ctx) is ctx.err()
    assert getsignal(SIGHUP) is SIG_DFL
    cancel()


@pytest.mark.gochan
def test_notify_context_of_a_parent_that_is_cancelled() -> None:
    """Go's TestNotifyContextCancelParent."""
    parent, cancel = context.with_cancel_cause(BACKGROUND)
    ctx, stop = signal.notify_context(parent, SIGINT)
    because = ValueError("parent canceled")
    cancel(because)
    done = ctx.done()
    assert done is not None
    done.recv()
    assert isinstance(ctx.err(), Canceled)
    assert context.cause(ctx) is because
    assert getsignal(SIGINT) is signal._record
    stop()


@pytest.mark.gochan
def test_notify_context_of_a_parent_that_has_ended() -> None:
    """Go's TestNotifyContextPrematureCancelParent."""
    parent, cancel = context.with_cancel_cause(BACKGROUND)
    because = ValueError("parent canceled")
    cancel(because)
    ctx, stop = signal.notify_context(parent, SIGINT)
    assert runtime.num_goroutine() == 1
    assert isinstance(ctx.err(), Canceled)
    assert context.cause(ctx) is because
    stop()


@pytest.mark.gochan
def test_notify_context_stopped_by_many() -> None:
    """Go's TestNotifyContextSimultaneousStop."""
    ctx, stop = signal.notify_context(BACKGROUND, SIGINT)
    wg = sync.WaitGroup()
    for _ in range(10):
        wg.go(stop)
    wg.wait()
    assert isinstance(ctx.err(), Canceled)


@pytest.mark.gochan
def test_notify_context_in_a_with_statement() -> None:
    with signal.notify_context(context.with_value(BACKGROUND, "key", "value"), SIGUSR1, SIGUSR2) as ctx:
        assert ctx.value("key") == "value"
        kill_when_idle(SIGUSR2)
        done = ctx.done()
        assert done is not None
        done.recv()
        assert str(context.cause(ctx)) == "user defined signal 2 signal received"
    assert getsignal(SIGUSR1) is SIG_DFL
    assert running.wakers == 0


@pytest.mark.gochan
def test_notify_context_of_everything() -> None:
    with signal.notify_context(BACKGROUND) as ctx:
        kill(SIGWINCH)
        done = ctx.done()
        assert done is not None
        done.recv()


# What syscall.Signal's String of Go 1.27 returns on Linux.
NAMES = {
    1: "hangup",
    2: "interrupt",
    3: "quit",
    10: "user defined signal 1",
    12: "user defined signal 2",
    13: "broken pipe",
    14: "alarm clock",
    15: "terminated",
    16: "stack fault",
    17: "child exited",
    18: "continued",
    20: "stopped",
    21: "stopped (tty input)",
    22: "stopped (tty output)",
    23: "urgent I/O condition",
    24: "CPU time limit exceeded",
    25: "file size limit exceeded",
    26: "virtual timer expired",
    27: "profiling timer expired",
    28: "window changed",
    29: "I/O possible",
    30: "power failure",
}


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the words are those of the C library")
@pytest.mark.gochan
def test_the_cause_names_the_signal_in_the_words_of_go() -> None:
    names = {}
    for number in NAMES:
        with signal.notify_context(BACKGROUND, number) as ctx:
            kill(Signals(number))
            done = ctx.done()
            assert done is not None
            done.recv()
            names[number] = str(context.cause(ctx)).removesuffix(" signal received")
    assert names == NAMES


@pytest.mark.gochan
def test_notify_context_that_fails_leaves_nothing() -> None:
    parent, cancel = context.with_cancel(BACKGROUND)
    kept: Any = parent
    with pytest.raises(ValueError, match=r"^signal.notify_context: SIGKILL cannot be caught"):
        signal.notify_context(parent, Signals.SIGKILL)
    assert not kept._children
    assert runtime.num_goroutine() == 1
    cancel()
    with pytest.raises(Panic, match=r"^cannot create context from nil parent$"):
        signal.notify_context(None)  # type: ignore[arg-type]


# --- bad input ---------------------------------------------------------------------------------------------


def test_the_nil_channel() -> None:
    with pytest.raises(Panic, match=r"^os/signal: Notify using nil channel$"):
        signal.notify(None, SIGUSR1)  # type: ignore[arg-type]


@pytest.mark.parametrize("c", [3, "c", [], signal.SIGINT])
def test_notify_needs_a_channel(c: Any) -> None:
    with pytest.raises(TypeError, match=r"^signal.notify: .* is not a Chan; give a channel: Chan\[signal"):
        signal.notify(c, SIGUSR1)


def test_notify_needs_a_channel_of_signals() -> None:
    with pytest.raises(TypeError, match=r"^signal.notify: signals cannot be sent into a Chan\[str\]"):
        signal.notify(Chan[str](1), SIGUSR1)  # type: ignore[arg-type]
    assert getsignal(SIGUSR1) is SIG_DFL
    for fits in [Chan[int](1), Chan(1), Chan[object](1)]:
        signal.notify(fits, SIGUSR1)
        signal.stop(fits)


TAKES_SIGNALS = [
    pytest.param(lambda *signals: signal.notify(channel(), *signals), "notify", id="notify"),
    pytest.param(signal.ignore, "ignore", id="ignore"),
    pytest.param(signal.reset, "reset", id="reset"),
    pytest.param(partial(signal.notify_context, BACKGROUND), "notify_context", id="notify_context"),
]


@pytest.mark.parametrize(("take", "name"), [*TAKES_SIGNALS, (signal.ignored, "ignored")])
def test_a_non_signal_is_refused(take: Callable[..., object], name: str) -> None:
    for bad in ["SIGTERM", None, 1.5, True]:
        with pytest.raises(TypeError, match=rf"^signal.{name}: {bad!r} is not a signal; give one such as"):
            take(bad)
    for number in [0, -1, 999]:
        with pytest.raises(ValueError, match=rf"^signal.{name}: this system has no signal {number}$"):
            take(number)


@pytest.mark.parametrize(("take", "name"), TAKES_SIGNALS)
def test_what_cannot_be_caught(take: Callable[..., object], name: str) -> None:
    for sig in [Signals.SIGKILL, Signals.SIGSTOP]:
        with pytest.raises(ValueError, match=rf"^signal.{name}: {sig.name} cannot be caught or ignored$"):
            take(SIGUSR1, sig)
    assert getsignal(SIGUSR1) is SIG_DFL


def test_outside_the_main_thread() -> None:
    c = channel()
    signal.notify(c, SIGUSR1)
    said: list[str] = []

    def call() -> None:
        for f, *args in [
            (signal.notify, channel(), SIGUSR2),
            (signal.stop, c),
            (signal.ignore, SIGUSR2),
            (signal.reset, SIGUSR1),
            (signal.notify_context, BACKGROUND, SIGUSR2),
        ]:
            with pytest.raises(
                RuntimeError, match=r"called in the thread 'worker'; Python sets handlers in"
            ) as e:
                f(*args)
            said.append(str(e.value).partition(":")[0])
        signal.stop(channel())  # nothing to do

    thread = threading.Thread(target=call, name="worker")
    thread.start()
    thread.join()
    assert said == [f"signal.{name}" for name in ["notify", "stop", "ignore", "reset", "notify_context"]]
    kill(SIGUSR1)
    assert run(c.recv) is SIGUSR1


def test_the_end_of_a_program_in_another_thread_leaves_the_handlers() -> None:
    """Only the main thread can set them."""
    c = channel()
    signal.notify(c, SIGUSR1)
    thread = threading.Thread(target=run, args=(lambda: None,))
    thread.start()
    thread.join()
    kill(SIGUSR1)
    signal.stop(c)
    assert len(c) == 1


def test_the_names() -> None:
    assert signal.INTERRUPT is signal.SIGINT is Signals.SIGINT
    assert signal.KILL is Signals.SIGKILL
    names = [name for name in signal.__all__ if name.startswith("SIG")]
    assert [getattr(signal, name) for name in names] == [Signals[name] for name in names]
    assert all(hasattr(signal, name) for name in signal.__all__)
