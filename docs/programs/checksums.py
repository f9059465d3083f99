from zlib import crc32

from gochan import Chan, RecvChan, SendChan, close, defer, go, recv, run, select, send, sync


def walk(quit: RecvChan[None], *names: str) -> RecvChan[str]:
    paths = Chan[str]()

    @go
    def _() -> None:
        defer(close, paths)
        for name in names:
            match select(send(paths, name), recv(quit)):
                case 0, _, _:
                    pass
                case _:
                    return

    return paths


def digest(quit: RecvChan[None], paths: RecvChan[str], sums: SendChan[str]) -> None:
    for path in paths:
        sum = crc32(path.encode())
        match select(send(sums, f"{sum:08x}  {path}"), recv(quit)):
            case 0, _, _:
                pass
            case _:
                return


def main() -> None:
    quit, sums = Chan[None](), Chan[str]()
    defer(close, quit)
    paths = walk(quit, "a.txt", "b.txt", "c.txt", "d.txt", "e.txt")
    wg = sync.WaitGroup()
    for _ in range(2):
        wg.go(digest, quit, paths, sums)

    @go
    def closer() -> None:
        wg.wait()
        close(sums)

    for sum in sums:
        print(sum)


run(main)
