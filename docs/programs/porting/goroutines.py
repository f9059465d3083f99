"""The rows of "Goroutines" on the page of the language; goroutines.go is the other half."""

from dataclasses import dataclass

from gochan import Chan, defer, go, run, runtime, sync, time


@dataclass
class Greeter:
    name: str

    def greet(self, whom: str) -> None:
        print(self.name, "greets", whom)


def greet(whom: str) -> None:
    print("hello,", whom)


def start() -> None:
    # >
    go(greet, "gopher")
    # <
    time.sleep(time.MILLISECOND)


def literal() -> None:
    # >
    @go
    def _() -> None:
        print("in a goroutine")

    # <
    time.sleep(time.MILLISECOND)


def literal_with_argument() -> None:
    # >
    for i in range(3):

        def worker(n: int) -> None:
            print("worker", n)

        go(worker, i)
    # <
    time.sleep(time.MILLISECOND)


def method() -> None:
    # >
    g = Greeter("Ann")
    go(g.greet, "Bob")
    # <
    time.sleep(time.MILLISECOND)


def wait() -> None:
    # >
    wg = sync.WaitGroup()
    for i in range(3):
        wg.go(print, "done", i)
    wg.wait()
    # <


def add_and_done() -> None:
    # >
    wg = sync.WaitGroup()
    for i in range(3):
        wg.add(1)

        @go
        def _(i: int = i) -> None:
            defer(wg.done)
            print("done", i)

    wg.wait()
    # <


def result() -> None:
    # >
    sum = Chan[int](1)
    go(lambda: sum << 1 + 2)
    print(sum.recv())
    # <


def yield_() -> None:
    # >
    go(print, "first")
    runtime.gosched()
    print("second")
    # <


def goexit() -> None:
    # >
    done = Chan[bool]()

    @go
    def _() -> None:
        defer(done.close)
        runtime.goexit()
        print("never printed")

    done.recv()
    # <
    print("it has ended")


def main() -> None:
    start()
    literal()
    literal_with_argument()
    method()
    wait()
    add_and_done()
    result()
    yield_()
    goexit()


if __name__ == "__main__":
    run(main)
