"""Selects that wait stand in the queues of all their channels, among the plain receivers and senders."""

from gochan import Chan, close, defer, go, recv, run, runtime, select, send, sync


def main() -> None:
    a, b, c = Chan[int](), Chan[str](), Chan[int]()
    wg = sync.WaitGroup()

    def work(i: int) -> None:
        defer(wg.done)
        if i % 3 == 0:
            v, ok = a.recv_ok()
            print(i, "receives from a", v, str(ok).lower())
            return
        match select(recv(a), recv(b), send(c, i)):
            case 0, v, ok:
                print(i, "selects a", v, str(ok).lower())
            case 1, word, ok:
                print(i, "selects b", word, str(ok).lower())
            case _:
                print(i, "selects the send")

    for i in range(9):
        wg.add(1)
        go(work, i)
    runtime.gosched()
    b << "one"
    print("sent into b")
    a << 2
    print("sent into a")
    print("received from c", c.recv())
    a << 3
    print("sent into a")
    print("received from c", c.recv())
    close(b)
    print("closed b")
    close(a)
    print("closed a")
    wg.wait()


if __name__ == "__main__":
    run(main)
