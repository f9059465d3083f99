"""What type checkers know of packages io, bufio and tls.

Checked as select_narrowing.py is.
"""

import ssl
from io import BytesIO
from pathlib import Path
from typing import assert_type

from gochan import bufio, context, io, net, tls


def copying(conn: net.Conn, other: tls.Conn, path: Path) -> None:
    assert_type(io.copy(conn, other), int)
    with path.open("rb") as source, path.open("wb") as target, path.open("wb", buffering=0) as raw:
        io.copy(conn, source)
        io.copy(target, conn)
        io.copy(raw, io.limit_reader(source, 10))
    io.copy(io.DISCARD, bufio.new_reader(BytesIO()))
    io.copy(bufio.new_writer(conn), conn)
    assert_type(io.read_all(conn), bytes)
    assert_type(io.read_full(conn, 4), bytes)
    io.copy(conn, path)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    io.read_all("text")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def buffers(conn: net.Conn) -> None:
    reader = bufio.new_reader(conn)
    assert_type(reader.read_string("\n"), str)
    assert_type(reader.read_bytes(b"\n"), bytes)
    assert_type(reader.read_line(), tuple[bytes, bool])
    scanner = bufio.new_scanner(conn)
    scanner.split(bufio.scan_words)
    for word in scanner:
        assert_type(word, str)
    assert_type(scanner.err(), Exception | None)
    scanner.split(len)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def tls_connections(ctx: context.Context, config: ssl.SSLContext, listener: net.Listener) -> None:
    conn = tls.dial("tcp", "localhost:443", config, server_hostname="go.dev")
    assert_type(conn, tls.Conn)
    state = conn.connection_state()
    assert_type(state.peer_certificates, tuple[bytes, ...])
    over_tls: net.Conn = tls.client(tls.server(conn, config))
    over_tls.close()
    for accepted in tls.new_listener(listener, config):
        assert_type(accepted, tls.Conn)
        accepted.handshake_context(ctx)
    net.serve(tls.new_listener(listener, config), greet, ctx=ctx)
    tls.Dialer(net_dialer=net.Dialer(timeout=1), config=config).dial_context(ctx, "tcp", "localhost:443")


def greet(conn: tls.Conn) -> None:
    conn.write(b"hello")
