"""The benchmarks: that their workloads do what they are to do, and that a slower run is called so."""

import ast
import os
import re
import socket
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from benchmarks import guard, network
from benchmarks.compare import Change, changes
from benchmarks.curves import CURVES
from benchmarks.page import write_network, write_page, write_results, write_summary
from benchmarks.report import Report, Result, amount, new_report
from benchmarks.rows import AHEAD, BY_KEY, ROWS
from benchmarks.servers import HOST
from benchmarks.sides import FAST, GO, OURS, PEERS, SIDES, Failed, Side, build_go, go_compiler
from benchmarks.targets import ECHO_AHEAD, Verdict, of_network, of_rows, verdicts
from benchmarks.workloads import curves_on_gochan, on_gochan
from gochan import runtime

FOLDER = Path(guard.__file__).parent


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_a_workload_runs(row):
    """Each checks what came out; and leaves no goroutine behind."""

    def leaves_nothing(n):
        took = getattr(on_gochan, row.key)(n)
        # What was released last may still have its last step to go.
        runtime.gosched()
        assert runtime.num_goroutine() == 1
        return took

    (seconds,) = on_gochan.execute(leaves_nothing, 20, 0)
    assert seconds > 0


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.key)
def test_a_curve_has_its_values(curve):
    assert curves_on_gochan.CURVES[curve.key](10).keys() >= curve.values.keys()


def test_go_has_all_rows_and_curves():
    source = (FOLDER / "go" / "main.go").read_text()
    names = re.findall(r'^\t"(\w+)":', source, re.MULTILINE)
    assert sorted(names) == sorted([row.key for row in ROWS] + [curve.key for curve in CURVES])


