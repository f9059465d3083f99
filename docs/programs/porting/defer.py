"""The rows of "Defer, panic, recover" on the page of the language; defer.go is the other half."""

from collections.abc import Iterator
from contextlib import contextmanager

from gochan import Chan, close, defer, defers, panic, recover, run


# >
@defers
def work() -> None:
    defer(print, "cleaned up")
    print("working")


# <


def end() -> None:
    # >
    work()
    # <


@defers
def order() -> None:
    # >
    @defer
    def _() -> None:
        print("last")

    for i in range(3):
        defer(print, i)
    # <


@defers
def evaluated() -> None:
    # >
    n = 1
    defer(print, "deferred", n)
    n = 2
    print("now", n)
    # <


@contextmanager
def open() -> Iterator[None]:
    print("opened")
    try:
        yield
    finally:
        print("closed")


def closing() -> None:
    # >
    with open():
        print("reading")
    # <


@defers
def recovering() -> None:
    # >
    @defer
    def _() -> None:
        if (r := recover()) is not None:
            print("recovered:", r)

    panic("no such job")
    # <


# >
def divide(x: int, y: int) -> int:
    try:
        return x // y
    except ZeroDivisionError as err:
        raise ValueError(f"caught: {err}") from err


# <


def panic_to_error() -> None:
    # >
    failed = False
    try:
        divide(1, 0)
    except ValueError:
        failed = True
    print(failed)
    # <


@defers
def value() -> None:
    @defer
    def _() -> None:
        # >
        code = recover()
        # <
        print(code, isinstance(code, int))

    # >
    panic(42)
    # <


def again() -> None:
    @defers
    def outer() -> None:
        defer(lambda: print("outer:", recover()))
        inner()

    @defers
    def inner() -> None:
        # >
        @defer
        def _() -> None:
            r = recover()
            panic(f"again: {r}")

        panic("first")
        # <

    outer()


@defers
def fault() -> None:
    defer(lambda: print(recover()))
    # >
    ch = Chan[int]()
    close(ch)
    close(ch)
    # <


def main() -> None:
    end()
    order()
    evaluated()
    closing()
    recovering()
    panic_to_error()
    value()
    again()
    fault()


if __name__ == "__main__":
    run(main)
