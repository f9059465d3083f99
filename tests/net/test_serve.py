"""net.serve: a goroutine for each connection, whose errors do not end the server, and an end in order."""

from __future__ import annotations

import gc
import logging
import socket
import ssl
import sys
import weakref
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import children
import pytest
from servers import echo, pair, read_all, settle

from gochan import (
    Chan,
    Panic,
    close,
    context,
    default,
    defer,
    go,
    io,
    net,
    recover,
    recv,
    runtime,
    select,
    sync,
    time,
    tls,
)

pytestmark = pytest.mark.gochan


class Serving:
    """`net.serve` in a goroutine, with a listener and a context of its own."""

    def __init__(self, handler: Callable[[Any], object], **options: Any) -> None:
        self.listener = net.listen("tcp", "127.0.0.1:0")
        self.ctx, self.cancel = context.with_cancel(context.background())
        self.over = Chan[None]()
        self.error: BaseException | None = None

        def serve() -> None:
            try:
                net.serve(self.listener, handler, ctx=self.ctx, **options)
            except Exception as error:
                self.error = error
            close(self.over)

        go(serve)

    def dial(self) -> net.TCPConn:
        return net.dial("tcp", str(self.listener.addr()))

    def has_ended(self) -> bool:
        return select(recv(self.over), default)[0] == 0

    def end(self) -> None:
        self.cancel()
        self.over.recv()
        assert self.error is None


def test_each_connection_has_a_goroutine() -> None:
    server = Serving(echo)
    conns = [server.dial() for _ in range(20)]
    for i, conn in enumerate(conns):
        conn.write(f"{i}".encode())
    for i, conn in enumerate(conns):
        assert conn.read() == f"{i}".encode()
        conn.close()
    server.end()


def test_the_connection_is_closed_when_its_handler_returns() -> None:
    server = Serving(lambda conn: conn.write(b"bye"))
    with server.dial() as conn:
        assert read_all(conn, 100) == b"bye"
        assert conn.read() == b""
    server.end()


@pytest.mark.parametrize("error", [ValueError("boom"), Panic("boom"), OSError("boom")])
def test_an_error_of_a_handler_is_logged_and_does_not_end_the_server(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def handler(conn: net.Conn) -> None:
        if conn.read() == b"raise":
            raise error
        conn.write(b"fine")

    server = Serving(handler)
    with server.dial() as conn:
        conn.write(b"raise")
        assert conn.read() == b""
        addr = conn.local_addr()
    with server.dial() as conn:
        conn.write(b"go on")
        assert conn.read() == b"fine"
    server.end()
    [record] = caplog.records
    assert (record.name, record.levelno) == ("gochan.net", logging.ERROR)
    assert record.getMessage() == f"net.serve: error serving {addr}"
    assert record.exc_info is not None
    assert record.exc_info[1] is error
    assert "in handler" in caplog.text


def test_an_error_of_the_connection_is_logged_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    def handler(conn: net.Conn) -> None:
        conn.set_read_deadline(time.now())
        conn.read()

    server = Serving(handler)
    with server.dial() as conn:
        assert conn.read() == b""
        addr = conn.local_addr()
    server.end()
    [record] = caplog.records
    assert (record.levelno, record.exc_info) == (logging.INFO, None)
    assert record.getMessage() == f"net.serve: {addr}: read tcp {server.listener.addr()}->{addr}: i/o timeout"


def test_a_client_that_does_not_speak_tls(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    inner = net.listen("tcp", "127.0.0.1:0")
    listener = tls.new_listener(inner, ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))

    @go
    def _() -> None:
        with net.dial("tcp", str(inner.addr())) as conn:
            conn.write(b"GET / HTTP/1.0\r\n\r\n")
            io.read_all(conn)
        listener.close()

    net.serve(listener, echo)
    [record] = caplog.records
    assert (record.levelno, record.exc_info) == (logging.INFO, None)
    assert "SSL" in record.getMessage()


def test_an_error_of_another_connection_is_logged_in_full(caplog: pytest.LogCaptureFixture) -> None:
    nobody = socket.socket()
    nobody.bind(("127.0.0.1", 0))
    address = f"127.0.0.1:{nobody.getsockname()[1]}"
    server = Serving(lambda conn: net.dial("tcp", address))
    with server.dial() as conn:
        assert conn.read() == b""
    server.end()
    nobody.close()
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ConnectionRefusedError)


def test_on_error() -> None:
    errors: list[tuple[net.Conn, Exception]] = []
    boom = ValueError("boom")

    def handler(conn: net.Conn) -> None:
        conns.append(conn)
        raise boom

    conns: list[net.Conn] = []
    server = Serving(handler, on_error=lambda conn, error: errors.append((conn, error)))
    with server.dial() as conn:
        assert conn.read() == b""
    server.end()
    assert errors == [(conns[0], boom)]


