"""The twin of examples/fan_out_fan_in.py: three workers, ten jobs of half a second each, results as they come."""

from gochan import Chan, SendChan, close, go, sync, time
from gochan.port.lib import run

WORKERS = 3
TASKS = 10


def main() -> None:
    in_, out = Chan[int](TASKS), Chan[int](TASKS)
    busy = sync.WaitGroup()
    busy.add(WORKERS)
    for name in range(1, WORKERS + 1):

        @go
        def _(name: int = name) -> None:
            for n in in_:
                print(f"Worker {name} processing job {n}")
                time.sleep(time.SECOND / 2)
                out << 2 * n
            busy.done()

    go(feed, in_)

    @go
    def _() -> None:
        busy.wait()
        close(out)

    for n in out:
        print("Result:", n)


def feed(in_: SendChan[int]) -> None:
    for n in range(TASKS):
        in_ << n + 1
    close(in_)


if __name__ == "__main__":
    run(main)
