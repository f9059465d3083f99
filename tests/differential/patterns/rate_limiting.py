"""Requests served at the beats of a ticker, then in bursts from a bucket of tokens; on a virtual clock."""

from datetime import datetime

from gochan import Chan, close, default, go, recv, run, select, send, synctest, time


def bubble() -> None:
    start = time.now()

    def say(*words: object) -> None:
        print(time.duration_string(time.since(start)), *words)

    requests = Chan[int](5)
    for i in range(5):
        requests << i
    close(requests)
    with time.new_ticker(200 * time.MILLISECOND) as beat:
        for r in requests:
            beat.c.recv()
            say("request", r)

    tokens = Chan[datetime](3)
    for _ in range(3):
        tokens << time.now()
    stop = Chan[bool]()
    refilled = Chan[int]()

    @go
    def keep_full() -> None:
        added = dropped = 0
        with time.new_ticker(150 * time.MILLISECOND) as refill:
            while True:
                match select(recv(refill.c), recv(stop)):
                    case 0, t, _:
                        match select(send(tokens, t), default):
                            case 0, _, _:
                                added += 1
                            case _:
                                dropped += 1
                    case _:
                        refilled << added
                        refilled << dropped
                        return

    for burst in range(3):
        time.sleep(310 * time.MILLISECOND)
        say("burst", burst)
        for r in range(4):
            t = tokens.recv()
            say("request", r, "with the token of", time.duration_string(t - start))
    time.sleep(2 * time.SECOND)
    stop << True
    say("added", refilled.recv(), "dropped", refilled.recv())


if __name__ == "__main__":
    run(synctest.test, bubble)
