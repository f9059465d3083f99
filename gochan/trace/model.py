"""A recorded run as data: reads the file that `trace.start` writes, and checks it.

`load` returns a `Trace`. It has a `Program` for each call of `run` and each bubble of synctest, and each of
those has its goroutines with what they did. All times are integers, in nanoseconds since the recording began.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from gochan.time import nanoseconds

FORMAT = 1  # the newest otherData.format that can be read
SCHEDULER = 0  # the lane for everything that is not a goroutine: collections, the event loop, idle time
FIRST_THREAD = 1_000_000  # the number of the first thread's lane
LONGEST = 9.2e15  # microseconds, 291 years: the sum of two such times fits into 64 bits of nanoseconds
SPANS = {"run", "runnable", "wait", "region"}
SCHEDULING = {"loop", "gc", "idle"}


class TraceError(Exception):
    """A file can't be read as a trace."""


class Span(NamedTuple):
    """What a goroutine did from `start` to `end`."""

    kind: str  # "run", "runnable", "wait", "region"; in the scheduler's lane "loop", "gc", "idle"
    name: str  # the reason of a wait, such as "chan receive"
    start: int
    end: int
    at: str = ""  # the place in the source: "prog.py:17"
    function: str = ""
    to: str = ""  # of a run: where it parked
    by: int | None = None  # the goroutine that ended the wait, or made this one runnable
    objects: tuple[str, ...] = ()  # what a wait is for: "chan jobs"
    ids: tuple[str, ...] = ()
    open: bool = False  # the recording stopped, or the program ended, before the span did
    cut: bool = False  # the span began before the recording did
    order: int = 0  # the index in the file
    value: str = ""  # what the wait sent or received, if values were recorded

    @property
    def length(self) -> int:
        """The span's duration in nanoseconds."""
        return self.end - self.start

    @property
    def object(self) -> str:
        """The objects that a wait is for, as one text: "chan a, chan b" for a select."""
        return ", ".join(self.objects)


class Instant(NamedTuple):
    """Something that a goroutine did at one moment: a send, a log message, its end."""

    kind: str  # "chan", "timer", "go", "panic", "log"
    name: str
    time: int
    object: str = ""
    at: str = ""
    message: str = ""
    value: str = ""  # what was sent or received, if values were recorded


class Wake(NamedTuple):
    """A goroutine made another one runnable, or started it."""

    kind: str  # "wake" or "go"
    source: int
    time: int
    target: int
    arrival: int  # when the target runs
    source_pid: int


class Task(NamedTuple):
    """A task of `trace.new_task`, which may begin and end in different goroutines.

    A task that was not ended lasts until the end of its program.
    """

    name: str
    start: int
    end: int
    goroutine: int


@dataclass(slots=True)
class Goroutine:
    """A lane: a goroutine, or a thread that uses channels."""

    number: int
    name: str  # "worker 7"
    function: str  # "worker"
    spans: list[Span] = field(default_factory=list)  # runs, runnable times and waits, by start
    regions: list[Span] = field(default_factory=list)
    instants: list[Instant] = field(default_factory=list)
    parent: int | None = None  # the goroutine that started it, if that was recorded

    @property
    def is_thread(self) -> bool:
        """Whether the lane is a thread's."""
        return self.number >= FIRST_THREAD

    @property
    def start(self) -> int:
        """When the goroutine is first seen."""
        return min((event.start for event in self.spans), default=0)

    @property
    def end(self) -> int:
        """When the goroutine is last seen."""
        return max((event.end for event in self.spans), default=0)

    @property
    def ended(self) -> bool:
        """Whether the goroutine's end was recorded."""
        return any(instant.kind == "go" and instant.name == "end" for instant in self.instants)

    def total(self, kind: str) -> int:
        """Return the time spent in spans of a kind: "run", "runnable" or "wait"."""
        return sum(span.length for span in self.spans if span.kind == kind)

    def waiting(self) -> dict[str, int]:
        """Return the time spent waiting for each reason, the longest first."""
        reasons: defaultdict[str, int] = defaultdict(int)
        for span in self.spans:
            if span.kind == "wait":
                reasons[span.name] += span.length
        return dict(sorted(reasons.items(), key=lambda item: -item[1]))

    def longest_wait(self) -> Span | None:
        """Return the longest wait, the first of several; None if there is none."""
        waits = (span for span in self.spans if span.kind == "wait")
        return max(waits, key=lambda span: span.length, default=None)


