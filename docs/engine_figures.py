"""Draws the figures of "How it works" into _static/engine.

    python docs/engine_figures.py

The colours are the theme's variables: the page holds the figures themselves, which follow from light to
dark. The same script gives the same files, byte for byte; a test holds the committed ones against it.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent / "_static" / "engine"
WIDTH = 340

INK = "var(--color-foreground-primary, #222)"
PALE = "var(--color-foreground-secondary, #5a5c63)"
PAPER = "var(--color-background-secondary, #f4f5f7)"
BLANK = "var(--color-background-primary, #fff)"
MARK = "var(--color-brand-primary, #0a4bff)"
MONO = "var(--font-stack--monospace, monospace)"
SANS = "var(--font-stack, sans-serif)"


class Figure:
    """A picture that grows by boxes, words and arrows."""

    def __init__(self, name: str, title: str, text: str, height: int) -> None:
        self.name = name
        self.height = height
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            f'height="{height}" role="img" aria-labelledby="{name}-title {name}-desc" '
            'style="display: block; margin: 1.5rem auto; max-width: 100%; height: auto">',
            f'<title id="{name}-title">{escape(title)}</title>',
            f'<desc id="{name}-desc">{escape(text)}</desc>',
            f'<defs><marker id="{name}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
            'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
            f'<path d="M0 0.5 L8 4 L0 7.5 z" style="fill: {PALE}"/></marker></defs>',
        ]

    def box(self, x: int, y: int, w: int, h: int, words: str = "", *, marked: bool = False) -> None:
        edge = MARK if marked else PALE
        self.parts.append(
            f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="6" '
            f'style="fill: {PAPER}; stroke: {edge}" stroke-width="1.3"/>'
        )
        if words:
            self.say(x + w // 2, y + h // 2 + 4, words, code=True)

    def cells(self, x: int, y: int, names: list[str], w: int = 34) -> None:
        for i, name in enumerate(names):
            self.parts.append(
                f'<rect x="{x + i * w}" y="{y}" width="{w}" height="24" '
                f'style="fill: {BLANK}; stroke: {PALE}" stroke-width="1"/>'
            )
            self.say(x + i * w + w // 2, y + 16, name, code=True)

    def say(self, x: int, y: int, words: str, *, code: bool = False, anchor: str = "middle") -> None:
        font, ink, size = (MONO, INK, 12) if code else (SANS, PALE, 11.5)
        self.parts.append(
            f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" '
            f'style="font-family: {font}; fill: {ink}">{escape(words)}</text>'
        )

    def arrow(self, *points: tuple[int, int], dashed: bool = False) -> None:
        path = " L".join(f"{x} {y}" for x, y in points)
        dash = ' stroke-dasharray="4 3"' if dashed else ""
        self.parts.append(
            f'<path d="M{path}" fill="none" style="stroke: {PALE}" stroke-width="1.4"{dash} '
            f'marker-end="url(#{self.name}-head)"/>'
        )

    def line(self, *points: tuple[int, int]) -> None:
        path = " L".join(f"{x} {y}" for x, y in points)
        self.parts.append(
            f'<path d="M{path}" fill="none" style="stroke: {PALE}" stroke-width="1" stroke-dasharray="2 4"/>'
        )

    def __str__(self) -> str:
        return "\n".join([*self.parts, "</svg>", ""])


def handoff() -> Figure:
    f = Figure(
        "handoff",
        "How a value is handed over",
        "Time goes down. The receiver parks in the channel's queue. The sender takes it out, stores the "
        "value in it and makes it ready, and goes on until it parks itself. Then the receiver resumes.",
        300,
    )
    for x, name in ((70, "receiver"), (270, "sender")):
        f.box(x - 48, 6, 96, 28, name, marked=True)
        f.line((x, 34), (x, 276))
    f.say(170, 24, "_recvq")
    f.box(28, 48, 84, 26, "recv()")
    f.say(120, 66, "no value, no sender:", anchor="start")
    f.arrow((112, 80), (158, 80), (158, 92))
    f.cells(130, 94, ["G1"], 56)
    f.box(28, 104, 84, 26, "G1 parks")
    f.arrow((70, 130), (70, 146), (240, 146))
    f.say(100, 141, "switch")
    f.box(222, 154, 96, 26, "send(v)")
    f.arrow((222, 167), (158, 167), (158, 122), dashed=True)
    f.say(150, 182, "G1.elem = v", anchor="end")
    f.box(222, 196, 96, 26, "ready(G1)")
    f.say(214, 213, "G1 is run-next", anchor="end")
    f.box(222, 238, 96, 26, "G2 parks")
    f.arrow((270, 264), (270, 274), (100, 274))
    f.say(185, 268, "switch")
    f.say(70, 290, "recv returns v")
    return f


def queues() -> Figure:
    f = Figure(
        "queues",
        "Who runs next",
        "pick takes the goroutine in the run-next slot first, then the head of the local queue of 256, then "
        "that of the global queue, which comes first on every 61st pick. ready fills run-next, and moves the "
        "goroutine that was there to the tail of the local queue. With nothing runnable the hub sleeps until "
        "a timer, a signal or a thread wakes it.",
        350,
    )
    f.box(10, 8, 92, 28, "ready(G)", marked=True)
    f.say(112, 26, "from go, a channel, a timer, a lock", anchor="start")
    f.arrow((56, 36), (56, 66))
    f.cells(39, 68, ["G9"])
    f.say(80, 104, "run-next", anchor="start")
    f.arrow((73, 80), (318, 80), (318, 134), (304, 134))
    f.say(196, 74, "the one that was there: to the tail")
    f.cells(98, 122, ["G2", "G5", "G3", "G7", "G4", "G6"])
    f.say(180, 162, "local queue, at most 256")
    f.arrow((276, 146), (276, 212), (254, 212))
    f.say(268, 186, "half of it, when full", anchor="end")
    f.cells(132, 200, ["G8", "G1", "G0"], 40)
    f.say(212, 242, "global queue: gosched, and 10 ms used up")
    f.box(10, 258, 92, 28, "pick()", marked=True)
    f.arrow((44, 92), (24, 112), (24, 256))
    f.arrow((98, 134), (54, 134), (54, 256))
    f.arrow((132, 212), (84, 212), (84, 256))
    f.say(112, 270, "run-next, local, global;", anchor="start")
    f.say(112, 286, "global first on every 61st pick", anchor="start")
    f.arrow((56, 286), (56, 312), dashed=True)
    f.say(64, 304, "none", anchor="start")
    f.box(10, 314, 92, 28, "hub")
    f.say(112, 326, "sleeps until a timer, a signal or", anchor="start")
    f.say(112, 341, "a thread; or raises Deadlock", anchor="start")
    return f


def waits() -> Figure:
    f = Figure(
        "waits",
        "A select that waits",
        "One goroutine has a case in the queue of each channel. Whoever dequeues one of them first sets "
        "G.selected; the others are removed when the goroutine wakes.",
        218,
    )
    f.box(10, 84, 66, 34, "G4", marked=True)
    f.say(10, 136, "selected", anchor="start")
    for y, name, cells in (
        (10, "jobs._recvq", ["G2", "case 0"]),
        (82, "out._sendq", ["case 1"]),
        (154, "", []),
    ):
        if not name:
            f.cells(150, y + 10, ["case 2"], 56)
            f.say(178, y + 52, "the heap of timers")
            continue
        f.cells(150, y + 10, cells, 56)
        f.say(150 + 28 * len(cells), y + 52, name, code=True)
    f.arrow((234, 20), (234, 4), (43, 4), (43, 82), dashed=True)
    f.arrow((150, 104), (78, 104), dashed=True)
    f.arrow((150, 176), (68, 176), (68, 120), dashed=True)
    return f


FIGURES = (handoff, queues, waits)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for draw in FIGURES:
        figure = draw()
        (FOLDER / f"{figure.name}.svg").write_text(str(figure))


if __name__ == "__main__":
    main()
