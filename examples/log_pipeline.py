"""Log pipeline: tail files, parse, filter, and add up in SQLite, with each line counted exactly once.

    python log_pipeline.py --database hits.sqlite access.log ...

Each file has its own goroutines: one reads the lines that are appended to it, one parses them into records,
and one drops the uninteresting records. All of them send to store(), which adds up and writes to SQLite with
thread.call, in a thread of its own. Every channel has a small buffer. So if SQLite can't keep up, the files
are read more slowly, and memory stays bounded: this is back-pressure.

The position in each file is stored together with the sums, in the same transaction. The next start continues
from there, no matter how the last run ended: a stop or a crash neither loses a line nor counts it twice. On
Ctrl-C or SIGTERM each file is read to its current end. Then the channels are closed one after another, each
stage empties its own, and store() writes the rest. If a file was renamed, as in log rotation, it is read to
its end before the new file.

Without arguments, the program writes logs of its own for half a second, and adds those up.
"""

import argparse
import os
import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from gochan import (
    Chan,
    RecvChan,
    close,
    context,
    defer,
    go,
    recv,
    run,
    select,
    signal,
    sync,
    thread,
    time,
    timeout,
)

POLL = 50 * time.MILLISECOND
FLUSH = 200 * time.MILLISECOND
# How many lines a channel holds, and how many go into one transaction at most.
ROOM = 100
MOST = 10_000

LINE = re.compile(r'\S+ \S+ \S+ \[([^:\]]+:\d+:\d+)[^\]]*\] "\S+ (\S+)[^"]*" (\d{3}) (\d+|-)')

SCHEMA = """
    CREATE TABLE IF NOT EXISTS hits(minute, status, hits, bytes, PRIMARY KEY(minute, status));
    CREATE TABLE IF NOT EXISTS places(path PRIMARY KEY, inode, offset);
"""


class Place(NamedTuple):
    """A position in a file; the inode identifies the file under any name."""

    path: str
    inode: int = 0
    offset: int = 0


class Line(NamedTuple):
    text: str
    end: Place


class Hit(NamedTuple):
    minute: str
    target: str
    status: int
    size: int


class Record(NamedTuple):
    # None if the line does not count; its end still does.
    hit: Hit | None
    end: Place


# --- the stages --------------------------------------------------------------------------------------------


def inode(path: str | Path) -> int:
    """Return a file's inode; 0 if there is no such file."""
    try:
        return os.stat(path).st_ino
    except OSError:
        return 0


def tail(ctx: context.Context, place: Place) -> RecvChan[Line]:
    """Return a channel of the lines from place on; when ctx ends, up to the file's end at that time."""
    lines = Chan[Line](ROOM)

    @go
    def _() -> None:
        defer(close, lines)
        at = place
        while True:
            # Both are checked before the file is read to its end, so that no line is missed.
            last = ctx.err() is not None
            current = inode(at.path)
            if at.inode:
                at = read_on(at, lines)
            if current not in (0, at.inode):
                at = Place(at.path, current)
            elif last:
                return
            else:
                select(recv(ctx.done()), timeout(POLL))

    return lines


def reopen(at: Place) -> BinaryIO | None:
    """Open the file with at's inode, under its name or one that it was rotated to; return None if it is gone.

    Only the open file says which one it is: a name may have been given to another file since it was listed.
    """
    path = Path(at.path)
    for name in chain([path], path.parent.glob(path.name + ".*")):
        with suppress(FileNotFoundError):
            file = open(name, "rb")  # noqa: SIM115
            if os.fstat(file.fileno()).st_ino == at.inode:
                return file
            file.close()
    return None


def read_on(at: Place, lines: Chan[Line]) -> Place:
    """Send the lines from at to the end of the file; return the place after the last of them."""
    file = reopen(at)
    if file is None:
        return at
    with file:
        if os.fstat(file.fileno()).st_size < at.offset:
            # The file was truncated.
            at = at._replace(offset=0)
        file.seek(at.offset)
        for line in file:
            if not line.endswith(b"\n"):
                # The rest of the line is still being written.
                break
            at = at._replace(offset=at.offset + len(line))
            lines << Line(line.decode(errors="replace"), at)
    return at


def parse(lines: RecvChan[Line]) -> RecvChan[Record]:
    """Make records of lines; what cannot be read counts as status 0."""
    records = Chan[Record](ROOM)

    @go
    def _() -> None:
        defer(close, records)
        for text, end in lines:
            hit = Hit("", "", 0, 0)
            if match := LINE.match(text):
                minute, target, status, size = match.groups()
                hit = Hit(minute, target, int(status), 0 if size == "-" else int(size))
            records << Record(hit, end)

    return records


def drop_dull(records: RecvChan[Record]) -> RecvChan[Record]:
    """Pass on all records except the health checks of a load balancer."""
    kept = Chan[Record](ROOM)

    @go
    def _() -> None:
        defer(close, kept)
        for hit, end in records:
            kept << Record(None if hit is not None and hit.target == "/health" else hit, end)

    return kept


def merge(channels: Iterable[RecvChan[Record]]) -> RecvChan[Record]:
    merged = Chan[Record](ROOM)
    wg = sync.WaitGroup()

    def pass_on(records: RecvChan[Record]) -> None:
        for record in records:
            merged << record

    for channel in channels:
        wg.go(pass_on, channel)

    @go
    def _() -> None:
        wg.wait()
        close(merged)

    return merged


