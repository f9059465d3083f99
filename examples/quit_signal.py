"""Quit signal: a long-running worker ends in good order when the user or the system asks it to.

It looks for the number below which the Collatz sequence is longest, and would go on forever. On Ctrl-C or
SIGTERM it stops between two numbers, saves where it was, and a second start goes on from there. To show
that here, the program is started twice by itself, each time sends itself SIGTERM after a third of a
second, as `kill` would, and keeps its state in a temporary file.
"""

import json
import os
import tempfile
from pathlib import Path
from signal import Signals

from gochan import Chan, RecvChan, close, default, defer, go, recv, run, select, signal, time


def collatz(n: int) -> int:
    """Count the steps from n down to 1: halve what is even, triple what is odd and add one."""
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def search(quit: RecvChan[None], state: Path) -> RecvChan[str]:
    """Search from where the state file says; return a channel that tells when all is saved."""
    report = Chan[str]()

    @go
    def _() -> None:
        defer(close, report)
        n, best, steps = json.loads(state.read_text()) if state.exists() else (1, 1, 0)
        first = n
        while True:
            match select(recv(quit), default):
                case 0, _, _:
                    break
                case _:
                    length = collatz(n)
                    if length > steps:
                        best, steps = n, length
                    n += 1
        state.write_text(json.dumps([n, best, steps]))
        report << f"searched {first} to {n - 1}: {best} takes {steps} steps"

    return report


def main(state: Path) -> None:
    signals = Chan[Signals](1)
    signal.notify(signals, signal.INTERRUPT, signal.SIGTERM)
    defer(signal.stop, signals)
    quit = Chan[None]()
    report = search(quit, state)

    @go
    def _() -> None:
        time.sleep(time.SECOND / 3)
        os.kill(os.getpid(), signal.SIGTERM)

    print(f"{signals.recv().name}: finishing")
    close(quit)
    print(report.recv())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            run(main, Path(folder) / "state.json")
