"""Signals that the program sends itself: who is told, in what order, and what a full channel misses."""

import os
from signal import SIGUSR1, SIGUSR2, Signals

from gochan import Chan, context, go, recv, run, select, signal, time


def raise_signal(sig: Signals) -> None:
    os.kill(os.getpid(), sig)
    # Until the runtime has seen it.
    time.sleep(20 * time.MILLISECOND)


def show(*words: object) -> None:
    print(*(str(word).lower() if isinstance(word, bool) else word for word in words))


def main() -> None:
    both, first = Chan[Signals](2), Chan[Signals](1)
    signal.notify(both, SIGUSR1, SIGUSR2)
    signal.notify(first, SIGUSR1)
    raise_signal(SIGUSR1)
    show(len(both), len(first), both.recv() == SIGUSR1, first.recv() == SIGUSR1)
    raise_signal(SIGUSR2)
    raise_signal(SIGUSR1)
    raise_signal(SIGUSR2)
    show(len(both), len(first), both.recv() == SIGUSR2, both.recv() == SIGUSR1)
    signal.stop(both)
    raise_signal(SIGUSR1)
    show(len(both), len(first), signal.ignored(SIGUSR2))
    signal.ignore(SIGUSR2)
    raise_signal(SIGUSR2)
    show("ignored:", signal.ignored(SIGUSR2))

    ctx, stop = signal.notify_context(context.background(), SIGUSR2)
    go(raise_signal, SIGUSR2)
    match select(recv(ctx.done()), recv(time.after(5 * time.SECOND))):
        case 0, _, _:
            print("the context ends:", ctx.err())
        case _:
            print("never printed")
    stop()
    signal.notify(first, SIGUSR1)
    first.recv()
    go(raise_signal, SIGUSR1)
    show("woken:", first.recv() == SIGUSR1)


if __name__ == "__main__":
    run(main)
