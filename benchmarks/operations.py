"""What one operation costs: gochan compiled, gochan interpreted, and Go on one processor, in one run.

`make bench` runs it. Each side runs the same loops (Go's are in operations.go) in a process of its own. They
take turns, and the best of all rounds counts: on a busy machine that is the one least disturbed.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from time import perf_counter_ns

from gochan import Chan, close, go, recv, run, runtime, select, send

N = 200_000
ROUNDS = 3
TURNS = 3
PARKED = 100_000


def ping_pong() -> None:
    ping, pong = Chan[int](), Chan[int]()

    @go
    def echo() -> None:
        for v in ping:
            pong.send(v)

    for i in range(N):
        ping.send(i)
        pong.recv()
    close(ping)


def stream(size: int) -> None:
    ch = Chan[int](size)

    @go
    def produce() -> None:
        for i in range(N):
            ch.send(i)
        close(ch)

    for _ in ch:
        pass


def unbuffered_stream() -> None:
    stream(0)


def buffered_stream() -> None:
    stream(100)


def uncontended() -> None:
    ch = Chan[int](1)
    for i in range(N):
        ch.send(i)
        ch.recv()


def spawn() -> None:
    """One goroutine after the other, each when the last one has said that it is done."""
    done = Chan[bool]()

    def finish() -> None:
        done.send(True)

    for _ in range(N):
        go(finish)
        done.recv()


def select_both_ends() -> None:
    a, b = Chan[int](), Chan[int]()

    @go
    def produce() -> None:
        for i in range(N):
            select(send(a, i), send(b, i))

    for _ in range(N):
        select(recv(a), recv(b))


def bytes_parked() -> float:
    """How much the process grows by a goroutine that waits."""
    stop = Chan[bool]()

    def wait() -> None:
        stop.recv()

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(PARKED):
        go(wait)
    runtime.gosched()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    close(stop)
    return (after - before) * 1024 / PARKED


LOOPS: dict[str, Callable[[], None]] = {
    "ping-pong (2 switches, 4 channel ops)": ping_pong,
    "unbuffered stream": unbuffered_stream,
    "buffered stream (100)": buffered_stream,
    "uncontended send + recv": uncontended,
    "spawn, run, finish": spawn,
    "select, two cases, both ends": select_both_ends,
}


def best(loop: Callable[[], None]) -> float:
    """Nanoseconds an operation, in the best round."""
    times = []
    for _ in range(ROUNDS):
        start = perf_counter_ns()
        run(loop)
        times.append(perf_counter_ns() - start)
    return min(times) / N


def measure() -> None:
    """Print this process's numbers as JSON."""
    parked = run(bytes_parked)  # first, while no memory that others gave back can serve it
    results = {name: best(loop) for name, loop in LOOPS.items()}
    results["bytes a parked goroutine"] = parked
    print(json.dumps(results))


def printed_by(command: list[str], **environ: str) -> dict[str, float]:
    """The numbers that a process prints as JSON."""
    done = subprocess.run(command, env={**os.environ, **environ}, stdout=subprocess.PIPE, check=True)
    results: dict[str, float] = json.loads(done.stdout)
    return results


def least(earlier: dict[str, float], later: dict[str, float]) -> dict[str, float]:
    """Of two measurements, the lower of each number."""
    return {name: min(number, later[name]) for name, number in earlier.items()}


def main() -> None:
    """Measure the three in turns, and print the table."""
    compiler = shutil.which("go")
    if compiler is None:
        raise SystemExit("no Go toolchain on the PATH; `make bench` brings one")
    if not runtime.COMPILED:
        raise SystemExit("the engine is not compiled here: there is nothing to compare")
    myself = [sys.executable, __file__, "measure"]
    with tempfile.TemporaryDirectory() as folder:
        program = str(Path(folder) / "operations")
        subprocess.run([compiler, "build", "-o", program, Path(__file__).with_suffix(".go")], check=True)
        turns = [
            (printed_by(myself), printed_by([program], GOMAXPROCS="1"), printed_by(myself, GOCHAN_PURE="1"))
            for _ in range(TURNS)
        ]
    compiled, golang, interpreted = (reduce(least, side) for side in zip(*turns, strict=True))
    print(f"{'ns an operation':40}{'compiled':>10}{'Go':>8}{'ratio':>8}{'interpreted':>13}")
    for name, ours in compiled.items():
        ratio = ours / golang[name]
        print(f"{name:40}{ours:10.0f}{golang[name]:8.0f}{ratio:7.2f}x{interpreted[name]:13.0f}")


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        measure()
    else:
        main()
