"""A Cond: who waited longest is signalled first; a broadcast wakes all; each has to get the lock again."""

from gochan import defer, run, runtime, sync


def main() -> None:
    mu = sync.Mutex()
    wg = sync.WaitGroup()
    cond = sync.Cond(mu)
    cond.signal()
    cond.broadcast()
    tokens = 0

    def take(i: int) -> None:
        nonlocal tokens
        mu.lock()
        defer(mu.unlock)
        while tokens == 0:
            print(i, "waits")
            cond.wait()
        tokens -= 1
        print(i, "takes a token and leaves", tokens)

    for i in range(8):
        wg.go(take, i)
    runtime.gosched()
    for _ in range(2):
        with mu:
            tokens += 1
        cond.signal()
        print("one was signalled")
    runtime.gosched()
    mu.lock()
    tokens = 2
    cond.signal()
    cond.signal()
    print("two were signalled under the lock")
    runtime.gosched()
    mu.unlock()
    print("unlocked")
    runtime.gosched()
    tokens = 1
    cond.broadcast()
    print("a broadcast for one token")
    runtime.gosched()
    tokens = 3
    cond.signal()
    cond.broadcast()
    print("a broadcast for all")
    wg.wait()

    turn = 0

    def player(i: int) -> None:
        nonlocal turn
        cond.l.lock()
        for round in range(3):
            while turn % 3 != i:
                cond.wait()
            print("it is the turn of", i, "in round", round)
            turn += 1
            cond.broadcast()
        cond.l.unlock()

    for i in range(3):
        wg.go(player, i)
    wg.wait()


if __name__ == "__main__":
    run(main)
