"""What a go statement hands over is looked at when it is made; what a closure uses, when it runs."""

from typing import Any

from gochan import Chan, SendChan, cap, close, defer, go, run, runtime


class Counter:
    def __init__(self, name: str) -> None:
        self.name = name
        self.n = 0

    def add(self, step: int, *, done: SendChan[Any]) -> None:
        self.n += step
        print(self.name, "is", self.n)
        done << self.n


def named(name: str, n: int) -> str:
    print("evaluates", name, n)
    return name


def main() -> None:
    done = Chan[Any](20)
    x = 1

    def use(y: int) -> None:
        print("handed over", y, "used", x)
        done << y

    go(use, x)
    x = 2
    print("done", done.recv())

    c = Counter("first")
    go(c.add, len(named("step", 3)), done=done)
    c = Counter("second")
    go(c.add, step=2, done=done)
    print("done", done.recv(), done.recv())

    for i in range(3):
        go(lambda i=i: done << f"turn {i}")
    print("done", done.recv(), done.recv(), done.recv())

    # Values of any type, functions and channels among them.
    @go
    def send_all() -> None:
        for v in (1, "two", [3], lambda: 4, done, None):
            done << v
        close(done)

    for v in done:
        match v:
            case None:
                print("nothing")
            case int():
                print("a number", v)
            case str():
                print("a text", v)
            case Chan():
                print("a channel of", cap(v))
            case _ if callable(v):
                print("a function that gives", v())
            case _:
                print("something else", v)

    before = runtime.num_goroutine()
    gate, left = Chan[bool](), Chan[bool]()

    def wait(i: int) -> None:
        defer(left.send, True)
        gate.recv()
        if i % 2 == 0:
            runtime.goexit()
        print(i, "returns")

    for i in range(5):
        go(wait, i)
    for _ in range(5):
        print("more:", runtime.num_goroutine() - before)
        gate << True
        left.recv()
        runtime.gosched()
    print("more:", runtime.num_goroutine() - before)


if __name__ == "__main__":
    run(main)
