"""Runs sweep.py in processes of their own; where one dies, the next goes on behind the operation that it died of."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic

# For a run as a script; pytest has it already.
sys.path.append(str(Path(__file__).parents[1]))

from children import died, environment

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Spec:
    """What a child sweeps over: a kind of disturbance, and where the operations run."""

    kind: str
    surroundings: str
    place: str
    operations: tuple[str, ...]
    waits: bool = True  # what is done in the middle may wait
    thorough: bool = False  # each thing that can be done at each point, and not one after another
    points: int = 120  # at most, of one operation
    recorded: bool = False  # the operations, and the values, are recorded


@dataclass
class Report:
    """What the sweep found."""

    trials: int = 0
    problems: dict[str, list[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return "\n\n".join(f"{name}: {problem}" for name, problems in self.problems.items() for problem in problems)


def sweep(spec: Spec, most: int = 1000) -> Report:
    """Sweep over all operations; where a child ends early, another goes on behind what it found, up to so many times."""
    report = Report()
    start = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "progress"
        for _ in range(most):
            path.write_bytes(b"")
            command = [sys.executable, HERE / "sweep.py", json.dumps({**asdict(spec), "start": start}), path]
            done = subprocess.run(
                command, env=environment(), capture_output=True, text=True, errors="replace", check=False
            )
            text = path.read_text()
            last = json.loads(text.splitlines()[0]) if text else {}
            if done.returncode == 0 and "trials" in last:
                report.trials = last["trials"]
                return report
            if "index" not in last:
                report.problems.setdefault("the sweep itself", []).append(f"{died(done.returncode)}\n{done.stderr}")
                return report
            start = last["index"] + 1
            what = last.get("problems") or [f"{died(done.returncode)}\n{done.stderr[-5000:]}"]
            act = f", {last['act']!r}" if last.get("act") else ""
            number = f", call {last['at']}" if last.get("at", 0) > 0 else ""
            where = f"{spec.kind}{act} at point {last['n']} ({spec.surroundings}, in {spec.place}{number})"
            report.problems.setdefault(last["name"], []).append(f"{where}: " + "; ".join(what))
    return report


def brief(text: str) -> str:
    """Shorten a problem to a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    fatal = [line for line in lines if re.match("Fatal|Timeout|AssertionError", line)]
    return " | ".join([lines[0], *fatal])[:240]


def table(kinds: str, surroundings: str, places: str, part: str = "", *options: str) -> None:
    """Sweep, and print a line for each problem.

    `python run_sweep.py KIND,... SURROUNDINGS,... PLACE,... [PART OF A NAME [thorough] [recorded]]`
    """
    thorough, recorded = "thorough" in options, "recorded" in options
    sys.path.insert(0, str(HERE))
    import further_operations
    import package_operations
    from operations import OPERATIONS

    assert package_operations
    assert further_operations

    names = tuple(name for name in OPERATIONS if part in name)
    for kind in kinds.split(","):
        for around in surroundings.split(","):
            for place in places.split(","):
                begin = monotonic()
                found = sweep(Spec(kind, around, place, names, thorough=thorough, recorded=recorded))
                print(f"== {kind} {around} {place}: {found.trials} trials in the last child, {monotonic() - begin:.1f} s", flush=True)
                for name, problems in found.problems.items():
                    for problem in problems[:3]:
                        print(f"{name}: {brief(problem)}")


if __name__ == "__main__":
    table(*sys.argv[1:])
