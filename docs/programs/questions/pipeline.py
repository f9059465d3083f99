from gochan import Chan, RecvChan, close, go, run


def source(*words: str) -> RecvChan[str]:
    out = Chan[str]()

    @go
    def _() -> None:
        for word in words:
            out.send(word)
        close(out)

    return out


def lengths(words: RecvChan[str]) -> RecvChan[int]:
    out = Chan[int]()

    @go
    def _() -> None:
        for word in words:
            out.send(len(word))
        close(out)

    return out


def main() -> None:
    for n in lengths(source("go", "select", "close")):
        print(n)


run(main)
