from zlib import crc32

from gochan import (
    Chan,
    RecvChan,
    SendChan,
    close,
    defer,
    go,
    recv,
    run,
    select,
    send,
    sync,
)


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


def digest(
    quit: RecvChan[None],
    paths: RecvChan[str],
    sums: SendChan[str],
) -> None:
    for path in paths:
        line = f"{crc32(path.encode()):08x}  {path}"
        match select(send(sums, line), recv(quit)):
            case 0, _, _:
                pass
            case _:
                return


def main() -> None:
    quit, sums = Chan[None](), Chan[str]()
    defer(close, quit)
    paths = walk(quit, "a.txt", "b.txt", "c.txt", "d.txt")
    wg = sync.WaitGroup()
    for _ in range(2):
        wg.go(digest, quit, paths, sums)

    @go
    def closer() -> None:
        wg.wait()
        close(sums)

    for line in sums:
        print(line)


run(main)
