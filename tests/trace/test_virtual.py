"""gochan.trace._virtual: a program is recorded on a virtual clock, and each time the recording is the same.

Each test runs a program in a process of its own. The times in a recording are microseconds.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from gochan.trace import _virtual
from gochan.trace.model import Trace, parse

pytestmark = pytest.mark.once

HOUR = 3600 * 1_000_000_000


def write(folder: Path, text: str, name: str = "prog.py") -> Path:
    path = folder / name
    path.write_text(dedent(text))
    return path


def record(folder: Path, text: str, **options: Any) -> dict[str, Any]:
    return _virtual.record(write(folder, text), **options)


def trace_of(folder: Path, text: str, **options: Any) -> Trace:
    trace = parse(record(folder, text, **options))
    assert len(trace.programs) == 1
    assert trace.programs[0].virtual
    return trace


PROGRAM = """\
    from gochan import Chan, go, run, sync, time


    class Cache:
        def __init__(self) -> None:
            self.mu = sync.Mutex()


    def worker(cache: Cache, jobs: Chan[int]) -> None:
        for _ in jobs:
            with cache.mu:
                time.sleep(time.HOUR)


    def main() -> None:
        jobs, cache = Chan[int](), Cache()
        done: sync.WaitGroup = sync.WaitGroup()
        for _ in range(2):
            done.go(worker, cache, jobs)
        for job in range(2):
            jobs.send(job)
        jobs.close()
        done.wait()


    run(main)