@pytest.mark.parametrize("path", sorted((FOLDER / "workloads").glob("on_*.py")), ids=lambda path: path.stem)
def test_no_library_has_a_row_that_the_table_lacks(path):
    """A misspelt name would read as a row that the library does not offer."""
    functions = [
        node
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    helpers = {"stream_of", "select_over", "values_of", "queue_of_one", "nothing", "total", "start", "join"}
    names = {function.name for function in functions}
    assert names - helpers - {"setup", "execute"} <= {row.key for row in ROWS}


@pytest.mark.parametrize(
    "after, machine, noise, verdict",
    [
        (100, 1, 0.01, "same"),
        (120, 1, 0.01, "slower"),
        (120, 1.2, 0.01, "same"),
        (80, 1, 0.01, "faster"),
        (110, 1, 0.1, "same"),
        (120, 1, 0.5, "unclear"),
    ],
)
def test_a_change_gets_its_verdict(after, machine, noise, verdict):
    assert Change("", 100, after, machine, noise).verdict == verdict


def test_a_target_is_met_or_missed():
    def report(ours: float) -> Report:
        sides = {"gochan": {"ns": ours}, "go": {"ns": 100.0}}
        return {"rows": {"ping_pong": {"title": "", "n": 1, "sides": sides}}}  # type: ignore[typeddict-item]

    most = BY_KEY["ping_pong"].most
    assert most is not None
    words = [verdict.word for ours in (100 * most, 101 * most) for verdict in of_rows(report(ours))]
    assert words == ["met", "missed"]
    assert of_rows(report(100), FAST) == []


@pytest.mark.parametrize(
    "verdict, numbers, word",
    [
        (Verdict("", 1.4968, 1.5), ("1.50x", "1.50x"), "met"),
        (Verdict("", 1.5032, 1.5), ("1.503x", "1.500x"), "missed"),
        (Verdict("", 12.99996, 13.0, at_least=True), ("12.99996x", "13.00000x"), "missed"),
        (Verdict("", 6500.04, 6500, unit="bytes"), ("6,500.04 bytes", "6,500.00 bytes"), "missed"),
        (Verdict("", 6365.2, 6500, unit="bytes"), ("6,365 bytes", "6,500 bytes"), "met"),
    ],
)
def test_a_missed_target_looks_missed(verdict, numbers, word):
    """As many digits as it takes: not 1.50 where at most 1.50 is asked."""
    assert verdict.numbers == numbers
    assert verdict.word == word


# --- the page --------------------------------------------------------------------------------------------


def whole_report(**ours: float) -> Report:
    """A report in which each side takes 100 ns for each row, but gochan what is given; and two curves."""
    report = new_report(quick=False, partial=False)
    report["machine"] = {"processor": "Chip(R) X, model 1, 2 cores", "Python": "3.99.1, cc"}
    report["date"] = "2001-02-03T00:00:00+00:00"
    for side in [*SIDES, *PEERS]:
        report["versions"][side.key] = "1.0"
        report["notes"][side.key] = {"spawn": "in a way of its own"} if side in PEERS else {}
    for row in ROWS:
        n = row.size(False)
        sides: dict[str, Result] = {
            key: {"ns": 100.0 * AHEAD.get(key, 1), "spread": 0.1, "n": n} for key in report["versions"]
        }
        sides[OURS.key]["ns"] = ours.get(row.key, 100.0)
        sides["trio"] = {"missing": "no such thing"}
        report["rows"][row.key] = {"title": row.named(n), "n": n, "sides": sides}
    for curve in CURVES:
        points = [{"size": 10.0**power, **dict.fromkeys(curve.values, 100.0)} for power in (2, 3, 4, 5, 6)]
        report["curves"][curve.key] = {OURS.key: points, GO.key: points}
    return report


def test_each_number_of_the_page_names_its_run(tmp_path):
    run = "*Run: 2001-02-03, Chip X, model 1, Python 3.99.1.*"
    summary = write_summary(whole_report(), tmp_path).read_text()
    results = write_results(whole_report(), tmp_path).read_text()
    # The curves, which come last, share one.
    figures = summary.split(".. grid::")[0].split(".. figure::")[1:]
    assert len(figures) == 2 and all(run in figure for figure in figures)
    assert run in summary.split(".. figure::")[0]
    for title in "Targets", "Times beside Go's", "Times beside other libraries'":
        assert run in results.split(f"{title}\n~")[1].split(".. list-table::")[0]
    assert "quick" in write_summary({**whole_report(), "quick": True}, tmp_path).read_text()


def test_a_missed_target_is_on_top_of_the_page(tmp_path):
    summary = write_summary(whole_report(spawn=150.04), tmp_path).read_text()
    missed = "gochan: spawn to finish, times Go's. Measured: 1.5004x; target: at most 1.5000x."
    assert f"**Missed**: {missed}" in summary
    assert "**1.5004x missed**" in write_results(whole_report(spawn=150.04), tmp_path).read_text()
    met = whole_report(spawn=149.96)
    assert "Missed" not in write_summary(met, tmp_path).read_text()
    assert "missed" not in write_results(met, tmp_path).read_text()


def test_the_page_says_what_is_special(tmp_path):
    """Who shares a note or a reason is in one line; a time below zero is no ratio."""
    report = whole_report()
    report["rows"]["sleep"]["sides"]["uvloop"]["ns"] = -1.0
    text = write_results(report, tmp_path).read_text()
    others = ", ".join(side.title for side in PEERS if side.key != "trio")
    assert f"- {others}: in a way of its own (spawn to finish)" in text
    assert "- trio: no such thing (ping-pong; unbuffered stream;" in text
    assert "     - early\n" in text and "-0.0" not in text


def test_the_page_shows_whole_runs_only(tmp_path):
    with pytest.raises(SystemExit, match="the page shows whole runs only"):
        write_page({**whole_report(), "partial": True}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def check_picture(svg: str) -> None:
    """On a page of 390 pixels the text is large enough to read, and the legend covers no line."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ', svg)
    assert found is not None
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", svg)]
    assert sizes and min(sizes) * 350 / float(found[1]) >= 10
    axes, _, legend = svg.partition('<g id="legend_1">')
    if legend:
        rows = re.findall(r"^(?:L|<path d=\"M) [-\d.]+ ([-\d.]+)", corners(axes), re.M)
        top = min(map(float, rows))
        # Letters hang below their line by less than a third of their size.
        lowest = max(float(y) for y in re.findall(r'<text [^>]* y="([\d.]+)"', legend)) + min(sizes) / 3
        assert lowest < top


def corners(axes: str) -> str:
    """The path of the rectangle in which the lines are."""
    path = re.search(r'<g id="axes_1">\s*<g id="patch_2">\s*(<path d="[^"]*")', axes)
    assert path is not None
    return path[1]


PICTURES = sorted((FOLDER.parent / "docs" / "performance").glob("*.svg"))


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_readable(path):
    check_picture(path.read_text())


def test_the_page_has_its_pictures():
    """Those that it shows are there, and no others."""
    parts = (FOLDER.parent / "docs" / "performance").glob("*.inc")
    shown = {name for path in parts for name in re.findall(r"performance/([\w-]+)\.svg", path.read_text())}
    assert shown == {path.stem for path in PICTURES}


def test_new_pictures_are_readable(tmp_path):
    pytest.importorskip("matplotlib")
    report = whole_report()
    sides = {server.key: {"ns": 100.0, "spread": 0.1, "n": 1} for server in network.SERVERS}
    report["network"] = network_report()["network"]
    report["network"].update(versions=dict.fromkeys(sides, "1"), notes={key: {} for key in sides}, missing={})
    report["network"]["rows"]["echo"]["sides"] = sides  # type: ignore[typeddict-item]
    write_page(report, tmp_path)
    drawn = sorted(tmp_path.glob("*.svg"))
    assert [path.name for path in drawn] == [path.name for path in PICTURES]
    for path in drawn:
        check_picture(path.read_text())


# --- the network -----------------------------------------------------------------------------------------


needs_cores_and_go = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2 or go_compiler() is None,
    reason="client and server need a core each, which only Linux gives them, and the client is in Go",
)


def is_here(server: Side) -> bool:
    """Whether this environment can have the server."""
    if server is FAST:
        return False
    if server.environ.get("GOCHAN_PURE") == "0" and find_spec("gochan._engine._c") is None:
        return False
    needed = "gevent" if server.key == "gevent" else "uvloop" if server.variant == "uvloop" else "gochan"
    return find_spec(needed) is not None


@needs_cores_and_go
def test_each_server_does_each_network_row(tmp_path):
    """And the results get to the page."""
    report = new_report(quick=True, partial=True)
    servers = [server for server in network.SERVERS if is_here(server)]
    said: list[str] = []
    effort = network.NetworkEffort(turns=1, slot=0.005, hold_turns=1, most=60)
    network.measure_network(report, network.ROWS, servers, said.append, effort)
    assert "network" in report, said
    found = report["network"]
    assert found["missing"] == {}
    assert found["rows"].keys() == network.BY_KEY.keys()
    for key, row in found["rows"].items():
        sides: dict[str, Any] = row["sides"]
        assert sides.keys() == {server.key for server in servers}
        for server, result in sides.items():
            if "aio" in server and key != "echo":
                assert result == {"missing": "not measured"}
            else:
                measured = "bytes" if network.BY_KEY[key].do == "hold" else "ns"
                assert result.get(measured, -1) >= 0, (server, key, result)
    for notes in found["notes"].values():
        assert notes.keys() <= network.BY_KEY.keys()
    text = write_network(report, tmp_path).read_text()
    assert all(server.title in text for server in servers)
    assert len(verdicts(report)) == len(of_network(report)) > 0


def network_report(**echoes: float) -> Report:
    """A report in which the servers' echoes take so many nanoseconds."""
    sides = {server: {"ns": ns, "turns": [ns, ns]} for server, ns in echoes.items()}
    rows = {"echo": {"title": "echo", "n": 50, "sides": sides}}
    return {"rows": {}, "curves": {}, "network": {"rows": rows}}  # type: ignore[typeddict-item]


def test_a_network_target_is_met_or_missed():
    peers = {server: 100.0 * least for server, least in ECHO_AHEAD.items()}
    for ours, word in (99.0, "met"), (101.0, "missed"):
        words = [verdict.word for verdict in of_network(network_report(gochan=ours, **peers))]
        assert words == [word] * len(peers)
    assert of_network(network_report(gevent=1)) == []


def test_a_slower_server_is_called_so():
    """What Go's time changed by is the machine's part."""
    before = network_report(gochan=100, go=100)
    found = [changes(before, network_report(gochan=300, go=go), "gochan")[0] for go in (100, 300)]
    assert [change.verdict for (change,) in found] == ["slower", "same"]


@needs_cores_and_go
@pytest.mark.parametrize(
    "answer, words",
    [(b"x" * 100, "other bytes"), (b"", "sent 0 bytes where 100 were")],
    ids=["wrong", "none"],
)
def test_the_client_checks_what_comes_back(tmp_path, answer, words):
    """A server that doesn't do its work has no speed, and the next one is measured all the same."""
    program = build_go(tmp_path, "network")
    assert program is not None
    bench = network.Bench(program)
    try:
        with socket.create_server((HOST, 0)) as listener:

            def serve() -> None:
                conn, _ = listener.accept()
                with conn:
                    conn.recv(65536)
                    conn.sendall(answer)

            thread = Thread(target=serve)
            thread.start()
            request = {"do": "hold", "port": listener.getsockname()[1], "connections": 1, "size": 100}
            with pytest.raises(Failed, match=words):
                bench.client.ask(**request)
            thread.join()
        server = bench.start(network.BY_SERVER["asyncio"])
        try:
            found = bench.serve(server, network.BY_KEY["echo"], 1, 0)
            assert found["n"] >= 1
        finally:
            server.close()
    finally:
        bench.client.close()


def test_the_guard_fails_over_a_limit():
    best = dict.fromkeys(guard.ROWS, 1.0)
    for name, row in guard.ROWS.items():
        if row.of:
            best[name] = best[row.of] * row.limit * 0.999
    assert guard.over(best) == set()
    for name, row in guard.ROWS.items():
        if row.of:
            assert name in guard.over({**best, name: best[name] * 1.01})


def test_an_amount_has_three_digits():
    assert [amount(ns) for ns in (4.321, 43.21, 432.1, 4321, 4.321e6, 4.321e9)] == [
        "4.32 ns",
        "43.2 ns",
        "432 ns",
        "4.32 µs",
        "4.32 ms",
        "4.32 s",
    ]
