"""What the engine records for gochan.trace, in both implementations."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recordings import Recording

from gochan import (
    Chan,
    Deadlock,
    default,
    go,
    recv,
    run,
    runtime,
    select,
    send,
    sync,
    synctest,
    thread,
    time,
    trace,
)
from gochan import timeout as after
from gochan._engine import impl

Record = Callable[..., Recording]
HERE = Path(__file__).name


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Record:
    """Run a function as a program, in a bubble with virtual=True, and return the recording of it."""
    monkeypatch.chdir(Path(__file__).parent)

    def record_(main: Callable[[], object], *, virtual: bool = False, **options: Any) -> Recording:
        path = tmp_path / "run.json"
        with trace.record(path, **options):
            if virtual:
                run(synctest.test, main)
            else:
                run(main)
        return Recording(path)

    return record_


def line_of(function: Callable[..., object], offset: int) -> str:
    return f"{HERE}:{function.__code__.co_firstlineno + offset}"


# --- goroutines --------------------------------------------------------------------------------------------


def test_a_goroutine_in_a_second_recording(tmp_path: Path) -> None:
    """What the first one knows of its function is not that of the second."""

    def worker(jobs: Chan[int]) -> None:
        for _ in jobs:
            pass

    def main() -> None:
        jobs = Chan[int]()
        with trace.record(tmp_path / "first.json"):
            # Its name is held after others.
            for _ in range(5):
                go(gc.isenabled)
                go(jobs.recv)
            go(worker, jobs)
            runtime.gosched()
        with trace.record(tmp_path / "second.json"):
            for n in range(6):
                jobs << n
            runtime.gosched()

    run(main)
    names = {name.rpartition(" ")[0] for name in Recording(tmp_path / "second.json").names.values()}
    assert names >= {"main", worker.__qualname__, "Chan.recv"}


def test_a_goroutine_starts_runs_and_ends(record: Record) -> None:
    def worker() -> None:
        pass

    def main() -> None:
        go(worker)
        runtime.gosched()

    r = record(main)
    assert r.story("main") == ["running", "runnable", "running"]
    name = f"{worker.__qualname__} 2"
    assert r.story(name) == ["runnable", "running"]
    (start,) = [e for e in r.of("go", "go") if e["ph"] == "s"]
    assert start["args"] == {"at": line_of(main, 1), "in": main.__qualname__}
    assert start["tid"] == 1
    runnable, running = [e for e in r.events if e["ph"] == "X" and e["tid"] == 2]
    assert runnable["args"] == {"by": 1}
    assert running["args"] == {"at": line_of(worker, 0), "in": worker.__qualname__}
    assert [r.names[e["pid"], e["tid"]] for e in r.of("go", "end")] == [name, "main 1"]


def test_the_name_of_a_lane_is_the_users_function(record: Record) -> None:
    from functools import partial

    from gochan import errgroup

    class Job:
        def work(self) -> None:
            pass

        def __call__(self) -> None:
            pass

    def plain(x: int) -> None:
        pass

    def main() -> None:
        wg = sync.WaitGroup()
        wg.go(Job().work)
        wg.go(partial(plain, 1))
        wg.go(partial(Job().work))
        wg.go(print, end="")
        wg.go(Job())
        wg.wait()
        g = errgroup.Group()
        g.go(lambda: plain(2))
        g.wait()

    r = record(main)
    prefix = "test_the_name_of_a_lane_is_the_users_function.<locals>."
    found = sorted((tid, name.removeprefix(prefix)) for (_, tid), name in r.names.items() if tid > 1)
    assert [name for _, name in found] == [
        "Job.work 2",
        "plain 3",
        "Job.work 4",
        "print 5",
        "Job.__call__ 6",
        "main.<locals>.<lambda> 7",
    ]


def test_the_place_of_a_wait_is_the_users(record: Record) -> None:
    def main() -> None:
        lock = sync.Once()

        def inner() -> None:
            time.sleep(0.001)

        lock.do(inner)
        event = threading.Event()
        go(event.set)  # it runs once main is parked
        thread.call(event.wait)

    r = record(main)
    (sleep,) = r.of("wait", "sleep")
    assert sleep["args"] == {"at": line_of(main, 4), "in": f"{main.__qualname__}.<locals>.inner"}
    (call,) = r.of("wait", "thread call")
    assert call["args"]["at"] == line_of(main, 9)
    assert "object" not in call["args"]


def test_the_end_of_the_program_ends_all_goroutines(record: Record) -> None:
    def main() -> None:
        go(Chan[int]().recv)
        go(time.sleep, 60)
        runtime.gosched()
        go(print, "never")

    r = record(main)
    assert r.other["end"] == "done"
    assert not any("open" in e.get("args", {}) for e in r.events)
    # The first two are unwound.
    assert r.story("Chan.recv 2") == ["runnable", "running", "chan receive", "running"]
    assert r.story("print 4") == ["runnable"]


# --- waits and wake-ups ------------------------------------------------------------------------------------


def test_a_receive_waits_for_a_send(record: Record) -> None:
    def main() -> None:
        ch = Chan[int]()
        go(ch.send, 7)
        ch.recv()

    r = record(main)
    assert r.story("main") == ["running", "chan receive", "runnable", "running"]
    (wait,) = r.of("wait")
    assert wait["args"] == {
        "object": "chan int #1",
        "id": "chan1",
        "at": line_of(main, 3),
        "in": main.__qualname__,
        "by": 2,
    }
    (sent,) = r.of("chan")
    assert (sent["name"], sent["tid"], sent["args"]["object"]) == ("send", 2, "chan int #1")
    (wake,) = [e for e in r.of("wake") if e["ph"] == "s"]
    (woken,) = [e for e in r.of("wake") if e["ph"] == "f"]
    assert (wake["tid"], woken["tid"]) == (2, 1)
    last = [e for e in r.of("run") if e["tid"] == 1][-1]
    assert last["ts"] == woken["ts"]
    assert last["args"]["at"] == line_of(main, 3)


def test_a_send_waits_for_a_receive(record: Record) -> None:
    def main() -> None:
        ch = Chan[str](1)

        @go
        def sender() -> None:
            for letter in "abc":
                ch << letter
            ch.close()

        runtime.gosched()
        for _ in range(3):
            ch.recv()
        runtime.gosched()
        ch.recv()

    r = record(main)
    assert [e["name"] for e in r.of("chan", lane="main")] == ["recv", "recv", "recv"]
    assert [e["name"] for e in r.of("chan", lane=f"{main.__qualname__}.<locals>.sender")] == [
        "send",
        "send",
        "close",
    ]
    (wait,) = r.of("wait", "chan send")
    assert wait["args"]["by"] == 1
    assert wait["args"]["object"] == "chan str #1"


def test_a_select_waits_for_its_cases(record: Record) -> None:
    def main() -> None:
        a, b = Chan[int](), Chan()
        go(a.send, 1)
        select(recv(a), send(b, 2), after(60))
        select(recv(a), default)
        select(recv(a), after(0.001))
        filled = Chan[int](1)
        select(send(filled, 1), default)
        select(recv(filled), default)

    r = record(main)
    first, second = r.of("wait", "select")
    assert first["args"]["objects"] == ["chan int #1", "chan #2"]
    assert first["args"]["ids"] == ["chan1", "chan2"]
    assert first["args"]["by"] == 2
    assert second["args"]["objects"] == ["chan int #1"]
    assert "by" not in second["args"]
    assert [e["args"]["timer"] for e in r.of("timer")] == ["timeout"]
    assert [e["name"] for e in r.of("chan", lane="main")] == ["send", "recv"]


def test_the_locks_are_objects(record: Record) -> None:
    def main() -> None:
        mu, rw, wg = trace.name(sync.Mutex(), "mu"), sync.RWMutex(), sync.WaitGroup()
        cond = sync.Cond(sync.Mutex())
        ready: list[bool] = []

        def locks() -> None:
            with mu:
                pass
            with rw.rlocker():
                pass
            with rw:
                pass
            with cond.l:
                while not ready:
                    cond.wait()

        mu.lock()
        rw.lock()
        wg.go(locks)
        runtime.gosched()
        mu.unlock()
        runtime.gosched()
        rw.unlock()
        rw.rlock()
        runtime.gosched()
        rw.runlock()
        runtime.gosched()
        with cond.l:
            ready.append(True)
        cond.broadcast()
        wg.wait()

    r = record(main)
    waits = [(e["name"], e["args"]["object"], e["args"]["id"]) for e in r.of("wait") if e["tid"] != 1]
    assert waits == [
        ("sync.Mutex.Lock", "Mutex mu", "mutex1"),
        ("sync.RWMutex.RLock", "RWMutex #1", "rwmutex1"),
        ("sync.RWMutex.Lock", "RWMutex #1", "rwmutex1"),
        ("sync.Cond.Wait", "Cond #1", "cond1"),
    ]
    assert all(e["args"]["by"] == 1 for e in r.of("wait") if e["tid"] != 1)
    (waited,) = r.of("wait", "sync.WaitGroup.Wait")
    assert (waited["args"]["object"], waited["args"]["by"]) == ("WaitGroup #1", 2)


def test_writers_wait_for_the_rwmutex_itself(record: Record) -> None:
    def main() -> None:
        rw, wg = trace.name(sync.RWMutex(), "table"), sync.WaitGroup()
        rw.lock()
        wg.go(rw.lock)
        runtime.gosched()
        rw.unlock()
        wg.wait()

    r = record(main)
    (wait,) = r.of("wait", "sync.Mutex.Lock")
    assert wait["args"]["object"] == "RWMutex table"


def test_a_descriptor_is_an_object(record: Record) -> None:
    from gochan import net

    def main() -> None:
        with net.listen("tcp", "127.0.0.1:0") as listener:

            @go
            def client() -> None:
                with net.dial("tcp", str(listener.addr())) as conn:
                    conn.write(b"x")

            with listener.accept() as conn:
                conn.read(1)

    r = record(main)
    waits = r.of("wait", "IO wait", "main")
    assert waits
    assert all(e["args"]["object"].startswith("fd ") and e["args"]["id"].startswith("fd") for e in waits)
    assert all("by" not in e["args"] for e in waits)


def test_timers_fire(record: Record) -> None:
    def main() -> None:
        done = Chan[None]()
        time.after_func(0.001, done.close)
        done.recv()
        time.sleep(0.001)
        time.after(0.001).recv()

    r = record(main)
    assert [e["args"]["timer"] for e in r.of("timer")] == ["after_func", "sleep", "channel"]
    assert all(e["tid"] == 0 for e in r.of("timer"))
    assert r.of("timer")[-1]["args"]["object"] == "timer #1"
    assert r.of("wait", "chan receive")[-1]["args"]["object"] == "timer #1"
    # The timer has started the goroutine: no goroutine did.
    (runnable,) = r.of("runnable", lane="Chan.close 2")
    assert runnable["args"] == {}
    assert [e["tid"] for e in r.of("idle")] == [0] * len(r.of("idle"))


def test_an_exception_ends_a_wait(record: Record, tmp_path: Path) -> None:
    def main() -> None:
        ch = Chan[int]()
        go(ch.recv)
        Chan[int]().recv()

    with pytest.raises(Deadlock):
        record(main)
    r = Recording(tmp_path / "run.json")
    assert r.other["end"] == "deadlock"
    assert r.story("main") == ["running", "chan receive", "running"]
    assert r.story("Chan.recv 2") == ["runnable", "running", "chan receive", "running"]
    assert all("by" not in e["args"] for e in r.of("wait"))


def test_threads_have_lanes(record: Record) -> None:
    def main() -> None:
        to, back = Chan[int](), Chan[int](1)

        def work() -> None:
            back.send(to.recv() + 1)

        helper = threading.Thread(target=work, name="helper")
        helper.start()
        to.send(1)
        back.recv()
        thread.call(helper.join)

    r = record(main)
    _, tid = r.lane("thread helper")
    assert tid > 1_000_000
    assert any(e["tid"] == tid and e["name"] == "chan receive" for e in r.of("wait")) or any(
        e["tid"] == tid and e["name"] == "recv" for e in r.of("chan")
    )
    assert any(e["tid"] == tid and e["name"] == "send" for e in r.of("chan"))


def test_a_bubble_has_a_clock_of_its_own(record: Record) -> None:
    def main() -> None:
        ch = Chan[int]()

        @go
        def later() -> None:
            time.sleep(3)
            ch << 1

        ch.recv()
        synctest.wait()

    r = record(main, virtual=True)
    assert r.other["clock"] == "virtual"
    labels = {e["pid"]: e["args"]["labels"] for e in r.events if e["name"] == "process_labels"}
    assert labels == {2: "virtual"}
    names = {e["pid"]: e["args"]["name"] for e in r.events if e["name"] == "process_name"}
    assert names[2] == "synctest"
    (sleep,) = r.of("wait", "sleep")
    assert (sleep["pid"], sleep["ts"], sleep["dur"]) == (2, 0, 3_000_000)
    (received,) = r.of("wait", "chan receive")
    assert (received["pid"], received["ts"], received["dur"]) == (2, 0, 3_000_000)
    # The goroutine that called synctest.test is in the program, on the real clock.
    assert all(e["pid"] == 1 and e["tid"] == 1 for e in r.of("wait", "synctest.Run"))
    assert all(e["pid"] == 2 and e["ts"] == 3_000_000 for e in r.of("timer"))


def test_a_recording_on_virtual_time_is_always_the_same(record: Record) -> None:
    def main() -> None:
        jobs, results = Chan[int](), Chan[int]()

        def worker() -> None:
            for job in jobs:
                time.sleep(job)
                results << job

        for _ in range(2):
            go(worker)
        go(lambda: [jobs << n for n in range(1, 5)])
        for _ in range(4):
            results.recv()
        jobs.close()

    first, second = (
        [e for e in record(main, virtual=True).events if e["pid"] == 2 and e["ph"] != "M"] for _ in range(2)
    )
    assert first == second
    assert first


# --- recordings that begin or end within a program ---------------------------------------------------------


def test_a_recording_begins_and_ends_within_a_program(tmp_path: Path) -> None:
    path = tmp_path / "run.json"

    def main() -> None:
        ch, quit = Chan[int](), Chan[int]()
        mu = sync.Mutex()
        mu.lock()
        go(ch.recv)
        go(mu.lock)
        go(lambda: select(recv(quit)))
        runtime.gosched()
        go(runtime.gosched)
        trace.start(path)
        ch.send(1)
        trace.stop()
        quit.close()

    run(main)
    r = Recording(path)
    waits = {e["name"]: e["args"] for e in r.of("wait")}
    assert waits["chan receive"]["cut"] is True
    assert waits["chan receive"]["object"] == "chan int #1"
    assert waits["chan receive"]["by"] == 1
    assert waits["sync.Mutex.Lock"]["object"] == "Mutex #1"
    assert waits["sync.Mutex.Lock"]["open"] is True
    assert waits["select"]["objects"] == ["chan int #2"]
    assert waits["select"]["at"].endswith(line_of(main, 6))
    (running,) = r.of("run", lane="main")
    assert running["args"]["cut"] is True
    assert running["args"]["open"] is True
    assert all(e["args"]["open"] for e in r.of("runnable"))
    assert r.story("gosched 5") == ["runnable"]


def test_each_program_is_a_process(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    with trace.record(path):
        for _ in range(2):
            run(lambda: go(print, end=""))
    r = Recording(path)
    assert {pid for pid, _ in r.names} == {1, 2}
    assert sum(name == "main 1" for name in r.names.values()) == 2


def test_collections_are_recorded(record: Record) -> None:
    def main() -> None:
        gc.collect()
        gc.collect(0)

    found = [e for e in record(main).of("gc") if e["tid"] == 0]
    names = [e["name"] for e in found]
    assert "collection (generation 2)" in names
    assert "collection (generation 0)" in names


def test_a_ring_keeps_the_last_events(record: Record) -> None:
    def main() -> None:
        ping, pong = Chan[int](), Chan[int]()

        @go
        def echo() -> None:
            for v in ping:
                pong << v

        for i in range(500):
            ping << i
            pong.recv()
        ping.close()

    full = record(main)
    r = record(main, ring=200)
    assert full.other["lost"] == 0
    assert r.other["lost"] > 1000
    assert 0 < len([e for e in r.events if e["ph"] != "M"]) < 600
    assert min(e["ts"] for e in r.events if "ts" in e) == 0
    # The names are known although the goroutines' starts are lost.
    assert set(r.names.values()) == {"scheduler", "main 1", f"{main.__qualname__}.<locals>.echo 2"}
    waits = r.of("wait", "chan receive")
    assert {e["args"]["object"] for e in waits if "object" in e["args"]} <= {"chan int #1", "chan int #2"}


def test_values_are_recorded_if_asked_for(record: Record) -> None:
    class Odd:
        def __repr__(self) -> str:
            raise ValueError("no repr")

    def main() -> None:
        ch = Chan[object](2)
        ch << "a" * 500
        ch << Odd()
        ch.recv(), ch.recv()
        # Its repr raises, and this must not be seen here.
        ch << 10**5000
        ch.recv()
        direct = Chan[int]()
        go(direct.send, 42)
        direct.recv()
        go(direct.recv)
        runtime.gosched()
        direct << 43
        select(send(ch, 1.5))
        select(recv(ch))

    def values(r: Recording) -> list[str]:
        return [e["args"]["value"] for e in r.events if "value" in e.get("args", {})]

    assert values(record(main)) == []
    found = values(record(main, values=True))
    assert found.count("42") == 2  # the wait of the receiver, and the send
    assert found.count("43") == 2
    assert found.count("1.5") == 2
    assert any(text.startswith("'aaaa") and len(text) < 120 for text in found)
    assert sum("Odd" in text for text in found) == 2
    assert found.count("<int of 16,610 bits>") == 2


@pytest.mark.parametrize("room", [0, 1])
def test_a_value_may_end_the_recording(room: int, tmp_path: Path) -> None:
    """As another thread may while the value's text is made."""

    class Stops:
        def __repr__(self) -> str:
            trace.stop()
            return "stops"

    def main() -> None:
        for operation in (
            lambda ch: ch.send(Stops()),
            lambda ch: select(send(ch, Stops())),
            lambda ch: select(send(ch, Stops()), default),
        ):
            ch = Chan[object](room)
            if not room:
                go(ch.recv)
                runtime.gosched()
            trace.start(tmp_path / "run.json", values=True)
            operation(ch)
            assert not trace.is_enabled()
            assert len(ch) == room
            if room:
                trace.start(tmp_path / "run.json", values=True)
                assert isinstance(ch.recv(), Stops)
                assert not trace.is_enabled()

    run(main)


