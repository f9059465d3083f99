"""A goroutine that owns a map: each request carries the channel for its reply."""

from collections import Counter
from typing import NamedTuple

from gochan import Chan, RecvChan, cap, close, go, run, runtime, sync


class Request(NamedTuple):
    key: str
    add: int
    reply: Chan[int] | None


def owner(requests: RecvChan[Request]) -> None:
    counts = Counter[str]()
    for r in requests:
        counts[r.key] += r.add
        print("owner:", r.key, "is", counts[r.key])
        if r.reply is not None:
            r.reply << counts[r.key]
    print("owner: closed")


def main() -> None:
    requests = Chan[Request](2)
    go(owner, requests)
    wg = sync.WaitGroup()

    def client(i: int) -> None:
        reply = Chan[int]()
        key = "ab"[i % 2]
        for n in range(3):
            requests << Request(key, n, None)
            requests << Request(key, 10 * i, reply)
            print("client", i, "is told", reply.recv())

    for i in range(4):
        wg.go(client, i)
    print("goroutines:", runtime.num_goroutine())
    wg.wait()
    print("goroutines:", runtime.num_goroutine())
    close(requests)
    runtime.gosched()
    print("goroutines:", runtime.num_goroutine())

    channels = Chan[Chan[str]](1)

    @go
    def _() -> None:
        for c in channels:
            c << f"capacity {cap(c)}"
            close(c)

    for capacity in range(3):
        c = Chan[str](capacity)
        channels << c
        for s in c:
            print(s)


if __name__ == "__main__":
    run(main)
