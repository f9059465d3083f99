"""A recorded run as a still picture: a lane for each goroutine, for papers and documentation.

`draw` returns SVG. Its colors are CSS variables with a default, so that a page can set its own:

    --gochan-ink, --gochan-paper     text and arrows, and what is behind them
    --gochan-run, --gochan-runnable  a goroutine runs, or could run
    --gochan-receive, --gochan-send, --gochan-select, --gochan-sync, --gochan-sleep, --gochan-io,
    --gochan-other                   a goroutine waits
    --gochan-panic                   a goroutine ends with a panic

Each color is also an attribute of its element, for programs that don't know variables.

The axis is linear if most runs are then wide enough to be seen. Otherwise each step, from one event to the
next, gets some room, and only the rest is divided in proportion to time; the legend says so.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from html import escape
from itertools import pairwise
from math import floor, log10
from typing import NamedTuple

from gochan.trace.model import (
    Goroutine,
    Program,
    Span,
    Trace,
    TraceError,
    Wake,
    clip,
    duration,
    printable,
    short,
)

WIDTH = 560
NARROWEST, WIDEST = 240, 10_000
NARROW = 500  # in narrower pictures the names are above the lanes, not beside them
MOST_MARKS = 2_000  # runs, waits and arrows
MOST_LANES = 60
SCALES = ("auto", "time", "steps")

SIZE = 12.5  # the text size of names, in pixels
SMALL = 11  # the text size of everything else
MONO, SANS = 0.61, 0.6  # the width of a character per pixel of text size, estimated on the high side
BAR = 14  # the height of a run
THIN = 6  # the height of a wait
LABEL = 13  # the height of the line of text above a wait
REGION = 14  # the height of a line of regions below the bar
SECOND = 1_000_000_000
LONG = 120 * SECOND  # an axis at least this long shows minutes and hours
CLOCK = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
UNITS = (("s", SECOND), ("ms", 1_000_000), ("µs", 1_000), ("ns", 1))
FAINT = 0.55  # how opaque the color of runnable is: fainter than a run, because less happens
GUTTER = 10  # between a name and its lane
MARGIN = 10  # the space at the right
LEAST_RUN = 2.0  # the width of a run that takes no time
SEEN = 3.0  # the least width at which a run can be seen

# The colors by kind, in the light and in the dark theme, as on the page.  The kind of a wait is the first one
# whose expression matches the beginning of its reason.
COLORS = {
    "run": ("#0072b2", "#4fa9e3"),
    "runnable": ("#e69f00", "#efb12f"),
    "receive": ("#009e73", "#2cc295"),
    "send": ("#b5548c", "#d98ab7"),
    "select": ("#3d9fd6", "#86cdf5"),
    "sync": ("#d55e00", "#f08b4d"),
    "sleep": ("#98a2ae", "#87919d"),
    "io": ("#b8a600", "#d6c53d"),
    "other": ("#6b7280", "#9aa3ae"),
    "panic": ("#b3261e", "#ff8f85"),
}
INK, PAPER = ("#1b1f24", "#e7eaee"), ("#ffffff", "#14171b")
WAITS = (
    ("receive", re.compile(r"chan receive")),
    ("send", re.compile(r"chan send")),
    ("select", re.compile(r"select")),
    ("sync", re.compile(r"sync\.|sema")),
    ("sleep", re.compile(r"sleep")),
    ("io", re.compile(r"IO wait|thread|await")),
    ("other", re.compile(r"")),
)


class PictureError(TraceError):
    """A run can't be drawn as asked."""


