"""Draws the diagrams of the patterns' pages: goroutines, and the channels between them.

    python docs/diagrams.py

Each diagram is a few lines in DIAGRAMS, read from top to bottom:

    main | other        goroutines side by side; what stands after a colon goes below the name
    (jobs)              an unbuffered channel: a dot
    (jobs 2/5)          a buffered one with 5 cells, 2 of them full
    main ~ worker: quit a dashed arrow past the others, from the lowest `main`

Two rows of the same length are joined one to one, any others each with each. `=` between two rows makes the
arrows go both ways, and `~` makes them dashed. A `/` breaks a line; a row goes on in a line that begins with
a `|`. A name with an address behind it, `Generator <generator.html>`, is a link.

Invariants: the same description gives the same file, byte for byte, so that a test can hold the committed
ones against this. A diagram is as wide as a telephone, and takes its colours from the theme's variables: it
is put into the page itself, as `raw` HTML, and follows the page from light to dark.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent / "_static" / "patterns"

WIDTH = 340
# What a dashed arrow needs beside the boxes, and its word.
LANE = 68
MARGIN = 6
# Of one letter, in the fonts and sizes used below; a monospaced letter is 0.6 of its size everywhere.
NAME, NOTE = 7.9, 6.0
LINE = 15
BOX = 34
CELL = 18
DOT = 5
GAP = 30

INK = "var(--color-foreground-primary, #222)"
PALE = "var(--color-foreground-secondary, #5a5c63)"
EDGE = "var(--color-foreground-secondary, #555)"
PAPER = "var(--color-background-secondary, #f4f5f7)"
BLANK = "var(--color-background-primary, #fff)"
MARK = "var(--color-brand-primary, #0a4bff)"
MONO = "var(--font-stack--monospace, monospace)"
SANS = "var(--font-stack, sans-serif)"

ITEM = re.compile(r"(?P<name>[^:<]+?)\s*(<(?P<link>[^>]+)>)?\s*(:\s*(?P<note>.*))?")
CHANNEL = re.compile(r"\((?P<name>.*?)\s*(<(?P<link>[^>]+)>)?\s*((?P<full>\d+)/(?P<cells>\d+))?\)")
PAST = re.compile(r"(?P<start>.+?) ~ (?P<end>.+?):(?P<word>.*)")


@dataclass
class Item:
    """A goroutine, or a channel if it has a number of cells."""

    name: str
    notes: list[str] = field(default_factory=list)
    link: str | None = None
    full: int = 0
    cells: int | None = None
    x: float = 0
    y: float = 0

    @property
    def height(self) -> float:
        if self.cells is not None:
            return CELL if self.cells else 2 * DOT
        return BOX + LINE * len(self.notes)

    @property
    def width(self) -> float:
        if self.cells is not None:
            return self.cells * CELL or 2 * DOT
        return max(NAME * len(self.name), *(NOTE * len(note) for note in self.notes), 40) + 16

    @property
    def top(self) -> float:
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height / 2


@dataclass
class Row:
    items: list[Item]
    # What leads on from it.
    both_ways: bool = False
    dashed: bool = False


@dataclass
class Diagram:
    title: str
    description: str
    rows: list[Row] = field(default_factory=list)
    past: list[tuple[str, str, str]] = field(default_factory=list)


def read(title: str, description: str, text: str) -> Diagram:
    diagram = Diagram(title, " ".join(description.split()))
    text = re.sub(r"\s*\n\s*\|", " |", text)
    for line in filter(None, map(str.strip, text.splitlines())):
        if line in ("=", "~"):
            diagram.rows[-1].both_ways = line == "="
            diagram.rows[-1].dashed = line == "~"
        elif past := PAST.fullmatch(line):
            diagram.past.append((past["start"], past["end"], past["word"]))
        else:
            diagram.rows.append(Row([item(part.strip()) for part in line.split("|")]))
    place(diagram)
    return diagram


def item(text: str) -> Item:
    if channel := CHANNEL.fullmatch(text):
        full, cells = int(channel["full"] or 0), int(channel["cells"] or 0)
        return Item(channel["name"], link=channel["link"], full=full, cells=cells)
    found = ITEM.fullmatch(text)
    if not found:
        raise ValueError(f"neither a goroutine nor a channel: {text!r}")
    notes = [note.strip() for note in (found["note"] or "").split("/") if note.strip()]
    return Item(found["name"], notes, found["link"])


def place(diagram: Diagram) -> None:
    """Give each item its place; refuse what doesn't fit."""
    room = WIDTH - 2 * MARGIN - (LANE if diagram.past else 0)
    y = float(MARGIN)
    for row in diagram.rows:
        free = room - sum(item.width for item in row.items)
        if free < 4 * (len(row.items) - 1):
            raise ValueError(f"{diagram.title}: too wide for a telephone: {[i.name for i in row.items]}")
        x = MARGIN + free / (2 * len(row.items))
        y += max(item.height for item in row.items) / 2
        for item in row.items:
            item.x, item.y = x + item.width / 2, y
            x += item.width + free / len(row.items)
        y += max(item.height for item in row.items) / 2 + GAP
    # A channel of one's own stands below its goroutine, whatever the widths of the others are.
    for above, below in zip(diagram.rows, diagram.rows[1:], strict=False):
        if len(above.items) == len(below.items):
            for upper, lower in zip(above.items, below.items, strict=True):
                if lower.cells is not None:
                    lower.x = upper.x


