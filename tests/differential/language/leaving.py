"""When main returns the others are left where they stand: their deferred calls don't run."""

from collections.abc import Callable

from gochan import Chan, defer, go, recv, run, runtime, select, send, sync, time


def forever() -> None:
    while True:
        runtime.gosched()


def main() -> None:
    defer(print, "main's deferred call runs")
    mu = sync.Mutex()
    never, unread = Chan[int](), Chan[int]()
    stuck: dict[str, Callable[[], object]] = {
        "receiving": never.recv,
        "sending": lambda: unread << 1,
        "in a nil channel": lambda: select(recv(None)),
        "selecting": lambda: select(recv(never), send(None, 1)),
        "selecting from nothing": select,
        "sleeping": lambda: time.sleep(time.HOUR),
        "locking": mu.lock,
        "yielding": forever,
    }
    mu.lock()  # noqa: GOC301 - others wait when the program ends
    started = Chan[str]()

    def work(name: str) -> None:
        defer(print, name, "never ends")
        started << name
        stuck[name]()
        print("never printed")

    for name in stuck:
        go(work, name)
        print("left", started.recv())
    go(print, "has no turn")
    print("goroutines:", runtime.num_goroutine())


if __name__ == "__main__":
    run(main)
