"""Who runs first: the last one started, then the others in the order of their go statements."""

from gochan import defer, go, run, sync


def nest(depth: int, name: str, wg: sync.WaitGroup) -> None:
    defer(wg.done)
    print("begin", name)
    if depth > 0:
        wg.add(2)
        go(nest, depth - 1, name + "l", wg)
        go(nest, depth - 1, name + "r", wg)
    print("end", name)


def main() -> None:
    wg = sync.WaitGroup()

    def work(i: int) -> None:
        defer(wg.done)
        print("goroutine", i)

    for i in range(10):
        wg.add(1)
        go(work, i)
    wg.wait()
    wg.add(1)
    go(nest, 4, ".", wg)
    wg.wait()


if __name__ == "__main__":
    run(main)
