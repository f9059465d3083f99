"""Senders that wait are served in the order in which they came; a close makes those that are left panic."""

from gochan import Chan, close, defer, go, recover, run, runtime, sync


def main() -> None:
    for capacity in 0, 3:
        values = Chan[int](capacity)
        wg = sync.WaitGroup()

        def send(i: int, values: Chan[int] = values, wg: sync.WaitGroup = wg) -> None:
            defer(wg.done)

            @defer
            def _() -> None:
                if (fault := recover()) is not None:
                    print("sender", i, "panics:", fault)

            values << i
            print("sender", i, "is done")

        for i in range(10):
            wg.add(1)
            go(send, i)
        runtime.gosched()
        for _ in range(4):
            print("got", values.recv(), "of", len(values))
        print("close")
        close(values)
        wg.wait()
        for v in values:
            print("left", v)


if __name__ == "__main__":
    run(main)
