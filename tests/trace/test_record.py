"""The recordings of gochan.trace: how they begin and end, and what a program writes into them."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import fastjsonschema
import pytest
from children import environment
from recordings import SCHEMA, Recording, check

from gochan import Chan, Panic, aio, context, go, run, runtime, sync, thread, trace
from gochan._engine import tracing

CTX = context.background()
validate = fastjsonschema.compile(SCHEMA)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.json"


@pytest.fixture
def child(tmp_path: Path) -> Callable[..., tuple[subprocess.CompletedProcess[str], Recording]]:
    """Run a program with GOCHAN_TRACE; return how it ended, and its recording."""

    def child_(
        program: str, option: str = "", **more: str
    ) -> tuple[subprocess.CompletedProcess[str], Recording]:
        (tmp_path / "prog.py").write_text(dedent(program))
        done = subprocess.run(
            [sys.executable, "prog.py"],
            check=False,
            cwd=tmp_path,
            env=environment(GOCHAN_TRACE=f"run.json{option}", **more),
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done, Recording(tmp_path / "run.json")

    return child_


Child = Callable[..., tuple[subprocess.CompletedProcess[str], Recording]]


# --- start and stop ----------------------------------------------------------------------------------------


def test_start_twice_is_an_error(path: Path) -> None:
    trace.start(path)
    try:
        assert trace.is_enabled()
        with pytest.raises(RuntimeError, match=r"already enabled, into .*run\.json; call trace\.stop first"):
            trace.start(path.with_name("other.json"))
    finally:
        trace.stop()
    assert not trace.is_enabled()
    assert not path.with_name("other.json").exists()


def test_stop_without_a_start_does_nothing() -> None:
    trace.stop()
    trace.stop()


@pytest.mark.parametrize("call", [trace.start, trace.record])
def test_junk_is_refused(call: Callable[..., object], path: Path) -> None:
    with pytest.raises(TypeError, match=r"42 is not a path; give the name of the file to write"):
        call(42)
    with pytest.raises(TypeError, match=r"ring='3' is not a number of events"):
        call(path, ring="3")
    with pytest.raises(TypeError, match=r"ring=True is not a number"):
        call(path, ring=True)
    for ring in (-1, 1 << 40):
        with pytest.raises(ValueError, match=r"give 1 to 67,108,864 events"):
            call(path, ring=ring)
    with pytest.raises(TypeError, match=r"values=1 is not a bool"):
        call(path, values=1)
    assert not trace.is_enabled()
    assert not path.exists()


def test_a_file_that_cannot_be_written_is_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        trace.start(tmp_path / "missing" / "run.json")
    with pytest.raises(IsADirectoryError):
        trace.start(tmp_path)
    assert not trace.is_enabled()
    assert len(gc.callbacks) == len(set(map(id, gc.callbacks)))


def test_nothing_is_left_after_a_recording(path: Path) -> None:
    before = list(gc.callbacks)
    with trace.record(path):
        assert len(gc.callbacks) == len(before) + 1
    assert gc.callbacks == before
    assert tracing.recorder is None


def test_record_stops_however_its_block_ends(path: Path) -> None:
    with pytest.raises(KeyError), trace.record(path):
        raise KeyError("x")
    assert not trace.is_enabled()
    assert Recording(path).other["end"] == "KeyError: 'x'"


def test_the_file_is_relative_to_where_the_recording_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with trace.record("run.json"):
        monkeypatch.chdir(tmp_path / "elsewhere")
    assert (tmp_path / "run.json").exists()


def test_the_last_of_two_processes_with_one_file_has_it(path: Path) -> None:
    with trace.record(path):
        run(lambda: None)
        path.write_text("x" * 100_000)
    assert "main 1" in Recording(path).names.values()


def test_an_empty_recording_is_valid(path: Path) -> None:
    with trace.record(path):
        pass
    r = Recording(path)
    validate(r.data)
    assert r.other["end"] == "done"
    assert r.other["lost"] == 0


# --- the format --------------------------------------------------------------------------------------------


def everything() -> None:
    """Do something of each kind."""
    from gochan import recv, select, synctest, time, timeout

    jobs, results = trace.name(Chan[int](), 'jobs "and" more'), Chan[int](2)
    mu = sync.Mutex()

    def worker() -> None:
        for job in jobs:
            with mu, trace.start_region(CTX, "work"):
                time.sleep(0.0001 * job)
                trace.log(CTX, "job", f"{job} is done")
            results << job

    wg = sync.WaitGroup()
    for _ in range(3):
        wg.go(worker)
    ctx, task = trace.new_task(CTX, "feed")
    with task:

        @go
        def feed() -> None:
            trace.with_region(ctx, "feeding", lambda: [jobs << n for n in range(6)])
            jobs.close()

        for _ in range(6):
            select(recv(results), timeout(5))
    wg.wait()
    thread.call(gc.collect)
    time.after_func(0.0001, Chan[int](1).close)
    time.sleep(0.0005)
    synctest.test(lambda: time.sleep(1))


def test_a_recording_conforms_to_the_schema(path: Path) -> None:
    with trace.record(path, values=True):
        run(everything)
    r = Recording(path)
    validate(r.data)
    phases = {e["ph"] for e in r.events}
    assert phases == {"X", "M", "i", "s", "f", "b", "e"}
    cats = {e["cat"] for e in r.events if "cat" in e}
    assert cats >= {
        "run",
        "runnable",
        "wait",
        "region",
        "gc",
        "idle",
        "wake",
        "go",
        "chan",
        "timer",
        "log",
        "task",
    }
    assert {e["args"]["object"] for e in r.of("wait", "chan send")} == {'chan jobs "and" more'}
    for event in ({"ph": "Z"}, {"ph": "X", "pid": 1, "tid": 1, "ts": 0, "name": "x", "cat": "run"}):
        with pytest.raises(fastjsonschema.JsonSchemaException):
            validate({"traceEvents": [event]})


def test_other_data_says_what_was_recorded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import datetime
    from importlib.metadata import version

    monkeypatch.setattr(sys, "argv", ["some/prog.py", "x"])
    with trace.record(path):
        run(lambda: None)
    r = Recording(path)
    assert r.data["displayTimeUnit"] == "ns"
    assert r.other["gochan"] == version("gochan-csp")
    assert r.other["format"] == 1
    assert r.other["clock"] == "monotonic"
    assert r.other["program"] == "prog.py"
    assert datetime.fromisoformat(r.other["started"]).tzinfo is not None
    assert {e["args"]["name"] for e in r.events if e["name"] == "process_name"} == {"prog.py"}


def test_a_file_of_many_events_is_converted_in_little_memory(path: Path) -> None:
    import tracemalloc

    def main() -> None:
        ch = Chan[int](1)
        for i in range(30_000):
            ch << i
            ch.recv()

    trace.start(path)
    run(main)
    tracemalloc.start()
    try:
        trace.stop()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 5_000_000
    # The instants of a run are written after it, so they are what is kept.
    assert peak < 30_000_000


# --- what a program writes ---------------------------------------------------------------------------------


def test_regions_nest_and_cut_runs(path: Path) -> None:
    def main() -> None:
        with trace.start_region(CTX, "outer"):
            runtime.gosched()
            assert trace.with_region(CTX, "inner", lambda: 7) == 7
        go(lambda: None)

    with trace.record(path):
        run(main)
    r = Recording(path)
    outer, inner = r.of("region")
    assert (outer["name"], inner["name"]) == ("outer", "inner")
    assert outer["ts"] < inner["ts"]
    assert inner["ts"] + inner["dur"] < outer["ts"] + outer["dur"]
    assert outer["args"]["in"] == main.__qualname__
    (yielded,) = [e for e in r.of("runnable") if e["tid"] == 1]
    assert outer["ts"] < yielded["ts"] < outer["ts"] + outer["dur"]


def test_a_region_ends_with_the_one_around_it(path: Path) -> None:
    def main() -> None:
        outer = trace.start_region(CTX, "outer")
        inner = trace.start_region(CTX, "inner")
        outer.end()
        runtime.gosched()
        inner.end()
        inner.end()

    with trace.record(path):
        run(main)
    outer, inner = Recording(path).of("region")
    assert outer["ts"] + outer["dur"] == pytest.approx(inner["ts"] + inner["dur"])


def test_a_region_that_another_goroutine_ends(path: Path) -> None:
    """It lasts until the wait in which its own goroutine then is ends, since spans of a lane must nest."""

    def main() -> None:
        region = trace.start_region(CTX, "shared")
        done = Chan[None]()

        @go
        def _() -> None:
            region.end()
            runtime.gosched()
            done.send(None)

        done.recv()

    with trace.record(path):
        run(main)
    r = Recording(path)
    check(r)
    (region,) = r.of("region")
    (wait,) = r.of("wait", "chan receive")
    assert region["ts"] + region["dur"] == pytest.approx(wait["ts"] + wait["dur"])


def test_a_region_that_nothing_ends(path: Path) -> None:
    def left() -> None:
        trace.start_region(CTX, "left")

    def main() -> None:
        go(left)
        runtime.gosched()
        trace.start_region(CTX, "main's")
        trace.stop()

    trace.start(path)
    run(main)
    r = Recording(path)
    by_name = {e["name"]: e for e in r.of("region")}
    (end,) = r.of("go", "end")
    assert by_name["left"]["ts"] + by_name["left"]["dur"] == pytest.approx(end["ts"])
    assert by_name["main's"]["args"]["open"] is True


def test_a_region_outside_of_a_recording_costs_nothing_and_does_nothing() -> None:
    region = trace.start_region(CTX, "x")
    assert region is region.__enter__()
    region.end()
    ctx, task = trace.new_task(CTX, "x")
    trace.log(ctx, "a", "b")
    task.end()


def test_tasks_and_logs(path: Path) -> None:
    def main() -> None:
        ctx, task = trace.new_task(CTX, "order")
        inner, part = trace.new_task(ctx, "item")
        with part:
            trace.log(inner, "stock", "3 left")
        task.end()
        task.end()
        trace.log(CTX, "plain", "no task")

    with trace.record(path):
        run(main)
    r = Recording(path)
    tasks = [(e["ph"], e["name"], e["id"]) for e in r.of("task")]
    assert [(ph, name) for ph, name, _ in tasks] == [
        ("b", "order"),
        ("b", "item"),
        ("e", "item"),
        ("e", "order"),
    ]
    order, item = tasks[0][2], tasks[1][2]
    assert [number for *_, number in tasks] == [order, item, item, order]
    assert r.of("task")[1]["args"] == {"parent": order}
    first, second = r.of("log")
    assert (first["name"], first["args"]["message"], first["args"]["task"]) == ("stock", "3 left", item)
    assert (second["name"], second["args"]["message"]) == ("plain", "no task")
    assert "task" not in second["args"]


def test_annotations_refuse_junk() -> None:
    for call in (trace.start_region, trace.new_task):
        with pytest.raises(TypeError, match=r"^trace\.\w+: 3 is not a context; give context\.background"):
            call(3, "x")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"the name is 4 \(int\), want a str"):
            call(CTX, 4)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not callable; give a function without arguments"):
        trace.with_region(CTX, "x", 5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"the message is 6 \(int\), want a str"):
        trace.log(CTX, "x", 6)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"start_region\(ctx, name\)"):
        trace.Region()
    with pytest.raises(TypeError, match=r"new_task\(ctx, name\)"):
        trace.Task()


def test_names(path: Path) -> None:
    ch = trace.name(Chan[int](), "jobs")
    cond = trace.name(sync.Cond(trace.name(sync.Mutex(), "guard")), "changed")
    trace.name(cond, "news")

    def main() -> None:
        go(ch.send, 1)
        ch.recv()

        @go
        def _() -> None:
            with cond.l:
                cond.wait()

        runtime.gosched()
        with cond.l:
            cond.broadcast()
        runtime.gosched()

    with trace.record(path):
        run(main)
    assert {e["args"]["object"] for e in Recording(path).of("wait")} == {"chan jobs", "Cond news"}
    with pytest.raises(TypeError, match=r"3 cannot be named; give a Chan, Mutex"):
        trace.name(3, "x")  # type: ignore[type-var]
    with pytest.raises(TypeError, match=r"the name is 3 \(int\), want a str"):
        trace.name(ch, 3)  # type: ignore[arg-type]


def test_the_oldest_names_are_forgotten(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    from gochan.trace import _annotations

    monkeypatch.setattr(_annotations, "_MOST_NAMES", len(_annotations.names) + 2)
    channels = [trace.name(Chan[int](1), f"c{i}") for i in range(3)]

    def main() -> None:
        for ch in channels:
            ch << 1

    with trace.record(path):
        run(main)
    labels = [e["args"]["object"] for e in Recording(path).of("chan")]
    assert labels[1:] == ["chan c1", "chan c2"] or labels == ["chan c0", "chan c1", "chan c2"]


def test_a_ring_forgets_old_texts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gochan.trace import _recorder

    monkeypatch.setattr(_recorder, "_TEXTS", 10)

    def main() -> None:
        for i in range(100):
            trace.log(CTX, "count", str(i))

    with trace.record(path, ring=5):
        run(main)
        assert len(tracing.recorder._texts) <= 11
    messages = [e["args"]["message"] for e in Recording(path).of("log")]
    assert messages[-1] == "99"
    assert "?" not in messages


# --- how programs end --------------------------------------------------------------------------------------


def test_a_panic_is_recorded(path: Path) -> None:
    def main() -> None:
        go(list[int]().__getitem__, 1)
        Chan[int]().recv()

    with pytest.raises(IndexError), trace.record(path):
        run(main)
    r = Recording(path)
    (panic,) = r.of("panic")
    assert panic["name"] == "panic: IndexError: list index out of range"
    assert panic["tid"] == 2
    assert r.other["end"] == "IndexError: list index out of range"


def test_a_panic_of_main_is_recorded(path: Path) -> None:
    def main() -> None:
        raise Panic("no more\nthan a line")

    with pytest.raises(Panic), trace.record(path):
        run(main)
    r = Recording(path)
    assert [e["name"] for e in r.of("panic")] == ["panic: no more"]
    assert r.other["end"] == "panic: no more"


def test_an_exception_whose_str_raises(path: Path) -> None:
    class Bad(Exception):
        def __str__(self) -> str:
            raise ValueError

    def main() -> None:
        raise Bad

    with pytest.raises(Bad), trace.record(path):
        run(main)
    assert Recording(path).other["end"] == "Bad"


@pytest.mark.parametrize(
    ("statement", "end", "code"),
    [
        ("pass", "done", 0),
        ("Chan().recv()", "deadlock", 1),
        ("1 / 0", "ZeroDivisionError: division by zero", 1),
        ("sys.exit(3)", "SystemExit: 3", 3),
        ("os.kill(os.getpid(), signal.SIGINT); Chan().recv()", "KeyboardInterrupt", None),
        ("raise Panic('boom')", "panic: boom", 1),
    ],
)
def test_a_program_that_dies_leaves_its_recording(
    child: Child, statement: str, end: str, code: int | None
) -> None:
    done, r = child(
        f"""
        import os, signal, sys
        from gochan import Chan, Panic, go, run, runtime
        def main():
            go(Chan().recv)
            runtime.gosched()
            {statement}
        run(main)
        """
    )
    validate(r.data)
    assert r.other["end"] == end
    assert r.other["program"] == "prog.py"
    assert r.story("Chan.recv 2") == ["runnable", "running", "chan receive", "running"]
    if code is not None:
        assert done.returncode == code
    assert {e["args"]["at"].partition(":")[0] for e in r.of("run", lane="main")} == {"prog.py"}


def test_code_without_run_is_recorded_until_the_exit(child: Child) -> None:
    _, r = child(
        """
        from gochan import Chan, go
        ch = Chan[int]()
        go(ch.send, 1)
        ch.recv()
        """
    )
    assert r.story("main") == ["running", "chan receive", "runnable", "running"]
    assert r.of("run", lane="main")[-1]["args"]["open"] is True


def test_the_environment_asks_for_a_ring(child: Child) -> None:
    _, r = child(
        """
        import os
        from gochan import run, runtime
        assert "GOCHAN_TRACE" not in os.environ
        run(lambda: [runtime.gosched() for _ in range(100)])
        """,
        ",ring=10",
    )
    assert r.other["lost"] > 100


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("run.json,ring=x", "such as run.json,ring=100000"),
        ("run.json,ring=0", "give a number of events"),
        ("run.json,ring=67108865", "give a number of events up to 67,108,864"),
        ("missing/run.json", "GOCHAN_TRACE='missing/run.json': No such file or directory"),
    ],
)
def test_the_environment_is_checked(tmp_path: Path, value: str, message: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import gochan"],
        check=False,
        cwd=tmp_path,
        env=environment(GOCHAN_TRACE=value),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert message in done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_forked_child_does_not_record(child: Child) -> None:
    done, r = child(
        """
        import os, sys
        from gochan import go, run, runtime, time, trace
        def main():
            time.sleep(0.001)
            sys.stdout.flush()
            if os.fork() == 0:
                assert not trace.is_enabled()
                trace.stop()
                go(print, "child")
                runtime.gosched()
                sys.stdout.flush()
                os._exit(0)
            os.wait()
            go(print, "parent")
            runtime.gosched()
        run(main)
        """
    )
    assert sorted(done.stdout.split()) == ["child", "parent"]
    check(r)
    assert r.story("main 1") == ["running", "sleep", "runnable", "running", "runnable", "running"]
    assert r.story("print 2") == ["runnable", "running"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_forked_child_may_record_for_itself(child: Child, tmp_path: Path) -> None:
    _, r = child(
        """
        import os
        from gochan import go, run, runtime, trace
        pid = os.fork()
        if pid == 0:
            with trace.record("child.json"):
                run(lambda: go(print, end=""))
        else:
            os.waitpid(pid, 0)
            run(lambda: None)
        """
    )
    assert set(r.names.values()) == {"scheduler", "main 1"}
    assert "print 2" in Recording(tmp_path / "child.json").names.values()


def test_an_event_loop_has_turns(path: Path) -> None:
    import asyncio

    async def work() -> None:
        await asyncio.sleep(0.001)

    def main() -> None:
        aio.await_(work())

    with trace.record(path):
        asyncio.run(aio.run(main))
    r = Recording(path)
    assert r.of("loop", "event loop")
    assert all(e["tid"] == 0 for e in r.of("loop"))
    (wait,) = r.of("wait", "await")
    assert "object" not in wait["args"]


def test_recordings_from_threads_are_refused_one_at_a_time(path: Path) -> None:
    """Of many threads that start a recording, one succeeds."""
    import threading

    results: list[str] = []

    def begin() -> None:
        try:
            trace.start(path)
            results.append("started")
        except RuntimeError:
            results.append("refused")

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    trace.stop()
    assert sorted(results) == ["refused"] * 7 + ["started"]


@pytest.mark.once
def test_a_signal_handler_that_raises_leaves_a_valid_recording(path: Path) -> None:
    def main(seconds: float) -> None:
        ping, pong = Chan[int](), Chan[int]()

        @go
        def echo() -> None:
            for v in ping:
                pong << v

        # Only now: on a busy machine it takes longer than that to begin.
        signal.setitimer(signal.ITIMER_REAL, seconds)
        i = 0
        while True:
            ping << i
            pong.recv()
            i += 1

    class Enough(BaseException):
        pass

    def alarm(number: int, frame: Any) -> None:
        raise Enough("enough")

    before = signal.signal(signal.SIGALRM, alarm)
    try:
        for seconds in (0.01, 0.011, 0.013):
            with pytest.raises(Enough), trace.record(path, values=True):
                run(main, seconds)
            r = Recording(path)
            validate(r.data)
            assert r.other["end"] == "Enough: enough"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(not hasattr(signal, "SIGQUIT"), reason="no SIGQUIT")
def test_sigquit_writes_what_was_recorded(child: Child) -> None:
    done, r = child(
        """
        import os, signal
        from gochan import Chan, go, run, runtime
        def main():
            go(Chan[int]().recv)
            runtime.gosched()
            os.kill(os.getpid(), signal.SIGQUIT)
        run(main)
        """
    )
    assert done.returncode == 2
    assert done.stderr.startswith("SIGQUIT: quit\n\ngoroutine 1 [running]:")
    check(r)
    assert r.other["end"] == "SIGQUIT"
    assert r.story("Chan.recv 2") == ["runnable", "running", "chan receive"]


def test_a_failed_write_is_reported(path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    trace.start("/dev/full")
    run(lambda: None)
    with pytest.raises(OSError, match="can't write /dev/full: No space left"):
        trace.stop()
    assert not trace.is_enabled()


def test_a_write_that_fails_at_exit_is_reported() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    done = subprocess.run(
        [sys.executable, "-c", "from gochan import run; run(lambda: print(1))"],
        check=True,
        env=environment(GOCHAN_TRACE="/dev/full"),
        capture_output=True,
        text=True,
    )
    assert done.stdout == "1\n"
    assert done.stderr == "gochan: trace: can't write /dev/full: No space left on device\n"


def test_events_that_cannot_be_written_are_reported(path: Path) -> None:
    trace.start(path)
    spool = tracing.recorder._spool
    run(lambda: None)
    read_only = os.open(path, os.O_RDONLY)
    os.dup2(read_only, spool.fileno())
    os.close(read_only)
    with pytest.raises(OSError, match=r"events are missing in .*run\.json"):
        trace.stop()
    json.loads(path.read_text())
