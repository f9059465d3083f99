"""What used to break connections: signals that raise, threads, junk arguments, collected and forked ones."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from dis import opname
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import pytest
from servers import every_poller, one_poller, open_files, pair, settle

from gochan import Chan, aio, go, net, run, runtime, time
from gochan._engine import netpoll
from gochan._engine.impl import sched
from gochan.runtime import COMPILED

unix = pytest.mark.skipif(sys.platform == "win32", reason="needs signals or fork")


T = TypeVar("T")


class Raised(Exception):
    pass


class Refuses:
    """A selector, one of whose calls fails once: before or after it has done its work."""

    def __init__(self, call: str, late: bool, error: Exception) -> None:
        import selectors

        self.real = selectors.DefaultSelector()
        self.call = call
        self.late = late
        self.error: Exception | None = error
        self.armed = False

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.real, name)
        if name != self.call or self.error is None or not self.armed:
            return real

        def fail(*args: Any) -> None:
            if self.late:
                real(*args)
            error, self.error = self.error, None
            if error is not None:
                raise error

        return fail


@pytest.mark.parametrize("poller", ["selectors"], indirect=True)
def test_a_new_selector_in_a_shared_event_loop(poller: str) -> None:
    """The loop watches it instead of the old one."""

    def main() -> list[bytes]:
        a, b = pair()
        with a, b:
            got: list[bytes] = []
            for data in (b"first", b"second"):
                time.after_func(0.01, partial(b.write, data))
                got.append(a.read())
                aio.await_(asyncio.sleep(0.001))
                # As after a signal handler's exception.
                netpoll.fallback._broken = True
            return got

    async def share() -> list[bytes]:
        return await asyncio.wait_for(aio.run(main), 30)

    assert asyncio.run(share()) == [b"first", b"second"]


@pytest.mark.parametrize("poller", ["selectors"], indirect=True)
@pytest.mark.parametrize("error", [Raised(), TimeoutError("the handler's")], ids=["Exception", "OSError"])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("call", ["register", "modify", "unregister"])
@pytest.mark.gochan
def test_an_exception_in_the_selector_strands_nobody(call: str, late: bool, error: Exception) -> None:
    """Such as a signal handler raises there: each direction of both connections goes on."""
    made: list[Refuses] = []

    def make() -> Any:
        import selectors

        if made:
            return selectors.DefaultSelector()
        made.append(Refuses(call, late, error))
        return made[0]

    a, b = pair()
    c, d = pair()
    netpoll.fallback.make = make
    netpoll.fallback._broken = True
    got = Chan[bytes](4)
    with a, b, c, d:
        go(lambda: got.send(c.read()))
        settle()
        full = fill(a)
        written = Chan[int](1)
        if call == "modify":
            # It waits for the same descriptor as the read below.
            go(lambda: written.send(a.write(full)))
            while sched.io_waiters < 2:
                settle()
        made[0].armed = True
        a.set_read_deadline(time.now() + timedelta(milliseconds=20))
        if call == "unregister":
            b.write(b"early")
        with contextlib.suppress(Raised, OSError):
            a.read()
        a.set_read_deadline(None)

        def read() -> None:
            data = b""
            while not data.endswith(b"to a"):
                data += patiently(a.read)
            got.send(data)

        go(read)
        d.write(b"to c")
        assert patiently(got.recv) == b"to c"
        b.write(b"to a")
        assert patiently(got.recv).endswith(b"to a")
        if call == "modify":
            go(drain, b)
            assert patiently(written.recv) == len(full)


def patiently(call: Callable[[], T]) -> T:
    """Call it again after what a handler raises, which ends any wait."""
    while True:
        try:
            return call()
        except (Raised, TimeoutError):
            pass


def drain(conn: net.TCPConn) -> None:
    """Read until it is closed."""
    with contextlib.suppress(net.ErrClosed):
        while conn.read():
            pass


def fill(conn: net.TCPConn) -> bytes:
    """Write until the system takes no more; return as much again."""
    n = 0
    conn.set_write_deadline(time.now() + timedelta(milliseconds=20))
    try:
        while True:
            n += conn.write(b"x" * 65536)
    except TimeoutError:
        pass
    conn.set_write_deadline(None)
    return b"x" * (n + 65536)


@pytest.mark.skipif("coverage" in sys.modules, reason="the tracer's own code would be disturbed, too")
@unix
@every_poller
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.gochan
def test_a_handler_that_raises_at_random_moments(poller: str) -> None:
    if not COMPILED:
        # The Python implementation does not guarantee it.
        return
    raises = False
    count = 0

    def handler(*_: object) -> None:
        nonlocal count
        if raises:
            count += 1
            raise Raised

    a, b = pair()
    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 2e-4, 2e-4)
    files = open_files()
    try:
        with a, b:
            for _ in range(400):
                try:
                    raises = True
                    try:
                        a.set_read_deadline(time.now() + timedelta(milliseconds=1))
                        a.read()
                    finally:
                        raises = False
                except (Raised, TimeoutError):
                    pass
            a.set_read_deadline(None)
            go(b.write, b"still there")
            assert a.read() == b"still there"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    gc.collect()
    assert count > 50
    assert open_files() - files < 5


def accept() -> None:
    """Accept a connection that has come already."""
    with net.listen("tcp", "127.0.0.1:0") as listener, net.dial("tcp", str(listener.addr())), traced():
        listener.accept().close()


def wait() -> None:
    """Wait for what does not come."""
    a, b = socket.socketpair()
    with a, b, contextlib.suppress(TimeoutError), traced():
        net.wait_readable(a, 0)


left = 0


@contextlib.contextmanager
def traced() -> Iterator[None]:
    """Raise an exception where CPython may run a signal's handler: when a function begins, or after a call.

    `left` is how many such moments are still to come.  Those within the Python implementation of the engine
    are left out: it does not guarantee that the scheduler goes on after them.  No collection runs while it is
    on: an exception in a function of gc.callbacks, such as Hypothesis has, goes nowhere.
    """

    def trace(frame: FrameType, *_: object) -> Any:
        if Path(frame.f_code.co_filename).parent.name == "py":
            return None
        last = -1

        def local(frame: FrameType, event: str, _: object) -> Any:
            global left
            nonlocal last
            if event == "opcode":
                if last < 0 or opname[frame.f_code.co_code[last]].startswith("CALL"):
                    left -= 1
                    if left == 0:
                        raise Raised
                last = frame.f_lasti
            return local

        # From Python 3.13 on in this order.
        frame.f_trace = local
        frame.f_trace_opcodes = True
        return local

    gc.disable()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(None)
        gc.enable()


@pytest.mark.skipif("coverage" in sys.modules, reason="there is one trace function")
@one_poller
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize("operation", [accept, wait])
def test_a_handler_that_raises_at_any_moment_loses_no_descriptor(
    operation: Callable[[], None], poller: str
) -> None:
    def sweep() -> None:
        global left
        left = -1
        operation()
        files = open_files()
        for n in range(1, 10_000):
            left = n
            with contextlib.suppress(Raised):
                operation()
            if open_files() != files:
                gc.collect()
                assert open_files() == files, f"at moment {n}"
            if left > 0:
                break
        assert 20 < n < 9_999

    # In a thread of its own: a trace function can raise where a handler can't, as in the instruction that
    # ends an `except`, and CPython then leaves the thread with an exception that is handled forever.
    with ThreadPoolExecutor(1) as executor:
        executor.submit(run, sweep).result()


@pytest.mark.gochan
def test_an_exception_as_an_operation_begins() -> None:
    """Near the recursion limit, say."""
    a, b = pair()
    with a, b:
        a.set_deadline(time.now() + timedelta(seconds=60))
        limit = sys.getrecursionlimit()

        def deep(n: int) -> bytes:
            return deep(n - 1) if n else a.read(1)

        b.write(b"x" * 200)
        for n in range(limit - 60, limit):
            with contextlib.suppress(RecursionError):
                deep(n)
        b.write(b"end")
        a.set_read_deadline(None)
        data = b""
        while not data.endswith(b"end"):
            data += a.read()


def repeat(raised: list[Exception], call: Callable[..., object], *args: object) -> None:
    """Call it until it raises."""
    try:
        while True:
            call(*args)
    except Exception as exc:
        raised.append(exc)


@every_poller
@pytest.mark.gochan
def test_threads_read_while_it_closes(poller: str) -> None:
    for _ in range(15):
        a, b = pair()
        raised: list[Exception] = []

        calls = [(a.read, 9), (a.read_into, bytearray(9)), (b.write, b"x" * 50), (b.write, b"x" * 50)]
        threads = [threading.Thread(target=repeat, args=(raised, *call)) for call in calls]
        for each in threads:
            each.start()
        time.sleep(0.01)
        a.close()
        b.close()
        for each in threads:
            while each.is_alive():
                time.sleep(0.001)
        kinds = (net.ErrClosed, BrokenPipeError, ConnectionResetError)
        assert len(raised) == 4 and all(isinstance(exc, kinds) for exc in raised), raised


@every_poller
@pytest.mark.parametrize("shared", [False, True], ids=["alone", "beside asyncio"])
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_connection_that_is_dropped_closes(poller: str, shared: bool) -> None:
    """Also if goroutines have waited in it; and its number serves the next one."""

    def main() -> None:
        for _ in range(3):
            a, b = pair()
            number = a.fileno()
            a.set_read_deadline(time.now() + timedelta(milliseconds=1))
            with pytest.raises(TimeoutError):
                a.read()
            del a
            gc.collect()
            assert number not in netpoll.fallback._armed
            with b:
                assert b.read() == b""
        assert runtime.num_goroutine() == 1

    async def share() -> None:
        await asyncio.wait_for(aio.run(main), 30)

    if shared:
        asyncio.run(share())
    else:
        run(main)


@pytest.mark.parametrize("poller", ["epoll"], indirect=True)
@pytest.mark.skipif(not hasattr(__import__("select"), "epoll"), reason="no epoll")
@pytest.mark.gochan
def test_a_second_registration_leaves_the_first(poller: str) -> None:
    from gochan._engine.impl import FD

    a, b = socket.socketpair()
    a.setblocking(False)
    got = Chan[bytes](1)
    first, second = FD(a, a.fileno(), False), FD(None, a.fileno(), False)
    go(lambda: got.send(first.read()))
    settle()
    with pytest.raises(FileExistsError):
        second._call(False, os.read, a.fileno(), 1)
    b.send(b"for the first")
    assert got.recv() == b"for the first"
    first._close()
    b.close()


@pytest.mark.gochan
@pytest.mark.skipif(COMPILED, reason="in the C engine nothing comes between the two")
@pytest.mark.parametrize("poller", ["epoll"], indirect=True)
def test_a_thread_takes_the_event_of_a_descriptor_that_is_just_registered(
    poller: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The edge comes once, so it must not be taken before the table says whose it is."""
    from gochan._engine.py import netpoll as engine
    from gochan._engine.py.fd import FD
    from gochan._engine.py.step import begin, end

    def take() -> None:
        engine.poller.fetch(0)
        before = begin()
        try:
            assert engine.poller.take() == []
        finally:
            end(before)

    threads: list[threading.Thread] = []

    class Epoll:
        """The real one, with a thread that polls right after a descriptor was registered."""

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        def register(self, *args: Any) -> None:
            real.register(*args)
            threads.append(threading.Thread(target=take))
            threads[0].start()
            threads[0].join(0.05)

    a, b = socket.socketpair()
    b.send(b"x")
    fd = FD(a, a.fileno(), False)
    real = engine.poller.open()
    monkeypatch.setattr(engine.poller, "epoll", Epoll())
    fd._sides[False].ready = False
    engine.register_fd(fd)
    threads[0].join()
    monkeypatch.undo()
    assert fd._sides[False].ready
    fd._close()
    b.close()


