"""Quit signal: a long-running worker stops cleanly when the user or the system asks it to.

The worker looks for the number with the longest Collatz sequence, and would run forever. On Ctrl-C or SIGTERM
it stops between two numbers and saves its position; the next start continues from there. To demonstrate this,
the program starts itself twice. Each time, it sends itself SIGTERM after a third of a second, as `kill`
would, and its state is in a temporary file.
"""

import json
import os
import tempfile
from pathlib import Path
from signal import Signals

from gochan import Chan, RecvChan, close, default, defer, go, recv, run, select, signal, time


def collatz(n: int) -> int:
    """Count the steps from n down to 1: halve an even number; triple an odd one and add 1."""
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def search(quit: RecvChan[None], state: Path) -> RecvChan[str]:
    """Search from the saved position; return a channel that gets a report when the state is saved."""
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
