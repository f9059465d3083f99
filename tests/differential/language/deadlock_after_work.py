"""A deadlock that comes late: a WaitGroup that is added to once too often, and an empty select."""

from gochan import defer, go, run, select, sync, time


def main() -> None:
    wg = sync.WaitGroup()
    wg.add(3)

    def work(i: int) -> None:
        defer(wg.done)
        time.sleep((i + 1) * 5 * time.MILLISECOND)
        print("done", i)

    for i in range(2):
        go(work, i)
    go(select)
    wg.wait()


if __name__ == "__main__":
    run(main)
