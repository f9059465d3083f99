"""Goroutines that yield go to the end of the global queue, behind whoever is runnable."""

from gochan import defer, go, run, runtime, sync


def main() -> None:
    wg = sync.WaitGroup()

    def child(i: int) -> None:
        defer(wg.done)
        print("child of", i)
        runtime.gosched()
        print("child of", i, "again")

    def work(i: int) -> None:
        defer(wg.done)
        for round in range(4):
            print("goroutine", i, "round", round)
            if round == 1:
                wg.add(1)
                go(child, i)
            runtime.gosched()

    for i in range(6):
        wg.add(1)
        go(work, i)
    print("main yields")
    runtime.gosched()
    print("main waits")
    wg.wait()


if __name__ == "__main__":
    run(main)
