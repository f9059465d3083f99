"""Fan-in: streams merged by a select, by a goroutine each, and in turns that the reader gives."""

from typing import NamedTuple

from gochan import Chan, RecvChan, close, defer, go, recv, run, select, sync


def speaker(name: str, n: int) -> RecvChan[str]:
    words = Chan[str]()

    @go
    def _() -> None:
        defer(close, words)
        for i in range(n):
            words << f"{name} {i}"

    return words


def merge(*streams: RecvChan[str]) -> RecvChan[str]:
    """Have a goroutine for each stream, and one that closes the result after the last."""
    merged = Chan[str]()
    wg = sync.WaitGroup()

    def forward(i: int, stream: RecvChan[str]) -> None:
        for word in stream:
            merged << word
        print("stream", i, "has ended")

    for i, stream in enumerate(streams):
        wg.go(forward, i, stream)

    @go
    def _() -> None:
        wg.wait()
        close(merged)

    return merged


def alternate(a: RecvChan[str], b: RecvChan[str]) -> RecvChan[str]:
    """Select among two, and let go of the one that has ended."""
    merged = Chan[str]()

    @go
    def _() -> None:
        defer(close, merged)
        # One is listened to at a time: with both ready, chance would choose.
        now: RecvChan[str] | None = a
        later: RecvChan[str] | None = b
        while now is not None:
            match select(recv(now), recv(None)):
                case 0, word, True:
                    merged << word
                    if later is not None:
                        now, later = later, now
                case 0, _, _:
                    now, later = later, None
                case _, word, _:
                    print("never printed", word)

    return merged


class Letter(NamedTuple):
    text: str
    wait: Chan[bool]


def polite(name: str) -> RecvChan[Letter]:
    """Speak on only when the reader says so."""
    letters = Chan[Letter]()
    wait = Chan[bool]()

    @go
    def _() -> None:
        for i in range(3):
            letters << Letter(f"{name} {i}", wait)
            print(name, "goes on:", str(wait.recv()).lower())

    return letters


def reduce(streams: list[RecvChan[str]]) -> RecvChan[str]:
    """Merge many into one, two by two."""
    if not streams:
        none = Chan[str]()
        close(none)
        return none
    if len(streams) == 1:
        return streams[0]
    half = len(streams) // 2
    return alternate(reduce(streams[:half]), reduce(streams[half:]))


def main() -> None:
    for word in merge(speaker("ann", 3), speaker("bob", 5), speaker("cid", 2)):
        print(word)
    for word in alternate(speaker("dot", 2), speaker("eve", 4)):
        print(word)
    both = Chan[Letter]()

    def forward(letters: RecvChan[Letter]) -> None:
        for letter in letters:
            both << letter

    # Made before either is read.
    for letters in [polite("fay"), polite("gus")]:
        go(forward, letters)
    for _ in range(3):
        one, two = both.recv(), both.recv()
        print(one.text)
        print(two.text)
        one.wait << True
        two.wait << True
    for word in reduce([speaker(name, 1 + i % 3) for i, name in enumerate("vwxyz")]):
        print(word)


if __name__ == "__main__":
    run(main)
