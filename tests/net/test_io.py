"""Packages io and bufio: over connections, files, and readers that give little at a time."""

from __future__ import annotations

import io as files
import os
import random
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from servers import pair

from gochan import Panic, bufio, go, io, net, sync, time


class Pieces:
    """A reader that gives one piece at a time, and raises those that are exceptions."""

    def __init__(self, *pieces: bytes | Exception | None) -> None:
        self.pieces = list(pieces)

    def read(self, n: int, /) -> bytes | None:
        if not self.pieces:
            return b""
        piece = self.pieces.pop(0)
        if isinstance(piece, Exception):
            raise piece
        if piece is not None and len(piece) > n:
            self.pieces.insert(0, piece[n:])
            piece = piece[:n]
        return piece


def one_by_one(data: bytes) -> Pieces:
    return Pieces(*(data[i : i + 1] for i in range(len(data))))


class Target:
    """A writer that takes at most `most` bytes at a time, or returns what it is given."""

    def __init__(self, most: int | None = 1 << 30) -> None:
        self.most = most
        self.calls: list[bytes] = []

    def write(self, data: bytes, /) -> int | None:
        if self.most is None:
            self.calls.append(data)
            return None
        self.calls.append(data[: self.most])
        return len(self.calls[-1])


# --- io --------------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_copy_between_connections_in_both_directions() -> None:
    """A proxy."""
    (client, front), (back, server) = pair(), pair()
    wg = sync.WaitGroup()

    def pump(dst: net.TCPConn, src: net.TCPConn) -> None:
        io.copy(dst, src)
        dst.close_write()

    def answer() -> None:
        data = io.read_all(server)
        server.write(data[::-1])
        server.close_write()

    def send(data: bytes) -> None:
        client.write(data)
        client.close_write()

    with client, front, back, server:
        wg.go(pump, back, front)
        wg.go(pump, front, back)
        wg.go(answer)
        data = os.urandom(1_000_000)
        wg.go(send, data)
        assert io.read_all(client) == data[::-1]
        wg.wait()


@pytest.mark.gochan
def test_copy_between_a_file_and_a_connection(tmp_path: Path) -> None:
    data = os.urandom(300_000)
    path = tmp_path / "data"
    path.write_bytes(data)
    a, b = pair()
    with a, b:

        def send() -> None:
            with path.open("rb") as file:
                assert io.copy(a, file) == len(data)
            a.close_write()

        go(send)
        with (tmp_path / "copy").open("wb", buffering=0) as copy:
            assert io.copy(copy, b) == len(data)
        assert (tmp_path / "copy").read_bytes() == data


def test_copy_writes_what_a_raw_file_leaves() -> None:
    target = Target(3)
    assert io.copy(target, files.BytesIO(b"0123456789")) == 10
    assert target.calls == [b"012", b"345", b"678", b"9"]
    target = Target(None)
    assert io.copy(target, files.BytesIO(b"0123456789")) == 10
    assert target.calls == [b"0123456789"]
    with pytest.raises(io.ErrShortWrite, match="short write"):
        io.copy(Target(0), files.BytesIO(b"x"))


def test_copy_raises_what_reading_raises_after_writing_what_came_before() -> None:
    target = Target()
    with pytest.raises(TimeoutError):
        io.copy(target, Pieces(b"before", TimeoutError()))
    assert target.calls == [b"before"]


def test_a_file_that_is_not_ready_is_no_end(tmp_path: Path) -> None:
    r, w = os.pipe()
    os.set_blocking(r, False)
    os.set_blocking(w, False)
    with open(r, "rb", buffering=0) as reader, open(w, "wb", buffering=0) as writer:
        with pytest.raises(BlockingIOError, match=r"net\.wait_readable"):
            io.read_all(reader)
        with pytest.raises(BlockingIOError, match=r"wait_writable"):
            while True:
                io.copy(writer, files.BytesIO(bytes(100_000)))


