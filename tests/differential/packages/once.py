"""Once: one call, for which the others wait; and what a panic in it makes of later calls."""

from collections.abc import Callable

from gochan import defer, defers, panic, recover, run, runtime, sync


@defers
def attempt(name: str, f: Callable[[], object]) -> None:
    @defer
    def _() -> None:
        fault = recover()
        print(name, "ends with", "<nil>" if fault is None else fault)

    f()


def main() -> None:
    once = sync.Once()
    wg = sync.WaitGroup()

    def ask(i: int) -> None:
        def only() -> None:
            print(i, "begins")
            runtime.gosched()
            runtime.gosched()
            print(i, "ends")

        print(i, "asks")
        once.do(only)
        print(i, "goes on")

    for i in range(5):
        wg.go(ask, i)
    wg.wait()
    once.do(lambda: print("never printed"))

    failing = sync.Once()

    def fail_at(i: int) -> None:
        def trouble() -> None:
            runtime.gosched()
            panic(f"trouble in {i}")

        def call() -> None:
            failing.do(trouble)
            print(i, "goes on")

        attempt(f"call {i}", call)

    for i in range(3):
        wg.go(fail_at, i)
    wg.wait()

    left = sync.Once()

    def leave() -> None:
        defer(print, "the goroutine is left")
        left.do(runtime.goexit)
        print("never printed")

    wg.go(leave)
    wg.wait()
    left.do(lambda: print("never printed"))

    greet = sync.once_func(lambda: print("hello"))
    greet()
    greet()

    @sync.once_func
    def fail() -> None:
        print("fails once")
        panic("no luck")

    attempt("first", fail)
    attempt("second", fail)
    n = 0

    @sync.once_value
    def next() -> int:
        nonlocal n
        runtime.gosched()
        n += 1
        return n

    for i in range(3):
        wg.go(lambda i=i: print(i, "gets", next()))
    wg.wait()

    @sync.once_values
    def pair() -> tuple[str, int]:
        nonlocal n
        n += 1
        return "n", n

    for _ in range(2):
        print(*pair())

    @sync.once_value
    def bad() -> int:
        panic("no number")

    attempt("a value", lambda: print(bad()))
    attempt("the value again", lambda: print(bad()))


if __name__ == "__main__":
    run(main)
