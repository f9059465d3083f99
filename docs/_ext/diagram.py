"""The directive `diagram`: goroutines, and the channels between them, drawn from a few lines on the page.

    .. diagram:: Worker pool
       :alt: What a screen reader reads out.

       main | other        goroutines side by side; what follows a colon goes below the name
       (jobs)              an unbuffered channel: a dot
       (jobs 2/5)          a buffered one with 5 cells, 2 of them full
       main ~ worker: quit a dashed arrow past the other rows, from the lowest `main`

The rows go from top to bottom. Two rows of the same length are joined one to one, any others each with each.
`=` between two rows makes the arrows point both ways, and `~` makes them dashed. A `/` breaks a line. A line
that begins with `|` continues the row above. A name followed by an address, `Generator <generator.html>`, is
a link.

Graphviz can't draw these: it has no shape for a buffer, its drawings are wider than a phone, and Sphinx
includes them in a way that keeps the theme's colors out. Here the SVG is part of the page, and
_static/figures.css gives it the theme's colors and fonts, light and dark. The drawing is as wide as a phone;
a row that doesn't fit is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives

WIDTH = 340
MARGIN = 6
# The width that a dashed arrow and its word need beside the boxes.
LANE = 68
# The width of a letter, in the fonts that figures.css gives to names and notes.
NAME, NOTE = 7.9, 6.0
LINE, BOX, CELL, DOT, GAP = 15, 34, 18, 5, 30

LINK = r"\s*(?:<(?P<link>[^>]+)>)?\s*"
ITEM = re.compile(rf"(?P<name>[^:<]+?){LINK}(?::\s*(?P<note>.*))?")
CHANNEL = re.compile(rf"\((?P<name>.*?){LINK}(?:(?P<full>\d+)/(?P<cells>\d+))?\)")
PAST = re.compile(r"(?P<start>.+?) ~ (?P<end>.+?):(?P<word>.*)")


@dataclass
class Item:
    """A goroutine, or a channel if it has a number of cells."""

    name: str
    link: str | None
    notes: list[str] = field(default_factory=list)
    full: int = 0
    cells: int | None = None
    x: float = 0
    y: float = 0

    def __post_init__(self) -> None:
        self.width = self.height = float(2 * DOT)
        if self.cells:
            self.width, self.height = self.cells * CELL, CELL
        elif self.cells is None:
            self.width = max(NAME * len(self.name), *(NOTE * len(note) for note in self.notes), 40) + 16
            self.height = BOX + LINE * len(self.notes)

    @property
    def top(self) -> float:
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height / 2


@dataclass
class Row:
    items: list[Item]
    both_ways: bool = False
    dashed: bool = False


def broken(text: str) -> list[str]:
    """Return the lines of a note."""
    return [part for part in map(str.strip, text.split("/")) if part]


def item(text: str) -> Item:
    if found := CHANNEL.fullmatch(text):
        return Item(found["name"], found["link"], [], int(found["full"] or 0), int(found["cells"] or 0))
    if found := ITEM.fullmatch(text):
        return Item(found["name"], found["link"], broken(found["note"] or ""))
    raise ValueError(f"neither a goroutine nor a channel: {text!r}")


def place(rows: list[Row], room: float) -> None:
    """Position the items. Raises `ValueError` if a row doesn't fit."""
    y = float(MARGIN)
    for row in rows:
        height = max(item.height for item in row.items)
        free = room - sum(item.width for item in row.items)
        if free < 4 * (len(row.items) - 1):
            raise ValueError(f"too wide for a phone: {[item.name for item in row.items]}")
        x = MARGIN + free / (2 * len(row.items))
        for item in row.items:
            item.x, item.y = x + item.width / 2, y + height / 2
            x += item.width + free / len(row.items)
        y += height + GAP
    # If each goroutine has a channel of its own, put the channel directly below it, despite different widths.
    for above, below in pairwise(rows):
        if len(above.items) == len(below.items):
            for upper, lower in zip(above.items, below.items, strict=True):
                if lower.cells is not None:
                    lower.x = upper.x


def tag(name: str, kind: str, text: str = "", **attributes: float | str) -> str:
    given = {key: value if isinstance(value, str) else f"{value:g}" for key, value in attributes.items()}
    listed = "".join(f' {key}="{value}"' for key, value in given.items())
    return f'<{name} class="{kind}"{listed}>{escape(text)}</{name}>'


