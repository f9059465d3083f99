"""Copying from readers to writers: Go's package io.

A `Reader` is anything with a method `read(n)`, a `Writer` anything with `write(data)`, for bytes: a
connection of `gochan.net` or `gochan.tls`, a buffer of `gochan.bufio`, a binary file of Python's.

- At the end of the input, `read` returns b"", as Python's files do.  There is no io.EOF: functions that need
  more bytes than there are raise `EOFError`, or its subclass `ErrUnexpectedEOF`.
- A file on disk blocks all goroutines while the system reads it, as it does everywhere in Python.

>>> import io as files
>>> from gochan import io
>>> target = files.BytesIO()
>>> io.copy(target, files.BytesIO(b"hello"))
5
>>> target.getvalue()
b'hello'
"""

from __future__ import annotations

from io import RawIOBase
from typing import Any, Final, Protocol, final

from ._engine.arguments import check_int

__all__ = [
    "DISCARD",
    "ErrShortWrite",
    "ErrUnexpectedEOF",
    "Reader",
    "Writer",
    "copy",
    "copy_buffer",
    "copy_n",
    "limit_reader",
    "read_all",
    "read_at_least",
    "read_full",
]

# How many bytes are read at a time.
_SIZE = 65536
NON_BLOCKING = "io: the file is non-blocking and not ready; wait by net.wait_readable or net.wait_writable"


class Reader(Protocol):
    """An object to read bytes from: Go's io.Reader.

    >>> from gochan import io, net
    >>> def size(r: io.Reader) -> int:
    ...     return len(io.read_all(r))
    >>> import io as files
    >>> size(files.BytesIO(b"abc"))
    3
    """

    def read(self, n: int, /) -> bytes | None:
        """Read at most n bytes, waiting for the first; return b"" at the end: Go's Reader.Read."""


class Writer(Protocol):
    """An object to write bytes to: Go's io.Writer.

    >>> from gochan import io
    >>> def greet(w: io.Writer) -> None:
    ...     w.write(b"hello")
    >>> import io as files
    >>> target = files.BytesIO()
    >>> greet(target)
    >>> target.getvalue()
    b'hello'
    """

    def write(self, data: bytes, /) -> object:
        """Write data: Go's Writer.Write.

        Returns the number of bytes written, or None if all of data was written.  If the number is less than
        len(data), as with Python's raw files, gochan writes the rest with another call.
        """


class ErrUnexpectedEOF(EOFError):
    """The input ended in the middle of what was to be read: Go's io.ErrUnexpectedEOF.

    `partial` contains the bytes that were read, if the function returns bytes.

    >>> import io as files
    >>> from gochan import io
    >>> try:
    ...     io.read_full(files.BytesIO(b"abc"), 4)
    ... except io.ErrUnexpectedEOF as err:
    ...     print(err, err.partial)
    unexpected EOF b'abc'
    """

    partial: bytes = b""

    def __init__(self, *args: object) -> None:
        super().__init__(*(args or ("unexpected EOF",)))


class ErrShortWrite(OSError):
    """A writer took none of the data, and raised no error: Go's io.ErrShortWrite.

    >>> from gochan import io
    >>> print(io.ErrShortWrite())
    short write
    """

    def __init__(self) -> None:
        super().__init__("short write")


@final
class _Discard:
    def write(self, data: bytes, /) -> int:
        return len(data)

    def __repr__(self) -> str:
        return "io.DISCARD"


DISCARD: Final = _Discard()


def copy(dst: Writer, src: Reader, /) -> int:
    """Read src to its end, write all of it to dst, and return the number of bytes: Go's io.Copy.

    At most 64 KiB are in memory at a time.  Raises what reading and writing raise; data that was read before
    is still written.

    >>> from gochan import go, io, net, run
    >>> def main() -> None:
    ...     with net.listen("tcp", "127.0.0.1:0") as listener:
    ...         go(echo, listener)
    ...         with net.dial("tcp", str(listener.addr())) as conn:
    ...             conn.write(b"hello")
    ...             conn.close_write()
    ...             print(io.read_all(conn))
    >>> def echo(listener: net.Listener) -> None:
    ...     with listener.accept() as conn:
    ...         io.copy(conn, conn)
    >>> run(main)
    b'hello'
    """
    return copy_buffer(dst, src, _SIZE)


