"""recover stops the panic that its deferred call is run by, and no other; a second panic takes over."""

from collections.abc import Callable
from typing import Any

from gochan import Chan, close, defer, defers, panic, recover, run


def shown(v: object) -> object:
    return "<nil>" if v is None else v


@defers
def attempt(name: str, f: Callable[[], object]) -> None:
    @defer
    def _() -> None:
        print(name, "ends with", shown(recover()))

    f()
    print(name, "returns")


def helper() -> Any:
    return recover()


@defers
def replaced() -> None:
    defer(panic, "second")
    panic("first")


@defers
def recovered_before() -> None:
    defer(lambda: print("this one gets", shown(recover())))
    defer(lambda: print("and this one", shown(recover())))
    panic("once")


@defers
def recovered_then_a_new_one() -> None:
    @defer
    def _() -> None:
        print("saw", recover())
        panic("new")

    panic("old")


@defers
def recovered_in_a_helper() -> None:
    defer(lambda: print("the helper gets", shown(helper())))
    panic("too deep")


@defers
def helper_deferred_itself() -> None:
    defer(helper)
    panic("just right")


@defers
def innermost() -> None:
    defer(print, "unwinding the innermost")
    panic("deep")


@defers
def inner() -> None:
    defer(print, "unwinding the inner")
    innermost()


@defers
def recovered_inside() -> None:
    @defer
    def _() -> None:
        attempt("inside", lambda: panic("while panicking"))
        print("the first is still there:", recover())

    panic("first")


def closed_channel() -> None:
    c = Chan[int]()
    close(c)
    c << 1  # noqa: GOC108 - it panics


def closed_twice() -> None:
    c = Chan[int]()
    close(c)
    close(c)  # noqa: GOC108 - it panics


def main() -> None:
    print("without a panic:", shown(recover()))

    attempt("nothing", lambda: None)
    attempt("a number", lambda: panic(42))
    attempt("an error", lambda: panic(OSError("no such file")))
    attempt("replaced", replaced)
    attempt("recovered before", recovered_before)
    attempt("recovered, then a new one", recovered_then_a_new_one)
    attempt("recovered in a helper", recovered_in_a_helper)
    attempt("helper deferred itself", helper_deferred_itself)
    attempt("through three functions", inner)
    attempt("a panic inside, recovered there", recovered_inside)
    attempt("closed channel", closed_channel)
    attempt("closed twice", closed_twice)
    attempt("closed nil", lambda: close(None))


if __name__ == "__main__":
    run(main)
