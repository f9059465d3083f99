"""The poller and the scheduler: order, fairness, precision, deadlock, programs, processes, bubbles."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from time import perf_counter

import children
import pytest
from servers import echo, every_poller, pair, serve, settle

from gochan import Chan, Deadlock, go, net, run, runtime, sync, synctest, time
from gochan._engine.impl import FD, sched

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")


@pytest.mark.gochan
def test_the_order_is_gos() -> None:
    """Of what one poll makes ready the last runs first, as of Go's list.  (Go 1.27 prints 4 3 2 1 0.)"""
    pairs = [pair() for _ in range(5)]
    order: list[int] = []

    def read(i: int) -> None:
        pairs[i][1].read()
        order.append(i)

    for i in range(5):
        go(read, i)
    settle()
    for a, _ in pairs:
        a.write(b"x")
    settle()
    assert order == [4, 3, 2, 1, 0]
    for a, b in pairs:
        a.close()
        b.close()


@every_poller
@pytest.mark.gochan
def test_sockets_are_polled_while_goroutines_run(poller: str) -> None:
    a, b = pair()
    with a, b:
        came = 0.0

        def read() -> None:
            nonlocal came
            b.read()
            came = perf_counter()

        def busy() -> None:
            while not came:
                runtime.gosched()

        go(read)
        go(busy)
        go(busy)
        settle()
        sent = perf_counter()
        a.write(b"x")
        while not came and perf_counter() < sent + 10:
            runtime.gosched()
        # Go's 10 ms, and what a busy machine takes.
        assert came and came - sent < 1


@pytest.mark.gochan
def test_a_loop_that_never_waits_ends_with_its_time_slice() -> None:
    a, b = pair()
    with a, b:
        a.close_write()
        ran: list[int] = []
        go(ran.append, 1)
        limit = perf_counter() + 10
        while not ran and perf_counter() < limit:
            assert b.read() == b""
        assert ran


@pytest.mark.skipif(sys.platform != "linux", reason="only epoll's wait is this exact")
@pytest.mark.gochan
def test_timers_are_exact_while_a_socket_waits(poller: str) -> None:
    a, b = pair()
    with a, b:

        def read() -> None:
            with pytest.raises(net.ErrClosed):
                b.read()

        go(read)
        late: list[float] = []
        for _ in range(20):
            start = perf_counter()
            time.sleep(0.0023)
            late.append(perf_counter() - start - 0.0023)
        assert min(late) >= 0
        assert min(late) < (0.0005 if poller == "epoll" else 0.005)
        b.close()
        settle()


def test_a_wait_for_a_descriptor_is_no_deadlock() -> None:
    def main() -> str:
        a, b = socket.socketpair()
        with net.from_socket(a) as conn, b:
            threading.Timer(0.15, b.send, (b"x",)).start()
            # The timer's thread is one that was started in the program; a child process would be none.
            return conn.read().decode()

    assert run(main) == "x"


def test_a_deadlock_is_seen_once_no_descriptor_is_waited_for() -> None:
    def main() -> None:
        a, b = pair()
        with a, b:

            def read() -> None:
                with pytest.raises(TimeoutError):
                    a.read()

            go(read)
            a.set_deadline(time.now() + timedelta(seconds=0.005))
            Chan[int]().recv()

    with pytest.raises(Deadlock):
        run(main)


def test_the_stack_of_one_that_waits() -> None:
    def main() -> str:
        a, b = pair()
        with a, b:
            go(a.read)
            settle()
            return runtime.stack(all=True)

    stack = run(main)
    assert "[IO wait]:" in stack
    assert "gochan/net" not in stack


def test_the_programs_end_unwinds_those_that_wait() -> None:
    unwound: list[str] = []
    kept: list[net.TCPConn] = []

    def wait(conn: net.TCPConn) -> None:
        try:
            conn.read()
        finally:
            unwound.append("read")

    def main() -> None:
        a, b = pair()
        kept.extend((a, b))
        go(wait, a)
        go(wait, a)
        settle()

    run(main)
    assert unwound == ["read", "read"]
    assert sched.io_waiters == 0

    # The connection is whole, and another program uses it.
    def again() -> None:
        a, b = kept
        with a, b:
            go(b.write, b"in another program")
            assert a.read() == b"in another program"

    run(again)


