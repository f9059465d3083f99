"""Deadlines, set before and while something waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from servers import every_poller, pair, settle

from gochan import Chan, default, go, net, recv, runtime, select, time


def soon(seconds: float = 0.005) -> datetime:
    return time.now() + timedelta(seconds=seconds)


@every_poller
@pytest.mark.gochan
def test_a_deadline_ends_a_read(poller: str) -> None:
    a, b = pair()
    with a, b:
        start = time.now()
        a.set_read_deadline(soon(0.01))
        with pytest.raises(TimeoutError, match=r"read tcp .*: i/o timeout") as caught:
            a.read()
        assert 0.009 < time.since(start) < 5
        assert isinstance(caught.value, net.OpError)
        assert caught.value.timeout()
        # It has passed: the next read fails at once, although there is something to read.
        b.write(b"late")
        settle()
        with pytest.raises(TimeoutError):
            a.read()
        a.set_read_deadline(None)
        assert a.read() == b"late"


@pytest.mark.gochan
def test_a_deadline_ends_a_write() -> None:
    a, b = pair()
    with a, b:
        # On a busy machine the deadline may have passed before anything of the large write is sent.
        a.write(b"\0")
        a.set_write_deadline(soon())
        with pytest.raises(TimeoutError, match=r"write tcp .*: i/o timeout"):
            a.write(bytes(50_000_000))
        a.set_deadline(None)
        assert b.read(1) == b"\0"


@every_poller
@pytest.mark.gochan
@pytest.mark.parametrize("past", [True, False])
def test_set_by_another_goroutine(poller: str, past: bool) -> None:
    a, b = pair()
    with a, b:
        ended = Chan[BaseException]()

        def read() -> None:
            try:
                a.read()
            except TimeoutError as err:
                ended << err

        for _ in range(2):
            go(read)
        settle()
        a.set_read_deadline(time.now() if past else soon())
        ended.recv()
        ended.recv()


@pytest.mark.gochan
def test_moved_while_something_waits() -> None:
    a, b = pair()
    with a, b:
        got = Chan[object]()

        def read() -> None:
            try:
                got << a.read()
            except TimeoutError:
                got << "timeout"

        while True:
            a.set_read_deadline(soon(0.05))
            go(read)
            settle()
            a.set_read_deadline(soon(60))
            if select(recv(got), default)[0] == 1:
                break
            # On a busy machine the first deadline has passed before it was moved.
        time.sleep(0.06)
        b.write(b"in time")
        assert got.recv() == b"in time"
        go(read)
        settle()
        a.set_read_deadline(None)
        b.write(b"no deadline")
        assert got.recv() == b"no deadline"
        a.set_read_deadline(soon(60))
        go(read)
        settle()
        a.set_read_deadline(soon(0.001))
        assert got.recv() == "timeout"


@pytest.mark.gochan
def test_one_direction_leaves_the_other_alone() -> None:
    a, b = pair()
    with a, b:
        a.set_read_deadline(time.now())
        assert a.write(b"x") == 1
        a.set_deadline(time.now())
        with pytest.raises(TimeoutError):
            a.write(b"y")
        a.set_write_deadline(None)
        assert a.write(b"y") == 1
        assert b.read() == b"xy"


@pytest.mark.gochan
@pytest.mark.parametrize(
    "moment",
    [
        lambda: datetime.now() + timedelta(seconds=0.002),
        lambda: datetime.now(UTC) + timedelta(seconds=0.002),
        lambda: datetime(1980, 1, 1),
        lambda: datetime.min,
    ],
)
def test_any_datetime(moment: Callable[[], datetime]) -> None:
    a, b = pair()
    with a, b:
        a.set_deadline(moment())
        with pytest.raises(TimeoutError):
            a.read()
        a.set_deadline(datetime.max)
        b.write(b"x")
        assert a.read() == b"x"


@pytest.mark.gochan
def test_deadline_races() -> None:
    """Whatever comes first, data or deadline, nothing is lost and nobody is left waiting."""
    a, b = pair()
    with a, b:
        sent, received, timeouts = 0, 0, 0
        for i in range(300):
            a.set_read_deadline(soon(0.0001 * (i % 5)))
            if i % 3:
                go(b.write, b"x")
                sent += 1
            try:
                received += len(a.read())
            except TimeoutError:
                timeouts += 1
        a.set_read_deadline(soon(0.5))
        while received < sent:
            received += len(a.read())
        assert received == sent
        assert timeouts > 0
    assert runtime.num_goroutine() == 1


@pytest.mark.gochan
def test_of_a_listener() -> None:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        listener.set_deadline(soon())
        with pytest.raises(TimeoutError, match=r"accept tcp .*: i/o timeout"):
            listener.accept()
        with pytest.raises(TimeoutError):
            # An iteration does not go on over it.
            next(iter(listener))
        listener.set_deadline(None)
        with net.dial("tcp", str(listener.addr())):
            listener.accept().close()
    with pytest.raises(net.ErrClosed):
        listener.set_deadline(None)
