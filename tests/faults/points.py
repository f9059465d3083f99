"""Disturbances: put something at the n-th point of an operation where Python can run, or where it can fail.

A disturbance gives two calls, `before` and `after`, and the operation runs between them:

    results.extend(map(operator.call, (before, operation, after)))

This executes no bytecode of ours between the three. So the first point is inside the operation, and what was not
reached when `after` is called lies behind it. `len(results)` says how far it came: 1 before the operation, 2 inside.

Each disturbance counts its own kind of point:

- `Alarm`, `Interrupt`, `Timeout`, `Handler` and `OtherThread`: each moment at which CPython runs the handler of a pending
  signal, while gochan's code or a library's that gochan calls is running. To stop at each of them, the handler makes the signal
  pending again when it returns.
- `Collection`: each allocation of an object that the garbage collector tracks. (From Python 3.12 on the collection itself
  comes at the next moment of the first kind.)
- `Memory`: each allocation.
- `Depth`: each number of frames that are left below Python's recursion limit.

The `n` of a disturbance is the number of points that it lets pass. `fired` is whether it came to its point.
"""

from __future__ import annotations

import gc
import signal
import sys
import threading
import weakref
from collections.abc import Callable
from ctypes import PYFUNCTYPE, c_int, py_object, pythonapi
from functools import partial
from operator import call
from pathlib import Path
from types import CodeType, FrameType

import gochan

try:
    import _testcapi
except ImportError:  # Debian and others leave it out
    _testcapi = None

GOCHAN = str(Path(gochan.__file__).parent)
TESTS = str(Path(__file__).parents[1])
LOOP = str(Path(__import__("asyncio").__file__).parent)

NOTHING = partial(int)
NEVER = 1 << 40


class Fault(Exception):
    """What a signal handler raises."""


# What a disturbance can make an operation raise.
FAULTS = (Fault, KeyboardInterrupt, MemoryError, RecursionError)


class Disturbance:
    """Does nothing, at no point."""

    #: What the operation may raise because of it.
    raises: type[BaseException] | tuple[()] = ()

    def __init__(self, n: int, act: Callable[[], None]) -> None:
        self.n = n
        self.act = act
        self.fired = False
        self.results: list[object] = []
        self.before: Callable[[], object] = NOTHING
        self.after: Callable[[], object] = NOTHING

    def inside(self) -> bool:
        """Return whether the operation has begun and not returned."""
        return len(self.results) == 1

    def perform(self, operation: Callable[[], object]) -> None:
        """Run the operation, and disturb it."""
        self.results.extend(map(call, (self.before, operation, self.after)))

    def stop(self) -> None:
        """Leave the rest undisturbed. It must not allocate."""
        self.after()


# --- at a signal's handler ---------------------------------------------------------------------------------

# _thread.interrupt_main does the same, but takes no second argument, so that it cannot be a weak reference's callback.
make_pending = PYFUNCTYPE(None, c_int, py_object)(("PyErr_SetInterruptEx", pythonapi))

_ours: dict[CodeType, str] = {}


def whose(code: CodeType) -> str:
    """Return whose code it is: "gochan", "test", "loop" for asyncio's, or "" for other libraries."""
    found = _ours.get(code)
    if found is None:
        file = code.co_filename
        found = "gochan" if file.startswith((GOCHAN, "gochan/")) else "test" if file.startswith(TESTS) else ""
        found = found or ("loop" if file.startswith(LOOP) else "")
        _ours[code] = found
    return found


class _Token:
    """Something for a weak reference."""