def draw(
    trace: Trace,
    *,
    width: int = WIDTH,
    start: int | None = None,
    end: int | None = None,
    scale: str = "auto",
    program: int | None = None,
    only: Sequence[str] = (),
    title: str = "",
    description: str = "",
    name: str = "gochan-timeline",
    standalone: bool = True,
) -> str:
    """Return the picture of a run as an SVG document.

    `start` and `end` cut a part out, in nanoseconds. `scale` is "time" for a linear axis, "steps" for one
    that gives each step some room, "auto" to choose. `program` is the pid of one program of several; without
    it the one with the most spans is drawn. `only` are the numbers or functions of the goroutines to draw,
    with * and ? as in file names. `title` is shown above the lanes. `description` is for screen readers;
    without it one is made up. `name` begins the ids in the picture, of which a page must not have two. If
    `standalone` is false the picture is made for a page that it becomes a part of: it has no background, and
    the page's text color.

    Raises `PictureError` if there is nothing to draw, or too much for a still picture; `ValueError` if an
    option has a value that is not allowed.
    """
    if type(width) is not int or not NARROWEST <= width <= WIDEST:
        raise ValueError(f"svg: width is {width!r}; give pixels, from {NARROWEST} to {WIDEST:,}")
    if scale not in SCALES:
        raise ValueError(f"svg: scale is {scale!r}; give one of {', '.join(SCALES)}")
    if not re.fullmatch(r"[A-Za-z][\w-]*", name, re.ASCII):
        raise ValueError(f"svg: name is {name!r}; give letters, digits, - and _, a letter first")
    whole = choose(trace, program)
    first = _beginning(whole) if start is None else start
    last = whole.end if end is None else end
    if first > last:
        raise PictureError(
            f"the part to draw ends at {duration(last)}, before it begins at {duration(first)}"
        )
    part = clip(whole, first, last)
    if only:
        _keep(part, only)
    if not part.goroutines:
        raise PictureError(
            f"no goroutine {'named so ' if only else ''}did anything from {duration(first)} to "
            f"{duration(last)}; the run is from {duration(whole.start)} to {duration(whole.end)}"
        )
    _check_size(part)
    return _Picture(part, (first, last), width, scale, name).document(title, description, standalone)


def choose(trace: Trace, pid: int | None = None) -> Program:
    """Return the program with that pid, or else the one with the most spans.

    Raises `PictureError` if there is none.
    """
    if not trace.programs:
        raise PictureError("no goroutine was recorded, so there is nothing to draw")
    if pid is None:
        return max(
            trace.programs, key=lambda program: sum(len(gp.spans) for gp in program.goroutines.values())
        )
    for program in trace.programs:
        if program.pid == pid:
            return program
    known = ", ".join(f"{program.pid} ({printable(program.name)})" for program in trace.programs)
    raise PictureError(f"no program {pid} was recorded; there is {known}")


def _beginning(program: Program) -> int:
    """Return where the axis begins: at 0 if the program begins soon after."""
    return 0 if program.start * 20 < program.end else program.start


def _keep(program: Program, patterns: Iterable[str]) -> None:
    """Leave out the goroutines that none of the patterns names."""
    for number, gp in list(program.goroutines.items()):
        names = (str(number), gp.name, gp.function, short(gp.name), short(gp.function))
        if not any(fnmatchcase(name, pattern) for name in names for pattern in patterns):
            del program.goroutines[number]


def _check_size(program: Program) -> None:
    lanes = len(program.goroutines)
    if lanes > MOST_LANES:
        raise PictureError(
            f"{lanes:,} goroutines are too many for a still picture, which has room for {MOST_LANES}: choose "
            "some with --only, cut with --from and --to, or see all with `gochan trace view`"
        )
    times = sorted(
        [span.start for gp in program.goroutines.values() for span in (*gp.spans, *gp.regions)]
        + [wake.time for wake in program.wakes]
    )
    if len(times) > MOST_MARKS:
        fits = times[MOST_MARKS - 1] // 1_000  # rounded down to whole microseconds
        raise PictureError(
            f"the run is too long for a still picture: {len(times):,} runs, waits and arrows, and there is "
            f"room for {MOST_MARKS:,}: cut with --from and --to (--to {fits}us fits), or see all with "
            "`gochan trace view`"
        )


# A time, and a position within it: the number of runs of zero length at this time that are over.
Moment = tuple[int, float]


