"""Recorded runs for the tests of what reads them, made event by event, in the format of `gochan.trace`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gochan.trace.model import Trace, parse


class Recording:
    """The events of a run; all times are microseconds."""

    def __init__(self, program: str = "prog.py", **other: Any) -> None:
        self.events: list[dict[str, Any]] = []
        self.other: dict[str, Any] = {
            "gochan": "0.1.0",
            "format": 1,
            "clock": "monotonic",
            "program": program,
            "started": "2026-05-01T12:00:00+00:00",
            "end": "done",
            "lost": 0,
            **other,
        }
        self.flows = 0
        self.process(program)

    def process(self, name: str, pid: int = 1, labels: str = "") -> None:
        self.add("M", 0, pid, name="process_name", args={"name": name})
        if labels:
            self.add("M", 0, pid, name="process_labels", args={"labels": labels})

    def lane(self, tid: int, name: str, pid: int = 1) -> None:
        self.add("M", tid, pid, name="thread_name", args={"name": name})
        self.add("M", tid, pid, name="thread_sort_index", args={"sort_index": tid})

    def add(self, phase: str, tid: int, pid: int = 1, **more: Any) -> None:
        self.events.append({"ph": phase, "pid": pid, "tid": tid, **more})

    def span(
        self, kind: str, name: str, tid: int, start: float, end: float, *, pid: int = 1, **args: Any
    ) -> None:
        self.add("X", tid, pid, cat=kind, name=name, ts=start, dur=end - start, args=args)

    def run(self, tid: int, start: float, end: float, **args: Any) -> None:
        self.span("run", "running", tid, start, end, **args)

    def runnable(self, tid: int, start: float, end: float, **args: Any) -> None:
        self.span("runnable", "runnable", tid, start, end, **args)

    def wait(self, tid: int, reason: str, start: float, end: float, **args: Any) -> None:
        self.span("wait", reason, tid, start, end, **args)

    def instant(self, kind: str, name: str, tid: int, time: float, *, pid: int = 1, **args: Any) -> None:
        self.add("i", tid, pid, s="t", cat=kind, name=name, ts=time, args=args)

    def wake(
        self, source: int, time: float, target: int, arrival: float, *, kind: str = "wake", pid: int = 1
    ) -> None:
        self.flows += 1
        same: dict[str, Any] = {"cat": kind, "name": kind, "id": self.flows}
        self.add("s", source, pid, ts=time, **same)
        self.add("f", target, pid, ts=arrival, bp="e", **same)

    def data(self) -> dict[str, Any]:
        return {"traceEvents": self.events, "displayTimeUnit": "ns", "otherData": self.other}

    def write(self, path: Path) -> Path:
        path.write_text(json.dumps(self.data()), encoding="utf-8")
        return path


def workers() -> Recording:
    """Return a run of 1 ms: main starts two workers and receives their results.

    main runs for 200 us, waits 590 for the first result and 190 for the second; worker 2 runs for 500 and
    sleeps for 100, worker 3 runs for 250 and waits 370 for a mutex.
    """
    run = Recording("workers.py")
    run.lane(0, "scheduler")
    run.lane(1, "main 1")
    run.lane(2, "worker 2")
    run.lane(3, "main.<locals>.late 3")
    main, worker = {"in": "main"}, {"in": "worker"}
    results = {"object": "chan results", "id": "c2", "at": "workers.py:27", **main}

    run.run(1, 0, 100, at="workers.py:20", to="workers.py:27", **main)
    run.wait(1, "chan receive", 100, 690, by=2, **results)
    run.runnable(1, 690, 700, by=2)
    run.run(1, 700, 750, at="workers.py:27", to="workers.py:27", **main)
    run.wait(1, "chan receive", 750, 940, by=3, **results)
    run.runnable(1, 940, 950, by=3)
    run.run(1, 950, 1000, at="workers.py:27", **main)
    run.instant("go", "end", 1, 1000)

    run.wake(1, 40, 2, 100, kind="go")
    run.runnable(2, 40, 100, by=1)
    run.run(2, 100, 300, at="workers.py:8", to="workers.py:10", **worker)
    run.wait(2, "sleep", 300, 400, at="workers.py:10", **worker)
    run.instant("timer", "timer fired", 0, 400)
    run.runnable(2, 400, 400)
    run.run(2, 400, 700, at="workers.py:10", **worker)
    run.instant("chan", "send", 2, 690, object="chan results", id="c2", at="workers.py:12")
    run.wake(2, 690, 1, 700)
    run.instant("go", "end", 2, 700)

    run.wake(1, 60, 3, 300, kind="go")
    run.runnable(3, 60, 300, by=1)
    run.run(3, 300, 350, at="workers.py:8", to="workers.py:11", **worker)
    run.wait(3, "sync.Mutex.Lock", 350, 720, object="Mutex #1", id="m1", at="workers.py:11", by=1, **worker)
    run.wake(1, 720, 3, 750)
    run.runnable(3, 720, 750, by=1)
    run.run(3, 750, 950, at="workers.py:11", **worker)
    run.instant("chan", "send", 3, 940, object="chan results", id="c2", at="workers.py:12")
    run.wake(3, 940, 1, 950)
    run.instant("go", "end", 3, 950)
    run.span("region", "digest", 3, 800, 900)
    run.span("gc", "collection (generation 2)", 0, 120, 140)
    return run


def crowd(n: int) -> Recording:
    """Return a run of main and n workers, one after another; each waits for 5 us, but the last for 50."""
    run = Recording("crowd.py")
    run.lane(1, "main 1")
    run.run(1, 0, 10)
    run.wait(1, "sync.WaitGroup.Wait", 10, 10 * n + 100, object="WaitGroup #1", at="crowd.py:9")
    run.run(1, 10 * n + 100, 10 * n + 101)
    for i in range(n):
        tid, start = i + 2, 10 + 10 * i
        wait = 50 if i == n - 1 else 5
        run.lane(tid, f"worker {tid}")
        run.wait(tid, "chan receive", start, start + wait, object="chan jobs", at="crowd.py:4")
        run.run(tid, start + wait, start + wait + 5)
    return run


def read(recording: Recording) -> Trace:
    return parse(recording.data())
