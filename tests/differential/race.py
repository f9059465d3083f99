"""Counts how a race of 499 ms against 500 ms ends, in Go and in gochan, under the same conditions.

    python race.py [--runs 100] [--at-once 5] [--hogs 2]

timeout_quit_context sends a message each 499 ms to a select that gives up after 500 ms. It ends in
"Jobs done!" if no message is more than a millisecond late, three times in a row. Go's runs and gochan's
alternate, a few at once, beside as many processes that use up a processor as --hogs says.
"""

import argparse
import contextlib
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from twins import EXAMPLES, build, start_go, start_python, toolchain

NAME = "timeout_quit_context"


@contextlib.contextmanager
def hogs(n: int) -> Iterator[None]:
    """Keep n processes busy."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(n)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def race(binary: Path | None, runs: int, at_once: int = 5) -> dict[str, Counter[str]]:
    """Run each half `runs` times; count what it printed last. Without a binary, gochan's half only."""
    endings = {"gochan": Counter[str]()} | ({"go": Counter[str]()} if binary is not None else {})
    lock = threading.Lock()

    def run(side: str) -> None:
        # A start costs time on a processor: it must not fall on the same moment of the runs beside it.
        time.sleep(random.uniform(0, 0.5))
        if binary is not None and side == "go":
            running = start_go(binary, NAME)
        else:
            running = start_python(EXAMPLES / f"{NAME}.py")
        printed, status, errors = running.ending()
        with lock:
            endings[side][(printed.decode().splitlines() or [f"status {status}: {errors}"])[-1]] += 1

    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(run, list(endings) * runs))
    return endings


def main() -> None:
    parser = argparse.ArgumentParser(description="Count how the race of 499 ms against 500 ms ends.")
    parser.add_argument("--runs", type=int, default=100, help="runs of each half (100)")
    parser.add_argument("--at-once", type=int, default=5, help="how many run side by side (5)")
    parser.add_argument("--hogs", type=int, default=0, help="busy processes beside them (0)")
    options = parser.parse_args()
    go = toolchain()
    if go is None:
        print("no Go toolchain: gochan's half alone")
    with tempfile.TemporaryDirectory() as folder:
        binary = build(go, Path(folder)) if go is not None else None
        with hogs(options.hogs):
            endings = race(binary, options.runs, options.at_once)
    for side, counted in endings.items():
        print(f"{side}:")
        for ending, times in counted.most_common():
            print(f"  {times:4}  {ending}")


if __name__ == "__main__":
    main()
