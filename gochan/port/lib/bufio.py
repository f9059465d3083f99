"""Go's package bufio."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ._common import (
    Slice,
    byte_slice,
    bytes_of,
    char,
    decode,
    encode,
    fill,
    new_error,
    nil_bytes,
    panic,
    rune_at,
)
from ._types import error
from .io import EOF, ErrNoProgress, ErrShortWrite, put, read_chunk
from .utf8 import full_rune

__all__ = [
    "MAX_SCAN_TOKEN_SIZE",
    "ErrAdvanceTooFar",
    "ErrBadReadCount",
    "ErrBufferFull",
    "ErrFinalToken",
    "ErrInvalidUnreadByte",
    "ErrInvalidUnreadRune",
    "ErrNegativeAdvance",
    "ErrNegativeCount",
    "ErrTooLong",
    "ReadWriter",
    "Reader",
    "Scanner",
    "SplitFunc",
    "Writer",
    "new_read_writer",
    "new_reader",
    "new_reader_size",
    "new_scanner",
    "new_writer",
    "new_writer_size",
    "scan_bytes",
    "scan_lines",
    "scan_runes",
    "scan_words",
]

MAX_SCAN_TOKEN_SIZE: Final = 64 * 1024
ErrInvalidUnreadByte: Final = new_error("bufio: invalid use of UnreadByte")
ErrInvalidUnreadRune: Final = new_error("bufio: invalid use of UnreadRune")
ErrBufferFull: Final = new_error("bufio: buffer full")
ErrNegativeCount: Final = new_error("bufio: negative count")
ErrTooLong: Final = new_error("bufio.Scanner: token too long")
ErrNegativeAdvance: Final = new_error("bufio.Scanner: SplitFunc returns negative advance count")
ErrAdvanceTooFar: Final = new_error("bufio.Scanner: SplitFunc returns advance count beyond input")
ErrBadReadCount: Final = new_error("bufio.Scanner: Read returned impossible count")
ErrFinalToken: Final = new_error("final token")

SplitFunc = Callable[[Any, bool], tuple[int, Any, Any]]

# --- split functions --------------------------------------------------------------------------------------
#
# Those of Go work on slices.  A scanner that has one of them uses its twin for bytes.


def scan_bytes(data: Any, at_eof: bool) -> tuple[int, Slice[int], error]:
    return _sliced(_bytes, data, at_eof)


def scan_runes(data: Any, at_eof: bool) -> tuple[int, Slice[int], error]:
    return _sliced(_runes, data, at_eof)


def scan_lines(data: Any, at_eof: bool) -> tuple[int, Slice[int], error]:
    return _sliced(_lines, data, at_eof)


def scan_words(data: Any, at_eof: bool) -> tuple[int, Slice[int], error]:
    return _sliced(_words, data, at_eof)


def _sliced(
    split: Callable[[bytes, int, bool], tuple[int, bytes | None]], data: Any, at_eof: bool
) -> tuple[int, Any, Any]:
    end, token = split(bytes_of(data), 0, at_eof)
    return end, nil_bytes() if token is None else byte_slice(token), None


def _bytes(data: bytes, at: int, at_eof: bool) -> tuple[int, bytes | None]:
    return (at + 1, data[at : at + 1]) if at < len(data) else (at, None)


def _runes(data: bytes, at: int, at_eof: bool) -> tuple[int, bytes | None]:
    if at == len(data):
        return at, None
    _, size = rune_at(data, at)
    if size == 1 and data[at] >= 0x80:
        if not at_eof and not full_rune(data[at : at + 4]):
            return at, None
        return at + 1, b"\xef\xbf\xbd"
    return at + size, data[at : at + size]


def _lines(data: bytes, at: int, at_eof: bool) -> tuple[int, bytes | None]:
    end = data.find(b"\n", at)
    if end >= 0:
        return end + 1, data[at : end - 1] if end > at and data[end - 1] == 13 else data[at:end]
    if at_eof and at < len(data):
        return len(data), data[at:].removesuffix(b"\r")
    return at, None


_SPACES: Final = frozenset(b"\t\n\v\f\r ")


def _words(data: bytes, at: int, at_eof: bool) -> tuple[int, bytes | None]:
    n = len(data)
    start = at
    while start < n:
        size = _space(data, start)
        if not size:
            break
        start += size
    i = start
    while i < n:
        size = _space(data, i)
        if size:
            return i + size, data[start:i]
        i += 1
    if at_eof and start < n:
        return n, data[start:]
    return start, None


def _space(data: bytes, at: int) -> int:
    """Return the size of the white space at an index; 0 for anything else."""
    b = data[at]
    if b < 0x80:
        return 1 if b in _SPACES else 0
    if b not in b"\xc2\xe1\xe2\xe3":
        return 0
    r, size = rune_at(data, at)
    wide = r in (0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000) or 0x2000 <= r <= 0x200A
    return size if wide else 0


_TWINS: Final[dict[Any, Callable[[bytes, int, bool], tuple[int, bytes | None]]]] = {
    scan_bytes: _bytes,
    scan_runes: _runes,
    scan_lines: _lines,
    scan_words: _words,
}


class Scanner:
    """Go's bufio.Scanner."""

    __slots__ = (
        "_at",
        "_called",
        "_data",
        "_done",
        "_empties",
        "_err",
        "_limit",
        "_r",
        "_room",
        "_split",
        "_token",
        "_twin",
    )

    def __init__(self, r: Any = None) -> None:
        self._r = r
        self._split: SplitFunc = scan_lines
        self._twin = _TWINS.get(scan_lines)
        self._limit = MAX_SCAN_TOKEN_SIZE
        self._room = 0  # the size of the buffer that Go would have
        self._data = b""
        self._at = 0
        self._token: bytes | None = b""
        self._err: error = None
        self._empties = 0
        self._called = False
        self._done = False

    def split(self, split: SplitFunc) -> None:
        if self._called:
            panic("Split called after Scan")
        self._split = split
        self._twin = _TWINS.get(split)

    def buffer(self, buf: Any, max: int) -> None:
        if self._called:
            panic("Buffer called after Scan")
        self._room = buf._c if isinstance(buf, Slice) else len(buf or ())
        self._limit = max

    def text(self) -> str:
        return decode(self._token) if self._token else ""

    def bytes(self) -> Slice[int]:
        return byte_slice(self._token) if self._token is not None else nil_bytes()

    def err(self) -> error:
        return None if self._err is EOF else self._err

    def scan(self) -> bool:
        if self._done:
            return False
        self._called = True
        if self._twin is _lines:
            # Most calls find a whole line in the buffer.
            start = self._at
            end = self._data.find(b"\n", start)
            if end >= 0:
                self._at = end + 1
                self._empties = 0
                self._token = self._data[start:end]
                if self._token.endswith(b"\r"):
                    self._token = self._token[:-1]
                return True
        while True:
            if self._at < len(self._data) or self._err is not None:
                token = self._next()
                if self._token is not None and token:
                    return True
                if token is None:
                    return False
            if self._err is not None:
                # No more input, and no token in what is left.
                self._data = b""
                self._at = 0
                self._token = None
                return False
            if not self._fill():
                self._token = None
                return False

    def _next(self) -> bool | None:
        """Take a token; return whether there is one, None if scanning ends."""
        at_eof = self._err is not None
        if self._twin is not None:
            end, self._token = self._twin(self._data, self._at, at_eof)
            if self._token is None:
                self._at = end
                return False
            advance = end - self._at
        else:
            advance, found, err = self._split(byte_slice(self._data[self._at :]), at_eof)
            nil = found is None or (isinstance(found, Slice) and found.is_nil)
            token = None if nil else bytes_of(found)
            if err is not None:
                self._token = token
                self._done = True
                if err is ErrFinalToken:
                    # A nil token ends the scan without one.
                    return True if token is not None else None
                self._fail(err)
                return None
            if advance < 0:
                self._fail(ErrNegativeAdvance)
                return None
            if advance > len(self._data) - self._at:
                self._fail(ErrAdvanceTooFar)
                return None
            self._token = token
            if token is None:
                self._at += advance
                if advance and self._at < len(self._data):
                    return self._next()
                return False
        self._at += advance
        if self._err is None or advance > 0:
            self._empties = 0
        else:
            self._empties += 1
            if self._empties > 100:
                panic("bufio.Scan: too many empty tokens without progressing")
        return True

    def _fail(self, err: error) -> None:
        if self._err is None or self._err is EOF:
            self._err = err

    def _fill(self) -> bool:
        """Read more input; return False if the token is too long."""
        rest = self._data[self._at :]
        room = self._room or min(4096, max(self._limit, 1))
        while room <= len(rest):
            if room >= self._limit:
                self._fail(ErrTooLong)
                return False
            room = min(room * 2, self._limit)
        self._room = room
        for _ in range(100):
            data, err = read_chunk(self._r, room - len(rest))
            if err is not None:
                self._fail(err)
            if data or err is not None:
                self._data, self._at = rest + data, 0
                return True
        self._fail(ErrNoProgress)
        return True


