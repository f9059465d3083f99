"""Connections: reading, writing, closing, options, files."""

from __future__ import annotations

import gc
import io
import os
import socket
import sys
import threading
from datetime import timedelta

import pytest
from servers import echo, every_poller, pair, read_all, serve, settle

from gochan import Chan, go, net, runtime, sync, time

needs_unix = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets")


@every_poller
@pytest.mark.gochan
def test_echo(poller: str) -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        serve(listener, echo)
        with net.dial("tcp", str(listener.addr())) as conn:
            for i in range(20):
                message = b"message %d" % i
                assert conn.write(message) == len(message)
                assert conn.read() == message
        settle()


@every_poller
@pytest.mark.gochan
def test_many_connections_at_once(poller: str) -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        serve(listener, echo)
        wg = sync.WaitGroup()

        def client(i: int) -> None:
            with net.dial("tcp", str(listener.addr())) as conn:
                for j in range(10):
                    message = f"{i} {j}".encode()
                    conn.write(message)
                    assert conn.read() == message

        for i in range(50):
            wg.go(client, i)
        wg.wait()
        settle()


@pytest.mark.gochan
def test_read_returns_what_is_there_and_the_end() -> None:
    a, b = pair()
    with a, b:
        a.write(b"hello")
        assert b.read(2) == b"he"
        assert b.read(0) == b""
        assert b.read() == b"llo"
        a.close()
        assert b.read() == b""
        assert b.read(10) == b""


@pytest.mark.gochan
def test_read_more_than_the_usual_buffer() -> None:
    a, b = pair()
    with a, b:
        data = os.urandom(3_000_000)
        go(a.write, data)
        got = b""
        while len(got) < len(data):
            more = b.read(1_000_000)
            assert 0 < len(more) <= 1_000_000
            got += more
        assert got == data


@pytest.mark.gochan
def test_read_into() -> None:
    a, b = pair()
    with a, b:
        buffer = bytearray(8)
        a.write(b"0123456789")
        assert b.read_into(buffer) == 8
        assert buffer == b"01234567"
        assert b.read_into(memoryview(buffer)[2:4]) == 2
        assert buffer == b"01894567"
        assert b.read_into(bytearray()) == 0
        a.close()
        assert b.read_into(buffer) == 0


@pytest.mark.gochan
@pytest.mark.parametrize("data", [b"bytes", bytearray(b"bytearray"), memoryview(b"memoryview"), b""])
def test_write_takes_any_bytes(data: bytes) -> None:
    a, b = pair()
    with a, b:
        assert a.write(data) == len(data)
        a.close_write()
        assert read_all(b, 100) == data


@pytest.mark.gochan
@pytest.mark.parametrize("n", [100, 20_000, 65_536, 200_000])
def test_small_pieces_after_large_ones(n: int) -> None:
    """What the system has little of comes whole, and so does what it has much of, in any order."""
    a, b = pair()
    with a, b:
        for size in (300_000, 3, 17_000, 16_384, 16_385, 1, 70_000):
            data = os.urandom(size)
            go(a.write, data)
            got = b""
            while len(got) < size:
                piece = b.read(n)
                assert 0 < len(piece) <= n
                got += piece
            assert got == data
        a.close_write()
        assert b.read(n) == b""


@pytest.mark.gochan
def test_bad_arguments() -> None:
    a, b = pair()
    with a, b:
        with pytest.raises(ValueError, match=r"^Conn\.read: got -1, want 0 or more bytes$"):
            a.read(-1)
        with pytest.raises(TypeError):
            a.read("x")  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            a.write("text")  # type: ignore[arg-type]
        with pytest.raises((TypeError, BufferError)):
            a.read_into(b"read-only")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="is not a datetime"):
            a.set_deadline(5)  # type: ignore[arg-type]
        # It goes on.
        a.write(b"x")
        assert b.read() == b"x"


@pytest.mark.gochan
def test_write_parks_while_the_reader_is_slow() -> None:
    """A writer gets no further ahead of its reader than the system's buffers allow."""
    a, b = pair()
    with a, b:
        chunk = bytes(100_000)
        written = 0

        def write() -> None:
            nonlocal written
            for _ in range(200):
                written += a.write(chunk)

        go(write)
        settle()
        stalled = written
        assert stalled < 200 * len(chunk)
        settle()
        assert written == stalled
        assert "IO wait" in runtime.stack(all=True)
        total = 0
        while total < 200 * len(chunk):
            total += len(b.read())
        settle()
        assert written == total


