"""Writes a recording in Chrome's Trace Event Format, event by event, so that long ones need no more memory.

A lane's spans do not overlap, so each is written when it ends, then what happened within it: within a lane
the events are in the order of their times.  A region contains the spans of its goroutine from its beginning
to its end; so that it nests with them, it cuts a run that continues over its beginning or end into two.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import CodeType
from typing import Any, Final

from .._engine import events as ev
from .._engine.elem import type_name
from .._engine.events import (
    ARG,
    BUBBLE,
    CODE,
    KIND,
    LASTI,
    NUMBER,
    OTHER,
    PROGRAM,
    TS,
    TYPE,
    WHAT,
    G,
)

Record = tuple[int, int, int, int, int, int, int, int, int, int, int, int, int, int]

_quote: Final = json.dumps

# The name of an object's kind.
_OBJECTS: Final = {
    ev.CHAN: "chan",
    ev.TIMER_CHAN: "timer",
    ev.MUTEX: "Mutex",
    ev.RWMUTEX: "RWMutex",
    ev.WAIT_GROUP: "WaitGroup",
    ev.COND: "Cond",
    ev.FILE: "fd",
}
_TIMERS: Final = ("sleep", "timeout", "channel", "after_func")
# How many lines are written at once.
_BATCH: Final = 4096


def microseconds(ns: int) -> str:
    """Format a time as the file has it: microseconds with three decimals."""
    return f"{ns // 1000}.{ns % 1000:03d}"


class _Process:
    """A program, or a bubble of one, with a clock of its own."""

    __slots__ = ("base", "is_virtual", "lanes", "last", "pid", "scheduler", "stack")

    def __init__(self, pid: int, base: int, is_virtual: bool) -> None:
        self.pid = pid
        self.base = base
        self.is_virtual = is_virtual
        self.last = base
        self.lanes: dict[int, _Lane] = {}
        # The spans of the scheduler's lane that have begun; and finished lines: (time, -duration, line).
        self.stack: list[tuple[int, str, str]] = []
        self.scheduler: list[tuple[int, int, str]] = []


class _Lane:
    """A goroutine or a thread."""

    __slots__ = (
        "at",
        "begin",
        "by",
        "cases",
        "cut",
        "ended",
        "flow",
        "function",
        "head",
        "is_thread",
        "last",
        "object",
        "process",
        "reason",
        "since",
        "state",
        "tid",
        "value",
        "within",
    )

    def __init__(self, process: _Process, tid: int) -> None:
        self.process = process
        self.tid = tid
        self.head = f',"pid":{process.pid},"tid":{tid},"ts":'
        self.is_thread = tid > ev.THREAD_LANES
        # "run", "runnable", "wait", or "" if the goroutine has not begun or has ended.
        self.state = ""
        self.since = 0
        self.last = 0
        # Of the span: the place where its run began or its wait is, as a part of args; whether it began
        # before the recording.
        self.at = ""
        self.cut = False
        self.by = 0
        self.reason = ""
        self.object = ""
        # The number of the text of the value that the wait sends or receives.
        self.value = 0
        self.cases: list[Record] = []
        # The flow that ends at the next run: its category, and its number.
        self.flow: tuple[str, int] | None = None
        # Lines to write after the span.
        self.within: list[str] = []
        # What the goroutine runs: indexes of its name and its code.
        self.function = 0
        self.begin = ""
        self.ended = False


class Writer:
    """Writes the events of one recording."""

    def __init__(  # noqa: PLR0917  # called once
        self,
        write: Callable[[str], object],
        program: str,
        base: int,
        until: int,
        held: Sequence[Any],
        texts: Mapping[int, str],
        threads: Sequence[str],
        names: Mapping[int, str],
        directory: str,
    ) -> None:
        self._write = write
        self._program = program
        self._base = base
        self._until = until
        self._held = held
        self._texts = texts
        self._threads = threads
        self._names = names
        self._directory = os.path.join(directory, "")
        self._lines: list[str] = []
        self._empty = True
        self._processes: dict[tuple[int, int], _Process] = {}
        self._programs: dict[int, _Process] = {}
        # The process of each goroutine, by program and number.
        self._homes: dict[tuple[int, int], _Process] = {}
        self._places: dict[tuple[int, int], tuple[str, str]] = {}
        self._code_lines: dict[int, list[tuple[int, int, int | None]]] = {}
        self._objects: dict[int, tuple[str, str]] = {}
        self._reasons: dict[int, str] = {}
        self._ordinals: dict[str, int] = {}
        self._flows = 0
        # The times when regions end, and whether that is the recording's end; the times when bubbles end.
        self._regions: dict[int, tuple[int, bool]] = {}
        self._lasts: dict[tuple[int, int], int] = {}
        self._lost = False

    # --- output ---

    def _put(self, line: str) -> None:
        lines = self._lines
        lines.append(line)
        if len(lines) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._lines:
            self._write(("" if self._empty else ",\n") + ",\n".join(self._lines))
            self._empty = False
            self._lines.clear()

    # --- what records refer to ---

    def _place(self, code: int, lasti: int) -> tuple[str, str]:
        """Return a place as a part of args, and as a JSON string; empty ones if it is not known."""
        key = code, lasti
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = self._describe(code, lasti)
        return found

    def _describe(self, code: int, lasti: int) -> tuple[str, str]:
        o = self._held[code] if code < len(self._held) else None
        if not isinstance(o, CodeType):
            return "", ""
        line = o.co_firstlineno
        if lasti >= 0:
            lines = self._code_lines.get(code)
            if lines is None:
                lines = self._code_lines[code] = list(o.co_lines())
            for begin, end, number in lines:
                if begin <= lasti < end and number is not None:
                    line = number
                    break
        path = o.co_filename.removeprefix(self._directory)
        at = _quote(f"{path}:{line}")
        return f'"at":{at},"in":{_quote(o.co_qualname)}', at

    def _text(self, number: int) -> str:
        """Return a text as a JSON string."""
        return _quote(self._texts.get(number, "?"))

    def _object(self, record: Record) -> tuple[str, str]:
        """Return the name and the id of a record's object, as JSON strings; empty ones if it has none."""
        number = record[NUMBER]
        if number == 0:
            return "", ""
        found = self._objects.get(number)
        if found is None:
            kind = _OBJECTS.get(record[WHAT], "object")
            ordinal = self._ordinals[kind] = self._ordinals.get(kind, 0) + 1
            name = self._names.get(number)
            if name is not None:
                label = f"{kind} {name}"
            elif kind == "fd":
                label = f"fd {record[ARG]}"
            else:
                t = self._held[record[TYPE]] if record[WHAT] == ev.CHAN and record[TYPE] else None
                label = f"{kind} #{ordinal}" if t is None else f"{kind} {type_name(t)} #{ordinal}"
            found = self._objects[number] = _quote(label), _quote(f"{kind.lower()}{ordinal}")
        return found

    # --- processes and lanes ---

    def _process(self, program: int, bubble: int, ts: int) -> _Process:
        if program == 0 and not bubble:
            # Between two programs.
            if self._programs:
                return next(reversed(self._programs.values()))
            if not self._processes:
                self._processes[0, 0] = _Process(1, self._base, False)
            return self._processes[0, 0]
        if not bubble and (0, 0) in self._processes and not self._programs:
            # The first program: events before it are in the same process.
            self._processes[program, 0] = self._processes.pop((0, 0))
        key = program, bubble
        process = self._processes.get(key)
        if process is None:
            process = _Process(len(self._processes) + 1, ts if bubble else self._base, bool(bubble))
            self._processes[key] = process
        if not bubble:
            self._programs[program] = process
        return process

    def _close(self, lane: _Lane, ts: int, to: str = "", opened: bool = False) -> None:
        """End the lane's span, and write it and what happened within it."""
        state = lane.state
        since = lane.since
        by = lane.by
        if state and (ts > since or state != "runnable" or lane.within or opened):
            args = lane.at
            if state == "run":
                start = '{"ph":"X","cat":"run","name":"running"'
                if to:
                    args = f'{args},"to":{to}' if args else f'"to":{to}'
            elif state == "wait":
                start = f'{{"ph":"X","cat":"wait","name":{lane.reason}'
                if lane.object:
                    args = f"{lane.object},{args}" if args else lane.object
                if by:
                    args = f'{args},"by":{by}' if args else f'"by":{by}'
                if lane.value:
                    text = f'"value":{self._text(lane.value)}'
                    args = f"{args},{text}" if args else text
                    lane.value = 0
            else:
                start = '{"ph":"X","cat":"runnable","name":"runnable"'
                args = f'"by":{by}' if by else ""
            if lane.cut:
                args = f'{args},"cut":true' if args else '"cut":true'
            if opened:
                args = f'{args},"open":true' if args else '"open":true'
            base = lane.process.base
            begin = since - base
            dur = ts - since
            self._put(
                f"{start}{lane.head}{begin // 1000}.{begin % 1000:03d},"
                f'"dur":{dur // 1000}.{dur % 1000:03d},"args":{{{args}}}}}'
            )
        if lane.within:
            for line in lane.within:
                self._put(line)
            lane.within.clear()
        lane.cut = False

    def _leave_ready(self, lane: _Lane) -> None:
        """End a flow to a goroutine that has not run yet, where the goroutine became runnable."""
        if lane.flow is not None:
            kind, number = lane.flow
            lane.flow = None
            self._end_flow(lane, kind, number, lane.since)

    def _end_flow(self, lane: _Lane, kind: str, number: int, ts: int) -> None:
        ns = ts - lane.process.base
        lane.within.append(
            f'{{"ph":"f","bp":"e","cat":"{kind}","name":"{kind}","id":{number}{lane.head}'
            f"{ns // 1000}.{ns % 1000:03d}}}"
        )

    def _begin_flow(self, by: _Lane, lane: _Lane, kind: str, ts: int, args: str = "") -> None:
        self._flows = number = self._flows + 1
        ns = ts - by.process.base
        more = f',"args":{{{args}}}' if args else ""
        by.within.append(
            f'{{"ph":"s","cat":"{kind}","name":"{kind}","id":{number}{by.head}'
            f"{ns // 1000}.{ns % 1000:03d}{more}}}"
        )
        lane.flow = kind, number

    def _instant(self, lane: _Lane, ts: int, cat: str, name: str, args: str = "") -> None:
        """Add an instant; `name` is a JSON string."""
        ns = ts - lane.process.base
        more = f',"args":{{{args}}}' if args else ""
        text = (
            f'{{"ph":"i","s":"t","cat":"{cat}","name":{name}{lane.head}{ns // 1000}.{ns % 1000:03d}{more}}}'
        )
        if not lane.tid:
            # Done by a callback of the event loop or a timer's function, so it is in one of the scheduler's
            # spans.
            self._schedule(lane.process, ts, 0, text)
            return
        lane.within.append(text)
        if not lane.state:
            self._close(lane, ts)

    # --- the scheduler's lane ---

    def _schedule(self, process: _Process, ts: int, dur: int, line: str) -> None:
        """Add a line to the scheduler's lane."""
        process.scheduler.append((ts, -dur, line))
        if not process.stack:
            process.scheduler.sort(key=lambda entry: entry[:2])
            for _, _, text in process.scheduler:
                self._put(text)
            process.scheduler.clear()

    def _end_scheduled(self, process: _Process, ts: int, cat: str, opened: bool = False) -> None:
        """End the innermost span of the scheduler's lane of this category."""
        stack = process.stack
        if not any(entry[1] == cat for entry in stack):
            return
        while True:
            since, found, name = stack.pop()
            start = since - process.base
            args = '{"open":true}' if opened else "{}"
            self._schedule(
                process,
                since,
                ts - since,
                f'{{"ph":"X","cat":"{found}","name":"{name}","pid":{process.pid},"tid":0,'
                f'"ts":{microseconds(start)},"dur":{microseconds(ts - since)},"args":{args}}}',
            )
            if found == cat:
                return

    # --- records ---

    def find_regions(self, records: Iterable[Record]) -> None:
        """Find out when regions end: called with all records before `feed` is, if there are regions."""
        stacks: dict[tuple[int, int], list[int]] = {}
        homes: dict[int, tuple[int, int]] = {}
        # Regions that another goroutine has ended.  They last until the current span of their own goroutine
        # ends; otherwise they would cut that span in two.
        late: dict[tuple[int, int], list[int]] = {}

        def end(region: int, ts: int) -> None:
            stack = stacks.get(homes.get(region, (0, 0)), [])
            if region in stack:
                # Regions inside this one end with it.
                while (inner := stack.pop()) != region:
                    self._regions[inner] = ts, False
                self._regions[region] = ts, False

        for record in records:
            kind = record[KIND]
            key = record[PROGRAM], record[G]
            if record[BUBBLE]:
                self._lasts[record[PROGRAM], record[BUBBLE]] = record[TS]
            for region in late.pop(key, ()):
                end(region, record[TS])
            if kind == ev.REGION:
                stacks.setdefault(key, []).append(record[NUMBER])
                homes[record[NUMBER]] = key
            elif kind == ev.REGION_END:
                if homes.get(record[NUMBER], key) == key:
                    end(record[NUMBER], record[TS])
                else:
                    late.setdefault(homes[record[NUMBER]], []).append(record[NUMBER])
            elif kind == ev.END:
                for ended in [k for k in stacks if k[0] == key[0]] if key[1] == 1 else [key]:
                    for region in stacks.pop(ended, ()):
                        self._regions[region] = record[TS], False

    def feed(self, records: Iterable[Record], lost: bool = False) -> None:
        """Write the events of these records.  lost: earlier ones are lost."""
        processes = self._processes
        homes = self._homes
        of_lanes: dict[int, Callable[[_Lane, Record], None]] = {
            ev.GO: self._go,
            ev.READY: self._ready,
            ev.RUN: self._run,
            ev.PARK: self._park,
            ev.CASE: self._case,
            ev.YIELD: self._yield,
            ev.END: self._end,
            ev.SEND: self._chan,
            ev.RECV: self._chan,
            ev.CLOSE: self._chan,
        }
        for record in records:
            ts = record[TS]
            kind = record[KIND]
            if lost:
                lost = False
                if not record[BUBBLE]:
                    self._base = ts
                self._lost = True
            program = record[PROGRAM]
            process = processes.get((program, record[BUBBLE])) or self._process(program, record[BUBBLE], ts)
            process.last = ts
            write = of_lanes.get(kind)
            if write is None:
                if ev.IDLE <= kind <= ev.GC_END:
                    self._scheduler_works(process, record)
                    continue
                if kind == ev.TIMER:
                    self._timer(process, record)
                    continue
                write = self._mark
            g = record[G]
            lane = process.lanes.get(g)
            if lane is None or lane.ended or lane.is_thread:
                lane = self._lane(process, record)
                if lane is None:
                    continue
            homes[program, g] = process
            write(lane, record)

    def _scheduler_works(self, process: _Process, record: Record) -> None:
        """The hub begins or ends a sleep or the event loop, or a garbage collection begins or ends."""
        ts = record[TS]
        match record[KIND]:
            case ev.IDLE:
                process.stack.append((ts, "idle", "idle"))
            case ev.LOOP:
                process.stack.append((ts, "loop", "event loop"))
            case ev.GC:
                process.stack.append((ts, "gc", f"collection (generation {record[ARG]})"))
            case ev.IDLE_END:
                self._end_scheduled(process, ts, "idle")
            case ev.LOOP_END:
                self._end_scheduled(process, ts, "loop")
            case _:
                self._end_scheduled(process, ts, "gc")

    def _timer(self, process: _Process, record: Record) -> None:
        """A timer fires."""
        ts = record[TS]
        args = f'{{"timer":"{"channel" if record[NUMBER] else _TIMERS[record[ARG]]}"'
        if record[NUMBER]:
            label, id = self._object(record)
            args += f',"object":{label},"id":{id}'
        self._schedule(
            process,
            ts,
            0,
            f'{{"ph":"i","s":"t","cat":"timer","name":"timer fired","pid":{process.pid},"tid":0,'
            f'"ts":{microseconds(ts - process.base)},"args":{args}}}}}',
        )

    def _lane(self, process: _Process, record: Record) -> _Lane | None:
        """Return the lane of a record; make it, if this is its first record or the first one after its end.

        Returns None for what a goroutine does after its end.
        """
        ts = record[TS]
        g = record[G]
        kind = record[KIND]
        lane = process.lanes.get(g)
        if lane is None:
            lane = process.lanes[g] = _Lane(process, g)
            lane.since = ts
            if g and not lane.is_thread and self._lost and kind not in (ev.GO, ev.READY, ev.RUN):
                # The goroutine was running when the first record that the ring kept was written.
                lane.state = "run"
                lane.since = process.base
                lane.cut = True
        elif lane.ended and g:
            if kind == ev.RUN:
                # The goroutine was unwound by the end of its program: this is its last record.
                return None
            lane.ended = False
        if lane.is_thread:
            lane.last = ts
            if not lane.state:
                lane.state = "run"
                lane.since = ts
                lane.at = self._place(record[CODE], record[LASTI])[0] if kind != ev.READY else ""
        return lane

    def _starter(self, lane: _Lane, record: Record) -> int:
        """Return the number of the goroutine that starts or wakes the lane's; 0: none in this process."""
        other = record[OTHER]
        return other if other and self._homes.get((record[PROGRAM], other)) is lane.process else 0

    def _go(self, lane: _Lane, record: Record) -> None:
        """A goroutine starts."""
        ts = record[TS]
        lane.state = "runnable"
        lane.since = ts
        lane.at = ""
        lane.function = record[TYPE]
        lane.begin = place = self._place(record[CODE], record[LASTI])[0]
        lane.by = by = self._starter(lane, record)
        if by:
            self._begin_flow(lane.process.lanes[by], lane, "go", ts, place)

    def _ready(self, lane: _Lane, record: Record) -> None:
        """A goroutine or thread becomes runnable."""
        if lane.state == "runnable":
            # It has just been started.
            return
        ts, _, other, _, type_, value, _, _, _, _, _, _, _, flags = record
        lane.by = by = self._starter(lane, record) if other != lane.tid else 0
        if value and lane.state == "wait":
            lane.value = value
        if lane.state:
            self._close(lane, ts)
        lane.state = "runnable"
        lane.since = ts
        if flags:
            lane.cut = True
            lane.function = type_
        if by:
            self._begin_flow(lane.process.lanes[by], lane, "wake", ts)

    def _run(self, lane: _Lane, record: Record) -> None:
        """A goroutine or thread runs."""
        ts, _, _, _, type_, _, code, lasti, _, _, _, _, _, flags = record
        if not lane.is_thread:
            if lane.state == "run":
                return
            lane.function = type_ or lane.function
            if code:
                lane.begin = self._place(code, lasti)[0]
        at = lane.at if lane.state in ("wait", "runnable") else ""
        self._close(lane, ts)
        lane.state = "run"
        lane.since = ts
        lane.at = at or lane.begin
        lane.by = 0
        if flags:
            lane.cut = True
        if lane.flow is not None:
            self._end_flow(lane, *lane.flow, ts)
            lane.flow = None

    def _park(self, lane: _Lane, record: Record) -> None:
        """A goroutine or thread begins to wait."""
        ts, _, value, number, _, _, code, lasti, _, reason, _, _, _, flags = record
        place, to = self._place(code, lasti)
        if lane.state:
            self._close(lane, ts, to)
        lane.state = "wait"
        lane.since = ts
        lane.at = place
        lane.by = 0
        text = self._reasons.get(reason)
        if text is None:
            text = self._reasons[reason] = _quote(str(self._held[reason]) if reason else "unknown")
        lane.reason = text
        lane.object = ""
        lane.value = value
        if flags:
            lane.cut = True
        if lane.cases:
            found = [self._object(case) for case in reversed(lane.cases)]
            lane.object = (
                f'"objects":[{",".join(label for label, _ in found)}],'
                f'"ids":[{",".join(id for _, id in found)}]'
            )
            lane.cases = []
        elif number:
            label, id = self._object(record)
            lane.object = f'"object":{label},"id":{id}'

    def _case(self, lane: _Lane, record: Record) -> None:
        """A case of the select that the next record parks in."""
        lane.cases.append(record)

    def _yield(self, lane: _Lane, record: Record) -> None:
        """A goroutine yields."""
        place, to = self._place(record[CODE], record[LASTI])
        if lane.state:
            self._close(lane, record[TS], to)
        lane.state = "runnable"
        lane.since = record[TS]
        lane.at = place
        lane.by = 0

    def _end(self, lane: _Lane, record: Record) -> None:
        """A goroutine ends."""
        ts = record[TS]
        if lane.state == "run":
            self._instant(lane, ts, "go", '"end"')
        self._close(lane, ts)
        lane.state = ""
        lane.ended = True
        if lane.tid == 1 and not record[BUBBLE]:
            self._end_program(record[PROGRAM], ts)

    def _chan(self, lane: _Lane, record: Record) -> None:
        """A send, receive or close is done without a wait."""
        kind = record[KIND]
        name = '"send"' if kind == ev.SEND else '"recv"' if kind == ev.RECV else '"close"'
        label, id = self._object(record)
        place, _ = self._place(record[CODE], record[LASTI])
        args = f'"object":{label},"id":{id}' + (f",{place}" if place else "")
        if record[OTHER]:
            args += f',"value":{self._text(record[OTHER])}'
        self._instant(lane, record[TS], "chan", name, args)

    def _mark(self, lane: _Lane, record: Record) -> None:
        """Write an event that Python has recorded."""
        process = lane.process
        ts, _, other, number, _, arg, code, lasti, *_ = record
        kind = record[KIND]
        place, to = self._place(code, lasti)
        if kind in (ev.REGION, ev.REGION_END):
            if lane.state == "run" and ts > lane.since:
                self._close(lane, ts, to)
                lane.since = ts
                lane.at = place
            if kind == ev.REGION:
                end, opened = self._regions.get(number, (0, True))
                if opened:
                    end = self._end_of(process, record[PROGRAM], record[BUBBLE])
                args = f'{place},"open":true' if opened and place else place
                dur = max(0, end - ts)
                self._put(
                    f'{{"ph":"X","cat":"region","name":{self._text(arg)}{lane.head}'
                    f'{microseconds(ts - process.base)},"dur":{microseconds(dur)},"args":{{{args}}}}}'
                )
        elif kind == ev.VALUE:
            if lane.within and '"cat":"chan"' in lane.within[-1]:
                lane.within[-1] = f'{lane.within[-1][:-2]},"value":{self._text(arg)}}}}}'
        elif kind == ev.PANIC:
            self._instant(lane, ts, "panic", self._text(arg), place)
        elif kind == ev.LOG:
            args = f'"message":{self._text(other)}' + (f',"task":{number}' if number else "")
            args += f",{place}" if place else ""
            self._instant(lane, ts, "log", self._text(arg), args)
        elif kind in (ev.TASK, ev.TASK_END):
            ph = "b" if kind == ev.TASK else "e"
            args = f'{{"parent":{other}}}' if other else "{}"
            lane.within.append(
                f'{{"ph":"{ph}","cat":"task","id":{number},"name":{self._text(arg)}{lane.head}'
                f'{microseconds(ts - process.base)},"args":{args}}}'
            )
            if not lane.state:
                self._close(lane, ts)

    def finish(self) -> None:
        """End what is still open, and write the metadata."""
        for process in list(self._processes.values()):
            end = process.last if process.is_virtual else self._until
            while process.stack:
                self._end_scheduled(process, end, process.stack[-1][1], opened=True)
            for tid, lane in process.lanes.items():
                if not tid:
                    self._close(lane, end)
                    continue
                self._leave_ready(lane)
                if lane.is_thread and lane.state == "run":
                    # There are no more records of it.
                    self._close(lane, lane.last)
                elif lane.state:
                    self._close(lane, end, opened=True)
        for (_, bubble), process in self._processes.items():
            pid = process.pid
            self._meta(pid, 0, "process_name", f'"name":{_quote("synctest" if bubble else self._program)}')
            self._meta(pid, 0, "process_sort_index", f'"sort_index":{pid}')
            if bubble:
                self._meta(pid, 0, "process_labels", '"labels":"virtual"')
            for tid in sorted({0, *process.lanes}):
                self._meta(
                    pid, tid, "thread_name", f'"name":{_quote(self._lane_name(tid, process.lanes.get(tid)))}'
                )
                self._meta(pid, tid, "thread_sort_index", f'"sort_index":{tid}')
        self._flush()

    def is_virtual(self) -> bool:
        """Return whether there was a bubble, whose times are virtual."""
        return any(process.is_virtual for process in self._processes.values())

    def _meta(self, pid: int, tid: int, name: str, args: str) -> None:
        self._put(f'{{"ph":"M","name":"{name}","pid":{pid},"tid":{tid},"args":{{{args}}}}}')

    def _lane_name(self, tid: int, lane: _Lane | None) -> str:
        if tid == 0 or lane is None:
            return "scheduler"
        if lane.is_thread:
            n = tid - ev.THREAD_LANES - 1
            return f"thread {self._threads[n] if n < len(self._threads) else n + 1}"
        if lane.function:
            return f"{self._held[lane.function]} {tid}"
        return f"{'main' if tid == 1 else 'goroutine'} {tid}"

    def _end_of(self, process: _Process, program: int, bubble: int) -> int:
        """Return when the recording of a process ends."""
        return self._lasts.get((program, bubble), process.last) if bubble else self._until

    def _end_program(self, program: int, ts: int) -> None:
        """End the lanes of goroutines that never ran, or that never will again."""
        for (number, bubble), process in self._processes.items():
            if number != program:
                continue
            end = process.last if bubble else ts
            for tid, lane in process.lanes.items():
                if lane.state and not lane.is_thread and tid:
                    self._leave_ready(lane)
                    self._close(lane, end)
                    lane.state = ""
                    lane.ended = True