class Order:
    """The order of events that have the same time.

    A bubble's clock stands still while goroutines run. So their runs take no time, and several of them have
    the same time. The file has them in the order in which they ended. Each of them gets a slot of its own on
    the axis.
    """

    def __init__(self, program: Program) -> None:
        self.slots: defaultdict[int, int] = defaultdict(int)  # the number of runs of zero length at each time
        self.runs: defaultdict[tuple[int, int], list[int]] = defaultdict(
            list
        )  # goroutine, time -> the slots of its runs
        # The last of these slots that has an arrow.
        self.woken: defaultdict[tuple[int, int], int] = defaultdict(lambda: -1)
        self.spans: dict[int, tuple[Moment, Moment]] = {}  # by the span's id
        # When goroutines are runnable without a span for it, by the goroutine's number.
        self.ready: defaultdict[int, list[tuple[Moment, Moment]]] = defaultdict(list)
        self.wakes: list[tuple[Wake, Moment, Moment]] = []
        lanes = program.goroutines.values()
        flashes = [(s.start, s.order, gp.number) for gp in lanes for s in gp.spans if _takes_no_time(s)]
        for time, _, number in sorted(flashes):
            self.runs[number, time].append(self.slots[time])
            self.slots[time] += 1
        woken: defaultdict[tuple[int, int], list[Moment]] = defaultdict(list)
        for wake in program.wakes:
            source, target = self.arrow(wake)
            self.wakes.append((wake, source, target))
            woken[wake.target, wake.time].append(source)
        for gp in lanes:
            self.lane(gp, woken)

    def arrow(self, wake: Wake) -> tuple[Moment, Moment]:
        """Return when a goroutine wakes another, and when that runs: in the first run that fits."""
        sources = self.runs.get((wake.source, wake.time), [])
        key = (wake.target, wake.arrival)
        for slot in self.runs.get(key, []):
            before = [other for other in sources if other < slot or wake.time < wake.arrival]
            if slot > self.woken[key] and (before or not sources):
                self.woken[key] = slot
                return (wake.time, before[-1] + 0.5 if before else 0.0), (wake.arrival, float(slot))
        return (wake.time, sources[-1] + 0.5 if sources else 0.0), (wake.arrival, 0.0)

    def lane(self, gp: Goroutine, woken: Mapping[tuple[int, int], list[Moment]]) -> None:
        """Find out when the spans of a goroutine begin and end."""
        now: Moment = (-1, 0.0)
        left = {key: list(slots) for key, slots in self.runs.items() if key[0] == gp.number}
        for span in gp.spans:
            begin = now if now[0] == span.start else (span.start, 0.0)
            if _takes_no_time(span):
                slot = left[gp.number, span.start].pop(0)
                if now[0] < 0:
                    begin = next(iter(woken.get((gp.number, span.start), [])), begin)
                if begin[1] < slot and (now[0] >= 0 or begin[1]):
                    self.ready[gp.number].append((begin, (span.start, float(slot))))
                begin, now = (span.start, float(slot)), (span.start, slot + 1.0)
            elif span.kind == "runnable" and (slots := left.get((gp.number, span.end))):
                now = (span.end, float(slots[0]))
            elif span.kind == "wait":
                after = begin[1] if span.start == span.end else 0.0
                calls = (when for when in woken.get((gp.number, span.end), []) if when[1] >= after)
                now = next(calls, (span.end, after))
            else:
                now = (span.end, 0.0)
            self.spans[id(span)] = (begin, max(begin, now))

    def ready_at_all(self) -> bool:
        """Return whether a goroutine is runnable in a moment."""
        return any(self.ready.values())

    def last(self, gp: Goroutine, time: int) -> Moment:
        """Return when a goroutine has finished all of its runs at this time."""
        slots = self.runs.get((gp.number, time))
        return (time, slots[-1] + 1.0) if slots else (time, 0.0)


def _takes_no_time(span: Span) -> bool:
    return span.kind == "run" and span.start == span.end


