"""Measures the sides in turn, and keeps the best time of each.

Other programs on the machine can only make a time longer. So each row is measured in several turns. In each
turn every side gets a slot of time, and the best of its slots counts. The spread is how far the median of the
slots is above the best, which shows how much other programs disturbed the measurement.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .curves import Curve
from .report import Point, Report, Result, spread
from .rows import Row
from .sides import GO, OURS, Failed, Process, Side, build_go, workloads_of

Say = Callable[[str], None]


@dataclass(frozen=True)
class Effort:
    """How long a run may take, in seconds."""

    turns: int
    slot: float  # how long a side repeats the work in each turn
    enough: float  # a side that has used this much for a row takes no further turn
    too_long: float  # if a turn would take longer, it does a tenth of the operations


FULL = Effort(turns=11, slot=0.1, enough=6, too_long=8)
QUICK = Effort(turns=3, slot=0.01, enough=0.15, too_long=0.3)


class Sides:
    """The processes of the sides that could be started. The report gets the reasons for the others."""

    def __init__(self, sides: list[Side], go_program: Path | None, report: Report, say: Say) -> None:
        self._go_program = go_program
        self._running: dict[Side, Process] = {}
        self._report = report
        for side in sides:
            try:
                process = self._running[side] = workloads_of(side, go_program)
            except Failed as failure:
                report["missing"][side.key] = str(failure)
                say(f"{side.title}: not here ({failure})")
            else:
                report["versions"][side.key] = process.about["version"]
                report["notes"][side.key] = process.about["notes"]

    def offering(self, row: Row, results: dict[str, Result]) -> list[Side]:
        """Return the sides that have the row. The results get the reasons why the others don't."""
        offering = []
        for side, process in self._running.items():
            if row.key in process.about["absent"]:
                results[side.key] = {"missing": process.about["absent"][row.key]}
            else:
                offering.append(side)
        return offering

    def time(self, side: Side, row: Row, n: int, seconds: float) -> list[float]:
        """Return the seconds of each repetition. If the process fails, replace it with a new one."""
        try:
            times: list[float] = self._running[side].ask(row=row.key, n=n, seconds=seconds)["seconds"]
        except Failed:
            self._running[side].close()
            self._running[side] = workloads_of(side, self._go_program)
            raise
        return times

    def close(self) -> None:
        for process in self._running.values():
            process.close()


class Contest:
    """The measurements of one side in one row."""

    def __init__(self, sides: Sides, side: Side, row: Row, n: int, effort: Effort) -> None:
        self._sides, self._side, self._row, self._effort = sides, side, row, effort
        self._n = n
        self._used = 0.0
        self._turns: list[float] = []
        self.failure = ""

    def warm_up(self) -> None:
        """Run once with a tenth of the operations. If that takes long, keep this number for all turns."""
        few = max(1, self._n // 10)
        if not self._row.whole and few * 10 == self._n:
            took = self._time(few, 0)
            if took and min(took) * 10 > self._effort.too_long:
                self._n = few

    def take_turn(self) -> None:
        if not self.failure and self._used < self._effort.enough:
            took = self._time(self._n, self._effort.slot)
            self._used += sum(took)
            if took:
                self._turns.append(self._row.cost(min(took), self._n))

    def _time(self, n: int, seconds: float) -> list[float]:
        try:
            return self._sides.time(self._side, self._row, n, seconds)
        except Failed as failure:
            self.failure = str(failure)
            return []

    def result(self) -> Result:
        if self.failure:
            return {"missing": self.failure}
        return {"ns": min(self._turns), "spread": spread(self._turns), "turns": self._turns, "n": self._n}


def measure_rows(report: Report, rows: list[Row], sides: Sides, say: Say) -> None:
    """Measure all rows on all sides into the report."""
    quick = report["quick"]
    effort = QUICK if quick else FULL
    for row in rows:
        n = row.size(quick)
        say(row.named(n))
        results: dict[str, Result] = {}
        contests = {side: Contest(sides, side, row, n, effort) for side in sides.offering(row, results)}
        for contest in contests.values():
            contest.warm_up()
        for _ in range(effort.turns):
            for contest in contests.values():
                contest.take_turn()
        results.update((side.key, contest.result()) for side, contest in contests.items())
        report["rows"][row.key] = {"title": row.named(n), "n": n, "sides": results}


def measure_curves(report: Report, curves: list[Curve], go_program: Path | None, say: Say) -> None:
    """Measure the curves of gochan and Go into the report, each point in fresh processes."""
    quick = report["quick"]
    for curve in curves:
        points: dict[str, list[Point]] = {OURS.key: [], GO.key: []}
        for size in curve.sizes(quick):
            say(f"{curve.title}: {size:,}")
            # All turns of one side come in a row: on a virtual machine, a gigabyte of memory is expensive for
            # the first process that uses it, and cheap for the next.
            turns = 3 if quick else 5
            found: dict[str, list[dict[str, float]]] = {OURS.key: [], GO.key: []}
            for side in OURS, GO:
                for _ in range(turns):
                    try:
                        process = workloads_of(side, go_program, limit=300)
                        found[side.key].append(process.ask(curve=curve.key, n=size)["values"])
                        process.close()
                    except Failed as failure:
                        say(f"{side.title}: {failure}")
            for key, values in found.items():
                if values:
                    least = {name: min(value[name] for value in values) for name in curve.values}
                    points[key].append({"size": size, **least})
        report["curves"][curve.key] = points


def measure(report: Report, rows: list[Row], curves: list[Curve], sides: list[Side], say: Say) -> None:
    """Measure rows and curves into the report."""
    with tempfile.TemporaryDirectory() as folder:
        say("building the Go program")
        go_program = build_go(Path(folder))
        running = Sides(sides, go_program, report, say)
        try:
            measure_rows(report, rows, running, say)
        finally:
            running.close()
        measure_curves(report, curves, go_program, say)
