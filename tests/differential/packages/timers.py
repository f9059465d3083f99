"""Timers and tickers, stopped and reset: what the calls return, and that nothing stale comes out."""

from typing import Any

from gochan import Chan, RecvChan, cap, default, defer, recover, recv, run, select, time


def empty(c: RecvChan[Any] | None) -> bool:
    return select(recv(c), default)[0] == 1


def show(*words: object) -> None:
    print(*(str(word).lower() if isinstance(word, bool) else word for word in words))


def main() -> None:
    timer = time.new_timer(time.HOUR)
    show("stop:", timer.stop(), timer.stop())
    show("reset:", timer.reset(time.MILLISECOND))
    time.sleep(20 * time.MILLISECOND)
    show("length of a fired timer's channel:", len(timer.c), cap(timer.c))
    show("stop before it was received:", timer.stop(), empty(timer.c))
    show("reset:", timer.reset(time.MILLISECOND), timer.reset(time.MILLISECOND))
    timer.c.recv()
    show("received; stop:", timer.stop(), "reset:", timer.reset(0))
    timer.c.recv()
    show("received again:", empty(timer.c))

    calls = Chan[bool](3)
    call = time.after_func(time.HOUR, lambda: calls << True)
    show("stop:", call.stop(), call.stop(), call.c is None)
    show("reset:", call.reset(time.MILLISECOND), calls.recv())
    show("reset:", call.reset(time.MILLISECOND), calls.recv(), len(calls))

    start = time.now()
    ticker = time.new_ticker(10 * time.MILLISECOND)
    for _ in range(3):
        ticker.c.recv()
    passed = time.since(start)
    show("three ticks in time:", 30 * time.MILLISECOND <= passed < 80 * time.MILLISECOND)
    time.sleep(35 * time.MILLISECOND)
    ticker.c.recv()
    show("missed ticks are dropped:", empty(ticker.c))
    ticker.reset(time.HOUR)
    show("after a reset:", empty(ticker.c))
    ticker.reset(5 * time.MILLISECOND)
    time.sleep(15 * time.MILLISECOND)
    ticker.stop()
    show("after a stop:", empty(ticker.c))

    match select(recv(time.after(5 * time.MILLISECOND)), recv(time.after(50 * time.MILLISECOND))):
        case 0, _, _:
            print("the shorter one comes first")
        case _:
            print("never printed")
    defer(lambda: print("panics:", recover()))
    time.new_ticker(0)


if __name__ == "__main__":
    run(main)
