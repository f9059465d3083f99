"""The twin of examples/pipeline.py, with numbers that both halves draw from the same generator."""

from collections.abc import Callable

from gochan import Chan, RecvChan, close, defer, go
from gochan.port.lib import run

Stage = Callable[[Callable[[int], None]], None]


def start(s: Stage) -> RecvChan[int]:
    out = Chan[int]()

    @go
    def _() -> None:
        defer(close, out)

        def emit(n: int) -> None:
            out << n

        s(emit)

    return out


state = 42


def draw() -> int:
    global state
    state = state * 16807 % 2147483647
    return state % 100


def main() -> None:
    def s(emit: Callable[[int], None]) -> None:
        for _ in range(10):
            emit(draw())

    drawn = start(s)

    def s_2(emit: Callable[[int], None]) -> None:
        for n in drawn:
            emit(n + n)

    twice = start(s_2)

    def s_3(emit: Callable[[int], None]) -> None:
        for n in twice:
            if n >= 11:
                emit(n)

    large = start(s_3)
    for n in large:
        print("Value is", n)


if __name__ == "__main__":
    run(main)
