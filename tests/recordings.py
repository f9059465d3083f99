"""Reads recordings of gochan.trace, and checks what holds for each of them."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

Event = dict[str, Any]

THREADS = 1_000_000

# Written from the published description of the Trace Event Format: which fields a phase has, and their types.
_COMMON = {
    "pid": {"type": "integer", "minimum": 1},
    "tid": {"type": "integer", "minimum": 0},
    "args": {"type": "object"},
}
_TIMED = {
    **_COMMON,
    "ts": {"type": "number", "minimum": 0},
    "name": {"type": "string"},
    "cat": {"type": "string"},
}


def _phase(phase: str, required: list[str], fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "properties": {"ph": {"const": phase}, **fields},
        "required": ["ph", "pid", "tid", *required],
        "additionalProperties": False,
    }


_ID = {"id": {"type": ["integer", "string"]}}
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["traceEvents"],
    "properties": {
        "traceEvents": {
            "type": "array",
            "items": {
                "type": "object",
                "oneOf": [
                    _phase(
                        "X", ["ts", "dur", "name", "cat"], {**_TIMED, "dur": {"type": "number", "minimum": 0}}
                    ),
                    _phase("i", ["ts", "name", "s"], {**_TIMED, "s": {"enum": ["g", "p", "t"]}}),
                    _phase("s", ["ts", "name", "cat", "id"], {**_TIMED, **_ID}),
                    _phase("f", ["ts", "name", "cat", "id"], {**_TIMED, **_ID, "bp": {"const": "e"}}),
                    _phase("b", ["ts", "name", "cat", "id"], {**_TIMED, **_ID}),
                    _phase("e", ["ts", "name", "cat", "id"], {**_TIMED, **_ID}),
                    _phase(
                        "M",
                        ["name", "args"],
                        {
                            **_COMMON,
                            "name": {
                                "enum": [
                                    "process_name",
                                    "process_labels",
                                    "process_sort_index",
                                    "thread_name",
                                    "thread_sort_index",
                                ]
                            },
                        },
                    ),
                ],
            },
        },
        "displayTimeUnit": {"enum": ["ms", "ns"]},
        "otherData": {"type": "object"},
    },
    "additionalProperties": False,
}


class Recording:
    """A recording that was read from a file, and that was checked."""

    def __init__(self, path: Path) -> None:
        self.data: dict[str, Any] = json.loads(path.read_text())
        self.other: dict[str, Any] = self.data["otherData"]
        self.events: list[Event] = self.data["traceEvents"]
        self.names = {
            (e["pid"], e["tid"]): e["args"]["name"] for e in self.events if e["name"] == "thread_name"
        }
        check(self)

    def of(self, cat: str, name: str | None = None, lane: str | None = None) -> list[Event]:
        """List the events of a category, of a name and of a lane whose name begins so."""
        return [
            e
            for e in self.events
            if e.get("cat") == cat
            and (name is None or e["name"] == name)
            and (lane is None or self.names[e["pid"], e["tid"]].startswith(lane))
        ]

    def lane(self, name: str) -> tuple[int, int]:
        """Return the pid and the tid of the only lane whose name begins so."""
        (found,) = [key for key, value in self.names.items() if value.startswith(name)]
        return found

    def story(self, name: str) -> list[str]:
        """List what a goroutine did, span by span: "running", "runnable", or a wait's reason."""
        key = self.lane(name)
        return [
            e["name"]
            for e in self.events
            if e["ph"] == "X" and (e["pid"], e["tid"]) == key and e["cat"] in ("run", "runnable", "wait")
        ]


def nanoseconds(microseconds: float) -> int:
    return round(microseconds * 1000)


def check(recording: Recording) -> None:
    """Check what holds for every recording."""
    lanes: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for e in recording.events:
        if e["ph"] != "M":
            assert (e["pid"], e["tid"]) in recording.names, e
            lanes[e["pid"], e["tid"]].append(e)
    for events in lanes.values():
        _check_lane(events)
    _check_flows(recording.events, lanes)
    assert set(recording.other) == {"gochan", "format", "clock", "program", "started", "end", "lost"}


def _check_lane(events: list[Event]) -> None:
    """The events are in the order of time; spans nest; each wait is followed by what ended it."""
    times = [nanoseconds(e["ts"]) for e in events]
    assert times == sorted(times), [
        e for e, t, s in zip(events, times, sorted(times), strict=True) if t != s
    ][:2]
    stack: list[tuple[int, Event]] = []
    before: Event | None = None
    for e in events:
        if e["ph"] != "X":
            continue
        start = nanoseconds(e["ts"])
        end = start + nanoseconds(e["dur"])
        while stack and stack[-1][0] <= start:
            stack.pop()
        if stack:
            assert end <= stack[-1][0], (stack[-1][1], e)
            # Only regions, and what the scheduler does, contain anything.
            assert stack[-1][1]["cat"] in ("region", "loop", "idle", "gc"), (stack[-1][1], e)
        stack.append((end, e))
        if e["cat"] in ("run", "wait", "runnable"):
            if before is not None:
                last = nanoseconds(before["ts"]) + nanoseconds(before["dur"])
                assert last == start or before["cat"] == "run" or before["tid"] > THREADS, (before, e)
                if before["cat"] == "wait":
                    assert e["cat"] in ("runnable", "run"), (before, e)
                    if e["cat"] == "runnable":
                        assert before["args"].get("by") == e["args"].get("by"), (before, e)
                if before["cat"] == "runnable":
                    assert e["cat"] == "run", (before, e)
                if before["cat"] == "run" and last == start:
                    assert e["cat"] != "run" or before["args"].get("to") == _quoted(e), (before, e)
            before = e


def _quoted(e: Event) -> Any:
    """The place where a run goes on that a region has cut."""
    return e["args"].get("at")


def _check_flows(events: list[Event], lanes: dict[tuple[int, int], list[Event]]) -> None:
    """Each flow has both ends, and each end is in a span of its lane."""
    starts = {e["id"]: e for e in events if e["ph"] == "s"}
    ends = {e["id"]: e for e in events if e["ph"] == "f"}
    assert starts.keys() == ends.keys()
    assert len(starts) == sum(e["ph"] == "s" for e in events)
    for number, start in starts.items():
        end = ends[number]
        assert start["cat"] == end["cat"] == start["name"] == end["name"]
        assert start["pid"] == end["pid"] and start["ts"] <= end["ts"]
        for e in (start, end):
            assert any(
                s["ph"] == "X" and s["ts"] <= e["ts"] <= s["ts"] + s["dur"] + 0.0005
                for s in lanes[e["pid"], e["tid"]]
            ), e
