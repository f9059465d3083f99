"""A recorded run as a table for the terminal: where each goroutine's time went, and its longest wait."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gochan.trace.model import Goroutine, Program, Span, Trace, duration, printable, short

MANY = 20  # more goroutines than this are grouped by function
ROWS = 40  # at most so many functions, regions or tasks
NARROWEST = 40  # a table is not made narrower than this
LEAST = 8  # columns that a text keeps when it is shortened
LEGIBLE = 16  # if a text of the longest waits had to be shorter than this, they are listed instead
GAP = "  "
NAMES = {"gc": "collections", "loop": "event loop", "idle": "idle"}


class Column(NamedTuple):
    """A column of a table."""

    head: str
    right: bool = False  # aligned to the right
    weight: int = 0  # those that may be shortened have more than 0; the heavier is shortened less
    tail: bool = False  # keep its end if it is shortened, not its beginning


def summary(trace: Trace, width: int = 80, *, each: bool = False) -> str:
    """Return the table of a run as lines of at most `width` columns, without a line end after the last.

    More than 20 goroutines are grouped by function, unless `each` is true. Lines can be wider if `width` is
    less than 40.
    """
    if type(width) is not int or width < 1:
        raise ValueError(f"summary: width is {width!r}; give a number of columns, 1 or more")
    width = max(width, NARROWEST)
    lines = []
    if trace.lost:
        lines += _wrap(
            f"The ring of fixed size dropped the oldest {trace.lost:,} events; this is what is left.",
            width,
        )
        lines.append("")
    if not trace.programs:
        lines += _wrap(
            f"{printable(trace.program) or 'The program'} ran no goroutine while it was recorded"
            f"{_ending(trace)}.",
            width,
        )
    for i, program in enumerate(trace.programs):
        if i:
            lines.append("")
        # How the recording ended is told where most readers look: at the last program.
        ending = _ending(trace) if i == len(trace.programs) - 1 else ""
        lines += _program(program, ending, width, each)
    return "\n".join(lines)


def _ending(trace: Trace) -> str:
    first = printable(trace.ending).strip()
    return "" if first in ("", "done") else f"; it ended with: {first}"


@dataclass(slots=True)
class _Row:
    """A goroutine, or all those of a function."""

    name: str
    count: int = 0
    running: int = 0
    runnable: int = 0
    reasons: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    longest: Span | None = None
    waiter: str = ""  # who waited longest

    def add(self, gp: Goroutine) -> None:
        self.count += 1
        self.running += gp.total("run")
        self.runnable += gp.total("runnable")
        for reason, time in gp.waiting().items():
            self.reasons[reason] += time
        wait = gp.longest_wait()
        if wait and (self.longest is None or wait.length > self.longest.length):
            self.longest, self.waiter = wait, _name(gp)

    @property
    def waiting(self) -> int:
        return sum(self.reasons.values())

    @property
    def total(self) -> int:
        return self.running + self.runnable + self.waiting


def _program(program: Program, ending: str, width: int, each: bool) -> list[str]:
    goroutines = list(program.goroutines.values())
    count = _counted(sum(not gp.is_thread for gp in goroutines), "goroutine")
    if threads := sum(gp.is_thread for gp in goroutines):
        count += f" and {_counted(threads, 'thread')}"
    clock = " of virtual time" if program.virtual else ""
    text = f"{printable(program.name)}: {count}, {duration(program.end - program.start)}{clock}{ending}"
    grouped = not each and len(goroutines) > MANY
    rows = _rows(goroutines, grouped)
    left = len(rows) - ROWS if grouped else 0
    if left > 0:
        busiest = {id(row) for row in sorted(rows, key=lambda row: -row.total)[:ROWS]}
        rows = [row for row in rows if id(row) in busiest]
    lines = [*_wrap(text, width), "", *_totals(rows, grouped, width)]
    if left > 0:
        lines.append(f"and {_counted(left, 'other function')} of less time")
    lines += _longest(rows, program, grouped, width)
    lines += _marked("region", [s for gp in goroutines for s in gp.regions], width)
    lines += _marked("task", [Span("task", t.name, t.start, t.end) for t in program.tasks], width)
    if scheduler := _scheduler(program.scheduler):
        lines += ["", *_wrap(scheduler, width)]
    return lines


def _rows(goroutines: Iterable[Goroutine], grouped: bool) -> list[_Row]:
    rows: dict[object, _Row] = {}
    for gp in goroutines:
        key = (gp.function, gp.is_thread) if grouped else gp.number
        if key not in rows:
            rows[key] = _Row(printable(short(gp.function)) if grouped else _name(gp))
        rows[key].add(gp)
    return list(rows.values())


def _totals(rows: Sequence[_Row], grouped: bool, width: int) -> list[str]:
    """Return the table of running, runnable and waiting; the reasons without room are added up as "other"."""
    reasons: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        for reason, time in row.reasons.items():
            reasons[reason] += time
    ordered = [reason for reason, _ in _sorted(reasons)]
    head = [Column("function" if grouped else "goroutine", weight=1)]
    head += [Column("count", right=True)] if grouped else []
    head += [Column(name, right=True) for name in ("running", "runnable", "waiting")]
    for shown in range(len(ordered), -1, -1):
        rest = ordered[shown:]
        columns = [*head, *(Column(printable(reason), right=True) for reason in ordered[:shown])]
        if rest and shown:
            columns.append(Column("other", right=True))
        cells = [
            [
                row.name,
                *([f"{row.count:,}"] if grouped else []),
                *map(_cell, (row.running, row.runnable, row.waiting)),
                *(_cell(row.reasons.get(reason, 0)) for reason in ordered[:shown]),
                *([_cell(sum(row.reasons.get(reason, 0) for reason in rest))] if rest and shown else []),
            ]
            for row in rows
        ]
        name = max(LEAST, min(24, max(_columns(row.name) for row in rows)))
        if not shown or _natural(columns[1:], [line[1:] for line in cells]) + len(GAP) + name <= width:
            break
    lines = _table(columns, cells, width)
    if ordered and not shown:
        lines += ["", *_reasons(rows, columns[0].head, width)]
    return lines


def _reasons(rows: Iterable[_Row], head: str, width: int) -> list[str]:
    """Return the table of the waits with a line for each reason, if there is no room for columns."""
    columns = [Column(head, weight=1), Column("reason", weight=1), Column("waiting", right=True)]
    cells = [
        [row.name, printable(reason), _cell(time)] for row in rows for reason, time in _sorted(row.reasons)
    ]
    return _table(columns, cells, width)


def _sorted(times: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(times.items(), key=lambda item: -item[1])


def _longest(rows: Iterable[_Row], program: Program, grouped: bool, width: int) -> list[str]:
    """Return the table of each row's longest wait, the longest first."""
    waited = [(row, row.longest) for row in rows if row.longest is not None and row.longest.length]
    if not waited:
        return []
    waited.sort(key=lambda item: -item[1].length)
    columns = [
        Column("longest wait", right=True),
        Column("goroutine", weight=3),
        Column("reason", weight=3),
        Column("object", weight=2),
        Column("place", weight=2, tail=True),
        Column("ended by", weight=2),
    ]
    cells = [
        [
            _cell(wait.length),
            row.waiter,
            printable(wait.name),
            printable(wait.object),
            printable(wait.at),
            "(not ended)" if wait.open else printable(short(program.label(wait.by))),
        ]
        for row, wait in waited
    ]
    used = [i for i in range(len(columns)) if any(line[i] for line in cells)]
    columns = [columns[i] for i in used]
    shown = [[line[i] for i in used] for line in cells]
    legible = [
        min(size, LEGIBLE) if column.weight else size
        for column, size in zip(columns, _widths(columns, shown), strict=True)
    ]
    if sum(legible) + len(GAP) * (len(columns) - 1) <= width:
        return ["", *_table(columns, shown, width)]
    return ["", columns[0].head, *_listed(cells, width)]