"""


def test_each_run_gives_the_same(tmp_path: Path) -> None:
    first, second = (record(tmp_path, PROGRAM) for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    assert first["otherData"]["clock"] == "virtual"
    assert first["otherData"]["end"] == "done"


def test_sleeps_take_virtual_time_also_with_a_mutex_held(tmp_path: Path) -> None:
    """In a bubble of synctest the clock would stop: a wait for a mutex is not durable."""
    [program] = trace_of(tmp_path, PROGRAM).programs
    assert 2 * HOUR < program.end < 2 * HOUR + 1_000_000
    waits = {gp.name: gp.waiting() for gp in program.goroutines.values()}
    assert waits["main 1"]["sync.WaitGroup.Wait"] == pytest.approx(2 * HOUR, rel=1e-6)
    assert sorted(waits[f"worker {n}"].get("sync.Mutex.Lock", 0) // HOUR for n in (2, 3)) in ([0, 1], [0, 0])
    assert sum(waits[f"worker {n}"]["sleep"] for n in (2, 3)) == pytest.approx(2 * HOUR, rel=1e-6)


def test_goroutines_have_the_numbers_that_they_always_have(tmp_path: Path) -> None:
    [program] = trace_of(tmp_path, PROGRAM).programs
    assert [gp.name for gp in program.goroutines.values()] == ["main 1", "worker 2", "worker 3"]


def test_channels_and_locks_are_named_after_variables(tmp_path: Path) -> None:
    """Those of tuples, attributes and annotated assignments."""
    [program] = trace_of(tmp_path, PROGRAM).programs
    objects = {span.object for gp in program.goroutines.values() for span in gp.spans if span.kind == "wait"}
    assert objects == {"chan jobs", "Mutex mu", "WaitGroup done", ""}


def test_what_only_looks_like_a_channel_is_not_named(tmp_path: Path) -> None:
    text = """\
        import gochan


        class Chan:
            def __class_getitem__(cls, item: object) -> type: return cls
            def __init__(self, *args: object) -> None: self.line = args


        class Box: ...


        def main() -> None:
            mine = Chan[int](1)
            box, (a, b) = Box(), (1, 2)
            box.real = gochan.Chan[int](1)
            table = {}
            table["x"] = gochan.Chan[int]()
            late: gochan.Chan[int]
            first = second = gochan.Chan[None]()
            [gochan.go(first.close)]
            assert second.recv_ok() == (None, False)
            assert mine.line == (1,), (a, b)
            raise SystemExit(__name__ + " " + __file__)


        gochan.run(main)
    """
    with pytest.raises(_virtual.ProgramError, match=r"with status 1:\n__main__ prog.py$"):
        record(tmp_path, text)
    [program] = trace_of(tmp_path, text, fails=True).programs
    waits = [span.object for gp in program.goroutines.values() for span in gp.spans if span.kind == "wait"]
    assert waits == ["chan second"]


def test_lines_and_what_a_program_sees_are_unchanged(tmp_path: Path) -> None:
    text = """\
        from __future__ import annotations
        import sys
        from gochan import Chan, go, run
        def main() -> None:
            ch: Chan[Undefined] = Chan[int](); go(ch.send, 1)
            ch.recv()
        assert sys.argv == ["prog.py"] and __name__ == "__main__"
        assert sys.modules["__main__"].main is main
        run(main)
    """
    [program] = trace_of(tmp_path, text).programs
    waits = [(span.at, span.object) for span in program.goroutines[1].spans if span.kind == "wait"]
    assert waits == [("prog.py:6", "chan ch")]


def test_each_event_takes_a_step(tmp_path: Path) -> None:
    text = """\
        from gochan import Chan, run


        def main() -> None:
            ch = Chan[int](3)
            for n in range(3):
                ch.send(n)


        run(main)
    """
    for step in (1_000, 250_000):
        [program] = trace_of(tmp_path, text, step=step).programs
        sends = [event.time for event in program.goroutines[1].instants if event.name == "send"]
        assert len(sends) == 3
        assert {after - before for before, after in pairwise(sends)} == {step}


def test_a_bubble_has_a_clock_of_its_own(tmp_path: Path) -> None:
    text = """\
        from gochan import run, synctest, time


        def main() -> None:
            synctest.test(time.sleep, 3600)
            time.sleep(60)


        run(main)
    """
    outer, bubble = parse(record(tmp_path, text)).programs
    assert (outer.name, bubble.name) == ("prog.py", "synctest")
    assert outer.end == pytest.approx(60_000_000_000, rel=1e-5)
    assert bubble.end == pytest.approx(HOUR, rel=1e-5)


def test_regions_span_what_is_in_them(tmp_path: Path) -> None:
    text = """\
        from gochan import context, run, time, trace


        def main() -> None:
            with trace.start_region(context.background(), "nap"):
                time.sleep(1)


        run(main)
    """
    [program] = trace_of(tmp_path, text).programs
    [region] = program.goroutines[1].regions
    [nap] = [span for span in program.goroutines[1].spans if span.name == "sleep"]
    assert region.start < nap.start < nap.end < region.end


def test_chance_and_the_date_are_the_same_each_time(tmp_path: Path) -> None:
    text = """\
        import random, sys
        from gochan import Chan, recv, run, select, time

        def main() -> None:
            a, b = Chan[int](64), Chan[int](64)
            for n in range(64):
                a.send(n)
                b.send(n)
            chosen = [select(recv(a), recv(b))[0] for _ in range(64)]
            print(time.now().astimezone().timestamp(), random.random(), hash("x"), chosen, file=sys.stderr)
            time.sleep(1.5)
            print(time.now().timestamp(), time.after(0).recv().timestamp(), file=sys.stderr)
            sys.exit(1)

        run(main)
    """
    printed = []
    for _ in range(2):
        with pytest.raises(_virtual.ProgramError) as failure:
            record(tmp_path, text)
        printed.append(str(failure.value))
    assert printed[0] == printed[1]
    assert "946684800.0 " in printed[0]
    assert "\n946684801.5 946684801.5" in printed[0]
    assert "0, 1" in printed[0] and "1, 0" in printed[0]


def test_sockets_get_real_time_and_deadlines_are_virtual(tmp_path: Path) -> None:
    text = """\
        from datetime import timedelta
        from gochan import go, net, run, time

        def answer(conn: net.Conn) -> None:
            conn.write(conn.read())
            time.sleep(3600)

        def main() -> None:
            listener = net.listen("tcp", "127.0.0.1:0")
            go(net.serve, listener, answer)
            conn = net.dial("tcp", str(listener.addr()))
            conn.write(b"ping")
            assert conn.read() == b"ping"
            conn.set_deadline(time.now() + timedelta(seconds=5))
            try:
                conn.read()
            except TimeoutError:
                return

        run(main)
    """
    [program] = trace_of(tmp_path, text).programs
    assert program.end == pytest.approx(5_000_000_000, rel=1e-3)


def test_threads_are_waited_for(tmp_path: Path) -> None:
    text = """\
        import time as real
        from gochan import go, run, thread, time

        def main() -> None:
            go(time.sleep, 0.001)
            assert thread.call(lambda: real.sleep(0.2) or 7) == 7

        run(main)
    """
    [program] = trace_of(tmp_path, text).programs
    assert "thread call" in program.goroutines[1].waiting()


def test_no_place_depends_on_the_machine(tmp_path: Path) -> None:
    text = """\
        import functools
        from concurrent.futures import ThreadPoolExecutor
        from gochan import context, defer, go, Chan, close, run, time

        def main() -> None:
            done = Chan[None]()

            @go
            def _() -> None:
                defer(close, done)

            done.recv_ok()
            ctx, cancel = context.with_timeout(context.background(), 1)
            context.after_func(ctx, functools.partial(print, "over"))
            time.sleep(2)

        run(main)
    """
    events = record(tmp_path, text)["traceEvents"]
    places = {event.get("args", {}).get(key, "") for event in events for key in ("at", "to")}
    assert "prog.py:12" in places
    assert not [place for place in places if Path(place).is_absolute()]
    assert str(tmp_path) not in json.dumps(events)


def test_paths_are_shortened(tmp_path: Path) -> None:
    assert _virtual.shortened("prog.py:3") == "prog.py:3"
    assert _virtual.shortened(f"{_virtual.__file__}:7") == "gochan/trace/_virtual.py:7"
    assert _virtual.shortened(f"{json.__file__}:7") == "json/__init__.py:7"
    assert _virtual.shortened(f"{tmp_path / 'elsewhere.py'}:7") == "elsewhere.py:7"


def test_modules_beside_the_program_are_told(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    write(tmp_path / "parts", "LIMIT = 1", "__init__.py")
    write(tmp_path, "import parts", "helper.py")
    text = """\
        import helper
        from gochan import run
        run(lambda: None)
    """
    assert record(tmp_path, text)["otherData"]["modules"] == ["helper.py", "parts/__init__.py"]


def test_another_recording_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOCHAN_TRACE", str(tmp_path / "other.json"))
    record(tmp_path, "from gochan import run\nrun(lambda: None)")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".json"] == []


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        ("from gochan import run\n1 / 0", {}, r"(?s)it fails with status 1:.*line 2.*ZeroDivisionError"),
        ("def broken(:", {}, r"(?s)status 1:.*SyntaxError"),
        ("import sys\nsys.exit(3)", {}, "it fails with status 3"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", {}, "it fails with status -9"),
        ("print('\\n' * 99)\nimport sys\nsys.exit('\\n'.join(map(str, range(99))))", {}, r":\n\.\.\.\n69\n"),
        ("print(1)", {}, "nothing was recorded: the program has no goroutines"),
        ("import os\nos._exit(0)", {}, "nothing was recorded: the program left without ending"),
        ("from gochan import run\nrun(lambda: None)", {"fails": True}, "it must fail, and does not"),
        ("while True: pass", {"timeout": 0.5}, r"it did not end within 0\.5 s"),
        ("from gochan import time\nwhile True: time.sleep(1)", {"timeout": 1}, "it did not end within 1 s"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_told(tmp_path: Path, text: str, options: dict[str, Any], told: str) -> None:
    with pytest.raises(_virtual.ProgramError, match=told):
        record(tmp_path, text, **options)


def test_a_deadlock_is_recorded(tmp_path: Path) -> None:
    trace = trace_of(tmp_path, "from gochan import Chan, run\nch = Chan[int]()\nrun(ch.recv)", fails=True)
    assert trace.ending == "deadlock"
    assert trace.programs[0].goroutines[1].waiting().keys() == {"chan receive"}
