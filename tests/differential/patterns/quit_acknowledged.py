"""Workers that are told to quit, clean up, and say so: with what they have done, as they are ready."""

from typing import NamedTuple

from gochan import Chan, RecvChan, default, go, recv, run, select, send, sync, synctest, time, timeout


class Farewell(NamedTuple):
    name: str
    done: int

    def __str__(self) -> str:
        return f"{{{self.name} {self.done}}}"


def worker(name: str, pause: float, quit: RecvChan[Chan[Farewell]]) -> None:
    n = 0
    with time.new_ticker(pause) as tick:
        while True:
            match select(recv(tick.c), recv(quit)):
                case 0, _, _:
                    n += 1
                case _, answer, _:
                    # Cleaning up takes as long as a piece of work.
                    time.sleep(pause)
                    answer << Farewell(name, n)
                    return


def bubble() -> None:
    start = time.now()

    def say(*words: object) -> None:
        print(time.duration_string(time.since(start)), *words)

    quits: dict[str, Chan[Chan[Farewell]]] = {}
    for i, name in enumerate(["slow", "quick", "steady"]):
        quits[name] = Chan()
        go(worker, name, (70 - 23 * i) * time.MILLISECOND, quits[name])
    time.sleep(time.SECOND)
    # One after the other: each is waited for.
    first = Chan[Farewell]()
    quits["quick"] << first
    say("asked the quick one")
    say("it says", first.recv())
    # All at once: answers come as they are ready.
    answers = Chan[Farewell]()
    for name in "slow", "steady":
        quits[name] << answers
        say("asked", name)
    for _ in range(2):
        say("one says", answers.recv())

    # A deadline for the answer.
    stubborn = Chan[Chan[Farewell]]()

    @go
    def late() -> None:
        answer = stubborn.recv()
        time.sleep(time.MINUTE)
        match select(send(answer, Farewell("stubborn", 1)), default):
            case 1, _, _:
                say("nobody listens any more")

    answer = Chan[Farewell]()
    stubborn << answer
    match select(recv(answer), timeout(5 * time.SECOND)):
        case 0, f, _:
            say("never printed", f)
        case _:
            say("gave up")
    wg = sync.WaitGroup()
    wg.go(time.sleep, 2 * time.MINUTE)
    wg.wait()
    say("the end")


if __name__ == "__main__":
    run(synctest.test, bubble)
