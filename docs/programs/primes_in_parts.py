from gochan import Chan, close, go, run, sync


def count_primes(start: int, end: int) -> int:
    count = 0
    for n in range(max(start, 2), end):
        d = 2
        while d * d <= n and n % d != 0:
            d += 1
        if d * d > n:
            count += 1
    return count


def main() -> None:
    counts = Chan[int]()
    wg = sync.WaitGroup()

    def part(start: int) -> None:
        counts << count_primes(start, start + 100)

    for start in range(0, 400, 100):
        wg.go(part, start)

    @go
    def _() -> None:
        wg.wait()
        close(counts)

    total = 0
    for count in counts:
        total += count
        print(count, "primes,", total, "in all")


run(main)
