"""Compares thousands of random programs with their ports.

    python tests/port/fuzz.py [--of orders] [--count 1000] [--first SEED] [--keep FOLDER] [--minimize N]

A batch of programs is one Go file and one Python file. What differs is written to FOLDER, the first N
findings minimized, by leaving out lines as long as they differ.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "differential"))
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

import controls
import elements
import generator
import growth
import harness
import kinds
import orders
import seeded

from twins import toolchain

NOTHING = Path("/dev/null")
# What makes a file of programs, each from a seed.
MAKERS: dict[str, Callable[[list[int]], str]] = {
    name: partial(seeded.batch, module.Program)
    for name, module in (
        ("everything", generator), ("elements", elements), ("orders", orders), ("controls", controls),
        ("kinds", kinds), ("growth", growth),
    )
}  # fmt: skip


class Finding(NamedTuple):
    """A program whose port differs, is refused, or fails to be made."""

    seed: int
    verdict: str
    report: str


def run_batch(seeds: list[int], of: str = "everything") -> list[Finding]:
    """Compare a batch."""
    outcome, go, port = _compare(MAKERS[of](seeds))
    if outcome.verdict != "same":
        if len(seeds) == 1:
            return [Finding(seeds[0], outcome.verdict, outcome.report)]
        middle = len(seeds) // 2
        return run_batch(seeds[:middle], of) + run_batch(seeds[middle:], of)
    if go.status != port.status and len(seeds) > 1:  # one program has ended the others too
        middle = len(seeds) // 2
        return run_batch(seeds[:middle], of) + run_batch(seeds[middle:], of)
    findings = []
    for seed in seeds:
        left, right = _part(go.printed, seed), _part(port.printed, seed)
        if left != right:
            report = harness.difference(go._replace(printed=left), port._replace(printed=right)) or ""
            findings.append(Finding(seed, "different", report))
    if not findings and go.status != port.status:
        findings.append(
            Finding(seeds[0], "different", f"the batch ends with {port.status}\n{port.errors[-2000:]}")
        )
    return findings


def _part(printed: bytes, seed: int) -> bytes:
    """Return what one program of a batch printed."""
    found = re.search(rb"^== p%d\n(.*?)(?=^== p|\Z)" % seed, printed, re.MULTILINE | re.DOTALL)
    return found[1] if found else b"nothing"


def _compare(text: str) -> tuple[harness.Outcome, harness.Ending, harness.Ending]:
    """Run a Go file and its port. Raises `ValueError` if it is not valid Go."""
    nothing = harness.Ending(b"", 0, "")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        folder = Path(name)
        source = folder / "main.go"
        source.write_text(text, encoding="utf-8")
        outcome = harness.translate(source)
        if outcome.verdict != "same":
            if "SourceError" in outcome.report:
                raise ValueError(outcome.report)
            return outcome, nothing, nothing
        go = toolchain()
        assert go is not None
        binary = str(folder / "program")
        built = subprocess.run(
            [go, "build", "-o", binary, str(source)], capture_output=True, text=True, check=False
        )
        if built.returncode:
            raise ValueError(built.stderr)
        script = harness.write(outcome.files, folder)
        return outcome, harness.run_go([binary], NOTHING), harness.run_port(script, NOTHING)


def signature(text: str) -> str:
    """Return how the port of a Go file differs, in a word; "" if it doesn't or the Go is not valid."""
    try:
        outcome, go, port = _compare(text)
    except ValueError:
        return ""
    if outcome.verdict != "same":
        return outcome.verdict
    if go.status != 0 or go.printed == port.printed:
        return ""
    raised = re.findall(r"^(?:\w+\.)*(\w+(?:Error|Exception|panic))\b", port.errors, re.MULTILINE)
    return raised[-1] if raised else "printed"


def minimize(text: str, still: Callable[[str], bool], seconds: float = 120) -> str:
    """Return a shorter text of which `still` is true, found by leaving out groups of lines."""
    lines = text.splitlines()
    end = time.monotonic() + seconds
    size = max(len(lines) // 4, 1)
    while size and time.monotonic() < end:
        start, shorter = 0, False
        while start < len(lines) and time.monotonic() < end:
            for group in _groups(lines, start, size):
                if still("\n".join(attempt := lines[: group[0]] + group[2] + lines[group[1] :]) + "\n"):
                    lines, shorter = attempt, True
                    break
            else:
                start += max(size // 2, 1)
        if not shorter or size > 1:
            size //= 2
    return "\n".join(lines) + "\n"


def _groups(lines: list[str], start: int, size: int) -> Iterator[tuple[int, int, list[str]]]:
    """Yield what can be left out from `start`: the first and last line, and what to put there."""
    end = start
    depth = 0
    while end < len(lines) and (end < start + size or depth > 0):
        depth += _opened(lines[end])
        if depth < 0:
            break
        end += 1
    if end > start and depth == 0:
        yield start, end, []
        if size == 1 and end > start + 1 and "else" not in "".join(lines[start:end]):
            yield start, end, lines[start + 1 : end - 1]


def _opened(line: str) -> int:
    bare = re.sub(r'"(\\.|[^"\\])*"', "", line)
    return bare.count("{") + bare.count("(") - bare.count("}") - bare.count(")")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--of", choices=MAKERS, default="everything")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--batch", type=int, default=25)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "port-findings")
    parser.add_argument("--minimize", type=int, default=0)
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    seeds = range(options.first, options.first + options.count)
    batches = [list(seeds[i : i + options.batch]) for i in range(0, len(seeds), options.batch)]
    counts: Counter[str] = Counter()
    with ProcessPoolExecutor(options.processes, mp_context=get_context("spawn")) as pool:
        for number, findings in enumerate(pool.map(partial(run_batch, of=options.of), batches), 1):
            if number % 10 == 0:
                print(f"{number * options.batch} programs, {dict(counts)}", flush=True)
            for finding in findings:
                counts[finding.verdict] += 1
                text = MAKERS[options.of]([finding.seed])
                if finding.verdict != "refused" and options.minimize > 0:
                    options.minimize -= 1
                    kind = signature(text)
                    text = minimize(text, lambda text, kind=kind: signature(text) == kind != "")
                path = options.keep / f"{finding.verdict}_{finding.seed}.go"
                path.write_text(text, encoding="utf-8")
                path.with_suffix(".txt").write_text(finding.report, encoding="utf-8")
                last = finding.report.strip().splitlines()[-1:]
                print(finding.seed, finding.verdict, *last, flush=True)
    print(f"{options.count} programs, {dict(counts)} in {options.keep}")


if __name__ == "__main__":
    main()
