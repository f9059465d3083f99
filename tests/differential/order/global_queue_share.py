"""One goroutine in the global queue gets a turn in 61, however many are in the local one."""

from gochan import Chan, go, run, runtime


def main() -> None:
    n = 250
    turns = 0
    done = Chan[bool]()

    @go
    def watch() -> None:
        runtime.gosched()
        for _ in range(3):
            before = turns
            runtime.gosched()
            print("after", turns - before, "turns")

    def turn() -> None:
        nonlocal turns
        turns += 1
        if turns == n:
            done << True

    for _ in range(n):
        go(turn)
    done.recv()


if __name__ == "__main__":
    run(main)