@dataclass(slots=True)
class Program:
    """What one call of `run`, or one bubble of synctest, did."""

    pid: int
    name: str
    virtual: bool  # its clock is that of a bubble
    goroutines: dict[int, Goroutine] = field(default_factory=dict)  # by number
    wakes: list[Wake] = field(default_factory=list)  # by time; the targets are goroutines of this program
    scheduler: list[Span] = field(default_factory=list)  # collections, the event loop, idle time
    instants: list[Instant] = field(default_factory=list)  # events of the scheduler, such as timers
    tasks: list[Task] = field(default_factory=list)

    @property
    def start(self) -> int:
        """When the first goroutine is first seen."""
        return min((gp.start for gp in self.goroutines.values() if gp.spans), default=0)

    @property
    def end(self) -> int:
        """When the last goroutine is last seen."""
        return max((gp.end for gp in self.goroutines.values()), default=0)

    def label(self, number: int | None) -> str:
        """Return a goroutine's name by its number; "" if there is no goroutine, as with a timer."""
        if number is None or number == SCHEDULER:
            return ""
        found = self.goroutines.get(number)
        return found.name if found else f"goroutine {number}"


@dataclass(slots=True)
class Trace:
    """A recorded run."""

    programs: list[Program]  # by pid; those without a goroutine are left out
    version: str = ""  # the version of gochan that recorded it
    program: str = ""  # the file that ran
    started: str = ""
    ending: str = ""  # "done", "deadlock", "panic: ...", "KeyboardInterrupt"
    lost: int = 0  # events that a ring dropped


def load(path: str | os.PathLike[str]) -> Trace:
    """Read a file that gochan recorded.

    Raises `TraceError`, whose text begins with the path, if it can't be read, or is not such a file.
    """
    name = os.fspath(path)
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise TraceError(f"{name}: no such file") from None
    except IsADirectoryError:
        raise TraceError(f"{name}: a folder; give the file that was recorded") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise TraceError(f"{name}: {getattr(error, 'strerror', None) or error}") from None
    return parse(_decode(data, name), name)


