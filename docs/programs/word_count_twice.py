"""Runs examples/word_count.py twice, with processes and with Dask, and compares what they print."""

import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "word_count.py"


def count(*options: str) -> str:
    command = [sys.executable, EXAMPLE, "--processes", "2", "--top", "3", *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    with_processes = count()
    with_dask = count("--dask")
    print(with_processes, end="")
    print("the same with Dask:", with_dask == with_processes)
