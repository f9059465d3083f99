"""The page as a file: what it holds, and what it refuses. test_view_browser.py opens it."""

import base64
import gzip
import hashlib
import json
import re
import struct
from pathlib import Path
from typing import Any

import pytest

from gochan.trace import model
from gochan.trace.model import LONGEST, Goroutine, Instant, Program, Span, Task, Trace, TraceError
from gochan.trace.view import ROWS, page, write

pytestmark = pytest.mark.once

SMALL: dict[str, Any] = {
    "traceEvents": [
        {"ph": "M", "name": "process_name", "pid": 1, "args": {"name": "prog.py"}},
        {"ph": "M", "name": "thread_name", "pid": 1, "tid": 1, "args": {"name": "main 1"}},
        {"ph": "X", "cat": "run", "name": "running", "pid": 1, "tid": 1, "ts": 0.0, "dur": 1.5},
        {"ph": "X", "cat": "wait", "name": "sleep", "pid": 1, "tid": 1, "ts": 1.5, "dur": 2},
    ],
    "otherData": {"gochan": "1", "format": 1, "program": "prog.py", "end": "done"},
}


def data_of(html: str) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """Unpack the data as the page does: the header and the columns."""
    text = re.search(r'<script id="data"[^>]*>([^<]*)</script>', html)
    assert text
    data = gzip.decompress(base64.b64decode(text[1]))
    [size] = struct.unpack_from("<I", data)
    header = json.loads(data[4 : 4 + size])
    at = 4 + size
    columns = {}
    for name, count in header["columns"].items():
        planes = [data[at + byte * count : at + (byte + 1) * count] for byte in range(4)]
        columns[name] = [sum(plane[i] << 8 * byte for byte, plane in enumerate(planes)) for i in range(count)]
        at += 4 * count
    assert at == len(data)
    return header, columns


def trace_of(**parts: Any) -> Trace:
    return Trace([Program(1, "prog.py", False, **parts)], program="prog.py", ending="done")


def test_the_page_is_the_same_for_each_form_of_a_trace() -> None:
    html = page(SMALL)
    assert html == page(json.dumps(SMALL)) == page(model.parse(SMALL)) == page(SMALL, "prog.py")
    assert "<title>prog.py · gochan trace</title>" in html
    assert 'data-mode="full"' in html and 'data-mode="embed"' in page(SMALL, embed=True)


def test_the_data_is_all_there() -> None:
    header, columns = data_of(page(SMALL))
    assert header["lanes"] == [[0, 1, "main 1", "go", 2, 0, 0]]
    assert header["sites"] == [["run", "running"], ["wait", "sleep"]]
    assert (header["program"], header["ending"], header["lost"]) == ("prog.py", "done", 0)
    assert (header["start"], header["end"]) == (0, 3500)
    assert columns["gap"] == [0, 0]
    assert columns["length"] == [1500, 2000]
    assert columns["site"] == [0, 1]


def test_a_time_of_more_than_32_bits_is_kept() -> None:
    start, end = 5 << 32 | 7, 11 << 32 | 3
    gp = Goroutine(
        1, "main 1", "main", [Span("run", "running", start, end)], instants=[Instant("log", "l", end)]
    )
    header, columns = data_of(page(trace_of(goroutines={1: gp}, scheduler=[Span("gc", "gc", start, end)])))
    assert (columns["gap"], columns["gapHigh"]) == ([7], [5])
    assert (columns["length"][0], columns["lengthHigh"][0]) == (
        (end - start) & 0xFFFF_FFFF,
        (end - start) >> 32,
    )
    assert (columns["barStart"], columns["barStartHigh"]) == ([7], [5])
    assert (columns["time"], columns["timeHigh"]) == ([3], [11])
    assert (header["start"], header["end"]) == (start, end)


def test_who_did_it_is_the_number_of_a_lane() -> None:
    spans = [
        Span("run", "running", 0, 10),
        Span("wait", "chan receive", 10, 20, by=2, open=True),
        Span("wait", "sleep", 20, 30, by=0),
        Span("runnable", "runnable", 30, 40, by=99, cut=True),  # 99 is not in the trace
    ]
    first = Goroutine(1, "main 1", "main", spans)
    second = Goroutine(2, "f 2", "f", [Span("run", "running", 5, 9), Span("run", "running", 9, 9)], parent=1)
    header, columns = data_of(
        page(trace_of(goroutines={1: first, 2: second}, instants=[Instant("timer", "t", 3)]))
    )
    assert [lane[2:4] for lane in header["lanes"]] == [
        ["scheduler", "scheduler"],
        ["main 1", "go"],
        ["f 2", "go"],
    ]
    # Lane 1 is numbered 2, as 0 is nobody. Who started a goroutine is who made its first span possible.
    assert columns["by"] == [0, 3, 0, 0, 2, 0]
    assert columns["flags"] == [0, 1, 0, 2, 0, 0]


def test_the_latest_times_that_are_read_fit_into_the_columns() -> None:
    latest = int(LONGEST) - 1
    event = {"ph": "X", "cat": "run", "name": "running", "pid": 1, "tid": 1, "ts": latest, "dur": latest}
    _, columns = data_of(page({"traceEvents": [event], "otherData": {"gochan": "1", "format": 1}}))
    assert (columns["gapHigh"][0] << 32) + columns["gap"][0] == latest * 1000


def test_spans_that_overlap_are_cut() -> None:
    spans = [Span("run", "running", 0, 10), Span("wait", "sleep", 5, 20), Span("run", "running", 8, 9)]
    _, columns = data_of(page(trace_of(goroutines={1: Goroutine(1, "main 1", "main", spans)})))
    assert columns["gap"] == [0, 0, 0]
    assert columns["length"] == [10, 10, 0]