def _decode(data: bytes, name: str) -> object:
    if not data.strip():
        raise TraceError(
            f"{name}: the file is empty: the recording has not stopped yet, or the program was killed before "
            "it could write it, as by SIGKILL, SIGTERM or os._exit"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        hint = "; it is compressed: gunzip it first" if data[:2] == b"\x1f\x8b" else ""
        raise TraceError(f"{name}: not a trace: it has binary data{hint}") from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        body = text.strip()
        if body[0] == "{" and (body[-1] != "}" or error.pos >= len(text.rstrip())):
            raise TraceError(
                f"{name}: the file ends in the middle, after {len(data):,} bytes: the program was killed "
                "while it wrote, or the recording has not stopped yet"
            ) from None
        raise TraceError(
            f"{name}: not a trace: line {error.lineno}, column {error.colno} is not JSON ({error.msg})"
        ) from None
    except ValueError as error:  # an int of more digits than Python reads
        raise TraceError(f"{name}: not a trace: {error}") from None
    except RecursionError:
        raise TraceError(f"{name}: not a trace: its JSON is nested too deeply") from None


def parse(data: object, name: str = "trace") -> Trace:
    """Make a Trace of the decoded JSON of one; `name` is what errors begin with.

    Raises `TraceError` if it is not gochan's, or an event is malformed.
    """
    events = data.get("traceEvents") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(events, list):
        raise TraceError(f'{name}: not a trace: want a JSON object with a list "traceEvents"')
    other = data.get("otherData")
    if not isinstance(other, dict) or "gochan" not in other:
        raise TraceError(
            f"{name}: a trace, but not one of gochan's; Perfetto (ui.perfetto.dev) opens all kinds"
        )
    number = other.get("format")
    if type(number) is not int or number < 1:
        raise TraceError(f"{name}: otherData.format is {number!r}, want a number from 1 to {FORMAT}")
    if number > FORMAT:
        raise TraceError(
            f"{name}: written in format {number} by gochan {other['gochan']}; this gochan reads formats up "
            f"to {FORMAT}: update it"
        )
    lost = other.get("lost", 0)
    if type(lost) is not int or lost < 0:
        raise TraceError(f"{name}: otherData.lost is {lost!r}, want the number of events that were dropped")
    reader = _Reader(name, virtual=other.get("clock") == "virtual")
    for index, event in enumerate(events):
        reader.read(index, event)
    return Trace(
        reader.programs(),
        version=str(other["gochan"]),
        program=str(other.get("program") or ""),
        started=str(other.get("started") or ""),
        ending=str(other.get("end") or ""),
        lost=lost,
    )


class _Lane:
    """The events of one lane, before they are sorted."""

    __slots__ = ("instants", "name", "spans")

    def __init__(self) -> None:
        self.name = ""
        self.spans: list[Span] = []
        self.instants: list[Instant] = []


class _Process:
    """The events of one pid."""

    __slots__ = ("labels", "lanes", "name", "tasks", "wakes")

    def __init__(self) -> None:
        self.name = ""
        self.labels = ""
        self.lanes: defaultdict[int, _Lane] = defaultdict(_Lane)
        self.wakes: list[Wake] = []
        self.tasks: list[Task] = []


class _Reader:
    """Takes the events of a file one by one."""

    def __init__(self, name: str, *, virtual: bool) -> None:
        self.name = name
        self.virtual = virtual
        self.index = 0
        self.processes: defaultdict[int, _Process] = defaultdict(_Process)
        self.flows: dict[tuple[str, str], tuple[int, int, int]] = {}  # (cat, id) -> pid, tid, time of the "s"
        self.begun: dict[
            tuple[int, str], tuple[str, int, int]
        ] = {}  # (pid, id) -> name, time, tid of the "b"

    def read(self, index: int, event: object) -> None:
        self.index = index
        if not isinstance(event, dict):
            raise self.error(f"is {_shorten(event)}, want an object")
        phase = event.get("ph")
        if not isinstance(phase, str):
            raise self.error(f'has "ph": {_shorten(phase)}, want a text such as "X"')
        if phase not in ("X", "M", "s", "f", "i", "b", "e"):
            return  # other programs may add events of their own, such as counters
        pid = self.number(event, "pid")
        tid = self.number(event, "tid", 0 if phase == "M" else None)
        args = event.get("args", {})
        if not isinstance(args, dict):
            raise self.error(f'has "args": {_shorten(args)}, want an object')
        process = self.processes[pid]
        name = self.text(event, "name")
        if phase == "M":
            self.metadata(process, tid, name, args)
            return
        time = self.time(event, "ts")
        kind = self.text(event, "cat")
        if phase == "X":
            length = self.time(event, "dur")
            if kind in SPANS or (kind in SCHEDULING and tid == SCHEDULER):
                process.lanes[tid].spans.append(self.span(kind, name, time, length, args))
        elif phase == "i":
            process.lanes[tid].instants.append(
                Instant(
                    kind,
                    name,
                    time,
                    self.text(args, "object"),
                    self.text(args, "at"),
                    self.text(args, "message"),
                    self.text(args, "value"),
                )
            )
        elif phase in ("s", "f"):
            self.flow(phase, (kind, str(event.get("id"))), pid, tid, time)
        else:
            self.task(phase, (pid, str(event.get("id"))), tid, name, time)

    def span(self, kind: str, name: str, start: int, length: int, args: dict[str, Any]) -> Span:
        by = args.get("by")
        if by is not None and type(by) is not int:
            raise self.error(f'has "by": {_shorten(by)}, want the number of a goroutine')
        return Span(
            kind,
            name,
            start,
            start + length,
            self.text(args, "at"),
            self.text(args, "in"),
            self.text(args, "to"),
            by,
            self.texts(args, "object"),
            self.texts(args, "id"),
            bool(args.get("open")),
            bool(args.get("cut")),
            self.index,
            self.text(args, "value"),
        )

    def metadata(self, process: _Process, tid: int, name: str, args: dict[str, Any]) -> None:
        if name == "process_name":
            process.name = self.text(args, "name")
        elif name == "process_labels":
            process.labels = self.text(args, "labels")
        elif name == "thread_name":
            process.lanes[tid].name = self.text(args, "name")

    def flow(self, phase: str, key: tuple[str, str], pid: int, tid: int, time: int) -> None:
        if phase == "s":
            self.flows[key] = (pid, tid, time)
        elif key in self.flows:  # otherwise the ring has dropped its beginning
            source_pid, source, start = self.flows.pop(key)
            self.processes[pid].wakes.append(Wake(key[0], source, start, tid, time, source_pid))

    def task(self, phase: str, key: tuple[int, str], tid: int, name: str, time: int) -> None:
        if phase == "b":
            self.begun[key] = (name, time, tid)
        elif key in self.begun:
            begun, start, owner = self.begun.pop(key)
            self.processes[key[0]].tasks.append(Task(begun, start, time, owner))

    def programs(self) -> list[Program]:
        """Return the programs that have goroutines, each with its events sorted."""
        return [
            program
            for pid, process in sorted(self.processes.items())
            if (program := self.program(pid, process)).goroutines
        ]

    def program(self, pid: int, process: _Process) -> Program:
        program = Program(pid, process.name or "program", self.is_virtual(process), tasks=process.tasks)
        for number, lane in sorted(process.lanes.items()):
            lane.spans.sort(key=_by_start)
            lane.instants.sort(key=lambda instant: instant.time)
            if number == SCHEDULER:
                program.scheduler = lane.spans
                program.instants = lane.instants
            elif lane.spans or lane.instants:
                program.goroutines[number] = _goroutine(number, lane)
        program.wakes = sorted(process.wakes, key=lambda wake: wake.time)
        for wake in program.wakes:
            target = program.goroutines.get(wake.target)
            if wake.kind == "go" and target is not None and wake.source != SCHEDULER:
                target.parent = wake.source
        end = program.end
        for (pid_of_task, _), (task, start, owner) in self.begun.items():
            if pid_of_task == pid:  # nothing ended it
                program.tasks.append(Task(task, start, max(start, end), owner))
        program.tasks.sort(key=lambda task: task.start)
        return program

    def is_virtual(self, process: _Process) -> bool:
        """Return whether the clock is virtual: only those of bubbles are, if there are bubbles."""
        if any("virtual" in other.labels for other in self.processes.values()):
            return "virtual" in process.labels
        return self.virtual

    def error(self, text: str) -> TraceError:
        return TraceError(f"{self.name}: not a trace: event {self.index} {text}")

    def number(self, event: dict[str, Any], key: str, default: int | None = None) -> int:
        value = event.get(key, default)
        if type(value) is not int:
            raise self.error(f'has "{key}": {_shorten(value)}, want an int')
        return value

    def time(self, event: dict[str, Any], key: str) -> int:
        """Return a time of the file, in microseconds, in nanoseconds."""
        value = event.get(key)
        if (type(value) is int or type(value) is float) and 0 <= value < LONGEST:
            whole = int(value)  # the parts separately, because the product of a large float is not exact
            return whole * 1000 + round((value - whole) * 1000)
        raise self.error(f'has "{key}": {_shorten(value)}, want microseconds, 0 or more')

    def text(self, table: dict[str, Any], key: str) -> str:
        value = table.get(key, "")
        if type(value) is not str:
            raise self.error(f'has "{key}": {_shorten(value)}, want a text')
        return value

    def texts(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        """Return the values of "object", a single one, or of "objects", several."""
        values = table.get(f"{key}s")
        if values is None:
            single = self.text(table, key)
            return (single,) if single else ()
        if not isinstance(values, list) or not all(type(value) is str for value in values):
            raise self.error(f'has "{key}s": {_shorten(values)}, want a list of texts')
        return tuple(values)


def _by_start(span: Span) -> tuple[int, int, int]:
    # The longer of two regions that begin together is the outer one.
    return (span.start, -span.end if span.kind == "region" else span.end, span.order)


def _goroutine(number: int, lane: _Lane) -> Goroutine:
    default = "thread" if number >= FIRST_THREAD else "goroutine"
    name = lane.name or f"{default} {number}"
    if lane.spans and (last := lane.spans[-1]).kind == "wait":
        # A goroutine runs after a wait; this one waited until its program ended.
        lane.spans[-1] = last._replace(open=True)
    return Goroutine(
        number,
        name,
        name.removesuffix(f" {number}"),
        [span for span in lane.spans if span.kind != "region"],
        [span for span in lane.spans if span.kind == "region"],
        lane.instants,
    )


def _shorten(value: object) -> str:
    """Return a value of a file for a message."""
    try:
        text = json.dumps(value)
    except RecursionError:
        return "..."
    return text if len(text) <= 40 else f"{text[:37]}..."


def clip(program: Program, start: int, end: int) -> Program:
    """Return the part of a program from start to end, in nanoseconds.

    Spans that cross start or end are cut there; goroutines without any span in between are left out.
    """

    def cut(spans: Iterable[Span]) -> Iterator[Span]:
        for span in spans:
            inside = span.start < end and span.end > start
            if inside or (span.start == span.end and start <= span.start <= end):
                yield span._replace(
                    start=max(span.start, start),
                    end=min(span.end, end),
                    cut=span.cut or span.start < start,
                    open=span.open or span.end > end,
                )

    part = Program(
        program.pid,
        program.name,
        program.virtual,
        scheduler=list(cut(program.scheduler)),
        instants=[instant for instant in program.instants if start <= instant.time <= end],
        tasks=program.tasks,
    )
    for number, gp in program.goroutines.items():
        clipped = Goroutine(
            number,
            gp.name,
            gp.function,
            list(cut(gp.spans)),
            list(cut(gp.regions)),
            [instant for instant in gp.instants if start <= instant.time <= end],
            gp.parent,
        )
        if clipped.spans or clipped.instants:
            part.goroutines[number] = clipped
    part.wakes = [wake for wake in program.wakes if wake.time <= end and wake.arrival >= start]
    return part


def duration(ns: int) -> str:
    """Return a duration in nanoseconds as text: three digits and a unit, or as Go has it from a minute on.

    >>> [duration(ns) for ns in (0, 850, 12_340, 1_500_000_000, 65_000_000_000)]
    ['0', '850 ns', '12.3 µs', '1.50 s', '1m5s']
    """
    if ns < 0:
        return f"-{duration(-ns)}"
    if ns == 0:
        return "0"
    if ns < 1000:
        return f"{ns} ns"
    for unit, size in (("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)):
        value = ns / size
        if value < 9.995:
            return f"{value:.2f} {unit}"
        if value < (59.95 if unit == "s" else 99.95):
            return f"{value:.1f} {unit}"
        if value < 999.5 and unit != "s":
            return f"{value:.0f} {unit}"
    minutes, seconds = divmod(round(ns / 1_000_000_000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes}m{seconds}s" if hours else f"{minutes}m{seconds}s"


def parse_duration(text: str) -> int:
    """Return the nanoseconds of a duration as Go writes it: 10ms, 1.5s, 1m30s.

    Raises `ValueError` if it is not one, is negative or is too long for a recording.

    >>> parse_duration("1.5us")
    1500
    """
    ns = nanoseconds(text)
    if not 0 <= ns < LONGEST * 1000:
        raise ValueError(f"{text!r} is negative or too long")
    return ns


def short(function: str) -> str:
    """Return a function's qualified name as it is shown: without the `<locals>` between the functions.

    >>> short("main.<locals>.worker 7")
    'main.worker 7'
    """
    return function.replace(".<locals>", "")


_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def printable(text: str) -> str:
    """Return a text on one line; escape the characters that control a terminal or the direction of text."""
    return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text)
