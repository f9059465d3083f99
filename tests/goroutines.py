"""What tests in several folders do with goroutines, channels and threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from gochan import default, recover, recv, runtime, select
from gochan._engine.impl import sched


def let_others_run() -> None:
    """Let the other goroutines run until each of them waits or has ended.

    A single gosched is not enough: at every 61st tick its caller runs again before the others.
    """
    while True:
        runtime.gosched()
        if not sched.runnable():
            return


def ready(ch: Any) -> bool:
    """Receive from ch if it has a value or is closed; return whether it has or is."""
    return select(recv(ch), default)[0] == 0


def rescue() -> None:
    """Recover: a deferred function must call recover itself."""
    recover()


class Finalized:
    """Calls a function when it is freed."""

    def __init__(self, fn: Callable[[], object]) -> None:
        self.fn = fn

    def __del__(self) -> None:
        self.fn()


def in_thread(f: Callable[[], object]) -> Any:
    """Call f in a thread of its own; return its result, or the exception that it raised."""
    results: list[object] = []

    def target() -> None:
        try:
            results.append(f())
        except BaseException as e:
            results.append(e)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    return results[0]


def line_of(file: str, text: str) -> int:
    """Return the number of the first line of the file with the text."""
    with open(file) as lines:
        return next(number for number, line in enumerate(lines, 1) if text in line)
