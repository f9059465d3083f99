"""The page of a trace: one HTML file that shows a recorded run and loads nothing from elsewhere.

The data is in the page as one block of base64. Unpacked with gzip, it is a JSON header and columns of 32-bit
numbers, which the page uses as typed arrays: a million events are there at once, and no name in them can be
taken for markup.

Invariants: the same trace gives the same page, byte for byte. `pack` and page/js/model.js agree on the
columns.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import sys
import tempfile
from array import array
from collections.abc import Iterable, Mapping
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any

from gochan.trace.model import (
    FIRST_THREAD,
    SCHEDULER,
    Instant,
    Program,
    Span,
    Task,
    Trace,
    TraceError,
    load,
    parse,
)

__all__ = ["page", "write"]

FOLDER = Path(__file__).parent / "page"
# In this order, they are one script.
SCRIPTS = ("vendor/d3.min.js", "js/format.js", "js/model.js", "js/paint.js", "js/panels.js", "js/main.js")
TASKS = -1  # the number of the lane of a program's tasks
ROWS = 8  # of regions above each other, and of tasks; what is nested deeper is drawn in the last row
LONGEST_TEXT = 1_000  # characters that the page has of a message, name or value: its layout takes time
# The flags of a span.
OPEN, CUT = 1, 2
# The lowest 32 bits, and those above: a time of more than 4 seconds has more than 32.
WORD = 0xFFFF_FFFF


def page(trace: Trace | Mapping[str, Any] | str, title: str | None = None, *, embed: bool = False) -> str:
    """Return the page that shows a trace.

    `trace` is what `gochan.trace.model.load` returns, the decoded JSON of a trace, or its text. `title` is
    the program's name unless given. With `embed`, the page is drawn for a frame of some 300 pixels inside
    another page: lanes and legend, and a link that opens all of it. The address of any page takes `?embed`
    for the same, and `?theme=dark` or `?theme=light`; `#g=7&t=100-250` shows goroutine 7 from 100 to 250
    microseconds.

    Raises `TraceError` if `trace` is not a trace, and `TypeError` if it can't be one.
    """
    if title is not None and not isinstance(title, str):
        raise TypeError(f"page: title is {title!r} ({type(title).__name__}), want a str")
    if isinstance(trace, str):
        try:
            decoded = json.loads(trace)
        except (ValueError, RecursionError) as error:
            raise TraceError(f"page: not a trace: the text is not JSON ({error})") from None
        trace = parse(decoded)
    elif isinstance(trace, Mapping):
        trace = parse(dict(trace))
    elif not isinstance(trace, Trace):
        raise TypeError(
            f"page: trace is {type(trace).__name__}, want a Trace, the decoded JSON of one, or its text"
        )
    if title is None:
        title = trace.program or "trace"
    title = title.encode("utf-8", "replace").decode("utf-8")  # without halves of surrogate pairs
    style = _read("page.css")
    script = "\n".join(["(() => {", '"use strict";', *map(_read, SCRIPTS), "})();"])
    values = {
        "TITLE": escape(title),
        "MODE": "embed" if embed else "full",
        "STYLE": style,
        "SCRIPT": script,
        "STYLE_HASH": _hash(style),
        "SCRIPT_HASH": _hash(script),
        "DATA": base64.b64encode(pack(trace)).decode("ascii"),
    }
    # Piece by piece: a value may contain what looks like the name of another.
    head, *parts = _read("page.html").split("{{")
    pieces = [head]
    for part in parts:
        name, rest = part.split("}}", 1)
        pieces += values[name], rest
    return "".join(pieces)


def write(
    path_in: str | os.PathLike[str],
    path_out: str | os.PathLike[str],
    *,
    title: str | None = None,
    embed: bool = False,
    force: bool = False,
) -> None:
    """Write the page of a recorded file into `path_out`.

    Raises `FileExistsError` if `path_out` exists, unless `force` is true, and `TraceError` if `path_in` is
    not a trace. The output is complete or not there, unless it is a device or a pipe.
    """
    target = Path(path_out)
    if target.exists() and not force:
        raise FileExistsError(f"{target} exists; write over it with force=True, or choose another name")
    if target.exists() and Path(path_in).exists() and target.samefile(path_in):
        raise ValueError(f"{target} is the trace itself; choose another name for its page")
    write_whole(target, page(load(path_in), title, embed=embed))


def write_whole(target: Path, text: str) -> None:
    """Write a file whole or not at all: under another name first.

    A link stays, and what it leads to is written; so do devices and pipes.
    """
    if target.exists() and not target.is_file():
        target.write_text(text, encoding="utf-8", newline="\n")
        return
    target = target.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".gochan-")
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def pack(trace: Trace) -> bytes:
    """Return what the page holds of a trace: gzip of a header and columns."""
    packer = _Packer()
    for program in trace.programs:
        packer.program(program)
    return packer.packed(trace)


class _Packer:
    """Collects the columns.

    Spans, bars (regions, tasks, what the scheduler does) and instants are sorted by lane, and each lane says
    how many it has. `site` is an index of a table of all that many spans have in common: kind, name, place,
    object.
    """

    def __init__(self) -> None:
        self.programs: list[dict[str, Any]] = []
        self.lanes: list[list[Any]] = []
        self.sites: dict[tuple[str, ...], int] = {}
        self.columns: dict[str, array[int]] = {
            name: array("I")
            for name in (
                "gap", "gapHigh", "length", "lengthHigh", "site", "by", "flags",
                "barStart", "barStartHigh", "barLength", "barLengthHigh", "barSite", "barRow",
                "time", "timeHigh", "timeSite",
            )
        }  # fmt: skip
        if self.columns["gap"].itemsize != 4:  # pragma: no cover - no such machine is known
            raise RuntimeError("a C int of this machine does not have 32 bits")
        self.start: int | None = None
        self.end = 0

    def program(self, program: Program) -> None:
        index = len(self.programs)
        self.programs.append({"pid": program.pid, "name": program.name, "virtual": program.virtual})
        numbers = {number: len(self.lanes) + at for at, number in enumerate(self.order(program))}
        for number in numbers:
            if number == TASKS:
                self.lane(index, number, "tasks", bars=self.tasks(program.tasks))
            elif number == SCHEDULER:
                bars = self.nested(program.scheduler)
                self.lane(index, number, "scheduler", bars=bars, instants=program.instants, extends=False)
            else:
                gp = program.goroutines[number]
                self.lane(
                    index,
                    number,
                    gp.name,
                    spans=gp.spans,
                    bars=self.nested(gp.regions),
                    instants=gp.instants,
                    numbers=numbers,
                    parent=gp.parent,
                )

    @staticmethod
    def order(program: Program) -> list[int]:
        """Return the numbers of the lanes, from top to bottom."""
        numbers = [TASKS] if program.tasks else []
        if program.scheduler or program.instants:
            numbers.append(SCHEDULER)
        return numbers + sorted(program.goroutines)

    def lane(
        self,
        program: int,
        number: int,
        name: str,
        *,
        spans: Iterable[Span] = (),
        bars: Iterable[tuple[Span, int]] = (),
        instants: Iterable[Instant] = (),
        numbers: Mapping[int, int] | None = None,
        parent: int | None = None,
        extends: bool = True,
    ) -> None:
        """Add a lane. extends: the page shows all of its time; otherwise only that of the other lanes."""
        columns, site_of, numbers = self.columns, self.site, numbers or {}
        before = [len(columns[name]) for name in ("gap", "barStart", "time")]
        gap, gap_high, length, length_high, sites, bys, flags = (
            columns[name].append for name in ("gap", "gapHigh", "length", "lengthHigh", "site", "by", "flags")
        )
        last = 0
        starter = numbers.get(parent, -1) + 1 if parent else 0
        for span in spans:
            self.see(span.start, span.end)
            start = max(span.start, last)  # spans that overlap would be drawn over each other
            end = max(span.end, start)
            gap(start - last & WORD)
            gap_high(start - last >> 32)
            length(end - start & WORD)
            length_high(end - start >> 32)
            sites(site_of(span.kind, span.name, span.at, span.function, span.to, span.object, span.value))
            # 0: no goroutine, as with a timer.  The first span is by the goroutine that started this one.
            bys(numbers.get(span.by, -1) + 1 if span.by else starter * (span.kind != "wait"))
            starter = 0
            flags(OPEN * span.open | CUT * span.cut)
            last = end
        for span, row in bars:
            if extends:
                self.see(span.start, span.end)
            self.add("barStart", span.start)
            self.add("barLength", span.length)
            columns["barSite"].append(
                site_of(span.kind, span.name, span.at, span.function, span.to, span.object)
            )
            columns["barRow"].append(row)
        for instant in instants:
            if extends:
                self.see(instant.time, instant.time)
            self.add("time", instant.time)
            columns["timeSite"].append(
                site_of(
                    instant.kind,
                    instant.name,
                    instant.at,
                    "",
                    "",
                    instant.object,
                    instant.message or instant.value,
                )
            )
        counts = [
            len(columns[name]) - was for name, was in zip(("gap", "barStart", "time"), before, strict=True)
        ]
        kind = {TASKS: "tasks", SCHEDULER: "scheduler"}.get(number)
        self.lanes.append(
            [program, number, name, kind or ("thread" if number >= FIRST_THREAD else "go"), *counts]
        )

    def add(self, column: str, time: int) -> None:
        self.columns[column].append(time & WORD)
        self.columns[f"{column}High"].append(time >> 32)

    def see(self, start: int, end: int) -> None:
        if self.start is None or start < self.start:
            self.start = start
        self.end = max(self.end, end)

    def site(self, *site: str) -> int:
        short = tuple(text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…" for text in site)
        return self.sites.setdefault(short, len(self.sites))

    @staticmethod
    def nested(spans: Iterable[Span]) -> Iterable[tuple[Span, int]]:
        """Yield spans by start, each with its row: below those that it is inside of."""
        ends: list[int] = []
        for span in sorted(spans, key=lambda span: (span.start, -span.end)):
            while ends and ends[-1] <= span.start:
                ends.pop()
            yield span, min(len(ends), ROWS - 1)
            ends.append(span.end)

    @staticmethod
    def tasks(tasks: Iterable[Task]) -> Iterable[tuple[Span, int]]:
        """Yield tasks by start, each with the first row that is free."""
        ends: list[int] = []
        for task in sorted(tasks, key=lambda task: (task.start, task.end)):
            row = next((row for row, end in enumerate(ends) if end <= task.start), len(ends))
            if row == len(ends) and row < ROWS:
                ends.append(0)
            row = min(row, ROWS - 1)
            ends[row] = max(ends[row], task.end)
            yield Span("task", task.name, task.start, task.end), row

    def packed(self, trace: Trace) -> bytes:
        header = {
            "program": trace.program,
            "version": trace.version,
            "started": trace.started,
            "ending": trace.ending,
            "lost": trace.lost,
            "start": self.start or 0,
            "end": self.end,
            "programs": self.programs,
            "lanes": self.lanes,
            "sites": [_without_empty(site) for site in self.sites],
            "columns": {name: len(column) for name, column in self.columns.items()},
        }
        text = json.dumps(header, separators=(",", ":")).encode("ascii")
        columns = chain.from_iterable(_planes(column) for column in self.columns.values())
        data = b"".join([len(text).to_bytes(4, "little"), text, *columns])
        return gzip.compress(data, compresslevel=9 if len(data) < 1 << 22 else 6, mtime=0)


def _without_empty(site: tuple[str, ...]) -> list[str]:
    """Return a site without the empty texts at its end."""
    texts = list(site)
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _planes(column: array[int]) -> Iterable[bytes]:
    """Yield the lowest byte of all numbers, then the next: gzip makes less of these than of the numbers."""
    if sys.byteorder == "big":  # pragma: no cover
        column = array("I", column)
        column.byteswap()
    data = column.tobytes()
    for byte in range(4):
        yield data[byte::4]