class Handler(Disturbance):
    """Calls `act` in a signal handler."""

    def __init__(self, n: int, act: Callable[[], None]) -> None:
        super().__init__(n, act)
        self.passed = 0
        self.again = partial(make_pending, signal.SIGUSR1)
        self.before = partial(self.again, None)
        self.active = True
        self.after = partial(setattr, self, "active", False)
        self.ref: object = None
        signal.signal(signal.SIGUSR1, self.handle)

    def counts(self, frame: FrameType | None) -> bool:
        """Return whether the engine is at work in this frame: a library's that gochan calls is part of it."""
        while frame is not None:
            owner = whose(frame.f_code)
            if owner in ("gochan", "test"):
                return owner == "gochan"
            frame = frame.f_back
        return False

    def handle(self, signum: int, frame: FrameType | None) -> None:
        """Come again at the next point, or act."""
        if not self.active:
            return
        if self.counts(frame):
            if self.passed == self.n:
                self.active = False
                self.fired = True
                self.strike()
                return
            self.passed += 1
        # When this function has returned, `token` is gone, and the callback makes the signal pending again.
        token = _Token()
        self.ref = weakref.ref(token, self.again)

    def strike(self) -> None:
        """Do what is to be done at the point."""
        self.act()


class Alarm(Handler):
    """Raises Fault in a signal handler: in gochan's own frames only, since what a library makes of it is its own."""

    raises = Fault

    def counts(self, frame: FrameType | None) -> bool:
        return frame is not None and whose(frame.f_code) == "gochan"

    def strike(self) -> None:
        raise Fault


class Interrupt(Handler):
    """Makes SIGINT pending, so that the handler of the program in place raises KeyboardInterrupt, or sees to it."""

    raises = KeyboardInterrupt

    def counts(self, frame: FrameType | None) -> bool:
        return frame is not None and whose(frame.f_code) == "gochan"

    signum = signal.SIGINT

    def strike(self) -> None:
        token = _Token()
        self.ref = weakref.ref(token, partial(make_pending, self.signum))


def ring(signum: int, frame: FrameType | None) -> None:
    """Raise Fault."""
    raise Fault


class Timeout(Interrupt):
    """Makes SIGALRM pending, whose handler was set before the program began and raises Fault."""

    raises = Fault
    signum = signal.SIGALRM


class OtherThread(Handler):
    """Calls `act` in another thread while the operation stands still at the point."""

    def strike(self) -> None:
        thread = threading.Thread(target=self.act)
        thread.start()
        thread.join()


# --- at an allocation --------------------------------------------------------------------------------------


class _Cycle:
    """Garbage whose finalizer acts."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.me = self
        self.act = act

    def __del__(self) -> None:
        self.act()


class Collection(Disturbance):
    """Calls `act` in a finalizer that the garbage collector runs."""

    def __init__(self, n: int, act: Callable[[], None]) -> None:
        super().__init__(n, act)
        gc.collect(0)
        _Cycle(self.collected)
        gc.enable()
        self.before = partial(gc.set_threshold, n + 1)
        self.after = partial(gc.set_threshold, 0)

    def collected(self) -> None:
        gc.set_threshold(0)
        if self.inside():
            self.fired = True
            self.act()


class Memory(Disturbance):
    """Lets one allocation fail."""

    raises = MemoryError

    def __init__(self, n: int, act: Callable[[], None]) -> None:
        super().__init__(n, act)
        self.before = partial(_testcapi.set_nomemory, n, n + 1)
        self.after = _testcapi.remove_mem_hooks

    def stop(self) -> None:
        _testcapi.remove_mem_hooks()


# --- at the end of Python's stack --------------------------------------------------------------------------


class Depth(Disturbance):
    """Runs the operation with n frames left."""

    raises = RecursionError

    def perform(self, operation: Callable[[], object]) -> None:
        depth = 0
        frame: FrameType | None = sys._getframe()
        while frame is not None:
            depth += 1
            frame = frame.f_back
        self._dive(sys.getrecursionlimit() - depth - self.n, operation)

    def _dive(self, depth: int, operation: Callable[[], object]) -> None:
        if depth > 0:
            self._dive(depth - 1, operation)
        else:
            super().perform(operation)


KINDS: dict[str, type[Disturbance]] = {
    "alarm": Alarm,
    "interrupt": Interrupt,
    "timeout": Timeout,
    "handler": Handler,
    "thread": OtherThread,
    "collection": Collection,
    "memory": Memory,
    "depth": Depth,
}
