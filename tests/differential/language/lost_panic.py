"""A panic that nobody recovers ends the program; main's own deferred calls don't run."""

from gochan import Chan, defer, go, panic, run


def main() -> None:
    defer(print, "main's deferred call")
    never = Chan[int]()

    @go
    def _() -> None:
        defer(print, "the goroutine's deferred call")
        print("the goroutine panics")
        panic("nobody catches this")

    print("main waits")
    never.recv()


if __name__ == "__main__":
    run(main)
