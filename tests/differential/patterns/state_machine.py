"""A state machine in a select: what it listens to is None, or a channel, as its state has it."""

from datetime import datetime

from gochan import Chan, RecvChan, SendChan, close, defer, go, recv, run, select, send, synctest, time


class Door:
    """Can be opened while it is unlocked, and locks itself when it has been closed for a while."""

    def __init__(self, states: SendChan[str]) -> None:
        self.open, self.shut, self.unlock = Chan[str](), Chan[str](), Chan[str]()
        self.states = states
        self.quit = Chan[bool]()

    def serve(self) -> None:
        defer(close, self.states)
        state = "locked"
        told = False
        lock: RecvChan[datetime] | None = None

        def enter(next: str) -> None:
            nonlocal state, told, lock
            state = next
            told = False
            lock = time.after(3 * time.SECOND) if next == "closed" else None

        while True:
            # News of the state goes out first.
            if not told:
                self.states << state
                told = True
                continue
            match select(
                recv(self.unlock if state == "locked" else None),
                recv(self.open if state == "closed" else None),
                recv(self.shut if state == "open" else None),
                recv(lock),
                recv(self.quit),
            ):
                case 0 | 2, _, _:
                    enter("closed")
                case 1, _, _:
                    enter("open")
                case 3, _, _:
                    enter("locked")
                case _:
                    return


def bubble() -> None:
    start = time.now()

    def say(*words: object) -> None:
        print(time.duration_string(time.since(start)), *words)

    states = Chan[str]()
    d = Door(states)
    go(d.serve)
    finished = Chan[bool]()

    @go
    def _() -> None:
        for state in states:
            say("the door is", state)
        say("no more news")
        close(finished)

    def attempt(who: str, c: Chan[str], patience: float) -> None:
        match select(send(c, who), recv(time.after(patience))):
            case 0, _, _:
                say(who, "did it")
            case _:
                say(who, "could not")

    synctest.wait()
    attempt("a burglar opens", d.open, time.SECOND)
    attempt("the owner unlocks", d.unlock, time.SECOND)
    time.sleep(2 * time.SECOND)
    attempt("the owner opens", d.open, time.SECOND)
    attempt("a child unlocks", d.unlock, 10 * time.SECOND)
    attempt("the owner shuts", d.shut, time.SECOND)
    time.sleep(5 * time.SECOND)
    attempt("a friend opens", d.open, time.SECOND)
    time.sleep(time.SECOND)
    attempt("the owner unlocks", d.unlock, time.SECOND)
    d.quit << True
    finished.recv()


if __name__ == "__main__":
    run(synctest.test, bubble)