class Raised(Exception):
    """What a signal handler raises."""


def test_a_handler_that_raises_while_a_value_is_recorded_undoes_the_operation(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent by a send that raises, and what was received goes back."""

    def raises(self: object, x: object) -> str:
        raise Raised

    def main() -> None:
        ch, empty = Chan[int](2), Chan[int]()
        ch << 1
        with monkeypatch.context() as patched:
            patched.setattr("reprlib.Repr.repr", raises)
            for operation in (
                lambda: ch << 2,
                lambda: select(send(ch, 2)),
                lambda: select(send(ch, 2), recv(empty)),
                lambda: select(send(empty, 2), default),
                ch.recv,
                ch.recv_ok,
                lambda: select(recv(ch)),
                lambda: select(recv(ch), send(empty, 2)),
            ):
                with pytest.raises(Raised):
                    operation()
                assert len(ch) == 1
        assert ch.recv() == 1

    record(main, values=True)


# --- the functions of the engine ---------------------------------------------------------------------------


def test_the_engines_functions_refuse_junk() -> None:
    with pytest.raises(RuntimeError, match="nothing is recorded"):
        impl.trace_stop()
    for room in (0, -1, 1 << 40):
        with pytest.raises(ValueError, match="room for"):
            impl.trace_start(-1, room, False)
    with pytest.raises(ValueError, match="not a kind of event"):
        impl.trace_event(1)
    impl.trace_event(38)
    with pytest.raises(TypeError, match="has no number"):
        impl.trace_number(object())  # type: ignore[arg-type]
    assert impl.trace_threads() == []
    impl.trace_start(-1, 10, False)
    try:
        with pytest.raises(RuntimeError, match="under way"):
            impl.trace_start(-1, 10, False)
    finally:
        impl.trace_stop()


def test_numbers_are_never_used_again() -> None:
    ch, mu, rw, wg = Chan[int](), sync.Mutex(), sync.RWMutex(), sync.WaitGroup()
    numbers = [impl.trace_number(o) for o in (ch, mu, rw, wg)]
    assert len(set(numbers)) == 4
    assert [impl.trace_number(o) for o in (ch, mu, rw, wg)] == numbers
    del ch
    assert impl.trace_number(Chan[int]()) not in numbers


def test_a_write_that_fails_is_reported(tmp_path: Path) -> None:
    import os

    read, write = os.pipe()
    os.close(read)
    impl.trace_start(write, 4, False)
    run(lambda: [runtime.gosched() for _ in range(10)])
    *_, failure, _ = impl.trace_stop()
    os.close(write)
    assert failure == 32  # EPIPE
