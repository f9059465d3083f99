"""Go's package log."""

from __future__ import annotations

import sys
from typing import Any, Final, NoReturn

from . import fmt, os, time
from ._common import encode
from ._common import panic as _panic
from ._types import error
from .io import put

__all__ = [
    "LDATE",
    "LLONGFILE",
    "LMICROSECONDS",
    "LMSGPREFIX",
    "LSHORTFILE",
    "LSTD_FLAGS",
    "LTIME",
    "LUTC",
    "Logger",
    "default",
    "fatal",
    "fatalf",
    "fatalln",
    "flags",
    "new",
    "output",
    "panic",
    "panicf",
    "panicln",
    "prefix",
    "print",
    "printf",
    "println",
    "set_flags",
    "set_output",
    "set_prefix",
    "writer",
]

LDATE: Final = 1
LTIME: Final = 2
LMICROSECONDS: Final = 4
LLONGFILE: Final = 8
LSHORTFILE: Final = 16
LUTC: Final = 32
LMSGPREFIX: Final = 64
LSTD_FLAGS: Final = LDATE | LTIME


class Logger:
    """Go's log.Logger."""

    __slots__ = ("_flags", "_out", "_prefix")

    def __init__(self, out: Any = None, prefix: str = "", flag: int = 0) -> None:
        self._out = out
        self._prefix = prefix
        self._flags = flag

    def _header(self, depth: int) -> str:
        flags = self._flags
        head = "" if flags & LMSGPREFIX else self._prefix
        if flags & (LDATE | LTIME | LMICROSECONDS):
            now = time.now().utc() if flags & LUTC else time.now()
            if flags & LDATE:
                head += now.format("2006/01/02 ")
            if flags & (LTIME | LMICROSECONDS):
                head += now.format("15:04:05.000000 " if flags & LMICROSECONDS else "15:04:05 ")
        if flags & (LSHORTFILE | LLONGFILE):
            frame = sys._getframe(depth)
            file = frame.f_code.co_filename
            if flags & LSHORTFILE:
                file = file.rpartition("/")[2]
            head += f"{file}:{frame.f_lineno}: "
        return head + self._prefix if flags & LMSGPREFIX else head

    def _output(self, text: str, depth: int = 2) -> error:
        line = self._header(depth + 1) + text
        return put(self._out, encode(line if line.endswith("\n") else line + "\n"))[1]

    def output(self, calldepth: int, s: str) -> error:
        return self._output(s, calldepth + 1)

    def print(self, *v: Any) -> None:
        self._output(fmt.sprint(*v))

    def printf(self, format: str, *v: Any) -> None:
        self._output(fmt.sprintf(format, *v))

    def println(self, *v: Any) -> None:
        self._output(fmt.sprintln(*v))

    def fatal(self, *v: Any) -> NoReturn:
        self._output(fmt.sprint(*v))
        os.exit(1)

    def fatalf(self, format: str, *v: Any) -> NoReturn:
        self._output(fmt.sprintf(format, *v))
        os.exit(1)

    def fatalln(self, *v: Any) -> NoReturn:
        self._output(fmt.sprintln(*v))
        os.exit(1)

    def panic(self, *v: Any) -> NoReturn:
        text = fmt.sprint(*v)
        self._output(text)
        _panic(text)

    def panicf(self, format: str, *v: Any) -> NoReturn:
        text = fmt.sprintf(format, *v)
        self._output(text)
        _panic(text)

    def panicln(self, *v: Any) -> NoReturn:
        text = fmt.sprintln(*v)
        self._output(text)
        _panic(text)

    def flags(self) -> int:
        return self._flags

    def set_flags(self, flag: int) -> None:
        self._flags = flag

    def prefix(self) -> str:
        return self._prefix

    def set_prefix(self, prefix: str) -> None:
        self._prefix = prefix

    def writer(self) -> Any:
        return self._out

    def set_output(self, w: Any) -> None:
        self._out = w


def new(out: Any, prefix: str, flag: int) -> Logger:
    return Logger(out, prefix, flag)


_std = Logger(os.stderr, "", LSTD_FLAGS)


def default() -> Logger:
    return _std


output = _std.output
print = _std.print
printf = _std.printf
println = _std.println
fatal = _std.fatal
fatalf = _std.fatalf
fatalln = _std.fatalln
panic = _std.panic
panicf = _std.panicf
panicln = _std.panicln
flags = _std.flags
set_flags = _std.set_flags
prefix = _std.prefix
set_prefix = _std.set_prefix
writer = _std.writer
set_output = _std.set_output