def test_goexit_ends_a_handler_alone() -> None:
    server = Serving(lambda conn: runtime.goexit(), limit=1)
    for _ in range(3):
        with server.dial() as conn:
            assert conn.read() == b""
    server.end()


def test_a_handler_may_defer_and_recover() -> None:
    def handler(conn: net.Conn) -> None:
        defer(rescue, conn)
        defer(conn.write, b"deferred, ")
        raise ValueError("boom")

    def rescue(conn: net.Conn) -> None:
        conn.write(f"recovered from {recover()}".encode())

    server = Serving(handler)
    with server.dial() as conn:
        assert read_all(conn, 100) == b"deferred, recovered from boom"
    server.end()


def test_it_waits_for_handlers_when_the_context_is_done() -> None:
    server = Serving(echo)
    with server.dial() as conn:
        conn.write(b"x")
        assert conn.read() == b"x"
        server.cancel()
        settle()
        # Nobody new is let in, and who is in goes on.
        with pytest.raises(ConnectionRefusedError):
            server.dial()
        conn.write(b"y")
        assert conn.read() == b"y"
        assert not server.has_ended()
    server.end()


def test_a_context_that_is_done_already() -> None:
    listener = net.listen("tcp", "127.0.0.1:0")
    ctx, cancel = context.with_cancel(context.background())
    cancel()
    net.serve(listener, echo, ctx=ctx)
    with pytest.raises(net.ErrClosed):
        listener.accept()


def test_a_listener_that_is_closed_elsewhere() -> None:
    listener = net.listen("tcp", "127.0.0.1:0")
    time.after_func(0.01, listener.close)
    net.serve(listener, echo)


@pytest.mark.parametrize("grace", [0, 0.02, timedelta(milliseconds=20)])
def test_after_grace_connections_are_closed(grace: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    server = Serving(echo, grace=grace)
    with server.dial() as idle:
        idle.write(b"x")
        idle.read()
        server.end()
        assert idle.read() == b""
    assert [record.levelno for record in caplog.records] == [logging.INFO]
    assert "use of closed network connection" in caplog.text


def test_handlers_that_end_in_time_are_not_waited_for_longer() -> None:
    server = Serving(echo, grace=1000)
    with server.dial() as conn:
        conn.write(b"x")
        assert conn.read() == b"x"
    start = time.now()
    server.end()
    assert time.since(start) < 100


def test_nothing_is_left_of_the_grace() -> None:
    """A timer that still runs could wake a goroutine, and hide a deadlock for as long."""
    child = children.python(
        """
        from gochan import Chan, net, run, time

        def main():
            listener = net.listen("tcp", "127.0.0.1:0")
            time.after_func(0.01, listener.close)
            net.serve(listener, print, grace=1000)
            print("served")
            Chan[int]().recv()

        run(main)
        """
    )
    assert (child.status, child.hung, child.out) == (1, False, "served\n"), str(child)
    assert "all goroutines are asleep" in child.err


def test_connections_that_have_ended_are_not_kept() -> None:
    refs: list[weakref.ref[net.Conn]] = []
    server = Serving(lambda conn: refs.append(weakref.ref(conn)))
    for _ in range(3):
        with server.dial() as conn:
            assert conn.read() == b""
    settle()
    gc.collect()
    # The loop that accepts still has the last one.
    assert [ref() for ref in refs[:-1]] == [None] * 2
    server.end()


def test_a_limit() -> None:
    now = most = 0

    def handler(conn: net.Conn) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        echo(conn)
        now -= 1

    server = Serving(handler, limit=3)
    wg = sync.WaitGroup()

    def client(i: int) -> None:
        with server.dial() as conn:
            conn.write(f"{i}".encode())
            assert conn.read() == f"{i}".encode()

    for i in range(12):
        wg.go(client, i)
    wg.wait()
    server.end()
    assert most == 3


def test_the_context_ends_a_wait_at_the_limit() -> None:
    server = Serving(echo, limit=1)
    with server.dial() as first, server.dial() as second:
        first.write(b"x")
        assert first.read() == b"x"
        server.cancel()
        settle()
        # The second was never accepted.
        with pytest.raises(ConnectionResetError):
            while second.read():
                pass
        first.write(b"y")
        assert first.read() == b"y"
    server.end()


def test_grace_begins_at_the_limit_too() -> None:
    server = Serving(echo, limit=1, grace=0.02)
    with server.dial() as conn:
        conn.write(b"x")
        assert conn.read() == b"x"
        server.end()
        assert conn.read() == b""


def test_the_context_outlives_the_server() -> None:
    listener = Failing(error=OSError("no network"))
    ctx, cancel = context.with_cancel(context.background())
    with pytest.raises(OSError, match="no network"):
        net.serve(listener, echo, ctx=ctx)
    assert listener.closed
    listener.closed = False
    cancel()
    settle()
    # Not again, by a goroutine that was left behind.
    assert not listener.closed


class Failing:
    """A listener whose accept fails after the given connections."""

    def __init__(self, *conns: net.Conn, error: BaseException) -> None:
        self.conns = conns
        self.error = error
        self.closed = False

    def __iter__(self) -> Iterator[net.Conn]:
        yield from self.conns
        raise self.error

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("error", [OSError("no network"), KeyboardInterrupt()])
def test_an_error_of_accept_is_raised_at_once(error: BaseException) -> None:
    client, server = pair()
    listener = Failing(server, error=error)
    with context.with_cancel(context.background()) as ctx, pytest.raises(type(error)):
        net.serve(listener, echo, ctx=ctx)
    assert listener.closed
    # The handler goes on, though.
    with client:
        client.write(b"x")
        assert client.read() == b"x"
    settle()


def test_other_connections() -> None:
    client, server = net.pipe()
    failed = Chan[Exception](1)

    class Listener(Failing):
        def __iter__(self) -> Iterator[net.Conn]:
            yield from self.conns

    def handler(conn: net.Conn) -> None:
        echo(conn)
        raise ValueError("at the end")

    @go
    def _() -> None:
        with client:
            client.write(b"x")
            assert client.read() == b"x"

    net.serve(Listener(server, error=OSError()), handler, on_error=lambda conn, error: failed.send(error))
    assert str(failed.recv()) == "at the end"


def test_many_that_fail_leave_nothing() -> None:
    def handler(conn: net.Conn) -> None:
        raise ValueError(conn.read())

    errors: list[Exception] = []
    server = Serving(handler, limit=10, on_error=lambda conn, error: errors.append(error))
    wg = sync.WaitGroup()

    def client() -> None:
        with server.dial() as conn:
            conn.write(b"x")
            assert conn.read() == b""

    for _ in range(200):
        wg.go(client)
    wg.wait()
    server.end()
    assert len(errors) == 200


def test_wrong_arguments() -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        with pytest.raises(TypeError, match=r"net.serve: None is not callable; give a function of a Conn"):
            net.serve(listener, None)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match=r"net.serve: limit is 0, want at least 1, or None for no limit"):
            net.serve(listener, echo, limit=0)
        with pytest.raises(TypeError, match=r"net.serve: 'long' is not a duration"):
            net.serve(listener, echo, grace="long")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"net.serve: 5 is not a context; give"):
            net.serve(listener, echo, ctx=5)  # type: ignore[arg-type]


