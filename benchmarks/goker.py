"""Explores the bug kernels of GoBench: `python -m benchmarks.goker PATH [KERNEL...]`.

PATH is a copy of github.com/timmyyuan/gobench, which has no license, so nothing of it can be included here.
Each of the 103 kernels is a Go test with one bug, taken from a real project.  `gochan port` translates it,
and `gochan explore` runs the test in many orders, in a process of its own, until one fails.

The bug of a kernel that blocks is a deadlock or a leak; data races are not searched for in these.  The bug of
any other kernel is a race, a panic or a failed test.  The published numbers are from the paper (Yuan et al.,
GoBench, CGO 2021).
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from gochan.explore.report import WORDS

# The number of kernels of each sort that the other tools find.
PUBLISHED = {
    "blocking": {"goleak": 42, "go-deadlock": 28},
    "nonblocking": {"go test -race": 32},
}
# The kind of a failure, by the first words of its report.
KINDS = {words: kind for kind, words in WORDS.items()}


class Kernel(NamedTuple):
    """A bug of the collection."""

    name: str
    # "blocking" or "nonblocking".  The cause is in the words of the collection.
    sort: str
    cause: str
    source: Path


class Result(NamedTuple):
    """The result of exploring a kernel."""

    kernel: Kernel
    # One of the kinds, or "" if nothing was found.
    kind: str
    runs: int
    seconds: float
    # What explore printed, or why the kernel was not translated.
    text: str

    @property
    def found(self) -> bool:
        """Whether the failure that was found is the kernel's bug."""
        return self.kind in (("deadlock", "leak") if self.kernel.sort == "blocking" else KINDS.values())


def kernels(path: Path) -> Iterator[Kernel]:
    """Yield the kernels of a copy of GoBench.  Raises `FileNotFoundError` if `path` is not such a copy."""
    root = path / "gobench"
    for sort in PUBLISHED:
        causes = json.loads((root / "configures" / "goker" / f"{sort}.json").read_text())
        for name, cause in sorted(causes.items()):
            project, number = name.split("_")
            source = root / "goker" / sort / project / number / f"{project}{number}_test.go"
            yield Kernel(name, sort, f"{cause['type']}: {cause['subtype']}", source)


def explore(kernel: Kernel, folder: Path, options: argparse.Namespace) -> Result:
    """Translate a kernel into a file in `folder`, and explore it."""
    ported = folder / f"test_{kernel.name}.py"
    gochan = [sys.executable, "-m", "gochan"]
    done = subprocess.run(
        [*gochan, "port", str(kernel.source), "-o", str(ported), "--force"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        return Result(kernel, "", 0, 0.0, f"not translated: {done.stderr.strip()}")
    command = [*gochan, "explore", str(ported), "--runs", str(options.runs), "--seed", str(options.seed)]
    if kernel.sort == "blocking":
        command.append("--no-races")
    start = time.monotonic()
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=options.seconds, cwd=folder
        )
    except subprocess.TimeoutExpired:
        return Result(kernel, "", 0, options.seconds, f"still exploring after {options.seconds} s")
    seconds = time.monotonic() - start
    if done.returncode not in (0, 1):
        return Result(kernel, "", 0, seconds, done.stdout + done.stderr)
    found = re.search(r"found in run (\d+): ([^:]+):", done.stdout)
    if found is None:
        return Result(kernel, "", options.runs, seconds, done.stdout + done.stderr)
    return Result(kernel, KINDS[found[2]], int(found[1]), seconds, done.stdout)


def row(result: Result) -> str:
    """Return the line of the table for a kernel."""
    what = result.kind if result.found else f"NOT FOUND {result.kind}"
    runs = f"run {result.runs}" if result.kind else result.text.strip().rpartition("\n")[2][:80]
    return f"{result.kernel.name:20} {result.kernel.cause:48} {what:12} {result.seconds:6.1f} s  {runs}"


def summary(results: Sequence[Result]) -> Iterator[str]:
    """Yield the lines of the table of sorts and causes."""
    for sort, published in PUBLISHED.items():
        of_sort = [result for result in results if result.kernel.sort == sort]
        found = Counter(result.kernel.cause for result in of_sort if result.found)
        yield ""
        for cause, all_of in sorted(Counter(result.kernel.cause for result in of_sort).items()):
            yield f"{cause:48} {found[cause]:3} of {all_of}"
        others = ", ".join(f"{tool} {count}" for tool, count in published.items())
        yield f"{sort + ', in all':48} {found.total():3} of {len(of_sort)} ({others})"


def main(arguments: Sequence[str]) -> int:
    """Explore the kernels, and print the tables; return 1 if the bug of any kernel was not found."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.goker", description="Explore the bug kernels of GoBench."
    )
    parser.add_argument("path", type=Path, help="a copy of github.com/timmyyuan/gobench")
    parser.add_argument("kernel", nargs="*", help="only these: cockroach_10214")
    parser.add_argument("--runs", type=int, default=2000, metavar="N", help="runs of a kernel at most (2000)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of all random choices (0)")
    parser.add_argument("--seconds", type=int, default=300, metavar="S", help="for a kernel at most (300)")
    parser.add_argument("--at-once", type=int, default=2, metavar="N", help="kernels at the same time (2)")
    parser.add_argument("--reports", action="store_true", help="print what explore reports, too")
    options = parser.parse_args(arguments)
    try:
        wanted = [k for k in kernels(options.path) if not options.kernel or k.name in options.kernel]
    except FileNotFoundError as error:
        parser.error(f"{options.path} is not a copy of GoBench: {error}")
    if not wanted:
        parser.error(f"there is no kernel {', '.join(options.kernel)}")
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.at_once) as threads:
        for result in threads.map(lambda kernel: explore(kernel, Path(folder), options), wanted):
            results.append(result)
            print(row(result), flush=True)
            if options.reports:
                print(result.text, flush=True)
    print("\n".join(summary(results)))
    return 0 if all(result.found for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
