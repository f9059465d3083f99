"""Producer-consumer: a bounded buffer between the goroutines that create work and those that do it.

Three servers write their access logs in bursts, faster than two consumers read them. The buffered channel
absorbs a burst and, when it is full, makes the servers wait, so memory stays bounded. The consumers parse and
count. A line that cannot be parsed is passed on as the error of a Result and counted; no exception is raised.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gochan import Chan, RecvChan, SendChan, cap, close, defer, go, run, sync, time

LINE = re.compile(r'(?P<host>\S+) "(?P<method>[A-Z]+) (?P<path>\S+)" (?P<status>\d{3}) (?P<size>\d+)')
SERVERS = 3
LINES = 200
BURST = 50
CONSUMERS = 2
BUFFER = 32


class Entry(NamedTuple):
    path: str
    status: int
    size: int


class Result(NamedTuple):
    value: Entry | None
    error: ValueError | None


def access_log(server: int) -> Iterator[str]:
    """Make the lines of one server's log, the same in every run; every 40th is cut off."""
    chance = random.Random(server)
    for i in range(LINES):
        path = chance.choice(["/", "/search", "/cart", "/login", "/logo.png"])
        status = chance.choices([200, 304, 404, 500], [80, 10, 8, 2])[0]
        line = f'www{server} "GET {path}" {status} {chance.randrange(100, 5000)}'
        yield line[:12] if i % 40 == 39 else line


def produce(server: int, lines: SendChan[str], producers: sync.WaitGroup) -> None:
    """Send one server's lines, a burst at a time."""
    defer(producers.done)
    for i, line in enumerate(access_log(server)):
        if i % BURST == 0:
            time.sleep(20 * time.MILLISECOND)
        lines << line


def parse(line: str) -> Result:
    match = LINE.fullmatch(line)
    if match is None:
        return Result(None, ValueError(f"not an access log line: {line!r}"))
    return Result(Entry(match["path"], int(match["status"]), int(match["size"])), None)


def consume(lines: RecvChan[str], results: SendChan[Result], consumers: sync.WaitGroup) -> None:
    """Parse lines until their channel is closed and empty."""
    defer(consumers.done)
    for line in lines:
        results << parse(line)


def main() -> None:
    lines = Chan[str](BUFFER)
    results = Chan[Result](BUFFER)

    producers = sync.WaitGroup()
    producers.add(SERVERS)
    for server in range(SERVERS):
        go(produce, server, lines, producers)
    consumers = sync.WaitGroup()
    consumers.add(CONSUMERS)
    for _ in range(CONSUMERS):
        go(consume, lines, results, consumers)

    @go
    def closer() -> None:
        # A channel with several senders is closed when the last of them is done.
        producers.wait()
        close(lines)
        consumers.wait()
        close(results)

    statuses = Counter[int]()
    traffic = Counter[str]()
    errors: list[ValueError] = []
    deepest = 0
    for entry, error in results:
        deepest = max(deepest, len(lines))
        if error is not None:
            errors.append(error)
        elif entry is not None:
            statuses[entry.status] += 1
            traffic[entry.path] += entry.size

    for status, count in sorted(statuses.items()):
        print(f"{status}: {count:4} requests")
    for path, size in traffic.most_common(3):
        print(f"{path:10} {size / 1000:7.1f} kB")
    print(f"{len(errors)} lines could not be read; the first: {errors[0]}")
    print(f"the buffer held up to {deepest} of {cap(lines)} lines")


if __name__ == "__main__":
    run(main)