def new_scanner(r: Any) -> Scanner:
    return Scanner(r)


# --- Reader -----------------------------------------------------------------------------------------------


class Reader:
    """Go's bufio.Reader."""

    __slots__ = ("_at", "_data", "_err", "_last_byte", "_last_rune", "_r", "_size")

    def __init__(self, r: Any = None, size: int = 4096) -> None:
        self._size = max(size, 16)
        self.reset(r)

    def reset(self, r: Any) -> None:
        self._r = r
        self._data = b""
        self._at = 0
        self._err: error = None
        self._last_byte = -1
        self._last_rune = -1

    def size(self) -> int:
        return self._size

    def buffered(self) -> int:
        return len(self._data) - self._at

    def _fill(self) -> None:
        self._data = self._data[self._at :]
        self._at = 0
        for _ in range(100):
            data, err = read_chunk(self._r, self._size - len(self._data))
            self._data += data
            if err is not None:
                self._err = err
                return
            if data:
                return
        self._err = ErrNoProgress

    def _take_err(self) -> Any:
        err, self._err = self._err, None
        return err

    def _take(self, n: int) -> bytes:
        data = self._data[self._at : self._at + n]
        self._at += len(data)
        if data:
            self._last_byte = data[-1]
        self._last_rune = -1
        return data

    def peek(self, n: int) -> tuple[Slice[int], error]:
        if n < 0:
            return nil_bytes(), ErrNegativeCount
        self._last_byte = self._last_rune = -1
        while self.buffered() < n and self.buffered() < self._size and self._err is None:
            self._fill()
        if n > self._size:
            return byte_slice(self._data[self._at :]), ErrBufferFull
        err = None
        if self.buffered() < n:
            n = self.buffered()
            err = self._take_err() or ErrBufferFull
        return byte_slice(self._data[self._at : self._at + n]), err

    def discard(self, n: int) -> tuple[int, error]:
        if n < 0:
            return 0, ErrNegativeCount
        done = 0
        while True:
            done += len(self._take(n - done))
            if done == n:
                return n, None
            if self._err is not None:
                return done, self._take_err()
            self._fill()

    def read(self, p: Any) -> tuple[int, error]:
        data, err = self._read(len(p))
        return fill(p, data), err

    def _read(self, n: int) -> tuple[bytes, error]:
        if n == 0:
            return b"", None if self.buffered() else self._take_err()
        if not self.buffered():
            if self._err is not None:
                return b"", self._take_err()
            data, self._err = read_chunk(self._r, max(n, self._size))
            if not data:
                return b"", self._take_err()
            self._data, self._at = data, 0
        return self._take(n), None

    def read_byte(self) -> tuple[int, error]:
        self._last_rune = -1
        if self._at < len(self._data):
            self._last_byte = c = self._data[self._at]
            self._at += 1
            return c, None
        while not self.buffered():
            if self._err is not None:
                return 0, self._take_err()
            self._fill()
        return self._take(1)[0], None

    def unread_byte(self) -> error:
        if self._last_byte < 0:
            return ErrInvalidUnreadByte
        if self._at > 0:
            self._at -= 1
        else:
            self._data = bytes([self._last_byte]) + self._data
        self._last_byte = self._last_rune = -1
        return None

    def read_rune(self) -> tuple[int, int, error]:
        while (
            self.buffered() < 4
            and not full_rune(self._data[self._at : self._at + 4])
            and self._err is None
            and self.buffered() < self._size
        ):
            self._fill()
        self._last_rune = -1
        if not self.buffered():
            return 0, 0, self._take_err()
        r, size = rune_at(self._data, self._at)
        self._take(size)
        self._last_rune = size
        return r, size, None

    def unread_rune(self) -> error:
        size = self._last_rune
        if size < 0 or self._at < size:
            return ErrInvalidUnreadRune
        self._at -= size
        self._last_byte = self._last_rune = -1
        return None

    def _through(self, delim: int, most: int | None = None) -> tuple[bytes, error]:
        """Read through a byte; `most` is the longest result."""
        start = 0
        while True:
            end = self._data.find(delim, self._at + start)
            if end >= 0:
                return self._take(end + 1 - self._at), None
            if self._err is not None:
                return self._take(self.buffered()), self._take_err()
            if most is not None and self.buffered() >= most:
                return self._take(self.buffered()), ErrBufferFull
            start = self.buffered()
            if most is None and start >= self._size:
                # The buffer grows here, where Go collects pieces.
                data, self._err = read_chunk(self._r, 65536)
                self._data = self._data[self._at :] + data
                self._at = 0
            else:
                self._fill()

    def read_slice(self, delim: int) -> tuple[Slice[int], error]:
        data, err = self._through(delim, self._size)
        return byte_slice(data), err

    def read_bytes(self, delim: int) -> tuple[Slice[int], error]:
        data, err = self._through(delim)
        return byte_slice(data), err

    def read_string(self, delim: int) -> tuple[str, error]:
        data, err = self._through(delim)
        return decode(data), err

    def read_line(self) -> tuple[Slice[int], bool, error]:
        line, err = self._through(10, self._size)
        if err is ErrBufferFull:
            if line.endswith(b"\r"):
                self._at -= 1
                line = line[:-1]
            return byte_slice(line), True, None
        if not line:
            return nil_bytes(), False, err
        if line.endswith(b"\n"):
            line = line[:-1].removesuffix(b"\r")
        return byte_slice(line), False, None

    def write_to(self, w: Any) -> tuple[int, error]:
        done = 0
        while True:
            data = self._take(self.buffered())
            if data:
                n, err = put(w, data)
                done += n
                if err is not None:
                    return done, err
            if self._err is not None:
                err = self._take_err()
                return done, None if err is EOF else err
            self._fill()


