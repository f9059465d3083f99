"""A select takes any case that is ready; one inside the default of another makes the first go first."""

from collections import Counter

from gochan import Chan, RecvChan, SendChan, default, go, recv, run, runtime, select, send


def serve(
    urgent: RecvChan[int], normal: RecvChan[int], quit: RecvChan[bool], finished: SendChan[str]
) -> None:
    served = Counter[str]()

    def handle(kind: str, n: int) -> None:
        served[kind] += 1
        print(kind, n)

    while True:
        match select(recv(urgent), default):
            case 0, n, _:
                handle("urgent", n)
                continue
        match select(recv(normal), default):
            case 0, n, _:
                handle("normal", n)
                continue
        # Nothing is there: whatever comes first.
        match select(recv(urgent), recv(normal), recv(quit)):
            case 0, n, _:
                handle("urgent, waited for", n)
            case 1, n, _:
                handle("normal, waited for", n)
            case _:
                finished << f"{served['urgent']} {served['normal']}"
                return


def main() -> None:
    urgent, normal = Chan[int](10), Chan[int](10)
    quit, finished = Chan[bool](), Chan[str]()
    for i in range(4):
        normal << i
        urgent << 100 + i
    go(serve, urgent, normal, quit, finished)
    runtime.gosched()
    print("all were served")
    normal << 4
    runtime.gosched()
    urgent << 104
    normal << 5
    urgent << 105
    runtime.gosched()
    quit << True
    print(finished.recv())

    # A poll that never waits, and gives up after some turns.
    for turn in range(4):
        match select(recv(normal), recv(urgent), default):
            case 0, n, _:
                print("turn", turn, "normal", n)
            case 1, n, _:
                print("turn", turn, "urgent", n)
            case _:
                print("turn", turn, "nothing there")
                if turn == 1:
                    normal << 6
    # The newest value alone: an old one is thrown away for it.
    latest = Chan[int](1)
    for i in range(5):
        match select(send(latest, i), default):
            case 0, _, _:
                print("put", i)
            case _:
                print("drop", latest.recv(), "for", i)
                latest << i
        if i == 2:
            print("read", latest.recv())
    print("read", latest.recv())


if __name__ == "__main__":
    run(main)