def draw(title: str, description: str, text: str) -> str:
    """Return the SVG of a diagram."""
    rows: list[Row] = []
    past: list[re.Match[str]] = []
    for line in filter(None, map(str.strip, re.sub(r"\s*\n\s*\|", " |", text).splitlines())):
        if line in ("=", "~"):
            rows[-1].both_ways, rows[-1].dashed = line == "=", line == "~"
        elif found := PAST.fullmatch(line):
            past.append(found)
        else:
            rows.append(Row([item(part.strip()) for part in line.split("|")]))
    place(rows, WIDTH - 2 * MARGIN - (LANE if past else 0))
    items = [item for row in rows for item in row.items]
    height = max(item.bottom for item in items) + MARGIN
    # There may be several diagrams on a page, so each needs element names of its own.
    name = re.sub(r"\W+", "-", title.lower()).strip("-")
    paths = [path for above, below in pairwise(rows) for path in arrows(above, below)]
    paths += [path for found in past for path in dashed(items, found)]
    return f"""\
<svg class="figure" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}"
     role="img" aria-labelledby="{name}-title {name}-desc" xmlns="http://www.w3.org/2000/svg">
<title id="{name}-title">{escape(title)}</title>
<desc id="{name}-desc">{escape(description)}</desc>
<marker id="{name}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"
        markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0.5 L8 4 L0 7.5 z"/></marker>
{"".join(paths)}
{"".join(map(shape, items))}
</svg>
""".replace("(#head)", f"(#{name}-head)")


def arrows(above: Row, below: Row) -> Iterator[str]:
    one_to_one = len(above.items) == len(below.items)
    for i, upper in enumerate(above.items):
        for j, lower in enumerate(below.items):
            if one_to_one and i != j:
                continue
            x1 = spread(upper, j, 1 if one_to_one else len(below.items))
            x2 = spread(lower, i, 1 if one_to_one else len(above.items))
            heads = {"marker-start": "url(#head)"} if above.both_ways else {}
            # An unbuffered channel is a point on the arrow, so the head is at the receiver only.
            if lower.cells != 0:
                heads["marker-end"] = "url(#head)"
            kind = "arrow dashed" if above.dashed else "arrow"
            y2 = lower.top - (2 if lower.cells != 0 else 0)
            yield tag("path", kind, d=f"M{x1:g} {upper.bottom:g} L{x2:g} {y2:g}", **heads)


def spread(item: Item, at: int, of: int) -> float:
    """Return the x position where an arrow meets an item: several arrows are spread over its width."""
    reach = 0.0 if item.cells == 0 else item.width * (0.3 if item.cells is None else 0.25)
    return item.x + (reach * (2 * at / (of - 1) - 1) if of > 1 else 0)


def dashed(items: list[Item], past: re.Match[str]) -> Iterator[str]:
    lowest = {item.name: item for item in items if item.cells is None}
    for name in past.group("start", "end"):
        if name not in lowest:
            raise ValueError(f"no goroutine is named {name!r}")
    source, target = lowest[past["start"]], lowest[past["end"]]
    lane = WIDTH - MARGIN - LANE + 14
    bend = 6 if target.y > source.y else -6
    path = (
        f"M{source.x + source.width / 2:g} {source.y:g} H{lane - 6}"
        f" Q{lane} {source.y:g} {lane} {source.y + bend:g} V{target.y - bend:g}"
        f" Q{lane} {target.y:g} {lane - 6} {target.y:g} H{target.x + target.width / 2 + 2:g}"
    )
    yield tag("path", "arrow dashed", d=path, **{"marker-end": "url(#head)"})
    for i, part in enumerate(broken(past["word"])):
        yield tag("text", "word", part, x=lane + 6, y=(source.y + target.y) / 2 + 4 + LINE * i)


def shape(item: Item) -> str:
    left = item.x - item.width / 2
    if item.cells is None:
        parts = [tag("rect", "goroutine", x=left, y=item.top, width=item.width, height=item.height, rx=9)]
        parts.append(tag("text", "name", item.name, x=item.x, y=item.top + 22))
        for i, note in enumerate(item.notes, 1):
            parts.append(tag("text", "note", note, x=item.x, y=item.top + 20 + LINE * i))
    else:
        # The oldest value is in the rightmost cell, so the full cells are on the right.
        kinds = ["cell"] * (item.cells - item.full) + ["cell full"] * item.full
        parts = [] if kinds else [tag("circle", "cell", cx=item.x, cy=item.y, r=DOT)]
        for i, kind in enumerate(kinds):
            parts.append(tag("rect", kind, x=left + i * CELL, y=item.top, width=CELL, height=CELL))
        if item.name:
            parts.append(tag("text", "word", item.name, x=left + item.width + 7, y=item.y + 4))
    drawn = "".join(parts)
    return f'<a href="{escape(item.link)}">{drawn}</a>' if item.link else drawn


class Diagram(Directive):
    """A diagram, with its title."""

    required_arguments, final_argument_whitespace, has_content = 1, True, True
    option_spec: ClassVar = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        if "alt" not in self.options:
            raise self.error("diagram: it has no :alt: for screen readers")
        try:
            svg = draw(self.arguments[0], " ".join(self.options["alt"].split()), "\n".join(self.content))
        except (IndexError, ValueError) as wrong:
            raise self.error(f"diagram: {wrong}") from None
        return [nodes.raw("", svg, format="html")]


def setup(app: Any) -> dict[str, bool]:
    app.add_directive("diagram", Diagram)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
