"""Generators that are made of generators: numbers 2^i 3^j 5^k, differences of squares, a sieve of filters."""

from collections.abc import Callable
from itertools import count as integers
from typing import NoReturn

from gochan import Chan, RecvChan, SendChan, close, go, run


def scale(k: int, source: RecvChan[int]) -> RecvChan[int]:
    scaled = Chan[int]()

    @go
    def _() -> None:
        for n in source:
            scaled << k * n
        close(scaled)

    return scaled


def merge(a: RecvChan[int], b: RecvChan[int]) -> RecvChan[int]:
    """Join two rising streams, without doubles."""
    merged = Chan[int]()

    @go
    def _() -> NoReturn:
        x, y = a.recv(), b.recv()
        while True:
            if x < y:
                merged << x
                x = a.recv()
            elif x > y:
                merged << y
                y = b.recv()
            else:
                merged << x
                x, y = a.recv(), b.recv()

    return merged


def hamming() -> RecvChan[int]:
    """Feed what is found back to its own sources."""
    room = 100
    found = Chan[int]()
    back = [Chan[int](room) for _ in range(3)]
    merged = merge(scale(2, back[0]), merge(scale(3, back[1]), scale(5, back[2])))

    @go
    def _() -> NoReturn:
        n = 1
        while True:
            for b in back:
                b << n
            found << n
            n = merged.recv()

    return found


def count() -> RecvChan[int]:
    numbers = Chan[int]()

    @go
    def _() -> None:
        for n in integers():
            numbers << n

    return numbers


def combine(f: Callable[[int, int], int], a: RecvChan[int], b: RecvChan[int]) -> RecvChan[int]:
    combined = Chan[int]()

    @go
    def _() -> NoReturn:
        while True:
            combined << f(a.recv(), b.recv())

    return combined


def prefix(first: int, rest: RecvChan[int]) -> RecvChan[int]:
    everything = Chan[int]()

    @go
    def _() -> None:
        everything << first
        for n in rest:
            everything << n

    return everything


def fork(source: RecvChan[int]) -> tuple[RecvChan[int], RecvChan[int]]:
    a, b = Chan[int](), Chan[int]()

    @go
    def _() -> None:
        for n in source:
            a << n
            b << n

    return a, b


def fibonacci() -> RecvChan[int]:
    loop = Chan[int](2)
    return combine(lambda a, b: a + b, prefix(0, loop), loopback(loop))


def loopback(loop: SendChan[int]) -> RecvChan[int]:
    """Give 1, and then what the sum was the last time; tell the other term of it too."""
    last = Chan[int]()

    @go
    def _() -> NoReturn:
        a, b = 0, 1
        while True:
            last << b
            loop << b
            a, b = b, a + b

    return last


def sieve(primes: SendChan[int]) -> NoReturn:
    source = count()
    source.recv()
    source.recv()
    while True:
        p = source.recv()
        primes << p
        filtered = Chan[int]()
        go(strain, p, source, filtered)
        source = filtered


def strain(p: int, source: RecvChan[int], filtered: SendChan[int]) -> None:
    for n in source:
        if n % p != 0:
            filtered << n


def main() -> None:
    numbers = hamming()
    for _ in range(30):
        print("regular", numbers.recv())
    squares = combine(lambda a, b: a * b, count(), count())
    a, b = fork(squares)
    differences = combine(lambda a, b: b - a, prefix(0, a), b)
    for _ in range(8):
        print("odd", differences.recv())
    sums = fibonacci()
    for _ in range(12):
        print("fibonacci", sums.recv())
    primes = Chan[int]()
    go(sieve, primes)
    for _ in range(12):
        print("prime", primes.recv())


if __name__ == "__main__":
    run(main)
