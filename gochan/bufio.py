r"""Buffered reading and writing, and scanning by lines or words: Go's package bufio.

- A `Scanner` splits input into lines, words or other tokens.
- A `Reader` reads up to a delimiter, and can look ahead; a `Writer` collects small writes.

Use each of them in one goroutine at a time.  At the end of the input, methods that return bytes or text
return b"" or "", as Python's files do; the others raise `EOFError`.  If you need a Python file, use
`conn.makefile("r")` instead.

>>> from gochan import bufio, net, go, run
>>> def main() -> None:
...     here, there = net.pipe()
...     go(speak, there)
...     for line in bufio.new_scanner(here):
...         print(line)
>>> def speak(conn: net.Conn) -> None:
...     with conn:
...         conn.write(b"HELO gopher\r\nQUIT\r\n")
>>> run(main)
HELO gopher
QUIT
"""

from __future__ import annotations

import re
from codecs import utf_8_decode
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias, final

from ._engine.arguments import check_int
from ._engine.error import Panic
from ._engine.keep import keep
from .io import NON_BLOCKING, write_all
from .io import Reader as _Reader
from .io import Writer as _Writer

__all__ = [
    "MAX_SCAN_TOKEN_SIZE",
    "ErrBufferFull",
    "ErrTooLong",
    "Reader",
    "Scanner",
    "SplitFunc",
    "Writer",
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

# The longest token of a Scanner in bytes, with its delimiter, unless `Scanner.buffer` sets another.
MAX_SCAN_TOKEN_SIZE: Final = 64 * 1024

_INTERRUPTED: Final = "bufio: a write was interrupted"

# As in Go: the size of a buffer, the least size of a Reader's, and the limit on empty tokens in a row.
_SIZE = 4096
_LEAST = 16
_MAX_EMPTY = 100


class ErrTooLong(ValueError):
    """A token does not fit into a Scanner's buffer: Go's bufio.ErrTooLong.

    >>> import io as files
    >>> from gochan import bufio
    >>> scanner = bufio.new_scanner(files.BytesIO(b"x" * 100))
    >>> scanner.buffer(10)
    >>> scanner.scan(), scanner.err()
    (False, ErrTooLong('bufio.Scanner: token too long'))
    """

    def __init__(self) -> None:
        super().__init__("bufio.Scanner: token too long")


class ErrBufferFull(ValueError):
    """A call asks for more bytes than fit into a Reader's buffer: Go's bufio.ErrBufferFull.

    >>> import io as files
    >>> from gochan import bufio
    >>> try:
    ...     bufio.new_reader(files.BytesIO(b"x" * 5000)).peek(4097)
    ... except bufio.ErrBufferFull as err:
    ...     print(err)
    bufio: buffer full
    """

    def __init__(self) -> None:
        super().__init__("bufio: buffer full")


def _read_once(got: list[bytes | None], r: _Reader, n: int) -> None:
    """Read at most n bytes into the list got."""
    keep(got, r.read, n)
    if got[0] is None:
        raise BlockingIOError(NON_BLOCKING)


def _read_onto(buf: bytearray, r: _Reader, n: int) -> bool:
    """Read at most n bytes, and append them to buf, also if a signal handler raises; return if it got any."""
    got: list[bytes | None] = []
    try:
        _read_once(got, r, n)
    finally:
        if got and got[0]:
            buf += got[0]
    return bool(got[0])


# --- Reader ----------------------------------------------------------------------------------------------


@final
class Reader:
    r"""A reader with a buffer: Go's bufio.Reader.  `new_reader` makes one.

    An error of the underlying reader, such as a deadline's, loses nothing: what was read before it stays in
    the buffer, and the call can be made again.

    >>> import io as files
    >>> from gochan import bufio
    >>> r = bufio.new_reader(files.BytesIO(b"GET /\r\nbody"))
    >>> r.peek(3), r.read_string("\n"), r.read(10), r.read(10)
    (b'GET', 'GET /\r\n', b'body', b'')
    """

    __slots__ = ("_buf", "_last", "_pos", "_rd", "_size")

    def __init__(self, rd: _Reader, size: int = _SIZE, /) -> None:
        self._rd = rd
        self._size = max(check_int("bufio.Reader", "size", size), _LEAST)
        # What is not read yet is _buf[_pos:].
        self._buf = bytearray()
        self._pos = 0
        # What the last call has read, for `unread_byte`.
        self._last = b""

    def _fill(self) -> bool:
        """Read more data into the buffer; return whether there was any."""
        if self._pos:
            del self._buf[: self._pos]
            self._pos = 0
        return _read_onto(self._buf, self._rd, self._size)

    def _take(self, n: int) -> bytes:
        """Take n bytes, or what there is, out of the buffer."""
        data = bytes(self._buf[self._pos : self._pos + n])
        end = self._pos + len(data)
        empty = bytearray() if end == len(self._buf) else None
        # Without a call from here on, after which a signal handler could raise: then data would be lost.
        self._last = data
        if empty is None:
            self._pos = end
        else:
            self._buf = empty
            self._pos = 0
        return data

    def read(self, n: int = _SIZE, /) -> bytes:
        """Read at most n bytes, waiting for the first; b"" at the end: Go's Reader.Read.

        Reads from the underlying reader at most once.  If n is not less than the buffer's size, the data does
        not go through the buffer.  Raises `ValueError` if n is negative.
        """
        if n < 0:
            raise ValueError(f"Reader.read: got {n}, want 0 or more bytes")
        if n == 0:
            return b""
        if not self._buf:
            if n >= self._size:
                got: list[bytes | None] = []
                try:
                    _read_once(got, self._rd, n)
                except BaseException:
                    if got and got[0]:
                        # Keep what was read for the next call.
                        self._buf += got[0]
                    raise
                self._last = data = got[0] or b""
                return data
            if not self._fill():
                return b""
        return self._take(n)

    def read_bytes(self, delim: bytes | int, /) -> bytes:
        r"""Read up to and including a delimiter, and return what was read: Go's Reader.ReadBytes.

        The delimiter is a byte, or several bytes such as b"\r\n".  If the input ends first, returns the rest,
        without a delimiter; after that, b"".  The buffer grows as needed: see `Scanner` for a limit.  Raises
        `ValueError` if the delimiter is empty, or an int that is not a byte.
        """
        if isinstance(delim, int):
            delim = bytes([delim])
        if not delim:
            raise ValueError("Reader.read_bytes: the delimiter is empty")
        searched = 0
        while (end := self._buf.find(delim, self._pos + searched)) < 0:
            searched = max(0, self.buffered() - len(delim) + 1)
            if not self._fill():
                return self._take(self.buffered())
        return self._take(end + len(delim) - self._pos)

    def read_string(self, delim: str, /) -> str:
        """Read up to and including a delimiter, and return the text: Go's Reader.ReadString.

        See `read_bytes`.  The input is UTF-8; bytes that are not valid UTF-8 become U+FFFD.
        """
        return self.read_bytes(delim.encode()).decode(errors="replace")

    def read_line(self) -> tuple[bytes, bool]:
        r"""Read a line; return it without its \n or \r\n, and whether the line continues.

        Go's Reader.ReadLine.  A line that is longer than the buffer is returned in parts, all but the last
        with True.  Raises `EOFError` at the end of the input.  For most programs, a `Scanner` is simpler.
        """
        searched = 0
        while (end := self._buf.find(b"\n", self._pos + searched, self._pos + self._size)) < 0:
            searched = self.buffered()
            if searched >= self._size:
                # The \r may belong to a \r\n.
                n = self._size - (self._buf[self._pos + self._size - 1] == ord("\r"))
                return self._take(n), True
            if not self._fill():
                line = self._take(searched)
                if not line:
                    raise EOFError("EOF")
                return line, False
        line = self._take(end + 1 - self._pos)
        return line[: -2 if line.endswith(b"\r\n") else -1], False

    def read_byte(self) -> int:
        """Read a byte, and return it as a number: Go's Reader.ReadByte.  Raises `EOFError` at the end."""
        if not self._buf and not self._fill():
            raise EOFError("EOF")
        return self._take(1)[0]

    def unread_byte(self) -> None:
        """Put back the last byte that was read: Go's Reader.UnreadByte.

        Raises `ValueError` if the last call read no byte, or was `unread_byte` itself.
        """
        if not self._last:
            raise ValueError("bufio: invalid use of unread_byte")
        self._buf[: self._pos] = self._last[-1:]
        self._pos = 0
        self._last = b""

    def read_rune(self) -> str:
        """Read a character in UTF-8; "" at the end: Go's Reader.ReadRune.

        A byte that is not UTF-8 is read as U+FFFD.
        """
        while True:
            advance, rune = _rune(self._buf, self._pos, False)
            if rune is not None:
                self._take(advance)
                return rune.decode()
            if not self._fill():
                return "\ufffd" if self._take(1) else ""

    def peek(self, n: int, /) -> bytes:
        """Return the next n bytes, fewer at the end of the input, without reading them: Go's Reader.Peek.

        Raises `ErrBufferFull` if n is larger than the buffer, `ValueError` if it is negative.
        """
        if n < 0:
            raise ValueError("bufio: negative count")
        self._last = b""
        if n > max(self._size, self.buffered()):
            raise ErrBufferFull
        while self.buffered() < n and self._fill():
            pass
        return bytes(self._buf[self._pos : self._pos + n])

    def discard(self, n: int, /) -> int:
        """Skip the next n bytes, and return how many there were, fewer at the end: Go's Reader.Discard.

        Raises `ValueError` if n is negative.
        """
        if n < 0:
            raise ValueError("bufio: negative count")
        left = n
        while left and (self._buf or self._fill()):
            left -= len(self._take(left))
        self._last = b""
        return n - left

    def buffered(self) -> int:
        """Return how many bytes can be read from the buffer: Go's Reader.Buffered."""
        return len(self._buf) - self._pos

    def size(self) -> int:
        """Return the size of the buffer in bytes: Go's Reader.Size."""
        return self._size

    def reset(self, r: _Reader, /) -> None:
        """Drop what is in the buffer, and read from r from now on: Go's Reader.Reset."""
        self._rd = r
        self._buf.clear()
        self._pos = 0
        self._last = b""


# --- Writer ----------------------------------------------------------------------------------------------


@final
class Writer:
    """A writer with a buffer: Go's bufio.Writer.  `new_writer` makes one; call `flush` at the end.

    After an error of the underlying writer, all later writes and flushes raise it again.

    >>> import io as files
    >>> from gochan import bufio
    >>> target = files.BytesIO()
    >>> w = bufio.new_writer(target)
    >>> w.write(b"hello, "), w.write_string("gopher"), target.getvalue()
    (7, 6, b'')
    >>> w.flush()
    >>> target.getvalue()
    b'hello, gopher'
    """

    __slots__ = ("_buf", "_err", "_size", "_wr")

    def __init__(self, w: _Writer, size: int = _SIZE, /) -> None:
        self._wr = w
        size = check_int("bufio.Writer", "size", size)
        self._size = size if size > 0 else _SIZE
        self._buf = bytearray()
        self._err: Exception | None = None

    def write(self, data: bytes | bytearray | memoryview, /) -> int:
        """Put data into the buffer, and write the buffer out when it is full; return the length of data.

        Go's Writer.Write.  Data that does not fit into an empty buffer is written directly.  Raises what
        writing raises.
        """
        with memoryview(data) as view, view.cast("B") as rest:
            total = len(rest)
            start = 0
            while total - start > self.available():
                if self._buf:
                    middle = start + self.available()
                    self._buf += rest[start:middle]
                    start = middle
                    self.flush()
                else:
                    self._write(data if isinstance(data, bytes) and not start else bytes(rest[start:]))
                    start = total
            self._check()
            self._buf += rest[start:]
            return total

    def write_string(self, text: str, /) -> int:
        """Write text as UTF-8, and return its length in bytes: Go's Writer.WriteString."""
        return self.write(text.encode())

    def write_byte(self, c: int, /) -> None:
        """Write one byte, given as a number from 0 to 255, or raise `ValueError`: Go's Writer.WriteByte."""
        self.write(bytes([c]))

    def write_rune(self, r: str, /) -> int:
        """Write one character as UTF-8, and return its length in bytes: Go's Writer.WriteRune."""
        return self.write(r.encode())

    def flush(self) -> None:
        """Write out what is in the buffer: Go's Writer.Flush.  Raises what writing raises."""
        self._check()
        if self._buf:
            data, empty = bytes(self._buf), bytearray()
            # Without a call between this and the try, after which a signal handler could raise.
            self._buf = empty
            try:
                write_all(self._wr, data)
            except Exception as err:
                self._err = err
                raise
            except BaseException:
                self._err = OSError(_INTERRUPTED)
                raise

    def available(self) -> int:
        """Return how many bytes are unused in the buffer: Go's Writer.Available."""
        return self._size - len(self._buf)

    def buffered(self) -> int:
        """Return how many bytes are in the buffer: Go's Writer.Buffered."""
        return len(self._buf)

    def size(self) -> int:
        """Return the size of the buffer in bytes: Go's Writer.Size."""
        return self._size

    def reset(self, w: _Writer, /) -> None:
        """Drop the buffer and the error, and write to w from now on: Go's Writer.Reset."""
        self._wr = w
        self._buf.clear()
        self._err = None

    def _write(self, data: bytes) -> None:
        self._check()
        try:
            write_all(self._wr, data)
        except Exception as err:
            self._err = err
            raise
        except BaseException:
            self._err = OSError(_INTERRUPTED)
            raise

    def _check(self) -> None:
        if self._err is not None:
            raise self._err.with_traceback(None)


# --- Scanner ---------------------------------------------------------------------------------------------

# Takes the data that is not scanned yet, and whether the input ends after it.  Returns the number of bytes to
# skip, and the token or None; (0, None) asks for more data.
SplitFunc: TypeAlias = Callable[[bytes, bool], tuple[int, bytes | None]]

# The white space of Unicode in UTF-8.
_SPACE = re.compile(
    rb"[\t\n\v\f\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80"
)
_SPACES = re.compile(rb"(?:" + _SPACE.pattern + rb")*")
_ERROR_RUNE = "\ufffd".encode()


def scan_lines(data: bytes, at_eof: bool, /) -> tuple[int, bytes | None]:
    r"""Split into lines, without their \n or \r\n; a Scanner's default: Go's bufio.ScanLines.

    >>> from gochan import bufio
    >>> bufio.scan_lines(b"one\r\ntwo", True), bufio.scan_lines(b"two", False)
    ((5, b'one'), (0, None))
    """
    return _line(data, 0, at_eof)


def scan_words(data: bytes, at_eof: bool, /) -> tuple[int, bytes | None]:
    """Split into words, separated by Unicode white space: Go's bufio.ScanWords.

    >>> import io as files
    >>> from gochan import bufio
    >>> scanner = bufio.new_scanner(files.BytesIO(b" now is the time "))
    >>> scanner.split(bufio.scan_words)
    >>> list(scanner)
    ['now', 'is', 'the', 'time']
    """
    return _word(data, 0, at_eof)


def scan_runes(data: bytes, at_eof: bool, /) -> tuple[int, bytes | None]:
    """Split into characters in UTF-8; a byte that is not UTF-8 is U+FFFD: Go's bufio.ScanRunes.

    >>> import io as files
    >>> from gochan import bufio
    >>> scanner = bufio.new_scanner(files.BytesIO("käse".encode()))
    >>> scanner.split(bufio.scan_runes)
    >>> list(scanner)
    ['k', 'ä', 's', 'e']
    """
    return _rune(data, 0, at_eof)


def scan_bytes(data: bytes, at_eof: bool, /) -> tuple[int, bytes | None]:
    """Split into bytes: Go's bufio.ScanBytes.

    >>> from gochan import bufio
    >>> bufio.scan_bytes(b"abc", False)
    (1, b'a')
    """
    return _byte(data, 0, at_eof)


# The same functions, from a position on: they need no copy of the remaining data for each token.


def _line(data: bytes | bytearray, start: int, at_eof: bool) -> tuple[int, bytes | None]:
    end = data.find(b"\n", start)
    advance = end + 1 - start
    if end < 0:
        if not at_eof or start == len(data):
            return 0, None
        end = len(data)
        advance = end - start
    if end > start and data[end - 1] == 13:
        end -= 1
    return advance, bytes(data[start:end])


def _word(data: bytes | bytearray, start: int, at_eof: bool) -> tuple[int, bytes | None]:
    spaces = _SPACES.match(data, start)
    assert spaces is not None
    begin = spaces.end()
    space = _SPACE.search(data, begin)
    if space is not None:
        return space.end() - start, bytes(data[begin : space.start()])
    if at_eof and begin < len(data):
        return len(data) - start, bytes(data[begin:])
    return begin - start, None


def _rune(data: bytes | bytearray, start: int, at_eof: bool) -> tuple[int, bytes | None]:
    if start == len(data):
        return 0, None
    first = data[start]
    if first < 0x80:
        return 1, bytes([first])
    if not 0xC2 <= first <= 0xF4:
        return 1, _ERROR_RUNE
    rune = bytes(data[start : start + (2 if first < 0xE0 else 3 if first < 0xF0 else 4)])
    try:
        # 0 if it is the beginning of a character.
        used = utf_8_decode(rune, "strict", at_eof)[1]
    except UnicodeDecodeError:
        return 1, _ERROR_RUNE
    return (used, rune) if used else (0, None)


def _byte(data: bytes | bytearray, start: int, at_eof: bool) -> tuple[int, bytes | None]:
    return (1, bytes(data[start : start + 1])) if start < len(data) else (0, None)


_InPlace: TypeAlias = Callable[[bytearray, int, bool], tuple[int, bytes | None]]
_IN_PLACE: dict[SplitFunc, _InPlace] = {
    scan_lines: _line,
    scan_words: _word,
    scan_runes: _rune,
    scan_bytes: _byte,
}


@final
class Scanner:
    r"""Splits input into tokens: into lines, unless `split` sets another split function.  Go's bufio.Scanner.

    `new_scanner` makes one.  Iterating over it yields each token as text and raises the error that ended the
    input.  `scan` goes to the next token, which `text` and `bytes` return; it returns False at the end, also
    after an error, which `err` returns.

    >>> import io as files
    >>> from gochan import bufio
    >>> scanner = bufio.new_scanner(files.BytesIO(b"first\nsecond\n"))
    >>> while scanner.scan():
    ...     print(scanner.text())
    first
    second
    >>> if err := scanner.err():
    ...     raise err
    """

    __slots__ = (
        "_buf",
        "_done",
        "_empties",
        "_eof",
        "_err",
        "_in_place",
        "_max",
        "_pos",
        "_r",
        "_scanned",
        "_split",
        "_token",
    )

    def __init__(self, r: _Reader, /) -> None:
        self._r = r
        self._split: SplitFunc = scan_lines
        self._in_place: _InPlace | None = _line
        self._max = MAX_SCAN_TOKEN_SIZE
        # What is not scanned yet is _buf[_pos:].
        self._buf = bytearray()
        self._pos = 0
        self._token = b""
        self._empties = 0
        self._err: Exception | None = None
        self._eof = False
        self._done = False
        self._scanned = False

    def scan(self) -> bool:
        """Go to the next token; return False at the end of the input or after an error: Go's Scanner.Scan.

        Raises `Panic` if the split function returns more than 100 empty tokens in a row without consuming
        input; also raises what the split function raises.
        """
        self._scanned = True
        if self._done:
            return False
        while True:
            if self._buf or self._eof:
                in_place = self._in_place
                if in_place is not None:
                    advance, token = in_place(self._buf, self._pos, self._eof)
                else:
                    advance, token = self._call_split()
                self._pos += advance
                if token is not None:
                    self._token = token
                    if advance > 0 or not self._eof:
                        self._empties = 0
                    else:
                        self._empties += 1
                        if self._empties > _MAX_EMPTY:
                            raise Panic("bufio.Scan: too many empty tokens without progressing")
                    return True
            if self._eof:
                return self._end()
            if self._pos:
                del self._buf[: self._pos]
                self._pos = 0
            room = self._max - len(self._buf)
            if room <= 0:
                self._err = ErrTooLong()
                return self._end()
            more = False
            try:
                more = _read_onto(self._buf, self._r, room)
            except (OSError, EOFError) as err:
                # The remaining data is split as at the end of the input.
                self._err = err
            self._empties = 0
            self._eof = not more

    def _call_split(self) -> tuple[int, bytes | None]:
        """Call a split function of the caller's."""
        advance, token = self._split(bytes(self._buf[self._pos :]), self._eof)
        if advance < 0:
            raise ValueError(f"Scanner.scan: the split function's advance {advance} is negative")
        left = len(self._buf) - self._pos
        if advance > left:
            raise ValueError(f"Scanner.scan: the split function's advance {advance} is beyond {left} bytes")
        return advance, token

    def _end(self) -> bool:
        self._done = True
        self._token = b""
        self._buf.clear()
        self._pos = 0
        return False

    def text(self) -> str:
        """Return the token as text, decoded from UTF-8; bytes that are not UTF-8 become U+FFFD.

        Go's Scanner.Text.
        """
        return self._token.decode(errors="replace")

    def bytes(self) -> bytes:
        """Return the token: Go's Scanner.Bytes."""
        return self._token

    def err(self) -> Exception | None:
        """Return the error that ended the input, or None if it ended without one: Go's Scanner.Err.

        It is an `ErrTooLong`, or what reading raised, an OSError or EOFError.
        """
        return self._err

    def buffer(self, size: int, /) -> None:
        """Set how many bytes a token with its delimiter may have: Go's Scanner.Buffer.

        The default is 65,536.  Raises `Panic` after the first `scan`, `TypeError` if size is not an int.
        """
        if self._scanned:
            raise Panic("Buffer called after Scan")
        self._max = check_int("Scanner.buffer", "size", size)

    def split(self, split: SplitFunc, /) -> None:
        """Set the split function: `scan_lines`, `scan_words`, `scan_runes`, `scan_bytes` or your own.

        A split function takes the data that is not scanned yet, and whether the input has ended after it.  It
        returns the number of bytes to skip, and the next token or None.  With (0, None) it asks for more
        data.  What it raises is raised by `scan`.  Go's Scanner.Split.

        Raises `Panic` after the first `scan`.
        """
        if self._scanned:
            raise Panic("Split called after Scan")
        self._split = split
        self._in_place = _IN_PLACE.get(split)

    def __iter__(self) -> Iterator[str]:
        """Yield each token as text, and raise the error that ended the input."""
        while self.scan():
            yield self.text()
        if self._err is not None:
            raise self._err.with_traceback(None)


# --- functions -------------------------------------------------------------------------------------------


def new_reader(r: _Reader, /) -> Reader:
    """Return a Reader with a buffer of 4096 bytes: Go's bufio.NewReader.

    >>> import io as files
    >>> from gochan import bufio
    >>> bufio.new_reader(files.BytesIO(b"key=value")).read_bytes(b"=")
    b'key='
    """
    return Reader(r)


def new_reader_size(r: _Reader, size: int, /) -> Reader:
    """Return a Reader with a buffer of size bytes, 16 at least: Go's bufio.NewReaderSize.

    Raises `TypeError` if size is not an int.

    >>> import io as files
    >>> from gochan import bufio
    >>> bufio.new_reader_size(files.BytesIO(), 65536).size()
    65536
    """
    return Reader(r, size)


def new_writer(w: _Writer, /) -> Writer:
    """Return a Writer with a buffer of 4096 bytes: Go's bufio.NewWriter.

    >>> import io as files
    >>> from gochan import bufio
    >>> w = bufio.new_writer(files.BytesIO())
    >>> w.write(b"abc"), w.buffered(), w.available()
    (3, 3, 4093)
    """
    return Writer(w)


def new_writer_size(w: _Writer, size: int, /) -> Writer:
    """Return a Writer with a buffer of size bytes, 4096 if it is 0 or less: Go's bufio.NewWriterSize.

    Raises `TypeError` if size is not an int.

    >>> import io as files
    >>> from gochan import bufio
    >>> bufio.new_writer_size(files.BytesIO(), 65536).size()
    65536
    """
    return Writer(w, size)


def new_scanner(r: _Reader, /) -> Scanner:
    r"""Return a Scanner of r, by lines: Go's bufio.NewScanner.

    >>> import io as files
    >>> from gochan import bufio
    >>> list(bufio.new_scanner(files.BytesIO(b"a\r\n\nb")))
    ['a', '', 'b']
    """
    return Scanner(r)
