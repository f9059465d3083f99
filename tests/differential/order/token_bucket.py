"""A buffered channel as a semaphore: in what order its holders get in and out."""

from gochan import Chan, run, runtime, sync


def visitor(i: int, tokens: Chan[None]) -> None:
    for visit in range(3):
        tokens << None
        print(i, "enters for visit", visit, "beside", len(tokens) - 1)
        if (i + visit) % 2 == 0:
            runtime.gosched()
        tokens.recv()
        print(i, "has left")


def main() -> None:
    for permits in 1, 3:
        print("permits", permits)
        tokens = Chan[None](permits)
        wg = sync.WaitGroup()
        for i in range(7):
            wg.go(visitor, i, tokens)
        wg.wait()


if __name__ == "__main__":
    run(main)
