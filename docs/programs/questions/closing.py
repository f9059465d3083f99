from gochan import Chan, Panic, SendChan, close, go, run


def produce(out: SendChan[int]) -> None:
    out.send(1)
    out.send(2)
    close(out)  # by the only sender


def main() -> None:
    out = Chan[int]()
    go(produce, out)
    for n in out:
        print(n)
    print("received after the close:", out.recv())
    try:
        out.send(3)
    except Panic as error:
        print("panic:", error)


run(main)
