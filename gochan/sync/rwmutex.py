"""RWMutex (Go's sync/rwmutex.go).

A writer that comes keeps later readers out, and waits until the earlier ones have left.  When it unlocks, all
readers that wait come in, and only then the next writer: neither side starves the other.

Invariants
- `_writer`: a writer holds the lock, or waits for the readers before it to leave.  It holds `_mutex`.
- `_readers` counts the readers that hold the lock and, while `_writer`, those that wait for it.
- `_departing` counts the readers that the writer waits for; once it is 0 the lock is the writer's.
"""

from __future__ import annotations

from typing import NoReturn, final

from ..runtime.error import Panic
from ..runtime.polled import Polled
from ..runtime.proc import blocker
from ..runtime.runtime2 import sched
from ..runtime.sema import Sema
from .mutex import Mutex


@final
class RWMutex(Polled):
    """A lock that many readers or one writer can hold: Go's sync.RWMutex.

    `with rw:` locks it for writing, `with rw.rlocker():` for reading.  A reader that locks it again while a
    writer waits in between waits for ever.

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

    __slots__ = ("_departing", "_mutex", "_readers", "_reading", "_writer", "_writing")

    def __init__(self) -> None:
        super().__init__()
        self._mutex: Mutex = Mutex()
        self._writer: bool = False
        self._readers: int = 0
        self._departing: int = 0
        # Where readers wait, and where the writer does.
        self._reading: Sema = Sema()
        self._writing: Sema = Sema()

    def rlock(self) -> None:
        """Lock it for reading, waiting until no writer holds it or came before: Go's RWMutex.RLock."""
        if not self._writer:
            self._readers += 1
            return
        gp = blocker()
        self._readers += 1
        try:
            self._reading.acquire(gp, "sync.RWMutex.RLock")
        except BaseException:
            if gp.success:
                self.runlock()
            else:
                self._readers -= 1
            raise

    def try_rlock(self) -> bool:
        """Lock it for reading if that needs no waiting, and tell whether it did: Go's RWMutex.TryRLock."""
        if self._writer:
            self._poll()
            return False
        self._readers += 1
        return True

    def runlock(self) -> None:
        """Undo one rlock; Panic if it is not locked for reading.  Go's RWMutex.RUnlock."""
        if self._readers == 0 or (self._writer and self._departing == 0):
            if sched.ending:
                # A Cond's wait that the program's end cuts short cannot always take the lock back.
                return
            raise Panic("sync: RUnlock of unlocked RWMutex")
        self._readers -= 1
        if self._writer:
            self._departing -= 1
            if self._departing == 0:
                self._writing.release()
        self._poll()

    def lock(self) -> None:
        """Lock it for writing, waiting until all who came before have left: Go's RWMutex.Lock."""
        self._mutex.lock()
        self._writer = True
        self._departing = self._readers
        if self._departing:
            try:
                self._writing.acquire(blocker(), "sync.RWMutex.Lock")
            except BaseException:
                self._leave()
                raise

    def try_lock(self) -> bool:
        """Lock it for writing if it is free, and tell whether that was so: Go's RWMutex.TryLock."""
        if not self._mutex.try_lock():
            return False
        if self._readers:
            self._mutex.unlock()
            return False
        self._writer = True
        return True

    def unlock(self) -> None:
        """Undo a lock; Panic if it is not locked for writing.  Go's RWMutex.Unlock."""
        if not self._writer or self._departing:
            if sched.ending:
                return
            raise Panic("sync: Unlock of unlocked RWMutex")
        self._leave()

    def rlocker(self) -> RLocker:
        """Give a Locker whose lock and unlock are this one's rlock and runlock: Go's RWMutex.RLocker."""
        return RLocker(self)

    def __enter__(self) -> None:
        self.lock()

    def __exit__(self, kind: object, value: object, traceback: object) -> None:
        self.unlock()

    def __reduce__(self) -> NoReturn:
        raise TypeError("an RWMutex cannot be pickled or copied: share the one that there is")

    def _leave(self) -> None:
        """Let in the readers that wait, and then the next writer."""
        waiting = self._readers - self._departing
        self._writer = False
        self._departing = 0
        while waiting:
            waiting -= 1
            self._reading.release()
        self._mutex.unlock()


@final
class RLocker:
    """The reading side of an RWMutex, as a Locker: what its rlocker gives."""

    __slots__ = ("_rw",)

    def __init__(self, rw: RWMutex) -> None:
        self._rw = rw

    def lock(self) -> None:
        """See RWMutex.rlock."""
        self._rw.rlock()

    def unlock(self) -> None:
        """See RWMutex.runlock."""
        self._rw.runlock()

    def __enter__(self) -> None:
        self._rw.rlock()

    def __exit__(self, kind: object, value: object, traceback: object) -> None:
        self._rw.runlock()
