import os

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
    signal,
)


def watch(
    rounds: SendChan[int],
    quit: RecvChan[None],
    done: SendChan[None],
) -> None:
    defer(close, done)
    n = 1
    while True:
        match select(send(rounds, n), recv(quit)):
            case 0, _, _:
                n += 1
            case _:
                print("watch: locking up")
                return


def main() -> None:
    signals = Chan[signal.Signal](1)
    signal.notify(signals, signal.SIGTERM)
    rounds = Chan[int]()
    quit, done = Chan[None](), Chan[None]()
    go(watch, rounds, quit, done)
    print("round", rounds.recv())
    print("round", rounds.recv())
    os.kill(os.getpid(), signal.SIGTERM)
    signals.recv()
    print("main: asked to stop")
    close(quit)
    done.recv()
    print("main: the watch has gone")


run(main)
