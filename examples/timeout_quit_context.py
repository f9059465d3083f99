"""Timeout, quit signal and context: one select waits for a message, a signal and a timeout.

The generator's context ends when the two seconds for the whole program are over. Main gives up on a single
message after half a second. Ctrl-C or SIGTERM ends the program at once.
"""

import functools
from signal import Signals

from gochan import Chan, RecvChan, close, context, default, defer, go, recv, run, select, signal, time

print = functools.partial(print, flush=True)


def main() -> None:
    ctx, cancel = context.with_timeout(context.background(), 2 * time.SECOND)
    defer(cancel)
    quit = Chan[Signals](1)
    defer(close, quit)
    signal.notify(quit, signal.INTERRUPT, signal.SIGTERM)
    msg_c = odds_generator(ctx, 6)
    while True:
        match select(recv(msg_c), recv(quit), recv(time.after(500 * time.MILLISECOND))):  # noqa: GOC106
            case 0, message, ok:
                if not ok:
                    print("Jobs done!")
                    return
                print(message)
            case 1, _, _:
                print("\nQuit by user", end="")
                return
            case _:
                print("Can't wait that long!")
                return


def odds_generator(ctx: context.Context, max: int) -> RecvChan[str]:
    msg_c = Chan[str]()

    @go
    def _() -> None:
        defer(close, msg_c)
        for i in range(1, max + 1, 2):
            match select(recv(ctx.done()), default):
                case 0, _, _:
                    print("Execution timeout...")
                    return
                case _:
                    msg_c << f"Result: {i}"
                    time.sleep(499 * time.MILLISECOND)

    return msg_c


if __name__ == "__main__":
    run(main)
