"""The watchdog: which goroutine holds the thread, and where."""

import math
import os
import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from subprocess import Popen
from time import monotonic, perf_counter, sleep, thread_time
from types import SimpleNamespace
from typing import Any

import pytest

import gochan
from gochan import Chan, go, run, thread
from gochan import time as gotime
from gochan._engine import watchdog
from gochan._engine.impl import sched
from gochan.runtime import gosched, set_watchdog

Python = Callable[[str], "Popen[str]"]

LIMIT = 0.02
LINUX = watchdog.thread_times(threading.get_ident()) is not None
# How long to hold the thread for a watchdog that reports nothing.  Any other reports once its thread has had
# enough of the machine, which may take a while.
LONG = 20


@pytest.fixture(autouse=True)
def off_again() -> Iterator[None]:
    yield
    set_watchdog(None)
    assert not sched.watched


def told() -> set[tuple[str, int]]:
    """The lines that the watchdog, as it is set now, has reported, and will."""
    assert watchdog._current is not None
    return watchdog._current.reported


def block(seconds: float = LONG) -> None:
    """Hold the thread until one more line has been reported."""
    places = told()
    before = len(places)
    end = monotonic() + seconds
    while len(places) == before and monotonic() < end:
        sleep(LIMIT)


def watchers() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name == "gochan-watchdog"]


def reports(capfd: pytest.CaptureFixture[str]) -> list[str]:
    """Switch it off; return what was said, one text for each report."""
    set_watchdog(None)
    for t in watchers():
        t.join(LONG)
    err = capfd.readouterr().err
    return ["gochan: " + text for text in err.split("gochan: ")[1:]]


def test_a_goroutine_that_holds_the_thread(capfd: pytest.CaptureFixture[str]) -> None:
    """Its stack down to its `go`, and what to do about a call that blocks."""

    def outer() -> None:
        block()

    def main() -> None:
        go(outer)
        gosched()

    set_watchdog(LIMIT)
    run(main)
    [report] = reports(capfd)
    lines = report.splitlines()
    assert re.fullmatch(r"gochan: goroutine \d+ has held the thread for 0\.02 s; all others wait\.", lines[0])
    assert lines[1].startswith(f'  File "{__file__}", line ')
    assert lines[1].endswith("in block")
    # It is hardly ever met between two sleeps.
    assert lines[2].strip() in {"sleep(LIMIT)", "while len(places) == before and monotonic() < end:"}
    assert lines[3].startswith(f'  File "{__file__}", line ')
    assert lines[3].endswith("in test_a_goroutine_that_holds_the_thread.<locals>.outer")
    assert lines[4] == "    block()"
    assert lines[5] == "created by goroutine 1 at"
    assert lines[6].endswith(".<locals>.main")
    assert lines[7] == "    go(outer)"
    assert "\n".join(lines[8:]) + "\n" == (watchdog._BLOCKED if LINUX else watchdog._UNKNOWN)
    assert "gochan.thread.call" in lines[9]
    assert os.path.dirname(gochan.__file__) not in report


def test_main_that_computes(capfd: pytest.CaptureFixture[str]) -> None:
    """What computes is found as well as what blocks, where it is just then, and gets other advice."""

    def compute() -> None:
        places = told()
        end = monotonic() + LONG
        while not places and monotonic() < end:
            pass

    set_watchdog(LIMIT)
    run(compute)
    first = reports(capfd)[0].splitlines()
    assert first[0].startswith("gochan: goroutine 1 has held the thread for")
    assert first[1].endswith(".compute")
    assert "created by goroutine" not in "\n".join(first)
    assert "\n".join(first[-2:]) + "\n" == (watchdog._COMPUTING if LINUX else watchdog._UNKNOWN)
    assert "runtime.gosched()" in first[-2]
    assert "ProcessPoolExecutor" in first[-1]


