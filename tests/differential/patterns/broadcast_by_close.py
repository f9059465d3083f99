"""A close tells everybody at once, and stays told: a starting gun, a latch, an event that repeats."""

from gochan import Chan, RecvChan, close, defer, defers, recover, run, runtime, sync


class Latch:
    """Opens after n calls of down."""

    def __init__(self, n: int) -> None:
        self.mu = sync.Mutex()
        self.n = n
        self.open = Chan[None]()

    def down(self) -> None:
        with self.mu:
            self.n -= 1
            if self.n == 0:
                close(self.open)


class Event:
    """Wakes all who wait for it, again and again: each time with a new channel."""

    def __init__(self) -> None:
        self.mu = sync.Mutex()
        self.c = Chan[None]()

    @defers
    def next(self) -> RecvChan[None]:
        self.mu.lock()
        defer(self.mu.unlock)
        return self.c

    @defers
    def fire(self) -> None:
        self.mu.lock()
        defer(self.mu.unlock)
        self.c.close()
        self.c = Chan[None]()


class Promise:
    """Is kept once, for whoever asks, before and after."""

    def __init__(self) -> None:
        self.done = Chan[None]()
        self.value = ""

    def keep(self, value: str) -> None:
        self.value = value
        close(self.done)

    def get(self) -> str:
        self.done.recv()
        return self.value


def main() -> None:
    wg = sync.WaitGroup()
    gun = Chan[None]()
    finish = Chan[int](6)

    def runner(i: int) -> None:
        print("runner", i, "is ready")
        _, open = gun.recv_ok()
        print("runner", i, "starts", str(open).lower())
        finish << i

    for i in range(6):
        wg.go(runner, i)
    runtime.gosched()
    close(gun)
    print("bang")
    wg.wait()
    close(finish)
    for i in finish:
        print("arrived:", i)

    latch = Latch(3)

    def pass_through(i: int) -> None:
        if i % 2 == 0:
            print(i, "counts down")
            latch.down()
        latch.open.recv()
        print(i, "is through")

    for i in range(5):
        wg.go(pass_through, i)
    wg.wait()

    event = Event()

    def listen(i: int) -> None:
        for round in range(3):
            event.next().recv()
            print(i, "was told for the time", round)

    for i in range(3):
        wg.go(listen, i)
    for _ in range(3):
        runtime.gosched()
        event.fire()
        print("fired")
    wg.wait()

    p = Promise()
    for i in range(3):
        wg.go(lambda i=i: print(i, "gets", p.get()))
    runtime.gosched()
    p.keep("the answer")
    print("kept; main gets", p.get())
    wg.wait()
    defer(lambda: print("kept twice:", recover()))
    p.keep("another")


if __name__ == "__main__":
    run(main)