def _listed(cells: Iterable[Sequence[str]], width: int) -> list[str]:
    """Return the longest waits as sentences, if there is no room for a table."""
    lines = []
    for length, waiter, reason, thing, place, by in cells:
        text = f"{waiter}: {reason}"
        text += f", {_shortened(thing, 2 * width, False)}" if thing else ""
        text += f", at {place}" if place else ""
        text += f", {by.strip('()')}" if by.startswith("(") else f", ended by {by}" if by else ""
        first, *others = _wrap(text, width - 10)
        lines += [f"{length:>8}  {first}", *(f"{'':10}{line}" for line in others)]
    return lines


def _marked(what: str, spans: Iterable[Span], width: int) -> list[str]:
    """Return the table of what the program marked itself: regions or tasks, by name."""
    times: defaultdict[str, list[int]] = defaultdict(list)
    for span in spans:
        times[span.name].append(span.length)
    if not times:
        return []
    ordered = sorted(times.items(), key=lambda item: -sum(item[1]))
    cells = [
        [printable(name), f"{len(found):,}", _cell(sum(found)), _cell(max(found))]
        for name, found in ordered[:ROWS]
    ]
    columns = [Column(what, weight=1), *(Column(name, right=True) for name in ("count", "total", "longest"))]
    more = [f"and {_counted(len(ordered) - ROWS, f'other {what}')}"] if len(ordered) > ROWS else []
    return ["", *_table(columns, cells, width), *more]


