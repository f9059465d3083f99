"""Word count: a computation for many cores or machines, run in processes.

    python word_count.py [--processes N] [--dask] [--top N] FILE...

Goroutines share one core, which is enough to coordinate the work. The files are cut into pieces. A goroutine
for each piece passes it to thread.call with an executor of processes; a semaphore limits them to as many as
keep the processes busy. Main adds up the results, which it receives from a channel. A piece is sent as a path
and two offsets, not as data; its result is a Counter.

With --dask, the same calls go to a Dask cluster, here one on this machine. If one machine is not enough, give
Client the address of a scheduler, and put the files where all its workers can read them; nothing else
changes. --dask needs the extra `examples`. Without a file, the program creates some.
"""

import argparse
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from gochan import Chan, RecvChan, close, context, go, run, semaphore, sync, thread

PIECE = 4 << 20


class Piece(NamedTuple):
    path: str
    start: int
    end: int


def cut(path: str) -> Iterator[Piece]:
    """Cut a file into pieces; a line belongs to the piece in which it begins."""
    size = os.path.getsize(path)
    for start in range(0, size, PIECE):
        yield Piece(path, start, min(start + PIECE, size))


def count(piece: Piece) -> Counter[str]:
    """Count the words of a piece: in another process, perhaps on another machine."""
    words: Counter[str] = Counter()
    with open(piece.path, "rb") as file:
        if piece.start:
            # Skip the rest of a line that began in the piece before, unless a line begins exactly here.
            file.seek(piece.start - 1)
            file.readline()
        while file.tell() < piece.end:
            line = file.readline()
            words.update(re.findall(r"\w+", line.decode(errors="replace").lower()))
    return words


def count_all(paths: list[str], executor: Executor, at_once: int) -> RecvChan[Counter[str]]:
    """Return a channel of the counts of all pieces, in no particular order."""
    counts = Chan[Counter[str]]()
    places = semaphore.Weighted(at_once)
    wg = sync.WaitGroup()

    def one(piece: Piece) -> None:
        try:
            counts << thread.call(count, piece, executor=executor)
        finally:
            places.release(1)

    @go
    def _() -> None:
        for path in paths:
            for piece in cut(path):
                places.acquire(context.background(), 1)
                wg.go(one, piece)
        wg.wait()
        close(counts)

    return counts


@contextmanager
def pool(processes: int, dask: bool) -> Generator[Executor, None, None]:
    if not dask:
        # Spawned, not forked, so that the processes inherit nothing that this one has open.
        with ProcessPoolExecutor(processes, get_context("spawn")) as executor:
            yield executor
        return
    # Imported here, where it is needed, and by name because it has no types.
    try:
        distributed: Any = import_module("dask.distributed")
    except ModuleNotFoundError as error:
        sys.exit(f"word_count.py --dask needs Dask ({error}); install the extra: pip install '.[examples]'")
    # Without a dashboard there is still a small web server: on any port, so that two clusters don't meet.
    no_dashboard = {"dashboard_address": "127.0.0.1:0", "scheduler_kwargs": {"dashboard": False}}
    with (
        distributed.LocalCluster(processes, threads_per_worker=1, **no_dashboard) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as executor,
    ):
        yield executor


def main(paths: list[str], processes: int, dask: bool, top: int) -> None:
    total: Counter[str] = Counter()
    with pool(processes, dask) as executor:
        for words in count_all(paths, executor, 2 * processes):
            total += words
    print(f"{total.total()} words, {len(total)} different")
    for word, n in sorted(total.items(), key=lambda item: (-item[1], item[0]))[:top]:
        print(f"{n:9} {word}")


def sample(folder: Path) -> list[str]:
    """Write some files of words; common words occur more often."""
    words = [
        "go", "chan", "select", "defer", "panic", "recover", "range", "close",
        "send", "recv", "mutex", "once", "cond", "pool", "map", "timer",
    ]  # fmt: skip
    paths: list[str] = []
    for i in range(4):
        path = folder / f"chapter{i}.txt"
        lines = (" ".join(words[: 1 + (i + j) % len(words)]) for j in range(20_000))
        path.write_text("\n".join(lines))
        paths.append(str(path))
    return paths


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Count words, in many processes.")
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--dask", action="store_true", help="on a Dask cluster, made for this run")
    parser.add_argument("--top", type=int, default=5, help="how many words to show")
    options = parser.parse_args()
    if options.files:
        sys.exit(run(main, options.files, options.processes, options.dask, options.top))
    with tempfile.TemporaryDirectory() as folder:
        run(main, sample(Path(folder)), options.processes, options.dask, options.top)