def draw(diagram: Diagram) -> str:
    height = diagram.rows[-1].items[0].bottom + MARGIN
    # Several diagrams may be on one page, and each needs names of its own.
    name = re.sub(r"\W+", "-", diagram.title.lower()).strip("-")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}"'
        f' height="{height:g}" role="img" aria-labelledby="{name}-title {name}-desc"'
        ' style="display: block; margin: 1.5rem auto; max-width: 100%; height: auto">',
        f'<title id="{name}-title">{escape(diagram.title)}</title>',
        f'<desc id="{name}-desc">{escape(diagram.description)}</desc>',
        f'<defs><marker id="{name}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
        f' markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
        f'<path d="M0 0.5 L8 4 L0 7.5 z" style="fill: {EDGE}"/></marker></defs>',
    ]
    for above, below in zip(diagram.rows, diagram.rows[1:], strict=False):
        lines += arrows(above, below, f"url(#{name}-head)")
    for start, end, word in diagram.past:
        lines += dashed(diagram, start, end, word, f"url(#{name}-head)")
    for row in diagram.rows:
        for item in row.items:
            lines += channel(item) if item.cells is not None else goroutine(item)
    return "\n".join([*lines, "</svg>", ""])


def arrows(above: Row, below: Row, head: str) -> Iterator[str]:
    one_to_one = len(above.items) == len(below.items)
    for i, upper in enumerate(above.items):
        for j, lower in enumerate(below.items):
            if one_to_one and i != j:
                continue
            # Several meet a channel a little apart, those of the cells at their ends.
            x1 = spread(upper, j, 1 if one_to_one else len(below.items))
            x2 = spread(lower, i, 1 if one_to_one else len(above.items))
            start = f' marker-start="{head}"' if above.both_ways else ""
            # An unbuffered channel is a point on the arrow: the head is where the receiver is.
            end = "" if lower.cells == 0 else f' marker-end="{head}"'
            stroke = f'{MARK}" stroke-dasharray="4 3' if above.dashed else EDGE
            yield (
                f'<path d="M{x1:g} {upper.bottom:g} L{x2:g} {lower.top - (2 if end else 0):g}" fill="none"'
                f' style="stroke: {stroke}" stroke-width="1.5"{start}{end}/>'
            )


def spread(item: Item, at: int, of: int) -> float:
    reach = 0.0 if item.cells == 0 else item.width * (0.3 if item.cells is None else 0.25)
    return item.x + (reach * (2 * at / (of - 1) - 1) if of > 1 else 0)


def dashed(diagram: Diagram, start: str, end: str, word: str, head: str) -> Iterator[str]:
    items = [item for row in diagram.rows for item in row.items if item.cells is None]
    named = [item for item in items if item.name == start]
    # `main ~ worker` starts at the lowest of several: where main ends what it began.
    source = named[-1]
    target = next(item for item in reversed(items) if item.name == end)
    lane = WIDTH - MARGIN - LANE + 14
    yield (
        f'<path d="M{source.x + source.width / 2:g} {source.y:g} H{lane - 6:g}'
        f" Q{lane:g} {source.y:g} {lane:g} {source.y + (6 if target.y > source.y else -6):g}"
        f" V{target.y + (-6 if target.y > source.y else 6):g}"
        f' Q{lane:g} {target.y:g} {lane - 6:g} {target.y:g} H{target.x + target.width / 2 + 2:g}" fill="none"'
        f' style="stroke: {MARK}" stroke-width="1.5" stroke-dasharray="4 3" marker-end="{head}"/>'
    )
    middle = (source.y + target.y) / 2 + 4
    for i, part in enumerate(filter(None, map(str.strip, word.split("/")))):
        yield words(part, lane + 6, middle + LINE * i, font=MONO, size=12, anchor="start")