class Scale:
    """Where a moment is on the axis."""

    def __init__(
        self, times: Sequence[int], begins: Sequence[float], slots: Sequence[float], size: float
    ) -> None:
        self.times = times
        self.begins = begins  # where each time begins
        self.ends = [begin + count * size for begin, count in zip(begins, slots, strict=True)]
        self.size = size  # the width of a slot
        self.even = size == 0  # the axis is linear

    def __call__(self, time: int, slot: float = 0.0) -> float:
        i = min(max(bisect_right(self.times, time) - 1, 0), len(self.times) - 1)
        if self.times[i] >= time or i + 1 == len(self.times):
            return min(self.begins[i] + slot * self.size, self.ends[i])
        share = (time - self.times[i]) / (self.times[i + 1] - self.times[i])
        return self.ends[i] + share * (self.begins[i + 1] - self.ends[i])


def _scale(
    program: Program, order: Order, axis: tuple[int, int], room: tuple[float, float], kind: str
) -> Scale:
    """Return the scale that puts the times of `axis` into the room, in pixels."""
    start, end = axis[0], max(axis[1], axis[0] + 1)
    left, width = room[0], room[1] - room[0]
    linear = Scale((start, end), room, (0, 0), 0.0)
    runs = [span for gp in program.goroutines.values() for span in gp.spans if span.kind == "run"]
    events = {start, end}
    events.update(time for span in runs for time in (span.start, span.end))
    times = sorted(events)
    slots = [order.slots.get(time, 0) for time in times]
    steps = len(times) - 1 + sum(slots)
    if kind == "time" or steps < 2:
        return linear
    if kind == "auto":
        seen = sum(linear(run.end) - linear(run.start) >= SEEN for run in runs)
        if seen >= 0.7 * len(runs) or width / steps < SEEN:
            return linear
    least = min(12.0, 0.7 * width / steps)
    rest = width - least * steps
    begins = [left]
    for (before, after), count in zip(pairwise(times), slots, strict=False):
        begins.append(begins[-1] + least * (1 + count) + rest * (after - before) / (end - start))
    return Scale(times, begins, slots, least)


class Box(NamedTuple):
    """The vertical position of a lane."""

    top: float
    middle: float  # the middle of its bars
    bottom: float
    regions: float  # where its first line of regions begins


