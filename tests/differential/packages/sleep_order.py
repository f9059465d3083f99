"""Sleepers wake in the order of their times, not of their starts."""

from functools import partial

from gochan import Chan, run, sync, time


def main() -> None:
    wg = sync.WaitGroup()

    def sleeper(i: int, ms: int) -> None:
        time.sleep(ms * time.MILLISECOND)
        print("sleeper", i, "wakes after", ms)

    for i, ms in enumerate([90, 30, 60, 120, 0, 150]):
        wg.go(sleeper, i, ms)
    time.sleep(-time.SECOND)
    print("a negative sleep is none")
    wg.wait()
    results = Chan[int]()
    for i in range(3):
        time.after_func((60 - 20 * i) * time.MILLISECOND, partial(results.send, i))
    for _ in range(3):
        print("called", results.recv())


if __name__ == "__main__":
    run(main)
