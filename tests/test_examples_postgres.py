"""Runs the example postgres.py, and what its waits are made for, on a PostgreSQL server of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import children
import pytest

pytest.importorskip("psycopg")


def server_program(name: str) -> str | None:
    """Find one of the server's programs; Debian keeps them off the PATH."""
    folders = [os.environ.get("PATH", ""), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin")))]
    return shutil.which(name, path=os.pathsep.join(folders))


@pytest.fixture(scope="module")
def conninfo() -> Iterator[str]:
    """Start a server in a folder of its own; return how to connect to it."""
    initdb, postgres = server_program("initdb"), server_program("postgres")
    if initdb is None or postgres is None:
        pytest.skip("no PostgreSQL server: apt install postgresql")
    # A path of a Unix socket has to be short, and the server refuses to run as root.
    user = "postgres" if os.name == "posix" and os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        data = folder / "data"
        command = [initdb, "-D", data, "-A", "trust", "-U", "gopher", "-N"]
        done = subprocess.run(command, cwd=folder, user=user, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        with open(folder / "log", "wb") as log:
            command = [postgres, "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
            server = subprocess.Popen(command, cwd=folder, user=user, stderr=log, stdout=log)
        try:
            yield f"host={folder} user=gopher dbname=postgres connect_timeout=60"
        finally:
            server.terminate()
            server.wait(60)


@pytest.fixture(scope="module")
def running(conninfo: str) -> str:
    """Wait until the server accepts connections."""
    import time

    import psycopg

    limit = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(conninfo).close()
            return conninfo
        except psycopg.OperationalError:
            assert time.monotonic() < limit
            time.sleep(0.05)


def test_the_example(running: str) -> None:
    child = children.finish(children.example("postgres", "--connections", 10, running))
    child.check(
        """
        20 queries of 100 ms, 10 at a time: the squares add up to 2470
        faster than one after the other: True
        a query of a minute: context deadline exceeded
        """,
        err="",
    )


def test_no_server() -> None:
    child = children.finish(children.example("postgres", "host=/nowhere"))
    assert child.status == 1
    assert "psycopg.OperationalError: " in child.err


OTHER = f"""
    import sys
    sys.path.insert(0, {str(children.EXAMPLES)!r})

    import postgres, psycopg
    from gochan import Chan, go, run, runtime, sync, time

    def main(conninfo):
        postgres.use_gochan()
        ticks = 0
        over = False

        @go
        def _():
            nonlocal ticks
            while not over:
                time.sleep(0.001)
                ticks += 1

        with psycopg.connect(conninfo, autocommit=True) as conn, psycopg.connect(conninfo) as other:
            # More than the system's buffers hold, both ways at a time.
            text = "x" * 20_000_000
            print(len(conn.execute("select %s || 'y'", [text]).fetchone()[0]), ticks > 0)
            conn.execute("create table numbers (n int)")
            with conn.cursor() as cursor:
                with cursor.copy("copy numbers from stdin") as copy:
                    for n in range(200_000):
                        copy.write_row((n,))
                with cursor.copy("copy numbers to stdout") as copy:
                    print(sum(n for n, in map(lambda row: (int(row[0]),), copy.rows())))
                cursor.executemany("insert into numbers values (%s)", [(n,) for n in range(1000)])
            # A wait that ends because nothing came.
            conn.execute("listen news")
            print(list(conn.notifies(timeout=0.05)))
            wg = sync.WaitGroup()

            @wg.go
            def _():
                time.sleep(0.05)
                other.execute("notify news, 'hello'")
                other.commit()

            print([n.payload for n in conn.notifies(timeout=60, stop_after=1)])
            # A connection is for one goroutine at a time: it has a threading.Lock.
            wg.wait()
            # A lock that another goroutine holds.
            with other.transaction():
                other.execute("lock numbers")
                got = Chan[object](1)
                go(lambda: got.send(conn.execute("select count(*) from numbers").fetchone()))
                time.sleep(0.05)
                print(len(got))
            print(got.recv())
        over = True

    run(main, sys.argv[1])
"""


def test_what_else_psycopg_waits_for(running: str) -> None:
    children.python(OTHER, running).check(
        """
        20000001 True
        19999900000
        []
        ['hello']
        0
        (201000,)
        """,
        err="",
    )