class _Picture:
    """Draws one program."""

    def __init__(self, program: Program, axis: tuple[int, int], width: int, scale: str, name: str) -> None:
        self.program = program
        self.start, self.end = axis
        self.width = width
        self.name = name
        self.narrow = width < NARROW
        self.lanes = list(program.goroutines.values())
        names = [printable(short(gp.name)) for gp in self.lanes]
        longest = max(_wide(name, SIZE, MONO) for name in names)
        self.left = 6.0 if self.narrow else min(longest, width * 0.3) + GUTTER + 2
        self.right = width - MARGIN
        room = self.right if self.narrow else self.left - GUTTER
        self.names = [
            _fit(name, room, SIZE, MONO, f" {gp.number}") for name, gp in zip(names, self.lanes, strict=True)
        ]
        self.order = Order(program)
        self.x = _scale(program, self.order, axis, (self.left, self.right), scale)
        self.parts: list[str] = []
        self.texts: list[str] = []  # above all else
        self.kinds: dict[str, list[str]] = {}  # the waits that are drawn: kind -> reasons
        self.wakes: set[str] = set()  # the kinds of the arrows that are drawn

    def add(self, tag: str, tip: str = "", **attributes: str | float) -> None:
        """Add an element; `tip` is what a mouse over it shows."""
        self.parts.append(_element(tag, f"<title>{_escape(tip)}</title>" if tip else "", **attributes))

    def document(self, title: str, description: str, standalone: bool) -> str:
        top = 6.0
        if title:
            shown = _fit(printable(title), self.width - 12.0, SIZE + 1.5, SANS)
            self.text(6, top + 13, shown, size=SIZE + 1.5, bold=True)
            top += 24
        boxes = self.boxes(top)
        bottom = boxes[self.lanes[-1].number].bottom
        self.axis(top, bottom)
        self.collections(top, bottom)
        for gp, shown in zip(self.lanes, self.names, strict=True):
            self.lane(gp, shown, boxes[gp.number])
        self.arrows(boxes)
        height = self.legend(bottom + 36)
        head = self.head(title, description, standalone, height)
        return "\n".join([*head, *self.parts, *self.texts, "</svg>", ""])

    def head(self, title: str, description: str, standalone: bool, height: float) -> Iterable[str]:
        name, size = self.name, f'width="{self.width}" height="{_number(height)}"'
        spoken = printable(title) or f"Timeline of {printable(self.program.name)}"
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {_number(height)}" {size} '
            f'class="gochan-timeline" role="img" aria-labelledby="{name}-title {name}-desc">'
        )
        yield f'<title id="{name}-title">{_escape(spoken)}</title>'
        yield f'<desc id="{name}-desc">{_escape(printable(description) or self.described())}</desc>'
        yield f"<style>{_theme(standalone)}</style>"
        yield (
            f'<defs><marker id="{name}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
            'markerHeight="7" markerUnits="userSpaceOnUse" orient="auto">'
            '<path fill="currentColor" d="M0 0.8 L8 4 L0 7.2 z"/></marker></defs>'
        )
        if standalone:
            yield f'<rect class="paper" fill="{PAPER[0]}" {size}/>'

    def described(self) -> str:
        """Return what the picture shows, for readers who can't see it."""
        count = len(self.lanes)
        text = (
            f"{count} goroutine{'s' if count > 1 else ''} from {duration(self.start)} to {duration(self.end)}"
        )
        text += " of virtual time." if self.program.virtual else "."
        for gp in self.lanes[:12]:
            parts = [f"runs for {duration(gp.total('run'))}"]
            parts += [f"waits {duration(time)} in {printable(why)}" for why, time in gp.waiting().items()]
            text += f" {printable(short(gp.name))} {', '.join(parts)}."
        if count > 12:
            text += f" And {count - 12} more."
        return text

    # --- lanes ---

    def boxes(self, top: float) -> dict[int, Box]:
        """Return the room of each lane by its goroutine's number."""
        boxes = {}
        for gp in self.lanes:
            middle = top + LABEL + BAR / 2 + 1 + (SIZE + 4 if self.narrow else 0)
            regions = middle + BAR / 2 + 3
            bottom = regions + REGION * len(_nested(gp.regions)) + 4
            boxes[gp.number] = Box(top, middle, bottom, regions)
            top = bottom
        return boxes

    def lane(self, gp: Goroutine, shown: str, box: Box) -> None:
        self.parts.append(f"<g><title>{_escape(printable(short(gp.name)))}</title>")
        if self.narrow:
            self.text(6, box.top + SIZE + 1, shown, mono=True, halo=True)
        else:
            self.text(self.left - GUTTER, box.middle + 4, shown, mono=True, anchor="end", halo=True)
        for begin, end in self.order.ready[gp.number]:
            x = self.x(*begin)
            self.ready(x, self.x(*end) - x, box, "runnable")
        for kind in ("wait", "runnable", "run"):  # a run of zero length is drawn over its neighbors
            for span in gp.spans:
                if span.kind == kind:
                    self.span(span, box)
        for depth, spans in enumerate(_nested(gp.regions)):
            for span in spans:
                self.region(span, box.regions + depth * REGION)
        for instant in gp.instants:
            if instant.kind == "go" and instant.name == "end":
                self.end_mark(self.x(*self.order.last(gp, instant.time)), box)
            elif instant.kind == "panic":
                self.panic(self.x(*self.order.last(gp, instant.time)), box, printable(instant.name))
        self.parts.append("</g>")

    def span(self, span: Span, box: Box) -> None:
        begin, end = self.order.spans[id(span)]
        x = self.x(*begin)
        width = self.x(*end) - x
        if span.kind == "run":
            width = max(width, LEAST_RUN)
        elif width < 0.5:
            return
        height = BAR if span.kind != "wait" else THIN
        place = {"x": x, "y": box.middle - height / 2, "width": width, "height": height}
        tip = _tip(span, self.program)
        if span.kind == "run":
            self.add("rect", tip, css="run", fill=COLORS["run"][0], **place)
        elif span.kind == "runnable":
            self.ready(x, width, box, tip)
        else:
            kind = _kind(span.name)
            reasons = self.kinds.setdefault(kind, [])
            if span.name not in reasons:
                reasons.append(span.name)
            self.add("rect", tip, css=kind, fill=COLORS[kind][0], **place)
            self.label(span, box, x, x + width)
            if span.open and x + width >= self.right - 0.5:  # the span continues beyond the picture
                self.add(
                    "path",
                    css=kind,
                    fill=COLORS[kind][0],
                    d=_path("M", x + width, box.middle - 6, "l", 8, 6, "l", -8, 6, "z"),
                )

    def ready(self, x: float, width: float, box: Box, tip: str) -> None:
        place = {"x": x, "y": box.middle - BAR / 2, "width": width, "height": float(BAR)}
        if width >= 0.5:
            self.add("rect", tip, css="runnable", fill=COLORS["runnable"][0], fill_opacity=FAINT, **place)

    def label(self, span: Span, box: Box, left: float, right: float) -> None:
        """Write what a wait is for above it, if there is room."""
        name = printable(span.object)
        for text in (name, name.replace("chan ", "")):
            if text and text[0] != "#" and _wide(text, SMALL, SANS) <= right - left - 2:
                y = box.middle - BAR / 2 - 3
                self.text((left + right) / 2, y, text, size=SMALL, anchor="middle", halo=True)
                return

    def region(self, span: Span, y: float) -> None:
        x = self.x(span.start)
        width = max(self.x(span.end) - x, 1.0)
        name = printable(span.name)
        tip = f"{name}: {duration(span.length)}"
        place = {"x": x, "y": y, "width": width, "height": REGION - 2}
        self.add("rect", tip, fill="currentColor", fill_opacity=0.12, rx=2, **place)
        if _wide(name, SMALL - 1, SANS) <= width - 4:
            self.text(x + 3, y + REGION - 4.5, name, size=SMALL - 1)

    def end_mark(self, x: float, box: Box) -> None:
        d = _path("M", x, box.middle - BAR / 2 - 2, "v", BAR + 4)
        self.add("path", stroke="currentColor", stroke_width=1.6, d=d)

    def panic(self, x: float, box: Box, text: str) -> None:
        d = _path("M", x - 5, box.middle - 5, "l", 10, 10, "m", -10, 0, "l", 10, -10)
        self.add("path", text, css="panic", fill="none", stroke=COLORS["panic"][0], stroke_width=2.4, d=d)

    def collections(self, top: float, bottom: float) -> None:
        for span in self.program.scheduler:
            if span.kind == "gc":
                x = self.x(span.start)
                width = max(self.x(span.end) - x, 1.0)
                tip = f"{printable(span.name)}: {duration(span.length)}"
                place = {"x": x, "y": top, "width": width, "height": bottom - top}
                self.add("rect", tip, fill="currentColor", fill_opacity=0.15, **place)

    def arrows(self, boxes: dict[int, Box]) -> None:
        """Draw who woke and started whom."""
        for wake, begin, end in self.order.wakes:
            source, target = boxes.get(wake.source), boxes.get(wake.target)
            if source is None or target is None or source is target or wake.source_pid != self.program.pid:
                continue
            if not self.start <= wake.time <= wake.arrival <= self.end:
                continue
            down = 1 if target.middle > source.middle else -1
            y, to_y = source.middle + down * BAR / 2, target.middle - down * (BAR / 2 + 1)
            self.arrow(wake.kind, self.x(*begin), y, self.x(*end), to_y)
            self.wakes.add(wake.kind)

    def arrow(self, kind: str, x: float, y: float, to_x: float, to_y: float) -> None:
        dash = {"stroke_dasharray": "3 3"} if kind == "go" else {}
        head = f"url(#{self.name}-head)"
        d = _path("M", x, y, "L", to_x, to_y)
        self.add("path", fill="none", stroke="currentColor", stroke_width=1.1, marker_end=head, d=d, **dash)

    # --- axis and legend ---

    def axis(self, top: float, bottom: float) -> None:
        line = _path("M", self.left, bottom, "H", self.right)
        self.add("path", stroke="currentColor", stroke_opacity=0.5, d=line)
        free = 0.0
        for time in _ticks(self.start, self.end, self.right - self.left):
            x, label = self.x(time), _tick(time, self.end)
            half = _wide(label, SMALL, SANS) / 2
            middle = min(max(x, half + 2), self.width - half - 2)
            if middle - half < free:
                continue
            free = middle + half + 8
            line = _path("M", x, top, "V", bottom + 4)
            self.add("path", stroke="currentColor", stroke_opacity=0.15, d=line)
            self.text(middle, bottom + 16, label, size=SMALL, anchor="middle")

    def legend(self, y: float) -> float:
        """Write what the colors mean, in as many lines as it takes; return where the last of them ends."""
        entries = [("run", "running")]
        spans = (span for gp in self.lanes for span in gp.spans)
        if any(span.kind == "runnable" and span.length for span in spans) or self.order.ready_at_all():
            entries.append(("runnable", "runnable"))
        entries += [
            (kind, ", ".join(map(printable, self.kinds[kind]))) for kind, _ in WAITS if kind in self.kinds
        ]
        entries += [("wake", "wakes")] if "wake" in self.wakes else []
        entries += [("go", "starts")] if "go" in self.wakes else []
        if any(span.kind == "gc" for span in self.program.scheduler):
            entries.append(("gc", "garbage collection"))
        notes = ["virtual time"] if self.program.virtual else []
        notes += [] if self.x.even else ["time not to scale"]
        entries += [("", ", ".join(notes))] if notes else []
        x = 6.0
        for kind, text in entries:
            indent = 22 if kind else 0
            shown = _fit(text, self.width - 12 - indent, SMALL, SANS)
            width = indent + _wide(shown, SMALL, SANS)
            if x > 6 and x + width > self.width - 6:
                x, y = 6.0, y + 18
            self.sample(kind, x, y)
            self.text(x + indent, y + 4, shown, size=SMALL, italic=not kind)
            x += width + 14
        return y + 14

    def sample(self, kind: str, x: float, y: float) -> None:
        """Draw what an entry of the legend is about."""
        if kind in ("wake", "go"):
            self.arrow(kind, x, y, x + 17, y)
        elif kind == "gc":
            self.add("rect", fill="currentColor", fill_opacity=0.15, x=x, y=y - 5, width=16, height=10)
        elif kind:
            height = {"run": 10, "runnable": 10}.get(kind, THIN)
            place = {"x": x, "y": y - height / 2, "width": 16.0, "height": float(height)}
            faint = FAINT if kind == "runnable" else 1.0
            self.add("rect", "", css=kind, fill=COLORS[kind][0], fill_opacity=faint, **place)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SIZE,
        mono: bool = False,
        anchor: str = "start",
        bold: bool = False,
        italic: bool = False,
        halo: bool = False,
    ) -> None:
        # The font is also an attribute, for programs that don't know style sheets.
        more = {"font_weight": "bold"} if bold else {"font_style": "italic"} if italic else {}
        self.texts.append(
            _element(
                "text",
                _escape(text),
                css=("mono" if mono else "sans") + (" halo" if halo else ""),
                fill="currentColor",
                font_family="monospace" if mono else "sans-serif",
                font_size=size,
                text_anchor=anchor,
                x=x,
                y=y,
                **more,
            )
        )