def copy_buffer(dst: Writer, src: Reader, size: int, /) -> int:
    """Copy as `copy` does, and read at most size bytes at a time: Go's io.CopyBuffer.

    Raises `TypeError` if size is not an int, `ValueError` if it is less than 1.

    >>> import io as files
    >>> from gochan import io
    >>> io.copy_buffer(io.DISCARD, files.BytesIO(bytes(1000)), 100)
    1000
    """
    size = check_int("io.copy_buffer", "size", size, 1)
    copied = 0
    while data := read_some(src, size):
        write_all(dst, data)
        copied += len(data)
    return copied


def copy_n(dst: Writer, src: Reader, n: int, /) -> int:
    """Copy n bytes from src to dst, and return n: Go's io.CopyN.

    Never reads more than n bytes.  If src ends earlier, copies what there is and raises `EOFError`.  Raises
    `TypeError` if n is not an int.

    >>> import io as files
    >>> from gochan import io
    >>> source, target = files.BytesIO(b"headbody"), files.BytesIO()
    >>> io.copy_n(target, source, 4)
    4
    >>> target.getvalue(), source.read()
    (b'head', b'body')
    """
    n = check_int("io.copy_n", "number of bytes", n)
    if copy(dst, limit_reader(src, n)) < n:
        raise EOFError("EOF")
    return max(0, n)


def read_all(r: Reader, /) -> bytes:
    """Read r to its end, and return all of it: Go's io.ReadAll.

    Raises what reading raises.  Use `limit_reader` for input that you do not trust.

    >>> import io as files
    >>> from gochan import io
    >>> io.read_all(files.BytesIO(b"to the end"))
    b'to the end'
    """
    parts = []
    while data := read_some(r, _SIZE):
        parts.append(data)
    return b"".join(parts)


def read_full(r: Reader, n: int, /) -> bytes:
    """Read exactly n bytes, and return them: Go's io.ReadFull.

    Raises `EOFError` if r ends before the first byte, and `ErrUnexpectedEOF`, whose `partial` contains the
    bytes that were read, if it ends later.

    >>> import io as files
    >>> from gochan import io
    >>> r = files.BytesIO(b"0005hello")
    >>> io.read_full(r, int(io.read_full(r, 4)))
    b'hello'
    """
    return read_at_least(r, n, n)


def read_at_least(r: Reader, n: int, least: int, /) -> bytes:
    """Read until there are at least `least` bytes, at most n, and return them: Go's io.ReadAtLeast.

    Raises what `read_full` raises, and `ValueError` if n is less than `least`.

    >>> import io as files
    >>> from gochan import io
    >>> io.read_at_least(files.BytesIO(b"hello"), 100, 2)
    b'hello'
    """
    if n < least:
        raise ValueError(f"io.read_at_least: short buffer: got n={n}, want {least} or more")
    if least <= 0:
        return b""
    data = read_some(r, n)
    if len(data) >= least:
        return data
    parts = bytearray(data)
    while len(parts) < least:
        data = data and read_some(r, n - len(parts))
        if not data:
            if not parts:
                raise EOFError("EOF")
            err = ErrUnexpectedEOF()
            err.partial = bytes(parts)
            raise err
        parts += data
    return bytes(parts)


def limit_reader(r: Reader, n: int, /) -> Reader:
    """Return a reader of r that ends after the next n bytes: Go's io.LimitReader.

    Raises `TypeError` if n is not an int.

    >>> import io as files
    >>> from gochan import io
    >>> io.read_all(io.limit_reader(files.BytesIO(b"a long story"), 6))
    b'a long'
    """
    return _LimitedReader(r, check_int("io.limit_reader", "number of bytes", n))


@final
class _LimitedReader:
    __slots__ = ("_left", "_r")

    def __init__(self, r: Reader, n: int) -> None:
        self._r = r
        self._left = n

    def read(self, n: int = _SIZE, /) -> bytes:
        if self._left <= 0:
            return b""
        data = read_some(self._r, min(n, self._left) if n >= 0 else self._left)
        self._left -= len(data)
        return data


def read_some(r: Reader, n: int) -> bytes:
    """Read at most n bytes; raise `BlockingIOError` if a raw file in non-blocking mode has none."""
    data = r.read(n)
    if data is None:
        raise BlockingIOError(NON_BLOCKING)
    return data


def write_all(w: Writer, data: bytes) -> None:
    """Write all of data, by several calls where a raw file takes a part of it.

    Raises `BlockingIOError` if a raw file in non-blocking mode takes nothing, `ErrShortWrite` if w returns an
    impossible number of bytes.
    """
    n: Any = w.write(data)
    while n != len(data):
        if n is None:
            if isinstance(w, RawIOBase):
                raise BlockingIOError(NON_BLOCKING)
            return
        if not 0 < n < len(data):
            raise ErrShortWrite
        data = data[n:]
        n = w.write(data)
