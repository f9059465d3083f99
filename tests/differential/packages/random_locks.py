"""Forty programs drawn by chance: goroutines that share mutexes, conditions, groups and semaphores."""

import gc
from collections.abc import Callable

from gochan import Chan, context, defer, go, run, runtime, semaphore, sync

state = 5


def draw(n: int) -> int:
    global state
    state = state * 16807 % 2147483647
    return state // 7 % n


def align() -> None:
    """Take turns until as many are behind it as ever.

    How many the runtime took before main varies in Go, and whoever is in the global queue comes out at every
    61st.
    """
    wg = sync.WaitGroup()
    ran = 0

    def turn() -> None:
        nonlocal ran
        ran += 1
        wg.done()

    def burn(n: int) -> None:
        wg.add(n)
        for _ in range(n):
            go(turn)

    burn(100)
    runtime.gosched()
    before = ran
    wg.wait()
    burn(before)
    wg.wait()


def pause(n: int) -> None:
    if n > 0:
        runtime.gosched()


class Program:
    def __init__(self) -> None:
        self.mu = sync.Mutex()
        self.rw = sync.RWMutex()
        self.cond = sync.Cond(self.mu)
        self.once = sync.Once()
        self.sem = semaphore.Weighted(3)
        self.wg = sync.WaitGroup()
        self.token = Chan[int](1)
        self.spawned = 0

    def start(self, steps: int) -> None:
        id = self.spawned
        self.spawned += 1
        self.wg.add(1)

        @go
        def _() -> None:
            defer(self.wg.done)
            for i in range(steps):
                self.take(lambda *words, i=i: print("goroutine", id, "step", i, *words), draw(14), draw(3))

    def take(self, say: Callable[..., None], what: int, n: int) -> None:
        if what < 2:
            with self.mu:
                say("locked")
                pause(n)
            say("unlocked")
        elif what < 3:
            if self.mu.try_lock():
                say("was free")
                pause(n)
                self.mu.unlock()
            else:
                say("was locked")
        elif what < 5:
            with self.rw.rlocker():
                say("reads")
                pause(n)
            say("has read")
        elif what < 6:
            with self.rw:
                say("writes")
                pause(n)
            say("has written")
        elif what < 7:
            if self.rw.try_rlock():
                say("may read")
                self.rw.runlock()
            if self.rw.try_lock():
                say("may write")
                self.rw.unlock()
        elif what < 8:
            with self.mu:
                say("waits")
                self.cond.wait()
                say("was told")
                pause(n)
        elif what < 9:
            say("signals")
            self.cond.signal()
        elif what < 10:
            say("tells all")
            self.cond.broadcast()
        elif what < 11:

            def first() -> None:
                say("is the first")
                pause(1)

            self.once.do(first)
            say("is not before the first")
        elif what < 12:
            self.sem.acquire(context.background(), 1 + n)
            say("holds", 1 + n)
            pause(n)
            self.sem.release(1 + n)
            say("released", 1 + n)
        elif what < 13:
            say("starts another")
            self.start(draw(3))
        else:
            self.token << n
            say("has the token")
            pause(n)
            self.token.recv()
            say("gave it back")


def main() -> None:
    align()
    for n in range(40):
        print("program", n)
        p = Program()
        for _ in range(2 + draw(4)):
            p.start(2 + draw(4))
        ended = False

        @go
        def _(p: Program = p) -> None:
            nonlocal ended
            p.wg.wait()
            print("all have ended")
            ended = True

        # Those that wait for a signal by then are told, as often as it takes.
        i = 0
        while not ended:
            runtime.gosched()
            if i > 20:
                p.cond.broadcast()
            i += 1
        print("spawned:", p.spawned)


if __name__ == "__main__":
    # As in the Go half: who waits for a collection waits too long for a Mutex.
    gc.disable()
    run(main)
