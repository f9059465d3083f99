"""When nobody can go on, the program ends; deferred calls don't run."""

from gochan import Chan, defer, go, run


def main() -> None:
    defer(print, "main's deferred call")
    a, b = Chan[int](), Chan[int]()

    @go
    def _() -> None:
        defer(print, "the goroutine's deferred call")
        print("the goroutine waits for a")
        b << a.recv()

    print("main waits for b")
    a << b.recv()


if __name__ == "__main__":
    run(main)
