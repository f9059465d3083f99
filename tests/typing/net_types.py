"""What type checkers know of package net.

Checked as select_narrowing.py is.
"""

import socket
from datetime import timedelta
from io import BufferedReader, BufferedRWPair, BufferedWriter, TextIOWrapper
from typing import assert_type

from gochan import context, net, time


def the_network_tells_the_class(ctx: context.Context, network: str) -> None:
    assert_type(net.dial("tcp", "localhost:80"), net.TCPConn)
    assert_type(net.dial("udp6", "localhost:53"), net.UDPConn)
    assert_type(net.dial("unix", "/socket"), net.UnixConn)
    assert_type(net.dial(network, "localhost:80"), net.TCPConn | net.UDPConn | net.UnixConn)
    assert_type(net.dial_timeout("tcp4", "localhost:80", timedelta(seconds=1)), net.TCPConn)
    dialer = net.Dialer(timeout=5, local_addr=net.TCPAddr("127.0.0.1", 0))
    assert_type(dialer.dial("tcp", "localhost:80"), net.TCPConn)
    assert_type(dialer.dial_context(ctx, "tcp6", "localhost:80"), net.TCPConn)


def listeners(listener: net.Listener) -> None:
    for conn in listener:
        assert_type(conn, net.TCPConn | net.UnixConn)
        conn.close_write()
    assert_type(listener.addr(), net.Addr)


def every_conn_is_a_conn(conn: net.Conn, tcp: net.TCPConn, sock: socket.socket) -> None:
    assert_type(conn.read(), bytes)
    assert_type(conn.read_into(bytearray(10)), int)
    assert_type(conn.write(memoryview(b"x")), int)
    conn.set_deadline(time.now() + timedelta(seconds=1))
    conn.set_deadline(None)
    assert_type(tcp.read(10), bytes)
    every_conn_is_a_conn(tcp, tcp, tcp.detach())
    a, b = net.pipe()
    every_conn_is_a_conn(a, tcp, sock)
    with b as same:
        assert_type(same, net.Conn)
    assert_type(net.from_socket(sock), net.TCPConn | net.UDPConn | net.UnixConn)
    # What is no bytes cannot be written.
    conn.write("text")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    conn.set_deadline(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def files(conn: net.Conn) -> None:
    assert_type(conn.makefile(), TextIOWrapper)
    assert_type(conn.makefile("w", encoding="utf-8"), TextIOWrapper)
    assert_type(conn.makefile("rb"), BufferedReader)
    assert_type(conn.makefile("wb"), BufferedWriter)
    assert_type(conn.makefile("rwb"), BufferedRWPair)
