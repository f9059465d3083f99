"""The benchmarks: that their workloads do what they are to do, and that a slower run is called so."""

import ast
import re
from pathlib import Path

import pytest

from benchmarks import guard
from benchmarks.compare import Change
from benchmarks.curves import CURVES
from benchmarks.report import Report, amount
from benchmarks.rows import ROWS
from benchmarks.sides import FAST
from benchmarks.targets import of_rows
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

    assert [verdict.word for ours in (130, 131) for verdict in of_rows(report(ours))] == ["met", "missed"]
    assert of_rows(report(130), FAST) == []


def test_the_guard_fails_over_a_limit():
    bests = {"bare": 1.0, **{name: limit for name, (_, limit) in guard.LIMITS.items()}}
    assert not guard.over(bests)
    for name in guard.LIMITS:
        assert guard.over({**bests, name: bests[name] * 1.01})


def test_an_amount_has_three_digits():
    assert [amount(ns) for ns in (4.321, 43.21, 432.1, 4321, 4.321e6, 4.321e9)] == [
        "4.32 ns",
        "43.2 ns",
        "432 ns",
        "4.32 µs",
        "4.32 ms",
        "4.32 s",
    ]
