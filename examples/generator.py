"""Generator: a function that returns a channel and starts a goroutine that fills it.

The values are produced on demand: the channel is unbuffered, so the goroutine is never more than one value
ahead.
"""

from gochan import Chan, RecvChan, close, defer, go, run


def odds_generator(max: int) -> RecvChan[int]:
    out = Chan[int]()

    @go
    def _() -> None:
        defer(close, out)
        for i in range(1, max + 1, 2):
            out << i

    return out


def main() -> None:
    for num in odds_generator(10):
        print(num)


if __name__ == "__main__":
    run(main)
