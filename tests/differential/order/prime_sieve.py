"""A chain of filters that grows by one for each prime; every step of every filter is told."""

import itertools

from gochan import Chan, RecvChan, SendChan, go, run


def count(numbers: SendChan[int]) -> None:
    for n in itertools.count(2):
        numbers << n


def sift(input: RecvChan[int], passed: SendChan[int], prime: int) -> None:
    for n in input:
        if n % prime == 0:
            print(prime, "stops", n)
            continue
        print(prime, "passes", n)
        passed << n


def main() -> None:
    numbers = Chan[int]()
    go(count, numbers)
    for _ in range(20):
        prime = numbers.recv()
        print("prime", prime)
        passed = Chan[int]()
        go(sift, numbers, passed, prime)
        numbers = passed


if __name__ == "__main__":
    run(main)
