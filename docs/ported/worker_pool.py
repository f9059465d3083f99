"""The twin of examples/worker_pool.py: three workers,
five jobs of a second each.
"""

from __future__ import annotations

from gochan import Chan, close, defer, go, sync, time
from gochan.port.lib import field, nil, run, struct


@struct
class Pool:
    todo: Chan[int] = nil
    doubled: Chan[int] = nil
    busy: sync.WaitGroup = field(default_factory=sync.WaitGroup)

    def work(self, name: int) -> None:
        defer(self.busy.done)
        for n in self.todo:
            print(f"Worker {name} processing job {n}")
            time.sleep(1 * time.SECOND)
            self.doubled << n + n


def main() -> None:
    p = Pool(todo=Chan[int](5), doubled=Chan[int](5))
    for name in [1, 2, 3]:
        p.busy.add(1)
        go(p.work, name)
    for n in [1, 2, 3, 4, 5]:
        p.todo << n
    close(p.todo)
    p.busy.wait()
    close(p.doubled)
    print("\nResults:")
    for n in p.doubled:
        print(f"Result: {n}")


if __name__ == "__main__":
    run(main)