class Sums:
    """The sums that one transaction adds."""

    def __init__(self) -> None:
        self.hits: dict[tuple[str, int], tuple[int, int]] = {}
        self.places: dict[str, Place] = {}
        self.lines = 0

    def add(self, record: Record) -> None:
        self.lines += 1
        self.places[record.end.path] = record.end
        if record.hit is not None:
            key = record.hit.minute, record.hit.status
            hits, size = self.hits.get(key, (0, 0))
            self.hits[key] = hits + 1, size + record.hit.size


def store(records: RecvChan[Record], database: "Database") -> None:
    """Add up the records, and write the sums at every FLUSH, until there are no more."""
    sums = Sums()
    with time.new_ticker(FLUSH) as ticks:
        while True:
            more = True
            match select(recv(records), recv(ticks.c)):
                case 0, record, True:
                    sums.add(record)
                    if sums.lines < MOST:
                        continue
                case 0, _, _:
                    more = False
                case _:
                    pass
            if sums.lines:
                database.add(sums)
                sums = Sums()
            if not more:
                return


# --- SQLite, in its thread ---------------------------------------------------------------------------------


class Database:
    """A SQLite database; a connection belongs to the thread that made it, so there is one for it alone."""

    def __init__(self, path: str) -> None:
        self._thread = ThreadPoolExecutor(1)
        # SQLite waits while another process writes, if necessary for a long time.
        self._connection = thread.call(sqlite3.connect, path, timeout=60, executor=self._thread)
        thread.call(self._connection.executescript, SCHEMA, executor=self._thread)

    def place(self, path: str) -> Place:
        """Return the position from which to continue."""
        rows = self.query("SELECT path, inode, offset FROM places WHERE path = ?", path)
        return Place(*rows[0]) if rows else Place(path, inode(path))

    def add(self, sums: Sums) -> None:
        """Write sums and places, both or neither."""

        def write() -> None:
            with self._connection as connection:
                connection.executemany(
                    "INSERT INTO hits VALUES(?, ?, ?, ?) ON CONFLICT(minute, status)"
                    " DO UPDATE SET hits = hits + excluded.hits, bytes = bytes + excluded.bytes",
                    [(*key, *value) for key, value in sums.hits.items()],
                )
                connection.executemany("REPLACE INTO places VALUES(?, ?, ?)", sums.places.values())

        thread.call(write, executor=self._thread)

    def query(self, sql: str, *arguments: str) -> list[tuple[str, int, int]]:
        rows = thread.call(lambda: self._connection.execute(sql, arguments).fetchall(), executor=self._thread)
        return [tuple(row) for row in rows]

    def close(self) -> None:
        thread.call(self._connection.close, executor=self._thread)
        self._thread.shutdown()


# --- the program -------------------------------------------------------------------------------------------


def follow(ctx: context.Context, database: Database, paths: Iterable[str]) -> RecvChan[Record]:
    """Return a channel of the records of all the files, from where the sums end, until ctx ends."""
    places = [database.place(os.path.abspath(path)) for path in paths]
    return merge([drop_dull(parse(tail(ctx, place))) for place in places])


def report(database: Database) -> None:
    rows = database.query("SELECT status, sum(hits), sum(bytes) FROM hits GROUP BY status ORDER BY status")
    for status, hits, size in rows:
        print(f"{status or 'unreadable':<10} {hits:>8} hits {size:>12} bytes")


def main(path: str, paths: list[str]) -> None:
    database = Database(path)
    defer(database.close)
    with signal.notify_context(context.background(), signal.INTERRUPT, signal.SIGTERM) as ctx:
        records = follow(ctx, database, paths)
        print(f"following {len(paths)} files", flush=True)
        store(records, database)
    report(database)


def demo(folder: Path) -> None:
    """Write two logs while they are summed up."""

    def write(path: str, lines: int) -> None:
        with open(path, "w") as file:
            for i in range(lines):
                target, status = ("/health", 200) if i % 10 == 0 else (f"/page/{i}", 200 if i % 7 else 404)
                when = f"01/Jan/2030:12:00:{i % 60:02} +0000"
                print(f'::1 - - [{when}] "GET {target} HTTP/1.1" {status} {i}', file=file, flush=True)
                if i % 100 == 99:
                    time.sleep(10 * time.MILLISECOND)

    database = Database(str(folder / "hits.sqlite"))
    defer(database.close)
    paths = [str(folder / name) for name in ("a.log", "b.log")]
    with context.with_timeout(context.background(), time.SECOND / 2) as ctx:
        go(write, paths[0], 2000)
        go(write, paths[1], 1000)
        store(follow(ctx, database, paths), database)
    report(database)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Sum up logs in SQLite as they grow.")
    parser.add_argument("--database", default="hits.sqlite", help="SQLite's file")
    parser.add_argument("logs", nargs="*", metavar="LOG")
    options = parser.parse_args()
    if options.logs:
        sys.exit(run(main, options.database, options.logs))
    with tempfile.TemporaryDirectory() as folder:
        run(demo, Path(folder))