@every_poller
@pytest.mark.gochan
def test_close_ends_those_that_wait(poller: str) -> None:
    a, b = pair()
    errors = Chan[BaseException]()

    def read() -> None:
        try:
            a.read()
        except OSError as err:
            errors << err

    def write() -> None:
        try:
            a.write(bytes(50_000_000))
        except OSError as err:
            errors << err

    for _ in range(3):
        go(read)
        go(write)
    settle()
    a.close()
    for _ in range(6):
        err = errors.recv()
        assert isinstance(err, net.ErrClosed)
        assert isinstance(err, net.OpError)
        assert str(err).endswith("use of closed network connection")
        assert err.op in ("read", "write")
    b.close()


@pytest.mark.gochan
def test_use_after_close() -> None:
    a, b = pair()
    local = a.local_addr()
    a.close()
    a.close()
    for use in (a.read, lambda: a.write(b"x"), lambda: a.set_deadline(None), a.detach, a.close_write):
        with pytest.raises(net.ErrClosed):
            use()
    with pytest.raises(net.ErrClosed, match=r"set tcp .*: use of closed network connection"):
        a.set_no_delay(True)
    assert a.fileno() == -1
    assert a.local_addr() == local
    assert "closed TCPConn" in repr(a)
    b.close()


@pytest.mark.gochan
def test_half_close() -> None:
    a, b = pair()
    with a, b:
        a.write(b"last words")
        a.close_write()
        with pytest.raises(BrokenPipeError, match=r"write tcp .*: write: broken pipe"):
            a.write(b"more")
        assert read_all(b, 100) == b"last words"
        b.write(b"understood")
        b.close()
        assert read_all(a, 100) == b"understood"


@pytest.mark.gochan
def test_close_read() -> None:
    a, b = pair()
    with a, b:
        done = Chan[bytes]()
        go(lambda: done << a.read())
        settle()
        a.close_read()
        assert done.recv() == b""
        a.write(b"still writes")
        assert b.read() == b"still writes"


@pytest.mark.gochan
def test_reads_and_writes_are_serialized() -> None:
    """Two large writes don't mix; two reads get what came for the first and for the second."""
    a, b = pair()
    with a, b:
        size = 3_000_000
        wg = sync.WaitGroup()
        for letter in b"xy":
            wg.go(a.write, bytes([letter]) * size)
        data = read_all(b, 2 * size)
        assert data in (b"x" * size + b"y" * size, b"y" * size + b"x" * size)
        wg.wait()
        got: list[tuple[int, bytes]] = []
        for i in range(3):
            wg.go(lambda i: got.append((i, b.read(1))), i)
        settle()
        stacks = runtime.stack(all=True)
        assert stacks.count("[IO wait]") == 1
        assert stacks.count("[semacquire]") == 2
        for letter in b"123":
            a.write(bytes([letter]))
        wg.wait()
        assert sorted(data for _, data in got) == [b"1", b"2", b"3"]


@pytest.mark.gochan
def test_options() -> None:
    a, b = pair()
    with a, b, socket.socket(fileno=os.dup(a.fileno())) as raw:
        # Go's defaults.
        assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert raw.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        if sys.platform == "linux":
            assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 15
            a.set_keep_alive_period(timedelta(seconds=40))
            assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 40
            assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL) == 40
        a.set_no_delay(False)
        assert not raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        a.set_keep_alive(False)
        assert not raw.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        a.set_read_buffer(20_000)
        a.set_write_buffer(20_000)
        assert raw.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) >= 20_000
        a.set_linger(0)
    # Without lingering, close resets the connection.


@pytest.mark.gochan
def test_accepted_connections_have_gos_defaults_too() -> None:
    a, b = pair()
    with a, b, socket.socket(fileno=os.dup(b.fileno())) as raw:
        assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert raw.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        if sys.platform == "linux":
            assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 15
    with net.from_listening_socket(socket.create_server(("127.0.0.1", 0))) as listener:
        a, b = pair(listener)
        with a, b, socket.socket(fileno=os.dup(b.fileno())) as raw:
            assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.gochan
def test_files() -> None:
    a, b = pair()
    with a, b:
        with a.makefile("w", encoding="utf-8", newline="\n") as out:
            out.write("first\nsecond\nthird grüße\n")
        a.close_write()
        with b.makefile("rb") as lines:
            assert next(lines) == b"first\n"
            assert lines.readline() == b"second\n"
            assert lines.read() == "third grüße\n".encode()
        # The file is closed, and the connection is not.
        assert b.write(b"still open") == 10
        assert a.makefile("r").read(5) == "still"
        with pytest.raises(ValueError, match="makefile: got mode 'a'"):
            a.makefile("a")  # type: ignore[call-overload]


