"""Follows Go's os/signal/signal_test.go, where tests/test_signal.py has no counterpart.

Signals that another thread sends take a moment; nothing here waits for a time to be over.
"""

from __future__ import annotations

import os
import shutil
import signal as python_signal
import sys
import threading
import time as real
from signal import SIG_DFL, Signals

import pytest
from children import python

from gochan import Chan, context, go, runtime, signal, time
from gochan.signal import SIGHUP, SIGINT, SIGTERM, SIGUSR1

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has next to no signals")

NOHUP = shutil.which("nohup")


def kill(sig: Signals) -> None:
    os.kill(os.getpid(), sig)


@pytest.mark.gochan
def test_sigcont() -> None:
    """TestSIGCONT: one that the system acts upon, too."""
    c = Chan[Signals](1)
    signal.notify(c, Signals.SIGCONT)
    kill(Signals.SIGCONT)
    assert c.recv() is Signals.SIGCONT


@pytest.mark.gochan
def test_signals_while_the_time_is_asked_for() -> None:
    """TestTime: another thread sends them, while one goroutine asks and one receives."""
    c = Chan[Signals](1)
    signal.notify(c, SIGUSR1)
    all_sent: list[bool] = []

    def send() -> None:
        for _ in range(100):
            kill(SIGUSR1)
        all_sent.append(True)

    got: list[Signals] = []
    over = Chan[None]()

    @go
    def _() -> None:
        got.extend(c)
        over.close()

    thread = threading.Thread(target=send)
    thread.start()
    before = time.now()
    while not all_sent:
        for _ in range(10):
            now = time.now()
            assert now >= before
            before = now
        runtime.gosched()
    thread.join()
    signal.stop(c)
    c.close()
    over.recv()
    assert 1 <= len(got) <= 100
    assert set(got) == {SIGUSR1}


@pytest.mark.gochan
def test_a_signal_beside_stop_is_received_or_has_its_other_effect() -> None:
    """TestAtomicStop: in whichever order both come, the signal is not lost, and not seen twice."""
    other: list[int] = []
    before = python_signal.signal(SIGUSR1, lambda signum, frame: other.append(signum))
    try:
        for _ in range(50):
            other.clear()
            c = Chan[Signals](2)
            signal.notify(c, SIGUSR1)
            thread = threading.Thread(target=kill, args=(SIGUSR1,))
            go(thread.start)
            go(signal.stop, c)
            runtime.gosched()
            # At every 61st tick the scheduler polls the global queue, so that this one runs before both have.
            while thread.ident is None:
                runtime.gosched()
            thread.join()
            signal.stop(c)
            # Python may call the handler later than the sender ends: 3.11 forgets to, for a while, when
            # a thread ends that has used greenlets.
            limit = real.monotonic() + 20
            while not other and len(c) == 0 and real.monotonic() < limit:
                real.sleep(0.001)
            # It calls what there is to call here.
            python_signal.pthread_sigmask(python_signal.SIG_BLOCK, ())
            assert len(c) + len(other) == 1
    finally:
        python_signal.signal(SIGUSR1, before)


# --- a signal that is ignored from the start -------------------------------------------------------------

# Asks for SIGHUP and stops.  Sends itself one before, or after, or none, and prints whether it is ignored.
PROGRAM = """
import os, sys
from gochan import Chan, run, signal

def main():
    def send(when):
        if sys.argv[1] == when:
            os.kill(os.getpid(), signal.SIGHUP)

    print("at first", signal.ignored(signal.SIGHUP), flush=True)
    send("before")
    c = Chan[signal.Signals](1)
    signal.notify(c, signal.SIGHUP)
    print("meanwhile", signal.ignored(signal.SIGHUP), flush=True)
    os.kill(os.getpid(), signal.SIGHUP)
    assert c.recv() is signal.SIGHUP
    signal.stop(c)
    print("at last", signal.ignored(signal.SIGHUP), flush=True)
    send("after")

run(main)
"""


def child(when: str, *wrapper: str) -> tuple[int, list[str]]:
    """Run PROGRAM; returns how it ended and what it said."""
    # A child is born ignoring what its parent ignores, as all do that run under nohup.
    before = python_signal.signal(SIGHUP, SIG_DFL)
    try:
        ended = python(PROGRAM, when, executable=[*wrapper, sys.executable])
    finally:
        python_signal.signal(SIGHUP, before)
    assert "Traceback" not in ended.err, ended
    return ended.status, ended.out.splitlines()


def test_an_uncaught_signal_ends_the_program() -> None:
    """TestDetectNohup and TestNohup: the halves without nohup."""
    said = ["at first False", "meanwhile False", "at last False"]
    assert child("never") == (0, said)
    assert child("before") == (-SIGHUP, said[:1])
    assert child("after") == (-SIGHUP, said)


@pytest.mark.skipif(NOHUP is None, reason="there is no nohup")
def test_what_nohup_ignores_is_ignored_but_while_it_is_asked_for() -> None:
    """TestDetectNohup and TestNohup: the halves with nohup."""
    assert NOHUP is not None
    said = ["at first True", "meanwhile False", "at last True"]
    assert child("before", NOHUP) == (0, said)
    assert child("after", NOHUP) == (0, said)


# --- notify_context --------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_the_context_names_its_parent_and_its_signals() -> None:
    """TestNotifyContextStringer, and what the tests around it say of the text."""
    background = context.background()
    with context.with_cancel(background) as parent:
        for above, signals, text in [
            (background, [SIGINT], "context.background, [interrupt]"),
            (parent, [SIGHUP], "context.background.with_cancel, [hangup]"),
            (
                parent,
                [SIGHUP, SIGINT, SIGTERM],
                "context.background.with_cancel, [hangup interrupt terminated]",
            ),
        ]:
            with signal.notify_context(above, *signals) as ctx:
                assert repr(ctx).startswith(f"<signal.notify_context({text}) active children=0 at 0x")