def test_the_advice_fits_the_cause() -> None:
    def after(running: int, ready: int) -> str:
        return watchdog.advice((5, 7), (5 + running, 7 + ready), 100)

    assert after(0, 0) == watchdog._BLOCKED
    assert after(10, 40) == watchdog._BLOCKED  # it wakes up now and then, on a busy machine
    assert after(100, 0) == watchdog._COMPUTING
    assert after(50, 0) == watchdog._COMPUTING  # another thread has the GIL half the time
    assert after(10, 80) == watchdog._COMPUTING  # other programs have the processors
    assert watchdog.advice(None, (5, 7), 100) == watchdog._UNKNOWN
    assert watchdog.thread_times(1) is None  # a thread that has ended


def test_once_for_each_place(capfd: pytest.CaptureFixture[str]) -> None:
    def other() -> None:
        places = told()
        before = len(places)
        end = monotonic() + LONG
        while len(places) == before and monotonic() < end:
            sleep(LIMIT)

    def main() -> None:
        block()
        gosched()
        block(5 * LIMIT)
        gosched()
        other()
        gosched()
        block(5 * LIMIT)

    set_watchdog(LIMIT)
    run(main)
    places = [re.findall(r"line (\d+), in (?:.*\.)?(\w+)$", text, re.MULTILINE)[0] for text in reports(capfd)]
    assert {name for _, name in places} == {"block", "other"}
    # A line each, as a rule; one that is met between two sleeps has a second.
    assert len(set(places)) == len(places)
    # With a new setting it reports again.
    set_watchdog(LIMIT)
    run(block)
    assert len(reports(capfd)) == 1


def test_goroutines_that_alternate(capfd: pytest.CaptureFixture[str]) -> None:
    """However busy all of them are together."""

    def hold() -> None:
        end = perf_counter() + 0.0005
        while perf_counter() < end:
            pass

    def work(ch: Chan[int]) -> None:
        for _ in ch:
            hold()

    def main() -> None:
        ch = Chan[int]()
        go(work, ch)
        for i in range(600):
            ch << i
            hold()

    set_watchdog(0.4)
    run(main)
    assert reports(capfd) == []


@pytest.mark.parametrize("wait", ["sleep", "thread call", "channel"])
def test_goroutines_that_wait(wait: str, capfd: pytest.CaptureFixture[str]) -> None:
    """While no goroutine can run, none holds the thread."""
    # Longer than a busy machine keeps a ready thread waiting.
    limit = 0.2

    def main() -> None:
        if wait == "sleep":
            gotime.sleep(2 * limit)
        elif wait == "thread call":
            thread.call(sleep, 2 * limit)
        else:
            ch = Chan[int]()
            go(lambda: (gotime.sleep(2 * limit), ch.send(1)))
            ch.recv()

    # The pool has its thread by then: main holds its own while another one is made.
    run(lambda: thread.call(int))
    set_watchdog(limit)
    run(main)
    assert reports(capfd) == []


def test_no_program(capfd: pytest.CaptureFixture[str]) -> None:
    set_watchdog(LIMIT)
    sleep(3 * LIMIT)
    run(lambda: None)
    sleep(3 * LIMIT)
    assert reports(capfd) == []


def test_off(capfd: pytest.CaptureFixture[str]) -> None:
    """As it is at first, and again: no thread is left, and no switch checks anything."""

    for t in watchers():
        t.join(LONG)
    set_watchdog(LIMIT)
    set_watchdog(timedelta(seconds=LIMIT))
    set_watchdog(None)
    for t in watchers():
        t.join(LONG)
    assert watchers() == []

    def main() -> None:
        gosched()
        before = sched.heartbeats
        for _ in range(10):
            gosched()
        assert sched.heartbeats == before
        sleep(3 * LIMIT)

    run(main)
    assert reports(capfd) == []