def _theme(standalone: bool) -> str:
    """Return the picture's style rules; they apply only inside it, because it may be part of a page."""
    rules = [
        *_colors(0),
        "$ .mono{font-family:var(--gochan-mono,ui-monospace,Menlo,Consolas,monospace)}",
        "$ .sans{font-family:var(--gochan-sans,system-ui,'Segoe UI',Helvetica,Arial,sans-serif)}",
        "$ .halo{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}",
    ]
    if standalone:
        rules += [*_surface(0), "@media (prefers-color-scheme:dark){", *_colors(1), *_surface(1), "}"]
    else:
        rules += ["$ .halo{stroke:var(--gochan-paper,transparent)}", "$ {color:var(--gochan-ink,inherit)}"]
    return "".join(rules).replace("$ {", "${").replace("$", ".gochan-timeline")


def _colors(theme: int) -> list[str]:
    return [
        f"$ .{name}{{{'stroke' if name == 'panic' else 'fill'}:var(--gochan-{name},{color[theme]})}}"
        for name, color in COLORS.items()
    ]


def _surface(theme: int) -> list[str]:
    paper = f"var(--gochan-paper,{PAPER[theme]})"
    return [
        f"$ {{color:var(--gochan-ink,{INK[theme]})}}",
        f"$ .paper{{fill:{paper}}}",
        f"$ .halo{{stroke:{paper}}}",
    ]


