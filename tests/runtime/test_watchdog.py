"""The watchdog: which goroutine holds the thread, and where."""

import math
import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from subprocess import Popen
from time import perf_counter, sleep
from typing import Any

import pytest

import gochan
from gochan import Chan, go, run, thread
from gochan import time as gotime
from gochan.runtime import gosched, set_watchdog
from gochan.runtime.runtime2 import sched

Python = Callable[[str], "Popen[str]"]

LIMIT = 0.02


@pytest.fixture(autouse=True)
def off_again() -> Iterator[None]:
    yield
    set_watchdog(None)
    assert not sched.watched


def hold(seconds: float) -> None:
    end = perf_counter() + seconds
    while perf_counter() < end:
        pass


def reports(capfd: pytest.CaptureFixture[str]) -> list[str]:
    """What was said, one text for each report."""
    err = capfd.readouterr().err
    return ["gochan: " + text for text in err.split("gochan: ")[1:]]


def test_a_goroutine_that_holds_the_thread(capfd: pytest.CaptureFixture[str]) -> None:
    """Its stack down to its `go`, and what to do about it."""

    def compute() -> None:
        sleep(10 * LIMIT)

    def main() -> None:
        go(compute)
        gosched()

    set_watchdog(LIMIT)
    run(main)
    [report] = reports(capfd)
    lines = report.splitlines()
    assert lines[0] == "gochan: goroutine 2 has held the thread for 0.02 s; all others wait."
    assert lines[1].startswith(f'  File "{__file__}", line ')
    assert lines[1].endswith("in test_a_goroutine_that_holds_the_thread.<locals>.compute")
    assert lines[2] == "    sleep(10 * LIMIT)"
    assert lines[3] == "created by goroutine 1 at"
    assert lines[4].endswith(".<locals>.main")
    assert lines[5] == "    go(compute)"
    assert "gochan.thread.call" in lines[6]
    assert "process pool" in lines[6]
    assert "runtime.gosched()" in lines[7]
    assert len(lines) == 8
    assert os.path.dirname(gochan.__file__) not in report


def test_main_that_computes(capfd: pytest.CaptureFixture[str]) -> None:
    """What computes is found as well as what blocks, where it is just then."""
    set_watchdog(LIMIT)
    run(lambda: hold(10 * LIMIT))
    first = reports(capfd)[0].splitlines()
    assert first[0].startswith("gochan: goroutine 1 has held the thread for")
    assert first[1].endswith("in hold")
    assert "created by goroutine" not in "\n".join(first)


def test_once_for_each_place(capfd: pytest.CaptureFixture[str]) -> None:
    def here() -> None:
        sleep(5 * LIMIT)

    def there() -> None:
        sleep(5 * LIMIT)

    def main() -> None:
        for f in (here, here, there, here):
            f()
            gosched()

    set_watchdog(LIMIT)
    run(main)
    assert [report.splitlines()[1].rpartition(".")[2] for report in reports(capfd)] == ["here", "there"]
    # A setting of its own tells again.
    set_watchdog(LIMIT)
    run(here)
    assert len(reports(capfd)) == 1


def test_goroutines_that_take_turns(capfd: pytest.CaptureFixture[str]) -> None:
    """However busy all of them are together."""

    def work(ch: Chan[int]) -> None:
        for _ in ch:
            hold(0.0005)

    def main() -> None:
        ch = Chan[int]()
        go(work, ch)
        for i in range(600):
            ch << i
            hold(0.0005)

    set_watchdog(0.4)
    run(main)
    assert reports(capfd) == []


@pytest.mark.parametrize("wait", ["sleep", "thread call", "channel"])
def test_goroutines_that_wait(wait: str, capfd: pytest.CaptureFixture[str]) -> None:
    """While nobody can run, nobody holds the thread."""

    def main() -> None:
        if wait == "sleep":
            gotime.sleep(5 * LIMIT)
        elif wait == "thread call":
            thread.call(sleep, 5 * LIMIT)
        else:
            ch = Chan[int]()
            go(lambda: (gotime.sleep(5 * LIMIT), ch.send(1)))
            ch.recv()

    set_watchdog(LIMIT)
    run(main)
    assert reports(capfd) == []


def test_no_program(capfd: pytest.CaptureFixture[str]) -> None:
    set_watchdog(LIMIT)
    sleep(3 * LIMIT)
    run(lambda: None)
    sleep(3 * LIMIT)
    assert reports(capfd) == []


def test_off(capfd: pytest.CaptureFixture[str]) -> None:
    """As it is at first, and again: no thread is left, and no switch looks at anything."""

    def watchers() -> list[threading.Thread]:
        return [t for t in threading.enumerate() if t.name == "gochan-watchdog"]

    for t in watchers():
        t.join(10)
    set_watchdog(LIMIT)
    set_watchdog(timedelta(seconds=LIMIT))
    set_watchdog(None)
    for t in watchers():
        t.join(10)
    assert watchers() == []

    def main() -> None:
        gosched()
        before = sched.beats
        for _ in range(10):
            gosched()
        assert sched.beats == before
        assert not sched.attention
        sleep(3 * LIMIT)

    run(main)
    assert reports(capfd) == []


def test_it_is_set_in_the_midst_of_a_program(capfd: pytest.CaptureFixture[str]) -> None:
    def main() -> None:
        set_watchdog(LIMIT)
        sleep(5 * LIMIT)

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
            run(lambda: sleep(10 * LIMIT))
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    assert len(reports(capfd)) == 1


@pytest.mark.parametrize(
    ("limit", "error", "text"),
    [
        (0, ValueError, "set_watchdog: 0 is not above 0; give a limit in seconds, or None"),
        (-1.5, ValueError, "set_watchdog: -1.5 is not above 0; give a limit in seconds, or None"),
        (math.nan, ValueError, "set_watchdog: nan is not above 0; give a limit in seconds, or None"),
        ("1", TypeError, "set_watchdog: '1' is not a duration; give seconds as a number, or a timedelta"),
        (True, TypeError, "set_watchdog: True is not a duration; give seconds as a number, or a timedelta"),
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
        import os, time
        os.environ["GOCHAN_WATCHDOG"] = {value!r}
        from gochan import run

        run(lambda: time.sleep(0.2))
        print("over")
        """
    ).communicate(timeout=30)


def test_set_by_the_environment(python: Python) -> None:
    out, err = started(python, "0.05")
    assert out == "over\n"
    assert err.startswith("gochan: goroutine 1 has held the thread for 0.05 s; all others wait.\n")
    assert "in <lambda>\n    run(lambda: time.sleep(0.2))\n" in err


def test_left_off_by_the_environment(python: Python) -> None:
    assert started(python, "") == ("over\n", "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("soon", "ValueError: GOCHAN_WATCHDOG='soon': give a limit in seconds, such as 0.1"),
        ("-1", "ValueError: set_watchdog: -1.0 is not above 0; give a limit in seconds, or None"),
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

        begin = perf_counter()
        for _ in range(n):
            ch.recv()
        return perf_counter() - begin

    before = min(run(main) for _ in range(5))
    set_watchdog(60)
    set_watchdog(None)
    after = min(run(main) for _ in range(5))
    assert after < 3 * before
