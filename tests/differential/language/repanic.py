"""What is recovered may be looked at, and thrown again: the next one may recover it, or nobody."""

from collections.abc import Callable

from gochan import defer, defers, panic, recover, run


class TemporaryError(Exception):
    pass


@defers
def guard(name: str, keep: Callable[[object], bool], f: Callable[[], object]) -> None:
    @defer
    def _() -> None:
        fault = recover()
        if fault is None:
            print(name, "saw nothing")
            return
        if keep(fault):
            print(name, "keeps", fault)
            return
        print(name, "passes on", fault)
        panic(fault)

    f()


def is_text(fault: object) -> bool:
    return isinstance(fault, str)


def is_number(fault: object) -> bool:
    return isinstance(fault, int)


def is_error(fault: object) -> bool:
    return isinstance(fault, TemporaryError)


def everything(f: Callable[[], object]) -> None:
    guard("number", is_number, lambda: guard("error", is_error, lambda: guard("text", is_text, f)))


@defers
def doubled() -> None:
    @defer
    def _() -> None:
        fault = recover()
        print("doubled")
        panic(2 * fault)

    panic(21)


def nested() -> None:
    everything(lambda: panic("inner"))
    panic("outer")


def main() -> None:
    defer(print, "main's deferred call runs as well")
    everything(lambda: None)
    everything(lambda: panic("a word"))
    everything(lambda: panic(TemporaryError("disk: try again later")))
    everything(lambda: panic(7))
    everything(doubled)
    everything(nested)
    everything(lambda: panic(ValueError("nobody takes this")))


if __name__ == "__main__":
    run(main)
