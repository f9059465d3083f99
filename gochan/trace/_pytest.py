"""What `--gochan-trace=DIR` does: a failed test of goroutines leaves its recording and its page in DIR.

Each test is recorded into a ring in memory, from the setup of its fixtures to their teardown. If it fails,
the ring is written; otherwise it is thrown away.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from gochan.trace.model import Program

RING = 50_000  # events that are kept of each test: 2.4 MB
LONGEST = 120  # characters of a file's name, before its hash and suffix
WIDTH = 100  # columns of the summary, as a report may be read elsewhere


class Tracer:
    """Records the tests of a session; a plugin of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scratch = Path(tempfile.mkdtemp(prefix="gochan-trace-"))
        # Those that record the running test: a session may have several copies of gochan.
        self.recorder: ModuleType | None = None
        self.tracing: ModuleType | None = None
        self.recording: Any = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        try:
            return (yield)
        finally:
            self.discard()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        # Not in pytest_runtest_protocol, which plugins that repeat failed tests call once for all runs.
        self.discard()
        for path in self.files(item):  # of an earlier session: it would seem to be of this one
            with suppress(OSError):  # such as a folder that turned into a file
                path.unlink(missing_ok=True)
        self.start()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.failed and self.recording is not None:
            text = self.keep(item)
            if text:
                report.sections.append(("gochan trace", text))
        return report

    def pytest_unconfigure(self) -> None:
        self.discard()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def files(self, item: pytest.Item) -> tuple[Path, Path]:
        """Return where a test's recording and page go."""
        name = file_name(item.nodeid)
        return self.folder / f"{name}.json", self.folder / f"{name}.html"

    def start(self) -> None:
        """Begin to record a test."""
        from gochan._engine import tracing
        from gochan.trace import _recorder

        if _recorder.is_enabled():  # the whole session is recorded, with GOCHAN_TRACE
            return
        _recorder.start(self.scratch / "test.json", ring=RING)
        self.recorder = _recorder
        self.tracing = tracing
        self.recording = tracing.recorder
        self.recording.yields = True

    def stop(self) -> ModuleType | None:
        """Return the recorder if it still has the recording that was started here; forget both."""
        recorder, tracing, recording = self.recorder, self.tracing, self.recording
        self.recorder = self.tracing = self.recording = None
        # The test may have stopped it, or started one of its own.
        return recorder if tracing is not None and tracing.recorder is recording else None

    def discard(self) -> None:
        """Stop the recording of a test, and throw it away."""
        if recorder := self.stop():
            recorder.discard()

    def keep(self, item: pytest.Item) -> str:
        """Write the recording and the page of a failed test; return what its report says about them.

        That is "" if the test used no goroutine.
        """
        recorder = self.stop()
        if recorder is None:
            return ""
        from gochan.trace import model, summary, view

        recording, page = self.files(item)
        try:
            recorder.stop_with("")
            written = self.scratch / "test.json"
            trace = model.load(written)
            if not any(map(_shows, trace.programs)):
                return ""
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.move(written, recording)
            view.write(recording, page, title=item.nodeid, force=True)
        except (OSError, model.TraceError) as error:
            return f"the recording can't be written: {error}"
        for program in trace.programs:
            if program.name == trace.program:  # pytest's
                program.name = item.name
        trace.ending = ""  # the report has more of it
        return f"{summary.summary(trace, WIDTH)}\n\npage: {page}"


def _shows(program: Program) -> bool:
    """Return whether there is more to see than a main goroutine that runs, perhaps of an earlier test."""
    goroutines = program.goroutines.values()
    return len(goroutines) > 1 or any(span.kind != "run" for gp in goroutines for span in gp.spans)


def file_name(nodeid: str) -> str:
    """Return a name for a test's files, which differs from those of all other tests.

    >>> file_name("tests/test_pool.py::test_order")
    'tests-test_pool.py-test_order'
    """
    name = re.sub(r"(?:/|::|[^\w.])+", "-", nodeid, flags=re.ASCII).strip(".-")
    if len(name) <= LONGEST and re.fullmatch(r"\w(?:[\w.]|/|::)*", nodeid, re.ASCII):
        return name
    # Another test's name may differ in what was replaced or cut off.
    return f"{name[:LONGEST]}-{hashlib.sha256(nodeid.encode('utf-8', 'backslashreplace')).hexdigest()[:10]}"


def folder(config: pytest.Config) -> Path:
    """Return where the recordings go. Raises `pytest.UsageError` if that can't be a folder."""
    given: str | None = config.getoption("gochan_trace")
    if given is not None:
        base, source = config.invocation_params.dir, "--gochan-trace"
    else:
        given = config.getini("gochan_trace")
        base, source = config.inipath.parent if config.inipath else config.rootpath, "gochan_trace"
    path = Path(base, given or "").absolute()
    if not (given or "").strip():
        raise pytest.UsageError(f"{source}: give a folder, such as {source}=traces")
    try:
        existing = next(part for part in (path, *path.parents) if part.exists())
    except OSError as error:  # the name is too long
        raise pytest.UsageError(f"{source}={given}: {error.strerror}") from None
    if not existing.is_dir():
        raise pytest.UsageError(f"{source}={given}: {existing} is not a folder")
    config.option.gochan_trace = str(path)  # for the processes of pytest-xdist, which may be in other folders
    return path
