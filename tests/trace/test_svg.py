"""The still picture of a run: its geometry, its texts, and what it refuses to draw."""

from __future__ import annotations

import random
import re
import unicodedata
from itertools import combinations, pairwise
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
import traces

from gochan.trace import svg
from gochan.trace.model import Trace

NS = "{http://www.w3.org/2000/svg}"


class Rect(NamedTuple):
    css: str
    x: float
    y: float
    width: float
    height: float
    tip: str


class Drawing:
    """A picture, parsed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = ElementTree.fromstring(text)
        self.width, self.height = float(self.root.get("width", "")), float(self.root.get("height", ""))

    def rects(self, css: str) -> list[Rect]:
        """Return the bars of the lanes."""
        return [
            Rect(
                css,
                *(float(rect.get(name, "")) for name in ("x", "y", "width", "height")),
                rect[0].text or "",
            )
            for rect in self.root.iter(f"{NS}rect")
            if rect.get("class") == css and len(rect)
        ]

    def texts(self) -> list[str]:
        return [text.text or "" for text in self.root.iter(f"{NS}text")]

    def arrows(self) -> list[tuple[float, float, float, float]]:
        """Return the arrows between lanes; those of the legend are level."""
        found = []
        for path in self.root.iter(f"{NS}path"):
            if path.get("marker-end"):
                x, y, to_x, to_y = map(float, re.findall(r"-?[\d.]+", path.get("d", "")))
                if y != to_y:
                    found.append((x, y, to_x, to_y))
        return found

    def check_texts(self) -> None:
        """Assert that all texts are inside and none is over another."""
        boxes = []
        for text in self.root.iter(f"{NS}text"):
            size = float(text.get("font-size", ""))
            shown = text.text or ""
            em = sum(1 if unicodedata.east_asian_width(c) in "WF" else 0.6 for c in shown)
            width = em * size
            x = (
                float(text.get("x", ""))
                - {"start": 0, "middle": width / 2, "end": width}[text.get("text-anchor", "start")]
            )
            y = float(text.get("y", ""))
            boxes.append((shown, x, y - size * 0.75, x + width, y + size * 0.2))
            assert x >= 0, shown
            assert x + width <= self.width, shown
            assert y <= self.height, shown
        for (a, left, top, right, bottom), (b, left2, top2, right2, bottom2) in combinations(boxes, 2):
            apart = right <= left2 or right2 <= left or bottom <= top2 or bottom2 <= top
            assert apart, f"{a!r} is over {b!r}"


def draw(trace: Trace, **options: object) -> Drawing:
    drawing = Drawing(svg.draw(trace, **options))  # type: ignore[arg-type]
    drawing.check_texts()
    return drawing


def test_the_geometry_of_a_known_run() -> None:
    drawing = draw(traces.read(traces.workers()))
    assert drawing.width == 560
    runs = drawing.rects("run")
    left = runs[0].x
    room = 550 - left  # for 1 ms

    def at(us: float) -> Any:
        return pytest.approx(left + us / 1000 * room, abs=0.02)

    def ends(css: str) -> list[tuple[float, float]]:
        return [(bar.x, bar.x + bar.width) for bar in drawing.rects(css)]

    main, worker, late = 0, 1, 2
    rows = sorted({bar.y for bar in runs})
    assert len(rows) == 3
    assert len({below - above for above, below in pairwise(rows)}) == 1
    assert [rows.index(bar.y) for bar in runs] == [main] * 3 + [worker] * 2 + [late] * 2
    expected = [(0, 100), (700, 750), (950, 1000), (100, 300), (400, 700), (300, 350), (750, 950)]
    assert ends("run") == [(at(start), at(end)) for start, end in expected]
    assert ends("receive") == [(at(100), at(690)), (at(750), at(940))]
    assert ends("sleep") == [(at(300), at(400))]
    assert ends("sync") == [(at(350), at(720))]
    assert ends("runnable") == [
        (at(start), at(end)) for start, end in [(690, 700), (940, 950), (40, 100), (60, 300), (720, 750)]
    ]
    # A wait is thinner than a run, and in its middle.
    [sleep] = drawing.rects("sleep")
    assert sleep.height < runs[0].height
    assert sleep.y + sleep.height / 2 == rows[worker] + runs[0].height / 2
    bar = runs[0].height
    assert drawing.arrows() == [
        (at(40), rows[main] + bar, at(100), rows[worker] - 1),
        (at(60), rows[main] + bar, at(300), rows[late] - 1),
        (at(690), rows[worker], at(700), rows[main] + bar + 1),
        (at(720), rows[main] + bar, at(750), rows[late] - 1),
        (at(940), rows[late], at(950), rows[main] + bar + 1),
    ]


def test_its_texts() -> None:
    drawing = draw(traces.read(traces.workers()), title="Two workers")
    assert drawing.texts() == [
        "Two workers",
        *("0", "0.2 ms", "0.4 ms", "0.6 ms", "0.8 ms", "1 ms"),
        *("main 1", "chan results", "chan results", "worker 2", "main.late 3", "Mutex #1", "digest"),
        *("running", "runnable", "chan receive", "sync.Mutex.Lock", "sleep", "wakes", "starts"),
        "garbage collection",
    ]
    assert [bar.tip for bar in drawing.rects("receive")] == [
        "chan receive 590 µs, chan results, workers.py:27, ended by worker 2",
        "chan receive 190 µs, chan results, workers.py:27, ended by main.late 3",
    ]
    assert drawing.rects("run")[0].tip == "running 100 µs, workers.py:20"


def test_what_readers_who_cannot_see_it_get() -> None:
    drawing = draw(traces.read(traces.workers()), name="fig1")
    root = drawing.root
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "fig1-title fig1-desc"
    assert [(root[0].get("id"), root[0].text)] == [("fig1-title", "Timeline of workers.py")]
    assert root[1].get("id") == "fig1-desc"
    assert root[1].text == (
        "3 goroutines from 0 to 1.00 ms. main 1 runs for 200 µs, waits 780 µs in chan receive. worker 2 runs "
        "for 500 µs, waits 100 µs in sleep. main.late 3 runs for 250 µs, waits 370 µs in sync.Mutex.Lock."
    )
    named = draw(traces.read(traces.workers()), title="T", description="D").root
    assert (named[0].text, named[1].text) == ("T", "D")
    assert (draw(traces.read(traces.crowd(30)))).root[1].text.endswith(" And 19 more.")


@pytest.mark.parametrize("width", [240, 390, 499, 500, 760, 2000])
def test_widths(width: int) -> None:
    drawing = draw(traces.read(traces.workers()), width=width)
    assert drawing.width == width
    names = [text for text in drawing.texts() if text.startswith(("main", "worker"))]
    assert names == ["main 1", "worker 2", "main.late 3"]


def test_names_are_above_the_lanes_if_there_is_no_room_beside_them() -> None:
    drawing = draw(traces.read(traces.workers()), width=390)
    main = next(text for text in drawing.root.iter(f"{NS}text") if text.text == "main 1")
    first = drawing.rects("run")[0]
    assert (main.get("x"), main.get("text-anchor"), first.x) == ("6", "start", 6)
    assert float(main.get("y", "")) < first.y


def test_themes() -> None:
    alone = svg.draw(traces.read(traces.workers()))
    assert "prefers-color-scheme:dark" in alone
    assert 'class="paper" fill="#ffffff"' in alone
    assert "var(--gochan-run,#0072b2)" in alone
    assert ".gochan-timeline{color:var(--gochan-ink,#1b1f24)}" in alone
    inline = svg.draw(traces.read(traces.workers()), standalone=False)
    assert "prefers-color-scheme" not in inline
    assert "paper" not in inline.replace("--gochan-paper", "")
    assert ".gochan-timeline{color:var(--gochan-ink,inherit)}" in inline
    for text in (alone, inline):
        style = ElementTree.fromstring(text).find(f"{NS}style")
        assert style is not None
        selectors = re.findall(r"([^{}]+)\{", style.text or "")
        assert all(name.startswith((".gochan-timeline", "@media")) for name in selectors)
        # For programs without variables, all that is drawn has its color as an attribute, too.
        for shape in ElementTree.fromstring(text).iter():
            if shape.tag in (f"{NS}rect", f"{NS}path", f"{NS}text"):
                assert shape.get("fill") or shape.get("stroke")


def test_a_name_that_is_too_long_keeps_its_number() -> None:
    run = traces.Recording()
    for number in (1, 23):
        run.lane(number, f"a.very.long.name.of.a.function.{'x' * 100} {number}")
        run.run(number, 0, 10)
    ends = [text.partition("…")[2] for text in draw(traces.read(run)).texts()]
    assert {" 1", " 23"} <= set(ends)


def test_hostile_names() -> None:
    run = traces.Recording('</title><script>alert(1)</script>&"')
    evil = '<b onload="x">&amp;]]>\x00\x1b\ud800\uffff'
    run.lane(1, f"{evil} 1")
    run.wait(1, f"chan receive{evil}", 0, 500, object=evil, at=evil, by=1)
    run.run(1, 500, 1000, at=evil)
    run.span("region", evil, 1, 500, 1000)
    run.span("gc", evil, 0, 500, 600)
    run.instant("panic", evil, 1, 1000)
    for standalone in (True, False):
        text = svg.draw(traces.read(run), title=evil, description=evil, standalone=standalone, width=900)
        drawing = Drawing(text)  # is well-formed
        drawing.check_texts()
        assert "script" not in {element.tag.removeprefix(NS) for element in drawing.root.iter()}
        assert {element.tag.removeprefix(NS) for element in drawing.root.iter()} <= {
            *("svg", "title", "desc", "style", "defs", "marker", "path", "rect", "text", "g")
        }
        assert text.encode("utf-8")
        assert r'<b onload="x">&amp;]]>\x00\x1b\ud800\uffff' in drawing.texts()


@pytest.mark.parametrize("name", ["", "1a", "a b", 'a"b', "é"])
def test_ids_are_checked(name: str) -> None:
    with pytest.raises(ValueError, match="svg: name is"):
        svg.draw(traces.read(traces.workers()), name=name)


@pytest.mark.parametrize("seed", range(12))
def test_texts_never_overlap(seed: int) -> None:
    rng = random.Random(seed)
    run = traces.Recording(clock=rng.choice(["monotonic", "virtual"]))
    unit = rng.choice([0.001, 1, 1000, 1e6, 3.6e9])
    reasons = [
        "chan receive",
        "chan send",
        "select",
        "sleep",
        "sync.Mutex.Lock",
        "IO wait",
        "thread call",
        "odd",
    ]
    for i in range(1, rng.randint(2, 12)):
        run.lane(i, rng.choice(["f", "a.very.long.name.of.a.function", "処理"]) + f" {i}")
        time = rng.random() * unit
        for _ in range(rng.randint(1, 12)):
            for kind in ("run", "wait", "runnable"):
                length = rng.choice([0, 0.001, rng.random(), 20 * rng.random()]) * unit
                if kind == "wait":
                    thing = rng.choice(["", "chan jobs", "chan #1", "Mutex #1", "処理の結果"])
                    run.wait(i, rng.choice(reasons), time, time + length, object=thing)
                elif kind == "run":
                    run.run(i, time, time + length)
                    run.span("region", rng.choice(["x", "a region"]), i, time, time + length)
                else:
                    run.runnable(i, time, time + length)
                time += length
    for width in (240, 390, 560, 1200):
        for scale in svg.SCALES:
            drawing = draw(
                traces.read(run), width=width, scale=scale, title="A long title " * rng.randint(0, 9)
            )
            for rect in drawing.root.iter(f"{NS}rect"):
                assert float(rect.get("x", 0)) >= 0
                assert float(rect.get("x", 0)) + float(rect.get("width", 0)) <= width


# --- the axis ---


def flashes() -> traces.Recording:
    """Return a run of 1 s in which ten runs of 1 us are at every 100 ms."""
    run = traces.Recording()
    for i in range(10):
        run.run(1, 100_000 * i, 100_000 * i + 1)
        run.wait(1, "sleep", 100_000 * i + 1, 100_000 * (i + 1))
    run.run(1, 1_000_000, 1_000_001)
    return run


def test_the_axis_makes_room_for_short_runs() -> None:
    drawing = draw(traces.read(flashes()))
    assert "time not to scale" in drawing.texts()
    assert min(bar.width for bar in drawing.rects("run")) >= svg.SEEN
    waits = drawing.rects("sleep")
    assert max(wait.width for wait in waits) - min(wait.width for wait in waits) < 0.1
    assert waits[-1].x + waits[-1].width < 550


def test_a_linear_axis_on_request() -> None:
    drawing = draw(traces.read(flashes()), scale="time")
    assert "time not to scale" not in drawing.texts()
    assert {bar.width for bar in drawing.rects("run")} == {2}
    assert "time not to scale" in draw(traces.read(traces.workers()), scale="steps").texts()


def test_the_axis_is_linear_if_there_is_no_room_for_steps() -> None:
    run = traces.Recording()
    for i in range(400):
        run.run(1, 1000 * i, 1000 * i + 1)
    assert "time not to scale" not in draw(traces.read(run)).texts()


@pytest.mark.parametrize(
    ("end", "ticks"),
    [
        (0.005, ["0", "1 ns", "2 ns", "3 ns", "4 ns", "5 ns"]),
        (70, ["0", "20 µs", "40 µs", "60 µs"]),
        (5_000_000, ["0", "1 s", "2 s", "3 s", "4 s", "5 s"]),
        (200_000_000, ["0", "1m", "2m", "3m"]),
        (130_000_000, ["0", "30s", "1m", "1m30s", "2m"]),
        (86_400_000_000, ["0", "6h", "12h", "18h", "24h"]),
    ],
)
def test_ticks(end: float, ticks: list[str]) -> None:
    run = traces.Recording()
    run.run(1, 0, end)
    texts = draw(traces.read(run)).texts()
    assert texts[: texts.index("goroutine 1")] == ticks


def test_virtual_time_is_named() -> None:
    run = traces.Recording(clock="virtual")
    run.run(1, 0, 5)
    drawing = draw(traces.read(run))
    assert "virtual time" in drawing.texts()
    assert (drawing.root[1].text or "").startswith("1 goroutine from 0 to 5.00 µs of virtual time.")


def test_a_program_that_begins_late_begins_at_the_left() -> None:
    run = traces.Recording()
    run.run(1, 1_000_000, 1_000_100)
    assert draw(traces.read(run)).rects("run")[0].width > 400


def test_a_run_that_takes_no_time_at_all() -> None:
    run = traces.Recording(clock="virtual")
    run.run(1, 0, 0)
    run.wait(2, "sleep", 0, 0)
    drawing = draw(traces.read(run))
    assert [bar.width for bar in drawing.rects("run")] == [12]
    assert drawing.rects("sleep") == []
    assert [bar.width for bar in draw(traces.read(run), scale="time").rects("run")] == [2]


def ping_pong() -> traces.Recording:
    """Return a run on a virtual clock: at 0 and at 1 s main and another goroutine wake each other."""
    run = traces.Recording(clock="virtual")
    run.run(1, 0, 0)
    run.wait(1, "chan send", 0, 0, object="chan a", by=2)
    run.wake(1, 0, 2, 0, kind="go")
    run.run(2, 0, 0)
    run.wait(2, "chan receive", 0, 0, object="chan b", by=1)
    run.wake(2, 0, 1, 0)
    run.run(1, 0, 0)
    run.wait(1, "sleep", 0, 1_000_000)
    run.wake(1, 0, 2, 0)
    run.run(2, 0, 0)
    run.wait(2, "chan receive", 0, 1_000_000, object="chan b", by=1)
    run.run(1, 1_000_000, 1_000_000)
    run.wake(1, 1_000_000, 2, 1_000_000)
    run.run(2, 1_000_000, 1_000_000)
    run.instant("go", "end", 2, 1_000_000)
    return run


def test_runs_at_the_same_time_are_in_the_order_in_which_they_were() -> None:
    drawing = draw(traces.read(ping_pong()))
    bars = sorted(drawing.rects("run"), key=lambda bar: bar.x)
    rows = sorted({bar.y for bar in bars})
    assert [rows.index(bar.y) for bar in bars] == [0, 1, 0, 1, 0, 1]
    for before, after in pairwise(bars):
        assert after.x >= before.x + before.width - 0.02
    assert {bar.width for bar in bars} == {12}
    # Arrows lead from the middle of one run to the begin of the next.
    assert [(x, to_x) for x, _, to_x, _ in drawing.arrows()] == [
        (pytest.approx(before.x + 6, abs=0.02), pytest.approx(after.x, abs=0.02))
        for before, after in [pair for i, pair in enumerate(pairwise(bars)) if i != 3]
    ]
    # What lies between a wake-up and the run is runnable, and no bar lies over another.
    every = [bar for css in ("run", "runnable", "receive", "send", "sleep") for bar in drawing.rects(css)]
    assert len(drawing.rects("runnable")) == 4
    for row in rows:
        lane = sorted((bar for bar in every if bar.y - row < 14), key=lambda bar: bar.x)
        lane = [bar for bar in lane if bar.y >= row]
        for before, after in pairwise(lane):
            assert after.x == pytest.approx(before.x + before.width, abs=0.02)
    # A mark at the end is behind the last run.
    [end] = re.findall(r'd="M ([\d.]+) [\d.]+ v 18"', drawing.text)
    assert float(end) == pytest.approx(bars[-1].x + 12, abs=0.02)


# --- marks ---


def test_ends_panics_and_waits_that_go_on() -> None:
    run = traces.Recording(end="panic: boom")
    run.run(1, 0, 50)
    run.instant("go", "end", 1, 50)
    run.run(2, 0, 100)
    run.instant("panic", "panic: boom", 2, 100)
    run.instant("log", "m", 2, 100, message="is not drawn")
    run.wait(3, "chan send", 0, 100)
    drawing = draw(traces.read(run))
    [panic] = [path for path in drawing.root.iter(f"{NS}path") if path.get("class") == "panic"]
    assert panic[0].text == "panic: boom"
    [goes_on] = [path for path in drawing.root.iter(f"{NS}path") if path.get("class") == "send"]
    assert (goes_on.get("d") or "").startswith("M 550 ")
    assert 'stroke-width="1.6"' in drawing.text


def test_regions_of_regions_are_below_each_other() -> None:
    run = traces.Recording()
    run.run(1, 0, 100)
    run.span("region", "outer", 1, 0, 90)
    run.span("region", "inner", 1, 0, 40)
    run.span("region", "second", 1, 50, 80)
    drawing = draw(traces.read(run))
    outer, inner, second = (
        float(next(t for t in drawing.root.iter(f"{NS}text") if t.text == name).get("y", ""))
        for name in ("outer", "inner", "second")
    )
    assert outer < inner == second


def test_arrows_that_are_not_drawn() -> None:
    """From a timer, to itself, from another program, from outside of the part."""
    run = traces.Recording()
    run.run(1, 0, 100)
    run.run(2, 0, 100)
    run.run(1, 0, 100, pid=2)
    run.wake(0, 10, 1, 20)
    run.wake(1, 10, 1, 20)
    run.wake(9, 10, 1, 20)
    run.add("s", 1, 2, cat="wake", name="wake", id="x", ts=10)
    run.add("f", 2, 1, cat="wake", name="wake", id="x", ts=20)
    assert draw(traces.read(run), program=1).arrows() == []
    run.wake(1, 10, 2, 60)
    assert len(draw(traces.read(run), program=1).arrows()) == 1
    assert draw(traces.read(run), program=1, end=50_000).arrows() == []


# --- parts ---


def test_a_part() -> None:
    drawing = draw(traces.read(traces.workers()), start=300_000, end=400_000)
    assert [bar.tip for bar in drawing.rects("sleep")] == ["sleep 100 µs, workers.py:10"]
    assert drawing.texts()[:2] == ["300 µs", "320 µs"]


def test_only_some_goroutines() -> None:
    trace = traces.read(traces.workers())

    def names(*only: str) -> list[str]:
        return [t for t in draw(trace, only=only).texts() if t.startswith(("main", "worker"))]

    assert names("worker") == ["worker 2"]
    assert names("1", "late") == ["main 1"]
    assert names("main.*") == ["main.late 3"]
    assert names("[12]") == ["main 1", "worker 2"]
    with pytest.raises(svg.PictureError, match=r"no goroutine named so did anything from 0 to 1\.00 ms"):
        draw(trace, only=["nobody"])


def test_one_of_several_programs() -> None:
    run = traces.workers()
    run.process("synctest", 2, "virtual")
    run.run(1, 0, 50, pid=2)
    trace = traces.read(run)
    assert "main.late 3" in draw(trace).texts()  # has the most spans
    assert "main.late 3" not in draw(trace, program=2).texts()
    with pytest.raises(
        svg.PictureError, match=r"no program 7 was recorded; there is 1 \(workers\.py\), 2 \(sync"
    ):
        draw(trace, program=7)


def test_a_moment() -> None:
    drawing = draw(traces.read(traces.workers()), start=320_000, end=320_000)
    assert [len(drawing.rects(css)) for css in ("run", "receive", "sleep")] == [1, 0, 0]


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (500_000, 400_000, "the part to draw ends at 400 µs, before it begins at 500 µs"),
        (
            2_000_000,
            3_000_000,
            "no goroutine did anything from 2.00 ms to 3.00 ms; the run is from 0 to 1.00 ms",
        ),
        (2_000_000, None, "the part to draw ends at 1.00 ms, before it begins at 2.00 ms"),
    ],
)
def test_parts_that_are_empty(start: int, end: int | None, message: str) -> None:
    with pytest.raises(svg.PictureError, match=re.escape(message)):
        svg.draw(traces.read(traces.workers()), start=start, end=end)


def test_a_run_without_goroutines() -> None:
    with pytest.raises(svg.PictureError, match="no goroutine was recorded, so there is nothing to draw"):
        svg.draw(traces.read(traces.Recording()))


def test_runs_that_are_too_long() -> None:
    run = traces.Recording()
    for i in range(3000):
        run.run(1, 1000 * i, 1000 * i + 500)
    trace = traces.read(run)
    with pytest.raises(svg.PictureError, match=r"too long for a still picture: 3,000 runs") as caught:
        svg.draw(trace)
    found = re.search(r"--to (\d+)us fits", str(caught.value))
    assert found is not None
    end = int(found[1]) * 1000
    assert len(draw(trace, end=end - 1).rects("run")) == 1999
    svg.draw(trace, end=end)
    with pytest.raises(svg.PictureError, match="too long"):
        svg.draw(trace, end=end + 2_000_000)


def test_runs_of_too_many_goroutines() -> None:
    with pytest.raises(svg.PictureError, match=r"101 goroutines are too many .* room for 60: choose some"):
        svg.draw(traces.read(traces.crowd(100)))
    assert len(draw(traces.read(traces.crowd(100)), only=["worker 1?"]).rects("receive")) == 10


@pytest.mark.parametrize("width", [0, 239, 10_001, 560.0, "560", None])
def test_widths_that_are_none(width: object) -> None:
    with pytest.raises(ValueError, match=r"svg: width is .*; give pixels, from 240 to 10,000"):
        svg.draw(traces.read(traces.workers()), width=width)  # type: ignore[arg-type]


def test_a_scale_that_is_none() -> None:
    with pytest.raises(ValueError, match="svg: scale is 'log'; give one of auto, time, steps"):
        svg.draw(traces.read(traces.workers()), scale="log")


def test_the_same_run_gives_the_same_picture() -> None:
    assert svg.draw(traces.read(traces.workers())) == svg.draw(traces.read(traces.workers()))
