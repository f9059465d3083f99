from gochan import Chan, RecvChan, close, defer, go, recv, run, select


def gate(visitors: int) -> RecvChan[int]:
    out = Chan[int]()

    @go
    def _() -> None:
        defer(close, out)
        for n in range(visitors):
            out << n + 1

    return out


def main() -> None:
    north: RecvChan[int] | None = gate(4)
    south: RecvChan[int] | None = gate(2)
    through_north, through_south = list[int](), list[int]()
    while north is not None or south is not None:
        match select(recv(north), recv(south)):
            case 0, n, True:
                through_north.append(n)
            case 0, _, _:
                north = None
            case 1, n, True:
                through_south.append(n)
            case _:
                south = None
    print("north gate:", len(through_north))
    print("south gate:", len(through_south))


run(main)
