"""Dining philosophers, each with a fork on either side: forks are mutexes, and the lower is taken first."""

from typing import NamedTuple

from gochan import Chan, run, runtime, sync


class Philosopher(NamedTuple):
    name: str
    first: int
    second: int


def main() -> None:
    names = ["Ada", "Bo", "Cy", "Di", "Ed"]
    forks = [sync.Mutex() for _ in names]
    wg = sync.WaitGroup()
    mu = sync.Mutex()
    meals = dict.fromkeys(names, 0)

    def dine(p: Philosopher) -> None:
        for _ in range(3):
            print(p.name, "is hungry")
            with forks[p.first]:
                print(p.name, "has fork", p.first)
                runtime.gosched()
                with forks[p.second]:
                    print(p.name, "eats with", p.first, "and", p.second)
                    with mu:
                        meals[p.name] += 1
        print(p.name, "is full")

    for i, name in enumerate(names):
        left, right = i, (i + 1) % len(names)
        wg.go(dine, Philosopher(name, min(left, right), max(left, right)))
    wg.wait()
    for name in names:
        print(name, "had", meals[name])

    # The same with a waiter, who lets one fewer sit down than there are forks, and forks that are channels.
    print("with a waiter")
    seats = Chan[bool](len(names) - 1)
    table = [Chan[bool](1) for _ in names]
    for fork in table:
        fork << True

    def dine_with_waiter(name: str, left: Chan[bool], right: Chan[bool]) -> None:
        for meal in range(2):
            seats << True
            print(name, "sits down beside", len(seats) - 1)
            left.recv()
            right.recv()
            print(name, "eats meal", meal)
            right << True
            left << True
            seats.recv()
            print(name, "gets up")

    for i, name in enumerate(names):
        wg.go(dine_with_waiter, name, table[i], table[(i + 1) % len(names)])
    wg.wait()


if __name__ == "__main__":
    run(main)
