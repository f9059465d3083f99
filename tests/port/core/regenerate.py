"""Runs the Go programs of this folder: python tests/port/core/regenerate.py [NAME...].

The output of go/NAME.go is kept in results/NAME.txt.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    for name in sys.argv[1:] or sorted(path.stem for path in (HERE / "go").glob("*.go")):
        command = ["go", "run", str(HERE / "go" / f"{name}.go")]
        out = subprocess.run(command, capture_output=True, check=False)
        if out.returncode:
            sys.exit(out.stderr.decode())
        (HERE / "results" / f"{name}.txt").write_bytes(out.stdout)
        print(name, out.stdout.count(b"\n"))


if __name__ == "__main__":
    main()
