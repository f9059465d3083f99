"""Follows Go's runtime/proc_test.go, where it is about scheduling goroutines on one processor.

Time slices and the idle wait go by the real clock: what is slept here in earnest is a few milliseconds.
"""

from __future__ import annotations

import os
import threading
import time as real

import pytest
from goroutines import let_others_run

from gochan import Chan, close, default, go, recv, run, runtime, select, send, time
from gochan._engine.netpoll import IdleSleep


def test_yield_progress() -> None:
    """TestYieldProgress: a goroutine that polls and yields does not keep main from running."""

    def main() -> int:
        ch, answered = Chan[bool](), Chan[int]()

        @go
        def _() -> None:
            polls = 0
            while select(recv(ch), default)[0] == 1:
                polls += 1
                runtime.gosched()
            answered.send(polls)

        time.sleep(2 * time.MILLISECOND)
        ch.send(True)
        return answered.recv()

    assert run(main) > 0


def test_timer_fairness() -> None:
    """TestTimerFairness: goroutines that always have something to do don't keep a timer from its time."""

    def main() -> int:
        ch, done = Chan[bool](), Chan[None]()
        rounds = 0

        def sender() -> None:
            while select(send(ch, True), recv(done))[0] == 0:
                pass

        go(sender)
        go(sender)
        timer = time.after(5 * time.MILLISECOND)
        while select(recv(ch), recv(timer))[0] == 0:
            rounds += 1
        close(done)
        return rounds

    assert run(main) > 0


@pytest.mark.gochan
def test_timer_fairness_2() -> None:
    """TestTimerFairness2: nor do two that meet each other, with a system call in each round."""
    ch, done = Chan[bool](), Chan[bool]()

    def worker() -> None:
        timer = time.after(5 * time.MILLISECOND)
        while True:
            os.getppid()
            if select(send(ch, True), recv(ch), recv(timer))[0] == 2:
                done.send(True)
                return

    go(worker)
    go(worker)
    done.recv()
    done.recv()


@pytest.mark.gochan
def test_num_goroutine() -> None:
    """TestNumGoroutine: a program begins with one goroutine; the count and the stacks agree at any time."""

    def stacks() -> int:
        text = runtime.stack(all=True)
        return sum(line.startswith("goroutine ") for line in text.splitlines())

    assert runtime.num_goroutine() == stacks() == 1
    ch = Chan[None]()
    for n in range(2, 7):
        go(ch.recv)
        assert runtime.num_goroutine() == stacks() == n
    let_others_run()
    assert runtime.num_goroutine() == stacks() == 6
    close(ch)
    assert runtime.num_goroutine() == stacks() == 6
    let_others_run()
    assert runtime.num_goroutine() == stacks() == 1


def test_ping_pong_hog() -> None:
    """TestPingPongHog: a pair that works long before each hand-over, and a pair that works little, get the
    processor for about the same time: a time slice goes to the pair, not to each run of its members."""

    def main() -> list[int]:
        done, counts = Chan[None](), [0, 0]

        def worker(who: int, limit: int, wake: Chan[bool]) -> None:
            while select(recv(done), recv(wake))[0] == 1:
                for _ in range(limit):
                    counts[who] += 1
                wake.send(True)

        heavy, light = Chan[bool](), Chan[bool]()
        for _ in range(2):
            go(worker, 0, 10_000, heavy)
        for _ in range(2):
            go(worker, 1, 100, light)
        heavy.send(True)
        light.send(True)
        time.sleep(100 * time.MILLISECOND)
        close(done)
        heavy.recv()
        light.recv()
        return counts

    # Without slices it is a hundred to one, each time.  With a process that is held up it may be so once; and
    # under coverage, which makes handoffs expensive, the light pair does less in its time.
    ratios: list[float] = []
    for _ in range(30):
        heavy, light = run(main)
        ratios.append(heavy / light)
        if 1 / 50 < ratios[-1] < 50:
            return
    pytest.fail(f"heavy/light was {ratios}")


def test_ping_pong_beside_a_hog() -> None:
    """BenchmarkPingPongHog: a goroutine that polls without end neither stops a pair in ping-pong, nor is it
    stopped by them."""

    def main() -> int:
        stop, ping, pong, polls = Chan[None](), Chan[int](), Chan[int](), Chan[int]()

        @go
        def _() -> None:
            polled = 0
            while select(recv(stop), default)[0] == 1:
                polled += 1
            polls.send(polled)

        @go
        def _() -> None:
            for n in ping:
                pong.send(n + 1)

        n = 0
        begin = real.monotonic()
        # Through more than one time slice of 10 ms.
        while real.monotonic() - begin < 0.025:
            ping.send(n)
            n = pong.recv()
        close(stop)
        return polls.recv()

    assert run(main) > 0


@pytest.mark.parametrize("n", [0, 1, 2, 255, 256, 257, 300, 1000])
def test_sched_local_queue(n: int) -> None:
    """TestSchedLocalQueue: of any number of goroutines that are made ready, each runs, and once; past 256,
    half of the queue goes to the global one."""

    def main() -> list[int]:
        ran: list[int] = []
        for i in range(n):
            go(ran.append, i)
        let_others_run()
        return ran

    ran = run(main)
    assert sorted(ran) == list(range(n))
    if 1 < n <= 256:
        # The last one becomes run-next, and has moved the one before it to the tail.
        assert ran == [n - 1, *range(n - 1)]


def test_netpoll_break() -> None:
    """TestNetpollBreak: another thread ends the idle wait, long before its time; a wake that comes before the
    wait counts as well."""
    idle = IdleSleep()
    begin = real.monotonic()
    threading.Timer(0.002, idle.wake).start()
    while not idle.wait(10_000_000_000):
        assert real.monotonic() - begin < 20
    idle.wake()
    idle.wake()
    assert idle.wait(10_000_000_000)
    assert not idle.wait(1_000_000)
