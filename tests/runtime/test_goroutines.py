"""runtime.goroutines: what a dump shows, as data."""

from __future__ import annotations

import signal
import socket
import threading
from typing import Any

import pytest

from gochan import Chan, go, net, recv, run, runtime, select, sync, synctest, thread, time, timeout
from gochan.runtime import Frame, Goroutine


def settle() -> None:
    for _ in range(10):
        runtime.gosched()


def receives(ch: Chan[int]) -> None:
    for _ in ch:
        pass


def by_number() -> dict[int, Goroutine]:
    return {g.number: g for g in runtime.goroutines() if g.thread is None}


def test_the_fields() -> None:
    def main() -> None:
        ch = Chan[int]()
        go(receives, ch)
        settle()
        me, other = runtime.goroutines()
        assert (me.number, me.state, me.reason, me.object) == (1, "running", "", None)
        assert me.function == "test_the_fields.<locals>.main"
        assert (me.created_by, me.parent) == (None, 0)
        assert me.stack[0].function == me.function and me.stack[0].file == __file__
        assert (other.number, other.state, other.reason) == (2, "waiting", "chan receive")
        assert (other.function, other.parent, other.started) == ("receives", 1, True)
        assert other.stack == [Frame(__file__, receives.__code__.co_firstlineno + 1, "receives")]
        assert other.created_by is not None
        assert other.created_by == Frame(__file__, main.__code__.co_firstlineno + 2, me.function)
        # Nothing records the waits.
        assert other.since is None
        assert (other.thread, other.bubble) == (None, None)
        ch.close()

    run(main)


def test_the_running_one_is_first() -> None:
    found: list[list[int]] = []

    def main() -> None:
        go(receives, kept := Chan[int]())
        go(lambda: found.append([g.number for g in runtime.goroutines()]))
        settle()
        kept.close()

    run(main)
    assert found == [[3, 1, 2]]


def test_states() -> None:
    def main() -> None:
        go(receives, Chan[int]())
        fresh = by_number()[2]
        assert (fresh.state, fresh.reason, fresh.started) == ("runnable", "", False)
        assert (fresh.function, fresh.stack) == ("receives", [])
        settle()
        go(runtime.gosched)
        states = {number: g.state for number, g in by_number().items()}
        assert states == {1: "running", 2: "waiting", 3: "runnable"}

    run(main)


def test_reasons_and_objects() -> None:
    def main() -> None:
        ch, mu, rw, wg = Chan[int](), sync.Mutex(), sync.RWMutex(), sync.WaitGroup()
        mu.lock()
        rw.lock()
        wg.add(1)
        listener = net.listen("tcp", "127.0.0.1:0")
        started = [
            (ch.recv, "chan receive", "Chan[int]"),
            (lambda: select(recv(ch), timeout(1000)), "select", "Chan[int]"),
            (mu.lock, "sync.Mutex.Lock", "Mutex locked"),
            (rw.rlock, "sync.RWMutex.RLock", "RWMutex locked"),
            (wg.wait, "sync.WaitGroup.Wait", "WaitGroup counter=1"),
            (lambda: time.sleep(1000), "sleep", None),
            (listener.accept, "IO wait", None),
        ]
        for f, _, _ in started:
            go(f)
        settle()
        for number, (_, reason, about) in enumerate(started, 2):
            g = by_number()[number]
            assert (g.state, g.reason) == ("waiting", reason)
            if about is not None:
                assert g.object is not None and about in g.object
        listener.close()

    run(main)


def test_an_object_whose_repr_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of an element type may be the user's code."""
    from gochan._engine import traceback

    class Nameless:
        def __repr__(self) -> str:
            raise ValueError("no name")

    monkeypatch.setattr(traceback, "waits_for", lambda gp: [Nameless()])

    def main() -> None:
        go(receives, Chan[int]())
        settle()
        assert (by_number()[2].reason, by_number()[2].object) == ("chan receive", None)

    run(main)


def test_a_waiting_thread_is_listed() -> None:
    def main() -> None:
        ch = Chan[int]()
        worker = threading.Thread(target=receives, args=(ch,), name="receiver")
        worker.start()
        while not any(g.thread for g in runtime.goroutines()):
            time.sleep(0.001)
        g = runtime.goroutines()[-1]
        assert (g.number, g.thread, g.state, g.reason) == (0, "receiver", "waiting", "chan receive")
        assert g.stack[0].function == "receives"
        ch.close()
        thread.call(worker.join)

    run(main)


def test_from_another_thread() -> None:
    """The running goroutine's stack is that of its thread, not the caller's."""
    found: list[list[Goroutine]] = []

    def look() -> None:
        found.append(runtime.goroutines())

    def main() -> None:
        worker = threading.Thread(target=look)
        worker.start()
        worker.join()

    run(main)
    [[g]] = found
    assert g.state == "running"
    assert any(frame.function.endswith("main") for frame in g.stack)
    assert not any(frame.function.endswith("look") for frame in g.stack)


def test_a_thread_s_dump_shows_the_running_goroutine() -> None:
    found: list[str] = []

    def main() -> None:
        worker = threading.Thread(target=lambda: found.append(runtime.stack(all=True)))
        worker.start()
        worker.join()

    run(main)
    assert "worker.join()" in found[0] or "worker.start()" in found[0]


def test_without_a_program() -> None:
    """It begins none."""
    found: list[Any] = []
    worker = threading.Thread(target=lambda: found.append(runtime.goroutines()))
    worker.start()
    worker.join()
    assert found == [[]]


def test_in_a_signal_handler() -> None:
    found: list[int] = []

    def main() -> None:
        go(receives, Chan[int]())
        settle()
        signal.raise_signal(signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, lambda *_: found.append(len(runtime.goroutines())))
    try:
        run(main)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert found == [2]


def test_in_a_bubble() -> None:
    def test() -> None:
        ch = Chan[int]()
        go(receives, ch)
        synctest.wait()
        [number] = {g.bubble for g in runtime.goroutines()}
        assert number is not None
        assert f"[chan receive (durable), synctest bubble {number}]:" in runtime.stack(all=True)
        ch.close()

    run(synctest.test, test)


def test_a_recorder_of_waits_tells_since_when(monkeypatch: pytest.MonkeyPatch) -> None:
    from gochan._engine import traceback

    monkeypatch.setattr(traceback, "waiting_since", {2: 1.5}.get)

    def main() -> None:
        go(receives, Chan[int]())
        go(time.sleep, 1000)
        settle()
        found = by_number()
        assert [found[n].since for n in (1, 2, 3)] == [None, 1.5, None]

    run(main)


def test_the_dump_is_made_of_it() -> None:
    def main() -> None:
        go(receives, Chan[int]())
        settle()
        line = main.__code__.co_firstlineno + 1
        assert runtime.stack(all=True).split("\n\n")[1] == (
            "goroutine 2 [chan receive]:\n"
            f'  File "{__file__}", line {receives.__code__.co_firstlineno + 1}, in receives\n'
            "    for _ in ch:\n"
            "created by goroutine 1 at\n"
            f'  File "{__file__}", line {line}, in test_the_dump_is_made_of_it.<locals>.main\n'
            "    go(receives, Chan[int]())\n"
        )

    run(main)


def test_a_call_in_a_thread() -> None:
    def main() -> None:
        a, b = socket.socketpair()
        go(lambda: thread.call(a.recv, 1))
        settle()
        while by_number()[2].reason != "thread call":
            time.sleep(0.001)
        b.send(b"x")
        while runtime.num_goroutine() > 1:
            time.sleep(0.001)
        a.close()
        b.close()

    run(main)
