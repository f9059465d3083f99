"""asyncio's streams, with a task per connection, on its own event loop or on uvloop's."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from platform import python_version
from typing import Any

from . import BACKLOG, HOST, SIZE, Announce

NOTES: dict[str, str] = {}
ABSENT: dict[str, str] = {}

new_loop: Any = None


def setup(variant: str) -> str:
    global new_loop
    if variant != "uvloop":
        return python_version()
    import uvloop

    new_loop = uvloop.new_event_loop
    return version("uvloop")


def serve(backend: int, announce: Announce) -> None:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(main(backend, announce))


async def main(backend: int, announce: Announce) -> None:
    async def proxy_here(reader: StreamReader, writer: StreamWriter) -> None:
        await proxy(reader, writer, backend)

    announce({"echo": await start(echo), "proxy": await start(proxy_here), "accept": await start(accept)})
    await asyncio.Event().wait()


async def start(handle: Callable[[StreamReader, StreamWriter], Awaitable[None]]) -> int:
    server = await asyncio.start_server(handle, HOST, 0, backlog=BACKLOG)
    port: int = server.sockets[0].getsockname()[1]
    return port


async def pump(to: StreamWriter, source: StreamReader) -> None:
    while data := await source.read(SIZE):
        to.write(data)
        await to.drain()


async def echo(reader: StreamReader, writer: StreamWriter) -> None:
    await pump(writer, reader)
    writer.close()


async def proxy(reader: StreamReader, writer: StreamWriter, backend: int) -> None:
    from_server, to_server = await asyncio.open_connection(HOST, backend)

    async def upstream() -> None:
        await pump(to_server, reader)
        to_server.write_eof()

    async with asyncio.TaskGroup() as group:
        group.create_task(upstream())
        group.create_task(pump(writer, from_server))
    writer.close()
    to_server.close()


async def accept(_: StreamReader, writer: StreamWriter) -> None:
    writer.close()
