"""Work that is done out of order, with results in order: promises, and a buffer for what came too early."""

from typing import NamedTuple

from gochan import Chan, RecvChan, close, defer, go, run, runtime, sync


def work(n: int) -> int:
    for _ in range(7 * n % 5):
        runtime.gosched()
    print("worked on", n)
    return n * n


def promised(n: int, ahead: int) -> RecvChan[int]:
    promises = Chan[Chan[int]](ahead)

    @go
    def _() -> None:
        defer(close, promises)
        for i in range(n):
            promise = Chan[int](1)
            promises << promise
            go(lambda i=i, promise=promise: promise << work(i))

    results = Chan[int]()

    @go
    def _() -> None:
        defer(close, results)
        for promise in promises:
            results << promise.recv()

    return results


class Numbered(NamedTuple):
    place: int
    value: int


def sort(source: RecvChan[Numbered]) -> RecvChan[int]:
    results = Chan[int]()

    @go
    def _() -> None:
        defer(close, results)
        early: dict[int, int] = {}
        next = 0
        for place, value in source:
            early[place] = value
            while next in early:
                results << early.pop(next)
                next += 1
            print("waiting for", next, "with", len(early), "too early")

    return results


def main() -> None:
    for result in promised(8, 2):
        print("result", result)

    todo, done = Chan[int](), Chan[Numbered]()
    wg = sync.WaitGroup()

    def worker(w: int) -> None:
        for n in todo:
            done << Numbered(n, work(n))
            print("worker", w, "has delivered", n)

    for w in range(3):
        wg.go(worker, w)

    @go
    def _() -> None:
        for n in range(8):
            todo << n
        close(todo)
        wg.wait()
        close(done)

    for result in sort(done):
        print("result", result)


if __name__ == "__main__":
    run(main)
