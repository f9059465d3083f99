"""Database: run many queries at a time with psycopg, which waits with gochan.

    python postgres.py [--connections N] [CONNINFO]

psycopg never waits by itself: each of its operations is a generator that yields what it waits for, and the
functions that wait are all in psycopg.waiting. use_gochan() replaces them with functions that park the
goroutine with net.wait_readable and net.wait_writable, so that other goroutines run. The rest of psycopg is
used as in any program: connect, execute, COPY and transactions.

The program makes a pool of connections, which is a channel, and runs more queries at a time than the pool has
connections. Only one goroutine may use a connection at a time: psycopg guards each connection with a
threading.Lock, and a goroutine that waits for such a lock blocks all others, including the one that holds it.
A context ends a query: the program asks the server to cancel it. CONNINFO is "host=... dbname=..."; without
it, the environment says where the database is, as for psql. The program needs the extra `examples`.
"""

import argparse
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, TypeVar

try:
    import psycopg
    from psycopg import waiting
    from psycopg.abc import PQGen, PQGenConn
except ModuleNotFoundError as error:
    sys.exit(f"postgres.py needs psycopg ({error}); install the extra: pip install '.[examples]'")

from gochan import Chan, context, net, run, sync, time

T = TypeVar("T")
Connection = psycopg.Connection[tuple[Any, ...]]


def use_gochan() -> None:
    """Make psycopg wait with gochan, in the whole program."""
    waiting.wait = wait
    waiting.wait_conn = wait_conn


def wait(gen: PQGen[T], fileno: int, interval: float = 0.0, timeout: float | None = None) -> T:
    """Run an operation of a connection to its end."""
    return wait_conn(with_fileno(gen, fileno), interval, timeout)


def wait_conn(gen: PQGenConn[T], interval: float = 0.0, timeout: float | None = None) -> T:
    """Run an operation that says which descriptor it waits for, such as connect."""
    deadline = None if timeout is None else time.now().timestamp() + timeout
    try:
        fileno, wanted = next(gen)
        while True:
            ready = wait_for(fileno, wanted, interval)
            fileno, wanted = gen.send(ready)
            if deadline is not None and time.now().timestamp() >= deadline:
                raise psycopg.errors._WaitTimeout("wait timeout expired")  # pyright: ignore[reportPrivateUsage]
    except StopIteration as end:
        result: T = end.value
        return result


def with_fileno(gen: PQGen[T], fileno: int) -> PQGenConn[T]:
    try:
        wanted = next(gen)
        while True:
            wanted = gen.send((yield fileno, wanted))
    except StopIteration as end:
        result: T = end.value
        return result


def wait_for(fileno: int, wanted: waiting.Wait, interval: float) -> waiting.Ready:
    """Park until the descriptor is ready for what is wanted, for interval seconds at most."""
    try:
        match wanted:
            case waiting.Wait.R:
                net.wait_readable(fileno, interval)
                return waiting.Ready.R
            case waiting.Wait.W:
                net.wait_writable(fileno, interval)
                return waiting.Ready.W
            case _:
                # The query being sent does not fit into the system's buffer, and answers may already arrive.
                net.wait_writable(fileno, min(interval, 0.01))
                return waiting.Ready.W
    except TimeoutError:
        return waiting.Ready.R if wanted == waiting.Wait.RW else waiting.Ready.NONE


# --- the program -------------------------------------------------------------------------------------------


@contextmanager
def cancelled_by(ctx: context.Context, conn: Connection) -> Generator[None]:
    """Cancel what conn does in the body when ctx is done, and raise ctx.err()."""
    stop = context.after_func(ctx, conn.cancel_safe)
    try:
        yield
    except psycopg.errors.QueryCanceled:
        raise ctx.err() or AssertionError from None
    finally:
        stop()


def main(conninfo: str, connections: int) -> None:
    use_gochan()
    pool = Chan[Connection](connections)
    wg = sync.WaitGroup()
    for _ in range(connections):
        wg.go(lambda: pool.send(psycopg.connect(conninfo, autocommit=True)))
    wg.wait()

    squares: list[int] = []

    def ask(n: int) -> None:
        conn = pool.recv()
        row = conn.execute("select %s * %s from pg_sleep(0.1)", (n, n)).fetchone()
        pool.send(conn)
        assert row is not None
        squares.append(row[0])

    start = time.now()
    for n in range(2 * connections):
        wg.go(ask, n)
    wg.wait()
    print(f"{len(squares)} queries of 100 ms, {connections} at a time: the squares add up to {sum(squares)}")
    print("faster than one after the other:", time.since(start) < 0.1 * len(squares))

    conn = pool.recv()
    with context.with_timeout(context.background(), 0.1) as ctx:
        try:
            with cancelled_by(ctx, conn):
                conn.execute("select pg_sleep(60)")
        except context.DeadlineExceeded as error:
            print("a query of a minute:", error)
    pool.send(conn)
    for _ in range(connections):
        pool.recv().close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Queries at a time.")
    parser.add_argument("conninfo", nargs="?", default="", metavar="CONNINFO")
    parser.add_argument("--connections", type=int, default=20)
    options = parser.parse_args()
    run(main, options.conninfo, options.connections)