@pytest.mark.gochan
def test_a_file_for_both_directions() -> None:
    a, b = pair()
    with a, b:
        go(echo, b)
        both = a.makefile("rwb", 4096)
        for i in range(5):
            both.write(b"line %d\n" % i)
            both.flush()
            assert both.readline() == b"line %d\n" % i
        assert isinstance(both, io.BufferedRWPair)
        a.close_write()
        settle()


@needs_unix
@pytest.mark.gochan
def test_from_socket_and_detach() -> None:
    left, right = socket.socketpair()
    right.settimeout(5)
    a, b = net.from_socket(left), net.from_socket(right)
    assert isinstance(a, net.UnixConn)
    done = Chan[object]()

    def read() -> None:
        try:
            b.read()
        except net.ErrClosed:
            done << "closed"

    go(read)
    settle()
    sock = b.detach()
    assert done.recv() == "closed"
    assert sock is right
    assert sock.gettimeout() == 5
    assert b.fileno() == -1
    a.write(b"to a plain socket")
    assert sock.recv(100) == b"to a plain socket"
    # And back again.
    with net.from_socket(sock) as c:
        go(a.write, b"once more")
        assert c.read() == b"once more"
    a.close()


@pytest.mark.gochan
def test_from_socket_takes_the_networks_that_it_knows() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, pytest.raises(ValueError, match="listens"):
        net.from_socket(listening)
    with net.from_socket(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as udp:
        assert isinstance(udp, net.UDPConn)
        assert udp.remote_addr() is None


@pytest.mark.gochan
def test_a_conn_is_made_by_functions() -> None:
    with pytest.raises(TypeError, match=r"made by net\.dial"):
        net.TCPConn()
    with pytest.raises(TypeError, match="abstract"):
        net.Conn()  # type: ignore[abstract]


@pytest.mark.gochan
def test_a_connection_that_is_dropped_is_closed() -> None:
    a, b = pair()
    with a:
        with pytest.warns(ResourceWarning):
            del b
            gc.collect()
        assert a.read() == b""


@pytest.mark.gochan
def test_other_threads() -> None:
    """Threads read, write, dial and close as goroutines do."""
    with net.listen("tcp", "127.0.0.1:0") as listener:
        serve(listener, echo)
        got: list[bytes] = []
        ended: list[BaseException] = []

        def client() -> None:
            with net.dial("tcp", str(listener.addr())) as conn:
                for i in range(5):
                    conn.write(b"%d" % i)
                    got.append(conn.read())
                conn.set_read_deadline(time.now() + timedelta(seconds=0.01))
                try:
                    conn.read()
                except TimeoutError as err:
                    ended.append(err)

        threads = [threading.Thread(target=client) for _ in range(3)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            settle()
        assert sorted(got) == sorted(b"%d" % i for i in range(5) for _ in threads)
        assert len(ended) == 3
        settle()


@pytest.mark.gochan
def test_threads_that_take_each_others_events() -> None:
    """What comes in between a thread's read and its next wait is not missed."""
    with net.listen("tcp", "127.0.0.1:0") as listener:
        ended: list[net.Conn] = []

        def echo_all(conn: net.Conn) -> None:
            echo(conn)
            ended.append(conn)

        serve(listener, echo_all)

        def client() -> None:
            with net.dial("tcp", str(listener.addr())) as conn:
                for i in range(300):
                    conn.write(b"%d" % i)
                    assert conn.read() == b"%d" % i

        threads = [threading.Thread(target=client) for _ in range(4)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads) or len(ended) < len(threads):
            settle()


@pytest.mark.gochan
def test_a_thread_closes_under_a_goroutine_and_the_reverse() -> None:
    a, b = pair()
    with b:
        thread = threading.Timer(0.01, a.close)
        thread.start()
        with pytest.raises(net.ErrClosed):
            a.read()
        thread.join()
    a, b = pair()
    with b:
        ended: list[BaseException] = []

        def read() -> None:
            try:
                a.read()
            except net.ErrClosed as err:
                ended.append(err)

        thread = threading.Thread(target=read)
        thread.start()
        settle()
        a.close()
        thread.join()
        assert len(ended) == 1
