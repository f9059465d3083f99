"""Go's package io.

A reader has `read(p)`, which fills the slice p and returns (n, err); a writer has `write(p)`.  The packages
of gochan.port.lib hand each other bytes by `read_chunk` and `put`, without a slice in between.
"""

from __future__ import annotations

import os
from typing import Any, Final, Protocol

from . import _stdio
from ._common import Slice, byte_slice, bytes_of, decode, encode, fill, new_error, panic
from ._errors import EOF, ErrUnexpectedEOF
from ._files import STDIN, File
from ._types import error

__all__ = [
    "EOF",
    "SEEK_CURRENT",
    "SEEK_END",
    "SEEK_START",
    "ByteReader",
    "ByteScanner",
    "ByteWriter",
    "Closer",
    "ErrClosedPipe",
    "ErrNoProgress",
    "ErrShortBuffer",
    "ErrShortWrite",
    "ErrUnexpectedEOF",
    "LimitedReader",
    "PipeReader",
    "PipeWriter",
    "ReadCloser",
    "ReadSeekCloser",
    "ReadSeeker",
    "ReadWriteCloser",
    "ReadWriteSeeker",
    "ReadWriter",
    "Reader",
    "ReaderAt",
    "ReaderFrom",
    "RuneReader",
    "RuneScanner",
    "SectionReader",
    "Seeker",
    "StringWriter",
    "WriteCloser",
    "WriteSeeker",
    "Writer",
    "WriterAt",
    "WriterTo",
    "copy",
    "copy_buffer",
    "copy_n",
    "discard",
    "limit_reader",
    "multi_reader",
    "multi_writer",
    "new_section_reader",
    "nop_closer",
    "pipe",
    "read_all",
    "read_at_least",
    "read_full",
    "tee_reader",
    "write_string",
]

SEEK_START: Final = 0
SEEK_CURRENT: Final = 1
SEEK_END: Final = 2
ErrShortWrite: Final = new_error("short write")
ErrShortBuffer: Final = new_error("short buffer")
ErrNoProgress: Final = new_error("multiple Read calls return no data or error")
ErrClosedPipe: Final = new_error("io: read/write on closed pipe")
_ErrInvalidWrite: Final = new_error("invalid write result")
_SIZE: Final = 32 * 1024


class Reader(Protocol):
    def read(self, p: Any, /) -> tuple[int, error]: ...


class Writer(Protocol):
    def write(self, p: Any, /) -> tuple[int, error]: ...


class Closer(Protocol):
    def close(self) -> error: ...


class Seeker(Protocol):
    def seek(self, offset: int, whence: int, /) -> tuple[int, error]: ...


class ReadWriter(Reader, Writer, Protocol): ...


class ReadCloser(Reader, Closer, Protocol): ...


class WriteCloser(Writer, Closer, Protocol): ...


class ReadWriteCloser(Reader, Writer, Closer, Protocol): ...


class ReadSeeker(Reader, Seeker, Protocol): ...


class WriteSeeker(Writer, Seeker, Protocol): ...


class ReadSeekCloser(Reader, Seeker, Closer, Protocol): ...


class ReadWriteSeeker(Reader, Writer, Seeker, Protocol): ...


class WriterAt(Protocol):
    def write_at(self, p: Any, off: int, /) -> tuple[int, error]: ...


class ReaderAt(Protocol):
    def read_at(self, p: Any, off: int, /) -> tuple[int, error]: ...


class ReaderFrom(Protocol):
    def read_from(self, r: Any, /) -> tuple[int, error]: ...


class WriterTo(Protocol):
    def write_to(self, w: Any, /) -> tuple[int, error]: ...


class ByteReader(Protocol):
    def read_byte(self) -> tuple[int, error]: ...


class ByteScanner(ByteReader, Protocol):
    def unread_byte(self) -> error: ...


class ByteWriter(Protocol):
    def write_byte(self, c: int, /) -> error: ...


class RuneReader(Protocol):
    def read_rune(self) -> tuple[int, int, error]: ...


class RuneScanner(RuneReader, Protocol):
    def unread_rune(self) -> error: ...


class StringWriter(Protocol):
    def write_string(self, s: str, /) -> tuple[int, error]: ...


# --- bytes without a slice --------------------------------------------------------------------------------


def read_chunk(r: Any, n: int) -> tuple[bytes, error]:
    """Read at most n bytes; return them and the error."""
    read = getattr(r, "_read", None)
    if read is not None:
        return read(n)  # type: ignore[no-any-return]
    if r is STDIN:
        data = _stdio.stdin.read(n)
        return data, None if data else EOF
    if r.__class__ is File:
        data, err = r._call("read", os.read, n)
        if err is not None:
            return b"", err
        return data, None if data else EOF
    p = byte_slice(bytes(n))
    got, err = r.read(p)
    return bytes(p[:got]), err


