"""Stages with buffers of different sizes between them: who runs ahead of whom, and by how much."""

from gochan import Chan, RecvChan, SendChan, close, defer, go, run


def stage(name: str, input: RecvChan[int], size: int) -> RecvChan[int]:
    next = Chan[int](size)

    @go
    def _() -> None:
        defer(close, next)
        for n in input:
            print(name, n, "with", len(input), "to come and", len(next), "ahead")
            next << n + 1
        print(name, "is done")

    return next


def produce(source: SendChan[int]) -> None:
    for n in range(15):
        source << 100 * n
    close(source)


def main() -> None:
    for sizes in (0, 0, 0), (1, 1, 1), (3, 0, 2), (0, 5, 1):
        print(f"sizes [{' '.join(map(str, sizes))}]")
        source = Chan[int](sizes[0])
        go(produce, source)
        for n in stage("third", stage("second", stage("first", source, sizes[1]), sizes[2]), 0):
            print("out", n)


if __name__ == "__main__":
    run(main)
