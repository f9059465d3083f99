"""A full run queue moves its older half to the global queue, and takes it back when it is empty."""

from gochan import go, run, runtime, sync


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
    for n in 255, 257, 258, 300, 1000:
        print(n, "goroutines")
        wg = sync.WaitGroup()

        def work(i: int, wg: sync.WaitGroup = wg) -> None:
            print(i)
            wg.done()

        for i in range(n):
            wg.add(1)
            go(work, i)
        wg.wait()


if __name__ == "__main__":
    run(main)
