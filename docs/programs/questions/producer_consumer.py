from gochan import Chan, SendChan, close, go, run


def produce(out: SendChan[int]) -> None:
    for n in range(1, 6):
        out.send(n)
        print("made", n)
    close(out)


def main() -> None:
    out = Chan[int](2)
    go(produce, out)
    for n in out:
        print("    used", n)


run(main)
