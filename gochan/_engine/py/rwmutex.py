"""RWMutex (Go's sync/rwmutex.go).

A writer that arrives keeps later readers out, and waits until the earlier readers have left.  When it
unlocks, all waiting readers get the lock, and only then the next writer.  So neither side starves the other.

Invariants
- `_writer`: a writer holds the lock, or waits for the earlier readers to leave.  That writer holds `_mutex`.
- `_readers` is the number of readers that hold the lock and, while `_writer` is set, of those that wait for
  it.
- `_departing` is the number of readers that the writer waits for.  When it is 0, the writer holds the lock.
- In a forked child, `_adopt` drops what waits in the parent before `_writer` or a semaphore is relied on.
"""

from __future__ import annotations

from typing import final

from ..error import Panic
from .mutex import Mutex
from .proc import end_slice, getg, poll_point
from .sema import Sema
from .state import public, sched


@final
@public("gochan.sync")
class RWMutex:
    """A lock that can be held by many readers or by one writer: Go's sync.RWMutex.

    `with rw:` locks it for writing, `with rw.rlocker():` for reading.  It is not reentrant: a reader that
    locks it again, after a writer has begun to wait, waits forever.

    >>> from gochan import run, sync
    >>> def main() -> None:
    ...     rw = sync.RWMutex()
    ...     with rw.rlocker():
    ...         print(rw.try_rlock(), rw.try_lock())
    ...     rw.runlock()
    ...     with rw:
    ...         print(rw.try_rlock())
    >>> run(main)
    True False
    False
    """

    __slots__ = ("_departing", "_mutex", "_process", "_readers", "_reading", "_writer", "_writing")

    def __init__(self) -> None:
        self._mutex: Mutex = Mutex()
        self._mutex._of_rwmutex = True
        self._writer: bool = False
        self._readers: int = 0
        self._departing: int = 0
        # The first program of the process that it was last adopted in.
        self._process: int = 0
        # The semaphores that readers wait for, and that the writer waits for.
        self._reading: Sema = Sema()
        self._writing: Sema = Sema()

    def rlock(self) -> None:
        """Lock for reading, waiting while a writer holds the lock or waits for it: Go's RWMutex.RLock."""
        if not self._writer:
            self._readers += 1
            return
        gp = getg()
        self._adopt()
        if not self._writer:
            self._readers += 1
            return
        self._readers += 1
        try:
            self._reading.acquire(gp, "sync.RWMutex.RLock", of=self._mutex)
        except BaseException:
            if gp._success:
                self.runlock()
            else:
                self._readers -= 1
            raise

    def try_rlock(self) -> bool:
        """Lock for reading if that needs no waiting, and return whether it did: Go's RWMutex.TryRLock."""
        self._adopt()
        if self._writer:
            poll_point()
            return False
        self._readers += 1
        return True

    def runlock(self) -> None:
        """Undo one `rlock`: Go's RWMutex.RUnlock.  Raises `Panic` if it is not locked for reading."""
        s = sched
        if self._writer:
            self._adopt()
        if self._readers == 0 or (self._writer and self._departing == 0):
            if s.ending:
                # When the program ends, a Cond.wait may return without the lock.
                return
            raise Panic("sync: RUnlock of unlocked RWMutex")
        self._readers -= 1
        if self._writer:
            self._departing -= 1
            if self._departing == 0:
                self._writing.release()
        s.polls += 1
        if not s.polls & 63:
            end_slice()

    def lock(self) -> None:
        """Lock for writing, waiting until no reader or other writer holds the lock: Go's RWMutex.Lock."""
        self._adopt()
        self._mutex.lock()
        self._writer = True
        self._departing = self._readers
        if self._departing:
            try:
                self._writing.acquire(getg(), "sync.RWMutex.Lock", of=self._mutex)
            except BaseException:
                self._leave()
                raise

    def try_lock(self) -> bool:
        """Lock for writing if the lock is free, and return whether it was: Go's RWMutex.TryLock."""
        self._adopt()
        if not self._mutex.try_lock():
            return False
        if self._readers:
            self._mutex.unlock()
            return False
        self._writer = True
        return True

    def unlock(self) -> None:
        """Undo a `lock`: Go's RWMutex.Unlock.  Raises `Panic` if it is not locked for writing."""
        self._adopt()
        if not self._writer or self._departing:
            if sched.ending:
                return
            raise Panic("sync: Unlock of unlocked RWMutex")
        self._leave()

    def rlocker(self) -> RLocker:
        """Return a Locker whose lock and unlock are this lock's rlock and runlock: Go's RWMutex.RLocker."""
        locker: RLocker = object.__new__(RLocker)
        locker._rw = self
        return locker

    def __enter__(self) -> None:
        """Lock it for writing."""
        self.lock()

    def __exit__(self, kind: object, value: object, traceback: object, /) -> None:
        """Unlock it."""
        self.unlock()

    def __repr__(self) -> str:
        return f"<RWMutex {self._state()} at {id(self):#x}>"

    def _state(self) -> str:
        """Describe the state for the reprs."""
        writer, readers, departing = self._writer, self._readers, self._departing
        holding = departing if writer else readers
        waiting = self._mutex._waiters + readers - holding + (writer and holding > 0)
        state = "rlocked" if holding else "locked" if writer else "unlocked"
        return f"{state} readers={holding} waiters={waiting}"

    def _adopt(self) -> None:
        """In a forked child, drop the goroutines that wait in the parent, or were woken there.

        What a goroutine held when the process forked stays locked.
        """
        process = sched.first_program
        if self._process == process:
            return
        reading, writing, mutex = self._reading, self._writing, self._mutex
        # One stretch: see step.py.
        self._process = process
        if self._writer:
            self._readers = self._departing
        self._readers -= reading._value
        reading._value = 0
        if self._writer and (self._departing or writing._value):
            self._writer = mutex._locked = False
            self._departing = writing._value = 0
        mutex._waiters = mutex._sema._value = 0
        mutex._woken = mutex._starving = False

    def _leave(self) -> None:
        """Unlock for writing: wake all waiting readers, and then the next writer."""
        waiting = self._readers - self._departing
        self._writer = False
        self._departing = 0
        while waiting:
            waiting -= 1
            self._reading.release()
        self._mutex.unlock()


@final
@public("gochan.sync")
class RLocker:
    """The Locker that RWMutex.rlocker returns: its lock and unlock are the RWMutex's rlock and runlock."""

    __slots__ = ("_rw",)

    _rw: RWMutex

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TypeError("an RLocker is made by RWMutex.rlocker()")

    def __repr__(self) -> str:
        return f"<RLocker {self._rw._state()} at {id(self):#x}>"

    def lock(self) -> None:
        """Lock it for reading: see RWMutex.rlock."""
        self._rw.rlock()

    def unlock(self) -> None:
        """Undo one lock: see RWMutex.runlock."""
        self._rw.runlock()

    def __enter__(self) -> None:
        """Lock it for reading."""
        self._rw.rlock()

    def __exit__(self, kind: object, value: object, traceback: object, /) -> None:
        """Undo one lock."""
        self._rw.runlock()
