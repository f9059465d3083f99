"""The idle wait."""

import signal
import sys
import threading
from time import monotonic

import pytest

from gochan._engine.netpoll import IdleSleep

LONG = 30_000_000_000


def test_a_wake_before_the_wait_ends_it_at_once() -> None:
    idle = IdleSleep()
    for ns in [-1, LONG]:
        idle.wake()
        idle.wake()
        assert idle.wait(ns)
    # The wakes before a wait count once.
    start = monotonic()
    assert not idle.wait(2_000_000)
    assert monotonic() - start >= 0.002


def test_a_wake_from_another_thread() -> None:
    idle = IdleSleep()
    for ns in [-1, LONG]:
        thread = threading.Thread(target=idle.wake)
        start = monotonic()
        thread.start()
        while not idle.wait(ns):
            assert monotonic() - start < 20
        thread.join()


def test_a_wait_of_no_time() -> None:
    idle = IdleSleep()
    start = monotonic()
    for _ in range(100):
        idle.wait(0)
    assert monotonic() - start < 5


def test_a_wait_for_longer_than_the_system_counts() -> None:
    idle = IdleSleep()
    idle.wake()
    idle.wait(10**30)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows gives no signal to a thread")
def test_a_signal_that_does_not_interrupt_the_wait() -> None:
    """Another thread gets it, and the sleep goes on, as it does after one that comes right before it."""
    idle = IdleSleep()
    handled: list[int] = []
    rescued: list[int] = []

    def rescue() -> None:
        rescued.append(1)
        idle.wake()

    was = signal.signal(signal.SIGUSR1, lambda signum, frame: handled.append(signum))
    try:
        for ns in [-1, LONG]:
            handled.clear()
            sender = threading.Timer(0.01, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGUSR1))
            rescuer = threading.Timer(20, rescue)
            sender.start()
            rescuer.start()
            while not handled:
                idle.wait(ns)
            rescuer.cancel()
            assert not rescued
            sender.join()
            rescuer.join()
    finally:
        signal.signal(signal.SIGUSR1, was)
