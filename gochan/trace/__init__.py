"""Recordings of what goroutines do: Go's package runtime/trace.

A recording contains when each goroutine ran, what it waited for and where, and which goroutine woke which.
It is a file in Chrome's Trace Event Format, which Perfetto (ui.perfetto.dev), chrome://tracing and speedscope
open; `python -m gochan trace view` makes a page of it.

To record an unchanged program, run it with `GOCHAN_TRACE=run.json python prog.py`; with
`GOCHAN_TRACE=run.json,ring=100000` the file has the last 100,000 events.  The variable does not apply to
processes that the program starts.  In a program, use `record`, or `start` and `stop`.

The file is written when the recording stops, and also when an exception, a deadlock, Ctrl-C or SIGQUIT ends
the program.  If the program is killed, or calls os._exit, the file stays empty.

A recording is of the whole process.  In the file, each call of `run` is a process of its own, and so is each
synctest bubble, whose times are virtual.

>>> import json, os, tempfile
>>> from gochan import Chan, go, run, trace
>>> def main() -> None:
...     jobs = trace.name(Chan[int](), "jobs")
...     go(jobs.send, 1)
...     jobs.recv()
>>> path = os.path.join(tempfile.mkdtemp(), "run.json")
>>> with trace.record(path):
...     run(main)
>>> with open(path) as file:
...     events = json.load(file)["traceEvents"]
>>> [event["args"]["object"] for event in events if event.get("cat") == "wait"]
['chan jobs']
"""

from __future__ import annotations

import os
from types import TracebackType
from typing import final

from .._engine.tracing import describe
from ._annotations import Region, Task, log, name, new_task, start_region, with_region
from ._recorder import check_arguments, is_enabled, start, stop, stop_with

__all__ = [
    "Region",
    "Task",
    "is_enabled",
    "log",
    "name",
    "new_task",
    "record",
    "start",
    "start_region",
    "stop",
    "with_region",
]


@final
class record:  # noqa: N801  # it is called like a function
    """Record what goroutines do in a `with` block, into the file `path`.

    Calls `start` with these arguments at the beginning of the block, and `stop` at its end, however it ends.
    Raises what `start` raises; the types of the arguments are checked at once.

    >>> from gochan import run, trace
    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "run.json")
    >>> with trace.record(path):
    ...     run(lambda: None)
    >>> os.path.exists(path)
    True
    """

    __slots__ = ("_path", "_ring", "_values")

    def __init__(self, path: str | os.PathLike[str], *, ring: int = 0, values: bool = False) -> None:
        check_arguments("trace.record", path, ring, values)
        self._path = path
        self._ring = ring
        self._values = values

    def __enter__(self) -> None:
        """Start the recording."""
        start(self._path, ring=self._ring, values=self._values)

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None, /
    ) -> None:
        """Stop the recording."""
        stop_with("" if exc is None else describe(exc))


# Users know them by these names, not by the modules that define them.
for _name in __all__:
    globals()[_name].__module__ = __name__
