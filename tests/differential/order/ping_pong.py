"""Pairs that hand a ball to and fro: a pair in run-next goes on until it is done, one after the other."""

from gochan import Chan, close, defer, go, run, sync


def pong(pair: int, there: Chan[int], back: Chan[int], wg: sync.WaitGroup) -> None:
    defer(wg.done)
    for ball in there:
        print("pair", pair, "pong", ball)
        back << ball + 1
    close(back)


def ping(pair: int, there: Chan[int], back: Chan[int], wg: sync.WaitGroup) -> None:
    defer(wg.done)
    there << 0
    for ball in back:
        print("pair", pair, "ping", ball)
        if ball == 8:
            close(there)
            continue
        there << ball


def main() -> None:
    wg = sync.WaitGroup()
    for pair in range(3):
        there, back = Chan[int](), Chan[int]()
        wg.add(2)
        go(pong, pair, there, back, wg)
        go(ping, pair, there, back, wg)
    wg.wait()


if __name__ == "__main__":
    run(main)
