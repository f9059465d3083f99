"""A Pool gives out first what was put in first, and then what was put in last."""

import gc
from dataclasses import dataclass

from gochan import run, runtime, sync


@dataclass
class Buffer:
    name: str
    uses: int = 0


def main() -> None:
    made = 0

    def make() -> Buffer:
        nonlocal made
        made += 1
        return Buffer(f"made {made}")

    pool = sync.Pool(new=make)
    empty = sync.Pool[object]()
    print("without New:", "<nil>" if empty.get() is None else "a value")
    empty.put(None)
    print("nil is not kept:", "<nil>" if empty.get() is None else "a value")
    for n in 1, 2, 5, 9:
        taken = []
        for _ in range(n):
            b = pool.get()
            b.uses += 1
            print("got", b.name, "for use", b.uses)
            taken.append(b)
        for b in taken:
            pool.put(b)
    wg = sync.WaitGroup()

    def work(i: int) -> None:
        for _ in range(3):
            b = pool.get()
            print("goroutine", i, "has", b.name)
            runtime.gosched()
            pool.put(b)

    for i in range(4):
        wg.go(work, i)
    wg.wait()
    while made < 12:
        print("left:", pool.get().name)


if __name__ == "__main__":
    # As in the Go half: a collection would empty the pool.
    gc.disable()
    run(main)
