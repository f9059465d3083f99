"""What a run found, as it is kept: one JSON file for each commit, in a folder that git ignores.

Invariant: a result has either a time or a word on why there is none.
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

Point = dict[str, float]  # "size", and what was measured there


class Result(TypedDict):
    """One side's part in one row."""

    missing: NotRequired[str]
    ns: NotRequired[float]  # the best, for an operation
    spread: NotRequired[float]  # how far the median lies above it, as a share of it
    turns: NotRequired[list[float]]  # the best of each turn
    n: NotRequired[int]  # how many operations, or connections
    bytes: NotRequired[float]  # the memory of each, where that is what is measured
    client_busy: NotRequired[float]  # which part of the best turn the client used its core
    server_busy: NotRequired[float]  # and the server its own


class RowResults(TypedDict):
    title: str
    n: int
    sides: dict[str, Result]


class Network(TypedDict):
    """What network.py measures; Report says what the parts are."""

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
    notes: dict[str, dict[str, str]]  # of each side, for each row: where it differs
    missing: dict[str, str]  # sides that are not there, and why
    rows: dict[str, RowResults]
    curves: dict[str, dict[str, list[Point]]]  # for each curve and side
    network: NotRequired[Network]


def commit() -> str:
    """The commit that is checked out, and whether gochan was changed since; "unknown" without git."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    try:
        changed = git("status", "--short", "gochan")
        return git("rev-parse", "--short=12", "HEAD") + ("-changed" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def processor() -> str:
    """Its name and generation: a virtual machine's processor often has a name that tells only the maker."""
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
    """The load average of the last minute: if it is above the number of cores, times are rough."""
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
    """Keep the report under its commit, beside those of another kind; returns the file."""
    FOLDER.mkdir(exist_ok=True)
    kind = ("-partial" if report["partial"] else "") + ("-quick" if report["quick"] else "")
    path = FOLDER / f"{report['commit']}{kind}.json"
    path.write_text(json.dumps(report, indent=1) + "\n")
    return path


def load(path: Path) -> Report:
    """Read a report. Raises SystemExit, with what would do, for what is none."""
    try:
        report: Report = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path}: {error}; {REPORT_WANTED}") from None
    if not isinstance(report, dict) or report.get("format") != FORMAT:
        raise SystemExit(f"{path} is no report of format {FORMAT}; {REPORT_WANTED}")
    return report


def newest() -> Path:
    """The report that was written last. Raises SystemExit if there is none."""
    paths = sorted(FOLDER.glob("*.json"), key=lambda path: path.stat().st_mtime)
    if not paths:
        raise SystemExit("no report is there yet: `make bench` makes one")
    return paths[-1]


def spread(times: list[float]) -> float:
    """How far the median lies above the best, as a share of it."""
    return median(times) / min(times) - 1


def ns_of(report: Report, row: str, side: str) -> float | None:
    """The time of an operation in nanoseconds, or None where there is none."""
    if row not in report["rows"]:
        return None
    return report["rows"][row]["sides"].get(side, {}).get("ns")


def network_ns(report: Report, row: str, server: str) -> float | None:
    """What `ns_of` returns, for a row of network.py and a server."""
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
