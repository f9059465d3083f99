"""Selects on both ends of a channel, one with a done channel beside, as a lazy generator has it."""

import itertools

from gochan import Chan, RecvChan, close, defer, go, recv, run, runtime, select, send


def squares(done: RecvChan[None]) -> RecvChan[int]:
    values = Chan[int]()

    @go
    def _() -> None:
        defer(print, "generator is done")
        defer(close, values)
        for n in itertools.count():
            match select(send(values, n * n), recv(done)):
                case 0, _, _:
                    print("sent", n * n)
                case _:
                    print("told to stop at", n)
                    return

    return values


def main() -> None:
    done = Chan[None]()
    never = Chan[str]()
    values = squares(done)
    for _ in range(6):
        match select(recv(values), recv(never)):
            case 0, v, _:
                print("got", v)
            case _, s, _:
                print("never printed", s)
    # The generator waits in its select again: with both cases ready, chance would choose.
    runtime.gosched()
    close(done)
    for v in values:
        print("one more", v)
    done = Chan[None]()
    gates = [Chan[int]() for _ in range(3)]

    @go
    def guard() -> None:
        for i in range(9):
            match select(send(gates[i % 3], i)):
                case _:
                    print("through gate", i % 3)
        close(done)

    while True:
        match select(recv(gates[0]), recv(gates[1]), recv(gates[2]), recv(done)):
            case 3, _, _:
                break
            case i, v, _:
                print(f"gate {i}: {v}")


if __name__ == "__main__":
    run(main)
