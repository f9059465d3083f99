"""gevent, with its StreamServer on its default loop."""

import socket
from importlib.metadata import version
from typing import Any

import gevent
from gevent.server import StreamServer
from gevent.socket import create_connection

from . import BACKLOG, HOST, SIZE, Announce

NOTES: dict[str, str] = {}
ABSENT: dict[str, str] = {}


def setup(variant: str) -> str:
    return version("gevent")


def serve(backend: int, announce: Announce) -> None:
    handlers = {"echo": echo, "proxy": lambda client, _: proxy(client, backend), "accept": accept}
    ports = {}
    for name, handler in handlers.items():
        server = StreamServer((HOST, 0), handler, backlog=BACKLOG)
        server.start()
        ports[name] = server.server_port
    announce(ports)
    gevent.wait()


def no_delay(sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def pump(to: Any, source: Any) -> None:
    while data := source.recv(SIZE):
        to.sendall(data)


# StreamServer closes the connection when the handler returns.


def echo(sock: Any, _: Any) -> None:
    no_delay(sock)
    pump(sock, sock)


def proxy(client: Any, backend: int) -> None:
    no_delay(client)
    with create_connection((HOST, backend)) as server:
        no_delay(server)

        def upstream() -> None:
            pump(server, client)
            server.shutdown(socket.SHUT_WR)

        gevent.spawn(upstream)
        pump(client, server)


def accept(_: Any, __: Any) -> None:
    pass