def test_without_run() -> None:
    a, b = pair()
    with a, b:
        go(b.write, b"x")
        assert a.read() == b"x"


@pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")
@pytest.mark.skipif("coverage" in sys.modules, reason="the tracer loses what a handler raises in it")
@every_poller
def test_an_exception_thrown_into_a_wait_leaves_the_connection_usable(poller: str) -> None:
    class Alarm(Exception):
        pass

    def handler(*_: object) -> None:
        raise Alarm

    def main() -> None:
        a, b = pair()
        with a, b:
            for _ in range(3):
                with pytest.raises(Alarm):
                    signal.setitimer(signal.ITIMER_REAL, 0.005)
                    a.read()
                b.write(b"x")
                assert a.read() == b"x"
            a.write(b"y")
            with pytest.raises(Alarm):
                # It may strike before anything of this is sent.
                signal.setitimer(signal.ITIMER_REAL, 0.005)
                a.write(bytes(50_000_000))
            a.close_write()
            received = 0
            while data := b.read():
                received += len(data)
            assert received > 0
        assert sched.io_waiters == 0

    # Set before the program begins, so that the Python implementation defers it in the middle of a step.
    before = signal.signal(signal.SIGALRM, handler)
    try:
        run(main)
    finally:
        signal.signal(signal.SIGALRM, before)


@pytest.mark.gochan
def test_not_durable_in_a_bubble() -> None:
    """A goroutine that waits for I/O may be woken from outside, so that the bubble's time stands still."""
    a, b = socket.socketpair()
    with b:
        timer = threading.Timer(0.02, b.send, (b"x",))

        def bubble() -> None:
            with net.from_socket(a) as conn:
                begin = time.now()
                wg = sync.WaitGroup()
                wg.go(time.sleep, 3600)
                timer.start()
                assert conn.read() == b"x"
                assert time.since(begin) == 0
                wg.wait()
                assert time.since(begin) == 3600

        synctest.test(bubble)
        timer.join()


@pytest.mark.gochan
@pytest.mark.parametrize("operation", ["read", "write"])
def test_a_connection_is_no_channel_from_outside_the_bubble(operation: str) -> None:
    """Two goroutines of a bubble wait for one connection, the second for the first."""
    a, b = socket.socketpair()

    def bubble() -> None:
        conn = net.from_socket(a)

        def wait() -> None:
            with suppress(net.ErrClosed):
                conn.read(1) if operation == "read" else conn.write(bytes(10**7))

        go(wait)
        go(wait)
        runtime.gosched()
        outside = {gp.waiting: gp.outside_channels for gp in sched.goroutines()}
        assert outside["IO wait"] == outside["semacquire"] == []
        conn.close()

    with b:
        synctest.test(bubble)


@pytest.mark.gochan
def test_a_deadline_in_a_bubble_goes_by_the_real_clock() -> None:
    a, b = socket.socketpair()
    with b:

        def bubble() -> None:
            with net.from_socket(a) as conn:
                begin, start = time.now(), perf_counter()
                conn.set_read_deadline(time.now() + timedelta(seconds=0.02))
                with pytest.raises(TimeoutError):
                    conn.read()
                assert time.since(begin) == 0
                assert perf_counter() - start > 0.015

        synctest.test(bubble)


def test_the_programs_end_wakes_threads() -> None:
    ended: list[str] = []
    kept: list[net.TCPConn] = []

    def read() -> None:
        try:
            kept[0].read()
        except RuntimeError as err:
            ended.append(str(err))

    thread = threading.Thread(target=read)

    def main() -> None:
        kept.extend(pair())
        thread.start()
        while sched.io_waiters == 0:
            time.sleep(0.001)

    run(main)
    thread.join()
    assert ended == ["the program has ended"]

    def again() -> None:
        a, b = kept
        with a, b:
            b.write(b"x")
            assert a.read() == b"x"

    run(again)
    assert sched.io_waiters == 0


