"""Ways to make something happen inside an operation, for programs that a test runs in a child process.

`_thread.interrupt_main` makes a signal pending without running its handler, and `map` with `operator.call` makes the next
call without executing a bytecode in between. So the first bytecode that runs after that, and with it the handler, is
inside the operation; where the operation has none, it is what runs next.
"""

from __future__ import annotations

import signal
import sys
from _thread import interrupt_main
from collections.abc import Callable
from functools import partial
from operator import call
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")


class Alarm(Exception):
    """What the handler of SIGALRM raises."""


def ring(signum: int, frame: FrameType | None) -> None:
    """Raise Alarm."""
    raise Alarm


def during(signum: int, operation: Callable[[], T]) -> T:
    """Run the operation with the signal pending."""
    results: list[Any] = []
    results.extend(map(call, (partial(interrupt_main, signum), operation)))
    return results[1]  # type: ignore[no-any-return]


def in_spite_of(exc: type[BaseException], fn: Callable[[], T]) -> T:
    """Call fn, again if the exception came in between: for what must not be interrupted."""
    while True:
        try:
            return fn()
        except exc:
            pass


def depth() -> int:
    """Return the number of frames below the caller."""
    n, frame = 0, sys._getframe().f_back
    while frame is not None:
        n, frame = n + 1, frame.f_back
    return n


def with_frames_left(n: int, fn: Callable[[], T]) -> T:
    """Call fn at a depth at which n more frames fit."""

    def dive(more: int) -> T:
        return dive(more - 1) if more > 0 else fn()

    return dive(sys.getrecursionlimit() - depth() - n - 2)


class Garbage:
    """Something that only the garbage collector frees, with a finalizer."""

    def __init__(self, finalizer: Callable[[], object]) -> None:
        self.me = self
        self.finalizer = finalizer

    def __del__(self) -> None:
        self.finalizer()


signal.signal(signal.SIGALRM, ring)
