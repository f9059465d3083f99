"""The locks of the model: those of Go's package sync, as a World calls them.

What their documentation leaves open is taken from Go's source: who is woken, and that a wake-up is no lock
yet but the leave to look again, while others may come first.

- An operation that may wait takes the goroutine and the time, and returns whether it is through.
- `pending` names those who were woken and have not run yet; `resume` is what one of them does next.
- Misuse raises FaultError, and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MILLISECOND = 1_000_000
# A mutex's waiter that has waited for longer gets it handed over.
STARVATION = MILLISECOND


class FaultError(Exception):
    """A lock is misused: the operation panics."""


@dataclass
class Semaphore:
    """What the locks wait at: a number of leaves, and who waits for one, first come, first served.

    A release wakes the first, but whoever asks before that one has run may take the leave; then it waits
    again.  Handed over, the leave is its own.
    """

    free: int = 0
    queue: list[int] = field(default_factory=list)
    woken: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)

    def copy(self) -> Semaphore:
        return Semaphore(self.free, self.queue[:], self.woken[:], self.owners[:])

    def acquire(self, g: int, in_front: bool = False) -> bool:
        if self.free:
            self.free -= 1
            return True
        self.queue.insert(0 if in_front else len(self.queue), g)
        return False

    def release(self, hand_over: bool = False) -> None:
        if not self.queue:
            self.free += 1
        elif hand_over:
            self.owners.append(self.queue.pop(0))
        else:
            self.woken.append(self.queue.pop(0))
            self.free += 1

    def pending(self) -> list[int]:
        """Those who were woken and have not run yet."""
        return self.woken + self.owners

    def resume(self, g: int, in_front: bool = False) -> bool:
        if g in self.owners:
            self.owners.remove(g)
            return True
        self.woken.remove(g)
        return self.acquire(g, in_front)


@dataclass
class Mutex:
    """Normal mode: unlock wakes the first waiter; it competes with newcomers, and waits in front if it loses.

    If it has waited for long when it loses, starving mode: unlock hands the lock over, and newcomers wait.
    """

    locked: bool = False
    starving: bool = False
    # Somebody was woken to compete; until it has run, unlock wakes nobody else.
    competing: bool = False
    waiters: int = 0
    since: dict[int, int] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)
    sema: Semaphore = field(default_factory=Semaphore)

    def copy(self) -> Mutex:
        return Mutex(
            self.locked, self.starving, self.competing, self.waiters,
            dict(self.since), set(self.lost), self.sema.copy(),
        )  # fmt: skip

    def lock(self, g: int, now: int) -> bool:
        if self.try_lock():
            return True
        self.since[g] = now
        self.waiters += 1
        return self.sema.acquire(g) and self._compete(g, now)

    def try_lock(self) -> bool:
        if self.locked or self.starving:
            return False
        self.locked = True
        return True

    def unlock(self) -> None:
        if not self.locked:
            raise FaultError("sync: unlock of unlocked mutex")
        self.locked = False
        if self.starving:
            self.sema.release(hand_over=True)
        elif self.waiters and not self.competing:
            self.waiters -= 1
            self.competing = True
            self.sema.release()

    def pending(self) -> list[int]:
        return self.sema.pending()

    def resume(self, g: int, now: int) -> bool:
        return self.sema.resume(g, g in self.lost) and self._compete(g, now)

    def _compete(self, g: int, now: int) -> bool:
        late = now - self.since[g] > STARVATION
        if self.starving:
            self.waiters -= 1
            self.starving = late and self.waiters > 0
        else:
            self.competing = False
            if self.locked:
                self.starving = late
                self.lost.add(g)
                self.waiters += 1
                return self.sema.acquire(g, in_front=True) and self._compete(g, now)
        self.locked = True
        self.lost.discard(g)
        del self.since[g]
        return True


@dataclass
class RWMutex:
    """A writer that comes keeps new readers out and waits for the others; leaving, it lets all in."""

    writers: Mutex = field(default_factory=Mutex)
    # A writer is in, or, with readers `departing`, waits for those to leave.
    writer: bool = False
    departing: int = 0
    # Those who read, and those who wait to.
    readers: int = 0
    reading: Semaphore = field(default_factory=Semaphore)
    writing: Semaphore = field(default_factory=Semaphore)

    def copy(self) -> RWMutex:
        return RWMutex(
            self.writers.copy(), self.writer, self.departing,
            self.readers, self.reading.copy(), self.writing.copy(),
        )  # fmt: skip

    def rlock(self, g: int, now: int) -> bool:
        self.readers += 1
        return not self.writer or self.reading.acquire(g)

    def try_rlock(self) -> bool:
        if self.writer:
            return False
        self.readers += 1
        return True

    def runlock(self) -> None:
        if self.readers == 0 or (self.writer and self.departing == 0):
            raise FaultError("sync: RUnlock of unlocked RWMutex")
        self.readers -= 1
        if self.writer:
            self.departing -= 1
            if self.departing == 0:
                self.writing.release()

    def lock(self, g: int, now: int) -> bool:
        return self.writers.lock(g, now) and self._keep_readers_out(g)

    def try_lock(self) -> bool:
        if self.readers or not self.writers.try_lock():
            return False
        self.writer = True
        return True

    def unlock(self) -> None:
        if not self.writer or self.departing:
            raise FaultError("sync: Unlock of unlocked RWMutex")
        self.writer = False
        for _ in range(self.readers):
            self.reading.release()
        self.writers.unlock()

    def pending(self) -> list[int]:
        return self.writers.pending() + self.reading.pending() + self.writing.pending()

    def resume(self, g: int, now: int) -> bool:
        if g in self.writers.pending():
            return self.writers.resume(g, now) and self._keep_readers_out(g)
        return (self.reading if g in self.reading.pending() else self.writing).resume(g)

    def _keep_readers_out(self, g: int) -> bool:
        self.writer = True
        self.departing = self.readers
        return self.departing == 0 or self.writing.acquire(g)


@dataclass
class WaitGroup:
    """Who waits goes on when the counter is zero; if it has been used again by then, that is a fault."""

    counter: int = 0
    waiters: int = 0
    sema: Semaphore = field(default_factory=Semaphore)

    def copy(self) -> WaitGroup:
        return WaitGroup(self.counter, self.waiters, self.sema.copy())

    def add(self, delta: int) -> None:
        if self.counter + delta < 0:
            raise FaultError("sync: negative WaitGroup counter")
        self.counter += delta
        if self.counter == 0:
            for _ in range(self.waiters):
                self.sema.release()
            self.waiters = 0

    def done(self) -> None:
        self.add(-1)

    def wait(self, g: int, now: int) -> bool:
        if self.counter == 0:
            return True
        self.waiters += 1
        return self.sema.acquire(g) and self._check()

    def pending(self) -> list[int]:
        return self.sema.pending()

    def resume(self, g: int, now: int) -> bool:
        return self.sema.resume(g) and self._check()

    def _check(self) -> bool:
        if self.counter or self.waiters:
            raise FaultError("sync: WaitGroup is reused before previous Wait has returned")
        return True


Lock = Mutex | RWMutex | WaitGroup
