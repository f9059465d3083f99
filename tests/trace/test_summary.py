"""The table of a run in the terminal."""

from __future__ import annotations

import unicodedata

import pytest
import traces

from gochan.trace.summary import summary


def columns(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in line)


def test_a_run() -> None:
    assert summary(traces.read(traces.workers()), 90) == (
        "workers.py: 3 goroutines, 1.00 ms\n"
        "\n"
        "goroutine    running  runnable  waiting  chan receive  sync.Mutex.Lock   sleep\n"
        "main 1        200 µs   20.0 µs   780 µs        780 µs                -       -\n"
        "worker 2      500 µs   60.0 µs   100 µs             -                -  100 µs\n"
        "main.late 3   250 µs    270 µs   370 µs             -           370 µs       -\n"
        "\n"
        "longest wait  goroutine    reason           object        place          ended by\n"
        "      590 µs  main 1       chan receive     chan results  workers.py:27  worker 2\n"
        "      370 µs  main.late 3  sync.Mutex.Lock  Mutex #1      workers.py:11  main 1\n"
        "      100 µs  worker 2     sleep                          workers.py:10\n"
        "\n"
        "region  count   total  longest\n"
        "digest      1  100 µs   100 µs\n"
        "\n"
        "collections: 20.0 µs (1 time)"
    )


def test_reasons_without_room_are_other() -> None:
    lines = summary(traces.read(traces.workers()), 64).split("\n")
    assert lines[2:6] == [
        "goroutine    running  runnable  waiting  chan receive   other",
        "main 1        200 µs   20.0 µs   780 µs        780 µs       -",
        "worker 2      500 µs   60.0 µs   100 µs             -  100 µs",
        "main.late 3   250 µs    270 µs   370 µs             -  370 µs",
    ]


def test_a_narrow_terminal() -> None:
    assert summary(traces.read(traces.workers()), 44) == (
        "workers.py: 3 goroutines, 1.00 ms\n"
        "\n"
        "goroutine    running  runnable  waiting\n"
        "main 1        200 µs   20.0 µs   780 µs\n"
        "worker 2      500 µs   60.0 µs   100 µs\n"
        "main.late 3   250 µs    270 µs   370 µs\n"
        "\n"
        "goroutine    reason           waiting\n"
        "main 1       chan receive      780 µs\n"
        "worker 2     sleep             100 µs\n"
        "main.late 3  sync.Mutex.Lock   370 µs\n"
        "\n"
        "longest wait\n"
        "  590 µs  main 1: chan receive, chan\n"
        "          results, at workers.py:27, ended\n"
        "          by worker 2\n"
        "  370 µs  main.late 3: sync.Mutex.Lock,\n"
        "          Mutex #1, at workers.py:11, ended\n"
        "          by main 1\n"
        "  100 µs  worker 2: sleep, at workers.py:10\n"
        "\n"
        "region  count   total  longest\n"
        "digest      1  100 µs   100 µs\n"
        "\n"
        "collections: 20.0 µs (1 time)"
    )


def test_many_goroutines_are_grouped_by_function() -> None:
    text = summary(traces.read(traces.crowd(100)), 90)
    assert text == (
        "crowd.py: 101 goroutines, 1.10 ms\n"
        "\n"
        "function  count  running  runnable  waiting  sync.WaitGroup.Wait  chan receive\n"
        "main          1  11.0 µs         -  1.09 ms              1.09 ms             -\n"
        "worker      100   500 µs         -   545 µs                    -        545 µs\n"
        "\n"
        "longest wait  goroutine   reason               object        place\n"
        "     1.09 ms  main 1      sync.WaitGroup.Wait  WaitGroup #1  crowd.py:9\n"
        "     50.0 µs  worker 101  chan receive         chan jobs     crowd.py:4"
    )
    each = summary(traces.read(traces.crowd(100)), 90, each=True).split("\n")
    assert sum(line.startswith("worker ") for line in each) == 100


def test_twenty_goroutines_are_not_many() -> None:
    assert "worker 20 " in summary(traces.read(traces.crowd(19)))
    assert "worker 21 " not in summary(traces.read(traces.crowd(20))).split("longest wait")[0]


def test_functions_that_take_least_time_are_left_out() -> None:
    run = traces.Recording()
    for i in range(1, 61):
        run.lane(i, f"f{i} {i}")
        run.run(i, 0, i)
        run.span("region", f"r{i}", i, 0, i)
    lines = summary(traces.read(run)).split("\n")
    assert lines[3].startswith("f21 ")
    assert "and 20 other functions of less time" in lines
    assert "and 20 other regions" in lines