RAISES = """
    from gochan import go, net, run

    def main():
        listener = net.listen("tcp", "127.0.0.1:0")
        go(client, str(listener.addr()))
        try:
            net.serve(listener, handler)
        finally:
            print("main ends")

    def client(address):
        with net.dial("tcp", address) as conn:
            conn.read()

    def handler(conn):
        try:
            raise {raised}
        finally:
            print("handler ends")

    run(main)
"""


@pytest.mark.parametrize(("raised", "status"), [("SystemExit(3)", 3), ("KeyboardInterrupt", -2)])
def test_what_is_no_exception_ends_the_program(raised: str, status: int) -> None:
    child = children.python(RAISES.format(raised=raised))
    assert (child.status, child.hung) == (status, False), str(child)
    assert "handler ends\nmain ends\n" in child.out


def test_what_on_error_raises_ends_the_program() -> None:
    text = RAISES.format(raised="ValueError('of the handler')")
    child = children.python(text.replace("(listener, handler)", "(listener, handler, on_error=int)"))
    assert child.status == 1, str(child)
    assert "cannot be interpreted as an integer" in child.err


@pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")
def test_control_c_ends_a_server_with_connections() -> None:
    child = children.python(
        """
        import os, signal
        from gochan import go, net, run

        def main():
            listener = net.listen("tcp", "127.0.0.1:0")
            go(clients, str(listener.addr()))
            net.serve(listener, handler)

        def clients(address):
            conns = [net.dial("tcp", address) for _ in range(100)]
            for conn in conns:
                conn.read(1)
            os.kill(os.getpid(), signal.SIGINT)

        def handler(conn):
            conn.write(b"x")
            try:
                conn.read()
            finally:
                ended.append(conn)

        ended = []
        try:
            run(main)
        except KeyboardInterrupt:
            print(len(ended))
        """
    )
    child.check(out="100\n", err="")


def test_a_shutdown_that_closes_idle_connections() -> None:
    """As the pages of the documentation show it."""

    def handler(conn: net.Conn) -> None:
        idle = True

        def close_if_idle() -> None:
            if idle:
                conn.close()

        stop = context.after_func(server.ctx, close_if_idle)
        while server.ctx.err() is None and conn.read():
            idle = False
            time.sleep(0.02)
            conn.write(b"answer")
            idle = True
        stop()

    server = Serving(handler)
    with server.dial() as idle, server.dial() as busy:
        for conn in (idle, busy):
            conn.write(b"x")
            assert conn.read() == b"answer"
        busy.write(b"x")
        settle()
        server.cancel()
        assert idle.read() == b""
        assert read_all(busy, 100) == b"answer"
    server.end()
