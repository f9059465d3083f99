"""Mutex (Go's internal/sync/mutex.go).

In normal mode, a waiter that is woken competes for the lock with the goroutines that run by then.  If it
loses, it waits again, in front of all others.  A waiter that has waited for more than 1 ms switches the mutex
to starvation mode: then unlock hands the lock to the first waiter, and newcomers queue up even if the lock is
free.  A waiter that gets the lock in this way switches back to normal mode if it is the last one or has not
waited long.

As in Go, the state changes in stretches of code that nothing interrupts (see step.py); goroutines wait for
the semaphore.

Invariants
- `_waiters` is the number of goroutines that wait.  It does not include the one that was woken in normal
  mode, but it does include the one that the lock is being handed to.
- `_woken`: a waiter was woken in normal mode and has not run yet.  Until it has, unlock wakes no other.
- `_starving`: starvation mode.  At least one goroutine waits; the lock is free only during a handoff.
"""

from __future__ import annotations

from typing import Final, final

from ..error import Panic
from .proc import end_slice, getg, poll_point, running
from .sema import Sema
from .state import public, sched

# A waiter that has waited longer, in ns, switches to starvation mode.
STARVATION: Final = 1_000_000


@final
@public("gochan.sync")
class Mutex:
    """A mutual exclusion lock: Go's sync.Mutex.  `with mu:` locks it for a block.

    It is not bound to a goroutine: one may lock it and another unlock it.  It is not reentrant: a goroutine
    that locks it twice waits forever.

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

    __slots__ = ("_locked", "_of_rwmutex", "_sema", "_starving", "_traced", "_waiters", "_woken")

    def __init__(self) -> None:
        self._locked: bool = False
        self._woken: bool = False
        self._starving: bool = False
        self._waiters: int = 0
        self._sema: Sema = Sema()
        # Its number in recordings, or its RWMutex's; 0: none yet.
        self._traced: int = 0
        self._of_rwmutex: bool = False

    def lock(self) -> None:
        """Lock the mutex, waiting until it is free: Go's Mutex.Lock."""
        if self._locked or self._starving:
            self._lock_slow()
        else:
            self._locked = True

    def try_lock(self) -> bool:
        """Lock the mutex if it is free, and return whether it was: Go's Mutex.TryLock."""
        if self._locked or self._starving:
            poll_point()
            return False
        self._locked = True
        return True

    def unlock(self) -> None:
        """Unlock the mutex: Go's Mutex.Unlock.  Raises `Panic` if it is not locked."""
        s = sched
        if not self._locked:
            if s.ending:
                # When the program ends, a Cond.wait may return without the lock.
                return
            raise Panic("sync: unlock of unlocked mutex")
        # This and the decision whom to wake are one stretch, so that no other thread takes the lock in
        # between.
        self._locked = False
        if self._waiters:
            if self._starving:
                self._sema.release(True)
            elif not self._woken:
                self._waiters -= 1
                self._woken = True
                self._sema.release()
        s.polls += 1
        if not s.polls & 63:
            end_slice()

    def __enter__(self) -> None:
        """Lock it."""
        self.lock()

    def __exit__(self, kind: object, value: object, traceback: object, /) -> None:
        """Unlock it."""
        self.unlock()

    def __repr__(self) -> str:
        state = "locked" if self._locked else "unlocked"
        return f"<Mutex {state} waiters={self._waiters} at {id(self):#x}>"

    def _lock_slow(self) -> None:
        gp = running() or getg()
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
            try:
                if not again:
                    began = sched.timers.now()
                self._sema.acquire(gp, "sync.Mutex.Lock", again, self)
                starving = starving or sched.timers.now() - began > STARVATION
            except BaseException:
                self._leave(gp._success)
                raise
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

    def _leave(self, woken: bool) -> None:
        """End a wait because of an exception; if the caller was woken, wake the next waiter instead."""
        if woken and not self._starving:
            self._woken = False
            if self._waiters and not self._locked:
                self._waiters -= 1
                self._woken = True
                self._sema.release()
            return
        self._waiters -= 1
        if self._waiters == 0:
            self._starving = False
        if woken:
            self._locked = True
            self.unlock()
