"""asyncio's streams in goroutines, through gochan.aio, on asyncio's own event loop or on uvloop's."""

import asyncio
from asyncio import StreamReader, StreamWriter

from gochan import Chan, aio, go, run

from ..workloads.on_gochan import setup as setup_gochan
from . import BACKLOG, HOST, SIZE, Announce

NOTES: dict[str, str] = {}
ABSENT = dict.fromkeys(["proxy", "large", "mostly_idle", "accept", "held"], "not measured")


def setup(variant: str) -> str:
    if variant == "uvloop":
        import uvloop

        aio.set_loop_factory(uvloop.new_event_loop)
    return setup_gochan("compiled")


def serve(backend: int, announce: Announce) -> None:
    run(main, announce)


def main(announce: Announce) -> None:
    def connected(reader: StreamReader, writer: StreamWriter) -> None:
        go(echo, reader, writer)

    server = aio.await_(asyncio.start_server(connected, HOST, 0, backlog=BACKLOG))
    announce({"echo": server.sockets[0].getsockname()[1]})
    Chan[None]().recv()


def echo(reader: StreamReader, writer: StreamWriter) -> None:
    while data := aio.await_(reader.read(SIZE)):
        writer.write(data)
        aio.await_(writer.drain())
    writer.close()
