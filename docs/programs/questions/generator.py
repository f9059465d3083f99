from gochan import Chan, RecvChan, close, go, run


def countdown(start: int) -> RecvChan[int]:
    out = Chan[int]()

    @go
    def _() -> None:
        for n in range(start, 0, -1):
            out.send(n)
        close(out)

    return out


def main() -> None:
    for n in countdown(3):
        print(n)


run(main)
