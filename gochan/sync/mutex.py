"""Mutex (Go's internal/sync/mutex.go).

In normal mode a waiter that is woken competes with whoever runs by then, and waits again, in front of all
others, if it loses.  One that has waited for more than 1 ms puts the mutex into starving mode: there unlock
hands the lock to the first waiter, and newcomers queue up behind, even if the lock is free.  A waiter that
gets the lock so and is the last, or has not waited long, puts it back into normal mode.

Invariants
- `_waiters` counts those that wait, without the one that was woken in normal mode, but with the one that the
  lock is being handed to.
- `_woken`: a waiter was woken, in normal mode, and has not run yet; unlock wakes no other meanwhile.
- `_starving` means that somebody waits; the lock is free then only on its way from hand to hand.
"""

from __future__ import annotations

from typing import Final, NoReturn, final

from ..runtime.error import Panic
from ..runtime.polled import Polled
from ..runtime.proc import blocker
from ..runtime.runtime2 import sched
from ..runtime.sema import Sema

# How long a waiter waits, in nanoseconds, before it asks for the lock to be handed over.
STARVATION: Final = 1_000_000


@final
class Mutex(Polled):
    """A mutual exclusion lock: Go's sync.Mutex.  `with mu:` locks it for a block.

    It is not bound to the goroutine that locked it: another may unlock it.  A goroutine that locks it twice
    waits for itself, for ever.

    >>> from gochan import run, sync
    >>> def main() -> None:
    ...     mu = sync.Mutex()
    ...     with mu:
    ...         print(mu.try_lock())
    ...     print(mu.try_lock())
    >>> run(main)
    False
    True
    """

    __slots__ = ("_locked", "_sema", "_starving", "_waiters", "_woken")

    def __init__(self) -> None:
        super().__init__()
        self._locked: bool = False
        self._woken: bool = False
        self._starving: bool = False
        self._waiters: int = 0
        self._sema: Sema = Sema()

    def lock(self) -> None:
        """Lock it, waiting until it is free: Go's Mutex.Lock."""
        if self._locked or self._starving:
            self._lock_slow()
        else:
            self._locked = True

    def try_lock(self) -> bool:
        """Lock it if it is free, and tell whether that was so: Go's Mutex.TryLock."""
        if self._locked or self._starving:
            self._poll()
            return False
        self._locked = True
        return True

    def unlock(self) -> None:
        """Unlock it; whoever waits may go on.  Raises Panic if it is not locked.  Go's Mutex.Unlock."""
        if not self._locked:
            if sched.ending:
                # A Cond's wait that the program's end cuts short cannot always take the lock back.
                return
            raise Panic("sync: unlock of unlocked mutex")
        self._locked = False
        if self._waiters:
            self._wake()
        self._poll()

    def __enter__(self) -> None:
        self.lock()

    def __exit__(self, kind: object, value: object, traceback: object) -> None:
        self.unlock()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Mutex cannot be pickled or copied: share the one that there is")

    def _lock_slow(self) -> None:
        gp = blocker()
        began = 0
        starving = False
        woken = False
        while self._locked or self._starving:
            self._waiters += 1
            if woken:
                self._woken = False
                if starving and self._locked:
                    self._starving = True
            again = began != 0
            if not again:
                began = sched.timers.now()
            try:
                self._sema.acquire(gp, "sync.Mutex.Lock", again)
            except BaseException:
                self._leave(gp.success)
                raise
            starving = starving or sched.timers.now() - began > STARVATION
            if self._starving:
                # The lock was handed over.
                self._waiters -= 1
                self._locked = True
                if not starving or self._waiters == 0:
                    self._starving = False
                return
            woken = True
        self._locked = True
        if woken:
            self._woken = False

    def _wake(self) -> None:
        """Wake the first waiter, now that the lock is free."""
        if self._starving:
            self._sema.release(handoff=True)
        elif not self._woken:
            self._waiters -= 1
            self._woken = True
            self._sema.release()

    def _leave(self, woken: bool) -> None:
        """Wait no longer, because of an exception; what the caller was woken for goes to the next."""
        if woken and not self._starving:
            self._woken = False
            if self._waiters and not self._locked:
                self._wake()
            return
        self._waiters -= 1
        if self._waiters == 0:
            self._starving = False
        if woken:
            self._locked = True
            self.unlock()
