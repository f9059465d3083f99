"""Barriers at which all wait for the last: of a Cond, of two channels, and of a WaitGroup a round."""

from typing import NoReturn, Protocol

from gochan import Chan, defer, defers, go, run, runtime, sync


class Barrier(Protocol):
    def wait(self, who: int) -> None: ...


class CondBarrier:
    def __init__(self, n: int) -> None:
        self.mu = sync.Mutex()
        self.cond = sync.Cond(self.mu)
        self.n = n
        self.here = self.turn = 0

    @defers
    def wait(self, who: int) -> None:
        self.mu.lock()
        defer(self.mu.unlock)
        turn = self.turn
        self.here += 1
        if self.here == self.n:
            print(who, "is the last of turn", turn)
            self.here = 0
            self.turn += 1
            self.cond.broadcast()
            return
        while turn == self.turn:
            self.cond.wait()


class ChanBarrier:
    def __init__(self) -> None:
        self.arrive, self.leave = Chan[int](), Chan[int]()

    def serve(self, n: int) -> NoReturn:
        while True:
            for _ in range(n):
                self.arrive.recv()
            print("all have arrived")
            for i in range(n):
                self.leave << i

    def wait(self, who: int) -> None:
        self.arrive << who
        print(who, "leaves as number", self.leave.recv())


def try_barrier(name: str, b: Barrier, n: int) -> None:
    print(name)
    wg = sync.WaitGroup()

    def work(i: int) -> None:
        for round in range(3):
            for _ in range(i % 3):
                runtime.gosched()
            print(i, "is done with round", round)
            b.wait(i)

    for i in range(n):
        wg.go(work, i)
    wg.wait()


def generation(world: list[str]) -> list[str]:
    """Compute the next generation of the game of life, a goroutine a row."""
    n = len(world)
    next = [""] * n
    rows = sync.WaitGroup()

    def alive(x: int, y: int) -> bool:
        return world[y % n][x % n] == "#"

    def compute(y: int) -> None:
        for x in range(n):
            around = sum(alive(x + dx, y + dy) for dy in (-1, 0, 1) for dx in (-1, 0, 1)) - alive(x, y)
            next[y] += "#" if around == 3 or (around == 2 and alive(x, y)) else "."
        print("row", y, "is ready")

    for y in range(n):
        rows.go(compute, y)
    rows.wait()
    return next


def main() -> None:
    try_barrier("a condition", CondBarrier(4), 4)
    channels = ChanBarrier()
    go(channels.serve, 4)
    try_barrier("channels", channels, 4)

    world = ["......", "..#...", "...#..", ".###..", "......", "......"]
    for _ in range(3):
        world = generation(world)
        print(*world, sep="\n")


if __name__ == "__main__":
    run(main)
