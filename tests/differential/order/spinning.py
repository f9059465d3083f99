"""Loops that only look, each until another goroutine has changed what they look at."""

from gochan import Chan, context, go, run, runtime, sync
from gochan.sync import atomic


def main() -> None:
    flag = atomic.Bool()
    go(flag.store, True)
    while not flag.load():
        pass
    print("the flag is set")

    mu = sync.Mutex()
    done = False

    @go
    def set_done() -> None:
        nonlocal done
        with mu:
            done = True

    while True:
        with mu:
            if done:
                break
    print("the variable under the lock is set")

    ctx, cancel = context.with_cancel(context.background())
    go(cancel)
    while ctx.err() is None:
        pass
    print(ctx.err())

    ch = Chan[int](1)
    go(ch.send, 7)
    while len(ch) == 0:
        pass
    print("received", ch.recv())

    m = sync.Map[str, str]()
    go(m.store, "key", "value")
    while True:
        v, ok = m.load("key")
        if ok:
            print("found", v)
            break

    go(lambda: None)
    while runtime.num_goroutine() > 1:
        pass
    print("main is alone")


if __name__ == "__main__":
    run(main)