def goroutine(item: Item) -> Iterator[str]:
    if item.link:
        yield f'<a href="{escape(item.link)}" style="text-decoration: none">'
    left = item.x - item.width / 2
    yield (
        f'<rect x="{left:g}" y="{item.top:g}" width="{item.width:g}" height="{item.height:g}"'
        f' rx="9" style="fill: {PAPER}; stroke: {MARK}" stroke-width="1.5"/>'
    )
    font, ink = (SANS, MARK) if item.link else (MONO, INK)
    yield words(item.name, item.x, item.top + 22, font=font, size=13, ink=ink)
    for i, note in enumerate(item.notes, 1):
        yield words(note, item.x, item.top + 20 + LINE * i, font=SANS, size=11.5, ink=PALE)
    if item.link:
        yield "</a>"


def channel(item: Item) -> Iterator[str]:
    assert item.cells is not None
    left = item.x - item.width / 2
    if item.link:
        yield f'<a href="{escape(item.link)}" style="text-decoration: none">'
    if not item.cells:
        yield (
            f'<circle cx="{item.x:g}" cy="{item.y:g}" r="{DOT}" style="fill: {BLANK}; stroke: {EDGE}"'
            ' stroke-width="1.5"/>'
        )
    for i in range(item.cells):
        # A channel is drawn from top to bottom, and its cells lie across: the oldest is the rightmost.
        fill = MARK if i >= item.cells - item.full else BLANK
        opacity = ' fill-opacity="0.55"' if i >= item.cells - item.full else ""
        yield (
            f'<rect x="{left + i * CELL:g}" y="{item.top:g}" width="{CELL}" height="{CELL}"{opacity}'
            f' style="fill: {fill}; stroke: {EDGE}" stroke-width="1.5"/>'
        )
    if item.name:
        font, ink = (SANS, MARK) if item.link else (MONO, INK)
        right = item.x + item.width / 2 + 7
        yield words(item.name, right, item.y + 4, font=font, size=12, ink=ink, anchor="start")
    if item.link:
        yield "</a>"


def words(
    text: str, x: float, y: float, *, font: str, size: float, ink: str = INK, anchor: str = "middle"
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size:g}"'
        f' style="font-family: {font}; fill: {ink}">{escape(text)}</text>'
    )


# --- the diagrams -------------------------------------------------------------------------------------------

