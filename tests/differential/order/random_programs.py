"""Five hundred programs drawn by chance: goroutines that send, receive, select, close, yield and spawn."""

from typing import NamedTuple

from gochan import Chan, Panic, close, default, defer, go, recv, run, runtime, select, send, sync

state = 1


def draw(n: int) -> int:
    global state
    state = state * 16807 % 2147483647
    return state // 7 % n


def align() -> None:
    """Take turns until as many are behind it as ever.

    How many the runtime took before main varies in Go, and whoever is in the global queue comes out at every
    61st.
    """
    wg = sync.WaitGroup()
    ran = 0

    def turn() -> None:
        nonlocal ran
        ran += 1
        wg.done()

    def burn(n: int) -> None:
        wg.add(n)
        for _ in range(n):
            go(turn)

    burn(100)
    runtime.gosched()
    before = ran
    wg.wait()
    burn(before)
    wg.wait()


class Step(NamedTuple):
    what: int
    a: int
    b: int


def script(length: int) -> list[Step]:
    return [Step(draw(20), draw(3), draw(3)) for _ in range(length)]


class Program:
    def __init__(self) -> None:
        self.channels = [Chan[int](draw(3)) for _ in range(3)]
        self.wg = sync.WaitGroup()
        self.spawned = 0

    def start(self, steps: list[Step]) -> None:
        id = self.spawned
        self.spawned += 1
        self.wg.add(1)

        @go
        def _() -> None:
            defer(self.wg.done)
            for i, step in enumerate(steps):
                try:
                    result = self.take(id, i, step)
                except Panic as panic:
                    result = f"panic: {panic}"
                print("goroutine", id, "step", i, result)

    def take(self, id: int, i: int, step: Step) -> str:
        a, b = self.channels[step.a], self.channels[step.b]
        value = 100 * id + i
        what = step.what
        if what < 5:
            a << value
            return "sent"
        if what < 10:
            v, ok = a.recv_ok()
            return f"received {v} {str(ok).lower()}"
        if what < 12:
            match select(recv(a), default):
                case 0, v, ok:
                    return f"polled {v} {str(ok).lower()}"
                case _:
                    return "polled nothing"
        if what < 13:
            match select(send(a, value), default):
                case 0, _, _:
                    return "offered"
                case _:
                    return "offered in vain"
        if what < 16:
            # Ready cases are tried one by one before the select, so that chance has no say in it.
            match select(recv(a), default):
                case 0, v, ok:
                    return f"first {v} {str(ok).lower()}"
            match select(send(b, value), default):
                case 0, _, _:
                    return "second"
            match select(recv(a), send(b, value)):
                case 0, v, ok:
                    return f"waited for the first {v} {str(ok).lower()}"
                case _:
                    return "waited for the second"
        if what < 17:
            close(a)
            return "closed"
        if what < 19:
            runtime.gosched()
            return "yielded"
        self.start(script(draw(4)))
        return "spawned"


def main() -> None:
    align()
    for n in range(500):
        print("program", n)
        p = Program()
        for _ in range(2 + draw(6)):
            p.start(script(2 + draw(8)))
        ended = False

        def wait(p: Program = p) -> None:
            nonlocal ended
            p.wg.wait()
            print("all have ended")
            ended = True

        go(wait)
        # Those that are stuck by then stay so.
        for _ in range(40):
            if ended:
                break
            runtime.gosched()
        print("left over:", *map(len, p.channels))


if __name__ == "__main__":
    run(main)
