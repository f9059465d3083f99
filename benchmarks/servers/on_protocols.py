"""asyncio's protocols and transports: callbacks, without a task, on its own event loop or on uvloop's."""

import asyncio
from collections.abc import Callable
from typing import Any

from . import BACKLOG, HOST, Announce, on_asyncio
from .on_asyncio import setup

__all__ = ["ABSENT", "NOTES", "serve", "setup"]

NOTES = dict.fromkeys(
    ["echo", "proxy", "large", "mostly_idle", "accept", "held"],
    "callbacks without a task; data for a slow reader is buffered without a limit",
)
ABSENT: dict[str, str] = {}


def serve(backend: int, announce: Announce) -> None:
    with asyncio.Runner(loop_factory=on_asyncio.new_loop) as runner:
        runner.run(main(backend, announce))


async def main(backend: int, announce: Announce) -> None:
    announce(
        {
            "echo": await start(Echo),
            "proxy": await start(lambda: Client(backend)),
            "accept": await start(Accept),
        }
    )
    await asyncio.Event().wait()


async def start(protocol: Callable[[], asyncio.Protocol]) -> int:
    server = await asyncio.get_running_loop().create_server(protocol, HOST, 0, backlog=BACKLOG)
    port: int = server.sockets[0].getsockname()[1]
    return port


class Echo(asyncio.Protocol):
    """Sends back what it gets."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


class Client(asyncio.Protocol):
    """A proxy's connection to its client, which opens the one to the backend."""

    def __init__(self, backend: int) -> None:
        self.backend = backend
        self.server: Any = None
        self.early: list[bytes] = []

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.task = asyncio.create_task(self.connect())

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        self.server, _ = await loop.create_connection(lambda: Server(self.transport), HOST, self.backend)
        self.server.writelines(self.early)

    def data_received(self, data: bytes) -> None:
        if self.server is None:
            self.early.append(data)
        else:
            self.server.write(data)

    def eof_received(self) -> bool:
        self.server.write_eof()
        return True


class Server(asyncio.Protocol):
    """A proxy's connection to the backend."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def data_received(self, data: bytes) -> None:
        self.client.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.client.close()


class Accept(asyncio.Protocol):
    """Closes the connection."""

    def connection_made(self, transport: Any) -> None:
        transport.close()
