"""gochan.net: a port of go/network/servers.go, line for line."""

from collections.abc import Callable

from gochan import Chan, go, net, run

from ..workloads.on_gochan import setup
from . import HOST, SIZE, Announce

__all__ = ["ABSENT", "NOTES", "serve", "setup"]

NOTES: dict[str, str] = {}
ABSENT: dict[str, str] = {}


def serve(backend: int, announce: Announce) -> None:
    run(main, f"{HOST}:{backend}", announce)


def main(backend: str, announce: Announce) -> None:
    announce(
        {
            "echo": start(echo),
            "proxy": start(lambda client: proxy(client, backend)),
            "accept": start(lambda conn: conn.close()),
        }
    )
    Chan[None]().recv()


def start(handle: Callable[[net.Conn], object]) -> int:
    """Accept connections, each in a goroutine of its own; return the port."""
    listener = net.listen("tcp", f"{HOST}:0")

    @go
    def accept() -> None:
        for conn in listener:
            go(handle, conn)

    _, port = net.split_host_port(str(listener.addr()))
    return int(port)


def echo(conn: net.Conn) -> None:
    with conn:
        pump(conn, conn)


def pump(to: net.Conn, source: net.Conn) -> None:
    while data := source.read(SIZE):
        to.write(data)


def proxy(client: net.Conn, backend: str) -> None:
    with client, net.dial("tcp", backend) as server:

        @go
        def upstream() -> None:
            pump(server, client)
            server.close_write()

        pump(client, server)
