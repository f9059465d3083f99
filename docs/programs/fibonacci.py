from gochan import Chan, RecvChan, close, defer, go, run


def fibonacci(limit: int) -> RecvChan[int]:
    out = Chan[int]()

    @go
    def _() -> None:
        defer(close, out)
        a, b = 0, 1
        while a <= limit:
            print("  made", a)
            out << a
            a, b = b, a + b

    return out


def main() -> None:
    for n in fibonacci(5):
        print("took", n)


run(main)
