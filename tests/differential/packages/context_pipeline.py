"""A pipeline that ends early: the consumer has enough, cancels, and every stage says that it leaves."""

from collections.abc import Callable
from typing import NamedTuple

from gochan import Chan, RecvChan, close, context, defer, recv, run, select, send, sync


class Result(NamedTuple):
    value: int
    error: Exception | None = None


def stage(
    ctx: context.Context, wg: sync.WaitGroup, name: str, input: RecvChan[Result], f: Callable[[int], int]
) -> RecvChan[Result]:
    next = Chan[Result]()

    def work() -> None:
        defer(print, name, "leaves")
        defer(close, next)
        for received in input:
            r = received if received.error is not None else attempt(f, received.value)
            match select(send(next, r), recv(ctx.done())):
                case 0, _, _:
                    print(name, "passed on", r.value)
                case _:
                    print(name, "is told:", ctx.err())
                    return

    wg.go(work)
    return next


def attempt(f: Callable[[int], int], value: int) -> Result:
    try:
        return Result(f(value))
    except ValueError as error:
        return Result(0, error)


def check(n: int) -> int:
    if n % 4 == 2:
        raise ValueError(f"{n} is a bad number")
    return n + 1


def main() -> None:
    for enough in 3, 100:
        ctx, cancel = context.with_cancel(context.background())
        wg = sync.WaitGroup()
        source = Chan[Result]()

        def produce(source: Chan[Result] = source, ctx: context.Context = ctx) -> None:
            defer(close, source)
            for n in range(8):
                match select(send(source, Result(n)), recv(ctx.done())):
                    case 1, _, _:
                        print("source is told:", ctx.err())
                        return
            print("source is dry")

        wg.go(produce)
        tripled = stage(ctx, wg, "triple", source, lambda n: 3 * n)
        checked = stage(ctx, wg, "check", tripled, check)
        for count, (value, error) in enumerate(checked, 1):
            print("out:", value, "<nil>" if error is None else error)
            if count == enough:
                break
        cancel()
        wg.wait()


if __name__ == "__main__":
    run(main)