def test_copy_buffer_and_discard() -> None:
    target = Target()
    assert io.copy_buffer(target, files.BytesIO(b"0123456789"), 4) == 10
    assert target.calls == [b"0123", b"4567", b"89"]
    assert io.copy(io.DISCARD, files.BytesIO(bytes(100_000))) == 100_000
    assert repr(io.DISCARD) == "io.DISCARD"
    with pytest.raises(ValueError, match=r"^io\.copy_buffer: the size 0 is below 1; give 1 or more$"):
        io.copy_buffer(target, files.BytesIO(), 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: io.copy_buffer(io.DISCARD, files.BytesIO(), "x"), "io.copy_buffer: 'x' is not a size"),
        (lambda: io.copy_n(io.DISCARD, files.BytesIO(), 1.5), "io.copy_n: 1.5 is not a number of bytes"),
        (lambda: io.limit_reader(files.BytesIO(), None), "io.limit_reader: None is not a number of bytes"),
        (lambda: bufio.new_reader_size(files.BytesIO(), "x"), "bufio.Reader: 'x' is not a size"),
        (lambda: bufio.new_writer_size(files.BytesIO(), 1.5), "bufio.Writer: 1.5 is not a size"),
        (lambda: bufio.new_scanner(files.BytesIO()).buffer(True), "Scanner.buffer: True is not a size"),
    ],
)
def test_sizes_that_are_not_ints(call: Callable[[], object], message: str) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(message)}; give an int$"):
        call()


def test_copy_n_reads_no_more() -> None:
    source, target = files.BytesIO(b"0123456789"), Target()
    assert io.copy_n(target, source, 4) == 4
    assert source.read() == b"456789"
    with pytest.raises(EOFError, match=r"^EOF$"):
        io.copy_n(target, files.BytesIO(b"abc"), 4)
    assert target.calls == [b"0123", b"abc"]
    assert io.copy_n(target, source, 0) == io.copy_n(target, source, -1) == 0


def test_read_full() -> None:
    assert io.read_full(Pieces(b"ab", b"cd", b"ef"), 5) == b"abcde"
    assert io.read_full(Pieces(b"abc"), 3) == b"abc"
    assert io.read_full(Pieces(b"abc"), 0) == b""
    with pytest.raises(EOFError, match=r"^EOF$") as caught:
        io.read_full(Pieces(), 1)
    assert not isinstance(caught.value, io.ErrUnexpectedEOF)
    with pytest.raises(io.ErrUnexpectedEOF, match=r"^unexpected EOF$") as cut:
        io.read_full(Pieces(b"ab", b"c"), 5)
    assert cut.value.partial == b"abc"


def test_read_at_least() -> None:
    reader = Pieces(b"ab", b"cd", b"ef")
    assert io.read_at_least(reader, 100, 3) == b"abcd"
    assert io.read_at_least(reader, 1, 1) == b"e"
    with pytest.raises(ValueError, match="short buffer"):
        io.read_at_least(reader, 2, 3)
    with pytest.raises(io.ErrUnexpectedEOF):
        io.read_at_least(reader, 10, 2)


def test_limit_reader() -> None:
    limited = io.limit_reader(Pieces(b"abc", b"def", b"ghi"), 5)
    assert [limited.read(n) for n in (2, 2, 100, 100)] == [b"ab", b"c", b"de", b""]
    limited = io.limit_reader(files.BytesIO(b"abcdef"), 4)
    assert limited.read(-1) == b"abcd"


# --- bufio.Reader ----------------------------------------------------------------------------------------


def test_reader_reads() -> None:
    r = bufio.new_reader(Pieces(b"hello ", b"world"))
    assert [r.read(n) for n in (2, 100, 0, 100, 100)] == [b"he", b"llo ", b"", b"world", b""]
    with pytest.raises(ValueError, match="got -1"):
        r.read(-1)
    assert r.size() == 4096
    assert bufio.new_reader_size(Pieces(), 1).size() == 16


def test_a_large_read_goes_past_the_buffer() -> None:
    r = bufio.new_reader_size(Pieces(b"x" * 100, b"y" * 100), 16)
    assert r.read(50) == b"x" * 50
    assert r.buffered() == 0
    assert r.read(1) == b"x"
    assert r.buffered() == 15
    assert r.read(50) == b"x" * 15


def test_read_bytes_and_string() -> None:
    text = "one\ntwo\r\nthré".encode()
    for reader in (Pieces(text), one_by_one(text)):
        r = bufio.new_reader(reader)
        assert r.read_bytes(b"\n") == b"one\n"
        assert r.read_string("\n") == "two\r\n"
        assert r.read_string("\n") == "thré"
        assert r.read_string("\n") == ""
        assert r.read_bytes(10) == b""
    assert bufio.new_reader(Pieces(b"\xff;")).read_string(";") == "\ufffd;"
    with pytest.raises(ValueError, match="empty"):
        r.read_bytes(b"")


