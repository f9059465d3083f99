"""A token ring: who has the token may send; and the election of a leader on the same ring."""

from typing import NamedTuple

from gochan import Chan, RecvChan, SendChan, close, defer, run, sync


class Frame(NamedTuple):
    source: int
    target: int
    text: str
    rounds: int = 0


class Token(NamedTuple):
    rounds: int = 0


def station(
    i: int, letters: list[Frame], source: RecvChan[Frame | Token], next: SendChan[Frame | Token]
) -> None:
    defer(close, next)
    for packet in source:
        match packet:
            case Token(rounds):
                if letters:
                    letter = letters.pop(0)._replace(rounds=rounds)
                    print("station", i, "sends to", letter.target, letter.text)
                    next << letter
                    continue
                if i == 0:
                    rounds += 1
                    print("the token begins round", rounds)
                    if rounds == 4:
                        return
                next << Token(rounds)
            case Frame(sender, target, text, rounds):
                if target == i:
                    print("station", i, "gets", text)
                # When it has come round, the token goes on.
                next << (Token(rounds) if sender == i else packet)
    print("station", i, "is shut down")


def elect(ids: list[int]) -> int:
    """Find the largest id: each hands on those that are larger than its own."""
    links = [Chan[int](1) for _ in ids]
    leader = Chan[int]()
    wg = sync.WaitGroup()

    def node(id: int, source: RecvChan[int], next: SendChan[int]) -> None:
        next << id
        for other in source:
            if other > id:
                print(id, "hands on", other)
                next << other
            elif other == id:
                print(id, "is the leader")
                leader << id
            else:
                print(id, "drops", other)

    for i, id in enumerate(ids):
        wg.go(node, id, links[i], links[(i + 1) % len(ids)])
    elected = leader.recv()
    for link in links:
        close(link)
    wg.wait()
    return elected


def main() -> None:
    n = 5
    ring = [Chan[Frame | Token]() for _ in range(n)]
    wg = sync.WaitGroup()
    for i in range(n):
        letters = [Frame(i, (i + 2 + k) % n, f"letter {i}.{k}") for k in range(i % 3)]
        wg.go(station, i, letters, ring[i], ring[(i + 1) % n])
    ring[0] << Token()
    wg.wait()
    print("open:", str(ring[0].recv_ok()[1]).lower())
    for ids in [3, 7, 2, 9, 4], [1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1], [8]:
        print("elected", elect(ids))


if __name__ == "__main__":
    run(main)
