"""A chain of two hundred goroutines, each adding one; and the order in which they came to wait."""

from gochan import Chan, RecvChan, SendChan, go, run


def link(i: int, left: SendChan[int], right: RecvChan[int]) -> None:
    print("link", i)
    left << 1 + right.recv()


def main() -> None:
    first = Chan[int]()
    left = first
    for i in range(200):
        right = Chan[int]()
        go(link, i, left, right)
        left = right
    go(left.send, 0)
    print("all started")
    print("whispered:", first.recv())


if __name__ == "__main__":
    run(main)
