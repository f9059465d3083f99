"""runtime.goroutines: what a dump shows, as data."""

from __future__ import annotations

import signal
import socket
import threading
import time as clock
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from goroutines import let_others_run
from recordings import Recording

from gochan import (
    Chan,
    context,
    debug,
    defers,
    errgroup,
    go,
    net,
    recv,
    run,
    runtime,
    select,
    singleflight,
    sync,
    synctest,
    thread,
    time,
    timeout,
    trace,
)
from gochan._engine.functions import function_of, name_of
from gochan._engine.impl import sched
from gochan._engine.traceback import format_goroutine
from gochan.runtime import Frame, Goroutine

# How exact `since` is, in seconds.
RESOLUTION = 0.011


def block() -> None:
    """Block the thread, and with it all goroutines."""
    clock.sleep(0.05)


def receives(ch: Chan[int]) -> None:
    for _ in ch:
        pass


def by_number() -> dict[int, Goroutine]:
    return {g.number: g for g in runtime.goroutines() if g.thread is None}


def test_the_fields() -> None:
    def main() -> None:
        ch = Chan[int]()
        go(receives, ch)
        let_others_run()
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
        assert me.since is None
        assert other.since is None
        assert (other.thread, other.bubble) == (None, None)
        ch.close()

    run(main)


def test_the_running_one_is_first() -> None:
    found: list[list[int]] = []

    def main() -> None:
        go(receives, kept := Chan[int]())
        go(lambda: found.append([g.number for g in runtime.goroutines()]))
        let_others_run()
        kept.close()

    run(main)
    assert found == [[3, 1, 2]]


def test_states() -> None:
    def main() -> None:
        go(receives, Chan[int]())
        fresh = by_number()[2]
        assert (fresh.state, fresh.reason, fresh.started) == ("runnable", "", False)
        assert (fresh.function, fresh.stack) == ("receives", [])
        let_others_run()
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
        let_others_run()
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
        let_others_run()
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
        let_others_run()
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


@pytest.fixture
def timed() -> Iterator[None]:
    """Have the engine time waits, as for a debug page."""
    sched.timed = True
    yield
    sched.timed = False


@pytest.mark.usefixtures("timed")
def test_since_is_for_how_long_it_has_waited() -> None:
    """Nothing that the thread did before, or does at the same time, changes that."""
    ch = Chan[int]()

    def main() -> None:
        block()
        before = clock.monotonic()
        go(receives, ch)
        go(select, recv(ch), timeout(1000))
        go(time.sleep, 1000)
        worker = threading.Thread(target=receives, args=(ch,))
        worker.start()
        let_others_run()
        while len(found := runtime.goroutines()) < 5:
            runtime.gosched()
        after = clock.monotonic()
        block()
        first = clock.monotonic()
        found = runtime.goroutines()
        last = clock.monotonic()
        assert [g.since is None for g in found] == [True, False, False, False, False]
        for g in found[1:]:
            assert g.since is not None
            assert first - after - RESOLUTION <= g.since <= last - before + RESOLUTION
        ch.close()
        worker.join()
        assert by_number()[1].since is None

    run(main)


@pytest.mark.usefixtures("timed")
def test_a_new_wait_counts_anew() -> None:
    def main() -> None:
        ch = Chan[int]()
        go(receives, ch)
        let_others_run()
        block()
        before = clock.monotonic()
        ch << 1
        let_others_run()
        since = by_number()[2].since
        assert since is not None
        assert since <= clock.monotonic() - before + RESOLUTION

    run(main)


def test_dumps_tell_minutes() -> None:
    """As Go's do."""
    line = runtime.Goroutine(2, "waiting", "chan receive", None, 59.9, "f", None, [])
    assert format_goroutine(line) == "goroutine 2 [chan receive]:\n"
    assert format_goroutine(line._replace(since=60.0)) == "goroutine 2 [chan receive, 1 minutes]:\n"
    text = format_goroutine(line._replace(since=7199.0, bubble=3))
    assert text == "goroutine 2 [chan receive, 119 minutes, synctest bubble 3]:\n"


def test_since_is_known_with_a_debug_page_or_a_recording(tmp_path: Path) -> None:
    def main() -> None:
        def waits() -> bool:
            ch = Chan[int]()
            go(receives, ch)
            let_others_run()
            [g] = [g for n, g in by_number().items() if n > 1]
            ch.close()
            let_others_run()
            return g.since is not None

        assert not waits()
        with debug.serve("127.0.0.1:0"):
            with debug.serve("127.0.0.1:0"):
                assert waits()
            assert waits()
        assert not waits()
        with trace.record(str(tmp_path / "run.json")):
            assert waits()
        assert not waits()

    run(main)


@pytest.mark.usefixtures("timed")
def test_without_the_real_clock_since_is_not_known() -> None:
    def main() -> None:
        go(receives, Chan[int]())
        let_others_run()
        sched.moment = sched.now()
        try:
            assert by_number()[2].since is None
        finally:
            sched.moment = None
        assert by_number()[2].since is not None

    run(main)


def test_the_dump_is_made_of_it() -> None:
    def main() -> None:
        go(receives, Chan[int]())
        let_others_run()
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
        let_others_run()
        while by_number()[2].reason != "thread call":
            time.sleep(0.001)
        b.send(b"x")
        while runtime.num_goroutine() > 1:
            time.sleep(0.001)
        a.close()
        b.close()

    run(main)