def test_it_is_set_while_a_program_runs(capfd: pytest.CaptureFixture[str]) -> None:
    def main() -> None:
        set_watchdog(LIMIT)
        block()

    run(main)
    assert len(reports(capfd)) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_in_a_forked_child(capfd: pytest.CaptureFixture[str]) -> None:
    """It goes on watching."""
    set_watchdog(LIMIT)
    pid = os.fork()
    if pid == 0:
        try:
            run(block)
            for t in watchers():
                set_watchdog(None)
                t.join(LONG)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    assert len(reports(capfd)) == 1


NO_DURATION = "is not a duration; give seconds as a number, or a timedelta"


@pytest.mark.parametrize(
    ("limit", "error", "text"),
    [
        (0, ValueError, "runtime.set_watchdog: 0 is not above 0; give a number of seconds, or None"),
        (-1.5, ValueError, "runtime.set_watchdog: -1.5 is not above 0; give a number of seconds, or None"),
        (math.nan, ValueError, "runtime.set_watchdog: nan is not above 0; give a number of seconds, or None"),
        ("1", TypeError, f"runtime.set_watchdog: '1' {NO_DURATION}"),
        (True, TypeError, f"runtime.set_watchdog: True {NO_DURATION}"),
    ],
)
def test_bad_input(limit: Any, error: type[Exception], text: str) -> None:
    set_watchdog(30)
    with pytest.raises(error) as e:
        set_watchdog(limit)
    assert str(e.value) == text
    # What was set stays.
    assert sched.watched


def started(python: Python, value: str) -> tuple[str, str]:
    """Run a program with GOCHAN_WATCHDOG set."""
    return python(
        f"""
        import os, threading, time
        os.environ["GOCHAN_WATCHDOG"] = {value!r}
        from gochan import run
        from gochan._engine import watchdog
        from gochan.runtime import set_watchdog

        def hold():
            end = time.monotonic() + 20
            while watchdog._current and not watchdog._current.reported and time.monotonic() < end:
                time.sleep(0.05)

        run(hold)
        set_watchdog(None)
        for t in threading.enumerate():
            if t.name == "gochan-watchdog":
                t.join(20)
        print("over")
        """
    ).communicate(timeout=100)


def test_set_by_the_environment(python: Python) -> None:
    out, err = started(python, "0.05")
    assert out == "over\n"
    assert err.startswith("gochan: goroutine 1 has held the thread for 0.05 s; all others wait.\n")
    assert "in hold\n" in err


def test_left_off_by_the_environment(python: Python) -> None:
    assert started(python, "") == ("over\n", "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("soon", "ValueError: GOCHAN_WATCHDOG='soon': give a limit in seconds, such as 0.1"),
        ("-1", "ValueError: runtime.set_watchdog: -1.0 is not above 0; give a number of seconds, or None"),
    ],
)
def test_a_bad_environment(python: Python, value: str, text: str) -> None:
    out, err = started(python, value)
    assert out == ""
    assert err.splitlines()[-1] == text


def test_what_it_costs_when_it_is_off() -> None:
    """Nothing that shows: a program runs as fast after it was on as it did before."""

    def main() -> float:
        ch = Chan[int]()
        n = 5000

        @go
        def _() -> None:
            for _ in range(n):
                ch << 1

        # Of the processor: the clock on the wall goes on while others have it.
        begin = thread_time()
        for _ in range(n):
            ch.recv()
        return thread_time() - begin

    before = min(run(main) for _ in range(5))
    set_watchdog(60)
    set_watchdog(None)
    # A noisy machine may slow down any of them, but not all.
    assert any(run(main) < 3 * before for _ in range(100))


@pytest.mark.parametrize("limit", [1e300, math.inf, timedelta.max.total_seconds()])
def test_a_limit_longer_than_a_thread_can_wait(limit: float) -> None:
    """The watchdog's thread waits, and does not end with an OverflowError."""
    watched = object.__new__(watchdog._Watchdog)
    watched.limit = limit
    # An event that is set, but one that checks how long it is to wait.
    watched.stopped = SimpleNamespace(wait=partial(threading.Lock().acquire, True))
    watched.watch()
