"""Semaphore: a buffered channel with room for as many tokens as goroutines may use a resource at once.

Eight commands, each in its own process, and at most three of them at a time: this is what `make -j3` does.
Every command has a goroutine from the start. The goroutine sends a token into the channel before it starts
its process, and blocks while the channel holds three tokens. It receives a token when the process has ended.
"""

import subprocess
import sys

from gochan import Chan, defer, run, sync, time

AT_ONCE = 3
# What to compute, in a Python process each.
COMMANDS = [
    "print(sum(range(10**6)))",
    "print(2**100)",
    "import math; print(math.comb(50, 25))",
    "import sys; sys.exit('disk full')",
    "print(max(range(10**5), key=lambda n: n * 7919 % 100003))",
    "print(len(str(2**10000)))",
    "import time; time.sleep(0.1); print('slept well')",
    "print('%.6f' % sum(1 / n**2 for n in range(1, 10**5)))",
]


class Meter:
    """Counts how many are in use, and keeps the maximum."""

    def __init__(self) -> None:
        self.mu = sync.Mutex()
        self.now = self.most = 0

    def enter(self) -> None:
        with self.mu:
            self.now += 1
            self.most = max(self.most, self.now)

    def leave(self) -> None:
        with self.mu:
            self.now -= 1


def execute(command: str) -> str:
    """Run one command and return what it printed; other goroutines run during that time."""
    with subprocess.Popen(
        [sys.executable, "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        while process.poll() is None:
            time.sleep(2 * time.MILLISECOND)
        out, err = process.communicate()
    return out.strip() if process.returncode == 0 else f"failed: {err.strip()}"


def main() -> None:
    semaphore = Chan[None](AT_ONCE)
    meter = Meter()
    outputs = [""] * len(COMMANDS)
    wg = sync.WaitGroup()

    def job(i: int) -> None:
        semaphore.send(None)
        defer(semaphore.recv)
        meter.enter()
        defer(meter.leave)
        outputs[i] = execute(COMMANDS[i])

    for i in range(len(COMMANDS)):
        wg.go(job, i)
    wg.wait()
    for i, output in enumerate(outputs, 1):
        print(f"{i}. {output}")
    print(f"never more than {meter.most} at a time")


if __name__ == "__main__":
    run(main)
