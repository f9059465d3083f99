"""The idle wait."""

import threading
from time import monotonic

from gochan.runtime.netpoll import Poller

LONG = 30_000_000_000


def test_a_wake_before_the_wait_ends_it_at_once() -> None:
    poller = Poller()
    start = monotonic()
    for ns in [-1, LONG]:
        poller.wake()
        poller.wake()
        poller.wait(ns)
    assert monotonic() - start < 10
    # The wakes before a wait count once.
    start = monotonic()
    poller.wait(2_000_000)
    assert monotonic() - start >= 0.002


def test_a_wake_from_another_thread() -> None:
    poller = Poller()
    for ns in [-1, LONG]:
        thread = threading.Thread(target=poller.wake)
        start = monotonic()
        thread.start()
        poller.wait(ns)
        thread.join()
        assert monotonic() - start < 10


def test_a_wait_of_no_time() -> None:
    poller = Poller()
    start = monotonic()
    for _ in range(100):
        poller.wait(0)
    assert monotonic() - start < 1


def test_a_wait_for_longer_than_the_system_counts() -> None:
    poller = Poller()
    poller.wake()
    poller.wait(10**30)
