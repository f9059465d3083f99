"""Deadlines of contexts on a virtual clock: who ends when, for which reason, and what after_func starts."""

from datetime import timedelta

from gochan import context, defer, recv, run, select, sync, synctest, time


def shown(v: object) -> object:
    return "<nil>" if v is None else str(v).lower() if isinstance(v, bool) else v


def bubble() -> None:
    start = time.now()

    def say(*words: object) -> None:
        print(time.duration_string(time.since(start)), *map(shown, words))

    wg = sync.WaitGroup()

    def watch(name: str, ctx: context.Context) -> None:
        def wait(i: int) -> None:
            select(recv(ctx.done()))
            say(name, i, "ends:", ctx.err(), "/", context.cause(ctx))

        for i in range(2):
            wg.go(wait, i)

    def left(ctx: context.Context) -> str:
        deadline, ok = ctx.deadline()
        return time.duration_string(deadline - start) if ok else "no deadline"

    root, cancel_root = context.with_cancel_cause(context.background())
    minute, cancel_minute = context.with_timeout(root, time.MINUTE)
    longer, cancel_longer = context.with_timeout(minute, time.HOUR)
    second, cancel_second = context.with_timeout_cause(longer, time.SECOND, Exception("a second is over"))
    never = context.without_cancel(second)
    say(left(root), left(minute), left(longer), left(second), left(never))
    watch("second", second)
    time.sleep(500 * time.MILLISECOND)
    watch("minute", minute)
    time.sleep(time.SECOND)
    say("then", minute.err(), second.err(), never.err())
    context.after_func(longer, lambda: say("after the minute:", longer.err()))
    stop = context.after_func(second, lambda: say("at once, for it has ended"))
    synctest.wait()
    say("stop:", stop())
    wg.wait()
    synctest.wait()
    cancel_second()
    cancel_longer()
    cancel_minute()
    say("root:", root.err())

    two_past = start + timedelta(minutes=2)
    at, cancel_at = context.with_deadline_cause(root, two_past, Exception("it is two past"))
    watch("two past", at)
    wg.wait()
    cancel_at()
    with context.with_deadline(root, two_past) as at:
        say("too late:", at.err(), left(at))

    sooner, cancel_sooner = context.with_timeout(root, time.MINUTE)
    defer(cancel_sooner)
    stop = context.after_func(sooner, lambda: say("never printed"))

    def end_root() -> None:
        say("the root is cancelled")
        cancel_root(Exception("no more"))

    time.after_func(10 * time.SECOND, end_root)
    watch("sooner", sooner)
    time.sleep(9 * time.SECOND)
    say("stop:", stop(), stop())
    wg.wait()

    # A wait on a Cond that ends with a context.
    mu = sync.Mutex()
    cond = sync.Cond(mu)

    def broadcast() -> None:
        with mu:
            cond.broadcast()

    def wait(i: int, patience: float) -> None:
        ctx, cancel = context.with_timeout(context.background(), patience)
        defer(cancel)
        defer(context.after_func(ctx, broadcast))
        mu.lock()
        defer(mu.unlock)
        while ctx.err() is None:
            cond.wait()
            say(i, "is woken:", ctx.err())

    for i, patience in enumerate([3 * time.SECOND, time.SECOND, 2 * time.SECOND]):
        wg.go(wait, i, patience)
    wg.wait()


if __name__ == "__main__":
    run(synctest.test, bubble)