def put(w: Any, data: bytes) -> tuple[int, error]:
    """Write bytes; return how many, and the error."""
    write = getattr(w, "_write", None)
    if write is not None:
        return write(data)  # type: ignore[no-any-return]
    if isinstance(w, File):
        return w.write_string(decode(data))
    return w.write(byte_slice(data))  # type: ignore[no-any-return]


# --- functions --------------------------------------------------------------------------------------------


def write_string(w: Any, s: str) -> tuple[int, error]:
    write = getattr(w, "write_string", None)
    if write is not None:
        return write(s)  # type: ignore[no-any-return]
    return put(w, encode(s))


def read_all(r: Any) -> tuple[Slice[int], error]:
    data = bytearray()
    while True:
        part, err = read_chunk(r, 512)
        data += part
        if err is not None:
            return byte_slice(data), None if err is EOF else err


def read_at_least(r: Any, buf: Any, min: int) -> tuple[int, error]:
    if len(buf) < min:
        return 0, ErrShortBuffer
    n = 0
    err = None
    while n < min and err is None:
        got, err = r.read(buf[n:])
        n += got
    if n >= min:
        err = None
    elif n > 0 and err is EOF:
        err = ErrUnexpectedEOF
    return n, err


def read_full(r: Any, buf: Any) -> tuple[int, error]:
    return read_at_least(r, buf, len(buf))


def copy(dst: Any, src: Any) -> tuple[int, error]:
    return _copy(dst, src, _SIZE)


def copy_buffer(dst: Any, src: Any, buf: Any) -> tuple[int, error]:
    if buf is not None and not (isinstance(buf, Slice) and buf.is_nil) and len(buf) == 0:
        panic("empty buffer in CopyBuffer")
    return _copy(dst, src, len(buf) if buf else _SIZE)


def _copy(dst: Any, src: Any, size: int) -> tuple[int, error]:
    if hasattr(src, "write_to"):
        return src.write_to(dst)  # type: ignore[no-any-return]
    if hasattr(dst, "read_from"):
        return dst.read_from(src)  # type: ignore[no-any-return]
    if isinstance(src, LimitedReader) and src.n < size:
        size = src.n if src.n >= 1 else 1
    written = 0
    while True:
        data, err = read_chunk(src, size)
        if data:
            n, failure = put(dst, data)
            if not 0 <= n <= len(data):
                n = 0
                failure = failure or _ErrInvalidWrite
            written += n
            if failure is not None:
                return written, failure
            if n != len(data):
                return written, ErrShortWrite
        if err is not None:
            return written, None if err is EOF else err


def copy_n(dst: Any, src: Any, n: int) -> tuple[int, error]:
    written, err = copy(dst, limit_reader(src, n))
    if written == n:
        return n, None
    return written, EOF if written < n and err is None else err


class LimitedReader:
    """Go's io.LimitedReader."""

    __slots__ = ("n", "r")

    def __init__(self, r: Any = None, n: int = 0) -> None:
        self.r = r
        self.n = n

    def read(self, p: Any) -> tuple[int, error]:
        data, err = self._read(len(p))
        return fill(p, data), err

    def _read(self, n: int) -> tuple[bytes, error]:
        if self.n <= 0:
            return b"", EOF
        data, err = read_chunk(self.r, min(n, self.n))
        self.n -= len(data)
        return data, err


def limit_reader(r: Any, n: int) -> LimitedReader:
    return LimitedReader(r, n)


class SectionReader:
    """Go's io.SectionReader."""

    def __init__(self, r: Any, off: int, n: int) -> None:
        self._r = r
        self._base = self._at = off
        self._limit = off + n

    def read(self, p: Any) -> tuple[int, error]:
        if self._at >= self._limit:
            return 0, EOF
        n, err = self._r.read_at(p[: min(len(p), self._limit - self._at)], self._at)
        self._at += n
        return n, err

    def read_at(self, p: Any, off: int) -> tuple[int, error]:
        if not 0 <= off < self.size():
            return 0, EOF
        off += self._base
        room = self._limit - off
        if len(p) <= room:
            return self._r.read_at(p, off)  # type: ignore[no-any-return]
        n, err = self._r.read_at(p[:room], off)
        return n, EOF if err is None else err

    def seek(self, offset: int, whence: int) -> tuple[int, error]:
        if whence not in (0, 1, 2):
            return 0, new_error("Seek: invalid whence")
        at = offset + (self._base, self._at, self._limit)[whence]
        if at < self._base:
            return 0, new_error("Seek: invalid offset")
        self._at = at
        return at - self._base, None

    def size(self) -> int:
        return self._limit - self._base


def new_section_reader(r: Any, off: int, n: int) -> SectionReader:
    return SectionReader(r, off, n)


