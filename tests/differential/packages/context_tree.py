"""A cancel goes down a tree: who is woken first, and what contexts and their causes say before and after."""

from datetime import timedelta
from typing import NamedTuple

from gochan import context, run, runtime, sync, time


class Key(NamedTuple):
    name: str


def shown(v: object) -> object:
    return "<nil>" if v is None else v


def main() -> None:
    root, cancel_root = context.with_cancel(context.with_value(context.background(), Key("user"), "ada"))
    middle, cancel_middle = context.with_cancel_cause(root)
    leaf, cancel_leaf = context.with_timeout(context.with_value(middle, Key("job"), 7), time.HOUR)
    apart = context.without_cancel(leaf)
    contexts = {"root": root, "middle": middle, "leaf": leaf, "apart": apart}

    def tell(when: str) -> None:
        print(when)
        for name, ctx in contexts.items():
            _, ok = ctx.deadline()
            limited = str(ok).lower()
            print(" ", name, shown(ctx.value(Key("user"))), shown(ctx.value(Key("job"))), limited)
            print("   ", shown(ctx.err()), "/", shown(context.cause(ctx)))

    def wait(i: int, name: str) -> None:
        done = contexts[name].done()
        assert done is not None
        done.recv()
        print(name, i, "is told:", contexts[name].err())

    tell("at first")
    wg = sync.WaitGroup()
    for i in range(3):
        for name in list(contexts)[:3]:
            wg.go(wait, i, name)
    runtime.gosched()
    cancel_middle(Exception("out of paper"))
    print("middle is cancelled")
    runtime.gosched()
    tell("then")
    cancel_leaf()
    cancel_middle(Exception("too late"))
    cancel_root()
    print("root is cancelled")
    wg.wait()
    tell("at last")
    with context.with_cancel(leaf) as late:
        done = late.done()
        assert done is not None
        done.recv()
        print("born cancelled:", late.err(), "/", context.cause(late))

    again, cancel_again = context.with_cancel_cause(context.background())
    cancel_again(None)
    print("without a cause:", again.err(), "/", context.cause(again))
    with context.with_deadline(context.background(), time.now() - timedelta(seconds=1)) as past:
        print("too late:", past.err(), "/", str(isinstance(past.err(), context.DeadlineExceeded)).lower())
    with context.with_timeout_cause(context.background(), time.MILLISECOND, Exception("slow")) as short:
        done = short.done()
        assert done is not None
        done.recv()
        print("timed out:", short.err(), "/", context.cause(short))


if __name__ == "__main__":
    run(main)