def test_a_collection_before_the_first_goroutine_does_not_make_the_page_longer() -> None:
    spans = [Span("run", "running", 70, 90)]
    gc = [Span("gc", "collection", 0, 5), Span("gc", "collection", 80, 95)]
    gp = Goroutine(1, "main 1", "main", spans)
    header, columns = data_of(page(trace_of(goroutines={1: gp}, scheduler=gc)))
    assert (header["start"], header["end"]) == (70, 90)
    assert columns["barStart"] == [0, 80]


def test_regions_are_in_rows_by_their_depth_and_tasks_in_the_first_that_is_free() -> None:
    regions = [Span("region", f"r{depth}", depth, 100 - depth) for depth in range(ROWS + 3)]
    regions.append(Span("region", "later", 100, 110))
    tasks = [
        Task("a", 0, 10, 1),
        Task("b", 5, 20, 1),
        Task("c", 10, 15, 1),
        *[Task("d", 50, 60, 1)] * (ROWS + 2),
    ]
    gp = Goroutine(1, "main 1", "main", regions=regions)
    header, columns = data_of(page(trace_of(goroutines={1: gp}, tasks=tasks)))
    assert [lane[2] for lane in header["lanes"]] == ["tasks", "main 1"]
    of_tasks, of_regions = columns["barRow"][: len(tasks)], columns["barRow"][len(tasks) :]
    assert of_tasks == [0, 1, 0, *range(ROWS), ROWS - 1, ROWS - 1]
    assert of_regions == [*range(ROWS), ROWS - 1, ROWS - 1, ROWS - 1, 0]


def test_the_page_loads_nothing_and_runs_only_its_own_script() -> None:
    html = page(SMALL)
    head = html.partition("<style>")[0]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', head)
    assert policy and policy[1].startswith("default-src 'none'; ")
    for tag in "style", "script":
        content = re.search(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert content
        digest = base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]
    markup = re.sub(r"<(style|script)\b[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
    assert re.findall(r"""(?:src|href)=["']([^"']*)""", markup) == ["data:,"]
    assert "{{" not in markup and "@import" not in html and "url(" not in html
    assert "Permission to use, copy, modify" in html, "the license of D3 goes with each copy of it"


NASTY = "</script><script>alert(1)</script><!-- {{DATA}} &amp; ]]>"


def test_no_name_becomes_markup() -> None:
    gp = Goroutine(1, f"{NASTY} 1", NASTY, [Span("wait", NASTY, 0, 9, NASTY, NASTY, objects=(NASTY,))])
    html = page(trace_of(goroutines={1: gp}), NASTY)
    assert html.count("<script") == page(SMALL).count("<script")
    assert html.count("</script") == page(SMALL).count("</script")
    assert "alert(1)</" not in html
    header, _ = data_of(html)
    assert header["lanes"][0][2] == f"{NASTY} 1"


def test_long_texts_are_shortened() -> None:
    message = Instant("log", "c", 1, message="x" * 1_000_000)
    gp = Goroutine(1, "main 1", "main", [Span("run", "running", 0, 9)], instants=[message])
    header, _ = data_of(page(trace_of(goroutines={1: gp})))
    assert header["sites"][1][-1] == "x" * 1_000 + "…"


def test_half_of_a_surrogate_pair_is_replaced_in_the_title() -> None:
    assert "<title>a?b · gochan trace</title>" in page(
        {**SMALL, "otherData": {**SMALL["otherData"], "program": "a\ud800b"}}
    )


def test_an_empty_trace_has_a_page() -> None:
    header, columns = data_of(page(Trace([])))
    assert header["lanes"] == [] and not any(columns.values())
    assert "<title>trace · gochan trace</title>" in page(Trace([]))


@pytest.mark.parametrize("trace", [None, 3, b"{}", ["traceEvents"]], ids=repr)
def test_what_can_be_no_trace_is_refused(trace: object) -> None:
    with pytest.raises(TypeError, match=f"page: trace is {type(trace).__name__}, want a Trace"):
        page(trace)  # type: ignore[arg-type]


def test_a_title_that_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match=r"page: title is 7 \(int\), want a str"):
        page(SMALL, 7)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000], ids=["empty", "half", "deep"])
def test_a_text_that_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(TraceError, match="page: not a trace: the text is not JSON"):
        page(text)


def test_json_that_is_no_trace_is_refused() -> None:
    with pytest.raises(TraceError, match='want a JSON object with a list "traceEvents"'):
        page("{}")


def test_write(tmp_path: Path) -> None:
    source, target = tmp_path / "run.json", tmp_path / "run.html"
    source.write_text(json.dumps(SMALL))
    write(source, target)
    assert target.read_text(encoding="utf-8") == page(SMALL)
    with pytest.raises(FileExistsError, match=r"run\.html exists; write over it with force=True"):
        write(source, target)
    write(source, target, title="again", embed=True, force=True)
    assert target.read_text(encoding="utf-8") == page(SMALL, "again", embed=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.html", "run.json"]


def test_write_does_not_write_over_the_trace(tmp_path: Path) -> None:
    source = tmp_path / "run.json"
    source.write_text(json.dumps(SMALL))
    with pytest.raises(ValueError, match="is the trace itself"):
        write(source, source, force=True)
    assert json.loads(source.read_text()) == SMALL


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "run.html"
    with pytest.raises(TraceError, match="no such file"):
        write(tmp_path / "none.json", target)
    source = tmp_path / "run.json"
    source.write_text(json.dumps(SMALL))
    with pytest.raises(FileNotFoundError):
        write(source, tmp_path / "no" / "folder.html")
    target.mkdir()
    with pytest.raises(OSError, match=r"run\.html"):
        write(source, target, force=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.html", "run.json"]
