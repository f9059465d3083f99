"""A finalizer that waits wherever Python may run one in synctest.test: neither of them is the worse for it."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from goroutines import Finalized

from gochan import Chan, go, run, select, sync, synctest, time, timeout
from gochan.runtime import gosched


def receive() -> None:
    ch = Chan[int]()
    go(ch.send, 1)
    assert ch.recv() == 1


def wait_for_group() -> None:
    wg = sync.WaitGroup()
    wg.go(int)
    wg.wait()


WAITS: dict[str, Callable[[], object]] = {
    "sleep": lambda: time.sleep(1e-6),
    "gosched": gosched,
    "receive": receive,
    "timeout": lambda: select(timeout(1e-6)),
    "timer": lambda: time.after(1e-6).recv(),
    "group": wait_for_group,
    "bubble": lambda: synctest.test(int),
}


def hour() -> int:
    go(time.sleep, 3600)
    time.sleep(7200)
    return 5


def finalize_at(n: int, fn: Callable[[], object]) -> int:
    """Run a bubble in which a finalizer calls fn at the nth line of synctest's; return the number of lines."""
    lines = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal lines
        code = frame.f_code
        if not code.co_filename.endswith("synctest.py") or code.co_name == "main":
            return None
        lines += event == "line"
        if lines == n and event == "line":
            sys.settrace(None)
            Finalized(fn)
        return trace

    def main() -> int:
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            return synctest.test(hour)
        finally:
            sys.settrace(before)

    assert run(main) == 5
    return lines


@pytest.mark.parametrize("wait", WAITS)
def test_a_finalizer_that_waits_in_synctest(wait: str) -> None:
    called: list[BaseException | None] = []

    def fn() -> None:
        called.append(None)
        try:
            WAITS[wait]()
        except BaseException as exc:
            called[-1] = exc

    lines = finalize_at(-1, fn)
    for n in range(1, lines + 1):
        finalize_at(n, fn)
    assert len(called) == lines > 10
    # In a step of the Python engine, it cannot wait.
    assert {str(exc) for exc in called if exc is not None} <= {
        "a blocking call in a finalizer or callback that interrupted the scheduler"
    }