def test_a_deadlock() -> None:
    run = traces.Recording(end="deadlock")
    run.run(1, 0, 10)
    run.wait(1, "chan receive", 10, 3_000_000, object="chan int #1", at="prog.py:3")
    text = summary(traces.read(run))
    assert text.startswith("prog.py: 1 goroutine, 3.00 s; it ended with: deadlock\n")
    assert "3.00 s  goroutine 1  chan receive  chan int #1  prog.py:3  (not ended)\n" in text + "\n"
    assert summary(traces.read(run), 40).endswith("chan int #1, at prog.py:3, not\n          ended")


def test_a_ring_that_dropped_events() -> None:
    run = traces.workers()
    run.other["lost"] = 12345
    assert summary(traces.read(run)).startswith("The ring of fixed size dropped the oldest 12,345 events")


def test_several_programs_threads_and_tasks() -> None:
    run = traces.Recording(clock="virtual", end="KeyboardInterrupt")
    run.process("synctest", 2, "virtual")
    run.run(1, 0, 10)
    run.lane(1_000_001, "thread Pool")
    run.run(1_000_001, 0, 10)
    run.run(1, 0, 7_200_000_000, pid=2)
    run.add("b", 1, cat="task", name="order", id="1", ts=0)
    run.add("e", 1, cat="task", name="order", id="1", ts=4)
    run.span("idle", "idle", 0, 10, 20)
    run.span("loop", "event loop", 0, 20, 21)
    run.span("loop", "event loop", 0, 22, 23)
    first, second = summary(traces.read(run)).split("\n\nsynctest: ")
    assert first.startswith("prog.py: 1 goroutine and 1 thread, 10.0 µs\n")
    assert "task   count    total  longest\norder      1  4.00 µs  4.00 µs\n" in first
    assert first.endswith("event loop: 2.00 µs (2 times), idle: 10.0 µs (1 time)")
    assert second.startswith("1 goroutine, 2h0m0s of virtual time; it ended with: KeyboardInterrupt\n")


def test_nothing_was_recorded() -> None:
    assert summary(traces.read(traces.Recording())) == "prog.py ran no goroutine while it was recorded."
    crashed = traces.Recording("", end="ValueError: no")
    assert summary(traces.read(crashed), 100) == (
        "The program ran no goroutine while it was recorded; it ended with: ValueError: no."
    )


@pytest.mark.parametrize("width", [40, 41, 60, 80, 133, 1000])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """Whatever the names are."""
    run = traces.Recording("x" * 300 + ".py", lost=7)
    name = "模块.処理する" * 20
    for i in range(1, 15):
        run.lane(i, f"{name}{i} {i}")
        run.wait(
            i, f"a reason of its own {i}", 0, i, object="chan " + "日本" * i, at=f"{'d/' * 40}p.py:{i}", by=1
        )
        run.run(i, i, i + 1)
        run.span("region", name, i, 0, 1)
    lines = summary(traces.read(run), width).split("\n")
    assert max(map(columns, lines)) <= width
    assert any("..." in line for line in lines) == (width < 1000)


def test_a_name_of_a_megabyte() -> None:
    run = traces.Recording()
    run.lane(1, "f" * 1_000_000 + " 1")
    run.wait(1, "select", 0, 5, objects=["chan x"] * 100_000)
    run.run(1, 5, 6)
    assert max(map(len, summary(traces.read(run)).split("\n"))) <= 80


def test_names_do_not_control_the_terminal() -> None:
    run = traces.Recording("\x1b]0;title\x07.py", end="panic: \x1b[2J\nboom")
    run.lane(1, "f\x1b[31m\n 1")
    run.wait(1, "chan\treceive", 0, 5, object="\x9b5n", at="p\r.py:1")
    run.run(1, 5, 6)
    run.span("region", "\x08", 1, 5, 6)
    text = summary(traces.read(run), 200)
    assert all(char.isprintable() for char in text.replace("\n", ""))
    assert r"\x1b]0;title\x07.py: 1 goroutine" in text


@pytest.mark.parametrize("width", [0, -1, 2.5, None, True])
def test_a_width_that_is_none(width: object) -> None:
    with pytest.raises(ValueError, match=r"summary: width is .*; give a number of columns"):
        summary(traces.read(traces.workers()), width)  # type: ignore[arg-type]
    assert summary(traces.read(traces.workers()), 1) == summary(traces.read(traces.workers()), 40)