def test_a_delimiter_of_several_bytes_that_comes_in_pieces() -> None:
    r = bufio.new_reader(one_by_one(b"a\r\nb: c\r\n\r\nbody"))
    assert r.read_bytes(b"\r\n\r\n") == b"a\r\nb: c\r\n\r\n"
    assert r.read_bytes(b"\r\n\r\n") == b"body"


def test_a_line_that_is_longer_than_the_buffer() -> None:
    line = b"x" * 100_000 + b"\n"
    r = bufio.new_reader_size(Pieces(line + b"next\n"), 16)
    assert r.read_bytes(b"\n") == line
    assert r.read_bytes(b"\n") == b"next\n"


def test_an_error_loses_nothing() -> None:
    r = bufio.new_reader(Pieces(b"be", TimeoutError("1"), b"fore", TimeoutError("2"), b"\nafter"))
    for text in ("1", "2"):
        with pytest.raises(TimeoutError, match=text):
            r.read_bytes(b"\n")
    assert r.read_bytes(b"\n") == b"before\n"
    assert r.read(10) == b"after"


def test_read_line() -> None:
    # As Go's, of a buffer of 16 bytes.
    r = bufio.new_reader_size(Pieces(b"short\r\n\n" + b"x" * 15 + b"\r\n" + b"y" * 20 + b"\nend"), 16)
    assert r.read_line() == (b"short", False)
    assert r.read_line() == (b"", False)
    assert r.read_line() == (b"x" * 15, True)
    assert r.read_line() == (b"", False)
    assert r.read_line() == (b"y" * 16, True)
    assert r.read_line() == (b"yyyy", False)
    assert r.read_line() == (b"end", False)
    for _ in range(2):
        with pytest.raises(EOFError, match=r"^EOF$"):
            r.read_line()


def test_read_byte_and_unread_byte() -> None:
    r = bufio.new_reader(Pieces(b"ab", b"c"))
    with pytest.raises(ValueError, match="invalid use of unread_byte"):
        r.unread_byte()
    assert (r.read_byte(), r.read_byte()) == (97, 98)
    r.unread_byte()
    with pytest.raises(ValueError, match="invalid use of unread_byte"):
        r.unread_byte()
    assert r.read(5) == b"b"
    assert r.read_byte() == 99
    with pytest.raises(EOFError):
        r.read_byte()
    r.unread_byte()
    assert r.peek(5) == b"c"
    with pytest.raises(ValueError, match="invalid use of unread_byte"):
        r.unread_byte()
    assert r.read_bytes(b"x") == b"c"
    r.unread_byte()
    assert r.read(3) == b"c"


def test_read_rune() -> None:
    r = bufio.new_reader(one_by_one("aé€😀".encode() + b"\xff\xe2\x82"))
    assert [r.read_rune() for _ in range(9)] == ["a", "é", "€", "😀", "\ufffd", "\ufffd", "\ufffd", "", ""]


def test_peek_and_discard() -> None:
    r = bufio.new_reader_size(Pieces(b"0123", b"4567", b"89abcdefghij"), 16)
    assert r.peek(2) == b"01"
    assert r.peek(6) == b"012345"
    assert r.read(3) == b"012"
    assert r.peek(16) == b"3456789abcdefghi"
    with pytest.raises(bufio.ErrBufferFull, match=r"^bufio: buffer full$"):
        r.peek(18)
    assert r.discard(15) == 15
    assert r.peek(5) == b"ij"
    assert r.discard(5) == 2
    assert r.discard(5) == 0
    assert r.peek(1) == b""
    for call in (r.peek, r.discard):
        with pytest.raises(ValueError, match=r"^bufio: negative count$"):
            call(-1)


def test_reset_of_a_reader() -> None:
    r = bufio.new_reader(Pieces(b"old"))
    assert r.peek(1) == b"o"
    r.reset(Pieces(b"new"))
    assert r.read(10) == b"new"


def test_a_reader_is_a_reader() -> None:
    assert io.read_all(bufio.new_reader(one_by_one(b"abc"))) == b"abc"
    assert list(bufio.new_scanner(bufio.new_reader(Pieces(b"a\nb")))) == ["a", "b"]


@pytest.mark.gochan
def test_readers_over_connections_keep_what_came_before_a_deadline() -> None:
    a, b = pair()
    with a, b:
        r = bufio.new_reader(b)
        a.write(b"half of")
        b.set_read_deadline(time.now() + timedelta(seconds=0.02))
        with pytest.raises(TimeoutError):
            r.read_string("\n")
        b.set_read_deadline(None)
        a.write(b" a line\n")
        assert r.read_string("\n") == "half of a line\n"


