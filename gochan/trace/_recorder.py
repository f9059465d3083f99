"""Recordings: they begin, stop, and are written."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import tempfile
from _thread import RLock
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, BinaryIO, Final, TextIO

from .._engine import events, tracing
from .._engine.impl import trace_event, trace_start, trace_stop, trace_threads
from .._engine.tracing import describe
from ._chrome import Record, Writer

_LAYOUT: Final = events.layout()

# How many events the engine collects before it writes them to the temporary file.
BLOCK: Final = 16_384
# How many events a ring may have: 48 bytes each.
LARGEST_RING: Final = 1 << 26
# How many different texts a ring keeps, of regions, tasks, logs and values.
_TEXTS: Final = 65_536
# The repr of an int takes long if it has many more bits, and raises if it has 4,300 digits.
_MOST_BITS: Final = 1_000
# Types whose repr runs no code of the user's.
_SIMPLE: Final = frozenset({bool, bytes, float, int, str, type(None)})

_lock: Final = RLock()
# The names that trace.name has given, by the object's number.
names: Final[dict[int, str]] = {}


class Recording:
    """A recording that is under way."""

    # Writes the file.
    writer = Writer

    def __init__(self, path: str, ring: int, values: bool) -> None:
        self.path = os.path.abspath(path)
        self.ring = ring
        self.values = values
        self.end = ""
        self.directory = os.getcwd()
        self.started = datetime.now().astimezone()
        self.regions = False
        # The pytest plugin's recording, which gives way to one that the test starts itself.
        self.yields = False
        self._texts: dict[str, int] = {}
        self._text_count = 0
        self._threads: list[str] = []
        # Opened now, so that a wrong path is reported by `start`.
        self._file: TextIO = open(path, "w", encoding="utf-8")  # noqa: SIM115  # `write` closes it
        self._spool: BinaryIO | None = None
        self.base = 0

    def begin(self) -> None:
        """Begin to record."""
        if not self.ring:
            self._spool = tempfile.TemporaryFile()  # noqa: SIM115  # `close` closes it
        # An exception, such as a signal handler's, may have kept the last one from being stopped.
        with suppress(RuntimeError):
            trace_stop()
        fd = -1 if self._spool is None else self._spool.fileno()
        self.base = trace_start(fd, self.ring or BLOCK, self.values)
        gc.callbacks.append(self._collected)

    def close(self) -> None:
        """Close the files."""
        try:
            if self._spool is not None:
                self._spool.close()
        finally:
            self._file.close()

    def text(self, text: str) -> int:
        """Keep a text; return its number."""
        found = self._texts.get(text)
        if found is not None:
            return found
        self._text_count = number = self._text_count + 1
        self._texts[text] = number
        if self.ring and len(self._texts) > _TEXTS:
            # The oldest.
            del self._texts[next(iter(self._texts))]
        return number

    def value(self, value: object) -> int:
        """Keep the text of a value that is sent or received; return its number."""
        from reprlib import Repr

        shorten = Repr()
        shorten.maxstring = shorten.maxother = 100
        if type(value) is int and value.bit_length() > _MOST_BITS:
            return self.text(f"<int of {value.bit_length():,} bits>")
        if type(value) in _SIMPLE:
            # Their repr does not fail: an exception is a signal handler's.
            return self.text(shorten.repr(value))
        try:
            return self.text(shorten.repr(value))
        except Exception:
            return self.text(f"<{type(value).__qualname__}>")

    def name_threads(self) -> None:
        """Look up the names of threads that have been recorded for the first time."""
        idents = trace_threads()
        threading = sys.modules.get("threading")
        active = {} if threading is None else threading._active
        for ident in idents[len(self._threads) :]:
            thread = active.get(ident)
            self._threads.append(str(ident) if thread is None else thread.name)

    def _collected(self, phase: str, info: dict[str, Any]) -> None:
        """Record a collection by the garbage collector: in gc.callbacks."""
        trace_event(events.GC if phase == "start" else events.GC_END, 0, info.get("generation", 0), 0)

    def forget(self) -> None:
        """Drop the recording without writing it: in a forked child, and if `begin` has raised."""
        if self._collected in gc.callbacks:
            gc.callbacks.remove(self._collected)
        with suppress(RuntimeError):
            trace_stop()
        self.close()

    def quit(self) -> None:
        """Stop the recording, and write it: the process is about to end without `atexit`."""
        if not self.yields:
            stop_with("SIGQUIT")

    def write(self) -> None:
        """Stop, and write what was recorded."""
        if self._collected in gc.callbacks:
            gc.callbacks.remove(self._collected)
        self.name_threads()
        until, ring, lost, failure, held = trace_stop()
        try:
            if self.ring:
                self._convert(_Ring(ring), until, lost, held)
            else:
                assert self._spool is not None
                self._convert(_Spool(self._spool), until, lost, held)
            self._file.flush()
            # Another process may have written more into the file.  A pipe has no length.
            with suppress(OSError):
                self._file.truncate()
        except OSError as error:
            raise OSError(error.errno, f"trace: can't write {self.path}: {error.strerror}") from None
        finally:
            # What could not be flushed raises again.
            with suppress(OSError):
                self.close()
        if failure:
            raise OSError(failure, f"trace: events are missing in {self.path}: {os.strerror(failure)}")

    def _convert(self, records: Iterable[Record], until: int, lost: int, held: list[Any]) -> None:
        program = os.path.basename(sys.argv[0] if sys.argv and sys.argv[0] else "") or "python"
        out = self._file
        texts = {number: text for text, number in self._texts.items()}
        out.write('{"traceEvents": [\n')
        writer = self.writer(
            out.write, program, self.base, until, held, texts, self._threads, names, self.directory
        )
        if self.regions:
            writer.find_regions(records)
        writer.feed(records, lost > 0)
        writer.finish()
        other = {
            "gochan": _version(),
            "format": 1,
            "clock": "virtual" if writer.is_virtual() else "monotonic",
            "program": program,
            "started": self.started.isoformat(timespec="milliseconds"),
            "end": self.end or "done",
            "lost": lost,
        }
        from json import dumps

        out.write(f'\n], "displayTimeUnit": "ns", "otherData": {dumps(other)}}}\n')


class _Ring:
    """The records of a ring; they can be read more than once."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __iter__(self) -> Iterator[Record]:
        return _LAYOUT.iter_unpack(self._data)


