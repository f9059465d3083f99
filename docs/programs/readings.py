from gochan import Chan, RecvChan, close, defer, go, run


def source(*readings: int) -> RecvChan[int]:
    out = Chan[int]()

    @go
    def _() -> None:
        defer(close, out)
        for celsius in readings:
            out << celsius

    return out


def fahrenheit(in_: RecvChan[int]) -> RecvChan[int]:
    out = Chan[int]()

    @go
    def _() -> None:
        defer(close, out)
        for celsius in in_:
            out << celsius * 9 // 5 + 32

    return out


def above(limit: int, in_: RecvChan[int]) -> RecvChan[int]:
    out = Chan[int]()

    @go
    def _() -> None:
        defer(close, out)
        for degrees in in_:
            if degrees > limit:
                out << degrees

    return out


def main() -> None:
    readings = source(15, 30, 20, 35, 40)
    for degrees in above(80, fahrenheit(readings)):
        print(degrees, "is too hot")


run(main)
