"""The rows of "What else a port meets" on the page of the language; beside.go is the other half."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from itertools import product
from typing import Protocol, TypeVar

from gochan import run


def results() -> None:
    # >
    def split(n: int) -> tuple[int, int]:
        return n // 10, n % 10

    tens, ones = split(42)
    print(tens, ones)
    # <


def variadic() -> None:
    # >
    def total(*numbers: int) -> int:
        return sum(numbers)

    print(total(1, 2, 3), total(*[4, 5]))
    # <


# >
@dataclass
class Account:
    owner: str
    balance: int = 0

    def deposit(self, n: int) -> None:
        self.balance += n


# <


def methods() -> None:
    # >
    a = Account(owner="Ann")
    a.deposit(5)
    print(a.owner, a.balance)
    # <


# >
class Shape(Protocol):
    def area(self) -> int: ...


@dataclass
class Square:
    side: int

    def area(self) -> int:
        return self.side * self.side


# <


def interfaces() -> None:
    # >
    s: Shape = Square(3)
    print(s.area())
    # <


def type_switch() -> None:
    # >
    for v in (1, "one", None):
        match v:
            case int(x):
                print("an int", x)
            case str(x):
                print("a text", x)
            case _:
                print("something else")
    # <


def switching() -> None:
    # >
    day = "Sun"
    match day:
        case "Sat" | "Sun":
            print("weekend")
        case _:
            print("weekday")
    # <


def maps() -> None:
    # >
    ages = {"Ann": 31}
    ages["Bob"] = 27
    age, ok = ages.get("Eve", 0), "Eve" in ages
    print(len(ages), age, ok)
    ages.pop("Bob", None)
    # <


def slicing() -> None:
    # >
    numbers = [3, 1, 2]
    numbers += [5, 4]
    numbers.sort()
    print(numbers[1:3][0], len(numbers))
    # <


def make_slice() -> None:
    # >
    counts = [0] * 3
    counts[1] += 1
    print(counts[0], counts[1])
    # <


def loops() -> None:
    # >
    for i in range(2):
        print(i)
    i = 10
    while i > 0:
        print(i)
        i //= 3
    for i, name in enumerate(["Ann", "Bob"]):
        print(i, name)
    # <


def labels() -> None:
    # >
    for x, y in product(range(5), range(5)):
        if x * y == 6:
            print(x, y)
            break
    # <


# >
class Color(IntEnum):
    RED = 0
    GREEN = 1


# <


def constants() -> None:
    # >
    print(int(Color.RED), int(Color.GREEN))
    # <


def closures() -> None:
    # >
    def counter() -> Callable[[], int]:
        n = 0

        def next() -> int:
            nonlocal n
            n += 1
            return n

        return next

    next = counter()
    next()
    print(next())
    # <


# >
T = TypeVar("T", int, float, str)


def largest(*values: T) -> T:
    return max(values)


# <


def generic() -> None:
    # >
    print(largest(1, 3, 2), largest("a", "b"))
    # <


def texts() -> None:
    # >
    text = "go with  the flow"
    words = text.split()
    print("-".join(words), len(words))
    print(f"{'Ann'} has {3.14159:05.1f} and {42:3d}")
    # <


def main() -> None:
    results()
    variadic()
    methods()
    interfaces()
    type_switch()
    switching()
    maps()
    slicing()
    make_slice()
    loops()
    labels()
    constants()
    closures()
    generic()
    texts()


if __name__ == "__main__":
    run(main)