DIAGRAMS = {
    "map": read(
        "Where each pattern has its place in a program",
        """A stream flows from top to bottom. Generators make values, each into a channel of its own.
        Multiplexing makes one of several channels. A buffer between producers and consumers takes
        up bursts. How many work at once is for fan-out, a worker pool or a semaphore to say. Their
        results come together, and go through the next stages of a pipeline to main. A timeout, a
        quit signal or a context tells main when to end it all.""",
        """
        Generator <generator.html>: makes values | Generator <generator.html>: makes values
        ()|()
        Multiplexing <multiplexing.html>: one of several channels
        (Producer-Consumer <producer_consumer.html> 3/4)
        Fan-Out <fan_out_fan_in.html>: one for / each part
            | Worker Pool <worker_pool.html>: a few for / all jobs
            | Semaphore <semaphore.html>: so many / at a time
        (Fan-In <fan_out_fan_in.html>)
        Pipeline <pipeline.html>: the next stages
        ()
        main: takes the results
        ~
        Timeout <timeout.html>: waited enough
            | Quit signal <quit_signal.html>: asked to stop
            | Context <context.html>: both, for all
        """,
    ),
    "generator": read(
        "Generator",
        """The goroutine that fibonacci started sends to the unbuffered channel out and closes it at the end.
        Main receives from it.""",
        """
        fibonacci: makes the next number
        (out)
        main: for n in out
        """,
    ),
    "timeout": read(
        "Timeout",
        """The goroutine that ask started sends its answer into a channel with room for one. A timer sends
        into a channel of its own. Main selects from both, and takes what comes first.""",
        """
        ask: works on the answer | timer: waits 50 ms
        (answer 0/1) | (time 0/1)
        main: select, takes what is first
        """,
    ),
    "quit_signal": read(
        "Quit signal",
        """Watch sends its rounds to main over an unbuffered channel. The system's signal goes into a
        channel with room for one, where main finds it. Main closes the channel quit, which watch
        sees; watch cleans up and closes the channel done, for which main waits.""",
        """
        system | watch: select; closes / done at the end
        (signals 0/1) | (rounds)
        main: closes quit, / waits for done
        main ~ watch: close/(quit)
        """,
    ),
    "context": read(
        "Context",
        """Main calls search, which starts two goroutines, hall and attic. Both send what they find into a
        channel with room for two, from which search receives. Search, or a timer, cancels the
        context, and all three see its done channel closed.""",
        """
        context: done is closed by cancel / or at the deadline
        ~
        hall: select | attic: select
        (found 0/2)
        search: select
        search ~ context: cancel
        """,
    ),
    "worker_pool": read(
        "Worker pool",
        """A feeding goroutine sends jobs into an unbuffered channel. Three workers receive from it and send
        to one channel of results, from which main receives.""",
        """
        feeder: close(jobs) at the end
        (jobs)
        worker 0 | worker 1 | worker 2
        (results)
        main: for result in results
        """,
    ),
    "fan_out_fan_in": read(
        "Fan-out, fan-in",
        """Main cuts the task into four parts and starts a goroutine for each. All four send to one channel,
        counts, from which main receives.""",
        """
        main: cuts the task up
        0-99 | 100-199 | 200-299 | 300-399
        (counts)
        main: adds the counts up
        """,
    ),
    "producer_consumer": read(
        "Producer-consumer",
        """Two cooks send dishes into a channel with two cells, and wait when both are full. Main takes dishes
        out, and waits when both are empty.""",
        """
        soup cook | cake cook
        (counter 2/2)
        main: serves
        """,
    ),
    "pipeline": read(
        "Pipeline",
        """Three goroutines, source, fahrenheit and above, are joined by unbuffered channels, each closed by
        the goroutine that sends into it. Main receives from the last channel.""",
        """
        source
        (out)
        fahrenheit
        (out)
        above
        (out)
        main
        """,
    ),
    "multiplexing": read(
        "Multiplexing",
        """Two gates send into an unbuffered channel each. Main selects from both; a channel that was closed
        is replaced by None and never ready again.""",
        """
        gate: 4 visitors | gate: 2 visitors
        (north) | (south)
        main: select
        """,
    ),
    "bounded_parallelism": read(
        "Bounded parallelism",
        """Walk sends paths into an unbuffered channel. Two digesters receive paths, and send sums into an
        unbuffered channel, from which main receives. When main returns it closes the channel done,
        and both walk and the digesters see it.""",
        """
        walk
        (paths)
        digest | digest
        (sums)
        main
        main ~ walk: close/(done)
        main ~ digest:
        """,
    ),
    "semaphore": read(
        "Semaphore",
        """Five lorries share a channel with two cells. Each sends a token into it before it drives onto the
        bridge, which waits while two are in, and receives one when it has left.""",
        """
        lorry 0 | lorry 1 | lorry 2 | lorry 3
        =
        (bridge 2/2)
        """,
    ),
    "server": read(
        "Server",
        """Three clients dial one listener. The goroutine serve accepts at most two connections at a time, and
        starts a handler for each; the third client waits in the listener's queue. Each handler has a deadline
        and recovers from its own errors. Main cancels the context to shut down: serve then accepts no more,
        waits for the handlers, and returns to main.""",
        """
        client | client | client: waits
        (listener)
        serve: at most 2
        handler: deadline, / recover | handler: deadline, / recover
        main: server.wait()
        main ~ serve: cancel
        """,
    ),
    "choose_pool": read(
        "A pool of three workers for all jobs",
        "Main sends 20 jobs into one channel, and three workers receive from it.",
        """
        main: 20 jobs
        (jobs)
        worker | worker | worker
        """,
    ),
    "choose_each": read(
        "A goroutine for each job",
        "Main starts a goroutine for each of 20 jobs.",
        """
        main: 20 jobs
        job 0 | job 1 | ... | job 19
        """,
    ),
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, diagram in DIAGRAMS.items():
        (FOLDER / f"{name}.svg").write_text(draw(diagram))


if __name__ == "__main__":
    main()
