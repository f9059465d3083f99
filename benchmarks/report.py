"""The results of a run, and how they are stored: one JSON file for each commit, in a folder that git ignores.

Invariant: a result has either a measurement or the reason why there is none.
"""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NotRequired, TypedDict

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "results"
FORMAT = 1
REPORT_WANTED = "give a JSON file that `python -m benchmarks run` wrote"

Point = dict[str, float]  # "size", and the values that were measured at this size


class Result(TypedDict):
    """The result of one side in one row."""

    missing: NotRequired[str]
    ns: NotRequired[float]  # the best time of an operation
    spread: NotRequired[float]  # (median - best) / best
    turns: NotRequired[list[float]]  # the best time of each turn
    n: NotRequired[int]  # the number of operations or connections
    bytes: NotRequired[float]  # the memory of each connection, in rows that measure it
    client_busy: NotRequired[float]  # the share of the best turn in which the client used its core
    server_busy: NotRequired[float]  # the same for the server


class RowResults(TypedDict):
    title: str
    n: int
    sides: dict[str, Result]


class Network(TypedDict):
    """The results of network.py; the fields mean the same as in Report."""

    versions: dict[str, str]
    notes: dict[str, dict[str, str]]
    missing: dict[str, str]
    rows: dict[str, RowResults]


class Report(TypedDict):
    format: int
    commit: str
    date: str
    quick: bool
    partial: bool  # some rows, peers, curves or servers were left out
    machine: dict[str, str]
    versions: dict[str, str]  # of each side
    notes: dict[str, dict[str, str]]  # for each side and row: how the side differs
    missing: dict[str, str]  # for each side that could not be started: why
    rows: dict[str, RowResults]
    curves: dict[str, dict[str, list[Point]]]  # for each curve and side
    network: NotRequired[Network]


def commit() -> str:
    """Return the commit that is checked out, and whether gochan has changed since; "unknown" without git."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    try:
        changed = git("status", "--short", "gochan")
        return git("rev-parse", "--short=12", "HEAD") + ("-changed" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def processor() -> str:
    """Return the processor's name and generation: on a virtual machine, the name may be only the maker's."""
    try:
        first, _, _ = Path("/proc/cpuinfo").read_text().partition("\n\n")
    except OSError:
        first = ""
    lines = (line.partition(":") for line in first.splitlines())
    told = {key.strip(): value.strip() for key, _, value in lines}
    name = told.get("model name") or platform.processor() or platform.machine()
    generation = [f"{key.split()[-1]} {told[key]}" for key in ("cpu family", "model") if key in told]
    return ", ".join([name, *generation])


def demand() -> str:
    """Return the load average of the last minute: if it is above the number of cores, times are rough."""
    if not hasattr(os, "getloadavg"):
        return "unknown"
    return f"average {os.getloadavg()[0]:.1f} in the minute before the run"


def machine() -> dict[str, str]:
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        system = platform.system()
    return {
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "system": f"{system}, {platform.system()} {platform.release()}, {platform.machine()}",
        "load": demand(),
        "Python": f"{platform.python_version()}, {platform.python_compiler()}",
    }


def new_report(quick: bool, partial: bool) -> Report:
    return {
        "format": FORMAT,
        "commit": commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "partial": partial,
        "machine": machine(),
        "versions": {},
        "notes": {},
        "missing": {},
        "rows": {},
        "curves": {},
    }


def save(report: Report) -> Path:
    """Store the report under its commit, with a file for each kind (partial, quick); return the file."""
    FOLDER.mkdir(exist_ok=True)
    kind = ("-partial" if report["partial"] else "") + ("-quick" if report["quick"] else "")
    path = FOLDER / f"{report['commit']}{kind}.json"
    path.write_text(json.dumps(report, indent=1) + "\n")
    return path


def load(path: Path) -> Report:
    """Read a report. Raises SystemExit, which says what to pass instead, if the file is not a report."""
    try:
        report: Report = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path}: {error}; {REPORT_WANTED}") from None
    if not isinstance(report, dict) or report.get("format") != FORMAT:
        raise SystemExit(f"{path} is no report of format {FORMAT}; {REPORT_WANTED}")
    return report


def newest() -> Path:
    """Return the file of the newest report. Raises SystemExit if there is none."""
    paths = sorted(FOLDER.glob("*.json"), key=lambda path: path.stat().st_mtime)
    if not paths:
        raise SystemExit("no report is there yet: `make bench` makes one")
    return paths[-1]


def spread(times: list[float]) -> float:
    """Return how far the median is above the best, as a share of the best."""
    return median(times) / min(times) - 1


def ns_of(report: Report, row: str, side: str) -> float | None:
    """Return the time of an operation in nanoseconds, or None if it was not measured."""
    if row not in report["rows"]:
        return None
    return report["rows"][row]["sides"].get(side, {}).get("ns")


def network_ns(report: Report, row: str, server: str) -> float | None:
    """Return the same as `ns_of`, for a row of network.py and a server."""
    rows = report["network"]["rows"] if "network" in report else {}
    return rows[row]["sides"].get(server, {}).get("ns") if row in rows else None


def amount(ns: float) -> str:
    """Write a time with three digits, in the unit that fits.

    >>> [amount(ns) for ns in (4.321, 43.21, 432.1, 4321, 4.321e6, 4.321e9)]
    ['4.32 ns', '43.2 ns', '432 ns', '4.32 µs', '4.32 ms', '4.32 s']
    """
    for unit, size in ("s", 1e9), ("ms", 1e6), ("µs", 1e3):
        if abs(ns) >= size:
            return f"{three_digits(ns / size)} {unit}"
    return f"{three_digits(ns)} ns"


def three_digits(value: float) -> str:
    digits = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
    return f"{value:,.{digits}f}"
