"""Threads that are not the runtime's: nothing lost, nothing twice, whichever way they send and receive."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future

import pytest
from sizes import Sizes

from gochan import Chan, close, default, recv, run, select, send, sync, thread
from gochan._engine.run import program
from gochan.runtime import num_goroutine

SENDERS = RECEIVERS = 4
ROOM = 256


class BySubmit:
    """Whatever a thread does, a goroutine does for it; a few are under way at a time."""

    def __init__(self, inp: Chan[int], out: Chan[int]) -> None:
        self.inp, self.out = inp, out

    def send(self, values: range) -> None:
        pending: deque[Future[None]] = deque()
        for v in values:
            pending.append(thread.submit(self.inp.send, v))
            if len(pending) > 64:
                pending.popleft().result(60)
        for future in pending:
            future.result(60)

    def receive(self) -> list[int]:
        got: list[int] = []
        pending: deque[Future[tuple[int, bool]]] = deque()
        while True:
            while len(pending) < 16:
                pending.append(thread.submit(self.out.recv_ok))
            v, ok = pending.popleft().result(60)
            if not ok:
                got.extend(v for v, ok in (future.result(60) for future in pending) if ok)
                return got
            got.append(v)

    def relayed(self) -> None:
        pass

    def finish(self) -> None:
        pass


class Direct:
    """The threads use the channels themselves, where that needs no waiting: there is room, or a value."""

    def __init__(self, inp: Chan[int], out: Chan[int]) -> None:
        self.inp, self.out = inp, out
        self.room = threading.Semaphore(ROOM)
        self.values = threading.Semaphore(0)
        self.over = False

    def send(self, values: range) -> None:
        for v in values:
            self.room.acquire()
            if v % 2:
                self.inp.send(v)
            else:
                assert select(send(self.inp, v), default)[0] == 0

    def receive(self) -> list[int]:
        got: list[int] = []
        while True:
            assert self.values.acquire(timeout=100)
            index, v, ok = select(recv(self.out), default)
            if index == 0 and ok:
                got.append(v)
                # What has left the graph makes room in it.
                self.room.release()
            elif self.over:
                return got

    def relayed(self) -> None:
        self.values.release()

    def finish(self) -> None:
        self.over = True
        for _ in range(RECEIVERS):
            self.values.release()


@pytest.mark.parametrize("way", [BySubmit, Direct])
def test_eight_threads(way: Callable[[Chan[int], Chan[int]], BySubmit | Direct], size: Sizes) -> None:
    """Four send and four receive; in between goroutines pass on, by plain receives and by selects."""
    share = size.foreign // 2 // SENDERS
    results: list[list[int]] = []

    def main() -> None:
        inp, out = Chan[int](ROOM), Chan[int](ROOM)
        threads = way(inp, out)

        def relay() -> None:
            for v in inp:
                out.send(v)
                threads.relayed()

        def choosing() -> None:
            never = Chan[int]()
            while True:
                _, v, ok = select(recv(inp), recv(never))
                if not ok:
                    return
                select(send(out, v), recv(never))
                threads.relayed()

        relays, senders, receivers = sync.WaitGroup(), sync.WaitGroup(), sync.WaitGroup()
        for kind in (relay, choosing, relay, choosing):
            relays.go(kind)
        for i in range(SENDERS):
            values = range(i * share, (i + 1) * share)
            senders.go(lambda values=values: thread.call(threads.send, values))
        for _ in range(RECEIVERS):
            receivers.go(lambda: results.append(thread.call(threads.receive)))
        senders.wait()
        close(inp)
        relays.wait()
        close(out)
        threads.finish()
        receivers.wait()

    run(main)
    assert num_goroutine() == 1
    assert program.wakers == 0
    everything = sorted(v for got in results for v in got)
    assert everything == list(range(share * SENDERS))
    print(f"\n{2 * len(everything):,} operations by 8 threads, {[len(got) for got in results]} received")
