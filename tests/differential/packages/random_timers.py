"""A hundred programs drawn by chance, on a virtual clock: sleepers, timers, tickers and deadlines."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from gochan import Chan, context, recv, run, select, send, sync, synctest, time, timeout

state = 10


def draw(n: int) -> int:
    global state
    state = state * 16807 % 2147483647
    return state // 7 % n


def shown(word: object) -> object:
    return "<nil>" if word is None else str(word).lower() if isinstance(word, bool) else word


class Program:
    def __init__(self) -> None:
        self.began = time.now()
        self.words = Chan[str]()
        self.numbers = Chan[int](1)
        self.wg = sync.WaitGroup()
        self.spawned = 0
        self.drawn = 0
        self.shared = time.new_timer(self.duration())

    def duration(self) -> float:
        """Draw one that no other is like: of timers that are due at once, Go takes any first."""
        self.drawn += 1
        return (1 + draw(200)) * time.MILLISECOND + self.drawn**2 * time.MICROSECOND

    def after(self, t: datetime) -> str:
        return time.duration_string(t - self.began)

    def start(self, steps: int) -> None:
        id = self.spawned
        self.spawned += 1

        def say(i: int, *words: object) -> None:
            print(
                time.duration_string(time.since(self.began)), "goroutine", id, "step", i, *map(shown, words)
            )

        @self.wg.go
        def _() -> None:
            for i in range(steps):
                self.take(partial(say, i), draw(12))

    def take(self, say: Callable[..., None], what: int) -> None:
        d = self.duration()
        text = time.duration_string(d)
        if what < 2:
            time.sleep(d)
            say("slept", text)
        elif what < 4:
            match select(recv(self.words), timeout(d)):
                case 0, word, _:
                    say("received", word)
                case _:
                    say("received nothing in", text)
        elif what < 6:
            timer = time.new_timer(d)
            match select(send(self.words, f"word {text}"), recv(timer.c)):
                case 0, _, _:
                    say("sent", timer.stop())
                case _, t, _:
                    say("sent nothing", self.after(t), timer.stop(), timer.reset(d), timer.stop())
        elif what < 7:
            other = self.duration()
            timer = time.after_func(d, lambda: say("calls after", text))
            time.sleep(other)
            say("stops it after", time.duration_string(other), timer.stop())
        elif what < 8:
            ticker = time.new_ticker(d)
            other = self.duration()
            for _ in range(2):
                say("ticks", self.after(ticker.c.recv()))
            time.sleep(other)
            say("ticks after", time.duration_string(other), self.after(ticker.c.recv()))
            ticker.reset(other)
            say("ticks at last", self.after(ticker.c.recv()))
            ticker.stop()
        elif what < 9:
            ctx, cancel = context.with_timeout(context.background(), d)
            inner, cancel_inner = context.with_timeout(ctx, self.duration())
            stop = context.after_func(inner, lambda: say("is told:", inner.err()))
            match select(recv(self.numbers), recv(inner.done())):
                case 0, n, _:
                    say("number", n, stop())
                case _:
                    say("no number:", inner.err(), ctx.err())
            cancel_inner()
            cancel()
            say("then:", inner.err(), ctx.err(), stop())
        elif what < 10:
            match select(send(self.numbers, self.spawned), timeout(d)):
                case 0, _, _:
                    say("number sent")
                case _:
                    say("number dropped")
        elif what < 11:
            say("resets the shared one to", text, self.shared.reset(d))
            if draw(2) == 0:
                match select(recv(self.shared.c), timeout(self.duration())):
                    case 0, t, _:
                        say("had it", self.after(t))
                    case _:
                        say("had it not", self.shared.stop())
        else:
            say("starts another")
            self.start(draw(4))


def bubble() -> None:
    for n in range(100):
        print("program", n)
        p = Program()
        for _ in range(2 + draw(5)):
            p.start(2 + draw(5))
        p.wg.wait()
        synctest.wait()
        print("ended after", time.duration_string(time.since(p.began)))


if __name__ == "__main__":
    run(synctest.test, bubble)