@needs_fork
@every_poller
@pytest.mark.gochan
def test_fork(poller: str) -> None:
    """The child has a poller of its own, and does not take part in the parent's."""
    with net.listen("tcp", "127.0.0.1:0") as listener:
        a, b = pair(listener)
        with a, b:
            got = Chan[bytes]()

            def read() -> None:
                while data := b.read():
                    got << data

            go(read)
            settle()
            pid = os.fork()
            if pid == 0:
                status = 1
                try:
                    assert sched.io_waiters == 0

                    def child() -> None:
                        serve(listener, echo)
                        with net.dial("tcp", str(listener.addr())) as conn:
                            conn.write(b"in the child")
                            assert conn.read() == b"in the child"
                        # The parent's goroutine waits in this one; here nobody does.
                        b.set_read_deadline(time.now() + timedelta(seconds=0.005))
                        with pytest.raises(TimeoutError):
                            b.read()
                        b.close()

                    threading.Timer(20, os._exit, (2,)).start()
                    run(child)
                    status = 0
                finally:
                    os._exit(status)
            while os.waitpid(pid, os.WNOHANG) == (0, 0):
                settle()
            a.write(b"in the parent")
            assert got.recv() == b"in the parent"
            a.close()
            settle()


@pytest.mark.gochan
def test_a_number_that_is_closed_and_used_again() -> None:
    """Nobody is woken by events of the descriptor that had the number before."""
    for _ in range(20):
        a, b = pair()
        ended = Chan[int]()

        def read(conn: net.TCPConn, ended: Chan[int] = ended) -> None:
            try:
                conn.read()
            except net.ErrClosed:
                ended << 1

        go(read, b)
        settle()
        runtime.gosched()
        number = b.fileno()
        a.write(b"x")
        b.close()
        c, d = pair()
        assert number in (c.fileno(), d.fileno())
        ended.recv()
        c.set_read_deadline(time.now() + timedelta(seconds=0.0005))
        with pytest.raises(TimeoutError):
            c.read()
        d.write(b"y")
        c.set_read_deadline(None)
        assert c.read() == b"y"
        for conn in (a, c, d):
            conn.close()


@pytest.mark.gochan
def test_a_spurious_wake_up() -> None:
    """Of two connections' readers that one event wakes, the second finds nothing, and waits again."""
    left, right = socket.socketpair()
    copy = left.dup()
    with right, net.from_socket(left) as a, net.from_socket(copy) as b:
        got: list[bytes] = []
        wg = sync.WaitGroup()
        wg.go(lambda: got.append(a.read()))
        wg.go(lambda: got.append(b.read()))
        settle()
        right.send(b"first")
        settle()
        assert got == [b"first"]
        right.send(b"second")
        wg.wait()
        assert got == [b"first", b"second"]


@pytest.mark.gochan
def test_urgent_data_does_not_hide_what_follows() -> None:
    """A read stops at TCP's urgent mark, and says nothing of what is behind it."""
    a, b = pair()
    with a, b:
        got = Chan[bytes](10)

        def read() -> None:
            while data := b.read():
                got << data

        go(read)
        settle()
        sock = a.detach()
        sock.send(b"before")
        sock.send(b"!", socket.MSG_OOB)
        sock.send(b"after")
        data = b""
        while not data.endswith(b"after"):
            data += got.recv()
        assert data == b"beforeafter"
        sock.close()
        settle()


@pytest.mark.gochan
def test_fd() -> None:
    with pytest.raises(ValueError, match="is not a file descriptor"):
        FD(None, -1, False)
    with pytest.raises(TypeError):
        FD()  # type: ignore[call-arg]
    a, b = socket.socketpair()
    with b:
        a.setblocking(False)
        fd = FD(a, a.fileno(), False)
        assert repr(fd) == f"<FD {a.fileno()}>"
        assert fd._owner is a
        calls: list[object] = []
        assert fd._call(True, calls.append, 1) is None
        with pytest.raises(ZeroDivisionError):
            fd._call(False, lambda: 1 / 0)
        # The lock is free again.
        assert fd._call(False, lambda: 7) == 7
        assert fd._close()
        assert not fd._close()
        assert fd._closing
        assert fd._owner is None
        assert "closed" in repr(fd)
        uses: list[Callable[[], object]] = [
            lambda: fd.read(1),
            lambda: fd._call(True, print),
            lambda: fd._set_deadline(True, 1),
            fd._detach,
        ]
        for use in uses:
            with pytest.raises(net.ErrClosed):
                use()


