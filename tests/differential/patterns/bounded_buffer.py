"""Producers and consumers around a buffer of a mutex and two conditions; readers and writers of a board."""

from collections import deque
from typing import Generic, TypeVar

from gochan import defer, defers, run, runtime, sync

T = TypeVar("T")


class Buffer(Generic[T]):
    def __init__(self, limit: int) -> None:
        self.mu = sync.Mutex()
        self.not_full, self.not_empty = sync.new_cond(self.mu), sync.new_cond(self.mu)
        self.items = deque[T]()
        self.limit = limit
        self.closed = False

    @defers
    def put(self, who: str, item: T) -> None:
        self.mu.lock()
        defer(self.mu.unlock)
        while len(self.items) == self.limit:
            print(who, "waits for room")
            self.not_full.wait()
        self.items.append(item)
        self.not_empty.signal()

    @defers
    def get(self, who: str) -> tuple[T | None, bool]:
        self.mu.lock()
        defer(self.mu.unlock)
        while not self.items:
            if self.closed:
                return None, False
            print(who, "waits for an item")
            self.not_empty.wait()
        item = self.items.popleft()
        self.not_full.signal()
        return item, True

    def close(self) -> None:
        with self.mu:
            self.closed = True
        self.not_empty.broadcast()


def main() -> None:
    b = Buffer[str](2)
    producers, consumers = sync.WaitGroup(), sync.WaitGroup()

    def consume(who: str) -> None:
        while True:
            item, ok = b.get(who)
            if not ok:
                print(who, "goes home")
                return
            print(who, "has", item)

    def produce(i: int, who: str) -> None:
        for n in range(3):
            b.put(who, f"{i}.{n}")
            print(who, "has put", n)

    for i in range(2):
        consumers.go(consume, f"consumer {i}")
    for i in range(3):
        producers.go(produce, i, f"producer {i}")
    producers.wait()
    b.close()
    consumers.wait()

    board = sync.RWMutex()
    wg = sync.WaitGroup()
    text = "empty"

    def write(i: int) -> None:
        nonlocal text
        for n in range(2):
            with board:
                text = f"note {i}.{n}"
                print("writer", i, "writes", text)
                runtime.gosched()

    def read(i: int, r: int) -> None:
        for _ in range(2):
            with board.rlocker():
                print("reader", i, r, "reads", text)
            runtime.gosched()

    for i in range(3):
        wg.go(write, i)
        for r in range(2):
            wg.go(read, i, r)
    wg.wait()


if __name__ == "__main__":
    run(main)