def new_reader(rd: Any) -> Reader:
    return new_reader_size(rd, 4096)


def new_reader_size(rd: Any, size: int) -> Reader:
    if isinstance(rd, Reader) and rd.size() >= size:
        return rd
    return Reader(rd, size)


# --- Writer -----------------------------------------------------------------------------------------------


class Writer:
    """Go's bufio.Writer."""

    __slots__ = ("_err", "_n", "_parts", "_size", "_w")

    def __init__(self, w: Any = None, size: int = 4096) -> None:
        self._size = size if size > 0 else 4096
        self.reset(w)

    def reset(self, w: Any) -> None:
        self._w = w
        self._parts: list[bytes] = []
        self._n = 0
        self._err: error = None

    def size(self) -> int:
        return self._size

    def buffered(self) -> int:
        return self._n

    def available(self) -> int:
        return self._size - self._n

    def flush(self) -> error:
        if self._err is not None:
            return self._err
        if not self._n:
            return None
        data = b"".join(self._parts)
        n, err = put(self._w, data)
        if n < len(data) and err is None:
            err = ErrShortWrite
        self._parts = [data[n:]] if n < len(data) else []
        self._n = len(data) - n
        self._err = err
        return err

    def write(self, p: Any) -> tuple[int, error]:
        return self._write(bytes_of(p))

    def _write(self, data: bytes) -> tuple[int, error]:
        done = 0
        while len(data) > self.available() and self._err is None:
            if self._n == 0:
                # Large writes go directly to the writer.
                n, self._err = put(self._w, data)
            else:
                n = self.available()
                self._parts.append(data[:n])
                self._n += n
                self.flush()
            done += n
            data = data[n:]
        if self._err is not None:
            return done, self._err
        self._parts.append(data)
        self._n += len(data)
        return done + len(data), None

    def write_string(self, s: str) -> tuple[int, error]:
        return self._write(encode(s))

    def write_byte(self, c: int) -> error:
        return self._write(bytes((c,)))[1]

    def write_rune(self, r: int) -> tuple[int, error]:
        return self._write(char(r).encode())

    def read_from(self, r: Any) -> tuple[int, error]:
        done = 0
        while True:
            data, err = read_chunk(r, self._size)
            if data:
                n, failure = self._write(data)
                done += n
                if failure is not None:
                    return done, failure
            if err is not None:
                return done, None if err is EOF else err