def _scheduler(spans: Iterable[Span]) -> str:
    times: defaultdict[str, list[int]] = defaultdict(list)
    for span in spans:
        times[span.kind].append(span.length)
    found = [(NAMES[kind], times[kind]) for kind in NAMES if kind in times]
    return ", ".join(f"{name}: {_cell(sum(spent))} ({_counted(len(spent), 'time')})" for name, spent in found)


def _name(gp: Goroutine) -> str:
    return printable(short(gp.name))


def _cell(ns: int) -> str:
    return duration(ns) if ns else "-"


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.category(char) in ("Mn", "Me", "Cf") for char in text)


def _head(text: str, width: int) -> str:
    """Return the longest beginning of a text that fits into so many columns."""
    room = width
    for i, char in enumerate(text):
        room -= _columns(char)
        if room < 0:
            return text[:i]
    return text


def _shortened(text: str, width: int, tail: bool) -> str:
    """Return as much of a text as fits, with "..." for the rest."""
    if _columns(text) <= width:
        return text
    if tail:
        return f"...{_head(text[::-1], width - 3)[::-1]}"
    return f"{_head(text, width - 3)}..."


def _natural(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> int:
    """Return the width of a table in which nothing is shortened."""
    return sum(_widths(columns, cells)) + len(GAP) * (len(columns) - 1)


def _widths(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> list[int]:
    return [
        max(_columns(column.head), *(_columns(line[i]) for line in cells)) for i, column in enumerate(columns)
    ]


def _table(columns: Sequence[Column], cells: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return the lines of a table; texts are shortened until it fits."""
    widths = [
        min(natural, width) if column.weight else natural
        for column, natural in zip(columns, _widths(columns, cells), strict=True)
    ]
    too_wide = sum(widths) + len(GAP) * (len(columns) - 1) - width
    while too_wide > 0:
        elastic = [i for i, column in enumerate(columns) if column.weight and widths[i] > LEAST]
        if not elastic:
            break
        widest = max(elastic, key=lambda i: widths[i] / columns[i].weight)
        widths[widest] -= 1
        too_wide -= 1
    lines = []
    for line in ([column.head for column in columns], *cells):
        fields = []
        for text, column, room in zip(line, columns, widths, strict=True):
            shown = _shortened(text, room, column.tail) if column.weight else text
            space = " " * (room - _columns(shown))
            fields.append(space + shown if column.right else shown + space)
        lines.append(GAP.join(fields).rstrip())
    return lines


def _wrap(text: str, width: int) -> list[str]:
    """Break a sentence into lines; a word that is longer than a line is broken, too."""
    lines = [""]
    for word in text.split(" "):
        piece = word
        if lines[-1] and _columns(lines[-1]) + 1 + _columns(piece) > width:
            lines.append("")
        while _columns(piece) > width:
            head = _head(piece, width)
            lines[-1] = head
            lines.append("")
            piece = piece[len(head) :]
        lines[-1] += f" {piece}" if lines[-1] else piece
    return lines
