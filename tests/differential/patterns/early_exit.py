"""Pipelines whose end has enough: a done channel tells all stages, and each is seen to leave."""

from collections.abc import Callable

from gochan import Chan, RecvChan, SendChan, close, defer, recv, run, select, send, sync

wg = sync.WaitGroup()


def repeat(done: RecvChan[bool], *values: int) -> RecvChan[int]:
    stream = Chan[int]()

    @wg.go
    def _() -> None:
        defer(print, "repeat leaves")
        defer(close, stream)
        while True:
            for v in values:
                match select(recv(done), send(stream, v)):
                    case 0, _, _:
                        return

    return stream


def apply(done: RecvChan[bool], name: str, source: RecvChan[int], f: Callable[[int], int]) -> RecvChan[int]:
    stream = Chan[int]()

    @wg.go
    def _() -> None:
        defer(print, name, "leaves")
        defer(close, stream)
        for v in source:
            match select(recv(done), send(stream, f(v))):
                case 0, _, _:
                    return

    return stream


def take(done: RecvChan[bool], source: RecvChan[int], n: int) -> RecvChan[int]:
    stream = Chan[int]()

    @wg.go
    def work() -> None:
        defer(print, "take leaves")
        defer(close, stream)
        for _ in range(n):
            match select(recv(done), recv(source)):
                case 0, _, _:
                    return
                case _, v, _:
                    stream << v

    return stream


def split(done: RecvChan[bool], source: RecvChan[int]) -> tuple[RecvChan[int], RecvChan[int]]:
    """Copy each value to both results, in either order."""
    a, b = Chan[int](), Chan[int]()

    @wg.go
    def work() -> None:
        defer(print, "split leaves")
        defer(close, a)
        defer(close, b)
        for v in source:
            left: SendChan[int] | None = a
            right: SendChan[int] | None = b
            for _ in range(2):
                match select(recv(done), send(left, v), send(right, v)):
                    case 0, _, _:
                        return
                    case 1, _, _:
                        left = None
                    case _:
                        right = None

    return a, b


def flatten(streams: RecvChan[RecvChan[int]]) -> RecvChan[int]:
    """Put the streams that come in one after another into one."""
    flat = Chan[int]()

    @wg.go
    def _() -> None:
        defer(print, "flatten leaves")
        defer(close, flat)
        for stream in streams:
            for v in stream:
                flat << v

    return flat


def main() -> None:
    done = Chan[bool]()
    squares = apply(done, "square", repeat(done, 1, 2, 3), lambda n: n * n)
    for v in take(done, squares, 7):
        print("took", v)
    close(done)
    wg.wait()

    done = Chan[bool]()
    a, b = split(done, take(done, apply(done, "negate", repeat(done, 4, 5), lambda n: -n), 5))
    for v in a:
        print("left", v, "right", b.recv())
    close(done)
    wg.wait()

    streams = Chan[RecvChan[int]]()
    done = Chan[bool]()

    @wg.go
    def _() -> None:
        defer(close, streams)
        for i in range(3):
            streams << take(done, repeat(done, 10 * i, 10 * i + 1), i + 1)

    for v in flatten(streams):
        print("flat", v)
    close(done)
    wg.wait()


if __name__ == "__main__":
    run(main)
