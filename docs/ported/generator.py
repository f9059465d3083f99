"""The twin of examples/generator.py: odd numbers, made on demand."""

from gochan import Chan, RecvChan, close, go
from gochan.port.lib import run


def odds(limit: int) -> RecvChan[int]:
    numbers = Chan[int]()

    def produce() -> None:
        n = 1
        while n <= limit:
            numbers << n
            n += 2
        close(numbers)

    go(produce)
    return numbers


def main() -> None:
    numbers = odds(10)
    while True:
        n, more = numbers.recv_ok()
        if not more:
            return
        print(n)


if __name__ == "__main__":
    run(main)
