"""More goroutines yield than the local run queue holds: they come back from the global one in batches."""

from gochan import Chan, close, defer, go, run, runtime, sync


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


def main() -> None:
    align()
    n = 700
    wg = sync.WaitGroup()
    ready = 0
    start = Chan[bool]()

    def work(i: int) -> None:
        nonlocal ready
        defer(wg.done)
        ready += 1
        if ready == n:
            close(start)
        start.recv()
        for round in range(3):
            print(i, round)
            runtime.gosched()

    for i in range(n):
        wg.add(1)
        go(work, i)
    wg.wait()


if __name__ == "__main__":
    run(main)
