"""Two sorted streams are merged: a stream that has ended is set to nil, and its case is never ready again."""

from gochan import Chan, close, defer, go, recv, run, select, send


def numbers(first: int, step: int, n: int) -> Chan[int]:
    c = Chan[int]()

    @go
    def _() -> None:
        defer(close, c)
        for i in range(n):
            c << first + i * step

    return c


def main() -> None:
    evens, odds = numbers(0, 2, 10), numbers(1, 2, 4)
    merged = Chan[int](3)
    finished = Chan[bool]()

    @go
    def _() -> None:
        for n in merged:
            print("merged", n)
        finished << True

    # One case at a time can be ready: the one whose turn it is.
    turn: Chan[int] | None = evens
    other: Chan[int] | None = odds
    pending: int | None = None
    while turn or other or pending is not None:
        value = 0
        target: Chan[int] | None = None
        if pending is not None:
            value, target = pending, merged
        elif turn is None:
            turn, other = other, None
        source = turn if pending is None else None
        match select(send(target, value), recv(source)):
            case 0, _, _:
                print("handed on", value)
                pending = None
                turn, other = other, turn
            case 1, v, ok:
                if not ok:
                    print("one has ended")
                    turn = None
                    continue
                print("got", v)
                pending = v
    close(merged)
    finished.recv()


if __name__ == "__main__":
    run(main)