def _kind(reason: str) -> str:
    """Return what a wait's color says."""
    return next(kind for kind, expression in WAITS if expression.match(reason))


def _nested(regions: Iterable[Span]) -> list[list[Span]]:
    """Return the regions by how deep they are in others, in lines in which none overlaps the next."""
    lines: list[list[Span]] = []
    for span in regions:
        for line in lines:
            if line[-1].end <= span.start:
                line.append(span)
                break
        else:
            lines.append([span])
    return lines


def _tip(span: Span, program: Program) -> str:
    """Return what a mouse over a span shows."""
    text = f"{span.name} {duration(span.length)}" if span.length else span.name
    text += f", {span.object}" if span.object else ""
    text += f", {span.at}" if span.at else ""
    by = program.label(span.by)
    if by and span.kind != "run":
        text += f", {'ended' if span.kind == 'wait' else 'made so'} by {short(by)}"
    return printable(text)


def _ticks(start: int, end: int, room: float) -> list[int]:
    """Return round times on the axis, as many as have room."""
    rough = max(1.0, (end - start) / max(2.0, room / 90))
    power = 10 ** floor(log10(rough))
    steps = [power, 2 * power, 5 * power, 10 * power]
    if end >= LONG and rough > SECOND:
        steps = [n * SECOND for n in CLOCK] + steps  # the steps of a clock; no recording lasts for years
    step = next(step for step in steps if step >= rough)
    return list(range(-(-start // step) * step, end + 1, step))


def _tick(time: int, end: int) -> str:
    """Return a time of the axis; all have the same unit."""
    if time == 0:
        return "0"
    if end >= LONG and time % SECOND == 0:
        minutes, seconds = divmod(time // SECOND, 60)
        hours, minutes = divmod(minutes, 60)
        return "".join(f"{n}{unit}" for n, unit in ((hours, "h"), (minutes, "m"), (seconds, "s")) if n)
    unit, size = next((unit, size) for unit, size in UNITS if end >= size)
    return f"{f'{time / size:.9f}'.rstrip('0').rstrip('.')} {unit}"


def _wide(text: str, size: float, character: float) -> float:
    """Estimate the width of a text without knowing the font."""
    if text.isascii():
        return len(text) * size * character
    return size * sum(1.0 if unicodedata.east_asian_width(char) in "WF" else character for char in text)


def _fit(text: str, room: float, size: float, character: float, end: str = "") -> str:
    """Return as much of a text as fits, with an ellipsis for the rest; keep `end` if the text ends so."""
    if _wide(text, size, character) <= room:
        return text
    end = f"…{end}" if text.endswith(end) else "…"
    text = text[: int(room / size / character) + 1]
    while text and _wide(f"{text}{end}", size, character) > room:
        text = text[:-1]
    return f"{text}{end}"


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _path(*steps: str | float) -> str:
    """Return the data of a path."""
    return " ".join(step if isinstance(step, str) else _number(step) for step in steps)


def _element(tag: str, content: str, **attributes: str | float) -> str:
    """Return an element; `content` is markup, and `css` becomes the attribute `class`, a Python keyword."""
    words = [tag]
    for name, value in attributes.items():
        text = value if isinstance(value, str) else _number(value)
        words.append(f'{"class" if name == "css" else name.replace("_", "-")}="{text}"')
    return f"<{' '.join(words)}>{content}</{tag}>" if content else f"<{' '.join(words)}/>"


def _escape(text: str) -> str:
    return escape(text, quote=False)