class _MultiReader:
    def __init__(self, readers: list[Any]) -> None:
        self._readers = readers

    def read(self, p: Any) -> tuple[int, error]:
        data, err = self._read(len(p))
        return fill(p, data), err

    def _read(self, n: int) -> tuple[bytes, error]:
        while self._readers:
            data, err = read_chunk(self._readers[0], n)
            if err is EOF:
                del self._readers[0]
            if data or err is not EOF:
                return data, None if err is EOF and self._readers else err
        return b"", EOF


def multi_reader(*readers: Any) -> Reader:
    return _MultiReader(list(readers))


class _MultiWriter:
    def __init__(self, writers: list[Any]) -> None:
        self._writers = writers

    def write(self, p: Any) -> tuple[int, error]:
        return self._write(bytes_of(p))

    def write_string(self, s: str) -> tuple[int, error]:
        return self._write(encode(s))

    def _write(self, data: bytes) -> tuple[int, error]:
        for w in self._writers:
            n, err = put(w, data)
            if err is not None:
                return n, err
            if n != len(data):
                return n, ErrShortWrite
        return len(data), None


def multi_writer(*writers: Any) -> Writer:
    return _MultiWriter(list(writers))


class _TeeReader:
    def __init__(self, r: Any, w: Any) -> None:
        self._r = r
        self._w = w

    def read(self, p: Any) -> tuple[int, error]:
        data, err = self._read(len(p))
        return fill(p, data), err

    def _read(self, n: int) -> tuple[bytes, error]:
        data, err = read_chunk(self._r, n)
        if data:
            _, failure = put(self._w, data)
            if failure is not None:
                return data, failure
        return data, err


def tee_reader(r: Any, w: Any) -> Reader:
    return _TeeReader(r, w)


class _NopCloser:
    def __init__(self, r: Any) -> None:
        self.reader = r
        self.read = r.read

    def close(self) -> None:
        return None


def nop_closer(r: Any) -> ReadCloser:
    return _NopCloser(r)


class _Discard:
    def write(self, p: Any) -> tuple[int, None]:
        return len(p), None

    def write_string(self, s: str) -> tuple[int, None]:
        return len(encode(s)), None

    def _write(self, data: bytes) -> tuple[int, None]:
        return len(data), None


discard: Final = _Discard()

# --- pipes ------------------------------------------------------------------------------------------------


class _Pipe:
    """What both ends share: a writer hands its bytes to readers, and waits until they took all."""

    def __init__(self) -> None:
        from gochan import Chan
        from gochan.sync import Mutex

        self.data: Any = Chan()
        self.taken: Any = Chan()
        self.writing = Mutex()
        self.done: Any = Chan()
        self.read_err: error = None
        self.write_err: error = None
        self.closed = False

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.done.close()

    def why_read(self) -> error:
        """Return what a read gets after the pipe is closed."""
        if self.write_err is not None and self.read_err is None:
            return self.write_err
        return ErrClosedPipe

    def why_write(self) -> error:
        if self.write_err is None and self.read_err is not None:
            return self.read_err
        return ErrClosedPipe


class PipeReader:
    """Go's io.PipeReader."""

    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe

    def read(self, p: Any) -> tuple[int, error]:
        data, err = self._read(len(p))
        return fill(p, data), err

    def _read(self, n: int) -> tuple[bytes, error]:
        from gochan import recv, select

        pipe = self._pipe
        if pipe.closed:
            return b"", pipe.why_read()
        chosen = select(recv(pipe.data), recv(pipe.done))
        if chosen[0] == 1:
            return b"", pipe.why_read()
        data: bytes = chosen[1]
        part = data[:n]
        pipe.taken.send(len(part))
        return part, None

    def close(self) -> error:
        return self.close_with_error(None)

    def close_with_error(self, err: error) -> error:
        pipe = self._pipe
        if pipe.read_err is None:
            pipe.read_err = ErrClosedPipe if err is None else err
        pipe.close()
        return None


class PipeWriter:
    """Go's io.PipeWriter."""

    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe

    def write(self, p: Any) -> tuple[int, error]:
        return self._write(bytes_of(p))

    def _write(self, data: bytes) -> tuple[int, error]:
        from gochan import recv, select, send

        pipe = self._pipe
        if pipe.closed:
            return 0, pipe.why_write()
        n = 0
        with pipe.writing:
            once = True
            while once or data:
                once = False
                if select(send(pipe.data, data), recv(pipe.done))[0] == 1:
                    return n, pipe.why_write()
                took = pipe.taken.recv()
                data = data[took:]
                n += took
        return n, None

    def close(self) -> error:
        return self.close_with_error(None)

    def close_with_error(self, err: error) -> error:
        pipe = self._pipe
        if pipe.write_err is None:
            pipe.write_err = EOF if err is None else err
        pipe.close()
        return None


def pipe() -> tuple[PipeReader, PipeWriter]:
    shared = _Pipe()
    return PipeReader(shared), PipeWriter(shared)
