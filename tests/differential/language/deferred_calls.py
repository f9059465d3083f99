"""Deferred calls: last in, first out, with the arguments of the moment; on return and on panic."""

from gochan import Chan, close, defer, defers, go, panic, recover, run


def say(*words: object) -> None:
    print(*words)


@defers
def loop() -> None:
    for i in range(4):
        defer(say, "deferred", i)
    say("loop ends")


@defers
def arguments() -> None:
    n = 1
    defer(say, "was", n)
    defer(lambda: say("is", n))
    n = 2


@defers
def nested() -> None:
    defer(say, "outer")

    @defers
    def inner() -> None:
        defer(say, "inner")
        say("in the inner function")

    inner()

    @defer
    @defers
    def _() -> None:
        defer(say, "deferred by the deferred")
        say("in the deferred function")

    say("in the outer function")


@defers
def early(n: int) -> None:
    defer(say, "early", n, "is done")
    if n == 0:
        return
    defer(say, "registered second", n)


@defers
def panicking() -> None:
    defer(lambda: say("recovered", recover()))
    defer(say, "runs while it panics")
    panic("trouble")


def main() -> None:
    loop()
    arguments()
    nested()
    early(0)
    early(1)
    panicking()
    done = Chan[bool]()

    @go
    def _() -> None:
        defer(close, done)
        defer(say, "goroutine's first")
        defer(say, "goroutine's second")
        say("goroutine ends")

    ok = done.recv_ok()[1]
    say("closed:", str(not ok).lower())


if __name__ == "__main__":
    run(main)
