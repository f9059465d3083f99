"""When the counter is zero all who wait are woken: in what order they run, and beside whom."""

from gochan import defer, go, recover, run, runtime, sync


def main() -> None:
    work, waiters = sync.WaitGroup(), sync.WaitGroup()
    work.add(3)

    def waiter(i: int) -> None:
        print("waiter", i, "waits")
        work.wait()
        print("waiter", i, "goes on")

    def worker(i: int) -> None:
        print("worker", i, "works")
        runtime.gosched()
        work.done()
        print("worker", i, "is done")

    for i in range(5):
        waiters.go(waiter, i)
    runtime.gosched()
    for i in range(3):
        waiters.go(worker, i)
    waiters.wait()
    print("all are done")

    work.add(2)
    work.add(-1)

    @go
    def _() -> None:
        print("used again")
        work.done()

    work.wait()
    work.wait()
    defer(lambda: print("panics:", recover()))
    work.done()


if __name__ == "__main__":
    run(main)
