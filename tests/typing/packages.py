"""What type checkers know of timers, contexts, limiters and semaphores.

Checked as select_narrowing.py is.
"""

from datetime import datetime
from typing import Literal, assert_type

from gochan import RecvChan, context, rate, recv, select, semaphore, time


def timers() -> None:
    assert_type(time.new_timer(1).c, RecvChan[time.Time])
    assert_type(time.new_timer(1).c.recv(), time.Time)
    assert_type(time.new_ticker(1).c.recv(), time.Time)
    for moment in time.tick(1):
        assert_type(moment, time.Time)
    with time.new_timer(1) as timer:
        match select(recv(timer.c), recv(context.background().done())):
            case 0, moment, _:
                assert_type(moment, time.Time)
            case 1, _, _:
                pass
    time.after_func(1, sorted)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def deadlines(ctx: context.Context) -> None:
    match ctx.deadline():
        case deadline, True:
            assert_type(deadline, datetime)
        case nothing, False:
            assert_type(nothing, None)
    when, ok = ctx.deadline()
    if when is not None:
        assert_type(when, datetime)
    assert_type(ok, bool)


class Detached:
    """A context of the user's own."""

    def __init__(self, parent: context.Context) -> None:
        self.parent = parent

    def deadline(self) -> tuple[None, Literal[False]]:
        return None, False

    def done(self) -> None:
        return None

    def err(self) -> None:
        return None

    def value(self, key: object, /) -> object:
        return self.parent.value(key)


def contexts(parent: context.Context) -> None:
    ctx, cancel = context.with_timeout(Detached(parent), 1)
    assert_type(ctx, context.Context)
    cancel()
    with context.with_cancel(parent) as ctx:
        assert_type(ctx, context.Context)
    context.with_cancel("parent")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    context.with_timeout(parent, "1s")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def constructors() -> None:
    assert_type(rate.new_limiter(rate.every(1), 3), rate.Limiter)
    assert_type(semaphore.new_weighted(3), semaphore.Weighted)
    rate.new_limiter(1, 2.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