# --- whose function it is ----------------------------------------------------------------------------------


class Functions:
    """Functions that wait for `held`, and that a goroutine may run in various ways."""

    def __init__(self) -> None:
        # Made here, since each implementation of the engine has its own.
        held = Chan[int]()

        def plainly(*args: Any) -> None:
            held.recv()

        def deferring(*args: Any) -> None:
            held.recv()

        class Caller:
            def method(self) -> None:
                held.recv()

            @defers
            def deferring(self) -> None:
                held.recv()

            def __call__(self, *args: Any) -> None:
                held.recv()

        def loads() -> int:
            return held.recv()

        self.lines = {short(f.__qualname__): f.__code__ for f in (plainly, deferring, Caller.__call__)}
        self.held = held
        self.plainly, self.deferring, self.caller, self.loads = plainly, defers(deferring), Caller(), loads

    def start_all(self) -> list[str]:
        """Start goroutines in all the ways that there are; return the names of their functions, in order."""
        group, tasks = sync.WaitGroup(), errgroup.Group()
        calls: singleflight.Group = singleflight.Group()
        ctx, cancel = context.with_cancel(context.background())
        context.after_func(ctx, self.plainly)
        wanted: list[tuple[Callable[[], object], str]] = [
            (partial(go, self.deferring), "deferring"),
            (partial(go, self.caller.method), "Caller.method"),
            (partial(go, self.caller.deferring), "Caller.deferring"),
            (partial(go, self.caller), "Caller.__call__"),
            (partial(go, partial(partial(self.deferring), 1)), "deferring"),
            (partial(go, self.held.recv), "Chan.recv"),
            (partial(group.go, self.plainly), "plainly"),
            (partial(group.go, self.deferring), "deferring"),
            (partial(tasks.go, self.plainly), "plainly"),
            (partial(tasks.go, self.deferring), "deferring"),
            (partial(tasks.go, self.caller), "Caller.__call__"),
            (partial(tasks.go, self.held.recv), "Chan.recv"),
            (partial(calls.do_chan, "key", self.loads), "loads"),
            (cancel, "plainly"),
            (partial(go, synctest.test, self.plainly), "test"),
        ]
        for start, _ in wanted:
            start()
        return [name for _, name in wanted]


def short(name: str) -> str:
    """Return the name of a function without those of the functions that it is in."""
    return name.rpartition("<locals>.")[2]


def functions_of(found: dict[int, Goroutine]) -> list[str]:
    """Return the names of the functions of all but main, in order."""
    return [short(found[n].function) for n in sorted(found) if n > 1]


def test_the_function_is_the_user_s_and_not_a_wrapper() -> None:
    def main() -> None:
        names = Functions().start_all()
        found = by_number()
        assert functions_of(found) == names
        assert not any(found[n].started for n in found if n > 1)
        assert runtime.stack(all=True).count(".<locals>.deferring, not started yet\n") == 4
        let_others_run()
        # The bubble's own goroutine is the last.
        assert functions_of(by_number()) == [*names, "plainly"]

    run(main)


def test_the_function_of_a_handler_is_the_user_s() -> None:
    """Also before it runs, and while gochan's code around it does."""

    def main() -> None:
        functions = Functions()
        conns = []
        for handler in (functions.plainly, functions.deferring, functions.caller):
            listener = net.listen("tcp", "127.0.0.1:0")
            go(net.serve, listener, handler)
            conns.append(net.dial("tcp", str(listener.addr())))
        names = {"Caller.__call__", "deferring", "plainly"}
        handling: dict[int, Goroutine] = {}
        while len(handling) < 3 or not all(g.stack for g in handling.values()):
            time.sleep(0.001)
            found = by_number()
            handling = {n: g for n, g in found.items() if g.parent > 1}
            serving = {n: g for n, g in found.items() if g.parent == 1}
            assert set(functions_of(serving)) == {"serve"}
            assert set(functions_of(handling)) <= names
        assert set(functions_of(handling)) == names
        for conn in conns:
            conn.close()

    run(main)


def test_the_function_of_a_recording_is_the_user_s(tmp_path: Path) -> None:
    """With its place."""
    functions: list[Functions] = []
    names: list[str] = []

    def main() -> None:
        functions.append(Functions())
        names.extend(functions[0].start_all())
        let_others_run()

    with trace.record(str(tmp_path / "run.json")):
        run(main)
    recording = Recording(tmp_path / "run.json")
    names.append("plainly")
    lanes = {lane: short(name) for (_, lane), name in recording.names.items()}
    assert [lanes[n] for n in range(2, len(names) + 2)] == [f"{name} {n}" for n, name in enumerate(names, 2)]
    first: dict[int, str] = {}
    for event in recording.events:
        if event["ph"] == "X" and event["name"] == "running":
            first.setdefault(event["tid"], event["args"].get("at", "").rpartition("/")[2])
    file = Path(__file__).name
    places = {
        name: {f"{file}:{code.co_firstlineno + n}" for n in (0, 1)}
        for name, code in functions[0].lines.items()
    }
    checked = [first[n] in places[name] for n, name in enumerate(names, 2) if name in places]
    assert len(checked) == 10 and all(checked)


def test_a_name_that_cannot_be_found_calls_no_code() -> None:
    class Strange:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(name)

        __call__ = Chan[int]().recv

    assert name_of(function_of(Strange(), ())) == "Strange"
    assert function_of(partial(partial(receives)), ()) is receives