def new_writer(w: Any) -> Writer:
    return new_writer_size(w, 4096)


def new_writer_size(w: Any, size: int) -> Writer:
    if isinstance(w, Writer) and w.size() >= (size if size > 0 else 4096):
        return w
    return Writer(w, size)


def _of(field: str, method: str) -> Any:
    """Return a method that calls one of a field's value."""

    def call(self: Any, *args: Any) -> Any:
        return getattr(getattr(self, field), method)(*args)

    return call


class ReadWriter:
    """Go's bufio.ReadWriter: the methods of its Reader and its Writer."""

    __slots__ = ("reader", "writer")

    def __init__(self, reader: Any = None, writer: Any = None) -> None:
        self.reader = reader
        self.writer = writer

    peek = _of("reader", "peek")
    discard = _of("reader", "discard")
    read = _of("reader", "read")
    _read = _of("reader", "_read")
    read_byte = _of("reader", "read_byte")
    unread_byte = _of("reader", "unread_byte")
    read_rune = _of("reader", "read_rune")
    unread_rune = _of("reader", "unread_rune")
    read_slice = _of("reader", "read_slice")
    read_bytes = _of("reader", "read_bytes")
    read_string = _of("reader", "read_string")
    read_line = _of("reader", "read_line")
    write_to = _of("reader", "write_to")
    flush = _of("writer", "flush")
    write = _of("writer", "write")
    _write = _of("writer", "_write")
    write_string = _of("writer", "write_string")
    write_byte = _of("writer", "write_byte")
    write_rune = _of("writer", "write_rune")
    read_from = _of("writer", "read_from")
    available = _of("writer", "available")


def new_read_writer(r: Reader, w: Writer) -> ReadWriter:
    return ReadWriter(r, w)
