"""WaitGroup (Go's sync/waitgroup.go).

Invariant: goroutines wait only while the counter is above zero.  When it becomes zero, all of them are woken,
in the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, ParamSpec, final

from ..error import Panic
from .hooks import hooks
from .proc import UNUSUAL, getg, new_g, running, start
from .sema import Sema
from .state import public, sched
from .step import begin, end

if TYPE_CHECKING:
    from .synctest import Bubble

_P = ParamSpec("_P")

# The largest counter, as in C.
_MAX_COUNT: Final = (1 << 63) - 1


@final
@public("gochan.sync")
class WaitGroup:
    """Waits for a number of goroutines to finish: Go's sync.WaitGroup.

    >>> from gochan import run, sync
    >>> def main() -> None:
    ...     wg = sync.WaitGroup()
    ...     for name in "ab":
    ...         wg.go(print, name, "is done")
    ...     wg.wait()
    ...     print("all are")
    >>> run(main)
    b is done
    a is done
    all are
    """

    __slots__ = ("_count", "_process", "_sema", "_traced", "_waiters")

    def __init__(self) -> None:
        self._count: int = 0
        self._waiters: int = 0
        # The first program of the process that it was last adopted in.
        self._process: int = 0
        # Its number in recordings; 0: none yet.
        self._traced: int = 0
        self._sema: Sema = Sema()

    def add(self, delta: int, /) -> None:
        """Add delta, which may be negative, to the counter: Go's WaitGroup.Add.

        When the counter becomes 0, all calls of `wait` return.

        Raises `Panic` if the counter would become negative, `OverflowError` if it would exceed 2**63 - 1; it
        then keeps its value.  Raises `TypeError` if delta is not an int.
        """
        if type(delta) is not int:
            raise TypeError(f"WaitGroup.add: {delta!r} is not a number of goroutines; give an int")
        s = sched
        count = self._count + delta
        gp = s.curg
        # The fast path, for a counter that was and stays above 0, in the same bubble.  One stretch: see
        # step.py.
        usual = self._count and 0 < count <= _MAX_COUNT and gp is not None and not s.step
        if usual and gp.bubble is self._sema._queue.bubble:  # type: ignore[union-attr]
            self._count = count
            return
        gp = running()
        bubble = None if gp is None else gp.bubble
        before = begin()
        try:
            self._add(delta, bubble)
        finally:
            end(before)

    def _add(self, delta: int, bubble: Bubble | None) -> None:
        self._adopt()
        if bubble is not self._sema.bubble():
            self._associate(bubble)
        count = self._count + delta
        if count < 0:
            raise Panic("sync: negative WaitGroup counter")
        if count > _MAX_COUNT:
            raise OverflowError("WaitGroup.add: the counter is too large")
        if self._waiters and delta > 0 and self._count == 0:
            raise Panic("sync: WaitGroup misuse: Add called concurrently with Wait")
        self._count = count
        if count == 0:
            if bubble is not None:
                self._sema.set_bubble(None)
            while self._waiters:
                self._waiters -= 1
                self._sema.release()

    def _adopt(self) -> None:
        """In a forked child, drop the goroutines that wait in the parent, or were woken there.  In a step."""
        if self._process != sched.first_program:
            self._process = sched.first_program
            self._waiters = self._sema._value = 0

    def _associate(self, bubble: Bubble | None) -> None:
        """Make the group belong to the caller's bubble.  Raises `Panic` if the counter is not 0."""
        if self._count:
            both = bubble is not None and self._sema.bubble() is not None
            where = "multiple synctest bubbles" if both else "inside and outside synctest bubble"
            raise Panic(f"sync: WaitGroup.Add called from {where}")
        self._sema.set_bubble(bubble)

    def done(self) -> None:
        """Subtract 1 from the counter: Go's WaitGroup.Done.  Raises `Panic` if it is 0."""
        self.add(-1)

    def wait(self) -> None:
        """Wait until the counter is 0: Go's WaitGroup.Wait.

        As in Go, raises `Panic` if the group is used again before all earlier calls of `wait` have returned.
        """
        if self._count == 0:
            return
        gp = getg()
        before = begin()
        try:
            self._adopt()
            if self._count == 0:
                return
            self._waiters += 1
        finally:
            end(before)
        try:
            self._sema.acquire(gp, "sync.WaitGroup.Wait", of=self)
        except BaseException:
            # This goroutine is not to be woken any more.
            if not gp._success:
                self._waiters -= 1
            raise
        if self._count or self._waiters:
            raise Panic("sync: WaitGroup is reused before previous Wait has returned")

    def go(self, fn: Callable[_P, object], /, *args: _P.args, **kwargs: _P.kwargs) -> Any:
        """Call `fn(*args, **kwargs)` in a new goroutine and count it until it ends: Go's WaitGroup.Go.

        An exception that leaves `fn` ends the program.  Works as a decorator, as `go` does.

        Raises `TypeError` if `fn` is not callable.
        """
        if not callable(fn):
            raise TypeError(f"WaitGroup.go: {fn!r} is not callable; give the function and its arguments")
        if type(fn) in UNUSUAL:
            hooks.check_namespace("WaitGroup.go", fn, args, kwargs)
        self.add(1)
        gp, last = new_g(fn, args, kwargs)
        gp.group = self
        start(gp, last)

    def __repr__(self) -> str:
        return f"<WaitGroup counter={self._count} waiters={self._waiters} at {id(self):#x}>"