# --- bufio.Writer ----------------------------------------------------------------------------------------


def test_writer_collects() -> None:
    target = Target()
    w = bufio.new_writer_size(target, 10)
    assert w.write(b"0123") == 4
    assert w.write_string("é") == 2
    assert w.write_rune("€") == 3
    assert (w.available(), w.buffered(), w.size()) == (1, 9, 10)
    w.write_byte(65)
    assert target.calls == []
    w.write(bytearray(b"BC"))
    assert target.calls == ["0123é€A".encode()]
    w.flush()
    w.flush()
    assert target.calls[1:] == [b"BC"]


def test_large_writes_go_past_the_buffer() -> None:
    target = Target()
    w = bufio.new_writer_size(target, 10)
    # As Go's: it fills the buffer first.
    assert w.write(b"abc") == 3
    assert w.write(b"0123456789" * 3) == 30
    assert target.calls == [b"abc0123456", b"78901234567890123456789"]
    assert w.write(memoryview(b"0123456789")) == 10
    assert w.buffered() == 10
    assert bufio.new_writer_size(target, 0).size() == 4096


def test_a_writer_keeps_its_error() -> None:
    class Fails:
        def write(self, data: bytes, /) -> int:
            raise ConnectionResetError("gone")

    w = bufio.new_writer_size(Fails(), 4)
    w.write(b"abc")
    for call in (lambda: w.write(b"defgh"), w.flush, lambda: w.write(b""), lambda: w.write_byte(1)):
        with pytest.raises(ConnectionResetError, match="gone"):
            call()
    target = Target()
    w.reset(target)
    w.write(b"x")
    w.flush()
    assert target.calls == [b"x"]


def test_a_writer_is_broken_by_an_interrupt() -> None:
    class Interrupted:
        def write(self, data: bytes, /) -> int:
            raise KeyboardInterrupt

    w = bufio.new_writer(Interrupted())
    w.write(b"abc")
    with pytest.raises(KeyboardInterrupt):
        w.flush()
    with pytest.raises(OSError, match="interrupted"):
        w.flush()


def test_random_writes_arrive_in_order() -> None:
    rand = random.Random(1)
    for most in (1, 3, 1000):
        target = Target(most)
        w = bufio.new_writer_size(target, 16)
        want = b""
        for _ in range(100):
            data = rand.randbytes(rand.choice([0, 1, 5, 16, 17, 40]))
            assert w.write(data) == len(data)
            want += data
        w.flush()
        assert b"".join(target.calls) == want


# --- bufio.Scanner ---------------------------------------------------------------------------------------

# What Go's Scanner yields: the split function, the input, the size of the buffer, the tokens and the error.
TOO_LONG = "bufio.Scanner: token too long"
Scan = tuple[str, bytes, int, list[bytes], "str | None"]
SCANS: list[Scan] = [
    ("lines", b"a\r\n\r\nb\rc\n\nlast\r", 0, [b"a", b"", b"b\rc", b"", b"last"], None),
    ("lines", b"\n", 0, [b""], None),
    ("lines", b"", 0, [], None),
    ("lines", b"0123456\n", 8, [b"0123456"], None),
    ("lines", b"ok\n01234567\n", 8, [b"ok"], TOO_LONG),
    ("lines", b"01234567", 8, [], TOO_LONG),
    ("lines", b"0123456", 8, [b"0123456"], None),
    (
        *("words", "  now\u2003is\u00a0the\x85 time".encode() + b"\xff\xe2\x80 ", 0),
        *([b"now", b"is", b"the", b"time\xff\xe2\x80"], None),
    ),
    ("words", b"abcdefgh i", 8, [], TOO_LONG),
    ("words", b"        i", 8, [b"i"], None),
    ("words", b" \n", 0, [], None),
    ("runes", b"a\xe2\x82\xacb\xff\xe2\x82", 0, [b"a", b"\xe2\x82\xac", b"b", *[b"\xef\xbf\xbd"] * 3], None),
    ("runes", b"\xed\xa0\x80", 0, [b"\xef\xbf\xbd"] * 3, None),
    ("bytes", b"ab", 0, [b"a", b"b"], None),
]


