"""A hundred chains of contexts drawn by chance, on a virtual clock, and goroutines that use them."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from gochan import context, errgroup, recv, run, select, synctest, time, timeout

state = 13


def draw(n: int) -> int:
    global state
    state = state * 16807 % 2147483647
    return state // 7 % n


def shown(word: object) -> object:
    return "<nil>" if word is None else str(word).lower() if isinstance(word, bool) else word


class Key(NamedTuple):
    n: int


class Link(NamedTuple):
    ctx: context.Context
    cancel: Callable[[BaseException | None], None]


class Program:
    def __init__(self, ctx: context.Context) -> None:
        self.began = time.now()
        self.chain = [Link(ctx, lambda _: None)]
        self.stop: Callable[[], bool] | None = None
        self.drawn = 0

    def duration(self) -> float:
        """Draw one that no other is like: of timers that are due at once, Go takes any first."""
        self.drawn += 1
        return (1 + draw(100)) * time.MILLISECOND + self.drawn**2 * time.MICROSECOND

    def extend(self) -> None:
        """Make a child of the last: one each, since Go ends the children of a context in any order."""
        parent = self.chain[-1].ctx
        i = len(self.chain)
        pair: tuple[context.Context, Callable[..., None]]
        kind = draw(7)
        if kind < 2:
            pair = context.with_cancel(parent)
        elif kind < 3:
            pair = context.with_cancel_cause(parent)
        elif kind < 4:
            pair = context.with_timeout(parent, self.duration())
        elif kind < 5:
            moment = self.began + timedelta(seconds=self.duration())
            pair = context.with_deadline_cause(parent, moment, Exception(f"{i} is late"))
        elif kind < 6:
            pair = context.with_value(parent, Key(draw(3)), i), lambda: None
        else:
            if draw(2) == 0:
                parent = context.without_cancel(parent)
            pair = context.with_cancel_cause(parent)
        ctx, cancel = pair
        with_cause = kind in (2, 6)
        self.chain.append(Link(ctx, cancel if with_cause else lambda _: cancel()))

    def take(self, say: Callable[..., None]) -> None:
        i = draw(len(self.chain))
        ctx = self.chain[i].ctx
        what = draw(10)
        if what < 3:
            match select(recv(ctx.done()), timeout(self.duration())):
                case 0, _, _:
                    say("context", i, "ended:", ctx.err(), "/", context.cause(ctx))
                case _:
                    say("context", i, "goes on")
        elif what < 4:
            say("cancels", i)
            self.chain[i].cancel(Exception(f"{i} had enough"))
            say("has cancelled", i)
        elif what < 6:
            deadline, ok = ctx.deadline()
            if ok:
                say("context", i, "has until", time.duration_string(deadline - self.began))
            values = ctx.value(Key(0)), ctx.value(Key(1))
            say("context", i, "is", ctx.err(), "/", context.cause(ctx), "with", *values)
        elif what < 8:
            time.sleep(self.duration())
            say("slept")
        elif what < 9:
            if self.stop is None:
                last = self.chain[-1].ctx
                self.stop = context.after_func(
                    last, lambda: say("is called:", last.err(), "/", context.cause(last))
                )
                say("waits for the last")
            else:
                say("waits no more:", self.stop())
                self.stop = None
        else:
            if draw(4) == 0:
                raise ValueError("a step went wrong")
            say("does nothing")


def work(p: Program, id: int, steps: int) -> None:
    def say(i: int, *words: Any) -> None:
        now = time.duration_string(time.since(p.began))
        print(now, "goroutine", id, "step", i, *map(shown, words))

    for i in range(steps):
        try:
            p.take(partial(say, i))
        except ValueError as error:
            raise ValueError(f"goroutine {id}: {error}") from error


def wait(group: errgroup.Group) -> Exception | None:
    try:
        group.wait()
    except ValueError as error:
        return error
    return None


def bubble() -> None:
    for n in range(100):
        print("program", n)
        group, ctx = errgroup.with_context(context.background())
        p = Program(ctx if draw(2) == 0 else context.background())
        for _ in range(2 + draw(5)):
            p.extend()
        for id in range(2 + draw(4)):
            group.go(work, p, id, 2 + draw(5))
        print("wait:", shown(wait(group)), "/", context.cause(ctx))
        for link in p.chain:
            link.cancel(None)
        synctest.wait()


if __name__ == "__main__":
    run(synctest.test, bubble)
