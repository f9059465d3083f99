"""TCP, UDP and Unix sockets: Go's package net.

A goroutine that reads, writes, accepts or dials parks until the system is ready, and others run: no thread
and no callback is needed.  Start with `listen` and `dial`; `listen_packet` is for datagrams.

- A `Conn` reads with `read(n)`, which returns b"" at the end of the stream; `write(data)` sends all of data.
- `close` ends the waits of other goroutines for the connection or listener: they raise `ErrClosed`.
- A deadline ends a read or write with `TimeoutError`: `conn.set_deadline(time.now() + timedelta(seconds=5))`.
- A failed operation on a socket raises an `OpError`, which is also an instance of Python's class for the
  cause, such as `ConnectionResetError`.
- `conn.makefile` makes a Python file from a connection, and `from_socket` a connection from a Python socket;
  `wait_readable` waits for any other descriptor.

Sockets are waited for by epoll on Linux and by Python's selectors elsewhere.

>>> from gochan import go, net, run
>>> def main() -> None:
...     with net.listen("tcp", "127.0.0.1:0") as listener:
...         go(serve, listener)
...         with net.dial("tcp", str(listener.addr())) as conn:
...             conn.write(b"hello")
...             print(conn.read())
>>> def serve(listener: net.Listener) -> None:
...     for conn in listener:
...         go(echo, conn)
>>> def echo(conn: net.Conn) -> None:
...     with conn:
...         while data := conn.read():
...             conn.write(data)
>>> run(main)
b'hello'
"""

from .._engine.error import ErrClosed
from .addr import Addr, TCPAddr, UDPAddr, UnixAddr
from .conn import Conn, PacketConn, TCPConn, UDPConn, UnixConn, from_socket
from .dialer import Dialer, dial, dial_timeout
from .errors import AddrError, DNSError, OpError, UnknownNetworkError
from .listener import Listener, from_listening_socket, listen, listen_packet
from .lookup import (
    join_host_port,
    lookup_addr,
    lookup_host,
    lookup_port,
    resolve_tcp_addr,
    resolve_udp_addr,
    split_host_port,
)
from .pipeconn import pipe
from .serve import serve
from .wait import wait_readable, wait_writable

__all__ = [
    "Addr",
    "AddrError",
    "Conn",
    "DNSError",
    "Dialer",
    "ErrClosed",
    "Listener",
    "OpError",
    "PacketConn",
    "TCPAddr",
    "TCPConn",
    "UDPAddr",
    "UDPConn",
    "UnixAddr",
    "UnixConn",
    "UnknownNetworkError",
    "dial",
    "dial_timeout",
    "from_listening_socket",
    "from_socket",
    "join_host_port",
    "listen",
    "listen_packet",
    "lookup_addr",
    "lookup_host",
    "lookup_port",
    "pipe",
    "resolve_tcp_addr",
    "resolve_udp_addr",
    "serve",
    "split_host_port",
    "wait_readable",
    "wait_writable",
]

# Users know them by these names, not by the modules that define them.
for _name in __all__:
    globals()[_name].__module__ = __name__
