"""Compares network servers: how much one core serves, and how much memory an idle connection takes.

Each server is a process of its own.  All servers share one core, and the client has another.  Only one server
is busy at a time; the others wait for connections.  In each of several turns, every server serves for a
slot of time, and its best slot counts, as in measure.py.

The client is the same for all: the program in go/network, which uses epoll without Go's scheduler and takes
less time for a message than any server.  The report shows how busy the client was.  Needs Linux and two
cores.
"""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any

from .report import Network, Report, Result, spread
from .sides import FAST, GO, OURS, Failed, Process, Side, build_go, environment, python_module

Say = Callable[[str], None]


@dataclass(frozen=True)
class NetworkRow:
    """A row of the table: one measurement of all servers."""

    key: str
    title: str
    each: str  # what is counted
    do: str = "exchange"  # what the client does: "exchange", "accept" or "hold"
    service: str = "echo"
    connections: int = 50
    busy: int = 50  # the number of connections on which a message is in transit at a time
    size: int = 100  # of a message, in bytes


ROWS = [
    NetworkRow("echo", "echo", "round trips of 100 bytes on 50 connections"),
    NetworkRow(
        "proxy", "TCP proxy", "round trips of 100 bytes through a proxy, on 50 connections", service="proxy"
    ),
    NetworkRow(
        "large", "200 KB messages", "round trips on 10 connections", connections=10, busy=10, size=200_000
    ),
    NetworkRow(
        "mostly_idle",
        "1,000 connections",
        "round trips of 100 bytes, 10 at a time on 1,000 connections",
        connections=1_000,
        busy=10,
    ),
    NetworkRow("accept", "accept and close", "connections, 50 at a time", do="accept", service="accept"),
    NetworkRow("held", "memory", "bytes for each of 10,000 idle connections", do="hold", connections=10_000),
]
BY_KEY = {row.key: row for row in ROWS}

SERVERS = [
    OURS,
    FAST,
    GO,
    Side("interpreted", "gochan in Python", "on_gochan", "interpreted", {"GOCHAN_PURE": "1"}),
    Side("gevent", "gevent", "on_gevent"),
    Side("asyncio", "asyncio streams", "on_asyncio"),
    Side("protocols", "asyncio protocols", "on_protocols"),
    Side("uvloop", "uvloop streams", "on_asyncio", "uvloop"),
    Side("uvloop_protocols", "uvloop protocols", "on_protocols", "uvloop"),
    Side("aio", "asyncio streams through aio", "on_aio", "asyncio", {"GOCHAN_PURE": "0"}),
    Side("uvloop_aio", "uvloop streams through aio", "on_aio", "uvloop", {"GOCHAN_PURE": "0"}),
]
BY_SERVER = {server.key: server for server in SERVERS}


@dataclass(frozen=True)
class NetworkEffort:
    """How many turns a run takes, and how long."""

    turns: int
    slot: float  # the seconds that a server serves in a turn
    hold_turns: int
    most: int  # connections


FULL = NetworkEffort(turns=15, slot=0.25, hold_turns=3, most=10_000)
QUICK = NetworkEffort(turns=3, slot=0.02, hold_turns=1, most=500)


def cores() -> tuple[int, int]:
    """Return the client's core and the servers' core.  Raises Failed if there are fewer than two."""
    if not hasattr(os, "sched_setaffinity"):
        raise Failed("a process can't be given a core of its own on this system")
    known = sorted(os.sched_getaffinity(0))
    if len(known) < 2:
        raise Failed("client and server need a core each, and there is one")
    return known[0], known[-1]


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Let processes that are started in the block run on this core only."""
    # Any, because type checkers know that some systems lack these functions.
    system: Any = os
    before = system.sched_getaffinity(0)
    system.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        system.sched_setaffinity(0, before)


class Bench:
    """The client, and the processes of the servers."""

    def __init__(self, program: Path) -> None:
        self._program = program
        client_core, self._core = cores()
        with on_core(client_core):
            self.client = Process([program, "load"], environment(GO))
        self._backend = str(self.client.about["backend"])

    def start(self, server: Side) -> Process:
        python = python_module("benchmarks.servers", server.module, server.variant, self._backend)
        with on_core(self._core):
            return Process(
                [self._program, "serve", self._backend] if server is GO else python, environment(server)
            )

    def serve(self, process: Process, row: NetworkRow, n: int, seconds: float) -> dict[str, float]:
        """Measure a row on n connections; return the client's answer, with operations and seconds."""
        found: dict[str, float] = self.client.ask(
            do=row.do,
            port=process.about["ports"][row.service],
            pid=process.pid,
            connections=n,
            busy=min(row.busy, n),
            size=row.size,
            seconds=seconds,
        )
        return found

    def hold(self, server: Side, n: int) -> float:
        """Open n connections to a new process of the server; return the bytes that it needs for each."""
        process = self.start(server)
        try:
            port = process.about["ports"]["echo"]
            # The first connections also load what all connections share: code and caches.
            self.client.ask(do="hold", port=port, connections=100, size=100)
            before = resident(process.pid)
            self.client.ask(do="hold", port=port, connections=n, size=100)
            return (resident(process.pid) - before) / n
        finally:
            with suppress(Failed):
                self.client.ask(do="release")
            process.close()


