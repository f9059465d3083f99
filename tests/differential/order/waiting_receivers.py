"""Receivers that wait are served in the order in which they came; a close wakes those that are left."""

from gochan import Chan, close, defer, go, run, runtime, sync


def main() -> None:
    for capacity in 0, 2:
        values = Chan[int](capacity)
        wg = sync.WaitGroup()

        def receive(i: int, values: Chan[int] = values, wg: sync.WaitGroup = wg) -> None:
            defer(wg.done)
            v, ok = values.recv_ok()
            print("receiver", i, "got", v, str(ok).lower())

        for i in range(8):
            wg.add(1)
            go(receive, i)
        runtime.gosched()
        for v in range(5):
            print("send", v)
            values << 10 + v
        print("close")
        close(values)
        wg.wait()


if __name__ == "__main__":
    run(main)