@pytest.mark.parametrize("scan", SCANS, ids=range(len(SCANS)))
@pytest.mark.parametrize("pieces", [Pieces, one_by_one], ids=["at once", "one by one"])
@pytest.mark.parametrize("wrapped", [False, True])
def test_scans(scan: Scan, pieces: Callable[[bytes], Pieces], wrapped: bool) -> None:
    split, data, size, tokens, error = scan
    fn: Any = getattr(bufio, f"scan_{split}")
    scanner = bufio.new_scanner(pieces(data))
    # A function of one's own gets a copy of the data.
    scanner.split(partial(fn) if wrapped else fn)
    if size:
        scanner.buffer(size)
    found = []
    while scanner.scan():
        found.append(scanner.bytes())
        assert scanner.text() == scanner.bytes().decode(errors="replace")
    assert found == tokens
    err = scanner.err()
    assert (None if err is None else str(err)) == error
    assert not scanner.scan()
    assert scanner.bytes() == b""


def test_the_longest_line() -> None:
    assert bufio.MAX_SCAN_TOKEN_SIZE == 65536
    longest = b"x" * 65535 + b"\n"
    assert list(bufio.new_scanner(Pieces(longest * 2))) == [longest[:-1].decode()] * 2
    scanner = bufio.new_scanner(Pieces(b"fine\n" + b"x" * 65536 + b"\n"))
    found = []
    with pytest.raises(bufio.ErrTooLong, match=TOO_LONG):
        for line in scanner:
            found.append(line)  # noqa: PERF402
    assert found == ["fine"]
    scanner = bufio.new_scanner(Pieces(b"x" * 1_000_000 + b"\n"))
    scanner.buffer(1 << 20)
    assert [len(line) for line in scanner] == [1_000_000]


def test_a_scanner_keeps_the_error_of_its_reader() -> None:
    # What came before it is the last token, as in Go.
    failure = ConnectionResetError("gone")
    scanner = bufio.new_scanner(Pieces(b"one\ntw", failure, b"o\n"))
    found = []
    while scanner.scan():
        found.append(scanner.text())
    assert found == ["one", "tw"]
    assert scanner.err() is failure
    with pytest.raises(ConnectionResetError):
        list(bufio.new_scanner(Pieces(b"one\n", failure)))
    # What is no error of reading is raised at once.
    with pytest.raises(ZeroDivisionError):
        bufio.new_scanner(Pieces(ZeroDivisionError())).scan()


def test_a_split_function_of_ones_own() -> None:
    def comma(data: bytes, at_eof: bool) -> tuple[int, bytes | None]:
        end = data.find(b",")
        if end >= 0:
            return end + 1, data[:end]
        return (len(data), data) if at_eof and data else (0, None)

    for pieces in (Pieces, one_by_one):
        scanner = bufio.new_scanner(pieces(b"1,22,,333"))
        scanner.split(comma)
        assert list(scanner) == ["1", "22", "", "333"]


def test_split_functions_that_are_wrong() -> None:
    for advance, text in ((-1, "-1 is negative"), (5, "5 is beyond 3 bytes")):
        scanner = bufio.new_scanner(Pieces(b"abc"))
        scanner.split(lambda _data, _eof, n=advance: (n, b""))  # type: ignore[misc]
        with pytest.raises(ValueError, match=text):
            scanner.scan()

    def fails(_data: bytes, _at_eof: bool) -> tuple[int, bytes | None]:
        raise ZeroDivisionError

    scanner = bufio.new_scanner(Pieces(b"abc"))
    scanner.split(fails)
    with pytest.raises(ZeroDivisionError):
        scanner.scan()
    # Empty tokens at the end, and no end.
    scanner = bufio.new_scanner(Pieces())
    scanner.split(lambda _data, _eof: (0, b""))
    with pytest.raises(Panic, match="too many empty tokens without progressing"):
        for _ in range(102):
            assert scanner.scan()


def test_options_come_before_the_first_scan() -> None:
    scanner = bufio.new_scanner(Pieces(b"abc"))
    scanner.scan()
    with pytest.raises(Panic, match=r"^Buffer called after Scan$"):
        scanner.buffer(1)
    with pytest.raises(Panic, match=r"^Split called after Scan$"):
        scanner.split(bufio.scan_words)


@pytest.mark.gochan
def test_a_scanner_over_a_connection() -> None:
    a, b = pair()

    def talk() -> None:
        with a:
            w = bufio.new_writer(a)
            for i in range(1000):
                w.write_string(f"line {i}\r\n")
            w.flush()

    with b:
        go(talk)
        assert list(bufio.new_scanner(b)) == [f"line {i}" for i in range(1000)]
