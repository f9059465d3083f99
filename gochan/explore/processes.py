"""Shares the runs of `gochan explore` among processes; the first that finds something ends the others."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any, Final

# What the processes after the first do where the strategy is left to us: that one begins with Go's own order
# and a short exhaustive search.
_OTHERS: Final = ("pos", "pct", "random")

# What a process says in the end about what it has explored: see `cli` and `report.summary`.
_NOTHING: Final = re.compile(
    r"(?P<name>.*): nothing found in (?P<runs>\d+) runs?, (?P<schedules>\d+)( different)? schedules?, "
    r"(?P<speed>[\d,]+) runs a second"
)


def explore(options: Any, arguments: Sequence[str]) -> int:
    """Explore with these arguments of the command, in processes; print what they find, return its status."""
    n = min(options.processes, options.runs)
    running: list[tuple[subprocess.Popen[str], Any]] = []
    try:
        for i in range(n):
            # argparse takes the last of each.
            own = ["-n", "1", "--runs", str(options.runs // n + (i < options.runs % n))]
            own += ["--seed", str(options.seed + i)]
            if options.strategy == "auto" and i:
                own += ["--strategy", _OTHERS[(i - 1) % len(_OTHERS)]]
            # Not a pipe, which would fill while another process is read.
            out = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed below
            command = [sys.executable, "-m", "gochan", "explore", *arguments, *own]
            running.append((subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, text=True), out))
        return _first(running)
    finally:
        for process, out in running:
            process.kill()
            process.wait()
            out.close()


def _first(running: Sequence[tuple[subprocess.Popen[str], Any]]) -> int:
    """Wait until a process finds something, or has seen every schedule, or until all have ended."""
    left = list(running)
    texts = []
    while left:
        for process, out in [pair for pair in left if pair[0].poll() is not None]:
            left.remove((process, out))
            out.seek(0)
            text = out.read()
            if process.returncode or "explored: nothing found" in text:
                print(text, end="")
                return process.returncode
            texts.append(text)
        time.sleep(0.01)
    print("\n".join(_together(texts)))
    return 0


def _together(texts: Sequence[str]) -> list[str]:
    """Return what processes that found nothing have said: each line once, and the sum of their runs."""
    lines: dict[str, list[re.Match[str]]] = {}
    for line in "".join(texts).splitlines():
        result = _NOTHING.fullmatch(line)
        lines.setdefault(line if result is None else result["name"], []).extend([result] if result else [])
    return [_sum(name, results) if results else name for name, results in lines.items()]


def _sum(name: str, results: Sequence[re.Match[str]]) -> str:
    runs, schedules, speeds = (
        [int(result[part].replace(",", "")) for result in results] for part in ("runs", "schedules", "speed")
    )
    return (
        f"{name}: nothing found in {sum(runs)} runs in {len(results)} processes, at least {max(schedules)} "
        f"different schedules, {sum(speeds):,} runs a second"
    )
