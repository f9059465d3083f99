"""WaitGroup (Go's sync/waitgroup.go).

Invariant: goroutines wait only while the counter is above zero; whoever brings it to zero wakes them all, in
the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Never, final

from ..runtime.error import Goexit, Panic
from ..runtime.panic import call_deferring
from ..runtime.proc import blocker, new_g, refuse_unrun, start
from ..runtime.runtime2 import Bubble, sched
from ..runtime.sema import Sema


@final
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

    def __init__(self) -> None:
        self._count: int = 0
        self._waiters: int = 0
        self._sema: Sema = Sema()

    def add(self, delta: int | Never, /) -> None:
        """Add delta, which may be negative, to the counter; at zero every `wait` returns.

        Raises Panic when the counter would go below zero, and leaves it then as it was; TypeError for a
        delta that is no int.
        """
        if type(delta) is not int:
            raise TypeError(f"WaitGroup.add: {delta!r} is not a number of goroutines; give an int")
        gp = sched.curg
        bubble = None if gp is None else gp.bubble
        if bubble is not self._sema.bubble():
            self._associate(bubble)
        count = self._count + delta
        if count < 0:
            raise Panic("sync: negative WaitGroup counter")
        if self._waiters and delta > 0 and self._count == 0:
            raise Panic("sync: WaitGroup misuse: Add called concurrently with Wait")
        self._count = count
        if count == 0:
            if bubble is not None:
                self._sema.set_bubble(None)
            while self._waiters:
                self._waiters -= 1
                self._sema.release()

    def _associate(self, bubble: Bubble | None) -> None:
        """Make the group the bubble's, as the first add in it does; one that counts already is taken."""
        if self._count:
            both = bubble is not None and self._sema.bubble() is not None
            where = "multiple synctest bubbles" if both else "inside and outside synctest bubble"
            raise Panic(f"sync: WaitGroup.Add called from {where}")
        self._sema.set_bubble(bubble)

    def done(self) -> None:
        """Subtract one from the counter; Panic when it is zero already."""
        self.add(-1)

    def wait(self) -> None:
        """Wait until the counter is zero.

        Raises Panic when the group is used again before all earlier waits have returned, as Go does.
        """
        if self._count == 0:
            return
        gp = blocker()
        self._waiters += 1
        try:
            self._sema.acquire(gp, "sync.WaitGroup.Wait")
        except BaseException:
            # Taken out of the wait: whoever reaches zero must not count on it.
            if not gp.success:
                self._waiters -= 1
            raise
        if self._count or self._waiters:
            raise Panic("sync: WaitGroup is reused before previous Wait has returned")

    def go(self, _fn: Callable[..., object], /, *args: Any, **kwargs: Any) -> None:
        """Call `_fn(*args, **kwargs)` in a new goroutine and count it until it ends: Go's WaitGroup.Go.

        _fn must not raise: an exception ends the program.  Raises TypeError if it is not callable.
        """
        if not callable(_fn):
            raise TypeError(f"WaitGroup.go: {_fn!r} is not callable; give the function and its arguments")
        self.add(1)
        start(new_g(self._call, (_fn, args, kwargs), {}))

    def _call(self, fn: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        try:
            # fn's deferred calls run before its count goes down.
            result = call_deferring(fn, args, kwargs)
            if result is not None:
                refuse_unrun(fn, result)
        except Goexit:
            self.done()
            raise
        self.done()