@unix
@pytest.mark.gochan
def test_deadlines_in_a_forked_child() -> None:
    """They wake none of the parent's goroutines, which wait in the same connection."""
    a, b = pair()
    got = Chan[bytes](1)
    go(lambda: got.send(a.read()))
    settle()
    pid = os.fork()
    if pid == 0:
        try:
            a.set_read_deadline(time.now() - timedelta(seconds=1))
            ran = sched.runnable()
            a.detach()
            os._exit(1 if ran else 0)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    b.write(b"parent's")
    assert got.recv() == b"parent's"
    a.close()
    b.close()


@pytest.mark.gochan
def test_junk_for_a_wait() -> None:
    a, b = socket.socketpair()
    number = a.fileno()
    a.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        net.wait_readable(number, 1)
    for junk in ("x", None, 1.5, True, object()):
        with pytest.raises(TypeError, match=r"^net\.wait_readable: .* is not a descriptor"):
            net.wait_readable(junk, 1)  # type: ignore[arg-type]
    b.close()


@pytest.mark.gochan
def test_junk_for_addresses(tmp_path: Any) -> None:
    for junk in (None, 5, b"127.0.0.1:0"):
        with pytest.raises(TypeError, match="as an address, want a str such as"):
            net.listen("tcp", junk)  # type: ignore[arg-type]
    if hasattr(socket, "AF_UNIX"):
        with pytest.raises(net.OpError, match="listen unix") as caught:
            net.listen("unix", f"{tmp_path}/\ud800")
        assert isinstance(caught.value, ValueError)


