"""Connections in memory."""

from __future__ import annotations

from datetime import timedelta

import pytest
from servers import settle

from gochan import Chan, go, net, sync, synctest, time

pytestmark = pytest.mark.gochan


def test_a_write_returns_when_all_of_it_was_read() -> None:
    a, b = net.pipe()
    events: list[str] = []

    def write() -> None:
        assert a.write(b"hello") == 5
        events.append("written")

    go(write)
    assert b.read(3) == b"hel"
    assert events == []
    assert b.read(3) == b"lo"
    settle()
    assert events == ["written"]
    go(a.write, b"")
    assert b.read() == b""


def test_the_number_of_bytes() -> None:
    a, b = net.pipe()
    go(a.write, b"hello")
    with pytest.raises(ValueError, match=r"^Conn\.read: got -1, want 0 or more bytes$"):
        b.read(-1)
    with pytest.raises(TypeError):
        b.read("x")  # type: ignore[arg-type]
    assert b.read(0) == b""
    assert b.read(9) == b"hello"


def test_a_read_of_any_size_takes_what_there_is() -> None:
    """No memory is needed for what might have come."""
    here, there = net.pipe()
    for size in (2**62, 3):
        go(there.write, b"abc")
        assert here.read(size) == b"abc"
    here.close()


def test_close() -> None:
    a, b = net.pipe()
    ended = Chan[object]()

    def read(conn: net.Conn) -> None:
        try:
            ended << conn.read()
        except net.ErrClosed as err:
            ended << str(err)

    go(read, a)
    go(read, b)
    settle()
    a.close()
    a.close()
    assert {ended.recv(), ended.recv()} == {b"", "io: read/write on closed pipe"}
    assert b.read() == b""
    for use in (a.read, lambda: a.write(b"x"), lambda: b.write(b"x"), lambda: b.set_deadline(None)):
        with pytest.raises(net.ErrClosed, match="io: read/write on closed pipe"):
            use()
    with pytest.raises(BrokenPipeError):
        b.write(b"x")


def test_deadlines() -> None:
    a, b = net.pipe()
    for deadline in (time.now(), time.now() + timedelta(seconds=0.002)):
        a.set_deadline(deadline)
        with pytest.raises(TimeoutError, match="i/o timeout"):
            a.read()
        with pytest.raises(TimeoutError):
            a.write(b"x")
    a.set_deadline(None)
    go(lambda: (time.sleep(0.001), a.set_read_deadline(time.now())))
    with pytest.raises(TimeoutError):
        a.read()
    a.set_read_deadline(time.now() + timedelta(seconds=60))
    go(b.write, b"x")
    assert a.read() == b"x"
    with pytest.raises(TypeError, match="is not a datetime"):
        a.set_deadline(1)  # type: ignore[arg-type]
    a.set_deadline(None)


def test_writers_take_turns() -> None:
    a, b = net.pipe()
    wg = sync.WaitGroup()
    for letter in b"xyz":
        wg.go(a.write, bytes([letter]) * 10)
    data = b"".join(b.read(1) for _ in range(30))
    assert sorted(data[i : i + 10] for i in (0, 10, 20)) == [b"x" * 10, b"y" * 10, b"z" * 10]
    wg.wait()


def test_files_and_addresses() -> None:
    a, b = net.pipe()
    assert str(a.local_addr()) == str(b.remote_addr()) == a.local_addr().network() == "pipe"
    with b, a.makefile("rb") as lines:
        go(lambda: (b.write(b"one\ntwo\n"), b.close()))
        assert list(lines) == [b"one\n", b"two\n"]


def test_in_a_bubble() -> None:
    def bubble() -> None:
        a, b = net.pipe()
        go(b.read)
        synctest.wait()
        a.set_read_deadline(time.now() + timedelta(hours=1))
        with pytest.raises(TimeoutError):
            a.read()
        a.close()
        b.close()
        synctest.wait()

    synctest.test(bubble)
