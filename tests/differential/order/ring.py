"""Tokens go round a ring of unbuffered channels; more than one at a time, so that they meet."""

from gochan import Chan, go, run


def main() -> None:
    n = 12
    ring = [Chan[int]() for _ in range(n)]
    last = Chan[int]()

    def node(i: int) -> None:
        for hops in ring[i]:
            print("node", i, "hops", hops)
            if hops == 0:
                last << i
                continue
            ring[(i + 1) % n] << hops - 1

    for i in range(n):
        go(node, i)
    ring[0] << 40
    ring[4] << 33
    ring[8] << 26
    for _ in range(3):
        print("ended at", last.recv())


if __name__ == "__main__":
    run(main)
