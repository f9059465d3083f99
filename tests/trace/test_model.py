"""Reading a recorded file: what is found in it, and what is said of a file that is none."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import traces

from gochan.trace.model import (
    Task,
    TraceError,
    Wake,
    clip,
    duration,
    load,
    parse,
    printable,
    short,
)


def test_a_run_is_read(tmp_path: Path) -> None:
    trace = load(traces.workers().write(tmp_path / "run.json"))
    assert (trace.version, trace.program, trace.ending, trace.lost) == ("0.1.0", "workers.py", "done", 0)
    [program] = trace.programs
    assert (program.pid, program.name, program.virtual) == (1, "workers.py", False)
    assert (program.start, program.end) == (0, 1_000_000)
    main, worker, late = program.goroutines.values()
    assert (main.number, main.name, main.function, main.parent) == (1, "main 1", "main", None)
    assert (worker.name, worker.function, worker.parent) == ("worker 2", "worker", 1)
    assert (late.name, late.function) == ("main.<locals>.late 3", "main.<locals>.late")
    assert [gp.ended for gp in (main, worker, late)] == [True, True, True]
    assert [span.kind for span in main.spans] == ["run", "wait", "runnable", "run", "wait", "runnable", "run"]
    wait = main.spans[1]
    assert (wait.name, wait.start, wait.end, wait.length) == ("chan receive", 100_000, 690_000, 590_000)
    assert (wait.at, wait.function, wait.by, wait.object) == ("workers.py:27", "main", 2, "chan results")
    assert wait.ids == ("c2",)
    assert not wait.open
    assert main.spans[0].to == "workers.py:27"
    assert [(region.name, region.length) for region in late.regions] == [("digest", 100_000)]
    assert [(span.kind, span.length) for span in program.scheduler] == [("gc", 20_000)]
    assert [instant.name for instant in program.instants] == ["timer fired"]
    assert [(i.kind, i.name, i.object) for i in worker.instants] == [
        ("chan", "send", "chan results"),
        ("go", "end", ""),
    ]


def test_totals() -> None:
    goroutines = traces.read(traces.workers()).programs[0].goroutines
    assert {n: gp.total("run") for n, gp in goroutines.items()} == {1: 200_000, 2: 500_000, 3: 250_000}
    assert {n: gp.total("runnable") for n, gp in goroutines.items()} == {1: 20_000, 2: 60_000, 3: 270_000}
    assert goroutines[1].waiting() == {"chan receive": 780_000}
    longest = goroutines[1].longest_wait()
    assert longest is not None
    assert longest.length == 590_000


def test_reasons_are_sorted_by_time() -> None:
    run = traces.Recording()
    run.wait(1, "sleep", 0, 5)
    run.wait(1, "select", 5, 30)
    run.wait(1, "sleep", 30, 40)
    run.run(1, 40, 41)
    gp = traces.read(run).programs[0].goroutines[1]
    assert list(gp.waiting().items()) == [("select", 25_000), ("sleep", 15_000)]


def test_a_goroutine_without_a_wait() -> None:
    run = traces.Recording()
    run.run(1, 0, 1)
    gp = traces.read(run).programs[0].goroutines[1]
    assert gp.longest_wait() is None
    assert gp.waiting() == {}
    assert gp.name == "goroutine 1"  # no metadata names it


def test_arrows_are_paired_and_sorted() -> None:
    [program] = traces.read(traces.workers()).programs
    assert [(w.kind, w.source, w.time // 1000, w.target, w.arrival // 1000) for w in program.wakes] == [
        ("go", 1, 40, 2, 100),
        ("go", 1, 60, 3, 300),
        ("wake", 2, 690, 1, 700),
        ("wake", 1, 720, 3, 750),
        ("wake", 3, 940, 1, 950),
    ]


def test_half_an_arrow_is_left_out() -> None:
    """A ring dropped its beginning, or the recording stopped before its end."""
    run = traces.Recording()
    run.run(1, 0, 1)
    run.add("s", 1, cat="wake", name="wake", id=1, ts=0)
    run.add("f", 1, cat="wake", name="wake", id=2, ts=0)
    run.add("e", 1, cat="task", name="t", id=9, ts=0)
    [program] = traces.read(run).programs
    assert (program.wakes, program.tasks) == ([], [])


def test_a_task_that_nothing_ended_lasts_to_the_end() -> None:
    run = traces.Recording()
    run.run(1, 0, 7)
    run.add("b", 1, cat="task", name="t", id=8, ts=2)
    [program] = traces.read(run).programs
    assert program.tasks == [Task("t", 2_000, 7_000, 1)]


def test_values_are_read() -> None:
    run = traces.Recording()
    run.add("X", 1, cat="wait", name="chan send", ts=0, dur=5, args={"value": "'x'"})
    run.add("i", 1, cat="chan", name="send", s="t", ts=6, args={"value": "42"})
    [program] = traces.read(run).programs
    [gp] = program.goroutines.values()
    assert (gp.spans[0].value, gp.instants[0].value) == ("'x'", "42")


def test_an_arrow_between_programs() -> None:
    run = traces.Recording()
    run.process("synctest", 2, "virtual")
    run.run(1, 0, 1)
    run.run(7, 0, 1, pid=2)
    run.add("s", 1, 1, cat="go", name="go", id=1, ts=0)
    run.add("f", 7, 2, cat="go", name="go", id=1, ts=0)
    first, second = traces.read(run).programs
    assert first.wakes == []
    assert second.wakes == [Wake("go", 1, 0, 7, 0, 1)]


def test_programs_have_their_own_goroutines_and_clocks() -> None:
    run = traces.Recording(clock="virtual")
    run.process("synctest", 2, "virtual")
    run.process("nothing", 3)
    run.run(1, 0, 1)
    run.run(1, 0, 3_600_000_000, pid=2)
    first, second = traces.read(run).programs  # without the one that has no goroutine
    assert (first.name, first.virtual, first.end) == ("prog.py", False, 1_000)
    assert (second.name, second.virtual, second.end) == ("synctest", True, 3_600_000_000_000)


def test_a_virtual_clock_without_bubbles_is_that_of_all() -> None:
    run = traces.Recording(clock="virtual")
    run.run(1, 0, 1)
    assert traces.read(run).programs[0].virtual


def test_threads_are_lanes() -> None:
    run = traces.Recording()
    run.lane(1_000_001, "thread MainThread")
    run.run(1_000_001, 0, 1)
    [gp] = traces.read(run).programs[0].goroutines.values()
    assert gp.is_thread
    assert gp.function == "thread MainThread"


def test_tasks() -> None:
    run = traces.Recording()
    run.run(1, 0, 9)
    run.add("b", 1, cat="task", name="order", id="4", ts=2)
    run.add("e", 2, cat="task", name="order", id="4", ts=7)
    [task] = traces.read(run).programs[0].tasks
    assert task == ("order", 2_000, 7_000, 1)


def test_select_has_several_objects() -> None:
    run = traces.Recording()
    run.wait(1, "select", 0, 5, objects=["chan a", "chan b"], ids=["1", "2"])
    span = traces.read(run).programs[0].goroutines[1].spans[0]
    assert (span.object, span.ids) == ("chan a, chan b", ("1", "2"))


def test_a_wait_at_the_end_is_open() -> None:
    """As in a deadlock, where the engine ends the waits with the program."""
    run = traces.Recording(end="deadlock")
    run.run(1, 0, 1)
    run.wait(1, "chan receive", 1, 5)
    run.wait(2, "chan receive", 1, 5)
    run.run(2, 5, 6)
    goroutines = traces.read(run).programs[0].goroutines
    assert goroutines[1].spans[-1].open
    assert not goroutines[2].spans[0].open


def test_events_that_are_not_known_are_skipped() -> None:
    """Other programs may add some."""
    run = traces.Recording()
    run.run(1, 0, 1)
    run.add("C", 1, name="memory", ts=0, args={"bytes": 7})
    run.span("network", "request", 1, 0, 1)
    run.span("idle", "idle", 1, 0, 1)  # not in the scheduler's lane
    run.events.append({"ph": "M", "name": "process_sort_index", "pid": 1, "args": {"sort_index": 1}})
    [program] = traces.read(run).programs
    assert [span.kind for span in program.goroutines[1].spans] == ["run"]
    assert program.scheduler == []


def test_events_may_be_in_any_order() -> None:
    run = traces.workers()
    expected = traces.read(run)
    run.events.reverse()
    # An arrow's end before its beginning is none.
    assert [gp.total("run") for gp in traces.read(run).programs[0].goroutines.values()] == [
        gp.total("run") for gp in expected.programs[0].goroutines.values()
    ]


def test_times_are_exact() -> None:
    run = traces.Recording()
    run.run(1, 4_102_444_800_000_123.0, 4_102_444_800_000_124.0)
    run.run(2, 0.001, 0.003)
    goroutines = traces.read(run).programs[0].goroutines
    assert goroutines[1].spans[0].start == 4_102_444_800_000_123_000
    assert (goroutines[2].spans[0].start, goroutines[2].spans[0].length) == (1, 2)


# --- files that are no trace ---


def refusal(path: Path) -> str:
    with pytest.raises(TraceError) as caught:
        load(path)
    text = str(caught.value)
    assert text.startswith(f"{path}: ")
    return text.removeprefix(f"{path}: ")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.json") == "no such file"
    assert refusal(tmp_path) == "a folder; give the file that was recorded"
    assert "file name too long" in refusal(tmp_path / ("x" * 300)).lower()
    with pytest.raises(TraceError, match="null"):
        load("a\0b")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"hello", "not a trace: line 1, column 1 is not JSON"),
        (b"\x89PNG\xff\xfe", "not a trace: it has binary data"),
        (gzip.compress(b"{}"), "gunzip it first"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"traceEvents": ' + b"9" * 5000 + b"}", "not a trace: Exceeds the limit"),
        (b"{}", 'want a JSON object with a list "traceEvents"'),
        (b"[]", 'want a JSON object with a list "traceEvents"'),
        (b"7", 'want a JSON object with a list "traceEvents"'),
        (b'{"traceEvents": {}}', 'want a JSON object with a list "traceEvents"'),
        (b'{"traceEvents": []}', "not one of gochan's"),
        (b'{"traceEvents": [], "otherData": []}', "not one of gochan's"),
    ],
)
def test_files_that_are_none(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(data)
    # A port of Go's math/big lifts Python's limit.
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(sys.int_info.default_max_str_digits)
    try:
        assert message in refusal(path)
    finally:
        sys.set_int_max_str_digits(limit)


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    data = traces.workers().write(tmp_path / "whole.json").read_bytes()
    path = tmp_path / "run.json"
    for size in range(1, len(data), 97):
        path.write_bytes(data[:size])
        assert f"the file ends in the middle, after {size:,} bytes" in refusal(path)


def test_a_byte_order_mark_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(json.dumps(traces.workers().data()), encoding="utf-8-sig")
    assert load(path).programs


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"format": 2}, "written in format 2 by gochan 0.1.0; this gochan reads formats up to 1: update it"),
        ({"format": 0}, "otherData.format is 0, want a number from 1 to 1"),
        ({"format": True}, "otherData.format is True"),
        ({"format": None}, "otherData.format is None"),
        ({"lost": -1}, "otherData.lost is -1"),
        ({"lost": "7"}, "otherData.lost is '7'"),
    ],
)
def test_headers_that_are_wrong(other: dict[str, Any], message: str) -> None:
    with pytest.raises(TraceError, match="trace: ") as caught:
        traces.read(traces.Recording(**other))
    assert message in str(caught.value)


RUN: dict[str, Any] = {"ph": "X", "cat": "run", "name": "running", "pid": 1, "tid": 1, "ts": 0, "dur": 1}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ph": 7}, '"ph": 7, want a text such as "X"'),
        ({"pid": "1"}, '"pid": "1", want an int'),
        ({"tid": None}, '"tid": null, want an int'),
        ({"tid": True}, '"tid": true, want an int'),
        ({"ts": -1}, '"ts": -1, want microseconds, 0 or more'),
        ({"ts": 9.2e15}, '"ts": 9200000000000000.0, want microseconds'),
        ({"ts": "0"}, '"ts": "0", want microseconds'),
        ({"ts": float("nan")}, '"ts": NaN, want microseconds'),
        ({"dur": float("inf")}, '"dur": Infinity, want microseconds'),
        ({"dur": 10**400}, '"dur": 1000'),
        ({"dur": None}, '"dur": null'),
        ({"name": 7}, '"name": 7, want a text'),
        ({"cat": []}, '"cat": [], want a text'),
        ({"args": 3}, '"args": 3, want an object'),
        ({"args": {"by": "main"}}, '"by": "main", want the number of a goroutine'),
        ({"args": {"at": 3}}, '"at": 3, want a text'),
        ({"args": {"object": ["a"]}}, '"object": ["a"], want a text'),
        ({"args": {"objects": "ab"}}, '"objects": "ab", want a list of texts'),
        ({"args": {"ids": [1]}}, '"ids": [1], want a list of texts'),
    ],
)
def test_events_that_are_wrong(change: dict[str, Any], message: str) -> None:
    run = traces.Recording()
    run.events.append({**RUN, **change})
    with pytest.raises(TraceError) as caught:
        parse(run.data(), "run.json")
    assert str(caught.value).startswith("run.json: not a trace: event 1 has ")
    assert message in str(caught.value)


def test_an_event_that_is_none() -> None:
    run = traces.Recording()
    run.events.append(["X"] * 30)  # type: ignore[arg-type]
    with pytest.raises(TraceError, match=r'event 1 is \["X", .*\.\.\., want an object'):
        traces.read(run)
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    run.events[1] = deep
    with pytest.raises(TraceError, match=r"event 1 is .*, want an object"):
        traces.read(run)


# --- parts and texts ---


def test_a_part_is_cut_out() -> None:
    [program] = traces.read(traces.workers()).programs
    part = clip(program, 350_000, 450_000)
    spans = {
        gp.name: [(s.kind, s.start, s.end, s.cut, s.open) for s in gp.spans]
        for gp in part.goroutines.values()
    }
    assert spans == {
        "main 1": [("wait", 350_000, 450_000, True, True)],
        "worker 2": [
            ("wait", 350_000, 400_000, True, False),
            ("runnable", 400_000, 400_000, False, False),
            ("run", 400_000, 450_000, False, True),
        ],
        "main.<locals>.late 3": [("wait", 350_000, 450_000, False, True)],
    }
    assert part.wakes == []
    assert [instant.name for instant in part.instants] == ["timer fired"]
    assert part.scheduler == []
    assert program.goroutines[1].spans[1].end == 690_000  # the whole is as it was


def test_goroutines_that_do_nothing_in_a_part_are_left_out() -> None:
    [program] = traces.read(traces.workers()).programs
    assert list(clip(program, 960_000, 990_000).goroutines) == [1]
    assert clip(program, 2_000_000, 3_000_000).goroutines == {}
    assert [wake.kind for wake in clip(program, 0, 65_000).wakes] == ["go", "go"]


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0"),
        (1, "1 ns"),
        (999, "999 ns"),
        (1_000, "1.00 µs"),
        (9_994, "9.99 µs"),
        (9_996, "10.0 µs"),
        (99_960, "100 µs"),
        (999_499, "999 µs"),
        (999_600, "1.00 ms"),
        (1_234_000_000, "1.23 s"),
        (59_940_000_000, "59.9 s"),
        (59_960_000_000, "1m0s"),
        (3_600_000_000_000, "1h0m0s"),
        (90_061_000_000_000, "25h1m1s"),
        (-1_500, "-1.50 µs"),
    ],
)
def test_durations(ns: int, text: str) -> None:
    assert duration(ns) == text


def test_names_are_shown_on_one_line() -> None:
    assert short("main.<locals>.f.<locals>.<lambda> 7") == "main.f.<lambda> 7"
    assert printable("a\nb\x1b[31m\u202eü\u2028") == r"a\nb\x1b[31m\u202eü\u2028"
    assert printable("\ud800") == r"\ud800"
