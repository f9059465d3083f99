"""Pipeline: each stage takes a channel, returns one, and processes the values in its own goroutine.

Here one stage makes random numbers, one doubles them, and one passes on only the values above ten.
"""

import random

from gochan import Chan, RecvChan, close, defer, go, run, time


def produce(num: int) -> RecvChan[int]:
    out = Chan[int]()

    @go
    def _() -> None:
        defer(close, out)
        for _ in range(num):
            out << random.randrange(100)

    return out


def double(input: RecvChan[int]) -> RecvChan[int]:
    out = Chan[int]()

    @go
    def _() -> None:
        defer(close, out)
        for value in input:
            out << value * 2

    return out


def filter_gt10(input: RecvChan[int]) -> RecvChan[int]:
    out = Chan[int]()

    @go
    def _() -> None:
        defer(close, out)
        for value in input:
            if value > 10:
                out << value

    return out


def main() -> None:
    random.seed(time.now().timestamp())
    numbers_ch = produce(10)
    doubled_ch = double(numbers_ch)
    filtered_ch = filter_gt10(doubled_ch)
    for value in filtered_ch:
        print(f"Value is {value}")


if __name__ == "__main__":
    run(main)