class _Spool:
    """The records in a temporary file; they can be read more than once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[Record]:
        size = _LAYOUT.size
        self._file.seek(0)
        while data := self._file.read(BLOCK * size):
            yield from _LAYOUT.iter_unpack(data[: len(data) // size * size])


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("gochan-csp")
    except PackageNotFoundError:
        return "unknown"


def start(path: str | os.PathLike[str], *, ring: int = 0, values: bool = False) -> None:
    """Begin to record what goroutines do, into the file `path`: Go's trace.Start.

    The file is written by `stop`, or when the process exits, in Chrome's Trace Event Format, which Perfetto
    (ui.perfetto.dev), chrome://tracing and speedscope open.  Until then the events are in a temporary file,
    48 bytes each.  With `ring=n`, for a program that runs for a long time, the last n events are kept in
    memory instead, and earlier events are lost.  With `values=True` the values that are sent and received are
    recorded, too, each as its repr, shortened.

    A forked child does not record.

    Raises `RuntimeError` if a recording is under way, `TypeError` if an argument is of a wrong type,
    `ValueError` if ring is below 0 or above 67,108,864, `OSError` if the file cannot be written.

    >>> import os, tempfile
    >>> from gochan import run, trace
    >>> path = os.path.join(tempfile.mkdtemp(), "run.json")
    >>> trace.start(path)
    >>> run(lambda: None)
    >>> trace.stop()
    >>> os.path.exists(path)
    True
    """
    check_arguments("trace.start", path, ring, values)
    with _lock:
        if tracing.recorder is not None and tracing.recorder.yields:
            discard()
        if tracing.recorder is not None:
            raise RuntimeError(
                f"trace.start: tracing is already enabled, into {tracing.recorder.path}; "
                "call trace.stop first"
            )
        tracing.recorder = recording = Recording(os.fspath(path), ring, values)
        try:
            recording.begin()
        except BaseException:
            tracing.recorder = None
            recording.forget()
            raise


def check_arguments(call: str, path: object, ring: object, values: object) -> None:
    """Raise for arguments that `start` does not take."""
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(
            f"{call}: {path!r} is not a path; give the name of the file to write: {call}('run.json')"
        )
    if type(ring) is not int:
        raise TypeError(f"{call}: ring={ring!r} is not a number of events; give an int, or 0 for no ring")
    if not 0 <= ring <= LARGEST_RING:
        raise ValueError(f"{call}: ring={ring}: give 1 to {LARGEST_RING:,} events, or 0 for no ring")
    if type(values) is not bool:
        raise TypeError(f"{call}: values={values!r} is not a bool; give True to record values")


def stop() -> None:
    """Stop the recording, and write it: Go's trace.Stop.  Does nothing if none is under way.

    Writing takes a few microseconds per event; no goroutine runs in that time.

    Raises `OSError` if the file cannot be written.

    >>> from gochan import trace
    >>> trace.stop()
    """
    if is_enabled():
        stop_with("")


def discard() -> None:
    """Stop the recording without writing it, and remove its file.  Does nothing if none is under way."""
    with _lock:
        recording, tracing.recorder = tracing.recorder, None
        if recording is None:
            return
        trace_stop()
        recording.forget()
        with suppress(OSError):
            os.unlink(recording.path)


def stop_with(end: str) -> None:
    """Stop the recording; `end` says how what was recorded ended, if the engine doesn't know better."""
    with _lock:
        recording = tracing.recorder
        if recording is None:
            return
        tracing.recorder = None
        if end:
            recording.end = end
        recording.write()


def is_enabled() -> bool:
    """Return whether a recording is under way: Go's trace.IsEnabled.

    >>> from gochan import trace
    >>> trace.is_enabled()
    False
    """
    return tracing.recorder is not None and not tracing.recorder.yields


def _at_exit() -> None:
    """Write what was recorded, when the interpreter exits."""
    if tracing.recorder is None:
        return
    # Set when the interpreter has printed the exception that ended the program.
    exc = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    try:
        stop_with("" if exc is None else describe(exc))
    except OSError as error:
        print(f"gochan: {error.strerror or error}", file=sys.stderr)


def _in_child() -> None:
    """A forked child does not record."""
    recording, tracing.recorder = tracing.recorder, None
    if recording is not None:
        recording.forget()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
