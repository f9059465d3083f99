"""The rows of "Channels" on the page of the language; channels.go is the other half."""

from dataclasses import dataclass
from typing import Any

from gochan import Chan, RecvChan, SendChan, cap, close, default, go, recv, run, select


def unbuffered() -> None:
    # >
    messages = Chan[str]()
    # <
    go(lambda: messages << "ping")
    print(messages.recv())


def buffered() -> None:
    # >
    jobs = Chan[int](3)
    # <
    print(len(jobs), cap(jobs))


def anything() -> None:
    # >
    events = Chan[Any](2)
    events << 1
    events << "two"
    # <
    print(events.recv(), events.recv())


def signals() -> None:
    # >
    done = Chan[None](1)
    done << None
    done.recv()
    # <
    print("done")


def send() -> None:
    ch = Chan[int](2)
    # >
    ch << 1
    ch.send(2)
    # <
    print(ch.recv(), ch.recv())


def receive() -> None:
    ch = Chan[int](1)
    ch << 7
    # >
    v = ch.recv()
    # <
    print(v)


def receive_ok() -> None:
    ch = Chan[int](1)
    ch << 7
    ch.close()
    # >
    v, ok = ch.recv_ok()
    print(v, ok)
    v, ok = ch.recv_ok()
    print(v, ok)
    # <


def drop() -> None:
    ch = Chan[int](1)
    ch << 7
    # >
    ch.recv()
    # <
    print(len(ch))


def ranged() -> None:
    ch = Chan[int](3)

    # >
    @go
    def _() -> None:
        for i in range(3):
            ch << i
        close(ch)

    for v in ch:
        print(v)
    # <


def closed() -> None:
    ch = Chan[int](3)
    # >
    close(ch)
    print(ch.recv())
    # <


def length() -> None:
    ch = Chan[int](3)
    ch << 1
    # >
    print(len(ch), cap(ch))
    # <


# >
def produce(out: SendChan[int]) -> None:
    out << 3
    close(out)


def consume(source: RecvChan[int]) -> None:
    for v in source:
        print(v)


# <


def directions() -> None:
    # >
    ch = Chan[int]()
    go(produce, ch)
    consume(ch)
    # <


def channel_of_channels() -> None:
    # >
    requests = Chan[Chan[int]]()

    @go
    def _() -> None:
        answer = requests.recv()
        answer << 42

    answer = Chan[int]()
    requests << answer
    print(answer.recv())
    # <


def compare() -> None:
    # >
    x, y = Chan[int](), Chan[int]()
    z = x
    print(x == z, x == y)
    # <


def nil_channel() -> None:
    # >
    none: Chan[int] | None = None
    match select(recv(none), default):
        case 0, _, _:
            print("never")
        case _:
            print("not ready")
    # <


def structs() -> None:
    # >
    @dataclass
    class Point:
        x: int
        y: int

    points = Chan[Point](1)
    points << Point(1, 2)
    p = points.recv()
    print(p.x, p.y)
    # <


def main() -> None:
    unbuffered()
    buffered()
    anything()
    signals()
    send()
    receive()
    receive_ok()
    drop()
    ranged()
    closed()
    length()
    directions()
    channel_of_channels()
    compare()
    nil_channel()
    structs()


if __name__ == "__main__":
    run(main)