@pytest.mark.gochan
def test_close_within_a_call() -> None:
    """The socket is closed when the call has returned, so that its number is not used again under it."""
    a, b = socket.socketpair()
    a.setblocking(False)
    fd = FD(a, a.fileno(), False)
    with b:

        def close() -> int:
            fd._close()
            return a.fileno()

        assert fd._call(False, close) >= 0
        assert a.fileno() == -1


CTRL_C = """
import signal, sys
import resource
import threading
from gochan import go, net, run
from gochan._engine.impl import sched
{poller}
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, hard))

def serve(conn):
    try:
        while data := conn.read():
            conn.write(data)
    finally:
        conn.close()
        unwound.append(1)

unwound = []

def announce():
    # In a thread, as the signal interrupts whichever goroutine runs.
    while sched.io_waiters <= {count}:
        threading.Event().wait(0.001)
    print("ready", flush=True)

def main():
    listener = net.listen("tcp", "127.0.0.1:0")
    clients = []
    for _ in range({count}):
        clients.append(net.dial("tcp", str(listener.addr())))
        go(serve, listener.accept())
    threading.Thread(target=announce).start()
    try:
        listener.accept()
    except KeyboardInterrupt:
        print("interrupted")
        # All goes on.
        clients[0].write(b"still")
        print(clients[0].read())
        raise
    finally:
        for client in clients:
            client.close()
        listener.close()

try:
    run(main)
except KeyboardInterrupt:
    print("ended", len(unwound))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")
def test_ctrl_c_with_many_connections(poller: str) -> None:
    use = "" if poller == "epoll" else "from gochan._engine import netpoll; netpoll.use_selectors()"
    count = 1000 if poller == "epoll" else 300
    with children.start(sys.executable, "-c", CTRL_C.format(poller=use, count=count)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        begin = perf_counter()
        out, err = process.communicate(timeout=60)
        assert (out, err) == (f"interrupted\nb'still'\nended {count}\n", "")
        assert perf_counter() - begin < 10


@pytest.mark.gochan
@pytest.mark.parametrize("how", ["close", "reset"])
def test_ten_thousand_connections_that_close_at_once(how: str, poller: str) -> None:
    count = 300 if poller == "selectors" else 10_000
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 2 * count + 100:
        if hard != resource.RLIM_INFINITY and hard < 2 * count + 100:
            count = (hard - 200) // 2
        resource.setrlimit(resource.RLIMIT_NOFILE, (2 * count + 200, hard))
    before = runtime.num_goroutine()
    ended: list[str] = []

    def serve(conn: net.TCPConn | net.UnixConn) -> None:
        with conn:
            try:
                while conn.read():
                    pass
                ended.append("end")
            except ConnectionResetError:
                ended.append("reset")

    clients: list[net.TCPConn] = []
    try:
        with net.listen("tcp", "127.0.0.1:0") as listener:
            for _ in range(count):
                client = net.dial("tcp", str(listener.addr()))
                clients.append(client)
                go(serve, listener.accept())
            settle()
            for client in clients:
                if how == "reset":
                    client.set_linger(0)
                client.close()
            while runtime.num_goroutine() > before:
                settle()
            assert len(ended) == count
            assert set(ended) == {"reset" if how == "reset" else "end"}
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.gochan
def test_many_that_wait_for_the_same_end(poller: str) -> None:
    """Close wakes each of them once, whatever they wait for."""
    for _ in range(10):
        a, b = pair()
        ended: list[str] = []
        wg = sync.WaitGroup()

        def use(f: Callable[[], object], ended: list[str] = ended) -> None:
            with pytest.raises(net.ErrClosed):
                f()
            ended.append("closed")

        for _ in range(10):
            wg.go(use, a.read)
            wg.go(use, lambda a=a: a.write(bytes(20_000_000)))  # type: ignore[misc]
        settle()
        go(a.close)
        go(a.close)
        wg.wait()
        assert len(ended) == 20
        b.close()
