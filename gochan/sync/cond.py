"""Cond (Go's sync/cond.go); its wait queue is the engine's NotifyList."""

from __future__ import annotations

from operator import call
from typing import Any, Final, Generic, TypeVar, final

from greenlet import GreenletExit

from .._engine.depth import check_depth
from .._engine.error import Deadlock, Unwind
from .._engine.impl import NotifyList
from .._engine.pickling import refuse_pickling
from .locker import Locker

L = TypeVar("L", bound=Locker)

# How many times `wait` tries again to lock after an exception.
_MAX_LOCK_TRIES: Final = 100


@final
class Cond(Generic[L]):
    """A condition variable: goroutines wait for an event that others announce.  Go's sync.Cond.

    l is the Locker that guards the condition: a Mutex, an RWMutex or its rlocker.  To type checkers
    `Cond(Mutex())` is a `Cond[Mutex]`.  Raises `TypeError` if l is not a Locker.

    >>> from gochan import go, run, sync
    >>> def main() -> None:
    ...     cond = sync.Cond(sync.Mutex())
    ...     letters: list[str] = []
    ...     @go
    ...     def _() -> None:
    ...         with cond.l:
    ...             letters.append("hello")
    ...         cond.signal()
    ...     with cond.l:
    ...         while not letters:
    ...             cond.wait()
    ...         print(letters)
    >>> run(main)
    ['hello']
    """

    __slots__ = ("_waiters", "l")

    def __init__(self, l: L, /) -> None:  # noqa: E741  # Go's name
        if not isinstance(l, Locker):
            raise TypeError(f"Cond: {l!r} is not a Locker: it has no lock and unlock; give a Mutex")
        #: The Locker that guards the condition.  Go's field L.
        self.l: L = l
        self._waiters = NotifyList()

    def wait(self) -> None:
        """Unlock `l`, wait for a signal or broadcast, and lock `l` again: Go's Cond.Wait.

        `l` must be locked.  When `wait` returns, another goroutine may have changed the condition: call it in
        a loop, `while not condition: cond.wait()`.  `l` is locked again also if an exception ends the wait.
        """
        check_depth()
        raised: BaseException | None = None
        waiting = False
        # What has been done: map calls the two in C, where no signal handler can raise in between.
        done: list[Any] = []
        try:
            # Take the ticket first: a signal right after the unlock must not be missed.
            done.extend(map(call, (self._waiters.add, self.l.unlock)))
            waiting = True
            self._waiters.wait(done[0])
        except BaseException as exc:
            raised = exc
            if done and not waiting:
                self._waiters.discard(done[0])
        # From here to the lock there is no call outside a try: a signal handler could raise after it.
        locked: list[None] = []
        tries = 0
        while done[1:] and not locked:
            try:
                locked.extend(map(call, (self.l.lock,)))
            except BaseException as exc:
                if raised is None:
                    raised = exc
                tries += 1
                if isinstance(exc, (Deadlock, Unwind, GreenletExit)) or tries == _MAX_LOCK_TRIES:
                    break
        if raised is not None:
            try:
                raise raised
            finally:
                # Its traceback refers to this frame.
                del raised

    def signal(self) -> None:
        """Wake the goroutine that has waited longest, if there is one: Go's Cond.Signal.

        `l` may be locked, but need not be.
        """
        self._waiters.notify_one()

    def broadcast(self) -> None:
        """Wake all goroutines that wait: Go's Cond.Broadcast.

        `l` may be locked, but need not be.
        """
        self._waiters.notify_all()

    def __repr__(self) -> str:
        return f"<Cond waiters={self._waiters.waiters()} at {id(self):#x}>"

    __reduce__ = refuse_pickling


def new_cond(l: L, /) -> Cond[L]:  # noqa: E741  # Go's name
    """Return `Cond(l)`: Go's sync.NewCond.  Raises what `Cond` raises.

    >>> from gochan import sync
    >>> mu = sync.Mutex()
    >>> sync.new_cond(mu).l is mu
    True
    """
    return Cond(l)
