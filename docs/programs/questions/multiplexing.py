from gochan import Chan, RecvChan, close, go, recv, run, select


def count(end: int) -> RecvChan[int]:
    out = Chan[int]()

    @go
    def _() -> None:
        for n in range(1, end + 1):
            out.send(n)
        close(out)

    return out


def main() -> None:
    a: RecvChan[int] | None = count(3)
    b: RecvChan[int] | None = count(2)
    total = 0
    while a is not None or b is not None:
        match select(recv(a), recv(b)):
            case _, n, True:
                total += n
            case 0, _, _:
                a = None  # a is closed
            case _:
                b = None
    print("total", total)


run(main)