@pytest.mark.gochan
def test_junk_buffers() -> None:
    """They are refused before anything is read; net.pipe's writer goes on."""
    for a, b in (pair(), net.pipe()):
        view = memoryview(bytearray(20))
        for junk in (b"read-only", view[::2], view[::-1], "text", None, 5):
            with pytest.raises((BufferError, TypeError)):
                a.read_into(junk)  # type: ignore[arg-type]
        for junk in (view[::2], "text", None, 5):
            with pytest.raises((BufferError, TypeError)):
                b.write(junk)  # type: ignore[arg-type]
        go(b.write, b"whole")
        with pytest.raises((BufferError, TypeError)):
            a.read_into(b"read-only")  # type: ignore[arg-type]
        assert a.read() == b"whole"
        a.close()
        b.close()


def test_calls_in_an_async_function() -> None:
    """The errors name the functions as users know them."""

    async def main() -> None:
        with net.listen("tcp", "127.0.0.1:0") as listener:
            with pytest.raises(RuntimeError, match=r"^net\.wait_readable in an async function"):
                net.wait_readable(listener)
            with pytest.raises(RuntimeError, match=r"^net\.Listener\.accept in an async function"):
                listener.accept()

    asyncio.run(main())


@pytest.mark.gochan
def test_a_timeout_that_is_no_number() -> None:
    """It has passed, as in time.sleep."""
    a, b = socket.socketpair()
    with a, b, pytest.raises(TimeoutError):
        net.wait_readable(a, float("nan"))
