from gochan import Chan, SendChan, close, go, run, sync


def add(part: list[int], sums: SendChan[int]) -> None:
    sums.send(sum(part))


def main() -> None:
    numbers = [3, 1, 4, 1, 5, 9]
    sums = Chan[int]()
    wg = sync.WaitGroup()
    for i in range(0, len(numbers), 2):
        wg.go(add, numbers[i : i + 2], sums)

    @go
    def _() -> None:
        wg.wait()
        close(sums)

    total = 0
    for s in sums:
        total += s
    print("total", total)


run(main)
