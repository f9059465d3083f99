"""Goexit ends one goroutine: its deferred calls run, the code behind doesn't, and recover sees nothing."""

from gochan import Chan, defer, defers, go, panic, recover, run, runtime


def shown(v: object) -> object:
    return "<nil>" if v is None else v


def main() -> None:
    done = Chan[str]()

    @defers
    def inner() -> None:
        defer(print, "the inner function's deferred call")
        runtime.goexit()

    @go
    def _() -> None:
        defer(lambda: done << "one")
        defer(lambda: print("recover gives", shown(recover())))
        inner()
        print("never printed")

    print("ended:", done.recv())

    @go
    def _() -> None:
        defer(lambda: done << "two")
        defer(lambda: print("recovered", shown(recover())))
        defer(panic, "on top of Goexit")
        runtime.goexit()

    print("ended:", done.recv())

    @go
    def _() -> None:
        defer(lambda: done << "three")
        defer(runtime.goexit)
        panic("below Goexit")

    print("ended:", done.recv())

    @defers
    def innermost() -> None:
        defer(panic, "on top of Goexit, further in")
        runtime.goexit()

    @defers
    def middle() -> None:
        innermost()
        print("never printed")

    @defers
    def outer() -> None:
        defer(lambda: print("recovered further out", recover()))
        middle()
        print("never printed")

    @go
    def _() -> None:
        defer(lambda: done << "four")
        outer()
        print("never printed")

    print("ended:", done.recv())

    @go
    def _() -> None:
        print("the last goroutine")

    defer(print, "main's deferred call")
    runtime.goexit()


if __name__ == "__main__":
    run(main)