def resident(pid: int) -> int:
    """Wait until a process is idle; return the bytes of memory that it holds."""
    sleep(0.1)
    held = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return held * os.sysconf("SC_PAGE_SIZE")


def measure_served(
    bench: Bench, running: dict[Side, Process], row: NetworkRow, n: int, effort: NetworkEffort
) -> dict[str, Result]:
    """Measure the time that each server takes for an operation."""
    results: dict[str, Result] = {}
    turns: dict[Side, list[dict[str, float]]] = {server: [] for server in running}
    # The first turn warms up.
    for turn in range(-1, effort.turns):
        for server in list(turns):
            try:
                found = bench.serve(running[server], row, n, effort.slot)
            except Failed as failure:
                results[server.key] = {"missing": str(failure)}
                del turns[server]
                continue
            if turn >= 0:
                turns[server].append({**found, "ns": found["seconds"] * 1e9 / found["n"]})
    for server, those in turns.items():
        times = [turn["ns"] for turn in those]
        best = min(those, key=lambda turn: turn["ns"])
        results[server.key] = {
            "ns": best["ns"],
            "spread": spread(times),
            "turns": times,
            "n": n,
            "client_busy": best["client_busy"],
            "server_busy": best["server_busy"],
        }
    return results


def measure_held(bench: Bench, servers: Iterable[Side], n: int, effort: NetworkEffort) -> dict[str, Result]:
    """Measure the memory that each of n idle connections takes."""
    results: dict[str, Result] = {}
    for server in servers:
        try:
            found = [bench.hold(server, n) for _ in range(effort.hold_turns)]
        except Failed as failure:
            results[server.key] = {"missing": str(failure)}
        else:
            results[server.key] = {"bytes": min(found), "n": n}
    return results


def measure_network(
    report: Report, rows: list[NetworkRow], servers: list[Side], say: Say, effort: NetworkEffort | None = None
) -> None:
    """Measure the rows on these servers into the report."""
    if effort is None:
        effort = QUICK if report["quick"] else FULL
    network: Network = {"versions": {}, "notes": {}, "missing": {}, "rows": {}}
    running: dict[Side, Process] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        try:
            say("building the client and the Go server")
            program = build_go(Path(folder), "network")
            if program is None:
                raise Failed("the client is in Go, and there is no Go toolchain")
            bench = Bench(program)
        except Failed as failure:
            say(f"network: not measured ({failure})")
            return
        stack.callback(bench.client.close)
        for server in servers:
            try:
                process = running[server] = bench.start(server)
            except Failed as failure:
                network["missing"][server.key] = str(failure)
                say(f"{server.title}: not here ({failure})")
            else:
                stack.callback(process.close)
                network["versions"][server.key] = process.about["version"]
                network["notes"][server.key] = process.about["notes"]
        for row in rows:
            say(f"network: {row.title}")
            n = min(row.connections, effort.most)
            results: dict[str, Result] = {}
            those = {}
            for server, process in running.items():
                absent = process.about["absent"]
                if row.key in absent:
                    results[server.key] = {"missing": absent[row.key]}
                else:
                    those[server] = process
            if row.do == "hold":
                results |= measure_held(bench, those, n, effort)
            else:
                results |= measure_served(bench, those, row, n, effort)
            network["rows"][row.key] = {"title": row.title, "n": n, "sides": results}
    report["network"] = network
