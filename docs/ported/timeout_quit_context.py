"""The twin of examples/timeout_quit_context.py: a message each 499 ms, none waited for longer than 500 ms."""

from gochan import Chan, SendChan, close, default, defer, go, recv, select, signal
from gochan.port.lib import context, fmt, run, time

PAUSE = 499 * time.MILLISECOND
PATIENCE = 500 * time.MILLISECOND


def main() -> None:
    whole, stop = context.with_timeout(context.background(), 2000 * time.MILLISECOND)
    defer(stop)
    interrupted = Chan[signal.Signal](1)
    signal.notify(interrupted, signal.SIGINT, signal.SIGTERM)
    words = Chan[str]()
    go(speak, whole, words)
    listening = True
    while listening:
        match select(recv(interrupted), recv(time.after(PATIENCE)), recv(words)):
            case 0, _, _:
                print("\nQuit by user", end="")
                listening = False
            case 1, _, _:
                print("Can't wait that long!")
                listening = False
            case _, word, more:
                if not more:
                    word = "Jobs done!"
                    listening = False
                print(word)


def speak(whole: context.Context, words: SendChan[str]) -> None:
    defer(close, words)
    for n in range(1, 7, 2):
        match select(recv(whole.done()), default):
            case 0, _, _:
                print("Execution timeout...")
                return
            case _:
                pass
        words << fmt.sprint("Result: ", n)
        time.sleep(PAUSE)


if __name__ == "__main__":
    run(main)
