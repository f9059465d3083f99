"""What a channel says of itself, open, filled, closed and drained."""

from typing import TypeVar

from gochan import Chan, cap, close, default, recv, run, select, send

T = TypeVar("T")


def lower(b: bool) -> str:
    return str(b).lower()


def show(name: str, c: Chan[T]) -> None:
    v, ok = c.recv_ok()
    print(f"{name}: {v} {lower(ok)}, then {c.recv()}")


def main() -> None:
    numbers = Chan[int](3)
    print(len(numbers), cap(numbers))
    numbers << 7
    numbers << 8
    print(len(numbers), cap(numbers))
    close(numbers)
    print(len(numbers), cap(numbers))
    show("numbers", numbers)
    show("drained", numbers)
    print(len(numbers), cap(numbers))

    empty = Chan[int]()
    close(empty)
    show("empty", empty)
    for _ in empty:
        print("never printed")

    floats, flags, words = Chan[float](), Chan[bool](), Chan[str]()
    close(floats)
    close(flags)
    close(words)
    f, b, w = floats.recv(), flags.recv(), words.recv()
    print(f'{f:.1f} {lower(b)} "{w}"')

    match select(recv(empty), default):
        case 0, v, ok:
            print("a closed channel is always ready:", v, lower(ok))
        case _:
            print("never printed")
    missing: Chan[int] | None = None
    print(0, cap(missing))
    match select(send(missing, 1), recv(missing), default):
        case 2, _, _:
            print("a nil channel is never ready")
        case _:
            print("never printed")


if __name__ == "__main__":
    run(main)
