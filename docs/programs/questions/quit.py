from gochan import (
    Chan,
    RecvChan,
    SendChan,
    close,
    recv,
    run,
    select,
    send,
    sync,
)


def count(out: SendChan[int], quit: RecvChan[None]) -> None:
    n = 1
    while True:
        match select(send(out, n), recv(quit)):
            case 0, _, _:
                n += 1
            case _:
                print("cleaning up")
                return


def main() -> None:
    out, quit = Chan[int](), Chan[None]()
    wg = sync.WaitGroup()
    wg.go(count, out, quit)
    print(out.recv())
    print(out.recv())
    close(quit)
    wg.wait()


run(main)
